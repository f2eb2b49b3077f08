"""What the customer of a site is told while its process runs: each fact once, none raw."""

from dataclasses import dataclass

from domain.access_facts import Technology
from domain.delay_facts import MayLeave
from domain.equipment_back import RETURN
from domain.identity import LineId, line_stream
from domain.line_words import LINES, served_word
from domain.notice_around import Around
from domain.notice_sites import SiteTold, may_tell, site_told
from domain.port_in_facts import HostNetwork, Step
from domain.works_facts import FieldFailure, Half, Test
from domain.works_told import VisitFailedTold, VisitMissedTold, VisitMovedTold
from tests.accesses import SAID, SIGNED_ON, offer, study
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
        same = [one for one in history if one.command_id == envelope.command_id]
        around = Around(
            before=tuple(one.event for one in history[:place]),
            beside=tuple(one.event for one in same if one.version < envelope.version),
            after=tuple(one.event for one in same if one.version > envelope.version),
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


async def test_tests_that_fail_are_told_before_the_service_that_follows_them(world: World) -> None:
    world.accesses[ORANGE].offers = (offer(),)
    world.accesses[ORANGE].says[Step.COMMISSION_ACCESS] = [sites.measured(Test.SYNCHRONISATION)]
    line = await sites.site_opened(world, held=True)

    await sites.visited(world, line)
    await world.asks(line, "tests-failed")
    await world.decide(line, "retry")
    await world.end_of(line)

    found = await heard(world, line)
    assert [one for one in found.purposes if one != "site-visit-reminded"] == [
        "site-visit-offered",
        "site-visit-booked",
        "site-tests-failed",
        "site-in-service",
    ]
    assert found.of("site-tests-failed")["why"] == "the connection does not come up"


async def test_the_equipment_of_an_end_is_told_from_its_shipping_to_its_invoice(
    world: World,
) -> None:
    world.accesses[ORANGE].offers = (offer(),)
    world.accesses[ORANGE].habits[Step.BUILD_ACCESS] = [Habit.IDLE]
    line = await sites.site_opened(world, held=True)
    await world.until(line, "AccessReady")
    for to in ("ordered", "shipped"):
        await world.equipment(line, to, serial="RTR-1")

    await world.cancel(line)
    await world.asks(line, "cancellation-paper")
    letter = {"document": "cancellation-letter", "on": str(SIGNED_ON)}
    await world.decide(line, "provide", about="cancellation-paper", given=letter)
    await world.asks(line, RETURN)
    await world.passes(line, days=12)
    ruled = await world.decide(line, "refuse", about=RETURN)
    await world.end_of(line)

    assert ruled.taken, ruled.why
    found = await heard(world, line)
    assert found.purposes == [
        "site-equipment-sent",
        "site-cancellation-asked",
        "site-cancelled",
        "site-equipment-back",
        "site-equipment-invoiced",
    ]
    assert found.of("site-equipment-back")["pieces"].startswith("router (serial RTR-1): to be back")
    assert found.of("site-equipment-invoiced")["pieces"].endswith("nothing is charged without one")


async def test_a_customer_who_may_leave_is_told_so_once_and_the_order_goes_on(world: World) -> None:
    world.accesses[ORANGE].habits[Step.CHECK_ELIGIBILITY] = [Habit.IDLE]
    right = MayLeave(since=paris("2027-04-04T00:00:00"), source="000:430", said=(SAID,))
    line = await sites.site_opened(world, under=("oksio", "data"), may_leave=right)

    await world.passes(line, days=100)
    await world.until(line, "RightToLeaveArose")
    await world.passes(line, days=20)

    found = await heard(world, line)
    assert found.purposes.count("site-may-leave") == 1
    assert found.of("site-may-leave")["since"] == "Sunday 4 April 2027"
    assert "AccessEnded" not in await world.facts(line)


async def test_a_site_that_waits_for_another_is_told_so_and_that_it_goes_on(world: World) -> None:
    world.accesses[ORANGE].offers = (offer(),)
    line = await sites.site_opened(world, held=True, after=(2,))

    await sites.visited(world, line)
    await world.until(line, "LinesAwaited")
    word = served_word(2, world.clock.business_origin)
    await world.mail.send(line, LINES, word, at=world.clock.business_origin)
    await world.end_of(line)

    waits = [one.facts for one in (await heard(world, line)).told if one.purpose == "site-waits"]
    first, last = waits[0], waits[-1]
    assert first["what"].en == "it waits for site 2 of your order to be in service first"
    assert last["next"].en == "this site is put into service in its turn"


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
