"""Whatever waits for a person is in one list, whoever it is asked by."""

from datetime import timedelta
from typing import Any

from domain.clients import Role
from domain.clock import Technical
from runtime.exchange_wiring import transfer_runner
from runtime.indemnities import indemnity_runner
from runtime.notice_office import Pace
from runtime.notice_wiring import notice_office
from runtime.parked import parked_runner
from runtime.processes.projector import line_runner
from runtime.reconciling import difference_runner
from tests.exchange_facts import request, told, trouble_in
from tests.indemnities import indemnity_in
from tests.integration.conftest import SETTINGS, Client
from tests.parked import parked_in
from tests.porting import RULES, body
from tests.reconciled import difference_in


async def _a_letter(api: Client) -> str:
    """An order whose customer has no address: told by a letter that a person sends."""
    order, _ = await api.ordered(body(reference="L-1"), key="l-1")
    office = notice_office(
        api.store, SETTINGS, RULES, messenger=None, pace=Pace(quiet=Technical(timedelta(0)))
    )
    for _ in range(4):
        await office.turn()
        await office.rest()
    return order


async def _one_of_each(api: Client) -> str:
    order = await _a_letter(api)
    mine, line = await api.ordered(body(reference="O-1"), key="o-1")
    await indemnity_in(api.store, mine, line, "asking")
    await trouble_in(api.store)
    await told(api.store, request("one"))
    await parked_in(api.store)
    await difference_in(api.store, 1)
    for runner in (transfer_runner, parked_runner, difference_runner, indemnity_runner):
        await runner(api.store).turn()
    await line_runner(api.store).turn()
    return order


async def _listed(api: Client, path: str, *, caller: str = "test") -> list[dict[str, Any]]:
    body = (await api("GET", path, caller=caller)).body
    found: list[dict[str, Any]] = body["attention"] if "attention" in body else body["deadlines"]
    return found


async def test_one_list_has_what_every_process_asks_the_most_urgent_first(api: Client) -> None:
    order = await _one_of_each(api)

    found = await _listed(api, "/attention")

    assert {one["about"]["matter"] for one in found} == {
        "indemnity", "trouble", "transfer", "parked", "difference", "notice"
    }  # fmt: skip
    assert [one["until"] for one in found] == sorted(one["until"] for one in found)
    assert all(one["allowed"] for one in found)
    letter = next(one for one in found if one["about"]["matter"] == "notice")
    assert (letter["order_id"], letter["code"]) == (order, "notice-to-be-sent")
    assert [one["about"] for one in await _listed(api, f"/orders/{order}/attention")] == [
        letter["about"]
    ]


async def test_the_dates_of_all_of_it_are_among_the_deadlines(api: Client) -> None:
    await _one_of_each(api)

    due = await _listed(api, "/deadlines?within_hours=8000")

    assert {"trouble", "transfer", "parked", "difference", "notice"} <= {
        one["about"]["matter"] for one in due
    }


async def test_what_is_the_houses_own_is_in_nobody_elses_list(api: Client) -> None:
    await _one_of_each(api)

    await api.register("partner", partner=True)
    await api.register("crm", Role.INTAKE)
    await api.register("billing", Role.FINANCE)
    await api.register("auditor", Role.AUDIT)
    partners = await _listed(api, "/attention", caller="partner")
    seen = {
        name: {one["about"]["matter"] for one in await _listed(api, "/attention", caller=name)}
        for name in ("crm", "billing", "auditor")
    }
    due = await _listed(api, "/deadlines?within_hours=8000", caller="billing")

    assert partners == []
    assert seen["crm"] == seen["billing"] == {"indemnity", "notice"}
    assert {"trouble", "transfer", "parked", "difference"} < seen["auditor"]
    assert not {one["about"]["matter"] for one in due} & {"trouble", "transfer", "difference"}


async def test_a_queue_that_is_none_is_told_how_one_is_written(api: Client) -> None:
    asked = await api("GET", "/attention?queue=Exchange%20Desk")

    assert asked.status == 400
    assert asked.body["errors"][0]["sentence"] == "Write a queue's name like exchange-desk."


async def test_a_page_of_it_goes_on_where_the_one_before_ended(api: Client) -> None:
    await _one_of_each(api)
    whole = await _listed(api, "/attention")

    first = (await api("GET", "/attention?limit=4")).body
    rest = (await api("GET", f"/attention?limit=4&cursor={first['next']}")).body

    assert [*first["attention"], *rest["attention"]] == whole
