"""Hosts that differ, through HTTP: what waits, both sides, what may be decided, a run now."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from domain.clients import Role
from domain.clock import BusinessClock
from domain.differences import DifferenceRaised, difference_stream
from domain.host_nights import (
    Counts,
    HostAttention,
    HostAttentionRaised,
    HostNotReconciled,
    HostReconciled,
    RunAskedFor,
    host_nights_stream,
)
from domain.port_in_facts import HostNetwork
from domain.said import Said
from ledger.messages import RUN_RECONCILE, START_DIFFERENCE
from runtime.reconciling import difference_runner, host_nights_runner
from tests.builders import append, on_stream
from tests.exchange_facts import trouble_in
from tests.integration.conftest import Client
from tests.porting import STORY, day, paris
from tests.reconciled import difference, difference_in

UNKNOWN = UUID(int=404)
FOUND = difference()
PATH = f"/reconcile/differences/{FOUND.difference_id}"


async def _raised(api: Client) -> None:
    await difference_in(api.store)
    await difference_runner(api.store).turn()


async def test_a_difference_is_listed_with_both_sides_and_a_proposal(api: Client) -> None:
    await _raised(api)

    (listed,) = (await api("GET", "/reconcile/differences")).body["differences"]
    whole = (await api("GET", PATH)).body

    assert (listed["kind"], listed["host"]) == ("suspended-there", "orange")
    assert listed["stage"] == "open"
    assert (listed["ours"]["standing"], listed["theirs"]["standing"]) == ("active", "suspended")
    assert listed["ours"]["evidence"][0]["event"] == "LineSwitched"
    assert listed["allowed"] == ["resume", "ask-host-again", "settle"]
    assert "resume" in listed["proposed"]["fr"]
    assert [entry["event"] for entry in whole["timeline"]] == ["DifferenceRaised"]


async def test_it_waits_for_a_person_among_everything_else_that_does(api: Client) -> None:
    await _raised(api)

    (waiting,) = (await api("GET", "/attention")).body["attention"]

    assert (waiting["code"], waiting["detail"]) == ("host-suspended-there", "orange")
    assert waiting["about"]["id"] == str(FOUND.difference_id)
    assert waiting["allowed"] == ["resume", "ask-host-again", "settle"]


async def test_it_waits_with_its_own_order_too(api: Client) -> None:
    order, line = await api.ordered()
    own = FOUND.model_copy(update={"order_id": UUID(order), "line_id": line})
    event = DifferenceRaised(difference=own, until=STORY)
    stream = on_stream(difference_stream(own.difference_id), event)
    await api.store.ledger.append(append("it differs", stream))
    await difference_runner(api.store).turn()
    await _raised(api)

    waiting = (await api("GET", f"/orders/{order}/attention")).body["attention"]

    assert [one["about"]["id"] for one in waiting if one["about"]["matter"] == "difference"] == [
        str(own.difference_id)
    ]


async def test_a_remedy_is_decided_once_and_its_process_told(api: Client) -> None:
    await _raised(api)
    body = {"decision": "resume", "reason": "nobody asked for it"}

    decided = await api("POST", f"{PATH}/decisions", body)
    again = await api("POST", f"{PATH}/decisions", body)
    late = await api("POST", f"{PATH}/decisions", body, key="another")

    assert (decided.status, decided.body["stage"], decided.body["allowed"]) == (
        200,
        "remedying",
        [],
    )
    assert again.body == decided.body
    assert (late.status, late.body["type"]) == (409, "decision-refused")
    assert "being asked already" in late.body["detail"]
    (row,) = await api.store.outbox.lease(limit=9)
    assert (row.kind, str(FOUND.difference_id) in row.payload) == (START_DIFFERENCE, True)


async def test_what_is_accepted_leaves_the_list_of_attention(api: Client) -> None:
    await _raised(api)
    decided = await api("POST", f"{PATH}/decisions", {"decision": "settle", "reason": "unpaid"})
    await difference_runner(api.store).turn()

    assert decided.body["stage"] == "accepted"
    assert (await api("GET", "/attention")).body["attention"] == []
    (listed,) = (await api("GET", "/reconcile/differences")).body["differences"]
    assert (listed["stage"], listed["allowed"], listed["until"]) == ("accepted", [], None)


async def test_a_reason_is_asked_for_and_what_does_not_help_is_said(api: Client) -> None:
    await _raised(api)

    bare = await api("POST", f"{PATH}/decisions", {"decision": "settle"})
    other = await api("POST", f"{PATH}/decisions", {"decision": "release"}, key="another")

    assert (bare.status, other.status) == (409, 409)
    assert "a reason is required" in bare.body["detail"]
    assert "resume, ask-host-again, settle" in other.body["detail"]


async def test_what_nobody_knows_is_not_found(api: Client) -> None:
    path = f"/reconcile/differences/{UNKNOWN}"

    shown = await api("GET", path)
    decided = await api("POST", f"{path}/decisions", {"decision": "settle", "reason": "x"})

    assert (shown.status, decided.status) == (404, 404)
    assert "GET /reconcile/differences" in shown.body["detail"]


async def test_what_was_compared_last_is_said_host_by_host(api: Client) -> None:
    heard = HostReconciled(
        night=day("2027-01-11"), began_at=STORY, counts=Counts(lines=3, compared=2, raised=1)
    )
    unheard = HostNotReconciled(
        night=day("2027-01-12"), began_at=STORY, counts=Counts(), why="in maintenance"
    )
    attention = HostAttention(
        code="host-silent", what=Said(fr="muet", en="silent"), since=STORY, until=STORY
    )
    stream = on_stream(
        host_nights_stream(HostNetwork.SFR),
        heard,
        unheard,
        HostAttentionRaised(attention=attention),
    )
    await api.store.ledger.append(append("nights", stream))
    await host_nights_runner(api.store).turn()
    await trouble_in(api.store)

    shown = (await api("GET", "/reconcile/hosts")).body

    orange, sfr, _ = shown["hosts"]
    assert (orange["night"], orange["reconciled"]) == (None, None)
    assert (sfr["night"], sfr["reconciled"], sfr["why"]) == ("2027-01-12", False, "in maintenance")
    assert (sfr["last_reconciled"], sfr["attention"]["code"]) == ("2027-01-11", "host-silent")
    assert (orange["overdue"], sfr["overdue"]) == (False, False)
    assert shown["exchange"] == {"sync_differences": 0, "unanswered_files": 1, "refused": 0}


async def test_a_night_nobody_took_is_overdue_the_next_morning(api: Client) -> None:
    friday = HostReconciled(night=day("2027-01-08"), began_at=STORY, counts=Counts())
    stream = on_stream(host_nights_stream(HostNetwork.SFR), friday)
    await api.store.ledger.append(append("nights", stream))
    await host_nights_runner(api.store).turn()
    seen = []
    for now in ("2027-01-11T22:30", "2027-01-12T09:00"):
        await api.store.clock.begin(
            BusinessClock(wall_origin=datetime.now(UTC), business_origin=paris(now), scale=1)
        )
        hosts = (await api("GET", "/reconcile/hosts")).body["hosts"]
        seen.append([one["overdue"] for one in hosts])

    assert seen == [[False, False, False], [False, True, False]]


async def test_what_is_to_be_decided_or_put_right_is_due(api: Client) -> None:
    await _raised(api)
    (waiting,) = (await api("GET", "/deadlines")).body["deadlines"]
    await api("POST", f"{PATH}/decisions", {"decision": "resume"})
    await difference_runner(api.store).turn()

    (remedied,) = (await api("GET", "/deadlines")).body["deadlines"]

    assert (waiting["about"]["id"], waiting["stage"]) == (str(FOUND.difference_id), "open")
    assert waiting["late"]
    assert (remedied["stage"], remedied["late"]) == ("remedying", False)


async def test_a_run_asked_for_is_a_fact_of_each_host_and_asked_for_once(api: Client) -> None:
    body = {"hosts": ["sfr", "sfr"], "reason": "a doubt", "by": "Alice"}

    taken = await api("POST", "/reconcile/runs", body)
    again = await api("POST", "/reconcile/runs", body)

    assert (taken.status, again.status) == (202, 202)
    assert taken.body == {"hosts": ["sfr"]}
    history = await api.store.ledger.read(host_nights_stream(HostNetwork.SFR))
    (asked,) = [envelope.event for envelope in history]
    assert isinstance(asked, RunAskedFor)
    assert asked.reason == "a doubt"
    (row,) = await api.store.outbox.lease(limit=9)
    assert (row.kind, row.payload) == (RUN_RECONCILE, '{"hosts": ["sfr"]}')


async def test_a_run_of_nobody_in_particular_is_one_of_everybody(api: Client) -> None:
    taken = await api("POST", "/reconcile/runs", {})

    assert taken.body == {"hosts": ["orange", "sfr", "bouygues"]}
    assert len(await api.store.outbox.lease(limit=9)) == 3


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/reconcile/hosts"),
        ("GET", "/reconcile/differences"),
        ("GET", PATH),
        ("POST", "/reconcile/runs"),
        ("POST", f"{PATH}/decisions"),
    ],
)
async def test_hosts_are_the_house_s_own(api: Client, method: str, path: str) -> None:
    await api.register("partner", partner=True)
    await api.register("finance", Role.FINANCE)
    await api.register("auditor", Role.AUDIT)
    await _raised(api)
    body = {"decision": "settle", "reason": "x"} if path.endswith("decisions") else {}

    partner = await api(method, path, body, caller="partner")
    finance = await api(method, path, body, caller="finance")
    auditor = await api(method, path, body, caller="auditor")

    assert (partner.status, finance.status) == (403, 403)
    assert auditor.status == (200 if method == "GET" else 403)
    assert (await api("GET", "/attention", caller="partner")).body["attention"] == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/decision"),
        ({"decision": "explode"}, "/decision"),
        ({"decision": "settle", "reason": 3}, "/reason"),
        ({"decision": "settle", "by": ""}, "/by"),
        ({"decision": "settle", "more": "x"}, "/more"),
    ],
)
async def test_every_mistake_in_a_decision_is_told_where_it_is(
    api: Client, body: dict[str, object], pointer: str
) -> None:
    answer = await api("POST", f"{PATH}/decisions", body)

    assert answer.status in {400, 422}
    assert pointer in str(answer.body)


async def test_a_host_nobody_knows_is_not_asked(api: Client) -> None:
    answer = await api("POST", "/reconcile/runs", {"hosts": ["free"]})

    assert answer.status in {400, 422}
    assert "/hosts" in str(answer.body)
