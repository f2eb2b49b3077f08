"""raccord up, down, status: the embedded stack of RACCORD_HOME."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta

import psutil
import typer

from domain.clock import Technical
from runtime.cli.context import current_settings, home_of
from runtime.cli.output import NO, YES, answered, say, say_json, table
from runtime.errors import BadInputError, CommandError, UnavailableError
from runtime.home import Home, shorten_log
from runtime.leftovers import end_leftovers
from runtime.stack_state import Phase, StackState, is_supervised, read_state, supervisor_lock

Say = Callable[[str], None]

START_LIMIT = Technical(timedelta(seconds=90))
STOP_LIMIT = Technical(timedelta(seconds=40))
LOOK = Technical(timedelta(milliseconds=100))

_EXITS: dict[int, type[CommandError]] = {2: BadInputError, 3: UnavailableError}


def up(
    *, detach: bool = typer.Option(False, "--detach", help="Return once every part is ready.")
) -> None:
    """Start the stack of RACCORD_HOME and stay with it; Ctrl-C stops it."""
    answered(lambda: bring_up(detach=detach))


def bring_up(*, detach: bool) -> None:
    settings = current_settings()
    home = home_of(settings)
    home.prepare()
    if detach:
        show_addresses(start_detached(home))
        return
    with supervisor_lock(home) as mine:
        if mine:
            home.state.unlink(missing_ok=True)
            from runtime.supervisor import supervise

            asyncio.run(supervise(home, settings, say))
            say("stopped")
            return
    say("a supervisor is running already")
    show_addresses(follow(home, supervisor=None))


def start_detached(home: Home, tell: Say = say) -> StackState:
    """The state of a stack that is ready, whoever started it."""
    if is_supervised(home):
        return follow(home, supervisor=None, tell=tell)
    home.state.unlink(missing_ok=True)
    place = home.logs / "supervisor.log"
    shorten_log(place)
    with place.open("ab") as log:
        supervisor = subprocess.Popen(
            [sys.executable, "-m", "runtime.cli.main", "up"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd="/",
            env={**os.environ, "RACCORD_HOME": str(home.path)},
        )
    return follow(home, supervisor=supervisor, tell=tell)


def follow(
    home: Home, *, supervisor: subprocess.Popen[bytes] | None, tell: Say = say
) -> StackState:
    """Say each step as it is taken, until every part runs."""
    said = 0
    limit = time.monotonic() + START_LIMIT.span.total_seconds()
    while time.monotonic() < limit:
        state = read_state(home)
        if state is not None:
            for step in state.steps[said:]:
                tell(step)
            said = len(state.steps)
            if state.phase is Phase.FAILED:
                _reap(supervisor)
                raise _EXITS.get(state.exit_code, CommandError)(state.error or "it gave no reason")
            if state.all_running:
                return state
        if supervisor is not None and supervisor.poll() == YES:
            raise UnavailableError("the stack was asked to stop while it was starting")
        if supervisor is not None and supervisor.poll() is not None:
            break
        time.sleep(LOOK.span.total_seconds())
    raise UnavailableError(
        f"the stack did not become ready; read the logs in {home.logs}, supervisor.log first"
    )


def _reap(supervisor: subprocess.Popen[bytes] | None) -> None:
    """A supervisor that failed ends by itself; do not leave before it has."""
    if supervisor is not None:
        supervisor.wait(STOP_LIMIT.span.total_seconds())


def show_addresses(state: StackState) -> None:
    say("Raccord is up:")
    table(("", ""), [(f"  {name}", address) for name, address in state.addresses.items()])


def down(
    *, purge: bool = typer.Option(False, "--purge", help="Also remove its data, logs and keys.")
) -> None:
    """Stop the stack of RACCORD_HOME; its data stays unless --purge."""
    answered(lambda: bring_down(purge=purge))


def bring_down(*, purge: bool, tell: Say = say) -> None:
    settings = current_settings()
    home = home_of(settings)
    stopped = _stop_supervisor(home)
    with supervisor_lock(home) as mine:
        if not mine:
            raise UnavailableError("somebody is starting the stack just now; try again in a moment")
        left = end_leftovers(home.path, postgres_data=home.cluster(settings.postgres_user))
        home.state.unlink(missing_ok=True)
        if purge:
            home.purge(settings.postgres_user)
    if purge:
        home.remove_if_empty()
    if left:
        tell(f"{left} processes of an interrupted stack were ended")
    tell("stopped" if stopped or left else "nothing was running")
    if purge:
        tell(f"everything Raccord kept in {home.path} is gone")


def _stop_supervisor(home: Home) -> bool:
    """Ask it to stop; one that does not is ended by the id it wrote."""
    if not is_supervised(home):
        return False
    state = read_state(home)
    if state is None:
        raise UnavailableError("the stack is only just starting; try again in a moment")
    try:
        supervisor = psutil.Process(state.supervisor_pid)
        supervisor.terminate()
        _, alive = psutil.wait_procs([supervisor], timeout=STOP_LIMIT.span.total_seconds())
        for process in alive:
            process.kill()
    except psutil.NoSuchProcess:
        return True
    return True


def status(*, as_json: bool = typer.Option(False, "--json", help="One JSON object.")) -> None:
    """What runs in RACCORD_HOME. Exit 0: all of it; 1: nothing; 3: a part is missing."""
    raise typer.Exit(answered(lambda: _status(as_json=as_json)))


def _status(*, as_json: bool) -> int:
    home = home_of(current_settings())
    state = read_state(home) if is_supervised(home) else None
    if as_json:
        say_json(state.model_dump(mode="json") if state else None, because=str(home.path))
    elif state is None:
        say(f"nothing runs in {home.path}; start it with 'raccord up'")
    else:
        parts = [(p.name, p.state.value, p.pid, p.restarts) for p in state.parts]
        table(("part", "state", "pid", "restarts"), parts)
        show_addresses(state)
    if state is None:
        return NO
    return YES if state.all_running else UnavailableError.exit_code
