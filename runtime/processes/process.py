"""What all our processes have in common: logs, signals, a store, and a way to end."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog

from adapters.postgres.schema import SchemaError
from domain.clock import Technical
from ledger.availability import LedgerUnavailableError
from runtime.errors import BadInputError, CommandError
from runtime.leaving import leave
from runtime.logs import set_up_logs
from runtime.processes.loop import pause
from runtime.settings import Settings
from runtime.store import Store, open_store

RECONNECT = Technical(timedelta(milliseconds=500))

Main = Callable[[Settings, asyncio.Event], Awaitable[None]]

log = structlog.get_logger("process")


def run_process(main: Main, *, name: str, settings: Settings) -> None:
    """Run until SIGTERM or SIGINT, then leave by the short way out."""
    set_up_logs(process=name, level=settings.log_level, log_format=settings.log_format)
    code = 1
    try:
        asyncio.run(_until_stopped(main, settings))
        code = 0
    except SchemaError as exc:
        code = _refused(exc, BadInputError.exit_code)
    except CommandError as exc:
        code = _refused(exc, exc.exit_code)
    except Exception:
        log.exception("process.failed")
        raise
    finally:
        leave(code)


def _refused(exc: Exception, code: int) -> int:
    """A sentence, not a traceback."""
    log.error("process.refused", why=str(exc))
    return code


async def _until_stopped(main: Main, settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await main(settings, stop)


@asynccontextmanager
async def patient_store(settings: Settings, stop: asyncio.Event) -> AsyncIterator[Store | None]:
    """The store, as soon as the database answers; None when asked to stop before it did."""
    while not stop.is_set():
        opening = open_store(settings)
        try:
            store = await opening.__aenter__()
        except LedgerUnavailableError as exc:
            log.warning("process.waiting", why=str(exc))
            await pause(stop, RECONNECT)
            continue
        try:
            yield store
        finally:
            await opening.__aexit__(None, None, None)
        return
    yield None
