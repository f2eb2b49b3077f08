"""What intake can say no with, before it is put into the words of HTTP.

OrderRefusedError         the order cannot be taken as it is written: every mistake in it
ProcessUnavailableError   a process did not answer: whether it took what was sent is not known
"""

from collections.abc import Sequence

from pydantic import BaseModel, Field


class FieldProblem(BaseModel):
    pointer: str = Field(description="JSON pointer to the field, or the name of the header.")
    sentence: str


class OrderRefusedError(Exception):
    """Every mistake, with what to do about it."""

    def __init__(self, problems: tuple[FieldProblem, ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{p.pointer}: {p.sentence}" for p in problems))


class ProcessUnavailableError(Exception):
    """Send the same again under the same key."""


PROBLEMS_SHOWN = 200
"""At once; the sentence after them says how many more there are. A default of ours."""


def told_of(
    problems: Sequence[FieldProblem], *, within: str = "/lines"
) -> tuple[FieldProblem, ...]:
    """The first of them, and how many there are in all."""
    if len(problems) <= PROBLEMS_SHOWN:
        return tuple(problems)
    more = FieldProblem(
        pointer=within,
        sentence=f"{len(problems) - PROBLEMS_SHOWN} more like these: correct them, send it again.",
    )
    return (*problems[:PROBLEMS_SHOWN], more)
