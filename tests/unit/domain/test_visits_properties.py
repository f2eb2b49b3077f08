"""Whatever people say of a visit's end, whatever its operator tells after that, and whichever
booking comes late: every appointment ends once, and whoever comes is known."""

from hypothesis import given
from hypothesis import strategies as st

from domain import access_commands as told
from domain import access_facts as facts
from domain import visit_facts as ends
from domain import works_commands as works
from domain import works_facts as fields
from domain.access import AnyCommand
from domain.access_stages import Access, AccessState, Closed, InService
from domain.access_states import fold
from domain.attention import DecisionKind
from domain.port_in_facts import Step
from domain.works_facts import After, FieldFailure
from tests import accesses as of
from tests import works as at_site
from tests.porting import STORY
from tests.unit.domain.test_works_properties import ENDS, OPENED, RUN, left_open, to_its_end
from tests.works_walks import ALL, EARLIER, TO_SERVICE, Make, lead_to, story_of

# what can be told


def _said(state: AccessState) -> str:
    """The last visit a person has said the end of."""
    said = state.opening.said if isinstance(state, Access) else None
    return EARLIER if said is None else said.visit.reference


def _settled(after: After) -> told.FailureSettled:
    lost = at_site.lost(fields.Party.CUSTOMER, fees=(at_site.visit_fee(),))
    return told.FailureSettled(**lead_to(after), lost=lost)


def _failed_late(after: After) -> Make:
    return lambda state: works.ReportVisitFailed(
        **at_site.FROM_ORANGE,
        **dict(_settled(after)),
        reference=_said(state),
        failure=FieldFailure.NO_ACCESS,
        code="X",
        failed_at=STORY,
    )


def _said_of_it(decision: DecisionKind, after: After | None = None) -> Make:
    """By a person, of a visit that nothing was told of."""
    more = {} if after is None else {"failure": FieldFailure.OTHER, "failed": _settled(after)}
    return lambda _: of.answer(decision, "visit-unreported", lost=at_site.lost(), **more)


def _looked_at(decision: DecisionKind, after: After = After.STUDY) -> Make:
    return lambda _: of.answer(decision, ends.TOLD_LATE, failed_late=_settled(after))


def _booked_late(state: AccessState) -> AnyCommand:
    """Under a key that was asked with before something else followed."""
    left = state.opening.left if isinstance(state, Access) else ()
    key = left[0] if left else "none"
    return works.ReportVisitBooked(
        **at_site.FROM_ORANGE,
        key=key,
        reference=f"V-{key}",
        slot=at_site.slot(),
        settled=at_site.visit_settled(),
    )


def _failed_now(after: After) -> Make:
    """The visit that is booked, wherever another one is being booked."""

    def make(state: AccessState) -> AnyCommand:
        visit = state.opening.visit if isinstance(state, Access) else None
        reference = EARLIER if visit is None else visit.reference
        return at_site.visit_failed(after, FieldFailure.OTHER, reference=reference)

    return make


AGREE, REFUSE = DecisionKind.AGREE, DecisionKind.REFUSE
ODDLY: tuple[Make, ...] = (
    _said_of_it(AGREE),
    _said_of_it(REFUSE),
    *(_said_of_it(REFUSE, after) for after in After),
    *(_failed_late(after) for after in After),
    lambda state: at_site.visit_kept(_said(state)),
    lambda state: at_site.visit_missed(_said(state)),
    lambda state: at_site.visit_moved(_said(state)),
    *(_looked_at(AGREE, after) for after in After),
    _looked_at(REFUSE),
    _failed_now(After.STUDY),
    _failed_now(After.NETWORK_CHECK),
    _booked_late,
    lambda _: of.answer(AGREE, ends.UNWANTED),
    lambda _: of.answer(DecisionKind.SKIP, ends.UNWANTED),
)
UNREPORTED: tuple[Make, ...] = (
    *TO_SERVICE[:-9],
    *(lambda _: at_site.passed(at_site.REMIND_AT),) * 3,
    *(lambda _: at_site.passed(at_site.AFTER_IT),) * 3,
)
"""A visit is booked, and nothing is told of it."""
MOVING = TO_SERVICE[:-4]
"""One is booked, and another is being booked in its stead."""
stories = st.builds(
    lambda start, more: [*start, *more],
    st.sampled_from((UNREPORTED, MOVING)),
    st.lists(st.sampled_from((*ODDLY, *ODDLY, *ALL)), max_size=30),
)


def test_walks_start_where_a_visit_is_asked_about_or_another_is_being_booked() -> None:
    asked, moving = story_of([*UNREPORTED]).state, story_of([*MOVING]).state

    assert "visit-unreported" in of.codes(asked)
    assert isinstance(moving, Access)
    assert (moving.step, moving.opening.visit is None) == (Step.BOOK_VISIT, False)
    assert isinstance(story_of([*TO_SERVICE]).state, InService)


@given(stories)
@RUN
def test_every_appointment_ends_once_however_it_is_told(makes: list[Make]) -> None:
    story = story_of(makes)
    to_its_end(story)
    assert isinstance(story.state, Closed)

    assert left_open(story.history) is None


@given(stories)
@RUN
def test_an_end_is_corrected_once_and_only_where_a_person_had_said_it(makes: list[Make]) -> None:
    said: str | None = None
    over: set[str] = set()
    for event in story_of(makes).history:
        match event:
            case ends.VisitEndSaid(visit=visit):
                assert visit.reference in over
                said = visit.reference
            case ends.VisitToldLate(told=late):
                assert late.reference == said
            case ends.VisitReportCompleted(reference=reference):
                assert reference == said
                said = None
            case ends.VisitEndCorrected(reference=reference, was=was, to=to):
                assert reference == said
                assert (was, ends.came_of(to)) != (ends.CameOf.KEPT, ends.CameOf.KEPT)
                said = None
            case _ if isinstance(event, ENDS):
                over.add(event.reference)
            case _:
                pass


@given(stories)
@RUN
def test_what_a_wrong_end_cost_is_owed_no_more(makes: list[Make]) -> None:
    story = story_of(makes)

    owed = [one.fee for one in story.history if isinstance(one, facts.FeeOwed)]
    for event in story.history:
        if isinstance(event, ends.VisitEndCorrected):
            for fee in event.fees:
                owed.remove(fee)
    assert not isinstance(story.state, Access) or len(story.state.owed) <= len(owed)


@given(stories)
@RUN
def test_whoever_comes_and_is_not_waited_for_is_asked_about_until_it_is_over(
    makes: list[Make],
) -> None:
    state = story_of(makes).state

    visit = state.opening.visit if isinstance(state, Access) else None
    codes = of.codes(state)
    assert visit is None or not visit.unwanted or ends.UNWANTED in codes
    late = isinstance(state, Access) and state.opening.told_late is not None
    assert late or ends.TOLD_LATE not in codes


@given(stories)
@RUN
def test_its_history_leads_where_it_stands_and_can_be_kept(makes: list[Make]) -> None:
    story = story_of(makes)

    assert isinstance(story.state, Access | Closed)
    assert fold(story.history) == story.state
    assert OPENED.validate_python(story.state.model_dump(mode="python")) == story.state
