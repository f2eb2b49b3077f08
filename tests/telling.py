"""An office that tells customers, turned by hand, over a real ledger and a real mail server."""

from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

from activities.lines import LineLedger, LineStep
from activities.port_in import PortInActivities
from adapters.smtp.messenger import SmtpMessenger
from domain.clock import Technical
from domain.event import Event
from domain.identity import (
    LineId,
    StreamId,
)
from ledger.append import Append, CommandStamp, StreamAppend, expected_after
from runtime.notice_office import NoticeOffice, Pace
from runtime.notice_wiring import notice_office
from tests.builders import command_id
from tests.integration.conftest import SETTINGS, Client
from tests.mail_server import MailServer
from tests.porting import RULES, STORY

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
            self.api.store,
            SETTINGS,
            RULES,
            messenger=messenger if self.with_mail else None,
            pace=self.pace,
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


def text_of(message: EmailMessage) -> str:
    text: str = message.get_content()
    return text.replace("\r\n", "\n")


async def dated(api: Client, line: LineId) -> None:
    lines = LineLedger(ledger=api.store.ledger, keyed_hash=api.store.keyed_hash)
    port = PortInActivities(lines=lines, rules=RULES)
    progress = await port.claim_number(LineStep(line_id=line, at=STORY))
    for verb in (port.look_at_gates, port.settle_dates):
        progress = await verb(LineStep(line_id=line, at=STORY, version=progress.version))


async def happened(api: Client, stream: StreamId, *events: Event, name: str = "it") -> None:
    """Facts as a process would append them."""
    history = await api.store.ledger.read(stream)
    await api.store.ledger.append(
        Append(
            command=CommandStamp(command_id=command_id(f"{stream} {name}"), fingerprint=b"x"),
            business_at=STORY,
            actor="test",
            correlation="c",
            streams=(
                StreamAppend(
                    stream_id=stream, expected=expected_after(len(history)), events=events
                ),
            ),
        )
    )
