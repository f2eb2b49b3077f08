"""Orders coming in: a request becomes facts and a start, in one transaction, or a sentence."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from domain import lots, orders
from domain.identity import (
    OrderId,
    lot_stream,
    order_id_for,
    order_stream,
    order_subject,
    step_command,
)
from domain.lots import LINES_KEPT, ReceiveLot, in_lots
from domain.orders import NotReceived, OrderedLine, ReceiveOrder
from domain.personal import Personal
from intake.alternatives import Alternatives
from intake.faults import OrderRefusedError
from intake.lines import LineReader
from intake.requests import OrderRequest
from ledger.append import (
    Append,
    CommandReusedError,
    CommandStamp,
    NoStream,
    OutboxMessage,
    StreamAppend,
)
from ledger.messages import START_ORDER
from ledger.ports import Ledger
from ledger.sealing import KeyedHash


@dataclass(frozen=True, kw_only=True)
class Submission:
    """A request, who made it, and the key that makes a retry the same request."""

    request: OrderRequest
    client: str
    actor: str
    idempotency_key: str
    business_now: datetime


@dataclass(frozen=True, kw_only=True)
class Submitted:
    order_id: OrderId
    repeated: bool


@dataclass(frozen=True, kw_only=True)
class OrderIntake:
    ledger: Ledger
    keyed_hash: KeyedHash
    lines: LineReader

    async def submit(self, submission: Submission) -> Submitted:
        """Kept with its start, or not at all.

        CommandReusedError: the key had another body. OrderRefusedError: every mistake in it.
        """
        order_id = order_id_for(
            client=submission.client, idempotency_key=submission.idempotency_key
        )
        stamp = self._stamp(order_id, submission.request)
        try:
            lines = await self._read(submission, order_id)
        except OrderRefusedError:
            if await self._is_repeat(stamp):
                return Submitted(order_id=order_id, repeated=True)
            raise
        command = _receive(submission, order_id, lines)
        appended = await self.ledger.append(_append(command, stamp, lines, actor=submission.actor))
        return Submitted(order_id=order_id, repeated=appended.repeated)

    async def _read(self, submission: Submission, order_id: OrderId) -> tuple[OrderedLine, ...]:
        """A fleet is read beside whatever else is asked of us meanwhile."""
        request = submission.request
        alternatives = Alternatives(ledger=self.ledger)
        return await asyncio.to_thread(
            self.lines.read,
            request,
            order_id=order_id,
            now=submission.business_now,
            beside=await alternatives.problems(request, client=submission.client),
        )

    def _stamp(self, order_id: OrderId, request: OrderRequest) -> CommandStamp:
        """Of the request as it was written: a retry next week is the same order."""
        digest = self.keyed_hash.digest(purpose="command", content=request.as_written.encode())
        return CommandStamp(command_id=step_command(order_id, step="receive"), fingerprint=digest)

    async def _is_repeat(self, stamp: CommandStamp) -> bool:
        """What was accepted once may no longer be taken, and stays accepted."""
        kept = await self.ledger.caused_by(stamp.command_id)
        if kept and kept[0].fingerprint != stamp.fingerprint:
            raise CommandReusedError(stamp.command_id)
        return bool(kept)


def _receive(
    submission: Submission, order_id: OrderId, lines: tuple[OrderedLine, ...]
) -> ReceiveOrder:
    request = submission.request
    subject = order_subject(order_id)
    large = len(lines) > LINES_KEPT
    email = request.customer.email
    return ReceiveOrder(
        decided_at=submission.business_now,
        order_id=order_id,
        reference=request.reference,
        provider=lines[0].terms.pin.provider,
        service=request.service,
        signed_on=request.signed_on,
        customer_kind=request.customer.kind,
        customer=Personal(subject=subject, value=request.customer.name),
        contact=Personal(subject=subject, value=request.customer.contact),
        lines=() if large else lines,
        client=submission.client,
        lots=tuple(len(lot) for lot in in_lots(lines)) if large else (),
        pin=lines[0].terms.pin,
        email=None if email is None else Personal(subject=subject, value=email),
        language=request.customer.language,
    )


def _lots(command: ReceiveOrder, lines: tuple[OrderedLine, ...]) -> Iterator[StreamAppend]:
    """The lines of a large order, each lot on a stream of its own."""
    for lot, some in enumerate(in_lots(lines) if command.lots else (), start=1):
        receive = ReceiveLot(
            decided_at=command.decided_at,
            order_id=command.order_id,
            lot=lot,
            of_lines=len(lines),
            lines=tuple(some),
        )
        yield StreamAppend(
            stream_id=lot_stream(command.order_id, lot),
            expected=NoStream(),
            events=lots.decide(receive, lots.NotReceived()),
        )


def _append(
    command: ReceiveOrder,
    stamp: CommandStamp,
    lines: tuple[OrderedLine, ...],
    *,
    actor: str,
) -> Append:
    return Append(
        command=stamp,
        business_at=command.decided_at,
        actor=actor,
        correlation=str(command.order_id),
        streams=(
            StreamAppend(
                stream_id=order_stream(command.order_id),
                expected=NoStream(),
                events=orders.decide(command, NotReceived()),
            ),
            *_lots(command, lines),
        ),
        outbox=(
            OutboxMessage(
                kind=START_ORDER, payload=json.dumps({"order_id": str(command.order_id)})
            ),
        ),
    )
