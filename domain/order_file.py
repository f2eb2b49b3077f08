"""What is filed with an order: documents as they came, letters and notices with their dates.

A notice takes effect on the day the contract says for the way it came (decision 8); a deadline may
count from that day and no other.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from domain.contract_questions import Contract
from domain.event import Event
from domain.identity import DocumentId, NoticeId
from domain.parsed import BadValueError
from domain.port_in_facts import PAPER
from domain.said import Said, day_said


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MediaType(StrEnum):
    """What a document can be."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"


CONTENT_MAX = 10 * 1024 * 1024
"""Bytes of one document: a signed mandate, scanned. A default of ours."""


class FiledDocument(_Value):
    """A document as it came; its content lies sealed elsewhere, under the customer's key."""

    document_id: DocumentId
    name: Annotated[str, Field(pattern=PAPER)]
    on: date
    """The day it bears."""
    line: int | None
    """The line it is for; None for all of them."""
    media_type: MediaType
    size: int
    digest: str
    """A keyed hash of its content: what was handed in can be proved, and not guessed."""


class Purpose(StrEnum):
    """What a letter is about."""

    CANCELLATION = "cancellation"
    AGREEMENT = "agreement"
    TERMINATION = "termination"
    CHANGE = "change"
    CLAIM = "claim"
    OTHER = "other"


class Channel(StrEnum):
    """How it came; `notice.channels` of a contract names the forms it takes."""

    EMAIL = "email"
    REGISTERED_LETTER = "registered-letter"
    LETTER = "letter"
    HAND_DELIVERY = "hand-delivery"
    EXTRAJUDICIAL_ACT = "extrajudicial-act"


class Came(_Value):
    """When it was sent, first presented, and received: what is known of it."""

    sent_on: date
    presented_on: date | None = None
    received_on: date | None = None


class Notice(_Value):
    notice_id: NoticeId
    purpose: Purpose
    channel: Channel
    came: Came
    takes_effect_on: date
    rule: Said
    """Why that day."""
    line: int | None
    document_id: DocumentId | None
    """The letter itself, where it was filed."""


class DocumentFiled(Event):
    document: FiledDocument


class NoticeFiled(Event):
    notice: Notice


FileEvent = DocumentFiled | NoticeFiled


class OrderFile(_Value):
    documents: tuple[FiledDocument, ...] = ()
    notices: tuple[Notice, ...] = ()

    def document(self, document_id: DocumentId) -> FiledDocument | None:
        return next((d for d in self.documents if d.document_id == document_id), None)

    def named(self, name: str, *, line: int) -> FiledDocument | None:
        """The newest paper of a name that is for a line."""
        found = [d for d in self.documents if d.name == name and d.line in {None, line}]
        return found[-1] if found else None


def evolve(file: OrderFile, event: FileEvent) -> OrderFile:
    if isinstance(event, DocumentFiled):
        return file.model_copy(update={"documents": (*file.documents, event.document)})
    return file.model_copy(update={"notices": (*file.notices, event.notice)})


def fold(events: Iterable[Event]) -> OrderFile:
    """What is filed, from the facts of an order's stream."""
    file = OrderFile()
    for event in events:
        if isinstance(event, FileEvent):
            file = evolve(file, event)
    return file


# when a notice takes effect


def taking_effect(contract: Contract, channel: Channel, came: Came) -> tuple[date, Said]:
    """The day, and the rule; BadValueError names the date that is missing."""
    if channel is Channel.EMAIL:
        return _of_an_email(contract, came)
    if channel is Channel.REGISTERED_LETTER:
        return _of_a_registered_letter(contract, came)
    day = _known(came.received_on, "received_on", "the day it was received")
    rule = Said(
        fr="une lettre ou un acte prend effet le jour de sa réception (règle à nous)",
        en="a letter or an act takes effect the day it is received (a default of ours)",
    )
    return day, _dated(rule, day)


def _of_an_email(contract: Contract, came: Came) -> tuple[date, Said]:
    rule = contract.choice("notice.email-effective") or "sent"
    source = contract.source("notice.email-effective") or _DECISION_8
    if rule == "never":
        raise BadValueError(f"this contract takes no notice by email ({source}): have it by letter")
    if rule == "acknowledged":
        day = _known(came.received_on, "received_on", "the day its receipt was acknowledged")
        said = Said(
            fr=f"un courriel prend effet à son accusé de réception ({source})",
            en=f"an email takes effect when it is acknowledged ({source})",
        )
        return day, _dated(said, day)
    said = Said(
        fr=f"un courriel prend effet le jour de son envoi ({source})",
        en=f"an email takes effect the day it is sent ({source})",
    )
    return came.sent_on, _dated(said, came.sent_on)


def _of_a_registered_letter(contract: Contract, came: Came) -> tuple[date, Said]:
    rule = contract.choice("notice.registered-letter-effective") or "first-presentation"
    source = contract.source("notice.registered-letter-effective") or _DECISION_8
    if rule == "first-presentation":
        day = _known(came.presented_on, "presented_on", "the day it was first presented")
        said = Said(
            fr=f"une lettre recommandée prend effet à sa première présentation ({source})",
            en=f"a registered letter takes effect when it is first presented ({source})",
        )
        return day, _dated(said, day)
    day = _known(came.received_on, "received_on", "the day its receipt was signed")
    said = Said(
        fr=f"une lettre recommandée prend effet à sa réception ({source})",
        en=f"a registered letter takes effect when it is received ({source})",
    )
    return day, _dated(said, day)


_DECISION_8 = "decision 8"


def _known(day: date | None, name: str, words: str) -> date:
    if day is None:
        raise BadValueError(f"{name} is missing: give {words}")
    return day


def _dated(rule: Said, day: date) -> Said:
    said = day_said(day)
    return Said(fr=f"{rule.fr} : {said.fr}", en=f"{rule.en}: {said.en}")


def check_order_of(came: Came, *, today: date) -> None:
    """Sent, then presented, then received, and none of it still to come."""
    known = [
        (name, day)
        for name, day in (
            ("sent_on", came.sent_on),
            ("presented_on", came.presented_on),
            ("received_on", came.received_on),
        )
        if day is not None
    ]
    for name, day in known:
        if day > today:
            raise BadValueError(f"{name} has not come yet: give the day it happened")
    for (earlier, before), (later, after) in pairwise(known):
        if after < before:
            raise BadValueError(f"{later} is before {earlier}: correct one of them")
