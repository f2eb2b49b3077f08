"""Works, visits and openings of the demo that do not go as planned: late, moved, failed, missed,
cancelled, tested again, billed before service.
"""

from datetime import datetime

from runtime.demo_sites import FAST, FORM, OKSIO, answer, comes, lies, paper, site
from runtime.demo_stories import Beside, Expected, Move, Scenario

_QUOTED = {
    "prices": {
        "access_fee": "150.00",
        "monthly": "49.90",
        "term_months": 36,
        "installation": "180.00",
    }
}
"""With an installation quote that the customer accepted."""

VISITS = (
    Scenario(
        name="delivered late, the works slip",
        provider="technicophone",
        documents=FORM,
        site=site("rue des Aubépines", "ftth", wish="2027-01-15"),
        misbehaviour=lies(
            "rue des Aubépines", "deployed", "lead:5", "works-days:3", "works:late=4=FLOOD"
        ),
        beside=(
            Beside(
                site=site("rue des Anémones", "ftth"),
                misbehaviour=lies(
                    "rue des Anémones", "deployed", "lead:5", build=["works:failed=no-permit"]
                ),
                outcome="delivered",
                says=(
                    "a permission is missing",
                    "nobody is said to answer for it",
                    "a person decides",
                ),
            ),
        ),
        moves=(
            answer("field-failure", "retry", "the permission is there", line=2),
            *comes("2027-02-04", 2, 1),
        ),
        expected=Expected(
            outcome="delivered",
            served_on="2027-02-04",
            facts=("MilestonePassed", "WorksFinished", "VisitKept", "LatenessJudged"),
            fees=(),
            says=(
                "(FLOOD)",
                "after Friday 15 January 2027, the day first told",
                "the day that is told binds nobody",
                "no indemnity for being late: the provider does not answer for it (002:2420-2421)",
            ),
            because="no date is promised (002:2415-2419) and no indemnity owed (002:2420-2421)",
        ),
    ),
    Scenario(
        name="a visit moved twice, one the customer missed, one the operator missed",
        provider="technicophone",
        documents=FORM,
        site=site("rue des Azalées", "ftth"),
        misbehaviour=lies("rue des Azalées", "deployed", "visit:moved=1=CREW"),
        beside=(
            Beside(
                site=site("rue des Bruyères", "ftth"),
                misbehaviour=lies(
                    "rue des Bruyères",
                    "deployed",
                    book=["visit:moved=1=CREW+failed=customer-absent"],
                ),
                outcome="delivered",
                says=(
                    "at no cost; CREW; Tuesday 2 February 2027, in the morning",
                    "the customer was absent",
                    "no price for a visit the customer missed",
                    "nothing is charged, another visit is offered",
                ),
            ),
            Beside(
                site=site("rue des Camélias", "ftth"),
                misbehaviour=lies("rue des Camélias", "deployed", book=["visit:missed=STAFF"]),
                outcome="delivered",
                says=("missed by the operator",),
            ),
        ),
        moves=(
            *comes("2027-02-01", 1, 2, 3),
            Move(
                on="awaiting-visit",
                line=1,
                decide={
                    "decision": "postpone",
                    "reason": "a fair on that day",
                    "given": {"day": "2027-02-03"},
                },
            ),
            Move(
                on="visit-slots",
                line=1,
                asks="1: Wednesday 3 February 2027, in the morning",
                decide={"decision": "provide", "reason": "it suits", "given": {"slot": "1"}},
            ),
            *comes("2027-02-08", 2, 3),
        ),
        expected=Expected(
            outcome="delivered",
            served_on="2027-02-04",
            facts=("VisitsAskedAgain", "VisitMoved", "VisitKept", "ServiceStarted"),
            fees=(),
            says=("free of charge until", "moved by the operator, at no cost"),
            because="two jours ouvrés before, it is moved free of charge (002:2540); moved by the "
            "operator, it is nobody's cost",
        ),
    ),
    Scenario(
        name="OKSIO, a visit that finds it too long: studied again",
        provider="oksio",
        documents=OKSIO,
        site=site("rue des Chèvrefeuilles", "ftth"),
        misbehaviour=lies(
            "rue des Chèvrefeuilles", "deployed", "study-days:1", book=["visit:failed=too-long"]
        ),
        moves=(*comes("2027-01-27"), *comes("2027-02-08")),
        expected=Expected(
            outcome="delivered",
            served_on="2027-02-08",
            facts=("VisitFailed", "StudyHeard", "WorksFinished", "VisitKept"),
            fees=(),
            says=(
                "it is longer than can be connected",
                "nobody is said to answer for it",
                "a study follows",
            ),
            because="no text says what follows: a study (ours); what is kept stays kept",
        ),
    ),
    Scenario(
        name="cancelled after the works, the visit let go too late",
        provider="technicophone",
        documents=FORM,
        site=site("rue des Coquelicots", "ftth", **_QUOTED),
        misbehaviour=lies("rue des Coquelicots", "deployed"),
        moves=(
            *comes("2027-02-01"),
            Move(
                on="awaiting-visit",
                cancels=True,
                not_before=datetime.fromisoformat("2027-01-29T08:00:00+01:00"),
            ),
            paper("cancellation-paper", "cancellation-letter"),
        ),
        expected=Expected(
            outcome="cancelled",
            order="cancelled",
            facts=("WorksFinished", "VisitBooked", "VisitLetGo", "LineReleased"),
            fees=(("installation", "180.00"),),
            says=(
                "cancelled too late by the customer: the installation is invoiced: 180.00 € HT",
                "(002:2540-2541)",
                "36 months left, x monthly fee: 36 x 49.90 € HT = 1796.40 € HT (002:2688-2696)",
            ),
            because="within two jours ouvrés the installation is invoiced (002:2540-2541); 2 x "
            "150.00 € or 36 x 49.90 € are shown, not charged (decision 13)",
        ),
    ),
    Scenario(
        name="dedicated fibre, the site not ready, billed before service",
        provider="technicophone",
        documents=FORM,
        site=site("rue des Cosmos", "dedicated-fibre", wish="2027-02-01"),
        misbehaviour=lies(
            "rue des Cosmos",
            *("deployed", "lead:8", "study-lead:8", "study-days:1", FAST),
            book=["visit:failed=site-not-ready"],
        ),
        moves=(
            *comes("2027-02-01"),
            answer("site-not-ready", "agree", "power and duct are there"),
            answer("visit-slots", "provide", "the first there is", slot="1"),
        ),
        expected=Expected(
            outcome="delivered",
            facts=("SiteNotReady", "SiteReady", "VisitKept", "BillingStarted"),
            fees=(),
            billed_early=("2027-02-01", "002:2353-2355"),
            says=(
                "the site was not ready",
                "before service; another day is to be agreed (002:2353-2355)",
                "billed from the day first planned, Monday 1 February 2027 (002:2353-2355)",
            ),
            because="a site without its description is billed from the day first planned "
            "(002:2353-2355): the wish, where its operator could be there sooner (ours)",
        ),
    ),
    Scenario(
        name="dedicated fibre, tests failed, then passed",
        provider="technicophone",
        documents=FORM,
        site=site("rue des Dauphinelles", "dedicated-fibre"),
        misbehaviour=lies(
            "rue des Dauphinelles",
            *("deployed", "lead:20", "study-days:1", FAST),
            commission=["tests:slow=50"],
        ),
        moves=(*comes("2027-02-03"), answer("tests-failed", "retry", "a splice is redone")),
        expected=Expected(
            outcome="delivered",
            served_on="2027-02-03",
            facts=("VisitKept", "Commissioned", "ServiceStarted"),
            fees=(),
            says=(
                "500000 kbit/s failed",
                "980000 kbit/s, at least 950000 are due, 95 % of 1000000 (002:2423)",
            ),
            because="dedicated fibre is guaranteed at 95 per cent of its rate (002:2423, "
            "decision 4): it starts once that is measured",
        ),
    ),
)
