"""Record the histories again, after a change that a patch makes safe.

python -m tests.replay.record ADDRESS [KIND ...], the Temporal of a stack whose demo has run: writes
one closed run of each kind, a port for each way it can end, one that was amended on its way, one
with a next try, and the longest of an access whose visit was moved, failed or missed.
"""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

from temporalio.client import Client, WorkflowHistory

from workflows.identity import AMEND

HISTORIES = Path(__file__).parent / "histories"
CLOSED = "ExecutionStatus = 'Completed'"
GONE_ON = "ExecutionStatus = 'ContinuedAsNew'"
EACH = 5
NIGHTS = ("Reconcile",)
KINDS = (
    *("FulfilOrder", "PortInMobile", "NewNumber", "SettleIndemnity"),
    *("PutRight", "ReversePort", "DeliverAccess"),
)


async def record(address: str, *kinds: str) -> None:
    client = await Client.connect(address)
    for kind in kinds or KINDS:
        written: dict[str, int] = {}
        async for found in client.list_workflows(f"WorkflowType = '{kind}' AND {CLOSED}"):
            handle = client.get_workflow_handle(found.id, run_id=found.run_id)
            result = await handle.result()
            outcome = str(result.get("outcome") or result["stage"])
            history = await handle.fetch_history()
            name = f"{outcome}.amended" if _amended(history) else outcome
            name = f"{name}.retried" if _tried_again(history) else name
            again, length = _visited_again(history), len(history.events)
            name = f"{name}.visited-again" if again else name
            full = len(written) == EACH + 1 and name not in written
            if full or (name in written and not (again and length > written[name])):
                continue
            written[name] = length
            (HISTORIES / f"{kind}.{name}.json").write_text(history.to_json())
    if "Reconcile" in (kinds or NIGHTS):
        await _record_nights(client)


async def _record_nights(client: Client) -> None:
    """A process without an end: the longest of its runs is a night that found something."""
    runs = []
    async for found in client.list_workflows(f"WorkflowType = 'Reconcile' AND {GONE_ON}"):
        handle = client.get_workflow_handle(found.id, run_id=found.run_id)
        runs.append(await handle.fetch_history())
    if runs:
        longest = max(runs, key=lambda history: len(history.events))
        (HISTORIES / "Reconcile.found.json").write_text(longest.to_json())


def _amended(history: WorkflowHistory) -> bool:
    """Whether an amendment was among what people sent it."""
    accepted = (
        event.workflow_execution_update_accepted_event_attributes for event in history.events
    )
    return any(one.accepted_request.input.name == AMEND for one in accepted)


def _tried_again(history: WorkflowHistory) -> bool:
    """Whether a next try was waited for."""
    return any(b'"planned":true' in data for data in _progress(history))


def _visited_again(history: WorkflowHistory) -> bool:
    """Whether slots were asked for after a visit was booked: it was moved, failed or missed."""
    stages = list(_progress(history))
    booked = [n for n, data in enumerate(stages) if b'"stage":"awaiting-visit"' in data]
    return bool(booked) and any(b'"stage":"booking-visit"' in one for one in stages[booked[0] :])


def _progress(history: WorkflowHistory) -> Iterator[bytes]:
    """Where it stood after each of its steps."""
    for event in history.events:
        for named in event.marker_recorded_event_attributes.details.values():
            yield from (payload.data for payload in named.payloads)


if __name__ == "__main__":
    asyncio.run(record(*sys.argv[1:]))
