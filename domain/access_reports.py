"""What operators tell about an access, and which facts follow; nothing where it does not fit."""

from datetime import datetime

from domain import access_attention as waiting
from domain import access_commands as told
from domain import access_facts as facts
from domain import port_in_attention as of_lines
from domain.access_facts import SaturationMode
from domain.access_overwriting import is_asked_about, told_by_operator
from domain.access_promises import planned
from domain.access_stages import (
    BY_ITSELF,
    Access,
    Changing,
    Checking,
    Desaturating,
    GivingBack,
    InService,
    Quoted,
    Reserving,
    Studying,
)
from domain.attention import AttentionRaised, DecisionKind
from domain.event import Event
from domain.port_in_facts import LineReleased, OperatorRefused
from domain.port_in_failures import followed
from domain.said import Said
from domain.works_facts import Party, VisitLetGo

Facts = tuple[Event, ...]
BEFORE_IT_IS_KEPT = (DecisionKind.AGREE, DecisionKind.RETRY)
"""Once a pair is kept, asking everybody anew would leave it with its operator."""


def reported(command: told.ReportCommand, state: Access) -> Facts:
    if isinstance(command, told.ReportSupplyWithdrawn):
        return _supply_withdrawn(command, state)
    if isinstance(command, told.ReportOverwritten):
        return told_by_operator(command, state)
    if isinstance(command, told.ReportQuoteTold):
        return _quote_told(command, state)
    if isinstance(command, told.ReportUnreadable):
        return ()
    return as_awaited(command, state, _answered(command, state))


def as_awaited(command: told.Keyed, state: Access, found: Facts) -> Facts:
    """What follows from an answer, where it is one; a person says first what does where the
    operator has taken its supply back."""
    withdrawn = state.is_asked(waiting.SUPPLY_WITHDRAWN)
    if withdrawn or not found or not _is_awaited(command.key, state):
        return ()
    return (*_by_hand_no_more(state), *found)


def _is_awaited(key: str, state: Access) -> bool:
    """Only what was asked last, and is still to be answered."""
    step = state.step
    ask = None if step is None else state.asks.get(step)
    return ask is not None and ask.key == key


def _by_hand_no_more(state: Access) -> Facts:
    """It answers after all: the questions about its silence are overtaken."""
    codes = (of_lines.OPERATOR_SILENT, of_lines.OPERATOR_REFUSED, waiting.BY_HAND)
    return tuple(event for code in codes for event in of_lines.cleared(state, code))


def _answered(command: told.Keyed, state: Access) -> Facts:
    found: Facts = ()
    match command, state:
        case told.ReportStepRefused(), _ if command.step is state.step:
            found = _refused(command, state)
        case told.ReportEligibility(), Checking() if command.operator is state.asking:
            found = (_found(command),)
        case told.ReportStudy(), Studying():
            found = study_heard(command)
        case told.ReportReserved(), Reserving():
            found = kept(command, reference=command.reference, at=command.reserved_at)
        case told.ReportSaturated(), Reserving():
            found = saturated(command)
        case told.ReportDesaturated(), Desaturating():
            found = (facts.Desaturated(done_at=command.done_at),)
        case told.ReportReleased(), GivingBack() | Changing() if not is_asked_about(state):
            found = (LineReleased(released_at=command.released_at),)
        case told.ReportPutBack(), GivingBack():
            found = (facts.LinePutBack(put_back_at=command.put_back_at),)
    return found


def _refused(command: told.ReportStepRefused, state: Access) -> Facts:
    step, code = command.step, command.code
    asked = of_lines.operator_refused(command, step, code)
    followed_by = followed(command, state, step=step, code=code, asked=asked)
    return (OperatorRefused(step=step, code=code), *followed_by)


def kept(command: told.AccessCommand, *, reference: str, at: datetime) -> Facts:
    """A pair or a port is ours: works may begin."""
    return (
        facts.AccessReserved(reference=reference, reserved_at=at),
        facts.AccessReady(ready_at=at),
        *closing(command, DecisionKind.AGREE),
    )


def closing(command: told.AccessCommand, *allowed: DecisionKind) -> Facts:
    """Asked beside whatever else is: nothing is begun until it has its answer."""
    if command.closing is None:
        return ()
    asked = waiting.closing(command, command.closing, *allowed)
    return (AttentionRaised(attention=asked),)


def closing_by_day(command: told.AccessCommand, state: Access, *allowed: DecisionKind) -> Facts:
    """The day of a visit is the day it is delivered: one before copper is closed answers the
    question about another that was not."""
    late = closing(command, *allowed)
    if late:
        return late
    return of_lines.cleared(state, waiting.CLOSING)


def _found(command: told.ReportEligibility) -> facts.EligibilityFound:
    return facts.EligibilityFound(
        operator=command.operator,
        offers=command.offers,
        barriers=command.barriers,
        uses=command.uses,
        checked_at=command.checked_at,
    )


def study_heard(command: told.ReportStudy) -> Facts:
    """A study may readjust; the contract says what of it binds and what needs the customer."""
    result, settled = command.result, command.settled
    heard = facts.StudyHeard(result=result, studied_at=command.studied_at)
    if settled is None:
        return (heard, AttentionRaised(attention=waiting.study_refused(command, result)))
    heard = heard.model_copy(update={"offer": settled.offer, "binding": settled.binding})
    return (heard, *_as_contracted(command, settled), *closing(command, *BEFORE_IT_IS_KEPT))


def _as_contracted(command: told.ReportStudy, settled: told.StudySettled) -> Facts:
    result = command.result
    if settled.quote is not None and result.quote is not None:
        given, asked = waiting.quote(command, result.quote, settled.quote, settled.consent)
        return (given, AttentionRaised(attention=asked))
    if settled.consent:
        return (AttentionRaised(attention=waiting.changes(command, settled.consent)),)
    binding = facts.ChangesBinding(offer=settled.offer, said=settled.binding)
    return (binding, *planned(settled.plan))


def saturated(command: told.ReportSaturated) -> Facts:
    """As the contract has it: at once, later, after a quote, or not at all."""
    settled = command.settled
    found = facts.SaturationFound(
        event_at=command.event_at,
        at_customer=command.at_customer,
        mode=settled.mode,
        estimate=settled.estimate,
        tell_by=settled.tell_by,
        tell_source=settled.tell_source,
        said=settled.said,
    )
    if settled.mode is SaturationMode.EXCEPTIONAL and settled.quote and command.quote:
        given, asked = waiting.quote(command, command.quote, settled.quote)
        return (found, given, AttentionRaised(attention=asked))
    if settled.mode not in BY_ITSELF:
        return (found, AttentionRaised(attention=waiting.not_desaturated(command)))
    return (
        found,
        *planned(settled.plan),
        *_owed(command),
        *closing(command, *BEFORE_IT_IS_KEPT),
    )


def _owed(command: told.ReportSaturated) -> Facts:
    """A fee nobody asked about is a risk until consent is on record (C22)."""
    settled = command.settled
    owed = tuple(
        facts.FeeOwed(fee=fee, consented=not settled.consent_needed) for fee in settled.fees
    )
    if not (settled.consent_needed and settled.fees):
        return owed
    return (*owed, AttentionRaised(attention=waiting.fee_consent(command, settled.fees[0])))


def _quote_told(command: told.ReportQuoteTold, state: Access) -> Facts:
    """Its days run from the day its notice takes effect, and from no other (decision 8)."""
    terms = command.terms
    if not isinstance(state, Quoted) or state.told is not None or terms is None:
        return ()
    if command.reference != state.quote.quote.reference:
        return ()
    found = facts.QuoteTold(
        reference=command.reference,
        notice_id=command.notice_id,
        channel=command.channel,
        on=command.on,
        rule=command.rule,
        until=terms.until,
        source=terms.source,
    )
    return (found, *waiting.quote_counted(command, terms, state))


def _supply_withdrawn(command: told.ReportSupplyWithdrawn, state: Access) -> Facts:
    """By the operator that was chosen, before it works."""
    elsewhere = state.chosen is None or command.source != state.host
    if elsewhere or isinstance(state, Changing | GivingBack | InService):
        return ()
    withdrew = facts.SupplierWithdrew(
        operator=state.host, code=command.code, told_at=command.told_at
    )
    asked = AttentionRaised(attention=waiting.supply_withdrawn(command))
    return (withdrew, *_nobody_comes(command, state), *waiting.overtaken(state), asked)


def _nobody_comes(command: told.ReportSupplyWithdrawn, state: Access) -> Facts:
    """The visit goes with what it was for."""
    visit = state.opening.visit
    if visit is None:
        return ()
    gone = Said(
        fr="l'opérateur retire le service support", en="the operator withdraws what it stands on"
    )
    by, at = Party.OPERATOR, command.told_at
    return (VisitLetGo(reference=visit.reference, by=by, at=at, because=gone),)
