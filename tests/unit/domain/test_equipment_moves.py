"""Each piece of equipment is in one state, and never lost between two."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.equipment_moves import (
    EquipmentMoveError,
    Piece,
    Pieces,
    at_customer,
    check_move,
    moved_to,
    on_the_way,
)
from domain.identity import order_subject
from domain.personal import Personal
from domain.works_facts import EquipmentMoved, EquipmentState
from tests.porting import ORDER_ID

DAY = date(2027, 3, 1)
S = EquipmentState


def _moved(
    to: EquipmentState, *, name: str = "router", on: date = DAY, serial: str | None = None
) -> EquipmentMoved:
    return EquipmentMoved(name=name, to=to, on=on, serial=serial)


def _after(*states: EquipmentState, name: str = "router") -> dict[str, Piece]:
    pieces: dict[str, Piece] = {}
    for days, state in enumerate(states):
        moved = _moved(state, name=name, on=DAY + timedelta(days=days))
        check_move(pieces, moved)
        pieces = moved_to(pieces, moved)
    return pieces


@pytest.mark.parametrize(
    "states",
    [
        (S.ORDERED, S.SHIPPED, S.DELIVERED, S.INSTALLED, S.RETURNED),
        (S.ORDERED, S.DELIVERED, S.INVOICED, S.RETURNED),
        (S.ORDERED, S.INSTALLED, S.INVOICED),
        (S.ORDERED, S.CANCELLED),
        (S.ORDERED, S.SHIPPED, S.RETURNED),
        (S.INSTALLED, S.RETURNED),
    ],
)
def test_a_piece_goes_from_one_state_to_the_next(states: tuple[EquipmentState, ...]) -> None:
    pieces = _after(*states)

    assert [(piece.state, piece.since) for piece in pieces.values()] == [
        (states[-1], DAY + timedelta(days=len(states) - 1))
    ]


@pytest.mark.parametrize(
    ("before", "to", "why"),
    [
        ((), S.RETURNED, "router is not known: it does not become returned"),
        ((S.ORDERED,), S.RETURNED, "router is ordered: it does not become returned"),
        ((S.ORDERED,), S.ORDERED, "router is ordered: it does not become ordered"),
        ((S.INSTALLED, S.RETURNED), S.INVOICED, "router is returned: it does not become invoiced"),
        ((S.ORDERED, S.SHIPPED), S.CANCELLED, "router is shipped: it does not become cancelled"),
    ],
)
def test_a_piece_jumps_no_state(
    before: tuple[EquipmentState, ...], to: EquipmentState, why: str
) -> None:
    with pytest.raises(EquipmentMoveError, match=why) as refused:
        check_move(_after(*before), _moved(to, on=DAY + timedelta(days=9)))

    assert refused.value.said.fr.startswith("router ")


def test_a_piece_does_not_go_back_in_time_nor_become_another_piece() -> None:
    pieces = moved_to({}, _moved(S.ORDERED, serial="SN-1"))

    with pytest.raises(EquipmentMoveError, match="2027-02-28 is before it"):
        check_move(pieces, _moved(S.SHIPPED, on=date(2027, 2, 28)))
    with pytest.raises(EquipmentMoveError, match="SN-2 is another piece"):
        check_move(pieces, _moved(S.SHIPPED, serial="SN-2"))
    check_move(pieces, _moved(S.SHIPPED, serial="SN-1"))


def test_serial_and_reserves_stay_with_the_piece() -> None:
    written = Personal(subject=order_subject(ORDER_ID), value="écran fendu")
    slip = EquipmentMoved(name="router", to=S.DELIVERED, on=DAY, serial="SN-1", reserves=written)
    pieces = moved_to(moved_to({}, _moved(S.ORDERED)), slip)

    installed = moved_to(pieces, _moved(S.INSTALLED))["router"]

    assert (installed.serial, installed.reserves) == ("SN-1", written)


def test_what_is_at_the_customers_and_what_is_on_the_way_are_told_apart() -> None:
    pieces: Pieces = {
        **_after(S.ORDERED, name="modem"),
        **_after(S.ORDERED, S.SHIPPED, name="router"),
        **_after(S.INSTALLED, name="fibre-box"),
        **_after(S.ORDERED, S.DELIVERED, S.RETURNED, name="switch"),
    }

    assert [piece.name for piece in on_the_way(pieces)] == ["modem", "router"]
    assert [piece.name for piece in at_customer(pieces)] == ["fibre-box"]
    assert (on_the_way({}), at_customer({})) == ((), ())


_MOVES = st.lists(
    st.builds(
        EquipmentMoved,
        name=st.sampled_from(["router", "modem", "fibre-box"]),
        to=st.sampled_from(list(EquipmentState)),
        on=st.dates(DAY, DAY + timedelta(days=30)),
        serial=st.sampled_from([None, "SN-1", "SN-2"]),
    ),
    max_size=40,
)


@given(moves=_MOVES)
def test_no_equipment_is_lost_between_states(moves: list[EquipmentMoved]) -> None:
    pieces: dict[str, Piece] = {}
    last: dict[str, EquipmentMoved] = {}
    for moved in moves:
        try:
            check_move(pieces, moved)
        except EquipmentMoveError:
            continue
        before = set(pieces)
        pieces = moved_to(pieces, moved)
        last[moved.name] = moved
        assert set(pieces) == before | {moved.name}

    gone = {S.RETURNED, S.INVOICED, S.CANCELLED, S.GIVEN_UP}
    assert {name: piece.state for name, piece in pieces.items()} == {
        name: moved.to for name, moved in last.items()
    }
    ended = [piece for piece in pieces.values() if piece.state in gone]
    assert len(on_the_way(pieces)) + len(at_customer(pieces)) + len(ended) == len(last)
