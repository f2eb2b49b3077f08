"""A timeline of an access says its offers, dates and euros, each with its line."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from domain import access_facts as facts
from domain.access_changes import (
    AccessAmended,
    AccessAmendmentAsked,
    AccessAmendmentLapsed,
    AccessChange,
    Anew,
    Place,
)
from domain.access_facts import Barrier, Reason, SaturationMode, Technology, Verdict
from domain.event import Event
from domain.identity import NoticeId
from domain.port_in_facts import CancellationAsked, Gate, GateKind
from domain.said import Said
from projections.telling import told_by
from tests.accesses import FEE_CONSENT, ORANGE, QUOTE, fee, offer, site_terms, study
from tests.porting import STORY

LETTER = Said(fr="une lettre", en="a letter")
COST = Said(fr="300 €", en="300.00 €")
GATE = Gate(
    kind=GateKind.MANDATE, needs=("dsl-written-mandate",), until=STORY, said=LETTER, source="002"
)
CHANGE = AccessChange(place=Place.of(site_terms()), down_kbps=2000, wished=date(2027, 2, 1))
UNTIL = datetime(2027, 1, 20, 23, tzinfo=UTC)


def _said(event: Event) -> str:
    said = told_by(event)
    assert said is not None
    return said.en


def test_an_operators_answer_says_what_it_offers_and_why_not() -> None:
    barrier = Barrier(technology=Technology.SDSL, reason=Reason.NO_PAIR, code="NO_PAIR_LEFT")
    found = facts.EligibilityFound(
        operator=ORANGE, offers=(offer(),), barriers=(barrier,), checked_at=STORY
    )

    assert _said(found) == (
        "orange, ftth, 1000000/300000 kbit/s, 15 working days; "
        "orange, sdsl: no pair left (NO_PAIR_LEFT)"
    )


def test_a_quote_says_its_items_its_sum_and_its_last_instant() -> None:
    given = facts.QuoteGiven(quote=QUOTE, told_at=STORY, until=UNTIL, source="002:2280-2281")
    sums = "Q-1: génie civil 1200.00 €, câble 80.50 €, 1280.50 € HT"

    assert _said(given) == f"{sums}, until Wednesday 20 January 2027 at 23:00 (002:2280-2281)"
    assert _said(given.model_copy(update={"until": None})) == f"{sums} (002:2280-2281)"


def test_a_quote_that_has_no_last_day_says_only_why_it_is_told() -> None:
    told = facts.QuoteTold(
        reference="Q-1",
        notice_id=NoticeId(UUID(int=1)),
        channel="email",
        on=date(2027, 1, 9),
        rule=LETTER,
        until=None,
        source="002:2280-2281",
    )

    assert _said(told) == "a letter"


def test_a_cancellation_says_what_it_takes_and_every_reading_of_its_cost() -> None:
    asked = CancellationAsked(by="the customer", asked_at=STORY, needs=LETTER, cost=(COST,))

    assert _said(asked) == "a letter; 300.00 €"
    assert _said(asked.model_copy(update={"needs": None})) == "300.00 €"


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (facts.AccessOpened(terms=site_terms(), gates=(GATE,), stated=(COST,)), "300.00 €; a lett"),
        (facts.OfferChosen(offer=offer(), because=(COST, LETTER)), "300.00 €; a letter"),
        (facts.ChangesBinding(offer=offer(), said=(COST,)), "300.00 €"),
        (facts.OperatorPassedOver(operator=ORANGE, why=LETTER), "a letter"),
        (facts.EligibilityAskedAgain(why=LETTER), "a letter"),
        (facts.CutsListed(uses=(), numbers=0, said=LETTER), "a letter"),
        (facts.NothingInTheWay(study=True, because=LETTER), "a letter"),
        (facts.StudyHeard(result=study(Verdict.NEGATIVE), studied_at=STORY), "negative"),
        (facts.FeeOwed(fee=fee(), consented=False), "said (002:2274)"),
        (facts.FeesSettled(fees=(fee(),)), "said (002:2274)"),
        (facts.QuoteRefused(reference="Q-1", by_silence=True, fees=(fee(),)), "said (002:2274)"),
        (facts.SupplierWithdrew(operator=ORANGE, code="END", told_at=STORY), "orange: END"),
        (facts.AccessHeld(until=UNTIL, by="a colleague", reason="moving"), "moving: Wednesday"),
        (facts.ServiceStarted(started_at=STORY, said=LETTER), "a letter"),
        (
            AccessAmended(
                by="c", change=CHANGE, anew=Anew.SITE, gives_back=False, because=(LETTER,)
            ),
            "another site; 2000 kbit/s; wished for Monday 1 February 2027; a letter",
        ),
        (
            AccessAmendmentAsked(by="c", asked_at=STORY, change=AccessChange(), needs=LETTER),
            "a letter",
        ),
        (AccessAmendmentLapsed(why=LETTER), "a letter"),
        (facts.SiteUnserved(reasons=(COST, LETTER)), "300.00 €; a letter"),
        (
            facts.QuoteTold(
                reference="Q-1",
                notice_id=NoticeId(UUID(int=1)),
                channel="email",
                on=date(2027, 1, 9),
                rule=LETTER,
                until=UNTIL,
                source="002:2280-2281",
            ),
            "a letter",
        ),
        (
            facts.WrongOverwritingTold(
                told_by=facts.Teller.CUSTOMER, by="c", operator=ORANGE, told_at=STORY
            ),
            "orange: customer",
        ),
        (facts.SitesToldApart(why=LETTER), "a letter"),
        (facts.DeliveryPutOff(said=LETTER), "a letter"),
        (facts.AccessEnded(outcome="delivered", why=LETTER), "a letter"),
        (
            facts.SaturationFound(
                event_at=STORY,
                at_customer=False,
                mode=SaturationMode.LATER,
                estimate=None,
                tell_by=None,
                said=(LETTER, COST),
            ),
            "a letter; 300.00 €",
        ),
    ],
)
def test_a_fact_of_an_access_says_what_its_name_does_not(event: Event, words: str) -> None:
    assert _said(event).startswith(words)


def test_what_an_access_pays_for_nothing_says_nothing() -> None:
    assert told_by(facts.FeesSettled(fees=())) is None
    assert told_by(facts.FeeConsented(head="desaturation", paper=FEE_CONSENT)) is None
