"""Orders about a site: one effect for each key, whatever happens on the wire."""

import asyncio
from dataclasses import replace

import pytest

from domain.access_facts import Technology
from domain.access_operators import ACCESS_STEPS, AccessRequest
from domain.access_told import (
    AccessReleasedTold,
    EligibilityTold,
    ReservedTold,
    SaturatedTold,
)
from domain.operators import (
    Answer,
    Change,
    Refused,
    StepRefusedTold,
    Took,
    Unanswered,
    WithdrawnTold,
)
from domain.port_in_facts import Step
from tests.conformance.host import NUMBER, STREET, HostUnderTest, change, site_request, withdrawal
from tests.conformance.promises import promises
from tests.waiting import until_async

RESERVE = Step.RESERVE_ACCESS


@promises("access-once")
async def test_an_order_about_a_site_is_done_once_and_told(host: HostUnderTest) -> None:
    asked = site_request("once", RESERVE)

    answer = await host.sites.ask_access(asked)

    assert isinstance(answer, Took)
    assert answer.reference
    (delivery,) = await host.told(asked.key)
    told = host.reader(delivery.body)
    assert isinstance(told, ReservedTold)
    assert told.key == asked.key
    assert told.reference
    assert told.reserved_at > asked.asked_at
    assert delivery.correlation == str(asked.line_id)
    assert await host.times(asked.key) == 1


@promises("access-again")
async def test_the_same_order_again_keeps_no_second_pair(host: HostUnderTest) -> None:
    asked = site_request("again", RESERVE)

    answers = [await host.sites.ask_access(asked) for _ in range(3)]

    assert all(isinstance(answer, Took) for answer in answers)
    await host.told(asked.key)
    assert await host.times(asked.key) == 1
    assert await _kept(host) == 1


async def _kept(host: HostUnderTest) -> int:
    return sum(box["kept"] for box in await host.ground())


@promises("access-lost-reply")
async def test_an_order_whose_reply_was_lost_is_looked_up_first(host: HostUnderTest) -> None:
    first, second, times = await _asked_twice(host, "lose-reply")

    assert isinstance(first, Unanswered)
    assert first.sent
    assert isinstance(second, Took)
    assert times == 1


@promises("access-garbage")
async def test_an_answer_of_another_dialect_is_none(host: HostUnderTest) -> None:
    first, second, times = await _asked_twice(host, "garbage")

    assert isinstance(first, Unanswered)
    assert isinstance(second, Took)
    assert times == 1


async def _asked_twice(host: HostUnderTest, move: str) -> tuple[Answer, Answer, int]:
    asked = site_request(move, RESERVE)
    await host.at_site(STREET, {"reserve": [move]})
    first = await host.sites.ask_access(asked)
    return first, await host.sites.ask_access(asked), await host.times(asked.key)


@promises("access-late-reply")
async def test_a_reply_after_its_time_is_none(host: HostUnderTest) -> None:
    asked = site_request("late reply", RESERVE)
    await host.at_site(STREET, {"reserve": ["timeout"]})

    first = await (host.impatient_access or host.sites).ask_access(asked)
    second = await host.sites.ask_access(asked)

    assert isinstance(first, Unanswered)
    assert first.sent
    assert isinstance(second, Took)
    assert await host.times(asked.key) == 1


@promises("access-out-of-order")
async def test_a_fault_of_its_own_says_nothing_of_the_site(host: HostUnderTest) -> None:
    asked = site_request("500")
    await host.at_site(STREET, {"check": ["error-500"]})

    assert isinstance(await host.sites.ask_access(asked), Unanswered)
    assert await host.times(asked.key) == 0
    assert isinstance(await host.sites.ask_access(asked), Took)
    assert await host.times(asked.key) == 1


@pytest.mark.parametrize("seconds", [1, 60])
@promises("access-throttling")
async def test_a_throttled_order_goes_through_later(host: HostUnderTest, seconds: int) -> None:
    asked = site_request("throttled", RESERVE)
    await host.at_site(STREET, {"reserve": [f"busy:{seconds}", f"busy:{seconds}"]})

    first = await host.sites.ask_access(asked)
    later = await _until_taken(host, asked, seconds)

    assert isinstance(first, Unanswered)
    assert isinstance(later, Took)
    assert await host.times(asked.key) == 1


async def _until_taken(host: HostUnderTest, asked: AccessRequest, seconds: int) -> Answer:
    answer: Answer = Unanswered(why="not asked yet")
    for _ in range(3):
        await host.elapse(seconds)
        answer = await host.sites.ask_access(asked)
        if isinstance(answer, Took):
            return answer
    return answer


@promises("access-maintenance")
async def test_a_maintenance_window_is_no_answer_about_a_site(host: HostUnderTest) -> None:
    asked = [
        site_request(f"maintenance {step}", step, slot="slot", visit="visit")
        for step in ACCESS_STEPS
    ]
    await host.set_host({"maintenance": True})

    answers = [await host.sites.ask_access(one) for one in asked]

    assert all(isinstance(answer, Unanswered) for answer in answers)
    assert await host.sites.look_up_access(asked[0].key) is None
    await host.set_host({"maintenance": False})
    await host.elapse(3600)
    assert isinstance(await host.sites.ask_access(asked[0]), Took)
    assert await host.times(asked[0].key) == 1


@promises("access-refused")
async def test_a_definite_no_about_a_site_is_a_refusal(host: HostUnderTest) -> None:
    asked = site_request("no", RESERVE)
    await host.at_site(STREET, {"reserve": ["reject:SITE-CLOSED"]})

    assert await host.sites.ask_access(asked) == Refused(code="SITE-CLOSED")
    assert await host.times(asked.key) == 0


@pytest.mark.parametrize("step", [Step.RELEASE_ACCESS, Step.PUT_BACK])
@promises("access-refused")
async def test_an_access_nobody_keeps_cannot_be_given_back(host: HostUnderTest, step: Step) -> None:
    asked = site_request("nobody", step, reference="nobody")

    answer = await host.sites.ask_access(asked)

    assert isinstance(answer, Refused)
    assert answer.code


@pytest.mark.parametrize(
    ("step", "move"),
    [
        (Step.CHECK_ELIGIBILITY, "check"),
        (Step.STUDY_SITE, "study"),
        (RESERVE, "reserve"),
        (Step.DESATURATE, "desaturate"),
        (Step.RELEASE_ACCESS, "give-back"),
        (Step.PUT_BACK, "put-back"),
    ],
)
@promises("access-refused-later")
async def test_an_order_refused_later_is_told_by_its_step_and_key(
    host: HostUnderTest, step: Step, move: str
) -> None:
    asked = site_request(f"later {step}", step)
    await host.at_site(STREET, {"is": ["desaturate-days:5"], move: ["reject-later:NO-WAY"]})

    assert isinstance(await host.sites.ask_access(asked), Took)
    told = await host.one_told(asked.key)

    assert isinstance(told, StepRefusedTold)
    assert (told.step, told.key, told.code) == (step, asked.key, "NO-WAY")
    assert await host.sites.ask_access(asked) == Refused(code="NO-WAY")


@promises("access-looked-up")
async def test_what_was_done_at_a_site_and_never_told_is_found(host: HostUnderTest) -> None:
    asked = site_request("mute")
    await host.at_site(STREET, {"is": ["use:broadband"], "check": ["mute"]})
    await host.sites.ask_access(asked)

    async def found() -> bool:
        return await host.sites.look_up_access(asked.key) is not None

    await until_async(found, what="the answer is found")
    body = await host.sites.look_up_access(asked.key)

    assert body is not None
    told = host.reader(body)
    assert isinstance(told, EligibilityTold)
    assert (told.key, len(told.offers), len(told.uses)) == (asked.key, 1, 1)


@promises("access-not-yet")
async def test_what_is_not_done_at_a_site_yet_is_not_found(host: HostUnderTest) -> None:
    asked = site_request("idle")
    await host.at_site(STREET, {"check": ["idle"]})
    await host.sites.ask_access(asked)

    assert await host.sites.look_up_access(asked.key) is None
    assert await host.sites.look_up_access(site_request("never").key) is None


@promises("access-capacity")
async def test_of_two_orders_for_the_last_pair_one_gets_it(host: HostUnderTest) -> None:
    await host.at_site(STREET, {"is": ["pairs:1"]})
    asked = [site_request(f"last {line}", RESERVE, line=line) for line in ("one", "two")]

    answers = await asyncio.gather(*(host.sites.ask_access(one) for one in asked))
    told = [await host.one_told(one.key) for one in asked]

    assert all(isinstance(answer, Took) for answer in answers)
    assert {type(one) for one in told} == {ReservedTold, SaturatedTold}
    (box,) = await host.ground()
    assert (box["capacity"], box["kept"]) == (1, 1)


@promises("access-capacity")
async def test_bundled_pairs_take_as_many_as_their_rate_needs(host: HostUnderTest) -> None:
    await host.at_site(STREET, {"is": ["pairs:4", "length:0"]})
    several = (Technology.BUNDLED_PAIRS,)
    first = site_request("four pairs", RESERVE, technologies=several, down_kbps=20_000)
    second = site_request("one more", RESERVE, line="two")

    await host.sites.ask_access(first)
    assert isinstance(await host.one_told(first.key), ReservedTold)
    await host.sites.ask_access(second)

    assert isinstance(await host.one_told(second.key), SaturatedTold)


@promises("access-release")
async def test_what_was_kept_is_given_back_by_its_name(host: HostUnderTest) -> None:
    reference = await host.kept_access("kept")
    asked = site_request("given back", Step.RELEASE_ACCESS, reference=reference)

    assert isinstance(await host.sites.ask_access(asked), Took)
    told = await host.one_told(asked.key)

    assert isinstance(told, AccessReleasedTold)
    assert told.key == asked.key
    assert await _kept(host) == 0


@promises("access-release")
async def test_what_was_kept_is_given_back_though_its_name_was_never_told(
    host: HostUnderTest,
) -> None:
    await host.at_site(STREET, {"reserve": ["mute"]})
    kept = site_request("never told", RESERVE)
    await host.sites.ask_access(kept)

    async def is_kept() -> bool:
        return await _kept(host) == 1

    await until_async(is_kept, what="a pair is kept")
    asked = site_request("given back unnamed", Step.RELEASE_ACCESS)
    await host.sites.ask_access(asked)

    assert isinstance(await host.one_told(asked.key), AccessReleasedTold)
    assert await _kept(host) == 0


@promises("access-withdrawal")
async def test_an_order_that_is_not_carried_out_yet_is_called_back(host: HostUnderTest) -> None:
    ordered = site_request("not wanted", RESERVE)
    await host.at_site(STREET, {"reserve": ["idle"]})
    await host.sites.ask_access(ordered)
    asked = replace(withdrawal("called back", ordered.key), line_id=ordered.line_id)

    answers = [await host.sites.withdraw(asked) for _ in range(2)]
    told = [host.reader(one.body) for one in await host.told(asked.key)]

    assert all(isinstance(answer, Took) for answer in answers)
    assert [type(one) for one in told] == [WithdrawnTold]
    assert [getattr(one, "key", "") for one in told] == [ordered.key]
    assert await host.times(asked.key) == 1
    assert await _kept(host) == 0


@promises("access-withdrawal")
async def test_an_order_called_back_too_late_stands(host: HostUnderTest) -> None:
    await host.kept_access("too late")
    ordered = site_request("too late", RESERVE)

    asked = replace(withdrawal("too late to call back", ordered.key), line_id=ordered.line_id)
    answer = await host.sites.withdraw(asked)

    assert isinstance(answer, Refused)
    assert answer.code
    assert await _kept(host) == 1


@promises("access-secrecy")
async def test_no_address_and_no_line_is_shown_by_an_order(host: HostUnderTest) -> None:
    asked = site_request("secret", RESERVE, name=NUMBER)

    answer = await host.sites.ask_access(asked)
    told = await host.told(asked.key)

    shown = repr((asked, answer, told, host.access, change("x", Change.SUSPEND, "somebody")))
    assert NUMBER not in shown
    assert STREET not in shown
