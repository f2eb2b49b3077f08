"""When a customer may leave because delivery takes too long: a fact, on the day the right arises.

Suspended on request, it arises all the same: the clause makes no exception (000:428-430).
"""

from collections.abc import Iterator

from domain.access_commands import PassTime
from domain.access_stages import Access, GivingBack, InService
from domain.delay_facts import RightToLeaveArose
from domain.event import Event
from domain.port_in_awaited import Awaited
from domain.said import Said


def of_leaving(state: Access) -> Iterator[Awaited]:
    """While it is neither in service nor given back."""
    right = state.terms.may_leave
    if right is None or state.leave_open or isinstance(state, GivingBack | InService):
        return
    what = Said(
        fr=f"le jour depuis lequel le client peut partir ({right.source})",
        en=f"the day from which the customer may leave ({right.source})",
    )
    yield Awaited(until=right.since, what=what)


def leaving_due(command: PassTime, state: Access) -> tuple[Event, ...]:
    right, due = state.terms.may_leave, next(of_leaving(state), None)
    if right is None or due is None or command.decided_at < due.until:
        return ()
    return (RightToLeaveArose(since=right.since, said=right.said),)
