"""What people decide about a port-in: answers to what waits for them, and requests to cancel."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from domain import port_in_attention as waiting
from domain import port_in_commands as told
from domain import port_in_facts as facts
from domain.attention import (
    Attention,
    AttentionCleared,
    AttentionMoved,
    AttentionRaised,
    DecisionKind,
    DecisionRefusedError,
    DecisionTaken,
    answered_by,
)
from domain.event import Event
from domain.port_dates import CancellationZone, PortPlan
from domain.port_in_amending import amended
from domain.port_in_awaited import step_of
from domain.port_in_facts import GateKind, Outcome, Step
from domain.port_in_states import (
    Accepted,
    AwaitingDonor,
    Going,
    PortState,
    Refused,
    Undoing,
    Verified,
)
from domain.port_in_undoing import begin_undoing, is_final
from domain.reactivation import ENDED_LATELY
from domain.said import Said, day_said, moment_said

Facts = tuple[Event, ...]


class CancellationRefusedError(DecisionRefusedError):
    """It is too late to cancel; the message names each moment that closed, and its clause."""


def decide_for_person(command: told.PersonCommand, state: PortState) -> Facts:
    if not isinstance(state, Going):
        raise DecisionRefusedError("the line has ended: nothing can be decided about it any more")
    if isinstance(command, told.RequestCancellation):
        return _cancellation_asked(command, state)
    if isinstance(command, told.AmendPort):
        return amended(command, state)
    attention = answered_by(state.attentions, command.decision, command.code)
    taken = DecisionTaken(
        code=attention.code,
        decision=command.decision,
        reason=command.reason,
        by=command.by,
        given=_given(command),
        row=attention.row,
    )
    return (taken, *_consequences(command, attention, state))


def _given(command: told.TakeDecision) -> dict[str, str]:
    """What came with the decision, in clear: nothing personal is among it."""
    said = {
        "gate": command.gate,
        "day": command.day,
        "until": command.until,
        "turn": command.turn,
        "documents": ",".join(f"{d.name}@{d.on}" for d in command.documents) or None,
        "correction": command.correction_id,
    }
    return {name: str(value) for name, value in said.items() if value is not None}


def _consequences(command: told.TakeDecision, attention: Attention, state: Going) -> Facts:
    return _CONSEQUENCES[command.decision](command, attention, state)


def _corrected(command: told.TakeDecision, attention: Attention, state: Going) -> Facts:
    if command.rio is None:
        raise DecisionRefusedError("say what is corrected: give rio=01PEROY4P4TR")
    over = AttentionCleared(code=attention.code)
    return (over, _correction(command), *_reopened(state))


def _postponed(command: told.TakeDecision, attention: Attention, state: Going) -> Facts:
    if command.day is None:
        raise DecisionRefusedError("say which day: give day=2027-01-20")
    over = AttentionCleared(code=attention.code)
    return (over, facts.DayChosen(day=command.day), *_reopened(state))


def _cancellation(command: told.TakeDecision, attention: Attention, state: Going) -> Facts:
    """In the form the contract asks for, whoever decides it."""
    asked = command.cancellation
    if asked is None or _in_its_zone(asked, state).needs is None:
        return _cancelled(command, attention, state)
    return _cancellation_asked(asked, state)


def _cancelled(command: told.TakeDecision, _attention: Attention, state: Going) -> Facts:
    if standing_zone(state, command.decided_at) is CancellationZone.CLOSED:
        raise CancellationRefusedError(why_closed(state))
    why = _cancelled_by(command)
    return begin_undoing(state, Outcome.CANCELLED, why, keeps_line=command.keeps_number)


def _agreed(command: told.TakeDecision, attention: Attention, state: Going) -> Facts:
    """To a cancellation that needs it, or to a fleet that goes to its donor."""
    if attention.code != waiting.FLEET:
        return _cancelled(command, attention, state)
    over = AttentionCleared(code=attention.code)
    return (facts.GateOpened(kind=GateKind.GO_AHEAD), over)


def _agreement_refused(command: told.TakeDecision, attention: Attention, _state: Going) -> Facts:
    why = Said(fr=f"accord refusé : {command.reason}", en=f"agreement refused: {command.reason}")
    return (facts.CancellationLapsed(why=why), AttentionCleared(code=attention.code))


def _cancelled_by(command: told.TakeDecision) -> Said:
    return Said(fr=f"annulé : {command.reason}", en=f"cancelled: {command.reason}")


def _moved(command: told.TakeDecision, attention: Attention, _state: Going) -> Facts:
    if command.decision is DecisionKind.SNOOZE and command.until is None:
        raise DecisionRefusedError("say until when: give until=2027-01-20T09:00+01:00")
    if command.until is not None and command.until <= command.decided_at:
        raise DecisionRefusedError("until has passed already: give an instant still to come")
    until = command.until or command.answer_by
    if attention.code in waiting.CANCELLATIONS:
        until = min(until, attention.until)
    if attention.code == waiting.REACTIVATION:
        until = attention.until
    if command.decision is DecisionKind.REASSIGN and command.turn is None:
        raise DecisionRefusedError("say whose turn it is: give turn=customer")
    return (
        AttentionMoved(
            code=attention.code,
            until=until,
            turn=command.turn or attention.turn,
            why=Said(fr=command.reason, en=command.reason),
        ),
    )


def _retried(command: told.TakeDecision, attention: Attention, state: Going) -> Facts:
    over = AttentionCleared(code=attention.code)
    if attention.code == waiting.DONOR_SILENT:
        return (over, facts.DonorReminded(until=command.answer_by))
    if attention.code == waiting.CONFIRMATIONS:
        return (
            AttentionMoved(
                code=attention.code,
                until=command.answer_by,
                turn=attention.turn,
                why=Said(fr="relancé", en="reminded"),
            ),
        )
    if attention.code == waiting.OPERATOR_SILENT:
        return (over, *_asked_again(command, Step(attention.detail or ""), state))
    return (over, *_reopened(state))


def _asked_again(command: told.TakeDecision, step: Step, state: Going) -> Facts:
    """Under the same key: what became of the first request is looked up before anything is sent."""
    known = state.asks.get(step)
    if known is None or step_of(state) is not step:
        return ()
    return (known.again(step, until=command.answer_by),)


def _reopened(state: Going) -> Facts:
    """A refused request is made again, with dates of its own."""
    return (facts.PortReopened(),) if isinstance(state, Refused) else ()


def _correction(command: told.TakeDecision) -> facts.DataCorrected:
    return facts.DataCorrected(
        rio=command.rio, donor=command.donor, correction_id=command.correction_id
    )


def _provided(command: told.TakeDecision, attention: Attention, state: Going) -> Facts:
    if attention.code == waiting.CANCELLATION_PAPER:
        if not command.documents:
            raise DecisionRefusedError(
                "give the paper and the day it takes effect: document=letter on=2027-01-20"
            )
        return _cancelled(command, attention, state)
    over = AttentionCleared(code=attention.code)
    if attention.code in {waiting.DONOR_REFUSED, waiting.ELIGIBILITY_LOST}:
        return (over, *_reactivation_asked(command, attention))
    if command.gate is GateKind.RIO or command.rio is not None:
        if command.rio is None:
            raise DecisionRefusedError("give the RIO itself: rio=01PEROY4P4TR")
        return (_correction(command), facts.GateOpened(kind=GateKind.RIO), over)
    gate = _meant(command, attention, state)
    names = {document.name for document in command.documents}
    missing = [name for name in gate.needs if name not in names]
    if missing:
        raise DecisionRefusedError(
            f"the gate {gate.kind} needs {', '.join(missing)}: give document={missing[0]} and the "
            "day it bears, on=2027-01-20"
        )
    if ahead := [document.on for document in command.documents if document.on > command.today]:
        raise DecisionRefusedError(
            f"{day_said(ahead[0]).en} has not come yet: give the day the paper bears"
        )
    opened = facts.GateOpened(kind=gate.kind, by=command.documents)
    return (opened, over)


def _reactivation_asked(command: told.TakeDecision, attention: Attention) -> Facts:
    window, papers = command.reactivation, command.documents
    if window is None or not papers or papers[0].on > command.today:
        raise DecisionRefusedError(
            "give the customer's justification and the day it bears: document=justification "
            "on=2027-01-20, and day=2027-01-12 where it is known when the number ended"
        )
    if window.ended_on is not None and window.ended_on > command.today:
        raise DecisionRefusedError(
            f"{day_said(window.ended_on).en} has not come yet: give the day the number ended"
        )
    told_on = attention.since.astimezone(window.until.tzinfo).date()
    if window.ended_on is not None and window.ended_on > told_on:
        raise DecisionRefusedError(
            f"the donor said on {day_said(told_on).en} that the number had ended: give the day it "
            "did, no later than that"
        )
    if window.until <= command.decided_at:
        raise DecisionRefusedError(
            f"the donor can no longer activate it again: {window.because.en}; end it"
        )
    code = attention.detail or ""
    asked = facts.ReactivationAsked(justified_by=papers[0], code=code, window=window)
    raised = AttentionRaised(attention=waiting.reactivation(command, code, window))
    return (asked, raised)


def first_told_ended(told_in: Iterable[tuple[datetime, Event]]) -> datetime | None:
    """When the donor first said the number had ended, since it last said it was alive: a refusal
    that was sent again meanwhile, by a row or by a person, moves no end."""
    since: datetime | None = None
    for at, event in told_in:
        match event:
            case facts.PortAccepted() | facts.NumberFoundActive():
                since = None
            case facts.PortRefused(code=code) | facts.EligibilityLost(code=code):
                since = since or (at if code in ENDED_LATELY else None)
    return since


def _meant(command: told.TakeDecision, attention: Attention, state: Going) -> facts.Gate:
    """The gate that was named, or the only one the question is about."""
    kinds = (attention.detail or "").split(",")
    closed = [gate for gate in state.gates if gate.kind in kinds]
    found = [gate for gate in closed if command.gate in {None, gate.kind}]
    if len(found) > 1:
        names = {document.name for document in command.documents}
        found = [gate for gate in found if names & set(gate.needs)]
    if len(found) != 1:
        offers = ", ".join(f"gate={gate.kind} ({', '.join(gate.needs)})" for gate in closed)
        raise DecisionRefusedError(f"say what this is about: give one of {offers}")
    return found[0]


def _skipped(command: told.TakeDecision, attention: Attention, state: Going) -> Facts:
    if not command.reason.strip():
        raise DecisionRefusedError("going on without it needs a reason: give one")
    return (_gone_without(command, attention, state), AttentionCleared(code=attention.code))


def _gone_without(command: told.TakeDecision, attention: Attention, state: Going) -> Event:
    step = _STEP_OF.get(attention.code)
    match attention.code:
        case waiting.GATES | waiting.PRESENCE:
            gate = _meant(command, attention, state)
            if gate.kind is GateKind.RIO:
                raise DecisionRefusedError("no request can be made without a RIO: provide it")
            return facts.GateOpened(kind=gate.kind, skipped=command.reason)
        case waiting.CONFIRMATIONS if isinstance(state, Verified):
            return facts.ConfirmationsMissing(operators=state.missing)
        case waiting.CANCELLATION_PAPER:
            why = Said(fr=f"sans suite : {command.reason}", en=f"dropped: {command.reason}")
            return facts.CancellationLapsed(why=why)
        case _:
            asked = step or Step((attention.detail or "").partition(":")[0])
            return facts.StepGivenUp(step=asked, reason=command.reason)


_STEP_OF = {waiting.INACTIVE: Step.CHECK_ACTIVE, waiting.NOT_WORKING: Step.VERIFY_LINE}


def _given_up(command: told.TakeDecision, attention: Attention, state: Going) -> Facts:
    """It cannot be ported: a new number where the contract says so, and only there."""
    outcome = Outcome.REPLACED if command.replaces else Outcome.REFUSED
    return begin_undoing(state, outcome, attention.what, keeps_line=command.replaces)


_CONSEQUENCES: Mapping[DecisionKind, Callable[[told.TakeDecision, Attention, Going], Facts]] = {
    DecisionKind.RETRY: _retried,
    DecisionKind.CORRECT: _corrected,
    DecisionKind.SKIP: _skipped,
    DecisionKind.PROVIDE: _provided,
    DecisionKind.POSTPONE: _postponed,
    DecisionKind.AGREE: _agreed,
    DecisionKind.REFUSE: _agreement_refused,
    DecisionKind.CANCEL: _cancellation,
    DecisionKind.END: _given_up,
    DecisionKind.SNOOZE: _moved,
    DecisionKind.REASSIGN: _moved,
}


# cancelling


def _cancellation_asked(command: told.RequestCancellation, state: Going) -> Facts:
    if refused := why_not_cancelled(state, command.decided_at):
        raise CancellationRefusedError(refused)
    command = _in_its_zone(command, state)
    needs = command.needs
    asked = facts.CancellationAsked(
        by=command.by, asked_at=command.decided_at, needs=needs, cost=command.cost
    )
    if needs is None:
        why = Said(fr=f"annulé par {command.by}", en=f"cancelled by {command.by}")
        return (
            asked,
            *begin_undoing(state, Outcome.CANCELLED, why, keeps_line=command.keeps_number),
        )
    return (asked, AttentionRaised(attention=waiting.cancellation(command, needs)))


def why_not_cancelled(state: Going, at: datetime) -> str | None:
    """None while it can be asked for."""
    if isinstance(state, Undoing):
        return "it is being undone already: wait for it to end"
    if state.cancellation is not None:
        return "its cancellation has been asked for already; see what it waits for under attention"
    closed = standing_zone(state, at) is CancellationZone.CLOSED
    return why_closed(state) if closed else None


def _in_its_zone(command: told.RequestCancellation, state: Going) -> told.RequestCancellation:
    """Once the customer's own right is over, the provider has to agree whatever the form."""
    over = standing_zone(state, command.decided_at) is CancellationZone.AGREEMENT
    if command.needs_agreement or not over:
        return command
    needs = Said(
        fr="le droit d'annuler est passé : l'accord enregistré du fournisseur est nécessaire",
        en="the right to cancel is over: the provider's recorded agreement is needed",
    )
    return command.model_copy(update={"needs_agreement": True, "needs": needs})


def standing_zone(state: Going, at: datetime) -> CancellationZone:
    """Before the request is out it is ours; after it, what the plan says of the instant."""
    if is_final(state):
        return CancellationZone.CLOSED
    if isinstance(state, AwaitingDonor | Accepted):
        plan = state.planned.plan
        found = plan.zone_at(at)
        return plan.zones[1].zone if found is CancellationZone.OURS else found
    return CancellationZone.OURS


def closes_at(state: Going) -> datetime | None:
    """When the exchange takes no cancellation any more; None while no request is out."""
    if isinstance(state, AwaitingDonor | Accepted):
        return state.planned.plan.zones[-1].ends_at
    return None


def why_closed(state: Going) -> str:
    plan = state.planned.plan if state.planned else None
    ticket = ["the porting ticket has left"] if is_final(state) else []
    return "; ".join(
        (
            "it can no longer be cancelled",
            *ticket,
            *(_closings(plan) if plan else ()),
            "the number can come back later by a port of its own",
        )
    )


def _closings(plan: PortPlan) -> tuple[str, ...]:
    return tuple(
        f"{end.zone} ended {moment_said(end.ends_at).en}: {end.said.en} ({end.source})"
        for end in plan.zones
    )
