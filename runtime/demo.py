"""The demo: sample orders on the real parts, in compressed time, each against its expected end."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from domain.clock import Technical
from runtime.cli.client import Answer, call
from runtime.errors import UnavailableError

SCALE = 17_280
"""One business day in five seconds of wall time."""

LIMIT = Technical(timedelta(minutes=8))
LOOK = Technical(timedelta(milliseconds=200))
ENDED = ("acknowledged", "lapsed")


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """What is sent in, what somebody outside then does, and how it must end."""

    name: str
    request: Answer
    acknowledgements: tuple[str, ...] = ()
    submissions: int = 1
    expected: str


SCENARIOS = (
    Scenario(
        name="acknowledged in time",
        request={"reference": "DEMO-1", "contact": "Camille Martin, camille@example.fr"},
        acknowledgements=("received by the warehouse",),
        expected="acknowledged",
    ),
    Scenario(
        name="acknowledged twice, counted once",
        request={"reference": "DEMO-2", "contact": "Lou Bernard, lou@example.fr"},
        acknowledgements=("first message", "second message"),
        expected="acknowledged",
    ),
    Scenario(
        name="submitted three times, one order",
        request={"reference": "DEMO-3", "contact": "Sacha Petit, sacha@example.fr"},
        acknowledgements=("received",),
        submissions=3,
        expected="acknowledged",
    ),
    Scenario(
        name="nobody answers within two days",
        request={"reference": "DEMO-4", "contact": "Alix Moreau, alix@example.fr"},
        expected="lapsed",
    ),
)


@dataclass(frozen=True, kw_only=True)
class DemoOrder:
    order: str
    provider: str
    scenario: str
    expected: str
    outcome: str
    ended_at: str | None
    as_expected: bool


@dataclass(frozen=True, kw_only=True)
class Demo:
    """One run; `run_key` keeps the orders of two runs apart."""

    run_key: str
    say: Callable[[str], None]
    rescale: Callable[[int], Awaitable[None]]
    scenarios: Sequence[Scenario] = field(default=SCENARIOS)

    async def play(self) -> tuple[DemoOrder, ...]:
        await self.rescale(SCALE)
        try:
            return tuple(
                await asyncio.gather(
                    *(self._follow(n, scenario) for n, scenario in enumerate(self.scenarios))
                )
            )
        finally:
            await self.rescale(1)

    async def _follow(self, number: int, scenario: Scenario) -> DemoOrder:
        order = await self._submit(number, scenario)
        self.say(f"{order}  submitted: {scenario.name}")
        for text in scenario.acknowledgements:
            await call(
                "POST",
                f"/orders/{order}/acknowledgements",
                body={"text": text},
                idempotency_key=f"{self.run_key}-{number}-{text.replace(' ', '-')}",
            )
        ended = await self._until_ended(order)
        self.say(f"{order}  {ended['stage']} at {ended['ended_at']} (business time)")
        return DemoOrder(
            order=order,
            provider="none",
            scenario=scenario.name,
            expected=scenario.expected,
            outcome=ended["stage"],
            ended_at=ended["ended_at"],
            as_expected=ended["stage"] == scenario.expected,
        )

    async def _submit(self, number: int, scenario: Scenario) -> str:
        answers = [
            await call(
                "POST",
                "/orders",
                body=scenario.request,
                idempotency_key=f"{self.run_key}-{number}",
            )
            for _ in range(scenario.submissions)
        ]
        return str(answers[-1]["order_id"])

    async def _until_ended(self, order: str) -> Answer:
        limit = time.monotonic() + LIMIT.span.total_seconds()
        while time.monotonic() < limit:
            answer = await call("GET", f"/orders/{order}")
            if answer["stage"] in ENDED:
                return answer
            await asyncio.sleep(LOOK.span.total_seconds())
        raise UnavailableError(
            f"order {order} did not end within {LIMIT.span}; look at it in the Temporal UI"
        )


def wall_now() -> datetime:
    return datetime.now(UTC)
