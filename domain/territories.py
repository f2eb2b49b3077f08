"""The territories of the French numbering plan, and the three groups that exchange portings."""

from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.parsed import BadValueError
from domain.said import Said


class Territory(StrEnum):
    """A part of France with its own holidays, its own time or its own numbers."""

    METROPOLE = "FR"
    """Metropolitan France, Corsica included."""
    MOSELLE = "57"
    """Moselle: two holidays more than the rest."""
    BAS_RHIN = "67"
    """Bas-Rhin: two holidays more than the rest."""
    HAUT_RHIN = "68"
    """Haut-Rhin: two holidays more than the rest."""
    GUADELOUPE = "971"
    """Guadeloupe."""
    MARTINIQUE = "972"
    """Martinique."""
    GUYANE = "973"
    """French Guiana."""
    REUNION = "974"
    """Réunion."""
    SAINT_PIERRE_ET_MIQUELON = "975"
    """Saint-Pierre-et-Miquelon."""
    MAYOTTE = "976"
    """Mayotte."""
    SAINT_BARTHELEMY = "977"
    """Saint-Barthélemy: numbered with Guadeloupe."""
    SAINT_MARTIN = "978"
    """The French part of Saint-Martin: numbered with Guadeloupe."""


class ExchangeGroup(StrEnum):
    """The operators of one mobile porting exchange."""

    GPM = "GPM"
    """The metropolitan group."""
    GPMAG = "GPMAG"
    """Antilles and Guyane."""
    GPMR = "GPMR"
    """Réunion and Mayotte."""


Place = Territory | ExchangeGroup
"""Whatever has a calendar of its own."""

ALSACE_MOSELLE = frozenset({Territory.MOSELLE, Territory.BAS_RHIN, Territory.HAUT_RHIN})

MEMBERS = {
    ExchangeGroup.GPM: (Territory.METROPOLE,),
    ExchangeGroup.GPMAG: (Territory.GUADELOUPE, Territory.MARTINIQUE, Territory.GUYANE),
    ExchangeGroup.GPMR: (Territory.REUNION, Territory.MAYOTTE),
}
"""The departments whose holidays stop a group (porting-and-access § 2.5: any of them is enough)."""

_GROUPS = {
    Territory.GUADELOUPE: ExchangeGroup.GPMAG,
    Territory.MARTINIQUE: ExchangeGroup.GPMAG,
    Territory.GUYANE: ExchangeGroup.GPMAG,
    Territory.SAINT_BARTHELEMY: ExchangeGroup.GPMAG,
    Territory.SAINT_MARTIN: ExchangeGroup.GPMAG,
    Territory.REUNION: ExchangeGroup.GPMR,
    Territory.MAYOTTE: ExchangeGroup.GPMR,
    Territory.SAINT_PIERRE_ET_MIQUELON: None,
}

_TIME_ZONES: dict[Place, str] = {
    Territory.GUADELOUPE: "America/Guadeloupe",
    Territory.MARTINIQUE: "America/Martinique",
    Territory.GUYANE: "America/Cayenne",
    Territory.REUNION: "Indian/Reunion",
    Territory.SAINT_PIERRE_ET_MIQUELON: "America/Miquelon",
    Territory.MAYOTTE: "Indian/Mayotte",
    Territory.SAINT_BARTHELEMY: "America/St_Barthelemy",
    Territory.SAINT_MARTIN: "America/Marigot",
    # Where a group spans two time zones, the one of most of its lines: a default of ours.
    ExchangeGroup.GPMAG: "America/Martinique",
    ExchangeGroup.GPMR: "Indian/Reunion",
}

_COUNTRY_CODES = {
    Territory.GUADELOUPE: 590,
    Territory.SAINT_BARTHELEMY: 590,
    Territory.SAINT_MARTIN: 590,
    Territory.MARTINIQUE: 596,
    Territory.GUYANE: 594,
    Territory.REUNION: 262,
    Territory.MAYOTTE: 262,
    Territory.SAINT_PIERRE_ET_MIQUELON: 508,
}
METROPOLITAN_CODE = 33
COUNTRY_CODES = frozenset({METROPOLITAN_CODE, *_COUNTRY_CODES.values()})

_NAMES: dict[Place, Said] = {
    Territory.METROPOLE: Said(fr="France métropolitaine", en="metropolitan France"),
    Territory.MOSELLE: Said(fr="Moselle", en="Moselle"),
    Territory.BAS_RHIN: Said(fr="Bas-Rhin", en="Bas-Rhin"),
    Territory.HAUT_RHIN: Said(fr="Haut-Rhin", en="Haut-Rhin"),
    Territory.GUADELOUPE: Said(fr="Guadeloupe", en="Guadeloupe"),
    Territory.MARTINIQUE: Said(fr="Martinique", en="Martinique"),
    Territory.GUYANE: Said(fr="Guyane", en="French Guiana"),
    Territory.REUNION: Said(fr="La Réunion", en="Réunion"),
    Territory.SAINT_PIERRE_ET_MIQUELON: Said(
        fr="Saint-Pierre-et-Miquelon", en="Saint-Pierre-et-Miquelon"
    ),
    Territory.MAYOTTE: Said(fr="Mayotte", en="Mayotte"),
    Territory.SAINT_BARTHELEMY: Said(fr="Saint-Barthélemy", en="Saint-Barthélemy"),
    Territory.SAINT_MARTIN: Said(fr="Saint-Martin", en="Saint-Martin"),
    ExchangeGroup.GPM: Said(fr="groupe métropolitain (GPM)", en="metropolitan group (GPM)"),
    ExchangeGroup.GPMAG: Said(
        fr="groupe Antilles-Guyane (GPMAG)", en="Antilles-Guyane group (GPMAG)"
    ),
    ExchangeGroup.GPMR: Said(fr="groupe Réunion-Mayotte (GPMR)", en="Réunion-Mayotte group (GPMR)"),
}


class UnknownPlaceError(BadValueError):
    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(
            f"'{text}' is no territory we know; write FR, a department with its own holidays "
            "(57, 67, 68, 971 to 978) or an exchange group (GPM, GPMAG, GPMR)"
        )


def place_of(text: str) -> Place:
    """The place a code names, whatever its case."""
    code = text.strip().upper()
    if code in {group.value for group in ExchangeGroup}:
        return ExchangeGroup(code)
    try:
        return Territory(code)
    except ValueError as exc:
        raise UnknownPlaceError(text) from exc


def territory_of(commune: str) -> Territory:
    """Of a commune, by its INSEE code: its department's, where that has days of its own."""
    department = commune[:3] if commune.startswith("97") else commune[:2]
    known = {territory.value for territory in Territory}
    return Territory(department) if department in known else Territory.METROPOLE


def place_said(place: Place) -> Said:
    return _NAMES[place]


def time_zone_of(place: Place) -> ZoneInfo:
    return ZoneInfo(_TIME_ZONES.get(place, "Europe/Paris"))


def group_of(territory: Territory) -> ExchangeGroup | None:
    """The mobile exchange of a territory's numbers; none is known for Saint-Pierre-et-Miquelon."""
    return _GROUPS.get(territory, ExchangeGroup.GPM)


def country_code_of(territory: Territory) -> int:
    return _COUNTRY_CODES.get(territory, METROPOLITAN_CODE)
