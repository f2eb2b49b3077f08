"""One indemnity: what may be decided, and which facts follow.

Facts and states lie beside this file (`indemnity_facts`, `indemnity_states`). What is owed is
worked out before a command (`indemnity_sums`); here is only said whether it fits, and what follows.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import cast

from pydantic import AwareDatetime

from domain import indemnity_facts as facts
from domain import indemnity_questions as asking
from domain.attention import (
    AttentionCleared,
    AttentionMoved,
    AttentionRaised,
    DecisionKind,
    DecisionTaken,
    Turn,
    answered_by,
    going_up,
    gone_up,
)
from domain.event import Command, Event
from domain.indemnity_facts import Assessment, Ending, Givens, IndemnityTerms
from domain.indemnity_questions import Question
from domain.indemnity_states import (
    Closed,
    Counting,
    Evidence,
    IndemnityState,
    KnownIndemnity,
    NotOpened,
    Payable,
    Unasked,
    due_of,
    evolve,
)
from domain.said import Said, day_said

Facts = tuple[Event, ...]

# errors


class IndemnityRefusedError(Exception):
    """It cannot be done as things stand; the message says what can."""


# commands


class IndemnityCommand(Command):
    answer_by: AwareDatetime
    """Until when a person has to answer what this raises."""


class OpenIndemnity(IndemnityCommand):
    terms: IndemnityTerms
    shown_by: Said
    look_until: AwareDatetime | None = None


class NoteAssessment(IndemnityCommand):
    """What the contract and the facts come to, worked out beforehand."""

    assessment: Assessment
    evidence_until: AwareDatetime
    request_until: AwareDatetime


class AskPerson(IndemnityCommand):
    """There can be no assessment before somebody has answered."""

    question: Question


class PassTime(IndemnityCommand):
    """A date has come, and what was awaited has not."""


class RaiseSilence(IndemnityCommand):
    """The watchdog's: a date has passed and no fact was recorded."""


class PersonCommand(IndemnityCommand):
    by: str


class Answer(PersonCommand):
    """A decision about what waits for one."""

    decision: DecisionKind
    about: str | None
    reason: str
    givens: Givens
    until: AwareDatetime | None = None
    turn: Turn | None = None


class Correct(PersonCommand):
    """What was worked out was wrong: undone by its equal, and worked out anew."""

    givens: Givens
    reason: str


class HandOver(PersonCommand):
    on: date
    how: str


class Ask(PersonCommand):
    """The customer asks for it."""

    on: date
    due_on: date
    due_until: AwareDatetime
    source: str


class Pay(PersonCommand):
    on: date
    amount: Decimal
    reference: str


# decide


def decide(command: IndemnityCommand, state: IndemnityState) -> Facts:
    if isinstance(command, OpenIndemnity):
        return _opened(command, state)
    if isinstance(state, NotOpened):
        raise IndemnityRefusedError("there is no such indemnity; see 'raccord indemnity list'")
    found = _decided(command, state)
    return (*found, *_closing(state, found))


def _opened(command: OpenIndemnity, state: IndemnityState) -> Facts:
    """The same thing shown twice is one."""
    if not isinstance(state, NotOpened):
        return ()
    return (
        facts.IndemnityOpened(
            terms=command.terms, shown_by=command.shown_by, look_until=command.look_until
        ),
    )


def _decided(command: IndemnityCommand, state: KnownIndemnity) -> Facts:
    match command:
        case NoteAssessment() | AskPerson() | PassTime() | RaiseSilence():
            found = _of_the_process(command, state)
            return (*found, *_cleared(state, asking.NOTHING_MOVES)) if found else ()
        case Answer():
            return _answered(command, state)
        case Correct():
            return _corrected(command, state)
        case HandOver():
            return _handed_over(command, state)
        case Ask():
            return _asked_for(command, state)
        case Pay():
            return _paid(command, state)
        case _:
            raise TypeError(type(command))


# its own process


def _of_the_process(
    command: NoteAssessment | AskPerson | PassTime | RaiseSilence, state: KnownIndemnity
) -> Facts:
    match command, state:
        case NoteAssessment(), Counting() if not state.blocked:
            return _assessed(command, state)
        case AskPerson(question=question), Counting() if not state.blocked:
            asked = asking.asked(question, since=command.decided_at, until=command.answer_by)
            return (AttentionRaised(attention=asked),)
        case PassTime(), _:
            return _time_passed(command, state)
        case RaiseSilence(), _:
            return _silent(command, state)
        case _:
            return ()


def _assessed(command: NoteAssessment, state: Counting) -> Facts:
    assessment = command.assessment
    another, ours = assessment.owed_by_another, assessment.ours > 0
    assessed = facts.IndemnityAssessed(
        assessment=assessment,
        evidence_until=command.evidence_until if another else None,
        request_until=command.request_until if ours else None,
    )
    requested = state.requested
    if requested is None or not ours or assessment.may_be_paid:
        return (assessed,)
    return (assessed, _unsigned(command, assessment, until=requested.due_until))


def _unsigned(
    command: IndemnityCommand, assessment: Assessment, *, until: AwareDatetime
) -> AttentionRaised:
    raised = asking.unsigned(assessment.source, since=command.decided_at, until=until)
    return AttentionRaised(attention=raised)


def _time_passed(command: PassTime, state: KnownIndemnity) -> Facts:
    now = command.decided_at
    overdue = [a for a in going_up(state.attentions) if a.until <= now]
    if overdue:
        return tuple(gone_up(one, until=command.answer_by) for one in overdue)
    due = due_of(state)
    if due is None or due > now:
        return ()
    match state:
        case Evidence():
            raised = asking.evidence_owed(since=now, until=command.answer_by)
            return (AttentionRaised(attention=raised),)
        case Payable(requested=requested):
            raised = asking.payment_overdue(requested.due_on, since=now, until=command.answer_by)
            return (AttentionRaised(attention=raised),)
        case Unasked():
            return (facts.IndemnityClosed(ending=Ending.UNASKED, why=_UNASKED),)
        case _:
            return ()


def _silent(command: RaiseSilence, state: KnownIndemnity) -> Facts:
    if state.attentions or isinstance(state, Closed):
        return ()
    raised = asking.nothing_moves(since=command.decided_at, until=command.answer_by)
    return (AttentionRaised(attention=raised),)


_UNASKED = Said(
    fr="le client ne l'a pas demandée dans le délai que nous nous donnons ; une demande la rouvre",
    en="the customer did not ask for it in the time we give; a request opens it again",
)


# people


def _answered(command: Answer, state: KnownIndemnity) -> Facts:
    attention = answered_by(state.attentions, command.decision, command.about)
    if not command.reason.strip():
        raise IndemnityRefusedError("a decision about money needs a reason: give one")
    taken = DecisionTaken(
        code=attention.code,
        decision=command.decision,
        reason=command.reason,
        by=command.by,
        given={k: str(v) for k, v in command.givens if v is not None and v is not False},
    )
    over = AttentionCleared(code=attention.code)
    match command.decision:
        case DecisionKind.PROVIDE:
            return (taken, over, _given(command, attention.code))
        case DecisionKind.RETRY if attention.code == asking.UNSIGNED:
            return (taken, over, *_reversed(state, command.reason, command.by))
        case DecisionKind.RETRY:
            return (taken, over)
        case DecisionKind.END:
            return (taken, over, *_declined(command, state))
        case _:
            return (taken, _moved(command, attention.code, turn=attention.turn))


def _given(command: Answer, code: str) -> facts.IndemnityDataGiven:
    name, example = _ANSWERS[code]
    if getattr(command.givens, name) is None:
        raise IndemnityRefusedError(f"say what is asked: give {example}")
    only = Givens.model_validate({name: getattr(command.givens, name)})
    return facts.IndemnityDataGiven(givens=only, by=command.by, reason=command.reason)


_ANSWERS: Mapping[str, tuple[str, str]] = {
    asking.QuestionAbout.RESPONSIBLE: (
        "responsible",
        "responsible=donor (us, host, donor, customer, nobody)",
    ),
    asking.QuestionAbout.BACK: ("back_on", "day=2027-01-20"),
    asking.QuestionAbout.PRICE: ("monthly_ttc", "monthly=19.90"),
}


def _declined(command: Answer, state: KnownIndemnity) -> Facts:
    """Only our share: what another owes is still to be handed over."""
    why = Said(fr=f"non due : {command.reason}", en=f"not owed: {command.reason}")
    if isinstance(state, Evidence):
        left = facts.IndemnityAssessed(
            assessment=_without_ours(state.assessed.assessment, why),
            evidence_until=state.assessed.evidence_until,
            request_until=None,
        )
        return (*_reversed(state, command.reason, command.by), left)
    closed = facts.IndemnityClosed(ending=Ending.DECLINED, why=why)
    return (*_reversed(state, command.reason, command.by), closed)


def _without_ours(assessment: Assessment, why: Said) -> Assessment:
    shares = tuple(
        share if share.amount is None else share.model_copy(update={"amount": Decimal("0.00")})
        for share in assessment.shares
    )
    because = (*assessment.because, why)
    return assessment.model_copy(
        update={"ours": Decimal("0.00"), "shares": shares, "because": because}
    )


def _moved(command: Answer, code: str, *, turn: Turn) -> AttentionMoved:
    snoozed = command.decision is DecisionKind.SNOOZE
    if snoozed and (command.until is None or command.until <= command.decided_at):
        raise IndemnityRefusedError("say until when: give until=2027-01-20T09:00+01:00")
    if not snoozed and command.turn is None:
        raise IndemnityRefusedError("say whose turn it is: give turn=supervisor")
    if command.until is not None and command.until <= command.decided_at:
        raise IndemnityRefusedError("until has passed already: give an instant still to come")
    return AttentionMoved(
        code=code,
        until=command.until or command.answer_by,
        turn=command.turn or turn,
        why=Said(fr=command.reason, en=command.reason),
    )


def _corrected(command: Correct, state: KnownIndemnity) -> Facts:
    if not command.reason.strip():
        raise IndemnityRefusedError("say why it was wrong: a correction needs a reason")
    if command.givens == Givens():
        raise IndemnityRefusedError(
            "say what it should be: give monthly, responsible, agreed_on or back_on"
        )
    given = facts.IndemnityDataGiven(givens=command.givens, by=command.by, reason=command.reason)
    cleared = (AttentionCleared(code=a.code) for a in state.attentions)
    return (*cleared, *_reversed(state, command.reason, command.by), given)


def _reversed(state: KnownIndemnity, reason: str, by: str) -> Facts:
    """Also of nought: that something was worked out is undone with it."""
    if state.assessed is None:
        return ()
    return (facts.IndemnityReversed(amount=-state.owed, reason=reason, by=by),)


def _handed_over(command: HandOver, state: KnownIndemnity) -> Facts:
    if not isinstance(state, Evidence):
        raise IndemnityRefusedError(
            f"no evidence is to be handed over: it is {state.stage}; read its explanation"
        )
    handed = facts.EvidenceHandedOver(on=command.on, how=command.how, by=command.by)
    return (handed, *_cleared(state, asking.EVIDENCE))


def _asked_for(command: Ask, state: KnownIndemnity) -> Facts:
    if state.requested is not None:
        on = day_said(state.requested.on)
        raise IndemnityRefusedError(f"it was asked for already, on {on.en}")
    if _nothing_of_ours(state):
        raise IndemnityRefusedError(
            "nothing of it is owed by us: read its explanation, and answer with that"
        )
    requested = facts.IndemnityRequested(
        on=command.on,
        due_on=command.due_on,
        due_until=command.due_until,
        source=command.source,
        by=command.by,
    )
    assessment = state.assessment
    if assessment is None or assessment.may_be_paid:
        return (requested,)
    return (requested, _unsigned(command, assessment, until=command.due_until))


def _nothing_of_ours(state: KnownIndemnity) -> bool:
    if isinstance(state, Closed) and state.ended.ending is not Ending.UNASKED:
        return True
    assessment = state.assessment
    return assessment is not None and not assessment.ours


def _paid(command: Pay, state: KnownIndemnity) -> Facts:
    """The same reference is the same payment, said again under another key."""
    known = next((p for p in state.payments if p.reference == command.reference), None)
    if known is not None:
        return _paid_already(command, known)
    _check_payable(command, state)
    paid = facts.IndemnityPaid(
        on=command.on, amount=command.amount, reference=command.reference, by=command.by
    )
    return (paid, *_cleared(state, asking.PAYMENT))


def _paid_already(command: Pay, known: facts.IndemnityPaid) -> Facts:
    if (known.on, known.amount) != (command.on, command.amount):
        raise IndemnityRefusedError(
            f"{known.reference} is recorded already, for {known.amount} € on "
            f"{day_said(known.on).en}: give another payment its own reference"
        )
    return ()


def _check_payable(command: Pay, state: KnownIndemnity) -> None:
    assessment = state.assessment
    if assessment is None or not state.owed:
        raise IndemnityRefusedError("nothing of it is owed by us: read its explanation")
    if not assessment.may_be_paid:
        raise IndemnityRefusedError(
            f"the reading it rests on is not signed ({assessment.source}): it is shown, and cannot "
            "be paid until a person has signed it in the profile"
        )
    if state.requested is None:
        raise IndemnityRefusedError(
            "nobody has asked for it: record the customer's request first (decision 37)"
        )
    if command.amount <= 0:
        raise IndemnityRefusedError("nothing was paid: give the amount in euros")


def _cleared(state: KnownIndemnity, code: str) -> Facts:
    is_open = any(attention.code == code for attention in state.attentions)
    return (AttentionCleared(code=code),) if is_open else ()


# the end


def _closing(state: KnownIndemnity, found: Facts) -> Facts:
    """Once the evidence is handed over and what we owe is paid, or there was neither."""
    after: IndemnityState = state
    for event in found:
        after = evolve(after, cast("facts.IndemnityEvent", event))
    if not isinstance(after, Unasked | Payable) or after.balance > 0:
        return ()
    return (_closed(after),)


def _closed(state: Unasked | Payable) -> facts.IndemnityClosed:
    if state.payments:
        back = state.to_claim_back
        why = (
            _PAID
            if not back
            else Said(
                fr=f"{_PAID.fr} ; trop payé : {back} €, à reprendre",
                en=f"{_PAID.en}; {back} € too much, to claim back",
            )
        )
        return facts.IndemnityClosed(ending=Ending.PAID, why=why)
    if state.handed is not None:
        return facts.IndemnityClosed(ending=Ending.HANDED_OVER, why=_HANDED_OVER)
    because = state.assessed.assessment.because
    return facts.IndemnityClosed(ending=Ending.NOTHING, why=because[-1])


_PAID = Said(fr="payée", en="paid")
_HANDED_OVER = Said(
    fr="le client a de quoi la réclamer à qui en répond",
    en="the customer has what is needed to claim it from whoever answers for it",
)
