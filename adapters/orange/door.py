"""Orange's notifications at our door: who sends them, under which key, about which line."""

import hmac
from dataclasses import dataclass
from uuid import UUID

from adapters.orange.messages import Token, UnreadableDocumentError, read_envelope, read_token


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What can be kept of a notification before anybody understands it."""

    source: str
    message_key: str
    correlation: str
    body: str


class NotOrangeError(Exception):
    """The token is missing or wrong: nothing is kept."""


class NotANotificationError(ValueError):
    """It cannot be told which notification this is: the sender is told so, and keeps it."""


@dataclass(frozen=True, kw_only=True)
class OrangeDoor:
    token: Token

    def receive(self, document: bytes) -> Delivery:
        try:
            given = read_token(document)
            if given is None or not self._is_ours(given):
                raise NotOrangeError("the username token is missing or wrong")
            element = read_envelope(document)
            return Delivery(
                source="orange",
                message_key=element.fields["notificationId"],
                correlation=str(UUID(element.fields["customerReference"])),
                body=document.decode("utf-8"),
            )
        except (UnreadableDocumentError, KeyError, UnicodeDecodeError, ValueError) as exc:
            raise NotANotificationError(
                "send a LineNotification with its notificationId and our customerReference"
            ) from exc

    def _is_ours(self, given: Token) -> bool:
        name = hmac.compare_digest(given.username.encode(), self.token.username.encode())
        word = hmac.compare_digest(given.password.encode(), self.token.password.encode())
        return name and word
