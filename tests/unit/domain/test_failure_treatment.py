"""A row worked out for its day: when the next try is, and what it must not come after."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain import port_in_commands as told
from domain.failure_policy import FailureBook, Treatment
from domain.failure_treatment import treated
from domain.port_in_facts import Step
from tests.failing import book, retry, row
from tests.porting import RULES, paris
from tests.unit.domain.port_in_story import Story

HOST, EXCHANGE = "orange", "gpm"


def _treated(
    story: Story, policies: FailureBook, step: Step, *, asked_for: datetime | None = None
) -> Treatment:
    rules = replace(RULES, failures=lambda: policies)
    return treated(rules, story.going, step, "E1", at=story.now, asked_for=asked_for)


def _every(operator: str, after: str, *, longest: str | None = None) -> FailureBook:
    return book(operator, row("again", "E1", retry=retry(after, longest=longest)))


def test_a_row_gives_its_team_its_words_and_its_edition() -> None:
    story = Story().planned()
    policies = book(
        HOST, row("mine", "E1", queue="hosts", owner="provider", allowed=["retry"]), version=9
    )

    found = _treated(story, policies, Step.PREPARE_LINE)

    assert (found.queue, found.owner, found.allowed) == ("hosts", "provider", ("retry",))
    assert str(found.row) == "orange/mine (version 9, from 2026-01-01)"
    assert (found.at_most, found.retry_at, found.too_late, found.ends) == (0, None, None, False)


def test_a_delay_is_counted_in_business_time_from_the_failure() -> None:
    """Saturday 9 January 2027, midnight: two jours ouvrés on it is Tuesday."""
    story = Story(changes={"line": {"wish": "2027-02-03"}}).planned()

    hours = _treated(story, _every(HOST, "4 clock-hour"), Step.PREPARE_LINE)
    days = _treated(story, _every(HOST, "2 ouvre"), Step.PREPARE_LINE)

    assert hours.retry_at == paris("2027-01-09T04:00")
    assert days.retry_at == paris("2027-01-12T00:00")


def test_what_the_operator_asks_for_goes_before_the_rows_delay_and_never_before_now() -> None:
    story = Story(changes={"line": {"wish": "2027-02-03"}}).planned()
    policies = _every(HOST, "4 clock-hour", longest="12 clock-hour")
    wished = story.now + timedelta(minutes=90)
    gone = story.now - timedelta(minutes=90)
    edge, beyond = story.now + timedelta(hours=12), story.now + timedelta(hours=12, seconds=1)

    def at(asked_for: datetime) -> datetime | None:
        return _treated(story, policies, Step.PREPARE_LINE, asked_for=asked_for).retry_at

    assert [at(wished), at(gone), at(edge), at(beyond)] == [wished, story.now, edge, None]


def _late(story: Story, operator: str, step: Step, after: str) -> bool:
    found = _treated(story, _every(operator, after), step)
    assert (found.retry_at is None) is (found.too_late is not None)
    return found.retry_at is None


def test_a_line_is_ready_before_the_session_its_request_leaves_in() -> None:
    """The request leaves on 13 January 2027 at 10:00."""
    story = Story().planned()
    assert not _late(story, HOST, Step.PREPARE_LINE, "100 clock-hour")
    story.ask(Step.PREPARE_LINE, until=story.now + timedelta(hours=3))

    assert _late(story, HOST, Step.PREPARE_LINE, "3 clock-hour")
    assert not _late(story, HOST, Step.PREPARE_LINE, "2 clock-hour")


def test_a_request_made_again_keeps_its_port_day() -> None:
    """Sent on 13 January for the 15th, the first day there is; on 1 February for the 3rd."""
    soonest = Story().refused("R220")
    chosen = Story(changes={"line": {"wish": "2027-02-03"}}).refused("R220")

    assert _late(soonest, EXCHANGE, Step.SEND_REQUEST, "1 ouvre")
    assert not _late(soonest, EXCHANGE, Step.SEND_REQUEST, "1 clock-hour")
    assert not _late(chosen, EXCHANGE, Step.SEND_REQUEST, "2 ouvre")
    assert not _late(chosen, EXCHANGE, Step.SEND_REQUEST, "13 ouvre")
    assert _late(chosen, EXCHANGE, Step.SEND_REQUEST, "14 ouvre")
    assert _late(chosen, EXCHANGE, Step.SEND_REQUEST, "30 calendar-day")


def test_a_port_without_dates_is_not_asked_for_again() -> None:
    assert _late(Story().gathered(), EXCHANGE, Step.SEND_REQUEST, "1 clock-hour")
    assert not _late(Story().gathered(), HOST, Step.PREPARE_LINE, "1 clock-hour")


@pytest.mark.parametrize(
    ("step", "operator", "in_time", "late"),
    [
        (Step.COMMIT_PORT, EXCHANGE, "9 clock-hour", "10 clock-hour"),
        (Step.SWITCH_LINE, HOST, "37 clock-hour", "38 clock-hour"),
        (Step.CHECK_ACTIVE, HOST, "37 clock-hour", "38 clock-hour"),
    ],
)
def test_after_the_donor_agreed_a_step_keeps_to_the_port_day(
    step: Step, operator: str, in_time: str, late: str
) -> None:
    """The porting ticket leaves on 14 January 2027 at 10:00, and could leave at 14:00 and 19:00;
    the 15th is the port day, and its first session comes after the switch has begun."""
    story = Story().ticketed()

    assert not _late(story, operator, step, in_time)
    assert _late(story, operator, step, late)


def test_a_line_is_tested_before_its_confirmations_are_due() -> None:
    story = Story().switched()
    assert story.going.planned is not None
    left = story.going.planned.confirmations_until - story.now

    hours = int(left.total_seconds() // 3600)

    assert not _late(story, HOST, Step.VERIFY_LINE, f"{hours - 1} clock-hour")
    assert _late(story, HOST, Step.VERIFY_LINE, f"{hours + 1} clock-hour")


def test_a_cancellation_reaches_the_donor_while_the_exchange_takes_it() -> None:
    """Until 20:00 two jours ouvrés before the port day."""
    story = Story(changes={"line": {"wish": "2027-02-03"}}).requested()
    story.tell(
        told.RequestCancellation,
        by="the customer",
        needs=None,
        needs_agreement=False,
        needs_until=story.now,
        cost=(),
        keeps_number=False,
    )
    story.ask(Step.CANCEL_REQUEST, until=story.now + timedelta(days=60))

    assert not _late(story, EXCHANGE, Step.CANCEL_REQUEST, "19 calendar-day")
    assert _late(story, EXCHANGE, Step.CANCEL_REQUEST, "20 calendar-day")
    assert not _late(story, HOST, Step.RELEASE_LINE, "20 calendar-day")
