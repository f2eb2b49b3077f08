"""Identity is a function: the same question gives the same id, on any machine, at any time."""

from typing import NewType
from uuid import UUID, uuid5

OrderId = NewType("OrderId", UUID)
SubjectId = NewType("SubjectId", str)
StreamId = NewType("StreamId", str)
CommandId = NewType("CommandId", UUID)
LineId = NewType("LineId", UUID)
CorrectionId = NewType("CorrectionId", UUID)
DocumentId = NewType("DocumentId", UUID)
NoticeId = NewType("NoticeId", UUID)
SubscriptionId = NewType("SubscriptionId", UUID)
AmendmentId = NewType("AmendmentId", UUID)

_ORDERS = UUID("5b0a7c5e-6a3b-5d0c-9a39-0e3a3c4f1d01")
_COMMANDS = UUID("5b0a7c5e-6a3b-5d0c-9a39-0e3a3c4f1d02")
_LINES = UUID("5b0a7c5e-6a3b-5d0c-9a39-0e3a3c4f1d03")
_CORRECTIONS = UUID("5b0a7c5e-6a3b-5d0c-9a39-0e3a3c4f1d04")
_CLIENTS = UUID("5b0a7c5e-6a3b-5d0c-9a39-0e3a3c4f1d05")
_SUBSCRIPTIONS = UUID("5b0a7c5e-6a3b-5d0c-9a39-0e3a3c4f1d08")
_FILED = UUID("5b0a7c5e-6a3b-5d0c-9a39-0e3a3c4f1d06")


def order_id_for(*, client: str, idempotency_key: str) -> OrderId:
    """The order a client means by a key: a retry after any crash names the same order."""
    return OrderId(uuid5(_ORDERS, f"{client}\x1f{idempotency_key}"))


def order_stream(order_id: OrderId) -> StreamId:
    return StreamId(f"order/{order_id}")


def order_of_stream(stream_id: StreamId) -> OrderId | None:
    """The order a stream is of: its own, one of its lots', or what endangers its lines."""
    kind, _, identity = stream_id.partition("/")
    if kind == "lot":
        identity = identity.partition(".")[0]
    return OrderId(UUID(identity)) if kind in {"order", "lot", "jeopardy"} else None


def lot_stream(order_id: OrderId, lot: int) -> StreamId:
    """The lots of a large order are numbered from 1."""
    return StreamId(f"lot/{order_id}.{lot}")


def line_id_for(order_id: OrderId, *, number: int) -> LineId:
    """The lines of an order are numbered from 1."""
    return LineId(uuid5(_LINES, f"{order_id}\x1f{number}"))


def replacement_of(line_id: LineId) -> LineId:
    """The line that is opened in place of one that could not be ported."""
    return LineId(uuid5(_LINES, f"{line_id}\x1freplacement"))


def line_stream(line_id: LineId) -> StreamId:
    return StreamId(f"line/{line_id}")


def line_of_stream(stream_id: StreamId) -> LineId | None:
    kind, _, identity = stream_id.partition("/")
    return LineId(UUID(identity)) if kind == "line" else None


def number_stream(digest: str) -> StreamId:
    """By a keyed hash: a number is personal data, and must not be guessed back from an id."""
    return StreamId(f"number/{digest}")


def site_stream(digest: str) -> StreamId:
    """Of a socket, an installation number or an address, likewise."""
    return StreamId(f"site/{digest}")


def refused_decisions_stream(line_id: LineId) -> StreamId:
    return StreamId(f"refused-decisions/{line_id}")


def correction_id_for(line_id: LineId, *, key: str) -> CorrectionId:
    return CorrectionId(uuid5(_CORRECTIONS, f"{line_id}\x1f{key}"))


def correction_stream(correction_id: CorrectionId) -> StreamId:
    return StreamId(f"correction/{correction_id}")


def document_id_for(order_id: OrderId, *, key: str) -> DocumentId:
    return DocumentId(uuid5(_FILED, f"{order_id}\x1fdocument\x1f{key}"))


def amendment_id_for(order_id: OrderId, *, key: str) -> AmendmentId:
    return AmendmentId(uuid5(_FILED, f"{order_id}\x1famendment\x1f{key}"))


def notice_id_for(order_id: OrderId, *, key: str) -> NoticeId:
    return NoticeId(uuid5(_FILED, f"{order_id}\x1fnotice\x1f{key}"))


def subscription_id_for(*, client: str, key: str) -> SubscriptionId:
    return SubscriptionId(uuid5(_SUBSCRIPTIONS, f"{client}\x1f{key}"))


def order_subject(order_id: OrderId) -> SubjectId:
    return SubjectId(f"order-contact/{order_id}")


def client_id(name: str) -> UUID:
    return uuid5(_CLIENTS, name)


def client_stream(name: str) -> StreamId:
    return StreamId(f"client/{name}")


def client_of_stream(stream_id: StreamId) -> str | None:
    kind, _, name = stream_id.partition("/")
    return name if kind == "client" else None


def unmatched_stream(message_number: int) -> StreamId:
    return StreamId(f"unmatched/{message_number}")


def step_command(owner: UUID, *, step: str, epoch: int = 0) -> CommandId:
    """The key of one intention of an order or a line: to the ledger, and to an operator.

    The epoch is a fact raised only by a decision (design § 10.1).
    """
    return CommandId(uuid5(_COMMANDS, f"{owner}\x1f{step}\x1f{epoch}"))
