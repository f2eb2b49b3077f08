"""The command line as a client of the HTTP API."""

from typing import Any

from runtime.cli.context import api_url
from runtime.errors import BadInputError, CommandError, UnavailableError

_UNAVAILABLE_FROM = 500

Answer = dict[str, Any]


def _sentence(problem: Answer) -> str:
    details = "; ".join(f"{e['pointer']}: {e['sentence']}" for e in problem.get("errors", []))
    return f"{problem['detail']} {details}".strip()


def _raise_problem(status: int, problem: Answer) -> None:
    if status >= _UNAVAILABLE_FROM:
        raise UnavailableError(_sentence(problem))
    raise BadInputError(_sentence(problem))


def _ours(answer: object, *, ok: bool) -> Answer:
    if not isinstance(answer, dict) or not (ok or "detail" in answer):
        raise ValueError("not an answer of Raccord's")
    return answer


async def call(
    method: str,
    path: str,
    *,
    body: Answer | None = None,
    idempotency_key: str | None = None,
) -> Answer:
    """One request, answered; a problem becomes its own sentence."""
    import aiohttp

    timeout = aiohttp.ClientTimeout(total=30, connect=5, sock_connect=5, sock_read=20)
    address = api_url()
    headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.request(method, f"{address}{path}", json=body, headers=headers) as response,
        ):
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
