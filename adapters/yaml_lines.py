"""YAML with line numbers; every scalar is a string, so `no`, 08:30 and 1.10 stay as written."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_DEEPEST = 12
"""Twice as deep as any profile goes. A default of ours."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The quick one where it was built; both tell the same lines."""

Path_ = tuple[str | int, ...]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What is wrong, where, and what to do."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}"


@dataclass(frozen=True)
class Document:
    """The content of a file, and the line each of its parts starts at."""

    content: Any
    lines: dict[Path_, int]

    def line_of(self, path: Path_) -> int:
        """The line of a part, or of the nearest one that holds it."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)


class UnreadableYamlError(ValueError):
    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(str(fault))


def read_yaml(path: Path, *, name: str) -> Document:
    try:
        node = yaml.compose(path.read_text("utf-8"), Loader=_LOADER)
        lines: dict[Path_, int] = {}
        content = None if node is None else _plain(node, (), lines, name)
    except yaml.MarkedYAMLError as exc:
        line = exc.problem_mark.line + 1 if exc.problem_mark else 1
        raise UnreadableYamlError(
            Fault(file=name, line=line, what=f"{exc.problem}; correct the YAML there")
        ) from exc
    except yaml.YAMLError as exc:
        what = f"{str(exc).splitlines()[0]}; save it as plain UTF-8 text"
        raise UnreadableYamlError(Fault(file=name, line=1, what=what)) from exc
    except RecursionError as exc:
        raise UnreadableYamlError(_too_deep(name, 1)) from exc
    except UnicodeDecodeError as exc:
        raise UnreadableYamlError(
            Fault(file=name, line=1, what="is not UTF-8 text; save it as such")
        ) from exc
    except OSError as exc:
        raise UnreadableYamlError(
            Fault(file=name, line=1, what=f"cannot be read ({exc.strerror}); check what it is")
        ) from exc
    return Document(content=content, lines=lines)


def _too_deep(name: str, line: int) -> Fault:
    return Fault(file=name, line=line, what="is nested too deep; write it out, without aliases")


def _plain(node: yaml.Node, path: Path_, lines: dict[Path_, int], name: str) -> Any:  # noqa: ANN401  any YAML
    line = node.start_mark.line + 1
    if len(path) > _DEEPEST:
        raise UnreadableYamlError(_too_deep(name, line))
    lines[path] = line
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key, value in node.value:
            word = str(key.value)
            if word in found:
                line = key.start_mark.line + 1
                raise UnreadableYamlError(
                    Fault(file=name, line=line, what=f"'{word}' comes twice; keep one of them")
                )
            found[word] = _plain(value, (*path, word), lines, name)
            lines[(*path, word)] = key.start_mark.line + 1
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_plain(value, (*path, n), lines, name) for n, value in enumerate(node.value)]
    text = str(node.value)
    return None if text == "" and getattr(node, "style", None) in {None, ""} else text
