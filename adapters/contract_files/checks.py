"""What a library of profiles must hold beyond each file's own shape."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

from adapters.contract_files.reader import TERMS_FOLDER, Library, Placed
from adapters.yaml_lines import Fault
from domain.contract_profiles import OWN_LEVELS, Level, Profile, Source
from domain.contract_resolution import EVERY
from domain.contract_terms import EXCHANGE, SERVICE_GROUPS

_NEAR = 40
"""Lines a source may span: a table or a clause, not a chapter. A default of ours."""


def faults_of(library: Library, *, today: date) -> tuple[Fault, ...]:
    return (
        *library.faults,
        *_nothing_there(library),
        *_misplaced(library, today),
        *_overlaps(library),
        *_missing(library),
    )


def _nothing_there(library: Library) -> Iterator[Fault]:
    if not library.catalogue.terms:
        yield Fault(file=TERMS_FOLDER, line=1, what="holds no question; copy the folder shipped")
    if not library.shelf.providers() and not library.faults:
        yield Fault(file=".", line=1, what="no provider has a schedule; give one level "
                    "service-schedule")  # fmt: skip
    services = {service for known in library.shelf.providers().values() for service in known}
    known = {*services, *SERVICE_GROUPS, EVERY, EXCHANGE}
    for term in library.catalogue.terms.values() if services else ():
        for stranger in set(term.services) - known:
            what = (
                f"'{term.name}' is asked of {stranger}, which nobody offers; correct its services"
            )
            yield Fault(file=TERMS_FOLDER, line=1, what=what)


def _misplaced(library: Library, today: date) -> Iterator[Fault]:
    """A profile stands in its provider's folder, and nobody signs tomorrow."""
    schedules = library.shelf.providers()
    for placed in library.placed:
        profile, head = placed.profile, placed.document
        if profile.level is Level.ORDER_FORM:
            what = "an order form belongs to one order; pass it with --order-form instead"
            yield Fault(file=placed.file, line=head.line_of(("level",)), what=what)
        if Path(placed.file).parent.name != profile.provider:
            what = f"stands in another folder than {profile.provider}'s; move it, or correct it"
            yield Fault(file=placed.file, line=head.line_of(("provider",)), what=what)
        if profile.level is Level.GENERAL_TERMS and profile.provider not in schedules:
            what = f"{profile.provider} has general terms and no schedule; write one"
            yield Fault(file=placed.file, line=head.line_of(("level",)), what=what)
        for name, entry in profile.entries.items():
            if entry.signed is not None and entry.signed.on > today:
                what = f"{name}: signed on {entry.signed.on}, which is yet to come; correct it"
                yield Fault(file=placed.file, line=head.line_of(("terms", name)), what=what)


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
    """Every question of every schedule has a value or a stated silence, on every day it holds."""
    shelf = library.shelf
    for placed in library.placed:
        if placed.profile.level not in OWN_LEVELS:
            continue
        told = set()
        for day in _days_of_change(library, placed.profile):
            pin = shelf.pin(placed.profile.provider, placed.profile.service, day)
            for term in shelf.catalogue.for_service(placed.profile.service):
                if term.name not in told and not shelf.is_answered(pin, term):
                    told.add(term.name)
                    yield Fault(
                        file=placed.file,
                        line=placed.document.line_of(("terms",)),
                        what=f"'{term.name}' is not answered on {day} ({term.en}); give it a "
                        "value, or list it under silent or not_supplied",
                    )


def _days_of_change(library: Library, profile: Profile) -> list[date]:
    """The days within a schedule's time on which any document begins, or has just ended."""
    ends = profile.valid_until or date.max
    changes = {profile.valid_from}
    for placed in library.placed:
        changes.add(placed.profile.valid_from)
        if placed.profile.valid_until is not None:
            changes.add(placed.profile.valid_until + timedelta(days=1))
    return sorted(day for day in changes if profile.valid_from <= day <= ends)


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
        found = self._text_of(source.document or "")
        if isinstance(found, str):
            return found
        name, lines = found
        first, last = source.first_line or 0, source.last_line or 0
        if not first <= last <= len(lines) or last - first > _NEAR:
            return f"{source} is no place in {name}; check the lines"
        text, reached = _plain(" ".join(lines[first - 1 : last])), 0
        for piece in (source.words or "").split("…"):
            match = _whole_words(piece).search(text, reached)
            if match is None:
                return f"«{piece.strip()}» does not stand at {source}; open the text and correct it"
            reached = match.end()
        return None

    def _text_of(self, document: str) -> tuple[str, list[str]] | str:
        found = sorted(f for f in self.folder.iterdir() if f.name.startswith(f"{document}_"))
        if not found:
            return f"{self.folder} has no document {document}; check its number"
        try:
            return found[0].name, found[0].read_text("utf-8").split("\n")
        except (OSError, UnicodeDecodeError):
            return f"{found[0].name} cannot be read as UTF-8 text; save it as such"


def _whole_words(piece: str) -> re.Pattern[str]:
    """The words of a piece, whole: «20» is not found in «2023»."""
    plain = re.escape(_plain(piece))
    starts = r"(?<!\w)" if plain[:1].isalnum() else ""
    ends = r"(?!\w)" if plain[-1:].isalnum() else ""
    return re.compile(f"{starts}{plain}{ends}" if plain else r"(?!)")


def _plain(text: str) -> str:
    """Without case, marks of emphasis, or the many kinds of space and apostrophe."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")
    return " ".join(re.sub(r"[*_]", "", folded).split())
