"""What lists read of documents: a few words each, kept beside them, found by order or by cause."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from adapters.postgres.errors import translated
from adapters.postgres.pool import Pool

_OF_ORDER = "projection = $1 AND brief ->> 'order_id' = $2"
_SILENT = """
SELECT brief FROM document
WHERE projection = $1 AND (brief ->> 'open')::boolean AND brief -> 'causes' = '[]'
    AND coalesce(brief ->> 'until', brief ->> 'last_at')::timestamptz <= $2
"""
_DUE = """
SELECT brief FROM document
WHERE projection = $1 AND (brief ->> 'open')::boolean AND (brief ->> 'until')::timestamptz <= $2
    AND ($3::text IS NULL OR brief ->> 'order_id' = $3)
"""
_WAITING = """
SELECT brief FROM document
WHERE projection = $1 AND (brief ->> 'open')::boolean AND brief -> 'causes' <> '[]'
    AND ($2::text IS NULL OR brief ->> 'order_id' = $2)
"""
_ALL = """
SELECT brief FROM document
WHERE projection = $1 AND brief IS NOT NULL AND ($2::text IS NULL OR brief ->> 'order_id' = $2)
"""
_ENDANGERED = """
SELECT key, (brief ->> 'version')::int AS version FROM document
WHERE projection = $1 AND (key = ANY($4::text[]) OR (
    (brief ->> 'open')::boolean
    AND brief #>> '{course,promised,on}' IS NOT NULL
    AND brief #>> '{course,delivered_at}' IS NULL
    AND (
        (brief #>> '{course,estimated}')::boolean
        OR (brief #>> '{course,question,blocks}')::boolean
        OR brief #>> '{course,settled_on}' IS NULL
        OR brief #>> '{course,settled_on}' > brief #>> '{course,promised,on}'
        OR (brief #>> '{course,promised,on}')::date < $2
        OR (brief #>> '{course,due}')::timestamptz < $3
    )))
"""
_OF_KEYS = "SELECT brief FROM document WHERE projection = $1 AND key = ANY($2::text[])"
_OPEN = "SELECT brief FROM document WHERE projection = $1 AND (brief ->> 'open')::boolean"
_STANDING = """
SELECT brief ->> 'stage' AS stage, brief ->> 'outcome' AS outcome,
    (brief ->> 'open')::boolean AS open, count(*) AS lines,
    sum((brief ->> 'version')::int) AS versions
FROM document WHERE projection = $1 AND brief ->> 'order_id' = $2 GROUP BY 1, 2, 3
"""
_CAUSES = """
SELECT cause ->> 'code' AS code, count(*) AS lines
FROM document, jsonb_array_elements(brief -> 'causes') AS cause
WHERE projection = $1 AND brief ->> 'order_id' = $2 GROUP BY 1
"""
_OF_HOST = """
SELECT key FROM document
WHERE projection = $1 AND brief ->> 'host' = $2 AND key > $3 ORDER BY key LIMIT $4
"""
_WAITS_FOR = "brief -> 'causes' @> jsonb_build_array(jsonb_build_object('code', {}::text))"


class AskedOfOrder(Protocol):
    @property
    def after(self) -> int: ...

    @property
    def limit(self) -> int: ...

    @property
    def stage(self) -> str | None: ...

    @property
    def outcome(self) -> str | None: ...

    @property
    def code(self) -> str | None: ...


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How many lines of an order have the same stage and end."""

    stage: str
    outcome: str | None
    open: bool
    lines: int
    versions: int


class PostgresBriefs:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def of_order(
        self, projection: str, order_id: UUID, asked: AskedOfOrder
    ) -> tuple[str, ...]:
        """By their place in the order; those without one are not of a large order."""
        values: list[Any] = [projection, str(order_id), asked.after]
        parts = [_OF_ORDER, "(brief ->> 'number')::int > $3"]
        for condition, value in (
            ("brief ->> 'stage' = {}", asked.stage),
            ("brief ->> 'outcome' = {}", asked.outcome),
            (_WAITS_FOR, asked.code),
        ):
            if value is not None:
                values.append(value)
                parts.append(condition.format(f"${len(values)}"))
        values.append(asked.limit)
        where = " AND ".join(parts)
        query = f"""SELECT brief FROM document WHERE {where}
        ORDER BY (brief ->> 'number')::int LIMIT ${len(values)}"""  # noqa: S608  conditions of ours
        return await self._briefs(query, *values)

    async def of_host(
        self, projection: str, host: str, *, after: str, limit: int
    ) -> tuple[str, ...]:
        """The keys of all lines of a host, a page of them."""
        with translated():
            rows = await self._pool.fetch(_OF_HOST, projection, host, after, limit)
        return tuple(row["key"] for row in rows)

    async def silent(self, projection: str, *, by: datetime) -> tuple[str, ...]:
        """Open, waiting for nobody, and past what they awaited."""
        return await self._briefs(_SILENT, projection, by)

    async def due(self, projection: str, *, by: datetime, order_id: UUID | None) -> tuple[str, ...]:
        return await self._briefs(_DUE, projection, by, _text(order_id))

    async def waiting(self, projection: str, *, order_id: UUID | None) -> tuple[str, ...]:
        """Open, and waiting for a person; of one order, or of all."""
        return await self._briefs(_WAITING, projection, _text(order_id))

    async def all(self, projection: str, *, order_id: UUID | None) -> tuple[str, ...]:
        return await self._briefs(_ALL, projection, _text(order_id))

    async def endangered(
        self, projection: str, *, today: date, now: datetime, also: Collection[str]
    ) -> Mapping[str, int]:
        """Lines that may be late, and those named: which they are, and how far they have come.

        A line that is planned in time, asks nothing and is not overdue is not among them.
        """
        with translated():
            rows = await self._pool.fetch(_ENDANGERED, projection, today, now, list(also))
        return {row["key"]: row["version"] for row in rows}

    async def of_keys(self, projection: str, keys: Collection[str]) -> tuple[str, ...]:
        return await self._briefs(_OF_KEYS, projection, list(keys))

    async def still_open(self, projection: str) -> tuple[str, ...]:
        return await self._briefs(_OPEN, projection)

    async def standing(self, projection: str, order_id: UUID) -> tuple[Standing, ...]:
        with translated():
            rows = await self._pool.fetch(_STANDING, projection, str(order_id))
        return tuple(Standing(**dict(row)) for row in rows)

    async def causes(self, projection: str, order_id: UUID) -> Mapping[str, int]:
        with translated():
            rows = await self._pool.fetch(_CAUSES, projection, str(order_id))
        return {row["code"]: row["lines"] for row in rows}

    async def _briefs(self, query: str, *values: Any) -> tuple[str, ...]:  # noqa: ANN401  as asked
        with translated():
            rows = await self._pool.fetch(query, *values)
        return tuple(row["brief"] for row in rows)


def _text(order_id: UUID | None) -> str | None:
    return None if order_id is None else str(order_id)
