"""Indemnities through HTTP: read, asked for, paid, corrected, handed over, by whoever may."""

from uuid import UUID

import pytest

from activities.indemnities import IndemnityActivities, IndemnityStep
from activities.lines import LineLedger
from domain.clients import Role
from domain.identity import LineId
from domain.indemnity_facts import IndemnityId
from ledger.messages import START_INDEMNITY
from runtime.indemnities import indemnity_runner
from runtime.processes.projector import build_publisher
from tests.indemnities import indemnity_in
from tests.integration.conftest import SETTINGS, Client
from tests.porting import RULES, STORY, body

ON = "2027-01-09"


async def _at(api: Client, stage: str) -> tuple[str, str]:
    order, line = await api.ordered(body("onecom", line={"monthly_ttc": "19.90"}))
    indemnity = await indemnity_in(api.store, order, line, stage)
    await indemnity_runner(api.store).turn()
    return order, f"/indemnities/{indemnity}"


async def test_what_is_owed_is_listed_shown_and_explained(api: Client) -> None:
    order, path = await _at(api, "payable")

    listed = (await api("GET", f"/indemnities?order={order}&payable=true")).body
    shown = (await api("GET", path)).body
    because = (await api("GET", f"{path}/explanation")).body

    assert [one["indemnity_id"] for one in listed["indemnities"]] == [path.rpartition("/")[2]]
    assert (shown["stage"], shown["owed"], shown["payable"]) == ("payable", "7.96", "7.96")
    assert because["source"] == "001:168"
    assert because["because"][0]["en"] == "opened because: the port was late"
    assert (await api("GET", f"/indemnities?order={UUID(int=1)}")).body["indemnities"] == []


async def test_only_what_may_be_paid_now_is_payable(api: Client) -> None:
    _, path = await _at(api, "awaiting-request")

    assert (await api("GET", "/indemnities?payable=true")).body["indemnities"] == []
    assert (await api("GET", path)).body["payable"] is None


async def test_a_request_and_a_payment_settle_it_and_wake_its_process(api: Client) -> None:
    _, path = await _at(api, "awaiting-request")

    asked = await api("POST", f"{path}/requests", {"on": ON}, key="ask")
    again = await api("POST", f"{path}/requests", {"on": ON}, key="ask")
    paid = await api(
        "POST", f"{path}/payments", {"on": ON, "amount": "7.96", "reference": "CN-1"}, key="pay"
    )

    assert (asked.status, asked.body["payable"]) == (200, "7.96")
    assert asked.body["due"] == "2027-02-09T00:00:00+01:00"  # thirty days after the 9th, whole
    assert again.body == asked.body
    assert (paid.body["stage"], paid.body["ending"]) == ("closed", "paid")
    rows = await api.store.outbox.lease(limit=20)
    assert [row.kind for row in rows].count(START_INDEMNITY) == 2


async def test_a_payment_that_was_too_much_is_claimed_back(api: Client) -> None:
    _, path = await _at(api, "payable")

    paid = await api(
        "POST", f"{path}/payments", {"on": ON, "amount": 10, "reference": "CN-1"}, key="pay"
    )

    assert (paid.body["ending"], paid.body["to_claim_back"]) == ("paid", "2.04")


async def test_a_correction_undoes_by_the_equal_and_counts_again(api: Client) -> None:
    _, path = await _at(api, "payable")

    corrected = await api(
        "POST", f"{path}/corrections", {"reason": "report 12", "back_on": ON}, key="fix"
    )

    assert (corrected.body["stage"], corrected.body["owed"]) == ("counting", "0.00")
    nothing = await api("POST", f"{path}/corrections", {"reason": "no"}, key="other")
    assert (nothing.status, nothing.body["type"]) == (409, "decision-refused")


async def test_evidence_that_is_handed_over_ends_it(api: Client) -> None:
    _, path = await _at(api, "evidence")

    handed = await api("POST", f"{path}/evidence", {"on": ON, "how": "email"}, key="hand")

    assert handed.body["ending"] == "evidence-handed-over"


async def test_a_question_is_answered_with_its_reason(api: Client) -> None:
    _, path = await _at(api, "asking")
    shown = (await api("GET", path)).body["attention"]
    assert (shown[0]["code"], shown[0]["allowed"]) == (
        "responsible-unknown",
        ["provide", "snooze", "reassign"],
    )

    empty = await api("POST", f"{path}/decisions", {"decision": "provide", "reason": "so"}, key="a")
    given = {"decision": "provide", "reason": "its report", "responsible": "host"}
    answered = await api("POST", f"{path}/decisions", given, key="b")

    assert (empty.status, "responsible=donor" in empty.body["detail"]) == (409, True)
    assert (answered.status, answered.body["attention"]) == (200, [])


async def test_a_day_that_has_not_come_cannot_have_happened(api: Client) -> None:
    _, path = await _at(api, "awaiting-request")

    early = await api("POST", f"{path}/requests", {"on": "2030-01-01"}, key="ask")

    assert (early.status, "has not come yet" in early.body["detail"]) == (409, True)


async def test_a_service_cannot_be_back_on_a_day_that_has_not_come(api: Client) -> None:
    _, path = await _at(api, "payable")
    _, asking = await _at(api, "asking")
    later = {"reason": "a slip of the year", "back_on": "2072-01-16"}

    corrected = await api("POST", f"{path}/corrections", later, key="fix")
    given = {**later, "decision": "provide", "responsible": "us"}
    decided = await api("POST", f"{asking}/decisions", given, key="say")

    for refused in (corrected, decided):
        assert (refused.status, "has not come yet" in refused.body["detail"]) == (409, True)
    assert (await api("GET", path)).body["owed"] == "7.96"


async def test_a_missed_visit_is_recorded_and_counted_by_its_process(api: Client) -> None:
    order, _ = await api.ordered(body("onecom", line={"monthly_ttc": "19.90"}))
    visit = {"missed_on": ON, "missed_by": "customer", "evidence": "report 12"}

    recorded = await api("POST", f"/orders/{order}/missed-appointments", visit, key="visit")
    early = await api(
        "POST",
        f"/orders/{order}/missed-appointments",
        {**visit, "missed_on": "2030-01-01"},
        key="early",
    )

    assert (recorded.status, recorded.body["head"]) == (201, "appointment")
    assert (recorded.body["stage"], early.status) == ("counting", 409)
    lines = LineLedger(ledger=api.store.ledger, keyed_hash=api.store.keyed_hash)
    process = IndemnityActivities(lines=lines, rules=RULES)
    indemnity_id = IndemnityId(UUID(recorded.body["indemnity_id"]))
    progress = await process.assess(IndemnityStep(indemnity_id=indemnity_id, at=STORY, version=1))
    assert progress.outcome == "nothing-owed"


async def test_a_partner_reads_its_own_and_records_nothing(api: Client) -> None:
    await api.register("partner", Role.INTAKE, Role.FINANCE, partner=True)
    order, line = await api.ordered(body("onecom"), caller="partner", key="mine")
    await indemnity_in(api.store, order, line)
    _, others = await _at(api, "payable")
    await indemnity_runner(api.store).turn()

    mine = (await api("GET", "/indemnities", caller="partner")).body["indemnities"]
    asked = f"/indemnities/{mine[0]['indemnity_id']}/requests"
    refused = await api("POST", asked, {"on": ON}, caller="partner")

    assert [one["order_id"] for one in mine] == [order]
    assert (await api("GET", others, caller="partner")).status == 404
    assert refused.status == 403


@pytest.mark.parametrize(("role", "allowed"), [(Role.FINANCE, 200), (Role.AUDIT, 403)])
async def test_money_is_for_finance(api: Client, role: Role, allowed: int) -> None:
    _, path = await _at(api, "awaiting-request")
    await api.register("somebody", role)

    answer = await api("POST", f"{path}/requests", {"on": ON}, caller="somebody", key="ask")

    assert answer.status == allowed


async def test_one_that_nobody_knows_is_not_found(api: Client) -> None:
    answer = await api("GET", f"/indemnities/{LineId(UUID(int=404))}")

    assert (answer.status, answer.body["type"]) == (404, "indemnity-unknown")


async def test_what_it_asks_and_awaits_is_in_the_lists_people_work_from(api: Client) -> None:
    order, path = await _at(api, "asking")

    asked = (await api("GET", "/attention")).body["attention"]
    due = (await api("GET", "/deadlines?within_hours=8000")).body["deadlines"]

    assert [(a["order_id"], a["code"]) for a in asked] == [(order, "responsible-unknown")]
    assert asked[0]["about"]["id"] == path.rpartition("/")[2]
    assert path.rpartition("/")[2] in {one["about"]["id"] for one in due}
    of_the_order = (await api("GET", f"/orders/{order}/attention")).body["attention"]
    assert [one["code"] for one in of_the_order] == ["responsible-unknown"]
    due = (await api("GET", f"/orders/{order}/deadlines")).body["deadlines"]
    assert path.rpartition("/")[2] in {one["about"]["id"] for one in due}


async def test_others_are_told_what_is_owed_about_the_order_and_its_line(api: Client) -> None:
    order, path = await _at(api, "payable")
    while await build_publisher(api.store, SETTINGS).turn():
        pass

    events = (await api("GET", f"/events?order_id={order}")).body["events"]

    owed = [one for one in events if one["type"].startswith("indemnity.")]
    assert [one["type"] for one in owed] == ["indemnity.assessed", "indemnity.requested"]
    assert (owed[0]["order_id"], owed[0]["line"]) == (order, 1)
    assert owed[0]["data"]["indemnity_id"] == path.rpartition("/")[2]
