"""The operator conformance suite, hosts: each promise, what is tried, what must happen."""

import pytest

from domain.operators import (
    LineReadyTold,
    NumberActive,
    NumberInactive,
    Refused,
    StepRefusedTold,
    SwitchedTold,
    Took,
    Unanswered,
    Unreadable,
    Works,
)
from domain.port_in_facts import Step
from tests.conformance.host import HostUnderTest, request

NUMBER = "0612345678"


async def test_a_request_is_taken_done_once_and_told(host: HostUnderTest) -> None:
    asked = request("once", number=NUMBER)

    answer = await host.gateway.ask(asked)

    assert isinstance(answer, Took)
    assert answer.reference
    (told,) = [host.reader(body) for body in await host.told(asked.key)]
    assert isinstance(told, LineReadyTold)
    assert told.host_line
    assert await host.times(asked.key) == 1


async def test_the_same_request_again_makes_no_second_effect(host: HostUnderTest) -> None:
    asked = request("again", number=NUMBER)

    answers = [await host.gateway.ask(asked) for _ in range(3)]

    assert all(isinstance(answer, Took) for answer in answers)
    assert await host.times(asked.key) == 1


async def test_a_reply_that_was_lost_is_looked_up_before_anything_is_sent(
    host: HostUnderTest,
) -> None:
    asked = request("lost", number=NUMBER)
    await host.misbehave(NUMBER, {"prepare": ["lose-reply"]})

    first = await host.gateway.ask(asked)
    second = await host.gateway.ask(asked)

    assert isinstance(first, Unanswered)
    assert isinstance(second, Took)
    assert await host.times(asked.key) == 1


async def test_a_definite_no_is_a_refusal_in_the_operators_own_code(host: HostUnderTest) -> None:
    asked = request("no", number=NUMBER)
    await host.misbehave(NUMBER, {"prepare": ["reject:NO-STOCK"]})

    assert await host.gateway.ask(asked) == Refused(code="NO-STOCK")
    assert await host.times(asked.key) == 0


async def test_what_was_done_and_never_told_is_found_by_looking(host: HostUnderTest) -> None:
    asked = request("mute", Step.SWITCH_LINE, number=NUMBER)
    await host.misbehave(NUMBER, {"switch": ["mute"]})
    await host.gateway.ask(asked)

    body = None
    for _ in range(200):
        body = await host.gateway.look_up(asked.key)
        if body is not None:
            break

    assert body is not None
    assert isinstance(host.reader(body), SwitchedTold)


async def test_what_is_not_done_yet_is_not_found(host: HostUnderTest) -> None:
    asked = request("idle", number=NUMBER)
    await host.misbehave(NUMBER, {"prepare": ["idle"]})
    await host.gateway.ask(asked)

    assert await host.gateway.look_up(asked.key) is None
    assert await host.gateway.look_up(request("never", number=NUMBER).key) is None


@pytest.mark.parametrize(
    ("move", "found"),
    [
        ([], NumberActive(suspended=False)),
        (["suspended"], NumberActive(suspended=True)),
        (["inactive"], NumberInactive()),
    ],
)
async def test_a_suspended_number_is_active_and_one_that_is_gone_is_not(
    host: HostUnderTest, move: list[str], found: object
) -> None:
    await host.misbehave(NUMBER, {"activity": move})

    assert await host.gateway.number_activity(NUMBER) == found


async def test_a_line_that_fails_its_test_says_why(host: HostUnderTest) -> None:
    asked = request("tested", number=NUMBER)
    await host.gateway.ask(asked)
    (told,) = [host.reader(body) for body in await host.told(asked.key)]
    assert isinstance(told, LineReadyTold)
    await host.misbehave(NUMBER, {"test": ["failed:NO-CALL"]})

    assert await host.gateway.verify_line(told.host_line) == Refused(code="NO-CALL")
    assert isinstance(await host.gateway.verify_line(told.host_line), Works)


@pytest.mark.parametrize("body", ["", "<", "null", "{}", "<a/>", "x" * 70_000])
async def test_what_cannot_be_read_is_said_to_be(host: HostUnderTest, body: str) -> None:
    assert isinstance(host.reader(body), Unreadable)


async def test_no_number_is_shown_by_accident(host: HostUnderTest) -> None:
    asked = request("shown", number=NUMBER)

    assert NUMBER not in repr(asked)
    assert host.name in {"orange", "fake"}


async def test_orange_tells_a_refusal_it_makes_later(orange: HostUnderTest) -> None:
    asked = request("later", number=NUMBER)
    await orange.misbehave(NUMBER, {"prepare": ["reject-later:NO-STOCK"]})

    assert isinstance(await orange.gateway.ask(asked), Took)
    (told,) = [orange.reader(body) for body in await orange.told(asked.key)]

    assert isinstance(told, StepRefusedTold)
    assert (told.step, told.code) == (Step.PREPARE_LINE, "NO-STOCK")
    assert await orange.gateway.ask(asked) == Refused(code="NO-STOCK")


async def test_orange_out_of_order_is_nobodys_answer(orange: HostUnderTest) -> None:
    asked = request("500", number=NUMBER)
    await orange.misbehave(NUMBER, {"prepare": ["error-500"]})

    assert isinstance(await orange.gateway.ask(asked), Unanswered)
    assert isinstance(await orange.gateway.ask(asked), Took)
    assert await orange.times(asked.key) == 1


async def test_orange_told_twice_has_the_same_name_twice(orange: HostUnderTest) -> None:
    asked = request("twice", number=NUMBER)
    await orange.misbehave(NUMBER, {"prepare": ["twice"]})
    await orange.gateway.ask(asked)

    first, *others = await orange.told(asked.key)

    assert all(other == first for other in others)
