"""What comes in from an operator: kept as it came, read alone, shown to nobody."""

import pytest
from structlog.testing import capture_logs

from domain.operators import LineReadyTold, NumberGivenTold, Unreadable
from domain.port_in_facts import Step
from tests.conformance.host import NUMBER, HostUnderTest, request
from tests.conformance.promises import promises
from tests.waiting import until_async

OTHER = "0698765432"


@promises("duplicates")
async def test_what_is_told_twice_bears_the_same_name_and_body(host: HostUnderTest) -> None:
    asked = request("twice", number=NUMBER)
    await host.misbehave(NUMBER, {"prepare": ["twice"]})
    await host.gateway.ask(asked)

    async def told_twice() -> bool:
        return len(await host.told(asked.key)) == 2

    await until_async(told_twice, what="a second telling")
    first, second = await host.told(asked.key)

    assert (first.message_key, first.body) == (second.message_key, second.body)


@promises("disorder")
async def test_what_is_told_out_of_order_stands_on_its_own(host: HostUnderTest) -> None:
    first, second = request("first", number=NUMBER), request("second", number=OTHER)
    await host.misbehave(NUMBER, {"prepare": ["reorder"]})
    await host.gateway.ask(first)
    await host.gateway.ask(second)

    for asked in (second, first):
        (delivery,) = await host.told(asked.key)
        assert delivery.correlation == str(asked.line_id)
        assert isinstance(host.reader(delivery.body), LineReadyTold)


@pytest.mark.parametrize(
    "body",
    ["", "<", "null", "{}", "[]", "<a/>", "x" * 70_000, "[" * 70_000, '{"a":' * 20_000, "\ud800"],
    ids=["nothing", "a sign", "null", "object", "list", "element", "x", "deep", "deeper", "half"],
)
@promises("unreadable")
async def test_what_cannot_be_read_is_said_to_be(host: HostUnderTest, body: str) -> None:
    assert isinstance(host.reader(body), Unreadable)


@promises("secrecy")
async def test_no_number_and_no_rio_is_shown_by_accident(host: HostUnderTest) -> None:
    with capture_logs() as logs:
        line = await host.active_line("shown")
        given = await host.gateway.rio_of(line)
        ready = await host.ready_line("shown new", number=None)
        asked = request("shown give", Step.GIVE_NUMBER, number=None)
        await host.gateway.ask(asked)
        told = await host.told(request("shown: switch", number=NUMBER).key)

    rio = getattr(given, "rio", None)
    shown = [host.gateway, given, ready, asked, told, logs, request("x", number=NUMBER)]
    assert rio
    assert NUMBER not in repr(shown)
    assert rio not in repr(shown)
    assert isinstance(ready.key, str)


@promises("secrecy")
async def test_a_number_that_is_given_is_not_shown_either(host: HostUnderTest) -> None:
    ready = await host.ready_line("given", number=None)
    asked = request("given", Step.GIVE_NUMBER, number=None)
    asked = type(asked)(**{**asked.__dict__, "host_line": ready.host_line})
    await host.gateway.ask(asked)

    (delivery,) = await host.told(asked.key)
    told = host.reader(delivery.body)

    assert isinstance(told, NumberGivenTold)
    assert told.number not in repr((told, delivery))
