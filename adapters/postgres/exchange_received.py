"""Files of other operators as a table: kept under their name before anything is answered."""

import re
from datetime import datetime

from adapters.postgres.errors import translated
from adapters.postgres.exchange_sent import file_subject
from adapters.postgres.pool import Pool, Row
from domain.personal import SubjectForgottenError
from domain.territories import ExchangeGroup
from ledger.exchange_post import Arrival, ReceivedFile
from ledger.sealing import KeyedHash, SubjectKeys

_SHOWN = """
SELECT number, exchange, name, emitter, recipient, received_at, verdict, judged_at, lines, answered
FROM exchange_received
"""
_RECEIVE = """
INSERT INTO exchange_received
    (exchange, name, kind, emitter, recipient, sequence, fingerprint, content, received_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (exchange, name) DO NOTHING
"""
_KNOWN = "SELECT fingerprint, verdict FROM exchange_received WHERE exchange = $1 AND name = $2"
# Only a file that was taken stands: until then its writer may mend it under the same name.
_AGAIN = """
UPDATE exchange_received
SET fingerprint = $3, content = $4, received_at = $5, verdict = NULL, judged_at = NULL,
    lines = 0, answered = false
WHERE exchange = $1 AND name = $2
"""
_NAMED = f"{_SHOWN} WHERE exchange = $1 AND name = $2"
_RECEIVED = f"{_SHOWN} ORDER BY number DESC LIMIT $1"
_LAST = """
SELECT sequence FROM exchange_received
WHERE exchange = $1 AND kind = $2 AND emitter = $3 AND recipient = $4 AND verdict = 'E000'
ORDER BY judged_at DESC, sequence DESC LIMIT 1
"""
"""Of those taken in one turn the last of the sequence, whichever of them had come first."""
_JUDGE = """
UPDATE exchange_received SET verdict = $2, judged_at = $3, lines = $4, answered = false
WHERE number = $1
"""
_ANSWERED = "UPDATE exchange_received SET answered = true WHERE number = $1"
_CONTENT = "SELECT exchange, name, content FROM exchange_received WHERE number = $1"
_TAKEN = "E000"


def _received(row: Row) -> ReceivedFile:
    fields = dict(row)
    return ReceivedFile(group=ExchangeGroup(fields.pop("exchange")), **fields)


_NAME = re.compile(r"([A-Z]+)\.([0-9]{2})\.([0-9]{2})\.[0-9]{14}\.([0-9]{3})")


def _parts(name: str) -> tuple[str, str, str, int]:
    """Of a name that is none, nothing: it is kept all the same."""
    match = _NAME.fullmatch(name)
    if match is None:
        return "", "", "", 0
    return match[1], match[2], match[3], int(match[4])


class PostgresIncoming:
    def __init__(self, *, pool: Pool, keys: SubjectKeys, keyed_hash: KeyedHash) -> None:
        self._pool = pool
        self._keys = keys
        self._hash = keyed_hash

    async def receive(
        self, group: ExchangeGroup, name: str, content: bytes, *, at: datetime
    ) -> tuple[Arrival, ReceivedFile]:
        subject = file_subject("received", group, name)
        cipher = (await self._keys.for_writing([subject]))[subject]
        fingerprint = self._hash.digest(purpose="exchange-file", content=content)
        kind, emitter, recipient, sequence = _parts(name)
        sealed = cipher.seal_bytes(content)
        with translated():
            status = await self._pool.execute(
                _RECEIVE,
                group,
                name,
                kind,
                emitter,
                recipient,
                sequence,
                fingerprint,
                sealed,
                at,
            )
            arrival = Arrival.NEW
            if status != "INSERT 0 1":
                arrival = await self._known(group, name, fingerprint)
                if arrival is Arrival.NEW:
                    await self._pool.execute(_AGAIN, group, name, fingerprint, sealed, at)
            row = await self._pool.fetchrow(_NAMED, group, name)
        if row is None:
            raise KeyError(name)
        return arrival, _received(row)

    async def _known(self, group: ExchangeGroup, name: str, fingerprint: bytes) -> Arrival:
        row = await self._pool.fetchrow(_KNOWN, group, name)
        same = row is not None and row["fingerprint"] == fingerprint
        if row is not None and row["verdict"] == _TAKEN:
            return Arrival.SAME if same else Arrival.OTHER
        waits = row is not None and row["verdict"] is None
        return Arrival.SAME if same and waits else Arrival.NEW

    async def last_sequence(
        self, group: ExchangeGroup, *, kind: str, emitter: str, recipient: str
    ) -> int | None:
        with translated():
            last: int | None = await self._pool.fetchval(_LAST, group, kind, emitter, recipient)
        return last

    async def judge(self, number: int, *, verdict: str, at: datetime, lines: int) -> None:
        with translated():
            await self._pool.execute(_JUDGE, number, verdict, at, lines)

    async def answer_deposited(self, number: int) -> None:
        with translated():
            await self._pool.execute(_ANSWERED, number)

    async def named(self, group: ExchangeGroup, name: str) -> ReceivedFile | None:
        with translated():
            row = await self._pool.fetchrow(_NAMED, group, name)
        return None if row is None else _received(row)

    async def content(self, number: int) -> bytes:
        with translated():
            row = await self._pool.fetchrow(_CONTENT, number)
        if row is None:
            raise KeyError(number)
        subject = file_subject("received", row["exchange"], row["name"])
        cipher = (await self._keys.for_reading([subject])).get(subject)
        if cipher is None:
            raise SubjectForgottenError(subject)
        return cipher.unseal_bytes(row["content"])

    async def received(self, *, limit: int) -> tuple[ReceivedFile, ...]:
        with translated():
            rows = await self._pool.fetch(_RECEIVED, limit)
        return tuple(map(_received, rows))
