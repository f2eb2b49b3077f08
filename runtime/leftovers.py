"""Processes of a stack whose supervisor was killed: found by the mark they carry, never by name."""

import signal
from pathlib import Path

import psutil

STACK_MARK = "RACCORD_STACK"
_GENTLE_SECONDS = 4


def marked_processes(home: Path) -> list[psutil.Process]:
    """Every process that carries this stack's mark in its environment."""
    return [process for process in psutil.process_iter() if _mark(process) == str(home)]


def _mark(process: psutil.Process) -> str | None:
    try:
        return process.environ().get(STACK_MARK)
    except (psutil.NoSuchProcess, psutil.AccessDenied, OSError):
        return None


def postmaster_of(data: Path) -> psutil.Process | None:
    """The server PostgreSQL itself says runs on this cluster, if it really does."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        process = psutil.Process(int(lines[0]))
        here = str(data) in process.cmdline()
    except (OSError, ValueError, IndexError, psutil.NoSuchProcess, psutil.AccessDenied):
        return None
    return process if here else None


def end_leftovers(home: Path, *, postgres_data: Path) -> int:
    """End what an earlier supervisor left running; how many processes there were."""
    postmaster = postmaster_of(postgres_data)
    found = [process for process in marked_processes(home) if process != postmaster]
    for process in found:
        _send(process, signal.SIGTERM)
    if postmaster is not None:
        _send(postmaster, signal.SIGINT)
        found.append(postmaster)
    _, alive = psutil.wait_procs(found, timeout=_GENTLE_SECONDS)
    for process in alive:
        _send(process, signal.SIGKILL)
    psutil.wait_procs(alive, timeout=_GENTLE_SECONDS)
    return len(found)


def _send(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return
