"""What people tell of an access's equipment, and which facts follow."""

import re
from datetime import date
from decimal import Decimal

from domain import equipment_back as back
from domain import equipment_commands as told
from domain import works_facts as fields
from domain.access_facts import Fee
from domain.access_stages import Access, GivingBack
from domain.attention import DecisionRefusedError
from domain.equipment_moves import moved_to
from domain.event import Event
from domain.personal import Personal
from domain.works_facts import EquipmentState

Facts = tuple[Event, ...]


def moved(command: told.MoveEquipment, state: Access) -> Facts:
    """DecisionRefusedError says what to send instead."""
    _check_fits(command, state)
    _check_day(command.moved.on, command)
    back.checked(state, command.moved)
    fact = command.moved.model_copy(update={"fees": _fees(command, state)})
    billed = () if command.billed is None else (command.billed,)
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
    if serial is not None and re.fullmatch(SERIAL, serial) is None:
        raise DecisionRefusedError(
            f"'{serial}' is no serial number: write up to 60 letters and figures, like RTR-204"
        )
    return fields.EquipmentMoved(
        name=name, to=state, on=on, serial=serial, bought=bought, reserves=reserves
    )


NAME = r"[a-z0-9-]{1,40}"
SERIAL = r"[A-Za-z0-9/._-]{1,60}"
_TOLD = ", ".join(one for one in EquipmentState if one is not EquipmentState.GIVEN_UP)


def check_price(moved: fields.EquipmentMoved, euros: Decimal | None) -> None:
    if euros is not None and moved.to is not EquipmentState.INVOICED:
        raise DecisionRefusedError(
            "euros is what a piece costs that was not returned: give it with to=invoiced"
        )


def _check_fits(command: told.MoveEquipment, state: Access) -> None:
    to = command.moved.to
    if command.moved.reserves is not None and to is not EquipmentState.DELIVERED:
        raise DecisionRefusedError(
            "reserves are written on the delivery slip: give them with to=delivered"
        )
    if to is EquipmentState.ORDERED and isinstance(state, GivingBack):
        raise DecisionRefusedError("the access is being given back: nothing more is ordered for it")
    if to is EquipmentState.INVOICED and not isinstance(state, GivingBack):
        raise DecisionRefusedError(
            "a piece is invoiced once an end has asked it back and its time is over: say where it "
            "is instead"
        )
    if to is EquipmentState.GIVEN_UP:
        raise DecisionRefusedError(
            f"a piece is given up by a decision: decide skip about {back.RETURN}, with the reason"
        )


def _check_day(on: date, command: told.MoveEquipment) -> None:
    if on > command.today:
        raise DecisionRefusedError("on has not come yet: say so once it has")
    if on < command.ordered_on:
        raise DecisionRefusedError(
            f"on is before the access was ordered ({command.ordered_on}): check the day"
        )


def _fees(command: told.MoveEquipment, state: Access) -> tuple[Fee, ...]:
    """Of one that is not returned, with the price that was given for it."""
    if not isinstance(state, GivingBack) or command.moved.to is not EquipmentState.INVOICED:
        return ()
    asked = back.invoiced(command, state, command.moved.name)
    fee = command.fee or asked.fee
    return () if fee is None else (fee,)
