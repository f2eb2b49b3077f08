"""Evidence that nobody changed the record.

A leaf is the SHA-256 of one stored row, over the exact bytes that were stored. A seal lists, in the
order they were read, the positions it covers and their leaves; its root chains them to the seal
before, and is signed. Nothing here needs the database: who holds the rows, the seals and the public
key can check them.

`closed_upto` says: when this seal was made, no transaction that could still bring a position up to
this one was open. A row at or below it that no seal lists was therefore put there afterwards.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Protocol

from ledger.envelope import StoredEvent
from ledger.subscription import Checkpoint

LEAF_BYTES = 32
FIRST_PREVIOUS = bytes(32)


class Signer(Protocol):
    @property
    def key_id(self) -> str: ...

    def sign(self, content: bytes) -> bytes: ...

    def signed(self, content: bytes, signature: bytes, *, key_id: str) -> bool: ...


@dataclass(frozen=True, kw_only=True)
class Seal:
    number: int
    previous: bytes
    positions: tuple[int, ...]
    leaves: tuple[bytes, ...]
    closed_upto: int
    checkpoint: Checkpoint
    sealed_at: datetime
    root: bytes
    key_id: str
    signature: bytes


class FaultKind(Enum):
    """What verification can find, each with one sentence of meaning."""

    CHANGED = "changed"
    """A row no longer says what was sealed."""
    REMOVED = "removed"
    """A row that was sealed, or that its stream needs, is gone."""
    INSERTED = "inserted"
    """A row was put where nothing could be written any more."""
    REORDERED = "reordered"
    """A row stands at another place than the one it was sealed at."""
    SEAL_BROKEN = "seal broken"
    """A seal does not follow from what it lists and the seal before it."""
    SEAL_FORGED = "seal forged"
    """A seal is not signed by the key it names."""
    SEAL_REMOVED = "seal removed"
    """A seal is missing from the chain, or from its end."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    kind: FaultKind
    sentence: str
    position: int | None = None
    seal: int | None = None


def leaf_of(row: StoredEvent) -> bytes:
    """The row without its position, so that a moved row can be told from a changed one."""
    fields = [
        row.era,
        row.transaction,
        row.stream_id,
        row.version,
        row.type,
        row.schema,
        row.business_at.isoformat(),
        row.recorded_at.isoformat(),
        row.actor,
        row.cause,
        row.correlation,
        str(row.command_id),
        row.command_ordinal,
        row.fingerprint.hex(),
        row.data,
    ]
    return hashlib.sha256(json.dumps(fields, separators=(",", ":")).encode()).digest()


def root_of(seal: Seal) -> bytes:
    digest = hashlib.sha256(seal.previous)
    header = [
        seal.number,
        seal.closed_upto,
        [seal.checkpoint.era, seal.checkpoint.transaction, seal.checkpoint.position],
        seal.sealed_at.isoformat(),
        seal.key_id,
        list(seal.positions),
    ]
    digest.update(json.dumps(header, separators=(",", ":")).encode())
    for leaf in seal.leaves:
        digest.update(leaf)
    return digest.digest()


def make_seal(
    *,
    after: Seal | None,
    rows: Sequence[StoredEvent],
    checkpoint: Checkpoint,
    closed_upto: int,
    sealed_at: datetime,
    signer: Signer,
) -> Seal:
    unsigned = Seal(
        number=after.number + 1 if after else 1,
        previous=after.root if after else FIRST_PREVIOUS,
        positions=tuple(row.position for row in rows),
        leaves=tuple(leaf_of(row) for row in rows),
        closed_upto=closed_upto,
        checkpoint=checkpoint,
        sealed_at=sealed_at,
        root=b"",
        key_id=signer.key_id,
        signature=b"",
    )
    root = root_of(unsigned)
    return replace(unsigned, root=root, signature=signer.sign(root))


def check_chain(*, seal: Seal, after: Seal | None, signer: Signer) -> Iterator[Fault]:
    """The seal itself: its number, what it follows, its root, its signature."""
    expected_number = after.number + 1 if after else 1
    if seal.number != expected_number:
        missing = _numbers(expected_number, seal.number - 1)
        yield Fault(
            kind=FaultKind.SEAL_REMOVED,
            seal=expected_number,
            sentence=f"{missing} missing from the chain before seal {seal.number}",
        )
    elif seal.previous != (after.root if after else FIRST_PREVIOUS):
        yield Fault(
            kind=FaultKind.SEAL_BROKEN,
            seal=seal.number,
            sentence=f"seal {seal.number} does not follow from the root of the seal before it",
        )
    if root_of(seal) != seal.root or len(seal.positions) != len(seal.leaves):
        yield Fault(
            kind=FaultKind.SEAL_BROKEN,
            seal=seal.number,
            sentence=f"seal {seal.number} has a root that does not follow from what it lists",
        )
    if not signer.signed(seal.root, seal.signature, key_id=seal.key_id):
        yield Fault(
            kind=FaultKind.SEAL_FORGED,
            seal=seal.number,
            sentence=f"seal {seal.number} is not signed by the key it names, {seal.key_id}; "
            "verify with the key that was in use when it was made",
        )
    yield from _late_positions(seal, after)


def _late_positions(seal: Seal, after: Seal | None) -> Iterator[Fault]:
    for position in seal.positions:
        if after and position <= after.closed_upto:
            yield Fault(
                kind=FaultKind.INSERTED,
                position=position,
                seal=seal.number,
                sentence=f"row {position} was inserted after seal {after.number} had closed "
                f"everything up to {after.closed_upto}",
            )


def _numbers(first: int, last: int) -> str:
    return f"seal {first} is" if first == last else f"seals {first} to {last} are"


def check_rows(seal: Seal, rows: Mapping[int, StoredEvent]) -> Iterator[Fault]:
    """The rows a seal covers, each against its leaf, in the order they were sealed."""
    sealed_at_leaf = dict(zip(seal.leaves, seal.positions, strict=False))
    for position, leaf in zip(seal.positions, seal.leaves, strict=False):
        row = rows.get(position)
        if row is None:
            yield Fault(
                kind=FaultKind.REMOVED,
                position=position,
                seal=seal.number,
                sentence=f"row {position}, covered by seal {seal.number}, was removed",
            )
            continue
        actual = leaf_of(row)
        if actual != leaf:
            yield _changed(row, seal, home=sealed_at_leaf.get(actual))


def _changed(row: StoredEvent, seal: Seal, *, home: int | None) -> Fault:
    where = f"row {row.position} ({row.stream_id} version {row.version})"
    if home is not None:
        return Fault(
            kind=FaultKind.REORDERED,
            position=row.position,
            seal=seal.number,
            sentence=f"{where} was sealed at position {home} by seal {seal.number}",
        )
    return Fault(
        kind=FaultKind.CHANGED,
        position=row.position,
        seal=seal.number,
        sentence=f"{where} was changed after seal {seal.number} covered it",
    )


def check_unsealed(*, unsealed: Sequence[Checkpoint], last: Seal | None) -> Iterator[Fault]:
    """Rows no seal lists: the tail that is not sealed yet, or rows put in where none could come.

    A seal reads in order: whatever stands before the place it had reached was listed by then.
    """
    for place in unsealed:
        if last and (place.position <= last.closed_upto or place <= last.checkpoint):
            yield Fault(
                kind=FaultKind.INSERTED,
                position=place.position,
                sentence=f"row {place.position} was inserted: no seal lists it, and seal "
                f"{last.number} had read everything before its place",
            )


def check_anchor(
    *, number: int, root: bytes, find: Callable[[int], Seal | None]
) -> Iterator[Fault]:
    """A seal's number and root kept elsewhere: the only defence against a chain cut at its end."""
    seal = find(number)
    if seal is None:
        yield Fault(
            kind=FaultKind.SEAL_REMOVED,
            seal=number,
            sentence=f"seal {number}, known from its anchor, is missing from the ledger",
        )
    elif seal.root != root:
        yield Fault(
            kind=FaultKind.SEAL_BROKEN,
            seal=number,
            sentence=f"seal {number} has another root than the one anchored",
        )
