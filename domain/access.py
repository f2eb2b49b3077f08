"""One fixed access, from its order to its service: what may be decided, and which facts follow.

Commands, facts and states lie beside this file (`access_commands`, `access_facts`,
`access_states`); what operators tell in `access_reports`, decisions of people in `access_people`.
"""

from typing import assert_never, cast

from domain import access_attention as waiting
from domain import access_commands as told
from domain import access_facts as facts
from domain import (
    access_links,
    equipment_back,
    equipment_elsewhere,
    equipment_people,
    works_reports,
    works_site,
)
from domain import access_telling as telling
from domain import port_in_attention as of_lines
from domain.access_amending import amendment_lapsed
from domain.access_awaited import moves_at
from domain.access_ending import begin_end, quote_refused
from domain.access_facts import CUTS_PAPER
from domain.access_leaving import leaving_due
from domain.access_overwriting import NO_PROCESS_LEFT, works
from domain.access_people import decide_for_person
from domain.access_promises import planned
from domain.access_reports import reported
from domain.access_stages import (
    Access,
    AccessState,
    Agreeing,
    Checking,
    ClaimingSite,
    Commissioning,
    GatheringPapers,
    GivingBack,
    InService,
    NotOpened,
    Quoted,
)
from domain.attention import (
    Attention,
    AttentionCleared,
    AttentionRaised,
    DecisionKind,
    going_up,
    gone_up,
)
from domain.delay_facts import ServiceDayAwaited
from domain.equipment_commands import AskEquipmentBack, MoveEquipment
from domain.event import Event
from domain.link_commands import AwaitLines, LinkCommand, LinkReport, TellLines
from domain.port_in_facts import (
    CancellationLapsed,
    GateOpened,
    GatesPassed,
    HeldDocument,
    MessageSetAside,
    OperatorAsked,
    OperatorRefused,
    OperatorTook,
    Outcome,
    RetryBegun,
    Step,
)
from domain.port_in_failures import followed
from domain.said import Said
from domain.visit_facts import TOLD_LATE, UNWANTED
from domain.works_attention import READINESS
from domain.works_awaited import day_come, visit_due
from domain.works_commands import WorksReport

Facts = tuple[Event, ...]


class AccessRefusedError(Exception):
    """The command does not fit where the access stands; nothing was recorded."""


AnyReport = told.ReportCommand | WorksReport | LinkReport
Stepped = told.AnyCommand | LinkCommand | AskEquipmentBack
AnyCommand = Stepped | WorksReport | MoveEquipment


def decide(command: AnyCommand, state: AccessState) -> Facts:
    found = _decided(command, state)
    return (*found, *telling.overtaken(found, state))


def _decided(command: AnyCommand, state: AccessState) -> Facts:
    match command:
        case told.OpenAccess() if isinstance(state, NotOpened):
            terms, gates, stated = command.terms, command.gates, command.stated
            return (facts.AccessOpened(terms=terms, gates=gates, stated=stated),)
        case told.Report():
            return _reported(command, state)
        case MoveEquipment():
            return _equipment_moved(command, state)
    if not isinstance(state, Access):
        raise _misfit(command, state)
    match command:
        case (
            told.TakeDecision()
            | told.RequestCancellation()
            | told.AmendAccess()
            | told.HoldAccess()
            | told.TakeUpAccess()
        ):
            return decide_for_person(command, state)
        case told.HearTook() | told.HearRefused() | told.HearNothing() | told.HearNobody():
            return _heard(command, state)
        case AwaitLines() | TellLines():
            found: Facts | None = access_links.moved_on(command, state)
        case _:
            found = _moved_on(command, state)
    if found is None:
        raise _misfit(command, state)
    return found


def _equipment_moved(command: MoveEquipment, state: AccessState) -> Facts:
    """After its end too: what was sent may still come, or come back."""
    if isinstance(state, NotOpened):
        raise _misfit(command, state)
    return equipment_people.moved(command, state)


def _misfit(command: AnyCommand, state: AccessState) -> AccessRefusedError:
    return AccessRefusedError(
        f"{type(command).__name__} does not fit while the access is "
        f"{type(state).__name__.lower()}; look at its timeline"
    )


def _reported(command: AnyReport, state: AccessState) -> Facts:
    """What does not fit changes nothing, and is set aside with the reason."""
    known = "already known, or too late"
    why = command.why if isinstance(command, told.ReportUnreadable) else known
    if isinstance(command, told.ReportOverwritten) and works(state):
        why = NO_PROCESS_LEFT
    if found := _heard_of(command, state) if isinstance(state, Access) else ():
        return found
    aside = MessageSetAside(source=command.source, message_key=command.message_key, why=why)
    return (aside,)


def _heard_of(command: AnyReport, state: Access) -> Facts:
    if isinstance(command, LinkReport):
        return access_links.reported(command, state)
    if isinstance(command, WorksReport):
        return works_reports.reported(command, state)
    return reported(command, state)


# its own process


def _moved_on(command: Stepped, state: Access) -> Facts | None:
    found: Facts | None = None
    match command, state:
        case told.NoteSiteClaimed(), ClaimingSite():
            found = (facts.SiteClaimed(),)
        case told.NoteSiteTaken(), ClaimingSite():
            found = (AttentionRaised(attention=waiting.site_taken(command)),)
        case told.LookAtGates(), GatheringPapers():
            found = _gates_looked_at(command, state)
        case told.ChooseOffer(), Checking() if state.asking is None and not state.held:
            found = _chosen(command, state)
        case told.LookAtCuts(), Agreeing() if not state.held:
            found = _cuts_looked_at(command, state)
        case _:
            found = _carried_out(command, state)
    return found


def _carried_out(command: Stepped, state: Access) -> Facts | None:
    found: Facts | None = None
    match command, state:
        case told.AskOperator(), _ if state.step is command.step and not state.held:
            found = _asked(command, state)
        case told.AwaitDay(), Commissioning() if _is_to_be_opened(state):
            found = (ServiceDayAwaited(day=command.day, until=command.until),)
        case told.PassTime(), _:
            found = _time_passed(command, state)
        case told.EndAccess(), GivingBack(left=()) | InService() if _may_end(state):
            found = (_end_of(state),)
        case AskEquipmentBack(), GivingBack() if equipment_back.is_due(state):
            found = equipment_back.asked_back(command, state)
        case AskEquipmentBack(), _ if equipment_back.is_due(state):
            found = equipment_elsewhere.asked(command, state)
        case told.RaiseSilence(), _ if not state.attentions:
            found = (AttentionRaised(attention=of_lines.nothing_moves(command)),)
    return found


def _is_to_be_opened(state: Commissioning) -> bool:
    """And nobody is asked for it yet: what is asked for is not taken back."""
    asked = Step.COMMISSION_ACCESS in state.asks
    return state.step is not None and not asked and not state.held


def _gates_looked_at(command: told.LookAtGates, state: GatheringPapers) -> Facts:
    """Time opens some; the rest is asked of the customer, in one question."""
    now = command.decided_at
    by_time = [g.kind for g in state.gates if g.opens_by_itself and g.until <= now]
    opened = tuple(GateOpened(kind=kind) for kind in by_time)
    left = [gate for gate in state.gates if gate.kind not in by_time]
    if not left:
        return (*opened, *of_lines.cleared(state, of_lines.GATES), GatesPassed())
    papers = tuple(gate for gate in left if not gate.opens_by_itself)
    if not papers or state.is_asked(of_lines.GATES):
        return opened
    return (*opened, AttentionRaised(attention=of_lines.gates_closed(papers, now)))


def _chosen(command: told.ChooseOffer, state: Checking) -> Facts:
    """A site nobody can serve is closed alone; the others of the order go on (002:588-594)."""
    if command.offer is not None:
        chosen = facts.OfferChosen(offer=command.offer, because=command.because)
        return (chosen, *planned(command.plan))
    if command.closing is not None:
        asked = waiting.closing(command, command.closing, DecisionKind.RETRY)
        return (AttentionRaised(attention=asked),)
    if not command.certain:
        return (AttentionRaised(attention=waiting.unsure(command)),)
    why = Said(
        fr="aucun opérateur ne peut servir ce site : " + "; ".join(s.fr for s in command.because),
        en="no operator can serve this site: " + "; ".join(s.en for s in command.because),
    )
    end = begin_end(state, Outcome.REFUSED, why, command.fees, command.cost)
    return (facts.SiteUnserved(reasons=command.reasons), *end)


def _cuts_looked_at(command: told.LookAtCuts, state: Agreeing) -> Facts:
    """As of now, and again once they are agreed to: nothing is ordered before that."""
    numbers = len(state.terms.keeps)
    said = waiting.cuts_said(state.uses, numbers)
    listed = facts.CutsListed(uses=state.uses, numbers=numbers, said=said)
    clear = facts.NothingInTheWay(study=command.study, because=command.because)
    if not state.uses and not numbers:
        return (listed, clear)
    papers, came_with_it = _consents(state)
    if papers:
        return (listed, clear)
    if came_with_it is not None:
        return (listed, facts.CutsAgreed(paper=came_with_it), clear)
    return (listed, AttentionRaised(attention=waiting.cuts(command, state.uses, numbers)))


def _consents(state: Agreeing) -> tuple[list[HeldDocument], HeldDocument | None]:
    """Those handed in since, each recorded by its decision; and the one that came with the order,
    which covers what the order named, and no more (decision 39)."""
    papers = [one for one in state.documents if one.name == CUTS_PAPER]
    with_it = [one for one in state.terms.held if one.name == CUTS_PAPER]
    covered = with_it and set(state.uses) <= set(state.terms.uses)
    return papers[len(with_it) :], with_it[-1] if covered else None


def _may_end(state: Access) -> bool:
    """Nothing is asked that has it stand still, or about a visit that took place or will, and no
    piece is out that its contract wants back."""
    visits = any(state.is_asked(code) for code in (TOLD_LATE, UNWANTED))
    return not state.blocked and not visits and equipment_back.is_settled(state)


def _asked(command: told.AskOperator, state: Access) -> Facts:
    known = state.asks.get(command.step)
    if known is not None and known.key == command.key:
        return ()
    asked = OperatorAsked(
        step=command.step,
        key=command.key,
        epoch=command.epoch,
        asked_at=command.decided_at,
        until=command.until,
    )
    return (*works_site.asked_beside(command), asked)


def _end_of(state: Access) -> facts.AccessEnded:
    if isinstance(state, GivingBack):
        return facts.AccessEnded(outcome=state.outcome, why=state.why, fees=state.fees)
    started = cast("InService", state).started
    return facts.AccessEnded(
        outcome=Outcome.DELIVERED,
        why=started.said,
        fees=state.charged,
        service_started_at=started.started_at,
    )


# operators, asked


def _heard(command: told.AnswerCommand, state: Access) -> Facts:
    """Only about the step that is being taken: it may have moved on since it was asked."""
    if command.step is not state.step or command.step not in state.asks:
        return ()
    match command:
        case told.HearTook(step=step, reference=reference):
            if state.asks[step].reference is not None:
                return ()
            took = OperatorTook(step=step, reference=reference)
            return (took, *of_lines.cleared(state, of_lines.OPERATOR_SILENT))
        case told.HearRefused(step=step, code=code):
            refused = OperatorRefused(step=step, code=code)
            asked = of_lines.operator_refused(command, step, code)
            return (refused, *followed(command, state, step=step, code=code, asked=asked))
        case told.HearNothing(step=step, code=code):
            asked = of_lines.operator_silent(command, step)
            return followed(command, state, step=step, code=code, asked=asked)
        case told.HearNobody(step=step):
            asked = waiting.by_hand(command, step, state.host)
            return () if state.is_asked(asked.code) else (AttentionRaised(attention=asked),)
        case _:
            assert_never(command)


# time


def _time_passed(command: told.PassTime, state: Access) -> Facts:
    """Whatever was awaited did not come: each silence has its own consequence."""
    now = command.decided_at
    if state.hold is not None and now >= state.hold.until:
        return (facts.AccessTakenUp(),)
    overdue = [a for a in state.attentions if (at := moves_at(a, state)) and at <= now]
    if overdue:
        return tuple(event for a in overdue for event in _overdue(a, command, state))
    if found := (*visit_due(command, state), *_due_beside(command, state)):
        return found
    to_tell = telling.undecided(state)
    if to_tell is not None and now >= to_tell.ask_at:
        return (AttentionRaised(attention=waiting.refusal_due(command, to_tell)),)
    retry = state.retry
    if retry is not None and not state.blocked and now >= retry.until:
        return (RetryBegun(step=retry.step),)
    return ()


def _due_beside(command: told.PassTime, state: Access) -> Facts:
    return (
        *access_links.lines_due(command, state),
        *leaving_due(command, state),
        *day_come(command, state),
    )


def _overdue(attention: Attention, command: told.PassTime, state: Access) -> Facts:
    code, terms = attention.code, command.quote
    told_of = isinstance(state, Quoted) and state.quote.until is not None
    if code == waiting.QUOTE and told_of and terms and terms.silence_refuses:
        return quote_refused(cast("Quoted", state), terms, by_silence=True)
    if code == waiting.AMENDMENT:
        return amendment_lapsed()
    if code == READINESS:
        return works_site.overdue(attention, command, state)
    if code in of_lines.CANCELLATIONS:
        why = Said(
            fr="ce qui devait confirmer l'annulation n'est pas venu à temps",
            en="what was to confirm the cancellation did not come in time",
        )
        return (CancellationLapsed(why=why), AttentionCleared(code=code))
    up = going_up((attention,))
    return (gone_up(attention, until=command.answer_by),) if up else ()
