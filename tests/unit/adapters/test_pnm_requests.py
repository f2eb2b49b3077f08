"""Lines of one order, donor and day go in requests of as many as the exchange takes."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.pnm.mapping import ticket_of
from adapters.pnm.requests import LinesAtMost, in_requests
from adapters.pnm.tickets import REQUESTS, PnmTicket, read_ticket, write_ticket
from domain.identity import OrderId
from domain.port_in_facts import Step
from tests.exchange_house import ticket

AT_MOST = LinesAtMost(consumer=3, enterprise=20)
ORDER = OrderId(UUID(int=7))


def asked(count: int, **changes: Any) -> list[PnmTicket]:  # noqa: ANN401  fields of a ticket
    return [
        ticket_of(ticket(f"{changes} {place}", order=ORDER, **changes)) for place in range(count)
    ]


def said(tickets: list[PnmTicket]) -> list[tuple[str | None, str]]:
    return [(one.more.get("multiple_id"), one.more["lines"]) for one in tickets]


def test_a_line_alone_is_a_request_of_one_and_has_no_other_name() -> None:
    assert said(in_requests(asked(1), AT_MOST, session="20270111100000")) == [(None, "001")]


def test_lines_that_leave_together_say_how_many_they_are() -> None:
    requests = in_requests(asked(7), AT_MOST, session="20270111100000")

    assert {lines for _, lines in said(requests)} == {"007"}
    assert len({name for name, _ in said(requests)}) == 1


def test_a_fleet_is_several_requests_under_one_name() -> None:
    """At most 20 lines of an enterprise (porting-and-access § 2.5, decision 22)."""
    requests = said(in_requests(asked(45), AT_MOST, session="20270111100000"))

    assert [lines for _, lines in requests] == ["020"] * 40 + ["005"] * 5
    assert len({name for name, _ in requests}) == 1


def test_a_consumers_lines_are_requests_of_three_each_under_its_own_name() -> None:
    requests = said(in_requests(asked(7, enterprise=False), AT_MOST, session="20270111100000"))

    assert [lines for _, lines in requests] == ["003"] * 6 + ["001"]
    assert len({name for name, _ in requests if name}) == 2


def test_another_donor_day_or_order_is_another_request() -> None:
    other = replace(ticket("x", order=OrderId(UUID(int=8))))
    tickets = [*asked(2), *asked(2, donor="03"), ticket_of(other), ticket_of(ticket("y"))]

    lines = [lines for _, lines in said(in_requests(tickets, AT_MOST, session="20270111100000"))]

    assert lines == ["002", "002", "002", "002", "001", "001"]


def test_what_is_no_request_stays_as_it_was() -> None:
    cancelled = ticket_of(ticket("z", Step.CANCEL_REQUEST, order=ORDER))

    assert in_requests([cancelled], AT_MOST, session="20270111100000") == [cancelled]


@given(st.lists(st.tuples(st.sampled_from(["02", "03"]), st.booleans()), max_size=70))
def test_every_line_is_in_one_request_of_as_many_lines_as_it_says(
    kinds: list[tuple[str, bool]],
) -> None:
    tickets = [
        ticket_of(ticket(f"{place}", order=ORDER, donor=donor, enterprise=enterprise))
        for place, (donor, enterprise) in enumerate(kinds)
    ]

    requests = in_requests(tickets, AT_MOST, session="20270111100000")

    assert sorted(t.msisdn for t in requests) == sorted(t.msisdn for t in tickets)
    counted: dict[tuple[object, str], int] = {}
    for one in requests:
        assert one.code in REQUESTS
        assert read_ticket(write_ticket(one)) == one
        key = (one.more.get("multiple_id") or one.msisdn, one.more["lines"])
        counted[key] = counted.get(key, 0) + 1
    assert all(count % int(lines) == 0 for (_, lines), count in counted.items())


@pytest.mark.parametrize("step", [Step.COMMIT_PORT, Step.CANCEL_REQUEST])
def test_only_requests_bear_a_name_of_several(step: Step) -> None:
    assert "multiple_id" not in ticket_of(ticket("w", step, order=ORDER)).more


def test_what_leaves_with_another_session_is_another_request() -> None:
    first = said(in_requests(asked(3), AT_MOST, session="20270111100000"))
    later = said(in_requests(asked(3), AT_MOST, session="20270111140000"))

    assert {lines for _, lines in first} == {lines for _, lines in later} == {"003"}
    assert {name for name, _ in first}.isdisjoint({name for name, _ in later})


def test_a_consumers_last_line_alone_bears_no_name_of_several() -> None:
    requests = said(in_requests(asked(4, enterprise=False), AT_MOST, session="s"))

    assert requests[-1] == (None, "001")
