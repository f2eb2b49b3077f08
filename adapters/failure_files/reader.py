"""Failure policies from files, one for each operator; every fault with its file and line."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from adapters.yaml_lines import Document, Fault, UnreadableYamlError, read_yaml
from domain.failure_checks import OPERATORS, faults_of
from domain.failure_policy import FailurePolicy


@dataclass(frozen=True, kw_only=True)
class Policies:
    """Every policy that could be read, and every fault of the folder."""

    kept: dict[str, FailurePolicy]
    faults: tuple[Fault, ...]


def read_policies(*folders: Path) -> Policies:
    """What a later folder has of an operator stands in place of what an earlier one has."""
    files = {path.name: path for folder in folders for path in sorted(folder.glob("*.y*ml"))}
    kept: dict[str, FailurePolicy] = {}
    faults: list[Fault] = []
    for path in files.values():
        policy = _read(path, faults)
        if policy is not None:
            kept[policy.operator] = policy
    for operator in OPERATORS:
        if f"{operator}.yaml" not in files:
            what = "is not there; every operator has a policy, if only its last row"
            faults.append(Fault(file=f"{operator}.yaml", line=1, what=what))
    return Policies(kept=kept, faults=tuple(faults))


def _read(path: Path, faults: list[Fault]) -> FailurePolicy | None:
    try:
        document = read_yaml(path, name=path.name)
    except UnreadableYamlError as exc:
        faults.append(exc.fault)
        return None
    try:
        policy = FailurePolicy.model_validate(document.content)
    except ValidationError as exc:
        faults.extend(_of_the_shape(exc, path.name, document))
        return None
    faults.extend(_of_the_rows(policy, path, document))
    return policy


def _of_the_shape(exc: ValidationError, file: str, document: Document) -> Iterator[Fault]:
    for error in exc.errors():
        where = tuple(error["loc"])
        if not where:
            what = "is no policy; write operator, version and rows, as in a file that is shipped"
            yield Fault(file=file, line=1, what=what)
            continue
        field = ".".join(str(part) for part in where)
        message = error["msg"].removeprefix("Value error, ")
        what = ": ".join(part for part in (field, message) if part)
        yield Fault(file=file, line=document.line_of(where), what=what)


def _of_the_rows(policy: FailurePolicy, path: Path, document: Document) -> Iterator[Fault]:
    if path.name != f"{policy.operator}.yaml":
        what = f"is named after another operator than its own; name it {policy.operator}.yaml"
        yield Fault(file=path.name, line=document.line_of(("operator",)), what=what)
    for place, what in faults_of(policy):
        where = ("rows",) if place is None else ("rows", place)
        yield Fault(file=path.name, line=document.line_of(where), what=what)
