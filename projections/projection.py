"""What a projection is: a name, the streams it has a document of each for, and a pure fold."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Generic, TypeVar

from pydantic import BaseModel

from ledger.envelope import Envelope


class ProjectionAheadError(Exception):
    """An event came before the one it follows: the order of reading is broken, nothing is saved."""

    def __init__(self, *, key: str, version: int, event_version: int) -> None:
        super().__init__(
            f"document {key} stands at version {version} and was given version {event_version}; "
            "rebuild the projection with 'raccord projections rebuild'"
        )


DocumentT = TypeVar("DocumentT", bound=BaseModel)


@dataclass(frozen=True, kw_only=True)
class Projection(Generic[DocumentT]):
    """`evolve` leaves a document alone when the event is none of its business."""

    name: str
    kind: str
    """Of the streams it reads: each has a document, under the stream's own identity."""
    document: type[DocumentT]
    version_of: Callable[[DocumentT], int]
    evolve: Callable[[DocumentT | None, Envelope], DocumentT | None]
    brief: type[BaseModel] | None = None
    brief_of: Callable[[DocumentT], BaseModel] | None = None
    """What lists read of a document, kept beside it. Nothing personal."""

    def key_of(self, envelope: Envelope) -> str | None:
        """Whose document a fact belongs to; None for one of another kind of stream."""
        found, _, identity = envelope.stream_id.partition("/")
        return identity if found == self.kind else None

    @cached_property
    def stored_as(self) -> str:
        """Documents of another shape are other documents: a new version makes its own."""
        shapes = [self.document, *(() if self.brief is None else (self.brief,))]
        shape = "".join(json.dumps(one.model_json_schema(), sort_keys=True) for one in shapes)
        return f"{self.name}@{sha256(shape.encode()).hexdigest()[:12]}"


def keys_of(projection: Projection[DocumentT], envelopes: Iterable[Envelope]) -> frozenset[str]:
    return frozenset(key for e in envelopes if (key := projection.key_of(e)) is not None)


def fold(
    projection: Projection[DocumentT],
    documents: Mapping[str, DocumentT],
    envelopes: Iterable[Envelope],
) -> dict[str, DocumentT]:
    """The documents a batch changed. Behind: seen before, skipped. Ahead: an error by name."""
    changed: dict[str, DocumentT] = {}
    for envelope in envelopes:
        key = projection.key_of(envelope)
        if key is None:
            continue
        before = changed.get(key) or documents.get(key)
        version = projection.version_of(before) if before else 0
        if envelope.version <= version:
            continue
        if envelope.version > version + 1:
            raise ProjectionAheadError(key=key, version=version, event_version=envelope.version)
        after = projection.evolve(before, envelope)
        if after is not None:
            changed[key] = after
    return changed
