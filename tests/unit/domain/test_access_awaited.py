"""What an access awaits, until when: people, operators, its own dates, the end of a pause."""

from datetime import timedelta

from domain import access_commands as told
from domain.access_awaited import awaited_by, due_of
from domain.access_stages import Access, AccessState
from domain.attention import PolicyRow, Turn
from domain.failure_policy import Treatment
from domain.port_in_facts import Gate, GateKind, Step
from tests import accesses as of
from tests.accesses import BOTH, SAID, SOON
from tests.porting import STORY

LATER = STORY + timedelta(days=30)


def _open(state: AccessState) -> Access:
    assert isinstance(state, Access)
    return state


def test_an_operators_answer_is_awaited_until_its_own_limit() -> None:
    state = _open(of.asked(of.checking(), Step.CHECK_ELIGIBILITY))

    awaited = awaited_by(state)

    assert awaited is not None
    assert (awaited.until, awaited.appointment) == (SOON, False)
    assert "checking whether the site can be served" in awaited.what.en


def test_what_can_be_done_at_once_awaits_nothing() -> None:
    assert awaited_by(_open(of.checking())) is None
    assert due_of(_open(of.checking())) is None


def test_a_withdrawal_period_is_an_appointment_and_papers_are_a_question() -> None:
    alone = Gate(kind=GateKind.WITHDRAWAL, until=LATER, said=SAID, source="002:749")
    paper = Gate(kind=GateKind.MANDATE, needs=("m",), until=LATER, said=SAID, source="002:2229")

    own = due_of(_open(of.checking(gates=(alone, paper))))

    assert own is not None
    assert (own.until, own.appointment) == (LATER, True)


def test_a_suspended_access_awaits_the_day_it_is_taken_up() -> None:
    hold = told.HoldAccess(**BOTH, by="the customer", reason="moving", until=LATER)
    state = _open(of.when(of.asked(of.checking(), Step.CHECK_ELIGIBILITY), hold))

    for awaited in (awaited_by(state), due_of(state)):
        assert awaited is not None
        assert awaited.until == LATER


def test_a_blocking_question_stands_before_every_date_of_its_own() -> None:
    state = of.asked(of.checking(), Step.CHECK_ELIGIBILITY)
    silent = _open(of.when(state, told.HearNothing(**BOTH, step=Step.CHECK_ELIGIBILITY)))

    awaited = awaited_by(silent)

    assert awaited is not None
    assert awaited.what == silent.attentions[0].what


def test_a_next_try_is_awaited_like_an_appointment() -> None:
    row = PolicyRow(policy="orange", version=1, name="later", since=STORY.date())
    treatment = Treatment(
        row=row,
        queue="operations",
        owner=Turn.OPERATIONS,
        allowed=(),
        said=None,
        ends=False,
        at_most=1,
        retry_at=LATER,
        too_late=None,
    )
    state = of.asked(of.checking(), Step.CHECK_ELIGIBILITY)
    busy = told.HearNothing(**BOTH, step=Step.CHECK_ELIGIBILITY, treatment=treatment)

    awaited = awaited_by(_open(of.when(state, busy)))

    assert awaited is not None
    assert (awaited.until, awaited.appointment) == (LATER, True)
