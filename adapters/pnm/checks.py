"""What is wrong with a ticket that is well written: the code that says so, and nobody's guess.

What a donor may refuse is not looked at here: that is a person's, or a process's, to say.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.pnm.mapping import day, instant
from adapters.pnm.names import FileName
from adapters.pnm.tickets import (
    DONORS_OWN,
    EVERYBODY,
    RECEIVERS_OWN,
    REQUESTS,
    TO_EVERYBODY,
    Code,
    PnmTicket,
    TicketFaultError,
    transfer_id,
)
from domain.exchange_codes import CodeOutcome, code_of
from domain.numbers import Family, FrenchNumber
from domain.parsed import BadValueError
from domain.port_dates import PortCalendar

FOREIGN = "E003"
UNKNOWN_REQUEST = "E609"
CLOCKS_APART = timedelta(hours=1)
"""How far ahead of ours another operator's clock may be. A default of ours."""

_REASONS: Mapping[Code, CodeOutcome] = {
    Code.ACCEPTANCE: CodeOutcome.ACCEPTED,
    Code.LOSS: CodeOutcome.LOST,
    Code.CANCELLATION: CodeOutcome.CANCELLED,
}
"""A refusal's reason may be one nobody knows: it goes to a person (decision 30)."""


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What a ticket is held against, besides itself."""

    file: FileName
    calendar: PortCalendar
    now: datetime


Found = Iterator[TicketFaultError]


def check_ticket(ticket: PnmTicket, around: Circumstances) -> None:
    """TicketFaultError with the first thing that is wrong."""
    for check in _CHECKS:
        for fault in check(ticket, around):
            raise fault


def _addressed(ticket: PnmTicket, around: Circumstances) -> Found:
    to_everybody = ticket.code in TO_EVERYBODY and ticket.destination == EVERYBODY
    if ticket.destination != around.file.recipient and not to_everybody:
        yield TicketFaultError(FOREIGN, position=3, why="it is for another operator")
    if ticket.origin != around.file.emitter:
        yield TicketFaultError("E605", position=2, why="its origin is not who sends the file")


def _parts(ticket: PnmTicket, around: Circumstances) -> Found:
    """Who may say what: a donor answers, a receiver asks, and they are two."""
    if ticket.receiver == ticket.donor:
        yield TicketFaultError("E605", position=5, why="receiver and donor are one")
    if ticket.code in RECEIVERS_OWN and ticket.origin != ticket.receiver:
        yield TicketFaultError("E605", position=4, why="only the receiver sends it")
    if ticket.code in DONORS_OWN and ticket.origin != ticket.donor:
        yield TicketFaultError("E605", position=5, why="only the donor sends it")
    if ticket.code in REQUESTS and ticket.donor != around.file.recipient:
        yield TicketFaultError("E605", position=5, why="it asks another donor")


def _named(ticket: PnmTicket, around: Circumstances) -> Found:
    expected = transfer_id(
        receiver=ticket.receiver,
        donor=ticket.donor,
        subscribed_at=ticket.subscribed_at,
        msisdn=ticket.msisdn,
    )
    if ticket.transfer_id != expected:
        yield TicketFaultError("E606", position=8, why="its id is not made of what it says")
    asked = instant(ticket.subscribed_at, around.calendar.rules.group)
    if asked > around.now + CLOCKS_APART:
        yield TicketFaultError("E608", position=6, why="it was subscribed in the future")


def _numbered(ticket: PnmTicket, around: Circumstances) -> Found:
    if ticket.code not in REQUESTS:
        return
    group = around.calendar.rules.group
    try:
        number = FrenchNumber.parse(ticket.msisdn)
    except BadValueError:
        number = None
    if number is None or number.family is not Family.MOBILE or number.group is not group:
        yield TicketFaultError("E602", position=7, why="no mobile number of this group")


def _on_a_day(ticket: PnmTicket, around: Circumstances) -> Found:
    """Of a request only: a porting ticket says what happens, whenever it comes."""
    if ticket.code not in REQUESTS:
        return
    calendar = around.calendar
    wished = day(ticket.more["port_day"])
    today = around.now.astimezone(calendar.exchange.time_zone).date()
    if wished < today:
        yield TicketFaultError("E600", position=12, why="its port day has passed")
    if wished > today + timedelta(days=calendar.rules.horizon_days):
        yield TicketFaultError("E603", position=12, why="its port day is too far away")
    if calendar.exchange.why_closed(wished, calendar.rules.port_week) is not None:
        yield TicketFaultError("E607", position=12, why="nothing is ported that day")


def _valued(ticket: PnmTicket, around: Circumstances) -> Found:
    if ticket.code in REQUESTS:
        rules = around.calendar.rules
        consumer = ticket.code is Code.REQUEST_CONSUMER
        most = rules.lines_consumer if consumer else rules.lines_enterprise
        if int(ticket.more["lines"]) > most:
            yield TicketFaultError("E611", position=14, why="too many numbers for one request")
    wanted = _REASONS.get(ticket.code)
    if wanted is not None and code_of(ticket.more["reason"]).outcome is not wanted:
        yield TicketFaultError("E604", position=10, why="no reason for such a ticket")


_CHECKS: tuple[Callable[[PnmTicket, Circumstances], Found], ...] = (
    _addressed,
    _parts,
    _named,
    _numbered,
    _on_a_day,
    _valued,
)
