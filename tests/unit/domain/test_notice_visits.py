"""What the customer of a site is told of its visits."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from domain import access_facts as facts
from domain import works_attention
from domain import works_facts as fields
from domain.access_facts import Fee, SaturationMode, Technology
from domain.attention import Attention, AttentionRaised, DecisionKind, Turn
from domain.contract_resolution import Pin
from domain.delay_facts import CustomerDelayMissed
from domain.event import Event
from domain.port_in_facts import Outcome, Step, StepGivenUp
from domain.said import Said
from domain.works_facts import After, FieldFailure, Half, Party
from tests.accesses import SAID, fee, site_terms
from tests.noticed_visits import (
    AT,
    AWAITED,
    BUILT,
    ENDS,
    READY,
    english,
    failed,
    maybe,
    missed,
    opened,
    slot,
    told,
    visit,
)
from tests.porting import paris

# visits


def test_slots_are_offered_by_their_numbers_until_the_day_an_answer_is_awaited() -> None:
    offered = fields.VisitsOffered(slots=(slot(), slot("2027-01-21", Half.AFTERNOON)))
    asked = AttentionRaised(
        attention=Attention(
            code=works_attention.SLOTS,
            what=SAID,
            since=AT,
            until=paris("2027-01-19T18:00:00"),
            turn=Turn.CUSTOMER,
            allowed=(DecisionKind.PROVIDE,),
        )
    )

    found = told(asked, *BUILT, offered)

    assert found.purpose == "site-visit-offered"
    assert english(found) == {
        "slots": "1) Wednesday 20 January 2027, in the morning (between 08:00 and 13:00); "
        "2) Thursday 21 January 2027, in the afternoon (between 13:00 and 18:00)",
        "until": "Tuesday 19 January 2027 at 18:00",
    }
    assert found.facts["slots"].fr.startswith(
        "1) mercredi 20 janvier 2027, le matin (entre 8 h 00 et 13 h 00) ; 2) jeudi"
    )


def test_a_visit_that_is_booked_says_when_and_until_when_it_is_moved_free_of_charge() -> None:
    booked = visit(free_until=paris("2027-01-19T00:00:00"))

    found = told(booked, *BUILT)

    assert found.purpose == "site-visit-booked"
    assert english(found) == {
        "when": "Wednesday 20 January 2027, in the morning (between 08:00 and 13:00)",
        "free": "moved or cancelled free of charge until the end of Monday 18 January 2027, then "
        "as your contract has it",
        "ready": "your contract asks you to prepare nothing at the site",
    }
    # the day it is free until, and who lets the technician in (002:491-493)
    assert found.sources == ("002:491-493", "002:2540")


@pytest.mark.parametrize(
    ("free_until", "free"),
    [
        (None, "déplacé ou annulé sans frais jusqu'à son début"),
        (
            paris("2027-01-18T14:30:00"),
            (
                "déplacé ou annulé sans frais jusqu'au lundi 18 janvier 2027 à 14 h 30, ensuite "
                "comme le dit votre contrat"
            ),
        ),
        (
            paris("2027-01-15T00:00:00"),
            (
                "le délai pour le déplacer ou l'annuler sans frais est passé (jeudi 14 janvier "
                "2027 inclus)"
            ),
        ),
    ],
)
def test_what_letting_a_visit_go_takes_is_told_as_it_stands_that_day(
    free_until: datetime | None, free: str
) -> None:
    assert told(visit(free_until=free_until), *BUILT).facts["free"].fr == free


def test_what_the_contract_has_ready_at_the_site_is_told_with_its_day() -> None:
    """Of dedicated fibre (002:2351-2371); OKSIO of whatever reaches the site (000:368-374)."""
    fibre = (*opened(Technology.DEDICATED_FIBRE), *BUILT[len(READY) :])
    oksio = (*opened(under=("oksio", "data")), *BUILT[len(READY) :])

    asked = told(visit(), *fibre)
    late = told(visit(slot("2027-01-15")), *oksio)

    assert asked.facts["ready"].en == (
        "for you to prepare, by Tuesday 19 January 2027: a detailed description of your premises, "
        "the site equipped as you were told, power, circuits and connections, fittings by the "
        "standards you were given, permissions on your side of the entry point"
    )
    assert "002:2351-2371" in asked.sources
    assert late.facts["ready"].fr == (
        "à préparer de votre côté, dès maintenant : un descriptif détaillé de vos locaux, le site "
        "équipé selon les instructions reçues, le courant, les circuits et les branchements, les "
        "aménagements aux normes qui vous ont été données, un passage pour les câbles"
    )
    assert "000:368-374" in late.sources


def test_a_contract_that_no_longer_reads_as_it_was_pinned_stops_no_notice() -> None:
    pin: Pin = site_terms().pin
    gone = opened(pin=pin.model_copy(update={"provider": "nobody"}))

    found = told(visit(), *gone, *BUILT[len(READY) :])

    assert found.facts["ready"].en == "for you to prepare: what your contract asks at the site"


def test_a_visit_is_told_by_the_clock_of_its_site() -> None:
    """Saint-Denis (La Réunion) is three hours ahead of Paris in winter."""
    site = site_terms().site.model_copy(update={"commune": "97411"})
    there = (*opened(site=site), *BUILT[len(READY) :])

    found = told(visit(), *there)

    assert found.facts["when"].en.endswith("(between 11:00 and 16:00)")


def test_a_visit_the_operator_moves_says_so_in_our_words_and_costs_nothing() -> None:
    moved = fields.VisitMoved(
        reference="RDV-7",
        by=Party.OPERATOR,
        code="STORM",
        to=visit(slot("2027-01-25", Half.AFTERNOON)),
        because=SAID,
    )

    found = told(moved, *AWAITED)

    assert found.purpose == "site-visit-moved"
    assert english(found) == {
        "when": "Monday 25 January 2027, in the afternoon (between 13:00 and 18:00)",
        "was": "Wednesday 20 January 2027, in the morning (between 08:00 and 13:00)",
        "why": "moved by the operator, which cannot come when it was planned",
        "cost": "no fee for you",
        "free": "moved or cancelled free of charge until it begins",
        "ready": "your contract asks you to prepare nothing at the site",
    }


def test_a_visit_moved_too_late_on_request_says_that_its_cost_is_not_charged() -> None:
    # the clause is about cancelling (002:2540-2541)
    shown = Fee(
        head="installation", euros=None, said=SAID, source="002:2540-2541", chargeable=False
    )
    because = Said(fr="trop tard (002:2540-2541)", en="too late (002:2540-2541)")
    moved = fields.VisitMoved(
        reference="RDV-7", by=Party.CUSTOMER, to=visit(slot("2027-01-25")), because=because
    )

    found = told(moved, *AWAITED, after=(facts.FeeOwed(fee=shown, consented=True),))

    assert found.facts["why"].fr == "déplacé à votre demande"
    assert found.facts["cost"].en == (
        "your contract has a cost for it, and nothing of it is charged as it stands"
    )
    assert "002:2540-2541" in found.sources


def test_what_a_contract_has_charged_is_told_with_its_sum() -> None:
    failed = fields.VisitFailed(
        reference="RDV-7",
        failure=FieldFailure.CUSTOMER_ABSENT,
        code="ND-17",
        failed_at=AT,
        after=After.VISIT,
        by=Party.CUSTOMER,
        because=SAID,
    )
    charged = facts.FeeOwed(fee=fee("missed-visit", "90.00"), consented=True)

    found = told(failed, *AWAITED, after=(charged,))

    assert found.facts["cost"].en == "said"
    assert "002:2274" in found.sources


def test_a_visit_that_is_moved_while_its_access_is_given_back_is_no_news() -> None:
    moved = fields.VisitMoved(
        reference="RDV-7", by=Party.OPERATOR, code="STORM", to=visit(), because=SAID
    )

    assert maybe(moved, *AWAITED, ENDS) is None


def test_a_visit_is_reminded_of_with_what_is_to_be_ready() -> None:
    reminded = fields.VisitReminded(reference="RDV-7", slot=slot())

    found = told(reminded, *AWAITED, at=paris("2027-01-19T09:00:00"))

    assert (found.purpose, english(found)) == (
        "site-visit-reminded",
        {
            "when": "Wednesday 20 January 2027, in the morning (between 08:00 and 13:00)",
            "ready": "your contract asks you to prepare nothing at the site",
        },
    )


GIVEN_UP = StepGivenUp(step=Step.CANCEL_VISIT, reason="x")
AGAIN = facts.EligibilityAskedAgain(why=SAID, gives_back=True)


@pytest.mark.parametrize(
    ("last", "after", "why"),
    [
        (ENDS, (), "the order of the site is cancelled"),
        (
            ENDS.model_copy(update={"outcome": Outcome.REFUSED}),
            (),
            "the site cannot be connected",
        ),
        (AGAIN, (), "how the site is connected is looked at anew"),
        (
            ENDS,
            (GIVEN_UP,),
            (
                "the operator has not confirmed: should somebody come all the same, say that it "
                "is cancelled"
            ),
        ),
    ],
)
def test_a_visit_that_is_cancelled_says_why_and_not_who_decided(
    last: Event, after: tuple[Event, ...], why: str
) -> None:
    because = Said(fr="annulé, dit Camille", en="cancelled, says Camille")
    gone = fields.VisitLetGo(reference="RDV-7", by=Party.CUSTOMER, at=AT, because=because)

    found = told(gone, *AWAITED, last, after=after)

    assert found.purpose == "site-visit-cancelled"
    assert english(found) == {
        "when": "Wednesday 20 January 2027, in the morning (between 08:00 and 13:00)",
        "why": why,
    }


def test_a_visit_the_operator_missed_says_that_nothing_is_owed_where_nothing_is() -> None:
    found = told(missed(), *AWAITED)

    assert found.purpose == "site-visit-lost"
    assert english(found) == {
        "when": "Wednesday 20 January 2027, in the morning (between 08:00 and 13:00)",
        "why": "nobody came, which is the operator's doing",
        "cost": "no fee for you",
        "owed": "nothing, your contract has no indemnity",
        "next": "we offer you other slots",
    }


def test_the_clause_by_which_nothing_is_owed_is_kept_beside_its_words() -> None:
    nothing = Said(fr="rien n'est dû (002:2420-2421)", en="nothing is owed (002:2420-2421)")
    event = missed(by=Party.PROVIDER).model_copy(update={"because": nothing})

    found = told(event, *AWAITED)

    assert found.facts["why"].fr == "personne n'est venu, de notre fait"
    assert found.sources == ("002:2420-2421",)


@pytest.mark.parametrize(
    ("changes", "owed"),
    [
        ({"euros": None, "chargeable": False}, ", the amount of which we tell you apart"),
        ({"euros": Decimal("1.66")}, ": 1.66 €"),
        ({"euros": Decimal("1.66"), "chargeable": False}, ": 1.66 €, to be confirmed"),
    ],
)
def test_what_is_owed_for_a_missed_visit_is_told_with_its_sum_or_without(
    changes: dict[str, object], owed: str
) -> None:
    indemnity = fee("missed-visit").model_copy(update=changes)

    found = told(missed(indemnity), *AWAITED)

    assert found.facts["owed"].en == (
        f"an indemnity for each day begun, until a visit is kept or you cancel it{owed}"
    )
    other = indemnity.model_copy(update={"head": "gesture"})
    assert told(missed(other), *AWAITED).facts["owed"].en == f"an indemnity{owed}"


def test_a_visit_that_failed_because_of_the_customer_says_what_it_costs_or_not() -> None:
    absent = failed(FieldFailure.CUSTOMER_ABSENT, After.VISIT, Party.CUSTOMER)

    assert english(told(absent, *AWAITED)) == {
        "when": "Wednesday 20 January 2027, in the morning (between 08:00 and 13:00)",
        "why": "nobody was there to let the technician in",
        "cost": "no fee for you",
        "owed": "nothing",
        "next": "we offer you other slots",
    }


def test_a_site_that_is_not_ready_may_be_billed_from_the_first_day_by_its_clause() -> None:
    # « nouvelle Date … initialement prévue » (002:2353-2355)
    billed = fields.SiteNotReady(
        missing=("premises-description",),
        billed_from=date(2027, 1, 20),
        source="002:2353-2355",
        because=Said(fr="facturé (002:2353-2355)", en="billed (002:2353-2355)"),
    )
    event = failed(FieldFailure.SITE_NOT_READY, After.VISIT_ONCE_READY, Party.CUSTOMER)

    found = told(event, *AWAITED, after=(billed,))

    assert found.facts["cost"].en == (
        "billed from Wednesday 20 January 2027, the day first planned, by your contract"
    )
    assert found.facts["next"].en == "tell us when the site is ready, and we offer you other slots"
    assert found.sources == ("002:2353-2355",)


def test_a_new_day_that_is_missed_too_costs_its_visit_and_the_monthly_fee_by_its_clause() -> None:
    # « cinq (5) jours calendaires suivant la nouvelle date » (002:2390-2392)
    because = Said(fr="abonnement facturé (002:2390-2392)", en="the fee runs (002:2390-2392)")
    again = CustomerDelayMissed(
        day=date(2027, 1, 20),
        billed_from=date(2027, 1, 25),
        source="002:2390-2392",
        because=because,
    )
    absent = failed(FieldFailure.CUSTOMER_ABSENT, After.VISIT, Party.CUSTOMER)
    owed = facts.FeeOwed(fee=fee("installation", "120.00"), consented=True)
    free = again.model_copy(update={"billed_from": None, "source": None})

    found = told(absent, *AWAITED, after=(again, owed))

    assert found.facts["cost"].en == (
        "said; the monthly fee runs from Monday 25 January 2027, as your new day was missed too, "
        "by your contract"
    )
    assert "002:2390-2392" in found.sources
    assert told(absent, *AWAITED, after=(free,)).facts["cost"].en == "no fee for you"


def test_what_a_saturation_found_by_a_visit_costs_is_told_with_the_saturation() -> None:
    event = failed(FieldFailure.BOX_FULL, After.DESATURATION, Party.OPERATOR)
    saturated = facts.SaturationFound(
        event_at=AT,
        at_customer=False,
        mode=SaturationMode.LATER,
        estimate=None,
        tell_by=None,
        said=(),
    )
    desaturation = facts.FeeOwed(fee=fee(), consented=False)

    found = told(event, *AWAITED, after=(saturated, desaturation))

    assert found.facts["cost"].en == "no fee for you"
    assert found.facts["next"].fr == ("le réseau est saturé : nous vous disons à part ce qui suit")


def test_what_becomes_of_a_visit_while_its_access_is_given_back_promises_no_other() -> None:
    found = told(missed(), *AWAITED, ENDS)

    assert found.facts["next"].en == ("nobody comes again: the order of this site ends or changes")


def test_word_of_a_visit_nobody_has_booked_names_no_day() -> None:
    assert told(missed(), *BUILT).facts["when"].en == "the day it was planned for"
