"""The mobile exchanges, until their files are here: tickets handed in and answers polled as JSON.

A stand-in that says so: the real exchange speaks files over SFTP, in sessions.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import aiohttp
import structlog
from pydantic import AwareDatetime, BaseModel, StringConstraints, ValidationError

from domain.operators import (
    AcceptedTold,
    Answer,
    ConfirmedTold,
    EligibilityLostTold,
    Refused,
    RefusedTold,
    RequestCancelledTold,
    Ticket,
    Told,
    Took,
    Unanswered,
    Unreadable,
)
from domain.port_in_facts import Step

CODES = {Step.SEND_REQUEST: "request", Step.COMMIT_PORT: "port", Step.CANCEL_REQUEST: "cancel"}
_OK, _REFUSED = 200, 422
log = structlog.get_logger("exchange")


Word = Annotated[str, StringConstraints(pattern=r"^[!-~]*$", max_length=60)]


class Polled(BaseModel):
    """One answer, as it is kept."""

    number: int
    id: Word
    line: UUID
    body: str


class ExchangeSilentError(Exception):
    """The exchange does not answer: it is asked again, ever more slowly."""


class _Receipt(BaseModel):
    reference: Word = ""
    code: Word = "unknown"


class _Answers(BaseModel):
    answers: tuple[dict[str, Any], ...]


class _Answer(BaseModel):
    kind: Word
    at: AwareDatetime
    code: Word = ""
    operator: Word = ""


def _polled(answer: dict[str, Any]) -> Polled | None:
    """One that cannot even be kept is passed over, for the sake of those behind it."""
    try:
        return Polled.model_validate(answer)
    except ValidationError as exc:
        log.warning("exchange.answer-passed-over", fields=exc.error_count())
        return None


@dataclass(frozen=True, kw_only=True)
class ExchangeStandIn:
    session: aiohttp.ClientSession
    url: str
    token: str

    async def hand_in(self, ticket: Ticket) -> Answer:
        try:
            status, answer = await self._post("/tickets", _written(ticket))
        except (aiohttp.ClientError, TimeoutError, ValueError) as exc:
            return Unanswered(why=f"the exchange does not answer ({type(exc).__name__})")
        if status == _REFUSED:
            return Refused(code=answer.code)
        if status != _OK:
            return Unanswered(why=f"the exchange answered {status}")
        return Took(reference=answer.reference or ticket.key)

    async def answers_after(self, number: int) -> tuple[Polled, ...]:
        """What has come since; ExchangeSilentError when nobody answers, or not what was asked."""
        try:
            async with self.session.get(
                f"{self.url}/answers", params={"after": str(number)}, headers=self._headers
            ) as response:
                response.raise_for_status()
                answers = _Answers.model_validate_json(await response.text()).answers
        except (aiohttp.ClientError, TimeoutError, ValueError) as exc:
            raise ExchangeSilentError(type(exc).__name__) from exc
        return tuple(polled for polled in map(_polled, answers) if polled is not None)

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def _post(self, path: str, body: dict[str, Any]) -> tuple[int, "_Receipt"]:
        async with self.session.post(
            f"{self.url}{path}", json=body, headers=self._headers
        ) as response:
            return response.status, _Receipt.model_validate_json(await response.text())


def _written(ticket: Ticket) -> dict[str, Any]:
    return {
        "key": ticket.key,
        "ticket": CODES[ticket.step],
        "line": str(ticket.line_id),
        "group": ticket.group.value,
        "receiver": ticket.receiver,
        "donor": ticket.donor,
        "msisdn": ticket.number,
        "rio": ticket.rio,
        "enterprise": ticket.enterprise,
        "port_day": ticket.port_day.isoformat(),
        "session": _utc(ticket.session),
    }


def _utc(moment: datetime) -> str:
    return moment.isoformat()


def read_answer(body: str) -> Told:
    """What an operator answered through the exchange, as it was kept."""
    try:
        answer = _Answer.model_validate_json(body)
    except ValidationError as exc:
        return Unreadable(why=f"not an answer of the exchange: {exc.error_count()} fields")
    made = _KINDS.get(answer.kind)
    return made(answer) if made else Unreadable(why=f"no such answer: {answer.kind}")


_KINDS: Mapping[str, Callable[[_Answer], Told]] = {
    "accepted": lambda a: AcceptedTold(accepted_at=a.at),
    "refused": lambda a: RefusedTold(code=a.code, refused_at=a.at),
    "eligibility-lost": lambda a: EligibilityLostTold(code=a.code, lost_at=a.at),
    "cancelled": lambda a: RequestCancelledTold(cancelled_at=a.at),
    "confirmed": lambda a: ConfirmedTold(operator=a.operator, confirmed_at=a.at),
}
