"""What people decide through HTTP: what is sent on, kept first, or refused with a sentence."""

from dataclasses import replace
from datetime import timedelta

import pytest

from activities.lines import LineLedger
from activities.port_in_people import CancellationStep, PortInPeople
from domain.attention import DecisionKind, DecisionTaken
from domain.identity import LineId, line_stream, step_command
from ledger.append import At, CommandStamp
from tests.builders import append, on_stream
from tests.integration.conftest import ORDER, Client
from tests.porting import RULES, STORY, body, rio_of
from workflows.messages import DecisionRequest, Ruled

# decisions


async def test_a_decision_reaches_the_process_under_its_key(api: Client) -> None:
    order, line = await api.ordered()

    answered = await api(
        "POST",
        f"/orders/{order}/decisions",
        {"decision": "retry", "reason": "again", "by": "Ops"},
        key="d-1",
    )

    assert (answered.status, answered.body["taken"]) == (200, True)
    ((asked, request, key),) = api.processes.asked
    assert (asked, key) == (line, "test/d-1")
    assert request == DecisionRequest(decision="retry", reason="again", by="Ops (test)")


async def test_a_decision_that_is_refused_says_why_and_is_recorded(api: Client) -> None:
    order, line = await api.ordered()
    api.processes.rulings = [Ruled(taken=False, why="nothing waits here", version=1)]

    refused = await api("POST", f"/orders/{order}/decisions", {"decision": "retry"})

    assert (refused.status, refused.body["detail"]) == (409, "nothing waits here.")
    (kept,) = await api.store.ledger.read(f"refused-decisions/{line}")  # type: ignore[arg-type]  # a stream id
    assert getattr(kept.event, "why") == "nothing waits here"  # noqa: B009  of the fact


async def test_a_corrected_rio_is_kept_first_and_only_its_id_is_sent(api: Client) -> None:
    order, _ = await api.ordered()
    right = rio_of(prefix="03E123456")

    answered = await api(
        "POST", f"/orders/{order}/decisions", {"decision": "correct", "rio": right}
    )

    assert answered.status == 200
    ((_, request, _key),) = api.processes.asked
    assert isinstance(request, DecisionRequest)
    assert right not in request.model_dump_json()
    (kept,) = await api.store.ledger.read(f"correction/{request.given['correction']}")  # type: ignore[arg-type]  # a stream id
    assert getattr(kept.event, "rio").reveal() == right  # noqa: B009  of the fact


async def test_the_same_key_with_another_rio_is_another_correction(api: Client) -> None:
    order, _ = await api.ordered()
    for prefix in ("03E123456", "04E123456"):
        body = {"decision": "correct", "rio": rio_of(prefix=prefix)}
        answered = await api("POST", f"/orders/{order}/decisions", body, key="same")
        assert answered.status == 200

    first, second = (request.given["correction"] for _, request, _ in api.processes.asked)  # type: ignore[union-attr]  # decisions only
    assert first != second


async def test_two_refusals_under_one_key_are_both_recorded(api: Client) -> None:
    order, line = await api.ordered()
    api.processes.rulings = [Ruled(taken=False, why="no", version=1)] * 3

    for decision in ("retry", "retry", "correct"):
        body = {"decision": decision}
        refused = await api("POST", f"/orders/{order}/decisions", body, key="same")
        assert (refused.status, refused.body["detail"]) == (409, "no.")

    assert len(await api.store.ledger.read(f"refused-decisions/{line}")) == 2  # type: ignore[arg-type]  # a stream id


@pytest.mark.parametrize("name", ["rio", "RIO"])
async def test_a_rio_among_what_is_kept_in_clear_is_refused_before_it_is_sent(
    api: Client, name: str
) -> None:
    order, _ = await api.ordered()

    refused = await api(
        "POST",
        f"/orders/{order}/decisions",
        {"decision": "correct", "given": {name: rio_of()}},
    )

    assert refused.status == 422
    assert "in the field rio of the API" in refused.body["detail"]
    assert rio_of() not in str(refused.body)
    assert api.processes.asked == []


async def test_a_corrected_rio_of_another_number_is_refused_at_once(api: Client) -> None:
    order, _ = await api.ordered()

    refused = await api(
        "POST",
        f"/orders/{order}/decisions",
        {"decision": "correct", "rio": rio_of("0612345679")},
    )

    assert (refused.status, refused.body["type"]) == (422, "bad-value")
    assert "the key does not go with this number" in refused.body["detail"]
    assert api.processes.asked == []


async def test_a_process_that_does_not_answer_is_a_reason_to_send_it_again(api: Client) -> None:
    order, _ = await api.ordered()
    api.processes.rulings = [None]

    refused = await api("POST", f"/orders/{order}/decisions", {"decision": "retry"})

    assert (refused.status, refused.body["type"]) == (503, "process-unavailable")
    assert "same key again" in refused.body["detail"]


@pytest.mark.parametrize(
    ("line", "detail"),
    [({}, "No line of the order is open."), ({"line": 7}, "The order has no line 7; it has 1.")],
)
async def test_a_line_that_is_not_there_is_named(
    api: Client, line: dict[str, int], detail: str
) -> None:
    order = (await api("POST", "/orders", ORDER)).body["order_id"]

    refused = await api("POST", f"/orders/{order}/decisions", {"decision": "retry", **line})

    assert (refused.status, refused.body["detail"]) == (409, detail)


async def test_a_word_that_is_no_decision_is_answered_with_those_there_are(api: Client) -> None:
    order, _ = await api.ordered()

    refused = await api("POST", f"/orders/{order}/decisions", {"decision": "dance", "line": 0})

    told = {error["pointer"]: error["sentence"] for error in refused.body["errors"]}
    assert refused.status == 400
    assert "'retry'" in told["/decision"]
    assert "/line" in told


# cancelling


async def test_what_cancelling_costs_is_said_before_it_is_asked(api: Client) -> None:
    order, _ = await api.ordered(body("technicophone"))

    preview = await api("GET", f"/orders/{order}/cancellation")
    unread = await api("POST", f"/orders/{order}/cancellations", {})
    asked = await api("POST", f"/orders/{order}/cancellations", {"accept_cost": True, "line": 1})

    assert (preview.body["zone"], preview.body["possible"]) == ("ours", True)
    assert "lettre recommandée" in preview.body["terms"]["needs"]["fr"]
    assert len(preview.body["terms"]["cost"]) == 2  # 002:222-223 and 002:6991: two readings
    assert (unread.status, unread.body["type"]) == (409, "cost-not-accepted")
    assert (asked.status, len(api.processes.asked)) == (200, 1)


async def test_what_is_being_cancelled_is_not_offered_to_be_cancelled(api: Client) -> None:
    order, line = await api.ordered(body("technicophone"))
    lines = LineLedger(ledger=api.store.ledger, keyed_hash=api.store.keyed_hash)
    people = PortInPeople(lines=lines, rules=RULES)
    await people.ask_cancellation(
        CancellationStep(line_id=line, at=STORY + timedelta(hours=2), request_id="c", by="Ops")
    )

    preview = await api("GET", f"/orders/{order}/cancellation")

    assert (preview.body["zone"], preview.body["possible"]) == ("ours", False)


async def test_a_cancellation_refused_says_why(api: Client) -> None:
    order, _ = await api.ordered()
    api.processes.rulings = [Ruled(taken=False, why="it is too late", version=9)]

    refused = await api("POST", f"/orders/{order}/cancellations", {"accept_cost": True})

    assert (refused.status, refused.body["detail"]) == (409, "it is too late.")


# lists


async def test_a_decision_kept_before_its_worker_died_is_answered_as_taken(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new worker's process finds nothing that waits: what the first one kept is the answer."""
    order, line = await api.ordered()
    history = await api.store.ledger.read(line_stream(line))
    taken = DecisionTaken(code="gates", decision=DecisionKind.RETRY, reason="again", by="test")
    kept = append("kept", on_stream(line_stream(line), taken, expected=At(len(history))))
    command = CommandStamp(command_id=step_command(line, step="decision/test/d-1"), fingerprint=b"")

    async def dies(_line: LineId, _request: DecisionRequest, *, key: str) -> Ruled:
        assert key == "test/d-1"
        await api.store.ledger.append(replace(kept, command=command))
        return Ruled(taken=False, why="nothing waits for a decision", version=1)

    monkeypatch.setattr(api.processes, "decide", dies)
    body = {"decision": "retry", "reason": "again"}
    answered = await api("POST", f"/orders/{order}/decisions", body, key="d-1")

    assert (answered.status, answered.body["taken"]) == (200, True)
