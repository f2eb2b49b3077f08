"""Fixed accesses in the demo: one for each technology and each end, with its clause and its euros.

Technicophone's internet schedule lies at 002:2119-2921, OKSIO's data schedule at 000:302-502. Each
lies in a street of its own, so that no two share a box of the network.
"""

from typing import Any

from runtime.demo_scenarios import Expected, Json, Move, Scenario, held

FORM = held("signed-order-form")
DSL = held("signed-order-form", "dsl-written-mandate")
OKSIO = held("premises-description", "sepa-mandate", "order-payment")
DONE = {"decision": "agree", "reason": "the works are done", "given": {"day": "2027-01-11"}}
WORKS = Move(on="works-by-hand", decide=DONE)
"""Until works have a process of their own, a person says that it works."""
NO_CHARGE = "a site that cannot be connected is cancelled alone, without indemnity (002:588-594)"


def _site(street: str, *wanted: str, **more: Any) -> Json:  # noqa: ANN401  any JSON
    return {
        "address": f"1 {street}, 37210 Rochecorbon",
        "commune": "37203",
        "wanted": list(wanted),
        "prices": {"access_fee": "150.00", "monthly": "49.90", "term_months": 36},
        **more,
    }


def _taught(street: str, **words: list[str]) -> Json:
    """How the networks lie in a street."""
    return {"site": street, **words}


def _paper(name: str) -> Json:
    given = {"document": name, "on": "2027-01-09"}
    return {"decision": "provide", "reason": "signed by the customer", "given": given}


ACCESSES = (
    Scenario(
        name="FTTH, nothing in the way",
        provider="technicophone",
        documents=FORM,
        site=_site("rue des Acacias", "ftth"),
        misbehaviour=_taught("rue des Acacias", **{"is": ["deployed"]}),
        moves=(WORKS,),
        expected=Expected(
            outcome="delivered",
            facts=("EligibilityFound", "OfferChosen", "CutsListed", "AccessReserved"),
            fees=(),
            because="the provider chooses the operator (002:2198-2199)",
        ),
    ),
    Scenario(
        name="SDSL, desaturated later, the fee agreed to",
        provider="technicophone",
        documents=DSL,
        site=_site("rue des Bleuets", "sdsl"),
        misbehaviour=_taught(
            "rue des Bleuets",
            **{"is": ["deployed", "saturated:deferred", "desaturate-days:10"]},
        ),
        moves=(Move(on="fee-consent", decide=_paper("fee-consent")), WORKS),
        expected=Expected(
            outcome="delivered",
            facts=("SaturationFound", "FeeOwed", "FeeConsented", "Desaturated"),
            fees=(("desaturation", "750.00"),),
            because="about six weeks (002:2264), 750 € without VAT (002:2274), consent first (C22)",
        ),
    ),
    Scenario(
        name="ADSL, desaturated at the first visit, nobody asked",
        provider="technicophone",
        documents=DSL,
        site=_site("rue des Capucines", "adsl"),
        misbehaviour=_taught("rue des Capucines", **{"is": ["deployed", "saturated:first-visit"]}),
        moves=(WORKS,),
        expected=Expected(
            outcome="delivered",
            facts=("SaturationFound", "FeeOwed"),
            fees=(),
            because="the customer is not told (002:2265): nothing is charged without consent (C22)",
        ),
    ),
    Scenario(
        name="VDSL, an exceptional desaturation left without an answer",
        provider="technicophone",
        documents=DSL,
        site=_site("rue des Dahlias", "vdsl"),
        misbehaviour=_taught(
            "rue des Dahlias",
            **{"is": ["deployed", "saturated:exceptional", "quote:Tirage=1800.00;Pose=640.00"]},
        ),
        expected=Expected(
            outcome="cancelled",
            order="cancelled",
            facts=("QuoteGiven", "QuoteRefused"),
            fees=(),
            because="ten calendar days, and silence cancels (002:2280-2283); the access fee of "
            "150.00 € and the quote's are shown, not charged (decision 13)",
        ),
    ),
    Scenario(
        name="dedicated fibre, readjusted by its study",
        provider="technicophone",
        documents=FORM,
        site=_site("rue des Eglantiers", "dedicated-fibre"),
        misbehaviour=_taught(
            "rue des Eglantiers", **{"is": ["deployed", "study-fee:250.00", "study-days:4"]}
        ),
        moves=(WORKS,),
        expected=Expected(
            outcome="delivered",
            facts=("StudyHeard", "ChangesBinding"),
            fees=(),
            because="studied after signature (002:2326-2331), readjusted without consent",
        ),
    ),
    Scenario(
        name="dedicated fibre, the quote for works refused",
        provider="technicophone",
        documents=FORM,
        site=_site("rue des Fougères", "dedicated-fibre"),
        misbehaviour=_taught(
            "rue des Fougères",
            **{"is": ["deployed", "study-works", "quote:Tranchée=4200.00", "study-days:4"]},
        ),
        moves=(Move(on="quote", decide={"decision": "refuse", "reason": "too dear"}),),
        expected=Expected(
            outcome="cancelled",
            order="cancelled",
            facts=("StudyHeard", "QuoteGiven", "QuoteRefused"),
            fees=(),
            because="what the operator claims (002:2348-2350), shown and not charged (decision 13)",
        ),
    ),
    Scenario(
        name="a leased line, the study says no",
        provider="technicophone",
        documents=FORM,
        site=_site("rue des Genêts", "leased-line"),
        misbehaviour=_taught(
            "rue des Genêts", **{"is": ["deployed", "study-negative:GC-7", "study-days:3"]}
        ),
        moves=(Move(on="study-refused", decide={"decision": "end", "reason": "no other way"}),),
        expected=Expected(
            outcome="refused", order="refused", facts=("StudyHeard",), fees=(), because=NO_CHARGE
        ),
    ),
    Scenario(
        name="4G, only Bouygues Telecom serves it",
        provider="technicophone",
        documents=FORM,
        site=_site("rue des Hortensias", "mobile-radio"),
        misbehaviour=_taught(
            "rue des Hortensias",
            orange=["not-deployed"],
            sfr=["not-yet"],
            bouygues=["deployed"],
        ),
        moves=(WORKS,),
        expected=Expected(
            outcome="delivered",
            facts=("OfferChosen",),
            fees=(),
            operator="bouygues",
            because="several operators are asked; who can serve it does, and the others' reasons "
            "are on record",
        ),
    ),
    Scenario(
        name="a microwave link",
        provider="technicophone",
        documents=FORM,
        site=_site("rue des Iris", "microwave"),
        misbehaviour=_taught("rue des Iris", **{"is": ["deployed", "no-study"]}),
        moves=(WORKS,),
        expected=Expected(
            outcome="delivered", facts=("AccessReserved",), fees=(), because="002:2305-2311"
        ),
    ),
    Scenario(
        name="shared fibre, the socket too far from where the cable comes in",
        provider="technicophone",
        documents=FORM,
        site=_site("rue des Jonquilles", "shared-fibre", coaxial_metres=45),
        misbehaviour=_taught("rue des Jonquilles", **{"is": ["deployed"]}),
        expected=Expected(
            outcome="refused",
            order="refused",
            facts=("EligibilityFound",),
            fees=(),
            because="30 linear metres at most (002:2315-2321); " + NO_CHARGE,
        ),
    ),
    Scenario(
        name="not deployed anywhere",
        provider="technicophone",
        documents=FORM,
        site=_site("rue des Lilas", "ftth"),
        misbehaviour=_taught("rue des Lilas", **{"is": ["not-deployed"]}),
        expected=Expected(
            outcome="refused",
            order="refused",
            facts=("EligibilityFound",),
            fees=(),
            because=NO_CHARGE,
        ),
    ),
    Scenario(
        name="FTTH over a living line, the customer agrees to the cut",
        provider="technicophone",
        documents=FORM,
        site=_site("rue des Muguets", "ftth", uses=["telephone"]),
        misbehaviour=_taught("rue des Muguets", **{"is": ["deployed", "use:broadband"]}),
        moves=(Move(on="cuts", decide=_paper("cuts-consent")), WORKS),
        expected=Expected(
            outcome="delivered",
            facts=("CutsListed", "CutsAgreed"),
            fees=(),
            because="what it cuts is listed and agreed to before anything is ordered (decision 39)",
        ),
    ),
    Scenario(
        name="cancelled while ready for works",
        provider="technicophone",
        documents=FORM,
        site=_site("rue des Narcisses", "ftth"),
        misbehaviour=_taught("rue des Narcisses", **{"is": ["deployed"]}),
        moves=(
            Move(on="ready-for-works", cancels=True),
            Move(on="cancellation-paper", decide=_paper("cancellation-letter")),
        ),
        expected=Expected(
            outcome="cancelled",
            order="cancelled",
            facts=("CancellationAsked", "LineReleased"),
            fees=(),
            because="by registered letter (002:227-228); 2 x 150.00 € or 36 x 49.90 € are shown, "
            "not charged (decision 13)",
        ),
    ),
    Scenario(
        name="OKSIO SDSL, put off by a saturation",
        provider="oksio",
        documents=OKSIO,
        site=_site("rue des Orchidées", "sdsl"),
        misbehaviour=_taught(
            "rue des Orchidées",
            **{"is": ["deployed", "saturated:deferred", "desaturate-days:8"]},
        ),
        moves=(WORKS,),
        expected=Expected(
            outcome="delivered",
            facts=("SaturationFound", "Desaturated"),
            fees=(),
            because="put off by as much, at the customer's cost, at no stated price (000:405-408): "
            "said, and not charged",
        ),
    ),
    Scenario(
        name="OKSIO, four pairs together, refused by its range",
        provider="oksio",
        documents=OKSIO,
        site=_site("rue des Pivoines", "bundled-pairs"),
        misbehaviour=_taught("rue des Pivoines", **{"is": ["length:5200"]}),
        expected=Expected(
            outcome="refused",
            order="refused",
            facts=("EligibilityFound",),
            fees=(),
            because="the operator decides, nobody is liable (000:402-403)",
        ),
    ),
)
