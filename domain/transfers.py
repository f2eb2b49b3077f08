"""A transfer another operator asks of us, or tells us of, through an exchange.

Until the process of a number that leaves is here, a person answers as donor; every answer leaves as
a ticket of the next session. A transfer is known by the exchange's own id, of which we keep a keyed
hash: the id itself would give the number away.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, assert_never
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Discriminator, Field

from domain.event import Command, Event
from domain.exchange_codes import CodeOutcome, code_of
from domain.identity import StreamId, SubjectId
from domain.personal import Personal
from domain.territories import ExchangeGroup
from domain.transfer_evidence import ENDED

# errors


class TransferRefusedError(Exception):
    """It cannot be answered so; the message says what can."""


# identity


def transfer_stream(transfer_id: UUID) -> StreamId:
    return StreamId(f"transfer/{transfer_id}")


def transfer_subject(transfer_id: UUID) -> SubjectId:
    return SubjectId(f"transfer/{transfer_id}")


# what a transfer is


class TransferTerms(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    transfer_id: UUID
    group: ExchangeGroup
    receiver: str
    donor: str
    ours: str
    """The code it was sent to, and will be answered from."""
    subscribed_at: AwareDatetime
    number: Personal
    rio: Personal | None = None
    enterprise: bool | None = None
    port_day: date | None = None


class Answer(StrEnum):
    """What a person answers."""

    ACCEPT = "accept"
    """The number may leave (1210)."""
    REFUSE = "refuse"
    """It may not, for a reason of the closed list (1220)."""
    REACTIVATE = "reactivate"
    """It ended lately, and is activated again on a justified request (decision 28): no ticket says
    so, and a person has it done at the host, which has no request for it."""
    LOSE = "lose"
    """It could, and no longer can (1520)."""
    CONFIRM = "confirm"
    """What was told has been taken in (1430, 1530)."""
    SETTLE = "settle"
    """It is dealt with by other means; a reason is required."""


# commands


class NoteRequest(Command):
    """1110 or 1120: another operator asks for a number of ours."""

    terms: TransferTerms
    until: AwareDatetime


class NotePorting(Command):
    """1410, or 2410: the number moves on that day, whatever anybody says now."""

    terms: TransferTerms
    until: AwareDatetime
    reverse: bool = False
    """Back to its initial donor, and neither of the two is us."""


class NoteCancellation(Command):
    """1510: the receiver gives it up."""

    code: str
    until: AwareDatetime


class NoteOther(Command):
    """A restitution, or a reverse port we lead or know nothing of: a person deals with it."""

    terms: TransferTerms
    ticket: str
    until: AwareDatetime


class AnswerTransfer(Command):
    answer: Answer
    code: str | None
    by: str
    reason: str
    untrue: str | None = None
    """Why the answer would not be true of the number, by what we know of it."""


TransferCommand = NoteRequest | NotePorting | NoteCancellation | NoteOther | AnswerTransfer

# events


class TransferRequested(Event):
    terms: TransferTerms
    until: AwareDatetime


class TransferAccepted(Event):
    by: str
    reason: str


class TransferReactivated(Event):
    """The number lives again, or is being made to, for the reason that justifies it."""

    by: str
    reason: str


class TransferRefused(Event):
    code: str
    by: str
    reason: str


class TransferLost(Event):
    code: str
    by: str
    reason: str


class TransferGivenUp(Event):
    code: str
    until: AwareDatetime


class TransferAnnounced(Event):
    terms: TransferTerms
    until: AwareDatetime
    reverse: bool = False
    """Back to its initial donor (2410)."""


class TransferConfirmed(Event):
    """We have taken in what we were told: the port, or its cancellation."""

    by: str
    reason: str


class TransferToldOtherwise(Event):
    terms: TransferTerms
    ticket: str
    until: AwareDatetime


class TransferSettled(Event):
    by: str
    reason: str


class TransferTicketIgnored(Event):
    """A ticket that changes nothing: a double, or one that comes too late."""

    ticket: str
    why: str


TransferEvent = (
    TransferRequested
    | TransferAccepted
    | TransferReactivated
    | TransferRefused
    | TransferLost
    | TransferGivenUp
    | TransferAnnounced
    | TransferConfirmed
    | TransferToldOtherwise
    | TransferSettled
    | TransferTicketIgnored
)

# state


class _Known(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    terms: TransferTerms


class Asked(_Known):
    stage: Literal["asked"] = "asked"
    until: AwareDatetime
    reactivated: bool = False


class Agreed(_Known):
    stage: Literal["agreed"] = "agreed"


class GivenUp(_Known):
    """Cancelled by its receiver; our confirmation is owed."""

    stage: Literal["given-up"] = "given-up"
    code: str
    until: AwareDatetime


class Announced(_Known):
    """The number moves; our confirmation is owed."""

    stage: Literal["announced"] = "announced"
    until: AwareDatetime
    reverse: bool = False


class Elsewhere(_Known):
    """A person deals with it by other means."""

    stage: Literal["elsewhere"] = "elsewhere"
    ticket: str
    until: AwareDatetime


class Over(_Known):
    stage: Literal["over"] = "over"
    how: str = Field(pattern=r"^[a-z-]+$")
    """refused, lost, cancelled, ported, taken-back, settled"""


KnownTransfer = Annotated[
    Asked | Agreed | GivenUp | Announced | Elsewhere | Over, Discriminator("stage")
]
Transfer = Asked | Agreed | GivenUp | Announced | Elsewhere | Over | None

_ALLOWED: Mapping[str, tuple[Answer, ...]] = {
    "asked": (Answer.ACCEPT, Answer.REFUSE, Answer.REACTIVATE),
    "agreed": (Answer.LOSE,),
    "given-up": (Answer.CONFIRM,),
    "announced": (Answer.CONFIRM,),
    "elsewhere": (Answer.SETTLE,),
    "over": (),
}


class ReplyTicket(BaseModel):
    """The ticket an answer leaves as."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ticket: str
    reason: str | None = None


def ticket_for(event: Event, before: Transfer) -> ReplyTicket | None:
    """None when the answer needs no ticket."""
    match event:
        case TransferAccepted():
            return ReplyTicket(ticket="1210", reason="A001")
        case TransferRefused(code=code):
            return ReplyTicket(ticket="1220", reason=code)
        case TransferLost(code=code):
            return ReplyTicket(ticket="1520", reason=code)
        case TransferConfirmed() if isinstance(before, GivenUp):
            return ReplyTicket(ticket="1530", reason=before.code)
        case TransferConfirmed():
            back = isinstance(before, Announced) and before.reverse
            return ReplyTicket(ticket="2430" if back else "1430")
        case _:
            return None


def allowed_in(state: KnownTransfer) -> tuple[Answer, ...]:
    return _ALLOWED[state.stage]


def until_of(state: KnownTransfer) -> AwareDatetime | None:
    """When a person should have answered; None when nobody owes anything."""
    return None if isinstance(state, Agreed | Over) else state.until


# decide


def decide(command: TransferCommand, state: Transfer) -> tuple[TransferEvent, ...]:
    match command:
        case AnswerTransfer():
            return (_answered(command, state),)
        case NotePorting():
            return _taken_back(command, state) if command.reverse else _announced(command, state)
        case NoteRequest() | NoteCancellation() | NoteOther():
            return _told(command, state) or _ignored(command, state)
        case _:
            assert_never(command)


def _told(
    command: NoteRequest | NoteCancellation | NoteOther, state: Transfer
) -> tuple[TransferEvent, ...]:
    found: tuple[TransferEvent, ...] = ()
    match command:
        case NoteRequest(terms=terms, until=until) if state is None:
            found = (TransferRequested(terms=terms, until=until),)
        case NoteCancellation(code=code, until=until) if isinstance(state, Asked | Agreed):
            found = (TransferGivenUp(code=code, until=until),)
        case NoteOther(terms=terms, ticket=ticket, until=until) if not isinstance(state, Elsewhere):
            found = (TransferToldOtherwise(terms=terms, ticket=ticket, until=until),)
    return found


def _ignored(command: TransferCommand, state: Transfer) -> tuple[TransferEvent, ...]:
    """A double, or one that comes too late: it changes nothing, and is never an error."""
    why = "nothing is known of it" if state is None else f"it stands at {state.stage}"
    return (TransferTicketIgnored(ticket=type(command).__name__, why=why),)


def _announced(command: NotePorting, state: Transfer) -> tuple[TransferEvent, ...]:
    """A third party hears of it for the first time; a double is never an error (§ 2.8.1)."""
    terms, until = command.terms, command.until
    over = isinstance(state, Over) and state.how in {"ported", "taken-back"}
    if isinstance(state, Announced) or over:
        return (_DOUBLE,)
    if state is None or isinstance(state, Agreed):
        known = terms if state is None else state.terms
        announced = known.model_copy(update={"port_day": terms.port_day})
        return (TransferAnnounced(terms=announced, until=until),)
    return (TransferToldOtherwise(terms=terms, ticket="1410", until=until),)


def _taken_back(command: NotePorting, state: Transfer) -> tuple[TransferEvent, ...]:
    """The transfer's id is that of the port it undoes, which we may have confirmed long ago."""
    terms, until = command.terms, command.until
    match state:
        case Announced(reverse=True) | Over(how="taken-back"):
            return (_DOUBLE,)
        case None | Announced() | Over():
            return (TransferAnnounced(terms=terms, until=until, reverse=True),)
        case _:
            return (TransferToldOtherwise(terms=terms, ticket="2410", until=until),)


_DOUBLE = TransferTicketIgnored(ticket="NotePorting", why="it was announced before")


def _answered(command: AnswerTransfer, state: Transfer) -> TransferEvent:
    _check(command, state)
    said = {"by": command.by, "reason": command.reason}
    match command.answer:
        case Answer.ACCEPT:
            return TransferAccepted(**said)
        case Answer.REACTIVATE:
            return TransferReactivated(**said)
        case Answer.REFUSE:
            return TransferRefused(code=_reason(command.code, CodeOutcome.REFUSED), **said)
        case Answer.LOSE:
            return TransferLost(code=_reason(command.code, CodeOutcome.LOST), **said)
        case Answer.CONFIRM:
            return TransferConfirmed(**said)
        case Answer.SETTLE:
            return TransferSettled(**said)
        case _:
            assert_never(command.answer)


def _check(command: AnswerTransfer, state: Transfer) -> None:
    allowed = () if state is None else allowed_in(state)
    if command.answer not in allowed:
        offers = ", ".join(allowed) or "nothing: it is over"
        raise TransferRefusedError(
            f"'{command.answer}' does not answer what was asked; what can be: {offers}"
        )
    if command.answer in _NEEDS and not command.reason.strip():
        raise TransferRefusedError(_NEEDS[command.answer])
    if command.untrue is not None:
        raise TransferRefusedError(command.untrue)
    if isinstance(state, Asked) and state.reactivated and command.code in ENDED:
        raise TransferRefusedError("it was activated again: it has not ended any more")


_NEEDS = {
    Answer.SETTLE: "say how it was dealt with: a reason is required",
    Answer.REACTIVATE: "say what justifies it, and where that is kept: a reason is required",
}


def _reason(code: str | None, outcome: CodeOutcome) -> str:
    """Only the closed list may refuse (2006-0381 art. 4)."""
    known = code_of(code or "")
    if known.outcome is not outcome:
        raise TransferRefusedError(
            f"'{code or ''}' is no reason for that; give one of the exchange's codes, such as "
            f"{'R123' if outcome is CodeOutcome.REFUSED else 'C002'}"
        )
    return known.code


# evolve


def evolve(state: Transfer, event: TransferEvent) -> Transfer:
    match event:
        case TransferRequested(terms=terms, until=until):
            return Asked(terms=terms, until=until)
        case TransferAnnounced(terms=terms, until=until, reverse=reverse):
            return Announced(terms=terms, until=until, reverse=reverse)
        case TransferToldOtherwise(terms=terms, ticket=ticket, until=until):
            return Elsewhere(terms=terms, ticket=ticket, until=until)
        case TransferTicketIgnored():
            return state
        case _:
            return None if state is None else _moved(state, event)


_Moves = (
    TransferAccepted
    | TransferReactivated
    | TransferRefused
    | TransferLost
    | TransferGivenUp
    | TransferConfirmed
    | TransferSettled
)


def _moved(state: KnownTransfer, event: _Moves) -> KnownTransfer:
    match event:
        case TransferReactivated():
            return state.model_copy(update={"reactivated": True})
        case TransferAccepted():
            return Agreed(terms=state.terms)
        case TransferGivenUp(code=code, until=until):
            return GivenUp(terms=state.terms, code=code, until=until)
        case TransferRefused() | TransferLost() | TransferSettled():
            return Over(terms=state.terms, how=_HOW[type(event)])
        case TransferConfirmed():
            return Over(terms=state.terms, how=_confirmed_as(state))
        case _:
            assert_never(event)


_HOW = {TransferRefused: "refused", TransferLost: "lost", TransferSettled: "settled"}


def _confirmed_as(state: KnownTransfer) -> str:
    if isinstance(state, GivenUp):
        return "cancelled"
    return "taken-back" if isinstance(state, Announced) and state.reverse else "ported"


def fold(events: Iterable[Event]) -> Transfer:
    state: Transfer = None
    for event in events:
        if isinstance(event, TransferEvent):
            state = evolve(state, event)
    return state
