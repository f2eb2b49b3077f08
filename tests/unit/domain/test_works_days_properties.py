"""Whatever is told of an access, in whatever order: nothing comes before the day it is wanted on,
and no piece of equipment is lost."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain import access_facts as facts
from domain import works_facts as fields
from domain.access_changes import AccessAmended
from domain.access_stages import Access, AccessState, NotOpened
from domain.access_states import evolve
from domain.delay_facts import ServiceDayAwaited, ServiceDayCome
from domain.equipment_moves import EquipmentMoveError, check_move, moved_to
from domain.port_in_facts import OperatorAsked, Step, UndoingBegun
from domain.works_facts import EquipmentMoved, EquipmentState
from tests.unit.domain.test_works_properties import RUN
from tests.works_walks import FIRST_DAY, Make, stories, story_of


@given(stories)
@RUN
def test_nothing_is_opened_while_the_day_it_is_wanted_on_is_awaited(makes: list[Make]) -> None:
    awaits = False
    for event in story_of(makes).history:
        match event:
            case ServiceDayAwaited():
                assert not awaits
                awaits = True
            case ServiceDayCome() | AccessAmended() | UndoingBegun() | facts.SupplierWithdrew():
                awaits = False
            case facts.EligibilityAskedAgain() | facts.ServiceStarted():
                assert not awaits or isinstance(event, facts.EligibilityAskedAgain)
                awaits = False
            case OperatorAsked(step=Step.COMMISSION_ACCESS):
                assert not awaits
            case _:
                pass


@given(stories)
@RUN
def test_nobody_is_asked_for_days_before_the_one_that_is_wished(makes: list[Make]) -> None:
    """Where other days are asked for because it is wished later, none sooner is."""
    state: AccessState = NotOpened()
    for event in story_of(makes).history:
        state = evolve(state, event)  # type: ignore[arg-type]  # facts of an access
        wished = state.terms.wished if isinstance(state, Access) else None
        if isinstance(event, fields.VisitsAskedAgain) and "for service on" in event.because.en:
            assert wished is not None
            assert event.not_before is not None
            assert event.not_before >= wished


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
    for number, event in enumerate(story_of(makes).history):
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
