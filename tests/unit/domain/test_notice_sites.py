"""What the customer of a site is told of, by which fact, in words that are the customer's own."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from domain import access_facts as facts
from domain.access_facts import SaturationMode, Technology, ToTell, Use
from domain.attention import Attention, AttentionRaised, DecisionKind, DecisionTaken, Turn
from domain.event import Event
from domain.notice_around import Around
from domain.notice_sites import SITE_FACTS, SiteTold, may_tell, site_told
from domain.notices import NoticePurpose, TellBy
from domain.port_in_facts import (
    CancellationAsked,
    CancellationLapsed,
    GatesPassed,
    Outcome,
    UndoingBegun,
)
from domain.said import Said
from tests.accesses import ORANGE, QUOTE, SAID, fee, offer, site_terms, study
from tests.porting import RULES, STORY, paris

AT = datetime(2027, 1, 15, 8, 30, tzinfo=UTC)
TO_TELL = ToTell(by=paris("2027-01-25T00:00:00"), ask_at=STORY, source="000:429")
OPENED = facts.AccessOpened(terms=site_terms(), gates=())
CHECKING = (OPENED, facts.SiteClaimed(), GatesPassed())
AGREEING = (*CHECKING, facts.OfferChosen(offer=offer(), because=(SAID,)))
STUDYING = (*AGREEING, facts.NothingInTheWay(study=True, because=SAID))
RESERVING = (*AGREEING, facts.NothingInTheWay(study=False, because=SAID))


def told(event: Event, *before: Event, after: tuple[Event, ...] = ()) -> SiteTold:
    """What is told, and never the place of a clause in it."""
    around = Around(before=before, after=after, at=AT, rules=RULES)
    found = site_told(event, around)
    assert found is not None
    assert may_tell(event)
    assert set(found.facts) == SITE_FACTS[found.purpose]
    assert not [said for said in found.facts.values() if "00" in said.en and ":" in said.en[-9:]]
    return found


def untold(event: Event, *before: Event) -> bool:
    around = Around(before=before, after=(), at=AT, rules=RULES)
    return site_told(event, around) is None


def english(found: SiteTold) -> dict[str, str]:
    return {name: said.en for name, said in found.facts.items()}


def asked(code: str, what: Said = SAID, detail: str | None = None) -> AttentionRaised:
    return AttentionRaised(
        attention=Attention(
            code=code,
            what=what,
            since=STORY,
            until=AT,
            turn=Turn.CUSTOMER,
            allowed=(DecisionKind.AGREE,),
            detail=detail,
        )
    )


def ends(outcome: Outcome, why: Said = SAID) -> UndoingBegun:
    return UndoingBegun(outcome=outcome, why=why, steps=())


def decided(code: str) -> DecisionTaken:
    return DecisionTaken(code=code, decision=DecisionKind.END, reason="x", by="Camille")


# a refusal


def test_a_refusal_says_why_for_each_technology_and_that_nothing_is_owed_by_the_contract() -> None:
    unserved = facts.SiteUnserved(
        reasons=(Said(fr="fibre FTTH : non déployé", en="FTTH fibre: not deployed"),)
    )
    # « sans indemnité de part ni d'autre » (002:591-594)
    nothing = Said(fr="rien n'est dû (002:591-594)", en="nothing is owed (002:591-594)")
    settled = facts.FeesSettled(fees=(), said=(nothing,))

    found = told(settled, *CHECKING, unserved, ends(Outcome.REFUSED))

    assert found.purpose is NoticePurpose.SITE_REFUSED
    assert english(found) == {
        "why": "FTTH fibre: not deployed",
        "owed": "nothing is owed, by the contract",
    }
    assert found.sources == ("002:591-594",)
    assert found.tell_by is None


def test_where_the_contract_is_silent_nothing_is_charged_and_nobody_says_it_says_so() -> None:
    silent = Said(fr="le contrat est muet : aucun prix", en="the contract is silent: no price")
    settled = facts.FeesSettled(fees=(), said=(silent,))

    found = told(settled, *CHECKING, facts.SiteUnserved(reasons=()), ends(Outcome.REFUSED))

    assert english(found) == {
        "why": "the site could not be connected",
        "owed": "you are charged nothing",
    }


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (
            "study-refused",
            "the study shows that the site cannot be connected as it was ordered",
        ),
        ("supply-withdrawn", "the operator has taken back what the access was to stand on"),
    ],
)
def test_what_a_person_ended_is_told_in_our_words_and_not_in_theirs(code: str, why: str) -> None:
    found = told(facts.FeesSettled(fees=()), *STUDYING, decided(code), ends(Outcome.REFUSED, SAID))

    assert found.facts["why"].en == why


def test_a_refusal_without_any_reason_on_record_still_says_something() -> None:
    found = told(facts.FeesSettled(fees=()), *CHECKING, ends(Outcome.REFUSED))

    assert found.facts["why"].en == "the site could not be connected"


def test_a_refusal_is_to_be_told_by_the_day_of_its_contract() -> None:
    # fifteen days of the order (000:429): until the end of Sunday 24 January
    opened = OPENED.model_copy(
        update={"terms": site_terms(under=("oksio", "data"), refusal_told=TO_TELL)}
    )
    found = told(facts.FeesSettled(fees=(fee(),)), opened, *CHECKING[1:], ends(Outcome.REFUSED))

    assert found.tell_by == TellBy(by=TO_TELL.by, last=date(2027, 1, 24), source="000:429")
    assert found.facts["owed"].en == "said"
    assert found.sources == ("002:2274",)


# quotes


def test_a_quote_is_told_item_by_item_with_what_no_answer_comes_to() -> None:
    given = facts.QuoteGiven(
        quote=QUOTE,
        told_at=AT,
        until=None,
        source="002:2280-2281",
        answer=Said(
            fr="10 jours calendaires à compter de sa notification (002:2280-2281)",
            en="10 calendar days from its notification (002:2280-2281)",
        ),
        silence=Said(
            fr="sans réponse, la commande est annulée (002:2281-2282)",
            en="without an answer the order is cancelled (002:2281-2282)",
        ),
        refusal=(SAID, SAID),
    )

    found = told(given, *RESERVING)

    assert found.purpose is NoticePurpose.SITE_QUOTE
    assert found.about == "Q-1"
    assert english(found) == {
        "quote": "Q-1",
        # 1 200.00 + 80.50
        "breakdown": "génie civil 1200.00 €, câble 80.50 €",
        "total": "1280.50 € without VAT",
        "answer": "10 calendar days from its notification",
        "silence": "without an answer the order is cancelled",
        "refusal": "said; said",
        "changes": "nothing else changes",
    }
    assert found.sources == ("002:2280-2281", "002:2281-2282")


def test_a_quote_after_a_study_says_what_else_the_study_changes() -> None:
    heard = facts.StudyHeard(
        result=study(quote=QUOTE, lead_days=40), studied_at=AT, offer=offer(lead_days=40)
    )
    given = facts.QuoteGiven(quote=QUOTE, told_at=AT, until=None, source="002:2348")

    found = told(given, *STUDYING, heard)

    assert found.facts["changes"].en == "time to deliver: 40 working days instead of 15"
    assert found.facts["answer"].en == "the contract sets no time to answer"
    assert found.facts["silence"].en == "silence means nothing: we ask you again"
    assert found.facts["refusal"].en == "you are charged nothing"


def test_a_quote_that_is_refused_or_left_ends_as_cancelled_and_says_so() -> None:
    refused = facts.QuoteRefused(reference="Q-1", by_silence=False, fees=())
    left = refused.model_copy(update={"by_silence": True})
    settled = facts.FeesSettled(fees=())

    by_them = told(settled, *RESERVING, refused, ends(Outcome.CANCELLED))
    by_silence = told(settled, *RESERVING, left, ends(Outcome.CANCELLED))

    assert by_them.purpose is NoticePurpose.SITE_CANCELLED
    assert english(by_them) == {"why": "you refused quote Q-1", "cost": "you are charged nothing"}
    assert by_silence.facts["why"].en == "quote Q-1 was left without an answer"
    assert by_them.tell_by is None


# studies


BINDING = Said(
    fr="frais d'accès : +250.00 € HT ; sans accord du client (002:2331)",
    en="access fee: +250.00 € HT; without the customer's consent (002:2331)",
)


def test_what_a_study_changes_and_binds_is_told_with_its_clause_kept_beside() -> None:
    studied = offer(technology=Technology.DEDICATED_FIBRE, lead_days=60)
    result = study(
        fee_change=Decimal("250.00"), lead_days=60, technology=Technology.DEDICATED_FIBRE
    )
    heard = facts.StudyHeard(result=result, studied_at=AT, offer=studied)
    binds = facts.ChangesBinding(offer=studied, said=(BINDING,))

    found = told(binds, *STUDYING, heard)

    assert found.purpose is NoticePurpose.SITE_CHANGED
    assert found.facts["changes"].fr == (
        "frais d'accès : +250.00 € HT ; délai de livraison : 60 jours ouvrés au lieu de 15 ; "
        "fibre dédiée au lieu de fibre FTTH"
    )
    assert found.sources == ("002:2331",)


def test_a_study_that_changes_nothing_and_what_was_just_agreed_to_are_no_news() -> None:
    same = facts.StudyHeard(result=study(), studied_at=AT, offer=offer())
    other = facts.StudyHeard(result=study(lead_days=60), studied_at=AT, offer=offer(lead_days=60))
    binds = facts.ChangesBinding(offer=offer(), said=())

    assert untold(binds, *STUDYING, same)
    assert untold(binds, *STUDYING, other, decided("study-changes"))


def test_what_needs_consent_is_asked_with_its_day() -> None:
    heard = facts.StudyHeard(result=study(lead_days=60), studied_at=AT, offer=offer())

    found = told(asked("study-changes", BINDING), *STUDYING, heard)

    assert found.purpose is NoticePurpose.SITE_CHANGES_ASKED
    assert english(found) == {
        "changes": "time to deliver: 60 working days instead of 15",
        "until": "Friday 15 January 2027 at 09:30",
    }
    assert found.sources == ("002:2331",)


# saturation


def saturation(mode: SaturationMode, **more: object) -> facts.SaturationFound:
    fields = {"event_at": AT, "at_customer": False, "estimate": None, "tell_by": None, "said": ()}
    return facts.SaturationFound(mode=mode, **{**fields, **more})


def test_a_deferred_desaturation_is_told_as_an_estimate_with_what_it_costs() -> None:
    # about six weeks (002:2264), an estimate (002:2267-2269), 750 € HT (002:2274)
    later = saturation(SaturationMode.LATER, estimate=date(2027, 2, 26))
    owed = facts.FeeOwed(fee=fee(), consented=False)

    found = told(later, *RESERVING, after=(owed,))

    assert found.purpose is NoticePurpose.SITE_DELAYED
    assert english(found) == {
        "why": "the network is saturated: delivery is put off until it is desaturated",
        "estimate": "thought to be over by Friday 26 February 2027",
        "cost": "said; nothing of it is charged without your written consent",
    }
    assert found.sources == ("002:2274",)


def test_the_day_of_service_that_follows_from_a_saturation_is_told_with_it() -> None:
    later = saturation(SaturationMode.LATER, estimate=date(2027, 2, 26))
    plan = facts.Plan(on=date(2027, 3, 19), said=SAID, source="002:2264", binds=True)

    found = told(later, *RESERVING, after=(facts.DeliveryPlanned(plan=plan),))

    assert found.facts["estimate"].fr == (
        "fin estimée le vendredi 26 février 2027, mise en service alors prévue le vendredi "
        "19 mars 2027"
    )
    assert found.facts["estimate"].en == (
        "thought to be over by Friday 26 February 2027, and service then planned for Friday "
        "19 March 2027"
    )


def test_oksios_delay_is_told_by_its_day_and_without_a_date_where_there_is_none() -> None:
    # fifteen days « à compter du fait générateur » (000:406-407)
    by = paris("2027-01-31T00:00:00")
    later = saturation(SaturationMode.LATER, tell_by=by, tell_source="000:406-407")

    found = told(later, *RESERVING)

    assert found.tell_by == TellBy(by=by, last=date(2027, 1, 30), source="000:406-407")
    assert found.facts["estimate"].en == "no date can be given for now"
    assert found.facts["cost"].en == "no fee for you"


def test_an_immediate_desaturation_is_told_neither_when_it_begins_nor_when_it_ends() -> None:
    # « le Prestataire n'avertira pas le Client » (002:2265-2266)
    now = saturation(SaturationMode.NOW)

    assert untold(now, *RESERVING)
    assert untold(facts.Desaturated(done_at=AT), *RESERVING, now)
    assert untold(saturation(SaturationMode.REFUSED), *RESERVING)


def test_the_end_of_a_desaturation_is_told_where_it_moves_the_date() -> None:
    on_the_day = saturation(SaturationMode.LATER, estimate=date(2027, 1, 15))
    later = saturation(SaturationMode.LATER, estimate=date(2027, 2, 26))
    without = saturation(SaturationMode.LATER)
    done = facts.Desaturated(done_at=AT)

    assert untold(done, *RESERVING, on_the_day)
    assert untold(done, *RESERVING)
    assert english(told(done, *RESERVING, later)) == {
        "done": "Friday 15 January 2027",
        "thought": "it was thought to be Friday 26 February 2027",
    }
    assert told(done, *RESERVING, without).facts["thought"].en == "no date had been given"


def test_a_deferral_that_a_person_decides_is_told_by_the_orders_day() -> None:
    opened = OPENED.model_copy(update={"terms": site_terms(refusal_told=TO_TELL)})
    put_off = facts.DeliveryPutOff(said=SAID)

    found = told(put_off, opened, *CHECKING[1:])

    assert found.purpose is NoticePurpose.SITE_DELAYED
    assert found.facts["why"].en == "the operator has not confirmed yet: delivery is put off"
    assert found.tell_by is not None
    assert found.tell_by.source == "000:429"
    assert told(put_off, *CHECKING).tell_by is None


# on the way


def test_papers_and_the_consent_to_what_is_cut_are_asked_for() -> None:
    heard = facts.EligibilityFound(
        operator=ORANGE, offers=(), barriers=(), uses=(Use.BROADBAND,), checked_at=AT
    )

    papers = told(asked("gates", detail="mandate"), *CHECKING)
    cuts = told(asked("cuts"), *CHECKING, heard)

    assert papers.purpose is NoticePurpose.SITE_PAPERS_NEEDED
    assert papers.facts["needed"].en == "the signed mandate"
    assert cuts.facts["needed"].en == (
        "your written consent to what the order cuts on the line: an internet access"
    )
    assert untold(asked("operator-silent"), *CHECKING)


def test_the_numbers_to_be_kept_are_asked_about_with_it() -> None:
    number = OPENED.terms.site.address
    opened = OPENED.model_copy(update={"terms": site_terms(keeps=(number, number))})

    found = told(asked("cuts"), opened, *CHECKING[1:])

    assert found.facts["needed"].en.endswith("the numbers to be kept (2), to be ported first")


@pytest.mark.parametrize(
    ("event", "purpose", "said"),
    [
        (
            facts.AccessHeld(until=AT, by="Camille", reason="moving house"),
            "site-held",
            {"until": "Friday 15 January 2027"},
        ),
        (facts.AccessTakenUp(), "site-taken-up", {"since": "Friday 15 January 2027"}),
        (
            facts.SupplierWithdrew(operator=ORANGE, code="W-1", told_at=AT),
            "site-supply-withdrawn",
            {"since": "Friday 15 January 2027"},
        ),
        (
            CancellationAsked(by="x", asked_at=AT, needs=None, cost=(SAID,)),
            "site-cancellation-asked",
            {"cost": "said", "needs": "nothing more: it takes effect"},
        ),
        (
            CancellationLapsed(why=SAID),
            "site-cancellation-lapsed",
            {"why": "what was to confirm the cancellation did not come in time"},
        ),
    ],
)
def test_what_happens_to_a_site_is_told_without_who_decided_it(
    event: Event, purpose: str, said: dict[str, str]
) -> None:
    found = told(event, *RESERVING)

    assert (found.purpose.value, english(found)) == (purpose, said)


def test_a_cancellation_that_took_effect_says_what_is_charged() -> None:
    found = told(facts.FeesSettled(fees=(fee(),)), *RESERVING, ends(Outcome.CANCELLED))

    assert english(found) == {"why": "the cancellation has taken effect", "cost": "said"}


def test_what_is_no_news_of_a_site_is_not_told() -> None:
    reserved = facts.AccessReserved(reference="OA-1", reserved_at=AT)

    assert untold(reserved, *RESERVING)
    assert not may_tell(reserved)
    assert untold(facts.AccessTakenUp())
    assert untold(facts.FeesSettled(fees=()), *RESERVING)
