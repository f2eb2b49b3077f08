"""Where each piece of an access's equipment is: in one state, and never lost between two.

A piece is known by its name in the access: a second router has a name of its own (`router-2`).
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from domain.access_facts import Fee
from domain.parsed import BadValueError
from domain.personal import Personal
from domain.said import Said
from domain.works_facts import EquipmentBilled, EquipmentMoved, EquipmentState


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
    bought: bool = False
    ordered: date | None = None
    """None for what was brought without having been ordered."""
    delivered: date | None = None
    """Or installed, where nothing else is said."""
    billed_from: date | None = None
    monthly: Decimal | None = None
    once: Decimal | None = None
    """What the order form has it cost, in euros without VAT; None where nobody told it."""
    fee: Fee | None = None
    """Of its invoice, as long as it is not back."""
    elsewhere: bool = False
    """At, or on its way to, a place that its access was amended away from."""


Pieces = Mapping[str, Piece]

_S = EquipmentState
_NEXT: Mapping[EquipmentState | None, frozenset[EquipmentState]] = {
    None: frozenset({_S.ORDERED, _S.INSTALLED}),
    _S.ORDERED: frozenset({_S.SHIPPED, _S.DELIVERED, _S.INSTALLED, _S.CANCELLED}),
    _S.SHIPPED: frozenset({_S.DELIVERED, _S.INSTALLED, _S.RETURNED, _S.INVOICED, _S.GIVEN_UP}),
    _S.DELIVERED: frozenset({_S.INSTALLED, _S.RETURNED, _S.INVOICED, _S.GIVEN_UP}),
    _S.INSTALLED: frozenset({_S.RETURNED, _S.INVOICED, _S.GIVEN_UP}),
    _S.INVOICED: frozenset({_S.RETURNED}),
    _S.GIVEN_UP: frozenset({_S.RETURNED}),
    _S.RETURNED: frozenset(),
    _S.CANCELLED: frozenset(),
}
"""None: not known before. The operator brings its fibre box and puts it up itself; a technician
brings a router in the same way. One that was invoiced or given up may still come back."""

AT_CUSTOMER = frozenset({_S.DELIVERED, _S.INSTALLED})
ON_THE_WAY = frozenset({_S.ORDERED, _S.SHIPPED})
OUT = frozenset({_S.SHIPPED, *AT_CUSTOMER})


def check_move(pieces: Pieces, moved: EquipmentMoved) -> None:
    """Raises where it would jump a state, go back in time, or become another piece."""
    piece = pieces.get(moved.name)
    if moved.to not in _following(piece):
        raise EquipmentMoveError(_not_from(moved, piece))
    if piece is None:
        return
    if moved.on < piece.since:
        raise EquipmentMoveError(_before(moved, piece))
    if piece.serial is not None and moved.serial not in {None, piece.serial}:
        raise EquipmentMoveError(_another(moved, piece))


def _following(piece: Piece | None) -> frozenset[EquipmentState]:
    """What is at another place is told of anew where it comes to."""
    if piece is None:
        return _NEXT[None]
    return _NEXT[piece.state] | (AT_CUSTOMER if piece.elsewhere else frozenset())


def moved_to(pieces: Pieces, moved: EquipmentMoved, *, elsewhere: bool = False) -> dict[str, Piece]:
    """The fold; what was checked is what happened. `elsewhere`: whatever is put up is put up at a
    place that is not its access's any more."""
    before = pieces.get(moved.name)
    if before is None:
        before = Piece(name=moved.name, state=moved.to, since=moved.on)
    changes: dict[str, object] = {"state": moved.to, "since": moved.on}
    if moved.to is EquipmentState.ORDERED:
        changes["ordered"] = moved.on
    if moved.to in AT_CUSTOMER:
        changes["delivered"] = before.delivered or moved.on
    after = before.model_copy(
        update={
            **changes,
            "serial": moved.serial or before.serial,
            "reserves": moved.reserves or before.reserves,
            "bought": moved.bought or before.bought,
            "monthly": before.monthly if moved.monthly is None else moved.monthly,
            "once": before.once if moved.once is None else moved.once,
            "fee": next(iter(moved.fees), None),
            "elsewhere": elsewhere and moved.to is EquipmentState.INSTALLED,
        }
    )
    return {**pieces, moved.name: after}


def billed_from(pieces: Pieces, billed: EquipmentBilled) -> dict[str, Piece]:
    piece = pieces[billed.name].model_copy(update={"billed_from": billed.on})
    return {**pieces, billed.name: piece}


def left_behind(pieces: Pieces) -> dict[str, Piece]:
    """Its access is at another place from now on; what was not sent yet is sent there."""
    return {
        name: piece.model_copy(update={"elsewhere": piece.state in OUT})
        for name, piece in pieces.items()
    }


def left_elsewhere(pieces: Pieces) -> tuple[Piece, ...]:
    return tuple(piece for piece in pieces.values() if piece.elsewhere)


def fees_left(fees: tuple[Fee, ...], given_back: tuple[Fee, ...]) -> tuple[Fee, ...]:
    """Each that is given back goes once: two pieces may cost the same."""
    left = list(fees)
    for fee in given_back:
        left.remove(fee)
    return tuple(left)


def at_customer(pieces: Pieces) -> tuple[Piece, ...]:
    """What is to be asked back at the end."""
    return tuple(piece for piece in pieces.values() if piece.state in AT_CUSTOMER)


def on_the_way(pieces: Pieces) -> tuple[Piece, ...]:
    """What its access has to do without: not there yet, or at another place."""
    found = pieces.values()
    return tuple(piece for piece in found if piece.state in ON_THE_WAY or piece.elsewhere)


def free_name(pieces: Pieces, kind: str) -> str:
    """router, or router-2 where there is one already."""
    numbers = (kind if n == 1 else f"{kind}-{n}" for n in range(1, len(pieces) + 2))
    return next(name for name in numbers if name not in pieces)


def kind_of(name: str) -> str:
    """What the second router is: a router."""
    return re.sub(r"-[0-9]+$", "", name)


def _not_from(moved: EquipmentMoved, piece: Piece | None) -> Said:
    fr = "n'est pas connu" if piece is None else f"est {STATES_FR[piece.state]}"
    en = "is not known" if piece is None else f"is {piece.state}"
    instead = _instead(_following(piece))
    return Said(
        fr=f"{moved.name} {fr} : il ne devient pas {STATES_FR[moved.to]} ; {instead.fr}",
        en=f"{moved.name} {en}: it does not become {moved.to}; {instead.en}",
    )


def _instead(may_become: frozenset[EquipmentState]) -> Said:
    following = [one for one in EquipmentState if one in may_become]
    if not following:
        return Said(
            fr="un autre équipement porte un autre nom, comme router-2",
            en="another piece has a name of its own, like router-2",
        )
    return Said(
        fr=f"dire l'un de : {', '.join(STATES_FR[one] for one in following)}",
        en=f"say one of {', '.join(following)}",
    )


def _before(moved: EquipmentMoved, piece: Piece) -> Said:
    return Said(
        fr=f"{moved.name} est {STATES_FR[piece.state]} depuis le {piece.since} : le {moved.on} est "
        "avant ; vérifier le jour",
        en=f"{moved.name} has been {piece.state} since {piece.since}: {moved.on} is before it; "
        "check the day",
    )


def _another(moved: EquipmentMoved, piece: Piece) -> Said:
    return Said(
        fr=f"{moved.name} porte le numéro {piece.serial} : {moved.serial} est un autre équipement "
        "; vérifier le numéro, ou lui donner un nom à lui, comme router-2",
        en=f"{moved.name} has the serial {piece.serial}: {moved.serial} is another piece; check "
        "the serial, or give it a name of its own, like router-2",
    )


STATES_FR = {
    EquipmentState.ORDERED: "commandé",
    EquipmentState.SHIPPED: "expédié",
    EquipmentState.DELIVERED: "livré",
    EquipmentState.INSTALLED: "installé",
    EquipmentState.RETURNED: "restitué",
    EquipmentState.INVOICED: "facturé",
    EquipmentState.CANCELLED: "annulé",
    EquipmentState.GIVEN_UP: "laissé",
}
