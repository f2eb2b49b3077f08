"""Works up to a site, and its opening: once for each key, their milestones and figures told."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.access_facts import Locator, Technology
from domain.access_operators import AccessRequest
from domain.operators import Answer, Refused, StepRefusedTold, Took, Unanswered, WithdrawnTold
from domain.port_in_facts import Step
from domain.works_facts import FieldFailure, Milestone, Test
from domain.works_told import (
    CommissionedTold,
    MilestoneTold,
    VisitCancelledTold,
    WorksDoneTold,
    WorksFailedTold,
)
from tests.conformance.host import ASKED_AT, STREET, HostUnderTest, site_request, withdrawal
from tests.conformance.promises import promises
from tests.waiting import until_async

BUILD, COMMISSION = Step.BUILD_ACCESS, Step.COMMISSION_ACCESS
DEDICATED = (Technology.DEDICATED_FIBRE,)
STEPS = pytest.mark.parametrize(
    ("step", "move"),
    [
        (BUILD, "build"),
        (Step.OFFER_VISITS, "offer"),
        (Step.BOOK_VISIT, "book"),
        (Step.CANCEL_VISIT, "cancel-visit"),
        (COMMISSION, "commission"),
    ],
)


async def _asked(host: HostUnderTest, step: Step) -> AccessRequest:
    """With what it needs: a slot to book, a visit to cancel."""
    asked = site_request(f"asked {step}", step)
    if step not in {Step.BOOK_VISIT, Step.CANCEL_VISIT}:
        return asked
    slot, *_ = await host.offered("what there is")
    if step is Step.BOOK_VISIT:
        return replace(asked, slot=slot.reference)
    return replace(asked, visit=(await host.booked("what there was", slot)).reference)


@STEPS
@promises("access-works-once")
async def test_a_step_on_the_ground_is_done_once(
    host: HostUnderTest, step: Step, move: str
) -> None:
    asked = await _asked(host, step)
    await host.at_site(STREET, {move: ["good"]})

    answers = [await host.sites.ask_access(asked) for _ in range(3)]

    assert all(isinstance(answer, Took) for answer in answers)
    delivery, *_ = await host.told(asked.key)
    assert delivery.correlation == str(asked.line_id)
    assert await host.times(asked.key) == 1


@STEPS
@promises("access-works-lost")
async def test_a_step_on_the_ground_whose_reply_was_lost_is_looked_up(
    host: HostUnderTest, step: Step, move: str
) -> None:
    asked = await _asked(host, step)
    await host.at_site(STREET, {move: ["lose-reply"]})

    first: Answer = await host.sites.ask_access(asked)
    second = await host.sites.ask_access(asked)

    assert isinstance(first, Unanswered)
    assert first.sent
    assert isinstance(second, Took)
    assert await host.times(asked.key) == 1


@STEPS
@promises("access-works-refused")
async def test_a_step_on_the_ground_refused_later_is_told_by_its_step_and_key(
    host: HostUnderTest, step: Step, move: str
) -> None:
    asked = await _asked(host, step)
    await host.at_site(STREET, {move: ["reject-later:NO-WAY"]})

    await host.sites.ask_access(asked)
    told = await host.one_told(asked.key)

    assert isinstance(told, StepRefusedTold)
    assert (told.step, told.key, told.code) == (step, asked.key, "NO-WAY")
    assert await host.sites.ask_access(asked) == Refused(code="NO-WAY")


@STEPS
@promises("access-works-silent")
async def test_what_was_done_on_the_ground_and_never_told_is_found(
    host: HostUnderTest, step: Step, move: str
) -> None:
    asked = await _asked(host, step)
    await host.at_site(STREET, {move: ["mute"]})
    await host.sites.ask_access(asked)

    async def found() -> bool:
        return await host.sites.look_up_access(asked.key) is not None

    await until_async(found, what="the answer is found")
    told = host.reader(await host.sites.look_up_access(asked.key) or "")

    assert getattr(told, "key", "") == asked.key
    assert not isinstance(told, StepRefusedTold)
    assert (step is Step.CANCEL_VISIT) == isinstance(told, VisitCancelledTold)


@promises("access-milestones")
async def test_a_milestone_is_told_and_the_works_are_still_under_way(host: HostUnderTest) -> None:
    await host.at_site(STREET, {"is": ["works-days:60"]})
    asked = site_request("far off", BUILD, technologies=DEDICATED)

    await host.sites.ask_access(asked)
    told = await host.told_times(asked.key, 1)

    assert all(isinstance(one, MilestoneTold) for one in told)
    assert [getattr(one, "milestone", None) for one in told] == [Milestone.PERMITS_ASKED]
    assert await host.sites.look_up_access(asked.key) is None
    assert isinstance(await host.sites.ask_access(asked), Took)
    assert await host.times(asked.key) == 1


@promises("access-milestones")
async def test_milestones_say_what_is_expected_from_there_on_and_why_it_is_another_day(
    host: HostUnderTest,
) -> None:
    await host.at_site(STREET, {"is": ["works-days:10", "works:late=3=FLOOD"]})
    asked = site_request("late", BUILD, technologies=DEDICATED)
    await host.sites.ask_access(asked)

    *told, done = await host.told_times(asked.key, 6)

    milestones = sorted((one for one in told if isinstance(one, MilestoneTold)), key=_passed)
    assert [one.milestone for one in milestones] == list(Milestone)
    assert all(one.key == asked.key for one in milestones)
    days = [one.expected for one in milestones]
    assert days[0] == days[2] != days[3] == days[4]
    assert [one.why for one in milestones] == [None, None, None, "FLOOD", None]
    ended = next(one for one in (done, *told) if isinstance(one, WorksDoneTold))
    assert ended.done_at.date() == days[4]


def _passed(told: MilestoneTold) -> float:
    return told.passed_at.timestamp()


@promises("access-built")
async def test_works_end_and_somebody_has_to_come(host: HostUnderTest) -> None:
    await host.at_site(STREET, {"is": ["works-days:3"]})
    asked = site_request("built", BUILD)
    await host.sites.ask_access(asked)

    told = await host.told_times(asked.key, 3)

    (done,) = (one for one in told if isinstance(one, WorksDoneTold))
    assert (done.key, done.visit) == (asked.key, True)
    assert done.done_at > ASKED_AT + timedelta(days=2)


@promises("access-built")
async def test_nothing_is_built_to_a_socket_that_is_there_and_nobody_comes(
    host: HostUnderTest,
) -> None:
    asked = site_request(
        "there",
        BUILD,
        technologies=(Technology.FTTH,),
        locator=Locator.SOCKET,
        name="OO-1234-5678",
    )
    await host.sites.ask_access(asked)

    told = await host.one_told(asked.key)

    assert isinstance(told, WorksDoneTold)
    assert not told.visit


@promises("access-built")
async def test_works_that_stop_say_why_and_can_be_asked_for_anew(host: HostUnderTest) -> None:
    await host.at_site(STREET, {"is": ["works-days:5"], "build": ["works:failed=no-permit"]})
    asked, again = (
        site_request(name, BUILD, technologies=DEDICATED) for name in ("stopped", "anew")
    )
    await host.sites.ask_access(asked)
    told = await host.told_times(asked.key, 4)
    await host.sites.ask_access(again)
    told_again = await host.told_times(again.key, 6)

    (stopped,) = (one for one in told if isinstance(one, WorksFailedTold))
    assert (stopped.key, stopped.failure) == (asked.key, FieldFailure.NO_PERMIT)
    assert stopped.code
    assert any(isinstance(one, WorksDoneTold) for one in told_again)


@promises("access-failure-unknown")
async def test_works_that_stop_for_a_reason_nobody_knows_keep_its_code(
    host: HostUnderTest,
) -> None:
    await host.at_site(STREET, {"is": ["works:failed=BADGERS"], "build": []})
    asked = site_request("badgers", BUILD)
    await host.sites.ask_access(asked)

    told = await host.told_times(asked.key, 1)

    (stopped,) = (one for one in told if isinstance(one, WorksFailedTold))
    assert (stopped.failure, stopped.code) == (FieldFailure.OTHER, "BADGERS")


@promises("access-tests")
async def test_an_opening_is_told_with_its_tests_and_their_figures(host: HostUnderTest) -> None:
    await host.at_site(STREET, {"is": ["rate:8000/1000", "tests:slow=90+loss=0.5"]})
    asked = site_request("opened", COMMISSION)
    await host.sites.ask_access(asked)

    told = await host.one_told(asked.key)

    assert isinstance(told, CommissionedTold)
    assert told.key == asked.key
    assert told.tested_at > asked.asked_at
    results = {one.test: one for one in told.tests}
    assert set(results) == set(Test)
    assert all(one.passed for one in told.tests)
    assert results[Test.THROUGHPUT_DOWN].measured == Decimal(7200)
    assert results[Test.THROUGHPUT_UP].measured == Decimal(900)
    assert results[Test.LOSS].measured == Decimal("0.5")


@pytest.mark.parametrize(
    ("word", "failed"),
    [
        ("tests:slow=40", {Test.THROUGHPUT_DOWN, Test.THROUGHPUT_UP}),
        ("tests:no-call-in", {Test.CALL_IN}),
        ("tests:no-sync", set(Test)),
    ],
)
@promises("access-tests")
async def test_a_test_that_fails_says_so_and_the_next_opening_may_pass(
    host: HostUnderTest, word: str, failed: set[Test]
) -> None:
    await host.at_site(STREET, {"commission": [word]})
    first, second = (site_request(f"{word} {time}", COMMISSION) for time in (1, 2))

    told = []
    for asked in (first, second):
        await host.sites.ask_access(asked)
        told.append(await host.one_told(asked.key))

    assert all(isinstance(one, CommissionedTold) for one in told)
    found = [
        {one.test for one in opened.tests if not one.passed}
        for opened in told
        if isinstance(opened, CommissionedTold)
    ]
    assert found == [failed, set()]


@promises("access-withdrawal")
async def test_works_that_are_under_way_are_called_back(host: HostUnderTest) -> None:
    await host.at_site(STREET, {"is": ["works-days:60"]})
    ordered = site_request("not built", BUILD, technologies=DEDICATED)
    await host.sites.ask_access(ordered)
    await host.told_times(ordered.key, 1)
    asked = replace(withdrawal("not built any more", ordered.key), line_id=ordered.line_id)

    assert isinstance(await host.sites.withdraw(asked), Took)
    told = await host.one_told(asked.key)

    assert isinstance(told, WithdrawnTold)
    assert told.key == ordered.key
    assert isinstance(await host.sites.ask_access(ordered), Refused)
