"""Six sample orders on the real parts, to their ends; and what the Temporal UI shows meanwhile."""

import asyncio
import json
import random
from datetime import datetime
from typing import Any

import pytest
from temporalio.client import Client

from runtime.demo_scenarios import QUICK
from tests.e2e.conftest import Raccord, nothing_is_left_of
from tests.waiting import until_async
from workflows.identity import line_workflow_id

SIX = [word for scenario in QUICK for word in ("--only", scenario.name)]
INSTANTS = 20
AT_ONCE = 4
"""Lines looked at side by side: versions pass quickly, and a busy machine looks slowly."""


@pytest.mark.timeout(400)
async def test_six_orders_end_as_expected_and_the_ui_shows_what_the_ledger_says(
    raccord: Raccord,
) -> None:
    demo = raccord.background("demo", "--until-done", "--json", "--pace", "10", *SIX)
    await until_async(_ready(raccord), what="the stack is up", seconds=60)
    seen = await asyncio.wait_for(_compared(raccord), 120)
    output, _ = await asyncio.to_thread(demo.communicate)

    assert demo.returncode == 0, output
    answer = json.loads(output.strip().splitlines()[-1])
    orders = answer["result"]["orders"]
    assert [order["scenario"] for order in orders if not order["as_expected"]] == []
    assert [(order["provider"], order["outcome"]) for order in orders] == [
        ("axantis", "ported"),
        ("onecom", "ported"),
        ("nexis", "cancelled"),
        ("technicophone", "refused"),
        ("axantis", "ported"),
        ("axantis", "cancelled"),
    ]
    assert answer["because"] == {"ledger": "intact", "effects_made_twice": 0}
    assert len(seen) == INSTANTS
    assert nothing_is_left_of(raccord)


def _ready(raccord: Raccord) -> Any:  # noqa: ANN401  a coroutine function
    async def ready() -> bool:
        file = raccord.home / "run" / "state.json"
        return file.exists() and raccord.state()["phase"] == "ready"

    return ready


async def _compared(raccord: Raccord) -> set[tuple[str, int]]:
    """At so many versions of lines chosen by a seed: the UI's columns and the order shown."""
    chosen = random.Random(20261121)  # noqa: S311  a seed, no secret
    client = await Client.connect(raccord.state()["addresses"]["temporal"])
    seen: set[tuple[str, int]] = set()
    while len(seen) < INSTANTS:
        waits = (await asyncio.to_thread(raccord.get, "/deadlines?within_hours=8000"))["deadlines"]
        due = [one for one in waits if one["about"]["matter"] == "line"]
        some = chosen.sample(due, min(len(due), AT_ONCE))
        looks = await asyncio.gather(*(_look(raccord, client, one) for one in some))
        seen |= {look for look in looks if look is not None}
    return set(sorted(seen)[:INSTANTS])


async def _look(raccord: Raccord, client: Client, one: Any) -> tuple[str, int] | None:  # noqa: ANN401
    """The line and the version at which both were compared; None when it moved meanwhile."""
    columns = await _columns(client, one["line_id"])
    if "RaccordVersion" not in columns:
        return None
    shown = await asyncio.to_thread(_line, raccord, one["order_id"], columns["RaccordVersion"])
    if shown["version"] != columns["RaccordVersion"]:
        return None
    assert columns["RaccordStage"] == shown["stage"]
    assert columns["RaccordProvider"] == shown["provider"]
    assert columns["RaccordOperator"] == shown["host"]
    assert columns["RaccordAttention"] is bool(shown["attention"])
    assert _instant(columns.get("RaccordDue")) == _instant(shown["due"])
    return one["line_id"], columns["RaccordVersion"]


async def _columns(client: Client, line_id: Any) -> dict[str, Any]:  # noqa: ANN401  a line's id
    handle = client.get_workflow_handle(line_workflow_id(line_id))
    attributes = (await handle.describe()).typed_search_attributes
    return {pair.key.name: pair.value for pair in attributes}


def _line(raccord: Raccord, order_id: str, version: int) -> dict[str, Any]:
    """Once the projector has passed the version that the UI shows."""
    while True:
        (line, *_) = raccord.get(f"/orders/{order_id}")["lines"]
        if line["version"] >= version:
            return dict(line)


def _instant(value: Any) -> float | None:  # noqa: ANN401  a datetime, a text, or nothing
    if value is None:
        return None
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return float(round(moment.timestamp(), 3))
