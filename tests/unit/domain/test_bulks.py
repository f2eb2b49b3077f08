"""Many lines answered at once: in parts, each told once what its lines said."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import bulks
from domain.attention import DecisionKind
from domain.bulks import (
    BeginBulk,
    BeginPart,
    Begun,
    BulkAction,
    BulkAsked,
    BulkBegun,
    BulkLine,
    BulkPartAnswered,
    BulkPartBegun,
    BulkRefusedError,
    LineAnswered,
    NotBegun,
    NoteAnswers,
    bulk_id_for,
    bulk_stream,
    in_parts,
    part_stream,
)
from domain.identity import LineId, OrderId
from tests.builders import NOON, line_opened

BULK = bulk_id_for(client="ops", key="k")
ASKED = BulkAsked(
    action=BulkAction.DECIDE, by="ops", decision=DecisionKind.RETRY, about="donor-silent"
)
LINE = BulkLine(order_id=OrderId(UUID(int=1)), line_id=LineId(UUID(int=2)), line=1)
OTHER = BulkLine(order_id=OrderId(UUID(int=1)), line_id=LineId(UUID(int=3)), line=2)
BEGIN = BeginPart(decided_at=NOON, bulk_id=BULK, part=1, asked=ASKED, lines=(LINE, OTHER))
BEGUN = BulkPartBegun(bulk_id=BULK, part=1, asked=ASKED, lines=(LINE, OTHER))
SAID = LineAnswered(line_id=LINE.line_id, taken=True, why=None)
NO = LineAnswered(line_id=OTHER.line_id, taken=False, why="too late")


def note(*answers: LineAnswered) -> NoteAnswers:
    return NoteAnswers(decided_at=NOON, answers=answers)


def test_the_same_key_of_the_same_client_is_the_same_bulk() -> None:
    assert bulk_id_for(client="ops", key="k") == BULK
    assert bulk_id_for(client="crm", key="k") != BULK
    assert bulk_stream(BULK) == f"bulk/{BULK}"
    assert part_stream(BULK, 2) == f"bulk-part/{BULK}.2"


def test_a_bulk_says_what_was_asked_of_how_many() -> None:
    command = BeginBulk(
        decided_at=NOON, bulk_id=BULK, client="ops", asked=ASKED, lines=51, parts=2, token="t"
    )

    assert bulks.begin(command) == BulkBegun(
        bulk_id=BULK, client="ops", asked=ASKED, lines=51, parts=2, token="t"
    )


def test_a_part_is_begun_and_each_of_its_lines_answers_once() -> None:
    assert bulks.decide(BEGIN, NotBegun()) == (BEGUN,)
    begun = bulks.fold((BEGUN,))
    assert isinstance(begun, Begun)
    assert begun.unanswered == (LINE, OTHER)

    (first,) = bulks.decide(note(SAID), begun)
    half = bulks.fold((BEGUN, first))
    assert isinstance(half, Begun)
    assert (half.unanswered, half.answers) == ((OTHER,), (SAID,))
    again = LineAnswered(line_id=LINE.line_id, taken=False, why="too late")
    assert bulks.decide(note(again), half) == ()
    assert bulks.decide(note(again, NO), half) == (BulkPartAnswered(answers=(NO,)),)


def test_a_part_is_begun_only_once_and_answered_by_its_own_lines() -> None:
    stranger = LineAnswered(line_id=LineId(UUID(int=9)), taken=True, why=None)

    with pytest.raises(BulkRefusedError, match="the part is begun"):
        bulks.decide(BEGIN, Begun(part=BEGUN))
    with pytest.raises(BulkRefusedError, match="a line of another part answered"):
        bulks.decide(note(stranger), Begun(part=BEGUN))
    with pytest.raises(BulkRefusedError, match="the part is notbegun"):
        bulks.decide(note(SAID), NotBegun())


def test_an_answer_to_nothing_changes_nothing() -> None:
    assert bulks.fold((BulkPartAnswered(answers=(SAID,)),)) == NotBegun()
    assert bulks.fold((line_opened(), BEGUN)) == Begun(part=BEGUN)


@given(st.integers(min_value=0, max_value=10_000))
def test_every_line_is_in_one_part_of_fifty_at_most(lines: int) -> None:
    parts = [list(part) for part in in_parts(range(lines))]

    assert [one for part in parts for one in part] == list(range(lines))
    assert all(1 <= len(part) <= 50 for part in parts)
