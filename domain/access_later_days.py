"""A later day asked by the customer under a clause about it: agreed to, or refused with what is
left to the customer."""

from domain.access_changes import AccessAmended
from domain.access_stages import Access, AwaitingVisit
from domain.attention import DecisionRefusedError
from domain.delay_facts import DelaySettled
from domain.event import Event
from domain.said import joined
from domain.works_facts import Party, VisitsAskedAgain
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
