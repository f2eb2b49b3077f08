"""One open order for a site, by every name of it: who stands in whose way at an address."""

from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.attention import AttentionCleared
from domain.claims import NumberClaimed, NumberReleased
from domain.event import Event
from domain.identity import LineId, OrderId
from domain.site_claims import (
    AddressClaimed,
    AddressReleased,
    AddressTakenError,
    AtAddress,
    Holders,
    fold,
    holding,
    leaving,
)
from tests.porting import STORY

_SPACE = UUID("00000000-0000-5000-8000-0000000000ad")


def _site(name: str, *, named: bool, apart: bool = False) -> AtAddress:
    line = LineId(uuid5(_SPACE, name))
    order = OrderId(uuid5(_SPACE, f"order of {name}"))
    return AtAddress(line_id=line, order_id=order, named=named, apart=apart)


def _claimed(*sites: AtAddress, before: tuple[Event, ...] = ()) -> tuple[Event, ...]:
    events = before
    for site in sites:
        events = (*events, *holding(site, at=STORY)(events))
    return events


SOCKET, OTHER_SOCKET = _site("socket", named=True), _site("other socket", named=True)
ADDRESS = _site("address", named=False)


def test_two_sockets_of_one_building_are_ordered_at_once() -> None:
    holders = fold(_claimed(SOCKET, OTHER_SOCKET))

    assert [one.line_id for one in holders] == [SOCKET.line_id, OTHER_SOCKET.line_id]


@pytest.mark.parametrize(
    ("first", "second"),
    [(SOCKET, ADDRESS), (ADDRESS, SOCKET), (ADDRESS, _site("another", named=False))],
)
def test_an_order_that_names_nothing_else_stands_in_the_way_of_any_other(
    first: AtAddress, second: AtAddress
) -> None:
    with pytest.raises(AddressTakenError, match="name the socket or the line of each") as taken:
        _claimed(first, second)

    assert taken.value.order_id == first.order_id


def test_a_person_tells_two_flats_of_one_building_apart() -> None:
    flat = _site("flat", named=False, apart=True)

    holders = fold(_claimed(ADDRESS, flat))

    assert [one.named for one in holders] == [False, False]
    with pytest.raises(AddressTakenError):
        _claimed(SOCKET, before=_claimed(ADDRESS, flat))


def test_whoever_has_it_claims_it_once_and_leaves_it_once() -> None:
    claimed = _claimed(SOCKET, SOCKET)
    left = leaving(line_id=SOCKET.line_id, at=STORY)

    assert claimed == _claimed(SOCKET)
    assert left(claimed) == (AddressReleased(line_id=SOCKET.line_id),)
    assert left(()) == ()
    assert fold((*claimed, *left(claimed))) == ()
    assert leaving(line_id=ADDRESS.line_id, at=STORY)(claimed) == ()


def test_other_facts_of_the_stream_claim_nothing() -> None:
    assert fold((AttentionCleared(code="site-taken"),)) == ()


def test_an_address_that_was_claimed_like_a_number_names_nothing_else() -> None:
    of_before = NumberClaimed(line_id=ADDRESS.line_id, order_id=ADDRESS.order_id)
    over = NumberReleased(line_id=ADDRESS.line_id)

    with pytest.raises(AddressTakenError):
        _claimed(SOCKET, before=(of_before,))
    assert fold((of_before, over)) == ()
    assert leaving(line_id=ADDRESS.line_id, at=STORY)((of_before,))


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans(), st.booleans()), max_size=12))
def test_at_an_address_either_all_are_named_or_there_is_one(
    asked: list[tuple[int, bool, bool]],
) -> None:
    events: tuple[Event, ...] = ()
    for line, named, ends in asked:
        site = _site(f"line {line}", named=named)
        try:
            events = _claimed(site, before=events)
        except AddressTakenError:
            continue
        if ends:
            events = (*events, *leaving(line_id=site.line_id, at=STORY)(events))
        holders: Holders = fold(events)
        assert len(holders) <= 1 or all(one.named for one in holders)
        assert len({one.line_id for one in holders}) == len(holders)


def test_a_claim_says_whether_it_names_more_than_the_address() -> None:
    (claimed,) = _claimed(SOCKET)

    assert claimed == AddressClaimed(line_id=SOCKET.line_id, order_id=SOCKET.order_id, named=True)
