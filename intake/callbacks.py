"""Operators at the door: authenticated, kept as it came, acknowledged. Understood later."""

from typing import Any

from fastapi import FastAPI, Request, status
from pydantic import BaseModel

from domain.operators import Delivery, NotANotificationError, StrangerError
from intake.api import ApiPorts
from intake.guard import read_whole
from intake.openapi import refusals
from intake.problems import Problem, ProblemError
from ledger.messages import IncomingMessage, Receipt

BODY_MAX = 64 * 1024
"""More than any notification needs. A default of ours."""
REFUSALS = refusals(401, 409, 413, 422, 503)


class MessageKept(BaseModel):
    receipt: str


def _refused(code: int, title: str, detail: str) -> ProblemError:
    return ProblemError(
        Problem(type="notification-refused", title=title, status=code, detail=detail)
    )


def _sent_as(media_type: str, schema: dict[str, Any]) -> dict[str, Any]:
    """The body is read as it comes: what it is proven by is its very bytes."""
    return {"requestBody": {"required": True, "content": {media_type: {"schema": schema}}}}


def _received(ports: ApiPorts, operator: str, body: bytes, headers: dict[str, str]) -> Delivery:
    door = ports.doors.get(operator)
    if door is None:
        raise _refused(
            503, "Not connected", f"{operator} is not connected here: nothing of its is kept."
        )
    try:
        return door.receive(body, headers, now=ports.wall_now())
    except StrangerError as exc:
        raise _refused(401, "Not known", f"{exc}.") from exc
    except NotANotificationError as exc:
        raise _refused(422, "Not a notification", f"{exc}.") from exc


async def _kept(ports: ApiPorts, operator: str, request: Request) -> MessageKept:
    body = await read_whole(request, BODY_MAX)
    delivery = _received(ports, operator, body, dict(request.headers))
    receipt = await ports.inbox.receive(
        IncomingMessage(
            source=delivery.source,
            message_key=delivery.message_key,
            correlation=delivery.correlation,
            body=delivery.body,
            received_at=await ports.now(),
        )
    )
    if receipt is Receipt.CONFLICT:
        raise _refused(409, "Another body", "Its id was used before with another body.")
    return MessageKept(receipt=receipt.name.lower())


def add_callbacks(app: FastAPI, ports: ApiPorts) -> None:
    @app.post(
        "/callbacks/orange",
        status_code=status.HTTP_202_ACCEPTED,
        responses=REFUSALS,
        openapi_extra=_sent_as("text/xml", {"type": "string", "format": "binary"}),
    )
    async def orange(request: Request) -> MessageKept:
        return await _kept(ports, "orange", request)

    @app.post(
        "/callbacks/bouygues",
        status_code=status.HTTP_202_ACCEPTED,
        responses=REFUSALS,
        openapi_extra=_sent_as("application/json", {"type": "object"}),
    )
    async def bouygues(request: Request) -> MessageKept:
        return await _kept(ports, "bouygues", request)
