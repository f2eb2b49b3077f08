"""Emails through a server of the house's own: one connection for each, every wait bounded.

    Message-ID: <the notice's key@the sender's host>

is the same for every attempt, so that whoever reads the mail twice can tell it is one.
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime
from typing import Any

import aiosmtplib

from adapters.smtp.server import Security, Server
from domain.clock import Technical
from domain.notice_post import Mail, Refused, Taken, Unanswered

STEP = Technical(timedelta(seconds=15))
"""How long each answer of the server is waited for. A default of ours."""
_FOR_GOOD = 500
_UNFOLDED = WIRE.clone(max_line_length=998)
"""As long as a line may be: Python 3.11 puts a space too many where it folds an accented header."""


@dataclass(frozen=True, kw_only=True)
class SmtpMessenger:
    server: Server
    step: Technical = STEP

    @property
    def name(self) -> str:
        return "smtp"

    async def send(self, mail: Mail) -> Taken | Refused | Unanswered:
        message = as_message(mail, sender=self.server.sender)
        try:
            content = message.as_bytes(policy=_UNFOLDED)
            await aiosmtplib.send(content, recipients=[mail.to], **self._connection())
        except aiosmtplib.SMTPException as exc:
            return _outcome(exc)
        except ssl.SSLError:
            return Unanswered(why="the server's certificate is not trusted")
        except (OSError, TimeoutError) as exc:
            return Unanswered(why=f"the server cannot be reached ({type(exc).__name__})")
        return Taken(reference=str(message["Message-ID"]))

    def _connection(self) -> Mapping[str, Any]:
        server = self.server
        secure = server.security is not Security.NONE
        return {
            "hostname": server.host,
            "port": server.port,
            "username": server.username,
            "password": server.password,
            "sender": server.sender,
            "timeout": self.step.span.total_seconds(),
            "use_tls": server.security is Security.TLS,
            "start_tls": server.security is Security.STARTTLS,
            "tls_context": (
                ssl.create_default_context(cafile=server.certificates) if secure else None
            ),
        }


def as_message(mail: Mail, *, sender: str) -> EmailMessage:
    """Headers are set as values, never as text: nothing in them can become another header."""
    host = sender.rpartition("@")[2]
    message = EmailMessage(policy=WIRE)
    message["From"] = Address(display_name=mail.sender, addr_spec=sender)
    message["To"] = mail.to
    message["Subject"] = " ".join(mail.subject.split())
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = f"<{mail.key}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    if mail.wants_receipt:
        message["Disposition-Notification-To"] = sender
    message.set_content(mail.body, cte="quoted-printable")
    message["Content-Language"] = mail.language.value
    return message


def _outcome(exc: aiosmtplib.SMTPException) -> Refused | Unanswered:
    """The code only: what a server writes may hold the address it was given."""
    if isinstance(exc, aiosmtplib.SMTPRecipientsRefused):
        codes = [refused.code for refused in exc.recipients]
        return _of_code(min(codes), "refuses the address")
    if isinstance(exc, aiosmtplib.SMTPAuthenticationError):
        return Unanswered(why=f"the server does not let us in ({exc.code})")
    if isinstance(exc, aiosmtplib.SMTPResponseException):
        return _of_code(exc.code, "refuses the message")
    return Unanswered(why=f"the server did not answer to the end ({type(exc).__name__})")


def _of_code(code: int, what: str) -> Refused | Unanswered:
    if code >= _FOR_GOOD:
        return Refused(why=f"the server {what} ({code})")
    return Unanswered(why=f"the server {what} for now ({code})")
