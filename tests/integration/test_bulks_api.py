"""Many lines of a fleet answered at once: shown, then done, each with a result of its own."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from domain.attention import AttentionCleared
from domain.bulks import part_stream
from domain.clients import Role
from domain.identity import line_stream, step_command
from domain.port_in_facts import Outcome, PortEnded
from domain.said import Said
from ledger.append import CommandStamp, expected_after
from runtime.bulk import BulkDoer
from runtime.processes.projector import line_documents
from runtime.relay import Done, Later, Park
from tests.builders import append, on_stream
from tests.integration.conftest import Answer, Client
from tests.integration.fleets import Fleet, accepted, small
from workflows.messages import AmendRequest, CancelRequest, DecisionRequest, Ruled

__all__ = ["small"]

AGREE = {"action": "decide", "about": "fleet", "decision": "agree", "reason": "checked"}


def _doer(api: Client) -> BulkDoer:
    return BulkDoer(
        ledger=api.store.ledger,
        keyed_hash=api.store.keyed_hash,
        lines=line_documents(api.store),
        processes=api.processes,
        clocks=api.store.clock,
        wall_now=lambda: datetime.now(UTC),
    )


async def _parts(api: Client) -> list[str]:
    rows = await api.store.outbox.lease(limit=200)
    return [row.payload for row in rows if row.kind == "do-part"]


async def _preview(api: Client, asked: dict[str, Any]) -> Any:  # noqa: ANN401  any JSON
    shown = await api("POST", "/bulk-previews", asked, key=None)
    assert shown.status == 200, shown.body
    return shown.body


async def _begun(api: Client, asked: dict[str, Any], **more: Any) -> Answer:  # noqa: ANN401
    token = (await _preview(api, asked))["token"]
    return await api("POST", "/bulks", {**asked, "token": token, **more}, key="bulk-1")


async def test_the_same_answer_goes_to_exactly_the_lines_that_were_shown(small: Fleet) -> None:
    api = small.api
    asked = {**AGREE, "order_id": str(small.order_id), "lines": [3, 4, 22]}

    shown = await _preview(api, asked)
    begun = await _begun(api, asked)
    again = await _begun(api, asked)
    (part,) = await _parts(api)
    outcome = await _doer(api).do(part)
    result = (await api("GET", f"/bulks/{begun.body['bulk_id']}")).body

    assert [(one["line"], one["possible"]) for one in shown["lines"]] == [
        (3, True),
        (4, True),
        (22, True),
    ]
    assert (begun.status, begun.body["lines"]) == (202, 3)
    assert (again.status, again.body["repeated"]) == (200, True)
    assert outcome == Done()
    assert {line for line, _, _ in api.processes.asked} == {small.line(n) for n in (3, 4, 22)}
    (first, *_) = [request for _, request, _ in api.processes.asked]
    assert isinstance(first, DecisionRequest)
    assert (first.decision, first.about, first.reason) == ("agree", "fleet", "checked")
    assert (result["answered"], result["taken"]) == (3, 3)
    assert [one["taken"] for one in result["results"]] == [True, True, True]


async def test_each_line_has_its_own_result(small: Fleet) -> None:
    api = small.api
    await small.ends(4)
    asked = {**AGREE, "order_id": str(small.order_id), "lines": [3, 4, 5]}
    token = (await _preview(api, asked))["token"]
    begun = await api("POST", "/bulks", {**asked, "token": token}, key="bulk-1")
    (part,) = await _parts(api)
    api.processes.rulings = [Ruled(taken=False, why="too late", version=3)]
    await _doer(api).do(part)

    path = f"/bulks/{begun.body['bulk_id']}"
    refused = (await api("GET", f"{path}?refused=true")).body
    page = (await api("GET", f"{path}?limit=1")).body
    rest = (await api("GET", f"{path}?limit=5&cursor={page['next']}")).body

    assert (begun.body["lines"], refused["taken"]) == (2, 1)
    assert [(one["line"], one["why"]) for one in refused["results"]] == [(3, "too late")]
    assert [one["line"] for one in (*page["results"], *rest["results"])] == [3, 5]


async def test_a_line_that_ends_meanwhile_says_so_and_a_silent_process_is_asked_again(
    small: Fleet,
) -> None:
    api = small.api
    await _begun(api, {**AGREE, "order_id": str(small.order_id), "lines": [3, 4]})
    (part,) = await _parts(api)
    await small.ends(4)

    api.processes.rulings = [None]
    assert await _doer(api).do(part) == Later("its process did not answer in time")
    assert await _doer(api).do(part) == Done()
    assert await _doer(api).do(part) == Done()

    bulk_id = UUID(json.loads(part)["bulk_id"])
    facts = await api.store.ledger.read(part_stream(bulk_id, 1))
    assert [type(one.event).__name__ for one in facts] == [
        "BulkPartBegun",
        "BulkPartAnswered",
        "BulkPartAnswered",
    ]
    result = (await api("GET", f"/bulks/{bulk_id}")).body["results"]
    assert [(one["taken"], one["why"]) for one in result] == [
        (True, None),
        (False, "the line has ended"),
    ]


async def test_a_payload_that_names_nothing_is_parked(api: Client) -> None:
    assert await _doer(api).do("{}") == Park("the payload names no part of a bulk")
    assert await _doer(api).do(json.dumps({"bulk_id": str(UUID(int=1)), "part": 1})) == Done()


async def test_what_moved_since_it_was_shown_is_not_done(small: Fleet) -> None:
    api = small.api
    asked = {**AGREE, "order_id": str(small.order_id)}
    token = (await _preview(api, asked))["token"]
    await small.ends(9)

    moved = await api("POST", "/bulks", {**asked, "token": token}, key="bulk-1")
    other = await api("POST", "/bulks", {**asked, "reason": "x", "token": token}, key="bulk-2")

    assert (moved.status, moved.body["type"]) == (409, "preview-moved")
    assert "It would be about 6 lines now" in moved.body["detail"]
    assert other.status == 409
    assert await _parts(api) == []


async def test_a_cause_is_answered_on_every_order_it_stops(small: Fleet) -> None:
    api = small.api
    second = await accepted(api, 21, key="k-2", provider="onecom", numbers="06125")
    await second.opened()
    await second.gathers(1, 2)

    shown = await _preview(api, AGREE)
    one = await _preview(api, {**AGREE, "provider": "onecom"})
    none = await _preview(api, {**AGREE, "detail": "R123"})
    sfr = await _preview(api, {**AGREE, "host": "sfr"})

    assert {line["order_id"] for line in shown["lines"]} == {
        str(small.order_id),
        str(second.order_id),
    }
    assert (shown["possible"], one["possible"], none["possible"], sfr["possible"]) == (9, 2, 0, 0)


async def test_a_day_is_moved_where_it_can_be_and_each_line_says_to_which(small: Fleet) -> None:
    api = small.api
    asked = {
        "action": "move",
        "order_id": str(small.order_id),
        "lines": [1, 2],
        "day": "2027-01-28",
    }
    await small.ends(2)

    shown = await _preview(api, asked)
    await _begun(api, asked)
    (part,) = await _parts(api)
    await _doer(api).do(part)

    assert [(one["possible"], one["port_day"]) for one in shown["lines"]] == [
        (True, "2027-01-28"),
        (False, None),
    ]
    ((line, request, _),) = api.processes.asked
    assert line == small.line(1)
    assert isinstance(request, AmendRequest)
    sunday = await _preview(api, {**asked, "lines": [1], "day": "2027-01-24"})
    assert "the first day that can be is 2027-01-25" in sunday["lines"][0]["why_not"]


async def test_lines_are_cancelled_once_their_cost_was_read(small: Fleet) -> None:
    api = small.api
    asked = {"action": "cancel", "order_id": str(small.order_id), "lines": [7, 8]}

    shown = await _preview(api, asked)
    unread = await _begun(api, asked)
    begun = await _begun(api, asked, accept_cost=True)
    (part,) = await _parts(api)
    await _doer(api).do(part)

    assert shown["cost"][0]["en"].startswith("the contract names no fee")
    assert (unread.status, unread.body["type"]) == (409, "cost-not-accepted")
    assert begun.status == 202
    assert all(isinstance(request, CancelRequest) for _, request, _ in api.processes.asked)


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"about": None}, 422, "give about and decision"),
        ({"action": "cancel"}, 422, "give order_id"),
        ({"action": "move", "order_id": "{order}"}, 422, "give day"),
        ({"lines": [1]}, 422, "give order_id"),
        ({"order_id": "{order}", "lines": [99]}, 409, "The order has no line 99; it has 22."),
        ({"order_id": str(UUID(int=3))}, 404, "check the id"),
        ({"given": {"colour": "red"}}, 422, "colour"),
        ({"decision": "dance"}, 400, ""),
    ],
)
async def test_a_bulk_that_cannot_be_is_told_why(
    small: Fleet, changes: dict[str, Any], status: int, sentence: str
) -> None:
    body = {**AGREE, **changes}
    if body.get("order_id") == "{order}":
        body["order_id"] = str(small.order_id)

    refused = await small.api("POST", "/bulk-previews", body, key=None)

    assert refused.status == status
    assert sentence in json.dumps(refused.body)


async def test_a_decision_that_no_line_allows_does_nothing(small: Fleet) -> None:
    asked = {**AGREE, "decision": "correct", "order_id": str(small.order_id), "lines": [1]}

    shown = await _preview(small.api, asked)
    refused = await _begun(small.api, asked)
    unasked = await _preview(small.api, {**asked, "about": "gates"})

    assert shown["lines"][0]["why_not"] == "fleet allows agree, cancel, snooze, reassign"
    assert (refused.status, refused.body["type"]) == (409, "nothing-possible")
    assert unasked["lines"][0]["why_not"] == "it does not ask that now"


async def test_another_bulk_under_the_same_key_is_refused(small: Fleet) -> None:
    asked = {**AGREE, "order_id": str(small.order_id), "lines": [1]}
    await _begun(small.api, asked)

    other = await _begun(small.api, {**asked, "reason": "another"})

    assert other.status == 409


async def test_a_partner_answers_for_its_own_customers_only(small: Fleet) -> None:
    api = small.api
    await api.register("reseller", Role.INTAKE, partner=True)
    mine = await api("POST", "/bulk-previews", {**AGREE}, caller="reseller", key=None)
    not_its_turn = await api(
        "POST",
        "/bulk-previews",
        {**AGREE, "order_id": str(small.order_id)},
        caller="reseller",
        key=None,
    )
    stranger = await api("GET", f"/bulks/{UUID(int=9)}", caller="reseller")

    assert (mine.status, mine.body["type"]) == (403, "not-allowed")
    assert not_its_turn.status == 404
    assert stranger.status == 404


async def test_what_a_line_took_is_taken_even_if_it_ended_before_it_was_noted(small: Fleet) -> None:
    api = small.api
    asked = {"action": "cancel", "order_id": str(small.order_id), "lines": [3]}
    begun = await _begun(api, asked, accept_cost=True)
    (part,) = await _parts(api)
    bulk_id = begun.body["bulk_id"]
    step = step_command(small.line(3), step=f"cancel/bulk/{bulk_id}")
    stream = line_stream(small.line(3))
    version = len(await api.store.ledger.read(stream))
    over = PortEnded(outcome=Outcome.CANCELLED, why=Said(fr="annul\u00e9", en="cancelled"))
    whole = append("x", on_stream(stream, over, expected=expected_after(version)))
    stamp = CommandStamp(command_id=step, fingerprint=b"f")
    await api.store.ledger.append(replace(whole, command=stamp))
    await small.projected()

    await _doer(api).do(part)

    (result,) = (await api("GET", f"/bulks/{bulk_id}")).body["results"]
    assert (result["taken"], result["why"]) == (True, None)


async def test_a_line_that_asks_something_else_since_is_left_alone(small: Fleet) -> None:
    api = small.api
    await _begun(api, {**AGREE, "order_id": str(small.order_id), "lines": [3]})
    (part,) = await _parts(api)
    stream = line_stream(small.line(3))
    version = len(await api.store.ledger.read(stream))
    whole = on_stream(stream, AttentionCleared(code="fleet"), expected=expected_after(version))
    await api.store.ledger.append(append("cleared", whole))

    await _doer(api).do(part)

    bulk_id = json.loads(part)["bulk_id"]
    (result,) = (await api("GET", f"/bulks/{bulk_id}")).body["results"]
    assert (result["taken"], result["why"]) == (False, "it does not ask that now")
    assert api.processes.asked == []


async def test_a_code_that_is_named_counts_for_lines_that_are_named_too(small: Fleet) -> None:
    asked = {**AGREE, "order_id": str(small.order_id), "lines": [3], "detail": "R322"}

    shown = await _preview(small.api, asked)

    assert shown["lines"][0]["why_not"] == "it does not ask that now"


async def test_the_same_key_for_other_lines_is_refused(small: Fleet) -> None:
    asked = {**AGREE, "order_id": str(small.order_id)}
    first = await _begun(small.api, {**asked, "lines": [1]})

    other = await _begun(small.api, {**asked, "lines": [2]})

    assert (first.status, other.status) == (202, 409)
