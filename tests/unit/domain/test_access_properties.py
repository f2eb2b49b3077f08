"""Whatever an access is told, in whatever order: it ends once, and every euro has a source."""

from collections.abc import Callable
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from domain import access_commands as told
from domain import access_facts as facts
from domain.access import AccessRefusedError, decide
from domain.access_changes import AccessChange, Place
from domain.access_facts import Reason, SaturationMode, Use, Verdict
from domain.access_stages import (
    Access,
    AccessState,
    Closed,
    GivingBack,
    InService,
    NotOpened,
    Opened,
)
from domain.access_states import evolve
from domain.attention import DecisionKind, DecisionRefusedError, DecisionTaken
from domain.event import Event
from domain.port_in_facts import Outcome, Step, StepGivenUp, UndoingBegun
from domain.said import Said
from tests import accesses as of
from tests.accesses import BOTH, SAID
from tests.porting import ORDER_ID, STORY
from tests.works import gone, lost

LATER = STORY.replace(month=3)
Make = Callable[[AccessState], told.AnyCommand]


def _ask(state: AccessState) -> told.AnyCommand:
    step = state.step if isinstance(state, Access) else None
    epoch = state.epoch(step) if isinstance(state, Access) and step else 0
    host = state.host if isinstance(state, Access) else "nobody"
    wanted = step or Step.CHECK_ELIGIBILITY
    key = f"{wanted}-{host}-{epoch}"
    return told.AskOperator(**BOTH, step=wanted, key=key, epoch=epoch, until=LATER)


def _answered(state: AccessState) -> dict[str, object]:
    step = state.step if isinstance(state, Access) else None
    ask = state.asks.get(step) if isinstance(state, Access) and step else None
    key = "none" if ask is None else ask.key
    return {**BOTH, "source": "orange", "message_key": "m", "key": key}


def _eligible(state: AccessState) -> told.AnyCommand:
    operator = (state.asking if isinstance(state, Access) else None) or of.ORANGE
    return told.ReportEligibility.model_validate(
        {
            **_answered(state),
            "operator": operator,
            "offers": (of.offer(operator),),
            "barriers": (of.barrier(Reason.NOT_YET),),
            "uses": (Use.BROADBAND,),
            "checked_at": STORY,
        }
    )


def _saturated(mode: SaturationMode) -> Make:
    settled = of.settled_saturation(
        mode, fees=(of.fee(),), consent_needed=True, quote=of.QUOTE_TERMS
    )
    return lambda state: told.ReportSaturated.model_validate(
        {
            **_answered(state),
            "event_at": STORY,
            "at_customer": False,
            "quote": of.QUOTE,
            "settled": settled,
        }
    )


def _studied(settled: told.StudySettled | None) -> Make:
    verdict = Verdict.NEGATIVE if settled is None else Verdict.POSITIVE
    return lambda state: told.ReportStudy.model_validate(
        {
            **_answered(state),
            "result": of.study(verdict, quote=of.QUOTE),
            "studied_at": STORY,
            "settled": settled,
        }
    )


def _decision(kind: DecisionKind, *, cuts: bool = True) -> Make:
    end = told.EndTerms(fees=(of.fee("cancellation", "300.00"),), cost=(SAID,))
    return lambda _: of.answer(
        kind,
        documents=(of.CONSENT if cuts else of.FEE_CONSENT,),
        begins=STORY,
        speed=(8_000, 8_000),
        end=end,
        quote=of.QUOTE_TERMS,
        cancellation=of.cancellation(),
        today=STORY.date(),
        gone=gone(late=True),
        lost=lost(),
    )


ELSEWHERE = Place.of(of.site_terms()).model_copy(update={"site_digest": "e" * 64})


def _amended(change: AccessChange, needs: Said | None = None) -> told.AnyCommand:
    return told.AmendAccess(**BOTH, by="x", change=change, needs=needs, needs_until=LATER)


MAKES: tuple[Make, ...] = (
    lambda _: told.NoteSiteClaimed(**BOTH),
    lambda _: told.LookAtGates(**BOTH),
    _ask,
    _eligible,
    lambda _: of.chosen(of.offer()),
    lambda _: of.chosen(None),
    lambda _: of.chosen(None, certain=False),
    lambda _: of.cuts(),
    lambda _: of.cuts(study=True),
    _studied(of.settled_study()),
    _studied(of.settled_study(quote=of.QUOTE_TERMS)),
    _studied(of.settled_study(consent=(SAID,))),
    _studied(None),
    lambda state: told.ReportReserved.model_validate(
        {**_answered(state), "reference": "OA-1", "reserved_at": STORY}
    ),
    *(_saturated(mode) for mode in SaturationMode),
    lambda state: told.ReportDesaturated.model_validate({**_answered(state), "done_at": STORY}),
    lambda state: told.ReportReleased.model_validate({**_answered(state), "released_at": STORY}),
    lambda _: told.ReportSupplyWithdrawn(
        **BOTH, source="orange", message_key="m", code="END", told_at=STORY
    ),
    lambda _: told.ReportOverwritten(
        **BOTH, source="orange", message_key="m", code="WRONG", told_at=STORY
    ),
    lambda state: told.ReportPutBack.model_validate({**_answered(state), "put_back_at": STORY}),
    lambda state: told.ReportReserved.model_validate(
        {**_answered(state), "reference": "OA-1", "reserved_at": STORY, "closing": SAID}
    ),
    lambda _: told.ChooseOffer(**BOTH, offer=None, because=(), certain=True, closing=SAID),
    lambda _: told.NoteSiteTaken(**BOTH, order_id=ORDER_ID, by_address=True),
    lambda _: told.PassTime(decided_at=LATER, answer_by=LATER, quote=of.QUOTE_TERMS),
    lambda state: told.HearNothing(**BOTH, step=_step(state)),
    lambda state: told.HearRefused(**BOTH, step=_step(state), code="NO"),
    lambda state: told.HearNobody(**BOTH, step=_step(state)),
    lambda _: of.cancellation(),
    lambda _: of.cancellation(SAID),
    lambda _: _amended(AccessChange(place=ELSEWHERE)),
    lambda _: _amended(AccessChange(down_kbps=2_000_000)),
    lambda _: _amended(AccessChange(wished=date(2027, 5, 1)), needs=SAID),
    lambda _: told.HoldAccess(**BOTH, by="x", reason="y", until=LATER),
    lambda _: told.TakeUpAccess(**BOTH, by="x"),
    lambda _: told.EndAccess(**BOTH),
    *(_decision(kind) for kind in DecisionKind),
    _decision(DecisionKind.PROVIDE, cuts=False),
)


def _step(state: AccessState) -> Step:
    return (state.step if isinstance(state, Access) else None) or Step.CHECK_ELIGIBILITY


def _told(moves: list[int]) -> tuple[list[Event], AccessState]:
    """Every fact that follows from it, and where they lead."""
    open_access = told.OpenAccess(
        **BOTH, terms=of.site_terms(candidates=(of.ORANGE, of.SFR)), gates=(), stated=()
    )
    state: AccessState = NotOpened()
    history: list[Event] = []
    for make in (lambda _: open_access, *(MAKES[move] for move in moves)):
        try:
            found = decide(make(state), state)
        except (AccessRefusedError, DecisionRefusedError):
            continue
        for event in found:
            state = evolve(state, event)  # type: ignore[arg-type]  # facts of an access
        history += found
    return history, state


FORWARD = (0, 1, 2, 3, 2, 3, 4, 7, len(MAKES) - 1, 7, 2, 13)
"""The way of an access that nothing stops, so that what is drawn starts somewhere along it."""
stories = st.builds(
    lambda upto, more: [*FORWARD[:upto], *more],
    st.integers(0, len(FORWARD)),
    st.lists(st.integers(0, len(MAKES) - 1), max_size=25),
)


def test_the_way_that_walks_start_from_leads_to_what_is_kept() -> None:
    _, state = _told([*FORWARD])

    assert isinstance(state, Access)
    assert state.reserved is not None


@given(stories)
@settings(max_examples=300, deadline=None)
def test_it_ends_at_most_once_and_nothing_moves_it_afterwards(moves: list[int]) -> None:
    history, state = _told(moves)

    ends = [n for n, event in enumerate(history) if isinstance(event, facts.AccessEnded)]

    assert len(ends) <= 1
    assert isinstance(state, Closed) is bool(ends)
    after = {type(event).__name__ for event in history[ends[0] + 1 :]} if ends else set()
    assert after <= {"MessageSetAside"}


@given(stories)
@settings(max_examples=300, deadline=None)
def test_an_amendment_waits_exactly_as_long_as_its_question(moves: list[int]) -> None:
    _, state = _told(moves)

    if isinstance(state, Access) and not isinstance(state, GivingBack | InService):
        asked = any(one.code == "amendment-agreement" for one in state.attentions)
        assert asked is (state.amendment is not None)


@given(stories)
@settings(max_examples=300, deadline=None)
def test_every_euro_charged_has_a_source_and_its_consent(moves: list[int]) -> None:
    history, state = _told(moves)

    charged = state.ended.fees if isinstance(state, Closed) else ()

    assert all(fee.source and fee.said.fr and fee.said.en for fee in charged)
    consented = {e.head for e in history if isinstance(e, facts.FeeConsented)}
    assert all(fee.head in consented for fee in charged if fee.head == "desaturation")


@given(stories)
@settings(max_examples=300, deadline=None)
def test_no_site_is_both_cancelled_and_going_on(moves: list[int]) -> None:
    history, state = _told(moves)

    given_up = [n for n, event in enumerate(history) if isinstance(event, UndoingBegun)]

    assert len(given_up) <= 1
    onward = (facts.AccessReserved, facts.AccessReady, facts.ServiceStarted, facts.OfferChosen)
    later = history[given_up[0] :] if given_up else []
    assert not any(isinstance(event, onward) for event in later)
    if isinstance(state, Closed) and given_up:
        assert state.ended.outcome is not Outcome.DELIVERED


OPENED: TypeAdapter[Opened] = TypeAdapter(Opened)


@given(stories)
@settings(max_examples=300, deadline=None)
def test_where_it_stands_can_be_kept_and_read_again(moves: list[int]) -> None:
    _, state = _told(moves)

    if not isinstance(state, NotOpened):
        assert OPENED.validate_python(state.model_dump(mode="python")) == state


@given(stories)
@settings(max_examples=300, deadline=None)
def test_another_customers_line_is_put_back_unless_a_person_says_it_is_not_theirs(
    moves: list[int],
) -> None:
    history, _ = _told(moves)

    owed, taken = False, False
    for event in history:
        match event:
            case facts.WrongOverwritingTold():
                owed = True
            case DecisionTaken(code="wrong-overwriting", decision=DecisionKind.REFUSE):
                owed = False
            case facts.LinePutBack() | StepGivenUp(step=Step.PUT_BACK):
                owed = False
            case facts.ServiceStarted() | facts.AccessEnded():
                taken = taken or owed
            case _:
                pass
    assert not taken
