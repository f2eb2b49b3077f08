"""One effect for each key, whatever happens on the wire: never an error, never a guess."""

import pytest

from domain.operators import (
    Answer,
    Change,
    LineReadyTold,
    Refused,
    StepRefusedTold,
    SwitchedTold,
    Took,
    Unanswered,
)
from domain.port_in_facts import Step
from tests.conformance.host import NUMBER, HostUnderTest, change, request, withdrawal
from tests.conformance.promises import promises
from tests.waiting import until_async


@promises("once")
async def test_a_request_is_taken_done_once_and_told(host: HostUnderTest) -> None:
    asked = request("once", number=NUMBER)

    answer = await host.gateway.ask(asked)

    assert isinstance(answer, Took)
    assert answer.reference
    (delivery,) = await host.told(asked.key)
    told = host.reader(delivery.body)
    assert isinstance(told, LineReadyTold)
    assert told.host_line
    assert delivery.correlation == str(asked.line_id)
    assert await host.times(asked.key) == 1


@promises("again")
async def test_the_same_request_again_makes_no_second_effect(host: HostUnderTest) -> None:
    asked = request("again", number=NUMBER)

    answers = [await host.gateway.ask(asked) for _ in range(3)]

    assert all(isinstance(answer, Took) for answer in answers)
    assert await host.times(asked.key) == 1


@promises("lost-reply")
async def test_a_reply_that_was_lost_is_looked_up_before_anything_is_sent(
    host: HostUnderTest,
) -> None:
    first, second, times = await _asked_twice(host, "lose-reply")

    assert isinstance(first, Unanswered)
    assert first.sent
    assert isinstance(second, Took)
    assert times == 1


@promises("late-reply")
async def test_a_reply_after_its_time_is_none_and_the_effect_is_found(host: HostUnderTest) -> None:
    asked = request("late reply", number=NUMBER)
    await host.misbehave(NUMBER, {"prepare": ["timeout"]})

    first = await (host.impatient or host.gateway).ask(asked)
    second = await host.gateway.ask(asked)

    assert isinstance(first, Unanswered)
    assert first.sent
    assert isinstance(second, Took)
    assert await host.times(asked.key) == 1


@promises("garbage")
async def test_an_answer_of_another_dialect_is_none_and_the_effect_is_found(
    host: HostUnderTest,
) -> None:
    first, second, times = await _asked_twice(host, "garbage")

    assert isinstance(first, Unanswered)
    assert isinstance(second, Took)
    assert times == 1


async def _asked_twice(host: HostUnderTest, move: str) -> tuple[Answer, Answer, int]:
    asked = request(move, number=NUMBER)
    await host.misbehave(NUMBER, {"prepare": [move]})
    first = await host.gateway.ask(asked)
    return first, await host.gateway.ask(asked), await host.times(asked.key)


@promises("lost-reply")
async def test_a_change_whose_reply_was_lost_is_not_made_again(host: HostUnderTest) -> None:
    line = await host.active_line("lost change")
    asked = change("lost change", Change.SUSPEND, line)
    await host.misbehave(NUMBER, {"suspend": ["lose-reply"]})

    first = await host.gateway.change_line(asked)
    second = await host.gateway.change_line(asked)

    assert isinstance(first, Unanswered)
    assert isinstance(second, Took)
    assert await host.times(asked.key) == 1


@promises("lost-reply")
async def test_a_withdrawal_whose_reply_was_lost_is_not_made_again(host: HostUnderTest) -> None:
    ordered = request("withdrawn in vain", number=NUMBER)
    asked = withdrawal("lost withdrawal", ordered.key)
    await host.misbehave(NUMBER, {"prepare": ["idle"], "withdraw": ["lose-reply"]})
    await host.gateway.ask(ordered)

    first = await host.gateway.withdraw(asked)
    second = await host.gateway.withdraw(asked)

    assert isinstance(first, Unanswered)
    assert isinstance(second, Took)
    assert await host.times(asked.key) == 1


@promises("out-of-order")
async def test_an_operator_out_of_order_gives_no_answer(host: HostUnderTest) -> None:
    asked = request("500", number=NUMBER)
    await host.misbehave(NUMBER, {"prepare": ["error-500"]})

    assert isinstance(await host.gateway.ask(asked), Unanswered)
    assert await host.times(asked.key) == 0
    assert isinstance(await host.gateway.ask(asked), Took)
    assert await host.times(asked.key) == 1


@pytest.mark.parametrize("seconds", [1, 60])
@promises("throttling")
async def test_a_throttled_request_goes_through_later_and_once(
    host: HostUnderTest, seconds: int
) -> None:
    asked = request("throttled", number=NUMBER)
    await host.misbehave(NUMBER, {"prepare": [f"busy:{seconds}", f"busy:{seconds}"]})

    first = await host.gateway.ask(asked)
    later = await _until_taken(host, asked.key, seconds)

    assert isinstance(first, Unanswered)
    assert isinstance(later, Took)
    assert await host.times(asked.key) == 1


async def _until_taken(host: HostUnderTest, key: str, seconds: int) -> Answer:
    asked = request("throttled", number=NUMBER)
    assert asked.key == key
    answer: Answer = Unanswered(why="not asked yet")
    for _ in range(3):
        await host.elapse(seconds)
        answer = await host.gateway.ask(asked)
        if isinstance(answer, Took):
            return answer
    return answer


@promises("maintenance")
async def test_a_maintenance_window_is_no_answer_to_anything(host: HostUnderTest) -> None:
    asked = request("maintenance", number=NUMBER)
    await host.set_host({"maintenance": True})

    answers = [
        await host.gateway.ask(asked),
        await host.gateway.number_activity(NUMBER),
        await host.gateway.verify_line("somebody"),
        await host.gateway.rio_of("somebody"),
        await host.gateway.line_standing("somebody"),
        await host.gateway.change_line(change("m", Change.SUSPEND, "somebody")),
        await host.gateway.withdraw(withdrawal("m", asked.key)),
    ]

    assert all(isinstance(answer, Unanswered) for answer in answers)
    assert await host.gateway.look_up(asked.key) is None
    await host.set_host({"maintenance": False})
    await host.elapse(3600)
    assert isinstance(await host.gateway.ask(asked), Took)
    assert await host.times(asked.key) == 1


@promises("token-expiry")
async def test_a_token_that_expired_is_renewed_on_the_way(host: HostUnderTest) -> None:
    asked = request("token", number=NUMBER)
    await host.gateway.number_activity(NUMBER)
    await host.set_host({"expire-tokens": True})

    assert isinstance(await host.gateway.ask(asked), Took)
    assert await host.times(asked.key) == 1


@promises("refused")
async def test_a_definite_no_is_a_refusal_in_the_operators_own_code(host: HostUnderTest) -> None:
    asked = request("no", number=NUMBER)
    await host.misbehave(NUMBER, {"prepare": ["reject:NO-STOCK"]})

    assert await host.gateway.ask(asked) == Refused(code="NO-STOCK")
    assert await host.times(asked.key) == 0


@promises("refused-later")
async def test_a_refusal_made_later_is_told_and_found(host: HostUnderTest) -> None:
    asked = request("later", number=NUMBER)
    await host.misbehave(NUMBER, {"prepare": ["reject-later:NO-STOCK"]})

    assert isinstance(await host.gateway.ask(asked), Took)
    told = await host.one_told(asked.key)

    assert isinstance(told, StepRefusedTold)
    assert (told.step, told.key, told.code) == (Step.PREPARE_LINE, asked.key, "NO-STOCK")
    assert await host.gateway.ask(asked) == Refused(code="NO-STOCK")


@promises("looked-up")
async def test_what_was_done_and_never_told_is_found_by_looking(host: HostUnderTest) -> None:
    switch = await host.ready_line("mute")
    await host.misbehave(NUMBER, {"switch": ["mute"]})
    await host.gateway.ask(switch)

    async def found() -> bool:
        return await host.gateway.look_up(switch.key) is not None

    await until_async(found, what="the switch is found")
    body = await host.gateway.look_up(switch.key)

    assert body is not None
    assert isinstance(host.reader(body), SwitchedTold)


@promises("not-yet")
async def test_what_is_not_done_yet_is_not_found(host: HostUnderTest) -> None:
    asked = request("idle", number=NUMBER)
    await host.misbehave(NUMBER, {"prepare": ["idle"]})
    await host.gateway.ask(asked)

    assert await host.gateway.look_up(asked.key) is None
    assert await host.gateway.look_up(request("never", number=NUMBER).key) is None
