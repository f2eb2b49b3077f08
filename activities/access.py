"""The verbs of an access's own process: each one command to the ledger, then where the line is."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from temporalio import activity

from activities.line_progress import LineProgress, order_of, progress_of
from activities.line_words import words_to_lines
from activities.lines import LineLedger, LineStep, Obeyed, instant_of, version_command
from activities.port_in import BY_HAND, MOVED_ON, AnswerStep, code_of
from activities.site_claims import claims_of, left_by
from domain import access, access_rules, equipment_rules, site_rules
from domain import access_commands as told
from domain.access import AccessRefusedError
from domain.access_stages import Access, AccessState, Agreeing, Checking
from domain.access_states import fold
from domain.claims import NumberTakenError
from domain.copper_closures import Closures
from domain.equipment_commands import AskEquipmentBack
from domain.event import Event
from domain.failure_policy import Treatment
from domain.failure_treatment import treated_by
from domain.identity import OrderId, step_command
from domain.link_commands import AwaitLines, TellLines
from domain.policies import ANSWER_WAIT, LINES_WAIT
from domain.port_in_facts import Step
from domain.port_rules import PortRules
from domain.site_claims import AddressTakenError
from ledger.append import OutboxMessage
from ledger.deciding import Also
from ledger.messages import TELL_ORDER

Build = Callable[[AccessState, datetime], access.AnyCommand | None]


@dataclass(frozen=True, kw_only=True)
class AccessActivities:
    lines: LineLedger
    rules: PortRules
    closures: Callable[[], Closures]
    """Of copper, by commune or address: they may change while orders run."""

    @activity.defn
    async def load_access(self, step: LineStep) -> LineProgress:
        return progress_of(step.line_id, await self.lines.read(step.line_id))

    @activity.defn
    async def claim_site(self, step: LineStep) -> LineProgress:
        """Its streams in one transaction: the socket and the address decide whose order is open."""
        history = tuple(envelope.event for envelope in await self.lines.read(step.line_id))
        state = fold(history)
        if not isinstance(state, Access):
            return await self.load_access(step)
        also = claims_of(state, history, step.at)
        try:
            return await self._obey(step, "claim-site", self._claimed, also=also)
        except (NumberTakenError, AddressTakenError) as exc:
            by_address = isinstance(exc, AddressTakenError)
            taken = self._taken_by(exc.order_id, by_address=by_address)
            return await self._obey(step, "site-taken", taken)

    @activity.defn
    async def look_at_access_gates(self, step: LineStep) -> LineProgress:
        return await self._obey(
            step,
            "look-at-gates",
            lambda _, at: told.LookAtGates(decided_at=at, answer_by=self._answer_by(at)),
        )

    @activity.defn
    async def intend_access(self, step: LineStep) -> LineProgress:
        """Say what will be asked of an operator, under which key, before anything is sent."""
        return await self._obey(step, "intend", self._intent)

    @activity.defn
    async def choose_offer(self, step: LineStep) -> LineProgress:
        return await self._obey(step, "choose-offer", self._choice)

    @activity.defn
    async def look_at_cuts(self, step: LineStep) -> LineProgress:
        return await self._obey(step, "look-at-cuts", self._cuts)

    @activity.defn
    async def note_access_answer(self, step: AnswerStep) -> LineProgress:
        return await self._obey(
            step,
            f"answer-{step.step}-{step.outcome}",
            lambda state, at: self._answer(step, state, at),
        )

    @activity.defn
    async def pass_time_on_access(self, step: LineStep) -> LineProgress:
        return await self._obey(step, "pass-time", self._time)

    @activity.defn
    async def await_lines(self, step: LineStep) -> LineProgress:
        """All is there but another line of the order."""
        return await self._obey(
            step,
            "await-lines",
            lambda state, at: AwaitLines(
                decided_at=at, answer_by=self._answer_by(at), until=self._lines_until(state, at)
            ),
        )

    @activity.defn
    async def tell_lines(self, step: LineStep) -> LineProgress:
        """Whoever waits for it hears of it, in the same transaction."""
        history = await self.lines.read(step.line_id)
        state = fold(envelope.event for envelope in history)
        return await self._obey(
            step,
            "tell-lines",
            lambda _, at: TellLines(decided_at=at, answer_by=self._answer_by(at)),
            outbox=words_to_lines(state, instant_of(step, history)),
        )

    @activity.defn
    async def end_access(self, step: LineStep) -> LineProgress:
        """The socket is free again, and the order is told, in the same transaction."""
        state = await self._state(step)
        if not isinstance(state, Access):
            return await self.load_access(step)
        terms = state.terms
        payload = {"order_id": str(terms.order_id), "line_id": str(step.line_id)}
        tell = OutboxMessage(kind=TELL_ORDER, payload=json.dumps(payload))
        words = words_to_lines(state, step.at)
        return await self._obey(
            step, "end", self._end, also=left_by(state, step.at), outbox=(tell, *words)
        )

    @activity.defn
    async def ask_equipment_back(self, step: LineStep) -> LineProgress:
        """As of the instant it is asked: an end is the end of its contract."""
        return await self._obey(step, "ask-equipment-back", self._back)

    async def _state(self, step: LineStep) -> AccessState:
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
            return () if command is None else access.decide(command, state)

        history = await self.lines.read(step.line_id)
        obeyed = Obeyed(
            command_id=version_command(step, verb),
            correlation=order_of(step.line_id, history),
            decide=decide,
            also=also,
            outbox=outbox,
        )
        try:
            history = await self.lines.obey(step, obeyed, history)
        except AccessRefusedError:
            history = await self.lines.read(step.line_id)
        return progress_of(step.line_id, history)

    def _answer_by(self, at: datetime) -> datetime:
        return self.rules.after(at, ANSWER_WAIT)

    def _claimed(self, _state: AccessState, at: datetime) -> told.AnyCommand:
        return told.NoteSiteClaimed(decided_at=at, answer_by=self._answer_by(at))

    def _taken_by(self, order_id: OrderId, *, by_address: bool) -> Build:
        return lambda _, at: told.NoteSiteTaken(
            decided_at=at,
            answer_by=self._answer_by(at),
            order_id=order_id,
            by_address=by_address,
        )

    def _intent(self, state: AccessState, at: datetime) -> told.AnyCommand | None:
        step = state.step if isinstance(state, Access) else None
        if step is None or not isinstance(state, Access):
            return None
        wanted = self._day_to_come(step, state, at)
        if wanted is not None:
            return wanted
        epoch = state.epoch(step)
        key = step_command(state.terms.line_id, step=key_of(step, state), epoch=epoch)
        return told.AskOperator(
            decided_at=at,
            answer_by=self._answer_by(at),
            step=step,
            key=str(key),
            epoch=epoch,
            until=access_rules.answered_until(self.rules, state, step, at),
            site=site_rules.site_first_asked(
                self.rules, state, step, answer_by=self._answer_by(at)
            ),
        )

    def _day_to_come(self, step: Step, state: Access, at: datetime) -> told.AwaitDay | None:
        """Nothing is opened before the day the customer wants it, whatever the contract."""
        day = state.terms.wished
        if step is not Step.COMMISSION_ACCESS or day is None:
            return None
        begins = self._begins(state, day)
        if at >= begins:
            return None
        return told.AwaitDay(decided_at=at, answer_by=self._answer_by(at), day=day, until=begins)

    def _lines_until(self, state: AccessState, at: datetime) -> datetime:
        """Nobody is asked about other lines before the day the customer wants it."""
        last = self.rules.after(at, LINES_WAIT)
        if not isinstance(state, Access) or state.terms.wished is None:
            return last
        return max(last, self._begins(state, state.terms.wished))

    def _begins(self, state: Access, day: date) -> datetime:
        return access_rules.contract_of(self.rules, state).reckoning.instant_of(day)

    def _choice(self, state: AccessState, at: datetime) -> told.AnyCommand | None:
        if not isinstance(state, Checking):
            return None
        choice = access_rules.choice_of(self.rules, self.closures(), state, at)
        plan, unserved = None, told.EndTerms()
        if choice.offer is None:
            unserved = access_rules.unserved_terms(self.rules, state)
        else:
            plan = access_rules.planned_by_offer(self.rules, state, choice.offer, at)
        return told.ChooseOffer(
            decided_at=at,
            answer_by=self._answer_by(at),
            offer=choice.offer,
            because=choice.because,
            certain=choice.certain,
            closing=choice.closing,
            plan=plan,
            fees=unserved.fees,
            cost=unserved.cost,
            reasons=choice.reasons,
        )

    def _cuts(self, state: AccessState, at: datetime) -> told.AnyCommand | None:
        if not isinstance(state, Agreeing):
            return None
        study, because = access_rules.whether_studied(self.rules, state)
        return told.LookAtCuts(
            decided_at=at, answer_by=self._answer_by(at), study=study, because=because
        )

    def _answer(self, step: AnswerStep, state: AccessState, at: datetime) -> told.AnyCommand | None:
        if step.outcome == MOVED_ON or not isinstance(state, Access):
            return None
        by = self._answer_by(at)
        if step.outcome == "took":
            return told.HearTook(decided_at=at, answer_by=by, step=step.step, reference=step.detail)
        if step.outcome == BY_HAND:
            return told.HearNobody(decided_at=at, answer_by=by, step=step.step)
        code = code_of(step)
        treatment = treated_access(
            self.rules, state, step.step, code, at=at, asked_for=step.again_at
        )
        if step.outcome == "refused":
            return told.HearRefused(
                decided_at=at, answer_by=by, treatment=treatment, step=step.step, code=code
            )
        return told.HearNothing(
            decided_at=at, answer_by=by, treatment=treatment, step=step.step, code=code
        )

    def _time(self, state: AccessState, at: datetime) -> told.AnyCommand | None:
        if not isinstance(state, Access):
            return None
        quote = access_rules.quote_open(self.rules, state)
        site = site_rules.site_by_now(self.rules, state, at)
        return told.PassTime(decided_at=at, answer_by=self._answer_by(at), quote=quote, site=site)

    def _back(self, state: AccessState, at: datetime) -> AskEquipmentBack | None:
        if not isinstance(state, Access):
            return None
        today = access_rules.contract_of(self.rules, state).reckoning.instant_of(at).date()
        return AskEquipmentBack(
            decided_at=at,
            answer_by=self._answer_by(at),
            asked=equipment_rules.asked_back(self.rules, state, today),
            today=today,
        )

    def _end(self, _state: AccessState, at: datetime) -> told.AnyCommand:
        return told.EndAccess(decided_at=at, answer_by=self._answer_by(at))


def key_of(step: Step, state: Access) -> str:
    """Each operator is asked under keys of its own."""
    return f"{step}/{state.host}"


def treated_access(
    rules: PortRules,
    state: Access,
    step: Step,
    code: str,
    *,
    at: datetime,
    asked_for: datetime | None = None,
) -> Treatment:
    """What the operator's policy says of it as of this instant."""
    failure = rules.failures().failure(state.host.value, step, code)
    ask = state.asks.get(step)
    last = None if ask is None else ask.until
    return treated_by(rules, failure, last=last, at=at, asked_for=asked_for)
