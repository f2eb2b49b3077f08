"""French telephone numbers, parsed once and typed ever after."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

import phonenumbers

from domain.numbering import (
    MACHINE_DIGITS,
    NATIONAL_DIGITS,
    Block,
    NumberKind,
    Tariff,
    block_of,
    is_short_number,
    tariff_of,
)
from domain.parsed import BadValueError, Parsed
from domain.said import Said
from domain.territories import (
    COUNTRY_CODES,
    METROPOLITAN_CODE,
    ExchangeGroup,
    Territory,
    country_code_of,
    group_of,
    place_said,
)

_SEPARATORS = re.compile(r"[\s.\-\u2010-\u2015/_]+")
_TRUNK_ZERO = re.compile(r"\(0\)")
_FORMS = "ten digits such as 06 12 34 56 78, or +33 6 12 34 56 78"
_DIGITS = frozenset("0123456789")
_MIQUELON = 508

BLOCK = 10
"""Direct-dial numbers are given and taken back in blocks of ten."""
RANGE_MAX = 10_000
"""A whole block as the regulator gives them. A default of ours: more is a typing error."""


class Family(StrEnum):
    """Numbers that move by the same rules."""

    MOBILE = "mobile"
    """Through a mobile exchange, with a mobile RIO."""
    FIXED = "fixed"
    """Between fixed operators, with a fixed RIO."""
    SPECIAL = "special"
    """Special-rate and short numbers: the holder and the tariff are checked first."""


_FAMILIES = {
    NumberKind.MOBILE: Family.MOBILE,
    NumberKind.MACHINE: Family.MOBILE,
    NumberKind.GEOGRAPHIC: Family.FIXED,
    NumberKind.POLYVALENT: Family.FIXED,
    NumberKind.SPECIAL_RATE: Family.SPECIAL,
    NumberKind.SHORT: Family.SPECIAL,
}


class BadNumberError(BadValueError):
    """Not a number of the French plan."""


@dataclass(frozen=True, slots=True, repr=False)
class FrenchNumber(Parsed):
    """A number of the French plan. Its repr is masked: a number is personal data."""

    national: str
    kind: NumberKind
    territory: Territory
    zone: Said | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        digits = _digits(text)
        if is_short_number(digits):
            return cls(national=digits, kind=NumberKind.SHORT, territory=Territory.METROPOLE)
        block = _block(digits, text)
        return cls(national=digits, kind=block.kind, territory=block.territory, zone=block.zone)

    @property
    def e164(self) -> str | None:
        """How the world dials it; a short number has no such form."""
        if self.kind is NumberKind.SHORT:
            return None
        subscriber = self.national[1:]
        if self.territory is Territory.SAINT_PIERRE_ET_MIQUELON and subscriber.startswith("508"):
            subscriber = subscriber.removeprefix("508")
        return f"+{country_code_of(self.territory)}{subscriber}"

    @property
    def spaced(self) -> str:
        """In pairs, as it is written on a form."""
        if self.kind is NumberKind.SHORT:
            return self.national
        return " ".join(re.findall("..", self.national))

    @property
    def tariff(self) -> Tariff | None:
        return tariff_of(self.national) if self.kind is NumberKind.SPECIAL_RATE else None

    @property
    def family(self) -> Family:
        return _FAMILIES[self.kind]

    @property
    def group(self) -> ExchangeGroup | None:
        """The exchange a mobile number is ported in."""
        return group_of(self.territory) if self.family is Family.MOBILE else None

    def __str__(self) -> str:
        return self.national

    def __repr__(self) -> str:
        return f"FrenchNumber({self.kind}, ••{self.national[-2:]})"


class InstallationNumber(FrenchNumber):
    """NDI: the number that names a fixed installation, its head of line."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        number = super().parse(text)
        if number.kind is not NumberKind.GEOGRAPHIC:
            raise BadNumberError(
                f"'{text}' names no installation: an installation number (NDI) is geographic, 01 "
                "to 05; copy it from the donor's invoice"
            )
        return number


@dataclass(frozen=True, slots=True)
class DirectDialRange(Parsed):
    """Direct-dial numbers (SDA) of one installation, in whole blocks of ten."""

    first: FrenchNumber
    last: FrenchNumber

    @classmethod
    def parse(cls, text: str) -> Self:
        """`01 76 21 00 10 - 01 76 21 00 29`, or the last figures only after the dash or slash."""
        first, last = _ends(text)
        if first.family is not Family.FIXED:
            raise BadNumberError(
                f"'{text}' starts with a {first.kind} number: direct-dial ranges are fixed numbers "
                "(01 to 05, 09); give mobile lines one by one"
            )
        size = int(last.national) - int(first.national) + 1
        if block_of(first.national) is not block_of(last.national):
            raise BadNumberError(f"'{text}' runs over two kinds of number or two zones; split it")
        if size > RANGE_MAX:
            raise BadNumberError(
                f"'{text}' holds {size} numbers and a range at most {RANGE_MAX}; check its ends"
            )
        if size < BLOCK or size % BLOCK or not first.national.endswith("0"):
            raise BadNumberError(
                f"'{text}' is not made of whole blocks of ten; start at a number ending in 0, end "
                "at one ending in 9, or give the numbers one by one"
            )
        return cls(first=first, last=last)

    def __len__(self) -> int:
        return int(self.last.national) - int(self.first.national) + 1

    def __iter__(self) -> Iterator[FrenchNumber]:
        start = int(self.first.national)
        for value in range(start, start + len(self)):
            yield FrenchNumber.parse(f"{value:010d}")

    def __contains__(self, number: object) -> bool:
        if not isinstance(number, FrenchNumber):
            return False
        return self.first.national <= number.national <= self.last.national

    def overlaps(self, other: "DirectDialRange") -> bool:
        return other.first in self or self.first in other

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"


def why_not_together(numbers: Sequence[FrenchNumber]) -> Said | None:
    """Why these numbers cannot be ported in one request; None when they can.

    Mobile: one exchange (porting-and-access § 1.4). Fixed: one territory, which a number never
    leaves (decision 34). Special-rate numbers have no territory.
    """
    first = numbers[0]
    for other in numbers[1:]:
        if other.family is not first.family:
            return Said(
                fr="des numéros mobiles, fixes et spéciaux ne se portent pas dans une même demande",
                en="mobile, fixed and special-rate numbers are not ported in one request",
            )
        if _realm(other) is not _realm(first):
            here, there = place_said(first.territory), place_said(other.territory)
            return Said(
                fr=f"un numéro ({here.fr}) et un autre ({there.fr}) se portent en deux demandes",
                en=f"a number of {here.en} and one of {there.en} are ported in two requests",
            )
    return None


def _realm(number: FrenchNumber) -> ExchangeGroup | Territory | None:
    if number.family is Family.MOBILE:
        return number.group
    return number.territory if number.family is Family.FIXED else None


def _digits(text: str) -> str:
    """The national form: ten or fourteen digits from a zero, or a short number."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        raise BadNumberError(f"no number was given; write {_FORMS}")
    compact = _SEPARATORS.sub("", _TRUNK_ZERO.sub("", plain)).replace("(", "").replace(")", "")
    stranger = next((c for c in compact.removeprefix("+") if c not in _DIGITS), None)
    if stranger is not None:
        raise BadNumberError(f"'{text}' has '{stranger}' where a digit should be; write {_FORMS}")
    if compact.startswith(("+", "00")):
        return _national("+" + compact.removeprefix("+").removeprefix("00"), text)
    return compact


def _national(international: str, text: str) -> str:
    try:
        parsed = phonenumbers.parse(international)
    except phonenumbers.NumberParseException as exc:
        raise BadNumberError(f"'{text}' is no telephone number; write {_FORMS}") from exc
    if parsed.country_code not in COUNTRY_CODES:
        raise BadNumberError(
            f"'{text}' is a number of another country (+{parsed.country_code}); only numbers of "
            "the French plan are moved here"
        )
    subscriber = phonenumbers.national_significant_number(parsed)
    if len(subscriber) == len("411234") and parsed.country_code == _MIQUELON:
        subscriber = f"{_MIQUELON}{subscriber}"
    national = f"0{subscriber}"
    block = block_of(national)
    expected = country_code_of(block.territory) if block else METROPOLITAN_CODE
    if block is not None and expected != parsed.country_code and not _everywhere(block):
        raise BadNumberError(
            f"'{text}' starts with +{parsed.country_code}, but 0{subscriber[:3]} is dialled as "
            f"+{expected}; check the number, or write it in its national form"
        )
    return national


def _everywhere(block: Block) -> bool:
    """Special-rate numbers are the same in every territory."""
    return block.kind is NumberKind.SPECIAL_RATE


def _block(digits: str, text: str) -> Block:
    if not digits.startswith("0"):
        raise BadNumberError(
            f"'{text}' does not start with 0 and is no short number; write {_FORMS}"
        )
    block = block_of(digits)
    if block is None:
        raise BadNumberError(
            f"'{text}' starts with {digits[:3]}, which the numbering plan does not use; check the "
            "first figures"
        )
    wanted = MACHINE_DIGITS if block.kind is NumberKind.MACHINE else NATIONAL_DIGITS
    if len(digits) != wanted:
        raise BadNumberError(
            f"'{text}' has {len(digits)} digits and a {block.kind} number has {wanted}; check what "
            "is missing or too many"
        )
    return block


def _ends(text: str) -> tuple[FrenchNumber, FrenchNumber]:
    """Both ends of a range; the second may be its last figures only."""
    plain = text.strip()
    parts = re.split(r"\s*(?:/|à|\bto\b)\s*|\s+[-\u2013]\s*|\s*[-\u2013]\s+", plain, maxsplit=1)
    if len(parts) == 1:
        parts = re.split(r"[-\u2013]", plain, maxsplit=1)
    if len(parts) == 1 or not parts[1]:
        raise BadNumberError(
            f"'{text}' has one end; write the first and the last number, such as "
            "01 76 21 00 10 - 01 76 21 00 19"
        )
    first = FrenchNumber.parse(parts[0])
    ending = _SEPARATORS.sub("", parts[1])
    if ending.isdecimal() and len(ending) < len(first.national):
        return first, FrenchNumber.parse(first.national[: -len(ending)] + ending)
    return first, FrenchNumber.parse(parts[1])
