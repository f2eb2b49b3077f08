"""Runs the floor: bare processes, started and told from outside as the relay does it for ours."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from temporalio.client import Client
from temporalio.service import RPCError

from bench.bare_process import BareProcess, BareStart
from bench.bare_worker import READY
from bench.process_shape import script_of
from bench.whole_orders import Recorded

START, ENDED, CLOSED = "start", "ended", "closed"
TELLING = {"open_lines": START, "end_port": ENDED, "end_access": ENDED, "close_order": CLOSED}


@dataclass(frozen=True, kw_only=True)
class Scripts:
    order: str
    line: str

    @classmethod
    def of(cls, one: Recorded, *, queue: str) -> "Scripts":
        return cls(
            order=script_of(one.order, queue=queue, telling=TELLING),
            line=script_of(one.line, queue=queue, telling=TELLING),
        )


def ids_of(number: int) -> tuple[str, str]:
    return f"bare-order-{number}", f"bare-line-{number}"


@dataclass(kw_only=True)
class Outside:
    """What the relay, the outbox, the inbox and a customer are to ours: a word from the worker, a
    call."""

    client: Client
    queue: str
    scripts: Scripts
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    _closed: int = 0
    _calls: set[asyncio.Task[None]] = field(default_factory=set)

    async def submit(self, number: int) -> None:
        await self._start(ids_of(number)[0], self.scripts.order)

    async def closed(self) -> int:
        return self._closed

    async def hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := (await reader.readline()).decode().strip():
            if line == READY:
                self.ready.set()
                continue
            call = asyncio.create_task(self._carry_out(*line.split()))
            self._calls.add(call)
            call.add_done_callback(self._calls.discard)
        writer.close()

    async def _carry_out(self, workflow: str, leads_to: str) -> None:
        for what in leads_to.split(","):
            await self._do(workflow, what)

    async def _do(self, workflow: str, what: str) -> None:
        order, line = ids_of(int(workflow.rpartition("-")[2]))
        match what:
            case "start":
                await self._start(line, self.scripts.line)
            case "ended":
                await self._tell(order)
            case "closed":
                self._closed += 1
            case "decided":
                await self._decide(line)
            case _:
                for _ in range(int(what)):
                    await self._tell(line)

    async def _start(self, workflow: str, script: str) -> None:
        await self.client.start_workflow(
            BareProcess.run, BareStart(script), id=workflow, task_queue=self.queue
        )

    async def _tell(self, workflow: str) -> None:
        with suppress(RPCError):  # it has ended meanwhile
            await self.client.get_workflow_handle(workflow).signal(BareProcess.told)

    async def _decide(self, workflow: str) -> None:
        with suppress(RPCError):  # likewise
            await self.client.get_workflow_handle(workflow).execute_update(BareProcess.decided)


@asynccontextmanager
async def listening(outside: Outside, socket: Path) -> AsyncIterator[None]:
    server = await asyncio.start_unix_server(outside.hear, path=str(socket))
    async with server:
        yield
