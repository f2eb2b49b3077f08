"""What a person says of a visit its operator says nothing of: kept, in vain, or nobody came."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from domain import access_commands as told
from domain import visit_facts as ends
from domain import works_facts as fields
from domain import works_rules
from domain.access import decide
from domain.access_facts import FeeOwed, SaturationMode
from domain.access_stages import AccessStage, AccessState
from domain.attention import AttentionCleared, DecisionRefusedError, DecisionTaken
from domain.delay_facts import CustomerDelayMissed
from domain.event import Event
from domain.given import read_given
from domain.works_facts import After, FieldFailure, Party
from domain.works_told import VisitFailedTold
from tests import accesses as of
from tests import works as at_site
from tests.accesses import SAID
from tests.porting import RULES

NOT_READY = fields.SiteNotReady(
    missing=("power",), billed_from=date(2027, 1, 4), source="002:2353-2355", because=SAID
)
MISSED_AGAIN = CustomerDelayMissed(
    day=at_site.DAY, billed_from=date(2027, 1, 4), source="002:2390-2392", because=SAID
)
LATE_FEE = at_site.visit_fee()


def settled(after: After = After.VISIT, **more: Any) -> told.FailureSettled:  # noqa: ANN401
    lead = at_site.lead(after, Party.CUSTOMER, not_ready=more.pop("not_ready", None))
    lost = at_site.lost(Party.CUSTOMER, fees=(LATE_FEE,), owed=(of.fee("missed-visit", None),))
    return told.FailureSettled(**{"lead": lead, "lost": lost, **more})


def in_vain(
    failure: FieldFailure = FieldFailure.CUSTOMER_ABSENT,
    found: told.FailureSettled | None = None,
) -> told.TakeDecision:
    more = {"decided_at": at_site.AFTER_IT, "answer_by": at_site.AFTER_IT}
    return of.answer(
        "refuse", "visit-unreported", failure=failure, failed=found or settled(), **more
    )


def _what_follows(found: tuple[Event, ...]) -> list[Event]:
    """But for who said it, and what was asked about it."""
    said = DecisionTaken | AttentionCleared | ends.VisitEndSaid
    return [event for event in found if not isinstance(event, said)]


FULL = {"saturation": of.settled_saturation(SaturationMode.NOW, fees=(of.fee(),))}
LEADS: tuple[tuple[FieldFailure, After, Mapping[str, Any]], ...] = (
    (FieldFailure.CUSTOMER_ABSENT, After.VISIT, {"missed_again": MISSED_AGAIN}),
    (FieldFailure.SITE_NOT_READY, After.VISIT_ONCE_READY, {"not_ready": NOT_READY}),
    (FieldFailure.BOX_FULL, After.DESATURATION, FULL),
    (FieldFailure.TOO_LONG, After.STUDY, {}),
    (FieldFailure.NO_CONTINUITY, After.NETWORK_CHECK, {}),
    (FieldFailure.OTHER, After.PERSON, {"lost": None}),
)


@pytest.mark.parametrize(("failure", "after", "more"), LEADS)
def test_a_visit_in_vain_by_a_persons_word_leads_where_the_operators_report_would(
    failure: FieldFailure, after: After, more: Mapping[str, Any]
) -> None:
    state, found = at_site.unreported(), settled(after, **more)
    slot = at_site.visit(state).slot
    report = at_site.visit_failed(after, failure, **dict(found)).model_copy(
        update={
            "code": "by-hand",
            "failed_at": slot.ends,
            "decided_at": at_site.AFTER_IT,
            "answer_by": at_site.AFTER_IT,
        }
    )

    by_hand = of.when(state, in_vain(failure, found))
    by_operator = of.when(state, report)

    assert _what_follows(decide(in_vain(failure, found), state)) == _what_follows(
        decide(report, state)
    )
    assert (of.stage(by_hand), of.codes(by_hand)) == (of.stage(by_operator), of.codes(by_operator))


def test_whoever_said_it_and_what_went_with_it_is_known() -> None:
    found = settled(After.VISIT_ONCE_READY, not_ready=NOT_READY, missed_again=MISSED_AGAIN)

    said = decide(in_vain(FieldFailure.SITE_NOT_READY, found), at_site.unreported())[-1]

    assert said == ends.VisitEndSaid(
        visit=at_site.visit(at_site.unreported()),
        end=ends.CameOf.FAILED,
        failure=FieldFailure.SITE_NOT_READY,
        by="a colleague",
        fees=(LATE_FEE,),
        missed_again=at_site.DAY,
        not_ready=NOT_READY,
    )


def test_serial_numbers_go_with_a_visit_that_took_place_and_nowhere_else() -> None:
    state = at_site.unreported()
    nobody = of.answer("refuse", "visit-unreported", lost=at_site.lost(), serials=("RTR-1",))

    with pytest.raises(DecisionRefusedError, match="give it with agree, about visit-unreported"):
        decide(nobody, state)
    assert decide(of.answer("agree", "visit-unreported", serials=("RTR-1",)), state)


def test_without_a_word_nobody_came() -> None:
    nobody = of.answer("refuse", "visit-unreported", lost=at_site.lost())

    found = decide(nobody, at_site.unreported())

    (missed,) = [one for one in found if isinstance(one, fields.VisitMissed)]
    (said,) = [one for one in found if isinstance(one, ends.VisitEndSaid)]
    assert (missed.by, missed.code) == (Party.OPERATOR, "by-hand")
    assert (said.end, said.failure) == (ends.CameOf.MISSED, None)
    assert not [one for one in found if isinstance(one, FeeOwed)]


def _open(about: str) -> AccessState:
    return at_site.unreported() if about == "visit-unreported" else at_site.booked()


@pytest.mark.parametrize(
    ("decision", "about"),
    [("agree", "visit-unreported"), ("cancel", "visit-unreported"), ("postpone", "visit")],
)
def test_a_word_for_a_failure_goes_with_a_refusal_about_a_visit_alone(
    decision: str, about: str
) -> None:
    answer = of.answer(
        decision,
        about if about != "visit" else None,
        failure=FieldFailure.NO_ACCESS,
        gone=at_site.gone(),
        cancellation=of.cancellation(),
    )

    with pytest.raises(DecisionRefusedError, match="give it with refuse, about visit-unreported"):
        decide(answer, _open(about))


def test_a_word_is_read_and_an_unknown_one_refused_with_the_list() -> None:
    reckoning = RULES.contract(of.site_terms().pin).reckoning

    assert read_given({"failure": "No-Access"}, reckoning).failure is FieldFailure.NO_ACCESS
    assert read_given({}, reckoning).failure is None
    with pytest.raises(DecisionRefusedError, match="'away' is no failure; write one of box-full"):
        read_given({"failure": "away"}, reckoning)


def test_what_it_comes_to_is_what_the_contract_makes_of_the_operators_report() -> None:
    access = at_site.open_access(at_site.unreported())
    visit = at_site.visit(access)
    reckoning = RULES.contract(access.terms.pin).reckoning
    word = read_given({"failure": "customer-absent"}, reckoning)
    report = VisitFailedTold(
        reference=visit.reference,
        failure=FieldFailure.CUSTOMER_ABSENT,
        code="ABSENT",
        failed_at=visit.slot.ends,
    )

    by_hand = works_rules.decided(RULES, access, word, at_site.AFTER_IT)["failed"]
    by_operator = works_rules.settled(RULES, access, report, at_site.AFTER_IT)

    assert isinstance(by_hand, told.FailureSettled)
    assert dict(by_hand) == by_operator


def test_nothing_is_worked_out_of_a_word_where_no_visit_is_booked() -> None:
    access = at_site.open_access(at_site.built())
    reckoning = RULES.contract(access.terms.pin).reckoning
    word = read_given({"failure": "customer-absent"}, reckoning)

    assert works_rules.decided(RULES, access, word, at_site.AFTER_IT) == {}
    assert access.stage is AccessStage.BOOKING
