"""Changing a port that runs: another day or RIO while the request has not left, and never after."""

from datetime import timedelta

import pytest

from domain import port_in_commands as told
from domain.attention import DecisionRefusedError
from domain.identity import SubjectId
from domain.personal import Personal
from domain.port_in_amending import why_not_moved
from domain.port_in_facts import GateKind, Step
from domain.port_in_states import Dating, Gathering, Preparing, Waiting
from tests.porting import rio_of
from tests.unit.domain.port_in_story import Story, day

RIO = Personal(subject=SubjectId("s"), value=rio_of(prefix="03E123456"))
OTHER_DAY = day("2027-02-03")


def _amend(story: Story, **fields: object) -> list[str]:
    return [type(one).__name__ for one in story.tell(told.AmendPort, by="crm", **fields)]


@pytest.mark.parametrize(
    "story", [Story().claimed(), Story().gathered(), Story().planned(), Story().prepared()]
)
def test_another_day_is_chosen_and_the_dates_are_settled_anew(story: Story) -> None:
    dated = isinstance(story.state, Preparing | Waiting)

    assert _amend(story, day=OTHER_DAY) == ["DayChosen"]
    assert story.going.wished == OTHER_DAY
    if dated:
        assert isinstance(story.state, Dating)
        story.plan()
        planned = story.going.planned
        assert planned is not None
        assert planned.plan.port_day == OTHER_DAY
        assert planned.moved_from is not None


def test_a_line_that_was_ready_stays_ready_when_its_day_moves() -> None:
    story = Story().prepared()
    _amend(story, day=OTHER_DAY)

    story.plan()

    assert isinstance(story.state, Waiting)


def test_another_rio_is_corrected_with_its_donor() -> None:
    story = Story().planned()

    assert _amend(story, rio=RIO, donor="03") == ["DataCorrected"]
    assert (story.going.rio, story.going.donor) == (RIO, "03")


def test_a_rio_that_was_missing_opens_its_gate_and_answers_its_question() -> None:
    story = Story("oksio", {"line": {"rio": None}}).gathered()
    assert "gates" in story.waits_for

    assert _amend(story, rio=RIO, donor="03") == [
        "DataCorrected",
        "GateOpened",
        "AttentionCleared",
    ]
    assert isinstance(story.state, Gathering)
    assert story.going.gate(GateKind.RIO) is None


def test_a_day_that_could_not_be_is_answered_by_choosing_another() -> None:
    story = Story().prepared()
    story.tell(
        told.RefuseDates,
        wished=day("2027-01-11"),
        first=day("2027-01-15"),
        why=story.line.stated[0],
    )
    assert "date" in story.waits_for

    assert _amend(story, day=OTHER_DAY) == ["DayChosen", "AttentionCleared"]
    assert story.waits_for == []


@pytest.mark.parametrize(
    "story",
    [Story().requested(), Story().accepted(), Story().committed(), Story().refused()],
    ids=["requested", "accepted", "committed", "refused"],
)
def test_under_a_request_that_has_left_nothing_changes(story: Story) -> None:
    with pytest.raises(DecisionRefusedError, match="its request has left"):
        story.would(told.AmendPort, by="crm", day=OTHER_DAY)


def test_a_card_that_arrives_while_the_dates_are_settled_anew_is_not_lost() -> None:
    story = Story().planned()
    story.ask(Step.PREPARE_LINE)
    _amend(story, day=OTHER_DAY)

    facts = story.report(told.ReportLineReady, ready_at=story.now, host_line="OL-1")

    assert [type(one).__name__ for one in facts] == ["LineReady"]
    story.plan()
    assert isinstance(story.state, Waiting)


def test_a_card_nobody_asked_for_changes_nothing_while_dates_are_settled() -> None:
    story = Story().planned()
    _amend(story, day=OTHER_DAY)

    (aside,) = story.report(told.ReportLineReady, ready_at=story.now, host_line="OL-1")

    assert type(aside).__name__ == "MessageSetAside"


def test_while_a_cancellation_waits_nothing_is_amended() -> None:
    story = Story().planned()
    story.cancel(needs=story.line.stated[0])

    with pytest.raises(DecisionRefusedError, match="cancellation has been asked for"):
        story.would(told.AmendPort, by="crm", day=OTHER_DAY)


def test_a_line_that_is_being_undone_is_not_amended() -> None:
    story = Story().prepared()
    story.cancel()

    with pytest.raises(DecisionRefusedError, match="order anew once it has ended"):
        story.would(told.AmendPort, by="crm", day=OTHER_DAY)


def test_a_gate_that_hangs_on_the_day_is_opened_before_the_day_moves() -> None:
    story = Story("oksio", {"documents": []}).gathered()

    with pytest.raises(DecisionRefusedError, match="the gate dossier is reckoned from the day"):
        story.would(told.AmendPort, by="crm", day=OTHER_DAY)


def test_nothing_asked_is_nothing_changed() -> None:
    assert _amend(Story().planned()) == []


def test_a_line_that_has_ended_is_not_amended() -> None:
    story = Story().planned()
    story.now += timedelta(hours=1)
    story.cancel()
    story.tell(told.EndPort, why=story.line.stated[0])

    with pytest.raises(DecisionRefusedError, match="has ended"):
        story.would(told.AmendPort, by="crm", day=OTHER_DAY)


def test_a_line_whose_request_has_left_says_so_when_its_day_is_to_move() -> None:
    why = why_not_moved(Story().requested().going)

    assert why is not None
    assert "its request has left" in why
    assert why_not_moved(Story().planned().going) is None
