"""The moments of a planned port: when the donor must have answered, when it becomes final, when
numbers move, and until when everybody confirms. All of them are the exchange's, in local time.
"""

from datetime import date, datetime

from domain.durations import Duration, Unit
from domain.hours import local_instant
from domain.port_dates import PortCalendar, PortPlan
from domain.reckoning import Reckoning


def answer_until(calendar: PortCalendar, plan: PortPlan) -> datetime:
    """11 h of the next jour ouvré for the earliest port, a day later for a chosen one (§ 2.5)."""
    return donor_answers_by(calendar, plan.send_at.date(), plan.port_day)


def donor_answers_by(calendar: PortCalendar, sent_on: date, port_day: date) -> datetime:
    """When a request of that day must have been answered."""
    rules = calendar.rules
    standard = port_day == _earliest(calendar, sent_on)
    days = rules.answer_ouvres if standard else rules.answer_later_ouvres
    due = _ouvres_after(calendar, sent_on, days)
    return local_instant(due, rules.answer_minute, calendar.exchange.time_zone)


def next_reminder(calendar: PortCalendar, at: datetime) -> datetime:
    """The same hour of the next jour ouvré."""
    local = Reckoning(calendar=calendar.exchange).instant_of(at)
    due = _ouvres_after(calendar, local.date(), 1)
    return local_instant(due, calendar.rules.answer_minute, calendar.exchange.time_zone)


def commit_at(calendar: PortCalendar, plan: PortPlan, accepted_at: datetime) -> datetime:
    """The first session once the donor has accepted and the exchange takes no cancellation."""
    return calendar.next_session(max(accepted_at, plan.zones[-1].ends_at))


def switch_bounds(calendar: PortCalendar, day: date) -> tuple[datetime, datetime]:
    return calendar.rules.switch.bounds(day, calendar.exchange.time_zone)


def confirmations_until(calendar: PortCalendar, day: date) -> datetime:
    _, ends = calendar.rules.confirmations.bounds(day, calendar.exchange.time_zone)
    return ends


def _earliest(calendar: PortCalendar, sent_on: date) -> date:
    answer = calendar.earliest_port(sent_on).answer
    return date(answer.year, answer.month, answer.day)


def _ouvres_after(calendar: PortCalendar, day: date, days: int) -> date:
    moment = Reckoning(calendar=calendar.exchange).add(day, Duration(amount=days, unit=Unit.OUVRE))
    return date(moment.year, moment.month, moment.day)
