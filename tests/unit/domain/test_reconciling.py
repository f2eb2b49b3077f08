"""What the facts of a line say of it at its host, and when the host says otherwise."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import port_in_facts as facts
from domain.event import Event
from domain.identity import LineId, OrderId, SubjectId
from domain.new_numbers import NewNumberEnded, NewNumberOpened, NewNumberTerms, NumberGiven
from domain.operators import Standing
from domain.personal import Personal
from domain.port_in_facts import HostNetwork, Outcome, Step
from domain.reconciling import Belief, DifferenceKind, belief_of, compared
from tests.builders import line_opened
from tests.porting import STORY
from tests.reconciled import (
    active_facts,
    asked,
    ended,
    handed_back,
    host_line,
    line_at,
    ready,
    released_facts,
    reserved_facts,
    switched,
    their_side,
)

NIGHT = STORY + timedelta(days=3)


def believed(*events: Event) -> Belief:
    """Each fact an hour after the one before it."""
    history = [(n, STORY + timedelta(hours=n), event) for n, event in enumerate(events, start=1)]
    belief = belief_of(history)
    assert belief is not None
    return belief


def new_number(kept: str | None) -> NewNumberOpened:
    terms = NewNumberTerms(
        line_id=LineId(UUID(int=7)),
        order_id=OrderId(UUID(int=8)),
        replaces=line_at(1).terms.line_id,
        pin=line_at(1).terms.pin,
        host=HostNetwork.SFR,
        sim=facts.SimKind.SIM,
        host_line=kept,
        asked_at=STORY,
    )
    return NewNumberOpened(terms=terms)


def given_number() -> NumberGiven:
    return NumberGiven(
        number=Personal(value="0612345678", subject=SubjectId("line-contact/1")), given_at=STORY
    )


def activated() -> NewNumberEnded:
    return NewNumberEnded(outcome=Outcome.ACTIVATED, service_started_at=STORY)


def test_a_stream_that_is_no_line_s_is_believed_nothing_of() -> None:
    assert belief_of([]) is None
    assert belief_of([(1, STORY, line_opened())]) is None


@pytest.mark.parametrize(
    ("events", "standing", "name"),
    [
        ((line_at(1),), None, None),
        (reserved_facts(1), Standing.RESERVED, host_line(1)),
        (active_facts(1), Standing.ACTIVE, host_line(1)),
        (released_facts(1), Standing.ENDED, host_line(1)),
        ((*active_facts(1), handed_back(1)), Standing.ENDED, host_line(1)),
        ((new_number("LS1"),), Standing.RESERVED, "LS1"),
        ((new_number(None),), None, None),
        ((new_number("LS1"), given_number(), activated()), Standing.ACTIVE, "LS1"),
        (
            (*reserved_facts(1), facts.StepGivenUp(step=Step.RELEASE_LINE, reason="no answer")),
            Standing.ENDED,
            host_line(1),
        ),
    ],
    ids=[
        "opened",
        "reserved",
        "active",
        "released",
        "handed back",
        "kept",
        "new",
        "activated",
        "given up",
    ],
)
def test_the_facts_of_a_line_put_it_somewhere_at_its_host(
    events: tuple[Event, ...], standing: Standing | None, name: str | None
) -> None:
    belief = believed(*events)

    assert (belief.standing, belief.host_line) == (standing, name)
    assert belief.comparable(NIGHT) == (standing is not None)


@pytest.mark.parametrize(
    "events",
    [
        (line_at(1), asked(Step.PREPARE_LINE)),
        (*reserved_facts(1), asked(Step.SWITCH_LINE)),
        (*reserved_facts(1), asked(Step.RELEASE_LINE)),
        (new_number("LS1"), asked(Step.GIVE_NUMBER)),
        (*reserved_facts(1), ended(Outcome.REPLACED)),
    ],
    ids=["prepare", "switch", "release", "give", "handed over"],
)
def test_what_is_under_way_or_another_line_s_is_not_compared(events: tuple[Event, ...]) -> None:
    assert not believed(*events).comparable(NIGHT)


@pytest.mark.parametrize(
    "over",
    [
        facts.OperatorRefused(step=Step.SWITCH_LINE, code="NO"),
        facts.StepGivenUp(step=Step.SWITCH_LINE, reason="done by hand"),
        ended(Outcome.REFUSED),
    ],
)
def test_what_was_under_way_is_over_once_refused_given_up_or_ended(over: Event) -> None:
    belief = believed(*reserved_facts(1), asked(Step.SWITCH_LINE), over)

    assert belief.under_way is None
    assert belief.standing is Standing.RESERVED
    assert belief.comparable(NIGHT)


@pytest.mark.parametrize(
    "other",
    [
        asked(Step.SEND_REQUEST),
        facts.OperatorRefused(step=Step.SEND_REQUEST, code="NO"),
        facts.GatesPassed(),
        ended(),
    ],
)
def test_a_fact_that_is_not_about_the_host_leaves_it_where_it_was(other: Event) -> None:
    assert believed(*reserved_facts(1), other) == believed(*reserved_facts(1))


def test_a_line_is_compared_half_a_day_after_its_last_fact() -> None:
    belief = believed(line_at(1), ready(1), switched())
    at = STORY + timedelta(hours=3)

    assert not belief.comparable(at + timedelta(hours=11))
    assert belief.comparable(at + timedelta(hours=12))
    assert belief.comparable(at + timedelta(days=900))


def test_a_line_that_was_given_back_is_forgotten_after_sixty_days() -> None:
    belief = believed(*released_facts(1))

    assert belief.comparable(belief.since + timedelta(days=60))
    assert not belief.comparable(belief.since + timedelta(days=61))


def test_our_side_names_the_last_facts_with_their_codes() -> None:
    refused = facts.OperatorRefused(step=Step.SWITCH_LINE, code="NO-SIM")
    ours = believed(*reserved_facts(1), asked(Step.SWITCH_LINE), refused).ours

    assert [(fact.event, fact.version, fact.detail) for fact in ours.evidence] == [
        ("OperatorAsked", 2, "prepare-line key-prepare-line-0"),
        ("LineReady", 3, None),
        ("OperatorAsked", 4, "switch-line key-switch-line-0"),
        ("OperatorRefused", 5, "switch-line NO-SIM"),
    ]
    given_up = believed(*reserved_facts(1), facts.StepGivenUp(step=Step.RELEASE_LINE, reason="x"))
    assert given_up.ours.evidence[-1].detail == "release-line"
    over = believed(*reserved_facts(1), asked(Step.SWITCH_LINE), ended(Outcome.REFUSED))
    assert over.ours.evidence[-1].detail == "refused"


def test_a_line_with_nothing_at_its_host_has_no_side_to_show() -> None:
    with pytest.raises(ValueError, match="nothing is expected"):
        _ = believed(line_at(1)).ours


@pytest.mark.parametrize(
    ("ours", "theirs", "kind"),
    [
        (Standing.ACTIVE, Standing.ACTIVE, None),
        (Standing.ACTIVE, Standing.ENDED, DifferenceKind.ENDED_THERE),
        (Standing.ACTIVE, Standing.SUSPENDED, DifferenceKind.SUSPENDED_THERE),
        (Standing.ACTIVE, Standing.RESERVED, DifferenceKind.NOT_ACTIVE_THERE),
        (Standing.ACTIVE, None, DifferenceKind.UNKNOWN_THERE),
        (Standing.RESERVED, Standing.RESERVED, None),
        (Standing.RESERVED, Standing.ACTIVE, DifferenceKind.ACTIVE_THERE),
        (Standing.RESERVED, Standing.SUSPENDED, DifferenceKind.ACTIVE_THERE),
        (Standing.RESERVED, Standing.ENDED, DifferenceKind.ENDED_THERE),
        (Standing.RESERVED, None, DifferenceKind.UNKNOWN_THERE),
        (Standing.ENDED, Standing.ENDED, None),
        (Standing.ENDED, None, None),
        (Standing.ENDED, Standing.RESERVED, DifferenceKind.LEFT_THERE),
        (Standing.ENDED, Standing.ACTIVE, DifferenceKind.LEFT_THERE),
        (Standing.ENDED, Standing.SUSPENDED, DifferenceKind.LEFT_THERE),
    ],
)
def test_each_pair_of_answers_is_one_difference_or_none(
    ours: Standing, theirs: Standing | None, kind: DifferenceKind | None
) -> None:
    assert compared(ours, their_side(theirs)) is kind


HOST_STEPS = (Step.PREPARE_LINE, Step.SWITCH_LINE, Step.RELEASE_LINE, Step.GIVE_NUMBER)
AFTERWARDS = st.sampled_from(
    [
        *(asked(step) for step in Step),
        *(facts.OperatorRefused(step=step, code="NO") for step in Step),
        ready(1),
        switched(),
        facts.LineReleased(released_at=STORY),
        facts.GatesPassed(),
    ]
)


@given(st.lists(AFTERWARDS, max_size=12), st.sampled_from(HOST_STEPS))
def test_nothing_is_compared_while_the_host_is_asked_for_something(
    events: list[Event], step: Step
) -> None:
    assert not believed(line_at(1), *events, asked(step)).comparable(NIGHT)
