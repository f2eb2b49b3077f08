"""A site that misses the day it was promised for: told once, explained, and over when it works."""

from datetime import date
from typing import Any
from uuid import UUID

from domain.access_facts import AccessEnded, DeliveryPlanned, Plan, SiteClaimed
from domain.event import Event
from domain.identity import OrderId, line_stream
from domain.jeopardy import jeopardy_stream
from domain.port_in_facts import GatesPassed, Outcome
from domain.said import Said
from ledger.append import expected_after
from runtime.processes.projector import build_stage_timer, line_runner
from runtime.stage_timing import usual_times
from tests.builders import append, on_stream
from tests.integration.conftest import SETTINGS, Client
from tests.integration.test_jeopardy import looked
from tests.porting import paris
from tests.sites import site, sites_body

WISHED = "2027-01-20"
WHY = Said(fr="15 jours ouvrés", en="15 working days")
PLAN = Plan(on=date(2027, 1, 29), said=WHY, source="OfferChosen", binds=False)


class Site:
    """An order of one site, and what becomes of it."""

    def __init__(self, api: Client, order: str, line: UUID) -> None:
        self.api, self.order, self.line = api, order, line

    async def note(self, *events: Event) -> None:
        stream = line_stream(self.line)  # type: ignore[arg-type]  # a line's id
        version = len(await self.api.store.ledger.read(stream))
        whole = on_stream(stream, *events, expected=expected_after(version))
        await self.api.store.ledger.append(append(f"{stream} {version}", whole))
        await line_runner(self.api.store).turn()

    async def told(self) -> list[str]:
        stream = jeopardy_stream(OrderId(UUID(self.order)))
        return [type(e.event).__name__ for e in await self.api.store.ledger.read(stream)]

    async def outlook(self) -> Any:  # noqa: ANN401  any JSON
        return (await self.api("GET", f"/lines/{self.line}/outlook")).body


async def _ordered(api: Client) -> Site:
    order, line = await api.ordered(sites_body("technicophone", site(wish=WISHED)))
    await line_runner(api.store).turn()
    return Site(api, order, line)


async def test_a_site_planned_too_late_is_told_of_once_and_cleared_when_it_works(
    api: Client,
) -> None:
    """Nothing is missing: five days of works after a day to ask and one to keep end on the 19th."""
    one = await _ordered(api)
    assert await looked(api, "2027-01-09T02:00") == []

    await one.note(SiteClaimed(), GatesPassed(), DeliveryPlanned(plan=PLAN))
    assert await looked(api, "2027-01-09T04:00") == [1]
    assert await looked(api, "2027-01-09T06:00") == []
    (row,) = (await api("GET", "/jeopardy")).body["jeopardy"]
    assert (row["code"], row["promised_on"], row["expected_on"]) == (
        "planned-later",
        WISHED,
        "2027-01-29",
    )
    assert await looked(api, "2027-01-21T04:00") == [1]
    assert await looked(api, "2027-01-22T04:00") == []

    started = paris("2027-01-29T10:00")
    over = AccessEnded(outcome=Outcome.DELIVERED, why=WHY, service_started_at=started)
    await one.note(over)
    assert await looked(api, "2027-01-30T04:00") == [1]
    assert await one.told() == ["LinesAtRisk", "LinesLate", "LinesSafe"]
    (relieved,) = [
        line
        for e in await api.store.ledger.read(jeopardy_stream(OrderId(UUID(one.order))))
        for line in getattr(e.event, "lines", ())
        if hasattr(line, "because")
    ]
    assert relieved.because == "delivered"


async def test_a_site_explains_its_day_with_its_arithmetic_in_both_languages(api: Client) -> None:
    one = await _ordered(api)
    await one.note(SiteClaimed(), GatesPassed(), DeliveryPlanned(plan=PLAN))

    shown = await one.outlook()

    outlook = shown["outlook"]
    assert (shown["stage"], shown["line"]) == ("checking-eligibility", 1)
    assert outlook["promised"]["said"] == {
        "fr": "le jour souhaité par le client",
        "en": "the day the customer wished",
    }
    assert [left["stage"] for left in outlook["left"]] == [
        "checking-eligibility",
        "reserving",
        "ready-for-works",
    ]
    works = outlook["left"][-1]
    assert "valeur de la maison" in works["said"]["fr"]
    assert "a default of ours" in works["said"]["en"]
    assert works["explanation"]["days"]
    assert works["explanation"]["hours_source"] != "as asked"


async def test_stages_of_sites_are_measured_beside_those_of_ports(api: Client) -> None:
    one = await _ordered(api)
    await one.note(SiteClaimed())
    timer = build_stage_timer(api.store, SETTINGS)
    while await timer.turn():
        pass

    measured = (await usual_times(api.store.documents)).measured

    assert list(measured) == ["access/claiming-site/technicophone/"]
