"""Identifiers of companies, cards, terminals, sockets and places.

Check digits are `python-stdnum`'s where it has them; a layout of our own is named as one.
"""

import re
import unicodedata
from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Self

from stdnum import imei, imsi, luhn
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.fr import siren, siret
from stdnum.iso7064 import mod_97_10

from domain.parsed import BadValueError, Parsed
from domain.territories import ALSACE_MOSELLE, Territory

_SEPARATORS = re.compile(r"[\s.\-\u2010-\u2015]")


class BadIdentifierError(BadValueError):
    """Not an identifier of this kind."""


@dataclass(frozen=True, slots=True)
class Identifier(Parsed):
    """A code in its compact form."""

    value: str

    NAME: ClassVar[str]
    LAYOUT: ClassVar[str]
    """What it looks like, for whoever wrote another thing."""
    WHERE: ClassVar[str]
    """Where a person finds the right one."""

    def __str__(self) -> str:
        return self.value


class CheckedCode(Identifier):
    """A code that is right or wrong by its own figures."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        compact = _compact(text)
        if not compact:
            raise BadIdentifierError(f"no {cls.NAME} was given; it is {cls.LAYOUT}")
        try:
            _require(compact.isascii() and compact.strip("0") != "")
            cls.check(compact)
        except InvalidChecksum as exc:
            raise BadIdentifierError(
                f"'{text}' is no {cls.NAME}: its check digits do not fit, so one character is "
                f"wrong; {cls.WHERE}"
            ) from exc
        except ValidationError as exc:
            raise BadIdentifierError(
                f"'{text}' is no {cls.NAME}: it is {cls.LAYOUT}; {cls.WHERE}"
            ) from exc
        return cls(value=compact)

    @classmethod
    @abstractmethod
    def check(cls, compact: str) -> None:
        """`ValidationError` for another layout, `InvalidChecksum` for wrong check digits."""


class Siren(CheckedCode):
    """A company."""

    __slots__ = ()
    NAME = "SIREN"
    LAYOUT = "nine figures, the last one a check digit"
    WHERE = "copy it from the company's Kbis or invoices"

    @classmethod
    def check(cls, compact: str) -> None:
        siren.validate(compact)


class Siret(CheckedCode):
    """An establishment of a company."""

    __slots__ = ()
    NAME = "SIRET"
    LAYOUT = "fourteen figures: the company's SIREN and five more"
    WHERE = "copy it from the establishment's entry in the Sirene register"

    @classmethod
    def check(cls, compact: str) -> None:
        siret.validate(compact)

    @property
    def siren(self) -> Siren:
        return Siren(value=self.value[:9])


class Iccid(CheckedCode):
    """A SIM card: ITU-T E.118, 19 or 20 figures from 89, a Luhn digit last."""

    __slots__ = ()
    NAME = "ICCID"
    LAYOUT = "19 or 20 figures starting with 89, the last one a check digit"
    WHERE = "copy it from the card"

    @classmethod
    def check(cls, compact: str) -> None:
        _require(re.fullmatch(r"89[0-9]{17,18}", compact) is not None)
        luhn.validate(compact)


class Eid(CheckedCode):
    """An eSIM chip: 32 figures from 89, ISO 7064 mod 97-10 (GSMA SGP.02)."""

    __slots__ = ()
    NAME = "EID"
    LAYOUT = "32 figures starting with 89, the last two check digits"
    WHERE = "read it in the terminal's settings or dial *#06#"

    @classmethod
    def check(cls, compact: str) -> None:
        _require(re.fullmatch(r"89[0-9]{30}", compact) is not None)
        mod_97_10.validate(compact)


class Imsi(CheckedCode):
    """A subscription in a network."""

    __slots__ = ()
    NAME = "IMSI"
    LAYOUT = "14 or 15 figures: country, network, subscription"
    WHERE = "ask the host operator for it"

    @classmethod
    def check(cls, compact: str) -> None:
        imsi.validate(compact)


class Imei(CheckedCode):
    """A terminal."""

    __slots__ = ()
    NAME = "IMEI"
    LAYOUT = "15 figures, the last one a check digit"
    WHERE = "dial *#06# on the terminal"

    @classmethod
    def check(cls, compact: str) -> None:
        _require(re.fullmatch(r"[0-9]{15}", compact) is not None)
        imei.validate(compact)


class Commune(CheckedCode):
    """An INSEE commune; overseas ones tell their territory.

    Paris has one code and one for each of its arrondissements; every other in 75, and all that end
    in three zeros, are postal codes.
    """

    __slots__ = ()
    NAME = "INSEE commune code"
    LAYOUT = "five characters: a department (01 to 95, 2A, 2B, 971 to 978) and a commune"
    WHERE = "look it up in INSEE's official geographic code; it is not the postal code"

    @classmethod
    def check(cls, compact: str) -> None:
        pattern = r"(?:0[1-9]|[1-8][0-9]|9[0-5]|2[AB])[0-9]{3}|97[1-8][0-9]{2}"
        _require(re.fullmatch(pattern, compact) is not None and not compact.startswith("20"))
        paris = re.fullmatch(r"75(?:056|10[1-9]|11[0-9]|120)", compact) is not None
        _require(paris or not compact.startswith("75"))
        _require(not compact.endswith("000"))

    @property
    def territory(self) -> Territory:
        return _territory_of(self.value)

    @property
    def overseas(self) -> bool:
        return self.value.startswith("97")


_POSTAL_ISLANDS = {"97133": Territory.SAINT_BARTHELEMY, "97150": Territory.SAINT_MARTIN}
"""Two islands keep postal codes of Guadeloupe, which they left in 2007."""


class PostalCode(CheckedCode):
    """A postal code: it names a delivery office, not a commune."""

    __slots__ = ()
    NAME = "postal code"
    LAYOUT = "five figures, 01000 to 95999 or 97100 to 97899"
    WHERE = "copy it from the address"

    @classmethod
    def check(cls, compact: str) -> None:
        pattern = r"(?:0[1-9]|[1-8][0-9]|9[0-5])[0-9]{3}|97[1-8][0-9]{2}"
        _require(re.fullmatch(pattern, compact) is not None)

    @property
    def territory(self) -> Territory:
        return _POSTAL_ISLANDS.get(self.value) or _territory_of(self.value)


class OpticalSocket(Identifier):
    """PTO: the reference of a fibre socket.

    Target layout `OO-1A2B-3C4D`, unique in the country; older ones must still be processed (ARCEP
    2013 recommendation and decision 2015-0776 § 4.1.2) and have no published layout: for those, 4
    to 30 letters and figures is a default of ours.
    """

    __slots__ = ()
    NAME = "PTO reference"
    LAYOUT = "like OO-1A2B-3C4D, or an older reference of 4 to 30 letters and figures"
    WHERE = "copy it from the label on the socket, or from the customer's bill"

    @classmethod
    def parse(cls, text: str) -> Self:
        compact = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
        if not re.fullmatch(r"(?=(?:[^A-Z0-9]*[A-Z0-9]){4})[A-Z0-9\-_/.]{4,30}", compact):
            raise BadIdentifierError(f"'{text}' is no {cls.NAME}: it is {cls.LAYOUT}; {cls.WHERE}")
        target = re.fullmatch(r"([A-Z0-9]{2})-?([A-Z0-9]{4})-?([A-Z0-9]{4})", compact)
        return cls(value="-".join(target.groups()) if target else compact)

    @property
    def is_target_layout(self) -> bool:
        return re.fullmatch(r"[A-Z0-9]{2}-[A-Z0-9]{4}-[A-Z0-9]{4}", self.value) is not None

    @property
    def compact(self) -> str:
        """The same for one socket, however it was grouped."""
        return re.sub(r"[^A-Z0-9]", "", self.value)

    @property
    def manager(self) -> str | None:
        """The two characters of whoever manages the line; older references do not tell."""
        return self.value[:2] if self.is_target_layout else None


IDENTIFIERS: dict[str, type[Identifier]] = {
    "siren": Siren,
    "siret": Siret,
    "iccid": Iccid,
    "eid": Eid,
    "imsi": Imsi,
    "imei": Imei,
    "pto": OpticalSocket,
    "commune": Commune,
    "postal-code": PostalCode,
}


def _compact(text: str) -> str:
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def _require(layout_fits: bool) -> None:  # noqa: FBT001  one argument, and it says what it is
    if not layout_fits:
        raise ValidationError


def _territory_of(code: str) -> Territory:
    department = code[:3] if code.startswith("97") else code[:2]
    if department in {territory.value for territory in ALSACE_MOSELLE}:
        return Territory(department)
    return Territory(department) if code.startswith("97") else Territory.METROPOLE
