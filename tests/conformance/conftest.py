"""What is held against the suite: our adapters on real sockets, the fake, or one of your own."""

from collections.abc import AsyncIterator, Mapping

import pytest

from tests.conformance.host import HostUnderTest
from tests.conformance.ours import bouygues, fake, orange, sfr
from tests.conformance.plugin import ADAPTER, PROMISE, Factory, adapters_of, factory_of

OURS: Mapping[str, Factory] = {"orange": orange, "sfr": sfr, "bouygues": bouygues, "fake": fake}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "host" in metafunc.fixturenames:
        metafunc.parametrize("host", adapters_of(metafunc.config, tuple(OURS)), indirect=True)


@pytest.fixture
async def host(request: pytest.FixtureRequest) -> AsyncIterator[HostUnderTest]:
    promise = request.node.get_closest_marker("promise").args[0]
    request.node.user_properties += [(ADAPTER, request.param), (PROMISE, promise)]
    factory = OURS.get(request.param) or factory_of(request.param)
    async with factory() as found:
        if promise in found.not_offered:
            pytest.skip("not offered")
        yield found
