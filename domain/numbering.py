"""The French numbering plan: what a prefix says about a number.

`phonenumbers` knows formats; what a number is for, and where it belongs, is this table. Longest
prefix wins. Who holds a block, and the exact territory of a shared one, is in the regulator's file
of blocks, which takes the place of this table's answer once it is loaded.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.said import Said
from domain.territories import Territory

PLAN_SOURCE = (
    "ARCEP decision 2018-0881 as amended by 2022-1583 (numbering plan), prefixes compared with "
    "libphonenumber 9.0.43"
)
PLAN_SINCE = date(2023, 1, 1)

NATIONAL_DIGITS = 10
MACHINE_DIGITS = 14
"""Extended mobile numbers: 14 digits (porting-and-access § 1.2)."""


class NumberKind(StrEnum):
    """What a number is for, which decides how it moves."""

    GEOGRAPHIC = "geographic"
    """A fixed number with a zone: 01 to 05."""
    POLYVALENT = "polyvalent"
    """A fixed number without a zone: 09."""
    MOBILE = "mobile"
    """A person's mobile line: 06 and 07."""
    MACHINE = "machine"
    """A line of a machine, 14 digits: 0700."""
    SPECIAL_RATE = "special-rate"
    """A service with a tariff of its own: 08."""
    SHORT = "short"
    """A short number: emergency, public or value-added service."""


class Tariff(StrEnum):
    """What the caller of a special-rate number pays (the plan, § 2.4.3 to 2.4.6)."""

    FREE = "free"
    """Free to call: 0800 to 0805."""
    STANDARD = "standard"
    """The price of an ordinary call: 0806 to 0809."""
    PREMIUM = "premium"
    """The service costs more than the call: 081, 082, 089."""
    OTHER = "other"
    """Data services and what the plan keeps for other uses."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """What the plan says of every number that starts with a prefix."""

    prefix: str
    kind: NumberKind
    territory: Territory
    zone: Said | None = None


def _region(prefix: str, *, fr: str, en: str) -> Block:
    return Block(
        prefix=prefix,
        kind=NumberKind.GEOGRAPHIC,
        territory=Territory.METROPOLE,
        zone=Said(fr=fr, en=en),
    )


def _overseas(kind: NumberKind, territory: Territory, *prefixes: str) -> tuple[Block, ...]:
    return tuple(Block(prefix=p, kind=kind, territory=territory) for p in prefixes)


def _metropolitan(kind: NumberKind, *prefixes: str) -> tuple[Block, ...]:
    return _overseas(kind, Territory.METROPOLE, *prefixes)


PLAN: tuple[Block, ...] = (
    _region("01", fr="Île-de-France", en="Paris region"),
    _region("02", fr="Nord-Ouest", en="north-west"),
    _region("03", fr="Nord-Est", en="north-east"),
    _region("04", fr="Sud-Est et Corse", en="south-east and Corsica"),
    _region("05", fr="Sud-Ouest", en="south-west"),
    *_overseas(NumberKind.GEOGRAPHIC, Territory.REUNION, "0262", "0263", "02688"),
    *_overseas(NumberKind.GEOGRAPHIC, Territory.MAYOTTE, "0269", "02689"),
    *_overseas(NumberKind.GEOGRAPHIC, Territory.SAINT_PIERRE_ET_MIQUELON, "0508"),
    *_overseas(NumberKind.GEOGRAPHIC, Territory.GUADELOUPE, "0590", "05987"),
    *_overseas(NumberKind.GEOGRAPHIC, Territory.GUYANE, "0594", "05988"),
    *_overseas(NumberKind.GEOGRAPHIC, Territory.MARTINIQUE, "0596", "05989"),
    *_metropolitan(NumberKind.MOBILE, "06", "07"),
    *_overseas(NumberKind.MOBILE, Territory.GUADELOUPE, "0690", "0691", "07090"),
    *_overseas(NumberKind.MOBILE, Territory.GUYANE, "0694", "07093"),
    *_overseas(NumberKind.MOBILE, Territory.MARTINIQUE, "0696", "0697", "07091"),
    *_overseas(NumberKind.MOBILE, Territory.REUNION, "0692", "0693", "07092"),
    *_overseas(NumberKind.MOBILE, Territory.MAYOTTE, "0639", "070935", "070936", "070937"),
    *_overseas(NumberKind.MOBILE, Territory.SAINT_PIERRE_ET_MIQUELON, "0708"),
    *_metropolitan(NumberKind.MACHINE, "0700"),
    *_metropolitan(NumberKind.POLYVALENT, "09"),
    *_overseas(
        NumberKind.POLYVALENT, Territory.GUADELOUPE, "09395", "09475", "09760", "09761", "09768"
    ),
    *_overseas(NumberKind.POLYVALENT, Territory.GUYANE, "09396", "09476"),
    *_overseas(NumberKind.POLYVALENT, Territory.MARTINIQUE, "09397", "09477", "09766", "09767"),
    *_overseas(NumberKind.POLYVALENT, Territory.MAYOTTE, "09398", "09478", "09769"),
    *_overseas(NumberKind.POLYVALENT, Territory.REUNION, "09399", "09479", "09762", "09763"),
    *_metropolitan(NumberKind.SPECIAL_RATE, "08"),
)

_BY_PREFIX = {block.prefix: block for block in PLAN}
_LONGEST = max(map(len, _BY_PREFIX))

_TARIFFS = {
    **dict.fromkeys(("0800", "0801", "0802", "0803", "0804", "0805"), Tariff.FREE),
    **dict.fromkeys(("0806", "0807", "0808", "0809"), Tariff.STANDARD),
    **dict.fromkeys(("081", "082", "089"), Tariff.PREMIUM),
}

EMERGENCY = frozenset({"15", "17", "18", "112", "114", "115", "116117", "119", "191", "196", "197"})


def block_of(national: str) -> Block | None:
    """The longest prefix of the plan that a national number starts with."""
    for length in range(_LONGEST, 1, -1):
        block = _BY_PREFIX.get(national[:length])
        if block is not None:
            return block
    return None


def tariff_of(national: str) -> Tariff:
    for length in (4, 3):
        tariff = _TARIFFS.get(national[:length])
        if tariff is not None:
            return tariff
    return Tariff.OTHER


def is_short_number(digits: str) -> bool:
    """10YT and 3BPQ, 118XYZ and 116XYZ, and the emergency numbers."""
    if digits in EMERGENCY:
        return True
    if len(digits) == len("3900"):
        return digits[0] == "3" or digits.startswith("10")
    return len(digits) == len("118000") and digits.startswith(("116", "118"))
