"""What can be asked of a host network, each once, and how it is told."""

from dataclasses import replace

import pytest

from domain.operators import (
    Change,
    ChangeRefusedTold,
    LineChangedTold,
    LineReadyTold,
    NumberActive,
    NumberGivenTold,
    NumberInactive,
    Refused,
    ReleasedTold,
    RioGiven,
    Standing,
    Stands,
    SwitchedTold,
    Took,
    WithdrawnTold,
    Works,
)
from domain.port_in_facts import SimKind, Step
from tests.conformance.host import NUMBER, HostUnderTest, change, request, withdrawal
from tests.conformance.promises import promises

NOBODY = "nobody"


@promises("esim")
async def test_a_profile_is_reserved_in_place_of_a_card(host: HostUnderTest) -> None:
    asked = replace(request("esim", number=NUMBER), sim=SimKind.ESIM)

    assert isinstance(await host.gateway.ask(asked), Took)
    assert isinstance(await host.one_told(asked.key), LineReadyTold)


@promises("new-number")
async def test_a_new_number_is_given_to_a_line_that_is_ready(host: HostUnderTest) -> None:
    ready = await host.ready_line("new number", number=None)
    asked = replace(request("give", Step.GIVE_NUMBER, number=None), host_line=ready.host_line)

    assert isinstance(await host.gateway.ask(asked), Took)
    told = await host.one_told(asked.key)

    assert isinstance(told, NumberGivenTold)
    assert (len(told.number), told.host_line) == (10, ready.host_line)


@promises("switch")
async def test_a_switch_is_told_with_the_times_of_its_outage(host: HostUnderTest) -> None:
    asked = await host.ready_line("switch")

    assert isinstance(await host.gateway.ask(asked), Took)
    told = await host.one_told(asked.key)

    assert isinstance(told, SwitchedTold)
    assert told.outage_from < told.outage_to
    assert told.sim_activated_at.tzinfo is not None


@pytest.mark.parametrize("named", [True, False])
@promises("release")
async def test_a_line_is_released_by_its_name_or_by_ours(host: HostUnderTest, named: bool) -> None:  # noqa: FBT001  a parameter
    ready = await host.ready_line("release")
    asked = request("released", Step.RELEASE_LINE, number=NUMBER)
    asked = replace(asked, host_line=ready.host_line if named else None)

    assert isinstance(await host.gateway.ask(asked), Took)
    assert isinstance(await host.one_told(asked.key), ReleasedTold)


@pytest.mark.parametrize(
    ("move", "found"),
    [
        ([], NumberActive(suspended=False)),
        (["suspended"], NumberActive(suspended=True)),
        (["inactive"], NumberInactive()),
    ],
    ids=["active", "suspended", "gone"],
)
@promises("activity")
async def test_a_suspended_number_is_active_and_one_that_is_gone_is_not(
    host: HostUnderTest, move: list[str], found: object
) -> None:
    await host.misbehave(NUMBER, {"activity": move})

    assert await host.gateway.number_activity(NUMBER) == found


@promises("line-test")
async def test_a_line_that_fails_its_test_says_why(host: HostUnderTest) -> None:
    line = await host.active_line("tested")
    await host.misbehave(NUMBER, {"test": ["failed:NO-CALL"]})

    assert await host.gateway.verify_line(line) == Refused(code="NO-CALL")
    assert isinstance(await host.gateway.verify_line(line), Works)


@promises("suspension")
async def test_a_line_is_suspended_and_put_back(host: HostUnderTest) -> None:
    line = await host.active_line("suspension")
    for what in (Change.SUSPEND, Change.RESUME):
        asked = change(f"suspension: {what}", what, line)

        answers = [await host.gateway.change_line(asked) for _ in range(2)]
        told = await host.one_told(asked.key)

        assert all(isinstance(answer, Took) for answer in answers)
        assert isinstance(told, LineChangedTold)
        assert told.change is what
        assert await host.times(asked.key) == 1


@promises("suspension")
async def test_a_suspended_line_is_not_suspended_again(host: HostUnderTest) -> None:
    line = await host.active_line("twice suspended")
    first = change("first", Change.SUSPEND, line)
    await host.gateway.change_line(first)
    await host.told(first.key)

    answer = await host.gateway.change_line(change("second", Change.SUSPEND, line))

    assert isinstance(answer, Refused)
    assert answer.code


@promises("refused-later")
async def test_a_change_refused_later_is_told_by_its_key(host: HostUnderTest) -> None:
    line = await host.active_line("changed later")
    asked = change("changed later", Change.SUSPEND, line)
    await host.misbehave(NUMBER, {"suspend": ["reject-later:UNPAID-ELSEWHERE"]})

    assert isinstance(await host.gateway.change_line(asked), Took)
    told = await host.one_told(asked.key)

    assert isinstance(told, ChangeRefusedTold)
    assert (told.key, told.code) == (asked.key, "UNPAID-ELSEWHERE")


@promises("withdrawal")
async def test_a_request_that_waits_is_called_back_once(host: HostUnderTest) -> None:
    ordered = request("to withdraw", number=NUMBER)
    asked = withdrawal("withdrawal", ordered.key)
    await host.misbehave(NUMBER, {"prepare": ["idle"]})
    await host.gateway.ask(ordered)

    answers = [await host.gateway.withdraw(asked) for _ in range(2)]
    told = await host.one_told(asked.key)

    assert all(isinstance(answer, Took) for answer in answers)
    assert isinstance(told, WithdrawnTold)
    assert told.key == ordered.key
    assert await host.times(asked.key) == 1
    assert isinstance(await host.gateway.ask(ordered), Refused)
    assert await host.times(ordered.key) == 1


@promises("withdrawal-late")
async def test_what_is_done_or_unknown_is_not_called_back(host: HostUnderTest) -> None:
    done = request("done", number=NUMBER)
    await host.gateway.ask(done)
    await host.told(done.key)

    late = await host.gateway.withdraw(withdrawal("late", done.key))
    unknown = await host.gateway.withdraw(withdrawal("unknown", "no-such-key"))

    assert isinstance(late, Refused)
    assert isinstance(unknown, Refused)
    assert late.code != unknown.code


@promises("rio")
async def test_the_rio_is_given_suspended_or_not(host: HostUnderTest) -> None:
    line = await host.active_line("rio")
    active = await host.gateway.rio_of(line)
    asked = change("rio", Change.SUSPEND, line)
    await host.gateway.change_line(asked)
    await host.told(asked.key)

    suspended = await host.gateway.rio_of(line)

    assert isinstance(active, RioGiven)
    assert len(active.rio) == 12
    assert suspended == active


@promises("standing")
async def test_it_is_said_where_a_line_is_all_along(host: HostUnderTest) -> None:
    switch = await host.ready_line("standing")
    line = switch.host_line or ""
    suspension = change("standing", Change.SUSPEND, line)
    release = replace(request("ended", Step.RELEASE_LINE, number=NUMBER), host_line=line)
    found = [await host.gateway.line_standing(line)]

    await host.gateway.ask(switch)
    await host.told(switch.key)
    found.append(await host.gateway.line_standing(line))
    await host.gateway.change_line(suspension)
    await host.told(suspension.key)
    found.append(await host.gateway.line_standing(line))
    await host.gateway.ask(release)
    await host.told(release.key)
    found.append(await host.gateway.line_standing(line))

    expected = (Standing.RESERVED, Standing.ACTIVE, Standing.SUSPENDED, Standing.ENDED)
    assert found == [Stands(standing=standing) for standing in expected]


@promises("unknown-line")
async def test_a_line_nobody_knows_is_refused_by_a_code(host: HostUnderTest) -> None:
    answers = [
        await host.gateway.rio_of(NOBODY),
        await host.gateway.line_standing(NOBODY),
        await host.gateway.change_line(change("nobody", Change.SUSPEND, NOBODY)),
    ]

    assert all(isinstance(answer, Refused) and answer.code for answer in answers)
