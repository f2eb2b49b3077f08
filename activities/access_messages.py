"""What operators tell us about an access, read from the inbox and made a fact, or set aside."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import repeat

from temporalio import activity

from activities.access import treated_access
from activities.line_progress import LineProgress, order_of, progress_of
from activities.lines import LineLedger, LineStep, MessageStep, Obeyed, instant_of
from activities.reading import instants_of, read_message
from domain import access, access_rules, access_told, visit_rules, works_rules, works_told
from domain import access_commands as told
from domain import link_commands as links
from domain import works_commands as works
from domain.access import AnyReport
from domain.access_facts import Offer, StudyResult
from domain.access_overwriting import is_left_to_a_person
from domain.access_stages import Access, AccessState, Quoted, Served
from domain.access_states import fold
from domain.copper_closures import Closures
from domain.event import Event
from domain.identity import LineId, step_command
from domain.lateness_shares import History
from domain.operators import Reader, StepRefusedTold, Told, Unreadable
from domain.parsed import BadValueError
from domain.policies import ANSWER_WAIT, OVERWRITTEN_ANSWER, PHOTOGRAPH_WAIT
from domain.port_rules import PortRules
from domain.visit_facts import VisitReportCompleted, VisitToldLate
from domain.works_facts import KeptReport, VisitKept
from domain.works_told import WorksTold
from ledger.append import MessageSettledError, OutboxMessage
from ledger.envelope import Envelope
from ledger.messages import FETCH_PHOTOGRAPH, PUT_BACK_BY_HAND, Inbox, InboxRow

Common = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class AccessMessages:
    lines: LineLedger
    rules: PortRules
    inbox: Inbox
    readers: Mapping[str, Reader]
    """By source: how what it sends is read."""
    closures: Callable[[], Closures]
    """Of copper."""

    @activity.defn
    async def take_access_message(self, step: MessageStep) -> LineProgress:
        """A message that is nobody's, another line's or settled changes nothing."""
        try:
            row = await self.inbox.read(step.message_number)
        except KeyError:
            return await self._progress(step)
        if row.correlation != str(step.line_id):
            return await self._progress(step)
        read = read_message(self.readers, row)
        stated = min(row.received_at, max(instants_of(read), default=row.received_at))
        history = await self.lines.read(step.line_id)

        def decide(events: tuple[Event, ...], at: datetime) -> tuple[Event, ...]:
            state, known = fold(events), _dated(history, events, at)
            return access.decide(self._readable(read, row, state, at, known), state)

        told_at = step.model_copy(update={"at": min(step.at, stated)})
        kept = isinstance(read, works_told.VisitKeptTold)
        decided = decide(*_now(told_at, history)) if kept else ()
        obeyed = Obeyed(
            command_id=step_command(step.line_id, step=f"message/{step.message_number}"),
            correlation=order_of(step.line_id, history),
            decide=decide,
            actor=row.source,
            settles=step.message_number,
            outbox=(
                *_by_hand(read, step.line_id, history),
                *self._pictured(step, row, history, decided),
            ),
        )
        try:
            history = await self.lines.obey(told_at, obeyed, history)
        except MessageSettledError:
            history = await self.lines.read(step.line_id)
        return progress_of(step.line_id, history)

    def _pictured(
        self,
        step: LineStep,
        row: InboxRow,
        history: tuple[Envelope, ...],
        decided: tuple[Event, ...],
    ) -> tuple[OutboxMessage, ...]:
        """Each photograph of a visit that was kept, to be asked for on its own."""
        report = next(filter(None, map(_report_in, decided)), None)
        state = fold(envelope.event for envelope in history)
        if report is None or not isinstance(state, Access):
            return ()
        about = {
            "order_id": str(state.terms.order_id),
            "line_id": str(step.line_id),
            "line": state.terms.number,
            "host": row.source,
            "on": visit_rules.day_of_report(self.rules, state, report, step.at).isoformat(),
            "until": self.rules.after(step.at, PHOTOGRAPH_WAIT).isoformat(),
        }
        return tuple(
            OutboxMessage(kind=FETCH_PHOTOGRAPH, payload=json.dumps({**about, "reference": one}))
            for one in dict.fromkeys(report.photographs)
        )

    async def _progress(self, step: LineStep) -> LineProgress:
        return progress_of(step.line_id, await self.lines.read(step.line_id))

    def _readable(
        self, read: Told, row: InboxRow, state: AccessState, at: datetime, known: History
    ) -> AnyReport:
        """A day nobody can reckon with is the operator's mistake, and holds nothing up."""
        try:
            return self._command(read, row, state, at, known)
        except BadValueError as exc:
            return self._command(Unreadable(why=f"{exc}"), row, state, at, known)

    def _command(
        self, read: Told, row: InboxRow, state: AccessState, at: datetime, known: History
    ) -> AnyReport:
        """What is worked out from the contract comes in with the report."""
        common: Common = {
            "decided_at": at,
            "answer_by": self.rules.after(at, ANSWER_WAIT),
            "source": row.source,
            "message_key": row.message_key,
        }
        match read:
            case StepRefusedTold(step=step, code=code) if isinstance(state, Access):
                treatment = treated_access(self.rules, state, step, code, at=at)
                common |= {"treatment": treatment}
            case access_told.StudyTold(result=result) if isinstance(state, Served):
                common |= self._studied(state, result, at)
            case access_told.SaturatedTold() if isinstance(state, Access):
                common |= self._saturated(state, read, at)
            case access_told.OverwrittenTold():
                common |= {"answer_by": self.rules.after(at, OVERWRITTEN_ANSWER)}
            case access_told.ReservedTold() if isinstance(state, Served):
                common |= self._closing(state, state.chosen.offer, at)
            case _ if isinstance(read, WorksTold) and isinstance(state, Access):
                common |= self._works(state, read, at, known)
            case access_told.QuoteTold(on=on) if isinstance(state, Quoted):
                common |= {"terms": access_rules.quote_told(self.rules, state, on)}
            case _:
                pass
        kind = _KINDS.get(type(read))
        if kind is None or not _may_fit(read, state):
            return told.ReportUnreadable.model_validate({**common, "why": _why_aside(read)})
        fields = {name: value for name, value in vars(read).items() if name in kind.model_fields}
        return kind.model_validate({**common, **fields})

    def _studied(self, state: Served, result: StudyResult, at: datetime) -> Common:
        settled = access_rules.study_settled(self.rules, state, result, at)
        late = {} if settled is None else self._closing(state, settled.offer, at)
        return {"settled": settled, **late}

    def _saturated(self, state: Access, read: access_told.SaturatedTold, at: datetime) -> Common:
        settled = access_rules.saturation_settled(self.rules, state, read, at)
        if state.chosen is None or settled.estimate is None:
            return {"settled": settled}
        return {"settled": settled, **self._closing(state, state.chosen.offer, settled.estimate)}

    def _works(self, state: Access, read: WorksTold, at: datetime, known: History) -> Common:
        found = works_rules.settled(self.rules, state, read, at, known)
        of_a_slot = works_told.VisitBookedTold | works_told.VisitMovedTold
        if isinstance(read, of_a_slot) and isinstance(state, Served):
            found |= {"closing": access_rules.closed_on(self.closures(), state, read.slot.day)}
        return found

    def _closing(self, state: Access, offer: Offer, begins: datetime | date) -> Common:
        """As closures are known now: they may have moved since it was chosen."""
        late = access_rules.closing(self.rules, self.closures(), state, offer, begins)
        return {"closing": late}


def _dated(
    history: tuple[Envelope, ...], events: tuple[Event, ...], at: datetime
) -> tuple[tuple[datetime, Event], ...]:
    """Each with its instant; what came since it was read is of now."""
    instants = (*(envelope.business_at for envelope in history), *repeat(at, len(events)))
    return tuple(zip(instants, events, strict=False))


def _report_in(event: Event) -> KeptReport | None:
    """Of a visit that took place, and of one that a person had said otherwise of."""
    match event:
        case VisitKept(report=report) | VisitReportCompleted(report=report):
            return report
        case VisitToldLate(told=VisitKept(report=report)):
            return report
        case _:
            return None


def _now(step: LineStep, history: tuple[Envelope, ...]) -> tuple[tuple[Event, ...], datetime]:
    """What is decided from, unless somebody appends meanwhile."""
    return tuple(envelope.event for envelope in history), instant_of(step, history)


def _may_fit(read: Told, state: AccessState) -> bool:
    """Another customer's line is told of whatever has become of ours; tests are held against an
    offer."""
    if isinstance(read, works_told.CommissionedTold):
        return isinstance(state, Served)
    return isinstance(state, Access) or isinstance(read, access_told.OverwrittenTold)


def _why_aside(read: Told) -> str:
    if isinstance(read, Unreadable):
        return read.why
    return "not about an access, or too late"


def _by_hand(
    read: Told, line_id: LineId, history: tuple[Envelope, ...]
) -> tuple[OutboxMessage, ...]:
    """Another customer's line, and no process left to put it back: a person has it done."""
    if not isinstance(read, access_told.OverwrittenTold):
        return ()
    events = tuple(envelope.event for envelope in history)
    if not is_left_to_a_person(events, fold(events)):
        return ()
    payload = {"order_id": str(order_of(line_id, history)), "line_id": str(line_id)}
    return (OutboxMessage(kind=PUT_BACK_BY_HAND, payload=json.dumps(payload)),)


_KINDS: Mapping[type, type[AnyReport]] = {
    access_told.EligibilityTold: told.ReportEligibility,
    access_told.StudyTold: told.ReportStudy,
    access_told.ReservedTold: told.ReportReserved,
    access_told.SaturatedTold: told.ReportSaturated,
    access_told.DesaturatedTold: told.ReportDesaturated,
    access_told.AccessReleasedTold: told.ReportReleased,
    access_told.SupplyWithdrawnTold: told.ReportSupplyWithdrawn,
    access_told.OverwrittenTold: told.ReportOverwritten,
    access_told.PutBackTold: told.ReportPutBack,
    access_told.QuoteTold: told.ReportQuoteTold,
    StepRefusedTold: told.ReportStepRefused,
    access_told.LineServedTold: links.ReportLineServed,
    access_told.LineEndedTold: links.ReportLineEnded,
    works_told.MilestoneTold: works.ReportMilestone,
    works_told.WorksDoneTold: works.ReportWorksDone,
    works_told.WorksFailedTold: works.ReportWorksFailed,
    works_told.VisitsOfferedTold: works.ReportVisitsOffered,
    works_told.VisitBookedTold: works.ReportVisitBooked,
    works_told.VisitCancelledTold: works.ReportVisitCancelled,
    works_told.VisitMovedTold: works.ReportVisitMoved,
    works_told.VisitKeptTold: works.ReportVisitKept,
    works_told.VisitFailedTold: works.ReportVisitFailed,
    works_told.VisitMissedTold: works.ReportVisitMissed,
    works_told.CommissionedTold: works.ReportCommissioned,
}
