"""A fact that may have to be told of a site, among those it came with."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.access_stages import Access
from domain.event import Event
from domain.notices import NoticePurpose
from domain.port_rules import PortRules
from domain.reckoning import Reckoning
from domain.said import Said, day_said, moment_said
from domain.territories import territory_of

Told = tuple[NoticePurpose, dict[str, Said]]


@dataclass(frozen=True, kw_only=True)
class Around:
    before: tuple[Event, ...]
    """What its stream held until then."""
    after: tuple[Event, ...]
    """What was appended with it, after it."""
    at: datetime
    rules: PortRules
    beside: tuple[Event, ...] = ()
    """What was appended with it, before it: the last of what came before."""

    def local(self, instant: datetime) -> datetime:
        """By the contract's own clock."""
        return self.rules.local(instant)

    def today(self) -> date:
        return self.local(self.at).date()

    def day(self, instant: datetime) -> Said:
        return day_said(self.local(instant).date())

    def last_day(self, until: datetime) -> date:
        """A day ends at 24:00, which is the first instant of the next."""
        return self.local(until - timedelta(microseconds=1)).date()

    def moment(self, instant: datetime) -> Said:
        return moment_said(self.local(instant))

    def on_site(self, access: Access) -> Reckoning:
        """Visits are told by the clock of their site (decision 2)."""
        territory = territory_of(access.terms.site.commune)
        return Reckoning(calendar=self.rules.calendar_at(territory))
