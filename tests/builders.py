"""Small words tests are written with."""

from datetime import UTC, datetime
from uuid import UUID, uuid5

from domain.event import Event
from domain.identity import CommandId, LineId, OrderId, StreamId, SubjectId
from domain.orders import CustomerKind, LineKind, LineOpened, OrderReceived
from domain.personal import Personal
from ledger.append import (
    Append,
    At,
    CommandStamp,
    ExpectedVersion,
    NoStream,
    OutboxMessage,
    StreamAppend,
)
from ledger.envelope import StoredEvent
from ledger.messages import IncomingMessage

_SPACE = UUID("00000000-0000-5000-8000-00000000abcd")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ORDER = OrderId(uuid5(_SPACE, "order"))


def command_id(name: str) -> CommandId:
    return CommandId(uuid5(_SPACE, name))


def received(reference: str = "R-1", *, subject: str = "customer-1") -> OrderReceived:
    whose = SubjectId(subject)
    return OrderReceived(
        order_id=ORDER,
        reference=reference,
        provider="axantis",
        service="mobile",
        signed_on=NOON.date(),
        customer_kind=CustomerKind.COMPANY,
        customer=Personal(subject=whose, value="Etablissements Martin"),
        contact=Personal(subject=whose, value="Camille Martin"),
        lines=(),
    )


def line_opened(key: str = "m-1") -> LineOpened:
    """Any fact that holds nothing personal; another key is another fact."""
    line_id = LineId(uuid5(_SPACE, key))
    return LineOpened(line_id=line_id, number=1, kind=LineKind.PORT_IN_MOBILE)


def on_stream(stream: str, *events: Event, expected: ExpectedVersion | None = None) -> StreamAppend:
    return StreamAppend(
        stream_id=StreamId(stream),
        expected=expected or NoStream(),
        events=events or (line_opened(),),
    )


def append(
    name: str,
    *streams: StreamAppend,
    payload: bytes = b"payload",
    outbox: tuple[OutboxMessage, ...] = (),
    settles: int | None = None,
) -> Append:
    return Append(
        command=CommandStamp(command_id=command_id(name), fingerprint=payload),
        business_at=NOON,
        actor="test",
        correlation="c-1",
        streams=streams or (on_stream("order/a"),),
        outbox=outbox,
        settles=settles,
    )


def message(
    key: str = "m-1", body: str = "hello", *, correlation: str = str(ORDER)
) -> IncomingMessage:
    return IncomingMessage(
        source="test", message_key=key, correlation=correlation, body=body, received_at=NOON
    )


def stored(
    position: int, *, stream: str = "order/a", version: int = 1, data: str = "{}"
) -> StoredEvent:
    return StoredEvent(
        position=position,
        era=1,
        transaction=100 + position,
        stream_id=StreamId(stream),
        version=version,
        type="LineOpened",
        schema=1,
        business_at=NOON,
        recorded_at=NOON,
        actor="test",
        cause=None,
        correlation="c-1",
        command_id=command_id(f"{stream}-{version}"),
        command_ordinal=1,
        fingerprint=b"payload",
        data=data,
    )


def at(version: int) -> At:
    return At(version)
