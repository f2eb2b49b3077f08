"""A number ended less than ten days ago: its donor activates it again on a justified request.

It says so with R323 or C003 (porting-and-access § 2.6, decision 28). The exchange has no ticket to
ask for it: the donor is asked by other means, and the number awaited until the window is over.
After that it is lost as any number that was terminated (R322).
"""

from datetime import date, datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.contract_questions import as_duration
from domain.contract_resolution import Shelf
from domain.contract_values import DurationValue
from domain.port_dates import PortCalendar
from domain.reckoning import Reckoning
from domain.said import Said, day_said

ENDED_LATELY = frozenset({"R323", "C003"})
"""The codes that say so."""
JUSTIFICATION = "justification"
"""The paper that shows why the number should live again."""


class ReactivationWindow(BaseModel):
    """Until when the donor can activate it again, and from which day that is counted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    until: AwareDatetime
    ended_on: date | None
    """None where nobody knows: counted from the day the donor said so, a default of ours."""
    because: Said


def reactivation_window(
    shelf: Shelf, calendar: PortCalendar, *, ended_on: date | None, told_at: datetime
) -> ReactivationWindow:
    """Ten calendar days; the last one is whole."""
    pin = shelf.pin(calendar.rules.group.value.lower(), "exchange", told_at.date())
    entry = shelf.answer(pin, "exchange.reactivation").entry
    value = None if entry is None else entry.current.value
    if entry is None or not isinstance(value, DurationValue):
        raise LookupError(f"{calendar.rules.group} does not say how long a number can come back")
    reckoning = Reckoning(calendar=calendar.exchange)
    start = ended_on or reckoning.instant_of(told_at).date()
    wait, source, day = as_duration(value), entry.current.source, day_said(start)
    since = _SINCE_THE_END if ended_on else _SINCE_IT_WAS_SAID
    return ReactivationWindow(
        until=reckoning.ends_at(reckoning.add(start, wait)),
        ended_on=ended_on,
        because=Said(
            fr=f"{wait.said.fr} après {since.fr} ({day.fr}) ({source})",
            en=f"{wait.said.en} after {since.en} ({day.en}) ({source})",
        ),
    )


_SINCE_THE_END = Said(fr="la résiliation", en="the number ended")
_SINCE_IT_WAS_SAID = Said(
    fr="le jour où le donneur l'a dit, faute de mieux (décision de notre part)",
    en="the day the donor said so, for want of better (a default of ours)",
)
