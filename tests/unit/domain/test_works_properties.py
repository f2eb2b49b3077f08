"""Whatever is told of works, visits and openings, in whatever order: nothing is lost, nor done
twice."""

from datetime import timedelta

from hypothesis import given, settings
from pydantic import TypeAdapter

from domain import access_commands as told
from domain import access_facts as facts
from domain import works_commands as works
from domain import works_facts as fields
from domain.access_stages import (
    Access,
    Booking,
    Closed,
    Commissioning,
    InService,
    NotOpened,
    Opened,
)
from domain.access_states import fold
from domain.attention import DecisionKind
from domain.event import Event
from domain.port_in_facts import LineReleased, Outcome, Step, StepGivenUp
from tests import accesses as of
from tests import works as at_site
from tests.accesses import BOTH
from tests.porting import STORY
from tests.works_walks import (
    ASK,
    TO_SERVICE,
    Make,
    Story,
    answering,
    decision,
    stories,
    story_of,
)

RUN = settings(max_examples=120, deadline=None)


def test_the_way_that_walks_start_from_leads_to_service() -> None:
    assert isinstance(story_of([*TO_SERVICE]).state, InService)


OUT: tuple[Make, ...] = (
    lambda _: told.EndAccess(**BOTH),
    lambda _: of.cancellation(),
    lambda state: works.ReportVisitCancelled(**answering(state), cancelled_at=STORY),
    lambda state: told.ReportReleased(**answering(state), released_at=STORY),
    lambda state: told.ReportPutBack(**answering(state), put_back_at=STORY),
    ASK,
    decision(DecisionKind.SKIP),
    decision(DecisionKind.AGREE),
    lambda _: told.PassTime(decided_at=at_site.AFTER_IT + timedelta(days=60), answer_by=of.SOON),
)
"""What brings an access to its end from wherever it stands."""


def to_its_end(story: Story) -> None:
    for _ in range(40):
        if not any(story.tell(make(story.state)) for make in OUT):
            return


# appointments

ENDS = fields.VisitKept | fields.VisitMissed | fields.VisitFailed | fields.VisitLetGo


def left_open(history: list[Event]) -> str | None:
    """The visit that is booked and has not ended, once every other has, each by itself."""
    booked: str | None = None
    for event in history:
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
    return booked


@given(stories)
@RUN
def test_every_appointment_ends_once_by_the_time_the_access_has(makes: list[Make]) -> None:
    story = story_of(makes)
    to_its_end(story)
    assert isinstance(story.state, Closed)

    assert left_open(story.history) is None


@given(stories)
@RUN
def test_a_slot_is_booked_only_if_it_was_offered_and_chosen(makes: list[Make]) -> None:
    offered: set[fields.Slot] = set()
    chosen: fields.Slot | None = None

    for event in story_of(makes).history:
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
    state = story_of(makes).state

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
    story = story_of(makes)
    to_its_end(story)

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


# where it stands

OPENED: TypeAdapter[Opened] = TypeAdapter(Opened)


@given(stories)
@RUN
def test_its_history_leads_where_it_stands_and_can_be_kept(makes: list[Make]) -> None:
    story = story_of(makes)

    assert fold(story.history) == story.state
    if not isinstance(story.state, NotOpened):
        assert OPENED.validate_python(story.state.model_dump(mode="python")) == story.state
