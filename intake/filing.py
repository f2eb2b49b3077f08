"""Documents and letters filed with an order: checked, sealed, kept, linked to what they open."""

import asyncio
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, Protocol, TypeVar

from domain import order_file
from domain.contract_questions import Contract
from domain.identity import (
    CommandId,
    DocumentId,
    NoticeId,
    OrderId,
    SubjectId,
    document_id_for,
    notice_id_for,
    order_stream,
    order_subject,
    step_command,
)
from domain.lots import lot_of
from domain.order_file import (
    Came,
    Channel,
    DocumentFiled,
    FiledDocument,
    MediaType,
    Notice,
    NoticeFiled,
    Purpose,
)
from domain.orders import OrderReceived, lots_of
from domain.parsed import BadValueError
from domain.photographs import PHOTOGRAPH
from domain.port_rules import PortRules
from domain.reactivation import JUSTIFICATION
from intake.contents import check_content
from intake.order_reading import papers_asked
from ledger.append import CommandStamp, OutboxMessage
from ledger.deciding import Decision, decide_once
from ledger.messages import PROVIDE_PAPER
from ledger.ports import Ledger
from ledger.sealing import KeyedHash

ALSO_TAKEN = (
    "agreement",
    "invoice",
    JUSTIFICATION,
    "letter",
    "order-form",
    "other",
    PHOTOGRAPH,
)
"""Papers no gate asks for, and that belong to an order all the same. A default of ours."""
DOCUMENTS_MAX = 100
"""Of one order, and as many photographs beside them. A default of ours."""


class Attachments(Protocol):
    async def keep(self, document_id: DocumentId, *, subject: SubjectId, content: bytes) -> None:
        """Sealed under the subject's key; a repeat leaves the first one alone."""

    async def content(self, document_id: DocumentId, *, subject: SubjectId) -> bytes | None:
        """None once its subject is forgotten."""


@dataclass(frozen=True, kw_only=True)
class HandedIn:
    """A document at the door."""

    name: str
    on: date
    line: int | None
    media_type: MediaType
    content: bytes


@dataclass(frozen=True, kw_only=True)
class LetterCame:
    """A letter or a notice, as whoever opened it writes it down."""

    purpose: Purpose
    channel: Channel
    came: Came
    line: int | None
    document_id: DocumentId | None


@dataclass(frozen=True, kw_only=True)
class By:
    """Who files, under which key of theirs, at which business instant."""

    actor: str
    key: str
    at: datetime


FiledT = TypeVar("FiledT")


@dataclass(frozen=True, kw_only=True)
class Filed(Generic[FiledT]):
    """What was filed, and whether the same key had filed it before."""

    what: FiledT
    repeated: bool


@dataclass(frozen=True, kw_only=True)
class Filing:
    ledger: Ledger
    keyed_hash: KeyedHash
    rules: PortRules
    attachments: Attachments

    async def document(self, order_id: OrderId, handed: HandedIn, by: By) -> Filed[FiledDocument]:
        """BadValueError: it cannot be taken. CommandReusedError: the key carried another one."""
        contract = await self._contract(order_id)
        _check_name(contract, handed.name)
        _check_day(contract, handed.on, by.at)
        await asyncio.to_thread(check_content, handed.media_type, handed.content)
        digest = self.keyed_hash.digest(purpose="document", content=handed.content).hex()
        document = FiledDocument(
            document_id=document_id_for(order_id, key=f"{by.key}/{digest}"),
            name=handed.name,
            on=handed.on,
            line=handed.line,
            media_type=handed.media_type,
            size=len(handed.content),
            digest=digest,
        )
        await self._check_room(order_id, document)
        await self.attachments.keep(
            document.document_id, subject=order_subject(order_id), content=handed.content
        )
        repeated = await self._file(
            order_id, DocumentFiled(document=document), document.document_id, by=by
        )
        return Filed(what=document, repeated=repeated)

    async def is_filed(self, order_id: OrderId, *, key: str) -> bool:
        """Whether a document was filed under a key, whatever became of it since."""
        return bool(await self.ledger.caused_by(_command(order_id, "document", key)))

    async def _check_room(self, order_id: OrderId, document: FiledDocument) -> None:
        """Before anything of it is kept; what is there already takes no more room. Photographs
        have their own: whatever operators send, a letter finds its place."""
        history = await self.ledger.read(order_stream(order_id))
        file = order_file.fold(envelope.event for envelope in history)
        pictured = document.name == PHOTOGRAPH
        alike = [one for one in file.documents if (one.name == PHOTOGRAPH) == pictured]
        is_there = file.document(document.document_id) is not None
        if len(alike) >= DOCUMENTS_MAX and not is_there:
            what = "photographs" if pictured else "documents"
            raise BadValueError(f"an order takes {DOCUMENTS_MAX} {what}: file the others elsewhere")

    async def notice(self, order_id: OrderId, letter: LetterCame, by: By) -> Filed[Notice]:
        """BadValueError names the date that is missing or cannot be."""
        contract = await self._contract(order_id)
        today = contract.reckoning.instant_of(by.at).date()
        order_file.check_order_of(letter.came, today=today)
        takes_effect_on, rule = order_file.taking_effect(contract, letter.channel, letter.came)
        notice = Notice(
            notice_id=notice_id_for(order_id, key=by.key),
            purpose=letter.purpose,
            channel=letter.channel,
            came=letter.came,
            takes_effect_on=takes_effect_on,
            rule=rule,
            line=letter.line,
            document_id=letter.document_id,
        )
        repeated = await self._file(order_id, NoticeFiled(notice=notice), notice.notice_id, by=by)
        return Filed(what=notice, repeated=repeated)

    async def content(self, order_id: OrderId, document_id: DocumentId) -> bytes | None:
        return await self.attachments.content(document_id, subject=order_subject(order_id))

    async def _contract(self, order_id: OrderId) -> Contract:
        """All lines of an order stand under one."""
        for envelope in await self.ledger.read(order_stream(order_id)):
            if isinstance(envelope.event, OrderReceived):
                return self.rules.contract(envelope.event.under)
        raise BadValueError(f"there is no order {order_id}")

    async def _lots(self, order_id: OrderId, filed: DocumentFiled | NoticeFiled) -> tuple[int, ...]:
        """The lots it is for; none where the order keeps its lines itself."""
        line = filed.document.line if isinstance(filed, DocumentFiled) else filed.notice.line
        for envelope in await self.ledger.read(order_stream(order_id)):
            if isinstance(envelope.event, OrderReceived) and envelope.event.lots:
                order = envelope.event
                place = None if line is None else (line - 1) % order.line_count + 1
                return tuple(lots_of(order)) if place is None else (lot_of(place),)
        return ()

    async def _file(
        self,
        order_id: OrderId,
        event: DocumentFiled | NoticeFiled,
        filed: DocumentId | NoticeId,
        *,
        by: By,
    ) -> bool:
        """The fact, and what it may open, in one transaction; whether it was there before."""
        content = event.model_dump_json().encode()
        kind = "document" if isinstance(event, DocumentFiled) else "notice"
        command_id = _command(order_id, kind, by.key)
        repeated = bool(await self.ledger.caused_by(command_id))
        await decide_once(
            self.ledger,
            Decision(
                stream_id=order_stream(order_id),
                stamp=CommandStamp(
                    command_id=command_id,
                    fingerprint=self.keyed_hash.digest(purpose="command", content=content),
                ),
                decide=lambda _: (event,),
                business_at=by.at,
                actor=by.actor,
                correlation=str(order_id),
                outbox=_to_be_provided(
                    order_id, filed, by.actor, lots=await self._lots(order_id, event)
                ),
            ),
        )
        return repeated


def _command(order_id: OrderId, kind: str, key: str) -> CommandId:
    return step_command(order_id, step=f"file/{kind}/{key}")


def _to_be_provided(
    order_id: OrderId, filed: DocumentId | NoticeId, by: str, *, lots: tuple[int, ...]
) -> tuple[OutboxMessage, ...]:
    """To the lines the order keeps itself, or to each of its lots on its own."""
    about = {"order_id": str(order_id), "filed": str(filed), "by": by}
    payloads = [{**about, "lot": lot} for lot in lots] if lots else [about]
    return tuple(
        OutboxMessage(kind=PROVIDE_PAPER, payload=json.dumps(payload)) for payload in payloads
    )


def _check_name(contract: Contract, name: str) -> None:
    known = sorted({*papers_asked(contract), *ALSO_TAKEN})
    if name not in known:
        raise BadValueError(f"'{name}' is no paper of this contract: say one of {', '.join(known)}")


def _check_day(contract: Contract, on: date, at: datetime) -> None:
    if on > contract.reckoning.instant_of(at).date():
        raise BadValueError("this day has not come yet: give the day the paper bears")
