"""Sample orders whose number goes back, or comes back: after a fraud, and after it had ended."""

from runtime.demo_accesses import ACCESSES
from runtime.demo_scenarios import SCENARIOS
from runtime.demo_stories import Expected, Move, Scenario

RETURNS = (
    Scenario(
        name="ported by fraud, and handed back",
        provider="axantis",
        number="0612345622",
        goes_back="fraud",
        expected=Expected(
            outcome="ported",
            port_day="2027-01-15",
            facts=("PortEnded", "LineHandedBack"),
            because="agreed, handed back and confirmed within 24 working hours (decision 31)",
        ),
    ),
    Scenario(
        name="ended four days ago, activated again",
        provider="onecom",
        number="0612345623",
        line={"wish": "2027-01-21"},
        misbehaviour={"donor": ["ended:4"]},
        moves=(
            Move(
                on="donor-refused",
                decide={
                    "decision": "provide",
                    "reason": "the company has moved, not closed",
                    "given": {"document": "justification", "on": "2027-01-08"},
                },
            ),
            Move(
                on="reactivation",
                far_side={"path": "/admin/exchange/reactivate", "msisdn": "0612345623"},
                decide={"decision": "retry", "reason": "the donor says it lives again"},
            ),
        ),
        expected=Expected(
            outcome="ported",
            port_day="2027-01-21",
            facts=("PortRefused", "ReactivationAsked", "PortReopened"),
            because="R323: activated again on a justified request (decision 28)",
        ),
    ),
)

ALL_SCENARIOS = (*ACCESSES, *SCENARIOS, *RETURNS)
"""Accesses first: their dates run from the Saturday, those of ports from Monday's sessions."""
