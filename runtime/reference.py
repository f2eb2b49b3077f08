"""Reference data of the user's: published files and closed days, kept under RACCORD_HOME.

The files are kept as they came, so that what was loaded can be shown; each is read whole before it
replaces the one before it.
"""

import hashlib
import os
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from adapters.arcep.published_files import (
    PublishedFileError,
    is_number_blocks,
    is_rio_prefixes,
    read_number_blocks,
    read_rio_prefixes,
)
from domain.calendar_changes import CHANGES, CalendarChange
from domain.number_blocks import BlockDirectory
from domain.parsed import BadValueError
from domain.rio_prefixes import RioDirectory
from domain.territories import ExchangeGroup, Territory
from runtime.errors import BadInputError, UnavailableError
from runtime.home import read_json, write_json

Read = TypeVar("Read")

_FILE_BYTES_MAX = 64 * 1024 * 1024
"""More than a published file should need. A default of ours."""


class ReferenceKind(StrEnum):
    """What a reference file is, told from its first lines."""

    RIO_PREFIXES = "rio-prefixes"
    """ARCEP's MAJRIO: fixed RIO prefixes and their operators."""
    NUMBER_BLOCKS = "number-blocks"
    """ARCEP's MAJNUM: blocks of numbers, holders and territories."""
    CLOSED_DAYS = "closed-days"
    """A TOML file of ours: days a calendar closes or opens."""


@dataclass(frozen=True, kw_only=True)
class Loaded:
    kind: ReferenceKind
    name: str
    rows: int
    sha256: str
    loaded_at: str


@dataclass(frozen=True)
class Reference:
    """The reference data of one home."""

    folder: Path

    def load(self, path: Path, *, providers: Iterable[str] = ()) -> Loaded:
        """`providers` are those a calendar may belong to, besides places and exchanges."""
        content = _content(path)
        kind = _kind(content, path)
        if kind is ReferenceKind.CLOSED_DAYS:
            _refuse_unknown(_read(_closed_days, content, path.name), providers, path.name)
        rows = _read(_COUNTERS[kind], content, path.name)
        loaded = Loaded(
            kind=kind,
            name=path.name,
            rows=rows,
            sha256=hashlib.sha256(content).hexdigest(),
            loaded_at=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            fresh = self._file(kind).with_suffix(f".{os.getpid()}.new")
            fresh.write_bytes(content)
            fresh.replace(self._file(kind))
            write_json(self._facts(kind), loaded.__dict__)
        except OSError as exc:
            raise UnavailableError(
                f"{self.folder} cannot be written ({exc.strerror}); set RACCORD_HOME to a "
                "directory you can write to"
            ) from exc
        return loaded

    def drop(self, kind: ReferenceKind) -> bool:
        """Go back to what is shipped; whether there was anything to drop."""
        there = self._file(kind).exists()
        self._file(kind).unlink(missing_ok=True)
        self._facts(kind).unlink(missing_ok=True)
        return there

    def loaded(self) -> tuple[Loaded, ...]:
        facts = (read_json(self._facts(kind)) for kind in ReferenceKind)
        return tuple(Loaded(**fact) for fact in facts if fact)

    def rio_directory(self) -> RioDirectory:
        content = self._kept(ReferenceKind.RIO_PREFIXES)
        if content is None:
            return RioDirectory()
        name = read_json(self._facts(ReferenceKind.RIO_PREFIXES)).get("name", "MAJRIO")
        holders = self._kept_as(
            ReferenceKind.RIO_PREFIXES, lambda c: read_rio_prefixes(c, source=f"ARCEP {name}")
        )
        return RioDirectory(fixed=holders, fixed_is_complete=True)

    def blocks(self) -> BlockDirectory:
        content = self._kept(ReferenceKind.NUMBER_BLOCKS)
        if content is None:
            return BlockDirectory()
        return BlockDirectory(self._kept_as(ReferenceKind.NUMBER_BLOCKS, read_number_blocks))

    def calendar_changes(self) -> tuple[CalendarChange, ...]:
        content = self._kept(ReferenceKind.CLOSED_DAYS)
        if content is None:
            return CHANGES
        return (*CHANGES, *self._kept_as(ReferenceKind.CLOSED_DAYS, _closed_days))

    def _kept(self, kind: ReferenceKind) -> bytes | None:
        file = self._file(kind)
        return file.read_bytes() if file.exists() else None

    def _kept_as(self, kind: ReferenceKind, read: Callable[[bytes], Read]) -> Read:
        try:
            return _read(read, self._kept(kind) or b"", self._file(kind).name)
        except BadInputError as exc:
            raise UnavailableError(
                f"what was loaded is damaged ({exc}); load the file again, or go back to what is "
                f"shipped with 'raccord reference drop {kind}'"
            ) from exc

    def _file(self, kind: ReferenceKind) -> Path:
        return self.folder / f"{kind.value}.data"

    def _facts(self, kind: ReferenceKind) -> Path:
        return self.folder / f"{kind.value}.json"


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(_FILE_BYTES_MAX + 1)
    except OSError as exc:
        raise BadInputError(f"{path} cannot be read ({exc.strerror}); check the path") from exc
    if len(content) > _FILE_BYTES_MAX:
        raise BadInputError(f"{path} is larger than any published file; check which file it is")
    return content


def _kind(content: bytes, path: Path) -> ReferenceKind:
    if is_rio_prefixes(content):
        return ReferenceKind.RIO_PREFIXES
    if is_number_blocks(content):
        return ReferenceKind.NUMBER_BLOCKS
    if path.suffix == ".toml":
        return ReferenceKind.CLOSED_DAYS
    raise BadInputError(
        f"{path} is no reference file we know; give ARCEP's MAJRIO.csv or MAJNUM.csv as published, "
        "or a .toml of closed days"
    )


def _closed_days(content: bytes) -> tuple[CalendarChange, ...]:
    """`[[closed_day]]` tables, each with calendar, known_on, fr, en, source and one rule."""
    document = tomllib.loads(content.decode("utf-8"))
    rows = document.get("closed_day")
    if set(document) != {"closed_day"} or not isinstance(rows, list) or not rows:
        raise BadValueError("write [[closed_day]] tables and nothing else")
    return tuple(CalendarChange.model_validate(row) for row in rows)


def _refuse_unknown(
    changes: tuple[CalendarChange, ...], providers: Iterable[str], name: str
) -> None:
    known = (*Territory, *ExchangeGroup, *providers)
    for change in changes:
        if change.calendar not in known:
            raise BadInputError(
                f"{name}: '{change.calendar}' has no calendar; write one of {', '.join(known)}"
            )


_COUNTERS: dict[ReferenceKind, Callable[[bytes], int]] = {
    ReferenceKind.RIO_PREFIXES: lambda content: len(read_rio_prefixes(content, source="")),
    ReferenceKind.NUMBER_BLOCKS: lambda content: len(read_number_blocks(content)),
    ReferenceKind.CLOSED_DAYS: lambda content: len(_closed_days(content)),
}


def _read(read: Callable[[bytes], Read], content: bytes, name: str) -> Read:
    try:
        return read(content)
    except PublishedFileError as exc:
        raise BadInputError(f"{name}: {exc}") from exc
    except ValidationError as exc:
        first = exc.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "closed_day"
        raise BadInputError(
            f"{name}: {where}: {first['msg']}; see docs/reference-data.md for a whole example"
        ) from exc
    except ValueError as exc:
        raise BadInputError(f"{name}: {exc}; see docs/reference-data.md for an example") from exc
