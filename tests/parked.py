"""Work that nobody here could do, for tests."""

from datetime import UTC, datetime

from ledger.messages import SEND_REPLY, OutboxRow
from runtime.parked import ParkedBook
from runtime.store import Store
from tests.porting import RULES

NUMBER = 2**40


def parked_book(store: Store) -> ParkedBook:
    return ParkedBook(
        ledger=store.ledger,
        keyed_hash=store.keyed_hash,
        rules=RULES,
        clocks=store.clock,
        wall_now=lambda: datetime.now(UTC),
    )


async def parked_in(store: Store) -> int:
    """A row nobody could do: its number."""
    row = OutboxRow(number=NUMBER, kind=SEND_REPLY, payload="{}", attempts=1)
    await parked_book(store).raise_(row, "the exchange takes none")
    return NUMBER
