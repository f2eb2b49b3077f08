"""One mobile number comes in: what may be decided, and which facts follow.

Commands, facts and states lie beside this file (`port_in_commands`, `port_in_facts`,
`port_in_states`); decisions of people and cancellations in `port_in_people`.
"""

from datetime import date, datetime
from typing import assert_never

from domain import port_in_attention as waiting
from domain import port_in_commands as told
from domain import port_in_facts as facts
from domain import port_in_failures as failing
from domain.attention import Attention, AttentionCleared, AttentionRaised, gone_up
from domain.event import Event
from domain.exchange_codes import why_refused
from domain.port_in_awaited import moves_at, step_of
from domain.port_in_facts import Gate, GateKind, Outcome, Step
from domain.port_in_people import decide_for_person
from domain.port_in_states import (
    Accepted,
    AwaitingDonor,
    Claiming,
    Committed,
    Dating,
    Final,
    Gathering,
    Going,
    NotOpened,
    PortState,
    Preparing,
    Switched,
    Undoing,
    Verified,
    Waiting,
)
from domain.port_in_undoing import begin_undoing
from domain.said import Said, day_said

Facts = tuple[Event, ...]


class PortRefusedError(Exception):
    """The command does not fit where the port stands; nothing was recorded."""


class ReportTooSoonError(Exception):
    """What an operator tells will make sense later: keep the message and look at it again."""


def decide(command: told.PortInCommand, state: PortState) -> Facts:
    match command:
        case told.OpenPort():
            return _opened(command, state)
        case told.TakeDecision() | told.RequestCancellation() | told.AmendPort():
            return decide_for_person(command, state)
        case told.Report():
            return _reported(command, state)
    going = _going(command, state)
    match command:
        case (
            told.HearTook()
            | told.HearRefused()
            | told.HearNothing()
            | told.HearActive()
            | told.HearInactive()
            | told.HearWorking()
            | told.HearNotWorking()
        ):
            return _heard(command, going)
        case _:
            return _moved_on(command, going)


def _going(command: told.PortInCommand, state: PortState) -> Going:
    if not isinstance(state, Going):
        raise PortRefusedError(
            f"{type(command).__name__} does not fit: the line is {type(state).__name__.lower()}; "
            "look at its timeline"
        )
    return state


def _misfit(command: told.PortInCommand, state: PortState) -> PortRefusedError:
    return PortRefusedError(
        f"{type(command).__name__} does not fit while the line is {type(state).__name__.lower()}; "
        "look at its timeline"
    )


def _opened(command: told.OpenPort, state: PortState) -> Facts:
    if not isinstance(state, NotOpened):
        raise _misfit(command, state)
    return (facts.PortOpened(terms=command.terms, gates=command.gates, stated=command.stated),)


# its own process


def _moved_on(command: told.PortInCommand, state: Going) -> Facts:
    found = _settled(command, state)
    if found is None:
        found = _carried_out(command, state)
    if found is None:
        raise _misfit(command, state)
    return found


def _settled(command: told.PortInCommand, state: Going) -> Facts | None:
    """Up to the dates; None when the command is about something else."""
    found: Facts | None = None
    match command, state:
        case told.NoteNumberClaimed(), Claiming():
            found = (facts.PortNumberClaimed(),)
        case told.NoteNumberTaken(), Claiming():
            found = (AttentionRaised(attention=waiting.number_taken(command)),)
        case told.LookAtGates(), Gathering():
            found = _gates_looked_at(command, state)
        case told.SettleDates(), Dating() | Waiting():
            found = _planned(command, state)
        case told.RefuseDates(), Dating() | Waiting():
            found = (AttentionRaised(attention=waiting.date_refused(command)),)
    return found


def _carried_out(command: told.PortInCommand, state: Going) -> Facts | None:
    found: Facts | None = None
    match command, state:
        case told.AskOperator(), _ if _may_ask(command.step, state):
            found = _asked(command, state)
        case told.AcceptInternally(), Waiting() if state.internal and not state.blocked:
            now, commit_at = command.decided_at, command.commit_at
            found = (facts.PortAccepted(accepted_at=now, commit_at=commit_at, internal=True),)
        case told.CommitPort(), Accepted() if isinstance(state, Accepted):
            found = _committed(command, state)
        case told.PassTime(), _:
            found = _time_passed(command, state)
        case told.EndPort(), _:
            found = _ended(command, state)
        case told.RaiseSilence(), _ if not state.attentions:
            found = (AttentionRaised(attention=waiting.nothing_moves(command)),)
    return found


def _gates_looked_at(command: told.LookAtGates, state: Gathering) -> Facts:
    """Time opens some; presence is only needed before the port becomes final."""
    now = command.decided_at
    by_time = [g.kind for g in state.gates if g.opens_by_itself and g.until <= now]
    opened = tuple(facts.GateOpened(kind=kind) for kind in by_time)
    left = [g for g in state.gates if g.kind not in by_time and g.kind is not GateKind.PRESENCE]
    if not left:
        codes = (waiting.GATES, waiting.FLEET)
        cleared = (event for code in codes for event in waiting.cleared(state, code))
        return (*opened, *cleared, facts.GatesPassed())
    return (*opened, *_asked_of_people(left, state, now))


def _asked_of_people(left: list[Gate], state: Gathering, now: datetime) -> Facts:
    """Papers of the customer, and the word of operations: two questions, each asked once."""
    known = {attention.code for attention in state.attentions}
    papers = tuple(g for g in left if not g.opens_by_itself and g.kind is not GateKind.GO_AHEAD)
    raised = [waiting.gates_closed(papers, now)] if papers else []
    raised += [waiting.fleet(g, now) for g in left if g.kind is GateKind.GO_AHEAD]
    return tuple(AttentionRaised(attention=a) for a in raised if a.code not in known)


def _planned(command: told.SettleDates, state: Going) -> Facts:
    before = state.planned.plan.port_day if state.planned else None
    moved = before if before is not None and before != command.plan.port_day else None
    because = None if moved is None else _why_moved(moved, command.plan.port_day, state)
    planned = facts.PortPlanned(
        plan=command.plan,
        answer_until=command.answer_until,
        switch_from=command.switch_from,
        confirmations_until=command.confirmations_until,
        moved_from=moved,
        because=because,
    )
    presence = state.gate(GateKind.PRESENCE)
    if presence is None or any(a.code == waiting.PRESENCE for a in state.attentions):
        return (planned,)
    raised = waiting.presence(presence, command.decided_at, until=command.plan.zones[-1].ends_at)
    return (planned, AttentionRaised(attention=raised))


def _why_moved(before: date, after: date, state: Going) -> Said:
    """Both days, and what moved the one to the other."""
    why = Said(fr="la vacation de la demande est passée", en="the request's session was missed")
    if state.wished == after:
        why = Said(fr="un autre jour a été choisi", en="another day was chosen")
    elif state.reopened_for is not None:
        cause = why_refused(state.reopened_for).cause
        code = state.reopened_for
        why = Said(fr=f"{code} : {cause.fr}", en=f"{code}: {cause.en}")
    return Said(
        fr=f"le jour de portage passe du {day_said(before).fr} au {day_said(after).fr} : {why.fr}",
        en=f"the port day moves from {day_said(before).en} to {day_said(after).en}: {why.en}",
    )


_ASKED_IN: dict[Step, tuple[type[Going], ...]] = {
    Step.PREPARE_LINE: (Preparing,),
    Step.SEND_REQUEST: (Waiting,),
    Step.COMMIT_PORT: (Accepted,),
    Step.CHECK_ACTIVE: (Committed,),
    Step.SWITCH_LINE: (Committed,),
    Step.VERIFY_LINE: (Switched,),
    Step.CANCEL_REQUEST: (Undoing,),
    Step.RELEASE_LINE: (Undoing,),
}


def _may_ask(step: Step, state: Going) -> bool:
    """No step is begun while somebody's decision, or the next try, is awaited."""
    return type(state) in _ASKED_IN[step] and not state.held


def _committed(command: told.CommitPort, state: Accepted) -> Facts:
    committed = facts.PortCommitted(confirmers=command.confirmers)
    if command.reference is None:
        return _in_the_way(command, state) or (committed,)
    took = facts.OperatorTook(step=Step.COMMIT_PORT, reference=command.reference)
    return (took, *waiting.cleared(state, waiting.OPERATOR_SILENT), committed)


def _in_the_way(command: told.PortCommand, state: Going) -> Facts:
    """Before it becomes final: the day must still be ahead, and the customer known to be there."""
    planned = state.planned
    if planned is not None and command.decided_at >= planned.switch_from:
        day = planned.plan.port_day
        return (facts.DayMissed(day=day), AttentionRaised(attention=waiting.missed(command, day)))
    presence = state.gate(GateKind.PRESENCE)
    if presence is not None:
        raised = waiting.presence(presence, command.decided_at, until=command.answer_by)
        blocking = raised.model_copy(update={"blocks": True})
        return (AttentionRaised(attention=blocking),)
    return ()


def _asked(command: told.AskOperator, state: Going) -> Facts:
    if command.step is Step.COMMIT_PORT and isinstance(state, Accepted):
        if command.decided_at < state.accepted.commit_at:
            raise _misfit(command, state)
        if stopped := _in_the_way(command, state):
            return stopped
    known = state.asks.get(command.step)
    if known is not None and known.key == command.key:
        return ()
    return (
        facts.OperatorAsked(
            step=command.step,
            key=command.key,
            epoch=command.epoch,
            asked_at=command.decided_at,
            until=command.until,
        ),
    )


def _time_passed(command: told.PassTime, state: Going) -> Facts:
    """Whatever was awaited did not come: each silence has its own consequence."""
    now = command.decided_at
    overdue = [a for a in state.attentions if (at := moves_at(a, state)) and at <= now]
    if overdue:
        return tuple(e for a in overdue for e in _overdue(a, command, state))
    if state.retry is not None:
        return failing.try_begun(command, state)
    match state:
        case AwaitingDonor() if now >= state.answer_until and not state.blocked:
            if state.reminders == 0:
                return (facts.DonorReminded(until=command.remind_until),)
            return failing.donor_silent(command)
        case Verified() if state.missing and not waiting.cleared(state, waiting.CONFIRMATIONS):
            return (AttentionRaised(attention=waiting.confirmations(command, state.missing)),)
        case _:
            return ()


def _overdue(attention: Attention, command: told.PassTime, state: Going) -> Facts:
    code = attention.code
    if code == waiting.GATES and state.cancellation is None:
        expired = [g for g in state.gates if g.until <= command.decided_at and g.falls_back]
        if expired:
            return begin_undoing(state, Outcome.REPLACED, expired[0].said, keeps_line=True)
    if code == waiting.CONFIRMATIONS and isinstance(state, Verified):
        missing = facts.ConfirmationsMissing(operators=state.missing)
        return (missing, AttentionCleared(code=code))
    if code == waiting.REACTIVATION and state.cancellation is None:
        outcome = Outcome.REPLACED if command.replaces else Outcome.REFUSED
        return begin_undoing(state, outcome, _NOT_REACTIVATED, keeps_line=command.replaces)
    if code in waiting.CANCELLATIONS:
        why = Said(
            fr="ce qui devait confirmer l'annulation n'est pas venu à temps",
            en="what was to confirm the cancellation did not come in time",
        )
        return (facts.CancellationLapsed(why=why), AttentionCleared(code=code))
    return (gone_up(attention, until=command.answer_by),)


_NOT_REACTIVATED = Said(
    fr="le donneur n'a pas réactivé le numéro à temps : résilié, il ne peut plus être porté "
    "(R322, décision 28)",
    en="the donor did not activate the number again in time: terminated, it can no longer be "
    "ported (R322, decision 28)",
)


def _ended(command: told.EndPort, state: Going) -> Facts:
    match state:
        case Undoing(left=()):
            outcome = state.outcome
            why = state.why
        case Verified() if not state.missing or state.given_up:
            outcome = Outcome.PORTED
            why = command.why
        case _:
            raise _misfit(command, state)
    return (
        facts.PortEnded(
            outcome=outcome,
            why=why,
            replaced_by=command.replaced_by,
            service_started_at=command.service_started_at,
            service_start_source=command.service_start_source,
            donor_contract_ended_at=state.switched.outage_from
            if isinstance(state, Verified)
            else None,
        ),
    )


# operators, asked


def _heard(command: told.AnswerCommand, state: Going) -> Facts:
    """Only about the step that is being taken: the port may have moved on since it was asked."""
    if step_of(state) is not _asked_about(command):
        return ()
    found: Facts = ()
    match command:
        case told.HearTook():
            found = _took(command, state)
        case told.HearRefused(step=step, code=code) if step in state.asks:
            found = failing.refused(command, state, step=step, code=code)
        case told.HearRefused():
            found = ()
        case told.HearNothing():
            found = failing.unanswered(command, state)
        case told.HearActive(suspended=suspended):
            found = (facts.NumberFoundActive(suspended=suspended),)
        case told.HearInactive():
            found = failing.inactive(command, state)
        case told.HearWorking(reference=reference):
            found = (facts.LineVerified(reference=reference),)
        case told.HearNotWorking():
            found = failing.not_working(command, state)
        case _:
            assert_never(command)
    return found


def _asked_about(command: told.AnswerCommand) -> Step:
    match command:
        case told.HearTook(step=step) | told.HearRefused(step=step) | told.HearNothing(step=step):
            return step
        case told.HearActive() | told.HearInactive():
            return Step.CHECK_ACTIVE
        case _:
            return Step.VERIFY_LINE


def _took(command: told.HearTook, state: Going) -> Facts:
    ask = state.asks.get(command.step)
    if ask is None or ask.reference is not None:
        return ()
    took = facts.OperatorTook(step=command.step, reference=command.reference)
    return (took, *waiting.cleared(state, waiting.OPERATOR_SILENT))


# operators, on their own


def _reported(command: told.Report, state: PortState) -> Facts:
    if isinstance(command, told.ReportUnreadable):
        return (_aside(command, command.why),)
    if not isinstance(state, Going):
        return (_aside(command, "the line had ended"),)
    found = _report(command, state)
    return found or (_aside(command, f"already known, or too late: {type(state).__name__}"),)


def _report(command: told.Report, state: Going) -> Facts:
    match command:
        case told.ReportConfirmed(operator=operator):
            return _confirmed(operator, state)
        case told.ReportAccepted() | told.ReportRefused() | told.ReportEligibilityLost():
            return _donor_said(command, state)
        case _:
            done = _done(command, state)
            return (*done, *waiting.cleared(state, waiting.OPERATOR_SILENT)) if done else ()


def _done(command: told.Report, state: Going) -> Facts:
    """What an operator was asked to do, and has done or will not do."""
    found: Facts = ()
    match command:
        case told.ReportLineReady() if _awaits_its_line(state):
            found = (facts.LineReady(ready_at=command.ready_at, host_line=command.host_line),)
        case told.ReportOperatorRefused(step=step, code=code) if _is_ours(command, state):
            found = failing.refused(command, state, step=step, code=code)
        case told.ReportSwitched() if isinstance(state, Committed):
            found = (_switched(command),)
        case told.ReportLineReleased() if _undoes(state, Step.RELEASE_LINE):
            found = (facts.LineReleased(released_at=command.released_at),)
        case told.ReportRequestCancelled() if _undoes(state, Step.CANCEL_REQUEST):
            found = (facts.RequestCancelled(cancelled_at=command.cancelled_at),)
    return found


def _awaits_its_line(state: Going) -> bool:
    """Also while its dates are settled anew: the card that travels is the same."""
    asked = state.ready is None and Step.PREPARE_LINE in state.asks
    return isinstance(state, Preparing) or (isinstance(state, Dating) and asked)


def _is_ours(command: told.ReportOperatorRefused, state: Going) -> bool:
    """An answer to an earlier request says nothing about the one that runs."""
    ask = state.asks.get(command.step)
    return step_of(state) is command.step and ask is not None and ask.key == command.key


def _aside(command: told.Report, why: str) -> facts.MessageSetAside:
    return facts.MessageSetAside(source=command.source, message_key=command.message_key, why=why)


def _undoes(state: Going, step: Step) -> bool:
    return isinstance(state, Undoing) and step in state.left


def _switched(command: told.ReportSwitched) -> facts.LineSwitched:
    return facts.LineSwitched(
        outage_from=command.outage_from,
        outage_to=command.outage_to,
        sim_activated_at=command.sim_activated_at,
        settled_at=command.settled_at,
        judged=command.judged,
        too_long=command.too_long,
    )


def _confirmed(operator: str, state: Going) -> Facts:
    if isinstance(state, Accepted):
        raise ReportTooSoonError("confirmed before the porting ticket was recorded as sent")
    if not isinstance(state, Final) or operator not in state.missing:
        return ()
    received = facts.ConfirmationReceived(operator=operator)
    last = state.missing == (operator,)
    return (received, *(waiting.cleared(state, waiting.CONFIRMATIONS) if last else ()))


DonorReport = told.ReportAccepted | told.ReportRefused | told.ReportEligibilityLost


def _donor_said(command: DonorReport, state: Going) -> Facts:
    """An answer counts however late; one that overtakes its own request waits for it."""
    if isinstance(state, Waiting) and Step.SEND_REQUEST not in state.asks:
        raise ReportTooSoonError("answered before the request was recorded as sent")
    match command, state:
        case told.ReportAccepted(accepted_at=at, commit_at=commit_at), AwaitingDonor() if commit_at:
            accepted = facts.PortAccepted(accepted_at=at, commit_at=commit_at)
            return (accepted, *_no_longer_silent(state))
        case told.ReportRefused(), AwaitingDonor():
            return failing.donor_refused(command, state, _no_longer_silent(state))
        case told.ReportEligibilityLost(), AwaitingDonor() | Accepted():
            return failing.eligibility_lost(command, state, _no_longer_silent(state))
        case _:
            return ()


def _no_longer_silent(state: Going) -> Facts:
    """An answer also tells that the request, or the ticket, had arrived."""
    silent = (waiting.DONOR_SILENT, waiting.OPERATOR_SILENT)
    return tuple(event for code in silent for event in waiting.cleared(state, code))
