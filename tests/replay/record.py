"""Record the histories again, after a change that a patch makes safe.

python -m tests.replay.record ADDRESS, the Temporal of a stack whose demo has run: writes one closed
run of each kind, a port for each way it can end, one that was amended on its way, and one with a
next try.
"""

import asyncio
import sys
from pathlib import Path

from temporalio.client import Client, WorkflowHistory

from workflows.identity import AMEND

HISTORIES = Path(__file__).parent / "histories"
CLOSED = "ExecutionStatus = 'Completed'"
GONE_ON = "ExecutionStatus = 'ContinuedAsNew'"
EACH = 3
KINDS = (
    *("FulfilOrder", "PortInMobile", "NewNumber", "SettleIndemnity"),
    *("PutRight", "ReversePort", "DeliverAccess"),
)


async def record(address: str) -> None:
    client = await Client.connect(address)
    for kind in KINDS:
        written: set[str] = set()
        async for found in client.list_workflows(f"WorkflowType = '{kind}' AND {CLOSED}"):
            handle = client.get_workflow_handle(found.id, run_id=found.run_id)
            result = await handle.result()
            outcome = str(result.get("outcome") or result["stage"])
            history = await handle.fetch_history()
            name = f"{outcome}.amended" if _amended(history) else outcome
            name = f"{name}.retried" if _tried_again(history) else name
            if name in written or len(written) == EACH + 1:
                continue
            written.add(name)
            (HISTORIES / f"{kind}.{name}.json").write_text(history.to_json())
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
    details = (event.marker_recorded_event_attributes.details for event in history.events)
    payloads = (one for found in details for named in found.values() for one in named.payloads)
    return any(b'"planned":true' in payload.data for payload in payloads)


if __name__ == "__main__":
    asyncio.run(record(sys.argv[1]))
