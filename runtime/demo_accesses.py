"""Fixed accesses in the demo: each technology, each provider, each end, with its clause, its dates
and its euros.

Technicophone's internet schedule lies at 002:2119-2921, OKSIO's data schedule at 000:302-502. What
studies, saturations and people change has its own files beside this one.
"""

from runtime.demo_ends import ENDS
from runtime.demo_equipment import EQUIPMENT
from runtime.demo_later_days import LATER_DAYS
from runtime.demo_linked import LINKED
from runtime.demo_saturations import SATURATIONS
from runtime.demo_sites import (
    BY_HAND,
    DSL,
    FAST,
    FORM,
    NO_CHARGE,
    OKSIO,
    SOON,
    answer,
    comes,
    lies,
    only,
    paper,
    site,
)
from runtime.demo_stories import Beside, Expected, Scenario
from runtime.demo_studies import STUDIES
from runtime.demo_visits import VISITS

ASIDE = ("OfferChosen", "AccessReserved", "ServiceStarted")


def _served(street: str, operator: str, offer: str, *words: str) -> Beside:
    """One more technology, by one more operator."""
    technology, _, _ = offer.partition(",")
    return Beside(
        site=site(street, technology),
        misbehaviour=only(operator, street, *words),
        outcome="delivered",
        says=(f"chosen: {operator}, {offer}", "active, working and ready to be used"),
    )


STUDIED = ("study-days:2", FAST)
TEN = (
    answer(BY_HAND, "refuse", "not there, says their mail", line=9, stage="checking-eligibility"),
    *comes("2027-02-04", *range(1, 8), 9, 10),
)
"""Microwave links are the ninth of each: one operator is asked about them by mail. Nobody comes for
mobile radio, the eighth."""

TECHNOLOGIES = (
    Scenario(
        name="every technology, under Technicophone's schedule",
        provider="technicophone",
        documents=DSL,
        site=site("rue des Amandiers", "ftth"),
        misbehaviour=only("orange", "rue des Amandiers", "lead:12"),
        beside=(
            _served("rue des Bouleaux", "bouygues", "shared-fibre, 800000/40000", "lead:11"),
            _served("rue des Charmes", "sfr", "dedicated-fibre, 1000000/1000000", *STUDIED),
            _served("rue des Cyprès", "orange", "adsl, 8000/800", "length:300", "rate:8000/800"),
            _served("rue des Ormes", "sfr", "vdsl, 50000/8000", "length:300", "rate:50000/8000"),
            _served("rue des Frênes", "orange", "sdsl, 4000/4000", "length:300", "rate:4000"),
            _served("rue des Hêtres", "sfr", "bundled-pairs, 8000/8000", "length:300", "rate:8000"),
            _served("rue des Ifs", "bouygues", "mobile-radio, 150000/30000"),
            _served("rue des Mélèzes", "sfr", "microwave, 100000/100000", "no-study"),
            _served("rue des Noyers", "orange", "leased-line, 10000/10000", "study-days:1"),
        ),
        moves=TEN,
        expected=Expected(
            outcome="delivered",
            served_on="2027-02-04",
            facts=("EligibilityFound", "OfferChosen", "CutsListed", "AccessReserved"),
            fees=(),
            operator="orange",
            says=("chosen: orange, ftth, 1000000/700000 kbit/s, 12 working days",),
            because="the provider chooses the operator (002:2198-2199)",
        ),
    ),
    Scenario(
        name="every technology, under OKSIO's schedule",
        provider="oksio",
        documents=OKSIO,
        site=site("rue du Beurre", "ftth"),
        misbehaviour=only("sfr", "rue du Beurre", "lead:12"),
        beside=(
            _served("rue du Blé", "orange", "shared-fibre, 800000/40000", "lead:11"),
            _served("rue du Cidre", "bouygues", "dedicated-fibre, 1000000/1000000", "no-study"),
            _served("rue du Lait", "bouygues", "adsl, 8000/800", "length:300", "rate:8000/800"),
            _served("rue du Lin", "orange", "vdsl, 50000/8000", "length:300", "rate:50000/8000"),
            _served("rue du Miel", "bouygues", "sdsl, 4000/4000", "length:300", "rate:4000"),
            _served("rue du Lys", "orange", "bundled-pairs, 8000/8000", "length:300", "rate:8000"),
            _served("rue du Pain", "sfr", "mobile-radio, 150000/30000"),
            _served("rue du Sel", "orange", "microwave, 100000/100000", "study-days:1"),
            _served("rue du Vin", "bouygues", "leased-line, 10000/10000", "no-study"),
        ),
        moves=TEN,
        expected=Expected(
            outcome="delivered",
            served_on="2027-02-04",
            facts=("EligibilityFound", "OfferChosen", "CutsListed", "AccessReserved"),
            fees=(),
            operator="sfr",
            says=("chosen: sfr, ftth, 1000000/700000 kbit/s, 12 working days",),
            because="the operator is OKSIO's choice (000:389)",
        ),
    ),
)


def _refused(street: str, technology: str, words: list[str], *says: str) -> Beside:
    return Beside(
        site=site(street, technology),
        misbehaviour=lies(street, *words),
        outcome="refused",
        says=says,
    )


ELIGIBILITIES = (
    Scenario(
        name="three offers for one site, and six sites nobody can serve",
        provider="technicophone",
        documents=DSL,
        site=site("rue des Acacias", "ftth"),
        misbehaviour={
            "site": "rue des Acacias",
            "is": [*SOON],
            "orange": ["deployed", "lead:20"],
            "sfr": ["deployed", "lead:9", "rate:500000/250000"],
            "bouygues": ["deployed", "lead:9", "rate:900000/250000"],
        },
        beside=(
            _refused(
                "rue des Asters",
                "ftth",
                ["not-yet"],
                "orange, ftth: not open yet (FIBER_NOT_YET_AVAILABLE)",
                "bouygues, ftth: not open yet (FIBER_NOT_YET_DEPLOYED)",
            ),
            _refused(
                "rue des Crocus",
                "adsl",
                ["too-long"],
                "orange, adsl: too much attenuation (TOO_MUCH_ATTENUATION)",
            ),
            _refused(
                "rue des Cyclamens",
                "sdsl",
                ["no-pair"],
                "orange, sdsl: no pair left (NO_PAIR_LEFT)",
                "bouygues, sdsl: no pair left (PAIRS_SATURATION)",
            ),
            _refused(
                "rue des Giroflées",
                "ftth",
                ["full"],
                "orange, ftth: network saturated (NETWORK_SATURATED)",
            ),
            _refused(
                "rue des Glycines",
                "vdsl",
                ["closed"],
                "orange, vdsl: copper closed (COPPER_CLOSED)",
                "copper is closed to orders of new lines since Saturday 31 January 2026",
            ),
            _refused(
                "rue des Jacinthes",
                "mobile-radio",
                ["not-deployed"],
                "orange, mobile-radio: not deployed (PRODUCT_NOT_AVAILABLE)",
            ),
        ),
        moves=comes("2027-02-01", 1),
        expected=Expected(
            outcome="delivered",
            order="partly",
            served_on="2027-02-01",
            facts=ASIDE,
            fees=(),
            operator="bouygues",
            says=(
                "chosen: bouygues, ftth, 900000/250000 kbit/s, 9 working days",
                "not chosen: sfr, ftth, 500000/250000 kbit/s, 9 working days (comes after by wish",
                "not chosen: orange, ftth, 1000000/700000 kbit/s, 20 working days",
            ),
            because=NO_CHARGE,
        ),
    ),
    Scenario(
        name="OKSIO, data in doubt, a service that is down, a group of lines",
        provider="oksio",
        documents=OKSIO,
        site=site("rue des Lavandes", "ftth"),
        misbehaviour=only("orange", "rue des Lavandes", check=["uncertain"]),
        beside=(
            Beside(
                site=site("rue des Mauves", "ftth"),
                misbehaviour=only("orange", "rue des Mauves", check=["service-down"]),
                outcome="refused",
                says=("orange, ftth: eligibility service down (EXTERNAL_WS_UNREACHABLE)",),
            ),
            Beside(
                site=site("rue des Myosotis", "sdsl", known=["line-group"]),
                misbehaviour=only("sfr", "rue des Myosotis"),
                outcome="refused",
                says=("line that is one of a group (000:387-401)",),
            ),
        ),
        moves=(
            answer("eligibility-unsure", "retry", "they have looked", line=1),
            answer("eligibility-unsure", "end", "down for good", line=2),
            *comes("2027-02-01", 1),
        ),
        expected=Expected(
            outcome="delivered",
            order="partly",
            served_on="2027-02-01",
            facts=("EligibilityAskedAgain", "AccessReserved"),
            fees=(),
            operator="orange",
            says=("orange, ftth: uncertain data (UNCERTAIN_DATA)",),
            because="what is not known refuses nobody; a group of lines is left out (000:387-401)",
        ),
    ),
    Scenario(
        name="not deployed anywhere",
        provider="technicophone",
        documents=FORM,
        site=site("rue des Lilas", "ftth"),
        misbehaviour=lies("rue des Lilas", "not-deployed:ftth", "lead:4"),
        expected=Expected(
            outcome="refused",
            order="refused",
            facts=("EligibilityFound",),
            fees=(),
            says=("orange, ftth: not deployed (FIBER_NOT_DEPLOYED_IN_BUILDING)",),
            because=NO_CHARGE,
        ),
    ),
    Scenario(
        name="4G in place of the fibre, a new order, linked",
        provider="technicophone",
        documents=FORM,
        site=site("rue des Lilas", "mobile-radio"),
        instead_of="not deployed anywhere",
        expected=Expected(
            outcome="delivered",
            facts=(*ASIDE, "WorksFinished", "Commissioned"),
            fees=(),
            says=("chosen: orange, mobile-radio, 150000/30000 kbit/s, 4 working days",),
            because="an alternative is a new contract to sign (decision 18)",
        ),
    ),
    Scenario(
        name="shared fibre, the socket too far from where the cable comes in",
        provider="technicophone",
        documents=FORM,
        site=site("rue des Jonquilles", "shared-fibre", coaxial_metres=45),
        misbehaviour=lies("rue des Jonquilles", "deployed"),
        expected=Expected(
            outcome="refused",
            order="refused",
            facts=("EligibilityFound",),
            fees=(),
            says=(
                "coaxial socket 45 m from where the network comes in, 30 m at most (002:2318-2321)",
            ),
            because="30 linear metres at most (002:2315-2321); " + NO_CHARGE,
        ),
    ),
    Scenario(
        name="OKSIO, four pairs together, refused by its range",
        provider="oksio",
        documents=OKSIO,
        site=site("rue des Pivoines", "bundled-pairs"),
        misbehaviour=lies("rue des Pivoines", "length:5200"),
        expected=Expected(
            outcome="refused",
            order="refused",
            facts=("EligibilityFound",),
            fees=(),
            says=("orange, bundled-pairs: too much attenuation (TOO_MUCH_ATTENUATION)",),
            because="the operator decides, nobody is liable (000:402-403)",
        ),
    ),
    Scenario(
        name="FTTH over a living line, the customer agrees to the cut",
        provider="technicophone",
        documents=FORM,
        site=site("rue des Muguets", "ftth", uses=["telephone"], keeps=["02 47 00 00 01"]),
        misbehaviour=lies("rue des Muguets", "deployed", "use:broadband"),
        moves=(paper("cuts", "cuts-consent"), *comes("2027-02-01")),
        expected=Expected(
            outcome="delivered",
            served_on="2027-02-01",
            facts=("CutsListed", "CutsAgreed"),
            fees=(),
            says=(
                "the line carries already: a telephone line; an internet access",
                "1 number(s) to keep: ported first, or else lost",
            ),
            because="what it cuts is listed and agreed to before anything is ordered (decision 39)",
        ),
    ),
)

ACCESSES = (
    *SATURATIONS,
    *ENDS,
    *LATER_DAYS,
    *EQUIPMENT,
    *LINKED,
    *TECHNOLOGIES,
    *VISITS,
    *STUDIES,
    *ELIGIBILITIES,
)
"""Those first whose dates run from the day they are sent in; then the longest."""
