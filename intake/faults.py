"""What intake can say no with, before it is put into the words of HTTP.

OrderRefusedError         the order cannot be taken as it is written: every mistake in it
ProcessUnavailableError   a process did not answer: whether it took what was sent is not known
"""

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
