"""RIO: the code that binds a number to a contract at its operator, and its control key.

Layout `OO Q RRRRRR CCC` (ARCEP decisions 2012-0576 art. 13 and 2013-0830 art. 12). The key is the
inter-operator algorithm v1.1, proved by two public vectors for mobile numbers; that fixed numbers
use the same arithmetic is said nowhere, so the fixed key is a policy.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Self

from domain.numbers import Family, FrenchNumber
from domain.parsed import BadValueError, Parsed

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+"
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_MODULUS = len(ALPHABET)
FACTORS = (1, 2, 4)
"""One figure of the key per factor."""

LENGTH = 12
PREFIX_LENGTH = 9
_EXAMPLE = "12 characters such as 01 P EROY4P 4TR"
_SEPARATORS = r"[\s.\-\u2010-\u2015/_]"
_PLUS_LOST = re.compile(r"%2[Bb]")


class Medium(StrEnum):
    """Which kind of number a RIO is for; its first character says so (rulebook § 1.3)."""

    MOBILE = "mobile"
    """Two figures for the operator."""
    FIXED = "fixed"
    """A letter first, from the regulator's list."""


class Quality(StrEnum):
    """The third character of a mobile RIO: which kind of request the line takes (decision 22)."""

    CONSUMER = "P"
    """Particulier: at most 3 lines a request."""
    ENTERPRISE = "E"
    """Entreprise: at most 20 lines a request."""


class BadRioError(BadValueError):
    """Not a RIO, whatever the number."""


@dataclass(frozen=True, slots=True, repr=False)
class RIO(Parsed):
    """Twelve characters without separators. Its repr is masked: it is asked for like a password."""

    code: str

    @classmethod
    def parse(cls, text: str) -> Self:
        readings = readings_of(text)
        if len(readings) > 1:
            raise BadRioError(
                f"'{text}' can be read as {' or '.join(r.code for r in readings)}; write the '+' "
                "of its key where it stands"
            )
        return cls(code=readings[0].code)

    @property
    def operator_code(self) -> str:
        return self.code[:2]

    @property
    def quality(self) -> Quality | None:
        """Only a mobile RIO has one; a fixed RIO's third character is its operator's own."""
        return Quality(self.code[2]) if self.medium is Medium.MOBILE else None

    @property
    def reference(self) -> str:
        return self.code[3:PREFIX_LENGTH]

    @property
    def prefix(self) -> str:
        """What the key is computed from, with the number."""
        return self.code[:PREFIX_LENGTH]

    @property
    def key(self) -> str:
        return self.code[PREFIX_LENGTH:]

    @property
    def medium(self) -> Medium:
        return Medium.MOBILE if self.code[0].isdigit() else Medium.FIXED

    @property
    def spaced(self) -> str:
        return f"{self.operator_code} {self.code[2]} {self.reference} {self.key}"

    def __str__(self) -> str:
        return self.code

    def __repr__(self) -> str:
        return f"RIO({self.operator_code}••••••••••)"


@dataclass(frozen=True, slots=True)
class RioPrefix(Parsed):
    """The nine first characters, before the key is known."""

    code: str

    @classmethod
    def parse(cls, text: str) -> Self:
        code = _bare(text)
        if len(code) != PREFIX_LENGTH:
            raise BadRioError(
                f"'{text}' has {len(code)} characters; the part before the key has nine: two for "
                "the operator, one for the quality, six for the reference"
            )
        _check_characters(code, text)
        _check_prefix(code, text)
        return cls(code=code)

    def __str__(self) -> str:
        return self.code


def key_of(prefix: str, national: str) -> str:
    """The three characters of the key, from the nine before it and the number."""
    first = second = third = 0
    for character in prefix + national:
        value = _VALUES[character]
        first = (first + value) % _MODULUS
        second = (2 * second + value) % _MODULUS
        third = (4 * third + value) % _MODULUS
    return ALPHABET[first] + ALPHABET[second] + ALPHABET[third]


def key_is_right(rio: RIO, number: FrenchNumber) -> bool:
    return key_of(rio.prefix, number.national) == rio.key


def medium_of(number: FrenchNumber) -> Medium:
    """Fixed RIOs also serve special-rate numbers (ARCEP decision 2022-2148)."""
    return Medium.MOBILE if number.family is Family.MOBILE else Medium.FIXED


@dataclass(frozen=True, kw_only=True)
class KeyStep:
    """One character of the sum and the three remainders after it."""

    character: str
    value: int
    remainders: tuple[int, int, int]


def arithmetic_of(prefix: str, national: str) -> Iterator[KeyStep]:
    """The key worked out character by character, as a person can check it with a pencil."""
    remainders = [0] * len(FACTORS)
    for character in prefix + national:
        value = _VALUES[character]
        remainders = [
            (factor * r + value) % _MODULUS for factor, r in zip(FACTORS, remainders, strict=True)
        ]
        first, second, third = remainders
        yield KeyStep(character=character, value=value, remainders=(first, second, third))


def character_of(remainder: int) -> str:
    return ALPHABET[remainder % _MODULUS]


def remainder_of(character: str) -> int:
    return _VALUES[character]


def _bare(text: str) -> str:
    plain = unicodedata.normalize("NFKC", _PLUS_LOST.sub("+", text))
    return _upper(re.sub(_SEPARATORS, "", plain))


def readings_of(text: str) -> tuple[RIO, ...]:
    """Every RIO a text may mean: several only where it is unclear which spaces were a '+'."""
    code = _bare(text)
    if not code:
        raise BadRioError(f"no RIO was given; the customer gets it by calling 3179, {_EXAMPLE}")
    codes = [code] if len(code) == LENGTH else sorted(_with_plus(text))
    if not codes:
        raise BadRioError(f"'{text}' has {len(code)} characters and a RIO has 12; {_ask(code)}")
    for read in codes:
        _check_characters(read, text)
        _check_prefix(read[:PREFIX_LENGTH], text)
    return tuple(RIO(code=read) for read in codes)


def _upper(text: str) -> str:
    """Small letters are capitals; letters RIOs do not have stay themselves, to be named."""
    return text.upper() if text.isascii() else text


def rio_for(text: str, number: FrenchNumber) -> RIO:
    """The RIO a text means next to its number: a '+' is put back only where it makes it right."""
    readings = readings_of(text)
    right = [reading for reading in readings if key_is_right(reading, number)]
    if right:
        return right[0]
    code = _bare(text)
    if len(code) != LENGTH:
        raise BadRioError(
            f"'{text}' has {len(code)} characters and a RIO has 12; no '+' put back in its key "
            f"makes it go with this number; copy it again, {_EXAMPLE}"
        )
    return readings[0]


def _ask(code: str) -> str:
    if len(code) == LENGTH - 1:
        return f"one is missing, perhaps a '+' at the end; copy it again, {_EXAMPLE}"
    return f"copy it again, {_EXAMPLE}"


def _with_plus(text: str) -> set[str]:
    """Twelve characters out of fewer: a '+' came as a space, and only a key can have one."""
    plain = _upper(re.sub(r"[.\-\u2010-\u2015/_\t\r\n]", "", unicodedata.normalize("NFKC", text)))
    spaces = [place for place, character in enumerate(plain) if character == " "]
    missing = LENGTH - len(plain.replace(" ", ""))
    if not 0 < missing <= len(FACTORS):
        return set()
    readings = set()
    for chosen in combinations(spaces[-LENGTH:], missing):
        kept = "".join(
            "+" if place in chosen else character
            for place, character in enumerate(plain)
            if character != " " or place in chosen
        )
        if "+" not in kept[:PREFIX_LENGTH]:
            readings.add(kept)
    return readings


def _check_characters(code: str, text: str) -> None:
    stranger = next((c for c in code if c not in _VALUES), None)
    if stranger is not None:
        raise BadRioError(
            f"'{text}' contains '{stranger}'; a RIO has letters A to Z, figures, and '+' in its key"
        )


def _check_prefix(prefix: str, text: str) -> None:
    if "+" in prefix:
        raise BadRioError(
            f"'{text}' has a '+' before its key; only the last three characters may be '+'"
        )
    operator, quality = prefix[:2], prefix[2]
    if operator[0].isdigit():
        if not operator.isdigit():
            raise BadRioError(
                f"'{text}' starts with {operator}; a mobile RIO starts with two figures, a fixed "
                "RIO with a letter"
            )
        if quality not in set(Quality):
            raise BadRioError(
                f"'{text}' has '{quality}' as its third character; a mobile RIO has P (consumer) "
                "or E (enterprise) there"
            )
