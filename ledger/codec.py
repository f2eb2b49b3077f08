"""Between events and the exact text the ledger stores."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from domain.event import Command, Event
from domain.identity import StreamId, SubjectId
from ledger.catalogue import EventCatalogue
from ledger.envelope import Envelope, StoredEvent
from ledger.sealing import KeyedHash, SubjectCipher, SubjectKeys

SEALED = '"sealed"'
"""Stands in every stored text that holds personal data."""


@dataclass(frozen=True, kw_only=True)
class PersonalDigest:
    """A personal value as it can be looked for: its keyed hash, and whose it is."""

    digest: bytes
    subject: SubjectId


@dataclass(frozen=True, kw_only=True)
class EncodedEvent:
    stream_id: StreamId
    type: str
    schema: int
    data: str
    personal: tuple[PersonalDigest, ...] = ()


def personal_values(model: BaseModel) -> tuple[tuple[SubjectId, str], ...]:
    """The personal data a model holds, found by serialising it into nothing."""
    found: list[tuple[SubjectId, str]] = []

    def note(subject: SubjectId, text: str) -> str:
        found.append((subject, text))
        return ""

    model.model_dump_json(context={"seal": note})
    return tuple(found)


def subjects_in(model: BaseModel) -> frozenset[SubjectId]:
    return frozenset(subject for subject, _ in personal_values(model))


def sealed_text(model: BaseModel, ciphers: Mapping[SubjectId, SubjectCipher]) -> str:
    def seal(subject: SubjectId, text: str) -> str:
        return ciphers[subject].seal(text)

    return model.model_dump_json(context={"seal": seal})


def unsealing_context(ciphers: Mapping[SubjectId, SubjectCipher]) -> dict[str, Any]:
    def unseal(subject: SubjectId, sealed: str) -> str | None:
        cipher = ciphers.get(subject)
        return cipher.unseal(sealed) if cipher and sealed else None

    return {"unseal": unseal}


def subjects_in_text(text: str) -> frozenset[SubjectId]:
    """Whose keys are needed to read a stored text; nothing is parsed when nothing is sealed."""
    return frozenset(_sealed_subjects(json.loads(text))) if SEALED in text else frozenset()


def _sealed_subjects(node: Any) -> Iterator[SubjectId]:  # noqa: ANN401  any JSON value
    if isinstance(node, dict):
        if set(node) == {"subject", "sealed"}:
            yield SubjectId(node["subject"])
        for child in node.values():
            yield from _sealed_subjects(child)
    elif isinstance(node, list):
        for child in node:
            yield from _sealed_subjects(child)


def command_fingerprint(command: Command, keyed_hash: KeyedHash) -> bytes:
    """Tells a repeat from another payload under the same id. Keyed: it cannot be guessed back."""
    plain = command.model_dump_json(
        exclude={"decided_at"}, context={"seal": lambda _subject, text: text}
    )
    content = f"{type(command).__name__}\x1f{plain}".encode()
    return keyed_hash.digest(purpose="command", content=content)


class EventCodec:
    """Encodes and decodes batches, asking for each batch's keys once."""

    def __init__(
        self, *, catalogue: EventCatalogue, keys: SubjectKeys, keyed_hash: KeyedHash
    ) -> None:
        self._catalogue = catalogue
        self._keys = keys
        self._hash = keyed_hash

    def personal_digest(self, value: str) -> bytes:
        """The same for a value however it is spaced or capitalised."""
        content = " ".join(value.split()).casefold().encode()
        return self._hash.digest(purpose="personal", content=content)

    async def encode(self, events: Sequence[tuple[StreamId, Event]]) -> tuple[EncodedEvent, ...]:
        ciphers = await self._ciphers_for(events)
        return tuple(self._encoded(stream_id, event, ciphers) for stream_id, event in events)

    async def _ciphers_for(
        self, events: Sequence[tuple[StreamId, Event]]
    ) -> Mapping[SubjectId, SubjectCipher]:
        subjects = {
            subject
            for _, event in events
            if self._catalogue.of(event).holds_personal_data
            for subject in subjects_in(event)
        }
        return await self._keys.for_writing(subjects) if subjects else {}

    def _encoded(
        self, stream_id: StreamId, event: Event, ciphers: Mapping[SubjectId, SubjectCipher]
    ) -> EncodedEvent:
        kind = self._catalogue.of(event)
        return EncodedEvent(
            stream_id=stream_id,
            type=kind.name,
            schema=kind.schema,
            data=sealed_text(event, ciphers),
            personal=self._digests(event) if kind.holds_personal_data else (),
        )

    def _digests(self, event: Event) -> tuple[PersonalDigest, ...]:
        return tuple(
            PersonalDigest(digest=self.personal_digest(text), subject=subject)
            for subject, text in personal_values(event)
        )

    async def decode(self, rows: Sequence[StoredEvent]) -> tuple[Envelope, ...]:
        subjects = frozenset[SubjectId]().union(*(subjects_in_text(row.data) for row in rows))
        context = unsealing_context(await self._keys.for_reading(subjects) if subjects else {})
        return tuple(self._decoded(row, context) for row in rows)

    def recognise(self, rows: Sequence[StoredEvent]) -> None:
        """UnknownEventError for a row of another version, without decoding any."""
        for row in rows:
            self._catalogue.named(row.type, schema=row.schema)

    def _decoded(self, row: StoredEvent, context: dict[str, Any]) -> Envelope:
        kind = self._catalogue.named(row.type, schema=row.schema)
        if row.schema == kind.schema:
            event = kind.event.model_validate_json(row.data, context=context)
        else:
            data = kind.upcast(json.loads(row.data), schema=row.schema)
            event = kind.event.model_validate_json(json.dumps(data), context=context)
        return Envelope(
            position=row.position,
            stream_id=row.stream_id,
            version=row.version,
            business_at=row.business_at,
            recorded_at=row.recorded_at,
            actor=row.actor,
            cause=row.cause,
            correlation=row.correlation,
            command_id=row.command_id,
            fingerprint=row.fingerprint,
            event=event,
        )
