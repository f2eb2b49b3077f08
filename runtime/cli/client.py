"""The command line as a client of the HTTP API."""

import asyncio
import io
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from domain.clock import Technical
from runtime.cli.context import server
from runtime.errors import BadInputError, CommandError, UnavailableError

_UNAVAILABLE_FROM = 500
_TOO_MANY = 429
_NO_CONTENT = 204
PATIENCE = Technical(timedelta(seconds=60))
"""How long a busy server is asked again, under the same key."""
PAUSE = Technical(timedelta(seconds=1))

Answer = dict[str, Any]


def _sentence(problem: Answer) -> str:
    details = "; ".join(f"{e['pointer']}: {e['sentence']}" for e in problem.get("errors", []))
    return f"{problem['detail']} {details}".strip()


def _raise_problem(status: int, problem: Answer) -> None:
    if status >= _UNAVAILABLE_FROM or status == _TOO_MANY:
        raise UnavailableError(_sentence(problem))
    raise BadInputError(_sentence(problem))


def _ours(answer: object, *, ok: bool) -> Answer:
    if not isinstance(answer, dict) or not (ok or "detail" in answer):
        raise ValueError("not an answer of Raccord's")
    return answer


@dataclass(frozen=True, kw_only=True)
class Content:
    """A document sent as it is."""

    media_type: str
    data: bytes


async def call(
    method: str,
    path: str,
    *,
    body: Answer | Content | None = None,
    idempotency_key: str | None = None,
) -> Answer:
    """One request, answered; a problem becomes its own sentence."""
    import aiohttp

    timeout = aiohttp.ClientTimeout(total=30, connect=5, sock_connect=5, sock_read=20)
    called = server()
    address = called.url
    headers = {"Authorization": f"Bearer {called.key}"}
    if isinstance(body, Content):
        headers["Content-Type"] = body.media_type
    if idempotency_key is not None:
        headers["Idempotency-Key"] = idempotency_key
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.request(method, f"{address}{path}", headers=headers, **_sent(body)) as response,
        ):
            if response.status == _NO_CONTENT:
                return {}
            answer = _ours(await response.json(content_type=None), ok=response.ok)
            if not response.ok:
                _raise_problem(response.status, answer)
    except (aiohttp.ClientError, TimeoutError) as exc:
        raise UnavailableError(
            f"the API at {address} does not answer; check 'raccord status' or RACCORD_API_URL"
        ) from exc
    except ValueError as exc:
        raise CommandError(f"{address} does not speak like Raccord; check RACCORD_API_URL") from exc
    return answer


async def call_patiently(
    method: str, path: str, *, body: Answer | None = None, idempotency_key: str | None = None
) -> Answer:
    """As often as it takes: a key makes the second the first, and so does reading."""
    limit = time.monotonic() + PATIENCE.span.total_seconds()
    while True:
        try:
            return await call(method, path, body=body, idempotency_key=idempotency_key)
        except UnavailableError:
            if time.monotonic() > limit:
                raise
        await asyncio.sleep(PAUSE.span.total_seconds())


def _sent(body: Answer | Content | None) -> dict[str, Any]:
    if isinstance(body, Content):
        return {"data": io.BytesIO(body.data)}
    return {"json": body}


async def call_all(path: str, items: str) -> list[Answer]:
    """Every page of a list, one after the other."""
    found: list[Answer] = []
    cursor: str | None = None
    while True:
        mark = "&" if "?" in path else "?"
        page = await call("GET", path if cursor is None else f"{path}{mark}cursor={cursor}")
        found += page[items]
        cursor = page["next"]
        if cursor is None:
            return found
