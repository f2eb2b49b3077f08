"""A later day asked by the customer of dedicated fibre (002:2376-2396): in time, beyond two months,
too late.
"""

from datetime import datetime

from runtime.demo_sites import FAST, FORM, SLOTS, answer, comes, lies, site
from runtime.demo_stories import Expected, Json, Move, Scenario

PLANNED = ("deployed", "lead:5", "study-lead:5", "study-days:1", FAST)
"""Its operator is sooner than the wish, which is the day agreed."""
READY = answer("site-readiness", "agree", "power and duct are there")
"""Or it would be billed early for its site (002:2353-2355)."""


def _wish(day: str) -> Json:
    return {"lines": [{"line": 1, "wish": day}]}


LATER_DAYS = (
    Scenario(
        name="dedicated fibre, put off by its customer in time",
        provider="technicophone",
        documents=FORM,
        site=site("rue des Tilleuls", "dedicated-fibre", wish="2027-02-04"),
        misbehaviour=lies("rue des Tilleuls", *PLANNED),
        moves=(
            READY,
            Move(
                on=SLOTS,
                amends=_wish("2027-05-03"),
                is_refused=True,
                refusal=(
                    "beyond the longest delay, which runs until Sunday 4 April 2027 (002:2383)",
                    "36 months left, x monthly fee: 36 x 49.90 € HT = 1796.40 € HT (002:2385-2387)",
                ),
            ),
            Move(on=SLOTS, amends=_wish("2027-02-08")),
            *comes("2027-02-08"),
        ),
        expected=Expected(
            outcome="delivered",
            served_on="2027-02-08",
            facts=("SiteReady", "AccessAmended", "CustomerDelayAgreed", "BillingStarted"),
            fees=(),
            says=(
                "the customer has warned in time, by email, until Tuesday 26 January 2027",
                "as the customer asked, for Monday 8 February 2027",
                "at the latest Sunday 4 April 2027 (002:2383)",
                "billed from service start, ",
            ),
            because="warned by email seven jours ouvrés before 4 February, it moves at no cost "
            "(002:2376-2379); beyond 4 April it is refused, cancelling costs 1796.40 € "
            "(002:2382-2387)",
        ),
    ),
    Scenario(
        name="dedicated fibre, put off too late, billed before service",
        provider="technicophone",
        documents=FORM,
        site=site("rue des Troènes", "dedicated-fibre", wish="2027-02-01"),
        misbehaviour=lies("rue des Troènes", *PLANNED),
        moves=(
            READY,
            *comes("2027-02-01"),
            Move(
                on="awaiting-visit",
                amends=_wish("2027-02-08"),
                not_before=datetime.fromisoformat("2027-01-26T08:00:00+01:00"),
            ),
            Move(
                on=SLOTS,
                asks="1: Monday 8 February 2027, in the morning",
                decide={
                    "decision": "provide",
                    "reason": "it suits",
                    "about": SLOTS,
                    "given": {"slot": "1"},
                },
            ),
        ),
        expected=Expected(
            outcome="delivered",
            served_on="2027-02-08",
            facts=("CustomerDelayAgreed", "VisitMoved", "VisitKept", "BillingStarted"),
            fees=(),
            billed_early=("2027-02-01", "002:2392-2396"),
            says=(
                "the customer warns too late: by email, it was until Thursday 21 January 2027",
                "as the customer asked, for Monday 8 February 2027",
                "runs from the day first agreed, Monday 1 February 2027 (002:2392-2396)",
                "before service",
            ),
            because="not warned seven jours ouvrés before: 49.90 € a month run from 1 February, "
            "the day first agreed (002:2392-2396), another clause that allows it",
        ),
    ),
)
