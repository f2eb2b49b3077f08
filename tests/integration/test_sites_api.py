"""Orders of accesses through the API: taken, repeated, refused with every mistake, and opened."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from activities.orders import OrderActivities, OrderStep
from domain.access_facts import AccessEnded, AccessHeld, AccessOpened, AccessTerms
from domain.attention import Attention, AttentionRaised, DecisionKind, DecisionNotTaken, Turn
from domain.clients import Role
from domain.corrections import SiteKept
from domain.identity import (
    LineId,
    OrderId,
    correction_stream,
    line_id_for,
    line_stream,
    order_stream,
    refused_decisions_stream,
    step_command,
)
from domain.orders import LineKind, LineOpened, OrderReceived
from domain.port_in_facts import Outcome
from domain.said import Said
from ledger.append import At, CommandStamp
from ledger.messages import APPLY_AMENDMENT, START_ACCESS
from runtime.amending import AmendmentApplier
from runtime.processes.api import wall_now
from runtime.processes.projector import line_runner
from tests.builders import append, on_stream
from tests.conftest import Database
from tests.integration.conftest import ORDER, Answer, Client
from tests.papers import pdf
from tests.porting import STORY, body
from tests.sites import ADDRESS, SOCKET, site, sites_body
from workflows.messages import AmendRequest, HoldRequest, Ruled

SITES = sites_body("technicophone", site(keeps=["0478000001"]))


async def _applied(api: Client) -> None:
    applier = AmendmentApplier(
        ledger=api.store.ledger,
        keyed_hash=api.store.keyed_hash,
        processes=api.processes,
        clocks=api.store.clock,
        wall_now=wall_now,
    )
    for row in await api.store.outbox.lease(limit=50):
        if row.kind == APPLY_AMENDMENT:
            await applier.apply(row.payload)


async def test_an_order_of_accesses_is_taken_once_and_repeated_as_often_as_one_likes(
    api: Client,
) -> None:
    first = await api("POST", "/orders", SITES)
    again = await api("POST", "/orders", SITES)
    other = await api("POST", "/orders", {**SITES, "reference": "S-2"})

    assert (first.status, again.status, other.status) == (201, 200, 409)
    assert first.body["order_id"] == again.body["order_id"]
    shown = (await api("GET", first.headers["Location"])).body
    assert (shown["service"], shown["stage"]) == ("internet", "received")
    assert shown["tally"]["lines"] == 1


@pytest.mark.parametrize("provider", ["oksio", "technicophone"])
async def test_each_of_its_sites_is_opened_with_what_was_ordered_for_it(
    api: Client, provider: str
) -> None:
    order, line = await api.ordered(sites_body(provider))

    facts = [e.event for e in await api.store.ledger.read(order_stream(OrderId(UUID(order))))]
    (opened,) = [e.event for e in await api.store.ledger.read(line_stream(line))]
    assert [type(fact) for fact in facts] == [OrderReceived, LineOpened]
    assert isinstance(facts[1], LineOpened)
    assert facts[1].kind is LineKind.ACCESS
    assert isinstance(opened, AccessOpened)
    assert (opened.terms.site.address.reveal(), opened.gates) == (ADDRESS, ())


async def test_lines_that_wait_for_each_other_are_shown_and_opened_with_both_sides(
    api: Client,
) -> None:
    central = site(central=True, cabling={"cable": 120}, prices={"installation": "420.00"})
    branch = site(socket="OO-1234-9999", address="3 place Jean Jaurès, Lyon")
    ordered = sites_body("technicophone", branch, central)

    order, first = await api.ordered(ordered)

    second = line_id_for(OrderId(UUID(order)), number=2)
    opened = [(await api.store.ledger.read(line_stream(one)))[0].event for one in (first, second)]
    assert all(isinstance(one, AccessOpened) for one in opened)
    terms = [one.terms for one in opened if isinstance(one, AccessOpened)]
    assert [(one.after, one.before, one.central) for one in terms] == [
        ((2,), (), False),
        ((), (1,), True),
    ]
    assert str(terms[1].prices.installation) == "420.00"
    assert terms[1].cabling is not None
    assert str(terms[1].cabling.cable) == "120"


async def test_lines_that_could_never_begin_are_refused_with_the_way_round(api: Client) -> None:
    one = site(after=[2])
    other = site(socket="OO-1234-9999", address="3 place Jean Jaurès, Lyon", after=[1, 7])

    refused = await api("POST", "/orders", sites_body("technicophone", one, other))

    told = {problem["pointer"]: problem["sentence"] for problem in refused.body["errors"]}
    assert refused.status == 422
    assert told["/sites/1/after/1"] == "This order has no line 7: it has 2, counted from 1."
    assert told["/sites/0/after"].startswith("These lines wait for each other")


async def test_the_start_of_its_process_goes_out_with_it(api: Client, database: Database) -> None:
    _, line = await api.ordered(SITES)

    async with database.owner() as connection:
        query = "SELECT payload FROM outbox WHERE kind = $1"
        payloads = [row["payload"] for row in await connection.fetch(query, START_ACCESS)]
    assert [json.loads(payload) for payload in payloads] == [{"line_id": str(line)}]


async def test_where_a_site_is_lies_sealed(api: Client, database: Database) -> None:
    await api.ordered(SITES)

    async with database.owner() as connection:
        rows = await connection.fetch("SELECT data::text AS text FROM event")
        sent = await connection.fetch("SELECT payload AS text FROM outbox")
    kept = " ".join(row["text"] for row in (*rows, *sent))
    assert '"commune"' in kept
    for personal in ("Tanneurs", SOCKET, "0478000001", "Camille", "Martin"):
        assert personal not in kept


async def test_an_order_is_found_by_a_number_its_site_keeps(api: Client) -> None:
    order = (await api("POST", "/orders", SITES)).body["order_id"]

    found = await api("POST", "/search/orders", {"number": "04 78 00 00 01"})

    assert found.body == {"order_ids": [order]}


def _site(**changes: object) -> dict[str, Any]:
    return {**SITES, "sites": [{**SITES["sites"][0], **changes}]}


MISTAKES: list[tuple[str, object, dict[str, str]]] = [
    ("no site", {**SITES, "sites": []}, {"/sites": "add it"}),
    ("no list", {k: v for k, v in SITES.items() if k != "sites"}, {"/sites": "add it"}),
    ("numbers", {**SITES, "lines": ORDER["lines"]}, {"/lines": "has no lines"}),
    ("sites of numbers", {**ORDER, "sites": SITES["sites"]}, {"/sites": "has no sites"}),
    ("a service", {**SITES, "service": "fibre"}, {"/service": "'mobile', 'data' or 'internet'"}),
    ("another's service", {**SITES, "service": "data"}, {"/service": "say one of mobile, int"}),
    ("a guarantee", {**ORDER, "deposit_asked": True}, {"/deposit_asked": "take it out"}),
    ("nothing of it", {**SITES, "sites": [{}]}, dict.fromkeys(
        ("/sites/0/address", "/sites/0/commune", "/sites/0/wanted"), "required")),
    ("a technology", _site(wanted=["wifi"]), {"/sites/0/wanted/0": "ftth"}),
    ("none", _site(wanted=[]), {"/sites/0/wanted": "add it"}),
    ("a use", _site(uses=["lift"]), {"/sites/0/uses/0": "alarm"}),
    ("an operator", _site(operators=["free"]), {"/sites/0/operators/0": "orange"}),
    ("a rate", _site(down_kbps=0), {"/sites/0/down_kbps": "1 or more"}),
    ("a rate in words", _site(down_kbps="100M"), {"/sites/0/down_kbps": "whole number"}),
    ("a price", _site(prices={"monthly": "dear"}), {"/sites/0/prices/monthly": "an amount"}),
    ("a long address", _site(address="x" * 201), {"/sites/0/address": "at most 200"}),
    ("no line", _site(alternative_to="7"), {"/sites/0/alternative_to": "not an id"}),
    ("a postcode", _site(commune="69000"), {"/sites/0/commune": "it is not the postal code"}),
    ("a socket", _site(socket="?"), {"/sites/0/socket": "copy it from the label"}),
    ("two names", _site(line_number="0478000001"), {"/sites/0/line_number": "leave one of them"}),
    ("a mobile", _site(keeps=["0612345678"]), {"/sites/0/keeps/0": "carries fixed ones"}),
    ("a day that is over", _site(wish="2027-01-01"), {"/sites/0/wish": "wish one from"}),
    ("a double", {**SITES, "sites": SITES["sites"] * 2}, {
        "/sites/1/socket": "on line 1 already", "/sites/1/keeps/0": "on line 1 already"}),
    ("nobody's line", _site(alternative_to=str(UUID(int=7))), {
        "/sites/0/alternative_to": "no such line among your accesses"}),
    ("several", {**SITES, "documents": [{"name": "passport", "on": "2027-01-08"}],
                 "sites": [{**SITES["sites"][0], "commune": "Lyon", "wish": "2027-01-01",
                            "alternative_to": str(UUID(int=7))}]},
     {"/documents/0/name": "say one of", "/sites/0/commune": "INSEE", "/sites/0/wish": "over",
      "/sites/0/alternative_to": "no such line"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "expected"), [case[1:] for case in MISTAKES], ids=[case[0] for case in MISTAKES]
)
async def test_every_mistake_in_a_site_names_the_field_and_what_to_do(
    api: Client, asked: object, expected: dict[str, str]
) -> None:
    refused = await api("POST", "/orders", asked)

    assert refused.status in {400, 422}
    assert refused.headers["Content-Type"] == "application/problem+json"
    told = {error["pointer"]: error["sentence"] for error in refused.body["errors"]}
    assert set(told) == set(expected)
    for pointer, words in expected.items():
        assert words.casefold() in told[pointer].casefold()
    assert "Tanneurs" not in str(refused.body)
    assert "Camille" not in str(refused.body)


async def test_whoever_only_reads_brings_no_order_in(api: Client) -> None:
    await api.register("books", Role.FINANCE)

    refused = await api("POST", "/orders", SITES, caller="books")

    assert refused.status == 403


# an alternative


async def _ended(api: Client, line: LineId, outcome: Outcome) -> None:
    why = Said(fr="aucun opérateur ne dessert le site", en="no operator serves the site")
    fact = AccessEnded(outcome=outcome, why=why)
    await api.store.ledger.append(append("end", on_stream(line_stream(line), fact, expected=At(1))))


async def test_an_alternative_is_a_new_order_linked_to_the_line_that_was_refused(
    api: Client,
) -> None:
    _, line = await api.ordered(SITES)
    await _ended(api, line, Outcome.REFUSED)

    accepted = await api("POST", "/orders", _site(alternative_to=str(line)), key="k-2")

    assert accepted.status == 201
    stream = order_stream(OrderId(UUID(accepted.body["order_id"])))
    (received,) = [e.event for e in await api.store.ledger.read(stream)]
    assert isinstance(received, OrderReceived)
    terms = received.lines[0].terms
    assert isinstance(terms, AccessTerms)
    assert terms.alternative_to == line


@pytest.mark.parametrize(
    ("outcome", "words"),
    [(None, "is still open"), (Outcome.CANCELLED, "has ended cancelled: only what could not")],
)
async def test_only_what_was_refused_has_an_alternative(
    api: Client, outcome: Outcome | None, words: str
) -> None:
    _, line = await api.ordered(SITES)
    if outcome is not None:
        await _ended(api, line, outcome)

    refused = await api("POST", "/orders", _site(alternative_to=str(line)), key="k-2")

    assert refused.status == 422
    assert words in refused.body["errors"][0]["sentence"]


async def test_a_line_of_somebody_else_is_no_line_of_yours(api: Client) -> None:
    await api.register("partner", Role.INTAKE, partner=True)
    _, line = await api.ordered(SITES)
    await _ended(api, line, Outcome.REFUSED)

    refused = await api("POST", "/orders", _site(alternative_to=str(line)), caller="partner")

    assert refused.status == 422
    assert "no such line among your accesses" in str(refused.body)


# what is for numbers only, and what is for both


TWO = sites_body(
    "technicophone",
    site(),
    site(socket="OO-1234-9999", prices={"monthly": "49.90", "term_months": 36}),
)
TAKEN = Attention(
    code="site-taken",
    what=Said(fr="prise", en="taken"),
    since=STORY,
    until=STORY,
    turn=Turn.OPERATIONS,
    allowed=(DecisionKind.RETRY, DecisionKind.CANCEL),
)


async def test_many_sites_are_cancelled_at_once_each_at_its_own_cost(api: Client) -> None:
    """Of the first no price is known; of the second 36 months at 49.90 (002:2688-2696)."""
    order, _ = await api.ordered(TWO)
    await line_runner(api.store).turn()
    asked = {"action": "cancel", "order_id": order}

    shown = (await api("POST", "/bulk-previews", asked, key=None)).body
    more = {**asked, "token": shown["token"], "accept_cost": True}
    begun = await api("POST", "/bulks", more, key="bulk-1")

    assert [(one["line"], one["possible"]) for one in shown["lines"]] == [(1, True), (2, True)]
    assert "1796.40" not in str(shown["cost"])
    assert "1796.40" in str(shown["lines"][1]["cost"])
    assert shown["lines"][0]["cost"] == []
    assert (begun.status, begun.body["lines"]) == (202, 2)


async def test_a_question_of_many_sites_is_answered_at_once(api: Client) -> None:
    order, _ = await api.ordered(TWO)
    asked = {"action": "decide", "about": "site-taken", "decision": "retry", "order_id": order}
    stream = line_stream(line_id_for(OrderId(UUID(order)), number=2))
    raised = on_stream(stream, AttentionRaised(attention=TAKEN), expected=At(1))
    await api.store.ledger.append(append("taken", raised))

    shown = (await api("POST", "/bulk-previews", {**asked, "lines": [1, 2]}, key=None)).body

    assert [(one["possible"], one["why_not"]) for one in shown["lines"]] == [
        (False, "it does not ask that now"),
        (True, None),
    ]


async def test_the_day_of_a_site_is_no_port_day_and_the_preview_says_so(api: Client) -> None:
    order, _ = await api.ordered(SITES)
    await line_runner(api.store).turn()
    asked = {"action": "move", "day": "2027-02-03", "order_id": order}

    shown = (await api("POST", "/bulk-previews", asked, key=None)).body

    assert (shown["possible"], shown["left_alone"]) == (0, 1)
    assert "by amending its order" in shown["lines"][0]["why_not"]


async def _paper(api: Client, order: str, name: str) -> Answer:
    headers = {**api.shown_by("test"), "Idempotency-Key": name, "Content-Type": "application/pdf"}
    url = f"{api.address}/orders/{order}/documents?name={name}&on=2027-01-08"
    async with api.session.post(url, data=pdf(), headers=headers) as response:
        return Answer(response.status, await response.json(content_type=None), response.headers)


async def test_a_paper_of_an_access_is_filed_with_its_order(api: Client) -> None:
    order = (await api("POST", "/orders", SITES)).body["order_id"]

    filed = await api.filed(order, pdf(), name="dsl-written-mandate")
    refused = await _paper(api, order, "presence")

    assert filed
    assert (refused.status, refused.body["type"]) == (422, "bad-value")
    assert "say one of" in refused.body["detail"]
    assert "cuts-consent" in refused.body["detail"]


async def test_what_cancelling_an_access_costs_is_shown(api: Client) -> None:
    order, _ = await api.ordered(SITES)

    shown = await api("GET", f"/orders/{order}/cancellation")

    assert shown.status == 200
    costs = [one["en"] for one in shown.body["terms"]["cost"]]
    assert any(cost.startswith("36 months left") and "(002:2688-2696)" in cost for cost in costs)
    assert "registered letter" in shown.body["terms"]["needs"]["en"]


async def test_another_day_or_rate_of_an_access_is_a_plan_before_it_is_carried_out(
    api: Client,
) -> None:
    order, _ = await api.ordered(SITES)
    asked = {"line": 1, "wish": "2027-02-20", "down_kbps": 1_000_000}

    planned = await api("POST", f"/orders/{order}/amendments", {"lines": [asked]})

    assert planned.status == 201, planned.body
    told = {one["pointer"]: one for one in planned.body["differences"]}
    assert told["/lines/0/wish"]["becomes"] == "2027-02-20"
    assert told["/lines/0/down_kbps"]["becomes"] == "1000000"
    assert "(002:210-212, our reading)" in told["/lines/0/down_kbps"]["effect"]["en"]


async def test_another_place_is_kept_sealed_and_asked_of_its_process_by_an_id(api: Client) -> None:
    order, _ = await api.ordered(SITES)
    there = {"address": "3 place Jean Jaurès", "commune": "37261", "socket": "FI-1234-5678"}
    change = {"lines": [{"line": 1, "site": there}]}

    planned = await api("POST", f"/orders/{order}/amendments", change)
    await api("POST", f"/orders/{order}/amendments/{planned.body['amendment_id']}/execution")
    await _applied(api)

    (told,) = planned.body["differences"]
    assert (told["pointer"], told["was"], told["becomes"]) == ("/lines/0/site", None, None)
    assert "Jaur" not in str(planned.body)
    ((_, request, _),) = api.processes.asked
    assert isinstance(request, AmendRequest)
    assert request.correction is not None
    assert "Jaur" not in request.model_dump_json()
    (kept,) = await api.store.ledger.read(correction_stream(request.correction))
    assert isinstance(kept.event, SiteKept)
    assert kept.event.place.site.commune == "37261"


async def test_the_place_it_is_ordered_for_already_is_no_change(api: Client) -> None:
    order, _ = await api.ordered(SITES)
    same = {key: SITES["sites"][0][key] for key in ("address", "commune", "socket")}

    refused = await api(
        "POST", f"/orders/{order}/amendments", {"lines": [{"line": 1, "site": same}]}
    )

    assert refused.body["errors"][0]["sentence"] == (
        "Nothing of this is different from the order as it stands."
    )


async def test_a_place_with_a_mistake_in_every_field_is_told_field_by_field(api: Client) -> None:
    order, _ = await api.ordered(SITES)
    bad = {"address": "!!!", "commune": "97105", "socket": "0247000001", "building": "B"}

    refused = await api(
        "POST", f"/orders/{order}/amendments", {"lines": [{"line": 1, "site": bad}]}
    )

    assert [one["pointer"] for one in refused.body["errors"]] == [
        "/lines/0/site/commune",
        "/lines/0/site/socket",
        "/lines/0/site/building",
        "/lines/0/site/address",
    ]


async def test_a_number_has_neither_a_rate_nor_a_site(api: Client) -> None:
    order, _ = await api.ordered()
    there = {"address": "3 place Jean Jaurès", "commune": "37261"}

    refused = await api(
        "POST",
        f"/orders/{order}/amendments",
        {"lines": [{"line": 1, "site": there, "down_kbps": 1000}]},
    )

    assert [one["sentence"] for one in refused.body["errors"]] == [
        "A number has no rate: leave it out.",
        "A number has no site: leave it out.",
    ]


async def test_what_cannot_be_amended_of_an_access_is_said_at_its_place(api: Client) -> None:
    order, _ = await api.ordered(SITES)
    asked = {"line": 1, "wish": "2020-02-20", "rio": "01P000000000"}

    refused = await api("POST", f"/orders/{order}/amendments", {"lines": [asked]})

    assert refused.status == 422
    told = {one["pointer"]: one["sentence"] for one in refused.body["errors"]}
    assert told["/lines/0/rio"] == "An access has no RIO: leave it out."
    assert told["/lines/0/wish"].startswith("2020-02-20 is over: wish for a day from")


async def test_a_large_order_of_sites_lies_in_lots(api: Client) -> None:
    many = [site(socket=f"OO-1234-{n:04d}") for n in range(21)]
    order = (await api("POST", "/orders", sites_body("technicophone", *many))).body["order_id"]
    activities = OrderActivities(ledger=api.store.ledger, keyed_hash=api.store.keyed_hash)

    order_id = OrderId(UUID(order))
    step = OrderStep(order_id=order_id, at=STORY + timedelta(hours=1))
    progress = await activities.open_lines(step)

    last = await api.store.ledger.read(line_stream(line_id_for(order_id, number=21)))
    assert progress.open_lots == (1,)
    assert isinstance(last[0].event, AccessOpened)
    assert last[0].event.terms.lot == 1


async def test_a_site_is_suspended_until_a_day_and_once_under_a_key(api: Client) -> None:
    order, line = await api.ordered(SITES)
    held = {"until": "2027-03-01", "reason": "the premises move", "by": "Ops"}

    answered = await api("POST", f"/orders/{order}/holds", held, key="h-1")

    assert (answered.status, answered.body["taken"]) == (200, True)
    ((asked, request, key),) = api.processes.asked
    assert isinstance(request, HoldRequest)
    assert (asked, key, str(request.until), request.by) == (
        line,
        "test/h-1",
        "2027-03-01",
        "Ops (test)",
    )


async def test_what_cannot_be_suspended_says_why(api: Client) -> None:
    order, line = await api.ordered(SITES)
    api.processes.rulings = [Ruled(taken=False, why="it is not suspended", version=1)]
    port, _ = await api.ordered(body(reference="P-9"), key="p-9")

    resumed = await api("POST", f"/orders/{order}/holds", {})
    number = await api("POST", f"/orders/{port}/holds", {"until": "2027-03-01"})

    assert (resumed.status, resumed.body["detail"]) == (409, "it is not suspended.")
    (kept,) = await api.store.ledger.read(refused_decisions_stream(line))
    assert isinstance(kept.event, DecisionNotTaken)
    assert number.body["detail"] == "only a site that is being delivered can be suspended."


async def test_a_hold_that_was_kept_before_is_answered_as_taken(api: Client) -> None:
    order, line = await api.ordered(SITES)
    history = await api.store.ledger.read(line_stream(line))
    held = AccessHeld(until=STORY + timedelta(days=9), by="test", reason="moving")
    once = append("held", on_stream(line_stream(line), held, expected=At(len(history))))
    command = CommandStamp(command_id=step_command(line, step="hold/test/h-2"), fingerprint=b"")
    await api.store.ledger.append(replace(once, command=command))

    again = await api("POST", f"/orders/{order}/holds", {"until": "2027-01-20"}, key="h-2")

    assert (again.status, again.body["taken"], api.processes.asked) == (200, True, [])
