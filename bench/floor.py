"""The floor of the ledger: the same rows, the same columns, written with nothing around them."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from adapters.postgres.pool import Pool

_COLUMNS = (
    "stream_id",
    "version",
    "type",
    "schema",
    "business_at",
    "actor",
    "correlation",
    "command_id",
    "command_ordinal",
    "fingerprint",
    "data",
)
MAKE_TABLE = "CREATE TABLE IF NOT EXISTS bare (LIKE event INCLUDING DEFAULTS)"
_INSERT = f"""
INSERT INTO bare ({", ".join(_COLUMNS)}, position, recorded_at)
SELECT *, 0, clock_timestamp() FROM unnest($1::text[], $2::bigint[], $3::text[], $4::smallint[],
    $5::timestamptz[], $6::text[], $7::text[], $8::uuid[], $9::int[], $10::bytea[], $11::text[])
"""  # noqa: S608  column names of ours

Row = tuple[Any, ...]
_DATA = (
    '{"source":"bench","message_key":"0a3e1b52-7c59-5a34-9d8f-111111111111",'
    '"reason":"for the bench"}'
)


def rows(count: int) -> list[Row]:
    now, command, digest = datetime.now(UTC), uuid4(), bytes(32)
    stream = f"order/{command}"
    return [
        (stream, n, "MessageUnmatched", 1, now, "bench", str(command), command, n, digest, _DATA)
        for n in range(1, count + 1)
    ]


async def insert(pool: Pool, batch: Sequence[Row]) -> None:
    await pool.execute(_INSERT, *(list(column) for column in zip(*batch, strict=True)))


async def copy(pool: Pool, batch: Sequence[Row]) -> None:
    full = [(*row, 0, row[4]) for row in batch]
    async with pool.acquire() as connection:
        await connection.copy_records_to_table(
            "bare", records=full, columns=[*_COLUMNS, "position", "recorded_at"]
        )


async def write(pool: Pool, verb: Any, *, writers: int, batch: int, batches: int) -> int:  # noqa: ANN401
    """As many batches from as many writers at once; how many rows they wrote."""

    async def one_writer() -> None:
        for _ in range(batches):
            await verb(pool, rows(batch))

    await asyncio.gather(*(one_writer() for _ in range(writers)))
    return writers * batch * batches
