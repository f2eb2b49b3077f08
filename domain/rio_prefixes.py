"""Whose RIO it is: the operator behind the two first characters.

Fixed prefixes are public (ARCEP, MAJRIO.csv); ours are the main operators, until the published file
is loaded. Mobile codes belong to each exchange group and are public nowhere: the same two figures
name different operators overseas.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from domain.numbers import FrenchNumber
from domain.rio import RIO, Medium
from domain.said import Said
from domain.territories import ExchangeGroup, Territory, place_said

MOBILE_SOURCE = "rulebook § 1.4 (public references, not the exchange's own list)"
FIXED_SOURCE = "ARCEP open data MAJRIO.csv, April 2026"


@dataclass(frozen=True, kw_only=True)
class Holder:
    """The operator a prefix was given to. Dates are kept where the source has them."""

    name: str
    code: str | None = None
    since: date | None = None
    source: str = FIXED_SOURCE


@dataclass(frozen=True, kw_only=True)
class Unresolved:
    """Why nobody could be named. `refuse` when the full list was asked and does not have it."""

    refuse: bool
    said: Said


def _mobile(*names: str) -> dict[str, Holder]:
    return {
        f"{number:02d}": Holder(name=name, source=MOBILE_SOURCE)
        for number, name in enumerate(names, start=1)
    }


MOBILE_HOLDERS: Mapping[ExchangeGroup, Mapping[str, Holder]] = {
    ExchangeGroup.GPM: _mobile("Orange", "SFR", "Bouygues Telecom", "Free Mobile"),
    ExchangeGroup.GPMAG: _mobile(
        "Orange Caraïbe",
        "Digicel",
        "SFR Caraïbe (Outremer Telecom)",
        "Dauphin Telecom",
        "UTS Caraïbe",
        "Free Caraïbe",
    ),
    ExchangeGroup.GPMR: {},
}

_MAIN_FIXED = {
    "F0": "Orange",
    "F1": "SFR",
    "F2": "Completel",
    "F3": "Free",
    "F4": "Bouygues Telecom",
    "F5": "Colt",
    "F6": "OVH",
    "F8": "SFR Fibre",
    "FE": "Telnyx",
    "FJ": "Alphalink",
    "GX": "Unyc",
    "GZ": "Free Pro",
    "HC": "Altitude",
    "HR": "Destiny",
    "HZ": "Keyyo",
    "I7": "Adista",
    "I9": "Sewan",
    "IG": "Aircall",
    "J9": "Celeste",
    "JQ": "Linkt",
    "JY": "Altitude",
    "KN": "Twilio",
    "LP": "Destiny",
}
FIXED_HOLDERS: Mapping[str, Holder] = {
    prefix: Holder(name=name) for prefix, name in _MAIN_FIXED.items()
}


@dataclass(frozen=True, kw_only=True)
class RioDirectory:
    """Who holds which prefix; complete once the regulator's file has been loaded."""

    fixed: Mapping[str, Holder] = field(default_factory=lambda: FIXED_HOLDERS)
    fixed_is_complete: bool = False

    def holder_of(self, rio: RIO, number: FrenchNumber | None) -> Holder | Unresolved:
        if rio.medium is Medium.FIXED:
            return self.fixed.get(rio.operator_code) or self._unknown_fixed(rio.operator_code)
        if number is None:
            return _needs_a_group(rio.operator_code)
        if number.group is None:
            return _no_group(number.territory)
        return MOBILE_HOLDERS[number.group].get(rio.operator_code) or _unknown_mobile(
            rio.operator_code, number.group
        )

    def _unknown_fixed(self, prefix: str) -> Unresolved:
        if self.fixed_is_complete:
            return Unresolved(
                refuse=True,
                said=Said(
                    fr=f"le préfixe {prefix} n'est attribué à aucun opérateur ; redemander le RIO",
                    en=f"prefix {prefix} was given to no operator; ask for the RIO again",
                ),
            )
        return Unresolved(
            refuse=False,
            said=Said(
                fr=f"préfixe {prefix} absent de notre table courte ; charger le fichier MAJRIO "
                "de l'ARCEP (raccord reference load)",
                en=f"prefix {prefix} is not in our short table; load the regulator's MAJRIO file "
                "(raccord reference load)",
            ),
        )


def holders_anywhere(rio: RIO) -> Iterable[tuple[ExchangeGroup, Holder]]:
    """Every operator a mobile prefix names, group by group: for a RIO without its number."""
    for group, holders in MOBILE_HOLDERS.items():
        if rio.operator_code in holders:
            yield group, holders[rio.operator_code]


def _needs_a_group(code: str) -> Unresolved:
    return Unresolved(
        refuse=False,
        said=Said(
            fr=f"le code {code} ne désigne un opérateur qu'avec le groupe d'échange du numéro",
            en=f"code {code} names an operator only within the exchange group of the number",
        ),
    )


def _no_group(territory: Territory) -> Unresolved:
    where = place_said(territory)
    return Unresolved(
        refuse=False,
        said=Said(
            fr=f"aucun groupe d'échange connu pour {where.fr} : opérateur donneur à demander",
            en=f"no exchange group is known for {where.en}: ask who the donor is",
        ),
    )


def _unknown_mobile(code: str, group: ExchangeGroup) -> Unresolved:
    where = place_said(group)
    return Unresolved(
        refuse=False,
        said=Said(
            fr=f"code {code} inconnu dans le {where.fr} : la liste n'est pas publique",
            en=f"code {code} is not known in the {where.en}: its list is not public",
        ),
    )
