"""The verbs of the walking order: each one command to the ledger, and where the order then is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from pydantic import AwareDatetime, BaseModel, ConfigDict
from temporalio import activity

from domain import walking_order
from domain.event import Event
from domain.identity import CommandId, OrderId, order_stream, step_command
from domain.walking_order import (
    AcknowledgeOrder,
    AwaitAcknowledgement,
    LapseOrder,
    OrderRefusedError,
    WalkingOrderCommand,
)
from ledger.append import CommandStamp, MessageSettledError
from ledger.codec import command_fingerprint
from ledger.deciding import Decision, decide_once
from ledger.envelope import Envelope, current_version
from ledger.messages import Inbox
from ledger.ports import Ledger
from ledger.sealing import KeyedHash
from projections.order import OrderStage

ACTOR = "process"

Verb = Callable[..., Awaitable["Progress"]]


class Progress(BaseModel):
    """What the facts say, as a process may branch on it."""

    model_config = ConfigDict(frozen=True)

    stage: OrderStage
    version: int
    until: AwareDatetime | None = None


class Step(BaseModel):
    """The input of every step: which order, and the business instant it happens at."""

    model_config = ConfigDict(frozen=True)

    order_id: OrderId
    business_now: AwareDatetime


class MessageStep(Step):
    message_number: int


class OrderUnknownError(LookupError):
    """A process was started for an order the ledger does not hold."""


def _progress(history: tuple[Envelope, ...]) -> Progress:
    version = current_version(history)
    match walking_order.fold(envelope.event for envelope in history):
        case walking_order.Received():
            return Progress(stage=OrderStage.RECEIVED, version=version)
        case walking_order.Awaiting(until=until):
            return Progress(stage=OrderStage.AWAITING_ACKNOWLEDGEMENT, version=version, until=until)
        case walking_order.Acknowledged():
            return Progress(stage=OrderStage.ACKNOWLEDGED, version=version)
        case walking_order.Lapsed():
            return Progress(stage=OrderStage.LAPSED, version=version)
        case walking_order.NotReceived():
            raise OrderUnknownError("this order is not in the ledger; look up its id and try again")


def _deciding(command: WalkingOrderCommand) -> Callable[[tuple[Event, ...]], tuple[Event, ...]]:
    def decide(events: tuple[Event, ...]) -> tuple[Event, ...]:
        return walking_order.decide(command, walking_order.fold(events))

    return decide


@dataclass(frozen=True)
class WalkingOrderActivities:
    ledger: Ledger
    inbox: Inbox
    keyed_hash: KeyedHash

    @activity.defn
    async def load_order(self, step: Step) -> Progress:
        return _progress(await self.ledger.read(order_stream(step.order_id)))

    @activity.defn
    async def await_acknowledgement(self, step: Step) -> Progress:
        command = AwaitAcknowledgement(order_id=step.order_id, decided_at=step.business_now)
        return await self._obey(command, step=step, name="await-acknowledgement")

    @activity.defn
    async def acknowledge_order(self, step: MessageStep) -> Progress:
        """A number that is nobody's, somebody else's or settled changes nothing."""
        try:
            message = await self.inbox.read(step.message_number)
        except KeyError:
            return await self.load_order(step)
        if message.correlation != str(step.order_id):
            return await self.load_order(step)
        command = AcknowledgeOrder(
            order_id=step.order_id,
            message_key=message.message_key,
            decided_at=step.business_now,
        )
        return await self._obey(
            command,
            step=step,
            name=f"acknowledge/{step.message_number}",
            settles=step.message_number,
        )

    @activity.defn
    async def lapse_order(self, step: Step) -> Progress:
        """What was received in time counts, however late we come to it."""
        progress = await self.load_order(step)
        if progress.until is not None:
            number = await self.inbox.first_waiting(
                str(step.order_id), received_upto=progress.until
            )
            if number is not None:
                return await self.acknowledge_order(
                    MessageStep(**step.model_dump(), message_number=number)
                )
        command = LapseOrder(order_id=step.order_id, decided_at=step.business_now)
        return await self._obey(command, step=step, name="lapse")

    async def _obey(
        self,
        command: WalkingOrderCommand,
        *,
        step: Step,
        name: str,
        settles: int | None = None,
    ) -> Progress:
        """Where the order is afterwards, whether this command moved it or came too late."""
        decision = Decision(
            stream_id=order_stream(step.order_id),
            stamp=self._stamp(command, step_command(step.order_id, step=name)),
            decide=_deciding(command),
            business_at=command.decided_at,
            actor=ACTOR,
            correlation=str(step.order_id),
            settles=settles,
        )
        try:
            return _progress(await decide_once(self.ledger, decision))
        except (OrderRefusedError, MessageSettledError):
            return await self.load_order(step)

    def _stamp(self, command: WalkingOrderCommand, command_id: CommandId) -> CommandStamp:
        return CommandStamp(
            command_id=command_id, fingerprint=command_fingerprint(command, self.keyed_hash)
        )


def verbs_of(activities: WalkingOrderActivities) -> tuple[Verb, ...]:
    """What a worker registers."""
    return (
        activities.load_order,
        activities.await_acknowledgement,
        activities.acknowledge_order,
        activities.lapse_order,
    )
