"""What a library of profiles must hold beyond each file's own shape."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path

from adapters.contract_files.reader import Library, Placed
from adapters.contract_files.yaml_lines import Fault
from domain.contract_profiles import OWN_LEVELS, Profile, Source

_NEAR = 40
"""Lines a source may span: a table or a clause, not a chapter. A default of ours."""


def faults_of(library: Library) -> tuple[Fault, ...]:
    return (*library.faults, *_overlaps(library), *_missing(library))


def _overlaps(library: Library) -> Iterator[Fault]:
    """Two documents of one name must not be in force on one day."""
    for first, second in combinations(library.placed, 2):
        if _overlap(first.profile, second.profile):
            yield Fault(
                file=second.file,
                line=second.document.line_of(("valid_from",)),
                what=f"is in force on the same days as {first.file}; end one of them with "
                "valid_until, or begin the other later",
            )


def _overlap(first: Profile, second: Profile) -> bool:
    one = (first.provider, first.service, first.level)
    if one != (second.provider, second.service, second.level):
        return False
    ends = min(first.valid_until or date.max, second.valid_until or date.max)
    return max(first.valid_from, second.valid_from) <= ends


def _missing(library: Library) -> Iterator[Fault]:
    """Every question of every schedule has a value or a stated silence."""
    shelf = library.shelf
    for placed in library.placed:
        profile = placed.profile
        if profile.level not in OWN_LEVELS:
            continue
        pin = shelf.pin(profile.provider, profile.service, profile.valid_from)
        for term in shelf.catalogue.for_service(profile.service):
            if not shelf.is_answered(pin, term):
                yield Fault(
                    file=placed.file,
                    line=placed.document.line_of(("terms",)),
                    what=f"'{term.name}' is not answered ({term.en}); give it a value, or list it "
                    "under silent or not_supplied",
                )


@dataclass(frozen=True)
class Seeds:
    """The texts themselves, by the number their file's name starts with."""

    folder: Path

    def faults(self, library: Library) -> Iterator[Fault]:
        for placed in library.placed:
            for name, entry in placed.profile.entries.items():
                for reading in entry.readings:
                    if reading.source.document is not None:
                        yield from self._look_up(placed, name, reading.source)

    def _look_up(self, placed: Placed, term: str, source: Source) -> Iterator[Fault]:
        what = self._why_not(source)
        if what is not None:
            line = placed.document.line_of(("terms", term))
            yield Fault(file=placed.file, line=line, what=f"{term}: {what}")

    def _why_not(self, source: Source) -> str | None:
        found = sorted(self.folder.glob(f"{source.document}_*"))
        if not found:
            return f"{self.folder} has no document {source.document}; check its number"
        lines = found[0].read_text("utf-8").split("\n")
        first, last = source.first_line or 0, source.last_line or 0
        if not first <= last <= len(lines) or last - first > _NEAR:
            return f"{source} is no place in {found[0].name}; check the lines"
        text = _plain(" ".join(lines[first - 1 : last]))
        for piece in (source.words or "").split("…"):
            if _plain(piece) not in text:
                return f"«{piece.strip()}» does not stand at {source}; open the text and correct it"
        return None


def _plain(text: str) -> str:
    """Without case, marks of emphasis, or the many kinds of space and apostrophe."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")
    return " ".join(re.sub(r"[*_]", "", folded).split())
