"""Identity is a function: the same question gives the same id, on any machine, at any time."""

from typing import NewType
from uuid import UUID, uuid5

OrderId = NewType("OrderId", UUID)
SubjectId = NewType("SubjectId", str)
StreamId = NewType("StreamId", str)
CommandId = NewType("CommandId", UUID)

_ORDERS = UUID("5b0a7c5e-6a3b-5d0c-9a39-0e3a3c4f1d01")
_COMMANDS = UUID("5b0a7c5e-6a3b-5d0c-9a39-0e3a3c4f1d02")


def order_id_for(*, client: str, idempotency_key: str) -> OrderId:
    """The order a client means by a key: a retry after any crash names the same order."""
    return OrderId(uuid5(_ORDERS, f"{client}\x1f{idempotency_key}"))


def order_stream(order_id: OrderId) -> StreamId:
    return StreamId(f"order/{order_id}")


def order_of_stream(stream_id: StreamId) -> OrderId | None:
    kind, _, identity = stream_id.partition("/")
    return OrderId(UUID(identity)) if kind == "order" else None


def order_subject(order_id: OrderId) -> SubjectId:
    return SubjectId(f"order-contact/{order_id}")


def unmatched_stream(message_number: int) -> StreamId:
    return StreamId(f"unmatched/{message_number}")


def step_command(order_id: OrderId, *, step: str, epoch: int = 0) -> CommandId:
    """The key of one intention. The epoch is a fact raised only by a decision (design § 10.1)."""
    return CommandId(uuid5(_COMMANDS, f"{order_id}\x1f{step}\x1f{epoch}"))
