"""The worker of the floor, laid out as the product's: one for processes, one for each operator."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

from temporalio import activity
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Worker, WorkflowRunner

from bench.bare_process import BareProcess

STICKY = timedelta(seconds=2)
READY = "ready"


def bare_verbs(tell: Callable[[str], None]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """They only pass on what the outside is to do."""

    def pass_on(what: str | None) -> None:
        if what is not None:
            tell(f"{activity.info().workflow_id} {what}")

    @activity.defn(name="bare_local")
    async def local(what: str | None) -> None:
        pass_on(what)

    @activity.defn(name="bare_ask")
    async def ask(what: str | None) -> None:
        pass_on(what)

    return local, ask


async def work(
    address: str, queue: str, socket: str, *operators: str, runner: WorkflowRunner
) -> None:
    """With the product's own runner of processes: what it saves is saved on both sides."""
    client = await Client.connect(address, data_converter=pydantic_data_converter)
    reader, writer = await asyncio.open_unix_connection(socket)
    local, ask = bare_verbs(lambda line: writer.write(f"{line}\n".encode()))
    async with AsyncExitStack() as stack:
        for operator in operators:
            await stack.enter_async_context(
                Worker(client, task_queue=f"{queue}-{operator}", activities=[ask])
            )
        await stack.enter_async_context(
            Worker(
                client,
                task_queue=queue,
                workflows=[BareProcess],
                activities=[local],
                workflow_runner=runner,
                sticky_queue_schedule_to_start_timeout=STICKY,
            )
        )
        writer.write(f"{READY}\n".encode())
        await reader.read()  # until whoever measures is gone
