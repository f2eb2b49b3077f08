"""What people decide about a port-in: read, taken or refused, each with its sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict
from temporalio import activity

from activities.line_progress import LineProgress, order_of, progress_of
from activities.lines import LineLedger, LineStep, Obeyed, instant_of
from activities.port_in import replaces
from domain import port_in
from domain import port_in_commands as told
from domain.attention import DecisionKind, DecisionRefusedError
from domain.cancellations import cancellation_terms
from domain.corrections import CorrectionKept
from domain.event import Event
from domain.given import Given, read_given
from domain.identity import CorrectionId, correction_stream, step_command
from domain.personal import Personal
from domain.policies import ANSWER_WAIT
from domain.port_dates import DateRefusedError
from domain.port_in_amending import why_not_amended
from domain.port_in_facts import LineTerms
from domain.port_in_people import closes_at, first_told_ended
from domain.port_in_states import Going, PortState, fold
from domain.port_planning import plan_as_it_stands
from domain.port_rules import PortRules
from domain.reactivation import ENDED_LATELY, ReactivationWindow, reactivation_window
from domain.rio import RIO
from ledger.append import CommandReusedError
from ledger.envelope import Envelope

_NO_DAY_OF_AN_EMAIL = "a number moves on its port day: leave asked_on out"
KEY_REUSED = "this key has carried another decision already: give the new one a key of its own"


class DecisionStep(LineStep):
    """A decision: one object, as the Temporal UI sends it, and where it reached the line."""

    decision_id: str
    decision: str
    about: str | None = None
    reason: str
    by: str
    given: Mapping[str, str] = {}


class CancellationStep(LineStep):
    request_id: str
    by: str


class AmendmentStep(LineStep):
    request_id: str
    by: str
    day: date | None
    correction_id: CorrectionId | None
    down_kbps: int | None = None
    asked_on: date | None = None


class Ruling(BaseModel):
    """Taken, or refused with the sentence that says what could be."""

    model_config = ConfigDict(frozen=True)

    taken: bool
    why: str | None = None
    progress: LineProgress


@dataclass(frozen=True, kw_only=True)
class PortInPeople:
    lines: LineLedger
    rules: PortRules

    @activity.defn
    async def take_decision(self, step: DecisionStep) -> Ruling:
        try:
            command = await self._decision(step)
        except DecisionRefusedError as exc:
            return await self._refused(step, exc)
        return await self._ruled(step, command, key=f"decision/{step.decision_id}", by=step.by)

    @activity.defn
    async def ask_cancellation(self, step: CancellationStep) -> Ruling:
        history = await self.lines.read(step.line_id)
        state = fold(envelope.event for envelope in history)
        if not isinstance(state, Going):
            return await self._refused(step, DecisionRefusedError("the line has ended already"))
        command = self._cancellation(state, instant_of(step, history), by=step.by)
        return await self._ruled(step, command, key=f"cancel/{step.request_id}", by=step.by)

    @activity.defn
    async def amend(self, step: AmendmentStep) -> Ruling:
        history = await self.lines.read(step.line_id)
        at = instant_of(step, history)
        if step.asked_on is not None:
            return await self._refused(step, DecisionRefusedError(_NO_DAY_OF_AN_EMAIL))
        try:
            rio = await self._correction(step.correction_id)
            self._check_day(fold(envelope.event for envelope in history), step.day, at)
        except DecisionRefusedError as exc:
            return await self._refused(step, exc)
        command = told.AmendPort(
            decided_at=at,
            answer_by=self.rules.after(at, ANSWER_WAIT),
            by=step.by,
            day=step.day,
            rio=rio,
            donor=_donor_of(rio),
            correction_id=step.correction_id,
        )
        return await self._ruled(step, command, key=f"amend/{step.request_id}", by=step.by)

    def _check_day(self, state: PortState, day: date | None, at: datetime) -> None:
        """What could be when it was planned may no longer be when it is carried out."""
        if day is None or not isinstance(state, Going) or why_not_amended(state) is not None:
            return
        try:
            plan_as_it_stands(self.rules, state, wished=day, at=at)
        except DateRefusedError as exc:
            raise DecisionRefusedError(
                f"{exc.why.en}: the first day that can be is {exc.first}"
            ) from exc

    def _cancellation(self, state: Going, at: datetime, *, by: str) -> told.RequestCancellation:
        contract = self.rules.contract(state.terms.pin)
        terms = cancellation_terms(contract, asked_at=at, closes_at=closes_at(state))
        return told.RequestCancellation(
            decided_at=at,
            answer_by=self.rules.after(at, ANSWER_WAIT),
            by=by,
            needs=terms.needs,
            needs_agreement=terms.needs_agreement,
            needs_until=max(terms.needs_until, at),
            cost=terms.cost,
            keeps_number=keeps_number(self.rules, state.terms),
        )

    async def _decision(self, step: DecisionStep) -> told.TakeDecision:
        history = await self.lines.read(step.line_id)
        state = fold(envelope.event for envelope in history)
        if not isinstance(state, Going):
            raise DecisionRefusedError("the line has ended: nothing can be decided about it")
        kind = kind_of(step.decision)
        contract = self.rules.contract(state.terms.pin)
        given = read_given(step.given, contract.reckoning)
        rio = await self._correction(given.correction_id)
        at = instant_of(step, history)
        return told.TakeDecision(
            decided_at=at,
            answer_by=self.rules.after(at, ANSWER_WAIT),
            decision=kind,
            code=step.about,
            reason=step.reason,
            by=step.by,
            today=contract.reckoning.instant_of(at).date(),
            cancellation=self._cancellation(state, at, by=step.by)
            if kind is DecisionKind.CANCEL
            else None,
            reactivation=self._reactivation(state, given, history)
            if kind is DecisionKind.PROVIDE
            else None,
            replaces=replaces(self.rules, state.terms),
            keeps_number=keeps_number(self.rules, state.terms),
            rio=rio,
            donor=_donor_of(rio),
            **_fields(given),
        )

    def _reactivation(
        self, state: Going, given: Given, history: tuple[Envelope, ...]
    ) -> ReactivationWindow | None:
        """Counted from the end of the number, or from when the donor first said it had ended."""
        since = first_told_ended((e.business_at, e.event) for e in history)
        if since is None or not any(a.detail in ENDED_LATELY for a in state.attentions):
            return None
        calendar = self.rules.calendar_for(state.terms)
        return reactivation_window(self.rules.shelf(), calendar, ended_on=given.day, told_at=since)

    async def _correction(self, correction_id: CorrectionId | None) -> Personal | None:
        """Kept before the decision was sent: the decision itself carries nothing personal."""
        if correction_id is None:
            return None
        for envelope in await self.lines.ledger.read(correction_stream(correction_id)):
            if isinstance(envelope.event, CorrectionKept):
                return envelope.event.rio
        raise DecisionRefusedError("no such correction was kept; send the decision again")

    async def _ruled(
        self, step: LineStep, command: told.PersonCommand, *, key: str, by: str
    ) -> Ruling:
        history = await self.lines.read(step.line_id)
        obeyed = Obeyed(
            command_id=step_command(step.line_id, step=key),
            correlation=order_of(step.line_id, history),
            decide=lambda events, at: _decide(command, events, at),
            content=step.model_dump_json(exclude={"at", "version"}),
            actor=by,
        )
        try:
            history = await self.lines.obey(step, obeyed, history)
        except DecisionRefusedError as exc:
            return await self._refused(step, exc)
        except CommandReusedError:
            return await self._refused(step, DecisionRefusedError(KEY_REUSED))
        return Ruling(taken=True, progress=progress_of(step.line_id, history))

    async def _refused(self, step: LineStep, why: DecisionRefusedError) -> Ruling:
        history = await self.lines.read(step.line_id)
        return Ruling(taken=False, why=str(why), progress=progress_of(step.line_id, history))


def _decide(
    command: told.PersonCommand, events: tuple[Event, ...], at: datetime
) -> tuple[Event, ...]:
    return port_in.decide(command.model_copy(update={"decided_at": at}), fold(events))


def _donor_of(rio: Personal | None) -> str | None:
    return None if rio is None else RIO.parse(rio.reveal()).operator_code


def kind_of(word: str) -> DecisionKind:
    try:
        return DecisionKind(word.strip().lower())
    except ValueError as exc:
        offers = ", ".join(DecisionKind)
        raise DecisionRefusedError(f"'{word}' is no decision; write one of {offers}") from exc


def _fields(given: Given) -> dict[str, object]:
    return {
        "gate": given.gate,
        "documents": given.documents,
        "day": given.day,
        "until": given.until,
        "turn": given.turn,
        "correction_id": given.correction_id,
    }


def keeps_number(rules: PortRules, terms: LineTerms) -> bool:
    """After a cancelled port the line goes too, unless the profile keeps it (decision 25)."""
    how = rules.contract(terms.pin).choice("port-in.after-cancellation")
    return how == "keep-new-number"
