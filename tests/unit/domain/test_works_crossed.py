"""What crosses something else on its way: a booking and an end, a word and an amendment, a day and
another."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain import access_commands as told
from domain import access_links as links
from domain import works_commands as works
from domain import works_facts as fields
from domain.access import decide
from domain.access_changes import Anew
from domain.access_facts import AccessPrices, EligibilityAskedAgain, OfferChosen, Plan, Technology
from domain.access_stages import Access, AccessState, Changing, DaysLost, GivingBack
from domain.access_states import evolve
from domain.access_visits import HEAD
from domain.attention import DecisionRefusedError
from domain.link_commands import ReportLineServed
from domain.port_in_facts import Step
from domain.site_rules import not_ready_when_they_came
from domain.visit_rules import visit_gone
from domain.works_rules import start_of
from tests import accesses as of
from tests import works as at_site
from tests.accesses import BOTH, SAID
from tests.porting import RULES, STORY


def _asked_for_a_slot(state: AccessState | None = None) -> AccessState:
    return at_site.chosen(state)


def _giving_back(state: AccessState) -> GivingBack:
    assert isinstance(state, GivingBack)
    return state


def test_a_visit_that_is_booked_while_the_access_is_given_up_is_let_go_first() -> None:
    asked = _asked_for_a_slot()
    ended = of.when(asked, of.cancellation())
    booked = at_site.slot_booked(asked)

    after = _giving_back(of.when(ended, booked))

    assert _giving_back(ended).left == (Step.RELEASE_ACCESS,)
    assert after.left == (Step.CANCEL_VISIT, Step.RELEASE_ACCESS)
    assert at_site.visit(after).reference == booked.reference
    late = booked.model_copy(update={"key": "another"})
    assert [type(e).__name__ for e in decide(late, ended)] == ["MessageSetAside"]


def test_a_move_that_comes_through_at_an_end_has_the_other_visit_let_go() -> None:
    moving = of.asked(at_site.other_days(), Step.OFFER_VISITS)
    asked = _asked_for_a_slot(at_site.offered(moving))
    ended = of.asked(of.when(asked, of.cancellation()), Step.CANCEL_VISIT)

    after = _giving_back(of.when(ended, at_site.slot_booked(asked, reference="V-2")))

    assert at_site.visit(after).reference == "V-2"
    assert after.left == (Step.CANCEL_VISIT, Step.RELEASE_ACCESS)
    assert Step.CANCEL_VISIT not in after.asks


def test_a_visit_that_is_booked_while_it_changes_is_let_go_before_it_begins_anew() -> None:
    asked = _asked_for_a_slot()
    again = EligibilityAskedAgain(why=SAID, gives_back=True)
    changing = evolve(asked, again)
    assert isinstance(changing, Changing)
    assert (changing.anew, changing.step) == (Anew.ELIGIBILITY, Step.RELEASE_ACCESS)

    after = of.when(changing, at_site.slot_booked(asked))

    assert at_site.open_access(after).step is Step.CANCEL_VISIT


def test_a_word_of_another_line_is_heard_while_the_access_changes() -> None:
    again = EligibilityAskedAgain(why=SAID, gives_back=True)
    waiting = evolve(of.ready(after=(2,)), again)
    word = ReportLineServed(**BOTH, source="lines", message_key="w", line=2, started_at=STORY)

    found = decide(word, waiting)

    assert [type(one).__name__ for one in found] == ["LineBeforeServed"]
    assert links.LINES not in of.codes(waiting)


def test_a_visit_that_has_begun_is_not_cancelled_too_late() -> None:
    access = at_site.open_access(at_site.booked())
    prices = AccessPrices(installation=Decimal("120.00"))
    access = access.model_copy(update={"terms": access.terms.model_copy(update={"prices": prices})})
    begins = at_site.visit(access).slot.begins

    before = visit_gone(RULES, access, begins - timedelta(hours=1), moved=False)

    assert before is not None
    assert [fee.head for fee in before.fees] == [HEAD]  # 002:2540-2541
    assert visit_gone(RULES, access, begins, moved=False) is None


def _fibre() -> AccessState:
    fibre = of.offer(technology=Technology.DEDICATED_FIBRE)
    chosen = OfferChosen(offer=fibre, because=(SAID,))
    access = at_site.open_access(of.ready(wanted=(Technology.DEDICATED_FIBRE,)))
    return access.model_copy(update={"chosen": chosen})


def _dedicated(**changes: object) -> Access:
    first = Plan(on=date(2027, 3, 1), said=SAID, source="OfferChosen", binds=True)
    access = at_site.open_access(_fibre())
    until = STORY.replace(month=2, day=28)  # midnight in Paris, on 1 March
    asked = fields.SiteReadinessAsked(needs=(), until=until, said=(SAID,))
    opening = access.opening.model_copy(update={"readiness": asked})
    return access.model_copy(update={"planned_first": first, "opening": opening, **changes})


def test_days_that_the_operator_lost_are_not_billed_to_a_site_that_was_not_ready() -> None:
    access = _dedicated()
    late = _dedicated(days_lost=DaysLost(upto=date(2027, 6, 1), said=SAID))

    in_time = not_ready_when_they_came(RULES.contract(access.terms.pin), access)
    by_them = not_ready_when_they_came(RULES.contract(late.terms.pin), late)

    assert in_time is not None
    assert by_them is not None
    assert (in_time.billed_from, in_time.source) == (date(2027, 3, 1), "002:2353-2355")
    assert (by_them.billed_from, by_them.source) == (date(2027, 6, 1), "002:2353-2355")


@pytest.mark.parametrize(("ready_on", "early"), [(20, False), (28, True)])
def test_a_site_that_was_ready_all_along_is_not_billed_before_service(
    ready_on: int, *, early: bool
) -> None:
    access = _dedicated()
    asked = fields.SiteReadinessAsked(needs=(), until=STORY.replace(month=2, day=25), said=(SAID,))
    missed = fields.SiteNotReady(
        missing=(), billed_from=date(2027, 3, 1), source="002:2353-2355", because=SAID
    )
    ready = fields.SiteReady(by="a colleague", on=date(2027, 2, ready_on))
    opening = {"readiness": asked, "not_ready": (missed,), "site_ready": ready}
    access = access.model_copy(update={"opening": access.opening.model_copy(update=opening)})

    start = start_of(RULES, access, STORY.replace(month=6))

    assert start.billing.before_service is early


def test_a_site_that_was_ready_by_the_day_as_it_stands_is_not_billed_before_service() -> None:
    """Given a planned day that moved on, when it was ready by that, then it was ready in time."""
    access = _dedicated()
    asked = fields.SiteReadinessAsked(needs=(), until=STORY.replace(month=2, day=25), said=(SAID,))
    missed = fields.SiteNotReady(
        missing=(), billed_from=date(2027, 3, 1), source="002:2353-2355", because=SAID
    )
    ready = fields.SiteReady(by="a colleague", on=date(2027, 2, 28))
    opening = {"readiness": asked, "not_ready": (missed,), "site_ready": ready}
    access = access.model_copy(update={"opening": access.opening.model_copy(update=opening)})
    moved = Plan(on=date(2027, 3, 8), said=SAID, source="ChangesBinding", binds=True)

    start = start_of(RULES, access.model_copy(update={"plan": moved}), STORY.replace(month=6))

    assert not start.billing.before_service


def test_no_service_starts_before_its_order() -> None:
    nobody = told.HearNobody(**BOTH, step=Step.COMMISSION_ACCESS)
    state = of.when(at_site.commissioning(), nobody)
    early = of.answer("agree", day=date(2020, 1, 1), start=of.start())

    with pytest.raises(DecisionRefusedError, match="before the order"):
        decide(early, state)


def test_nothing_is_agreed_by_telephone_while_the_operator_takes_its_supply_back() -> None:
    nobody = told.HearNobody(**BOTH, step=Step.BUILD_ACCESS)
    state = of.when(of.asked(of.ready(), Step.BUILD_ACCESS), at_site.withdrawn(), nobody)

    with pytest.raises(DecisionRefusedError, match="answer supply-withdrawn first"):
        decide(of.answer("agree", "answer-by-hand"), state)


def test_an_answer_to_a_question_the_operator_is_not_asked_any_more_is_refused() -> None:
    asked = at_site.building()
    nobody = of.when(asked, told.HearNobody(**BOTH, step=Step.BUILD_ACCESS))
    booked = at_site.open_access(at_site.booked())
    stale = booked.model_copy(update={"attentions": at_site.open_access(nobody).attentions})

    with pytest.raises(DecisionRefusedError, match="nothing is asked of the operator any more"):
        decide(of.answer("refuse", "answer-by-hand"), stale)


def test_slots_told_in_answer_to_a_booking_are_set_aside() -> None:
    asked = _asked_for_a_slot()
    told_again = works.ReportVisitsOffered(
        **at_site.told_of(asked, Step.BOOK_VISIT), slots=at_site.SLOTS
    )

    found = decide(told_again, asked)

    assert [type(event).__name__ for event in found] == ["MessageSetAside"]
