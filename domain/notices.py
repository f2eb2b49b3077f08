"""What the customer is told: for what, how, and from which day it counts (decision 8).

Causes of one purpose that come close together are one notice of the order: it speaks of one number
or of several. A notice goes out by email, or becomes a letter that a person sends and dates. The
text itself is not kept: it can be made again from its template's version and its facts, and a keyed
digest says whether it is what was sent.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, assert_never
from uuid import UUID, uuid5

from pydantic import AwareDatetime, BaseModel, ConfigDict, Discriminator

from domain.contract_resolution import Pin
from domain.event import Command, Event
from domain.identity import LineId, NoticeId, OrderId, StreamId
from domain.order_file import Came, Channel
from domain.personal import Personal
from domain.policies import NOTICE_CAUSES_MAX
from domain.said import Language, Said, day_said

_NOTICES = UUID("5b0a7c5e-6a3b-5d0c-9a39-0e3a3c4f1d23")

# errors


class NoticeRefusedError(Exception):
    """It cannot be done with the notice as it stands; the message says what can."""


# identity


def notice_stream(notice_id: NoticeId) -> StreamId:
    return StreamId(f"notice/{notice_id}")


def notice_of_stream(stream_id: StreamId) -> NoticeId | None:
    kind, _, identity = stream_id.partition("/")
    return NoticeId(UUID(identity)) if kind == "notice" else None


def cause_id(stream_id: StreamId, *, version: int) -> UUID:
    """The fact that causes a notice: the same one however often it is read."""
    return uuid5(_NOTICES, f"{stream_id}\x1f{version}")


# values


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NoticePurpose(StrEnum):
    """What a customer is told, each with one sentence of meaning."""

    ORDER_RECEIVED = "order-received"
    """The order was accepted."""
    PAPERS_NEEDED = "papers-needed"
    """Something is missing, and until when it is waited for."""
    PORT_PLANNED = "port-planned"
    """The day a number moves is settled."""
    PORT_MOVED = "port-moved"
    """It is another day than the one that was told, and why."""
    DONOR_REFUSED = "donor-refused"
    """The donor refuses, or takes its agreement back; what is needed from the customer."""
    CANCELLATION_ASKED = "cancellation-asked"
    """Somebody asked to cancel; what it takes, and what it costs in every reading."""
    CANCELLATION_LAPSED = "cancellation-lapsed"
    """What it took did not come: the number moves all the same."""
    CANCELLED = "cancelled"
    """It was cancelled."""
    NUMBER_MOVED = "number-moved"
    """The number works with the provider."""
    NUMBER_GIVEN = "number-given"
    """A new number was given instead."""
    NUMBER_HANDED_BACK = "number-handed-back"
    """The number went back to the operator it had come from, after an incident."""
    PORT_IMPOSSIBLE = "port-impossible"
    """The number cannot be moved, and what follows."""
    SITE_PAPERS_NEEDED = "site-papers-needed"
    """Something is missing for a site, and until when it is waited for."""
    SITE_REFUSED = "site-refused"
    """A site cannot be served: why, and whether anything is owed."""
    SITE_QUOTE = "site-quote"
    """A quote: item by item, in all, until when, and what no answer comes to."""
    SITE_CHANGED = "site-changed"
    """What a study changes, and the contract has accepted beforehand."""
    SITE_CHANGES_ASKED = "site-changes-asked"
    """What a study changes, and needs the customer's consent."""
    SITE_DELAYED = "site-delayed"
    """Delivery is put off: why, for how long it is thought, at what cost."""
    SITE_DELAY_OVER = "site-delay-over"
    """What it was put off for is done, on another day than was thought."""
    SITE_HELD = "site-held"
    """The order of a site is suspended until a day."""
    SITE_TAKEN_UP = "site-taken-up"
    """It goes on."""
    SITE_SUPPLY_WITHDRAWN = "site-supply-withdrawn"
    """The operator takes back what the access was to stand on."""
    SITE_CANCELLATION_ASKED = "site-cancellation-asked"
    """Somebody asked to cancel a site; what it takes, and what it costs in every reading."""
    SITE_CANCELLATION_LAPSED = "site-cancellation-lapsed"
    """What it took did not come: the order of the site goes on."""
    SITE_CANCELLED = "site-cancelled"
    """The order of a site is cancelled, and what is charged for it."""
    SITE_PLANNED = "site-planned"
    """Another day of service is planned than before, and why."""
    SITE_WORKS_LATE = "site-works-late"
    """The works up to a site are late, or cannot go on as they were begun."""
    SITE_READINESS = "site-readiness"
    """What is to be ready at a site, by when, and what it comes to where it is not."""
    SITE_VISIT_OFFERED = "site-visit-offered"
    """A technician has to come: slots to choose from, until when."""
    SITE_VISIT_BOOKED = "site-visit-booked"
    """When the technician comes, until when that is moved free of charge, what is to be ready."""
    SITE_VISIT_MOVED = "site-visit-moved"
    """The visit is at another time, why, and what it costs or not."""
    SITE_VISIT_REMINDED = "site-visit-reminded"
    """It is about to take place: somebody is to be there."""
    SITE_VISIT_CANCELLED = "site-visit-cancelled"
    """Nobody comes any more, and why."""
    SITE_VISIT_LOST = "site-visit-lost"
    """It did not take place: who pays, what is owed to the customer or not, what follows."""
    SITE_VISIT_CORRECTED = "site-visit-corrected"
    """What became of it is not what was told: what it costs and what follows, in its place."""
    SITE_IN_SERVICE = "site-in-service"
    """The access works: since when, billed and committed from when, how late that is."""
    SITE_TESTS_FAILED = "site-tests-failed"
    """It does not work yet: what failed, that it costs nothing, what follows."""
    SITE_WAITS = "site-waits"
    """It waits for another site of its order, goes on, or needs a decision."""
    SITE_MAY_LEAVE = "site-may-leave"
    """It has taken so long that the customer may leave: since when, how, at what cost."""
    SITE_EQUIPMENT_SENT = "site-equipment-sent"
    """A piece is on its way or there: what to check, and until when a claim is heard."""
    SITE_EQUIPMENT_BACK = "site-equipment-back"
    """Which pieces are to be back by when, and what follows otherwise."""
    SITE_EQUIPMENT_INVOICED = "site-equipment-invoiced"
    """Pieces that were not returned are invoiced, and at what price."""


def notice_id_of(order_id: OrderId, purpose: NoticePurpose, *, round_: int) -> NoticeId:
    """The notices of one order for one purpose are numbered from 0: each can be looked for."""
    return NoticeId(uuid5(_NOTICES, f"{order_id}\x1f{purpose}\x1f{round_}"))


class TellBy(_Value):
    """Until when the contract has it told."""

    by: AwareDatetime
    last: date
    """The last day of it, in the hours of the contract."""
    source: str


class Cause(_Value):
    """A fact that has to be told, and what is said of it. Never anything personal."""

    cause_id: UUID
    line_id: LineId | None
    """None when it is about the whole order."""
    facts: Mapping[str, Said]
    about: str | None = None
    """The quote it tells of: its days run from when the notice takes effect (decision 8)."""
    sources: tuple[str, ...] = ()
    """The clauses behind it, for whoever asks: a customer does not know our numbering."""
    tell_by: TellBy | None = None


class Late(_Value):
    """Told after the last day the contract has for it: a breach on record."""

    line_id: LineId | None
    last: date
    source: str
    said: Said


class NoticeTerms(_Value):
    notice_id: NoticeId
    order_id: OrderId
    client: str
    """Whose order it is: theirs to see."""
    reference: str
    """The client's own name of the order."""
    pin: Pin
    purpose: NoticePurpose
    language: Language


class Composed(_Value):
    """How it goes out, and as what."""

    at: AwareDatetime
    template: int
    """The version of the purpose's template in the order's language."""
    channel: Channel
    why: Said
    """Why that channel."""
    to: Personal | None
    """The address it goes to; None for a letter."""
    provider: str
    """As it called itself when it was written: the name it goes out under, however often."""
    customer: Personal
    """As the order called them when it was written."""
    digest: str
    """A keyed hash of subject and body: what was sent can be proved, and not guessed."""


class Effect(_Value):
    """The day it counts from, and the rule that says so."""

    on: date
    rule: Said


class NoticeDecision(StrEnum):
    """What a person may decide about a notice."""

    SEND_AGAIN = "send-again"
    """The same, once more, to the same address."""
    OTHER_ADDRESS = "other-address"
    """By email, to another address."""
    OTHER_CHANNEL = "other-channel"
    """By another form, that a person sends."""
    GIVE_UP = "give-up"
    """It is not sent; a reason is required."""


# commands


class Tell(Command):
    terms: NoticeTerms
    causes: tuple[Cause, ...]


class Compose(Command):
    composed: Composed
    until: AwareDatetime
    """When a letter should have been sent."""


class HearSent(Command):
    came: Came
    via: str
    reference: str
    effect: Effect | None
    """None while a date is missing that the contract asks for."""
    until: AwareDatetime
    """When that date should be known."""


class HearUnanswered(Command):
    why: str
    tries: int
    """How many there are before a person is asked."""
    until: AwareDatetime


class HearRefused(Command):
    why: str
    until: AwareDatetime


class RecordDates(Command):
    came: Came
    by: str
    effect: Effect | None
    until: AwareDatetime


class SettleNotice(Command):
    decision: NoticeDecision
    by: str
    reason: str
    to: Personal | None = None
    channel: Channel | None = None
    until: AwareDatetime


NoticeCommand = (
    Tell | Compose | HearSent | HearUnanswered | HearRefused | RecordDates | SettleNotice
)

# events


class NoticeDue(Event):
    terms: NoticeTerms
    causes: tuple[Cause, ...]


class NoticeJoined(Event):
    """More of the same, before it was written."""

    causes: tuple[Cause, ...]


class NoticeComposed(Event):
    composed: Composed
    until: AwareDatetime


class NoticeUnanswered(Event):
    """The server did not take it, and may yet: it is tried again."""

    why: str


class NoticeUndelivered(Event):
    """It did not leave, and a person says how it goes on."""

    why: str
    until: AwareDatetime


class NoticeSent(Event):
    came: Came
    via: str
    reference: str
    until: AwareDatetime


class NoticeDated(Event):
    """What a person knows of a letter: sent, first presented, received."""

    came: Came
    by: str
    until: AwareDatetime


class NoticeInEffect(Event):
    """From this day on the customer is told."""

    purpose: NoticePurpose
    channel: Channel
    effect: Effect
    late: tuple[Late, ...] = ()
    """What of it is told too late."""


class NoticeSettled(Event):
    decision: NoticeDecision
    by: str
    reason: str
    to: Personal | None = None
    channel: Channel | None = None
    until: AwareDatetime


NoticeEvent = (
    NoticeDue
    | NoticeJoined
    | NoticeComposed
    | NoticeUnanswered
    | NoticeUndelivered
    | NoticeSent
    | NoticeDated
    | NoticeInEffect
    | NoticeSettled
)

# state


class _Known(_Value):
    terms: NoticeTerms
    causes: tuple[Cause, ...]

    @property
    def allowed(self) -> tuple[NoticeDecision, ...]:
        return ()


class Gathering(_Known):
    """Others of the same may join it; then it is written."""

    stage: Literal["gathering"] = "gathering"


class _Written(_Known):
    composed: Composed
    epoch: int
    """How often a person had it sent anew: part of its Message-ID."""


class Leaving(_Written):
    """It is ours to send."""

    stage: Literal["leaving"] = "leaving"
    tried: int = 0


class ToBeSent(_Written):
    """A letter: a person sends it, and writes down when."""

    stage: Literal["to-be-sent"] = "to-be-sent"
    until: AwareDatetime

    @property
    def allowed(self) -> tuple[NoticeDecision, ...]:
        return (
            NoticeDecision.OTHER_ADDRESS,
            NoticeDecision.OTHER_CHANNEL,
            NoticeDecision.GIVE_UP,
        )


class Undelivered(_Written):
    """It did not leave."""

    stage: Literal["undelivered"] = "undelivered"
    why: str
    until: AwareDatetime

    @property
    def allowed(self) -> tuple[NoticeDecision, ...]:
        return tuple(NoticeDecision)


class Sent(_Written):
    """On its way: the day it counts from is not known yet."""

    stage: Literal["sent"] = "sent"
    came: Came
    until: AwareDatetime

    @property
    def allowed(self) -> tuple[NoticeDecision, ...]:
        return tuple(NoticeDecision)


class InEffect(_Written):
    stage: Literal["in-effect"] = "in-effect"
    came: Came
    effect: Effect
    late: tuple[Late, ...] = ()


class GivenUp(_Written):
    stage: Literal["given-up"] = "given-up"
    reason: str


KnownNotice = Annotated[
    Gathering | Leaving | ToBeSent | Undelivered | Sent | InEffect | GivenUp,
    Discriminator("stage"),
]
WaitingNotice = ToBeSent | Undelivered | Sent
"""For somebody, until a date."""
NoticeState = Gathering | Leaving | ToBeSent | Undelivered | Sent | InEffect | GivenUp | None

# decide


def in_time(causes: Iterable[Cause], until: AwareDatetime) -> AwareDatetime:
    """Whoever it waits for has no longer than the contract gives to tell it."""
    return min([until, *(one.tell_by.by for one in causes if one.tell_by is not None)])


def told_late(causes: Iterable[Cause], on: date) -> tuple[Late, ...]:
    """Judged on the day it takes effect, whenever that day came to be known."""
    return tuple(
        Late(line_id=one.line_id, last=by.last, source=by.source, said=_late_said(by, on))
        for one in causes
        if (by := one.tell_by) is not None and on > by.last
    )


def _late_said(by: TellBy, on: date) -> Said:
    told, last, days = day_said(on), day_said(by.last), (on - by.last).days
    return Said(
        fr=f"prévenu le {told.fr}, {days} jour{'s' if days > 1 else ''} après le dernier jour, le "
        f"{last.fr} ({by.source}) ; le contrat n'en tire aucune conséquence",
        en=f"told on {told.en}, {days} day{'s' if days > 1 else ''} after the last day, {last.en} "
        f"({by.source}); the contract draws no consequence from it",
    )


def decide(command: NoticeCommand, state: NoticeState) -> tuple[NoticeEvent, ...]:
    match command:
        case Tell():
            return _told(command, state)
        case Compose(composed=composed, until=until):
            if not isinstance(state, Gathering):
                return ()
            return (NoticeComposed(composed=composed, until=in_time(state.causes, until)),)
        case RecordDates():
            return _dated(command, state)
        case SettleNotice():
            return (_settled(command, state),)
        case _:
            return _heard(command, state) if isinstance(state, Leaving) else ()


def _told(command: Tell, state: NoticeState) -> tuple[NoticeEvent, ...]:
    """Nothing of what it holds already; NoticeRefusedError once it is written, or too much."""
    if state is None:
        return (NoticeDue(terms=command.terms, causes=command.causes),)
    held = {cause.cause_id for cause in state.causes}
    new = tuple(cause for cause in command.causes if cause.cause_id not in held)
    if not new:
        return ()
    if not isinstance(state, Gathering):
        raise NoticeRefusedError("it is written already: tell of this in another notice")
    if len(state.causes) + len(new) > NOTICE_CAUSES_MAX:
        raise NoticeRefusedError("it is full: tell of this in another notice")
    return (NoticeJoined(causes=new),)


def _heard(
    command: HearSent | HearUnanswered | HearRefused, state: Leaving
) -> tuple[NoticeEvent, ...]:
    until = in_time(state.causes, command.until)
    match command:
        case HearSent(came=came, via=via, reference=reference, effect=effect):
            sent = NoticeSent(came=came, via=via, reference=reference, until=until)
            return (sent, *_in_effect(state, effect))
        case HearRefused(why=why):
            return (NoticeUndelivered(why=why, until=until),)
        case HearUnanswered(why=why, tries=tries):
            unanswered = NoticeUnanswered(why=why)
            if state.tried + 1 < tries:
                return (unanswered,)
            return (unanswered, NoticeUndelivered(why=why, until=until))
        case _:
            assert_never(command)


def _in_effect(state: _Written, effect: Effect | None) -> tuple[NoticeEvent, ...]:
    if effect is None:
        return ()
    purpose, channel = state.terms.purpose, state.composed.channel
    late = told_late(state.causes, effect.on)
    return (NoticeInEffect(purpose=purpose, channel=channel, effect=effect, late=late),)


def _dated(command: RecordDates, state: NoticeState) -> tuple[NoticeEvent, ...]:
    """What was written down stands; what was not known is added."""
    if not isinstance(state, ToBeSent | Sent | InEffect):
        raise NoticeRefusedError("it has no dates to record: see what waits for it")
    before = None if isinstance(state, ToBeSent) else state.came
    if before == command.came:
        return ()
    for name in ("sent_on", "presented_on", "received_on"):
        was = getattr(before, name, None)
        if was is not None and was != getattr(command.came, name):
            raise NoticeRefusedError(f"{name} was recorded as {was}: what is recorded stands")
    until = in_time(state.causes, command.until)
    dated = NoticeDated(came=command.came, by=command.by, until=until)
    known = isinstance(state, InEffect)
    return (dated,) if known else (dated, *_in_effect(state, command.effect))


_NEEDED: Mapping[NoticeDecision, tuple[str, str]] = {
    NoticeDecision.OTHER_ADDRESS: ("to", "the address is missing: give the customer's"),
    NoticeDecision.OTHER_CHANNEL: ("channel", "the channel is missing: say letter, for example"),
    NoticeDecision.GIVE_UP: ("reason", "say why the customer is not told: a reason is required"),
}


def _settled(command: SettleNotice, state: NoticeState) -> NoticeSettled:
    allowed = () if state is None else state.allowed
    until = in_time(() if state is None else state.causes, command.until)
    if command.decision not in allowed:
        offers = ", ".join(allowed) or "nothing: it waits for nobody"
        raise NoticeRefusedError(f"'{command.decision}' is not what helps; decide one of: {offers}")
    name, sentence = _NEEDED.get(command.decision, ("decision", ""))
    if not getattr(command, name):
        raise NoticeRefusedError(sentence)
    if command.channel is Channel.EMAIL:
        raise NoticeRefusedError("an email goes to an address: decide other-address")
    said = {name: value for name, value in command if name != "decided_at"}
    return NoticeSettled(**{**said, "until": until})


# evolve


def evolve(state: NoticeState, event: NoticeEvent) -> NoticeState:
    match state, event:
        case _, NoticeDue(terms=terms, causes=causes):
            return Gathering(terms=terms, causes=causes)
        case Gathering(causes=held), NoticeJoined(causes=causes):
            return state.model_copy(update={"causes": (*held, *causes)})
        case Gathering(), NoticeComposed(composed=composed, until=until):
            return _written(state, composed, until=until, epoch=0)
        case Leaving() | ToBeSent() | Undelivered() | Sent() | InEffect(), _:
            return _moved(state, event)
        case _:
            return state


def _written(
    state: _Known, composed: Composed, *, until: AwareDatetime, epoch: int
) -> Leaving | ToBeSent:
    """Ours to send by email; a person's in every other form."""
    told = {"terms": state.terms, "causes": state.causes, "composed": composed, "epoch": epoch}
    if composed.channel is Channel.EMAIL:
        return Leaving(**told)
    return ToBeSent(**told, until=until)


_Open = Leaving | ToBeSent | Undelivered | Sent | InEffect


def _moved(state: _Open, event: NoticeEvent) -> KnownNotice:
    so_far = {name: getattr(state, name) for name in _Written.model_fields}
    after: KnownNotice = state
    match state, event:
        case Leaving(tried=tried), NoticeUnanswered():
            after = Leaving(**so_far, tried=tried + 1)
        case _, NoticeUndelivered(why=why, until=until):
            after = Undelivered(**so_far, why=why, until=until)
        case InEffect(), NoticeDated(came=came):
            after = state.model_copy(update={"came": came})
        case _, NoticeSent(came=came, until=until) | NoticeDated(came=came, until=until):
            after = Sent(**so_far, came=came, until=until)
        case Sent(came=came), NoticeInEffect(effect=effect, late=late):
            after = InEffect(**so_far, came=came, effect=effect, late=late)
        case _, NoticeSettled():
            after = _after_a_person(state, event)
    return after


_DECIDED = Said(fr="décidé par une personne", en="a person decided so")


def _after_a_person(state: _Open, event: NoticeSettled) -> KnownNotice:
    composed = state.composed
    match event.decision:
        case NoticeDecision.GIVE_UP:
            so_far = {name: getattr(state, name) for name in _Written.model_fields}
            return GivenUp(**so_far, reason=event.reason)
        case NoticeDecision.OTHER_ADDRESS:
            changes = {"channel": Channel.EMAIL, "to": event.to, "why": _DECIDED}
        case NoticeDecision.OTHER_CHANNEL:
            changes = {"channel": event.channel, "to": None, "why": _DECIDED}
        case NoticeDecision.SEND_AGAIN:
            changes = {}
        case _:
            assert_never(event.decision)
    composed = composed.model_copy(update=changes)
    return _written(state, composed, until=event.until, epoch=state.epoch + 1)


def fold(events: Iterable[Event]) -> NoticeState:
    """Where the facts of a notice's stream lead."""
    state: NoticeState = None
    for event in events:
        if isinstance(event, NoticeEvent):
            state = evolve(state, event)
    return state
