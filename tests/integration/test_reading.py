"""Reading orders: lists in pages, versions, numbers, appointments, quotes, a RIO checked."""

from datetime import timedelta
from typing import Any

import pytest

from activities.lines import LineLedger, LineStep
from activities.port_in import PortInActivities
from activities.port_in_people import CancellationStep, DecisionStep, PortInPeople
from domain.clients import Role
from domain.identity import LineId
from tests.integration.conftest import ORDER, Client
from tests.porting import RULES, STORY, body, rio_of

UNKNOWN = "6f7e1a8e-0000-5000-8000-000000000000"


async def _dated(api: Client, line: LineId) -> None:
    """The line as far as its dates."""
    lines = LineLedger(ledger=api.store.ledger, keyed_hash=api.store.keyed_hash)
    port = PortInActivities(lines=lines, rules=RULES)
    progress = await port.claim_number(LineStep(line_id=line, at=STORY))
    for verb in (port.look_at_gates, port.settle_dates):
        step = LineStep(line_id=line, at=STORY, version=progress.version)
        progress = await verb(step)


async def test_orders_are_listed_newest_first_and_a_page_at_a_time(api: Client) -> None:
    orders = [
        (await api("POST", "/orders", {**ORDER, "reference": f"R-{n}"}, key=f"k-{n}")).body
        for n in range(5)
    ]
    listed: list[str] = []
    cursor = ""
    page: dict[str, Any] = {}

    for _ in range(3):
        page = (await api("GET", f"/orders?limit=2{cursor}")).body
        listed += [order["order_id"] for order in page["orders"]]
        cursor = f"&cursor={page['next']}"

    assert listed == [order["order_id"] for order in reversed(orders)]
    assert page["next"] is None


async def test_an_order_is_found_by_its_own_name_and_by_whether_it_goes_on(api: Client) -> None:
    for n in range(2):
        await api("POST", "/orders", {**ORDER, "reference": f"R-{n}"}, key=f"k-{n}")

    named = (await api("GET", "/orders?reference=R-1")).body["orders"]
    going = (await api("GET", "/orders?still_open=true")).body["orders"]
    ended = (await api("GET", "/orders?still_open=false")).body["orders"]

    assert [order["reference"] for order in named] == ["R-1"]
    assert (len(going), ended) == (2, [])
    assert named[0]["client"] == "test"


@pytest.mark.parametrize(
    "cursor", ["nonsense", "e30", "WyJ4Il0", "é", "WzEsMl0", "WzEwMDAwMDAwMDAwMDAwMDAwMDAwMF0"]
)
@pytest.mark.parametrize("path", ["/orders", "/attention", "/deadlines"])
async def test_a_cursor_of_another_list_is_refused_by_name(
    api: Client, path: str, cursor: str
) -> None:
    refused = await api("GET", f"{path}?cursor={cursor}")

    assert refused.status == 422
    assert refused.body["errors"][0]["pointer"] == "cursor"
    assert "copy next of the page before" in refused.body["errors"][0]["sentence"]


async def test_a_timeline_is_read_in_pages_without_a_gap(api: Client) -> None:
    order, line = await api.ordered()
    await _dated(api, line)
    whole = (await api("GET", f"/orders/{order}/timeline")).body["entries"]

    read, cursor = [], ""
    while True:
        page = (await api("GET", f"/orders/{order}/timeline?limit=2{cursor}")).body
        read += page["entries"]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"

    assert read == whole
    assert len(whole) > 4


# versions


async def test_what_was_read_and_still_holds_is_not_sent_again(api: Client) -> None:
    order, line = await api.ordered()
    read = await api("GET", f"/orders/{order}")

    same = await api("GET", f"/orders/{order}", headers={"If-None-Match": read.headers["ETag"]})
    await _dated(api, line)
    moved = await api("GET", f"/orders/{order}", headers={"If-None-Match": read.headers["ETag"]})

    assert (same.status, same.body, same.headers["ETag"]) == (304, None, read.headers["ETag"])
    assert moved.status == 200
    assert moved.headers["ETag"] != read.headers["ETag"]


async def test_a_decision_on_what_has_moved_since_is_not_sent_on(api: Client) -> None:
    order, line = await api.ordered()
    read = (await api("GET", f"/orders/{order}")).headers["ETag"]
    await _dated(api, line)

    for path, asked in (
        ("decisions", {"decision": "retry"}),
        ("cancellations", {"accept_cost": True}),
    ):
        refused = await api(
            "POST", f"/orders/{order}/{path}", asked, headers={"If-Match": f'"9", {read}'}
        )
        assert (refused.status, refused.body["type"]) == (412, "order-moved")
    assert api.processes.asked == []

    now = (await api("GET", f"/orders/{order}")).headers["ETag"]
    taken = await api(
        "POST", f"/orders/{order}/decisions", {"decision": "retry"}, headers={"If-Match": now}
    )
    assert taken.status == 200


async def test_a_decision_that_was_taken_is_answered_so_again_whatever_has_moved(
    api: Client,
) -> None:
    """Its own answer was lost: what it moved must not refuse its repeat."""
    order, line = await api.ordered(body(documents=[]))
    read = (await api("GET", f"/orders/{order}")).headers["ETag"]
    lines = LineLedger(ledger=api.store.ledger, keyed_hash=api.store.keyed_hash)
    port = PortInActivities(lines=lines, rules=RULES)
    progress = await port.claim_number(LineStep(line_id=line, at=STORY))
    await port.look_at_gates(LineStep(line_id=line, at=STORY, version=progress.version))
    people = PortInPeople(lines=lines, rules=RULES)
    until = {"until": "2027-01-20T09:00"}
    taken = await people.take_decision(
        DecisionStep(
            line_id=line,
            at=STORY,
            decision_id="test/k-1",
            decision="snooze",
            reason="later",
            by="test",
            given=until,
        )
    )
    assert taken.taken
    asked = {"decision": "snooze", "reason": "later", "given": until}

    again = await api("POST", f"/orders/{order}/decisions", asked, headers={"If-Match": read})
    other = await api(
        "POST", f"/orders/{order}/decisions", {**asked, "reason": "no"}, headers={"If-Match": read}
    )

    assert (again.status, again.body["taken"], other.status) == (200, True, 412)
    assert api.processes.asked == []


# what the lines fill


async def test_numbers_are_shown_with_where_they_come_from_and_go_to(api: Client) -> None:
    await api.register("books", Role.FINANCE)
    order, line = await api.ordered()
    await _dated(api, line)

    (shown,) = (await api("GET", f"/orders/{order}/numbers")).body["numbers"]
    (books,) = (await api("GET", f"/orders/{order}/numbers", caller="books")).body["numbers"]

    assert (shown["number"], shown["rio"], shown["donor"]) == ("0612345678", rio_of(), "02")
    assert (shown["group"], shown["stage"]) == ("GPM", "preparing")
    assert shown["port_day"] is not None
    assert books == {**shown, "rio": None}


async def test_the_port_day_is_an_appointment(api: Client) -> None:
    order, line = await api.ordered()
    assert (await api("GET", f"/orders/{order}/appointments")).body == {
        "appointments": [],
        "next": None,
    }
    await _dated(api, line)

    (one,) = (await api("GET", f"/orders/{order}/appointments")).body["appointments"]

    assert (one["kind"], one["fixed"], one["kept_at"]) == ("switch", False, None)
    assert one["starts_at"].startswith(one["day"])


async def test_what_cancelling_was_said_to_cost_stays_with_the_order(api: Client) -> None:
    order, line = await api.ordered(body("technicophone"))
    lines = LineLedger(ledger=api.store.ledger, keyed_hash=api.store.keyed_hash)
    await PortInPeople(lines=lines, rules=RULES).ask_cancellation(
        CancellationStep(line_id=line, at=STORY, request_id="c", by="crm")
    )

    (one,) = (await api("GET", f"/orders/{order}/quotes")).body["quotes"]

    assert (one["line"], one["quote"]["accepted_by"]) == (1, "crm")
    assert (one["quote"]["of"], one["quote"]["stands"]) == ("cancellation", "accepted")
    assert "002:" in one["quote"]["readings"][0]["en"]


async def test_what_one_order_waits_for_is_listed(api: Client) -> None:
    order, line = await api.ordered(body(documents=[]))
    lines = LineLedger(ledger=api.store.ledger, keyed_hash=api.store.keyed_hash)
    port = PortInActivities(lines=lines, rules=RULES)
    progress = await port.claim_number(LineStep(line_id=line, at=STORY))
    await port.look_at_gates(LineStep(line_id=line, at=STORY, version=progress.version))

    attention = (await api("GET", f"/orders/{order}/attention")).body["attention"]
    deadlines = (await api("GET", f"/orders/{order}/deadlines")).body["deadlines"]

    assert [(one["code"], one["line"]) for one in attention] == [("gates", 1)]
    assert [one["line_id"] for one in deadlines] == [str(line)]
    assert deadlines[0]["until"] > (STORY + timedelta(hours=1)).isoformat()


@pytest.mark.parametrize(
    ("rio", "goes", "words"),
    [(rio_of(), "True", ""), (rio_of("0612345679"), "False", "3179")],
)
async def test_a_rio_is_checked_against_its_number(
    api: Client, rio: str, goes: str, words: str
) -> None:
    answered = await api("POST", "/rio/check", {"number": "06 12 34 56 78", "rio": rio})

    assert str(answered.body["goes_with_the_number"]) == goes
    assert words in str(answered.body)
