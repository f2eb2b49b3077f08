"""The equipment of an access that ends: called off, asked back, and settled before it closes.

What was ordered and is not sent yet is cancelled. Whatever was sent is asked back, once. A piece
that the contract gives a last day for is settled by a person: it came back, it is invoiced, or it
is given up with a reason; no piece is invoiced because somebody forgot to say that it came back.
"""

from datetime import date
from typing import cast

from domain import equipment_commands as told
from domain import equipment_elsewhere
from domain import works_facts as fields
from domain.access_commands import AccessCommand, TakeDecision
from domain.access_stages import Access, Closed, GivingBack, InService
from domain.attention import Attention, AttentionRaised, DecisionKind, DecisionRefusedError, Turn
from domain.equipment_elsewhere import ELSEWHERE
from domain.equipment_moves import (
    OUT,
    EquipmentMoveError,
    Piece,
    Pieces,
    check_move,
    left_elsewhere,
    on_the_way,
)
from domain.event import Event
from domain.port_in_attention import ask, cleared
from domain.said import Said, joined
from domain.works_facts import EquipmentState

Facts = tuple[Event, ...]
RETURN = "equipment-return"
ARRIVAL = "equipment-on-the-way"
"""What these questions are about: pieces an end wants back, pieces that service came before."""


# where it stands


def unasked(state: Access) -> tuple[Piece, ...]:
    """Called off, or to be asked back."""
    if not isinstance(state, GivingBack):
        return ()
    pieces = (one for one in state.pieces.values() if one.name not in state.asked_back)
    return tuple(one for one in pieces if one.state in {EquipmentState.ORDERED, *OUT})


def wanted(state: GivingBack) -> tuple[fields.EquipmentAskedBack, ...]:
    """What has a last day to be back, and is not settled."""
    return tuple(
        asked
        for name, asked in state.asked_back.items()
        if asked.until is not None and state.pieces[name].state in OUT
    )


def is_due(state: Access) -> bool:
    """Something is to be asked back, or nobody is asked about it any more: another customer's line
    that was found meanwhile has its end begin once more. Before an end: something is at a place
    that is not its access's any more."""
    if not isinstance(state, GivingBack):
        return equipment_elsewhere.is_due(state)
    asked = state.is_asked(RETURN)
    return bool(unasked(state)) or (bool(wanted(state)) and not asked)


def is_settled(state: Access) -> bool:
    """It may be closed."""
    return not isinstance(state, GivingBack) or not (unasked(state) or wanted(state))


# asked back


def asked_back(command: told.AskEquipmentBack, state: GivingBack) -> Facts:
    due = unasked(state)
    names = {one.name for one in due if one.state is not EquipmentState.ORDERED}
    asked = tuple(one for one in command.asked if one.name in names)
    back = (*wanted(state), *(one for one in asked if one.until is not None))
    raised = (AttentionRaised(attention=_to_return(command, back)),) if back else ()
    return (*_called_off(command, due), *asked, *raised)


def _called_off(command: told.AskEquipmentBack, due: tuple[Piece, ...]) -> Facts:
    return tuple(
        fields.EquipmentMoved(
            name=one.name, to=EquipmentState.CANCELLED, on=max(command.today, one.since)
        )
        for one in due
        if one.state is EquipmentState.ORDERED
    )


def _to_return(
    command: told.AskEquipmentBack, back: tuple[fields.EquipmentAskedBack, ...]
) -> Attention:
    """By the first of their last days; then it goes up, as any question does."""
    listed = joined(
        Said(
            fr=f"{one.name} : {joined(one.said, fr=', ', en=', ').fr}",
            en=f"{one.name}: {joined(one.said, fr=', ', en=', ').en}",
        )
        for one in back
    )
    what = Said(
        fr=f"équipement à restituer ; {listed.fr} ; tout est revenu (agree), rien n'est revenu une "
        "fois le délai passé (refuse : facturé), ou tout est laissé (skip, avec la raison) ; "
        "un seul : raccord order equipment",
        en=f"equipment to be returned; {listed.en}; all of it is back (agree), none of it once its "
        "time is over (refuse: invoiced), or all of it is left (skip, with the reason); one piece "
        "alone: raccord order equipment",
    )
    asked = ask(
        command,
        RETURN,
        what,
        DecisionKind.AGREE,
        DecisionKind.REFUSE,
        DecisionKind.SKIP,
        turn=Turn.CUSTOMER,
        detail=",".join(one.name for one in back),
    )
    until = min(one.until for one in back if one.until is not None)
    late = until <= command.decided_at
    changes = {"blocks": False, "until": command.answer_by if late else until}
    return asked.model_copy(update=changes)


def arrivals(command: AccessCommand, names: tuple[str, ...]) -> Attention:
    """Service has started without them: nothing waits for them but the end of the order."""
    listed = ", ".join(names)
    what = Said(
        fr=f"en service, et pas encore là : {listed} ; dire ce qu'il en est (raccord order "
        "equipment : delivered, installed, returned, cancelled), ou clore sans (skip, avec la "
        "raison)",
        en=f"in service, and not there yet: {listed}; say what has become of it (raccord order "
        "equipment: delivered, installed, returned, cancelled), or close without it (skip, with "
        "the reason)",
    )
    return ask(command, ARRIVAL, what, DecisionKind.SKIP, detail=",".join(names))


# settled


def invoiced(
    command: told.MoveEquipment | TakeDecision, state: GivingBack, name: str
) -> fields.EquipmentAskedBack:
    """What was asked back of it; DecisionRefusedError while it may still come, and where no
    contract has a price for it."""
    asked = state.asked_back.get(name)
    if asked is None or asked.fee is None:
        raise DecisionRefusedError(
            f"its contract has nothing invoiced for {name}: say that it is back (returned), or "
            "decide skip, with the reason it is left"
        )
    if asked.until is not None and command.decided_at < asked.until:
        raise DecisionRefusedError(
            f"{name} may still come back: {joined(asked.said).en}; invoice it after that day"
        )
    return asked


def decided(command: TakeDecision, state: Access, attention: Attention) -> Facts:
    """All that is asked about is back, is invoiced, has followed the customer, or is left."""
    if command.decision is DecisionKind.SKIP and not command.reason.strip():
        raise DecisionRefusedError("say why it is gone on without: give the reason")
    if attention.code == ARRIVAL:
        return ()
    to, today = _SETTLES[attention.code, command.decision], cast("date", command.today)
    day = (command.day if command.decision is DecisionKind.AGREE else None) or today
    if day > today:
        raise DecisionRefusedError("day has not come yet: say so once it has")
    return tuple(_settled(command, state, name, to, day) for name in _meant(attention, state))


def _meant(attention: Attention, state: Access) -> tuple[str, ...]:
    if attention.code == ELSEWHERE:
        return equipment_elsewhere.names(state)
    return tuple(one.name for one in wanted(cast("GivingBack", state)))


_SETTLES = {
    (RETURN, DecisionKind.AGREE): EquipmentState.RETURNED,
    (RETURN, DecisionKind.REFUSE): EquipmentState.INVOICED,
    (RETURN, DecisionKind.SKIP): EquipmentState.GIVEN_UP,
    (ELSEWHERE, DecisionKind.AGREE): EquipmentState.DELIVERED,
    (ELSEWHERE, DecisionKind.SKIP): EquipmentState.GIVEN_UP,
}


def _settled(
    command: TakeDecision, state: Access, name: str, to: EquipmentState, day: date
) -> Event:
    fee = None
    if to is EquipmentState.INVOICED:
        fee = invoiced(command, cast("GivingBack", state), name).fee
    moved = fields.EquipmentMoved(name=name, to=to, on=day, fees=() if fee is None else (fee,))
    checked(state, moved)
    return moved


def checked(state: Access | Closed, moved: fields.EquipmentMoved) -> None:
    """DecisionRefusedError, with what may be said instead."""
    try:
        check_move(state.pieces, moved)
    except EquipmentMoveError as exc:
        raise DecisionRefusedError(str(exc)) from exc


def asked_no_more(state: Access, after: Pieces) -> Facts:
    """Once the last piece of a question has moved."""
    moved = state.model_copy(update={"pieces": after})
    over: Facts = () if left_elsewhere(after) else cleared(state, ELSEWHERE)
    if isinstance(moved, GivingBack) and not wanted(moved):
        over = cleared(state, RETURN)
    if isinstance(state, InService) and not on_the_way(after):
        over = cleared(state, ARRIVAL)
    return over
