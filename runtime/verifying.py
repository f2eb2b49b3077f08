"""Checks the whole record against its seals."""

from dataclasses import dataclass

from adapters.postgres.seals import PostgresSeals
from ledger.seals import (
    Fault,
    FaultKind,
    Seal,
    Signer,
    check_anchor,
    check_chain,
    check_rows,
    check_unsealed,
)
from ledger.subscription import Checkpoint


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """A seal somebody noted elsewhere."""

    number: int
    root: bytes


@dataclass(frozen=True, kw_only=True)
class Verdict:
    faults: tuple[Fault, ...]
    sealed: int
    seals: int
    unsealed: tuple[Checkpoint, ...]
    last: Seal | None

    @property
    def intact(self) -> bool:
        return not self.faults


async def verify(seals: PostgresSeals, *, signer: Signer, anchor: Anchor | None = None) -> Verdict:
    """Every seal, every row it covers, every row it does not, every stream without a hole."""
    faults: list[Fault] = []
    last: Seal | None = None
    sealed = count = 0
    async for seal in seals.all():
        faults += check_chain(seal=seal, after=last, signer=signer)
        faults += check_rows(seal, await seals.rows(seal.positions))
        sealed += len(seal.positions)
        count += 1
        last = seal
    unsealed = await seals.unsealed()
    faults += check_unsealed(unsealed=unsealed, last=last)
    faults += await _holes(seals)
    if anchor is not None:
        found = await seals.numbered(anchor.number)
        faults += check_anchor(number=anchor.number, root=anchor.root, find=lambda _: found)
    return Verdict(faults=tuple(faults), sealed=sealed, seals=count, unsealed=unsealed, last=last)


async def _holes(seals: PostgresSeals) -> list[Fault]:
    return [
        Fault(
            kind=FaultKind.REMOVED,
            sentence=f"{stream} has {rows} rows and reaches version {version}: "
            f"{version - rows} of its rows were removed",
        )
        for stream, rows, version in await seals.holes()
    ]
