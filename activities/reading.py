"""What a message says, whoever sent it: read by its own reader, or said to be unreadable."""

from collections.abc import Mapping
from datetime import datetime

from domain.operators import Reader, Told, Unreadable
from domain.policies import FIRST_YEAR_TAKEN, LAST_YEAR_TAKEN
from ledger.messages import InboxRow


def read_message(readers: Mapping[str, Reader], row: InboxRow) -> Told:
    reader = readers.get(row.source)
    if reader is None:
        return Unreadable(why=f"nobody here reads what {row.source} sends")
    read = reader(row.body)
    if all(FIRST_YEAR_TAKEN <= moment.year <= LAST_YEAR_TAKEN for moment in instants_of(read)):
        return read
    return Unreadable(why="it names an instant that cannot be: check its year")


def instants_of(read: Told) -> tuple[datetime, ...]:
    return tuple(value for value in vars(read).values() if isinstance(value, datetime))
