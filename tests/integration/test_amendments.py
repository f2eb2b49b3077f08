"""Amending an order through HTTP: the difference, the plan, its execution; one at a time."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from activities.lines import LineLedger, LineStep
from activities.orders import LineEndedStep, OrderActivities
from activities.port_in import PortInActivities
from activities.port_in_people import AmendmentStep, CancellationStep, PortInPeople
from domain.identity import LineId, OrderId, line_id_for
from ledger.messages import APPLY_AMENDMENT
from runtime.amending import AmendmentApplier
from runtime.processes.api import wall_now
from runtime.relay import Done, Later, Outcome, Park
from tests.integration.conftest import ORDER, Client
from tests.porting import RULES, STORY, rio_of
from workflows.messages import AmendRequest, Ruled

OTHER_DAY = {"lines": [{"line": 1, "wish": "2027-02-03"}]}
CONTACT = {"customer": {"contact": "Lou Bernard, lou@example.fr"}}


async def _dated(api: Client, line: LineId) -> None:
    lines = LineLedger(ledger=api.store.ledger, keyed_hash=api.store.keyed_hash)
    port = PortInActivities(lines=lines, rules=RULES)
    progress = await port.claim_number(LineStep(line_id=line, at=STORY))
    for verb in (port.look_at_gates, port.settle_dates):
        progress = await verb(LineStep(line_id=line, at=STORY, version=progress.version))


async def _planned(api: Client, body: dict[str, Any] = OTHER_DAY) -> tuple[str, str]:
    """An order with a plan, as two ids."""
    order, line = await api.ordered()
    await _dated(api, line)
    planned = await api("POST", f"/orders/{order}/amendments", body)
    assert planned.status == 201, planned.body
    return order, planned.body["amendment_id"]


def _applier(api: Client) -> AmendmentApplier:
    return AmendmentApplier(
        ledger=api.store.ledger,
        keyed_hash=api.store.keyed_hash,
        processes=api.processes,
        clocks=api.store.clock,
        wall_now=wall_now,
    )


async def _applied(api: Client) -> list[Outcome]:
    rows = await api.store.outbox.lease(limit=50)
    return [await _applier(api).apply(r.payload) for r in rows if r.kind == APPLY_AMENDMENT]


async def test_a_plan_says_what_changes_and_what_follows_and_moves_nothing(api: Client) -> None:
    order, line = await api.ordered()
    await _dated(api, line)

    planned = await api("POST", f"/orders/{order}/amendments", {**OTHER_DAY, **CONTACT})
    again = await api("POST", f"/orders/{order}/amendments", {**OTHER_DAY, **CONTACT})

    assert (planned.status, planned.body["stands"]) == (201, "planned")
    assert again.body == planned.body
    told = {one["pointer"]: one for one in planned.body["differences"]}
    assert told["/lines/0/wish"]["was"] == "2027-01-15"
    assert "3 February 2027" in told["/lines/0/wish"]["effect"]["en"]
    assert told["/customer/contact"]["becomes"] is None, "what is personal is not sent back"
    assert "Lou" not in str(planned.body)
    shown = await api("GET", f"/orders/{order}")
    assert "Camille" in shown.body["contact"]
    assert api.processes.asked == []


async def test_an_execution_asks_the_lines_and_keeps_what_they_say(api: Client) -> None:
    order, amendment = await _planned(api, {**OTHER_DAY, **CONTACT})

    begun = await api("POST", f"/orders/{order}/amendments/{amendment}/execution")
    twice = await api("POST", f"/orders/{order}/amendments/{amendment}/execution")
    api.processes.rulings = [Ruled(taken=False, why="its request has left", version=1)]
    assert await _applied(api) == [Done()]

    assert (begun.status, begun.body["stands"], twice.status) == (202, "executing", 202)
    ((_, request, key),) = api.processes.asked
    assert isinstance(request, AmendRequest)
    assert (str(request.day), request.by, key) == ("2027-02-03", "test", f"amend/{amendment}")
    (done,) = (await api("GET", f"/orders/{order}/amendments")).body["amendments"]
    assert done["stands"] == "executed"
    assert done["answers"] == [{"line": 1, "taken": False, "why": "its request has left"}]
    shown = await api("GET", f"/orders/{order}")
    assert shown.body["contact"] == "Lou Bernard, lou@example.fr"
    found = await api("POST", "/search/orders", {"contact": "lou bernard, lou@example.fr"})
    assert found.body["order_ids"] == [order]


async def test_an_execution_waits_for_a_process_that_does_not_answer(api: Client) -> None:
    order, amendment = await _planned(api)
    await api("POST", f"/orders/{order}/amendments/{amendment}/execution")
    rows = await api.store.outbox.lease(limit=50)
    (payload,) = (row.payload for row in rows if row.kind == APPLY_AMENDMENT)
    api.processes.rulings = [None]

    assert isinstance(await _applier(api).apply(payload), Later)
    assert await _applier(api).apply(payload) == Done()
    assert await _applier(api).apply(payload) == Done(), "once it is done it is done"
    assert len(api.processes.asked) == 2


async def test_a_line_that_has_ended_meanwhile_answers_so_and_holds_nothing_up(
    api: Client,
) -> None:
    order, amendment = await _planned(api, {**OTHER_DAY, **CONTACT})
    await api("POST", f"/orders/{order}/amendments/{amendment}/execution")
    activities = OrderActivities(ledger=api.store.ledger, keyed_hash=api.store.keyed_hash)
    order_id = OrderId(UUID(order))
    line = line_id_for(order_id, number=1)
    lines = LineLedger(ledger=api.store.ledger, keyed_hash=api.store.keyed_hash)
    await PortInPeople(lines=lines, rules=RULES).ask_cancellation(
        CancellationStep(line_id=line, at=STORY, request_id="c", by="crm")
    )
    port = PortInActivities(lines=lines, rules=RULES)
    ended = await port.end_port(LineStep(line_id=line, at=STORY, version=99))
    assert ended.ended
    await activities.note_line_ended(LineEndedStep(order_id=order_id, at=STORY, line_id=line))

    assert await _applied(api) == [Done()]

    (done,) = (await api("GET", f"/orders/{order}/amendments")).body["amendments"]
    assert (done["stands"], done["answers"][0]["why"]) == ("executed", "the line has ended")
    assert api.processes.asked == []
    assert (await api("GET", f"/orders/{order}")).body["contact"].startswith("Lou")


async def test_one_amendment_at_a_time(api: Client) -> None:
    order, amendment = await _planned(api)
    other = {"lines": [{"line": 1, "wish": "2027-02-10"}]}

    refused = await api("POST", f"/orders/{order}/amendments", other, key="k-2")
    withdrawn = await api("POST", f"/orders/{order}/amendments/{amendment}/withdrawal")
    planned = await api("POST", f"/orders/{order}/amendments", other, key="k-2")
    too_late = await api("POST", f"/orders/{order}/amendments/{amendment}/execution")

    assert (refused.status, refused.body["type"]) == (409, "amendment-refused")
    assert amendment in refused.body["detail"]
    assert (withdrawn.body["stands"], planned.status) == ("withdrawn", 201)
    assert (too_late.status, planned.body["number"]) == (409, 2)


async def test_a_key_that_carried_another_amendment_is_a_conflict(api: Client) -> None:
    order, _ = await _planned(api)

    refused = await api("POST", f"/orders/{order}/amendments", CONTACT)

    assert (refused.status, refused.body["type"]) == (409, "idempotency-key-reused")


@pytest.mark.parametrize(
    ("body", "pointer", "words"),
    [
        ({}, "/lines", "Nothing of this is different"),
        ({"lines": [{"line": 1}]}, "/lines", "Nothing of this is different"),
        ({"customer": {}}, "/lines", "Nothing of this is different"),
        ({"lines": [{"line": 4, "wish": "2027-02-03"}]}, "/lines/0/line", "no line 4; it has 1"),
        (
            {"lines": [{"line": 1, "wish": "2027-01-10"}]},
            "/lines/0/wish",
            "the first day that can be",
        ),
        (
            {"lines": [{"line": 1, "rio": rio_of("0612345679")}]},
            "/lines/0/rio",
            "does not go with this number",
        ),
        ({"lines": [{"line": 1, "rio": rio_of()}]}, "/lines", "Nothing of this is different"),
    ],
)
async def test_what_cannot_be_amended_is_refused_at_its_field(
    api: Client, body: dict[str, Any], pointer: str, words: str
) -> None:
    order, line = await api.ordered()
    await _dated(api, line)

    refused = await api("POST", f"/orders/{order}/amendments", body)

    assert (refused.status, refused.body["type"]) == (422, "order-refused")
    assert [error["pointer"] for error in refused.body["errors"]] == [pointer]
    assert words in refused.body["errors"][0]["sentence"]


async def test_every_mistake_of_an_amendment_is_told_at_once(api: Client) -> None:
    order, line = await api.ordered()
    await _dated(api, line)
    body = {"lines": [{"line": 1, "wish": "2027-01-10", "rio": rio_of("0612345679")}, {"line": 2}]}

    refused = await api("POST", f"/orders/{order}/amendments", body)

    pointers = {error["pointer"] for error in refused.body["errors"]}
    assert pointers == {"/lines/0/wish", "/lines/0/rio", "/lines/1/line"}


async def test_a_corrected_rio_is_kept_first_and_goes_by_its_id(api: Client) -> None:
    right = rio_of(prefix="03E123456")
    order, amendment = await _planned(api, {"lines": [{"line": 1, "rio": right}]})
    await api("POST", f"/orders/{order}/amendments/{amendment}/execution")

    assert await _applied(api) == [Done()]

    ((line, request, _),) = api.processes.asked
    assert isinstance(request, AmendRequest)
    assert right not in request.model_dump_json()
    lines = LineLedger(ledger=api.store.ledger, keyed_hash=api.store.keyed_hash)
    ruling = await PortInPeople(lines=lines, rules=RULES).amend(
        AmendmentStep(
            line_id=line,
            at=STORY,
            request_id="a",
            by="test",
            day=None,
            correction_id=request.correction,
        )
    )
    assert ruling.taken
    (number,) = (await api("GET", f"/orders/{order}/numbers")).body["numbers"]
    assert (number["rio"], number["donor"]) == (right, "03")


async def test_a_line_that_is_being_undone_is_not_amended(api: Client) -> None:
    order, line = await api.ordered()
    await _dated(api, line)
    lines = LineLedger(ledger=api.store.ledger, keyed_hash=api.store.keyed_hash)
    await PortInPeople(lines=lines, rules=RULES).ask_cancellation(
        CancellationStep(line_id=line, at=STORY, request_id="c", by="crm")
    )

    refused = await api("POST", f"/orders/{order}/amendments", OTHER_DAY)

    assert refused.status == 422
    assert "being undone" in refused.body["errors"][0]["sentence"]


async def test_a_plan_on_what_has_moved_since_it_was_read_is_refused(api: Client) -> None:
    order, line = await api.ordered()
    read = (await api("GET", f"/orders/{order}")).headers["ETag"]
    await _dated(api, line)

    refused = await api(
        "POST", f"/orders/{order}/amendments", OTHER_DAY, headers={"If-Match": read}
    )

    assert (refused.status, refused.body["type"]) == (412, "order-moved")


async def test_an_amendment_nobody_planned_is_unknown(api: Client) -> None:
    order, _ = await api.ordered()

    for move in ("execution", "withdrawal"):
        refused = await api("POST", f"/orders/{order}/amendments/{uuid4()}/{move}")
        assert (refused.status, refused.body["type"]) == (404, "amendment-unknown")


async def test_what_names_no_amendment_is_set_aside_for_a_person(api: Client) -> None:
    for payload in ("", "[]", "{}"):
        assert isinstance(await _applier(api).apply(payload), Park)


async def test_lines_that_have_no_process_yet_are_waited_for(api: Client) -> None:
    order = (await api("POST", "/orders", ORDER)).body["order_id"]
    planned = await api("POST", f"/orders/{order}/amendments", CONTACT)
    amendment = planned.body["amendment_id"]
    await api("POST", f"/orders/{order}/amendments/{amendment}/execution")

    assert [type(outcome) for outcome in await _applied(api)] == [Later]
