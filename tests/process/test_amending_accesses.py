"""An access that is amended while it runs: another day, another rate, another place."""

from domain.access_changes import AccessAmended
from domain.access_stages import Access
from domain.identity import correction_id_for, site_stream
from domain.port_in_facts import HostNetwork, Step
from tests.accesses import offer
from tests.process import sites
from tests.process.conftest import World

ORANGE = HostNetwork.ORANGE
DATA = ("oksio", "data")


TO_ITS_SLOTS = (
    Step.CHECK_ELIGIBILITY,
    Step.RESERVE_ACCESS,
    Step.BUILD_ACCESS,
    Step.OFFER_VISITS,
)


async def test_another_day_is_a_wish_and_the_works_stand(world: World) -> None:
    world.accesses[ORANGE].offers = (offer(),)
    line = await sites.site_opened(world)
    await world.asks(line, "visit-slots")

    ruled = await world.amend(line, day="2027-06-01")

    assert ruled.taken
    state = await sites.site_state(world, line)
    assert isinstance(state, Access)
    assert str(state.terms.wished) == "2027-06-01"
    await world.asks(line, "visit-slots")


async def test_another_place_gives_back_what_was_kept_and_begins_again_there(
    world: World,
) -> None:
    world.accesses[ORANGE].offers = (offer(),)
    line = await sites.site_opened(world)
    await world.asks(line, "visit-slots")

    ruled = await world.amend(line, correction=await sites.another_place_kept(world, line))
    await world.asks(line, "visit-slots")

    assert ruled.taken
    assert world.accesses[ORANGE].books.steps == [
        *TO_ITS_SLOTS,
        Step.RELEASE_ACCESS,
        *TO_ITS_SLOTS,
    ]
    assert [one.commune for one in world.accesses[ORANGE].asked] == [*["37203"] * 5, *["37261"] * 4]
    sites_moved = [
        [type(e.event).__name__ for e in await world.ledger.read(site_stream(digest))]
        for digest in ("d" * 64, "e" * 64)
    ]
    assert sites_moved == [["AddressClaimed", "AddressReleased"], ["AddressClaimed"]]


async def test_a_higher_rate_asks_every_operator_anew(world: World) -> None:
    world.accesses[ORANGE].offers = (offer(),)
    line = await sites.site_opened(world)
    await world.asks(line, "visit-slots")
    world.accesses[ORANGE].offers = (offer(down_kbps=2_000_000),)

    ruled = await world.amend(line, down_kbps=2_000_000)
    await world.asks(line, "visit-slots")

    assert ruled.taken
    state = await sites.site_state(world, line)
    assert isinstance(state, Access)
    assert state.chosen is not None
    assert state.chosen.offer.down_kbps == 2_000_000


async def test_oksio_amends_once_both_have_signed(world: World) -> None:
    world.accesses[ORANGE].offers = (offer(),)
    line = await sites.site_opened(world, under=DATA)
    await world.asks(line, "visit-slots")

    await world.amend(line, day="2027-06-01")
    await world.asks(line, "amendment-agreement")
    await world.decide(line, "agree", about="amendment-agreement")

    (amended,) = [e for e in await world.events(line) if isinstance(e, AccessAmended)]
    assert amended.because[0].en == (
        "a written agreement signed by both parties is needed (000:345-346); given, said by a "
        "colleague"
    )


async def test_what_nobody_signed_lapses_and_the_access_goes_on(world: World) -> None:
    world.accesses[ORANGE].offers = (offer(),)
    line = await sites.site_opened(world, under=DATA)
    await world.asks(line, "visit-slots")

    await world.amend(line, day="2027-06-01")
    await world.until(line, "AccessAmendmentLapsed")

    state = await sites.site_state(world, line)
    assert isinstance(state, Access)
    assert (state.terms.wished, state.amendment) == (None, None)


async def test_a_day_that_is_over_and_a_place_nobody_kept_are_sentences(world: World) -> None:
    world.accesses[ORANGE].offers = (offer(),)
    line = await sites.site_opened(world)
    await world.asks(line, "visit-slots")

    over = await world.amend(line, day="2020-06-01")
    unknown = await world.amend(line, correction=correction_id_for(line, key="never"))

    assert over.why is not None
    assert over.why.startswith("2020-06-01 is over: wish for a day from ")
    assert unknown.why == "no such place was kept; plan the amendment again"
