"""What follows a failure, as data: the row that applies, and the treatment it asks for.

A policy is one operator's. Its most specific row wins, by code, then step, then interface; among
rows for the same case, the one in force since the latest day. The last row asks a person, so that
nothing is ever without an answer.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator, model_validator

from domain.attention import FIRST_QUEUE, QUEUE, DecisionKind, PolicyRow, Turn
from domain.durations import WINDOWED, Duration, parse_amount, parse_unit
from domain.parsed import BadValueError
from domain.port_in_facts import Step
from domain.said import Said

ANY = "*"
CODE_MAX = 60
"""Of a code somebody sends: what is longer is no code. A default of ours."""
_CODE = r"^[A-Za-z0-9_.?*-]{1,40}$"
_STARS_MAX = 2
_NAME = r"^[a-z][a-z0-9-]{0,39}$"
_OPERATOR = r"^[a-z][a-z0-9-]{0,19}$"
_NUMBER = r"[0-9]{1,4}(?:\.[0-9]{1,4}){0,2}"
_INTERFACE = re.compile(rf"\*|(?P<first>{_NUMBER})(?:-(?P<last>{_NUMBER}))?")


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Then(StrEnum):
    """What happens once it is not tried again."""

    ASK = "ask"
    """A person decides."""
    END = "end"
    """It ends as a person's `end` would; only where the law's list leaves nothing to try."""


def _duration(value: object) -> object:
    """`2 ouvre`, as people write it."""
    if not isinstance(value, str):
        return value
    amount, _, unit = value.strip().partition(" ")
    try:
        return Duration(amount=parse_amount(amount), unit=parse_unit(unit))
    except BadValueError as exc:
        raise ValueError(str(exc)) from exc


class Retry(_Value):
    """When it is tried again, and how many times, counted from the facts."""

    after: Duration
    at_most: Annotated[int, Field(ge=1, le=20, alias="at-most")]
    longest: Duration | None = None
    """How far off an operator may put the next try by its own word; further, a person is asked."""

    @field_validator("after", "longest", mode="before")
    @classmethod
    def _written(cls, value: object) -> object:
        return _duration(value)

    @field_validator("after", "longest")
    @classmethod
    def _ahead(cls, value: Duration | None) -> Duration | None:
        if value is not None and value.amount < 1:
            raise ValueError("a next try lies ahead: write 1 or more")
        if value is not None and value.unit in WINDOWED:
            raise ValueError("working hours need a window, which no policy has: use clock-hour")
        return value


class Row(_Value):
    """One case, what is done about it, and since when."""

    name: Annotated[str, Field(pattern=_NAME)]
    since: Annotated[date, Field(alias="from")]
    interface: str = ANY
    """The operator's interface: a version, `1-2` for all between them, or any."""
    step: Step | None = None
    """None for any step."""
    code: Annotated[str, Field(pattern=_CODE)]
    """A code of the operator's, with * and ? for what may be anything, or a word of ours."""
    retry: Retry | None = None
    then: Then = Then.ASK
    queue: Annotated[str, Field(pattern=QUEUE)] = FIRST_QUEUE
    owner: Turn = Turn.OPERATIONS
    allowed: tuple[DecisionKind, ...] = ()
    """In the order they are offered; every one the process takes when none is named."""
    said: Said | None = None
    """Cause and remedy, for whoever decides."""
    source: str | None = None
    ours: str | None = None

    @field_validator("step", mode="before")
    @classmethod
    def _any_step(cls, value: object) -> object:
        return None if value == ANY else value

    @field_validator("interface")
    @classmethod
    def _a_version(cls, value: str) -> str:
        if _INTERFACE.fullmatch(value) is None:
            raise ValueError("write a version, two as 1-2, or *")
        return value

    @field_validator("code")
    @classmethod
    def _bounded(cls, value: str) -> str:
        if "**" in value or value.count(ANY) > _STARS_MAX:
            raise ValueError(f"write at most {_STARS_MAX} stars, and none beside another")
        return value

    @model_validator(mode="after")
    def _with_its_reason(self) -> "Row":
        if (self.source is None) == (self.ours is None):
            raise ValueError("give its source, or say in `ours` why it is a choice of ours")
        return self

    @property
    def case(self) -> tuple[str, Step | None, str]:
        """What it is about: two rows of one case are told apart by their day."""
        return self.interface, self.step, self.code.upper()

    @property
    def is_exact(self) -> bool:
        return not set("*?") & set(self.code)

    @property
    def is_last(self) -> bool:
        return self.case == (ANY, None, ANY)

    def is_about(self, failure: "Failure") -> bool:
        return (
            self.step in {None, failure.step}
            and _within(failure.interface, self.interface)
            and fnmatchcase(failure.code[:CODE_MAX].upper(), self.code.upper())
        )

    def rank(self) -> tuple[object, ...]:
        """The higher wins. The name only makes it the same answer every time."""
        literal = len(self.code.replace(ANY, "").replace("?", ""))
        return (
            self.is_exact,
            literal,
            self.step is not None,
            _narrowness(self.interface),
            self.since,
            self.name,
        )


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def _within(interface: str, wanted: str) -> bool:
    match = _INTERFACE.fullmatch(wanted)
    known = re.fullmatch(_NUMBER, interface)
    if wanted == ANY or match is None or known is None:
        return wanted == ANY
    first = match["first"]
    return _version(first) <= _version(interface) <= _version(match["last"] or first)


def _narrowness(interface: str) -> int:
    if interface == ANY:
        return 0
    return 1 if "-" in interface else 2


class FailurePolicy(_Value):
    """One operator's rows, and the number of their edition."""

    operator: Annotated[str, Field(pattern=_OPERATOR)]
    version: Annotated[int, Field(ge=1)]
    rows: tuple[Row, ...]

    def row_for(self, failure: "Failure", day: date) -> Row | None:
        about = [row for row in self.rows if row.since <= day and row.is_about(failure)]
        return max(about, key=Row.rank, default=None)


class Failure(_Value):
    """What went wrong: with whom, by which version of its interface, doing what, and the code."""

    operator: str
    interface: str
    step: Step
    code: str


class Treatment(_Value):
    """What the policy says of one failure, worked out for its day."""

    row: PolicyRow
    queue: str
    owner: Turn
    allowed: tuple[DecisionKind, ...] = ()
    said: Said | None = None
    ends: bool = False
    at_most: int = 0
    retry_at: AwareDatetime | None = None
    """None when it is not to be tried again, or when that would come too late."""
    too_late: Said | None = None
    """Why there is no next try although the row has one."""

    def narrowed(self, bound: tuple[DecisionKind, ...]) -> tuple[DecisionKind, ...]:
        """What the row offers and the process can take; never nothing."""
        return tuple(dict.fromkeys(kind for kind in self.allowed if kind in bound)) or bound


LAST = Row(
    name="last",
    since=date(2000, 1, 1),
    code=ANY,
    ours="what no policy foresees is for a person",
)


@dataclass(frozen=True)
class FailureBook:
    """Every policy in use, and the version of each operator's interface we speak."""

    policies: Mapping[str, FailurePolicy]
    interfaces: Mapping[str, str]

    def failure(self, operator: str, step: Step, code: str) -> Failure:
        interface = self.interfaces.get(operator, "")
        return Failure(operator=operator, interface=interface, step=step, code=code)

    def row_for(self, failure: Failure, day: date) -> tuple[Row, PolicyRow]:
        """Always one: what no file foresees goes to a person."""
        policy = self.policies.get(failure.operator)
        found = None if policy is None else policy.row_for(failure, day)
        row = LAST if found is None else found
        return row, PolicyRow(
            policy="built-in" if policy is None or found is None else policy.operator,
            version=1 if policy is None or found is None else policy.version,
            name=row.name,
            since=row.since,
        )
