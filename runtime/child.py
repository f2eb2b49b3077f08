"""One child of the supervisor: started, watched, restarted, and stopped by its own process id."""

import asyncio
import json
import os
import signal
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from domain.clock import Technical
from runtime.errors import UnavailableError
from runtime.home import shorten_log
from runtime.readiness import READY_FD
from runtime.stack_state import Part, PartState

POLL = Technical(timedelta(milliseconds=50))
START_LIMIT = Technical(timedelta(seconds=40))
FIRST_PAUSE = Technical(timedelta(milliseconds=100))
LONGEST_PAUSE = Technical(timedelta(seconds=5))
CALM = Technical(timedelta(seconds=20))
"""A child that lived this long is restarted at once again."""


@dataclass(frozen=True, kw_only=True)
class ChildSpec:
    """How to start a child, how it says it is ready, how it is asked to stop."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    log: Path
    ready: Callable[[], Awaitable[bool]] | None = None
    """Asked until true; without one, the child itself writes to the pipe it inherits."""
    stop_signal: signal.Signals = signal.SIGTERM
    stop_limit: Technical = field(default=Technical(timedelta(seconds=10)))
    privileges: Mapping[str, Any] = field(default_factory=dict)


class Child:
    def __init__(self, spec: ChildSpec, *, changed: Callable[[], None]) -> None:
        self.spec = spec
        self._changed = changed
        self._process: asyncio.subprocess.Process | None = None
        self._state = PartState.STOPPED
        self._restarts = 0
        self._stopping = False
        self._watcher: asyncio.Task[None] | None = None

    def part(self) -> Part:
        running = self._process is not None and self._process.returncode is None
        pid = self._process.pid if self._process and running else None
        return Part(name=self.spec.name, state=self._state, pid=pid, restarts=self._restarts)

    async def start(self) -> None:
        """Start and wait until ready; then watch. A first start that fails is an error."""
        self._move(PartState.STARTING)
        if not await self._start_once():
            raise UnavailableError(
                f"{self.spec.name} did not start: {self._last_words()} (see {self.spec.log})"
            )
        self._move(PartState.RUNNING)
        self._watcher = asyncio.create_task(self._watch(), name=f"watch {self.spec.name}")

    async def stop(self) -> None:
        self._stopping = True
        process = self._process
        if process is not None and process.returncode is None:
            await self._end(process)
        if self._watcher is not None:
            self._watcher.cancel()
            await asyncio.wait({self._watcher})
        self._move(PartState.STOPPED)

    def _move(self, state: PartState) -> None:
        self._state = state
        self._changed()

    async def _watch(self) -> None:
        """Bring the child back whenever it ends, sooner or later according to how long it held."""
        pause = FIRST_PAUSE.span
        started = time.monotonic()
        while self._process is not None:
            await self._process.wait()
            if self._stopping:
                return
            held = timedelta(seconds=time.monotonic() - started)
            pause = FIRST_PAUSE.span if held > CALM.span else min(pause * 2, LONGEST_PAUSE.span)
            self._restarts += 1
            self._move(PartState.RESTARTING)
            await asyncio.sleep(pause.total_seconds())
            started = time.monotonic()
            with suppress(UnavailableError):  # whatever is missing now may be there next time
                if await self._start_once():
                    self._move(PartState.RUNNING)

    async def _start_once(self) -> bool:
        read_end, write_end = os.pipe()
        try:
            self._process = await self._spawn(write_end)
        except OSError as exc:
            os.close(read_end)
            raise UnavailableError(
                f"{self.spec.name} cannot be started: {self.spec.command[0]}: {exc.strerror}"
            ) from exc
        finally:
            os.close(write_end)
        os.set_blocking(read_end, False)
        try:
            return await self._becomes_ready(self._process, read_end)
        finally:
            os.close(read_end)

    async def _spawn(self, write_end: int) -> asyncio.subprocess.Process:
        """A session of its own: Ctrl-C reaches the supervisor only, which stops in order."""
        shorten_log(self.spec.log)
        with self.spec.log.open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *self.spec.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**self.spec.environment, READY_FD: str(write_end)},
                pass_fds=(write_end,),
                start_new_session=True,
                cwd="/",
                **self.spec.privileges,
            )

    async def _becomes_ready(self, process: asyncio.subprocess.Process, read_end: int) -> bool:
        limit = time.monotonic() + START_LIMIT.span.total_seconds()
        while time.monotonic() < limit and process.returncode is None and not self._stopping:
            if await self._says_ready(read_end):
                return True
            await asyncio.sleep(POLL.span.total_seconds())
        if process.returncode is None:
            await self._end(process)
        return False

    async def _says_ready(self, read_end: int) -> bool:
        if self.spec.ready is not None:
            return await self.spec.ready()
        try:
            return os.read(read_end, 16).startswith(b"ready")
        except BlockingIOError:
            return False

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        """By its own id: asked first, killed when it does not listen."""
        with suppress(ProcessLookupError):
            process.send_signal(self.spec.stop_signal)
        try:
            await asyncio.wait_for(process.wait(), self.spec.stop_limit.span.total_seconds())
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    def _last_words(self) -> str:
        try:
            lines = self.spec.log.read_text(errors="replace").strip().splitlines()
        except OSError:
            return "it left no log"
        return _said(lines[-1]) if lines else "it said nothing"


def _said(line: str) -> str:
    """The sentence of a log line of ours, or the line of somebody else's as it is."""
    try:
        fields = json.loads(line)
    except ValueError:
        return line
    return str(fields.get("why") or fields.get("event")) if isinstance(fields, dict) else line
