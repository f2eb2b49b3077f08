"""A fixed access as `raccord order show` tells it."""

from typing import Any

from runtime.cli.accesses import access_lines
from runtime.cli.languages import Language

SAID = {"fr": "retenu", "en": "chosen"}
OFFER = {
    "operator": "sfr",
    "technology": "sdsl",
    "down_kbps": 8000,
    "up_kbps": 8000,
    "lead_days": 15,
    "because": [SAID],
}


def _line(**changes: Any) -> dict[str, Any]:  # noqa: ANN401  any JSON
    access = {
        "wanted": ["sdsl"],
        "offer": None,
        "uses": [],
        "quote": None,
        "saturation": None,
        "fees": [],
        "waits_for": [],
        "works": None,
        "equipment": [],
        **changes,
    }
    return {"number": 1, "access": access}


def test_a_line_that_is_no_access_says_nothing_more() -> None:
    assert access_lines({"number": 1, "access": None}, Language.EN) == []


def test_until_an_offer_is_chosen_what_is_wanted_is_said() -> None:
    assert access_lines(_line(), Language.EN) == ["line 1: wanted sdsl, no offer chosen"]


def test_who_serves_it_and_what_it_costs_is_said_with_its_reasons() -> None:
    fee = {
        "head": "desaturation",
        "euros": "750.00",
        "tax": "HT",
        "said": SAID,
        "source": "002:2274",
        "consented": False,
    }
    shown = access_lines(
        _line(
            offer=OFFER,
            uses=["broadband"],
            quote={"reference": "Q-1", "total": "1280.50", "until": None},
            saturation={"mode": "desaturate-later", "estimate": "2027-02-20"},
            fees=[fee, {**fee, "euros": None, "consented": True}],
            waits_for=[2, 3],
        ),
        Language.FR,
    )

    assert shown == [
        "line 1: sfr, sdsl, 8000/8000 kbit/s, 15 jours ouvrés",
        "  retenu",
        "  on it already: broadband",
        "  quote Q-1: 1280.50 € HT, until ?",
        "  saturated, desaturate-later: 2027-02-20",
        "  after line 2, 3 of the order",
        "  desaturation: 750.00 € HT, retenu (002:2274), not charged without consent",
        "  desaturation: no known amount, retenu (002:2274)",
    ]


def test_each_piece_of_equipment_says_where_it_is_and_since_when() -> None:
    router = {
        "name": "router",
        "state": "delivered",
        "since": "2027-01-09",
        "serial": "RTR-1",
        "bought": True,
        "monthly": "12.00",
        "once": "89.00",
        "billed_from": "2027-01-08",
        "with_reserves": True,
        "back_by": "2027-01-19T23:00:00Z",
        "elsewhere": False,
    }
    known = {"serial": None, "bought": False, "billed_from": None, "with_reserves": False}
    unknown = {"monthly": None, "once": None, "back_by": None, "elsewhere": True}
    box = {**router, **known, **unknown, "name": "fibre-box", "state": "installed"}

    shown = access_lines(_line(equipment=[router, box]), Language.EN)

    assert shown[1:] == [
        (
            "  router (RTR-1): delivered since 2027-01-09, bought, with reserves, "
            "12.00 € HT a month, 89.00 € HT once, billed from 2027-01-08, "
            "back by 2027-01-19T23:00:00Z"
        ),
        "  fibre-box: installed since 2027-01-09, at the place before",
    ]
