"""An access that took another customer's line: it is told, and the line is put back."""

import pytest

from domain.access_facts import Use
from domain.access_told import EligibilityTold, OverwrittenTold, PutBackTold, ReservedTold
from domain.operators import Took
from domain.port_in_facts import Step
from tests.conformance.host import STREET, HostUnderTest, site_request
from tests.conformance.promises import promises
from tests.waiting import until_async

RESERVE, PUT_BACK = Step.RESERVE_ACCESS, Step.PUT_BACK
WRONG = {"is": ["use:broadband", "overwritten:3:WRONG-LINE"]}


async def _uses(host: HostUnderTest, intention: str) -> tuple[Use, ...]:
    asked = site_request(intention)
    await host.sites.ask_access(asked)
    told = await host.one_told(asked.key)
    assert isinstance(told, EligibilityTold)
    return told.uses


async def _kept(host: HostUnderTest) -> int:
    return sum(box["kept"] for box in await host.ground())


async def _taken_wrongly(host: HostUnderTest) -> str:
    """The operator's name of what it keeps; the other customer has nothing any more."""
    await host.at_site(STREET, WRONG)
    return await host.kept_access("another's line")


@promises("access-overwriting")
async def test_what_was_kept_and_is_another_customers_line_is_told(host: HostUnderTest) -> None:
    await host.at_site(STREET, WRONG)
    asked = site_request("another's line", RESERVE)
    await host.sites.ask_access(asked)

    async def told_more() -> bool:
        return len(await host.told(asked.key)) == 2

    await until_async(told_more, what="that it was another customer's line")
    kept, overwritten = await host.told(asked.key)

    reserved, told = host.reader(kept.body), host.reader(overwritten.body)
    assert isinstance(reserved, ReservedTold)
    assert isinstance(told, OverwrittenTold)
    assert told.code == "WRONG-LINE"
    assert (told.told_at - reserved.reserved_at).days == 3
    assert overwritten.correlation == str(asked.line_id)
    assert kept.message_key != overwritten.message_key


@promises("access-put-back")
async def test_another_customers_line_is_put_back_once(host: HostUnderTest) -> None:
    reference = await _taken_wrongly(host)
    while_taken = await _uses(host, "while it is taken")
    asked = site_request("put back", PUT_BACK, reference=reference)

    answers = [await host.sites.ask_access(asked) for _ in range(2)]
    told = await host.one_told(asked.key)

    assert all(isinstance(answer, Took) for answer in answers)
    assert isinstance(told, PutBackTold)
    assert (told.key, await host.times(asked.key)) == (asked.key, 1)
    assert while_taken == ()
    assert await _uses(host, "afterwards") == (Use.BROADBAND,)
    assert await _kept(host) == 0


@promises("access-put-back")
async def test_a_line_is_put_back_though_the_access_was_given_back_before(
    host: HostUnderTest,
) -> None:
    reference = await _taken_wrongly(host)
    given_back = site_request("given back", Step.RELEASE_ACCESS, reference=reference)
    await host.sites.ask_access(given_back)
    await host.told(given_back.key)
    left_cut = await _uses(host, "given back alone")
    asked = site_request("put back late", PUT_BACK, reference=reference)

    await host.sites.ask_access(asked)

    assert isinstance(await host.one_told(asked.key), PutBackTold)
    assert left_cut == ()
    assert await _uses(host, "put back") == (Use.BROADBAND,)


@pytest.mark.parametrize("move", ["lose-reply", "garbage"])
@promises("access-put-back")
async def test_putting_back_is_looked_up_when_its_reply_is_lost(
    host: HostUnderTest, move: str
) -> None:
    reference = await _taken_wrongly(host)
    asked = site_request(f"put back, {move}", PUT_BACK, reference=reference)
    await host.at_site(STREET, {"put-back": [move]})

    await host.sites.ask_access(asked)
    second = await host.sites.ask_access(asked)

    assert isinstance(second, Took)
    assert isinstance(await host.one_told(asked.key), PutBackTold)
    assert await host.times(asked.key) == 1
