"""What needs a person, as one team sees it."""

from dataclasses import replace
from typing import Any

from activities.lines import LineLedger, LineStep
from activities.port_in import AnswerStep, PortInActivities
from domain.port_in_facts import Step
from runtime.processes.projector import line_runner
from tests.failing import book, row
from tests.integration.conftest import Client
from tests.porting import RULES, STORY, body


async def _refused(api: Client) -> str:
    """An order whose host will not prepare the line: for a team of its own."""
    order, line = await api.ordered(body(reference="Q-1"), key="q-1")
    lines = LineLedger(ledger=api.store.ledger, keyed_hash=api.store.keyed_hash)
    policies = book("orange", row("no-stock", "NO-STOCK", queue="hosts"))
    port = PortInActivities(lines=lines, rules=replace(RULES, failures=lambda: policies))
    progress = await port.load_port(LineStep(line_id=line, at=STORY))
    for verb in (port.claim_number, port.look_at_gates, port.settle_dates, port.intend):
        progress = await verb(LineStep(line_id=line, at=STORY, version=progress.version))
    answer = AnswerStep(
        line_id=line,
        at=STORY,
        version=progress.version,
        step=Step.PREPARE_LINE,
        outcome="refused",
        detail="NO-STOCK",
    )
    await port.note_answer(answer)
    return order


async def _asked(api: Client, query: str = "") -> list[dict[str, Any]]:
    await line_runner(api.store).turn()
    found: list[dict[str, Any]] = (await api("GET", f"/attention{query}")).body["attention"]
    return found


async def test_a_team_sees_what_it_looks_after_and_the_row_that_asks(api: Client) -> None:
    order = await _refused(api)

    (mine,) = await _asked(api, "?queue=hosts")

    assert (mine["order_id"], mine["code"], mine["queue"]) == (order, "operator-refused", "hosts")
    assert mine["row"] == {
        "policy": "orange", "version": 2, "name": "no-stock", "since": "2026-01-01"
    }  # fmt: skip
    assert await _asked(api) == [mine]
    assert await _asked(api, "?queue=operations") == []
    (shown,) = (await api("GET", f"/orders/{order}/attention")).body["attention"]
    assert shown == mine


async def test_a_queue_that_is_no_name_is_a_mistake(api: Client) -> None:
    refused = await api("GET", "/attention?queue=No Such")

    assert refused.status == 400
