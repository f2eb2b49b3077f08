"""A real mail server on loopback, with the habits of bad ones."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from adapters.smtp.server import Security, Server

SENDER = "avis@operateur.example"


@dataclass
class MailServer:
    """Takes what it is given, or answers as it is told, one answer an attempt."""

    port: int = 0
    at_rcpt: list[str] = field(default_factory=list)
    """What the next recipients are answered, in place of a yes."""
    at_data: list[str] = field(default_factory=list)
    """And the next messages; `hang` and `drop` are no answers."""
    got: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    attempts: int = 0
    hanging: asyncio.Event = field(default_factory=asyncio.Event)
    over_tls: list[bool] = field(default_factory=list)

    def server(self, security: Security = Security.NONE, **more: Any) -> Server:  # noqa: ANN401
        return Server(host="127.0.0.1", port=self.port, security=security, sender=SENDER, **more)

    async def handle_RCPT(  # noqa: N802  the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        self.attempts += 1
        if self.at_rcpt:
            answer = self.at_rcpt.pop(0)
            if answer:
                return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.at_data.pop(0) if self.at_data else "250 taken"
        if answer == "refused after all":
            return "554 no"
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        if answer.startswith("2") or answer in {"hang", "drop"}:
            self.got.append(message_from_bytes(content, policy=WIRE))
            self.recipients += envelope.rcpt_tos
            self.over_tls.append(session.ssl is not None)
        if answer == "hang":
            await self.hanging.wait()
        if answer == "drop" and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return answer


def _let_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, shown: Any) -> Any:  # noqa: ANN401
    del server, session, envelope, mechanism
    good = isinstance(shown, LoginPassword) and shown == LoginPassword(b"ours", b"word")
    return AuthResult(success=good, handled=False)


@asynccontextmanager
async def mail_server(
    *,
    implicit: ssl.SSLContext | None = None,
    starttls: ssl.SSLContext | None = None,
    login: bool = False,
) -> AsyncIterator[MailServer]:
    handler = MailServer()
    loop = asyncio.get_running_loop()

    def made() -> SMTP:
        return SMTP(
            handler,
            hostname="mail.example",
            loop=loop,
            tls_context=starttls,
            require_starttls=starttls is not None,
            auth_required=login,
            authenticator=_let_in if login else None,
        )

    listening = await loop.create_server(made, "127.0.0.1", 0, ssl=implicit)
    handler.port = listening.sockets[0].getsockname()[1]
    try:
        yield handler
    finally:
        handler.hanging.set()
        listening.close()
