"""What a port-in awaits, until when: a deadline of somebody's, or an appointment of its own."""

from collections.abc import Iterable, Iterator

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain import port_in_attention as waiting
from domain.attention import Attention, going_up
from domain.port_in_facts import RetryPlanned, Step
from domain.port_in_states import (
    Accepted,
    AwaitingDonor,
    Committed,
    Gathering,
    Going,
    PortStage,
    Preparing,
    Switched,
    Undoing,
    Verified,
    Waiting,
)
from domain.said import Said


class Awaited(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    until: AwareDatetime
    what: Said
    appointment: bool = False
    """Ours to keep at that instant; otherwise something of somebody's has to come by then."""


def awaited_by(state: Going) -> Awaited | None:
    """The first of them; None when the next step can be taken at once."""
    return first_awaited(state.attentions, () if state.blocked else _own(state))


def first_awaited(attentions: Iterable[Attention], own: Iterable[Awaited]) -> Awaited | None:
    """Of people or of the process."""
    people = (Awaited(until=a.until, what=a.what) for a in attentions)
    return min((*people, *own), key=lambda awaited: awaited.until, default=None)


def wakes_by(state: Going) -> Awaited | None:
    """The first that time moves: a question that has gone up stays late until it is answered."""
    moving = ((moves_at(a, state), a) for a in state.attentions)
    people = (Awaited(until=at, what=a.what) for at, a in moving if at is not None)
    own = () if state.blocked else _own(state)
    return min((*people, *own), key=lambda awaited: awaited.until, default=None)


def moves_at(attention: Attention, state: Going) -> AwareDatetime | None:
    """When silence about a question does something: it goes up, once, or what the contract makes of
    silence follows, whoever was to answer."""
    if going_up((attention,)) or attention.code in waiting.CANCELLATIONS:
        return attention.until
    if attention.code == waiting.CONFIRMATIONS and isinstance(state, Verified):
        return attention.until
    if state.cancellation is not None:
        return None
    if attention.code == waiting.REACTIVATION:
        return attention.until
    expiring = [gate.until for gate in state.gates if gate.falls_back]
    gates = attention.code == waiting.GATES and expiring
    return max(attention.until, min(expiring)) if gates else None


def due_of(state: Going) -> Awaited | None:
    """The port's own next date, whatever people are asked meanwhile."""
    return min(_own(state), key=lambda awaited: awaited.until, default=None)


def _own(state: Going) -> Iterator[Awaited]:
    if state.retry is not None:
        yield next_try_awaited(state.retry)
    else:
        yield from _of_the_stage(state)


def _of_the_stage(state: Going) -> Iterator[Awaited]:
    match state:
        case Gathering():
            for gate in state.gates:
                if gate.opens_by_itself:
                    yield Awaited(until=gate.until, what=gate.said, appointment=True)
        case Waiting():
            yield _appointment(
                state.planned.plan.send_at, "la vacation de la demande", "the request's session"
            )
        case AwaitingDonor():
            yield _due(state.answer_until, "la réponse du donneur", "the donor's answer")
        case Accepted():
            yield _appointment(
                state.accepted.commit_at, "la vacation du ticket", "the porting ticket's session"
            )
        case Preparing() | Committed() | Undoing():
            yield from _of_the_host(state)
        case Switched():
            yield _appointment(
                state.switched.settled_at, "la fin de la transition", "the end of the transition"
            )
        case Verified() if state.missing and not waiting.cleared(state, waiting.CONFIRMATIONS):
            yield _due(
                state.planned.confirmations_until,
                "les confirmations des opérateurs",
                "the operators' confirmations",
            )


def next_try_awaited(retry: RetryPlanned) -> Awaited:
    step = waiting.STEPS_SAID[retry.step]
    what = Said(
        fr=f"le nouvel essai, {retry.attempt} sur {retry.at_most}, après {retry.code} : {step.fr}",
        en=f"the next try, {retry.attempt} of {retry.at_most}, after {retry.code}: {step.en}",
    )
    return Awaited(until=retry.until, what=what, appointment=True)


def _of_the_host(state: Going) -> Iterator[Awaited]:
    if isinstance(state, Committed) and Step.SWITCH_LINE not in state.asks:
        yield _appointment(state.planned.switch_from, "le jour du portage", "the port day")
        return
    step = step_of(state)
    ask = None if step is None else state.asks.get(step)
    if ask is not None:
        yield _due(ask.until, "le compte rendu de l'opérateur", "the operator's report")


def step_of(state: Going) -> Step | None:
    """What is to be asked of an operator where the port stands."""
    if isinstance(state, Undoing):
        return next(iter(state.left), None)
    if _to_be_checked(state):
        return Step.CHECK_ACTIVE
    return _STEPS.get(state.stage)


def _to_be_checked(state: Going) -> bool:
    """On the day, and before a request that has waited for its horizon (decision 23)."""
    on_the_day = isinstance(state, Committed)
    has_waited = isinstance(state, Waiting) and state.planned.plan.waits
    return (on_the_day or has_waited) and not state.found_active


_STEPS = {
    PortStage.PREPARING: Step.PREPARE_LINE,
    PortStage.WAITING: Step.SEND_REQUEST,
    PortStage.AWAITING_DONOR: Step.SEND_REQUEST,
    PortStage.ACCEPTED: Step.COMMIT_PORT,
    PortStage.COMMITTED: Step.SWITCH_LINE,
    PortStage.SWITCHED: Step.VERIFY_LINE,
}


def _appointment(until: AwareDatetime, fr: str, en: str) -> Awaited:
    return Awaited(until=until, what=Said(fr=fr, en=en), appointment=True)


def _due(until: AwareDatetime, fr: str, en: str) -> Awaited:
    return Awaited(until=until, what=Said(fr=fr, en=en))
