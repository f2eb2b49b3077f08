"""A reverse port told in test words: its commands, its facts, where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from domain import port_in_commands as port
from domain import reverse_port_facts as facts
from domain import reverse_ports as told
from domain.attention import DecisionKind
from domain.claims import NumberClaimed, NumberReleased
from domain.event import Event
from domain.identity import LineId, OrderId, line_id_for, line_stream, number_stream
from domain.personal import Personal
from domain.port_in_facts import HostNetwork, PortOpened, SimKind
from domain.reverse_port_dates import dates_of
from domain.reverse_port_facts import (
    Incident,
    ReversePortId,
    ReversePortTerms,
    reverse_port_id_for,
)
from domain.reverse_port_states import KnownReversePort, NotOpened, ReversePortState, evolve
from domain.said import Said
from domain.territories import ExchangeGroup
from intake.reverse_ports import Doing, ReversePortDesk
from ledger.append import Append, At, CommandStamp, NoStream, StreamAppend
from runtime.store import Store
from runtime.wiring import reverse_book
from tests.builders import command_id
from tests.porting import ORDER_ID, RULES, STORY, number_terms, ordered_line, paris, shelf
from tests.unit.domain.port_in_story import Story as PortStory

MONDAY = paris("2027-01-18T10:00:00")
"""In working hours: 6 of them end the same day at 16:00."""
LINE = line_id_for(ORDER_ID, number=1)
ID = reverse_port_id_for(LINE)


def terms() -> ReversePortTerms:
    ordered = number_terms(ordered_line())
    return ReversePortTerms(
        reverse_port_id=ID,
        line_id=LINE,
        order_id=ORDER_ID,
        line=1,
        pin=ordered.pin,
        group=ExchangeGroup.GPM,
        receiver="01",
        donor="02",
        subscribed_at=paris("2027-01-11T10:00:00"),
        msisdn=Personal(subject=ordered.msisdn.subject, value="0612345678"),
        number_digest=ordered.number_digest,
        host=HostNetwork.ORANGE,
        host_line="OL-1",
        sim=SimKind.SIM,
        ported_at=paris("2027-01-15T09:30:00"),
    )


@dataclass
class Story:
    """`given` facts come of real commands: no state a reverse port cannot be in."""

    now: datetime = MONDAY
    state: ReversePortState = field(default_factory=NotOpened)
    facts: list[Event] = field(default_factory=list)

    @property
    def known(self) -> KnownReversePort:
        assert not isinstance(self.state, NotOpened)
        return self.state

    def tell(self, kind: type[told.ReverseCommand], **fields: Any) -> tuple[Event, ...]:  # noqa: ANN401
        command = kind(decided_at=self.now, answer_by=self.now + timedelta(days=2), **fields)
        found = told.decide(command, self.state)
        for event in found:
            self.state = evolve(self.state, event)  # type: ignore[arg-type]  # of the union
        self.facts += found
        return found

    def names(self, found: Sequence[Event] | None = None) -> list[str]:
        return [type(event).__name__ for event in (self.facts if found is None else found)]

    def asks(self) -> list[tuple[str, datetime, str]]:
        return [(one.code, one.until, one.turn.value) for one in self.known.attentions]

    def demanded(self, incident: Incident = Incident.FRAUD) -> "Story":
        dates = dates_of(shelf(), RULES.calendar(ExchangeGroup.GPM, self.now.date()), self.now)
        self.tell(
            told.DemandReverse,
            terms=terms(),
            incident=incident,
            evidence="their mail of 18 January",
            dates=dates,
            by="ops",
        )
        return self

    def answer(self, decision: str, **more: Any) -> tuple[Event, ...]:  # noqa: ANN401
        given = {"about": None, "reason": "because", "by": "ops", **more}
        return self.tell(told.AnswerReverse, decision=DecisionKind(decision), **given)

    def agreed(self) -> "Story":
        self.demanded().answer("agree")
        return self

    def announce(self, port_day: date = date(2027, 1, 19)) -> tuple[Event, ...]:
        dates = dates_of(shelf(), RULES.calendar(ExchangeGroup.GPM, self.now.date()), self.now)
        at = datetime(port_day.year, port_day.month, port_day.day, 8, 30, tzinfo=MONDAY.tzinfo)
        return self.tell(
            told.NoteAnnounced,
            terms=terms(),
            port_day=port_day,
            announced_at=self.now,
            hand_back_at=max(at, self.now),
            dates=dates,
        )

    def announced(self) -> "Story":
        self.agreed().announce()
        return self

    def asked(self) -> "Story":
        self.announced()
        self.now = paris("2027-01-19T08:30:00")
        self.tell(told.AskHost, key="k-1")
        return self

    def taken(self) -> "Story":
        self.asked().tell(told.HearTook, reference="OR-9")
        return self

    def handed_back(self) -> "Story":
        self.taken().tell(told.NoteReleased, released_at=paris("2027-01-19T12:30:00"))
        return self


EVERY_FACT = (
    facts.ReverseTicketIgnored(what="2410", why="it came before"),
    facts.HandBackRefused(code="E-1"),
    facts.ReversePortRefused(reason="no", by="ops"),
)


async def ported_in(store: Store, line_id: LineId, *, order: str) -> None:
    """The line's number has come, by every fact of a real port; it is free to be moved again."""
    history = await store.ledger.read(line_stream(line_id))
    (opened,) = history
    assert isinstance(opened.event, PortOpened)
    digest = opened.event.terms.number_digest
    claimed = NumberClaimed(line_id=line_id, order_id=OrderId(UUID(order)))
    number = await store.ledger.read(number_stream(digest))
    await store.ledger.append(
        Append(
            command=CommandStamp(command_id=command_id(f"ported {line_id}"), fingerprint=b"test"),
            business_at=opened.business_at,
            actor="test",
            correlation=order,
            streams=(
                StreamAppend(
                    stream_id=line_stream(line_id), expected=At(1), events=tuple(_port()[1:])
                ),
                StreamAppend(
                    stream_id=number_stream(digest),
                    expected=At(len(number)) if number else NoStream(),
                    events=(claimed, NumberReleased(line_id=line_id)),
                ),
            ),
        )
    )


async def moved_in_vain(store: Store, line_id: LineId, *, order: str) -> None:
    """Another line claims the number of this one, and lets go of it without having moved it."""
    (opened, *_) = await store.ledger.read(line_stream(line_id))
    assert isinstance(opened.event, PortOpened)
    stream = number_stream(opened.event.terms.number_digest)
    other = LineId(UUID(int=77))
    claimed = NumberClaimed(line_id=other, order_id=OrderId(UUID(order)))
    await store.ledger.append(
        Append(
            command=CommandStamp(command_id=command_id(f"in vain {line_id}"), fingerprint=b"test"),
            business_at=opened.business_at,
            actor="test",
            correlation=order,
            streams=(
                StreamAppend(
                    stream_id=stream,
                    expected=At(len(await store.ledger.read(stream))),
                    events=(claimed, NumberReleased(line_id=other)),
                ),
            ),
        )
    )


def _port() -> list[Event]:
    story = PortStory().verified()
    for operator in ("02", "03", "04"):
        story.report(port.ReportConfirmed, operator=operator)
    why = Said(fr="porté", en="ported")
    story.tell(port.EndPort, why=why, service_started_at=story.now)
    return story.facts


async def demanded_in(store: Store, line_id: LineId) -> ReversePortId:
    """As a person records it."""
    desk = ReversePortDesk(book=reverse_book(store, RULES))
    doing = Doing(by="ops", key=f"demand {line_id}", at=STORY)
    return await desk.demand(line_id, Incident.FRAUD, "their mail", doing)
