"""What people read of hosts that differ: open until the host says what we believe."""

from domain.differences import DifferenceGone, DifferenceRaised, DifferenceSeenAgain
from domain.differences import DifferenceSettled as Settled
from domain.host_nights import Counts, HostNotReconciled, HostReconciled
from domain.operators import Standing
from domain.port_in_facts import HostNetwork
from projections.projection import fold
from projections.reconciling import DIFFERENCES, HOST_NIGHTS
from tests.builders import line_opened
from tests.porting import STORY, day
from tests.reconciled import difference, their_side
from tests.unit.projections.test_exchange import told

RAISED = DifferenceRaised(difference=difference(), until=STORY)
SETTLED = Settled(by="ops", reason="called")
GONE = DifferenceGone(theirs=their_side(Standing.ACTIVE))
STREAM = f"difference/{difference().difference_id}"
HEARD = HostReconciled(night=day("2027-01-11"), began_at=STORY, counts=Counts(lines=3))
UNHEARD = HostNotReconciled(
    night=day("2027-01-12"), began_at=STORY, counts=Counts(), why="in maintenance"
)


def test_a_difference_is_open_until_the_host_says_what_we_believe() -> None:
    (opened,) = fold(DIFFERENCES, {}, told(STREAM, RAISED)).values()
    (accepted,) = fold(DIFFERENCES, {}, told(STREAM, RAISED, SETTLED)).values()
    (gone,) = fold(DIFFERENCES, {}, told(STREAM, RAISED, SETTLED, GONE)).values()

    assert [one.open for one in (opened, accepted, gone)] == [True, True, False]
    assert (gone.difference, gone.state.stage) == (difference(), "calm")
    assert (opened.difference_id, opened.order_id) == (
        difference().difference_id,
        difference().order_id,
    )
    assert [entry.event for entry in gone.timeline] == [
        "DifferenceRaised",
        "DifferenceSettled",
        "DifferenceGone",
    ]


def test_it_shows_what_the_host_said_last() -> None:
    again = DifferenceSeenAgain(theirs=their_side(None, code="LINE-UNKNOWN"))

    (document,) = fold(DIFFERENCES, {}, told(STREAM, RAISED, again)).values()

    assert document.difference.theirs.code == "LINE-UNKNOWN"
    assert document.version == 2


def test_a_host_s_nights_are_kept_under_its_name() -> None:
    (document,) = fold(HOST_NIGHTS, {}, told("host-nights/sfr", HEARD, UNHEARD)).values()

    assert (document.host, document.open, document.version) == (HostNetwork.SFR, False, 2)
    assert (document.nights.last, document.nights.last_heard) == (UNHEARD, HEARD)


def test_what_belongs_to_other_streams_is_none_of_theirs() -> None:
    assert fold(DIFFERENCES, {}, told("line/1", line_opened())) == {}
    assert fold(DIFFERENCES, {}, told(STREAM, line_opened())) == {}
    assert fold(DIFFERENCES, {}, told(STREAM, GONE)) == {}
    assert fold(HOST_NIGHTS, {}, told("host-nights/sfr", line_opened())) == {}
    assert fold(HOST_NIGHTS, {}, told("line/1", line_opened())) == {}
