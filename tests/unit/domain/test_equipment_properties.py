"""Over whatever is told of an access and its equipment, no piece is lost."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from domain import access_commands as told
from domain.access import AccessRefusedError, AnyCommand, decide
from domain.access_facts import AccessEnded, ServiceStarted
from domain.access_stages import (
    Access,
    AccessState,
    Closed,
    GatheringPapers,
    GivingBack,
    InService,
)
from domain.access_states import evolve
from domain.attention import DecisionKind, DecisionRefusedError, DecisionTaken
from domain.equipment_back import ARRIVAL, RETURN
from domain.equipment_elsewhere import ELSEWHERE
from domain.equipment_moves import fees_left, left_elsewhere, on_the_way
from domain.event import Event
from domain.port_in_facts import Outcome, Step
from domain.works_facts import (
    EquipmentAskedBack,
    EquipmentBilled,
    EquipmentMoved,
    EquipmentState,
)
from tests import accesses as of
from tests import equipment as eq
from tests.equipment import S
from tests.porting import STORY

DAY = timedelta(days=1)
READY = of.ready()
SETTLED = {S.RETURNED, S.INVOICED, S.GIVEN_UP, S.CANCELLED}
QUESTIONS = (ELSEWHERE, ARRIVAL, RETURN)
NAMES = ("router", "fibre-box", "modem")
moves = st.tuples(
    st.sampled_from(EquipmentState), st.sampled_from(NAMES), st.sampled_from((None, "A-1", "A-2"))
)
others = st.sampled_from(
    ("cancel", "back", "released", "open", "serve", "end", "amend", "claim", "keep")
)
answers = st.sampled_from((DecisionKind.AGREE, DecisionKind.REFUSE, DecisionKind.SKIP))
stories = st.lists(st.one_of(moves, others, answers), max_size=40)
Told = tuple[EquipmentState, str, str | None] | str | DecisionKind


def _next(state: AccessState, said: Told, days: int) -> list[Event]:
    """Each on the day after the one before; what cannot be is refused, and moves nothing."""
    at = STORY + days * DAY
    if isinstance(said, tuple):
        to, name, serial = said
        return list(decide(eq.told_of(state, to, name, at=at, serial=serial), state))
    if isinstance(said, DecisionKind):
        return list(decide(eq.answered(said, _about(state), at=at), state))
    if isinstance(state, Closed) or said in {"released", "open", "serve"}:
        return _of_the_operator(state, said)
    if said == "keep":
        return _kept_there(state)
    return list(decide(_command(state, said, at), state))


def _about(state: AccessState) -> str:
    """The one question there is about equipment."""
    return next((one for one in of.codes(state) if one in QUESTIONS), RETURN)


def _command(state: AccessState, said: str, at: datetime) -> AnyCommand:
    assert isinstance(state, Access)
    match said:
        case "cancel":
            return of.cancellation(decided_at=at)
        case "back":
            return eq.back(state, at)
        case "amend":
            return eq.to_another_place(at)
        case "claim":
            return told.NoteSiteClaimed(decided_at=at, answer_by=at)
        case _:
            return told.EndAccess(decided_at=at, answer_by=at)


KEPT: tuple[Callable[[AccessState], AnyCommand], ...] = (
    lambda _: told.LookAtGates(**of.BOTH),
    lambda state: of.ask(state, Step.CHECK_ELIGIBILITY),
    lambda state: of.eligibility(state, of.offer()),
    lambda _: of.chosen(of.offer()),
    lambda _: of.cuts(),
    lambda state: of.ask(state, Step.RESERVE_ACCESS),
    of.reserved,
)


def _kept_there(state: AccessState) -> list[Event]:
    """Found and kept at the other place, where it is claimed."""
    if not isinstance(state, GatheringPapers):
        return []
    found: list[Event] = []
    for command in KEPT:
        facts = decide(command(state), state)
        state = eq.evolved(state, *facts)
        found += facts
    return found


def _of_the_operator(state: AccessState, said: str) -> list[Event]:
    """Given back, opened or put into service, where that is what is asked for."""
    if not isinstance(state, Access):
        return []
    steps = {
        "released": Step.RELEASE_ACCESS,
        "open": Step.BUILD_ACCESS,
        "serve": Step.COMMISSION_ACCESS,
    }
    step = steps[said]
    if state.step is not step or step in state.asks:
        return []
    ask = of.ask(state, step)
    asked = list(decide(ask, state))
    for event in asked:
        state = evolve(state, event)  # type: ignore[arg-type]  # facts of an access
    return [*asked, *decide(_report(state, step), state)]


def _report(state: AccessState, step: Step) -> AnyCommand:
    if step is Step.RELEASE_ACCESS:
        return of.released(state)
    if step is Step.BUILD_ACCESS:
        return of.built(state)
    return of.commissioned(state, of.start(on_the_way=_without(state)))


def _without(state: AccessState) -> tuple[str, ...]:
    assert isinstance(state, Access)
    return tuple(piece.name for piece in on_the_way(state.pieces))


def _told(story: list[Told]) -> tuple[list[Event], AccessState, list[AccessState]]:
    state: AccessState = READY
    history: list[Event] = []
    states = [state]
    for days, said in enumerate(story):
        try:
            found = _next(state, said, days)
        except (AccessRefusedError, DecisionRefusedError):
            continue
        for event in found:
            state = evolve(state, event)  # type: ignore[arg-type]  # facts of an access
            states.append(state)
        history += found
    return history, state, states


@given(stories)
@settings(max_examples=150, deadline=None)
def test_a_piece_that_is_known_stays_known_in_one_state(story: list[Told]) -> None:
    history, state, states = _told(story)

    last: dict[str, EquipmentState] = {}
    for event in history:
        if isinstance(event, EquipmentMoved):
            last[event.name] = event.to
    assert {piece.name: piece.state for piece in eq.pieces(state)} == last
    known = [{piece.name for piece in eq.pieces(one)} for one in states]
    assert all(before <= after for before, after in pairwise(known))


@given(stories)
@settings(max_examples=150, deadline=None)
def test_no_end_leaves_a_piece_out_that_its_contract_wants_back(story: list[Told]) -> None:
    """002:2709-2715 wants every piece of these back."""
    history, state, _ = _told([*story, "cancel", "back", "released", "end"])

    if isinstance(state, Closed) and state.ended.outcome is Outcome.CANCELLED:
        assert {piece.state for piece in eq.pieces(state)} <= SETTLED
        invoiced = [e for e in history if isinstance(e, EquipmentMoved) and e.to is S.INVOICED]
        fees = [fee for one in invoiced for fee in one.fees]
        back = [fee for one in history if isinstance(one, EquipmentMoved) for fee in one.given_back]
        owed = [fee for fee in state.fees if fee.head == "equipment"]
        assert owed == list(fees_left(tuple(fees), tuple(back)))
        assert all(fee.source for fee in fees)


@given(stories)
@settings(max_examples=150, deadline=None)
def test_what_is_at_a_place_that_was_left_is_asked_of_somebody(story: list[Told]) -> None:
    """On the way to another place, and once service has started without it."""
    history, state, _ = _told([*story, "back"])

    skipped = [one for one in history if isinstance(one, DecisionTaken) and one.code == ARRIVAL]
    if isinstance(state, InService) and not skipped:
        assert ARRIVAL in of.codes(state) or not left_elsewhere(state.pieces)
    elif isinstance(state, Access) and not isinstance(state, GivingBack | InService):
        assert (ELSEWHERE in of.codes(state)) is bool(left_elsewhere(state.pieces))


@given(stories)
@settings(max_examples=150, deadline=None)
def test_what_is_wanted_back_is_always_asked_of_somebody(story: list[Told]) -> None:
    _, state, _ = _told([*story, "back"])

    if isinstance(state, GivingBack):
        out = {S.ORDERED, S.SHIPPED, S.DELIVERED, S.INSTALLED}
        left = [piece for piece in eq.pieces(state) if piece.state in out]
        assert (RETURN in of.codes(state)) is bool(left)


@given(stories)
@settings(max_examples=150, deadline=None)
def test_a_piece_is_billed_once_and_before_service_by_a_named_clause_alone(
    story: list[Told],
) -> None:
    history, _, _ = _told(story)

    billed = [one for one in history if isinstance(one, EquipmentBilled)]
    assert len({one.name for one in billed}) == len(billed)
    assert all(one.source for one in billed if one.before_service)
    asked = [one.name for one in history if isinstance(one, EquipmentAskedBack)]
    assert len(set(asked)) == len(asked)


def test_the_walks_reach_every_end() -> None:
    """Stories a person can read, so that the walks above are known to lead somewhere."""
    sent: list[Told] = [(S.ORDERED, "router", None), (S.DELIVERED, "router", "A-1")]
    given_back: list[Told] = ["cancel", "back", "released"]

    for answer in (DecisionKind.AGREE, DecisionKind.SKIP):
        history, _, _ = _told([*sent, *given_back, answer, "end"])
        assert any(isinstance(event, AccessEnded) for event in history)
    waited: list[Told] = ["back"] * 12
    late, _, _ = _told([*sent, *given_back, *waited, DecisionKind.REFUSE, "end"])
    served, _, _ = _told([*sent, "open", "serve", "end"])
    assert any(isinstance(one, EquipmentMoved) and one.to is S.INVOICED for one in late)
    assert any(isinstance(one, ServiceStarted) for one in served)
    after: list[Told] = [*sent, *given_back, *waited, DecisionKind.REFUSE, "end"]
    _, over, _ = _told([*after, (S.RETURNED, "router", None)])
    assert isinstance(over, Closed)
    assert (eq.piece(over).state, len(over.given_back)) == (S.RETURNED, 1)
    left: list[Told] = [*sent, "amend", "back", "released", "claim", "keep", "open", "serve"]
    _, without, _ = _told(left)
    _, followed, _ = _told([*left, (S.INSTALLED, "router", None), "end"])
    assert (of.codes(without), of.stage(followed)) == ([ARRIVAL], "closed")
