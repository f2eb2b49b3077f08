"""Where each piece of an access's equipment is: in one state, and never lost between two.

A piece is known by its name in the access: a second router has a name of its own (`router-2`).
"""

from collections.abc import Mapping
from datetime import date

from pydantic import BaseModel, ConfigDict

from domain.parsed import BadValueError
from domain.personal import Personal
from domain.said import Said
from domain.works_facts import EquipmentMoved, EquipmentState


class EquipmentMoveError(BadValueError):
    """The piece is not where it would have to be."""

    def __init__(self, said: Said) -> None:
        super().__init__(said.en)
        self.said = said


class Piece(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    state: EquipmentState
    since: date
    serial: str | None = None
    reserves: Personal | None = None


Pieces = Mapping[str, Piece]

_S = EquipmentState
_NEXT: Mapping[EquipmentState | None, frozenset[EquipmentState]] = {
    None: frozenset({_S.ORDERED, _S.INSTALLED}),
    _S.ORDERED: frozenset({_S.SHIPPED, _S.DELIVERED, _S.INSTALLED, _S.CANCELLED}),
    _S.SHIPPED: frozenset({_S.DELIVERED, _S.INSTALLED, _S.RETURNED}),
    _S.DELIVERED: frozenset({_S.INSTALLED, _S.RETURNED, _S.INVOICED}),
    _S.INSTALLED: frozenset({_S.RETURNED, _S.INVOICED}),
    _S.INVOICED: frozenset({_S.RETURNED}),
    _S.RETURNED: frozenset(),
    _S.CANCELLED: frozenset(),
}
"""None: not known before. The operator brings its fibre box and puts it up itself; a technician
brings a router in the same way. One that was invoiced may still come back."""

AT_CUSTOMER = frozenset({_S.DELIVERED, _S.INSTALLED})


def check_move(pieces: Pieces, moved: EquipmentMoved) -> None:
    """Raises where it would jump a state, go back in time, or become another piece."""
    piece = pieces.get(moved.name)
    state = None if piece is None else piece.state
    if moved.to not in _NEXT[state]:
        raise EquipmentMoveError(_not_from(moved, state))
    if piece is None:
        return
    if moved.on < piece.since:
        raise EquipmentMoveError(_before(moved, piece))
    if piece.serial is not None and moved.serial not in {None, piece.serial}:
        raise EquipmentMoveError(_another(moved, piece))


def moved_to(pieces: Pieces, moved: EquipmentMoved) -> dict[str, Piece]:
    """The fold; what was checked is what happened."""
    before = pieces.get(moved.name)
    return {
        **pieces,
        moved.name: Piece(
            name=moved.name,
            state=moved.to,
            since=moved.on,
            serial=moved.serial or (None if before is None else before.serial),
            reserves=moved.reserves or (None if before is None else before.reserves),
        ),
    }


def at_customer(pieces: Pieces) -> tuple[Piece, ...]:
    """What is to be asked back at the end."""
    return tuple(piece for piece in pieces.values() if piece.state in AT_CUSTOMER)


def on_the_way(pieces: Pieces) -> tuple[Piece, ...]:
    """What was ordered and is not there yet: an end cancels it, or has it sent back."""
    waiting = {EquipmentState.ORDERED, EquipmentState.SHIPPED}
    return tuple(piece for piece in pieces.values() if piece.state in waiting)


def _not_from(moved: EquipmentMoved, state: EquipmentState | None) -> Said:
    fr = "n'est pas connu" if state is None else f"est {STATES_FR[state]}"
    en = "is not known" if state is None else f"is {state}"
    return Said(
        fr=f"{moved.name} {fr} : il ne devient pas {STATES_FR[moved.to]}",
        en=f"{moved.name} {en}: it does not become {moved.to}",
    )


def _before(moved: EquipmentMoved, piece: Piece) -> Said:
    return Said(
        fr=f"{moved.name} est {STATES_FR[piece.state]} depuis le {piece.since} : le {moved.on} est "
        "avant",
        en=f"{moved.name} has been {piece.state} since {piece.since}: {moved.on} is before it",
    )


def _another(moved: EquipmentMoved, piece: Piece) -> Said:
    return Said(
        fr=f"{moved.name} porte le numéro {piece.serial} : {moved.serial} est un autre équipement",
        en=f"{moved.name} has the serial {piece.serial}: {moved.serial} is another piece",
    )


STATES_FR = {
    EquipmentState.ORDERED: "commandé",
    EquipmentState.SHIPPED: "expédié",
    EquipmentState.DELIVERED: "livré",
    EquipmentState.INSTALLED: "installé",
    EquipmentState.RETURNED: "restitué",
    EquipmentState.INVOICED: "facturé",
    EquipmentState.CANCELLED: "annulé",
}
