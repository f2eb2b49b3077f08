"""What somebody probably did to a RIO or a number whose key is wrong.

A right key never survives one changed character or one swapped pair (proved in the tests), so the
search for the slip that would make the key right has few answers, and mostly one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from domain.numbering import block_of
from domain.numbers import FrenchNumber
from domain.rio import ALPHABET, PREFIX_LENGTH, RIO, Medium, Quality, key_of
from domain.said import Said

_LOOK_ALIKE = frozenset(
    frozenset(pair) for pair in ("O0", "Q0", "D0", "I1", "L1", "Z2", "S5", "G6", "B8", "T7", "A4")
)
_LETTERS_AND_FIGURES = ALPHABET.removesuffix("+")
_FIGURES = "0123456789"


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
    found = [
        slip
        for slip in (*_slips_in_rio(rio, number), *_slips_in_number(rio, number))
        if key_of(slip.rio[:PREFIX_LENGTH], slip.number) == slip.rio[PREFIX_LENGTH:]
    ]
    return tuple(sorted(found, key=_likelihood))


def _likelihood(slip: Slip) -> tuple[bool, bool, int]:
    return (not slip.looks_alike, not slip.is_swap, slip.place)


def _slips_in_rio(rio: RIO, number: FrenchNumber) -> Iterator[Slip]:
    for place, read, meant in _changes(rio.code, lambda p: _characters_at(p, rio.medium)):
        changed = _replaced(rio.code, place, meant)
        if "+" not in changed[:PREFIX_LENGTH] and _plausible(changed, rio.medium):
            yield Slip(
                where=Where.RIO,
                place=place + 1,
                read=read,
                meant=meant,
                rio=changed,
                number=number.national,
            )


def _slips_in_number(rio: RIO, number: FrenchNumber) -> Iterator[Slip]:
    for place, read, meant in _changes(number.national, lambda _: _FIGURES):
        changed = _replaced(number.national, place, meant)
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


def _changes(text: str, allowed: Callable[[int], str]) -> Iterator[tuple[int, str, str]]:
    """Every other character at every place, then every swapped pair."""
    for place, read in enumerate(text):
        for meant in allowed(place):
            if meant != read:
                yield place, read, meant
    for place in range(len(text) - 1):
        read = text[place : place + 2]
        if read[0] != read[1]:
            yield place, read, read[::-1]


def _replaced(text: str, place: int, meant: str) -> str:
    return text[:place] + meant + text[place + len(meant) :]


def _characters_at(place: int, medium: Medium) -> str:
    if place >= PREFIX_LENGTH:
        return ALPHABET
    if medium is Medium.MOBILE and place < len("OO"):
        return _FIGURES
    if medium is Medium.MOBILE and place == len("OO"):
        return "".join(Quality)
    return _LETTERS_AND_FIGURES


def _plausible(code: str, medium: Medium) -> bool:
    """Still a RIO of the same kind after a swap."""
    if medium is Medium.FIXED:
        return code[0].isalpha()
    return code[:2].isdigit() and code[2] in set(Quality)
