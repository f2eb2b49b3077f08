"""Orange's notifications at our door: who sends them, under which key, about which line."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from adapters.orange.messages import (
    Token,
    UnreadableDocumentError,
    read_envelope,
    read_token,
    word_of,
)
from domain.operators import Delivery, NotANotificationError, StrangerError


@dataclass(frozen=True, kw_only=True)
class OrangeDoor:
    token: Token

    def receive(self, body: bytes, headers: Mapping[str, str], *, now: datetime) -> Delivery:
        """The token is in the document: neither the headers nor the hour prove anything."""
        del headers, now
        try:
            given = read_token(body)
            if given is None or not self._is_ours(given):
                raise StrangerError("the username token is missing or wrong")
            element = read_envelope(body)
            return Delivery(
                source="orange",
                message_key=word_of(element, "notificationId"),
                correlation=str(UUID(element.fields["customerReference"])),
                body=body.decode("utf-8"),
            )
        except (UnreadableDocumentError, KeyError, ValueError) as exc:
            raise NotANotificationError(
                "send a notification with its notificationId and our customerReference"
            ) from exc

    def _is_ours(self, given: Token) -> bool:
        name = hmac.compare_digest(given.username.encode(), self.token.username.encode())
        word = hmac.compare_digest(given.password.encode(), self.token.password.encode())
        return name and word
