"""The outbox and the inbox as tables: leased with a due date, never held open in a transaction."""

from datetime import datetime, timedelta

from adapters.postgres.errors import translated
from adapters.postgres.pool import Pool
from domain.identity import SubjectId
from domain.personal import SubjectForgottenError
from ledger.messages import InboxRow, IncomingMessage, OutboxRow, Receipt, WaitingMessage
from ledger.sealing import KeyedHash, SubjectKeys

LEASE = timedelta(seconds=10)
HAND_OVER_AGAIN = timedelta(seconds=1)

_LEASE_OUTBOX = """
UPDATE outbox SET due_at = clock_timestamp() + $2::interval, attempts = attempts + 1
WHERE number IN (
    SELECT number FROM outbox
    WHERE done_at IS NULL AND parked_at IS NULL AND due_at <= clock_timestamp()
    ORDER BY due_at, number LIMIT $1 FOR UPDATE SKIP LOCKED)
RETURNING number, kind, payload, attempts
"""
_OUTBOX_DONE = "UPDATE outbox SET done_at = clock_timestamp(), last_error = NULL WHERE number = $1"
_OUTBOX_LATER = """
UPDATE outbox SET due_at = clock_timestamp() + $2::interval, last_error = $3 WHERE number = $1
"""
_OUTBOX_PARK = """
UPDATE outbox SET parked_at = clock_timestamp(), last_error = $2 WHERE number = $1
"""

_OUTBOX_PUT_DUE = """
UPDATE outbox SET parked_at = NULL, due_at = clock_timestamp()
WHERE number = $1 AND parked_at IS NOT NULL AND done_at IS NULL
"""
_OUTBOX_SETTLE = """
UPDATE outbox SET done_at = clock_timestamp()
WHERE number = $1 AND parked_at IS NOT NULL AND done_at IS NULL
"""
_OUTBOX_PARKED = """
SELECT number, kind, payload, attempts, coalesce(last_error, '') AS why FROM outbox
WHERE parked_at IS NOT NULL AND done_at IS NULL ORDER BY number
"""

_RECEIVE = """
INSERT INTO inbox (source, message_key, correlation, fingerprint, body, received_at)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (source, message_key) DO NOTHING
"""
_FINGERPRINT = "SELECT fingerprint FROM inbox WHERE source = $1 AND message_key = $2"
_LEASE_INBOX = """
UPDATE inbox SET attempts = attempts + 1,
    due_at = clock_timestamp() + $2::interval * power(2, least(attempts, 6))
WHERE number IN (
    SELECT number FROM inbox WHERE settled_by IS NULL AND due_at <= clock_timestamp()
    ORDER BY due_at, number LIMIT $1 FOR UPDATE SKIP LOCKED)
RETURNING number, source, message_key, correlation
"""
_FIRST_WAITING = """
SELECT number FROM inbox
WHERE correlation = $1 AND settled_by IS NULL AND received_at <= $2
ORDER BY received_at, number LIMIT 1
"""
_INBOX_ROW = """
SELECT number, source, message_key, correlation, body, received_at FROM inbox WHERE number = $1
"""


class PostgresOutbox:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def lease(self, *, limit: int) -> tuple[OutboxRow, ...]:
        """Rows that are due, in order; a relay that dies gives them back when the lease ends."""
        with translated():
            rows = await self._pool.fetch(_LEASE_OUTBOX, limit, LEASE)
        return tuple(OutboxRow(**dict(row)) for row in sorted(rows, key=lambda r: r["number"]))

    async def done(self, number: int) -> None:
        with translated():
            await self._pool.execute(_OUTBOX_DONE, number)

    async def later(self, number: int, *, after: timedelta, error: str) -> None:
        with translated():
            await self._pool.execute(_OUTBOX_LATER, number, after, error)

    async def park(self, number: int, *, error: str) -> None:
        """Set aside for a person: nobody here knows how to do it."""
        with translated():
            await self._pool.execute(_OUTBOX_PARK, number, error)

    async def put_due(self, number: int) -> None:
        """Once more, as a person decided; nothing when it is not parked."""
        with translated():
            await self._pool.execute(_OUTBOX_PUT_DUE, number)

    async def settle(self, number: int) -> None:
        """Nothing more is to be done; why it was parked stays beside it."""
        with translated():
            await self._pool.execute(_OUTBOX_SETTLE, number)

    async def parked(self) -> tuple[tuple[OutboxRow, str], ...]:
        """Every row that waits for a person, and why."""
        with translated():
            rows = await self._pool.fetch(_OUTBOX_PARKED)
        return tuple(
            (OutboxRow(**{k: v for k, v in dict(row).items() if k != "why"}), row["why"])
            for row in rows
        )


def message_subject(source: str, message_key: str) -> SubjectId:
    return SubjectId(f"message/{source}/{message_key}")


class PostgresInbox:
    """Bodies are sealed under a key of their own: nobody knows yet whose data they hold."""

    def __init__(self, *, pool: Pool, keys: SubjectKeys, keyed_hash: KeyedHash) -> None:
        self._pool = pool
        self._keys = keys
        self._hash = keyed_hash

    async def receive(self, message: IncomingMessage) -> Receipt:
        subject = message_subject(message.source, message.message_key)
        cipher = (await self._keys.for_writing([subject]))[subject]
        content = f"{message.correlation}\x1f{message.body}".encode()
        fingerprint = self._hash.digest(purpose="message", content=content)
        with translated():
            status = await self._pool.execute(
                _RECEIVE,
                message.source,
                message.message_key,
                message.correlation,
                fingerprint,
                cipher.seal(message.body),
                message.received_at,
            )
            if status == "INSERT 0 1":
                return Receipt.STORED
            first = await self._pool.fetchval(_FINGERPRINT, message.source, message.message_key)
        return Receipt.DUPLICATE if first == fingerprint else Receipt.CONFLICT

    async def lease(self, *, limit: int) -> tuple[WaitingMessage, ...]:
        """Messages no fact was recorded for yet; handed over again, less and less often."""
        with translated():
            rows = await self._pool.fetch(_LEASE_INBOX, limit, HAND_OVER_AGAIN)
        in_order = sorted(rows, key=lambda row: row["number"])
        return tuple(WaitingMessage(**dict(row)) for row in in_order)

    async def first_waiting(self, correlation: str, *, received_upto: datetime) -> int | None:
        with translated():
            number: int | None = await self._pool.fetchval(
                _FIRST_WAITING, correlation, received_upto
            )
        return number

    async def read(self, number: int) -> InboxRow:
        with translated():
            row = await self._pool.fetchrow(_INBOX_ROW, number)
        if row is None:
            raise KeyError(number)
        subject = message_subject(row["source"], row["message_key"])
        ciphers = await self._keys.for_reading([subject])
        if subject not in ciphers:
            raise SubjectForgottenError(subject)
        return InboxRow(**{**dict(row), "body": ciphers[subject].unseal(row["body"])})
