"""A port-in from its claim to its end, every branch of it, on the real server with time skipped."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError

from domain import port_in_facts as facts
from domain.operators import AcceptedTold, NumberActive, NumberInactive, Refused, RefusedTold
from domain.port_in_facts import Outcome, Step
from domain.port_in_states import Ended
from domain.refusals import GPMAG_REFUSALS, NextStep
from tests.fakes.operators import Habit
from tests.porting import MANDATE, rio_of
from tests.process.conftest import World
from tests.waiting import until_async

WITHIN_A_MONTH: dict[str, Any] = {"line": {"wish": "2027-02-03"}}


async def _ended(world: World, line: object) -> Ended:
    state = await world.state(line)  # type: ignore[arg-type]  # a line's id
    assert isinstance(state, Ended)
    return state


async def test_a_number_with_nothing_in_its_way_is_ported(world: World) -> None:
    line = await world.opened()

    end = await world.end_of(line)

    assert end.outcome is Outcome.PORTED
    ended = await _ended(world, line)
    assert ended.planned is not None
    assert ended.planned.plan.port_day == date(2027, 1, 15)
    assert ended.ended.service_started_at is not None
    assert ended.ended.service_started_at.isoformat() == "2027-01-15T09:15:00+01:00"
    assert set(world.host.books.effects.values()) == {1}
    assert world.exchange.books.steps == [Step.SEND_REQUEST, Step.COMMIT_PORT]


async def test_the_ticket_bears_its_session_and_not_the_moment_it_was_made(world: World) -> None:
    line = await world.opened()
    await world.end_of(line)

    request, port = world.exchange.tickets

    assert request.session.isoformat() == "2027-01-13T10:00:00+01:00"
    assert port.session.isoformat() == "2027-01-14T10:00:00+01:00"
    assert request.port_day == date(2027, 1, 15)
    assert (request.receiver, request.donor, request.enterprise) == ("01", "02", True)


@pytest.mark.parametrize("code", sorted(GPMAG_REFUSALS))
async def test_every_refusal_is_ended_or_sent_again(world: World, code: str) -> None:
    world.exchange.donors = [code]
    line = await world.opened(skips=False, **WITHIN_A_MONTH)
    await world.passes(line, days=6)
    await world.asks(line, "donor-refused")

    again = GPMAG_REFUSALS[code].next_step is not NextStep.END
    ruled = await world.decide(line, "retry" if again else "end")
    if not ruled.taken:
        ruled = await world.decide(line, "postpone", given={"day": "2027-02-04"})
    assert ruled.taken or code == "R222", ruled.why
    if not ruled.taken:
        await world.decide(line, "end")
    await world.passes(line, days=40)

    end = await world.end_of(line)
    sent_again = world.exchange.books.steps.count(Step.SEND_REQUEST) == 2
    assert end.outcome is (Outcome.PORTED if sent_again else Outcome.REFUSED)
    assert sent_again is (again and code != "R222")


async def test_a_refusal_where_the_contract_says_so_gives_a_new_number(world: World) -> None:
    world.exchange.donors = ["R322"]
    line = await world.opened("oksio", skips=False)
    await world.passes(line, days=6)
    await world.asks(line, "donor-refused")

    await world.decide(line, "end")
    await world.passes(line, days=5)

    assert (await world.end_of(line)).outcome is Outcome.REPLACED
    ended = await _ended(world, line)
    assert ended.ended.replaced_by is not None
    assert Step.RELEASE_LINE not in world.host.books.steps


async def test_eligibility_lost_ends_with_the_donor(world: World) -> None:
    world.exchange.donors = ["lose"]
    line = await world.opened(skips=False)
    await world.passes(line, days=6)
    await world.asks(line, "eligibility-lost")

    await world.decide(line, "end")
    await world.passes(line, days=4)

    assert (await world.end_of(line)).outcome is Outcome.REFUSED
    assert world.host.books.steps[-1] is Step.RELEASE_LINE


async def test_a_donor_that_stays_silent_is_reminded_raised_and_given_up(world: World) -> None:
    world.exchange.donors = ["silence"]
    line = await world.opened(skips=False)
    await world.passes(line, days=9)
    await world.asks(line, "donor-silent")
    assert "DonorReminded" in await world.facts(line)

    await world.decide(line, "end")
    await world.passes(line, days=4)

    assert (await world.end_of(line)).outcome is Outcome.REFUSED
    assert world.exchange.books.steps == [Step.SEND_REQUEST, Step.CANCEL_REQUEST]


async def test_an_attention_nobody_answers_goes_up(world: World) -> None:
    world.exchange.donors = ["R123"]
    line = await world.opened(skips=False)
    await world.passes(line, days=10)

    await world.until(line, "AttentionMoved")

    moved = [e for e in await world.events(line) if type(e).__name__ == "AttentionMoved"]
    assert getattr(moved[0], "turn").value == "supervisor"  # noqa: B009  of the fact


async def test_operators_that_never_confirm_are_noted_and_gone_on_without(world: World) -> None:
    world.exchange.confirmers = ("02",)
    line = await world.opened()

    end = await world.end_of(line)

    assert end.outcome is Outcome.PORTED
    missing = [e for e in await world.events(line) if isinstance(e, facts.ConfirmationsMissing)]
    assert [one.operators for one in missing] == [("03", "04")]


# the host


@pytest.mark.parametrize("step", [Step.PREPARE_LINE, Step.SWITCH_LINE])
async def test_a_reply_that_was_lost_makes_no_second_effect(world: World, step: Step) -> None:
    world.host.habits[step] = [Habit.LOST_REPLY]
    line = await world.opened()

    assert (await world.end_of(line)).outcome is Outcome.PORTED
    assert set(world.host.books.effects.values()) == {1}


async def test_a_ticket_whose_reply_was_lost_is_handed_in_once(world: World) -> None:
    world.exchange.habits = {Step.SEND_REQUEST: [Habit.LOST_REPLY]}
    line = await world.opened(skips=False)
    await world.passes(line, days=10)
    await world.asks(line, "donor-silent")

    assert set(world.exchange.books.effects.values()) == {1}


@pytest.mark.parametrize("step", [Step.PREPARE_LINE, Step.SWITCH_LINE])
async def test_what_was_done_and_never_told_is_looked_up(world: World, step: Step) -> None:
    world.host.habits[step] = [Habit.MUTE]
    line = await world.opened()

    assert (await world.end_of(line)).outcome is Outcome.PORTED
    assert "AttentionRaised" not in await world.facts(line)


async def test_what_is_never_done_waits_for_a_person_who_may_look_again(world: World) -> None:
    world.host.habits[Step.PREPARE_LINE] = [Habit.IDLE]
    line = await world.opened(skips=False, **WITHIN_A_MONTH)
    await world.passes(line, days=6)
    await world.asks(line, "operator-silent")

    world.host.does_it_after_all()
    await world.decide(line, "retry")
    await world.passes(line, days=35)

    assert (await world.end_of(line)).outcome is Outcome.PORTED
    assert world.host.books.steps.count(Step.PREPARE_LINE) == 1


async def test_a_host_that_is_deaf_waits_for_a_person(world: World) -> None:
    world.host.habits[Step.PREPARE_LINE] = [Habit.DEAF] * 5
    line = await world.opened(skips=False)
    await world.passes(line, minutes=2)
    await world.asks(line, "operator-silent")

    await world.decide(line, "retry")
    await world.passes(line, days=10)

    assert (await world.end_of(line)).outcome is Outcome.PORTED


async def test_a_host_that_refuses_is_asked_again_under_another_key(world: World) -> None:
    world.host.habits[Step.PREPARE_LINE] = ["NO-STOCK"]
    line = await world.opened(skips=False)
    await world.asks(line, "operator-refused")

    await world.decide(line, "retry")
    await world.passes(line, days=12)

    assert (await world.end_of(line)).outcome is Outcome.PORTED
    assert len({request.key for request in world.host.asked[:2]}) == 2


async def test_a_suspended_number_is_ported(world: World) -> None:
    world.host.activity = [NumberActive(suspended=True)]
    line = await world.opened()

    assert (await world.end_of(line)).outcome is Outcome.PORTED
    assert facts.NumberFoundActive(suspended=True) in await world.events(line)


async def test_a_request_that_has_waited_is_checked_again_when_it_is_sent(world: World) -> None:
    """The 15th of June lies beyond 60 days: the request leaves on 16 April (decision 23)."""
    line = await world.opened(line={"wish": "2027-06-15"})

    assert (await world.end_of(line)).outcome is Outcome.PORTED
    found = [n for n in await world.facts(line) if n in {"NumberFoundActive", "PortAccepted"}]
    assert found == ["NumberFoundActive", "PortAccepted", "NumberFoundActive"]
    assert world.exchange.tickets[0].session.isoformat() == "2027-04-16T10:00:00+02:00"


async def test_a_number_inactive_on_the_day_is_not_switched_until_it_is(world: World) -> None:
    world.host.activity = [NumberInactive()]
    line = await world.opened(skips=False)
    await world.passes(line, days=6, hours=9)
    await world.asks(line, "number-inactive")
    assert Step.SWITCH_LINE not in world.host.books.steps

    await world.decide(line, "retry")
    await world.passes(line, days=2)

    assert (await world.end_of(line)).outcome is Outcome.PORTED


async def test_a_line_that_fails_its_test_waits_for_a_person(world: World) -> None:
    world.host.checks = [Refused(code="NO-CALL")]
    line = await world.opened(skips=False)
    await world.passes(line, days=6, hours=12)
    await world.asks(line, "line-not-working")

    await world.decide(line, "skip", reason="the customer has called us from it")
    await world.passes(line, days=1)

    assert (await world.end_of(line)).outcome is Outcome.PORTED


async def test_an_outage_too_long_is_said_against_contract_and_law(world: World) -> None:
    world.host.outage = timedelta(hours=4, minutes=1)
    line = await world.opened()
    await world.end_of(line)

    (switched,) = [e for e in await world.events(line) if isinstance(e, facts.LineSwitched)]
    assert switched.too_long
    assert [said.en.split(" (")[0] for said in switched.judged] == [
        "out for 4.02 h, beyond 4 clock hours",
        "out for 4.02 h, beyond 4 clock hours",
    ]


async def test_technicophone_counts_its_outage_in_working_hours(world: World) -> None:
    """From 8:30, four working hours and two of transition (002:6346-6350)."""
    world.host.outage = timedelta(hours=4)
    line = await world.opened("technicophone")
    await world.end_of(line)

    (switched,) = [e for e in await world.events(line) if isinstance(e, facts.LineSwitched)]
    assert not switched.too_long
    assert switched.settled_at.isoformat() == "2027-01-15T14:30:00+01:00"


async def test_an_internal_transfer_has_no_tickets(world: World) -> None:
    line = await world.opened(line={"rio": rio_of(prefix="01E123456")})

    assert (await world.end_of(line)).outcome is Outcome.PORTED
    assert world.exchange.tickets == []


# people


async def test_gates_wait_for_papers_and_go_on_with_them(world: World) -> None:
    line = await world.opened("nexis", skips=False, documents=[MANDATE])
    await world.asks(line, "gates")

    ruled = await world.decide(
        line, "provide", given={"document": "identity", "on": "2027-01-09", "gate": "identity"}
    )
    await world.passes(line, days=10)

    assert ruled.taken
    assert (await world.end_of(line)).outcome is Outcome.PORTED


async def test_papers_that_never_come_give_a_new_number_at_oksio(world: World) -> None:
    line = await world.opened("oksio", line={"rio": None})

    assert (await world.end_of(line)).outcome is Outcome.REPLACED
    assert world.host.books.steps == []


async def test_a_decision_nobody_waits_for_is_refused_by_the_facts(world: World) -> None:
    line = await world.opened(skips=False)
    await world.until(line, "LineReady")

    refused = await world.decide(line, "retry")

    assert not refused.taken
    assert refused.why == "nothing waits for a decision here; look at its timeline"
    assert "DecisionTaken" not in await world.facts(line)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"given": {"rio": "01PEROY4P4TR"}}, "send the RIO by 'raccord order decide'"),
        ({"given": {"colour": "red"}}, "'colour' is not something a decision takes"),
        ({"reason": "a\x00b"}, "remove the line breaks and control characters"),
    ],
)
async def test_what_may_not_be_kept_never_reaches_the_history(
    world: World, more: dict[str, Any], why: str
) -> None:
    world.exchange.donors = ["R123"]
    line = await world.opened(skips=False)
    await world.passes(line, days=6)
    await world.asks(line, "donor-refused")

    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await world.decide(line, "correct", **more)
    with pytest.raises(WorkflowUpdateFailedError, match="update failed"):
        await world.cancel(line, by="a\x00b")

    assert why in str(refused.value.cause)
    history = await world.handles[line].fetch_history()
    assert "01PEROY4P4TR" not in history.to_json()


async def test_a_key_carries_one_decision_and_says_so_to_the_next(world: World) -> None:
    world.exchange.donors = ["R123"]
    line = await world.opened(skips=False)
    await world.passes(line, days=6)
    await world.asks(line, "donor-refused")

    wrong = await world.decide(line, "snooze", key="k")
    first = await world.decide(line, "snooze", key="k", given={"until": "2027-02-20"})
    again = await world.decide(line, "snooze", key="k", given={"until": "2027-02-20"})
    other = await world.decide(line, "snooze", key="k", given={"until": "2027-02-21"})

    assert [r.taken for r in (wrong, first, again, other)] == [False, True, True, False]
    assert other.why is not None
    assert "this key has carried another decision already" in other.why
    assert (await world.facts(line)).count("DecisionTaken") == 1


@pytest.mark.parametrize(
    ("decision", "given", "why"),
    [
        ("dance", {}, "'dance' is no decision; write one of retry"),
        ("agree", {}, "'agree' is not what is asked"),
        ("snooze", {"until": "soon"}, "until:"),
        ("reassign", {"turn": "nobody"}, "'nobody' is no turn; write one of operations"),
        ("correct", {"correction": "x"}, "the correction is no id"),
        ("correct", {"correction": "00000000-0000-5000-8000-000000000001"}, "no such correction"),
        ("provide", {"document": "mandate"}, "a document bears a date"),
        ("provide", {"document": "Man date", "on": "2027-01-09"}, "names no document"),
        ("postpone", {"day": "31 February"}, "day:"),
    ],
)
async def test_a_decision_with_a_mistake_is_answered_with_a_sentence(
    world: World, decision: str, given: dict[str, str], why: str
) -> None:
    world.exchange.donors = ["R123"]
    line = await world.opened(skips=False)
    await world.passes(line, days=6)
    await world.asks(line, "donor-refused")

    ruled = await world.decide(line, decision, given=given)

    assert not ruled.taken
    assert ruled.why is not None
    assert why in ruled.why


async def test_a_line_is_cancelled_and_given_back(world: World) -> None:
    line = await world.opened(skips=False)
    await world.until(line, "LineReady")

    ruled = await world.cancel(line)
    await world.passes(line, days=4)

    assert ruled.taken
    assert (await world.end_of(line)).outcome is Outcome.CANCELLED
    assert world.host.books.steps == [Step.PREPARE_LINE, Step.RELEASE_LINE]
    asked = [e for e in await world.events(line) if isinstance(e, facts.CancellationAsked)]
    assert "names no fee" in asked[0].cost[0].en


# the exchange closes at 20 h two jours ouvrés before a Wednesday: Monday 1 February 2027
CLOSES_AFTER = timedelta(days=23, hours=20)


async def test_one_second_before_the_exchange_closes_it_is_cancelled(world: World) -> None:
    line = await world.opened("nexis", skips=False, **WITHIN_A_MONTH)
    await _at(world, line, CLOSES_AFTER - timedelta(seconds=1))

    ruled = await world.cancel(line)

    assert ruled.taken


async def test_one_second_after_it_the_moments_and_clauses_are_named(world: World) -> None:
    line = await world.opened("nexis", skips=False, **WITHIN_A_MONTH)
    await _at(world, line, CLOSES_AFTER + timedelta(seconds=1))

    ruled = await world.cancel(line)

    assert not ruled.taken
    assert ruled.why is not None
    assert "customer ended Monday 1 February 2027 at 20:00" in ruled.why
    assert "004:122" in ruled.why


async def _at(world: World, line: object, after: timedelta) -> None:
    """Stand still at that much business time since the story began."""
    handle = world.handles[line]  # type: ignore[index]  # a line's id
    reached = await world.env.get_current_time(handle)
    target = world.clock.wall_at(world.clock.business_origin + after)
    await world.env.fast_forward(handle, target - reached)


async def test_the_night_the_clocks_change_a_session_is_still_at_ten(world: World) -> None:
    """Sunday 28 March 2027 at 2:00, Easter: the session of Tuesday is 10:00 by the new clock."""
    line = await world.opened(line={"wish": "2027-05-27"})
    await world.end_of(line)

    assert world.exchange.tickets[0].session.isoformat() == "2027-03-30T10:00:00+02:00"


async def test_two_orders_for_one_number_at_once_and_only_one_moves_it(world: World) -> None:
    """Whichever is first: the other waits for a person, and has its turn afterwards."""
    lines = [await world.opened(provider, skips=False) for provider in ("axantis", "nexis")]

    async def settled() -> bool:
        facts = [await world.facts(line) for line in lines]
        return all("PortNumberClaimed" in one or "AttentionRaised" in one for one in facts)

    await until_async(settled, what="both have asked for the number")
    claimed = ["PortNumberClaimed" in await world.facts(line) for line in lines]
    assert sorted(claimed) == [False, True]
    first, second = lines if claimed[0] else reversed(lines)
    await world.asks(second, "number-taken")
    await world.passes(first, days=10)
    assert (await world.end_of(first)).outcome is Outcome.PORTED

    await world.decide(second, "retry")
    await world.passes(second, days=10)

    assert (await world.end_of(second)).outcome is Outcome.PORTED
    assert world.host.books.steps.count(Step.SWITCH_LINE) == 2


# messages


async def test_a_message_out_of_its_order_waits_for_its_turn(world: World) -> None:
    line = await world.opened(skips=False, **WITHIN_A_MONTH)
    await world.until(line, "LineReady")
    now = world.clock.business_origin
    await world.mail.send(line, "pnm", RefusedTold(code="R123", refused_at=now), at=now)
    world.exchange.donors = ["silence"]

    await world.passes(line, days=6)
    await world.asks(line, "donor-refused")

    assert "MessageSetAside" not in await world.facts(line)


@pytest.mark.parametrize("source", ["orange", "nobody"])
async def test_what_cannot_be_read_is_set_aside_and_the_port_goes_on(
    world: World, source: str
) -> None:
    line = await world.opened(skips=False)
    await world.until(line, "LineReady")
    await world.mail.send(line, source, "<not a report>", at=world.clock.business_origin)
    await world.until(line, "MessageSetAside")
    await world.passes(line, days=10)

    assert (await world.end_of(line)).outcome is Outcome.PORTED


async def test_an_instant_no_calendar_reaches_is_set_aside_and_the_port_goes_on(
    world: World,
) -> None:
    world.exchange.donors = ["silence"]
    line = await world.opened(skips=False)
    await world.passes(line, days=6)
    await world.until(line, "OperatorTook", times=2)
    now = world.clock.business_origin + timedelta(days=5)
    for answered_at in (datetime(9999, 12, 31, 12, tzinfo=UTC), now):
        told = AcceptedTold(accepted_at=answered_at)
        await world.mail.send(line, "pnm", told, at=now)

    await world.until(line, "PortAccepted")
    assert "MessageSetAside" in await world.facts(line)


async def test_a_message_number_that_is_nobodys_changes_nothing(world: World) -> None:
    line = await world.opened(skips=False)
    other = await world.opened(
        "nexis", skips=False, line={"msisdn": "0612345679", "rio": rio_of("0612345679")}
    )
    await world.until(line, "LineReady")
    before = await world.facts(line)
    number = await world.mail.send(
        other, "orange", "<not a report>", at=world.clock.business_origin
    )

    for stranger in (999, number):
        await world.handles[line].signal("message_received", stranger)
    await world.passes(line, days=1)

    assert await world.facts(line) == before


# going on after a loss


@pytest.mark.parametrize(
    "fact",
    ["PortPlanned", "LineReady", "PortAccepted", "PortCommitted", "LineSwitched"],
)
async def test_a_process_that_was_lost_goes_on_from_its_facts(world: World, fact: str) -> None:
    line = await world.opened(skips=False)
    days = {"PortPlanned": 0, "LineReady": 0, "PortAccepted": 4.5, "PortCommitted": 5.6}
    await world.passes(line, days=days.get(fact, 6.4)) if days.get(fact, 6.4) else None
    await world.until(line, fact)
    lost = world.handles[line]
    now = await world.env.get_current_time(lost)
    await lost.terminate("its server lost it")

    world.clock = world.clock.model_copy(
        update={
            "wall_origin": datetime.now(now.tzinfo),
            "business_origin": world.clock.business_at(now),
        }
    )
    await world.start(line, attempt=1)

    assert (await world.end_of(line)).outcome is Outcome.PORTED
    assert set(world.host.books.effects.values()) == {1}
    assert set(world.exchange.books.effects.values()) == {1}
    assert (await world.facts(line)).count(fact) == 1


async def test_a_process_of_a_line_that_has_ended_returns_at_once(world: World) -> None:
    line = await world.opened()
    await world.end_of(line)
    before = await world.facts(line)

    await world.start(line, attempt=1)

    assert (await world.end_of(line)).outcome is Outcome.PORTED
    assert await world.facts(line) == before
