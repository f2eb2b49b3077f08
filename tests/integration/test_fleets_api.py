"""A fleet through HTTP: brought in, and read in pages."""

import json

import pytest

from tests.integration.conftest import Client
from tests.integration.fleets import Fleet, fleet_json, large
from tests.papers import pdf

__all__ = ["large"]


async def test_a_large_order_is_counted_and_its_lines_are_read_in_pages(large: Fleet) -> None:
    await large.gathers(1, 120)
    await large.ends(5)

    shown = (await large.api("GET", large.path())).body
    first = (await large.api("GET", large.path("/lines?limit=100"))).body
    rest = (await large.api("GET", large.path(f"/lines?limit=100&cursor={first['next']}"))).body

    assert (shown["lines"], shown["stage"]) == ([], "running")
    assert shown["tally"] == {
        "lines": 130,
        "stages": {"claiming": 127, "gathering": 2},
        "outcomes": {"ported": 1},
        "waiting": {"fleet": 2},
    }
    assert [line["line"] for line in first["lines"]] == list(range(1, 101))
    assert [line["line"] for line in rest["lines"]] == list(range(101, 131))
    assert (rest["next"], rest["lines"][19]["stage"]) == (None, "gathering")
    assert first["lines"][4]["outcome"] == "ported"


@pytest.mark.parametrize(
    ("query", "lines"),
    [
        ("stage=gathering", [2, 120]),
        ("outcome=ported", [5]),
        ("waiting_for=fleet", [2, 120]),
        ("waiting_for=gates", []),
    ],
)
async def test_lines_are_found_by_where_they_stand(
    large: Fleet, query: str, lines: list[int]
) -> None:
    await large.gathers(2, 120)
    await large.ends(5)

    found = (await large.api("GET", large.path(f"/lines?{query}"))).body["lines"]

    assert [line["line"] for line in found] == lines


async def test_a_line_of_a_large_order_is_named_by_its_place(large: Fleet) -> None:
    """Its timeline, its numbers, its amendment; and one that is not there is said."""
    facts = (await large.api("GET", large.path("/timeline?line=130"))).body["entries"]
    whole = (await large.api("GET", large.path("/timeline"))).body["entries"]
    numbers = (await large.api("GET", large.path("/numbers?limit=2"))).body
    amended = await large.api(
        "POST", large.path("/amendments"), {"lines": [{"line": 130, "wish": "2027-01-28"}]}
    )
    missing = await large.api("GET", large.path("/timeline?line=131"))

    assert [one["entry"]["event"] for one in facts] == ["PortOpened"]
    assert [one["entry"]["event"] for one in whole] == ["OrderReceived", "LotOpened", "LotOpened"]
    assert [one["number"] for one in numbers["numbers"]] == ["0612400000", "0612400001"]
    assert numbers["next"] is not None
    assert amended.status == 201
    assert (missing.status, missing.body["detail"]) == (
        409,
        "The order has no line 131; it has 130.",
    )


async def test_the_tag_of_a_large_order_moves_with_any_of_its_lines(large: Fleet) -> None:
    before = (await large.api("GET", large.path())).headers["ETag"]
    await large.gathers(77)

    after = await large.api("GET", large.path(), headers={"If-None-Match": before})

    assert after.status == 200
    assert after.headers["ETag"] != before


async def test_a_paper_of_a_large_order_goes_to_each_of_its_lots(large: Fleet) -> None:
    await large.api.filed(str(large.order_id), pdf())

    rows = await large.api.store.outbox.lease(limit=200)
    papers = [json.loads(row.payload)["lot"] for row in rows if row.kind == "provide-paper"]

    assert papers == [1, 2]


async def test_a_number_of_a_large_order_is_found_and_attention_names_its_line(
    large: Fleet,
) -> None:
    await large.gathers(130)

    found = await large.api("POST", "/search/orders", {"number": "06 12 40 01 29"}, key=None)
    mine = (await large.api("GET", large.path("/attention"))).body["attention"]
    everybody = (await large.api("GET", "/attention")).body["attention"]
    due = (await large.api("GET", large.path("/deadlines"))).body["deadlines"]

    assert found.body["order_ids"] == [str(large.order_id)]
    assert [(one["line"], one["code"]) for one in mine] == [(130, "fleet")]
    assert everybody == mine
    assert [one["line_id"] for one in due] == [str(large.line(130))]


async def test_mistakes_in_a_fleet_are_told_by_line(api: Client) -> None:
    whole = fleet_json(130)
    whole["lines"][128]["rio"] = whole["lines"][0]["rio"]

    refused = await api("POST", "/orders", whole)

    assert refused.status == 422
    assert [problem["pointer"] for problem in refused.body["errors"]] == ["/lines/128/rio"]


async def test_the_same_fleet_again_is_the_same_order(api: Client) -> None:
    first = await api("POST", "/orders", fleet_json(130))
    again = await api("POST", "/orders", fleet_json(130))

    assert (first.status, again.status) == (201, 200)
    assert first.body["order_id"] == again.body["order_id"]


async def test_a_paper_of_one_line_goes_to_its_lot_alone(large: Fleet) -> None:
    url = f"{large.api.address}{large.path('/documents?name=identity&on=2027-01-08&line=101')}"
    headers = {
        **large.api.shown_by("test"),
        "Idempotency-Key": "one",
        "Content-Type": "application/pdf",
    }
    async with large.api.session.post(url, data=pdf(), headers=headers) as response:
        assert response.status == 201

    rows = await large.api.store.outbox.lease(limit=200)
    assert [json.loads(r.payload)["lot"] for r in rows if r.kind == "provide-paper"] == [2]
