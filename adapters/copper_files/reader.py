"""Closures of copper from files; every fault with its file and line."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from adapters.yaml_lines import Document, Fault, UnreadableYamlError, read_yaml
from domain.copper_checks import copper_faults
from domain.copper_closures import Closures, CopperFile


@dataclass(frozen=True, kw_only=True)
class CopperFolder:
    """Every closure that could be read, and every fault of the files."""

    closures: Closures
    faults: tuple[Fault, ...]


def read_closures(*folders: Path) -> CopperFolder:
    """A file of a later folder stands in place of one of the same name in an earlier folder."""
    paths = {path.name: path for folder in folders for path in sorted(folder.glob("*.y*ml"))}
    faults: list[Fault] = []
    documents: dict[str, Document] = {}
    files: dict[str, CopperFile] = {}
    for name, path in paths.items():
        document = _document(path, faults)
        file = None if document is None else _file(name, document, faults)
        if document is not None and file is not None:
            documents[name], files[name] = document, file
    for name, place, what in copper_faults(files):
        faults.append(Fault(file=name, line=documents[name].line_of(place), what=what))
    return CopperFolder(closures=_all(files), faults=tuple(faults))


def _document(path: Path, faults: list[Fault]) -> Document | None:
    try:
        return read_yaml(path, name=path.name)
    except UnreadableYamlError as exc:
        faults.append(exc.fault)
        return None


def _file(name: str, document: Document, faults: list[Fault]) -> CopperFile | None:
    try:
        return CopperFile.model_validate(document.content)
    except ValidationError as exc:
        faults.extend(_of_the_shape(exc, name, document))
        return None


def _of_the_shape(exc: ValidationError, file: str, document: Document) -> Iterator[Fault]:
    for error in exc.errors():
        where = tuple(error["loc"])
        if not where:
            what = "is no file of closures; write version and closures, as in the one shipped"
            yield Fault(file=file, line=1, what=what)
            continue
        field = ".".join(str(part) for part in where)
        message = error["msg"].removeprefix("Value error, ")
        yield Fault(file=file, line=document.line_of(where), what=f"{field}: {message}")


def _all(files: dict[str, CopperFile]) -> Closures:
    return Closures(
        closures=tuple(one for file in files.values() for one in file.closures),
        exceptions=tuple(one for file in files.values() for one in file.exceptions),
        postponements=tuple(one for file in files.values() for one in file.postponements),
    )
