"""Orders coming in: a request becomes facts and a start, in one transaction, or a sentence."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, cast

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from domain.event import Event
from domain.identity import OrderId, order_id_for, order_stream, order_subject, step_command
from domain.personal import Personal
from domain.walking_order import NotReceived, ReceiveOrder, decide
from ledger.append import Append, CommandStamp, NoStream, OutboxMessage, StreamAppend
from ledger.codec import command_fingerprint
from ledger.messages import START_WALKING_ORDER
from ledger.ports import Ledger
from ledger.sealing import KeyedHash

ShortText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]


class OrderRequest(BaseModel):
    """An order as others write it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reference: ShortText = Field(description="Your own name for the order; not personal data.")
    contact: ShortText = Field(description="Whom to speak to. Kept sealed, never logged.")


@dataclass(frozen=True, kw_only=True)
class Submission:
    """A request, who made it, and the key that makes a retry the same request."""

    request: OrderRequest
    client: str
    idempotency_key: str
    business_now: datetime


@dataclass(frozen=True, kw_only=True)
class Submitted:
    order_id: OrderId
    repeated: bool


@dataclass(frozen=True)
class OrderIntake:
    ledger: Ledger
    keyed_hash: KeyedHash

    async def submit(self, submission: Submission) -> Submitted:
        """Kept with its start, or not at all. CommandReusedError: the key had another body."""
        order_id = order_id_for(
            client=submission.client, idempotency_key=submission.idempotency_key
        )
        command = ReceiveOrder(
            order_id=order_id,
            reference=submission.request.reference,
            contact=Personal(subject=order_subject(order_id), value=submission.request.contact),
            decided_at=submission.business_now,
        )
        appended = await self.ledger.append(self._append(command, client=submission.client))
        return Submitted(order_id=order_id, repeated=appended.repeated)

    def _append(self, command: ReceiveOrder, *, client: str) -> Append:
        return Append(
            command=CommandStamp(
                command_id=step_command(command.order_id, step="receive"),
                fingerprint=command_fingerprint(command, self.keyed_hash),
            ),
            business_at=command.decided_at,
            actor=client,
            correlation=str(command.order_id),
            streams=(
                StreamAppend(
                    stream_id=order_stream(command.order_id),
                    expected=NoStream(),
                    events=cast("tuple[Event, ...]", decide(command, NotReceived())),
                ),
            ),
            outbox=(
                OutboxMessage(
                    kind=START_WALKING_ORDER,
                    payload=json.dumps({"order_id": str(command.order_id)}),
                ),
            ),
        )
