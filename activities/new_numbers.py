"""The verbs of a new number: ask the host, hear it, end."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from temporalio import activity

from activities.line_progress import LineProgress, order_of, progress_of
from activities.lines import LineLedger, LineStep, MessageStep, Obeyed, version_command
from activities.port_in import MOVED_ON, AnswerStep, code_of
from activities.port_in_people import DecisionStep, Ruling, kind_of
from activities.reading import read_message
from domain import new_numbers
from domain import new_numbers as told
from domain.attention import DecisionRefusedError
from domain.event import Event
from domain.failure_policy import Treatment
from domain.failure_treatment import treated_by
from domain.identity import order_subject, step_command
from domain.new_numbers import NewNumberRefusedError, NewNumberState
from domain.operators import LineReadyTold, NumberGivenTold, Reader, StepRefusedTold, Unreadable
from domain.operators import Told as OperatorTold
from domain.personal import Personal
from domain.policies import ANSWER_WAIT
from domain.port_rules import PortRules
from ledger.append import MessageSettledError, OutboxMessage
from ledger.messages import TELL_ORDER, Inbox, InboxRow

Decide = Callable[[NewNumberState, datetime], tuple[Event, ...]]


@dataclass(frozen=True, kw_only=True)
class NewNumberActivities:
    lines: LineLedger
    rules: PortRules
    inbox: Inbox
    readers: Mapping[str, Reader]

    @activity.defn
    async def load_new_number(self, step: LineStep) -> LineProgress:
        return progress_of(step.line_id, await self.lines.read(step.line_id))

    @activity.defn
    async def intend_new_number(self, step: LineStep) -> LineProgress:
        def decide(state: NewNumberState, at: datetime) -> tuple[Event, ...]:
            if not isinstance(state, told.AwaitingLine | told.AwaitingNumber):
                return ()
            key = step_command(step.line_id, step=state.step, epoch=state.epoch)
            until = self.rules.after(at, ANSWER_WAIT)
            return told.decide(
                told.AskHost(decided_at=at, answer_by=until, key=str(key), until=until), state
            )

        return await self._obey(step, "intend", decide)

    @activity.defn
    async def note_host_answer(self, step: AnswerStep) -> LineProgress:
        if step.outcome == MOVED_ON:
            return await self.load_new_number(step)
        return await self._obey(
            step,
            f"answer-{step.outcome}",
            lambda state, at: told.decide(self._answer(step, state, at), state),
        )

    def _answer(self, step: AnswerStep, state: NewNumberState, at: datetime) -> told.HearHost:
        code = code_of(step)
        took, refused = step.outcome == "took", step.outcome == "refused"
        return told.HearHost(
            decided_at=at,
            answer_by=self.rules.after(at, ANSWER_WAIT),
            reference=step.detail if took else None,
            code=code if refused else None,
            unsaid=code,
            treatment=None if took else self._treated(state, code, at, asked_for=step.again_at),
        )

    def _treated(
        self, state: NewNumberState, code: str, at: datetime, *, asked_for: datetime | None = None
    ) -> Treatment | None:
        """A host's next try keeps to the deadline of what was asked."""
        if not isinstance(state, told.AwaitingLine | told.AwaitingNumber):
            return None
        failure = self.rules.failures().failure(state.terms.host.value, state.step, code)
        last = None if state.ask is None else state.ask.until
        return treated_by(self.rules, failure, last=last, at=at, asked_for=asked_for)

    @activity.defn
    async def take_host_message(self, step: MessageStep) -> LineProgress:
        """The last fact tells the order, in the same transaction."""
        try:
            row = await self.inbox.read(step.message_number)
        except KeyError:
            return await self.load_new_number(step)
        if row.correlation != str(step.line_id):
            return await self.load_new_number(step)
        history = await self.lines.read(step.line_id)
        order_id = order_of(step.line_id, history)
        payload = json.dumps({"order_id": str(order_id), "line_id": str(step.line_id)})
        obeyed = Obeyed(
            command_id=step_command(step.line_id, step=f"message/{step.message_number}"),
            correlation=order_id,
            decide=lambda events, at: self._heard(row, new_numbers.fold(events), at),
            actor=row.source,
            settles=step.message_number,
            outbox=(OutboxMessage(kind=TELL_ORDER, payload=payload),),
        )
        try:
            history = await self.lines.obey(step, obeyed, history)
        except (MessageSettledError, NewNumberRefusedError):
            history = await self.lines.read(step.line_id)
        return progress_of(step.line_id, history)

    @activity.defn
    async def decide_new_number(self, step: DecisionStep) -> Ruling:
        try:
            command = told.DecideNewNumber(
                decided_at=step.at,
                answer_by=self.rules.after(step.at, ANSWER_WAIT),
                decision=kind_of(step.decision),
                reason=step.reason,
                by=step.by,
            )
            progress = await self._obey(
                step,
                f"decision/{step.decision_id}",
                lambda state, _: told.decide(command, state),
                actor=step.by,
            )
        except DecisionRefusedError as exc:
            now = await self.load_new_number(step)
            return Ruling(taken=False, why=str(exc), progress=now)
        return Ruling(taken=True, progress=progress)

    @activity.defn
    async def pass_time_on_host(self, step: LineStep) -> LineProgress:
        def decide(state: NewNumberState, at: datetime) -> tuple[Event, ...]:
            answer_by = self.rules.after(at, ANSWER_WAIT)
            return told.decide(told.PassTime(decided_at=at, answer_by=answer_by), state)

        return await self._obey(step, "pass-time", decide)

    async def _obey(
        self, step: LineStep, verb: str, decide: Decide, *, actor: str = "process"
    ) -> LineProgress:
        history = await self.lines.read(step.line_id)
        obeyed = Obeyed(
            command_id=version_command(step, verb),
            correlation=order_of(step.line_id, history),
            decide=lambda events, at: decide(new_numbers.fold(events), at),
            actor=actor,
        )
        try:
            history = await self.lines.obey(step, obeyed, history)
        except NewNumberRefusedError:
            history = await self.lines.read(step.line_id)
        return progress_of(step.line_id, history)

    def _heard(self, row: InboxRow, state: NewNumberState, at: datetime) -> tuple[Event, ...]:
        read = read_message(self.readers, row)
        facts: tuple[Event, ...] = ()
        if isinstance(state, told.AwaitingLine | told.AwaitingNumber):
            facts = told.decide(self._command(read, row, state, at), state)
        if facts:
            return facts
        why = read.why if isinstance(read, Unreadable) else "already known, or too late"
        aside = told.SetAside(
            decided_at=at, answer_by=at, source=row.source, message_key=row.message_key, why=why
        )
        return told.decide(aside, state)

    def _command(
        self,
        read: OperatorTold,
        row: InboxRow,
        state: told.AwaitingLine | told.AwaitingNumber,
        at: datetime,
    ) -> told.NewNumberCommand:
        match read:
            case LineReadyTold(ready_at=ready_at, host_line=host_line):
                return told.NoteLineReady(
                    decided_at=at, answer_by=at, ready_at=ready_at, host_line=host_line
                )
            case StepRefusedTold(key=key, code=code) if state.ask and state.ask.key == key:
                answer_by = self.rules.after(at, ANSWER_WAIT)
                treatment = self._treated(state, code, at)
                return told.HearHost(
                    decided_at=at, answer_by=answer_by, code=code, treatment=treatment
                )
            case NumberGivenTold(number=number, given_at=given_at):
                subject = order_subject(state.terms.order_id)
                return told.NoteNumberGiven(
                    decided_at=at,
                    answer_by=at,
                    number=Personal(subject=subject, value=number),
                    given_at=given_at,
                )
            case _:
                why = read.why if isinstance(read, Unreadable) else "not about a new number"
                return told.SetAside(
                    decided_at=at,
                    answer_by=at,
                    source=row.source,
                    message_key=row.message_key,
                    why=why,
                )
