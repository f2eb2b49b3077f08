"""Every way to tamper with the record, each found and named."""

from dataclasses import replace

import pytest

from adapters.keys.secrets import Ed25519Signer
from ledger.envelope import StoredEvent, current_version
from ledger.seals import (
    Fault,
    FaultKind,
    Seal,
    check_anchor,
    check_chain,
    check_rows,
    check_unsealed,
    leaf_of,
    make_seal,
    root_of,
)
from ledger.subscription import Checkpoint
from tests.builders import NOON, stored

SIGNER = Ed25519Signer(b"s" * 32)


def _seal(*rows: StoredEvent, after: Seal | None = None, closed_upto: int = 0) -> Seal:
    return make_seal(
        after=after,
        rows=rows,
        checkpoint=_place(rows[-1].position, rows[-1].transaction),
        closed_upto=closed_upto,
        sealed_at=NOON,
        signer=SIGNER,
    )


def _place(position: int, transaction: int) -> Checkpoint:
    return Checkpoint(era=1, transaction=transaction, position=position)


def _resigned(seal: Seal) -> Seal:
    """What somebody with the signing key, and nobody else, could make of it."""
    root = root_of(seal)
    return replace(seal, root=root, signature=SIGNER.sign(root))


ROWS = {n: stored(n, version=n, data=f'{{"n":{n}}}') for n in (1, 2, 3)}
FIRST = _seal(ROWS[1], ROWS[2], closed_upto=2)
SECOND = _seal(ROWS[3], after=FIRST, closed_upto=3)


def _chain(seal: Seal, after: Seal | None = None) -> list[Fault]:
    return list(check_chain(seal=seal, after=after, signer=SIGNER))


def _kinds(faults: list[Fault]) -> list[FaultKind]:
    return [fault.kind for fault in faults]


def test_an_untouched_record_has_no_fault() -> None:
    assert _chain(FIRST) == _chain(SECOND, FIRST) == []
    assert list(check_rows(FIRST, ROWS)) == list(check_rows(SECOND, ROWS)) == []
    tail = [_place(4, 104), _place(5, 105)]
    assert list(check_unsealed(unsealed=tail, last=SECOND)) == []
    assert list(check_unsealed(unsealed=tail, last=None)) == []


@pytest.mark.parametrize(
    "change",
    [
        {"data": '{"n":9}'},
        {"actor": "somebody else"},
        {"business_at": NOON.replace(hour=13)},
        {"recorded_at": NOON.replace(hour=13)},
        {"cause": "invented"},
        {"version": 9},
        {"schema": 2},
        {"fingerprint": b"other"},
        {"transaction": 7},
        {"era": 2},
        {"command_ordinal": 2},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_row_is_named(change: dict[str, object]) -> None:
    changed = replace(ROWS[1], **change)  # type: ignore[arg-type]  # one field at a time

    (fault,) = check_rows(FIRST, {**ROWS, 1: changed})

    assert (fault.kind, fault.position, fault.seal) == (FaultKind.CHANGED, 1, 1)


def test_a_removed_row_is_named() -> None:
    (fault,) = check_rows(FIRST, {1: ROWS[1]})

    assert (fault.kind, fault.position) == (FaultKind.REMOVED, 2)


def test_rows_that_changed_places_are_named_as_such() -> None:
    swapped = {1: replace(ROWS[2], position=1), 2: replace(ROWS[1], position=2)}

    faults = list(check_rows(FIRST, swapped))

    assert _kinds(faults) == [FaultKind.REORDERED, FaultKind.REORDERED]
    assert "was sealed at position 2" in faults[0].sentence


def test_a_row_put_where_everything_was_closed_is_named() -> None:
    (fault,) = check_unsealed(unsealed=[_place(3, 105), _place(4, 104)], last=SECOND)

    assert (fault.kind, fault.position) == (FaultKind.INSERTED, 3)


def test_a_row_put_before_the_place_a_seal_had_reached_is_named() -> None:
    """With an old transaction number, it would never be read, and never be sealed."""
    (fault,) = check_unsealed(unsealed=[_place(9, 3), _place(10, 110)], last=SECOND)

    assert (fault.kind, fault.position) == (FaultKind.INSERTED, 9)


def test_a_late_row_that_was_sealed_all_the_same_is_named() -> None:
    late = _seal(stored(2, version=7), after=FIRST, closed_upto=2)

    assert _kinds(_chain(late, FIRST)) == [FaultKind.INSERTED]


@pytest.mark.parametrize(
    "change",
    [
        {"positions": (1, 3)},
        {"leaves": (leaf_of(ROWS[1]), leaf_of(ROWS[3]))},
        {"closed_upto": 1},
        {"checkpoint": Checkpoint(era=1, transaction=999_999, position=2)},
        {"leaves": ()},
        {"sealed_at": NOON.replace(hour=1)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_seal_that_lists_something_else_is_broken(change: dict[str, object]) -> None:
    broken = replace(FIRST, **change)  # type: ignore[arg-type]  # one field at a time

    assert _kinds(_chain(broken)) == [FaultKind.SEAL_BROKEN]
    assert all(fault.kind is not None for fault in check_rows(broken, ROWS))


def test_a_seal_rewritten_without_the_key_is_forged() -> None:
    rewritten = replace(FIRST, closed_upto=1)
    forged = replace(rewritten, root=root_of(rewritten))

    assert _kinds(_chain(forged)) == [FaultKind.SEAL_FORGED]


def test_a_seal_signed_by_another_key_is_forged() -> None:
    other = Ed25519Signer(b"o" * 32)
    signed = replace(FIRST, key_id=other.key_id)
    root = root_of(signed)

    faults = _chain(replace(signed, root=root, signature=other.sign(root)))

    assert _kinds(faults) == [FaultKind.SEAL_FORGED]
    assert other.key_id in faults[0].sentence


def test_a_chain_rewritten_with_the_key_no_longer_fits_its_anchor() -> None:
    rewritten = _resigned(replace(FIRST, closed_upto=1))

    assert _chain(rewritten) == []
    assert _kinds(_chain(SECOND, rewritten)) == [FaultKind.SEAL_BROKEN]
    faults = list(check_anchor(number=1, root=FIRST.root, find=lambda _: rewritten))
    assert _kinds(faults) == [FaultKind.SEAL_BROKEN]


def test_a_missing_seal_is_named_alone_and_among_others() -> None:
    third = _seal(stored(4, version=4), after=SECOND, closed_upto=4)

    (alone,) = _chain(third, FIRST)
    (several,) = _chain(third, None)

    assert alone.kind is FaultKind.SEAL_REMOVED
    assert "seal 2 is missing" in alone.sentence
    assert "seals 1 to 2 are missing" in several.sentence


def test_a_chain_cut_at_its_end_is_found_by_its_anchor() -> None:
    (fault,) = check_anchor(number=2, root=SECOND.root, find=lambda _: None)

    assert fault.kind is FaultKind.SEAL_REMOVED
    assert list(check_anchor(number=2, root=SECOND.root, find=lambda _: SECOND)) == []


def test_the_version_of_an_empty_stream_is_nought() -> None:
    assert current_version(()) == 0
