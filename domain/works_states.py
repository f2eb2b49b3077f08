"""How the facts of works, visits and openings move an access."""

from datetime import date
from typing import TypeVar, cast

from pydantic import AwareDatetime

from domain import delay_facts as delays
from domain import link_facts as links
from domain import visit_facts as ends
from domain import works_facts as fields
from domain.access_facts import Fee, FeeOwed
from domain.access_failures import failure_said
from domain.access_links import LINES
from domain.access_moving import MOVES, AccessT, answered, asked_anew, having, on, to
from domain.access_stages import (
    Access,
    AccessState,
    AwaitingDay,
    AwaitingVisit,
    Booking,
    Changing,
    Closed,
    Commissioning,
    GivingBack,
    Opening,
    Ready,
    Studying,
    Usual,
)
from domain.equipment_moves import billed_from, fees_left, moved_to
from domain.event import Event
from domain.port_in_facts import Step
from domain.said import Said
from domain.works_facts import BY_THE_OPERATOR, After, Party

__all__ = ["MOVES"]
"""With the moves of works among them."""


def opened_to(state: Access, **changes: object) -> Opening:
    return state.opening.model_copy(update=changes)


# works


@on(fields.MilestonePassed)
def _passed(state: Access, event: fields.MilestonePassed) -> AccessState:
    """They go on: their end is awaited by another day."""
    ask = state.asks[Step.BUILD_ACCESS].model_copy(update={"until": event.until})
    asks = {**state.asks, Step.BUILD_ACCESS: ask}
    return having(state, asks=asks, opening=opened_to(state, milestone=event))


@on(fields.WorksFinished)
def _finished(state: Access, event: fields.WorksFinished) -> AccessState:
    state = answered(state, Step.BUILD_ACCESS)
    return to(Booking if event.visit else Commissioning, state)


@on(fields.WorksStopped)
def _stopped(state: Access, event: fields.WorksStopped) -> AccessState:
    """Whoever comes to the site, comes for works: they are not over."""
    state = _as_failed(answered(state, Step.BUILD_ACCESS), event.usual, event.stopped_at)
    return _sent_back(state, event.after, again=Ready)


@on(fields.LeadFollowed)
def _lead_followed(state: Access, event: fields.LeadFollowed) -> AccessState:
    """No other visit is searched for; whoever was to come has nothing to come for. Of an end that a
    person has said, the setback counts from here."""
    said = state.opening.said
    if said is not None and said.end is ends.CameOf.FAILED and not state.opening.said_is_over:
        said = said.model_copy(update={"counted": True})
    state = having(state, opening=opened_to(state, usual=None, said=said))
    if _goes_on(state):
        state = _nobody_needed(_search_given_up(state))
    return _sent_back(state, event.after)


def _as_failed(state: AccessT, usual: After | None, at: AwareDatetime) -> AccessT:
    """What would have followed is begun by a person, or never."""
    lead = None if usual is None else Usual(after=usual, failed_at=at)
    return having(state, opening=opened_to(state, usual=lead))


def _sent_back(state: Access, after: After, *, again: type[Access] = Booking) -> AccessState:
    """What was done before stays known by its facts; from where it goes on is the failure's. How
    often counts for what the operator would be asked again: nobody is absent too often."""
    setbacks = state.opening.setbacks + (after in BY_THE_OPERATOR)
    state = having(state, opening=opened_to(state, tested=None, setbacks=setbacks))
    match after:
        case After.STUDY:
            return to(Studying, state, studied=None)
        case After.NETWORK_CHECK | After.DESATURATION:
            return to(Ready, state)
        case After.VISIT_ONCE_READY:
            return to(again, state, opening=opened_to(state, site_ready=None))
        case After.VISIT:
            return to(again, state)
        case _:
            return state


# visits


@on(fields.VisitsOffered)
def _offered(state: Access, event: fields.VisitsOffered) -> AccessState:
    state = answered(state, Step.OFFER_VISITS)
    return having(state, opening=opened_to(state, slots=event.slots))


@on(fields.VisitChosen)
def _chosen(state: Access, event: fields.VisitChosen) -> AccessState:
    return having(state, opening=opened_to(state, picked=event.slot, slots=()))


@on(fields.VisitsAskedAgain)
def _asked_again(state: Access, event: fields.VisitsAskedAgain) -> AccessState:
    """Why the visit that is booked is moved is why that was asked first; slots that are on their
    way are of days nobody asks for any more."""
    before = state.opening.other_days
    if state.opening.visit is not None and before is not None:
        event = event.model_copy(update={"because": before.because})
    if Step.OFFER_VISITS in state.asks:
        state = asked_anew(state, Step.OFFER_VISITS)
    again = _AGAIN_FOR[event.by] if state.opening.again is None else state.opening.again
    opening = opened_to(state, slots=(), picked=None, other_days=event, again=again)
    return to(Booking, state, opening=opening)


@on(fields.VisitBooked)
def _booked(state: Access, event: fields.VisitBooked) -> AccessState:
    """One that nobody waits for any more moves nothing."""
    if not event.unwanted:
        return _awaits(state, event)
    return having(state, opening=opened_to(state, visit=event, reminded=False, left=()))


@on(fields.VisitMoved)
def _moved(state: Access, event: fields.VisitMoved) -> AccessState:
    """One that its operator moves while other days are asked for is moved once more."""
    if event.by is fields.Party.OPERATOR:
        return having(state, opening=opened_to(state, visit=event.to, reminded=False))
    return _awaits(state, event.to)


_NEXT: dict[str, object] = {
    "slots": (),
    "picked": None,
    "reminded": False,
    "other_days": None,
    "put_off": False,
    "again": None,
}
"""Of another visit, or of none: nothing that was on its way to the one before."""


def _awaits(state: Access, visit: fields.VisitBooked) -> AccessState:
    state = _not_asked(state)
    opening = opened_to(state, visit=visit, **_NEXT)
    if not isinstance(state, GivingBack | Changing):
        return to(AwaitingVisit, state, opening=opening)
    opening = opening.model_copy(update={"left": ()})
    return having(_to_be_let_go(state), opening=opening)


def _to_be_let_go(state: GivingBack | Changing) -> Access:
    """Before anything else is given back; another one than was being cancelled is asked anew."""
    state = asked_anew(state, Step.CANCEL_VISIT) if Step.CANCEL_VISIT in state.asks else state
    if isinstance(state, Changing):
        return state
    others = (step for step in state.left if step is not Step.CANCEL_VISIT)
    return having(state, left=(Step.CANCEL_VISIT, *others))


@on(fields.VisitReminded)
def _reminded(state: Access, _event: fields.VisitReminded) -> AccessState:
    return having(state, opening=opened_to(state, reminded=True))


@on(fields.VisitLetGo)
def _let_go(state: Access, _event: fields.VisitLetGo) -> AccessState:
    return _nothing_to_cancel(state)


@on(fields.VisitKept)
def _kept(state: Access, event: fields.VisitKept) -> AccessState:
    state = _said_is_over(state, event.reference)
    if not _goes_on(state):
        return _nothing_to_cancel(state)
    return _to_be_opened(_over(state), event.reference)


def _to_be_opened(state: Access, by: str) -> Commissioning:
    return to(Commissioning, state, opening=opened_to(state, opened_by=by))


@on(fields.VisitFailed)
def _failed(state: Access, event: fields.VisitFailed) -> AccessState:
    state = _as_failed(_said_is_over(state, event.reference), event.usual, event.failed_at)
    return _came_to_nothing(state, event.after, failure_said(event.failure))


@on(fields.VisitMissed)
def _missed(state: Access, event: fields.VisitMissed) -> AccessState:
    state = _said_is_over(state, event.reference)
    return _came_to_nothing(state, After.VISIT, _MISSED_BY[event.by])


def _said_is_over(state: AccessT, reference: str) -> AccessT:
    """Once another visit has ended that somebody waited for, it goes on from that one."""
    said, visit = state.opening.said, state.opening.visit
    unwanted = visit is not None and visit.unwanted
    if said is None or said.visit.reference == reference or unwanted:
        return state
    return having(state, opening=opened_to(state, said_is_over=True))


def _came_to_nothing(state: Access, after: After, why: Said) -> AccessState:
    if not _goes_on(state):
        return _nothing_to_cancel(state)
    if goes_on_booking(state, after):
        opening = opened_to(state, visit=None, reminded=False, other_days=None, again=why)
        return _sent_back(to(Booking, state, opening=opening), after)
    over = _over(state)
    over = having(over, opening=opened_to(over, again=why))
    return _sent_back(to(Booking, over), after)


_AGAIN_FOR = {
    Party.CUSTOMER: Said(fr="d'autres jours voulus par le client", en="the customer's own wish"),
    Party.OPERATOR: Said(fr="les tests ont échoué", en="the tests failed"),
    Party.PROVIDER: Said(fr="d'autres jours voulus par nous", en="our own wish"),
}
"""By whoever has other days asked for."""
_MISSED_BY = {
    Party.CUSTOMER: Said(fr="manqué du fait du client", en="missed, the customer's doing"),
    Party.OPERATOR: Said(fr="manqué par l'opérateur", en="missed by the operator"),
    Party.PROVIDER: Said(fr="manqué par nous", en="missed by us"),
}


def goes_on_booking(state: Access, after: After | None) -> bool:
    """Another day is chosen already, and somebody comes again all the same: it is booked."""
    return isinstance(state, Booking) and state.opening.picked is not None and after in _AGAIN


_AGAIN = frozenset({After.VISIT, After.VISIT_ONCE_READY, After.PERSON})
"""Where another visit follows, or may."""


def _not_asked(state: AccessT) -> AccessT:
    """What was asked about another visit is not what is asked next."""
    for step in (Step.OFFER_VISITS, Step.BOOK_VISIT):
        if step in state.asks:
            state = asked_anew(state, step)
    return state


def _goes_on(state: Access) -> bool:
    """While it is given back, what becomes of a visit changes nothing but that it is over."""
    return isinstance(state, Booking | AwaitingVisit)


def _nothing_to_cancel(state: Access) -> AccessState:
    visit = state.opening.visit
    unwanted = visit is not None and visit.unwanted
    if unwanted and not isinstance(state, GivingBack | Changing):
        return having(state, opening=opened_to(state, visit=None, reminded=False))
    state = answered(_over(state), Step.CANCEL_VISIT)
    if not isinstance(state, GivingBack):
        return state
    left = tuple(one for one in state.left if one is not Step.CANCEL_VISIT)
    return having(state, left=left)


def _over(state: Access) -> Access:
    state = _search_given_up(state)
    return having(state, opening=opened_to(state, visit=None, reminded=False))


def _search_given_up(state: Access) -> Access:
    """No slot is waited for any more; one that is being booked is known by its key, should it
    come."""
    ask = state.asks.get(Step.BOOK_VISIT)
    late = () if ask is None else (ask.key,)
    left = (*state.opening.left, *late)
    opening = opened_to(state, slots=(), picked=None, other_days=None, left=left)
    return having(_not_asked(state), opening=opening)


# what a person said of one that is over, and its operator tells


@on(ends.VisitEndSaid)
def _end_said(state: Access, event: ends.VisitEndSaid) -> AccessState:
    """While the place before is given back, it was there."""
    there = bool(state.left_places)
    opening = opened_to(state, **{**_NONE_SAID, "said": event, "said_elsewhere": there})
    return having(state, opening=opening)


@on(ends.VisitReportCompleted)
def _completed(state: Access, _event: ends.VisitReportCompleted) -> AccessState:
    return having(state, opening=opened_to(state, **_NONE_SAID))


_NONE_SAID: dict[str, object] = {
    "said": None,
    "told_late": None,
    "said_is_over": False,
    "said_elsewhere": False,
}


@on(ends.VisitToldLate)
def _told_late(state: Access, event: ends.VisitToldLate) -> AccessState:
    return having(state, opening=opened_to(state, told_late=event))


@on(ends.VisitEndCorrected)
def _corrected(state: Access, event: ends.VisitEndCorrected) -> AccessState:
    """It goes on from what became of it, where visits are still what it goes on from."""
    moved, after = is_moved_by(state, event.reference), ends.leads_to(event.to)
    state = _not_charged(without(state, event), event.fees)
    state = having(state, opening=opened_to(state, **_NONE_SAID))
    if not moved:
        return state
    state = _led_by(state, event)
    if after in stays_at(state):
        return state
    if is_opened_by(state, event.reference):
        state = asked_anew(state, Step.COMMISSION_ACCESS)
    state = to(Booking, _nobody_needed(_search_given_up(state)))
    if after is None:
        return _to_be_opened(state, event.reference)
    return _sent_back(state, after)


def _led_by(state: Access, event: ends.VisitEndCorrected) -> Access:
    """What would follow the right end by rule, where that has happened too often; not what would
    have followed the wrong one."""
    if isinstance(event.to, fields.VisitFailed):
        return _as_failed(state, event.to.usual, event.to.failed_at)
    if event.was is ends.CameOf.FAILED:
        return having(state, opening=opened_to(state, usual=None))
    return state


def is_moved_by(state: Access, reference: str) -> bool:
    """What is known now of a visit moves an access that waits for one, or that it has opened; not
    where another visit has ended since, or all began anew."""
    waits = isinstance(state, Booking | AwaitingVisit) or is_opened_by(state, reference)
    return waits and not state.opening.said_is_over


def is_opened_by(state: Access, reference: str) -> bool:
    """Opened, or waiting for the day the customer wants it."""
    opened = isinstance(state, Commissioning | AwaitingDay)
    return opened and state.opening.opened_by == reference


def stays_at(state: Access) -> frozenset[After]:
    """Another visit is awaited already, or searched for."""
    return _AGAIN if isinstance(state, Booking | AwaitingVisit) else frozenset()


WentWith = ends.VisitEndSaid | ends.VisitEndCorrected


def without(state: AccessT, wrong: WentWith) -> AccessT:
    """As if the wrong end had never been said: what it cost, and what it had billed before
    service."""
    before, since = state.owed[: state.owed_before], state.owed[state.owed_before :]
    for fee in wrong.fees:
        owed = FeeOwed(fee=fee, consented=True)
        early = owed in before
        before = _less(before, owed)
        since = since if early else _less(since, owed)
    not_ready = _less(state.opening.not_ready, wrong.not_ready)
    setbacks = max(0, state.opening.setbacks - wrong.counted)
    return having(
        state,
        owed=(*before, *since),
        owed_before=len(before),
        delays_missed=tuple(one for one in state.delays_missed if one.day != wrong.missed_again),
        opening=opened_to(state, not_ready=not_ready, setbacks=setbacks),
    )


def _not_charged(state: Access, fees: tuple[Fee, ...]) -> Access:
    """At an end, what it costs is settled already."""
    if not isinstance(state, GivingBack):
        return state
    left = state.fees
    for fee in fees:
        left = _less(left, fee)
    return having(state, fees=left)


ValueT = TypeVar("ValueT")


def _less(every: tuple[ValueT, ...], gone: ValueT | None) -> tuple[ValueT, ...]:
    at = every.index(gone) if gone in every else len(every)
    return (*every[:at], *every[at + 1 :])


def _nobody_needed(state: Access) -> Access:
    """Whoever was to come again has nothing to come for."""
    visit = state.opening.visit
    unwanted = None if visit is None else visit.model_copy(update={"unwanted": True})
    return having(state, opening=opened_to(state, visit=unwanted, reminded=False))


# opening


@on(fields.Commissioned)
def _commissioned(state: Access, event: fields.Commissioned) -> AccessState:
    state = answered(state, Step.COMMISSION_ACCESS)
    return having(state, opening=opened_to(state, tested=event))


@on(fields.SiteReadinessAsked)
def _readiness_asked(state: Access, event: fields.SiteReadinessAsked) -> AccessState:
    return having(state, opening=opened_to(state, readiness=event))


@on(fields.SiteDescribed)
def _described(state: Access, event: fields.SiteDescribed) -> AccessState:
    return having(state, documents=(*state.documents, event.paper))


@on(fields.SiteReady)
def _ready(state: Access, event: fields.SiteReady) -> AccessState:
    return having(state, opening=opened_to(state, site_ready=event))


@on(fields.SiteNotReady)
def _not_ready(state: Access, event: fields.SiteNotReady) -> AccessState:
    return having(state, opening=opened_to(state, not_ready=(*state.opening.not_ready, event)))


# later days the customer asked for, and a delivery that takes too long


@on(delays.ServiceDayAwaited)
def _day_awaited(state: Access, event: delays.ServiceDayAwaited) -> AccessState:
    return to(AwaitingDay, state, day=event)


@on(delays.ServiceDayCome)
def _day_come(state: Access, _event: delays.ServiceDayCome) -> AccessState:
    return to(Commissioning, state)


def wished_otherwise(state: Access, wished: date) -> Access:
    """The day that is waited for is judged anew, and until when other lines are; what is being
    booked is not taken back before it is known."""
    picked = state.opening.picked
    if isinstance(state, AwaitingDay):
        return to(Commissioning, state)
    booking = isinstance(state, Booking) and Step.BOOK_VISIT in state.asks
    put_off = booking and picked is not None and picked.day < wished
    anew = isinstance(state, Commissioning) and not state.is_asked(LINES)
    lines = None if anew else state.lines_awaited
    return having(state, lines_awaited=lines, opening=opened_to(state, put_off=put_off))


@on(delays.CustomerDelayAgreed)
def _delay_agreed(state: Access, event: delays.CustomerDelayAgreed) -> AccessState:
    return having(state, delays=(*state.delays, event))


@on(delays.CustomerDelayMissed)
def _delay_missed(state: Access, event: delays.CustomerDelayMissed) -> AccessState:
    return having(state, delays_missed=(*state.delays_missed, event))


@on(delays.RightToLeaveArose)
def _may_leave(state: Access, _event: delays.RightToLeaveArose) -> AccessState:
    return having(state, leave_open=True)


# lines of its order


@on(links.LinesAwaited)
def _lines_awaited(state: Access, event: links.LinesAwaited) -> AccessState:
    return having(state, lines_awaited=event)


@on(links.LineBeforeServed)
def _line_served(state: Access, event: links.LineBeforeServed) -> AccessState:
    return having(state, lines_settled=(*state.lines_settled, event.line))


@on(links.LineBeforeEnded)
def _line_ended(state: Access, event: links.LineBeforeEnded) -> AccessState:
    return having(state, lines_ended=(*state.lines_ended, event.line))


@on(links.LinesLeft)
def _lines_left(state: Access, event: links.LinesLeft) -> AccessState:
    return having(state, lines_settled=(*state.lines_settled, *event.lines))


@on(links.LinesTold)
def _lines_told(state: Access, _event: links.LinesTold) -> AccessState:
    return having(state, lines_told=True)


@on(fields.EquipmentMoved)
def _equipment(state: Access, event: fields.EquipmentMoved) -> AccessState:
    """Put up before another place is claimed, it is put up at the one before."""
    elsewhere = event.elsewhere or bool(state.left_places)
    state = having(state, pieces=moved_to(state.pieces, event, elsewhere=elsewhere))
    if not isinstance(state, GivingBack):
        return state
    return having(state, fees=fees_left((*state.fees, *event.fees), event.given_back))


@on(fields.EquipmentBilled)
def _equipment_billed(state: Access, event: fields.EquipmentBilled) -> AccessState:
    return having(state, pieces=billed_from(state.pieces, event))


@on(fields.EquipmentAskedBack)
def _asked_back(state: Access, event: fields.EquipmentAskedBack) -> AccessState:
    ending = cast("GivingBack", state)
    return having(ending, asked_back={**ending.asked_back, event.name: event})


def after_the_end(state: Closed, event: Event) -> Closed:
    """Of an access that has ended, where its equipment is may still be told."""
    match event:
        case fields.EquipmentMoved(given_back=given_back):
            pieces = moved_to(state.pieces, event)
            back = (*state.given_back, *given_back)
            return state.model_copy(update={"pieces": pieces, "given_back": back})
        case fields.EquipmentBilled():
            return state.model_copy(update={"pieces": billed_from(state.pieces, event)})
        case _:
            return state
