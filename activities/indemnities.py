"""The verbs of an indemnity's own process: each one command to the ledger, then where it stands."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict
from temporalio import activity

from activities.lines import ACTOR, LineLedger
from domain import indemnities
from domain.attention import going_up
from domain.contract_questions import Contract
from domain.event import Event
from domain.identity import LineId, OrderId, step_command
from domain.indemnities import AskPerson, IndemnityCommand, NoteAssessment, PassTime
from domain.indemnity_facts import Head, IndemnityId, indemnity_id_for, indemnity_stream
from domain.indemnity_questions import Question, QuestionAbout
from domain.indemnity_states import Counting, NotOpened, due_of, fold
from domain.indemnity_sums import Case, work_out
from domain.policies import ANSWER_WAIT, EVIDENCE_WAIT, REQUEST_WAIT
from domain.port_evidence import PortEvidence, read_evidence
from domain.port_rules import PortRules
from domain.said import Said
from ledger.deciding import Decision, decide_once
from ledger.envelope import Envelope
from projections.indemnity import INDEMNITIES, IndemnityDocument
from projections.projection import fold as fold_documents

Build = Callable[[Counting], IndemnityCommand | None]


class IndemnityStep(BaseModel):
    """The input of every step: which indemnity, as of which version, at which business instant."""

    model_config = ConfigDict(frozen=True)

    indemnity_id: IndemnityId
    at: AwareDatetime
    version: int = 0


class IndemnityProgress(BaseModel):
    """What the facts of an indemnity say, as its process may branch on it."""

    model_config = ConfigDict(frozen=True)

    order_id: OrderId
    line_id: LineId
    head: Head
    provider: str
    stage: str
    version: int
    last_at: AwareDatetime
    until: AwareDatetime | None = None
    """The first of what is awaited, of people or of the process."""
    due: AwareDatetime | None = None
    """The process's own date."""
    awaited: Said | None = None
    attentions: tuple[str, ...] = ()
    overdue: AwareDatetime | None = None
    """When the first of the questions to people goes up."""
    blocked: bool = False
    ended: bool = False
    outcome: str | None = None


class IndemnityUnknownError(LookupError):
    """A process was started for an indemnity the ledger does not hold."""

    def __init__(self, indemnity_id: IndemnityId) -> None:
        super().__init__(f"indemnity {indemnity_id} is not in the ledger; start none for it")


def progress_of(indemnity_id: IndemnityId, history: Iterable[Envelope]) -> IndemnityProgress:
    """From the document: what people read and what the process does cannot differ."""
    document = fold_documents(INDEMNITIES, {}, history).get(str(indemnity_id))
    if document is None:
        raise IndemnityUnknownError(indemnity_id)
    return _progress(document)


def _progress(document: IndemnityDocument) -> IndemnityProgress:
    state, awaited = document.state, document.awaited
    return IndemnityProgress(
        order_id=document.order_id,
        line_id=document.line_id,
        head=state.terms.head,
        provider=state.terms.pin.provider,
        stage=state.stage,
        version=document.version,
        last_at=document.last_at,
        until=None if awaited is None else awaited.until,
        due=due_of(state),
        awaited=None if awaited is None else awaited.what,
        attentions=tuple(attention.code for attention in state.attentions),
        overdue=min((a.until for a in going_up(state.attentions)), default=None),
        blocked=state.blocked,
        ended=not document.open,
        outcome=None if state.ended is None else state.ended.ending,
    )


@dataclass(frozen=True, kw_only=True)
class IndemnityActivities:
    lines: LineLedger
    rules: PortRules

    @activity.defn
    async def load_indemnity(self, step: IndemnityStep) -> IndemnityProgress:
        return progress_of(step.indemnity_id, await self._read(step))

    @activity.defn
    async def assess(self, step: IndemnityStep) -> IndemnityProgress:
        """Once the port is over, or the visit: by the contract and the facts as they stand."""
        history = await self._read(step)
        state = fold(envelope.event for envelope in history)
        if not isinstance(state, Counting) or state.blocked:
            return progress_of(step.indemnity_id, history)
        at = _instant_of(step, history)
        command = await self._assessment(state, at)
        if command is None:
            return progress_of(step.indemnity_id, history)
        return await self._obey(step, "assess", command)

    @activity.defn
    async def pass_time_on_indemnity(self, step: IndemnityStep) -> IndemnityProgress:
        at = _instant_of(step, await self._read(step))
        command = PassTime(decided_at=at, answer_by=self.rules.after(at, ANSWER_WAIT))
        return await self._obey(step, "pass-time", command)

    async def _assessment(self, state: Counting, at: datetime) -> IndemnityCommand | None:
        """None while the port still runs, or a new appointment is waited for."""
        terms = state.terms
        contract = self.rules.contract(terms.pin)
        evidence = await self._evidence(state, contract)
        if terms.head is not Head.APPOINTMENT and not evidence.over:
            return None
        absorbed = await self._absorbed(state, contract)
        if absorbed is None:
            return None
        case = Case(terms=terms, givens=state.givens, evidence=evidence, absorbed=absorbed)
        answer_by = self.rules.after(at, ANSWER_WAIT)
        found = work_out(case, contract)
        if not isinstance(found, Question):
            return NoteAssessment(
                decided_at=at,
                answer_by=answer_by,
                assessment=found,
                evidence_until=self.rules.after(at, EVIDENCE_WAIT),
                request_until=self.rules.after(at, REQUEST_WAIT),
            )
        waited_for = state.look_until
        if found.about is QuestionAbout.BACK and waited_for is not None and at < waited_for:
            return None
        return AskPerson(decided_at=at, answer_by=answer_by, question=found)

    async def _evidence(self, state: Counting, contract: Contract) -> PortEvidence:
        history = await self.lines.read(state.terms.line_id)

        def local(at: datetime) -> date:
            return contract.reckoning.instant_of(at).date()

        return read_evidence(((e.business_at, e.event) for e in history), local)

    async def _absorbed(self, state: Counting, contract: Contract) -> bool | None:
        """Whether a loss stands for it, where heads do not add up; None until that is known."""
        terms = state.terms
        adds_up = contract.flag("indemnity.cumulation") is not False
        if adds_up or terms.head is Head.LOSS:
            return False
        stream = indemnity_stream(indemnity_id_for(terms.line_id, Head.LOSS))
        loss = fold(envelope.event for envelope in await self.lines.ledger.read(stream))
        if isinstance(loss, NotOpened):
            return False
        return None if isinstance(loss, Counting) else loss.owed > 0

    async def _read(self, step: IndemnityStep) -> tuple[Envelope, ...]:
        return await self.lines.ledger.read(indemnity_stream(step.indemnity_id))

    async def _obey(
        self, step: IndemnityStep, verb: str, command: IndemnityCommand
    ) -> IndemnityProgress:
        """The same verb at the same version is the same intention."""
        progress = progress_of(step.indemnity_id, await self._read(step))
        command_id = step_command(step.indemnity_id, step=f"{verb}@{step.version}")

        def decide(events: tuple[Event, ...]) -> tuple[Event, ...]:
            return indemnities.decide(command, fold(events))

        history = await decide_once(
            self.lines.ledger,
            Decision(
                stream_id=indemnity_stream(step.indemnity_id),
                stamp=self.lines.stamp(command_id, ""),
                decide=decide,
                business_at=command.decided_at,
                actor=ACTOR,
                correlation=str(progress.order_id),
            ),
        )
        return progress_of(step.indemnity_id, history)


def _instant_of(step: IndemnityStep, history: tuple[Envelope, ...]) -> datetime:
    """Business time never runs backwards on a stream, however late a step is taken."""
    return max([step.at, *(envelope.business_at for envelope in history[-1:])])
