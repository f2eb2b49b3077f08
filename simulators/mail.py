"""A mail server that takes everything and delivers nothing: what was sent is shown instead."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import SMTP as WIRE
from typing import Any

from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session

KEPT_MAX = 10_000
SHOWN_AT = "/admin/mails"


@dataclass
class Mails:
    kept: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=KEPT_MAX))

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  the library's name
        del server, session
        content = envelope.content
        message = message_from_bytes(content if isinstance(content, bytes) else b"", policy=WIRE)
        self.kept.append(
            {
                "to": list(envelope.rcpt_tos),
                "from": str(message["From"]),
                "subject": str(message["Subject"]),
                "date": str(message["Date"]),
                "message_id": str(message["Message-ID"]),
                "body": message.get_content().replace("\r\n", "\n"),
            }
        )
        return "250 taken, and shown"

    def add_to(self, app: web.Application) -> None:
        async def mails(_request: web.Request) -> web.StreamResponse:
            return web.json_response({"mails": list(self.kept)})

        app.router.add_get(SHOWN_AT, mails)


async def listen(mails: Mails, *, port: int) -> asyncio.Server:
    loop = asyncio.get_running_loop()

    def made() -> SMTP:
        return SMTP(mails, hostname="mail.example", loop=loop)

    return await loop.create_server(made, "127.0.0.1", port)
