"""Children of the supervisor: real processes, watched, restarted and stopped by their own id."""

import signal
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from domain.clock import Technical
from runtime.child import Child, ChildSpec
from runtime.errors import UnavailableError
from runtime.stack_state import PartState
from tests.waiting import until_async

READY = 'echo ready > "/dev/fd/$RACCORD_READY_FD"; '
Start = Callable[[str], Child]


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    children: list[Child] = []

    def make(script: str) -> Child:
        spec = ChildSpec(
            name="part",
            command=["/bin/sh", "-c", script],
            environment={"PATH": "/usr/bin:/bin"},
            log=tmp_path / "part.log",
            stop_signal=signal.SIGTERM,
            stop_limit=Technical(timedelta(milliseconds=300)),
        )
        children.append(Child(spec, changed=lambda: None))
        return children[-1]

    yield make
    for child in children:
        await child.stop()


async def _until(child: Child, condition: Callable[[Child], bool]) -> None:
    async def met() -> bool:
        return condition(child)

    await until_async(met, what="the child gets there")


async def test_a_child_runs_once_it_says_so_and_stops_when_asked(start: Start) -> None:
    child = start(READY + "exec sleep 60")
    await child.start()
    pid = child.part().pid

    assert child.part().state is PartState.RUNNING
    assert pid is not None
    await child.stop()
    assert not psutil.pid_exists(pid)
    assert child.part().state is PartState.STOPPED


async def test_a_child_that_is_killed_comes_back(start: Start) -> None:
    child = start(READY + "exec sleep 60")
    await child.start()
    first = child.part().pid
    assert first is not None

    psutil.Process(first).kill()
    await _until(child, lambda c: c.part().restarts == 1 and c.part().state is PartState.RUNNING)

    assert child.part().pid != first


async def test_a_child_that_cannot_start_says_its_last_words(start: Start) -> None:
    child = start("echo 'no such table' >&2; exit 3")

    with pytest.raises(UnavailableError, match="part did not start: no such table"):
        await child.start()


async def test_a_child_of_ours_is_quoted_without_its_json(start: Start) -> None:
    child = start("""echo '{"event": "process.refused", "why": "the key is wrong"}'; exit 2""")

    with pytest.raises(UnavailableError, match=r"part did not start: the key is wrong \(see"):
        await child.start()


async def test_a_program_that_does_not_exist_is_named(tmp_path: Path) -> None:
    spec = ChildSpec(name="part", command=["/nowhere"], environment={}, log=tmp_path / "log")

    with pytest.raises(UnavailableError, match="/nowhere: No such file"):
        await Child(spec, changed=lambda: None).start()


async def test_a_child_that_does_not_listen_is_killed_by_its_id(start: Start) -> None:
    child = start("trap '' TERM; " + READY + "while :; do sleep 60; done")
    await child.start()
    pid = child.part().pid
    assert pid is not None

    await child.stop()

    assert not psutil.pid_exists(pid)


async def test_a_child_that_keeps_failing_is_tried_again_and_again(
    start: Start, tmp_path: Path
) -> None:
    flag = tmp_path / "broken"
    child = start(f"[ -e {flag} ] && exit 1; {READY} exec sleep 60")
    await child.start()
    flag.touch()
    pid = child.part().pid
    assert pid is not None

    psutil.Process(pid).kill()
    await _until(child, lambda c: c.part().restarts >= 2)
    flag.unlink()
    await _until(child, lambda c: c.part().state is PartState.RUNNING)

    assert child.part().restarts >= 2
