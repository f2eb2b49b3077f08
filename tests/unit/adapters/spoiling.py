"""Payloads with one thing wrong: whatever reads them says so."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

Where = tuple[str | int, ...]


def leaves(node: Any, at: Where = ()) -> Iterator[Where]:  # noqa: ANN401  any JSON
    """The way to each value that holds no other."""
    if isinstance(node, dict):
        for name, one in node.items():
            yield from leaves(one, (*at, name))
    elif isinstance(node, list):
        for number, one in enumerate(node):
            yield from leaves(one, (*at, number))
    else:
        yield at


def replaced(node: Any, where: Where, value: Any) -> Any:  # noqa: ANN401  any JSON
    spoilt = deepcopy(node)
    _holder(spoilt, where)[where[-1]] = value
    return spoilt


def without(node: Any, where: Where) -> Any:  # noqa: ANN401  any JSON
    spoilt = deepcopy(node)
    del _holder(spoilt, where)[where[-1]]
    return spoilt


def _holder(node: Any, where: Where) -> Any:  # noqa: ANN401  any JSON
    for part in where[:-1]:
        node = node[part]
    return node
