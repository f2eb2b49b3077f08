"""The verbs of one difference with a host: each one command to the ledger, and where it stands."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import AwareDatetime, BaseModel, ConfigDict
from temporalio import activity

from activities.lines import ACTOR, LineLedger
from domain import differences
from domain.differences import (
    Difference,
    DifferenceCommand,
    DifferenceId,
    DifferenceState,
    NoteRemedy,
    NoteSilence,
    NoteStanding,
    Open,
    PassTime,
    Remedying,
    difference_stream,
    fold,
)
from domain.event import Event
from domain.identity import CommandId, LineId, OrderId, step_command
from domain.operators import Standing
from domain.policies import ANSWER_WAIT
from domain.port_in_facts import HostNetwork
from domain.port_rules import PortRules
from domain.reconciling import Belief, DifferenceKind, TheirSide, belief_of, compared
from ledger.append import OutboxMessage
from ledger.deciding import Decision, decide_once
from ledger.envelope import Envelope
from ledger.messages import START_DIFFERENCE


class DifferenceStep(BaseModel):
    """The input of every step: which difference, as of which version, at which instant."""

    model_config = ConfigDict(frozen=True)

    difference_id: DifferenceId
    at: AwareDatetime
    version: int = 0


class StandingStep(DifferenceStep):
    """What the host says of the line; `why` where it says nothing."""

    standing: Standing | None = None
    code: str | None = None
    why: str | None = None


class RemedyStep(DifferenceStep):
    """What the host said to the remedy of this key."""

    key: str
    reference: str | None = None
    code: str | None = None
    why: str = ""


class DifferenceProgress(BaseModel):
    """What the facts of a difference say, as its process may branch on it."""

    model_config = ConfigDict(frozen=True)

    host: HostNetwork
    line_id: LineId
    order_id: OrderId
    provider: str
    kind: DifferenceKind
    stage: str
    version: int
    last_at: AwareDatetime
    until: AwareDatetime | None = None
    """What the process wakes for: a question that has gone up is late, and stays so."""
    shown_until: AwareDatetime | None = None
    """Until when a person should answer, whoever it is."""
    key: str | None = None
    """Of a remedy that is to be asked for."""
    taken: bool = False
    """The host has it: it is asked what came of it."""
    question: bool = False
    ended: bool = False


class DifferenceUnknownError(LookupError):
    """A process was started for a difference the ledger does not hold."""

    def __init__(self, difference_id: DifferenceId) -> None:
        super().__init__(f"difference {difference_id} is not in the ledger; start none for it")


def start_of_difference(difference_id: DifferenceId) -> OutboxMessage:
    payload = json.dumps({"difference_id": str(difference_id)})
    return OutboxMessage(kind=START_DIFFERENCE, payload=payload)


def state_of(history: Iterable[Envelope]) -> DifferenceState:
    return fold((envelope.business_at, envelope.event) for envelope in history)


def belief_in(history: Iterable[Envelope]) -> Belief | None:
    return belief_of((e.version, e.business_at, e.event) for e in history)


def difference_of(belief: Belief, theirs: TheirSide) -> Difference | None:
    """None where both sides say the same."""
    kind = compared(belief.ours.standing, theirs)
    if kind is None:
        return None
    return Difference(
        kind=kind,
        line_id=belief.line_id,
        order_id=belief.order_id,
        provider=belief.provider,
        host=belief.host,
        host_line=belief.host_line or "",
        ours=belief.ours,
        theirs=theirs,
    )


@dataclass(frozen=True, kw_only=True)
class Told:
    """One command to a difference, and whether its process is to look at what came of it."""

    command: DifferenceCommand
    step: str
    order_id: OrderId
    actor: str = ACTOR
    wakes: bool = False
    content: str = ""
    """What tells a repeat by a person from another intention under the same key."""

    def command_id(self, difference_id: DifferenceId) -> CommandId:
        return step_command(difference_id, step=self.step)


@dataclass(frozen=True, kw_only=True)
class DifferenceBook:
    """Differences, as everybody writes to them."""

    lines: LineLedger

    async def read(self, difference_id: DifferenceId) -> tuple[Envelope, ...]:
        return await self.lines.ledger.read(difference_stream(difference_id))

    async def tell(self, difference_id: DifferenceId, told: Told) -> tuple[Envelope, ...]:
        """The whole stream afterwards. DifferenceRefusedError says what can be decided instead."""
        history = await self.read(difference_id)
        command, command_id = told.command, told.command_id(difference_id)

        def decide(events: tuple[Event, ...]) -> tuple[Event, ...]:
            return differences.decide(command, fold((command.decided_at, e) for e in events))

        return await decide_once(
            self.lines.ledger,
            Decision(
                stream_id=difference_stream(difference_id),
                stamp=self.lines.stamp(command_id, told.content),
                decide=decide,
                business_at=max([command.decided_at, *(e.business_at for e in history[-1:])]),
                actor=told.actor,
                correlation=str(told.order_id),
                outbox=(start_of_difference(difference_id),) if told.wakes else (),
            ),
            known=history,
        )


def _wakes(state: DifferenceState) -> AwareDatetime | None:
    if isinstance(state, Remedying):
        return state.until
    return state.until if isinstance(state, Open) and state.goes_up else None


def progress_of(difference_id: DifferenceId, history: tuple[Envelope, ...]) -> DifferenceProgress:
    raised = [e.event for e in history if isinstance(e.event, differences.DifferenceRaised)]
    if not raised:
        raise DifferenceUnknownError(difference_id)
    state, known = state_of(history), raised[-1].difference
    remedying = state if isinstance(state, Remedying) else None
    taken = remedying is not None and remedying.reference is not None
    return DifferenceProgress(
        host=known.host,
        line_id=known.line_id,
        order_id=known.order_id,
        provider=known.provider,
        kind=known.kind,
        stage=state.stage,
        version=history[-1].version,
        last_at=history[-1].business_at,
        until=_wakes(state),
        shown_until=state.until if isinstance(state, Open) else None,
        key=None if remedying is None or taken else remedying.key,
        taken=taken,
        question=isinstance(state, Open) and state.question,
        ended=not isinstance(state, Open | Remedying),
    )


@dataclass(frozen=True, kw_only=True)
class DifferenceActivities:
    """Each one command to the ledger, then where the difference stands."""

    book: DifferenceBook
    rules: PortRules

    @activity.defn
    async def load_difference(self, step: DifferenceStep) -> DifferenceProgress:
        return progress_of(step.difference_id, await self.book.read(step.difference_id))

    @activity.defn
    async def note_host_says(self, step: StandingStep) -> DifferenceProgress:
        """Held against the facts as they are now; nothing while the line is being changed, and over
        once another line of ours has its place there: that one is compared."""
        history = await self.book.read(step.difference_id)
        progress = progress_of(step.difference_id, history)
        answer_by = self.rules.after(step.at, ANSWER_WAIT)
        command: DifferenceCommand
        if step.why is not None:
            command = NoteSilence(decided_at=step.at, answer_by=answer_by, why=step.why)
        else:
            belief = belief_in(await self.book.lines.read(progress.line_id))
            if belief is None or belief.standing is None or belief.under_way is not None:
                return progress
            theirs = TheirSide(standing=step.standing, code=step.code, asked_at=step.at)
            found = None if belief.handed_over else difference_of(belief, theirs)
            command = NoteStanding(
                decided_at=step.at,
                answer_by=answer_by,
                difference=found if found is not None and found.kind is progress.kind else None,
                theirs=theirs,
            )
        return await self._obey(step, "host-says", command)

    @activity.defn
    async def note_remedy(self, step: RemedyStep) -> DifferenceProgress:
        command = NoteRemedy(
            decided_at=step.at,
            answer_by=self.rules.after(step.at, ANSWER_WAIT),
            key=step.key,
            reference=step.reference,
            code=step.code,
            why=step.why,
        )
        return await self._obey(step, "remedy", command)

    @activity.defn
    async def pass_time_on_difference(self, step: DifferenceStep) -> DifferenceProgress:
        command = PassTime(decided_at=step.at, answer_by=self.rules.after(step.at, ANSWER_WAIT))
        return await self._obey(step, "pass-time", command)

    async def _obey(
        self, step: DifferenceStep, verb: str, command: DifferenceCommand
    ) -> DifferenceProgress:
        """The same verb at the same version and instant is the same intention."""
        progress = progress_of(step.difference_id, await self.book.read(step.difference_id))
        name = f"{verb}@{step.version}/{step.at.isoformat()}"
        told = Told(command=command, step=name, order_id=progress.order_id)
        return progress_of(step.difference_id, await self.book.tell(step.difference_id, told))
