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

WAIT_GRACE = Technical(timedelta(milliseconds=250))
"""A wait fires a little late: what was sent in time is never late because we were slow."""
