"""What is asked of a host about a line on which it differs: where it is, and to put it right."""

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities.differences import (
    DifferenceStep,
    DifferenceUnknownError,
    RemedyStep,
    StandingStep,
    belief_in,
    state_of,
)
from activities.lines import LineLedger
from activities.operators import ASKING
from domain.differences import Calm, Difference, Remedy, Remedying, difference_stream
from domain.identity import line_stream
from domain.new_numbers import NewNumberOpened
from domain.operators import (
    Answer,
    Change,
    HostGateway,
    LineChange,
    LineRequest,
    Refused,
    Stands,
    Took,
    Unanswered,
)
from domain.port_in_facts import HostNetwork, PortOpened, Step
from domain.reconciling import TheirSide
from ledger.envelope import Envelope

MOVED_ON = "line-moved-on"
"""The line's own process has taken it further since: nothing is asked of the host."""

T = TypeVar("T")


async def said_in_time(asking: Awaitable[T]) -> T | Unanswered:
    try:
        async with asyncio.timeout(ASKING.span.total_seconds()):
            return await asking
    except TimeoutError:
        return Unanswered(why="the operator did not answer in time", sent=True)


async def side_of(gateway: HostGateway, host_line: str, at: datetime) -> TheirSide | Unanswered:
    answer = await said_in_time(gateway.line_standing(host_line))
    match answer:
        case Stands(standing=standing):
            return TheirSide(standing=standing, code=None, asked_at=at)
        case Refused(code=code):
            return TheirSide(standing=None, code=code, asked_at=at)
        case Unanswered():
            return answer


def unheard(why: str) -> ApplicationError:
    """Silence is tried again at once, a few times."""
    return ApplicationError(why, category=ApplicationErrorCategory.BENIGN)


@dataclass(frozen=True, kw_only=True)
class DifferenceQuestions:
    """What is asked of the host of a line: one call to one port."""

    lines: LineLedger
    hosts: Mapping[HostNetwork, HostGateway]

    @activity.defn
    async def ask_standing(self, step: DifferenceStep) -> StandingStep:
        known = await self._known(step)
        said = await side_of(self.hosts[known.host], known.host_line, step.at)
        if isinstance(said, Unanswered):
            raise unheard(said.why)
        return StandingStep(**step.model_dump(), standing=said.standing, code=said.code)

    @activity.defn
    async def ask_remedy(self, step: DifferenceStep) -> RemedyStep:
        """Under the key of its decision; nothing when the line has moved on since."""
        state = state_of(await self.lines.ledger.read(difference_stream(step.difference_id)))
        if not isinstance(state, Remedying):
            return RemedyStep(**step.model_dump(), key="", why="it is no longer to be done")
        known = state.difference
        history = await self.lines.ledger.read(line_stream(known.line_id))
        belief = belief_in(history)
        same = belief is not None and belief.standing is known.ours.standing
        if belief is None or not same or belief.under_way is not None:
            return RemedyStep(**step.model_dump(), key=state.key, code=MOVED_ON)
        answer = await said_in_time(self._asked(state, history))
        shared = {**step.model_dump(), "key": state.key}
        match answer:
            case Took(reference=reference):
                return RemedyStep(**shared, reference=reference)
            case Refused(code=code):
                return RemedyStep(**shared, code=code)
            case Unanswered(why=why):
                raise unheard(why)

    async def _asked(self, state: Remedying, history: tuple[Envelope, ...]) -> Answer:
        known = state.difference
        gateway = self.hosts[known.host]
        if state.remedy is Remedy.RESUME:
            return await gateway.change_line(
                LineChange(
                    change=Change.RESUME,
                    key=state.key,
                    line_id=known.line_id,
                    asked_at=state.asked_at,
                    host_line=known.host_line,
                    reason="reconciled",
                )
            )
        return await gateway.ask(_release(state, history))

    async def _known(self, step: DifferenceStep) -> Difference:
        history = await self.lines.ledger.read(difference_stream(step.difference_id))
        state = state_of(history)
        if isinstance(state, Calm):
            raise DifferenceUnknownError(step.difference_id)
        return state.difference


def _release(state: Remedying, history: tuple[Envelope, ...]) -> LineRequest:
    opened = next(e.event for e in history if isinstance(e.event, PortOpened | NewNumberOpened))
    return LineRequest(
        step=Step.RELEASE_LINE,
        key=state.key,
        line_id=state.difference.line_id,
        asked_at=state.asked_at,
        sim=opened.terms.sim,
        host_line=state.difference.host_line,
        number=opened.terms.msisdn.reveal() if isinstance(opened, PortOpened) else None,
    )
