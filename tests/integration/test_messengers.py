"""What a notice leaves by, against real servers: taken, refused for good, or nobody knows."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from adapters.smtp.messenger import SmtpMessenger, as_message
from adapters.smtp.server import Security, Server
from adapters.webhooks.notices import WebhookMessenger
from adapters.webhooks.sender import webhook_session
from domain.clock import Technical
from domain.notice_post import Mail, Refused, Taken, Unanswered
from runtime.notice_wiring import opened_messenger
from runtime.settings import Settings
from tests.certificates import loopback_certificate
from tests.clusters import free_port
from tests.mail_server import SENDER, MailServer, mail_server
from tests.notice_facts import terms
from tests.porting import STORY

STEP = Technical(timedelta(milliseconds=500))
KNOWN = terms()
MAIL = Mail(
    key="5a0c1f3e-0000-5000-8000-000000000001",
    notice_id=KNOWN.notice_id,
    order_id=KNOWN.order_id,
    purpose=KNOWN.purpose,
    language=KNOWN.language,
    at=STORY,
    reference="R-1",
    sender="Nexis I.T.",
    to="camille@example.fr",
    subject="Portage prévu, c'est noté",
    body="Été : le numéro est porté.\n.\nUne ligne d'un seul point ne coupe rien.\n",
    wants_receipt=True,
)
SECRET = "whsec_" + base64.b64encode(b"s" * 24).decode()


def smtp(server: Server) -> SmtpMessenger:
    return SmtpMessenger(server=server, step=STEP)


async def test_an_email_arrives_as_it_was_written() -> None:
    async with mail_server() as mails:
        answer = await smtp(mails.server()).send(MAIL)

    (got,) = mails.got
    assert answer == Taken(reference=f"<{MAIL.key}@operateur.example>")
    assert got["Message-ID"] == f"<{MAIL.key}@operateur.example>"
    assert got["From"] == '"Nexis I.T." <avis@operateur.example>'
    assert got["Subject"] == "Portage prévu, c'est noté"
    assert got["Date"].datetime == STORY
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["Disposition-Notification-To"] == SENDER
    assert got.get_content().replace("\r\n", "\n") == MAIL.body


@pytest.mark.parametrize(
    "subject",
    [
        "Commande DEMO-a card, nothing in the way : le jour du portage est fixé",
        "Commande é" + " très longue" * 12 + " : ünïcôde, c'est noté",
        "Commande " + "x" * 120 + " : votre opérateur actuel refuse le portage",
    ],
)
async def test_a_long_subject_is_read_as_it_was_written(subject: str) -> None:
    async with mail_server() as mails:
        await smtp(mails.server()).send(replace(MAIL, subject=subject))

    (got,) = mails.got
    assert got["Subject"] == subject


@pytest.mark.parametrize(
    "text", ["x\r\nBcc: eve@example.fr", "x\nBcc: eve@example.fr", "x\r\r\n\n y"]
)
def test_no_word_of_a_subject_becomes_a_header(text: str) -> None:
    message = as_message(replace(MAIL, subject=text), sender=SENDER)

    assert "Bcc" not in message
    assert b"\nBcc:" not in message.as_bytes()


@pytest.mark.parametrize("name", ["Eve\r\nBcc: a@b.fr", "Eve\nX: y"])
def test_no_providers_name_becomes_a_header(name: str) -> None:
    with pytest.raises(ValueError, match=r"invalid arguments|newline|linefeed"):
        as_message(replace(MAIL, sender=name), sender=SENDER)


@pytest.mark.parametrize(
    ("at_rcpt", "at_data", "expected"),
    [
        ("550 unknown", "", Refused(why="the server refuses the address (550)")),
        ("451 later", "", Unanswered(why="the server refuses the address for now (451)")),
        ("421 closing", "", Unanswered(why="the server refuses the address for now (421)")),
        ("", "554 spam", Refused(why="the server refuses the message (554)")),
        ("", "452 full", Unanswered(why="the server refuses the message for now (452)")),
        (
            "",
            "hang",
            Unanswered(why="the server did not answer to the end (SMTPReadTimeoutError)"),
        ),
        (
            "",
            "drop",
            Unanswered(why="the server did not answer to the end (SMTPServerDisconnected)"),
        ),
    ],
)
async def test_each_answer_of_a_server_has_a_name(
    at_rcpt: str, at_data: str, expected: Refused | Unanswered
) -> None:
    async with mail_server() as mails:
        mails.at_rcpt, mails.at_data = [at_rcpt], [at_data] if at_data else []

        answer = await smtp(mails.server()).send(MAIL)

    assert answer == expected


async def test_a_server_that_is_not_there_may_be_later() -> None:
    server = Server(host="127.0.0.1", port=free_port(), security=Security.NONE, sender=SENDER)

    answer = await smtp(server).send(MAIL)

    assert isinstance(answer, Unanswered)
    assert "camille" not in answer.why


async def test_a_server_that_says_nothing_is_not_waited_for_long() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        server = Server(host="127.0.0.1", port=port, security=Security.NONE, sender=SENDER)

        answer = await smtp(server).send(MAIL)

    assert isinstance(answer, Unanswered)


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
async def test_both_ways_of_tls_are_spoken_and_the_certificate_is_checked(
    security: Security, tmp_path: Path
) -> None:
    context, trusted = loopback_certificate(tmp_path)
    implicit = context if security is Security.TLS else None
    starttls = context if security is Security.STARTTLS else None
    async with mail_server(implicit=implicit, starttls=starttls) as mails:
        taken = await smtp(mails.server(security, certificates=str(trusted))).send(MAIL)
        refused = await smtp(mails.server(security)).send(MAIL)

    assert isinstance(taken, Taken)
    assert isinstance(refused, Unanswered)
    assert len(mails.got) == 1


async def test_a_server_without_starttls_is_told_nothing(mails: MailServer) -> None:
    answer = await smtp(mails.server(Security.STARTTLS)).send(MAIL)

    assert isinstance(answer, Unanswered)
    assert (mails.attempts, mails.got) == (0, [])


async def test_whoever_has_an_account_logs_in(tmp_path: Path) -> None:
    context, trusted = loopback_certificate(tmp_path)
    async with mail_server(starttls=context, login=True) as mails:
        account = mails.server(
            Security.STARTTLS, certificates=str(trusted), username="ours", password="word"
        )
        good = await smtp(account).send(MAIL)
        bad = await smtp(replace(account, password="wrong")).send(MAIL)

    assert isinstance(good, Taken)
    assert bad == Unanswered(why="the server does not let us in (535)")
    assert "word" not in repr(account).replace("password", "")


@pytest.fixture
async def mails() -> AsyncIterator[MailServer]:
    async with mail_server() as mails:
        yield mails


@dataclass
class Program:
    """Whoever sends notices in our place."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], str]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        status = self.answers.pop(0) if self.answers else 202
        if status == 0:
            assert request.transport is not None
            request.transport.close()
        self.got.append((dict(request.headers), await request.text()))
        return web.Response(status=status or 500)


@asynccontextmanager
async def _program() -> AsyncIterator[Program]:
    program = Program()
    app = web.Application()
    app.router.add_post("/notices", program.take)
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    program.url = f"http://127.0.0.1:{port}/notices"
    yield program
    await runner.cleanup()


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (202, Taken(reference=MAIL.key)),
        (422, Refused(why="it refuses the notice (422)")),
        (302, Unanswered(why="it answered 302")),
        (408, Unanswered(why="it answered 408")),
        (429, Unanswered(why="it answered 429")),
        (503, Unanswered(why="it answered 503")),
        (0, Unanswered(why="it cannot be reached (ServerDisconnectedError)")),
    ],
)
async def test_each_answer_of_a_program_has_a_name(
    status: int, expected: Taken | Refused | Unanswered
) -> None:
    async with _program() as program, webhook_session(public_only=False) as session:
        program.answers = [status]
        messenger = WebhookMessenger(
            session=session, url=program.url, secret=SECRET, wall_now=lambda: datetime.now(UTC)
        )
        assert await messenger.send(MAIL) == expected


async def test_a_program_gets_all_it_needs_signed_under_the_same_id_each_time() -> None:
    async with _program() as program:
        settings = Settings(notice_webhook_url=program.url, notice_webhook_secret=SecretStr(SECRET))
        async with opened_messenger(settings) as messenger:
            assert messenger is not None
            assert messenger.name == "webhook"
            await messenger.send(MAIL)
            await messenger.send(MAIL)

    (headers, body), (again, _) = program.got
    assert headers["webhook-id"] == again["webhook-id"] == MAIL.key
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}".encode()
    signed = base64.b64encode(hmac.digest(b"s" * 24, content, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{signed}"
    sent: dict[str, Any] = json.loads(body)
    assert sent["to"] == "camille@example.fr"
    assert (sent["subject"], sent["body"]) == (MAIL.subject, MAIL.body)
    assert (sent["purpose"], sent["language"], sent["from"]) == (
        "port-planned",
        "fr",
        "Nexis I.T.",
    )


async def test_without_settings_nothing_leaves_by_itself() -> None:
    async with opened_messenger(Settings()) as messenger:
        assert messenger is None
    own = Settings(smtp_url=SecretStr("smtp://a%40b:c@mail.example"), smtp_from="a@b.fr")
    async with opened_messenger(own) as messenger:
        assert isinstance(messenger, SmtpMessenger)
        assert (messenger.server.port, messenger.server.username) == (587, "a@b")
        assert messenger.name == "smtp"
