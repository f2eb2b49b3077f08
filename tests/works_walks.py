"""Words for properties of works and visits: whatever can be told of them, in whatever order."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

from domain import access_commands as told
from domain import works_commands as works
from domain import works_facts as fields
from domain import works_rules
from domain.access import AccessRefusedError, AnyCommand, decide
from domain.access_changes import AccessChange
from domain.access_facts import SaturationMode, Technology
from domain.access_stages import (
    Access,
    AccessState,
    NotOpened,
    Ready,
    Served,
)
from domain.access_states import evolve
from domain.attention import DecisionKind, DecisionRefusedError
from domain.delay_rules import delay_missed, delay_settled
from domain.event import Event
from domain.works_facts import After, FieldFailure, Party
from domain.works_settled import Judged, SiteTerms
from tests import accesses as of
from tests import works as at_site
from tests.accesses import BOTH, SAID
from tests.porting import RULES, STORY
from tests.unit.domain.test_access_properties import FORWARD, MAKES

Make = Callable[[AccessState], AnyCommand]
EARLIER = "V-book-visit-orange-0"
"""The first visit there was: an old one, once another is booked."""
FIRST_DAY = date(2027, 1, 4)
LAST_DAY = date(2027, 2, 15)
STARTED = STORY + timedelta(days=120)
"""Long after whatever was planned: what is billed before service shows."""
NOT_READY = fields.SiteNotReady(
    missing=("power",), billed_from=FIRST_DAY, source="000:1017-1020", because=SAID
)


# what can be told


def answering(state: AccessState) -> dict[str, Any]:
    step = state.step if isinstance(state, Access) else None
    ask = state.asks.get(step) if isinstance(state, Access) and step else None
    return {**at_site.FROM_ORANGE, "key": "none" if ask is None else ask.key}


def visit_of(state: AccessState) -> str:
    booked = state.opening.visit if isinstance(state, Access) else None
    return EARLIER if booked is None else booked.reference


def milestone_told(state: AccessState) -> AnyCommand:
    milestone = fields.Milestone.CABLING
    return works.ReportMilestone(
        **answering(state), milestone=milestone, passed_at=STORY, until=at_site.AFTER_IT
    )


def built(*, visit: bool) -> Make:
    return lambda state: works.ReportWorksDone(**answering(state), done_at=STORY, visit=visit)


def lead_to(after: After) -> dict[str, Any]:
    more: dict[str, Any] = {"not_ready": NOT_READY} if after is After.VISIT_ONCE_READY else {}
    mode = SaturationMode.NOW if after is After.DESATURATION else None
    settled = None if mode is None else of.settled_saturation(mode, fees=(of.fee(),))
    return {"lead": at_site.lead(after, **more), "saturation": settled}


def stopped(after: After) -> Make:
    return lambda state: works.ReportWorksFailed(
        **answering(state),
        **lead_to(after),
        failure=FieldFailure.OTHER,
        code="X",
        failed_at=STORY,
    )


def offered(*slots: fields.Slot) -> Make:
    return lambda state: works.ReportVisitsOffered(**answering(state), slots=slots)


def booked(*, as_chosen: bool) -> Make:
    """Under a name of its own; or on a day that nobody chose."""

    def make(state: AccessState) -> AnyCommand:
        common = answering(state)
        picked = state.opening.picked if isinstance(state, Access) and as_chosen else None
        slot = picked or at_site.slot(date(2027, 3, 1))
        return works.ReportVisitBooked(
            **common,
            reference=f"V-{common['key']}",
            slot=slot,
            settled=at_site.visit_settled(slot.day),
        )

    return make


def failed(after: After) -> Make:
    return lambda state: works.ReportVisitFailed(
        **at_site.FROM_ORANGE,
        **lead_to(after),
        reference=visit_of(state),
        failure=FieldFailure.OTHER,
        code="X",
        failed_at=STORY,
        lost=at_site.lost(fields.Party.CUSTOMER, fees=(at_site.visit_fee(),)),
    )


def commissioned(*, passed: bool) -> Make:
    """As the contract has it."""

    def make(state: AccessState) -> AnyCommand:
        begun = None
        if passed and isinstance(state, Served):
            begun = works_rules.start_of(RULES, state, STARTED)
            asked = fields.AcceptanceAsked(because=SAID)
            begun = begun.model_copy(update={"acceptance": asked})
        return works.ReportCommissioned(
            **answering(state),
            tested_at=STARTED if passed else STORY,
            tests=at_site.results(passed=passed),
            judged=Judged(because=SAID, start=begun),
        )

    return make


# days that move


def _planned_on(state: AccessState) -> date:
    plan = state.plan if isinstance(state, Access) else None
    return at_site.DAY if plan is None else plan.on


def slipped(days: int) -> Make:
    """The operator thinks that works end so long after the planned day."""

    def make(state: AccessState) -> AnyCommand:
        expected = _planned_on(state) + timedelta(days=days)
        plan = works_rules.milestone_plan(state, expected) if isinstance(state, Access) else None
        return works.ReportMilestone(
            **answering(state),
            milestone=fields.Milestone.CIVIL_WORKS,
            passed_at=STORY,
            expected=expected,
            until=at_site.AFTER_IT,
            plan=plan,
        )

    return make


def moved_on(days: int) -> Make:
    """By the operator, with the visit that is booked."""

    def make(state: AccessState) -> AnyCommand:
        day = _planned_on(state) + timedelta(days=days)
        return works.ReportVisitMoved(
            **at_site.FROM_ORANGE,
            reference=visit_of(state),
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


def offered_after(days: int) -> Make:
    """Two half-days, as soon as the customer can be there, or so much later."""

    def make(state: AccessState) -> AnyCommand:
        day = _can_be_there(state) + timedelta(days=days)
        slots = tuple(at_site.slot(day, half) for half in fields.Half)
        return works.ReportVisitsOffered(**answering(state), slots=slots)

    return make


def _of_fibre(state: Served) -> Served:
    """Dedicated fibre has the clauses about a later day (decision 42)."""
    offer = of.offer(technology=Technology.DEDICATED_FIBRE)
    chosen = state.chosen.model_copy(update={"offer": offer})
    return state.model_copy(update={"chosen": chosen})


def delayed(days: int, *, in_time: bool) -> Make:
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


def absent(state: AccessState) -> AnyCommand:
    """Missed again, where it was on the day that was asked for."""
    missed = None
    if isinstance(state, Served):
        contract = RULES.contract(state.terms.pin)
        missed = delay_missed(contract, _of_fibre(state), Party.CUSTOMER)
    return at_site.visit_failed(reference=visit_of(state), missed_again=missed)


DAYS: tuple[Make, ...] = (
    slipped(20),
    slipped(-5),
    moved_on(14),
    offered_after(0),
    offered_after(7),
    delayed(10, in_time=True),
    delayed(30, in_time=False),
    absent,
)


def decision(kind: DecisionKind, *, about: int = 0, by_hand: bool = False) -> Make:
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
            failed_late=told.FailureSettled(**lead_to(After.STUDY), lost=None),
            documents=(of.CONSENT,),
            until=at_site.AFTER_IT,
            turn="customer",
            speed=(8_000, 8_000),
            quote=of.QUOTE_TERMS,
            saturation=of.settled_saturation(SaturationMode.NOW, fees=(of.fee(),)),
            cancellation=of.cancellation(),
            **more,
        )

    return make


def _too_often(after: After) -> Make:
    """Of works or of a visit: a person decides, and the rule has something else."""

    def make(state: AccessState) -> AnyCommand:
        command = (stopped if isinstance(state, Ready) else failed)(After.PERSON)(state)
        lead = at_site.lead(After.PERSON, usual=after)
        return command.model_copy(update={"lead": lead})

    return make


def _wished(day: date) -> Make:
    def make(_: AccessState) -> AnyCommand:
        change = AccessChange(wished=day)
        return told.AmendAccess(
            **BOTH,
            by="x",
            change=change,
            needs=None,
            needs_until=of.SOON,
            gone=at_site.gone(late=True),
        )

    return make


def _awaits_its_day(state: AccessState) -> AnyCommand:
    """As the process has it: no sooner than the customer wants it."""
    day = LAST_DAY if not isinstance(state, Access) else state.terms.wished or LAST_DAY
    return told.AwaitDay(**BOTH, day=day, until=at_site.AFTER_IT)


OF_WORKS: tuple[Make, ...] = (
    *(_too_often(after) for after in fields.BY_THE_OPERATOR),
    *(_wished(day) for day in (at_site.DAY, at_site.DAY + timedelta(days=1), LAST_DAY)),
    _awaits_its_day,
    milestone_told,
    built(visit=True),
    built(visit=False),
    *(stopped(after) for after in After),
    offered(*at_site.SLOTS),
    offered(),
    booked(as_chosen=True),
    booked(as_chosen=False),
    lambda state: at_site.visit_moved(visit_of(state)),
    lambda state: at_site.visit_kept(visit_of(state)),
    lambda state: at_site.visit_missed(visit_of(state)),
    *(failed(after) for after in After),
    lambda _: at_site.visit_kept(EARLIER),
    lambda _: at_site.visit_missed(EARLIER),
    lambda _: at_site.visit_moved(EARLIER),
    lambda state: works.ReportVisitCancelled(**answering(state), cancelled_at=STORY),
    commissioned(passed=True),
    commissioned(passed=False),
    lambda _: at_site.passed(at_site.REMIND_AT),
    lambda _: at_site.passed(at_site.AFTER_IT),
    *(decision(kind) for kind in DecisionKind),
    *(decision(kind, about=-1) for kind in DecisionKind),
    *(decision(kind, by_hand=True) for kind in (DecisionKind.AGREE, DecisionKind.POSTPONE)),
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


def late_at_site(_: AccessState) -> AnyCommand:
    return at_site.passed(at_site.AFTER_IT).model_copy(update={"site": SITE})


ALL: tuple[Make, ...] = (
    *MAKES,
    *OF_WORKS,
    *OF_WORKS,
    *DAYS,
    *DAYS,
    late_at_site,
    *(ASK for _ in range(10)),
    *(_ask_at_site,) * 5,
)
"""Of its process, which asks again and again; and of everybody else."""
CHOSEN = decision(DecisionKind.PROVIDE, about=-1)
TO_SERVICE: tuple[Make, ...] = (
    *(MAKES[move] for move in FORWARD),
    _ask_at_site,
    built(visit=True),
    ASK,
    offered(*at_site.SLOTS),
    CHOSEN,
    ASK,
    booked(as_chosen=True),
    decision(DecisionKind.POSTPONE),
    ASK,
    offered(*at_site.SLOTS),
    CHOSEN,
    ASK,
    booked(as_chosen=True),
    lambda state: at_site.visit_kept(visit_of(state)),
    ASK,
    commissioned(passed=True),
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


def story_of(makes: list[Make]) -> Story:
    story = Story()
    for make in makes:
        story.tell(make(story.state))
    return story


stories = st.builds(
    lambda upto, more: [*TO_SERVICE[:upto], *more],
    st.integers(0, len(TO_SERVICE)),
    st.lists(st.sampled_from(ALL), max_size=30),
)
