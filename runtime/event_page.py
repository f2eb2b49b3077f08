"""docs/events.md: every type of event others are told, with what it means and what it carries."""

from collections.abc import Iterator, Mapping
from typing import Any

from projections.publications import CATALOGUE, Publication

_INTRODUCTION = """# What others are told

Made by `raccord events page`; change `projections/publications.py`, not this page.
`GET /event-types` has the same with JSON schemas.
[integrating.md](integrating.md) shows how to be told.
A published type is only ever given fields that may be missing.
Anything else is a new version beside the old one.
Nothing personal is among it: whoever needs that reads the order.

Around every event:

"""

Schema = Mapping[str, Any]


def event_page() -> str:
    parts = [_INTRODUCTION + _fields(Publication.model_json_schema())]
    for kind in CATALOGUE:
        title = f"## {kind.TYPE}, version {kind.VERSION}\n\n{kind.MEANING}\n"
        fields = _fields(kind.model_json_schema())
        parts.append(f"{title}\n{fields}" if fields else title)
    return "\n".join(parts)


def _fields(schema: Schema) -> str:
    rows = [f"| `{name}` | {_kind(field, schema)} |" for name, field in _properties(schema)]
    return "\n".join(("| field | |", "|---|---|", *rows, "")) if rows else ""


def _properties(schema: Schema) -> Iterator[tuple[str, Schema]]:
    yield from schema.get("properties", {}).items()


def _kind(field: Schema, schema: Schema) -> str:
    """In words: a kind of value, or one of those there are."""
    if "$ref" in field:
        return _kind(schema["$defs"][field["$ref"].rsplit("/", 1)[1]], schema)
    if "anyOf" in field:
        kinds = dict.fromkeys(_kind(one, schema) for one in field["anyOf"])
        return " or ".join(kind for kind in kinds if kind != "null") + (
            ", or nothing" if "null" in kinds else ""
        )
    if words := (field.get("enum") or [field[name] for name in ("const",) if name in field]):
        return ", ".join(f"`{word}`" for word in words)
    if field.get("type") == "array":
        return f"list of {_kind(field.get('items', {}), schema)}"
    if field.get("type") == "object" and field.get("properties"):
        return "{" + ", ".join(name for name, _ in _properties(field)) + "}"
    return str(field.get("format") or field.get("type") or "any")
