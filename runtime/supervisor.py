"""The supervisor: brings a stack up in order, keeps it up, takes it down in the reverse order."""

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from adapters.postgres.clock import PostgresClock
from adapters.postgres.migrate import migrate
from adapters.postgres.pool import open_pool
from adapters.postgres.schema import SchemaError
from domain.clock import BusinessClock
from ledger.availability import LedgerUnavailableError
from runtime.child import Child, ChildSpec
from runtime.errors import BadInputError, CommandError, UnavailableError
from runtime.home import Home
from runtime.leftovers import end_leftovers
from runtime.local_client import register_local_client
from runtime.postgres_server import RUNNING
from runtime.settings import Settings, load_settings
from runtime.stack import Stack, plan_stack
from runtime.stack_state import Phase, StackState, write_state
from runtime.store import open_store
from runtime.temporal_server import add_search_attributes, serves

Say = Callable[[str], None]


@dataclass
class Supervisor:
    """One per home; the caller holds the home's lock."""

    stack: Stack
    say: Say
    children: list[Child] = field(default_factory=list)
    phase: Phase = Phase.STARTING
    steps: list[str] = field(default_factory=list)
    error: CommandError | None = None

    def write(self) -> None:
        """A disk that is full hides the state from others; it must not stop the healing."""
        try:
            write_state(self.stack.home, self._state())
        except OSError as exc:
            with suppress(OSError):  # the log may lie on the same full disk
                self.say(f"the state of the stack cannot be written: {exc.strerror}")

    def _state(self) -> StackState:
        return StackState(
            supervisor_pid=os.getpid(),
            phase=self.phase,
            parts=tuple(child.part() for child in self.children),
            addresses=self.stack.addresses,
            steps=tuple(self.steps),
            error=str(self.error) if self.error else None,
            exit_code=self.error.exit_code if self.error else 0,
        )

    def tell(self, step: str) -> None:
        self.steps.append(step)
        with suppress(OSError):  # nobody to tell, or a full disk: the stack comes first
            self.say(step)
        self.write()

    async def run(self, stop: asyncio.Event) -> None:
        """Up, until asked to stop, then down; down as well when a part cannot start."""
        try:
            starting = asyncio.create_task(self._start())
            await _first_of(starting, stop)
            if not stop.is_set():
                self._enter(Phase.READY)
                await stop.wait()
        except (CommandError, SchemaError, LedgerUnavailableError) as exc:
            self.error = as_command_error(exc)
            raise self.error from exc
        except Exception as exc:
            self.error = CommandError(
                f"a fault of ours stopped the start ({type(exc).__name__}); "
                f"send {self.stack.home.logs / 'supervisor.log'} to whoever maintains Raccord"
            )
            raise
        finally:
            self._enter(Phase.FAILED if self.error else Phase.STOPPING)
            await self._stop()

    def _enter(self, phase: Phase) -> None:
        self.phase = phase
        self.write()

    async def _start(self) -> None:
        await together(self._start_database(), self._start_temporal())
        simulated = self.stack.simulators_child()
        others = () if simulated is None else (simulated,)
        ours = self.stack.own_children()
        await together(*(self._start_child(spec) for spec in (*others, *ours)))

    async def _start_child(self, spec: ChildSpec) -> None:
        child = Child(spec, changed=self.write)
        self.children.append(child)
        await child.start()
        self.tell(f"{spec.name} is ready")

    async def _start_database(self) -> None:
        spec, server = self.stack.postgres_child(), self.stack.postgres
        if spec is None or server is None:
            self.tell(f"database: {await prepare_database(self.stack.settings)}")
            await register_local_client(load_settings(self.stack.environment))
            return
        await asyncio.to_thread(server.prepare)
        await self._start_child(spec)
        await server.make_database()
        revision = await migrated(
            admin_url=server.admin_url, running_url=server.running_url, running_role=RUNNING
        )
        await register_local_client(load_settings(self.stack.environment))
        self.tell(f"database is at revision {revision} (PostgreSQL {server.binaries.major})")

    async def _start_temporal(self) -> None:
        spec, server = self.stack.temporal_child(), self.stack.temporal
        if spec is None or server is None:
            settings = self.stack.settings
            address, namespace = str(settings.temporal_address), settings.temporal_namespace
            if not await serves(address, namespace):
                raise UnavailableError(
                    f"Temporal does not answer at {address} for namespace {namespace}; "
                    "start it, or correct TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE"
                )
        else:
            address, namespace = server.address, server.namespace
            await self._start_child(spec)
        added = await add_search_attributes(address, namespace)
        self.tell(f"temporal knows our columns ({len(added)} added)")

    async def _stop(self) -> None:
        """Ours first, together; then Temporal; the database last."""
        servers = {"postgres": 2, "temporal": 1}
        for rank in (0, 1, 2):
            going = [c for c in self.children if servers.get(c.spec.name, 0) == rank]
            await asyncio.gather(*(child.stop() for child in going), return_exceptions=True)


async def together(*parts: Coroutine[None, None, None]) -> None:
    """All of them; when one fails the others are given up, and its own error is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            for part in parts:
                group.create_task(part)
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from failures


async def _first_of(starting: asyncio.Task[None], stop: asyncio.Event) -> None:
    """Wait for the start to finish, or abandon it when asked to stop meanwhile."""
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if starting.done():
        await starting
        return
    starting.cancel()
    await asyncio.gather(starting, return_exceptions=True)


async def migrated(*, admin_url: str, running_url: str, running_role: str) -> str:
    """The schema at its newest, the running role's rights, and a clock that goes."""
    revision = await migrate(admin_url=admin_url, running_role=running_role)
    async with open_pool(running_url, size=2) as pool:
        await PostgresClock(pool).wind_up(BusinessClock.real(since=datetime.now(UTC)))
    return revision


async def prepare_database(settings: Settings) -> str:
    """A database of the user's own: migrated when we are given its owner, checked otherwise."""
    if settings.database_url is None:
        raise BadInputError("DATABASE_URL is not set: name the database to prepare")
    running = settings.database_url.get_secret_value()
    if settings.database_admin_url is None:
        async with open_store(settings):
            return "its schema, its rights and its keys are ours"
    revision = await migrated(
        admin_url=settings.database_admin_url.get_secret_value(),
        running_url=running,
        running_role=settings.running_role,
    )
    return f"at revision {revision}"


async def supervise(home: Home, settings: Settings, say: Say) -> None:
    """Run the stack of a home until SIGTERM or Ctrl-C. The caller holds its lock."""
    home.state.unlink(missing_ok=True)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    ended = await asyncio.to_thread(
        end_leftovers, home.path, postgres_data=home.cluster(settings.postgres_user)
    )
    try:
        stack = plan_stack(home, settings, os.environ)
    except CommandError as exc:
        write_state(home, _failed(exc))
        raise
    supervisor = Supervisor(stack=stack, say=say)
    if ended:
        supervisor.tell(f"{ended} processes of an interrupted stack were ended")
    await supervisor.run(stop)
    home.state.unlink(missing_ok=True)


def _failed(exc: CommandError) -> StackState:
    return StackState(
        supervisor_pid=os.getpid(), phase=Phase.FAILED, error=str(exc), exit_code=exc.exit_code
    )


def as_command_error(exc: Exception) -> CommandError:
    if isinstance(exc, CommandError):
        return exc
    kind = BadInputError if isinstance(exc, SchemaError) else UnavailableError
    return kind(str(exc))
