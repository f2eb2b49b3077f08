"""The worker under measurement: the product's own, with quick operators in its process.

Run as a process of its own: `python -m runtime.benched_worker`; `mute` has no operator ever answer.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bench.quick_operators import QuickOperators
from domain.port_in_facts import HostNetwork
from runtime.processes.process import run_process
from runtime.processes.worker import run_worker
from runtime.settings import Settings, load_settings
from runtime.store import Store
from runtime.wiring import Operators

MUTE = "mute"


@asynccontextmanager
async def quick_operators(store: Store, settings: Settings) -> AsyncIterator[Operators]:
    del settings
    quick = QuickOperators(inbox=store.inbox, mute=MUTE in sys.argv)
    yield Operators(hosts={HostNetwork.ORANGE: quick}, exchange=quick, accesses={})


async def _run(settings: Settings, stop: asyncio.Event) -> None:
    await run_worker(settings, stop, opened=quick_operators)


if __name__ == "__main__":
    run_process(_run, name="worker", settings=load_settings(os.environ))
