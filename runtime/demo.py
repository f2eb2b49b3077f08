"""The demo: sample orders on the real parts, in compressed time, each against its expected end."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from domain.clock import Technical
from runtime import demo_checks, demo_fleet, demo_indemnity
from runtime.cli.client import Answer, call_patiently
from runtime.demo_reconcile import Meddling
from runtime.demo_requests import request
from runtime.demo_returns import ALL_SCENARIOS
from runtime.demo_scenarios import PARTNERS, STORY
from runtime.demo_stories import Move, Scenario
from runtime.errors import BadInputError

DAY_SECONDS = 86_400
SCALE = DAY_SECONDS // 12
"""One business day in twelve seconds of wall time: two cores have some hundred lines to move."""

LIMIT = Technical(timedelta(minutes=10))
LOOK = Technical(timedelta(milliseconds=150))
AT_ONCE = 2
"""Orders sent in side by side: the first ones are in before a slow machine has let a day pass."""
LOOK_AT_SITES = Technical(timedelta(milliseconds=600))
"""Nothing about an access is to be done within the hour."""


@dataclass(frozen=True, kw_only=True)
class DemoOrder:
    order: str
    provider: str
    scenario: str
    expected: str
    outcome: str
    ended_at: str | None
    as_expected: bool
    differences: tuple[str, ...]
    because: str


@dataclass(kw_only=True)
class Demo:
    """One run; `run_key` keeps the orders of two runs apart."""

    run_key: str
    say: Callable[[str], None]
    begin: Callable[[datetime, int], Awaitable[None]]
    rescale: Callable[[int], Awaitable[None]]
    teach: Callable[[Answer], Awaitable[None]]
    """Tell the simulated operators how to behave with a number."""
    meddle: Callable[[Answer], Awaitable[None]]
    """Change a line in their books behind everybody's back."""
    scenarios: Sequence[Scenario] = field(default=ALL_SCENARIOS)
    scale: int = SCALE
    fleet: bool = True
    claimed: dict[str, asyncio.Event] = field(default_factory=dict)
    ended: dict[str, "asyncio.Future[str]"] = field(default_factory=dict)
    """The first line of each order, once that has ended."""
    begun_at: float = 0.0
    door: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def play(self) -> tuple[DemoOrder, ...]:
        loop = asyncio.get_running_loop()
        self.claimed = {scenario.name: asyncio.Event() for scenario in self.scenarios}
        self.ended = {scenario.name: loop.create_future() for scenario in self.scenarios}
        for scenario in self.scenarios:
            if scenario.misbehaviour:
                await self.teach(_taught(scenario))
            for beside in scenario.beside:
                await self.teach(beside.misbehaviour)
        for partner in PARTNERS:
            await self.teach(dict(partner))
        for place, trouble in demo_fleet.TROUBLES.items() if self.fleet else ():
            await self.teach({"msisdn": demo_fleet.number_of(place), **trouble})
        await self.begin(STORY, self.scale)
        self.begun_at = time.monotonic()
        try:
            follows = [self._follow(n, scenario) for n, scenario in enumerate(self.scenarios)]
            fleets = [self._follow_fleet()] if self.fleet else []
            return tuple(await asyncio.gather(*follows, *fleets))
        finally:
            await self.rescale(1)

    async def _follow(self, number: int, scenario: Scenario) -> DemoOrder:
        if scenario.after in self.claimed:
            await asyncio.wait_for(self.claimed[scenario.after].wait(), LIMIT.span.total_seconds())
        order = await self._submit(number, scenario)
        self.say(f"{order}  submitted: {scenario.name} ({scenario.provider})")
        ended, moved = await self._until_ended(order, scenario)
        self.ended[scenario.name].set_result(str(ended["lines"][0]["line_id"]))
        if scenario.goes_back is not None and ended["stage"] == "closed":
            ended = await self._handed_back(order, scenario)
        line = ended["lines"][0] if ended["lines"] else {}
        self.say(f"{order}  {line.get('outcome')}: {scenario.name}")
        differences = (*_differences(scenario, ended, moved), *await self._settled(order, scenario))
        if scenario.is_meddled_with and not differences:
            meddling = Meddling(run_key=self.run_key, say=self.say, meddle=self.meddle)
            differences = tuple(await meddling.play(order, line))
        return DemoOrder(
            order=order,
            provider=scenario.provider,
            scenario=scenario.name,
            expected=scenario.expected.outcome,
            outcome=str(line.get("outcome")),
            ended_at=line["timeline"][-1]["business_at"] if line else None,
            as_expected=not differences,
            differences=differences,
            because=scenario.expected.because,
        )

    async def _settled(self, order: str, scenario: Scenario) -> Sequence[str]:
        if scenario.owed is None:
            return ()
        found = await demo_indemnity.settle(order, scenario.owed, run_key=self.run_key)
        self.say(f"{order}  {scenario.owed.amount} € asked for and paid: {scenario.name}")
        return found

    async def _follow_fleet(self) -> DemoOrder:
        end = await demo_fleet.FleetDemo(run_key=self.run_key, say=self.say).play()
        return DemoOrder(
            order=end.order,
            provider=demo_fleet.PROVIDER,
            scenario=demo_fleet.NAME,
            expected=", ".join(f"{n} {what}" for what, n in sorted(demo_fleet.EXPECTED.items())),
            outcome=end.outcome,
            ended_at=end.ended_at,
            as_expected=not end.differences,
            differences=end.differences,
            because=demo_fleet.BECAUSE,
        )

    async def _submit(self, number: int, scenario: Scenario) -> str:
        refused = None
        if scenario.instead_of in self.ended:
            refused = await asyncio.wait_for(
                self.ended[scenario.instead_of], LIMIT.span.total_seconds()
            )
        async with self.door:
            answer = await call_patiently(
                "POST",
                "/orders",
                body=request(scenario, instead_of=refused),
                idempotency_key=f"{self.run_key}-{number}",
            )
        return str(answer["order_id"])

    async def _until_ended(self, order: str, scenario: Scenario) -> tuple[Answer, int]:
        """The order when it has closed, and how many of the colleague's moves were made."""
        limit = time.monotonic() + LIMIT.span.total_seconds()
        moved, seen = 0, dict[int, int]()
        while time.monotonic() < limit:
            answer = await call_patiently("GET", f"/orders/{order}")
            self._announce(scenario, answer)
            if answer["stage"] == "closed":
                return answer, moved
            for move in self.due(scenario.moves[moved:], answer, seen):
                await self._make(move, answer, f"{self.run_key}-{order}-{moved}")
                if scenario.site and not move.is_refused:
                    seen |= _versions(move, answer)
                moved += 1
            look = LOOK_AT_SITES if scenario.site else LOOK
            await asyncio.sleep(look.span.total_seconds())
        return await call_patiently("GET", f"/orders/{order}"), moved

    async def _handed_back(self, order: str, scenario: Scenario) -> Answer:
        """The initial donor's demand, our agreement, and the order once the number is back."""
        key = f"{self.run_key}-{order}-back"
        demand = {
            "msisdn": scenario.number,
            "incident": scenario.goes_back,
            "evidence": "the initial donor's mail",
        }
        found = await call_patiently("POST", "/reverse-ports", body=demand, idempotency_key=key)
        path = f"/reverse-ports/{found['reverse_port_id']}"
        agreed = {"decision": "agree", "reason": "the holder never asked", "by": "a colleague"}
        await call_patiently(
            "POST", f"{path}/decisions", body=agreed, idempotency_key=f"{key}-agreed"
        )
        self.say(f"{order}  agreed to hand the number back: {scenario.name}")
        limit = time.monotonic() + LIMIT.span.total_seconds()
        while time.monotonic() < limit and found["ending"] is None:
            await asyncio.sleep(LOOK.span.total_seconds())
            found = await call_patiently("GET", path)
        self.say(f"{order}  {found['ending']}: {scenario.name}")
        return await call_patiently("GET", f"/orders/{order}")

    def _announce(self, scenario: Scenario, answer: Answer) -> None:
        if any(not line["stage"].startswith("claiming") for line in answer["lines"]):
            self.claimed[scenario.name].set()

    def due(self, moves: Sequence[Move], answer: Answer, seen: Mapping[int, int]) -> Sequence[Move]:
        """The next one, once it is seen what the one before came to; with those after it about
        other lines, which it changes nothing of."""
        due: list[Move] = []
        for move in moves:
            alone = move.line is None or any(one.line in {None, move.line} for one in due)
            stale = _versions(move, answer).items() <= seen.items()
            if (due and alone) or stale or not self._is_due(move, answer):
                break
            due.append(move)
        return due

    def _is_due(self, move: Move, answer: Answer) -> bool:
        """By the stack's own time, which began a little before it is reckoned here."""
        now = STORY + timedelta(seconds=(time.monotonic() - self.begun_at) * self.scale)
        return _awaits(move, answer) and (move.not_before is None or now >= move.not_before)

    async def _make(self, move: Move, answer: Answer, key: str) -> None:
        order = str(answer["order_id"])
        if move.far_side:
            await self.teach(move.far_side)
        try:
            await self._send(move, order, key)
        except BadInputError as exc:
            self.say(f"{order}  refused: {exc}")
            if not (move.is_refused and all(word in str(exc) for word in move.refusal)):
                raise
        else:
            if move.is_refused:
                raise BadInputError(f"order {order}: {move.on} was to be refused, and was taken")

    async def _send(self, move: Move, order: str, key: str) -> None:
        if move.amends:
            await self._amend(move.amends, order, key)
            return
        path, body = _said(move)
        named = {} if move.line is None else {"line": move.line}
        await call_patiently(
            "POST", f"/orders/{order}/{path}", body={**body, **named}, idempotency_key=key
        )

    async def _amend(self, change: Answer, order: str, key: str) -> None:
        """Planned, then carried out; what the line says to it is in its timeline."""
        path = f"/orders/{order}/amendments"
        plan = await call_patiently("POST", path, body=change, idempotency_key=key)
        await call_patiently("POST", f"{path}/{plan['amendment_id']}/execution")


def _said(move: Move) -> tuple[str, Answer]:
    """Where in the API it is said, and how."""
    if move.holds_until:
        reason = "the premises move"
        return "holds", {"until": move.holds_until, "reason": reason, "by": "a colleague"}
    if move.cancels:
        return "cancellations", {"by": "the customer", "accept_cost": True}
    if move.equipment:
        return "equipment", {"by": "a colleague", **move.equipment}
    return "decisions", {"by": "a colleague", **move.decide}


def _versions(move: Move, answer: Answer) -> dict[int, int]:
    """Of the lines it is about."""
    return {
        line["number"]: line["version"]
        for line in answer["lines"]
        if move.line in {None, line["number"]}
    }


def _awaits(move: Move, answer: Answer) -> bool:
    return any(
        (line["stage"] == move.on and not move.asks)
        or any(a["code"] == move.on and move.asks in a["what"]["en"] for a in line["attention"])
        for line in answer["lines"]
        if move.line in {None, line["number"]} and move.stage in {"", line["stage"]}
    )


def _differences(scenario: Scenario, ended: Answer, moved: int) -> Sequence[str]:
    """Everything that is not as the scenario says, in words."""
    if ended["stage"] != "closed":
        return [f"it did not end within {LIMIT.span}: look at it in the Temporal UI"]
    return demo_checks.differences(scenario, ended, moved)


def _taught(scenario: Scenario) -> Answer:
    """By number, or by the street of a site."""
    script = scenario.misbehaviour
    return script if "site" in script else {"msisdn": scenario.number, **script}


def wall_now() -> datetime:
    return datetime.now(UTC)
