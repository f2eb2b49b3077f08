"""Bouygues Telecom's webhooks at our door: who sends them, under which key, about which line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from adapters.bouygues.access_messages import AccessEnvelope
from adapters.bouygues.messages import BYTES_MAX, Envelope
from adapters.bouygues.signing import Signing
from domain.operators import Delivery, NotANotificationError, StrangerError

ENVELOPE: TypeAdapter[Envelope | AccessEnvelope] = TypeAdapter(Envelope | AccessEnvelope)


@dataclass(frozen=True, kw_only=True)
class BouyguesDoor:
    signing: Signing

    def receive(self, body: bytes, headers: Mapping[str, str], *, now: datetime) -> Delivery:
        """Each delivery is signed anew, over the same body: the event's id is its key."""
        if not self.signing.is_theirs(headers.get("x-signature", ""), body, now=now):
            raise StrangerError("the signature is missing, wrong, or more than five minutes away")
        if len(body) > BYTES_MAX:
            raise NotANotificationError(f"send at most {BYTES_MAX} bytes")
        try:
            read = ENVELOPE.validate_json(body)
            text = body.decode("utf-8")
        except (ValidationError, UnicodeDecodeError):
            raise NotANotificationError(
                "send a webhook with its event.id, and our line.partner_line or "
                "access.partner_access"
            ) from None
        return Delivery(
            source="bouygues",
            message_key=read.event.id,
            correlation=read.ours,
            body=text,
        )
