"""What the customer of a site is told while its process runs: each fact once, none raw."""

from dataclasses import dataclass

from domain.access_facts import Technology
from domain.identity import LineId, line_stream
from domain.notice_around import Around
from domain.notice_sites import SiteTold, may_tell, site_told
from domain.port_in_facts import HostNetwork, Step
from domain.works_facts import FieldFailure, Half
from domain.works_told import VisitFailedTold, VisitMissedTold, VisitMovedTold
from tests.accesses import SIGNED_ON, offer, study
from tests.fakes.operators import Habit
from tests.fakes.works import slot_of
from tests.porting import RULES, paris
from tests.process import sites
from tests.process.conftest import World

ORANGE = HostNetwork.ORANGE


@dataclass(frozen=True)
class Heard:
    """What the office that tells customers reads of one site, in order."""

    told: tuple[SiteTold, ...]

    @property
    def purposes(self) -> list[str]:
        return [one.purpose.value for one in self.told]

    def of(self, purpose: str) -> dict[str, str]:
        (one,) = [one for one in self.told if one.purpose == purpose]
        return {name: said.en for name, said in one.facts.items()}


async def heard(world: World, line: LineId) -> Heard:
    history = await world.ledger.read(line_stream(line))
    found = []
    for place, envelope in enumerate(history):
        beside = [one for one in history[place + 1 :] if one.command_id == envelope.command_id]
        around = Around(
            before=tuple(one.event for one in history[:place]),
            after=tuple(one.event for one in beside),
            at=envelope.business_at,
            rules=RULES,
        )
        one = site_told(envelope.event, around)
        assert one is None or may_tell(envelope.event)
        found += [] if one is None else [one]
    return Heard(told=tuple(found))


async def test_a_site_served_without_a_hitch_is_told_of_its_visit_and_its_service(
    world: World,
) -> None:
    world.accesses[ORANGE].offers = (offer(),)
    line = await sites.site_opened(world, held=True)

    await sites.visited(world, line)
    await world.end_of(line)

    found = await heard(world, line)
    assert found.purposes == ["site-visit-offered", "site-visit-booked", "site-in-service"]
    assert found.of("site-in-service")["lateness"].endswith(": not late")
    assert all("default" not in one.en for told in found.told for one in told.facts.values())


async def test_a_visit_missed_moved_and_failed_is_told_each_time_with_what_it_costs_and_gives(
    world: World,
) -> None:
    world.accesses[ORANGE].offers = (offer(),)
    line = await sites.site_opened(world, held=True)
    at = paris("2027-01-08T18:00:00")

    first = await sites.booked(world, line)
    missed = VisitMissedTold(reference=first, code="SICK", told_at=at)
    await sites.comes_of_the_visit(world, line, missed)
    second = await sites.booked(world, line)
    slot = slot_of(paris("2027-02-15T00:00:00").date(), Half.AFTERNOON)
    moved = VisitMovedTold(reference=second, slot=slot, code="STORM", told_at=at)
    await sites.comes_of_the_visit(world, line, moved)
    await world.until(line, "VisitMoved")
    absent = VisitFailedTold(
        reference=second, failure=FieldFailure.CUSTOMER_ABSENT, code="ND-17", failed_at=at
    )
    await sites.comes_of_the_visit(world, line, absent)
    await sites.visited(world, line)
    await world.end_of(line)

    found = await heard(world, line)
    assert [one for one in found.purposes if one != "site-visit-reminded"] == [
        "site-visit-offered",
        "site-visit-booked",
        "site-visit-lost",
        "site-visit-offered",
        "site-visit-booked",
        "site-visit-moved",
        "site-visit-lost",
        "site-visit-offered",
        "site-visit-booked",
        "site-in-service",
    ]
    assert found.of("site-visit-moved")["when"].startswith("Monday 15 February 2027")
    assert found.of("site-visit-moved")["cost"] == "no fee for you"
    by_operator, by_customer = [one.facts for one in found.told if one.purpose == "site-visit-lost"]
    assert by_operator["owed"].en == "nothing, your contract has no indemnity"
    assert (by_customer["owed"].en, by_customer["cost"].en) == ("nothing", "no fee for you")
    raw = " ".join(said.en + said.fr for one in found.told for said in one.facts.values())
    assert not [word for word in ("SICK", "STORM", "ND-17", first, "S/2027") if word in raw]


async def test_an_order_cancelled_before_its_visit_says_that_nobody_comes(world: World) -> None:
    world.accesses[ORANGE].offers = (offer(),)
    line = await sites.site_opened(world, held=True)
    await sites.booked(world, line)

    await world.cancel(line)
    await world.asks(line, "cancellation-paper")
    letter = {"document": "cancellation-letter", "on": str(SIGNED_ON)}
    await world.decide(line, "provide", about="cancellation-paper", given=letter)
    await world.end_of(line)

    found = await heard(world, line)
    assert [one for one in found.purposes if one != "site-visit-reminded"] == [
        "site-visit-offered",
        "site-visit-booked",
        "site-cancellation-asked",
        "site-cancelled",
        "site-visit-cancelled",
    ]
    assert found.of("site-visit-cancelled")["why"] == "the order of the site is cancelled"


async def test_a_site_nobody_makes_ready_is_asked_about_and_told_what_that_comes_to(
    world: World,
) -> None:
    fibre = offer(technology=Technology.DEDICATED_FIBRE, study=True, lead_days=15)
    world.accesses[ORANGE].offers = (fibre,)
    world.accesses[ORANGE].says[Step.STUDY_SITE] = [sites.studies(study(lead_days=15))]
    world.accesses[ORANGE].habits[Step.BUILD_ACCESS] = [Habit.IDLE]
    line = await sites.site_opened(world, held=True, wanted=(Technology.DEDICATED_FIBRE,))
    await world.until(line, "SiteReadinessAsked")

    await world.passes(line, days=32)
    await world.until(line, "SiteNotReady")

    asked, late = [
        one.facts for one in (await heard(world, line)).told if one.purpose == "site-readiness"
    ]
    assert "a detailed description of your premises" in asked["ready"].en
    assert asked["otherwise"].en.endswith("the day first planned, by your contract")
    assert late["ready"].en.startswith("the day has passed")
    # « facturé à compter de la Date de Mise en Service initialement prévue » (002:2353-2355)
    assert asked["otherwise"].en == f"otherwise {late['otherwise'].en}"


async def test_a_visit_that_took_place_after_all_is_told_in_the_place_of_what_was(
    world: World,
) -> None:
    world.accesses[ORANGE].offers = (offer(),)
    line = await sites.site_opened(world, held=True)
    first = await sites.booked(world, line)
    await world.passes(line, days=13, hours=1)
    await world.asks(line, "visit-unreported")
    await world.decide(line, "refuse", about="visit-unreported")
    await world.asks(line, "visit-slots")

    await sites.comes_of_the_visit(world, line, sites.kept(first))
    await world.asks(line, "visit-told-late")
    await world.decide(line, "agree", about="visit-told-late")
    await world.end_of(line)

    found = await heard(world, line)
    assert [one for one in found.purposes if one != "site-visit-reminded"] == [
        "site-visit-offered",
        "site-visit-booked",
        "site-visit-lost",
        "site-visit-offered",
        "site-visit-corrected",
        "site-in-service",
    ]
    corrected = found.of("site-visit-corrected")
    assert corrected["why"] == "it did take place: the operator gives us its report"
    assert (corrected["cost"], corrected["owed"]) == ("no fee for you", "nothing")
    assert corrected["next"].startswith("you have no slot to choose any more")
