"""What a booked visit awaits: a word to the customer before it, and what became of it after; and
the day a service is wanted for."""

from collections.abc import Iterator
from typing import cast

from domain import access_commands as told
from domain import works_attention as asking
from domain import works_facts as fields
from domain.access_stages import Access, AwaitingDay, AwaitingVisit, Booking
from domain.attention import AttentionRaised
from domain.delay_facts import ServiceDayCome
from domain.event import Event
from domain.port_in_awaited import Awaited
from domain.said import Said, day_said

Facts = tuple[Event, ...]


def of_the_visit(state: Access) -> Iterator[Awaited]:
    """While another is asked for, the one that is booked stays; nobody is reminded of one that is
    to be called off."""
    visit = state.opening.visit
    if visit is None or visit.unwanted or not isinstance(state, Booking | AwaitingVisit):
        return
    when = asking.slot_said(visit.slot)
    if not state.opening.reminded:
        what = Said(fr=f"le rappel de la visite du {when.fr}", en=f"reminding of {when.en}")
        yield Awaited(until=visit.remind_at, what=what)
    elif not state.is_asked(asking.UNREPORTED):
        what = Said(fr=f"le compte rendu de la visite du {when.fr}", en=f"what became of {when.en}")
        yield Awaited(until=visit.report_by, what=what)


def of_the_day(state: Access) -> Iterator[Awaited]:
    """The one the customer wants it for: nothing of anybody's has to come by then."""
    if isinstance(state, AwaitingDay):
        day = day_said(state.day.day)
        what = Said(
            fr=f"le jour voulu par le client, {day.fr}", en=f"the day it is wanted for, {day.en}"
        )
        yield Awaited(until=state.day.until, what=what)


def day_come(command: told.PassTime, state: Access) -> Facts:
    due = next(of_the_day(state), None)
    if due is None or state.held or command.decided_at < due.until:
        return ()
    return (ServiceDayCome(day=cast("AwaitingDay", state).day.day),)


def visit_due(command: told.PassTime, state: Access) -> Facts:
    """Nothing while its hour has not come."""
    visit, due = state.opening.visit, next(of_the_visit(state), None)
    if visit is None or due is None or command.decided_at < due.until:
        return ()
    if not state.opening.reminded:
        return (fields.VisitReminded(reference=visit.reference, slot=visit.slot),)
    return (AttentionRaised(attention=asking.unreported(command, visit)),)
