"""Documents and letters of an order through HTTP: handed in, listed, read again."""

from typing import Annotated

from fastapi import FastAPI, Query, Request, Response, status
from pydantic import BaseModel, ConfigDict, Field

from domain.identity import DocumentId, OrderId
from domain.order_file import (
    CONTENT_MAX,
    Came,
    Channel,
    FiledDocument,
    MediaType,
    Notice,
    Purpose,
)
from intake.api import ApiPorts, IdempotencyKey, conflict, existing, unknown
from intake.decisions_api import LineNumber, WholeLine, own_key
from intake.filing import By, HandedIn, LetterCame
from intake.guard import Me, body_limit
from intake.openapi import Responses, refusals, repeated
from intake.paging import PAGE, CursorText, Limit, page_of, place_of
from intake.problems import Problem, ProblemError
from intake.requests import Day, PaperName
from projections.order import OrderDocument

_BINARY = {"schema": {"type": "string", "format": "binary"}}
_BINARIES = {media_type.value: _BINARY for media_type in MediaType}
_BODY = {"requestBody": {"required": True, "content": _BINARIES}}
_CONTENT: Responses = {200: {"content": _BINARIES}}


class NoticeRequest(BaseModel):
    """A letter or a notice that came: what it is about, how it came, and on which days."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    purpose: Purpose
    channel: Channel
    sent_on: Day
    presented_on: Day | None = Field(default=None, description="First presented to us.")
    received_on: Day | None = Field(default=None, description="Handed over against signature.")
    line: WholeLine | None = Field(default=None, description="All of them when not given.")
    document_id: DocumentId | None = Field(
        default=None, description="The letter itself, where it was handed in as a document."
    )


class AboutDocument(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: PaperName = Field(
        description="What paper it is: mandate, identity, photograph…", examples=["mandate"]
    )
    on: Day = Field(description="The day it bears.", examples=["2026-11-20"])
    line: LineNumber | None = Field(default=None, description="All of them when not given.")


class Documents(BaseModel):
    documents: tuple[FiledDocument, ...]
    next: str | None


class Notices(BaseModel):
    notices: tuple[Notice, ...]
    next: str | None


def _media_type(header: str) -> MediaType:
    name = header.partition(";")[0].strip().lower()
    if name not in set(MediaType):
        raise ProblemError(
            Problem(
                type="type-not-taken",
                title="Not a document we take",
                status=status.HTTP_415_UNSUPPORTED_MEDIA_TYPE,
                detail=f"Send one of {', '.join(MediaType)}, and name it in Content-Type.",
            )
        )
    return MediaType(name)


def _unknown(document_id: DocumentId) -> ProblemError:
    return unknown(
        "document-unknown",
        "No such document",
        f"The order has no document {document_id}, or it was forgotten on request.",
    )


def _check_line(order: OrderDocument, line: int | None) -> None:
    """A line that stands in for another is numbered after all that were ordered."""
    if line is not None and line > 2 * max(order.line_count, 1):
        raise conflict(
            "line-unknown",
            "No such line",
            f"The order has no line {line}; it has {order.line_count}.",
        )


def add_documents(app: FastAPI, ports: ApiPorts) -> None:
    @app.post(
        "/orders/{order_id}/documents",
        status_code=status.HTTP_201_CREATED,
        responses=repeated(FiledDocument) | refusals(404, 409, 413, 415, 422),
        openapi_extra={**_BODY, **body_limit(CONTENT_MAX)},
    )
    async def file_document(
        order_id: OrderId,
        about: Annotated[AboutDocument, Query()],
        request: Request,
        idempotency_key: IdempotencyKey,
        me: Me,
        response: Response,
    ) -> FiledDocument:
        """The document itself as the body. It is handed to the gate that waits for it."""
        order = await existing(ports, order_id, me)
        _check_line(order, about.line)
        handed = HandedIn(
            name=about.name,
            on=about.on,
            line=about.line,
            media_type=_media_type(request.headers.get("Content-Type", "")),
            content=await request.body(),
        )
        by = By(actor=me.name, key=own_key(me, idempotency_key), at=await ports.now())
        filed = await ports.filing.document(order_id, handed, by)
        if filed.repeated:
            response.status_code = status.HTTP_200_OK
        path = f"/orders/{order_id}/documents/{filed.what.document_id}"
        response.headers["Location"] = path
        return filed.what

    @app.get("/orders/{order_id}/documents", responses=refusals(404))
    async def documents(
        order_id: OrderId, me: Me, cursor: CursorText = None, limit: Limit = PAGE
    ) -> Documents:
        """What was handed in, by the day it bears; what each is, and never what it says."""
        order = await existing(ports, order_id, me)
        page, following = page_of(
            order.file.documents,
            place=lambda one: (str(one.on), str(one.document_id)),
            after=place_of(cursor, (str, str)),
            limit=limit,
        )
        return Documents(documents=page, next=following)


def add_document_contents(app: FastAPI, ports: ApiPorts) -> None:
    @app.get(
        "/orders/{order_id}/documents/{document_id}",
        response_class=Response,
        responses=_CONTENT | refusals(404),
    )
    async def document_content(order_id: OrderId, document_id: DocumentId, me: Me) -> Response:
        """The document itself."""
        order = await existing(ports, order_id, me)
        document = order.file.document(document_id)
        content = await ports.filing.content(order_id, document_id) if document else None
        if document is None or content is None:
            raise _unknown(document_id)
        return Response(
            content,
            media_type=document.media_type,
            headers={
                "Content-Disposition": f'attachment; filename="{document.name}"',
                "X-Content-Type-Options": "nosniff",
                "Cache-Control": "no-store",
            },
        )


def add_notices(app: FastAPI, ports: ApiPorts) -> None:
    @app.post(
        "/orders/{order_id}/notices",
        status_code=status.HTTP_201_CREATED,
        responses=repeated(Notice) | refusals(404, 409, 422),
    )
    async def file_notice(
        order_id: OrderId,
        body: NoticeRequest,
        idempotency_key: IdempotencyKey,
        me: Me,
        response: Response,
    ) -> Notice:
        """A letter that came, with its dates; it takes effect on the day the contract says."""
        order = await existing(ports, order_id, me)
        _check_line(order, body.line)
        if body.document_id is not None and order.file.document(body.document_id) is None:
            raise _unknown(body.document_id)
        letter = LetterCame(
            purpose=body.purpose,
            channel=body.channel,
            came=Came(
                sent_on=body.sent_on,
                presented_on=body.presented_on,
                received_on=body.received_on,
            ),
            line=body.line,
            document_id=body.document_id,
        )
        by = By(actor=me.name, key=own_key(me, idempotency_key), at=await ports.now())
        filed = await ports.filing.notice(order_id, letter, by)
        if filed.repeated:
            response.status_code = status.HTTP_200_OK
        return filed.what

    @app.get("/orders/{order_id}/notices", responses=refusals(404))
    async def notices(
        order_id: OrderId, me: Me, cursor: CursorText = None, limit: Limit = PAGE
    ) -> Notices:
        """Letters and notices, by the day they take effect, each with the rule that says so."""
        order = await existing(ports, order_id, me)
        page, following = page_of(
            order.file.notices,
            place=lambda one: (str(one.takes_effect_on), str(one.notice_id)),
            after=place_of(cursor, (str, str)),
            limit=limit,
        )
        return Notices(notices=page, next=following)
