"""An operator that answers what a test tells it to, on a real socket, and keeps what it heard."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer

Answer = tuple[int, bytes, dict[str, str]]


@dataclass(frozen=True)
class Heard:
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Wire:
    """Answers each path in turn; the last answer of a path stands."""

    url: str = ""
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    heard: list[Heard] = field(default_factory=list)

    def will(
        self, path: str, status: int, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> None:
        self.answers.setdefault(path, []).append((status, body, headers or {}))

    def asked(self, path: str) -> list[Heard]:
        return [heard for heard in self.heard if heard.path == path]

    async def answered(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        path = request.rel_url.raw_path
        self.heard.append(
            Heard(request.method, path, request.query_string, headers, await request.read())
        )
        waiting = self.answers.get(path) or self.answers["*"]
        status, body, more = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return web.Response(status=status, body=body, headers=more)


@asynccontextmanager
async def open_wire() -> AsyncIterator[Wire]:
    wire = Wire()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", wire.answered)
    async with TestServer(app) as server:
        wire.url = str(server.make_url("")).rstrip("/")
        yield wire
