"""Notices handed to a program that sends them itself: signed as every webhook of ours is."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus

import aiohttp

from adapters.webhooks.signing import signed_headers
from domain.notice_post import Mail, Refused, Taken, Unanswered

_MAY_PASS = frozenset(
    {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
)


@dataclass(frozen=True, kw_only=True)
class WebhookMessenger:
    session: aiohttp.ClientSession
    url: str
    secret: str = field(repr=False)
    wall_now: Callable[[], datetime]

    @property
    def name(self) -> str:
        return "webhook"

    async def send(self, mail: Mail) -> Taken | Refused | Unanswered:
        body = as_body(mail)
        headers = signed_headers(
            (self.secret,),
            message_id=mail.key,
            timestamp=int(self.wall_now().timestamp()),
            body=body,
        )
        try:
            async with self.session.post(
                self.url,
                data=body.encode(),
                headers={**headers, "Content-Type": "application/json"},
                allow_redirects=False,
            ) as response:
                return _outcome(response.status, mail.key)
        except TimeoutError:
            return Unanswered(why="no answer in ten seconds")
        except (aiohttp.ClientError, OSError) as exc:
            return Unanswered(why=f"it cannot be reached ({type(exc).__name__})")


def as_body(mail: Mail) -> str:
    return json.dumps(
        {
            "type": "notice.to-send",
            "notice_id": str(mail.notice_id),
            "order_id": str(mail.order_id),
            "reference": mail.reference,
            "purpose": mail.purpose,
            "language": mail.language,
            "written_at": mail.at.isoformat(),
            "from": mail.sender,
            "to": mail.to,
            "subject": mail.subject,
            "body": mail.body,
            "wants_receipt": mail.wants_receipt,
        },
        ensure_ascii=False,
    )


def _outcome(status: int, key: str) -> Taken | Refused | Unanswered:
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Taken(reference=key)
    its_fault = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
    if its_fault and status not in _MAY_PASS:
        return Refused(why=f"it refuses the notice ({status})")
    return Unanswered(why=f"it answered {status}")
