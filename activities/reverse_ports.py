"""The verbs of a reverse port's own process: its dates, and the number it hands back."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict
from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities.lines import ACTOR
from activities.operators import ASKING, SETTLE
from activities.reverse_book import ReverseBook, Written
from domain.attention import going_up
from domain.identity import LineId, OrderId, step_command
from domain.operators import Answer, HostGateway, LineRequest, Refused, Took, Unanswered
from domain.policies import ANSWER_WAIT
from domain.port_in_facts import HostNetwork, Step
from domain.reverse_port_facts import ReversePortId
from domain.reverse_port_states import (
    Announced,
    HandingBack,
    KnownReversePort,
    NotOpened,
    due_of,
    fold,
)
from domain.reverse_ports import (
    AskHost,
    HearNothing,
    HearRefused,
    HearTook,
    PassTime,
    ReverseCommand,
)
from domain.said import Said
from ledger.append import CommandStamp
from ledger.envelope import Envelope
from ledger.messages import Inbox, IncomingMessage
from projections.projection import fold as fold_documents
from projections.reverse_port import REVERSE_PORTS, ReversePortDocument

Build = Callable[[KnownReversePort, datetime], ReverseCommand | None]


class ReverseStep(BaseModel):
    """The input of every step: which one, as of which version, at which business instant."""

    model_config = ConfigDict(frozen=True)

    reverse_port_id: ReversePortId
    at: AwareDatetime
    version: int = 0


class ReverseAnswerStep(ReverseStep):
    """What the host answered: codes only."""

    outcome: str
    """took, refused, nothing, moved-on"""
    detail: str = ""


class ReverseProgress(BaseModel):
    """What the facts of a reverse port say, as its process may branch on it."""

    model_config = ConfigDict(frozen=True)

    order_id: OrderId
    line_id: LineId
    provider: str
    host: HostNetwork
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
    taken: bool = False
    """Whether the host surely has it."""
    ended: bool = False
    outcome: str | None = None


class ReversePortUnknownError(LookupError):
    """A process was started for a reverse port the ledger does not hold."""

    def __init__(self, reverse_port_id: ReversePortId) -> None:
        super().__init__(f"reverse port {reverse_port_id} is not in the ledger; start none for it")


def progress_of(reverse_port_id: ReversePortId, history: Iterable[Envelope]) -> ReverseProgress:
    """From the document: what people read and what the process does cannot differ."""
    document = fold_documents(REVERSE_PORTS, {}, history).get(str(reverse_port_id))
    if document is None:
        raise ReversePortUnknownError(reverse_port_id)
    return _progress(document)


def _progress(document: ReversePortDocument) -> ReverseProgress:
    state, awaited = document.state, document.awaited
    return ReverseProgress(
        order_id=document.order_id,
        line_id=document.line_id,
        provider=state.terms.pin.provider,
        host=state.terms.host,
        stage=state.stage,
        version=document.version,
        last_at=document.last_at,
        until=None if awaited is None else awaited.until,
        due=due_of(state),
        awaited=None if awaited is None else awaited.what,
        attentions=tuple(attention.code for attention in state.attentions),
        overdue=min((a.until for a in going_up(state.attentions)), default=None),
        blocked=state.blocked,
        taken=isinstance(state, HandingBack) and state.taken,
        ended=not document.open,
        outcome=None if state.closed is None else state.closed.ending,
    )


@dataclass(frozen=True, kw_only=True)
class ReversePortActivities:
    book: ReverseBook

    @activity.defn
    async def load_reverse_port(self, step: ReverseStep) -> ReverseProgress:
        return progress_of(step.reverse_port_id, await self.book.read(step.reverse_port_id))

    @activity.defn
    async def intend_hand_back(self, step: ReverseStep) -> ReverseProgress:
        """Say what will be asked of the host, under which key, before anything is sent."""
        return await self._obey(step, "intend", self._intent)

    @activity.defn
    async def note_hand_back_answer(self, step: ReverseAnswerStep) -> ReverseProgress:
        return await self._obey(
            step, f"answer-{step.outcome}", lambda _, at: self._answer(step, at)
        )

    @activity.defn
    async def pass_time_on_reverse_port(self, step: ReverseStep) -> ReverseProgress:
        return await self._obey(
            step,
            "pass-time",
            lambda _, at: PassTime(decided_at=at, answer_by=self._answer_by(at)),
        )

    def _intent(self, state: KnownReversePort, at: datetime) -> ReverseCommand | None:
        if not isinstance(state, Announced):
            return None
        terms = state.terms
        key = str(step_command(terms.reverse_port_id, step=Step.RELEASE_LINE, epoch=state.epoch))
        return AskHost(decided_at=at, answer_by=self._answer_by(at), key=key)

    def _answer(self, step: ReverseAnswerStep, at: datetime) -> ReverseCommand | None:
        common = {"decided_at": at, "answer_by": self._answer_by(at)}
        match step.outcome:
            case "took":
                return HearTook(**common, reference=step.detail)
            case "refused":
                return HearRefused(**common, code=step.detail)
            case "nothing":
                return HearNothing(**common)
            case _:
                return None

    def _answer_by(self, at: datetime) -> datetime:
        return self.book.rules.after(at, ANSWER_WAIT)

    async def _obey(self, step: ReverseStep, verb: str, build: Build) -> ReverseProgress:
        """The same verb at the same version is the same intention."""
        history = await self.book.read(step.reverse_port_id)
        state = fold(envelope.event for envelope in history)
        if isinstance(state, NotOpened):
            raise ReversePortUnknownError(step.reverse_port_id)
        command = build(state, max([step.at, *(e.business_at for e in history[-1:])]))
        if command is not None:
            history = await self.book.obey(
                step.reverse_port_id,
                command,
                Written(stamp=self._stamp(step, verb), actor=ACTOR, follow=False),
            )
        return progress_of(step.reverse_port_id, history)

    def _stamp(self, step: ReverseStep, verb: str) -> CommandStamp:
        command_id = step_command(step.reverse_port_id, step=f"{verb}@{step.version}")
        digest = self.book.keyed_hash.digest(purpose="command", content=str(command_id).encode())
        return CommandStamp(command_id=command_id, fingerprint=digest)


@dataclass(frozen=True, kw_only=True)
class HandBackActivities:
    """What is asked of the host: to end the line, once for each key."""

    book: ReverseBook
    hosts: Mapping[HostNetwork, HostGateway]
    inbox: Inbox

    @activity.defn
    async def ask_hand_back(self, step: ReverseStep) -> ReverseAnswerStep:
        state = await self._asking(step)
        if state is None:
            return ReverseAnswerStep(**step.model_dump(), outcome="moved-on")
        gateway = self.hosts[state.terms.host]
        try:
            async with asyncio.timeout(ASKING.span.total_seconds()):
                answer = await gateway.ask(_request(state))
        except TimeoutError:
            answer = Unanswered(why="the operator did not answer in time", sent=True)
        return _answered(step, answer)

    @activity.defn
    async def look_up_hand_back(self, step: ReverseStep) -> bool:
        """What became of it, kept like any message; whether anybody knows."""
        state = await self._asking(step)
        if state is None:
            return True
        body = await self.hosts[state.terms.host].look_up(state.asked.key)
        if body is None:
            return False
        await self.inbox.receive(
            IncomingMessage(
                source=state.terms.host,
                message_key=f"looked-up-{state.asked.key}",
                correlation=str(state.terms.line_id),
                body=body,
                received_at=step.at,
            )
        )
        return True

    async def _asking(self, step: ReverseStep) -> HandingBack | None:
        state = await self.book.state(step.reverse_port_id)
        return state if isinstance(state, HandingBack) else None


def _request(state: HandingBack) -> LineRequest:
    terms = state.terms
    return LineRequest(
        step=Step.RELEASE_LINE,
        key=state.asked.key,
        line_id=terms.line_id,
        asked_at=state.asked.asked_at,
        sim=terms.sim,
        host_line=terms.host_line,
        number=terms.msisdn.reveal(),
    )


def _answered(step: ReverseStep, answer: Answer) -> ReverseAnswerStep:
    """Silence is tried again at once, a few times: the key makes that safe."""
    outcome, detail = "nothing", ""
    match answer:
        case Unanswered(why=why, sent=sent):
            settle = SETTLE.span if sent else None
            raise ApplicationError(
                why, category=ApplicationErrorCategory.BENIGN, next_retry_delay=settle
            )
        case Took(reference=reference):
            outcome, detail = "took", reference
        case Refused(code=code):
            outcome, detail = "refused", code
    return ReverseAnswerStep(**step.model_dump(), outcome=outcome, detail=detail)
