"""The demo's fleet: sixty lines of one order over three donors, five troubles, and what a colleague
does about them, many lines at a time. The figures are literals: nothing here reckons.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from domain.clock import Technical
from runtime.cli.client import Answer, call_all, call_patiently
from runtime.demo_scenarios import SIGNED, held, rio
from runtime.demo_stories import Json
from runtime.errors import BadInputError

NAME = "a fleet of sixty lines over three donors"
PROVIDER = "axantis"
DAY, MOVED_DAY = "2027-01-27", "2027-01-28"


@dataclass(frozen=True, kw_only=True)
class BulkMove:
    """What a person does to many lines, once so many of them ask it or stand there."""

    on: str
    count: int
    asked: Json
    exactly: bool = False
    """Once the lines of the move before it are no longer among them."""

    def is_due(self, counted: int) -> bool:
        return counted == self.count if self.exactly else counted >= self.count


def number_of(place: int) -> str:
    return f"06130000{place:02d}"


def donor_of(place: int) -> str:
    """Twenty-five of SFR, twenty of Bouygues Telecom, fifteen of Free."""
    return "02" if place <= 25 else "03" if place <= 45 else "04"  # noqa: PLR2004  as it is said


TROUBLES: dict[int, Json] = {
    **{place: {"donor": ["R123"]} for place in (3, 4, 5)},
    **{place: {"donor": ["lose:C002"]} for place in (28, 29)},
    **{place: {"donor": ["silence"]} for place in (47, 48)},
    10: {"prepare": ["reject:NO-STOCK"]},
    **{place: {"activity": ["inactive"]} for place in (55, 56)},
}
"""Wrong at the donor, taken back, never answered, no card left, inactive on the day."""

MOVES = (
    BulkMove(on="fleet", count=25, asked={"action": "cancel", "lines": [20, 21]}),
    BulkMove(
        on="fleet",
        count=23,
        exactly=True,
        asked={"action": "decide", "about": "fleet", "decision": "agree", "reason": "announced"},
    ),
    BulkMove(
        on="operator-refused",
        count=1,
        asked={
            "action": "decide",
            "about": "operator-refused",
            "decision": "retry",
            "reason": "cards have come",
        },
    ),
    BulkMove(
        on="preparing",
        count=1,
        asked={"action": "move", "lines": [30, 31, 32, 33], "day": MOVED_DAY},
    ),
    BulkMove(
        on="donor-refused",
        count=3,
        asked={
            "action": "decide",
            "about": "donor-refused",
            "detail": "R123",
            "decision": "end",
            "reason": "they stay there",
        },
    ),
    BulkMove(
        on="eligibility-lost",
        count=2,
        asked={
            "action": "decide",
            "about": "eligibility-lost",
            "decision": "end",
            "reason": "they stay there",
        },
    ),
    BulkMove(
        on="donor-silent",
        count=2,
        asked={
            "action": "decide",
            "about": "donor-silent",
            "decision": "end",
            "reason": "nobody answers",
        },
    ),
    BulkMove(
        on="number-inactive",
        count=2,
        asked={
            "action": "decide",
            "about": "number-inactive",
            "decision": "retry",
            "reason": "in service again",
        },
    ),
)
EXPECTED = {"ported": 51, "refused": 7, "cancelled": 2}
BECAUSE = (
    "each line ends by itself (decision 22): three wrong RIOs, two taken back and two without an "
    "answer stay with their donor, two are cancelled before the request has left"
)
LIMIT = Technical(timedelta(minutes=10))
LOOK = Technical(timedelta(milliseconds=400))
LOOKS = 5
"""How often what a bulk is about is looked at again, when lines come and go meanwhile."""


def request() -> Json:
    return {
        "reference": f"DEMO-{NAME}",
        "provider": PROVIDER,
        "signed_on": SIGNED,
        "customer": {
            "name": "Transports du Ventoux",
            "contact": "Dominique Roux, flotte@example.fr",
            "kind": "company",
        },
        "documents": list(held("mandate", "identity")),
        "lines": [_line(place) for place in range(1, 61)],
    }


def _line(place: int) -> Json:
    number = number_of(place)
    asked = {"msisdn": number, "rio": rio(number, f"{donor_of(place)}E"), "host": "orange"}
    return {**asked, "wish": DAY, "monthly_ttc": "12.00"}


@dataclass(frozen=True, kw_only=True)
class FleetEnd:
    order: str
    outcome: str
    ended_at: str | None
    differences: tuple[str, ...]


@dataclass(kw_only=True)
class FleetDemo:
    run_key: str
    say: Callable[[str], None]
    moves: list[BulkMove] = field(default_factory=lambda: list(MOVES))
    bulks: list[str] = field(default_factory=list)

    async def play(self) -> FleetEnd:
        sent = await call_patiently(
            "POST", "/orders", body=request(), idempotency_key=f"{self.run_key}-fleet"
        )
        order = str(sent["order_id"])
        self.say(f"{order}  submitted: {NAME} ({PROVIDER})")
        limit = time.monotonic() + LIMIT.span.total_seconds()
        while True:
            answer = await call_patiently("GET", f"/orders/{order}")
            if answer["stage"] == "closed" or time.monotonic() > limit:
                break
            await self._step(order, answer["tally"])
            await asyncio.sleep(LOOK.span.total_seconds())
        self.say(f"{order}  {answer['tally']['outcomes']}: {NAME}")
        lines = await call_all(f"/orders/{order}/lines?limit=200", "lines")
        return FleetEnd(
            order=order,
            outcome=_told(answer["tally"]["outcomes"]),
            ended_at=answer["ended_at"],
            differences=(*_differences(answer, lines), *await self._unanswered()),
        )

    async def _step(self, order: str, tally: Answer) -> None:
        """Whatever can be done now, each once; of those about one thing, the first."""
        counted: Counter[str] = Counter(tally["stages"]) + Counter(tally["waiting"])
        first = {one.on: one for one in reversed(self.moves)}
        for move in [one for one in first.values() if one.is_due(counted[one.on])]:
            self.moves.remove(move)
            await self._make(order, move)

    async def _make(self, order: str, move: BulkMove) -> None:
        asked = {**move.asked, "order_id": order, "by": "a colleague"}
        begun: Answer = {}
        for left in reversed(range(LOOKS)):
            try:
                begun = await self._begun(asked)
                break
            except BadInputError as exc:
                self.say(f"{order}  looked at again: {exc}")
                if not left:
                    raise
        self.bulks.append(str(begun["bulk_id"]))
        self.say(f"{order}  {asked['action']} {asked.get('about', '')}: {begun['lines']} lines")

    async def _begun(self, asked: Json) -> Answer:
        """What was seen, and only that: a line that came or went meanwhile has it looked at again,
        as it would a colleague."""
        shown = await call_patiently("POST", "/bulk-previews", body=asked)
        body: Json = {**asked, "token": shown["token"]}
        if asked["action"] == "cancel":
            body["accept_cost"] = True
        key = f"{self.run_key}-{len(self.bulks)}"
        return await call_patiently("POST", "/bulks", body=body, idempotency_key=key)

    async def _unanswered(self) -> Sequence[str]:
        """Lines that refused what was asked of them, and moves that never came to be."""
        refused = [f"not made: {move.asked}" for move in self.moves]
        for bulk in self.bulks:
            found = await call_patiently("GET", f"/bulks/{bulk}?refused=true")
            refused += [f"line {one['line']}: {one['why']}" for one in found["results"]]
        return refused


def _told(outcomes: Answer) -> str:
    return ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))


def _differences(answer: Answer, lines: Sequence[Answer]) -> Sequence[str]:
    """Everything that is not as it should be, in words."""
    if answer["stage"] != "closed":
        return [f"it did not end within {LIMIT.span}: {answer['tally']}"]
    wrong = []
    if answer["tally"]["outcomes"] != EXPECTED:
        wrong.append(f"outcomes: {answer['tally']['outcomes']}, not {EXPECTED}")
    for one in lines:
        expected = MOVED_DAY if one["line"] in {30, 31, 32, 33} else DAY
        if one["outcome"] == "ported" and one["port_day"] != expected:
            wrong.append(f"line {one['line']}: {one['port_day']}, not {expected}")
    return wrong
