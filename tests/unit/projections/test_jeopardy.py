"""What is late or will be, by order and cause: as told, cleared as told."""

from datetime import date, timedelta

from domain.event import Event
from domain.jeopardy import LinesAtRisk, LinesLate, LinesSafe, Relief
from domain.outlooks import Verdict
from projections.jeopardy import JEOPARDIES, JeopardyDocument, brief_of
from projections.projection import fold
from tests.builders import ORDER, line_opened
from tests.unit.domain.test_jeopardy import AT, line, safe
from tests.unit.projections.test_order import envelope


def folded(*events: Event) -> JeopardyDocument:
    stream = f"jeopardy/{ORDER}"
    envelopes = [envelope(event, n, stream=stream) for n, event in enumerate(events, start=1)]
    return fold(JEOPARDIES, {}, envelopes)[str(ORDER)]


def test_three_hundred_lines_late_for_one_cause_are_one_row() -> None:
    hundreds = [
        LinesLate(lines=tuple(line(n) for n in range(first, first + 100)))
        for first in (1, 101, 201)
    ]

    brief = brief_of(folded(*hundreds))

    assert (brief.order_id, brief.open, brief.at_risk, brief.late) == (ORDER, True, 0, 300)
    (group,) = brief.groups
    assert (group.verdict, group.lines, group.days_late) == (Verdict.LATE, 300, 3)
    assert (group.promised_on, group.expected_on) == (date(2027, 1, 15), date(2027, 1, 18))


def test_causes_are_apart_and_since_the_first_of_their_lines() -> None:
    brief = brief_of(
        folded(
            LinesAtRisk(
                lines=(
                    line(1, since=AT),
                    line(2, since=AT - timedelta(days=1)),
                    line(3, code="overdue"),
                )
            )
        )
    )

    assert [(g.cause.code, g.lines, g.cause.since) for g in brief.groups] == [
        ("donor-silent", 2, AT - timedelta(days=1)),
        ("overdue", 1, AT),
    ]


def test_a_line_stands_as_it_was_told_last_and_goes_when_it_is_cleared() -> None:
    document = folded(
        LinesAtRisk(lines=(line(1), line(2))), LinesLate(lines=(line(1),)), line_opened()
    )
    cleared = folded(
        LinesAtRisk(lines=(line(1),)), LinesSafe(lines=(safe(1, Relief.DELIVERED), safe(7)))
    )

    assert [(one.line.number, one.verdict) for one in document.lines] == [
        (2, Verdict.AT_RISK),
        (1, Verdict.LATE),
    ]
    assert (cleared.open, cleared.lines) == (False, ())


def test_other_streams_are_none_of_its_business() -> None:
    assert fold(JEOPARDIES, {}, [envelope(line_opened(), 1)]) == {}
    stray = [envelope(line_opened(), 1, stream=f"jeopardy/{ORDER}")]
    assert fold(JEOPARDIES, {}, stray) == {}
