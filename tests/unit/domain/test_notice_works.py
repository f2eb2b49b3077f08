"""What the customer of a site is told of its works and of its opening."""

from datetime import date

import pytest

from domain import access_facts as facts
from domain import delay_facts as delays
from domain import link_facts as links
from domain import works_facts as fields
from domain.access_facts import Fee, SaturationMode
from domain.event import Event
from domain.notice_sites import may_tell
from domain.notice_visits import VISIT_KINDS
from domain.port_in_facts import OperatorAsked, Step
from domain.works_facts import After, FieldFailure, Milestone, Party
from tests.accesses import SAID
from tests.noticed_visits import (
    AT,
    AWAITED,
    BILLING,
    COMMITMENT,
    READY,
    STARTED,
    english,
    failed,
    late,
    maybe,
    missed,
    passed,
    planned,
    stopped,
    told,
    visit,
)

# works, and the planned day


FIRST = (*READY, planned("2027-01-29"))


def test_a_milestone_that_slips_tells_both_days_by_the_operators_word() -> None:
    found = told(passed("2027-02-12"), *FIRST)

    assert found.purpose == "site-works-late"
    assert english(found) == {
        "why": "the operator says that they are late (stage reached: civil works)",
        "expected": "their end is expected on Friday 12 February 2027, and service not before",
        "planned": "service was planned for Friday 29 January 2027",
        "next": "the works go on",
        "cost": "no fee for you",
    }


def test_a_milestone_as_planned_or_without_any_day_is_no_news() -> None:
    assert maybe(passed("2027-01-29"), *FIRST) is None
    assert maybe(passed("2027-02-12"), *READY) is None
    assert maybe(passed(None), *FIRST) is None


def test_works_that_cannot_go_on_are_told_with_what_follows() -> None:
    found = told(stopped(FieldFailure.NO_PERMIT, After.PERSON), *READY)

    assert english(found) == {
        "why": "a permission is missing",
        "expected": "no end of the works can be given for now",
        "planned": "no day of service was planned",
        "next": "we are finding out how to go on, and come back to you",
        "cost": "no fee for you",
    }
    assert maybe(stopped(FieldFailure.BOX_FULL, After.DESATURATION), *READY) is None


@pytest.mark.parametrize("failure", list(FieldFailure))
@pytest.mark.parametrize("after", list(After))
def test_every_failure_and_what_follows_it_has_words_of_ours(
    failure: FieldFailure, after: After
) -> None:
    found = told(failed(failure, after, None), *AWAITED)

    assert found.facts["owed"].en == "nothing, your contract has no indemnity"
    assert all(said.fr and said.en for said in found.facts.values())


@pytest.mark.parametrize("milestone", list(Milestone))
def test_every_milestone_has_words_of_ours(milestone: Milestone) -> None:
    slipped = passed("2027-02-12").model_copy(update={"milestone": milestone})

    assert "stage reached: " in told(slipped, *FIRST).facts["why"].en


@pytest.mark.parametrize("by", list(Party))
def test_whoever_moves_or_misses_a_visit_is_said_in_both_languages(by: Party) -> None:
    moved = fields.VisitMoved(reference="RDV-7", by=by, to=visit(), because=SAID)

    assert told(moved, *AWAITED).facts["why"].fr.startswith("déplacé")
    assert told(missed(by=by), *AWAITED).facts["why"].fr.endswith(("fait", "de l'opérateur"))


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("ChangesBinding", "the time that the study of the site gives"),
        ("OfferChosen", "the usual time of the operator that serves the site"),
        ("002:2264", "what is known of the delivery today"),
    ],
)
def test_another_planned_day_is_told_with_the_one_before_and_why(source: str, why: str) -> None:
    found = told(planned("2027-02-12", source), *FIRST)

    assert found.purpose == "site-planned"
    assert english(found) == {
        "day": "Friday 12 February 2027",
        "was": "it was Friday 29 January 2027",
        "why": why,
    }


def test_a_planned_day_that_another_notice_tells_or_nobody_changed_is_not_told() -> None:
    saturated = facts.SaturationFound(
        event_at=AT,
        at_customer=False,
        mode=SaturationMode.LATER,
        estimate=date(2027, 2, 26),
        tell_by=None,
        said=(),
    )
    reserving = FIRST[:5] + FIRST[7:]

    assert maybe(planned("2027-01-29"), *READY) is None
    assert maybe(planned("2027-01-29"), *FIRST) is None
    assert maybe(planned("2027-02-12", "VisitBooked"), *FIRST) is None
    assert maybe(planned("2027-02-12", "MilestonePassed"), *FIRST) is None
    assert maybe(planned("2027-03-19", "002:2264"), *reserving, saturated) is None


def test_works_that_end_sooner_are_told_as_a_sooner_day_and_never_as_late() -> None:
    asked = OperatorAsked(step=Step.BUILD_ACCESS, key="k", epoch=0, asked_at=AT, until=AT)
    late = (*FIRST, asked, passed("2027-02-18"), planned("2027-02-18", "MilestonePassed"))
    sooner = passed("2027-02-03")

    found = told(planned("2027-02-03", "MilestonePassed"), *late, sooner)

    assert maybe(sooner, *late) is None
    assert found.purpose == "site-planned"
    assert english(found) == {
        "day": "Wednesday 3 February 2027",
        "was": "it was Thursday 18 February 2027",
        "why": "it is sooner: the operator says that the works end sooner",
    }
    assert found.facts["why"].fr == (
        "c'est plus tôt : l'opérateur annonce une fin des travaux plus proche"
    )


# the opening

ASKED = fields.AcceptanceAsked(because=SAID)


def test_a_service_that_starts_says_from_when_it_is_billed_and_committed_and_how_late_it_is() -> (
    None
):
    found = told(STARTED, *AWAITED, after=(BILLING, COMMITMENT, late(7), ASKED))

    assert found.purpose == "site-in-service"
    assert english(found) == {
        "since": "Friday 15 January 2027",
        "billing": "billed from service start, Friday 15 January 2027; the first month pro rata",
        "commitment": "committed from service start",
        "lateness": "put into service 7 days after Friday 8 January 2027, the day first told; "
        "what is owed to you: nothing, your contract has no indemnity",
        "acceptance": "tell us whether you accept it, with or without reserves: nothing else waits "
        "for your answer",
    }
    assert found.sources == ("002:2133", "002:2741", "002:2678-2679", "002:2420-2421")


def test_a_service_on_its_day_is_said_not_to_be_late_and_asks_no_acceptance() -> None:
    found = told(STARTED, *AWAITED, after=(BILLING, COMMITMENT, late(0)))

    assert found.facts["lateness"].fr == (
        "mise en service prévue le vendredi 8 janvier 2027 : aucun retard"
    )
    assert found.facts["acceptance"].fr == "rien ne vous est demandé pour la recette"


def test_a_service_that_is_late_says_whose_doing_each_day_is() -> None:
    days = zip((*Party, None), (3, 2, 1, 1), strict=True)
    shares = tuple(fields.LateDays(by=by, days=many) for by, many in days)
    judged = late(7).model_copy(update={"shares": shares})

    lateness = told(STARTED, *AWAITED, after=(BILLING, COMMITMENT, judged)).facts["lateness"]

    assert "(3 your doing, 2 the operator's doing, 1 our doing, 1 nobody's by name)" in lateness.en
    assert lateness.fr == (
        "mis en service 7 jours après le vendredi 8 janvier 2027, date annoncée d'abord (3 de "
        "votre fait, 2 du fait de l'opérateur, 1 de notre fait, 1 du fait de personne en "
        "particulier) ; ce qui vous est dû : rien, votre contrat ne prévoit pas d'indemnité"
    )


def test_what_being_late_comes_to_is_told_where_a_clause_has_it() -> None:
    owed = Fee(head="late-service", euros=None, said=SAID, source="002:2274", chargeable=False)

    found = told(STARTED, *AWAITED, after=(BILLING, COMMITMENT, late(1, owed)))

    assert found.facts["lateness"].en == (
        "put into service 1 day after Friday 8 January 2027, the day first told; what is owed "
        "to you: an indemnity for its being late, the amount of which we tell you apart"
    )


def test_a_service_billed_before_it_started_says_why() -> None:
    first = date(2027, 1, 8)
    not_ready = fields.SiteNotReady(
        missing=(), billed_from=first, source="002:2353-2355", because=SAID
    )
    moves = not_ready.model_copy(update={"billed_from": None, "source": None})
    before = BILLING.model_copy(update={"on": first, "before_service": True})

    site = (*AWAITED, planned(str(first)), moves, not_ready)
    found = told(STARTED, *site, after=(before, COMMITMENT))

    assert found.facts["billing"].en == (
        "billed from Friday 8 January 2027, the day first planned, because the site was not ready: "
        "your contract has it so"
    )
    assert found.facts["lateness"].en == "no day had been told before"


def test_a_day_that_was_put_off_is_not_said_to_be_the_one_first_planned() -> None:
    """Given a first day and days others lost since, when it is billed from after them, then that is
    said as it is."""
    on = date(2027, 1, 12)
    not_ready = fields.SiteNotReady(
        missing=(), billed_from=on, source="002:2353-2355", because=SAID
    )
    why = SAID.model_copy(update={"en": "not before (002:2353-2355)"})
    before = BILLING.model_copy(update={"on": on, "before_service": True, "because": why})

    site = (*AWAITED, planned("2027-01-08"), not_ready)
    found = told(STARTED, *site, after=(before, COMMITMENT))

    assert found.facts["billing"].en == "not before"


def test_a_service_of_before_its_terms_were_facts_is_told_all_the_same() -> None:
    found = told(STARTED, *AWAITED)

    assert found.facts["billing"].en == "billed as your contract has it"
    assert found.facts["commitment"].fr == "engagé comme le dit votre contrat"


def test_what_is_no_news_of_works_is_not_told() -> None:
    kept = fields.VisitKept(reference="RDV-7", report=fields.KeptReport(done_at=AT))

    assert maybe(kept, *AWAITED) is None
    assert not may_tell(kept)
    assert not may_tell(fields.VisitsOffered(slots=()))


UNTOLD = {
    "VisitsOffered": "told by the question it raises",
    "VisitChosen": "told once it is booked",
    "VisitsAskedAgain": "the customer asked, or slots are offered next",
    "VisitKept": "the customer was there",
    "Commissioned": "told as a service that starts, or by the question that tests raise",
    "BillingStarted": "told with the service",
    "CommitmentStarted": "told with the service",
    "LatenessJudged": "told with the service",
    "AcceptanceAsked": "told with the service",
    "ServiceAccepted": "the customer's own word",
    "ReservesLifted": "a person tells whoever had them",
    "LeadFollowed": "what follows is told as it comes",
    "SiteDescribed": "the customer's own word",
    "SiteReady": "the customer's own word",
    "EquipmentBilled": "told by the invoice",
    "LinesTold": "the sites that wait are told themselves",
    "CustomerDelayAgreed": "the customer asked for it, and saw what it comes to first",
    "CustomerDelayMissed": "told with the visit that nobody was there for",
    "ServiceDayAwaited": "the day is the customer's own wish",
    "ServiceDayCome": "told as a service that starts",
}


def test_every_fact_of_works_and_visits_is_told_or_has_a_reason_not_to_be() -> None:
    kinds = {
        name
        for module in (fields, links, delays)
        for name, one in vars(module).items()
        if isinstance(one, type) and issubclass(one, Event) and one is not Event
    }

    told_of = {kind.__name__ for kind in VISIT_KINDS}

    assert kinds - told_of == set(UNTOLD)
