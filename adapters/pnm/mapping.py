"""Between our words and the exchange's tickets: pure, one ticket at a time.

Instants of a ticket are local to its group and bear no zone; ours always do.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from adapters.pnm.names import INSTANT
from adapters.pnm.requests import multiple_id
from adapters.pnm.tickets import (
    EVERYBODY,
    REQUESTS,
    TO_EVERYBODY,
    TO_THE_INITIAL_DONOR,
    Code,
    PnmTicket,
    TicketFaultError,
    read_ticket,
    transfer_id,
    write_ticket,
)
from domain.exchange_codes import CodeOutcome, code_of
from domain.operators import (
    AcceptedTold,
    ConfirmedTold,
    EligibilityLostTold,
    RefusedTold,
    RequestCancelledTold,
    Ticket,
    TicketKnownTold,
    Told,
    TransferReply,
    Unreadable,
)
from domain.port_in_facts import Step
from domain.territories import ExchangeGroup, time_zone_of

DAY = "%Y%m%d"
_SENT_AS = {Step.COMMIT_PORT: Code.PORTING, Step.CANCEL_REQUEST: Code.CANCELLATION}
CANCELLED_BY_REQUESTER = "C001"


def stamp(moment: datetime, group: ExchangeGroup) -> str:
    return moment.astimezone(time_zone_of(group)).strftime(INSTANT)


def instant(text: str, group: ExchangeGroup) -> datetime:
    """An hour that comes twice is the first: nothing in a ticket says which."""
    local = datetime.strptime(text, INSTANT)  # noqa: DTZ007  the group's zone follows
    return local.replace(tzinfo=time_zone_of(group)).astimezone(UTC)


def day(text: str) -> date:
    return datetime.strptime(text, DAY).date()  # noqa: DTZ007  a day has no zone


def ticket_of(ticket: Ticket) -> PnmTicket:
    """A request, a porting ticket or a cancellation of ours."""
    code = _SENT_AS.get(ticket.step, _request_code(ticket))
    subscribed = stamp(ticket.subscribed_at, ticket.group)
    return PnmTicket(
        code=code,
        origin=ticket.receiver,
        destination=EVERYBODY if code in TO_EVERYBODY else ticket.donor,
        receiver=ticket.receiver,
        donor=ticket.donor,
        subscribed_at=subscribed,
        msisdn=ticket.number,
        transfer_id=transfer_id(
            receiver=ticket.receiver,
            donor=ticket.donor,
            subscribed_at=subscribed,
            msisdn=ticket.number,
        ),
        more=_more(ticket, code, subscribed),
    )


def _request_code(ticket: Ticket) -> Code:
    return Code.REQUEST_ENTERPRISE if ticket.enterprise else Code.REQUEST_CONSUMER


def _more(ticket: Ticket, code: Code, subscribed: str) -> Mapping[str, str]:
    made_at = stamp(ticket.session, ticket.group)
    port_day = ticket.port_day.strftime(DAY)
    if code is Code.PORTING:
        return {"made_at": made_at, "port_day": port_day}
    if code is Code.CANCELLATION:
        return {"reason": CANCELLED_BY_REQUESTER, "made_at": made_at}
    asked = {
        "rio": ticket.rio,
        "made_at": subscribed,
        "port_day": port_day,
        "lines": "001",
        "asked_on": subscribed[:8],
    }
    if ticket.order is None:
        return asked
    together = multiple_id(
        order=str(ticket.order),
        receiver=ticket.receiver,
        donor=ticket.donor,
        port_day=port_day,
        code=code.value,
    )
    return {**asked, "multiple_id": together}


def reply_of(reply: TransferReply) -> PnmTicket:
    """What is answered about a transfer that somebody else leads."""
    subscribed = stamp(reply.subscribed_at, reply.group)
    made_at = stamp(reply.at, reply.group)
    code = Code(reply.ticket)
    more = {"made_at": made_at}
    if reply.reason:
        more["reason"] = reply.reason
    if reply.port_day:
        more["port_day"] = reply.port_day.strftime(DAY)
    return PnmTicket(
        code=code,
        origin=reply.ours,
        destination=reply.donor if code in TO_THE_INITIAL_DONOR else reply.receiver,
        receiver=reply.receiver,
        donor=reply.donor,
        subscribed_at=subscribed,
        msisdn=reply.number,
        transfer_id=transfer_id(
            receiver=reply.receiver,
            donor=reply.donor,
            subscribed_at=subscribed,
            msisdn=reply.number,
        ),
        more=more,
    )


def error_about(ticket: PnmTicket, *, error: str, ours: str, made_at: str) -> PnmTicket:
    """7000: why a ticket was not taken, its place in its file, and which ticket it was."""
    return PnmTicket(
        code=Code.ERROR,
        origin=ours,
        destination=ticket.origin,
        receiver=ticket.receiver,
        donor=ticket.donor,
        subscribed_at=ticket.subscribed_at,
        msisdn=ticket.msisdn,
        transfer_id=ticket.transfer_id,
        more={
            "error": error,
            "position": f"{ticket.line:04d}",
            "original": ticket.code.value,
            "made_at": made_at,
        },
    )


@dataclass(frozen=True, kw_only=True)
class KeptTicket:
    """A ticket as the inbox holds it: its own line, whose hours it is in, and whom it came to."""

    ticket: PnmTicket
    group: ExchangeGroup
    ours: str


def kept(ticket: PnmTicket, group: ExchangeGroup, *, ours: str) -> str:
    """Without its place in a file: the same ticket in two files is one message."""
    line = write_ticket(replace(ticket, line=0))
    return json.dumps({"group": group.value, "ours": ours, "ticket": line})


def opened(body: str) -> KeptTicket:
    """TicketFaultError when it is not one."""
    try:
        content = json.loads(body)
        ticket = read_ticket(str(content["ticket"]))
        return KeptTicket(
            ticket=ticket, group=ExchangeGroup(content["group"]), ours=str(content["ours"])
        )
    except (ValueError, KeyError, TypeError) as exc:
        if isinstance(exc, TicketFaultError):
            raise
        raise TicketFaultError("E204", position=1, why="no ticket was kept here") from exc


def read_kept(body: str) -> Told:
    """What a ticket tells the line it is about."""
    try:
        known = opened(body)
    except TicketFaultError as exc:
        return Unreadable(why=f"{exc.code}: {exc}")
    ticket = known.ticket
    made = _TOLD.get(ticket.code)
    if made is None:
        return Unreadable(why=f"a {ticket.code} says nothing to a line of ours")
    return made(ticket, instant(ticket.more["made_at"], known.group))


def _accepted(ticket: PnmTicket, at: datetime) -> Told:
    if code_of(ticket.more["reason"]).outcome is not CodeOutcome.ACCEPTED:
        return Unreadable(why=f"E604: {ticket.more['reason']} accepts nothing")
    return AcceptedTold(accepted_at=at)


def _error(ticket: PnmTicket, at: datetime) -> Told:
    """A request that was not taken is refused; a double is no answer at all."""
    error, original = ticket.more["error"], ticket.more["original"]
    if code_of(error).outcome is CodeOutcome.TICKET_KNOWN:
        return TicketKnownTold(code=error)
    if original in REQUESTS:
        return RefusedTold(code=error, refused_at=at)
    return Unreadable(why=f"{error}: ticket {original} was not taken; a person was asked")


_TOLD: Mapping[Code, Callable[[PnmTicket, datetime], Told]] = {
    Code.ACCEPTANCE: _accepted,
    Code.REFUSAL: lambda t, at: RefusedTold(code=t.more["reason"], refused_at=at),
    Code.LOSS: lambda t, at: EligibilityLostTold(code=t.more["reason"], lost_at=at),
    Code.CANCELLED: lambda _, at: RequestCancelledTold(cancelled_at=at),
    Code.CONFIRMATION: lambda t, at: ConfirmedTold(operator=t.origin, confirmed_at=at),
    Code.ERROR: _error,
}
TELLS_A_LINE = frozenset(_TOLD)
