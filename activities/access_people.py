"""What people decide about an access: read, taken or refused, each with its sentence."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from pydantic import AwareDatetime
from temporalio import activity

from activities.line_progress import LineProgress, order_of, progress_of
from activities.lines import LineLedger, LineStep, LineUnknownError, Obeyed, instant_of
from activities.port_in_people import (
    KEY_REUSED,
    AmendmentStep,
    CancellationStep,
    DecisionStep,
    Ruling,
    kind_of,
)
from domain import access, access_rules, equipment_rules, works_rules
from domain import access_commands as told
from domain.access import AccessRefusedError
from domain.access_amendment_rules import amendment_needs, check_wish
from domain.access_changes import AccessChange
from domain.access_overwriting import NO_PROCESS_LEFT, works
from domain.access_stages import Access, AccessState, NotOpened
from domain.access_states import fold
from domain.attention import DecisionKind, DecisionRefusedError
from domain.copper_closures import Closures
from domain.corrections import ReservesKept, SiteKept
from domain.delay_facts import DelaySettled
from domain.delay_rules import delay_settled, told_at
from domain.equipment_commands import MoveEquipment
from domain.equipment_people import check_price, priced, read_move
from domain.event import Event
from domain.given import Given, read_given
from domain.identity import CorrectionId, correction_stream, step_command
from domain.parsed import BadValueError
from domain.personal import Personal
from domain.policies import AMENDMENT_HOLDS, ANSWER_WAIT, LINES_WAIT, OVERWRITTEN_ANSWER
from domain.port_rules import PortRules
from domain.visit_rules import visit_gone
from domain.works_attention import SITE
from ledger.append import CommandReusedError

OfPeople = told.PersonCommand | MoveEquipment


class HoldStep(LineStep):
    """Suspend until a day, or take up again when none is given."""

    request_id: str
    by: str
    reason: str
    until: date | None


class EquipmentStep(LineStep):
    """Where one piece is; what is written on the slip was kept before."""

    request_id: str
    by: str
    name: str
    to: str
    on: date | None
    serial: str | None
    bought: bool
    monthly: Decimal | None = None
    once: Decimal | None = None
    euros: Decimal | None
    correction_id: CorrectionId | None


@dataclass(frozen=True, kw_only=True)
class AccessPeople:
    lines: LineLedger
    rules: PortRules
    closures: Callable[[], Closures]
    """Of copper."""

    @activity.defn
    async def decide_access(self, step: DecisionStep) -> Ruling:
        try:
            command = await self._decision(step)
        except (DecisionRefusedError, BadValueError) as exc:
            return await self._refused(step, exc)
        return await self._ruled(step, command, key=f"decision/{step.decision_id}", by=step.by)

    @activity.defn
    async def cancel_access(self, step: CancellationStep) -> Ruling:
        state, at = await self._open(step)
        if state is None:
            return await self._refused(step, DecisionRefusedError("the line has ended already"))
        command = self._cancellation(state, at, by=step.by)
        return await self._ruled(step, command, key=f"cancel/{step.request_id}", by=step.by)

    @activity.defn
    async def amend_access(self, step: AmendmentStep) -> Ruling:
        state, at = await self._open(step)
        if state is None:
            return await self._refused(step, DecisionRefusedError("the line has ended already"))
        contract = self.rules.contract(state.terms.pin)
        try:
            check_wish(contract, step.day, at)
            asked_at = told_at(contract, state, step.asked_on, at)
            change = await self._change(step)
        except DecisionRefusedError as exc:
            return await self._refused(step, exc)
        command = told.AmendAccess(
            **access_rules.by_the_wish(self.rules, self.closures(), state, step.day, at),
            decided_at=at,
            answer_by=self.rules.after(at, ANSWER_WAIT),
            by=step.by,
            change=change,
            delay=delay_settled(contract, state, step.day, asked_at),
            gone=visit_gone(self.rules, state, at, moved=True),
            needs=amendment_needs(contract),
            needs_until=self.rules.after(at, AMENDMENT_HOLDS),
        )
        return await self._ruled(step, command, key=f"amend/{step.request_id}", by=step.by)

    async def _change(self, step: AmendmentStep) -> AccessChange:
        """Where it is to be was kept before: nothing personal comes with the request."""
        change = AccessChange(wished=step.day, down_kbps=step.down_kbps)
        if step.correction_id is None:
            return change
        for envelope in await self.lines.ledger.read(correction_stream(step.correction_id)):
            if isinstance(envelope.event, SiteKept):
                return change.model_copy(update={"place": envelope.event.place})
        raise DecisionRefusedError("no such place was kept; plan the amendment again")

    @activity.defn
    async def hold_access(self, step: HoldStep) -> Ruling:
        state, at = await self._open(step)
        if state is None:
            return await self._refused(step, DecisionRefusedError("the line has ended already"))
        by = self.rules.after(at, ANSWER_WAIT)
        command: told.PersonCommand = told.TakeUpAccess(decided_at=at, answer_by=by, by=step.by)
        if step.until is not None:
            until = self._begins(state, step.until)
            command = told.HoldAccess(
                decided_at=at, answer_by=by, by=step.by, reason=step.reason, until=until
            )
        return await self._ruled(step, command, key=f"hold/{step.request_id}", by=step.by)

    @activity.defn
    async def move_equipment(self, step: EquipmentStep) -> Ruling:
        """Of an access that has ended too: what was sent may still come, or come back."""
        history = await self.lines.read(step.line_id)
        state, at = fold(envelope.event for envelope in history), instant_of(step, history)
        if isinstance(state, NotOpened):
            raise LineUnknownError(step.line_id)
        contract = self.rules.contract(state.terms.pin)
        local = contract.reckoning.instant_of
        today = local(at).date()
        try:
            moved = read_move(
                step.name,
                step.to,
                on=step.on or today,
                serial=step.serial,
                bought=step.bought,
                reserves=await self._reserves(step),
            )
            moved = priced(moved, monthly=step.monthly, once=step.once)
            check_price(moved, step.euros)
        except DecisionRefusedError as exc:
            return await self._refused(step, exc)
        command = MoveEquipment(
            decided_at=at,
            answer_by=self.rules.after(at, ANSWER_WAIT),
            by=step.by,
            moved=equipment_rules.as_delivered(self.rules, state, moved),
            ordered_on=local(state.terms.asked_at).date(),
            today=today,
            billed=equipment_rules.billed_by(self.rules, state, moved),
            fee=equipment_rules.not_returned(self.rules, state, moved.name, step.euros, at),
        )
        return await self._ruled(step, command, key=f"equipment/{step.request_id}", by=step.by)

    async def _reserves(self, step: EquipmentStep) -> Personal | None:
        if step.correction_id is None:
            return None
        for envelope in await self.lines.ledger.read(correction_stream(step.correction_id)):
            if isinstance(envelope.event, ReservesKept):
                return envelope.event.reserves
        raise DecisionRefusedError("no such reserves were kept; write them again")

    def _begins(self, state: Access, day: date) -> AwareDatetime:
        reckoning = self.rules.contract(state.terms.pin).reckoning
        return reckoning.instant_of(datetime(day.year, day.month, day.day))  # noqa: DTZ001  local

    async def _open(self, step: LineStep) -> tuple[Access | None, datetime]:
        history = await self.lines.read(step.line_id)
        state = fold(envelope.event for envelope in history)
        return (state if isinstance(state, Access) else None), instant_of(step, history)

    def _cancellation(self, state: Access, at: datetime, *, by: str) -> told.RequestCancellation:
        form = access_rules.cancellation_form(self.rules, state, at)
        return told.RequestCancellation(
            decided_at=at,
            answer_by=self.rules.after(at, ANSWER_WAIT),
            by=by,
            needs=form.needs,
            needs_agreement=form.needs_agreement,
            needs_until=max(form.needs_until, at),
            end=access_rules.end_terms(self.rules, state, at),
        )

    async def _decision(self, step: DecisionStep) -> told.TakeDecision:
        history = await self.lines.read(step.line_id)
        state, at = fold(envelope.event for envelope in history), instant_of(step, history)
        kind = kind_of(step.decision)
        if not isinstance(state, Access):
            raise DecisionRefusedError(_ended(kind, state))
        known = tuple((envelope.business_at, envelope.event) for envelope in history)
        given = read_given(step.given, self.rules.contract(state.terms.pin).reckoning)
        return told.TakeDecision(
            decided_at=at,
            answer_by=self.rules.after(at, _WAITS.get(kind, ANSWER_WAIT)),
            decision=kind,
            code=step.about,
            reason=step.reason,
            by=step.by,
            end=access_rules.end_terms(self.rules, state, at),
            unserved=access_rules.unserved_terms(self.rules, state),
            quote=access_rules.quote_open(self.rules, state),
            plan=access_rules.planned_as_studied(self.rules, state, at, lead=given.lead_days),
            cancellation=self._cancellation(state, at, by=step.by)
            if kind is DecisionKind.CANCEL
            else None,
            today=self.rules.local(at).date(),
            closing=access_rules.closing_as_decided(
                self.rules, self.closures(), state, at, given=given
            ),
            delay=self._delay(state, given.day if _asks_other_days(kind, state) else None, at),
            lines_until=self.rules.after(at, LINES_WAIT),
            begins=None if given.day is None else self._begins(state, given.day),
            **works_rules.decided(self.rules, state, given, at, known),
            **_fields(given),
        )

    def _delay(self, state: Access, day: date | None, at: datetime) -> DelaySettled | None:
        """Of another day for a visit, or of the amendment that waits: whoever warned in time has,
        however long the agreement takes."""
        contract, asked = self.rules.contract(state.terms.pin), state.amendment
        if day is not None:
            return delay_settled(contract, state, day, at)
        if asked is None:
            return None
        return delay_settled(contract, state, asked.change.wished, asked.asked_at)

    async def _ruled(self, step: LineStep, command: OfPeople, *, key: str, by: str) -> Ruling:
        history = await self.lines.read(step.line_id)
        obeyed = Obeyed(
            command_id=step_command(step.line_id, step=key),
            correlation=order_of(step.line_id, history),
            decide=lambda events, at: _decide(command, fold(events), at),
            content=step.model_dump_json(exclude={"at", "version"}),
            actor=by,
        )
        try:
            history = await self.lines.obey(step, obeyed, history)
        except CommandReusedError:
            return await self._refused(step, DecisionRefusedError(KEY_REUSED))
        except (DecisionRefusedError, AccessRefusedError) as exc:
            return await self._refused(step, exc)
        return Ruling(taken=True, progress=progress_of(step.line_id, history))

    async def _refused(self, step: LineStep, why: Exception) -> Ruling:
        progress: LineProgress = progress_of(step.line_id, await self.lines.read(step.line_id))
        return Ruling(taken=False, why=str(why), progress=progress)


def _ended(kind: DecisionKind, state: AccessState) -> str:
    if kind is DecisionKind.DISPUTE and works(state):
        return f"the line has ended; {NO_PROCESS_LEFT}"
    return "the line has ended: nothing can be decided about it"


def _asks_other_days(kind: DecisionKind, state: Access) -> bool:
    """With a day: by asking for slots, or by a site that is ready only then."""
    if kind is DecisionKind.AGREE:
        return state.is_asked(SITE) and state.amendment is None
    return kind in {DecisionKind.POSTPONE, DecisionKind.RETRY}


_WAITS = {DecisionKind.DISPUTE: OVERWRITTEN_ANSWER}
"""How long a person has where a decision leaves something to ask."""


def _decide(command: OfPeople, state: AccessState, at: datetime) -> tuple[Event, ...]:
    return access.decide(command.model_copy(update={"decided_at": at}), state)


def _fields(given: Given) -> dict[str, object]:
    return {
        "gate": given.gate,
        "documents": given.documents,
        "day": given.day,
        "until": given.until,
        "turn": given.turn,
        "speed": given.speed,
        "lead_days": given.lead_days,
        "told_by": given.told_by,
        "slot": given.slot,
        "half": given.half,
        "serials": given.serials,
        "failure": given.failure,
    }
