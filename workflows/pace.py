"""When a process acts: business instants out of wall time, and one wait for all that may happen."""

from collections.abc import Callable
from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.clock import BusinessClock
    from domain.policies import LOOK_AGAIN
    from domain.said import moment_said
    from workflows.technical import PUNCTUAL, WAIT_GRACE


class Pace:
    """One clock for a run; the same answers on every replay."""

    def __init__(self, clock: BusinessClock) -> None:
        self._clock = clock

    def now(self) -> datetime:
        return self._clock.business_at(workflow.now())

    def after(self, wall: timedelta) -> datetime:
        """The business instant at the end of a span somebody else gave by the wall."""
        return self._clock.business_at(workflow.now() + wall)

    def has_come(self, instant: datetime | None) -> bool:
        return instant is not None and self.now() >= instant

    def instant(self, due: datetime | None) -> datetime:
        """A step taken at its appointment bears that instant, however slow the machine was."""
        return self.now() if due is None or not self.has_come(due) else self.still(due)

    def woken_by(self, due: datetime | None, woken: datetime | None) -> datetime | None:
        """The instant of what is done because its date has come: on a slow machine that date may
        have passed since it woke, and what waited for it must not bear an instant before it."""
        return self.instant(due) if woken is None else max(woken, self.instant(due))

    def still(self, instant: datetime) -> datetime:
        """The same instant for as long as a machine may be slow; after that, it is now."""
        late = workflow.now() - self._clock.wall_at(instant)
        return instant if late <= PUNCTUAL.span else self.now()

    def as_woken(self, woken: datetime | None) -> datetime:
        """Everything done since the last wait is done at the instant the process woke at."""
        return self.now() if woken is None else self.still(woken)

    async def wait(
        self,
        happened: Callable[[], bool],
        *,
        until: datetime | None,
        what: str,
        appointment: bool = False,
    ) -> bool:
        """Whether it happened before the instant; what was sent in time is given a little more."""
        if until is None:
            until = self.now() + LOOK_AGAIN.span
        grace = timedelta(0) if appointment else WAIT_GRACE.span
        remaining = max(self._clock.wall_at(until) - workflow.now(), timedelta(0)) + grace
        try:
            await workflow.wait_condition(
                happened,
                timeout=max(remaining, timedelta(milliseconds=1)),
                timeout_summary=f"{what}: {moment_said(until).en}",
            )
        except TimeoutError:
            return False
        return True
