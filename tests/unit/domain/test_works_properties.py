"""Whatever is told of works, visits and openings, in whatever order: nothing is lost, nor done
twice."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from domain import access_commands as told
from domain import access_facts as facts
from domain import works_commands as works
from domain import works_facts as fields
from domain import works_rules
from domain.access import AccessRefusedError, AnyCommand, decide
from domain.access_changes import AccessAmended, AccessChange
from domain.access_facts import SaturationMode, Technology
from domain.access_stages import (
    Access,
    AccessState,
    Booking,
    Closed,
    Commissioning,
    InService,
    NotOpened,
    Opened,
    Served,
)
from domain.access_states import evolve, fold
from domain.attention import DecisionKind, DecisionRefusedError
from domain.delay_facts import CustomerDelayAgreed, CustomerDelayMissed
from domain.delay_rules import delay_missed, delay_settled
from domain.equipment_moves import EquipmentMoveError, check_move, moved_to
from domain.event import Event
from domain.port_in_facts import LineReleased, Outcome, Step, StepGivenUp
from domain.works_facts import After, EquipmentMoved, EquipmentState, FieldFailure, Party
from domain.works_settled import Judged, SiteTerms
from tests import accesses as of
from tests import works as at_site
from tests.accesses import BOTH, SAID
from tests.porting import RULES, STORY
from tests.unit.domain.test_access_properties import FORWARD, MAKES

Make = Callable[[AccessState], AnyCommand]
RUN = settings(max_examples=120, deadline=None)
EARLIER = "V-book-visit-orange-0"
"""The first visit there was: an old one, once another is booked."""
FIRST_DAY = date(2027, 1, 4)
STARTED = STORY + timedelta(days=120)
"""Long after whatever was planned: what is billed before service shows."""
NOT_READY = fields.SiteNotReady(
    missing=("power",), billed_from=FIRST_DAY, source="000:1017-1020", because=SAID
)


# what can be told


def _answering(state: AccessState) -> dict[str, Any]:
    step = state.step if isinstance(state, Access) else None
    ask = state.asks.get(step) if isinstance(state, Access) and step else None
    return {**at_site.FROM_ORANGE, "key": "none" if ask is None else ask.key}


def _visit(state: AccessState) -> str:
    booked = state.opening.visit if isinstance(state, Access) else None
    return EARLIER if booked is None else booked.reference


def _milestone(state: AccessState) -> AnyCommand:
    milestone = fields.Milestone.CABLING
    return works.ReportMilestone(
        **_answering(state), milestone=milestone, passed_at=STORY, until=at_site.AFTER_IT
    )


def _built(*, visit: bool) -> Make:
    return lambda state: works.ReportWorksDone(**_answering(state), done_at=STORY, visit=visit)


def _lead(after: After) -> dict[str, Any]:
    more: dict[str, Any] = {"not_ready": NOT_READY} if after is After.VISIT_ONCE_READY else {}
    mode = SaturationMode.NOW if after is After.DESATURATION else None
    settled = None if mode is None else of.settled_saturation(mode, fees=(of.fee(),))
    return {"lead": at_site.lead(after, **more), "saturation": settled}


def _stopped(after: After) -> Make:
    return lambda state: works.ReportWorksFailed(
        **_answering(state),
        **_lead(after),
        failure=FieldFailure.OTHER,
        code="X",
        failed_at=STORY,
    )


def _offered(*slots: fields.Slot) -> Make:
    return lambda state: works.ReportVisitsOffered(**_answering(state), slots=slots)


def _booked(*, as_chosen: bool) -> Make:
    """Under a name of its own; or on a day that nobody chose."""

    def make(state: AccessState) -> AnyCommand:
        common = _answering(state)
        picked = state.opening.picked if isinstance(state, Access) and as_chosen else None
        slot = picked or at_site.slot(date(2027, 3, 1))
        return works.ReportVisitBooked(
            **common,
            reference=f"V-{common['key']}",
            slot=slot,
            settled=at_site.visit_settled(slot.day),
        )

    return make


def _failed(after: After) -> Make:
    return lambda state: works.ReportVisitFailed(
        **at_site.FROM_ORANGE,
        **_lead(after),
        reference=_visit(state),
        failure=FieldFailure.OTHER,
        code="X",
        failed_at=STORY,
        lost=at_site.lost(fields.Party.CUSTOMER, fees=(at_site.visit_fee(),)),
    )


def _tested(*, passed: bool) -> Make:
    """As the contract has it."""

    def make(state: AccessState) -> AnyCommand:
        begun = None
        if passed and isinstance(state, Served):
            begun = works_rules.start_of(RULES, state, STARTED)
            asked = fields.AcceptanceAsked(because=SAID)
            begun = begun.model_copy(update={"acceptance": asked})
        return works.ReportCommissioned(
            **_answering(state),
            tested_at=STARTED if passed else STORY,
            tests=at_site.results(passed=passed),
            judged=Judged(because=SAID, start=begun),
        )

    return make


# days that move


def _planned_on(state: AccessState) -> date:
    plan = state.plan if isinstance(state, Access) else None
    return at_site.DAY if plan is None else plan.on


def _slipped(days: int) -> Make:
    """The operator thinks that works end so long after the planned day."""

    def make(state: AccessState) -> AnyCommand:
        expected = _planned_on(state) + timedelta(days=days)
        plan = works_rules.milestone_plan(state, expected) if isinstance(state, Access) else None
        return works.ReportMilestone(
            **_answering(state),
            milestone=fields.Milestone.CIVIL_WORKS,
            passed_at=STORY,
            expected=expected,
            until=at_site.AFTER_IT,
            plan=plan,
        )

    return make


def _moved_on(days: int) -> Make:
    """By the operator, with the visit that is booked."""

    def make(state: AccessState) -> AnyCommand:
        day = _planned_on(state) + timedelta(days=days)
        return works.ReportVisitMoved(
            **at_site.FROM_ORANGE,
            reference=_visit(state),
            slot=at_site.slot(day),
            code="X",
            settled=at_site.visit_settled(day),
        )

    return make


def _can_be_there(state: AccessState) -> date:
    known: tuple[date | None, ...] = ()
    if isinstance(state, Access):
        known = (state.terms.wished, state.opening.not_before)
    return max((at_site.DAY, *(one for one in known if one is not None)))


def _offered_after(days: int) -> Make:
    """Two half-days, as soon as the customer can be there, or so much later."""

    def make(state: AccessState) -> AnyCommand:
        day = _can_be_there(state) + timedelta(days=days)
        slots = tuple(at_site.slot(day, half) for half in fields.Half)
        return works.ReportVisitsOffered(**_answering(state), slots=slots)

    return make


def _of_fibre(state: Served) -> Served:
    """Dedicated fibre has the clauses about a later day (decision 42)."""
    offer = of.offer(technology=Technology.DEDICATED_FIBRE)
    chosen = state.chosen.model_copy(update={"offer": offer})
    return state.model_copy(update={"chosen": chosen})


def _delayed(days: int, *, in_time: bool) -> Make:
    """By the customer, and under the clause where a day is planned."""

    def make(state: AccessState) -> AnyCommand:
        was, delay = _planned_on(state), None
        wished, eve = was + timedelta(days=days), was - timedelta(days=1)
        if isinstance(state, Served):
            at = STORY if in_time else datetime.combine(eve, time(9), tzinfo=at_site.PARIS)
            contract = RULES.contract(state.terms.pin)
            delay = delay_settled(contract, _of_fibre(state), wished, at)
        return told.AmendAccess(
            **BOTH,
            by="the customer",
            change=AccessChange(wished=wished),
            needs=None,
            needs_until=at_site.AFTER_IT,
            delay=delay,
            gone=at_site.gone(),
        )

    return make


def _absent(state: AccessState) -> AnyCommand:
    """Missed again, where it was on the day that was asked for."""
    missed = None
    if isinstance(state, Served):
        contract = RULES.contract(state.terms.pin)
        missed = delay_missed(contract, _of_fibre(state), Party.CUSTOMER)
    return at_site.visit_failed(reference=_visit(state), missed_again=missed)


DAYS: tuple[Make, ...] = (
    _slipped(20),
    _slipped(-5),
    _moved_on(14),
    _offered_after(0),
    _offered_after(7),
    _delayed(10, in_time=True),
    _delayed(30, in_time=False),
    _absent,
)


def _decision(kind: DecisionKind, *, about: int = 0, by_hand: bool = False) -> Make:
    """About the first or the last question that takes it; `by_hand` says when somebody comes."""

    def make(state: AccessState) -> AnyCommand:
        open_now = state.attentions if isinstance(state, Access) else ()
        able = [one.code for one in open_now if one.allows(kind)]
        more: dict[str, Any] = {}
        if by_hand:
            visit = at_site.visit_settled()
            more = {"day": at_site.DAY, "told_slot": at_site.slot(), "visit": visit}
            more |= {"half": "morning"}
        if isinstance(state, Served):
            more |= {"start": works_rules.start_of(RULES, state, STORY)}
        return of.answer(
            kind,
            able[about] if able else None,
            slot=None if by_hand else 2,
            today=STORY.date(),
            gone=at_site.gone(late=True),
            lost=at_site.lost(),
            documents=(of.CONSENT,),
            until=at_site.AFTER_IT,
            turn="customer",
            speed=(8_000, 8_000),
            quote=of.QUOTE_TERMS,
            cancellation=of.cancellation(),
            **more,
        )

    return make


OF_WORKS: tuple[Make, ...] = (
    _milestone,
    _built(visit=True),
    _built(visit=False),
    *(_stopped(after) for after in After),
    _offered(*at_site.SLOTS),
    _offered(),
    _booked(as_chosen=True),
    _booked(as_chosen=False),
    lambda state: at_site.visit_moved(_visit(state)),
    lambda state: at_site.visit_kept(_visit(state)),
    lambda state: at_site.visit_missed(_visit(state)),
    *(_failed(after) for after in After),
    lambda _: at_site.visit_kept(EARLIER),
    lambda _: at_site.visit_missed(EARLIER),
    lambda _: at_site.visit_moved(EARLIER),
    lambda state: works.ReportVisitCancelled(**_answering(state), cancelled_at=STORY),
    _tested(passed=True),
    _tested(passed=False),
    lambda _: at_site.passed(at_site.REMIND_AT),
    lambda _: at_site.passed(at_site.AFTER_IT),
    *(_decision(kind) for kind in DecisionKind),
    *(_decision(kind, about=-1) for kind in DecisionKind),
    *(_decision(kind, by_hand=True) for kind in (DecisionKind.AGREE, DecisionKind.POSTPONE)),
)
ASK = MAKES[2]
SITE = SiteTerms(
    needs=("premises-description", "power-and-circuits"),
    missing=("power-and-circuits",),
    until=at_site.REMIND_AT,
    said=(SAID,),
    to_answer=True,
    not_ready=NOT_READY,
)


def _ask_at_site(state: AccessState) -> AnyCommand:
    """Of the customer too, what it has to have ready."""
    return ASK(state).model_copy(update={"site": SITE})


def _late_at_site(_: AccessState) -> AnyCommand:
    return at_site.passed(at_site.AFTER_IT).model_copy(update={"site": SITE})


ALL: tuple[Make, ...] = (
    *MAKES,
    *OF_WORKS,
    *OF_WORKS,
    *DAYS,
    *DAYS,
    _late_at_site,
    *(ASK for _ in range(10)),
    *(_ask_at_site,) * 5,
)
"""Of its process, which asks again and again; and of everybody else."""
CHOSEN = _decision(DecisionKind.PROVIDE, about=-1)
TO_SERVICE: tuple[Make, ...] = (
    *(MAKES[move] for move in FORWARD),
    _ask_at_site,
    _built(visit=True),
    ASK,
    _offered(*at_site.SLOTS),
    CHOSEN,
    ASK,
    _booked(as_chosen=True),
    _decision(DecisionKind.POSTPONE),
    ASK,
    _offered(*at_site.SLOTS),
    CHOSEN,
    ASK,
    _booked(as_chosen=True),
    lambda state: at_site.visit_kept(_visit(state)),
    ASK,
    _tested(passed=True),
)
"""The way of an access whose visit is moved once."""


class Story:
    """Every fact that follows, and where they lead."""

    def __init__(self) -> None:
        self.state: AccessState = NotOpened()
        self.history: list[Event] = []
        terms = of.site_terms(candidates=(of.ORANGE, of.SFR))
        self.tell(told.OpenAccess(**BOTH, terms=terms, gates=(), stated=()))

    def tell(self, command: AnyCommand) -> bool:
        """Whether it moved anything."""
        try:
            found = decide(command, self.state)
        except (AccessRefusedError, DecisionRefusedError):
            return False
        before = self.state
        for event in found:
            self.state = evolve(self.state, event)  # type: ignore[arg-type]  # facts of an access
        self.history += found
        return self.state != before


def _told(makes: list[Make]) -> Story:
    story = Story()
    for make in makes:
        story.tell(make(story.state))
    return story


stories = st.builds(
    lambda upto, more: [*TO_SERVICE[:upto], *more],
    st.integers(0, len(TO_SERVICE)),
    st.lists(st.sampled_from(ALL), max_size=30),
)


def test_the_way_that_walks_start_from_leads_to_service() -> None:
    assert isinstance(_told([*TO_SERVICE]).state, InService)


OUT: tuple[Make, ...] = (
    lambda _: told.EndAccess(**BOTH),
    lambda _: of.cancellation(),
    lambda state: works.ReportVisitCancelled(**_answering(state), cancelled_at=STORY),
    lambda state: told.ReportReleased(**_answering(state), released_at=STORY),
    lambda state: told.ReportPutBack(**_answering(state), put_back_at=STORY),
    ASK,
    _decision(DecisionKind.SKIP),
    _decision(DecisionKind.AGREE),
    lambda _: told.PassTime(decided_at=at_site.AFTER_IT + timedelta(days=60), answer_by=of.SOON),
)
"""What brings an access to its end from wherever it stands."""


def _to_its_end(story: Story) -> None:
    for _ in range(40):
        if not any(story.tell(make(story.state)) for make in OUT):
            return


# appointments

ENDS = fields.VisitKept | fields.VisitMissed | fields.VisitFailed | fields.VisitLetGo


@given(stories)
@RUN
def test_every_appointment_ends_once_by_the_time_the_access_has(makes: list[Make]) -> None:
    story = _told(makes)
    _to_its_end(story)
    assert isinstance(story.state, Closed)

    booked: str | None = None
    for event in story.history:
        match event:
            case fields.VisitBooked(reference=reference):
                assert booked is None
                booked = reference
            case fields.VisitMoved(reference=reference, to=to):
                assert booked == reference
                booked = to.reference
            case fields.VisitReminded(reference=reference):
                assert booked == reference
            case _ if isinstance(event, ENDS):
                assert booked == event.reference
                booked = None
            case _:
                pass
    assert booked is None


@given(stories)
@RUN
def test_a_slot_is_booked_only_if_it_was_offered_and_chosen(makes: list[Make]) -> None:
    offered: set[fields.Slot] = set()
    chosen: fields.Slot | None = None

    for event in _told(makes).history:
        match event:
            case fields.VisitsOffered(slots=slots):
                offered, chosen = set(slots), None
            case fields.VisitChosen(slot=slot):
                assert slot in offered
                chosen = slot
            case fields.VisitsAskedAgain():
                offered, chosen = set(), None
            case fields.VisitMoved(code=str()):
                pass
            case (
                fields.VisitBooked(slot=slot) | fields.VisitMoved(to=fields.VisitBooked(slot=slot))
            ):
                assert slot == chosen
                offered, chosen = set(), None
            case _:
                pass


@given(stories)
@RUN
def test_what_is_asked_about_a_visit_can_still_be_answered(makes: list[Make]) -> None:
    state = _told(makes).state

    if isinstance(state, Access):
        codes = {one.code for one in state.attentions}
        assert "visit-slots" not in codes or (isinstance(state, Booking) and state.opening.slots)
        assert "no-visit-slots" not in codes or isinstance(state, Booking)
        assert "visit-unreported" not in codes or state.opening.visit is not None
        assert "tests-failed" not in codes or isinstance(state, Commissioning)


# what is kept, and what starts


@given(stories)
@RUN
def test_what_is_kept_is_kept_once_and_given_back_before_an_end(makes: list[Make]) -> None:
    story = _told(makes)
    _to_its_end(story)

    kept = False
    for event in story.history:
        match event:
            case facts.AccessReserved():
                assert not kept
                kept = True
            case LineReleased() | facts.LinePutBack() | facts.SupplierWithdrew():
                kept = False
            case StepGivenUp(step=step) if step in {Step.RELEASE_ACCESS, Step.PUT_BACK}:
                kept = False
            case facts.AccessEnded(outcome=outcome):
                assert kept is (outcome is Outcome.DELIVERED)
            case _:
                pass


Named = fields.SiteNotReady | CustomerDelayAgreed | CustomerDelayMissed


def _since(history: list[Event]) -> set[tuple[date, str]]:
    """By each clause that was named, the day it has it billed from; or the latest its operator put
    it off to, by works or a visit it moved."""
    named = [one for one in history if isinstance(one, Named)]
    slipped = date.min
    for event, after in zip(history, [*history[1:], None], strict=True):
        match event:
            case AccessAmended(change=AccessChange(place=place)) if place is not None:
                slipped = date.min
            case fields.MilestonePassed(expected=expected) if expected is not None:
                slipped = max(slipped, expected)
            case fields.VisitMoved(by=Party.OPERATOR, to=to):
                planned = isinstance(after, facts.DeliveryPlanned)
                slipped = max(slipped, to.slot.day) if planned else slipped
            case _:
                pass
    return {
        (max(one.billed_from, slipped), one.source)
        for one in named
        if one.billed_from is not None and one.source is not None
    }


def _billed(history: list[Event]) -> fields.BillingStarted | None:
    """Service, billing and commitment begin once, and together."""
    started = [e for e in history if isinstance(e, facts.ServiceStarted)]
    billed = [e for e in history if isinstance(e, fields.BillingStarted)]
    committed = [e for e in history if isinstance(e, fields.CommitmentStarted)]
    assert len(started) == len(billed) == len(committed) <= 1
    for service, one in zip(started, billed, strict=True):
        assert one.before_service is (one.on < RULES.local(service.started_at).date())
    return next(iter(billed), None)


BOOKED = TO_SERVICE[: len(FORWARD) + 7]
AGAIN: tuple[Make, ...] = (ASK, _offered_after(0), CHOSEN, ASK, _booked(as_chosen=True))
SERVED: tuple[Make, ...] = (
    lambda state: at_site.visit_kept(_visit(state)),
    ASK,
    _tested(passed=True),
)
AT_WORKS = len(FORWARD) + 1
DURING_WORKS: tuple[tuple[Make, ...], ...] = (
    (_slipped(20),),
    (_slipped(-5),),
    (_delayed(10, in_time=True),),
    (_delayed(30, in_time=False),),
    (_stopped(After.NETWORK_CHECK), ASK),
)
DURING_VISITS: tuple[tuple[Make, ...], ...] = (
    (_moved_on(14),),
    (_absent, *AGAIN),
    (lambda state: at_site.visit_missed(_visit(state)), *AGAIN),
    (_delayed(10, in_time=True), *AGAIN),
    (_delayed(30, in_time=False), *AGAIN),
    (_failed(After.VISIT_ONCE_READY), _decision(DecisionKind.AGREE), *AGAIN),
)
served_late = st.builds(
    lambda works_on, visits: [
        *TO_SERVICE[:AT_WORKS],
        *(one for chunk in works_on for one in chunk),
        *BOOKED[AT_WORKS:],
        *(one for chunk in visits for one in chunk),
        *SERVED,
    ],
    st.lists(st.sampled_from(DURING_WORKS), max_size=3),
    st.lists(st.sampled_from(DURING_VISITS), max_size=4),
)
"""Days that move, whoever moves them, on the way to service."""


@given(stories | served_late)
@RUN
def test_nobody_is_billed_before_service_but_by_a_named_clause_nor_for_days_the_operator_lost(
    makes: list[Make],
) -> None:
    history = _told(makes).history

    one = _billed(history)

    since = _since(history)
    if one is not None and one.before_service:
        assert any(one.on >= day and one.source == source for day, source in since)


@pytest.mark.parametrize(
    ("makes", "billed", "source"),
    [
        # its site was not ready: FIRST_DAY, but nobody could come before Wednesday 20 January
        ((), date(2027, 1, 20), "000:1017-1020"),
        # planned for 20 January, put off too late to 19 February
        ((_delayed(30, in_time=False), *AGAIN), date(2027, 1, 20), "002:2392-2396"),
        # to 19 February, where its operator moves it to 5 March
        (
            (_delayed(30, in_time=False), *AGAIN, _moved_on(14)),
            date(2027, 3, 5),
            "002:2392-2396",
        ),
        # in time to 30 January, and nobody is there on it
        (
            (_delayed(10, in_time=True), *AGAIN, _absent, *AGAIN),
            date(2027, 2, 4),
            "002:2390-2392",
        ),
    ],
)
def test_the_walks_come_to_what_each_clause_bills_before_service(
    makes: tuple[Make, ...], billed: date, source: str
) -> None:
    late = (_late_at_site,) if not makes else ()

    history = _told([*BOOKED, *late, *makes, *SERVED]).history

    one = _billed(history)
    assert one is not None
    assert (one.on, one.before_service, one.source) == (billed, True, source)


# where it stands

OPENED: TypeAdapter[Opened] = TypeAdapter(Opened)


@given(stories)
@RUN
def test_its_history_leads_where_it_stands_and_can_be_kept(makes: list[Make]) -> None:
    story = _told(makes)

    assert fold(story.history) == story.state
    if not isinstance(story.state, NotOpened):
        assert OPENED.validate_python(story.state.model_dump(mode="python")) == story.state


moves = st.lists(
    st.builds(
        lambda after, name, to, days: (
            after,
            EquipmentMoved(name=name, to=to, on=FIRST_DAY + timedelta(days=days)),
        ),
        st.integers(0, 60),
        st.sampled_from(("router", "fibre-box")),
        st.sampled_from(EquipmentState),
        st.integers(0, 30),
    ),
    max_size=12,
)


@given(stories, moves)
@RUN
def test_no_equipment_is_lost_wherever_the_access_goes(
    makes: list[Make], moved: list[tuple[int, EquipmentMoved]]
) -> None:
    """Moved between any two facts, each piece is where it was moved to last."""
    state: AccessState = NotOpened()
    known = getattr(state, "pieces", {})
    for number, event in enumerate(_told(makes).history):
        state = evolve(state, event)  # type: ignore[arg-type]  # facts of an access
        for _, piece in (one for one in moved if one[0] == number):
            if not isinstance(state, Access):
                continue
            try:
                check_move(known, piece)
            except EquipmentMoveError:
                continue
            known = moved_to(known, piece)
            state = evolve(state, piece)
        assert getattr(state, "pieces", {}) == known
