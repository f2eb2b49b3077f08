"""A number that ended lately: justified, asked of its donor, awaited, then sent again or lost."""

from datetime import date, timedelta

import pytest

from domain import port_in_attention as waiting
from domain import port_in_commands as told
from domain import port_in_facts as facts
from domain.attention import AttentionMoved, DecisionKind, DecisionRefusedError, Turn
from domain.port_in_facts import HeldDocument, Outcome
from domain.port_in_people import first_told_ended
from domain.port_in_states import Dating, Undoing
from domain.reactivation import ReactivationWindow, reactivation_window
from domain.territories import ExchangeGroup
from projections.telling import told_by
from tests.porting import RULES, paris, shelf
from tests.unit.domain.port_in_story import WHY, Story

PAPER = HeldDocument(name="justification", on=date(2027, 1, 12))
TOLD_AT = paris("2027-01-13T14:20:00")


def window(ended_on: date | None = None) -> ReactivationWindow:
    calendar = RULES.calendar(ExchangeGroup.GPM, TOLD_AT.date())
    return reactivation_window(shelf(), calendar, ended_on=ended_on, told_at=TOLD_AT)


def justified(story: Story, ended_on: date | None = None) -> Story:
    story.decide(DecisionKind.PROVIDE, documents=(PAPER,), reactivation=window(ended_on))
    return story


def test_the_window_is_ten_days_from_the_end_where_it_is_known() -> None:
    # porting-and-access:115, R323 "terminated < 10 days"
    known = window(date(2027, 1, 8))

    assert known.until == paris("2027-01-19T00:00:00")
    assert "10 jours calendaires après la résiliation" in known.because.fr


def test_the_window_is_ten_days_from_the_refusal_where_it_is_not() -> None:
    unknown = window()

    assert unknown.until == paris("2027-01-24T00:00:00")
    assert "a default of ours" in unknown.because.en


def test_a_group_that_has_no_such_window_is_named() -> None:
    calendar = RULES.calendar(ExchangeGroup.GPM, TOLD_AT.date())

    with pytest.raises(LookupError, match="how long a number can come back"):
        reactivation_window(
            _SilentShelf(),  # type: ignore[arg-type]  # it says nothing
            calendar,
            ended_on=None,
            told_at=TOLD_AT,
        )


class _SilentShelf:
    entry = None

    def pin(self, *_asked: object) -> None:
        return None

    def answer(self, *_asked: object) -> "_SilentShelf":
        return self


def test_a_justification_has_the_donor_asked_and_the_number_awaited() -> None:
    story = justified(Story().refused("R323"))

    asked = story.facts[-2]
    assert isinstance(asked, facts.ReactivationAsked)
    assert (asked.justified_by, asked.code) == (PAPER, "R323")
    (awaited,) = story.going.attentions
    assert (awaited.code, awaited.until) == (waiting.REACTIVATION, paris("2027-01-24T00:00:00"))
    assert "the exchange has none" in awaited.what.en
    said = told_by(asked)
    assert said is not None
    assert said == asked.window.because


def test_once_it_lives_again_the_request_is_another_one() -> None:
    story = justified(Story().refused("R323"))
    before = story.going.epochs

    story.decide(DecisionKind.RETRY)

    assert isinstance(story.state, Dating)
    assert story.going.reopened_for == "R323"
    assert before == story.going.epochs
    assert story.going.epochs[facts.Step.SEND_REQUEST] == 1


@pytest.mark.parametrize(
    ("replaces", "outcome"), [(False, Outcome.REFUSED), (True, Outcome.REPLACED)]
)
def test_once_the_window_is_over_the_number_is_lost_as_its_contract_says(
    outcome: Outcome,
    replaces: bool,  # noqa: FBT001  a case
) -> None:
    story = justified(Story().refused("R323"))

    story.pass_time(paris("2027-01-24T00:00:00"), replaces=replaces)

    assert isinstance(story.state, Undoing)
    assert story.state.outcome is outcome
    assert "R322" in story.state.why.en


def test_an_agreement_taken_back_for_it_is_alike() -> None:
    story = Story().accepted()
    story.report(told.ReportEligibilityLost, code="C003", lost_at=story.now)

    justified(story)

    assert story.waits_for == [waiting.REACTIVATION]
    other = Story().accepted()
    other.report(told.ReportEligibilityLost, code="C002", lost_at=other.now)
    with pytest.raises(DecisionRefusedError, match="'provide' is not what is asked"):
        justified(other)


def test_no_decision_moves_the_end_of_the_window() -> None:
    story = justified(Story().refused("R323"))

    story.decide(DecisionKind.SNOOZE, until=paris("2027-02-20T00:00:00"))
    story.decide(DecisionKind.REASSIGN, turn=Turn.CUSTOMER)

    (awaited,) = story.going.attentions
    assert (awaited.until, awaited.turn) == (paris("2027-01-24T00:00:00"), Turn.CUSTOMER)


def test_what_is_missing_or_too_late_is_said() -> None:
    story = Story().refused("R323")

    with pytest.raises(DecisionRefusedError, match="document=justification"):
        story.would_decide(DecisionKind.PROVIDE, reactivation=window())
    with pytest.raises(DecisionRefusedError, match="document=justification"):
        story.would_decide(DecisionKind.PROVIDE, documents=(PAPER,))
    ahead = HeldDocument(name="justification", on=story.now.date() + timedelta(days=1))
    with pytest.raises(DecisionRefusedError, match="document=justification"):
        story.would_decide(DecisionKind.PROVIDE, documents=(ahead,), reactivation=window())
    with pytest.raises(DecisionRefusedError, match="has not come yet"):
        justified(story, story.now.date() + timedelta(days=1))
    with pytest.raises(DecisionRefusedError, match="can no longer activate it again"):
        justified(story, date(2026, 12, 31))


def test_a_number_ended_no_later_than_its_donor_said_so() -> None:
    story = Story().refused("R323")
    told_on = story.now.date()
    story.now += timedelta(days=3)

    with pytest.raises(DecisionRefusedError, match="no later than that"):
        justified(story, told_on + timedelta(days=1))

    justified(story, told_on)
    assert story.waits_for == [waiting.REACTIVATION]


def test_a_request_to_cancel_is_seen_to_before_the_number_is_given_up() -> None:
    """Nobody who asked to leave is given a new number meanwhile."""
    story = justified(Story().refused("R323"))
    story.cancel(needs=WHY, needs_until=paris("2027-01-30T00:00:00"))

    gone_up = story.pass_time(paris("2027-01-24T00:00:00"), replaces=True)
    story.decide(DecisionKind.SKIP, code=waiting.CANCELLATION_PAPER)
    (awaited,) = story.going.attentions
    story.pass_time(awaited.until, replaces=True)

    assert [type(event) for event in gone_up] == [AttentionMoved]
    assert isinstance(story.state, Undoing)
    assert story.state.outcome is Outcome.REPLACED


def test_the_window_is_counted_from_when_the_donor_first_said_so() -> None:
    """Sent again on the 16th and refused again: the number has not ended any later for it."""
    refused = facts.PortRefused(code="R323", refused_at=TOLD_AT)
    lost = facts.EligibilityLost(code="C003", lost_at=TOLD_AT)
    alive = facts.PortAccepted(accepted_at=TOLD_AT, commit_at=TOLD_AT)
    other = facts.PortRefused(code="R220", refused_at=TOLD_AT)
    reopened = facts.PortReopened()
    days = [TOLD_AT + timedelta(days=n) for n in range(4)]

    assert first_told_ended(zip(days, [refused, reopened, refused], strict=False)) == days[0]
    assert first_told_ended(zip(days, [refused, alive, lost], strict=False)) == days[2]
    assert first_told_ended(zip(days, [other, refused], strict=False)) == days[1]
    assert first_told_ended([]) is None
