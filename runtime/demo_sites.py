"""What the sample orders of accesses are written with: streets, how networks lie there, papers."""

from datetime import date
from typing import Any

from domain.said import day_said
from runtime.demo_scenarios import held
from runtime.demo_stories import Json, Move

FORM = held("signed-order-form")
DSL = held("signed-order-form", "dsl-written-mandate")
OKSIO = held("premises-description", "sepa-mandate", "order-payment")
NO_CHARGE = "a site that cannot be connected is cancelled alone, without indemnity (002:588-594)"
OPERATORS = ("orange", "sfr", "bouygues")
BY_HAND = "answer-by-hand"
SLOTS = "visit-slots"
SOON = ("works-days:1", "technicians:99")
"""Where a story says nothing else: works are short, and somebody can come on any day."""


FAST = "tests:slow=98"
"""In per cent of the rate: dedicated fibre is guaranteed at 95 (002:2423)."""


def site(street: str, *wanted: str, **more: Any) -> Json:  # noqa: ANN401  any JSON
    """Each story lies in a street of its own: no two share a box of the network."""
    return {
        "address": f"1 {street}, 37210 Rochecorbon",
        "commune": "37203",
        "wanted": list(wanted),
        "prices": {"access_fee": "150.00", "monthly": "49.90", "term_months": 36},
        **more,
    }


def lies(street: str, *words: str, **script: list[str]) -> Json:
    """How every network lies in a street, and what single steps do there."""
    return {"site": street, "is": [*words, *SOON], **script}


def only(operator: str, street: str, *words: str, **script: list[str]) -> Json:
    """Where one operator alone is."""
    others = {other: ["not-deployed"] for other in OPERATORS if other != operator}
    return {"site": street, operator: ["deployed", *words, *SOON], **others, **script}


def comes(day: str, *lines: int) -> tuple[Move, ...]:
    """No technician is wanted before that day; then the first half-day of it is taken, for each of
    so many lines."""
    first = f"1: {day_said(date.fromisoformat(day)).en}, in the morning"
    later = {"decision": "retry", "reason": "not before", "about": SLOTS, "given": {"day": day}}
    taken = {"decision": "provide", "reason": "it suits", "about": SLOTS, "given": {"slot": "1"}}
    numbers = lines or (None,)
    return (
        *(Move(on=SLOTS, line=number, decide=later) for number in numbers),
        *(Move(on=SLOTS, line=number, decide=taken, asks=first) for number in numbers),
    )


def answer(
    on: str, decision: str, reason: str, *, line: int | None = None, stage: str = "", **given: str
) -> Move:
    decide = {"decision": decision, "reason": reason, "about": on, "given": given}
    return Move(on=on, line=line, stage=stage, decide=decide)


def paper(code: str, name: str) -> Move:
    given = {"document": name, "on": "2027-01-09"}
    signed = {
        "decision": "provide",
        "reason": "signed by the customer",
        "about": code,
        "given": given,
    }
    return Move(on=code, decide=signed)
