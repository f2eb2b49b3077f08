"""A later day asked by the customer under a clause about it: agreed to, or for want of one the end
of the order."""

from domain.access_changes import AccessAmended, AccessAmendmentLapsed
from domain.access_ending import begin_end
from domain.access_stages import Access, AwaitingVisit
from domain.delay_facts import DelaySettled
from domain.event import Event
from domain.port_in_facts import Outcome
from domain.said import Said, joined
from domain.works_facts import Party, VisitsAskedAgain
from domain.works_settled import VisitGone

Facts = tuple[Event, ...]


def for_want_of_a_day(delay: DelaySettled | None, state: Access, *, by: str) -> Facts:
    """« Soit le Client annulera sa commande » (002:2385-2387); nothing where another day is agreed
    on."""
    if delay is None or delay.agreed is not None:
        return ()
    why = Said(
        fr=f"annulé faute d'une date, report demandé par {by}",
        en=f"cancelled for want of a day, the delay was asked for by {by}",
    )
    lapsed = () if state.amendment is None else (AccessAmendmentLapsed(why=why),)
    end = begin_end(state, Outcome.CANCELLED, why, delay.fees, delay.said)
    return (*lapsed, *end)


def later_day(
    delay: DelaySettled | None, gone: VisitGone | None, amended: AccessAmended, state: Access
) -> Facts:
    """What is agreed is said with its clause; whoever was to come before that day comes on another
    one."""
    agreed = None if delay is None else delay.agreed
    if agreed is None:
        return ()
    visit = state.opening.visit
    too_soon = visit is not None and visit.slot.day < agreed.day
    if not isinstance(state, AwaitingVisit) or amended.anew or gone is None or not too_soon:
        return (agreed,)
    moved = VisitsAskedAgain(
        not_before=agreed.day,
        by=Party.CUSTOMER,
        late=gone.late,
        fees=gone.fees,
        because=joined((agreed.because, gone.because)),
    )
    return (agreed, moved)
