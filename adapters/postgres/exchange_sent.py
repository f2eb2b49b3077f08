"""The tray and our own files: a ticket is in one file at most, and a session has one file."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from adapters.postgres.errors import translated
from adapters.postgres.pool import Pool, PoolConnection, Row
from domain.identity import SubjectId
from domain.personal import SubjectForgottenError
from domain.territories import ExchangeGroup
from ledger.exchange_post import NewFile, NewTicket, SentFile, WaitingTicket, Write
from ledger.sealing import SubjectKeys

_PUT = """
INSERT INTO exchange_ticket
    (key, exchange, emitter, recipient, due_at, transfer, owner, code, number_digest, body)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (key, recipient) DO NOTHING
"""
_OWNERS = """
SELECT DISTINCT ON (transfer) transfer, owner FROM exchange_ticket
WHERE transfer = ANY($1::text[]) AND code <> '7000' ORDER BY transfer, number
"""
_CAME = """
SELECT t.number_digest, max(f.session) AS session FROM exchange_ticket t
JOIN exchange_sent f ON f.number = t.file
WHERE t.code = '1410' AND t.number_digest = ANY($1::text[]) AND NOT EXISTS (
    SELECT 1 FROM exchange_ticket back
    WHERE back.transfer = t.transfer AND back.emitter = t.emitter AND back.code = '2430')
GROUP BY t.number_digest
"""
_WAITING = """
SELECT number, key, emitter, recipient, body FROM exchange_ticket
WHERE exchange = $1 AND due_at <= $2 AND file IS NULL ORDER BY number
"""
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('exchange_sent'), hashtext($1))"
_HAS_ITS_FILE = """
SELECT 1 FROM exchange_sent
WHERE exchange = $1 AND kind = $2 AND emitter = $3 AND recipient = $4 AND session = $5
"""
_LAST = """
SELECT sequence FROM exchange_sent
WHERE exchange = $1 AND kind = $2 AND emitter = $3 AND recipient = $4 ORDER BY number DESC LIMIT 1
"""
_MAKE = """
INSERT INTO exchange_sent
    (exchange, name, kind, emitter, recipient, sequence, session, content, tickets)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING number
"""
_MARK = "UPDATE exchange_ticket SET file = $1 WHERE number = ANY($2::bigint[]) AND file IS NULL"
_SHOWN = """
SELECT number, exchange, name, kind, emitter, recipient, session,
    uploaded_at IS NOT NULL AS uploaded, deposited_at, answer_due_at, answer, answered_at, tickets
FROM exchange_sent
"""
_TO_DEPOSIT = f"{_SHOWN} WHERE exchange = $1 AND deposited_at IS NULL AND answer IS NULL ORDER BY 1"
_UNANSWERED = f"""
{_SHOWN} WHERE exchange = $1 AND answer IS NULL AND answer_due_at <= $2 ORDER BY 1
"""
_NAMED = f"{_SHOWN} WHERE exchange = $1 AND name = $2 AND uploaded_at IS NOT NULL"
_SENT = f"{_SHOWN} ORDER BY number DESC LIMIT $1"
_CONTENT = "SELECT exchange, name, content FROM exchange_sent WHERE number = $1"
_UPLOADED = "UPDATE exchange_sent SET uploaded_at = clock_timestamp() WHERE number = $1"
_DEPOSITED = """
UPDATE exchange_sent SET deposited_at = $2, answer_due_at = $3 WHERE number = $1
"""
_ANSWERED = "UPDATE exchange_sent SET answer = $2, answered_at = $3 WHERE number = $1"
_AGAIN = """
UPDATE exchange_sent
SET uploaded_at = NULL, deposited_at = NULL, answer_due_at = NULL, answer = NULL, answered_at = NULL
WHERE exchange = $1 AND name = $2
"""
_PORTED = """
SELECT DISTINCT ON (t.transfer) t.key, t.recipient, t.body FROM exchange_ticket t
JOIN exchange_sent f ON f.number = t.file
WHERE t.exchange = $1 AND t.emitter = $2 AND t.code = '1410'
    AND f.session > $3 AND f.session <= $4 AND NOT EXISTS (
        SELECT 1 FROM exchange_ticket back
        WHERE back.transfer = t.transfer AND back.emitter = t.emitter AND back.code = '2430')
ORDER BY t.transfer, t.number
"""
SEQUENCE_MAX = 999


class _TicketsTakenError(Exception):
    """Another file has some of them: this one is not made."""


def ticket_subject(key: str, recipient: str) -> SubjectId:
    return SubjectId(f"ticket/{key}/{recipient}")


def file_subject(direction: str, exchange: str, name: str) -> SubjectId:
    return SubjectId(f"exchange-file/{direction}/{exchange}/{name}")


def _sent(row: Row) -> SentFile:
    fields = dict(row)
    return SentFile(group=ExchangeGroup(fields.pop("exchange")), **fields)


class PostgresTray:
    """Bodies are sealed under a key of their own, like everything that passes through here."""

    def __init__(self, *, pool: Pool, keys: SubjectKeys) -> None:
        self._pool = pool
        self._keys = keys

    async def put(self, tickets: Sequence[NewTicket]) -> None:
        subjects = [ticket_subject(t.key, t.recipient) for t in tickets]
        ciphers = await self._keys.for_writing(subjects)
        rows = [
            (
                t.key,
                t.group,
                t.emitter,
                t.recipient,
                t.due_at,
                t.transfer,
                t.owner,
                t.code,
                t.number,
                ciphers[subject].seal(t.body),
            )
            for t, subject in zip(tickets, subjects, strict=True)
        ]
        with translated():
            async with self._pool.acquire() as connection, connection.transaction():
                await connection.executemany(_PUT, rows)

    async def owners(self, transfers: Collection[str]) -> Mapping[str, UUID]:
        with translated():
            rows = await self._pool.fetch(_OWNERS, list(transfers))
        return {row["transfer"]: row["owner"] for row in rows}

    async def ported(self, numbers: Collection[str]) -> Mapping[str, datetime]:
        with translated():
            rows = await self._pool.fetch(_CAME, list(numbers))
        return {row["number_digest"]: row["session"] for row in rows}


class PostgresOutgoing:
    def __init__(self, *, pool: Pool, keys: SubjectKeys) -> None:
        self._pool = pool
        self._keys = keys

    async def waiting(self, group: ExchangeGroup, *, due_by: datetime) -> tuple[WaitingTicket, ...]:
        with translated():
            rows = await self._pool.fetch(_WAITING, group, due_by)
        bodies = await self._bodies(rows)
        return tuple(
            WaitingTicket(
                number=row["number"],
                emitter=row["emitter"],
                recipient=row["recipient"],
                body=body,
            )
            for row, body in zip(rows, bodies, strict=True)
            if body is not None
        )

    async def make(self, new: NewFile, *, tickets: Sequence[int], write: Write) -> str | None:
        try:
            with translated():
                async with self._pool.acquire() as connection, connection.transaction():
                    return await self._make(connection, new, tickets, write)
        except _TicketsTakenError:
            return None

    async def _make(
        self, connection: PoolConnection, new: NewFile, tickets: Sequence[int], write: Write
    ) -> str | None:
        pair = (new.group, new.kind, new.emitter, new.recipient)
        await connection.execute(_ONE_AT_A_TIME, "/".join(pair))
        if await connection.fetchval(_HAS_ITS_FILE, *pair, new.session):
            return None
        last = await connection.fetchval(_LAST, *pair)
        sequence = (last or 0) % SEQUENCE_MAX + 1
        made = write(sequence)
        return await self._keep(connection, new, (sequence, made.name, made.content), tickets)

    async def _keep(
        self,
        connection: PoolConnection,
        new: NewFile,
        made: tuple[int, str, bytes],
        tickets: Sequence[int],
    ) -> str:
        sequence, name, content = made
        subject = file_subject("sent", new.group, name)
        cipher = (await self._keys.for_writing([subject]))[subject]
        number = await connection.fetchval(
            _MAKE,
            new.group,
            name,
            new.kind,
            new.emitter,
            new.recipient,
            sequence,
            new.session,
            cipher.seal_bytes(content),
            len(tickets),
        )
        marked = await connection.execute(_MARK, number, list(tickets))
        if marked != f"UPDATE {len(tickets)}":
            raise _TicketsTakenError
        return name

    async def to_deposit(self, group: ExchangeGroup) -> tuple[SentFile, ...]:
        with translated():
            rows = await self._pool.fetch(_TO_DEPOSIT, group)
        return tuple(map(_sent, rows))

    async def content(self, number: int) -> bytes:
        with translated():
            row = await self._pool.fetchrow(_CONTENT, number)
        if row is None:
            raise KeyError(number)
        subject = file_subject("sent", row["exchange"], row["name"])
        cipher = (await self._keys.for_reading([subject])).get(subject)
        if cipher is None:
            raise SubjectForgottenError(subject)
        return cipher.unseal_bytes(row["content"])

    async def uploaded(self, number: int) -> None:
        with translated():
            await self._pool.execute(_UPLOADED, number)

    async def deposited(self, number: int, *, at: datetime, answer_due_at: datetime) -> None:
        with translated():
            await self._pool.execute(_DEPOSITED, number, at, answer_due_at)

    async def answered(
        self, group: ExchangeGroup, name: str, *, code: str, at: datetime
    ) -> SentFile | None:
        with translated():
            row = await self._pool.fetchrow(_NAMED, group, name)
            if row is None:
                return None
            await self._pool.execute(_ANSWERED, row["number"], code, at)
        return _sent(row)

    async def unanswered(self, group: ExchangeGroup, *, due_by: datetime) -> tuple[SentFile, ...]:
        with translated():
            rows = await self._pool.fetch(_UNANSWERED, group, due_by)
        return tuple(map(_sent, rows))

    async def deposit_again(self, group: ExchangeGroup, name: str) -> bool:
        with translated():
            status = await self._pool.execute(_AGAIN, group, name)
        return status == "UPDATE 1"

    async def ported(
        self, group: ExchangeGroup, *, emitter: str, since: datetime, until: datetime
    ) -> tuple[str, ...]:
        with translated():
            rows = await self._pool.fetch(_PORTED, group, emitter, since, until)
        return tuple(body for body in await self._bodies(rows) if body is not None)

    async def sent(self, *, limit: int) -> tuple[SentFile, ...]:
        with translated():
            rows = await self._pool.fetch(_SENT, limit)
        return tuple(map(_sent, rows))

    async def _bodies(self, rows: Sequence[Row]) -> list[str | None]:
        """None where its subject was forgotten: such a ticket is never sent."""
        subjects = [ticket_subject(row["key"], row["recipient"]) for row in rows]
        ciphers = await self._keys.for_reading(subjects)
        return [
            ciphers[subject].unseal(row["body"]) if subject in ciphers else None
            for subject, row in zip(subjects, rows, strict=True)
        ]
