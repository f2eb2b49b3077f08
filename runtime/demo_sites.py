"""What the sample orders of accesses are written with: streets, how networks lie there, papers."""

from datetime import datetime
from typing import Any

from runtime.demo_scenarios import Json, Move, held

FORM = held("signed-order-form")
DSL = held("signed-order-form", "dsl-written-mandate")
OKSIO = held("premises-description", "sepa-mandate", "order-payment")
NO_CHARGE = "a site that cannot be connected is cancelled alone, without indemnity (002:588-594)"
OPERATORS = ("orange", "sfr", "bouygues")
BY_HAND = "answer-by-hand"


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
    return {"site": street, "is": list(words), **script}


def only(operator: str, street: str, *words: str, **script: list[str]) -> Json:
    """Where one operator alone is."""
    others = {other: ["not-deployed"] for other in OPERATORS if other != operator}
    return {"site": street, operator: ["deployed", *words], **others, **script}


def works(day: str, *, line: int | None = None) -> Move:
    """Until works have a process of their own, a person says that it works, and since when."""
    done = {"decision": "agree", "reason": "the works are done", "given": {"day": day}}
    begins = datetime.fromisoformat(f"{day}T00:30:00+01:00")
    return Move(on="works-by-hand", line=line, decide=done, not_before=begins)


def answer(
    on: str, decision: str, reason: str, *, line: int | None = None, stage: str = "", **given: str
) -> Move:
    decide = {"decision": decision, "reason": reason, "about": on, "given": given}
    return Move(on=on, line=line, stage=stage, decide=decide)


def paper(code: str, name: str) -> Move:
    given = {"document": name, "on": "2027-01-09"}
    signed = {"decision": "provide", "reason": "signed by the customer", "given": given}
    return Move(on=code, decide=signed)
