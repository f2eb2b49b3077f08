"""Fixed accesses on Orange's wire: what is asked, and whatever can come back of it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.orange import access_mapping as mapping
from adapters.orange.access_mapping import access_order
from adapters.orange.gateway import OrangeGateway, http_session, read_notification
from adapters.orange.messages import (
    Element,
    Token,
    envelope,
    read_envelope,
)
from domain.access_facts import (
    Locator,
    Reason,
    Technology,
    Use,
    Verdict,
)
from domain.access_operators import ACCESS_STEPS, AccessRequest
from domain.access_told import (
    StudyTold,
)
from domain.identity import LineId
from domain.operators import (
    Refused,
    Took,
    Unanswered,
    Unreadable,
)
from domain.port_in_facts import Step
from simulators import orange_access as theirs
from simulators.access import Outcome, Saturated
from simulators.geography import Barrier as TheirBarrier
from simulators.geography import Found, Studied
from simulators.geography import Offer as TheirOffer
from simulators.geography import Quote as TheirQuote
from simulators.orange_works import Fields
from simulators.site_words import BARRIERS
from tests.conformance.host import STREET, site_request
from tests.dialects import orange_errors
from tests.unit.adapters.wire import open_wire

TOKEN = Token(username="raccord", password="p")
AT = "2027-01-10T00:00:00+01:00"
MOMENT = datetime(2027, 1, 9, 23, 0, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2190, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  hypothesis adds it
LINE = "00000000-0000-0000-0000-000000000001"
COMMON = {"notificationId": "n", "orderKey": "key-0", "customerReference": LINE, "at": AT}


def part(name: str, *parts: Element, **fields: str) -> Element:
    return Element(name=name, fields=fields, parts=parts)


def quote(*amounts: str, reference: str = "Q-1") -> Element:
    lines = (part("line", label="Tranchée", amount=amount) for amount in amounts)
    return part("quote", *lines, reference=reference)


# what we ask

TEXTS = st.text(max_size=120)
WORDS = st.from_regex(r"[A-Za-z0-9_-]{1,60}", fullmatch=True)


@st.composite
def requests(draw: st.DrawFn) -> AccessRequest:
    return AccessRequest(
        step=draw(st.sampled_from(ACCESS_STEPS)),
        key=str(draw(st.uuids())),
        line_id=LineId(UUID(int=draw(st.integers(0, 2**128 - 1)))),
        asked_at=draw(MOMENTS),
        commune=draw(st.sampled_from(["59350", "2A004", "97411"])),
        address="1 " + draw(TEXTS),
        locator=draw(st.sampled_from(Locator)),
        name=draw(st.none() | TEXTS.map(lambda text: "n" + text)),
        technologies=tuple(draw(st.lists(st.sampled_from(Technology), min_size=1, unique=True))),
        down_kbps=draw(st.none() | st.integers(1, 10**9)),
        reference=draw(st.none() | WORDS),
        quote=draw(st.none() | WORDS),
        not_before=draw(st.none() | st.dates(date(2020, 1, 1), date(2190, 1, 1))),
        slot=draw(st.none() | WORDS),
        visit=draw(st.none() | WORDS),
    )


@given(requests())
def test_what_is_asked_of_orange_is_of_its_schema(request: AccessRequest) -> None:
    element = access_order(request)

    assert orange_errors(envelope(element, TOKEN)) == []
    assert read_envelope(envelope(element, TOKEN)) == element
    assert "address" not in repr(element)


def test_an_order_says_where_in_what_and_which_quote() -> None:
    asked = site_request(
        "one",
        Step.RESERVE_ACCESS,
        technologies=(Technology.FTTH, Technology.BUNDLED_PAIRS),
        locator=Locator.SOCKET,
        name="OO-1234-5678",
        down_kbps=8000,
        reference="R-1",
        quote="Q-1",
    )

    fields = access_order(asked).fields

    assert fields == {
        "orderKey": asked.key,
        "customerReference": str(asked.line_id),
        "effect": "RESERVE",
        "requestedAt": asked.asked_at.isoformat(),
        "commune": "59350",
        "address": STREET,
        "locator": "PTO",
        "technologies": "FTTH SDSL_MULTI",
        "locatorName": "OO-1234-5678",
        "downKbps": "8000",
        "accessReference": "R-1",
        "quoteReference": "Q-1",
    }


def test_an_address_is_written_on_one_line_of_printed_characters() -> None:
    asked = site_request("lines", address="Bât. A\r\n\t12 rue\x00de l'Essai\ud800 ")

    assert access_order(asked).fields["address"] == "Bât. A 12 rue de l'Essai"


def test_all_our_words_have_one_of_theirs() -> None:
    assert set(mapping.EFFECTS) == set(ACCESS_STEPS)
    assert set(mapping.NAMES) == set(Technology)
    assert len(set(mapping.NAMES.values())) == len(Technology)
    assert set(mapping.LOCATORS) == set(Locator)
    assert set(mapping.USES.values()) == set(Use)
    assert set(mapping.REASONS.values()) == set(Reason) - {Reason.OTHER, Reason.REFUSED}
    assert set(mapping.VERDICTS.values()) == set(Verdict)


# whatever Orange writes is read

OFFERS = st.builds(
    TheirOffer,
    technology=st.sampled_from(sorted(theirs.NAMES)),
    down_kbps=st.integers(1, 10**9),
    up_kbps=st.integers(1, 10**9),
    lead_days=st.integers(0, 999),
    study=st.booleans(),
    pairs=st.none() | st.integers(1, 64),
)
NO_CODE = st.builds(
    TheirBarrier,
    technology=st.sampled_from(sorted(theirs.NAMES)),
    word=st.sampled_from(BARRIERS),
)
EUROS = st.decimals(0, 10**8, places=2)
QUOTES = st.builds(
    TheirQuote,
    kind=st.just("works"),
    reference=WORDS,
    items=st.lists(st.tuples(WORDS, EUROS), min_size=1, max_size=4).map(tuple),
)
OUTCOMES: st.SearchStrategy[Any] = st.one_of(
    st.builds(
        Found,
        offers=st.lists(OFFERS, max_size=4).map(tuple),
        barriers=st.lists(NO_CODE, max_size=4).map(tuple),
        uses=st.lists(st.sampled_from(sorted(theirs.USES)), max_size=4).map(tuple),
    ),
    st.builds(
        Studied,
        verdict=st.sampled_from(sorted(theirs.VERDICTS)),
        code=st.just("") | WORDS,
        technology=st.just("") | st.sampled_from(sorted(theirs.NAMES)),
        lead_days=st.none() | st.integers(0, 999),
        fee_change=st.none() | st.decimals(-(10**8), 10**8, places=2),
        quote=st.none() | QUOTES,
    ),
    st.builds(
        Saturated,
        since=MOMENTS,
        at_customer=st.booleans(),
        at_first_visit=st.booleans(),
        quote=st.none() | QUOTES,
    ),
)


def element_of(name: str, told: Fields) -> Element:
    fields = {one: value for one, value in told if isinstance(value, str)}
    parts = (element_of(one, value) for one, value in told if not isinstance(value, str))
    return Element(name=name, fields=fields, parts=tuple(parts))


@given(OUTCOMES)
def test_whatever_comes_of_an_order_is_of_the_schema_and_read(outcome: Outcome) -> None:
    common = [*COMMON.items()]
    document = envelope(
        element_of("AccessNotification", [*common, *theirs.told_of(outcome)]), TOKEN
    )

    told = read_notification(document.decode())

    assert orange_errors(document) == []
    assert not isinstance(told, Unreadable)
    barriers = getattr(told, "barriers", ())
    assert all(barrier.reason is not Reason.OTHER for barrier in barriers)


# over the wire


def _answered(name: str, *parts: Element, **fields: str) -> bytes:
    return envelope(Element(name=name, fields=fields, parts=parts), TOKEN)


ASKED = site_request("one", asked_at=MOMENT - timedelta(days=1))


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (_answered("OrderStatusResult", state="PENDING", reference="R-1"), Took(reference="R-1")),
        (_answered("OrderStatusResult", state="REJECTED", code="E1"), Refused(code="E1")),
        (_answered("OrderStatusResult", state="WITHDRAWN"), Refused(code="WITHDRAWN")),
        (_answered("OrderStatusResult", state="DANCING"), None),
        (b"<html/>", None),
    ],
)
async def test_no_site_is_asked_about_before_it_is_known_what_orange_has(
    status: bytes, expected: object
) -> None:
    async with open_wire() as wire, http_session() as session:
        gateway = OrangeGateway(session=session, url=wire.url, token=TOKEN)
        wire.will("*", 200, status)

        answer = await gateway.ask_access(ASKED)

    assert answer == expected or (expected is None and isinstance(answer, Unanswered))
    assert [heard.path for heard in wire.heard] == ["/soap"]


async def test_an_order_is_sent_once_nothing_is_known_of_it() -> None:
    async with open_wire() as wire, http_session() as session:
        gateway = OrangeGateway(session=session, url=wire.url, token=TOKEN)
        wire.will("*", 200, _answered("OrderStatusResult", state="UNKNOWN"))
        wire.will("*", 200, _answered("OrderAcknowledgement", orderKey=ASKED.key, reference="R-1"))

        answer = await gateway.ask_access(ASKED)

    assert answer == Took(reference="R-1")
    assert read_envelope(wire.heard[1].body) == access_order(ASKED)
    assert [heard.query for heard in wire.heard] == ["", ""]
    assert STREET not in repr([heard.headers for heard in wire.heard])


async def test_what_is_looked_up_of_a_site_can_be_kept_and_read() -> None:
    found = {**COMMON, "orderKey": ASKED.key, "event": "STUDIED", "verdict": "FEASIBLE"}
    async with open_wire() as wire, http_session() as session:
        gateway = OrangeGateway(session=session, url=wire.url, token=TOKEN)
        wire.will("*", 200, _answered("OrderStatusResult", quote("1.00"), state="DONE", **found))
        body = await gateway.look_up_access(ASKED.key)
        wire.will("*", 500, b"")
        wire.answers["*"].pop(0)
        nothing = await gateway.look_up_access(ASKED.key)

    assert body is not None
    told = read_notification(body)
    assert isinstance(told, StudyTold)
    assert told.result.quote is not None
    assert nothing is None
