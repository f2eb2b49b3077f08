"""Operators at the door: authenticated, kept as it came, acknowledged. Understood later."""

from fastapi import FastAPI, Request, status
from pydantic import BaseModel

from intake.api import ApiPorts
from intake.guard import read_whole
from intake.openapi import refusals
from intake.problems import Problem, ProblemError
from ledger.messages import IncomingMessage, Receipt

BODY_MAX = 64 * 1024
"""More than any notification needs. A default of ours."""


class MessageKept(BaseModel):
    receipt: str


def _refused(code: int, title: str, detail: str) -> ProblemError:
    return ProblemError(
        Problem(type="notification-refused", title=title, status=code, detail=detail)
    )


def add_callbacks(app: FastAPI, ports: ApiPorts) -> None:
    @app.post(
        "/callbacks/orange",
        status_code=status.HTTP_202_ACCEPTED,
        responses=refusals(401, 409, 413, 422, 503),
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {"text/xml": {"schema": {"type": "string", "format": "binary"}}},
            }
        },
    )
    async def orange(request: Request) -> MessageKept:
        body = await read_whole(request, BODY_MAX)
        try:
            delivery = ports.orange.receive(body)
        except ports.orange.stranger as exc:
            raise _refused(401, "Not known", f"{exc}.") from exc
        except ports.orange.unreadable as exc:
            raise _refused(422, "Not a notification", f"{exc}.") from exc
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
            raise _refused(
                409, "Another body", "This notificationId was used before with another body."
            )
        return MessageKept(receipt=receipt.name.lower())
