"""One ticket for each intention, and one message for each answer, whatever others do with files."""

import pytest

from domain.operators import (
    AcceptedTold,
    ConfirmedTold,
    EligibilityLostTold,
    Refused,
    RefusedTold,
    RequestCancelledTold,
    Took,
    Unreadable,
)
from domain.port_in_facts import Step
from tests.conformance.exchange import ExchangeUnderTest, handed_in, later
from tests.conformance.promises import promises

REASONS = (
    *("R123", "R210", "R211", "R212", "R213", "R215"),
    *("R220", "R221", "R222", "R322", "R323", "R340", "R999"),
)


@promises("exchange-once")
async def test_a_request_reaches_the_donor_once_and_is_answered(
    exchange: ExchangeUnderTest,
) -> None:
    asked = handed_in("once")

    answer = await exchange.exchange.hand_in(asked)
    await exchange.sessions()

    assert isinstance(answer, Took)
    assert answer.reference
    (told,) = await exchange.all_told(asked)
    assert isinstance(told, AcceptedTold)
    assert await exchange.times(asked) == 1


@promises("exchange-again")
async def test_the_same_ticket_again_is_no_second_one(exchange: ExchangeUnderTest) -> None:
    asked = handed_in("again")

    answers = [await exchange.exchange.hand_in(asked) for _ in range(3)]
    await exchange.sessions()
    answers.append(await exchange.exchange.hand_in(asked))
    await exchange.sessions()

    assert all(isinstance(answer, Took) for answer in answers)
    assert await exchange.times(asked) == 1


@promises("exchange-cut")
async def test_what_was_handed_in_while_nobody_could_be_reached_leaves_later(
    exchange: ExchangeUnderTest,
) -> None:
    asked = handed_in("cut")
    await exchange.cut()
    answer = await exchange.exchange.hand_in(asked)
    await exchange.sessions()
    assert await exchange.times(asked) == 0

    await exchange.mend()
    await exchange.sessions()

    assert isinstance(answer, Took)
    assert await exchange.times(asked) == 1
    assert len(await exchange.told(asked.line_id)) == 1


@promises("exchange-refused")
async def test_each_reason_is_told_in_its_own_code(exchange: ExchangeUnderTest) -> None:
    asked = {code: handed_in(f"refused {code}") for code in REASONS}
    for code, one in asked.items():
        await exchange.misbehave(one.number, {"donor": [code]})
        await exchange.exchange.hand_in(one)

    await exchange.sessions()

    for code, one in asked.items():
        (told,) = await exchange.all_told(one)
        assert isinstance(told, RefusedTold)
        assert told.code == code


@promises("exchange-silence")
async def test_a_donor_that_does_not_answer_has_said_nothing(exchange: ExchangeUnderTest) -> None:
    asked = handed_in("silence")
    await exchange.misbehave(asked.number, {"donor": ["silence"]})

    await exchange.exchange.hand_in(asked)
    await exchange.sessions()
    await exchange.sessions()

    assert await exchange.told(asked.line_id) == []
    assert await exchange.times(asked) == 1


@promises("exchange-lost")
async def test_an_agreement_that_is_taken_back_is_told_after_it(
    exchange: ExchangeUnderTest,
) -> None:
    asked = handed_in("lost")
    await exchange.misbehave(asked.number, {"donor": ["lose:C002"]})

    await exchange.exchange.hand_in(asked)
    await exchange.sessions()

    kinds = {type(told) for told in await exchange.all_told(asked)}
    assert kinds == {AcceptedTold, EligibilityLostTold}


@promises("exchange-cancelled")
async def test_a_cancellation_is_confirmed(exchange: ExchangeUnderTest) -> None:
    asked = handed_in("cancelled")
    await exchange.exchange.hand_in(asked)
    await exchange.sessions()
    cancelled = later(handed_in("cancelled", Step.CANCEL_REQUEST), hours=4)

    await exchange.exchange.hand_in(cancelled)
    await exchange.sessions()

    kinds = [type(told) for told in await exchange.all_told(asked)]
    assert kinds.count(RequestCancelledTold) == 1
    assert await exchange.times(cancelled) == 1


@promises("exchange-everybody")
async def test_a_porting_ticket_reaches_everybody_and_each_confirms_for_itself(
    exchange: ExchangeUnderTest,
) -> None:
    asked = handed_in("everybody")
    await exchange.exchange.hand_in(asked)
    await exchange.sessions()

    await exchange.exchange.hand_in(later(handed_in("everybody", Step.COMMIT_PORT), hours=4))
    await exchange.sessions()

    told = await exchange.all_told(asked)
    confirmed = sorted(one.operator for one in told if isinstance(one, ConfirmedTold))
    assert confirmed == ["02", "03", "04"]


@promises("exchange-doubles")
async def test_an_answer_that_comes_in_two_files_is_one_message(
    exchange: ExchangeUnderTest,
) -> None:
    asked = handed_in("doubles")
    await exchange.misbehave(asked.number, {"donor": ["twice"]})

    await exchange.exchange.hand_in(asked)
    await exchange.sessions()

    assert len(await exchange.told(asked.line_id)) == 1


@promises("exchange-careless")
@pytest.mark.parametrize(
    "move",
    ["half-written", "repeat", "skip", "foreign-file", "foreign-ticket", "bad-line", "wrong-count"],
)
async def test_a_careless_operators_answer_is_heard_once_all_the_same(
    exchange: ExchangeUnderTest, move: str
) -> None:
    asked = handed_in("careless")
    await exchange.misbehave("partner:02", {"file-out": [move]})

    await exchange.exchange.hand_in(asked)
    await exchange.sessions()

    (told,) = await exchange.all_told(asked)
    assert isinstance(told, AcceptedTold)


@promises("exchange-stranger")
async def test_a_ticket_under_a_code_that_is_not_ours_is_refused(
    exchange: ExchangeUnderTest,
) -> None:
    asked = handed_in("stranger")
    theirs = type(asked)(**{**vars(asked), "receiver": "09"})

    assert isinstance(await exchange.exchange.hand_in(theirs), Refused)
    await exchange.sessions()

    assert await exchange.times(theirs) == 0


@promises("exchange-unreadable")
@pytest.mark.parametrize("body", ["", "null", "{}", "x" * 70_000, '{"ticket": 3}'])
async def test_what_cannot_be_read_is_said_to_be(exchange: ExchangeUnderTest, body: str) -> None:
    assert isinstance(exchange.reader(body), Unreadable)


@promises("exchange-secrecy")
async def test_no_number_is_shown_by_what_is_passed_around(exchange: ExchangeUnderTest) -> None:
    asked = handed_in("secrecy")
    answer = await exchange.exchange.hand_in(asked)
    await exchange.sessions()

    shown = [repr(asked), repr(answer), *map(repr, await exchange.told(asked.line_id))]
    shown += [delivery.message_key for delivery in await exchange.told(asked.line_id)]
    assert not any(asked.number in text or asked.rio in text for text in shown)
