"""What a stack says of itself while it runs: written by its supervisor, read by everybody else."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from runtime.home import Home, read_json, write_json


class Phase(StrEnum):
    STARTING = "starting"
    """Parts are coming up, one after the other."""
    READY = "ready"
    """Every part answered."""
    STOPPING = "stopping"
    """Asked to stop; parts are going down."""
    FAILED = "failed"
    """Could not start; everything that had started was stopped again."""


class PartState(StrEnum):
    STARTING = "starting"
    RUNNING = "running"
    RESTARTING = "restarting"
    STOPPED = "stopped"


class Part(BaseModel):
    model_config = ConfigDict(frozen=True)

    name: str
    state: PartState
    pid: int | None = None
    restarts: int = 0


class StackState(BaseModel):
    model_config = ConfigDict(frozen=True)

    supervisor_pid: int
    phase: Phase
    parts: tuple[Part, ...] = ()
    addresses: dict[str, str] = {}
    steps: tuple[str, ...] = ()
    error: str | None = None
    exit_code: int = 0

    @property
    def all_running(self) -> bool:
        return self.phase is Phase.READY and all(
            part.state is PartState.RUNNING for part in self.parts
        )


def read_state(home: Home) -> StackState | None:
    content = read_json(home.state)
    return StackState.model_validate(content) if content else None


def write_state(home: Home, state: StackState) -> None:
    write_json(home.state, state.model_dump(mode="json"))


@contextmanager
def supervisor_lock(home: Home) -> Iterator[bool]:
    """Whether this process is now the one supervisor of the home; gone when it ends, however."""
    home.run.mkdir(parents=True, exist_ok=True)
    while True:
        descriptor = os.open(home.lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            yield False
            return
        if home.lock.exists() and os.fstat(descriptor).st_ino == home.lock.stat().st_ino:
            break
        os.close(descriptor)  # the holder before us removed the file while we opened it
    try:
        yield True
    finally:
        home.lock.unlink(missing_ok=True)
        os.close(descriptor)


def is_supervised(home: Home) -> bool:
    """Whether a supervisor holds the home now. Asking leaves nothing behind."""
    try:
        descriptor = os.open(home.lock, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)
