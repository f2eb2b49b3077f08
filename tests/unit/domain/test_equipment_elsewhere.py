"""Equipment at a place that its access was amended away from: asked about, and never lost."""

from datetime import timedelta
from typing import Any

import pytest

from domain import access_commands as told
from domain import equipment_rules
from domain.access import AccessRefusedError
from domain.access_changes import AccessChange
from domain.access_stages import Access, AccessStage, AccessState, Changing
from domain.attention import AttentionCleared, AttentionRaised, DecisionRefusedError, Turn
from domain.equipment_back import ARRIVAL, RETURN, is_due
from domain.equipment_elsewhere import ELSEWHERE
from domain.equipment_moves import left_elsewhere, on_the_way
from domain.port_in_facts import Step
from domain.works_facts import EquipmentMoved, VisitReport
from tests import accesses as of
from tests import equipment as eq
from tests.equipment import TODAY, S
from tests.porting import RULES, STORY

DAY = timedelta(days=1)
THERE: dict[str, Any] = {"on": TODAY + DAY, "at": STORY + DAY}


def _left(*ways: S, serial: str | None = None) -> Access:
    """Amended to another place once that was told of it."""
    told_of = ways or (S.ORDERED, S.DELIVERED)
    return eq.amended(eq.moved(of.ready(), *told_of, serial=serial))


def _names(state: AccessState) -> list[str]:
    assert isinstance(state, Access)
    return [piece.name for piece in left_elsewhere(state.pieces)]


def _ready_there(state: AccessState) -> AccessState:
    """Claimed, found and kept at the other place."""
    state = of.when(state, told.NoteSiteClaimed(**of.BOTH), told.LookAtGates(**of.BOTH))
    state = of.when(of.heard(state, of.offer()), of.chosen(of.offer()), of.cuts())
    state = of.asked(state, Step.RESERVE_ACCESS)
    return of.when(state, of.reserved(state))


def _let_go(state: AccessState) -> AccessState:
    """What was kept at the place before."""
    state = of.asked(state, Step.RELEASE_ACCESS)
    return of.when(state, of.released(state))


# asked


def test_what_is_at_the_place_before_is_asked_of_the_customer_and_holds_nothing_up() -> None:
    state = eq.moved(of.ready(), S.ORDERED, S.DELIVERED, S.INSTALLED)
    state = eq.amended(eq.moved(state, S.ORDERED, S.SHIPPED, name="modem"))
    assert is_due(state)

    state, (raised,) = eq.facts_of(state, eq.back(state))

    assert isinstance(raised, AttentionRaised)
    asked = raised.attention
    assert (asked.code, asked.turn, asked.blocks) == (ELSEWHERE, Turn.CUSTOMER, False)
    assert asked.detail == "router,modem"
    assert asked.what.en.startswith(
        "the site has changed, and equipment is at the one before, or on its way there: router, "
        "modem; all of it follows the customer (agree), or stays there (skip, with the reason)"
    )
    assert asked.what.fr.startswith("le site a changé, et des équipements sont à l'ancien")
    assert not state.blocked
    assert not is_due(state)
    assert of.stage(_let_go(state)) is AccessStage.CLAIMING


def test_what_was_not_sent_yet_is_sent_to_the_other_place_and_asked_of_nobody() -> None:
    state = _left(S.ORDERED)

    assert (_names(state), is_due(state)) == ([], False)
    with pytest.raises(AccessRefusedError):
        eq.facts_of(state, eq.back(state))


def test_another_day_or_rate_leaves_every_piece_where_it_is() -> None:
    state = eq.moved(of.ready(), S.ORDERED, S.DELIVERED)
    later = told.AmendAccess(
        **of.BOTH,
        by="the customer",
        change=AccessChange(wished=TODAY + 30 * DAY),
        needs=None,
        needs_until=of.SOON,
    )

    assert _names(of.when(state, later)) == []


def test_a_question_that_falls_away_with_a_second_amendment_is_asked_again() -> None:
    state = eq.asked_where(_left())
    assert of.codes(state) == [ELSEWHERE]
    anew = eq.amended(_let_go(state))
    assert of.codes(anew) == []

    assert is_due(anew)
    assert of.codes(eq.asked_where(anew)) == [ELSEWHERE]


def test_a_piece_put_up_before_the_other_place_is_claimed_is_at_the_one_before() -> None:
    """A visit that took place all the same, while it was being cancelled."""
    state = eq.asked_where(_left())
    put_up = EquipmentMoved(name="fibre-box", to=S.INSTALLED, on=TODAY, serial="ONT-1")
    after = eq.evolved(state, put_up)

    assert isinstance(after, Changing)
    assert is_due(after)
    again, facts = eq.facts_of(after, eq.back(after))
    assert [type(one).__name__ for one in facts] == ["AttentionCleared", "AttentionRaised"]
    assert facts[-1].attention.detail == "router,fibre-box"
    assert not is_due(again)


# told


def test_all_of_it_follows_the_customer_to_the_other_place() -> None:
    state = eq.asked_where(_left(S.ORDERED, S.DELIVERED, S.INSTALLED))

    state, _ = eq.facts_of(state, eq.answered("agree", ELSEWHERE, at=STORY + DAY))

    piece = eq.piece(state)
    assert (piece.state, piece.since, piece.elsewhere) == (S.DELIVERED, TODAY + DAY, False)
    assert of.codes(state) == []


def test_all_of_it_is_left_there_by_a_person_who_says_why() -> None:
    state = eq.asked_where(_left())

    silent = eq.answered("skip", ELSEWHERE).model_copy(update={"reason": " "})
    with pytest.raises(DecisionRefusedError, match="give the reason"):
        eq.facts_of(state, silent)
    state, _ = eq.facts_of(state, eq.answered("skip", ELSEWHERE))

    assert (eq.piece(state).state, _names(state), of.codes(state)) == (S.GIVEN_UP, [], [])


def test_each_piece_is_told_of_alone_and_with_the_last_the_question_is_answered() -> None:
    state = eq.moved(of.ready(), S.ORDERED, S.DELIVERED, S.INSTALLED)
    state = eq.moved(state, S.ORDERED, S.DELIVERED, name="modem")
    state = _ready_there(_let_go(eq.asked_where(eq.amended(state))))

    state, first = eq.facts_of(state, eq.told_of(state, S.INSTALLED, **THERE))
    state, second = eq.facts_of(state, eq.told_of(state, S.RETURNED, "modem", **THERE))

    assert [type(one) for one in first] == [EquipmentMoved]
    assert [type(one) for one in second] == [EquipmentMoved, AttentionCleared]
    assert (eq.piece(state).state, of.codes(state)) == (S.INSTALLED, [])


def test_once_it_has_followed_it_is_put_up_once_as_ever() -> None:
    there = _ready_there(_let_go(_left(S.ORDERED, S.DELIVERED, S.INSTALLED)))
    state = eq.moved(there, S.INSTALLED)

    with pytest.raises(DecisionRefusedError) as refused:
        eq.facts_of(state, eq.told_of(state, S.INSTALLED))

    assert "router is installed: it does not become installed" in str(refused.value)


def test_what_is_at_the_place_before_says_what_it_may_become() -> None:
    state = _left(S.ORDERED, S.DELIVERED, S.INSTALLED)

    with pytest.raises(DecisionRefusedError) as refused:
        eq.facts_of(state, eq.told_of(state, S.SHIPPED))

    assert str(refused.value) == (
        "router is installed: it does not become shipped; say one of delivered, installed, "
        "returned, invoiced, given-up"
    )


def test_another_question_is_meant_where_none_is_named() -> None:
    state = of.when(eq.asked_where(_left()), of.answer("dispute"))
    assert of.codes(state) == [ELSEWHERE, "wrong-overwriting"]

    assert of.stage(of.when(state, of.answer("agree"))) is AccessStage.GIVING_BACK


# put up at the other place


def test_a_visit_there_puts_up_what_came_along_and_a_box_of_its_own() -> None:
    state = eq.moved(of.ready(), S.INSTALLED, name="fibre-box", serial="ONT-1")
    state = eq.moved(state, S.ORDERED, S.DELIVERED, S.INSTALLED, serial="RTR-1")
    state = eq.moved(state, S.ORDERED, S.DELIVERED, name="modem")
    state = _ready_there(_let_go(eq.asked_where(eq.amended(state))))
    assert isinstance(state, Access)

    report = VisitReport(done_at=STORY, serials=("ONT-2", "RTR-1", "MDM-1"))
    found = equipment_rules.installed(RULES, state, report)

    assert [(one.name, getattr(one, "serial", None)) for one in found] == [
        ("fibre-box-2", "ONT-2"),
        ("router", "RTR-1"),
        ("router-2", "MDM-1"),
    ]
    after = eq.evolved(state, *found)
    assert _names(after) == ["fibre-box", "modem"]


def test_a_question_about_what_a_visit_put_up_since_is_asked_no_more() -> None:
    left = eq.asked_where(_left(S.ORDERED, S.DELIVERED, S.INSTALLED, serial="RTR-1"))
    state = eq.evolved(
        _ready_there(_let_go(left)),
        EquipmentMoved(name="router", to=S.INSTALLED, on=TODAY, serial="RTR-1"),
    )
    assert isinstance(state, Access)
    assert is_due(state)

    state, facts = eq.facts_of(state, eq.back(state))

    assert (facts, of.codes(state)) == ([AttentionCleared(code=ELSEWHERE)], [])
    assert not is_due(state)


# never lost


def test_service_starts_without_it_and_its_order_ends_once_it_is_told_of() -> None:
    state = of.opening(_ready_there(_let_go(eq.asked_where(_left()))))
    assert isinstance(state, Access)
    without = tuple(piece.name for piece in on_the_way(state.pieces))
    state = of.when(state, of.commissioned(state, of.start(on_the_way=without)))

    assert (without, of.codes(state)) == (("router",), [ARRIVAL])
    assert isinstance(state, Access)
    assert not is_due(state)
    state, facts = eq.facts_of(state, eq.told_of(state, S.INSTALLED, **THERE))
    assert [type(one) for one in facts] == [EquipmentMoved, AttentionCleared]
    assert eq.piece(eq.closed(state)).state is S.INSTALLED


def test_an_end_asks_it_back_like_the_rest() -> None:
    giving = eq.asked_back(eq.asked_where(_left(S.ORDERED, S.SHIPPED)))

    assert of.codes(giving) == [RETURN]
    assert giving.asked_back["router"].until is not None
    assert _names(giving) == ["router"]
