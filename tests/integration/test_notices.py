"""Customers told through a real mail server, from facts in a real ledger, whatever restarts."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest

from activities.lines import LineLedger, LineStep
from activities.port_in import PortInActivities
from adapters.smtp.messenger import SmtpMessenger
from domain.clock import Technical
from domain.identity import LineId
from runtime.notice_office import NoticeOffice, Pace
from runtime.notice_wiring import notice_office
from tests.integration.conftest import Client
from tests.mail_server import MailServer, mail_server
from tests.porting import RULES, STORY, body

NOW = Technical(timedelta(0))
HURRY = Pace(quiet=NOW, gathered_max=NOW, tries=3, delay=lambda _: timedelta(0))
MAIL = {"email": "camille@example.fr"}
STEP = Technical(timedelta(milliseconds=500))


@dataclass
class Office:
    """An office that can die and be opened again, over the same ledger."""

    api: Client
    mails: MailServer
    pace: Pace = HURRY
    with_mail: bool = True
    office: NoticeOffice = field(init=False)

    def __post_init__(self) -> None:
        self.open_again()

    def open_again(self) -> None:
        messenger = SmtpMessenger(server=self.mails.server(), step=STEP)
        self.office = notice_office(
            self.api.store, RULES, messenger if self.with_mail else None, pace=self.pace
        )

    async def turn(self, turns: int = 40) -> None:
        """Until nothing is due any more."""
        for _ in range(turns):
            found = await self.office.turn()
            await self.office.rest()
            if not found:
                return

    async def told(self, order: str) -> list[dict[str, Any]]:
        answer = await self.api("GET", f"/orders/{order}/told")
        assert answer.status == 200, answer.body
        notices: list[dict[str, Any]] = answer.body["notices"]
        return notices


@pytest.fixture
async def mails() -> AsyncIterator[MailServer]:
    async with mail_server() as mails:
        yield mails


@pytest.fixture
async def office(api: Client, mails: MailServer) -> Office:
    return Office(api, mails)


def _text(message: EmailMessage) -> str:
    text: str = message.get_content()
    return text


async def _dated(api: Client, line: LineId) -> None:
    lines = LineLedger(ledger=api.store.ledger, keyed_hash=api.store.keyed_hash)
    port = PortInActivities(lines=lines, rules=RULES)
    progress = await port.claim_number(LineStep(line_id=line, at=STORY))
    for verb in (port.look_at_gates, port.settle_dates):
        progress = await verb(LineStep(line_id=line, at=STORY, version=progress.version))


async def test_an_order_and_its_port_day_are_told_once_in_french(
    office: Office, mails: MailServer
) -> None:
    _, line = await office.api.ordered(body(customer=MAIL))
    await _dated(office.api, line)

    await office.turn()
    await office.turn()

    first, second = mails.got
    assert first["Subject"] == "Votre commande R-1 est reçue"
    assert first["From"] == "Axantis <avis@operateur.example>"
    assert first["To"] == "camille@example.fr"
    assert first["Content-Language"] == "fr"
    assert "Etablissements Martin" in _text(first)
    assert second["Subject"] == "Commande R-1 : le jour du portage est fixé"
    assert "- 06 12 34 56 78 : le " in _text(second)
    assert mails.recipients == ["camille@example.fr", "camille@example.fr"]
