"""What people tell of an access's equipment, and which facts follow."""

import re
from datetime import date
from decimal import Decimal

from domain import equipment_back as back
from domain import equipment_commands as told
from domain import works_facts as fields
from domain.access_equipment import back_late
from domain.access_facts import Fee
from domain.access_stages import Access, Closed, GivingBack
from domain.attention import DecisionRefusedError
from domain.equipment_elsewhere import ELSEWHERE
from domain.equipment_moves import moved_to
from domain.event import Event
from domain.personal import Personal
from domain.works_facts import EquipmentState

Facts = tuple[Event, ...]


def moved(command: told.MoveEquipment, state: Access | Closed) -> Facts:
    """DecisionRefusedError says what to send instead."""
    _check_fits(command, state)
    _check_day(command.moved.on, command)
    back.checked(state, command.moved)
    fact = _back_late(command.moved.model_copy(update={"fees": _fees(command, state)}), state)
    billed = _billed(command, state)
    if isinstance(state, Closed):
        return (fact, *billed)
    after = moved_to(state.pieces, fact)
    return (fact, *billed, *back.asked_no_more(state, after))


def read_move(
    name: str,
    to: str,
    *,
    on: date,
    serial: str | None,
    bought: bool,
    reserves: Personal | None,
) -> fields.EquipmentMoved:
    """As it was written; DecisionRefusedError says what to write instead."""
    state = next((one for one in EquipmentState if one == to.strip().lower()), None)
    if state is None:
        raise DecisionRefusedError(f"'{to}' is no state of a piece: write one of {_TOLD}")
    if re.fullmatch(NAME, name) is None:
        raise DecisionRefusedError(
            f"'{name}' names no piece: write it in small letters, like router or router-2"
        )
    if serial is not None and re.fullmatch(fields.SERIAL, serial) is None:
        raise DecisionRefusedError(
            f"'{serial}' is no serial number: write up to 60 letters and figures, like RTR-204"
        )
    return fields.EquipmentMoved(
        name=name, to=state, on=on, serial=serial, bought=bought, reserves=reserves
    )


NAME = r"[a-z0-9-]{1,40}"
_TOLD = ", ".join(one for one in EquipmentState if one is not EquipmentState.GIVEN_UP)


def priced(
    moved: fields.EquipmentMoved, *, monthly: Decimal | None, once: Decimal | None
) -> fields.EquipmentMoved:
    """With the order form's own price of it, where that was told."""
    if monthly is None and once is None:
        return moved
    if moved.to is not EquipmentState.ORDERED:
        raise DecisionRefusedError(
            "monthly and once are the order form's own price of a piece: give them with to=ordered"
        )
    prices = {"monthly": _euros("monthly", monthly), "once": _euros("once", once)}
    return moved.model_copy(update=prices)


def _euros(name: str, told_sum: Decimal | None) -> Decimal | None:
    if told_sum is None:
        return None
    if not 0 <= told_sum < _EUROS_MAX or told_sum % _CENT:
        raise DecisionRefusedError(
            f"{name} is euros without VAT, with cents and nothing smaller: write it like 12.00"
        )
    return told_sum.quantize(_CENT)


_CENT = Decimal("0.01")
_EUROS_MAX = 10_000_000
"""As wherever a sum comes in."""


def check_price(moved: fields.EquipmentMoved, euros: Decimal | None) -> None:
    _euros("euros", euros)
    if euros is not None and moved.to is not EquipmentState.INVOICED:
        raise DecisionRefusedError(
            "euros is what a piece costs that was not returned: give it with to=invoiced"
        )


def _check_fits(command: told.MoveEquipment, state: Access | Closed) -> None:
    refused = (why for holds, why in _misfits(command.moved, state) if holds)
    if why := next(refused, None):
        raise DecisionRefusedError(why)


def _misfits(move: fields.EquipmentMoved, state: Access | Closed) -> tuple[tuple[bool, str], ...]:
    """The first that holds is said."""
    to, ends, ended = move.to, isinstance(state, GivingBack), isinstance(state, Closed)
    return (
        (move.reserves is not None and to is not EquipmentState.DELIVERED, _RESERVES),
        (to is EquipmentState.ORDERED and ends, _NOTHING_MORE),
        (ended and move.name not in state.pieces, f"{move.name} is not known, and {_ENDED}"),
        (to is EquipmentState.INVOICED and ended, _SETTLED),
        (to is EquipmentState.INVOICED and not ends, _NOT_YET),
        (to is EquipmentState.GIVEN_UP and ended, _NO_DECISION),
        (to is EquipmentState.GIVEN_UP, _BY_DECISION),
    )


_RESERVES = "reserves are written on the delivery slip: give them with to=delivered"
_NOTHING_MORE = "the access is being given back: nothing more is ordered for it"
_ENDED = "the access has ended: no piece is added to it any more; check the name"
_SETTLED = (
    "the access has ended, and what its contract has invoiced was settled before it closed: say "
    "where the piece is instead"
)
_NOT_YET = (
    "a piece is invoiced once an end has asked it back and its time is over: say where it is "
    "instead"
)
_NO_DECISION = (
    "a piece is given up by a decision, and the access has ended: say where the piece is instead"
)
_BY_DECISION = (
    f"a piece is given up by a decision: decide skip about {back.RETURN} or {ELSEWHERE}, with the "
    "reason"
)


def _check_day(on: date, command: told.MoveEquipment) -> None:
    if on > command.today:
        raise DecisionRefusedError("on has not come yet: say so once it has")
    if on < command.ordered_on:
        raise DecisionRefusedError(
            f"on is before the access was ordered ({command.ordered_on}): check the day"
        )


def _billed(command: told.MoveEquipment, state: Access | Closed) -> Facts:
    """Once: after an end nothing keeps two people from telling of it at the same time."""
    piece = state.pieces.get(command.moved.name)
    known = piece is not None and piece.billed_from is not None
    return () if command.billed is None or known else (command.billed,)


def _fees(command: told.MoveEquipment, state: Access | Closed) -> tuple[Fee, ...]:
    """Of one that is not returned, with the price that was given for it."""
    if not isinstance(state, GivingBack) or command.moved.to is not EquipmentState.INVOICED:
        return ()
    asked = back.invoiced(command, state, command.moved.name)
    fee = command.fee or asked.fee
    return () if fee is None else (fee,)


def _back_late(moved: fields.EquipmentMoved, state: Access | Closed) -> fields.EquipmentMoved:
    """Of one that was invoiced, unless its end was one that costs nothing since."""
    piece = state.pieces.get(moved.name)
    fee = None if piece is None else piece.fee
    if fee is None or not isinstance(state, GivingBack | Closed) or fee not in state.fees:
        return moved
    return moved.model_copy(update={"given_back": (fee,), "said": (*moved.said, *back_late(fee))})
