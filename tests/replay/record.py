"""Record the histories again, after a change that a patch makes safe.

python -m tests.replay.record ADDRESS, the Temporal of a stack whose demo has run: writes the
newest closed run of each kind.
"""

import asyncio
import sys
from pathlib import Path

from temporalio.client import Client

HISTORIES = Path(__file__).parent / "histories"
KINDS = {
    "WalkingOrder.acknowledged": "RaccordStage = 'acknowledged'",
    "WalkingOrder.lapsed": "RaccordStage = 'lapsed'",
}


async def record(address: str) -> None:
    client = await Client.connect(address)
    for name, query in KINDS.items():
        async for found in client.list_workflows(f"{query} AND ExecutionStatus = 'Completed'"):
            history = await client.get_workflow_handle(
                found.id, run_id=found.run_id
            ).fetch_history()
            (HISTORIES / f"{name}.json").write_text(history.to_json())
            break


if __name__ == "__main__":
    asyncio.run(record(sys.argv[1]))
