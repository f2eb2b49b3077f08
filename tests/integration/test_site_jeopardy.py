"""A site that misses the day it was promised for: told once, explained, and over when it works."""

from datetime import date
from typing import Any
from uuid import UUID

from domain.access_facts import (
    AccessEnded,
    AccessReady,
    AccessReserved,
    DeliveryPlanned,
    NothingInTheWay,
    Offer,
    OfferChosen,
    Plan,
    SiteClaimed,
    Technology,
)
from domain.event import Event
from domain.identity import OrderId, line_stream
from domain.jeopardy import jeopardy_stream
from domain.port_in_facts import GatesPassed, HostNetwork, OperatorAsked, Outcome, Step
from domain.said import Said
from domain.works_facts import Milestone, MilestonePassed
from ledger.append import expected_after
from runtime.processes.projector import build_stage_timer, line_runner
from runtime.stage_timing import usual_times
from tests.builders import append, on_stream
from tests.integration.conftest import SETTINGS, Client
from tests.integration.test_jeopardy import looked
from tests.porting import paris
from tests.sites import site, sites_body

WISHED = "2027-01-29"
WHY = Said(fr="15 jours ouvrés", en="15 working days")
PLAN = Plan(on=date(2027, 2, 5), said=WHY, source="OfferChosen", binds=False)


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
    """Nothing is missing: a day to ask, one to keep and thirteen to service end on the 29th."""
    one = await _ordered(api)
    assert await looked(api, "2027-01-09T02:00") == []

    await one.note(SiteClaimed(), GatesPassed(), DeliveryPlanned(plan=PLAN))
    assert await looked(api, "2027-01-09T04:00") == [1]
    assert await looked(api, "2027-01-09T06:00") == []
    (row,) = (await api("GET", "/jeopardy")).body["jeopardy"]
    assert (row["code"], row["promised_on"], row["expected_on"]) == (
        "planned-later",
        WISHED,
        "2027-02-05",
    )
    assert await looked(api, "2027-01-30T04:00") == [1]
    assert await looked(api, "2027-01-31T04:00") == []

    started = paris("2027-02-05T10:00")
    over = AccessEnded(outcome=Outcome.DELIVERED, why=WHY, service_started_at=started)
    await one.note(over)
    assert await looked(api, "2027-02-06T04:00") == [1]
    assert await one.told() == ["LinesAtRisk", "LinesLate", "LinesSafe"]
    (relieved,) = [
        line
        for e in await api.store.ledger.read(jeopardy_stream(OrderId(UUID(one.order))))
        for line in getattr(e.event, "lines", ())
        if hasattr(line, "because")
    ]
    assert relieved.because == "delivered"


async def test_a_site_whose_works_slip_is_at_risk_with_the_operators_reason_until_it_is_made_up(
    api: Client,
) -> None:
    one = await _ordered(api)
    at = paris("2027-01-12T10:00")
    asked = OperatorAsked(step=Step.BUILD_ACCESS, key="k", epoch=0, asked_at=at, until=at)
    slipped = MilestonePassed(
        milestone=Milestone.CIVIL_WORKS,
        passed_at=at,
        expected=date(2027, 2, 18),
        code="FLOOD",
        until=paris("2027-02-19T23:00"),
    )
    put_off = PLAN.model_copy(update={"on": date(2027, 2, 18), "source": "MilestonePassed"})
    offer = Offer(
        operator=HostNetwork.ORANGE,
        technology=Technology.FTTH,
        down_kbps=1_000_000,
        up_kbps=300_000,
        lead_days=0,
    )
    await one.note(
        SiteClaimed(),
        GatesPassed(),
        OfferChosen(offer=offer, because=(WHY,)),
        NothingInTheWay(study=False, because=WHY),
        AccessReserved(reference="OA-1", reserved_at=at),
        AccessReady(ready_at=at),
        asked,
        slipped,
        DeliveryPlanned(plan=put_off),
    )

    assert await looked(api, "2027-01-13T02:00") == [1]
    (row,) = (await api("GET", "/jeopardy")).body["jeopardy"]
    assert (row["code"], row["waits_for"], row["whom"]) == ("works-later", "host", "orange")
    assert "(orange, FLOOD)" in row["said"]["fr"]
    shown = (await api("GET", f"/orders/{one.order}")).body["lines"][0]
    assert shown["stage"] == "ready-for-works"
    assert shown["access"]["works"]["expected_end"] == "2027-02-18"
    assert "FLOOD" in shown["timeline"][-2]["said"]["fr"]

    made_up = slipped.model_copy(update={"expected": date(2027, 1, 18), "code": None})
    again = PLAN.model_copy(update={"on": date(2027, 1, 29), "source": "MilestonePassed"})
    await one.note(made_up, DeliveryPlanned(plan=again))
    assert await looked(api, "2027-01-13T04:00") == [1]
    assert await one.told() == ["LinesAtRisk", "LinesSafe"]
    assert (await api("GET", "/jeopardy")).body["jeopardy"] == []


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
        "booking-visit",
        "awaiting-visit",
        "commissioning",
    ]
    works = outlook["left"][2]
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
