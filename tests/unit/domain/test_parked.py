"""Work that nobody here could do: raised once, decided once, and back if it fails again."""

import pytest

from domain.event import Event
from domain.parked import (
    DecideParked,
    ParkedDecision,
    ParkedRefusedError,
    ParkedWork,
    ParkedWorkDecided,
    ParkWork,
    WorkParked,
    decide,
    fold,
    parked_stream,
)
from projections.parked import PARKED
from projections.projection import fold as folded
from tests.builders import NOON, line_opened
from tests.unit.projections.test_exchange import told

WORK = ParkedWork(
    number=7,
    kind="send-reply",
    why="there is no such transfer",
    about={"transfer_id": "t-1"},
    attempts=1,
    since=NOON,
    until=NOON,
    queue="exchange-desk",
)
PARK = ParkWork(decided_at=NOON, work=WORK)
PARKED_NOW = WorkParked(work=WORK)


def _decided(decision: ParkedDecision, *facts: Event, reason: str = "mended") -> tuple[Event, ...]:
    command = DecideParked(decided_at=NOON, decision=decision, by="ops", reason=reason)
    return decide(command, fold(facts))


def test_the_same_row_seen_twice_is_one_fact() -> None:
    assert decide(PARK, fold([])) == (PARKED_NOW,)
    assert decide(PARK, fold([PARKED_NOW, line_opened()])) == ()


def test_it_is_decided_once_and_is_back_when_it_fails_again() -> None:
    (again,) = _decided(ParkedDecision.TRY_AGAIN, PARKED_NOW, reason="")

    assert again == ParkedWorkDecided(decision=ParkedDecision.TRY_AGAIN, by="ops", reason="")
    with pytest.raises(ParkedRefusedError, match="decided already"):
        _decided(ParkedDecision.SETTLE, PARKED_NOW, again)
    assert decide(PARK, fold([PARKED_NOW, again])) == (PARKED_NOW,)


def test_it_is_settled_with_a_reason_only() -> None:
    with pytest.raises(ParkedRefusedError, match="a reason is required"):
        _decided(ParkedDecision.SETTLE, PARKED_NOW, reason="  ")

    (settled,) = _decided(ParkedDecision.SETTLE, PARKED_NOW)
    assert isinstance(settled, ParkedWorkDecided)
    assert settled.reason == "mended"


def test_it_says_what_could_not_be_done_and_where_to_look() -> None:
    nowhere = WORK.model_copy(update={"about": {}})

    assert WORK.what.en == (
        "'send-reply' (transfer_id t-1) could not be done: there is no such transfer"
    )
    assert nowhere.what.fr.startswith("« send-reply » n'a pas pu être fait : ")


def test_its_document_is_open_until_somebody_decides() -> None:
    (again,) = _decided(ParkedDecision.TRY_AGAIN, PARKED_NOW)
    stream = parked_stream(7)

    (waiting,) = folded(PARKED, {}, told(stream, PARKED_NOW)).values()
    (over,) = folded(PARKED, {}, told(stream, PARKED_NOW, again)).values()

    assert (waiting.open, waiting.work) == (True, WORK)
    assert (over.open, PARKED.version_of(over)) == (False, 2)
    assert folded(PARKED, {}, told(stream, again)) == {}
    assert folded(PARKED, {}, told("line/1", line_opened())) == {}
    assert folded(PARKED, {}, told(stream, line_opened())) == {}
