"""Changing a port that runs: another day, another RIO, as long as the request has not left."""

from domain import port_in_attention as waiting
from domain import port_in_commands as told
from domain import port_in_facts as facts
from domain.attention import AttentionCleared, DecisionRefusedError
from domain.event import Event
from domain.port_in_facts import GateKind, Step
from domain.port_in_states import (
    Claiming,
    Dating,
    Gathering,
    Going,
    Preparing,
    Refused,
    Undoing,
    Waiting,
)

_DATED = (GateKind.DOSSIER, GateKind.PRESENCE)
"""Gates whose own date hangs on the port day, and is not reckoned again."""

BEFORE_THE_REQUEST = (Claiming, Gathering, Dating, Preparing, Waiting)


def why_not_amended(state: Going) -> str | None:
    """None while it can be."""
    if isinstance(state, Undoing):
        return "the line is being undone: order anew once it has ended"
    if state.cancellation is not None:
        return "its cancellation has been asked for: see first what becomes of it"
    if isinstance(state, BEFORE_THE_REQUEST) or _will_be_sent_again(state):
        return None
    return (
        f"the line is {state.stage}: its request has left, and neither day nor RIO can change "
        "under it; cancel it and order anew, or answer what waits for a decision"
    )


def _will_be_sent_again(state: Going) -> bool:
    """Refused, and waiting for its next try: what is changed meanwhile goes with it."""
    return isinstance(state, Refused) and state.retry is not None


def why_not_moved(state: Going) -> str | None:
    """None while its day can be another."""
    if refused := why_not_amended(state):
        return refused
    for kind in _DATED:
        if state.gate(kind) is not None:
            return (
                f"the gate {kind} is reckoned from the day wished for: open it first, then choose "
                "another day"
            )
    return None


def amended(command: told.AmendPort, state: Going) -> tuple[Event, ...]:
    if refused := why_not_amended(state):
        raise DecisionRefusedError(refused)
    changed = (*_rio(command, state), *_day(command, state))
    if _will_be_sent_again(state):
        return (*changed, facts.PortReopened())
    return (*changed, *_made_at_once(command, state))


def _made_at_once(command: told.AmendPort, state: Going) -> tuple[Event, ...]:
    """A request the exchange sent back, and that waits for its next try: another RIO is another
    request. Another day has its dates settled first."""
    retry = state.retry
    if command.day is not None or retry is None or retry.step is not Step.SEND_REQUEST:
        return ()
    return (facts.RetryBegun(step=retry.step),)


def _rio(command: told.AmendPort, state: Going) -> tuple[Event, ...]:
    if command.rio is None:
        return ()
    corrected = facts.DataCorrected(
        rio=command.rio, donor=command.donor, correction_id=command.correction_id
    )
    if state.gate(GateKind.RIO) is None:
        return (corrected,)
    opened = facts.GateOpened(kind=GateKind.RIO)
    return (corrected, opened, *_no_longer_asked(state))


def _no_longer_asked(state: Going) -> tuple[Event, ...]:
    """What is still missing is asked again, without the RIO."""
    asked = [a for a in state.attentions if a.code == waiting.GATES]
    named = [a for a in asked if GateKind.RIO in (a.detail or "").split(",")]
    return tuple(AttentionCleared(code=attention.code) for attention in named)


def _day(command: told.AmendPort, state: Going) -> tuple[Event, ...]:
    """A day that could not be is answered by choosing another."""
    if command.day is None:
        return ()
    if refused := why_not_moved(state):
        raise DecisionRefusedError(refused)
    answered = waiting.cleared(state, waiting.DATE)
    return (facts.DayChosen(day=command.day), *answered)
