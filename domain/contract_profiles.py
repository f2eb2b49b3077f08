"""A contract, a law or an exchange as dated data: every value with the place it comes from."""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from domain.contract_values import ContractValue, Word
from domain.said import Said


class Level(StrEnum):
    """Who speaks, from the one who always wins to the one who speaks last."""

    LAW = "law"
    """Wins where it is mandatory; elsewhere it is shown and never wins."""
    ORDER_FORM = "order-form"
    """What the customer signed for this order (technicophone 002:10-15)."""
    SERVICE_SCHEDULE = "service-schedule"
    """Conditions particulières."""
    GENERAL_TERMS = "general-terms"
    """Conditions générales."""
    EXCHANGE = "exchange"
    """An inter-operator group's rules, asked on their own."""
    DEFAULT = "default"
    """Ours, and said to be."""


PRECEDENCE = tuple(Level)
"""The order in which they win. An exchange is never asked beside a contract."""

OWN_LEVELS = frozenset({Level.SERVICE_SCHEDULE, Level.EXCHANGE})
"""The document that makes a service a service: a schedule, or a group's rules."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(_Frozen):
    """Where a value stands: a line of a contract, an article, an exchange's paper, or ours."""

    document: str | None = Field(default=None, pattern=r"^[0-9A-Za-z-]+$")
    """The number of the contract's file: 000 to 004, or a user's own."""
    first_line: int | None = Field(default=None, ge=1)
    last_line: int | None = Field(default=None, ge=1)
    words: str | None = None
    """Two to five words or figures that stand there; pieces are apart by an ellipsis."""
    law: str | None = Field(default=None, min_length=1)
    exchange: str | None = Field(default=None, min_length=1)
    ours: str | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        origins = (self.document, self.law, self.exchange, self.ours)
        if sum(origin is not None for origin in origins) != 1:
            raise ValueError(
                "give one source: at (document:line, with words), law, exchange or ours"
            )
        if self.document is not None and not self.words:
            raise ValueError("give the two to five words that stand at the line, under words")
        if self.words is not None and not 2 <= len(self.words.replace("…", " ").split()) <= 5:  # noqa: PLR2004
            raise ValueError("words has two to five words or figures, not a sentence")
        if (self.first_line or 0) > (self.last_line or 0):
            raise ValueError("the place ends before it starts; write at: 145 or at: 145-147")
        return self

    def __str__(self) -> str:
        if self.document is not None:
            last = "" if self.last_line == self.first_line else f"-{self.last_line}"
            return f"{self.document}:{self.first_line}{last}"
        if self.ours is not None:
            return f"ours: {self.ours}"
        return self.law or self.exchange or ""


def _written_date(raw: object) -> object:
    if isinstance(raw, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", raw):
        raise ValueError("write the date as 2026-12-01")
    return raw


WrittenDate = Annotated[date, BeforeValidator(_written_date)]


class SignOff(_Frozen):
    by: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2)]
    on: WrittenDate


class Reading(_Frozen):
    """One way to read a text."""

    name: Word
    value: ContractValue
    source: Source


class Entry(_Frozen):
    """What one document answers to one question; every reading is kept."""

    readings: tuple[Reading, ...] = Field(min_length=1)
    in_force: Word
    because: Said | None = None
    """Why this reading is in force; owed where there is more than one."""
    needs_sign_off: bool = False
    signed: SignOff | None = None
    mandatory: bool = False
    note: str | None = None

    @model_validator(mode="after")
    def _settled(self) -> Self:
        names = [reading.name for reading in self.readings]
        if len(set(names)) != len(names):
            raise ValueError("two readings have the same name; give each its own")
        if self.in_force not in names:
            raise ValueError(f"in_force names no reading; write one of {', '.join(names)}")
        if len(names) > 1 and self.because is None:
            raise ValueError("say under because (fr, en) why this reading is in force")
        if self.signed is not None and not self.needs_sign_off:
            raise ValueError("signed goes with needs_sign_off: yes; leave one of them out")
        return self

    @property
    def current(self) -> Reading:
        return next(reading for reading in self.readings if reading.name == self.in_force)

    @property
    def may_be_charged(self) -> bool:
        """Shown always; charged or enforced only once somebody has signed."""
        return not self.needs_sign_off or self.signed is not None


class Profile(_Frozen):
    """One document of one version."""

    provider: Word
    """A provider, `law`, `default`, or an exchange group."""
    service: Word
    """A service, or `every` for a document about all of them."""
    level: Level
    version: str = Field(min_length=1)
    valid_from: WrittenDate
    valid_until: WrittenDate | None = None
    """The last day it can be signed under; open where empty."""
    title: Said
    entries: Mapping[str, Entry]
    silent: tuple[str, ...] = ()
    """Questions the text was searched for, and does not answer."""
    not_supplied: tuple[str, ...] = ()
    """Questions it refers to a document we do not have."""

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise ValueError("valid_until lies before valid_from; swap or correct them")
        return self

    @model_validator(mode="after")
    def _speaks_for_itself(self) -> Self:
        if (self.level is Level.LAW) != (self.provider == "law"):
            raise ValueError("level law and provider law go together; correct one of them")
        if (self.level is Level.DEFAULT) != (self.provider == "default"):
            raise ValueError("level default and provider default go together; correct one of them")
        if self.level is not Level.LAW and any(e.mandatory for e in self.entries.values()):
            raise ValueError("only the law is mandatory; take mandatory out")
        both = set(self.silent) & set(self.not_supplied)
        if both:
            raise ValueError(f"{', '.join(sorted(both))} is both silent and not_supplied; keep one")
        return self

    def holds_on(self, day: date) -> bool:
        ends = self.valid_until or date.max
        return self.valid_from <= day <= ends

    @property
    def name(self) -> str:
        return f"{self.provider}/{self.service} {self.version}"
