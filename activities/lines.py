"""What every line's verbs share: its step, its place in the ledger, and one way to obey."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.event import Event
from domain.identity import CommandId, LineId, OrderId, line_stream, step_command
from ledger.append import CommandStamp, OutboxMessage
from ledger.deciding import Also, Decide, Decision, decide_once
from ledger.envelope import Envelope
from ledger.ports import Ledger
from ledger.sealing import KeyedHash

ACTOR = "process"


class LineStep(BaseModel):
    """The input of every step: which line, as of which version, at which business instant."""

    model_config = ConfigDict(frozen=True)

    line_id: LineId
    at: AwareDatetime
    version: int = 0


class MessageStep(LineStep):
    message_number: int


class LineUnknownError(LookupError):
    """A process was started for a line the ledger does not hold."""

    def __init__(self, line_id: LineId) -> None:
        super().__init__(f"line {line_id} is not in the ledger; look up its order and try again")


def instant_of(step: LineStep, history: tuple[Envelope, ...]) -> datetime:
    """Business time never runs backwards on a stream, however late a step is taken."""
    return max([step.at, *(envelope.business_at for envelope in history[-1:])])


@dataclass(frozen=True, kw_only=True)
class Obeyed:
    """One command to a line's stream, with what goes into the same transaction."""

    command_id: CommandId
    correlation: OrderId
    decide: Callable[[tuple[Event, ...], datetime], tuple[Event, ...]]
    content: str = ""
    """What tells a repeat from another intention under the same id."""
    actor: str = ACTOR
    settles: int | None = None
    also: tuple[Also, ...] = ()
    outbox: tuple[OutboxMessage, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LineLedger:
    """The ledger, as the processes of lines write to it."""

    ledger: Ledger
    keyed_hash: KeyedHash

    async def read(self, line_id: LineId) -> tuple[Envelope, ...]:
        return await self.ledger.read(line_stream(line_id))

    async def obey(
        self, step: LineStep, obeyed: Obeyed, history: tuple[Envelope, ...]
    ) -> tuple[Envelope, ...]:
        """The whole stream afterwards, from what has just been read of it; a repeat finds what the
        first attempt appended."""
        at = instant_of(step, history)
        return await decide_once(
            self.ledger,
            Decision(
                stream_id=line_stream(step.line_id),
                stamp=self.stamp(obeyed.command_id, obeyed.content),
                decide=_at(obeyed.decide, at),
                business_at=at,
                actor=obeyed.actor,
                correlation=str(obeyed.correlation),
                settles=obeyed.settles,
                also=obeyed.also,
                outbox=obeyed.outbox,
            ),
            known=history,
        )

    def stamp(self, command_id: CommandId, content: str) -> CommandStamp:
        digest = self.keyed_hash.digest(
            purpose="command", content=f"{command_id}\x1f{content}".encode()
        )
        return CommandStamp(command_id=command_id, fingerprint=digest)


def _at(decide: Callable[[tuple[Event, ...], datetime], tuple[Event, ...]], at: datetime) -> Decide:
    return lambda events: decide(events, at)


def version_command(step: LineStep, verb: str) -> CommandId:
    """The same verb at the same version is the same intention; a moved stream makes it another."""
    return step_command(step.line_id, step=f"{verb}@{step.version}")
