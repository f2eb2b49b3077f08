"""What operators tell us about a port-in, read from the inbox and made a fact, or set aside."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from temporalio import activity

from activities.indemnity_opening import Beside, opened_beside
from activities.line_progress import LineProgress, order_of, progress_of
from activities.lines import LineLedger, LineStep, MessageStep, Obeyed, instant_of
from activities.port_in import replaces
from activities.reading import instants_of, read_message
from domain import operators, port_in, port_moments
from domain import port_in_commands as told
from domain.event import Event
from domain.failure_treatment import treated
from domain.identity import step_command
from domain.operators import Reader, Told
from domain.outages import judge_outage
from domain.policies import ANSWER_WAIT
from domain.port_in import ReportTooSoonError
from domain.port_in_facts import Step
from domain.port_in_states import Going, PortState, fold
from domain.port_rules import PortRules
from ledger.append import MessageSettledError
from ledger.envelope import Envelope
from ledger.messages import Inbox, InboxRow

Common = dict[str, object]
DecideAt = Callable[[tuple[Event, ...], datetime], tuple[Event, ...]]


@dataclass(frozen=True, kw_only=True)
class PortInMessages:
    lines: LineLedger
    rules: PortRules
    inbox: Inbox
    readers: Mapping[str, Reader]
    """By source: how what it sends is read."""

    @activity.defn
    async def take_message(self, step: MessageStep) -> LineProgress:
        """A number that is nobody's, another line's or settled changes nothing."""
        try:
            row = await self.inbox.read(step.message_number)
        except KeyError:
            return await self._progress(step)
        if row.correlation != str(step.line_id):
            return await self._progress(step)
        read = read_message(self.readers, row)
        history = await self.lines.read(step.line_id)
        stated = step.model_copy(update={"at": _stated(read, step.at)})
        decide = self._deciding(read, row)
        try:
            beside = self._beside(read, stated, history, decide)
            obeyed = Obeyed(
                command_id=step_command(step.line_id, step=f"message/{step.message_number}"),
                correlation=order_of(step.line_id, history),
                decide=decide,
                actor=row.source,
                settles=step.message_number,
                also=beside.also,
                outbox=beside.outbox,
            )
            history = await self.lines.obey(stated, obeyed, history)
        except (MessageSettledError, ReportTooSoonError):
            history = await self.lines.read(step.line_id)
        return progress_of(step.line_id, history)

    async def _progress(self, step: LineStep) -> LineProgress:
        return progress_of(step.line_id, await self.lines.read(step.line_id))

    def _beside(
        self, read: Told, stated: LineStep, history: tuple[Envelope, ...], decide: DecideAt
    ) -> Beside:
        """A switch that came late, or took too long, opens what may be owed for it."""
        if not isinstance(read, operators.SwitchedTold):
            return Beside()
        at = instant_of(stated, history)
        events = decide(tuple(envelope.event for envelope in history), at)
        return opened_beside(self.rules, history, events, at)

    def _deciding(self, read: Told, row: InboxRow) -> DecideAt:
        def decide(events: tuple[Event, ...], at: datetime) -> tuple[Event, ...]:
            state = fold(events)
            common: Common = {
                "decided_at": at,
                "answer_by": self.rules.after(at, ANSWER_WAIT),
                "source": row.source,
                "message_key": row.message_key,
            }
            return port_in.decide(self._command(read, state, common, at), state)

        return decide

    def _command(
        self, read: Told, state: PortState, common: Common, now: datetime
    ) -> told.PortInCommand:
        """What is worked out from contracts and calendars comes in with the report."""
        match read:
            case operators.AcceptedTold(accepted_at=at):
                commit_at = self._commit_at(state, min(at, now))
                return told.ReportAccepted(**common, accepted_at=at, commit_at=commit_at)
            case operators.SwitchedTold() if isinstance(state, Going):
                contract = self.rules.contract(state.terms.pin)
                judged = judge_outage(contract, read.outage_from, read.outage_to)
                return told.ReportSwitched(**common, **vars(read), **vars(judged))
            case operators.StepRefusedTold(step=step, code=code):
                return _plain(read, self._governed(state, step, code, common, now))
            case operators.RefusedTold(code=code):
                governed = self._governed(state, Step.SEND_REQUEST, code, common, now)
                return _plain(read, {**governed, "replaces": self._replaces(state)})
            case operators.EligibilityLostTold(code=code):
                return _plain(read, self._governed(state, Step.SEND_REQUEST, code, common, now))
            case _:
                return _plain(read, common)

    def _governed(
        self, state: PortState, step: Step, code: str, common: Common, now: datetime
    ) -> Common:
        """With what the policy says of it as of this instant."""
        if not isinstance(state, Going):
            return common
        return {**common, "treatment": treated(self.rules, state, step, code, at=now)}

    def _replaces(self, state: PortState) -> bool:
        return isinstance(state, Going) and replaces(self.rules, state.terms)

    def _commit_at(self, state: PortState, accepted_at: datetime) -> datetime | None:
        if not isinstance(state, Going) or state.planned is None:
            return None
        calendar = self.rules.calendar_for(state.terms)
        return port_moments.commit_at(calendar, state.planned.plan, accepted_at)


def _plain(read: Told, common: Common) -> told.PortInCommand:
    kind = _PLAIN.get(type(read))
    if kind is None:
        return told.ReportUnreadable(**common, why=f"{type(read).__name__} is not about a port")
    fields = {name: value for name, value in vars(read).items() if name in kind.model_fields}
    return cast("told.ReportCommand", kind(**common, **fields))


_PLAIN: Mapping[type, type[told.Report]] = {
    operators.LineReadyTold: told.ReportLineReady,
    operators.ReleasedTold: told.ReportLineReleased,
    operators.StepRefusedTold: told.ReportOperatorRefused,
    operators.RefusedTold: told.ReportRefused,
    operators.EligibilityLostTold: told.ReportEligibilityLost,
    operators.RequestCancelledTold: told.ReportRequestCancelled,
    operators.ConfirmedTold: told.ReportConfirmed,
    operators.Unreadable: told.ReportUnreadable,
}


def _stated(read: Told, received_at: datetime) -> datetime:
    """The instant the sender states, never later than now: a clock that runs ahead is not ours."""
    return min(received_at, max(instants_of(read), default=received_at))
