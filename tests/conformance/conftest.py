"""What is held against the suite: our adapters on real sockets, the fake, or one of your own."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from runtime.store import Store
from tests.conformance import our_exchanges
from tests.conformance.exchange import ExchangeUnderTest
from tests.conformance.host import HostUnderTest
from tests.conformance.ours import bouygues, fake, orange, sfr
from tests.conformance.plugin import (
    ADAPTER,
    EXCHANGE_OPTION,
    PROMISE,
    ExchangeFactory,
    Factory,
    adapters_of,
    exchange_factory_of,
    factory_of,
)

OURS: Mapping[str, Factory] = {"orange": orange, "sfr": sfr, "bouygues": bouygues, "fake": fake}


EXCHANGES: Mapping[str, ExchangeFactory] = {
    "pnm": our_exchanges.pnm,
    "fake exchange": our_exchanges.fake,
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "host" in metafunc.fixturenames:
        metafunc.parametrize("host", adapters_of(metafunc.config, tuple(OURS)), indirect=True)
    if "exchange" in metafunc.fixturenames:
        names = adapters_of(metafunc.config, tuple(EXCHANGES), EXCHANGE_OPTION)
        metafunc.parametrize("exchange", names, indirect=True)


@pytest.fixture
async def host(request: pytest.FixtureRequest) -> AsyncIterator[HostUnderTest]:
    promise = request.node.get_closest_marker("promise").args[0]
    request.node.user_properties += [(ADAPTER, request.param), (PROMISE, promise)]
    factory = OURS.get(request.param) or factory_of(request.param)
    async with factory() as found:
        if not found.offers(promise):
            pytest.skip("not offered")
        yield found


@pytest.fixture
async def exchange(
    request: pytest.FixtureRequest, store: Store, tmp_path: Path
) -> AsyncIterator[ExchangeUnderTest]:
    promise = request.node.get_closest_marker("promise").args[0]
    request.node.user_properties += [(ADAPTER, request.param), (PROMISE, promise)]
    factory = EXCHANGES.get(request.param) or exchange_factory_of(request.param)
    async with factory(store, tmp_path) as found:
        if promise in found.not_offered:
            pytest.skip("not offered")
        yield found
