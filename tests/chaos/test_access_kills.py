"""One site, the worker killed after every fact, up to its service: same facts, one effect each, one
pair kept, one visit."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from runtime.demo_requests import request
from runtime.demo_sites import DSL, FORM, answer, only, paper, site
from runtime.demo_stories import Expected, Scenario
from runtime.store import open_store
from runtime.verifying import verify
from tests.chaos.parts import Parts, effects, ended, mortal_workers
from tests.waiting import until_async

STREET = "rue des Sorbiers"
SDSL = Scenario(
    name="SDSL, studied, desaturated, in service",
    provider="technicophone",
    documents=DSL,
    site=site(STREET, "sdsl"),
    misbehaviour=only(
        "orange",
        STREET,
        *("study", "study-days:1", "saturated:deferred", "desaturate-days:1"),
    ),
    moves=(
        paper("fee-consent", "fee-consent"),
        answer("visit-slots", "provide", "the last one offered", slot="8"),
    ),
    expected=Expected(outcome="delivered", because="002:2260-2275"),
)
ASKED = ("OperatorAsked", "OperatorTook")
FACTS = [
    *("AccessOpened", "SiteClaimed", "GatesPassed"),
    *(*ASKED, "EligibilityFound") * 3,
    *("OfferChosen", "CutsListed", "NothingInTheWay"),
    *(*ASKED, "StudyHeard", "ChangesBinding", "DeliveryPlanned"),
    *(*ASKED, "SaturationFound", "DeliveryPlanned", "FeeOwed", "AttentionRaised"),
    *("DecisionTaken", "AttentionCleared", "FeeConsented"),
    *(*ASKED, "Desaturated"),
    *(*ASKED, "AccessReserved", "AccessReady"),
    *(*ASKED, *["MilestonePassed"] * 2, "WorksFinished"),
    *(*ASKED, "VisitsOffered", "AttentionRaised"),
    *("DecisionTaken", "AttentionCleared", "VisitChosen"),
    *(*ASKED, "VisitBooked", "DeliveryPlanned", "VisitReminded", "VisitKept"),
    *["EquipmentMoved"] * 2,
    *(*ASKED, "Commissioned", "ServiceStarted", "BillingStarted", "CommitmentStarted"),
    *("LatenessJudged", "AccessEnded"),
]
MADE = [
    *("BOOK_SLOT", "BUILD", "CHECK", "CHECK", "COMMISSION", "DESATURATE", "ELIGIBILITE"),
    *("OFFER_SLOTS", "RESERVE", "RESERVE", "STUDY"),
]
"""The first reservation finds nothing left; the second, once a pair is added, is another one."""
WENT_UP = "AttentionMoved"
"""A question may go up while its answer's worker is dead: deaths take as long as days here."""
COMMANDS = 43
"""Of the line alone; what its order records is a death each too."""


@pytest.mark.long
@pytest.mark.timeout(600)
async def test_a_worker_killed_after_every_fact_of_an_access_asks_each_thing_once(
    parts: Parts, tmp_path: Path
) -> None:
    deaths = tmp_path / "deaths"
    await parts.begin()
    await parts.ask("POST", f"{parts.simulators}/admin/scripts", SDSL.misbehaviour)
    order = await parts.ask("POST", f"{parts.api}/orders", request(SDSL))
    url = f"{parts.api}/orders/{order['order_id']}"

    with mortal_workers(parts, deaths):
        for move in SDSL.moves:
            await until_async(_waits(parts, url, move.on), what=move.on, seconds=400)
            await parts.ask("POST", f"{url}/decisions", move.decide, key=move.on)
        over = await ended(parts, url)

    (line,) = over["lines"]
    assert (line["outcome"], over["outcome"]) == ("delivered", "completed")
    facts = [one["event"] for one in line["timeline"] if one["event"] != WENT_UP]
    assert sorted(facts) == sorted(FACTS)
    charged = [(fee["head"], fee["euros"]) for fee in line["access"]["fees"]]
    assert charged == [("desaturation", "750.00")]  # 002:2274
    made = await effects(parts)
    assert sorted(effect["effect"] for effect in made) == MADE
    assert {effect["times"] for effect in made} == {1}
    assert await _boxes(parts) == [("pairs", 8, 1)]
    assert len(list(deaths.iterdir())) >= COMMANDS
    assert await _is_intact(parts)


VAIN = "rue des Saules"
FTTH = Scenario(
    name="FTTH, works late, a visit moved and in vain, tests failed once, in service",
    provider="technicophone",
    documents=FORM,
    site=site(VAIN, "ftth"),
    misbehaviour=only(
        "orange",
        VAIN,
        *("works-days:1", "works:late=1=FLOOD"),
        book=["visit:moved=1=CREW+failed=customer-absent"],
        commission=["tests:no-sync"],
    ),
    moves=(
        answer("visit-slots", "provide", "the last one offered", slot="8"),
        answer("visit-slots", "provide", "somebody will be there", slot="8"),
        answer("tests-failed", "retry", "a splice is redone"),
    ),
    expected=Expected(outcome="delivered", because="002:2537-2541"),
)
BOOKED = (
    *(*ASKED, "VisitsOffered", "AttentionRaised"),
    *("DecisionTaken", "AttentionCleared", "VisitChosen"),
    *(*ASKED, "VisitBooked", "DeliveryPlanned"),
)
IN_ITS_TIME = (WENT_UP, "MilestonePassed", "MessageSetAside", "VisitReminded")
"""What deaths that last as long as days make early or late: a milestone that is told once works are
over is set aside, and nobody is reminded of a visit that has begun."""
IN_VAIN = [
    *("AccessOpened", "SiteClaimed", "GatesPassed"),
    *("EquipmentMoved", "EquipmentBilled"),
    *(*ASKED, "EligibilityFound") * 3,
    *("OfferChosen", "CutsListed", "NothingInTheWay", "DeliveryPlanned"),
    *(*ASKED, "AccessReserved", "AccessReady"),
    *(*ASKED, "WorksFinished"),
    *(*BOOKED, "VisitMoved", "DeliveryPlanned", "VisitFailed"),
    *(*BOOKED, "VisitKept"),
    *["EquipmentMoved"] * 2,
    *(*ASKED, "Commissioned", "AttentionRaised", "DecisionTaken", "AttentionCleared"),
    *(*ASKED, "Commissioned", "ServiceStarted", "BillingStarted", "CommitmentStarted"),
    *("LatenessJudged", "AccessEnded"),
]


@pytest.mark.long
@pytest.mark.timeout(600)
async def test_a_worker_killed_after_every_fact_of_an_access_that_goes_wrong_ends_each_visit_once(
    parts: Parts, tmp_path: Path
) -> None:
    await parts.begin()
    await parts.ask("POST", f"{parts.simulators}/admin/scripts", FTTH.misbehaviour)
    order = await parts.ask("POST", f"{parts.api}/orders", request(FTTH))
    url = f"{parts.api}/orders/{order['order_id']}"

    with mortal_workers(parts, tmp_path / "deaths"):
        await until_async(_has_a_line(parts, url), what="its line", seconds=100)
        await parts.ask("POST", f"{url}/equipment", {"name": "router", "to": "ordered"})
        for number, move in enumerate(FTTH.moves):
            await until_async(_waits(parts, url, move.on), what=move.on, seconds=400)
            await parts.ask("POST", f"{url}/decisions", move.decide, key=f"{number}/{move.on}")
        over = await ended(parts, url)

    (line,) = over["lines"]
    facts = [one["event"] for one in line["timeline"] if one["event"] not in IN_ITS_TIME]
    assert sorted(facts) == sorted(IN_VAIN)
    visits = [(one["ended"], one["by"]) for one in line["access"]["works"]["visits"]]
    assert visits == [("moved", "operator"), ("failed", "customer"), ("kept", None)]
    assert {effect["times"] for effect in await effects(parts)} == {1}
    assert await _is_intact(parts)


def _has_a_line(parts: Parts, url: str) -> Callable[[], Awaitable[bool]]:
    async def has() -> bool:
        return bool((await parts.ask("GET", url))["lines"])

    return has


def _waits(parts: Parts, url: str, code: str) -> Callable[[], Awaitable[bool]]:
    async def waits() -> bool:
        order = await parts.ask("GET", url)
        return any(one["code"] == code for line in order["lines"] for one in line["attention"])

    return waits


async def _boxes(parts: Parts) -> list[tuple[str, int, int]]:
    """What a box has and what is kept in it: desaturation added its eight pairs once."""
    books: dict[str, list[dict[str, Any]]]
    books = await parts.ask("GET", f"{parts.simulators}/admin/sites")
    return [(box["medium"], box["capacity"], box["kept"]) for one in books.values() for box in one]


async def _is_intact(parts: Parts) -> bool:
    async with open_store(parts.settings) as store:
        return (await verify(store.seals, signer=store.signer)).intact
