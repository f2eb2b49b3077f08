"""What the facts of a line say, as its process may branch on it: stages, dates and codes."""

from pydantic import AwareDatetime, BaseModel, ConfigDict

from activities.lines import LineUnknownError
from domain import access_awaited, access_stages, equipment_back, new_numbers
from domain.access_facts import AccessOpened
from domain.access_stages import Access
from domain.identity import LineId, OrderId
from domain.new_numbers import NewNumberOpened
from domain.port_in_awaited import due_of, step_of
from domain.port_in_facts import HostNetwork, Outcome, PortOpened, Step
from domain.port_in_states import Ended, Going, Verified
from domain.said import Said
from ledger.envelope import Envelope, current_version
from projections.line import (
    LineState,
    attentions_of,
    awaited_of,
    host_of,
    is_ended,
    state_after,
    wakes_by,
)


class LineProgress(BaseModel):
    model_config = ConfigDict(frozen=True)

    order_id: OrderId
    stage: str
    version: int
    last_at: AwareDatetime
    """The business instant of the newest fact."""
    provider: str
    host: HostNetwork
    internal: bool = False
    until: AwareDatetime | None = None
    """The first of what the process wakes for, of people or its own; a question that has gone up
    stays late until it is answered, and wakes nobody again."""
    due: AwareDatetime | None = None
    """The process's own date."""
    appointment: bool = False
    awaited: Said | None = None
    attentions: tuple[str, ...] = ()
    blocked: bool = False
    planned: bool = False
    """A next try is: its instant is awaited, and the step is not taken before."""
    may_decide: tuple[str, ...] = ()
    step: Step | None = None
    """What is to be asked of an operator next."""
    asked: bool = False
    taken: bool = False
    """Whether the operator surely has it."""
    waited_for: bool = False
    """Lines of the order wait for it, and are not told yet that it is in service."""
    asks_back: bool = False
    """Equipment is to be called off or asked back."""
    complete: bool = False
    """Nothing is missing any more: it can be closed."""
    ended: bool = False
    outcome: Outcome | None = None
    shown_until: AwareDatetime | None = None
    """The first of all that is awaited, late or not."""
    shown_awaited: Said | None = None


def order_of(line_id: LineId, history: tuple[Envelope, ...]) -> OrderId:
    """A line's first fact says what was ordered, and in which order."""
    for envelope in history:
        if isinstance(envelope.event, PortOpened | NewNumberOpened | AccessOpened):
            return envelope.event.terms.order_id
    raise LineUnknownError(line_id)


def progress_of(line_id: LineId, history: tuple[Envelope, ...]) -> LineProgress:
    """Folded by the hand that makes the document of the line: what people read and what the process
    does cannot differ."""
    state: LineState | None = None
    for envelope in history:
        state = state_after(state, envelope.event)
    if state is None:
        raise LineUnknownError(line_id)
    attentions = attentions_of(state)
    awaited, shown = wakes_by(state), awaited_of(state)
    return LineProgress(
        order_id=state.terms.order_id,
        stage=state.stage,
        version=current_version(history),
        last_at=history[-1].business_at,
        provider=state.terms.pin.provider,
        host=host_of(state),
        until=awaited.until if awaited else None,
        appointment=awaited.appointment if awaited else False,
        awaited=awaited.what if awaited else None,
        attentions=tuple(attention.code for attention in attentions),
        blocked=_is_blocked(state),
        may_decide=tuple(f"{a.code}: {', '.join(a.allowed)}" for a in attentions),
        ended=is_ended(state),
        shown_until=shown.until if shown else None,
        shown_awaited=shown.what if shown else None,
        **_of_the_state(state),
    )


def _is_blocked(state: LineState) -> bool:
    if isinstance(state, Access):
        return state.blocked
    return any(attention.blocks for attention in attentions_of(state))


def _of_the_state(state: LineState) -> dict[str, object]:
    if isinstance(state, Going):
        return _of_a_port(state)
    if isinstance(state, Access):
        return _of_an_access(state)
    if isinstance(state, Ended | access_stages.Closed):
        return {"outcome": state.ended.outcome}
    if isinstance(state, new_numbers.AwaitingHost):
        ask = state.ask
        taken = ask is not None and ask.reference is not None
        due = None if ask is None else ask.until
        planned = state.retry is not None
        due = due if state.retry is None else state.retry.until
        return {
            "step": state.step,
            "asked": ask is not None,
            "taken": taken,
            "due": due,
            "planned": planned,
        }
    return {"outcome": None if state.ended is None else state.ended.outcome}


def _of_a_port(state: Going) -> dict[str, object]:
    step = step_of(state)
    ask = None if step is None else state.asks.get(step)
    due = due_of(state)
    return {
        "internal": state.internal,
        "planned": state.retry is not None,
        "due": None if due is None else due.until,
        "step": step,
        "asked": ask is not None,
        "taken": ask is not None and ask.reference is not None,
        "complete": isinstance(state, Verified) and (not state.missing or bool(state.given_up)),
    }


def _of_an_access(state: Access) -> dict[str, object]:
    step = state.step
    works = state.stage is access_stages.AccessStage.IN_SERVICE
    ask = None if step is None else state.asks.get(step)
    due = access_awaited.due_of(state)
    return {
        "waited_for": works and bool(state.terms.before) and not state.lines_told,
        "asks_back": equipment_back.is_due(state),
        "planned": state.retry is not None,
        "due": None if due is None else due.until,
        "step": step,
        "asked": ask is not None,
        "taken": ask is not None and ask.reference is not None,
    }
