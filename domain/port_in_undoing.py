"""What has to be undone before a port-in can end without having ported."""

from domain.attention import PolicyRow
from domain.event import Event
from domain.port_in_facts import Outcome, Step, UndoingBegun
from domain.port_in_states import Final, Going
from domain.said import Said


def begin_undoing(
    state: Going, outcome: Outcome, why: Said, *, keeps_line: bool, row: PolicyRow | None = None
) -> tuple[Event, ...]:
    steps = _to_undo(state, keeps_line=keeps_line)
    return (UndoingBegun(outcome=outcome, why=why, steps=steps, row=row),)


def is_final(state: Going) -> bool:
    """Once the porting ticket is on its way, even if nobody has said yet that it arrived."""
    return isinstance(state, Final) or Step.COMMIT_PORT in state.asks


def _to_undo(state: Going, *, keeps_line: bool) -> tuple[Step, ...]:
    """The donor first, so that nothing is ported onto a line that is gone."""
    steps: list[Step] = []
    if Step.SEND_REQUEST in state.asks and not state.internal and not is_final(state):
        steps.append(Step.CANCEL_REQUEST)
    if Step.PREPARE_LINE in state.asks and not keeps_line:
        steps.append(Step.RELEASE_LINE)
    return tuple(steps)
