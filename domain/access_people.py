"""What people decide about an access: each answer to a question, and what follows from it."""

from collections.abc import Callable
from typing import assert_never, cast

from domain import access_attention as waiting
from domain import access_commands as told
from domain import access_facts as facts
from domain import access_links, works_attention, works_people, works_site
from domain import port_in_attention as of_lines
from domain.access_amending import amendment_agreed, amendment_asked, amendment_refused
from domain.access_by_hand import agreed_by_hand, refused_by_hand
from domain.access_changes import AccessAmendmentAsked
from domain.access_ending import begin_end, quote_refused
from domain.access_facts import CUTS_PAPER, FEE_PAPER
from domain.access_overwriting import (
    check_let_go,
    check_settled,
    may_have_taken,
    put_back,
    told_by_person,
)
from domain.access_promises import planned
from domain.access_stages import Access, GivingBack, InService, Quoted
from domain.attention import (
    Attention,
    AttentionCleared,
    AttentionMoved,
    AttentionRaised,
    DecisionKind,
    DecisionRefusedError,
    DecisionTaken,
    PolicyRow,
    answered_by,
)
from domain.event import Event
from domain.port_in_facts import (
    CancellationAsked,
    CancellationLapsed,
    GateOpened,
    HeldDocument,
    OperatorAsked,
    Outcome,
    RetryBegun,
    StepGivenUp,
)
from domain.said import Said

Facts = tuple[Event, ...]


def decide_for_person(command: told.PersonCommand, state: Access) -> Facts:
    match command:
        case told.TakeDecision():
            return _decided(command, state)
        case told.RequestCancellation():
            return _cancellation_asked(command, state)
        case told.AmendAccess():
            return amendment_asked(command, state)
        case told.HoldAccess():
            return _held(command, state)
        case told.TakeUpAccess():
            return _taken_up(state)
        case _:
            assert_never(command)


def _decided(command: told.TakeDecision, state: Access) -> Facts:
    if unasked := _unasked(command, state):
        code, found = unasked
        works_people.check_words(command, code)
        return (_taken(command, code), *found)
    meant = works_site.meant_by(state.attentions, command.decision, command.code)
    attention = answered_by(meant, command.decision, command.code)
    works_people.check_words(command, attention.code)
    taken = _taken(command, attention.code, row=attention.row)
    return (taken, *_ANSWERS[command.decision](command, state, attention))


def _taken(command: told.TakeDecision, code: str, *, row: PolicyRow | None = None) -> DecisionTaken:
    return DecisionTaken(
        code=code,
        decision=command.decision,
        reason=command.reason,
        by=command.by,
        given=_given(command),
        row=row,
    )


def _unasked(command: told.TakeDecision, state: Access) -> tuple[str, Facts] | None:
    """What people come with by themselves: a customer who cannot be there on the day, somebody
    whose line was taken."""
    if command.decision is DecisionKind.DISPUTE and may_have_taken(state):
        return waiting.OVERWRITTEN, told_by_person(command, state)
    if works_people.may_postpone(command, state):
        return works_attention.VISIT, works_people.postponed(command, state)
    return None


def _given(command: told.TakeDecision) -> dict[str, str]:
    """What came with it, as it was read."""
    papers = ",".join(f"{one.name}@{one.on}" for one in command.documents)
    speed = None if command.speed is None else f"{command.speed[0]}/{command.speed[1]}"
    came = {
        "gate": command.gate,
        "document": papers or None,
        "day": command.day,
        "until": None if command.until is None else command.until.isoformat(),
        "turn": command.turn,
        "speed": speed,
        "lead": command.lead_days,
        "slot": command.slot,
        "half": command.half,
        "serials": _serials(command),
        "from": command.told_by,
        "failure": command.failure,
    }
    return {name: str(value) for name, value in came.items() if value is not None}


def _serials(command: told.TakeDecision) -> str | None:
    put_up = () if command.kept is None else command.kept.report.serials
    return ",".join(put_up) or None


def _over(attention: Attention) -> AttentionCleared:
    return AttentionCleared(code=attention.code)


# again, without, at an end


def _again(command: told.TakeDecision, state: Access, attention: Attention) -> Facts:
    """The same intention waited for anew, or every operator asked anew."""
    asks_all = {
        waiting.UNSURE,
        waiting.STUDY_REFUSED,
        waiting.SUPPLY_WITHDRAWN,
        waiting.NOT_DESATURATED,
        waiting.CLOSING,
    }
    if attention.code in asks_all:
        return (_over(attention), *_anew(command, state, attention))
    if attention.code == access_links.LINES:
        return (_over(attention), *access_links.awaited_on(command, state))
    if attention.code in works_people.AGAIN:
        return (_over(attention), *works_people.again(command, state, attention))
    ask = None if state.step is None else state.asks.get(state.step)
    begun = () if state.retry is None else (RetryBegun(step=state.retry.step),)
    if ask is None or state.step is None:
        return (_over(attention), *begun)
    again: OperatorAsked = ask.again(state.step, until=command.answer_by)
    return (_over(attention), *begun, again)


def _anew(command: told.TakeDecision, state: Access, attention: Attention) -> Facts:
    """Every operator, but for one that has just taken its supply back."""
    check_settled(state)
    why = Said(fr=f"décidé par {command.by}", en=f"decided by {command.by}")
    again = facts.EligibilityAskedAgain(why=why, gives_back=state.reserved is not None)
    over = waiting.overtaken(state, but=attention.code)
    if attention.code != waiting.SUPPLY_WITHDRAWN:
        return (*over, again)
    return (*over, again, facts.OperatorPassedOver(operator=state.host, why=attention.what))


def _without(command: told.TakeDecision, state: Access, attention: Attention) -> Facts:
    if attention.code == of_lines.GATES:
        opened = tuple(
            GateOpened(kind=gate.kind, skipped=command.reason)
            for gate in state.gates
            if command.gate in {None, gate.kind} and not gate.opens_by_itself
        )
        return (*opened, _over(attention))
    if attention.code == of_lines.CANCELLATION_PAPER:
        return (_over(attention), *_cancelled(command, state))
    if attention.code in {waiting.FEE_CONSENT, facts.REFUSAL_DUE, *works_people.AGREED}:
        return (_over(attention), *works_people.without(command, state, attention))
    if beside := _without_the_other(command, attention):
        return (_over(attention), *beside)
    if state.step in waiting.BACK:
        check_let_go(state)
        given_up = StepGivenUp(step=state.step, reason=command.reason)
        return (_over(attention), *works_people.visit_given_up(command, state), given_up)
    why = Said(fr=f"écarté : {command.reason}", en=f"passed over: {command.reason}")
    return (_over(attention), facts.OperatorPassedOver(operator=state.host, why=why))


def _without_the_other(command: told.TakeDecision, attention: Attention) -> Facts:
    """It goes on whatever becomes of another line: one on the same site, or one it waits for."""
    if attention.code == access_links.LINES:
        return access_links.left_out(command, attention)
    if attention.code != waiting.SITE_TAKEN:
        return ()
    apart = Said(
        fr=f"un autre site, dit {command.by} : {command.reason}",
        en=f"another site, says {command.by}: {command.reason}",
    )
    return (facts.SitesToldApart(why=apart),)


def _ended(command: told.TakeDecision, state: Access, attention: Attention) -> Facts:
    """It cannot be done: what the contract says of a site that cannot be served follows."""
    why = Said(
        fr=f"{attention.what.fr} ; décidé par {command.by}",
        en=f"{attention.what.en}; decided by {command.by}",
    )
    unserved = command.unserved
    end = begin_end(state, Outcome.REFUSED, why, unserved.fees, unserved.cost)
    return (_over(attention), *end)


# papers and agreements


def _provided(command: told.TakeDecision, state: Access, attention: Attention) -> Facts:
    if attention.code == works_attention.SLOTS:
        return (_over(attention), *works_people.chosen(command, state))
    if attention.code == of_lines.GATES:
        return _gates_opened(command, state, attention)
    paper = _the_paper(command)
    if attention.code == works_attention.READINESS:
        return works_site.described(command, state, attention, paper)
    if attention.code == of_lines.CANCELLATION_PAPER:
        return (_over(attention), *_cancelled(command, state))
    if attention.code == waiting.FEE_CONSENT:
        if paper.name != FEE_PAPER:
            raise DecisionRefusedError(
                f"'{paper.name}' is not that consent: give document={FEE_PAPER} and on=, "
                "the date it bears"
            )
        consented = facts.FeeConsented(head=attention.detail or "fee", paper=paper)
        return (_over(attention), consented)
    named = HeldDocument(name=CUTS_PAPER, on=paper.on)
    return (_over(attention), facts.CutsAgreed(paper=named))


def _the_paper(command: told.TakeDecision) -> HeldDocument:
    if not command.documents:
        raise DecisionRefusedError(
            "say which paper: give document=name and on=2027-01-20, the date it bears"
        )
    paper = command.documents[0]
    if command.today is not None and paper.on > command.today:
        raise DecisionRefusedError(f"{paper.name} bears a day that has not come yet: check on=")
    return paper


def _gates_opened(command: told.TakeDecision, state: Access, attention: Attention) -> Facts:
    papers = {document.name: document for document in command.documents}
    opened: list[Event] = []
    for gate in state.gates:
        if command.gate is not None and gate.kind is not command.gate:
            continue
        by = tuple(papers[name] for name in gate.needs if name in papers)
        missing = [n for n in gate.needs if n not in papers and not state.holds(n)]
        if by and not missing:
            opened.append(GateOpened(kind=gate.kind, by=by))
    if not opened:
        wanted = sorted({name for gate in state.gates for name in gate.needs})
        raise DecisionRefusedError(
            f"nothing opens with that: hand in {', '.join(wanted)} as document=name, on=its date"
        )
    return (*opened, _over(attention))


def _agreed(command: told.TakeDecision, state: Access, attention: Attention) -> Facts:
    found: Facts
    match attention.code:
        case of_lines.CANCELLATION_AGREEMENT:
            found = _cancelled(command, state)
        case waiting.AMENDMENT:
            asked = cast("AccessAmendmentAsked", state.amendment)
            found = amendment_agreed(command, asked, state)
        case waiting.BY_HAND:
            check_let_go(state)
            _check_supplied(state)
            found = agreed_by_hand(command, state)
        case waiting.CLOSING:
            found = ()
        case waiting.OVERWRITTEN:
            found = put_back(state)
        case facts.REFUSAL_DUE:
            found = (facts.DeliveryPutOff(said=attention.what),)
        case code if code in works_people.AGREED:
            found = works_people.agreed(command, state, attention)
        case waiting.QUOTE:
            given = cast("Quoted", state).quote
            accepted = facts.QuoteAccepted(reference=given.quote.reference)
            found = (accepted, *_as_studied(command, state))
        case _:
            found = _as_studied(command, state)
    return (_over(attention), *found)


def _check_supplied(state: Access) -> None:
    if state.is_asked(waiting.SUPPLY_WITHDRAWN):
        raise DecisionRefusedError(
            f"the operator takes its supply back: answer {waiting.SUPPLY_WITHDRAWN} first"
        )


def _as_studied(command: told.TakeDecision, state: Access) -> Facts:
    """The offer as the study has it, agreed to by the customer."""
    studied = state.studied
    if studied is None or studied.offer is None or state.saturated is not None:
        return ()
    agreed = Said(fr="accepté par le client", en="agreed to by the customer")
    binding = facts.ChangesBinding(offer=studied.offer, said=(*studied.binding, agreed))
    return (binding, *planned(command.plan))


def _postponed(command: told.TakeDecision, state: Access, attention: Attention) -> Facts:
    return (_over(attention), *works_people.postponed(command, state))


def _disagreed(command: told.TakeDecision, state: Access, attention: Attention) -> Facts:
    match attention.code:
        case waiting.QUOTE:
            terms = cast("told.QuoteTerms", command.quote)
            found = quote_refused(cast("Quoted", state), terms, by_silence=False)
        case waiting.AMENDMENT:
            found = amendment_refused(command)
        case of_lines.CANCELLATION_AGREEMENT:
            why = Said(fr=f"refusé par {command.by}", en=f"refused by {command.by}")
            found = (CancellationLapsed(why=why),)
        case waiting.OVERWRITTEN:
            found = ()
        case code if code in works_people.AGREED:
            found = works_people.disagreed(command, state, attention)
        case _:
            if state.step is None:
                raise DecisionRefusedError("nothing is asked of the operator any more: look again")
            found = refused_by_hand(command, state, state.step)
    return (_over(attention), *found)


def _moved(command: told.TakeDecision, state: Access, attention: Attention) -> Facts:
    """Nobody puts off what a contract gives a last day."""
    if command.decision is DecisionKind.SNOOZE and command.until is None:
        raise DecisionRefusedError("say until when: give until=2027-01-20T09:00+01:00")
    if command.until is not None and command.until <= command.decided_at:
        raise DecisionRefusedError("until has passed already: give an instant still to come")
    if command.decision is DecisionKind.REASSIGN and command.turn is None:
        raise DecisionRefusedError("say whose turn it is: give turn=customer")
    until = command.until or command.answer_by
    if attention.code in waiting.LAPSING or works_site.has_a_last_day(attention):
        until = min(until, attention.until)
    if isinstance(state, Quoted) and attention.code == waiting.QUOTE and state.quote.until:
        until = attention.until
    turn = command.turn or attention.turn
    why = Said(fr=command.reason, en=command.reason)
    return (AttentionMoved(code=attention.code, until=until, turn=turn, why=why),)


# cancelling


def _cancel(command: told.TakeDecision, state: Access, attention: Attention) -> Facts:
    if command.cancellation is None:
        raise DecisionRefusedError("what cancelling takes is not known: ask for it again")
    del attention
    return _cancellation_asked(command.cancellation, state)


def _cancellation_asked(command: told.RequestCancellation, state: Access) -> Facts:
    """A request: it takes effect on what the contract asks for; meanwhile nothing new begins."""
    if refused := why_not_cancelled(state):
        raise DecisionRefusedError(refused)
    asked = CancellationAsked(
        by=command.by, asked_at=command.decided_at, needs=command.needs, cost=command.end.cost
    )
    if command.needs is not None:
        return (asked, AttentionRaised(attention=of_lines.cancellation(command, command.needs)))
    why = Said(fr=f"annulé par {command.by}", en=f"cancelled by {command.by}")
    end = command.end
    return (asked, *begin_end(state, Outcome.CANCELLED, why, end.fees, end.cost))


def why_not_cancelled(state: Access) -> str | None:
    """None while it can be asked for."""
    if isinstance(state, GivingBack | InService):
        return "it is being given back already, or it works: wait for it to end"
    if not state.may_be_cancelled:
        return "its cancellation has been asked for already; see what it waits for under attention"
    return None


def _cancelled(command: told.TakeDecision, state: Access) -> Facts:
    by = cast("CancellationAsked", state.cancellation).by
    why = Said(fr=f"annulé par {by}", en=f"cancelled by {by}")
    return begin_end(state, Outcome.CANCELLED, why, command.end.fees, command.end.cost)


# suspended for a while


def _held(command: told.HoldAccess, state: Access) -> Facts:
    if isinstance(state, GivingBack | InService):
        raise DecisionRefusedError(
            "it is being given back, or it works: there is nothing to suspend"
        )
    if command.until <= command.decided_at:
        raise DecisionRefusedError("the day it is taken up again has passed: give one to come")
    held = facts.AccessHeld(until=command.until, by=command.by, reason=command.reason)
    return (held,)


def _taken_up(state: Access) -> Facts:
    if state.hold is None:
        raise DecisionRefusedError("it is not suspended: there is nothing to take up")
    return (facts.AccessTakenUp(),)


Answer = Callable[[told.TakeDecision, Access, Attention], Facts]
_ANSWERS: dict[DecisionKind, Answer] = {
    DecisionKind.RETRY: _again,
    DecisionKind.SKIP: _without,
    DecisionKind.END: _ended,
    DecisionKind.PROVIDE: _provided,
    DecisionKind.AGREE: _agreed,
    DecisionKind.REFUSE: _disagreed,
    DecisionKind.CANCEL: _cancel,
    DecisionKind.SNOOZE: _moved,
    DecisionKind.REASSIGN: _moved,
    DecisionKind.POSTPONE: _postponed,
}
