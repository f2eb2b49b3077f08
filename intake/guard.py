"""The door of the API: who calls, whether they may, how often, how much; each use is noted.

Everything is settled before a body is understood: a stranger learns nothing of how to write one.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Protocol, cast
from uuid import UUID

from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.callers import (
    Caller,
    CallersUnavailableError,
    CallerUnknownError,
    Tokens,
)
from intake.clients import KEY_MARK, KeyRing
from intake.permissions import OPEN, PERMISSIONS
from intake.problems import Problem, ProblemError, not_allowed

BODY_MAX = 1024 * 1024
"""Bytes of a body, where an operation says nothing else. A default of ours."""

_HEARD_OUT = 8

STRANGERS_PER_MINUTE = 60
"""Calls from one address that prove nothing, before it is not listened to. A default of ours."""

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, kw_only=True)
class Use:
    """One call: who, what, on which resource, and how it was answered. Nothing of its content."""

    at: datetime
    caller: str | None
    operation: str
    about: str | None
    status: int


class Uses(Protocol):
    async def note(self, use: Use) -> None:
        """Kept, soon."""


class Allowance(Protocol):
    async def seconds_to_wait(self, who: str, *, per_minute: int) -> int:
        """Nought when there is room for one more call, which is then counted."""


@dataclass(frozen=True, kw_only=True)
class Guard:
    keys: KeyRing
    tokens: Tokens | None
    allowance: Allowance
    wall_now: Callable[[], datetime]
    strangers_per_minute: int = STRANGERS_PER_MINUTE

    async def admit(self, request: Request, operation: str) -> Caller:
        try:
            caller = await self._recognise(request)
        except CallerUnknownError as exc:
            await self._count(_stranger(request), self.strangers_per_minute)
            raise _unknown(exc) from exc
        except CallersUnavailableError as exc:
            raise _unavailable(exc) from exc
        request.state.caller = caller
        await self._count(caller.name, caller.per_minute)
        allowed = PERMISSIONS[operation]
        if not caller.has(*allowed):
            raise _forbidden(caller, operation)
        return caller

    async def _recognise(self, request: Request) -> Caller:
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        text = text.strip()
        if scheme.lower() != "bearer" or not text:
            raise CallerUnknownError("send your key with every call, as 'Authorization: Bearer …'")
        if text.startswith(f"{KEY_MARK}_"):
            return await self.keys.holder(text, wall=self.wall_now())
        if self.tokens is None:
            raise CallerUnknownError("only keys of Raccord's are taken here, and this is none")
        return await self.tokens.holder(text, wall=self.wall_now())

    async def _count(self, who: str, per_minute: int) -> None:
        wait = await self.allowance.seconds_to_wait(who, per_minute=per_minute)
        if wait:
            raise _too_often(wait, per_minute)


def _stranger(request: Request) -> str:
    return f"address {request.client.host if request.client else 'unknown'}"


def _unknown(exc: CallerUnknownError) -> ProblemError:
    return ProblemError(
        Problem(type="caller-unknown", title="Who is calling?", status=401, detail=f"{exc}."),
        headers={"WWW-Authenticate": 'Bearer realm="raccord"'},
    )


def _unavailable(exc: CallersUnavailableError) -> ProblemError:
    return ProblemError(
        Problem(
            type="callers-unavailable",
            title="Tokens cannot be checked",
            status=503,
            detail=f"{exc}. Send the same request again in a moment.",
        )
    )


def _forbidden(caller: Caller, operation: str) -> ProblemError:
    roles = ", ".join(sorted(PERMISSIONS[operation]))
    mine = ", ".join(sorted(caller.roles)) or "none"
    return not_allowed(
        f"This takes one of the roles {roles}; {caller.name} has {mine}. Ask whoever registered "
        "you."
    )


def check_house(caller: Caller, instead: str) -> None:
    """Partners see the orders they brought in; the rest is the house's own."""
    if caller.own_orders_only:
        raise not_allowed(instead)


def _too_often(wait: int, per_minute: int) -> ProblemError:
    return ProblemError(
        Problem(
            type="too-many-requests",
            title="Too many calls",
            status=429,
            detail=f"At most {per_minute} calls a minute are answered: try again in {wait} s.",
        ),
        headers={"Retry-After": str(wait)},
    )


def too_large(limit: int) -> ProblemError:
    return ProblemError(
        Problem(
            type="too-large",
            title="Too large",
            status=413,
            detail=f"A body has at most {limit:,} bytes here: send less at once.",
        )
    )


async def read_whole(request: Request, limit: int) -> bytes:
    """The body, as long as it is not too long; what is too long is read to its end, up to a point,
    so that whoever sends it can hear why not."""
    body, size = bytearray(), 0
    async for part in request.stream():
        size += len(part)
        if size <= limit:
            body += part
        elif size > limit * _HEARD_OUT:
            break
    if size > limit:
        raise too_large(limit)
    return bytes(body)


def body_limit(limit: int) -> dict[str, Any]:
    """Said beside the operation, in its OpenAPI: how large its body may be."""
    return {"x-body-max": limit}


class GuardedRoute(APIRoute):
    """Every operation goes through the guard of its application; those in OPEN past it."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        handler = cast("Handler", super().get_route_handler())
        if self.name in OPEN:
            return handler
        limit: int = (self.openapi_extra or {}).get("x-body-max", BODY_MAX)

        async def guarded(request: Request) -> Response:
            guard: Guard = request.app.state.guard
            await guard.admit(request, self.name)
            request._body = await read_whole(request, limit)  # noqa: SLF001  read once, by us
            return await handler(request)

        return guarded


@dataclass(frozen=True)
class Recorded:
    """Around the whole application: each guarded call is noted as it was answered."""

    app: ASGIApp
    uses: Uses
    wall_now: Callable[[], datetime]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answered = 500

        async def sending(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, sending)
        finally:
            await self._note(scope, answered)

    async def _note(self, scope: Scope, status: int) -> None:
        operation = str(getattr(scope.get("route"), "name", ""))
        caller = scope.get("state", {}).get("caller")
        if operation not in PERMISSIONS or (caller is None and status == _TOO_MANY):
            return
        await self.uses.note(
            Use(
                at=self.wall_now(),
                caller=None if caller is None else caller.name,
                operation=operation,
                about=_id_among(scope["path_params"]),
                status=status,
            )
        )


def _id_among(parameters: Mapping[str, object]) -> str | None:
    """What a call was about, if it is an id: anything else may be whatever a stranger typed."""
    try:
        return str(UUID(str(next(iter(parameters.values())))))
    except (StopIteration, ValueError):
        return None


_TOO_MANY = 429


def _admitted(request: Request) -> Caller:
    return cast("Caller", request.state.caller)


Me = Annotated[Caller, Depends(_admitted)]
"""Whoever calls, as an argument of an operation."""
