"""Which orders there are, read off the ledger itself: what was just accepted is among them."""

from typing import Any, Protocol

from adapters.postgres.errors import translated
from adapters.postgres.pool import Pool
from domain.identity import OrderId, StreamId, order_of_stream

_CLIENT = "data::jsonb ->> 'client'"
_REFERENCE = "data::jsonb ->> 'reference'"
_CLOSED = """EXISTS (
    SELECT FROM event AS ended
    WHERE ended.stream_id = received.stream_id AND ended.type = 'OrderClosed')"""


class Asked(Protocol):
    @property
    def client(self) -> str | None: ...

    @property
    def reference(self) -> str | None: ...

    @property
    def still_open(self) -> bool | None: ...

    @property
    def before(self) -> int | None: ...

    @property
    def limit(self) -> int: ...


class PostgresOrders:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def listed(self, asked: Asked) -> tuple[tuple[OrderId, int], ...]:
        """Ids and places, newest first."""
        query, values = _query(asked)
        with translated():
            rows = await self._pool.fetch(query, *values)
        found = ((order_of_stream(StreamId(row["stream_id"])), row["position"]) for row in rows)
        return tuple((order_id, place) for order_id, place in found if order_id is not None)


def _query(asked: Asked) -> tuple[str, list[Any]]:
    """Only the conditions there are: each has an index of its own."""
    values: list[Any] = []
    parts = ["type = 'OrderReceived'"]
    for condition, value in (
        (f"{_CLIENT} = ", asked.client),
        (f"{_REFERENCE} = ", asked.reference),
        ("position < ", asked.before),
    ):
        if value is not None:
            values.append(value)
            parts.append(f"{condition}${len(values)}")
    if asked.still_open is not None:
        parts.append(f"NOT {_CLOSED}" if asked.still_open else _CLOSED)
    values.append(asked.limit)
    where = " AND ".join(parts)
    query = f"""SELECT stream_id, position FROM event AS received WHERE {where}
    ORDER BY position DESC LIMIT ${len(values)}"""  # noqa: S608  conditions of ours
    return query, values
