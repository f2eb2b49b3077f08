"""What somebody probably did to a RIO or a number whose key is wrong.

A right key never survives one changed character or one swapped pair (proved in the tests), so the
search for the slip that would make the key right has few answers, and mostly one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from domain.numbering import block_of
from domain.numbers import FrenchNumber
from domain.rio import (
    PREFIX_LENGTH,
    RIO,
    BadRioError,
    Medium,
    character_of,
    key_of,
    medium_of,
    remainder_of,
)
from domain.said import Said

_LOOK_ALIKE = frozenset(
    frozenset(pair) for pair in ("O0", "Q0", "D0", "I1", "L1", "Z2", "S5", "G6", "B8", "T7", "A4")
)


class Where(StrEnum):
    """Which of the two was mistyped."""

    RIO = "rio"
    """The code."""
    NUMBER = "number"
    """The telephone number."""


@dataclass(frozen=True, kw_only=True)
class Slip:
    """One change that makes the key right. Places count from 1, as a person counts."""

    where: Where
    place: int
    read: str
    meant: str
    rio: str
    number: str

    @property
    def is_swap(self) -> bool:
        return len(self.read) > 1

    @property
    def looks_alike(self) -> bool:
        return frozenset((self.read, self.meant)) in _LOOK_ALIKE

    @property
    def said(self) -> Said:
        thing_fr = "du RIO" if self.where is Where.RIO else "du numéro"
        thing_en = "the RIO" if self.where is Where.RIO else "the number"
        if self.is_swap:
            pair = f"{self.place}-{self.place + 1}"
            return Said(
                fr=f"caractères {pair} {thing_fr} inversés : lire {self.meant}, non {self.read}",
                en=f"characters {pair} of {thing_en} are swapped: {self.meant}, not {self.read}",
            )
        return Said(
            fr=f"caractère {self.place} {thing_fr} : lire {self.meant}, non {self.read}",
            en=f"character {self.place} of {thing_en}: {self.meant}, not {self.read}",
        )


def slips_of(rio: RIO, number: FrenchNumber) -> tuple[Slip, ...]:
    """Every single slip that would make a wrong key right, the likeliest first."""
    if key_of(rio.prefix, number.national) == rio.key and rio.medium is medium_of(number):
        return ()
    found = (*_slips_in_rio(rio, number), *_slips_in_number(rio, number))
    return tuple(sorted(found, key=_likelihood))


def _likelihood(slip: Slip) -> tuple[bool, bool, int]:
    return (not slip.looks_alike, not slip.is_swap, slip.place)


def _slips_in_rio(rio: RIO, number: FrenchNumber) -> Iterator[Slip]:
    wanted = medium_of(number)
    for place, read, meant in (*_key_changes(rio, number), *_changes(rio.code, rio, number)):
        changed = _replaced(rio.code, place, meant)
        if _key_fits(changed, number.national) and _is_rio(changed, wanted):
            yield Slip(
                where=Where.RIO,
                place=place + 1,
                read=read,
                meant=meant,
                rio=changed,
                number=number.national,
            )


def _slips_in_number(rio: RIO, number: FrenchNumber) -> Iterator[Slip]:
    for place, read, meant in _changes(number.national, rio, number):
        changed = _replaced(number.national, place, meant)
        if not meant.isdigit() or not _key_fits(rio.code, changed):
            continue
        block = block_of(changed)
        if block is not None and block.kind is number.kind:
            yield Slip(
                where=Where.NUMBER,
                place=place + 1,
                read=read,
                meant=meant,
                rio=rio.code,
                number=changed,
            )


def _changes(text: str, rio: RIO, number: FrenchNumber) -> Iterator[tuple[int, str, str]]:
    """At every place the one other character that may do, then every swapped pair.

    The first figure of the key is a plain sum: what it is off by is what a character is off by.
    """
    off_by = remainder_of(rio.key[0]) - remainder_of(key_of(rio.prefix, number.national)[0])
    for place, read in enumerate(text):
        meant = character_of(remainder_of(read) + off_by)
        if meant != read:
            yield place, read, meant
    for place in range(len(text) - 1):
        read = text[place : place + 2]
        if read[0] != read[1]:
            yield place, read, read[::-1]


def _key_changes(rio: RIO, number: FrenchNumber) -> Iterator[tuple[int, str, str]]:
    """The key's own characters: only the right one can be meant."""
    expected = key_of(rio.prefix, number.national)
    for place, (read, meant) in enumerate(zip(rio.key, expected, strict=True), PREFIX_LENGTH):
        if read != meant:
            yield place, read, meant


def _replaced(text: str, place: int, meant: str) -> str:
    return text[:place] + meant + text[place + len(meant) :]


def _key_fits(code: str, national: str) -> bool:
    return key_of(code[:PREFIX_LENGTH], national) == code[PREFIX_LENGTH:]


def _is_rio(code: str, medium: Medium) -> bool:
    try:
        return RIO.parse(code).medium is medium
    except BadRioError:
        return False
