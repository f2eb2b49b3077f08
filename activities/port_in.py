"""The verbs of a port-in's own process: each one command to the ledger, then where the line is."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import AwareDatetime
from temporalio import activity

from activities.indemnity_opening import Beside, opened_beside
from activities.line_progress import LineProgress, order_of, progress_of
from activities.lines import (
    LineLedger,
    LineStep,
    Obeyed,
    instant_of,
    version_command,
)
from domain import port_in, port_moments
from domain import port_in_commands as told
from domain.claims import NumberTakenError, claiming, releasing
from domain.event import Event
from domain.failure_bounds import COME_BACK, NO_ANSWER, NO_DONOR_ANSWER, NUMBER_INACTIVE
from domain.failure_treatment import treated
from domain.identity import OrderId, number_stream, replacement_of, step_command
from domain.policies import ANSWER_WAIT
from domain.port_dates import DateRefusedError
from domain.port_in import PortRefusedError
from domain.port_in_awaited import step_of
from domain.port_in_facts import LineTerms, Outcome, Step
from domain.port_in_states import (
    AwaitingDonor,
    Dating,
    Going,
    PortState,
    Undoing,
    Verified,
    Waiting,
    fold,
)
from domain.port_planning import plan_as_it_stands
from domain.port_rules import PortRules, confirmers_of
from domain.said import Said
from ledger.append import MessageSettledError, OutboxMessage
from ledger.deciding import Also
from ledger.envelope import Envelope
from ledger.messages import TELL_ORDER

Build = Callable[[PortState, datetime], told.PortInCommand | None]
DecideAt = Callable[[tuple[Event, ...], datetime], tuple[Event, ...]]

_MAY_SHOW = frozenset({"settle-dates", "end", f"answer-{Step.VERIFY_LINE}-works"})
"""Verbs whose facts may show that a line is late or lost."""

BY_HAND = "by-hand"
"""There is no interface with the operator: a person asks it."""

MOVED_ON = "moved-on"
"""There was nothing left to ask: the line is looked at again."""


class AnswerStep(LineStep):
    """What an operator answered when it was asked: ids and codes only."""

    step: Step
    outcome: str
    """took, refused, nothing, busy, active, suspended, inactive, works, by-hand, moved-on"""
    detail: str = ""
    again_after: timedelta | None = None
    """How long, by the wall, an operator asks to be left alone."""
    again_at: AwareDatetime | None = None
    """The same in business time: the process has the clock."""


@dataclass(frozen=True, kw_only=True)
class PortInActivities:
    lines: LineLedger
    rules: PortRules

    @activity.defn
    async def load_port(self, step: LineStep) -> LineProgress:
        return progress_of(step.line_id, await self.lines.read(step.line_id))

    @activity.defn
    async def claim_number(self, step: LineStep) -> LineProgress:
        """Two streams in one transaction: the number decides who moves it."""
        state = await self._state(step)
        if not isinstance(state, Going):
            return await self.load_port(step)
        also = Also(
            stream_id=number_stream(state.terms.number_digest),
            decide=claiming(line_id=step.line_id, order_id=state.terms.order_id, at=step.at),
        )
        try:
            return await self._obey(step, "claim-number", self._claimed, also=(also,))
        except NumberTakenError as exc:
            return await self._obey(step, "number-taken", self._taken_by(exc.order_id))

    @activity.defn
    async def look_at_gates(self, step: LineStep) -> LineProgress:
        return await self._obey(
            step,
            "look-at-gates",
            lambda _, at: told.LookAtGates(decided_at=at, answer_by=self._answer_by(at)),
        )

    @activity.defn
    async def settle_dates(self, step: LineStep) -> LineProgress:
        return await self._obey(step, "settle-dates", self._dates)

    @activity.defn
    async def intend(self, step: LineStep) -> LineProgress:
        """Say what will be asked of an operator, under which key, before anything is sent."""
        return await self._obey(step, "intend", self._intent)

    @activity.defn
    async def accept_internally(self, step: LineStep) -> LineProgress:
        return await self._obey(step, "accept-internally", self._internal)

    @activity.defn
    async def commit_internally(self, step: LineStep) -> LineProgress:
        return await self._obey(
            step,
            "commit-internally",
            lambda _, at: told.CommitPort(
                decided_at=at, answer_by=self._answer_by(at), reference=None, confirmers=()
            ),
        )

    @activity.defn
    async def note_answer(self, step: AnswerStep) -> LineProgress:
        return await self._obey(
            step,
            f"answer-{step.step}-{step.outcome}",
            lambda state, at: self._answer(step, state, at),
        )

    @activity.defn
    async def pass_time(self, step: LineStep) -> LineProgress:
        return await self._obey(step, "pass-time", self._time)

    @activity.defn
    async def end_port(self, step: LineStep) -> LineProgress:
        """The number is free again, and the order is told, in the same transaction."""
        state = await self._state(step)
        if not isinstance(state, Going):
            return await self.load_port(step)
        release = Also(
            stream_id=number_stream(state.terms.number_digest),
            decide=releasing(line_id=step.line_id, at=step.at),
        )
        payload = {"order_id": str(state.terms.order_id), "line_id": str(step.line_id)}
        tell = OutboxMessage(kind=TELL_ORDER, payload=json.dumps(payload))
        return await self._obey(step, "end", self._end, also=(release,), outbox=(tell,))

    async def _state(self, step: LineStep) -> PortState:
        return fold(envelope.event for envelope in await self.lines.read(step.line_id))

    async def _obey(
        self,
        step: LineStep,
        verb: str,
        build: Build,
        *,
        also: tuple[Also, ...] = (),
        outbox: tuple[OutboxMessage, ...] = (),
    ) -> LineProgress:
        """Where the line is afterwards, whether this moved it or came too late."""

        def decide(events: tuple[Event, ...], at: datetime) -> tuple[Event, ...]:
            state = fold(events)
            command = build(state, at)
            return () if command is None else port_in.decide(command, state)

        history = await self.lines.read(step.line_id)
        try:
            beside = self._beside(verb, step, history, decide)
            obeyed = Obeyed(
                command_id=version_command(step, verb),
                correlation=order_of(step.line_id, history),
                decide=decide,
                also=(*also, *beside.also),
                outbox=(*outbox, *beside.outbox),
            )
            history = await self.lines.obey(step, obeyed, history)
        except (PortRefusedError, MessageSettledError):
            history = await self.lines.read(step.line_id)
        return progress_of(step.line_id, history)

    def _beside(
        self, verb: str, step: LineStep, history: tuple[Envelope, ...], decide: DecideAt
    ) -> Beside:
        """What is late or lost opens what may be owed for it, in the same append."""
        if verb not in _MAY_SHOW:
            return Beside()
        at = instant_of(step, history)
        events = decide(tuple(envelope.event for envelope in history), at)
        return opened_beside(self.rules, history, events, at)

    def _answer_by(self, at: datetime) -> datetime:
        return self.rules.after(at, ANSWER_WAIT)

    def _claimed(self, _state: PortState, at: datetime) -> told.PortInCommand:
        return told.NoteNumberClaimed(decided_at=at, answer_by=self._answer_by(at))

    def _taken_by(self, order_id: OrderId) -> Build:
        return lambda _, at: told.NoteNumberTaken(
            decided_at=at, answer_by=self._answer_by(at), order_id=order_id
        )

    def _dates(self, state: PortState, at: datetime) -> told.PortInCommand | None:
        if not isinstance(state, Dating | Waiting):
            return None
        try:
            planned = plan_as_it_stands(self.rules, state, wished=state.wished, at=at)
        except DateRefusedError as exc:
            return told.RefuseDates(
                decided_at=at,
                answer_by=self._answer_by(at),
                wished=exc.wished,
                first=exc.first,
                why=exc.why,
            )
        return told.SettleDates(
            decided_at=at,
            answer_by=self._answer_by(at),
            plan=planned.plan,
            answer_until=planned.answer_until,
            switch_from=planned.switch_from,
            confirmations_until=planned.confirmations_until,
        )

    def _intent(self, state: PortState, at: datetime) -> told.PortInCommand | None:
        step = step_of(state) if isinstance(state, Going) else None
        if step is None or not isinstance(state, Going):
            return None
        epoch = state.epoch(step)
        return told.AskOperator(
            decided_at=at,
            answer_by=self._answer_by(at),
            step=step,
            key=str(step_command(state.terms.line_id, step=step, epoch=epoch)),
            epoch=epoch,
            until=self._until(step, state, at),
        )

    def _until(self, step: Step, state: Going, at: datetime) -> datetime:
        planned = state.planned
        if step is Step.CANCEL_REQUEST:
            return port_moments.next_reminder(self.rules.calendar_for(state.terms), at)
        if planned is None or step is Step.RELEASE_LINE:
            return self._answer_by(at)
        dates = {
            Step.PREPARE_LINE: planned.plan.send_at,
            Step.SEND_REQUEST: planned.answer_until,
            Step.COMMIT_PORT: planned.switch_from,
        }
        return dates.get(step, planned.confirmations_until)

    def _internal(self, state: PortState, at: datetime) -> told.PortInCommand | None:
        if not isinstance(state, Waiting):
            return None
        calendar = self.rules.calendar_for(state.terms)
        return told.AcceptInternally(
            decided_at=at,
            answer_by=self._answer_by(at),
            commit_at=port_moments.commit_at(calendar, state.planned.plan, at),
        )

    def _answer(
        self, step: AnswerStep, state: PortState, at: datetime
    ) -> told.PortInCommand | None:
        if step.outcome == MOVED_ON:
            return None
        common = {"decided_at": at, "answer_by": self._answer_by(at)}
        ticket = step.step is Step.COMMIT_PORT and step.outcome == "took"
        if ticket and isinstance(state, Going):
            confirmers = confirmers_of(state.terms)
            return told.CommitPort(**common, reference=step.detail, confirmers=confirmers)
        if step.outcome == "took" and step.step not in QUESTIONS:
            return told.HearTook(**common, step=step.step, reference=step.detail)
        if step.outcome in _WELL:
            return _of_a_question(step, common)
        return self._failed(step, state, common)

    def _failed(
        self, step: AnswerStep, state: PortState, common: dict[str, datetime]
    ) -> told.PortInCommand | None:
        """What went wrong, with what the policy says of it as of this instant."""
        if not isinstance(state, Going):
            return None
        code = code_of(step)
        at, asked_for = common["decided_at"], step.again_at
        treatment = treated(self.rules, state, step.step, code, at=at, asked_for=asked_for)
        governed = {**common, "treatment": treatment}
        if step.outcome == "inactive":
            return told.HearInactive(**governed)
        if step.outcome != "refused":
            return told.HearNothing(**governed, step=step.step, code=code)
        if step.step is Step.VERIFY_LINE:
            return told.HearNotWorking(**governed, code=code)
        return told.HearRefused(**governed, step=step.step, code=code)

    def _time(self, state: PortState, at: datetime) -> told.PortInCommand | None:
        if not isinstance(state, Going):
            return None
        silent = None
        if isinstance(state, AwaitingDonor):
            silent = treated(self.rules, state, Step.SEND_REQUEST, NO_DONOR_ANSWER, at=at)
        return told.PassTime(
            decided_at=at,
            answer_by=self._answer_by(at),
            treatment=silent,
            remind_until=port_moments.next_reminder(self.rules.calendar_for(state.terms), at),
            replaces=replaces(self.rules, state.terms),
        )

    def _end(self, state: PortState, at: datetime) -> told.PortInCommand | None:
        common = {"decided_at": at, "answer_by": self._answer_by(at)}
        if isinstance(state, Undoing):
            replaced = state.outcome is Outcome.REPLACED
            return told.EndPort(
                **common,
                why=state.why,
                replaced_by=replacement_of(state.terms.line_id) if replaced else None,
            )
        if not isinstance(state, Verified):
            return None
        contract = self.rules.contract(state.terms.pin)
        switched = state.switched
        by_sim = contract.choice("port-in.service-start") == "sim-activation"
        return told.EndPort(
            **common,
            why=Said(
                fr="numéro porté ; le contrat chez le donneur prend fin pour ce numéro seulement",
                en="number ported; the donor's contract ends for this number only",
            ),
            service_started_at=switched.sim_activated_at if by_sim else switched.outage_to,
            service_start_source=contract.source("port-in.service-start"),
        )


QUESTIONS = {Step.CHECK_ACTIVE, Step.VERIFY_LINE}
"""Nothing is changed at the operator by asking them: the answer is all there is."""

_WELL = {"active", "suspended", "works"}


def _of_a_question(step: AnswerStep, common: dict[str, datetime]) -> told.PortInCommand:
    if step.outcome == "works":
        return told.HearWorking(**common, reference=step.detail)
    return told.HearActive(**common, suspended=step.outcome == "suspended")


def code_of(step: AnswerStep) -> str:
    """A code of the operator's, or a word of ours for what comes without one."""
    if step.outcome == "refused":
        return step.detail
    return {"inactive": NUMBER_INACTIVE, "busy": COME_BACK}.get(step.outcome, NO_ANSWER)


def replaces(rules: PortRules, terms: LineTerms) -> bool:
    """Whether the contract gives a new number, and only then (decision 26)."""
    return rules.contract(terms.pin).choice("port-in.fallback") == "new-number"
