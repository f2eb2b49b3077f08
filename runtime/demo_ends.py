"""Accesses of the demo that people steer: cancelled, suspended, withdrawn, answered by hand."""

from datetime import datetime

from runtime.demo_sites import (
    BY_HAND,
    FORM,
    OKSIO,
    SOON,
    answer,
    comes,
    lies,
    only,
    paper,
    site,
)
from runtime.demo_stories import Expected, Move, Scenario

RIGHT_DOOR = {"address": "3 rue des Hortensias, 37210 Rochecorbon", "commune": "37203"}

ENDS = (
    Scenario(
        name="OKSIO, cancelled by an agreement both have signed",
        provider="oksio",
        documents=OKSIO,
        site=site("rue des Oeillets", "ftth"),
        misbehaviour=lies("rue des Oeillets", "deployed"),
        moves=(
            Move(on="ready-for-works", cancels=True),
            answer("cancellation-agreement", "agree", "signed by both"),
        ),
        expected=Expected(
            outcome="cancelled",
            order="cancelled",
            facts=("CancellationAsked", "LineReleased"),
            fees=(),
            says=(
                "a written agreement, signed by both parties, is needed (000:345-346)",
                "what others charge for it, at cost (000:60)",
                "150.00 € HT + 36 x 49.90 € HT = 1946.40 € HT (000:59)",
                "the customer may leave after Saturday 3 April 2027",
                "for any delivery (000:430), in force (decision 41)",
            ),
            because="by agreement (000:345-346); what was spent or 1946.40 € are shown, not "
            "charged (decision 13); twelve weeks from the order he may leave (000:430)",
        ),
    ),
    Scenario(
        name="cancelled while ready for works",
        provider="technicophone",
        documents=FORM,
        site=site("rue des Narcisses", "ftth"),
        misbehaviour=lies("rue des Narcisses", "deployed"),
        moves=(
            Move(on="ready-for-works", cancels=True),
            paper("cancellation-paper", "cancellation-letter"),
        ),
        expected=Expected(
            outcome="cancelled",
            order="cancelled",
            facts=("CancellationAsked", "LineReleased"),
            fees=(),
            says=(
                "a registered letter with acknowledgement has to confirm it (002:227)",
                "36 months left, x monthly fee: 36 x 49.90 € HT = 1796.40 € HT (002:2688-2696)",
                "undiscounted access fee: 150.00 € HT x 2 = 300.00 € HT (002:222-223)",
            ),
            because="by registered letter (002:227-228); 2 x 150.00 € or 36 x 49.90 € are shown, "
            "not charged (decision 13)",
        ),
    ),
    Scenario(
        name="suspended until 25 January",
        provider="technicophone",
        documents=FORM,
        site=site("rue des Soucis", "ftth"),
        misbehaviour=only("sfr", "rue des Soucis"),
        moves=(Move(on="checking-eligibility", holds_until="2027-01-25"), *comes("2027-02-05")),
        expected=Expected(
            outcome="delivered",
            served_on="2027-02-05",
            facts=("AccessHeld", "AccessTakenUp", "AccessReserved"),
            fees=(),
            says=("the premises move: Monday 25 January 2027 at 00:00",),
            because="suspended on request: nothing is begun until that day (a default of ours)",
        ),
    ),
    Scenario(
        name="ordered for the wrong door, amended to the right one",
        provider="technicophone",
        documents=FORM,
        site=site("rue des Hortensias", "ftth"),
        misbehaviour=only("sfr", "rue des Hortensias", "lead:9", "works-days:3"),
        moves=(
            Move(on="ready-for-works", amends={"lines": [{"line": 1, "site": RIGHT_DOOR}]}),
            *comes("2027-02-04"),
        ),
        expected=Expected(
            outcome="delivered",
            served_on="2027-02-04",
            facts=("AccessAmended", "LineReleased", "AccessReserved", "ServiceStarted"),
            fees=(),
            operator="sfr",
            says=("another site",),
            because="before service an amendment takes no form and costs nothing (002 is silent: a "
            "default of ours); what was kept is given back, and all begins again at the other door",
        ),
    ),
    Scenario(
        name="a microwave link, answered by mail",
        provider="technicophone",
        documents=FORM,
        site=site("rue des Iris", "microwave"),
        misbehaviour=lies("rue des Iris", "not-deployed"),
        moves=(
            answer(
                BY_HAND,
                "agree",
                "their mail of the 9th",
                stage="checking-eligibility",
                speed="100000/100000",
                lead="35",
            ),
            answer(BY_HAND, "agree", "their mail of the 10th", stage="reserving"),
            answer(
                BY_HAND,
                "agree",
                "they come on the 2nd",
                stage="ready-for-works",
                day="2027-02-02",
                half="morning",
            ),
            answer("visit-unreported", "agree", "they came, says the customer"),
            Move(
                on=BY_HAND,
                stage="commissioning",
                decide={
                    "decision": "agree",
                    "reason": "it works, says their mail",
                    "about": BY_HAND,
                    "given": {"day": "2027-02-04"},
                },
                not_before=datetime.fromisoformat("2027-02-04T00:30:00+01:00"),
            ),
        ),
        expected=Expected(
            outcome="delivered",
            service_started_at="2027-02-04T00:00:00+01:00",
            facts=("AccessReserved", "VisitReminded", "VisitKept", "ServiceStarted"),
            fees=(),
            operator="bouygues",
            says=(
                "bouygues has no interface: ask for checking whether the site can be served",
                "chosen: bouygues, microwave, 100000/100000 kbit/s, 35 working days",
            ),
            because="a person answers in the operator's place, under the same deadlines; wireless "
            "where it covers (002:2305-2311)",
        ),
    ),
    Scenario(
        name="the operator takes its supply back, another serves",
        provider="technicophone",
        documents=FORM,
        site=site("rue des Tulipes", "ftth"),
        misbehaviour={
            "site": "rue des Tulipes",
            "is": [*SOON],
            "orange": ["deployed", "lead:5", "withdrawn:1:GC-9"],
            "sfr": ["deployed", "lead:9"],
            "bouygues": ["not-deployed"],
        },
        moves=(
            answer("supply-withdrawn", "retry", "the others are asked"),
            *comes("2027-02-04"),
        ),
        expected=Expected(
            outcome="delivered",
            served_on="2027-02-04",
            facts=("SupplierWithdrew", "EligibilityAskedAgain", "OperatorPassedOver"),
            fees=(),
            operator="sfr",
            says=(
                "chosen: orange, ftth, 1000000/700000 kbit/s, 5 working days",
                "the operator withdraws what it stands on (GC-9)",
                "chosen: sfr, ftth, 1000000/700000 kbit/s, 9 working days",
            ),
            because="no operator that has taken its supply back is asked again for the site",
        ),
    ),
)
