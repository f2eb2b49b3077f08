"""Contract profiles from files: read, checked whole, every fault with its file and line.

An entry is a value of its term's kind and the place it comes from, side by side:

    port-in.cancellation-window: {amount: 2, unit: ouvre, anchor: port-day, direction: before,
        at: 145, words: "2 jours ouvrés"}

or several `readings` of them, one `in_force`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from adapters.yaml_lines import (
    Document,
    Fault,
    Path_,
    UnreadableYamlError,
    read_yaml,
)
from domain.contract_profiles import Entry, Profile, Reading, Source
from domain.contract_resolution import Shelf
from domain.contract_terms import Catalogue, Term
from domain.contract_values import VALUE_TYPES

TERMS_FOLDER = "terms"
_PLACE = re.compile(r"(?:([0-9A-Za-z-]+):)?([0-9]+)(?:-([0-9]+))?")
_SOURCE_KEYS = ("at", "words", "law", "exchange", "ours")
_ENTRY_KEYS = ("in_force", "because", "needs_sign_off", "signed", "mandatory", "note")
_HEAD_KEYS = ("provider", "service", "level", "version", "valid_from", "valid_until", "title")
_OTHER_KEYS = ("document", "silent", "not_supplied", "terms")


Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A profile and the file it came from, for faults found later."""

    profile: Profile
    file: str
    document: Document


@dataclass(frozen=True, kw_only=True)
class Library:
    """Every profile of a folder that could be read, and every fault of the others."""

    catalogue: Catalogue
    placed: tuple[Placed, ...]
    faults: tuple[Fault, ...]

    @property
    def shelf(self) -> Shelf:
        return Shelf(self.catalogue, tuple(one.profile for one in self.placed))


def read_library(folder: Path) -> Library:
    faults: list[Fault] = []
    catalogue = _catalogue(folder / TERMS_FOLDER, faults)
    placed = []
    for path in sorted(folder.rglob("*.y*ml")):
        name = str(path.relative_to(folder))
        if path.suffix != ".yaml" or path.parent.parent != folder:
            what = "is not read there; name it <provider>/<service>.yaml"
            faults.append(Fault(file=name, line=1, what=what))
        elif path.parent.name != TERMS_FOLDER:
            found = _profile(path, name, catalogue, faults)
            if found is not None:
                placed.append(found)
    return Library(catalogue=catalogue, placed=tuple(placed), faults=tuple(faults))


def read_order_form(path: Path, catalogue: Catalogue) -> tuple[Profile | None, tuple[Fault, ...]]:
    """One order's own document, outside any library."""
    faults: list[Fault] = []
    placed = _profile(path, path.name, catalogue, faults)
    return (None if placed is None else placed.profile), tuple(faults)


def _catalogue(folder: Path, faults: list[Fault]) -> Catalogue:
    terms: dict[str, Term] = {}
    for path in sorted(folder.glob("*.yaml")):
        file = f"{TERMS_FOLDER}/{path.name}"
        try:
            document = read_yaml(path, name=file)
        except UnreadableYamlError as exc:
            faults.append(exc.fault)
            continue
        for name, facts in _mapping(document.content).items():
            if name in terms:
                line = document.line_of((name,))
                faults.append(Fault(file=file, line=line, what=f"'{name}' comes twice; keep one"))
            try:
                terms[name] = Term.model_validate({**_mapping(facts), "name": name})
            except ValidationError as exc:
                faults.extend(_faults(exc, file, document, (name,)))
    return Catalogue(terms)


def _profile(path: Path, name: str, catalogue: Catalogue, faults: list[Fault]) -> Placed | None:
    try:
        document = read_yaml(path, name=name)
    except UnreadableYamlError as exc:
        faults.append(exc.fault)
        return None
    reading = _ProfileReading(name, document, catalogue)
    profile = reading.profile()
    faults.extend(reading.faults)
    return None if profile is None else Placed(profile=profile, file=name, document=document)


class _ProfileReading:
    """One file on its way to a profile, gathering what is wrong with it."""

    def __init__(self, file: str, document: Document, catalogue: Catalogue) -> None:
        self._file = file
        self._document = document
        self._catalogue = catalogue
        self._head = _mapping(document.content)
        self.faults: list[Fault] = []

    def profile(self) -> Profile | None:
        for key in self._head:
            if key not in (*_HEAD_KEYS, *_OTHER_KEYS):
                known = ", ".join((*_HEAD_KEYS, *_OTHER_KEYS))
                self._fault((key,), f"'{key}' is no part of a profile; write one of {known}")
        entries = dict(self._entries())
        silent = tuple(self._names("silent", entries))
        not_supplied = tuple(self._names("not_supplied", entries))
        head = {key: self._head[key] for key in _HEAD_KEYS if key in self._head}
        try:
            return Profile.model_validate(
                {**head, "entries": entries, "silent": silent, "not_supplied": not_supplied}
            )
        except ValidationError as exc:
            self.faults.extend(_faults(exc, self._file, self._document, ()))
            return None

    def _fault(self, path: Path_, what: str) -> None:
        line = self._document.line_of(path)
        self.faults.append(Fault(file=self._file, line=line, what=what))

    def _names(self, key: str, entries: Mapping[str, Entry]) -> Iterator[str]:
        names = self._head.get(key) or []
        for place, name in enumerate(names if isinstance(names, list) else [names]):
            if self._term(str(name), (key, place)) is None:
                continue
            if name in entries:
                self._fault((key, place), f"'{name}' has a value and is said to be {key}; keep one")
            else:
                yield name

    def _term(self, name: str, path: Path_) -> Term | None:
        term = self._catalogue.terms.get(name)
        service = str(self._head.get("service"))
        if term is None:
            self._fault(path, f"no process asks '{name}'; see {TERMS_FOLDER}/ for the questions")
        elif service != "every" and not term.is_for(service):
            self._fault(path, f"'{name}' is not asked of {service}; take it out")
            return None
        return term

    def _entries(self) -> Iterator[tuple[str, Entry]]:
        for name, facts in _mapping(self._head.get("terms")).items():
            term = self._term(name, ("terms", name))
            if term is None:
                continue
            entry = self._entry(term, _mapping(facts), ("terms", name))
            if entry is not None:
                yield name, entry

    def _entry(self, term: Term, facts: dict[str, Any], path: Path_) -> Entry | None:
        about = {key: facts.pop(key) for key in _ENTRY_KEYS if key in facts}
        if "readings" in facts:
            listed = facts.pop("readings")
            items = listed if isinstance(listed, list) else []
            if facts or not items:
                self._fault(path, _beside(path[-1], facts))
                return None
            readings = [
                self._reading(term, _mapping(item), (*path, "readings", place))
                for place, item in enumerate(items)
            ]
        else:
            if "in_force" in about:
                self._fault(path, f"{path[-1]}: in_force goes with readings; take it out")
                return None
            readings = [self._reading(term, {"name": "only", **facts}, path)]
            about["in_force"] = "only"
        if any(reading is None for reading in readings):
            return None
        return self._validated(Entry, {"readings": readings, **about}, path)

    def _reading(self, term: Term, facts: dict[str, Any], path: Path_) -> Reading | None:
        name = facts.pop("name", None)
        source = self._source({k: facts.pop(k) for k in _SOURCE_KEYS if k in facts}, path)
        value = self._validated(VALUE_TYPES[term.kind], facts, path)
        if source is None or value is None:
            return None
        strangers = term.strangers(value)
        if strangers:
            self._fault(
                path, f"{', '.join(strangers)} is no answer; write one of {', '.join(term.of)}"
            )
            return None
        return self._validated(Reading, {"name": name, "value": value, "source": source}, path)

    def _source(self, facts: dict[str, Any], path: Path_) -> Source | None:
        place = facts.pop("at", None)
        if place is not None:
            match = _PLACE.fullmatch(str(place))
            document = match and (match[1] or self._head.get("document"))
            if match is None or document is None:
                self._fault(path, f"'{place}' is no place; write at: 145, 145-147 or document:145")
                return None
            facts |= {
                "document": document,
                "first_line": match[2],
                "last_line": match[3] or match[2],
            }
        return self._validated(Source, facts, path)

    def _validated(self, model: type[Model], facts: object, path: Path_) -> Model | None:
        try:
            return model.model_validate(facts)
        except ValidationError as exc:
            self.faults.extend(_faults(exc, self._file, self._document, path))
            return None


def _beside(name: object, facts: dict[str, Any]) -> str:
    if not facts:
        return f"{name}: readings is a list of readings, each with a name; write at least one"
    strangers = ", ".join(facts)
    known = ", ".join(_ENTRY_KEYS)
    return f"{name}: {strangers} cannot stand beside readings; move it into one, or write {known}"


def _mapping(raw: object) -> dict[str, Any]:
    return dict(raw) if isinstance(raw, dict) else {}


def _faults(exc: ValidationError, file: str, document: Document, path: Path_) -> Iterator[Fault]:
    for error in exc.errors():
        where = tuple(error["loc"])
        field = ".".join(str(part) for part in where)
        name = ".".join(str(part) for part in path if part != "terms")
        message = error["msg"].removeprefix("Value error, ")
        what = ": ".join(part for part in (name, field, message) if part)
        yield Fault(file=file, line=document.line_of((*path, *where)), what=what)
