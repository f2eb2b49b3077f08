"""Record the histories again, after a change that a patch makes safe.

python -m tests.replay.record ADDRESS, the Temporal of a stack whose demo has run: writes one closed
run of each kind, a port for each way it can end.
"""

import asyncio
import sys
from pathlib import Path

from temporalio.client import Client

HISTORIES = Path(__file__).parent / "histories"
CLOSED = "ExecutionStatus = 'Completed'"
EACH = 3


async def record(address: str) -> None:
    client = await Client.connect(address)
    for kind in ("FulfilOrder", "PortInMobile", "NewNumber"):
        written: set[str] = set()
        async for found in client.list_workflows(f"WorkflowType = '{kind}' AND {CLOSED}"):
            handle = client.get_workflow_handle(found.id, run_id=found.run_id)
            outcome = str((await handle.result())["outcome"])
            if outcome in written or len(written) == EACH:
                continue
            written.add(outcome)
            history = await handle.fetch_history()
            (HISTORIES / f"{kind}.{outcome}.json").write_text(history.to_json())


if __name__ == "__main__":
    asyncio.run(record(sys.argv[1]))
