"""Technical durations: wall time, never scaled, the only use of Temporal's retry policy."""

from datetime import timedelta

from temporalio.common import RetryPolicy

from domain.clock import Technical

LEDGER_TIMEOUT = Technical(timedelta(seconds=10))
"""One command to the ledger: a round trip of milliseconds, or the database is in trouble."""

LEDGER_RETRY = RetryPolicy(
    initial_interval=timedelta(milliseconds=200),
    backoff_coefficient=2,
    maximum_interval=timedelta(seconds=5),
    maximum_attempts=0,
)
"""The ledger is ours and comes back: a command to it is repeated until it is kept."""

TASK_TIMEOUT = Technical(timedelta(seconds=3))
"""One turn of a process, which only decides what is next: a worker that died in it is replaced."""

WAIT_GRACE = Technical(timedelta(milliseconds=250))
"""A wait fires a little late: what was sent in time is never late because we were slow."""

PUNCTUAL = Technical(timedelta(minutes=2))
"""A step taken this soon after its appointed instant was taken at that instant."""

OPERATOR_TIMEOUT = Technical(timedelta(seconds=10))
"""One request to an operator; what becomes of it later is told by the operator itself."""

OPERATOR_ALL = Technical(timedelta(minutes=1))
"""All the tries of one request: after that, it waits for a person."""

OPERATOR_RETRY = RetryPolicy(
    initial_interval=timedelta(milliseconds=200),
    backoff_coefficient=2,
    maximum_interval=timedelta(seconds=10),
    maximum_attempts=5,
)
"""A reply that was lost is looked up under the same key before anything is sent again."""

PAGE_TIMEOUT = Technical(timedelta(seconds=60))
"""One page of lines asked about: four at a time, each bounded as a single question is."""

PAGE_HEARTBEAT = Technical(timedelta(seconds=20))
"""An answer of the host comes at least so often, or the page is taken over by another worker."""

PAGE_ALL = Technical(timedelta(minutes=3))
"""All the tries of one page: after that, the host is left alone until the next night."""

PAGE_RETRY = RetryPolicy(
    initial_interval=timedelta(seconds=1),
    backoff_coefficient=2,
    maximum_interval=timedelta(seconds=10),
    maximum_attempts=3,
)
"""Questions change nothing, and a host that asks for less of them gets a rest."""
