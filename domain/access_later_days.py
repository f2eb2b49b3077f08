"""A later day asked by the customer: agreed to under a clause about it, or refused with what is
left to the customer; and, whatever the contract, nobody comes before it."""

from datetime import date

from domain import works_attention as asking
from domain.access_changes import AccessAmended
from domain.access_clauses import dated
from domain.access_stages import Access, AwaitingVisit, Booking, Commissioning
from domain.attention import DecisionRefusedError
from domain.delay_facts import DelaySettled
from domain.event import Event
from domain.port_in_attention import cleared
from domain.port_in_facts import Step
from domain.said import Said, joined
from domain.works_facts import Party, Slot, VisitsAskedAgain
from domain.works_settled import VisitGone

Facts = tuple[Event, ...]


def check_day(delay: DelaySettled | None) -> None:
    """« Soit les parties conviennent d'une nouvelle date », within the longest delay, « soit le
    Client annulera sa commande » (002:2382-2387): which of the two is the customer's to say."""
    if delay is not None and delay.agreed is None:
        said = joined(delay.said)
        raise DecisionRefusedError(
            f"{said.en}; ask for a day until then, or cancel the order of this site"
        )


def check_not_opening(wished: date | None, state: Access) -> None:
    """What is asked of the operator is not taken back: a later day comes too late."""
    before = state.terms.wished
    opening = isinstance(state, Commissioning) and Step.COMMISSION_ACCESS in state.asks
    if opening and wished is not None and (before is None or wished > before):
        raise DecisionRefusedError(
            "the operator has been asked to open it already, and a later day comes too late: wait "
            "for its tests, or cancel the order of this site"
        )


def later_day(
    delay: DelaySettled | None, gone: VisitGone | None, amended: AccessAmended, state: Access
) -> Facts:
    """What is agreed is said with its clause; whoever was to come before that day comes on another
    one, and is asked for no sooner."""
    agreed = None if delay is None else delay.agreed
    said = () if agreed is None else (agreed,)
    day = amended.change.wished
    if day is None or amended.anew is not None:
        return said
    because = dated(_WISHED, day) if agreed is None else agreed.because
    if isinstance(state, Booking):
        return (*said, *_asked_anew(day, because, state))
    return (*said, *_moved(day, because, gone, state))


def _moved(day: date, because: Said, gone: VisitGone | None, state: Access) -> Facts:
    """One that has begun is as it is."""
    visit = state.opening.visit
    if not isinstance(state, AwaitingVisit) or visit is None or gone is None:
        return ()
    if visit.slot.day >= day:
        return ()
    moved = VisitsAskedAgain(
        not_before=day,
        by=Party.CUSTOMER,
        late=gone.late,
        fees=gone.fees,
        because=joined((because, gone.because)),
    )
    return (moved,)


def _asked_anew(day: date, because: Said, state: Booking) -> Facts:
    """Slots before that day, offered or on their way; what is being booked is moved once it is.
    What moving the visit that is booked costs was settled when other days were asked for first."""
    if Step.BOOK_VISIT in state.asks or not _offers_before(day, state):
        return ()
    opening = state.opening
    before = opening.other_days
    asked = VisitsAskedAgain(
        not_before=max(day, opening.not_before or day), by=Party.CUSTOMER, because=because
    )
    if before is not None:
        asked = asked.model_copy(update={"late": before.late, "fees": before.fees})
    over = (*cleared(state, asking.SLOTS), *cleared(state, asking.NO_SLOTS))
    return (*over, asked)


def _offers_before(day: date, state: Booking) -> bool:
    opening = state.opening
    known = opening.slots if opening.picked is None else (opening.picked,)
    if any(slot.day < day for slot in known):
        return True
    sooner = (one for one in (opening.not_before, state.terms.wished) if one is not None)
    asked = Step.OFFER_VISITS in state.asks or state.is_asked(asking.NO_SLOTS)
    return asked and max(sooner, default=date.min) < day


def put_off(slot: Slot, state: Access) -> Facts:
    """It was being booked as the customer wished for a later day: it is moved at no cost."""
    day = state.terms.wished
    if not state.opening.put_off or day is None or slot.day >= day:
        return ()
    because = dated(_WISHED, day)
    return (VisitsAskedAgain(not_before=day, by=Party.CUSTOMER, because=because),)


_WISHED = Said(
    fr="le client demande la mise en service pour le", en="the customer asks for service on"
)
