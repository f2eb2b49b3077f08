"""Nothing a person wrote for colleagues is told, and no number is said to stay that is gone."""

from datetime import UTC, datetime

import pytest

from domain import port_in_facts as port
from domain.attention import DecisionKind, DecisionTaken, PolicyRow
from domain.event import Event
from domain.notice_causes import told_of
from domain.port_in_facts import Outcome, Step
from domain.said import Said
from tests.porting import RULES
from tests.unit.domain.test_notice_causes import planned

AT = datetime(2027, 1, 15, 8, 30, tzinfo=UTC)
SECRET = "annulé par j.durand : client pénible"
WHY = Said(fr=SECRET, en=SECRET)
COMMITTED = port.PortCommitted(confirmers=())
STAYS = "the number stays with your present operator"
GONE = "the number is no longer active: your usual contact tells you what can still be done"


def decided(decision: DecisionKind, code: str = "x") -> DecisionTaken:
    return DecisionTaken(code=code, decision=decision, reason=SECRET, by="j.durand")


def ended(outcome: Outcome) -> port.PortEnded:
    return port.PortEnded(outcome=outcome, why=WHY, service_started_at=AT)


def facts(event: Event, *before: Event) -> dict[str, str]:
    """In English."""
    found = told_of(event, RULES.local, before)
    assert found is not None
    assert all(SECRET not in f"{said.fr} {said.en}" for said in found[1].values())
    return {name: said.en for name, said in found[1].items()}


def refused(code: str) -> port.PortRefused:
    return port.PortRefused(code=code, refused_at=AT)


END = DecisionKind.END
ENDED_BY_ITS_ROW = port.UndoingBegun(
    outcome=Outcome.REFUSED,
    why=WHY,
    steps=(),
    row=PolicyRow(policy="gpm", version=2, name="r340", since=AT.date()),
)


def test_who_cancelled_and_why_is_not_told() -> None:
    told = facts(ended(Outcome.CANCELLED), decided(DecisionKind.CANCEL))

    assert told == {"why": "the cancellation has taken effect"}


@pytest.mark.parametrize(
    ("before", "why"),
    [
        ((), "what was to confirm the cancellation did not come in time"),
        ((COMMITTED,), "what was to confirm the cancellation did not come in time"),
        ((decided(DecisionKind.REFUSE),), "the agreement it took was not given"),
        ((decided(DecisionKind.SKIP),), "the request to cancel was not pursued"),
    ],
)
def test_a_cancellation_that_lapses_is_told_by_what_became_of_it(
    before: tuple[Event, ...], why: str
) -> None:
    assert facts(port.CancellationLapsed(why=WHY), *before) == {"why": why}


@pytest.mark.parametrize(
    ("before", "why", "follows"),
    [
        ((), "what we needed for the port did not come in time", STAYS),
        (
            (refused("R210"), decided(END, "donor-refused")),
            "the request went to the wrong operator",
            STAYS,
        ),
        (
            (refused("E603"), decided(END, "donor-refused")),
            "the port could not be carried through",
            STAYS,
        ),
        (
            (decided(END, "donor-refused"),),
            "the port could not be carried through",
            STAYS,
        ),
        (
            (refused("R322"), planned(None, None), decided(END, "donor-silent")),
            "your present operator has not answered",
            STAYS,
        ),
        (
            (refused("R322"), decided(END, "donor-refused")),
            "the number was terminated outside the port request",
            GONE,
        ),
        (
            (
                port.EligibilityLost(code="C003", lost_at=AT),
                decided(END, "eligibility-lost"),
            ),
            "number terminated less than 10 days ago",
            GONE,
        ),
        (
            (decided(DecisionKind.RETRY), decided(END, "number-inactive")),
            "the number is not active at your present operator",
            GONE,
        ),
        (
            (refused("R340"), ENDED_BY_ITS_ROW),
            "a number without a contract (fax, data)",
            STAYS,
        ),
        ((ENDED_BY_ITS_ROW,), "what we needed for the port did not come in time", STAYS),
        (
            (COMMITTED, decided(END, "something-else")),
            "the port could not be carried through",
            GONE,
        ),
    ],
)
def test_a_port_that_cannot_be_is_told_by_its_cause_and_by_where_the_number_is(
    before: tuple[Event, ...], why: str, follows: str
) -> None:
    assert facts(ended(Outcome.REFUSED), *before) == {"why": why, "follows": follows}


def test_a_replaced_number_is_told_with_what_stands_in_for_it() -> None:
    assert facts(ended(Outcome.REPLACED), COMMITTED) == {
        "why": "what we needed for the port did not come in time",
        "follows": "a new number is given to you instead",
    }


def test_a_line_whose_test_was_given_up_is_not_told_as_in_service() -> None:
    given_up = port.StepGivenUp(step=Step.VERIFY_LINE, reason=SECRET)
    other = port.StepGivenUp(step=Step.CHECK_ACTIVE, reason=SECRET)
    moved = ended(Outcome.PORTED)

    assert told_of(moved, RULES.local, (given_up,)) is None
    assert facts(moved, other) == {"since": "Friday 15 January 2027 at 09:30"}
