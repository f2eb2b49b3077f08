"""One difference: given what happened, when somebody or the host says something, then what."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import differences
from domain.attention import Turn
from domain.differences import (
    REMEDIES,
    Accepted,
    Calm,
    DecideDifference,
    Difference,
    DifferenceCommand,
    DifferenceDecision,
    DifferenceEvent,
    DifferenceGone,
    DifferenceRaised,
    DifferenceRefusedError,
    DifferenceSeenAgain,
    DifferenceSettled,
    DifferenceState,
    DifferenceWentUp,
    HostSaidNothing,
    HostToBeAskedAgain,
    NoteRemedy,
    NoteSilence,
    NoteStanding,
    Open,
    PassTime,
    Remedy,
    RemedyDecided,
    Remedying,
    RemedyMissed,
    RemedyRefused,
    RemedyTaken,
    RemedyUnanswered,
    decide,
    difference_id_for,
    difference_stream,
    fold,
)
from domain.event import Event
from domain.operators import Standing
from domain.reconciling import DifferenceKind
from tests.builders import line_opened
from tests.porting import STORY
from tests.reconciled import difference, their_side

LATER = STORY + timedelta(days=2)
SOON = STORY + timedelta(hours=1)
FOUND = difference()
HEALED = their_side(Standing.ACTIVE)
RAISED = DifferenceRaised(difference=FOUND, until=LATER)
WENT_UP = DifferenceWentUp(until=LATER, turn=Turn.SUPERVISOR)


def state(*events: Event) -> DifferenceState:
    return fold((STORY, event) for event in events)


def seen(found: Difference | None = FOUND, *, at: datetime = STORY) -> NoteStanding:
    theirs = HEALED if found is None else found.theirs
    return NoteStanding(decided_at=at, answer_by=LATER, difference=found, theirs=theirs)


def decision(kind: str, reason: str = "because") -> DecideDifference:
    return DecideDifference(
        decided_at=STORY,
        decision=DifferenceDecision(kind),
        reason=reason,
        by="a colleague",
        remedied_by=SOON,
    )


def silence(at: datetime = STORY) -> NoteSilence:
    return NoteSilence(decided_at=at, answer_by=LATER, why="down")


def decided(*before: Event) -> RemedyDecided:
    (event,) = decide(decision("resume"), state(*before))
    assert isinstance(event, RemedyDecided)
    return event


RESUMED = decided(RAISED)
TAKEN = RemedyTaken(reference="OLR1")


def answer(**said: str) -> NoteRemedy:
    return NoteRemedy(decided_at=STORY, answer_by=LATER, key=RESUMED.key, **said)


QUESTION = HostToBeAskedAgain(by="a colleague", reason="because")


@pytest.mark.parametrize(
    ("before", "command", "then"),
    [
        ((), seen(), (RAISED,)),
        ((), seen(None), ()),
        ((RAISED,), seen(), (DifferenceSeenAgain(theirs=FOUND.theirs),)),
        ((RAISED,), seen(None), (DifferenceGone(theirs=HEALED),)),
        ((RAISED, DifferenceGone(theirs=HEALED)), seen(None), ()),
        ((RAISED, DifferenceGone(theirs=HEALED)), seen(), (RAISED,)),
        ((RAISED, RESUMED), seen(), ()),
        ((RAISED, RESUMED), seen(at=SOON), (RemedyMissed(until=LATER),)),
        ((RAISED, RESUMED), seen(None), (DifferenceGone(theirs=HEALED),)),
        ((RAISED,), silence(), ()),
        ((RAISED, QUESTION), silence(), (HostSaidNothing(why="down"),)),
        ((RAISED, RESUMED), silence(), ()),
        (
            (RAISED, RESUMED),
            silence(SOON),
            (HostSaidNothing(why="down"), RemedyMissed(until=LATER)),
        ),
        ((), silence(), ()),
        ((RAISED,), PassTime(decided_at=STORY, answer_by=LATER), ()),
        (
            (RAISED,),
            PassTime(decided_at=LATER, answer_by=LATER),
            (DifferenceWentUp(until=LATER, turn=Turn.SUPERVISOR),),
        ),
        ((RAISED, WENT_UP), PassTime(decided_at=LATER, answer_by=LATER), ()),
        ((RAISED, RESUMED), PassTime(decided_at=LATER, answer_by=LATER), ()),
        ((RAISED, RESUMED), answer(reference="OLR1"), (TAKEN,)),
        ((RAISED, RESUMED), answer(code="NO"), (RemedyRefused(code="NO", until=LATER),)),
        ((RAISED, RESUMED), answer(why="down"), (RemedyUnanswered(why="down", until=LATER),)),
        ((RAISED, RESUMED, TAKEN), answer(code="NO"), ()),
        ((RAISED,), answer(reference="OLR1"), ()),
        ((RAISED,), decision("ask-host-again"), (QUESTION,)),
        ((RAISED,), decision("settle"), (DifferenceSettled(by="a colleague", reason="because"),)),
    ],
)
def test_a_difference_moves(
    before: tuple[DifferenceEvent, ...],
    command: DifferenceCommand,
    then: tuple[DifferenceEvent, ...],
) -> None:
    assert decide(command, state(*before)) == then


def test_what_the_host_says_about_another_remedy_changes_nothing() -> None:
    late = answer(code="NO").model_copy(update={"key": "an earlier one"})

    assert decide(late, state(RAISED, RESUMED)) == ()


SETTLED = DifferenceSettled(by="a colleague", reason="because")


def test_what_was_accepted_is_raised_again_only_when_a_side_says_otherwise() -> None:
    accepted = state(RAISED, SETTLED)
    assert isinstance(accepted, Accepted)
    later = FOUND.theirs.model_copy(update={"asked_at": LATER})
    same = FOUND.model_copy(update={"theirs": later})
    other = difference(theirs=None, kind=DifferenceKind.SUSPENDED_THERE)

    assert decide(seen(same), accepted) == ()
    assert decide(seen(other), accepted) == (DifferenceRaised(difference=other, until=LATER),)
    assert decide(seen(None), accepted) == (DifferenceGone(theirs=HEALED),)


def test_one_that_is_open_is_raised_anew_when_our_own_side_has_moved() -> None:
    moved = difference(ours=Standing.RESERVED)

    assert decide(seen(moved), state(RAISED)) == (DifferenceRaised(difference=moved, until=LATER),)


@pytest.mark.parametrize(
    ("before", "kind", "reason", "why"),
    [
        ((), "settle", "because", "it is over"),
        ((RAISED, RESUMED), "resume", "because", "being asked already"),
        ((RAISED, SETTLED), "settle", "because", "accepted as it is"),
        ((RAISED,), "release", "because", "resume, ask-host-again, settle"),
        ((RAISED,), "settle", "  ", "a reason is required"),
    ],
)
def test_what_cannot_be_decided_is_told_what_can(
    before: tuple[DifferenceEvent, ...], kind: str, reason: str, why: str
) -> None:
    with pytest.raises(DifferenceRefusedError, match=why):
        decide(decision(kind, reason), state(*before))


def test_a_remedy_is_asked_under_a_key_of_its_own_each_time_it_is_decided() -> None:
    refused = RemedyRefused(code="NO", until=LATER)
    missed = RemedyMissed(until=LATER)

    again = decided(RAISED, RESUMED, refused)
    later = decided(RAISED, RESUMED, TAKEN, missed)
    back = decided(RAISED, RESUMED, DifferenceGone(theirs=HEALED), RAISED)

    assert [one.epoch for one in (RESUMED, again, later, back)] == [1, 2, 2, 2]
    assert again.key != RESUMED.key


def test_one_whose_answer_never_came_is_asked_again_under_the_same_key() -> None:
    unanswered = RemedyUnanswered(why="down", until=LATER)

    again = decided(RAISED, RESUMED, unanswered)

    assert (again.key, again.epoch) == (RESUMED.key, 1)


def test_a_person_reads_what_became_of_the_last_remedy_or_question() -> None:
    came = {
        "refuses: NO": RemedyRefused(code="NO", until=LATER),
        "says nothing: down": RemedyUnanswered(why="down", until=LATER),
        "still says otherwise": RemedyMissed(until=LATER),
    }
    for words, event in came.items():
        after = state(RAISED, RESUMED, event)
        assert isinstance(after, Open)
        assert after.came_of_it is not None
        assert words in after.came_of_it.en
    asked = state(RAISED, QUESTION, HostSaidNothing(why="down"))
    assert isinstance(asked, Open)
    assert (asked.question, asked.came_of_it is None) == (False, False)


def test_a_question_is_open_until_the_host_has_said_something() -> None:
    asked = state(RAISED, QUESTION)
    answered = state(RAISED, QUESTION, DifferenceSeenAgain(theirs=FOUND.theirs))

    assert isinstance(asked, Open)
    assert isinstance(answered, Open)
    assert (asked.question, answered.question, answered.seen) == (True, False, 2)


def test_one_that_goes_up_is_the_supervisor_s() -> None:
    up = state(RAISED, DifferenceWentUp(until=SOON, turn=Turn.SUPERVISOR))

    assert isinstance(up, Open)
    assert (up.turn, up.until) == (Turn.SUPERVISOR, SOON)


def test_a_remedy_that_was_taken_keeps_its_reference_until_the_host_says_so() -> None:
    under_way = state(RAISED, RESUMED, TAKEN)

    assert isinstance(under_way, Remedying)
    assert (under_way.remedy, under_way.reference) == (Remedy.RESUME, "OLR1")
    assert state(RAISED, RESUMED, TAKEN, DifferenceSeenAgain(theirs=HEALED)) == under_way
    assert state(RAISED, RESUMED, TAKEN, DifferenceGone(theirs=HEALED)) == Calm(epoch=1)


def test_what_belongs_to_another_stage_or_stream_moves_nothing() -> None:
    assert state(line_opened(), RAISED, TAKEN) == state(RAISED)
    assert state(TAKEN) == Calm()
    assert state(RAISED, SETTLED, TAKEN) == state(RAISED, SETTLED)


@pytest.mark.parametrize("kind", DifferenceKind)
def test_every_kind_says_what_it_is_what_is_proposed_and_what_may_be_decided(
    kind: DifferenceKind,
) -> None:
    found = difference(kind=kind)

    assert "OL-00000001" in found.what.fr
    assert found.proposed.en
    assert found.allowed[-2:] == (DifferenceDecision.ASK_HOST_AGAIN, DifferenceDecision.SETTLE)
    assert (len(found.allowed) == 3) == (found.remedy is not None) == (kind in REMEDIES)


def test_a_line_and_a_kind_name_one_difference() -> None:
    assert FOUND.difference_id == difference_id_for(FOUND.line_id, FOUND.kind)
    assert len({difference_id_for(FOUND.line_id, kind) for kind in DifferenceKind}) == 6
    assert difference_stream(FOUND.difference_id) == f"difference/{FOUND.difference_id}"


COMMANDS = st.sampled_from(
    [
        seen(),
        seen(None),
        seen(at=SOON),
        silence(),
        silence(SOON),
        decision("resume"),
        decision("settle"),
        decision("ask-host-again"),
        answer(reference="OLR1"),
        answer(code="NO"),
        answer(why="down"),
        PassTime(decided_at=LATER, answer_by=LATER),
    ]
)


@given(st.lists(COMMANDS, max_size=20))
def test_it_is_raised_once_for_each_time_it_comes(commands: list[DifferenceCommand]) -> None:
    """Whoever says what in whatever order: open once at a time, and no key for two intentions."""
    events: list[DifferenceEvent] = []
    for command in commands:
        try:
            events += differences.decide(command, state(*events))
        except DifferenceRefusedError:
            continue
    raised = [isinstance(e, DifferenceRaised) for e in events].count(True)
    over = [isinstance(e, DifferenceGone) for e in events].count(True)
    assert raised - over in {0, 1}
    keys = [e.key for e in events if isinstance(e, RemedyDecided)]
    unanswered = sum(isinstance(e, RemedyUnanswered) for e in events)
    assert len(keys) - len(set(keys)) <= unanswered
