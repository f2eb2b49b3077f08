"""A site the customer has to have ready: asked beside works, told, or not told in time."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain import access_commands as told
from domain import works_attention as asking
from domain import works_commands as works
from domain.access import decide
from domain.access_awaited import wakes_by
from domain.access_stages import Access, AccessState
from domain.access_states import evolve
from domain.attention import (
    AttentionCleared,
    AttentionMoved,
    AttentionRaised,
    DecisionRefusedError,
    Turn,
)
from domain.event import Event
from domain.port_in_facts import HeldDocument, OperatorAsked, Step
from domain.works_facts import (
    After,
    FieldFailure,
    Half,
    KeptReport,
    Party,
    SiteDescribed,
    SiteNotReady,
    SiteReadinessAsked,
    SiteReady,
    Slot,
    VisitBooked,
    VisitKept,
    VisitReport,
    WorksFinished,
)
from domain.works_reports import offered
from domain.works_settled import Lead, SiteTerms
from tests.accesses import BOTH, SAID, SOON, answer, codes, opening, ready, when
from tests.porting import STORY

LAST = STORY + timedelta(days=20)
AFTER = LAST + timedelta(minutes=1)
PAPER = HeldDocument(name="premises-description", on=date(2027, 1, 8))
BILLED = SiteNotReady(
    missing=("premises-description",),
    billed_from=date(2027, 3, 22),
    source="002:2353-2355",
    because=SAID,
)
TODAY: dict[str, Any] = {"today": date(2027, 1, 11)}


def _terms(**changes: Any) -> SiteTerms:  # noqa: ANN401
    needs = changes.pop("needs", ("premises-description", "fittings"))
    fields: dict[str, Any] = {
        "needs": needs,
        "missing": needs,
        "until": LAST,
        "said": (SAID,),
        "to_answer": True,
        "not_ready": BILLED,
    }
    return SiteTerms(**{**fields, **changes})


def _intent(site: SiteTerms | None) -> told.AskOperator:
    step = Step.BUILD_ACCESS
    return told.AskOperator(**BOTH, step=step, key="key", epoch=0, until=SOON, site=site)


def _asked(**changes: Any) -> AccessState:  # noqa: ANN401
    return when(ready(), _intent(_terms(**changes)))


def _late(state: AccessState, **changes: Any) -> tuple[Event, ...]:  # noqa: ANN401
    return decide(_passed(**changes), state)


def _passed(site: SiteTerms | None = _terms(), **changes: Any) -> told.PassTime:  # noqa: ANN401, B008
    by = AFTER + timedelta(days=2)
    return told.PassTime(**{"decided_at": AFTER, "answer_by": by, "site": site, **changes})


def _open(state: AccessState) -> Access:
    assert isinstance(state, Access)
    return state


def test_it_is_asked_as_works_are_and_nothing_waits_for_the_answer() -> None:
    found = decide(_intent(_terms()), ready())

    assert [type(event) for event in found] == [SiteReadinessAsked, AttentionRaised, OperatorAsked]
    state = _open(_asked())
    (question,) = state.attentions
    assert (question.code, question.until, question.turn) == ("site-readiness", LAST, Turn.CUSTOMER)
    assert not state.blocked
    assert state.step is Step.BUILD_ACCESS
    awaited = wakes_by(state)
    assert awaited is not None
    assert awaited.until == SOON


def test_what_is_all_there_is_recorded_and_asked_of_nobody() -> None:
    found = decide(_intent(_terms(missing=(), to_answer=False)), ready())

    assert [type(event) for event in found] == [SiteReadinessAsked, OperatorAsked]


def test_works_alone_are_asked_for_where_the_contract_asks_nothing() -> None:
    assert [type(event) for event in decide(_intent(None), ready())] == [OperatorAsked]


# told


def test_a_description_is_handed_in_and_the_rest_stays_asked() -> None:
    state = _asked()

    state = when(state, answer("provide", documents=(PAPER,), **TODAY))

    (question,) = _open(state).attentions
    assert "descriptif" not in question.what.fr.partition(" ; ")[0]
    assert question.what.en.startswith("for the customer: fittings by the provider's standards")
    assert _open(state).holds("premises-description")
    assert question.until == LAST


def test_a_description_that_is_all_that_is_asked_answers_it() -> None:
    state = _asked(needs=("premises-description",))

    found = decide(answer("provide", documents=(PAPER,), **TODAY), state)

    assert [type(event) for event in found[1:]] == [AttentionCleared, SiteDescribed]


@pytest.mark.parametrize(
    ("needs", "name", "wanted"),
    [
        (("premises-description",), "mandate", "it takes premises-description"),
        (("fittings",), "premises-description", "it takes no paper"),
    ],
)
def test_another_paper_is_refused_with_what_is_wanted(
    needs: tuple[str, ...], name: str, wanted: str
) -> None:
    paper = HeldDocument(name=name, on=PAPER.on)

    with pytest.raises(DecisionRefusedError, match=wanted):
        decide(answer("provide", documents=(paper,), **TODAY), _asked(needs=needs))


def test_a_site_that_is_ready_is_said_to_be_with_its_day() -> None:
    state = _asked()

    found = decide(answer("agree", day=date(2027, 1, 9), **TODAY), state)

    assert found[-1] == SiteReady(by="a colleague", on=date(2027, 1, 9))
    state = when(state, answer("agree", day=date(2027, 1, 9), **TODAY))
    assert codes(state) == []
    assert _open(state).opening.site_ready is not None


def test_a_site_is_not_ready_on_a_day_to_come() -> None:
    with pytest.raises(DecisionRefusedError, match="day has not come yet"):
        decide(answer("agree", day=date(2027, 1, 12), **TODAY), _asked())


def test_another_question_is_meant_first_unless_this_one_is_named() -> None:
    slot = Slot(day=STORY.date(), half=Half.MORNING, begins=STORY, ends=STORY, reference="S-1")
    state = evolve(_asked(), WorksFinished(done_at=STORY, visit=True))
    for event in offered(told.PassTime(**BOTH), (slot,)):
        state = evolve(state, event)  # type: ignore[arg-type]  # facts of an access

    assert codes(state) == ["site-readiness", "visit-slots"]
    assert codes(when(state, answer("provide", slot=1))) == ["site-readiness"]
    named = answer("provide", "site-readiness", documents=(PAPER,), **TODAY)
    assert isinstance(decide(named, state)[2], SiteDescribed)
    put_off = answer("snooze", until=LAST + timedelta(days=1))
    assert decide(put_off, state)[-1].code == "visit-slots"  # type: ignore[attr-defined]  # a move


def test_a_person_may_leave_it_unasked() -> None:
    assert codes(when(_asked(), answer("skip"))) == []


# not told


def test_left_without_an_answer_it_is_as_the_clause_says_and_asked_again() -> None:
    state = _asked()

    found = _late(state)

    assert [type(event) for event in found] == [SiteNotReady, AttentionCleared, AttentionRaised]
    assert found[0] == BILLED
    after = _open(when(state, _passed()))
    (question,) = after.attentions
    assert (question.code, question.detail, question.blocks) == ("site-readiness", "late", False)
    assert question.turn is Turn.OPERATIONS
    assert after.opening.not_ready == (BILLED,)


def test_it_is_not_late_twice_and_goes_up_once() -> None:
    state = when(_asked(), _passed())
    again = AFTER + timedelta(days=3)

    found = _late(state, decided_at=again, answer_by=again)

    (moved,) = found
    assert isinstance(moved, AttentionMoved)
    assert moved.turn is Turn.SUPERVISOR
    quiet = when(state, _passed(decided_at=again, answer_by=again))
    last = again + timedelta(days=9)
    assert _late(quiet, decided_at=last) == ()


def test_a_planned_day_that_has_moved_moves_the_question_with_it() -> None:
    later = AFTER + timedelta(days=10)

    (moved,) = _late(_asked(), site=_terms(until=later))

    assert isinstance(moved, AttentionMoved)
    assert (moved.until, moved.turn) == (later, Turn.CUSTOMER)


@pytest.mark.parametrize("site", [None, _terms()])
def test_what_is_being_opened_already_needs_no_answer_any_more(site: SiteTerms | None) -> None:
    state = _asked() if site is None else opening(_asked())

    assert AttentionCleared(code="site-readiness") in _late(state, site=site)


def test_a_last_day_is_put_off_by_nobody_and_a_late_question_is() -> None:
    after = LAST + timedelta(days=30)
    asked = decide(answer("snooze", until=after), _asked())[-1]
    late = decide(answer("snooze", until=after), when(_asked(), _passed()))[-1]

    assert isinstance(asked, AttentionMoved)
    assert isinstance(late, AttentionMoved)
    assert (asked.until, late.until) == (LAST, after)


def test_a_question_handed_to_a_supervisor_is_late_on_its_day_all_the_same() -> None:
    state = when(_asked(), answer("reassign", turn=Turn.SUPERVISOR))

    assert isinstance(_late(state)[0], SiteNotReady)


def test_a_late_question_says_what_is_left_and_where_a_visit_is_moved() -> None:
    state = _open(when(_asked(), _passed(_terms(missing=()))))

    (question,) = state.attentions
    assert "postpone moves a visit" in question.what.en
    assert asking.left_said(()).en in question.what.en


def test_a_description_handed_in_late_is_recorded_all_the_same() -> None:
    state = when(_asked(), _passed(), answer("provide", documents=(PAPER,), **TODAY))

    assert _open(state).holds("premises-description")
    assert codes(state) == ["site-readiness"]


def test_nothing_is_asked_once_the_technician_has_done_it() -> None:
    state = _visited(_asked())
    kept = works.ReportVisitKept(
        **_told("kept"), reference="V-1", report=VisitReport(done_at=STORY)
    )

    found = decide(kept, state)

    assert found == (
        AttentionCleared(code="site-readiness"),
        VisitKept(reference="V-1", report=KeptReport(done_at=STORY)),
    )


def test_a_site_found_not_ready_is_no_longer_said_to_be() -> None:
    state = _visited(when(_asked(), answer("agree", **TODAY)))
    lead = Lead(after=After.VISIT_ONCE_READY, by=Party.CUSTOMER, because=SAID)
    failed = works.ReportVisitFailed(
        **_told("failed"),
        reference="V-1",
        failure=FieldFailure.SITE_NOT_READY,
        code="SITE",
        failed_at=STORY,
        lead=lead,
        lost=None,
    )

    state = _open(when(state, failed))

    assert state.opening.site_ready is None
    assert codes(state) == ["site-not-ready"]


def _told(key: str) -> dict[str, Any]:
    return {**BOTH, "source": "orange", "message_key": key}


def _visited(state: AccessState) -> AccessState:
    """Somebody is to come."""
    slot = Slot(day=STORY.date(), half=Half.MORNING, begins=STORY, ends=STORY, reference="S-1")
    booked = VisitBooked(
        reference="V-1", slot=slot, free_until=None, remind_at=STORY, report_by=LAST
    )
    for event in (WorksFinished(done_at=STORY, visit=True), booked):
        state = evolve(state, event)
    return state
