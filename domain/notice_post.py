"""How an email leaves: one port, and what became of it in three words."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from domain.identity import NoticeId, OrderId
from domain.notices import NoticePurpose
from domain.parsed import BadValueError
from domain.said import Language


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One notice as it leaves: the same key for every attempt, so that a second can be told."""

    key: str
    notice_id: NoticeId
    order_id: OrderId
    purpose: NoticePurpose
    language: Language
    at: datetime
    """When it was written: the same for every attempt."""
    reference: str
    """The client's own name of the order."""
    sender: str
    """The provider's name."""
    to: str = field(repr=False)
    subject: str = field(repr=False)
    body: str = field(repr=False)
    wants_receipt: bool


@dataclass(frozen=True, kw_only=True)
class Taken:
    """It has left: `reference` is what the other side calls it."""

    reference: str


@dataclass(frozen=True, kw_only=True)
class Refused:
    """It will not be taken, however often it is tried. The words hold nothing personal."""

    why: str


@dataclass(frozen=True, kw_only=True)
class Unanswered:
    """Nobody knows, or not now: it may be tried again."""

    why: str


class Messenger(Protocol):
    @property
    def name(self) -> str:
        """By what it leaves: smtp, webhook."""

    async def send(self, mail: Mail) -> Taken | Refused | Unanswered:
        """One attempt, bounded in time."""


EMAIL_MAX = 254
_LOCAL = frozenset("abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~.")
_HOST = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


def email_address(text: str) -> str:
    """As it is written on an envelope; BadValueError says what to write instead."""
    address = text.strip()
    local, _, host = address.lower().rpartition("@")
    labels = host.split(".")
    good = (
        0 < len(local) <= 64  # noqa: PLR2004  RFC 5321 § 4.5.3.1.1
        and len(address) <= EMAIL_MAX
        and set(local) <= _LOCAL
        and all(local.split("."))
        and len(labels) > 1
        and all(_is_label(label) for label in labels)
    )
    if not good:
        raise BadValueError("this is no email address: write it like camille@example.fr")
    return address


def _is_label(label: str) -> bool:
    ends = label[:1] != "-" and label[-1:] != "-"
    return 0 < len(label) <= 63 and set(label) <= _HOST and ends  # noqa: PLR2004  RFC 1035 § 2.3.4
