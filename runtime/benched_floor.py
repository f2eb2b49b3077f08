"""The floor's worker: bare processes, run as ours are run.

Run as a process of its own: `python -m runtime.benched_floor ADDRESS QUEUE SOCKET OPERATOR…`.
"""

import asyncio
import sys

from bench.bare_worker import work
from runtime.leaving import leave
from runtime.processes.sandbox import workflow_runner

if __name__ == "__main__":
    asyncio.run(work(*sys.argv[1:], runner=workflow_runner()))
    leave(0)
