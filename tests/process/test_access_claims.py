"""One open order for each site, by its socket, its line or its address, time skipped."""

from typing import Any

import pytest

from domain.access_facts import Locator, Site
from domain.identity import LineId, order_subject, site_stream
from domain.personal import Personal
from domain.port_in_facts import HostNetwork, Outcome
from domain.site_claims import fold
from tests.accesses import ADDRESS, COMMUNE, offer
from tests.porting import ORDER_ID
from tests.process import sites
from tests.process.conftest import World

ORANGE = HostNetwork.ORANGE
AT_ADDRESS, OF_SOCKET, OF_OTHER = "a" * 64, "b" * 64, "c" * 64
BY_ADDRESS: dict[str, Any] = {"site_digest": AT_ADDRESS}


def _by_socket(digest: str = OF_SOCKET) -> dict[str, Any]:
    subject = order_subject(ORDER_ID)
    site = Site(
        commune=COMMUNE,
        address=Personal(subject=subject, value=ADDRESS),
        locator=Locator.SOCKET,
        name=Personal(subject=subject, value="OO-1A2B-3C4D"),
    )
    return {"site": site, "site_digest": digest, "address_digest": AT_ADDRESS}


@pytest.fixture
def reachable(world: World) -> World:
    world.accesses[ORANGE].offers = (offer(),)
    return world


async def _at_work(world: World, named: dict[str, Any]) -> LineId:
    line = await sites.site_opened(world, held=True, **named)
    await world.asks(line, "visit-slots")
    return line


async def _at_the_address(world: World) -> list[LineId]:
    history = await world.ledger.read(site_stream(AT_ADDRESS))
    return [one.line_id for one in fold(envelope.event for envelope in history)]


async def test_a_site_named_two_ways_has_one_open_order(reachable: World) -> None:
    first = await _at_work(reachable, _by_socket())
    second = await sites.site_opened(reachable, held=True, **BY_ADDRESS)
    await reachable.asks(second, "site-taken")
    state = await sites.site_state(reachable, second)

    await sites.cancelled(reachable, first)
    await reachable.decide(second, "retry")

    await reachable.asks(second, "visit-slots")
    assert "neither a socket nor a line" in state.attentions[0].what.en  # type: ignore[union-attr]  # open
    assert await _at_the_address(reachable) == [second]


async def test_two_sockets_at_one_address_go_on_side_by_side(reachable: World) -> None:
    first = await _at_work(reachable, _by_socket())
    second = await _at_work(reachable, _by_socket(OF_OTHER))

    assert await _at_the_address(reachable) == [first, second]


async def test_one_socket_has_one_order_whatever_its_address(reachable: World) -> None:
    first = await _at_work(reachable, _by_socket())
    second = await sites.site_opened(reachable, **{**_by_socket(), "address_digest": "e" * 64})

    await reachable.asks(second, "site-taken")

    assert "skip" not in (await reachable.decide(second, "skip")).why.split(":")[-1]  # type: ignore[union-attr]  # refused
    assert await _at_the_address(reachable) == [first]
    assert await reachable.ledger.read(site_stream("e" * 64)) == ()


async def test_a_person_says_that_two_flats_are_two_sites(reachable: World) -> None:
    first = await _at_work(reachable, BY_ADDRESS)
    second = await sites.site_opened(reachable, held=True, **BY_ADDRESS)
    await reachable.asks(second, "site-taken")

    await reachable.decide(second, "skip", reason="the flat on the third floor")

    await reachable.asks(second, "visit-slots")
    assert "SitesToldApart" in await reachable.facts(second)
    assert await _at_the_address(reachable) == [first, second]
    await sites.cancelled(reachable, second)
    assert (await reachable.end_of(second)).outcome is Outcome.CANCELLED
    assert await _at_the_address(reachable) == [first]
