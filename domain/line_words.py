"""Word from one line to another of its order, that it is in service or has ended without: kept in
the inbox, like whatever comes from outside."""

from datetime import datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from domain.access_told import LineEndedTold, LineServedTold
from domain.operators import Unreadable
from domain.port_in_facts import Outcome

LINES = "lines"
"""Whose word it is."""


class _Word(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    line: int
    started_at: AwareDatetime | None = None
    outcome: Outcome | None = None


def served_word(line: int, started_at: datetime) -> str:
    return _Word(line=line, started_at=started_at).model_dump_json()


def ended_word(line: int, outcome: Outcome) -> str:
    return _Word(line=line, outcome=outcome).model_dump_json()


def read_line_word(body: str) -> LineServedTold | LineEndedTold | Unreadable:
    try:
        word = _Word.model_validate_json(body)
    except ValidationError as exc:
        return Unreadable(why=f"no word of a line: {exc.error_count()} faults")
    if word.started_at is not None:
        return LineServedTold(line=word.line, started_at=word.started_at)
    if word.outcome is not None:
        return LineEndedTold(line=word.line, outcome=word.outcome)
    return Unreadable(why="no word of a line: it says neither since when nor how it ended")
