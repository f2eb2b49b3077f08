"""Tickets of the exchange: every code written and read, every fault by its code and its field."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.pnm.checks import Circumstances, check_ticket
from adapters.pnm.mapping import (
    error_about,
    instant,
    kept,
    opened,
    read_kept,
    reply_of,
    stamp,
    ticket_of,
)
from adapters.pnm.names import FileName, parse_name
from adapters.pnm.tickets import (
    COMMON,
    LAYOUTS,
    Code,
    Field,
    Kind,
    PnmTicket,
    TicketFaultError,
    read_ticket,
    transfer_id,
    write_ticket,
)
from domain.exchange_codes import EXCHANGE_CODES
from domain.identity import LineId
from domain.operators import (
    AcceptedTold,
    ConfirmedTold,
    EligibilityLostTold,
    RefusedTold,
    RequestCancelledTold,
    Ticket,
    TicketKnownTold,
    TransferReply,
    Unreadable,
)
from domain.port_in_facts import Step
from domain.territories import ExchangeGroup
from tests.porting import NUMBER, RULES, rio_of

EXAMPLE = (
    "1210|01|02|02|01|20260612142743|0696301129|2edf2f024ad3bd81a8add0ef9de3a97d|0001|A001|"
    "20260612145429||"
)
NOW = datetime(2027, 1, 11, 9, 50, tzinfo=UTC)
GPM = ExchangeGroup.GPM
ID = transfer_id(receiver="01", donor="02", subscribed_at="20270111103000", msisdn=NUMBER)
VALUES = {
    Kind.INSTANT: "20270111105000",
    Kind.DAY: "20270115",
    Kind.TRANSFER: "",
    Kind.COUNT: "001",
    Kind.RIO: rio_of(),
    Kind.REASON: "A001",
    Kind.POSTAL_CODE: "75001",
    Kind.LINE: "0001",
    Kind.CODE: "1110",
    Kind.TEXT: "",
}
REASONS = {
    Code.ACCEPTANCE: "A001",
    Code.REFUSAL: "R123",
    Code.CANCELLATION: "C001",
    Code.LOSS: "C002",
    Code.CANCELLED: "C001",
    Code.RESTITUTION_ANSWER: "A001",
}
FROM_THE_DONOR = {
    Code.ACCEPTANCE,
    Code.REFUSAL,
    Code.LOSS,
    Code.CANCELLED,
    Code.REVERSE_PORTING,
}


def ticket(code: Code, **more: str) -> PnmTicket:
    """A good one: from 02 to 01 when the donor sends it, from 01 to 02 otherwise."""
    answers = code in FROM_THE_DONOR
    values = {f.name: VALUES[f.kind] for f in LAYOUTS[code] if VALUES[f.kind]}
    if code in REASONS:
        values["reason"] = REASONS[code]
    if code is Code.ERROR:
        values["error"] = "E606"
    return PnmTicket(
        code=code,
        origin="02" if answers else "01",
        destination="01" if answers else "02",
        receiver="01",
        donor="02",
        subscribed_at="20270111103000",
        msisdn=NUMBER,
        transfer_id=ID,
        more=values | more,
    )


def around(line: PnmTicket, *, group: ExchangeGroup = GPM, now: datetime = NOW) -> Circumstances:
    file = parse_name(f"PNMDATA.{line.origin}.{line.destination}.20270111105000.001")
    assert isinstance(file, FileName)
    return Circumstances(file=file, calendar=RULES.calendar(group, now.date()), now=now)


def fault(line: PnmTicket, circumstances: Circumstances | None = None) -> str | None:
    try:
        check_ticket(line, circumstances or around(line))
    except TicketFaultError as exc:
        return exc.code
    return None


def test_the_public_example_is_read_and_written_to_the_letter() -> None:
    read = read_ticket(EXAMPLE)

    assert read.code is Code.ACCEPTANCE
    assert (read.origin, read.destination, read.receiver, read.donor) == ("01", "02", "02", "01")
    assert (read.msisdn, read.line, read.more["reason"]) == ("0696301129", 1, "A001")
    assert write_ticket(read) == EXAMPLE
    assert "0696301129" not in repr(read)


def test_the_id_of_a_transfer_is_the_one_the_annex_computes() -> None:
    made = transfer_id(
        receiver="02", donor="01", subscribed_at="20260612142743", msisdn="0696301129"
    )

    assert made == "2edf2f024ad3bd81a8add0ef9de3a97d"


@pytest.mark.parametrize("code", list(Code))
def test_every_ticket_of_the_annex_is_written_and_read_back(code: Code) -> None:
    made = ticket(code)

    assert read_ticket(write_ticket(made)) == made
    assert re.fullmatch("[0-9]{4}", code.value)


@pytest.mark.parametrize(
    ("line", "code", "position"),
    [
        ("9999|01", "E201", 1),
        ("", "E201", 1),
        (EXAMPLE + "|", "E206", 13),
        (EXAMPLE.removesuffix("||"), "E206", 11),
        (EXAMPLE.replace("|0001|", "|00011|"), "E203", 9),
        (EXAMPLE.replace("A001", "A0001"), "E203", 10),
        (EXAMPLE.replace("A001", "AOO1"), "E204", 10),
        (EXAMPLE.replace("20260612142743", "20261312142743"), "E204", 6),
        (EXAMPLE.replace("20260612142743", "00010101000000"), "E204", 6),
        (EXAMPLE.replace("|20260612145429|", "|99991231235959|"), "E204", 11),
        (EXAMPLE.replace("0696301129", "6963011290"), "E204", 7),
        (EXAMPLE.replace("A001", ""), "E205", 10),
        (EXAMPLE.replace("|01|02|02", "||02|02"), "E205", 2),
    ],
)
def test_each_fault_of_writing_has_its_code_and_its_field(
    line: str, code: str, position: int
) -> None:
    with pytest.raises(TicketFaultError) as caught:
        read_ticket(line)

    assert (caught.value.code, caught.value.position) == (code, position)
    assert "0696301129" not in str(caught.value)


def test_nothing_wrong_leaves_this_house() -> None:
    with pytest.raises(TicketFaultError):
        write_ticket(ticket(Code.REQUEST_ENTERPRISE, rio="too short"))


@pytest.mark.parametrize("code", [c for c in Code if c is not Code.RESTITUTION_ANSWER])
def test_a_good_ticket_passes_every_check(code: Code) -> None:
    assert fault(ticket(code)) is None


GOOD = ticket(Code.REQUEST_ENTERPRISE)
ACCEPTS = ticket(Code.ACCEPTANCE)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (replace(GOOD, donor="01"), "E605"),
        (replace(ACCEPTS, donor="03"), "E605"),
        (replace(GOOD, receiver="03"), "E605"),
        (replace(GOOD, donor="03"), "E605"),
        (replace(GOOD, transfer_id="0" * 32), "E606"),
        (ticket(Code.REQUEST_ENTERPRISE, port_day="20270108"), "E600"),
        (ticket(Code.PORTING, port_day="20270108"), None),
        (ticket(Code.REQUEST_ENTERPRISE, port_day="20270501"), "E603"),
        (ticket(Code.REQUEST_ENTERPRISE, port_day="20270117"), "E607"),
        (ticket(Code.REQUEST_ENTERPRISE, lines="021"), "E611"),
        (ticket(Code.REQUEST_CONSUMER, lines="004"), "E611"),
        (ticket(Code.ACCEPTANCE, reason="R123"), "E604"),
        (ticket(Code.LOSS, reason="C001"), "E604"),
        (ticket(Code.CANCELLATION, reason="C002"), "E604"),
        (ticket(Code.REFUSAL, reason="R999"), None),
    ],
)
def test_each_fault_of_meaning_has_its_code(line: PnmTicket, code: str | None) -> None:
    assert fault(line) == code


@pytest.mark.parametrize("msisdn", ["0112345678", "0696301129", "0999999999"])
def test_a_number_that_is_no_mobile_of_the_group_is_unknown(msisdn: str) -> None:
    other = transfer_id(receiver="01", donor="02", subscribed_at="20270111103000", msisdn=msisdn)

    assert fault(replace(GOOD, msisdn=msisdn, transfer_id=other)) == "E602"


def test_a_ticket_for_somebody_else_or_from_somebody_else_is_said_to_be() -> None:
    here = around(GOOD)

    assert fault(replace(GOOD, destination="03"), here) == "E003"
    assert fault(replace(GOOD, origin="03"), here) == "E605"
    everybody = replace(ticket(Code.PORTING), destination="00")
    assert fault(everybody, here) is None
    assert fault(replace(GOOD, destination="00"), here) == "E003"


def test_a_clock_that_runs_far_ahead_is_not_believed() -> None:
    assert fault(GOOD, around(GOOD, now=NOW - timedelta(hours=2))) == "E608"
    assert fault(GOOD, around(GOOD, now=NOW - timedelta(minutes=50))) is None


def test_mardi_gras_is_no_port_day_in_the_antilles() -> None:
    """The holiday table that missed it had requests sent back (§ 2.8.11)."""
    antilles = replace(GOOD, msisdn="0696301129", more={**GOOD.more, "port_day": "20270209"})
    named = transfer_id(
        receiver="01", donor="02", subscribed_at="20270111103000", msisdn="0696301129"
    )
    line = replace(antilles, transfer_id=named)

    later = around(line, group=ExchangeGroup.GPMAG, now=NOW + timedelta(hours=8))

    assert fault(line, later) == "E607"


def request(step: Step = Step.SEND_REQUEST, *, enterprise: bool = True) -> Ticket:
    return Ticket(
        step=step,
        key="k",
        line_id=LineId(UUID(int=1)),
        group=GPM,
        receiver="01",
        donor="02",
        number=NUMBER,
        rio=rio_of(),
        enterprise=enterprise,
        port_day=date(2027, 1, 15),
        session=datetime(2027, 1, 11, 9, 0, tzinfo=UTC),
        subscribed_at=datetime(2027, 1, 11, 9, 30, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("asked", "code", "destination"),
    [
        (request(), Code.REQUEST_ENTERPRISE, "02"),
        (request(enterprise=False), Code.REQUEST_CONSUMER, "02"),
        (request(Step.COMMIT_PORT), Code.PORTING, "00"),
        (request(Step.CANCEL_REQUEST), Code.CANCELLATION, "02"),
    ],
)
def test_what_we_ask_is_one_transfer_from_its_request_to_its_end(
    asked: Ticket, code: Code, destination: str
) -> None:
    made = ticket_of(asked)

    assert (made.code, made.destination) == (code, destination)
    assert made.transfer_id == ID
    assert made.subscribed_at == "20270111103000"
    assert read_ticket(write_ticket(made)) == made


@pytest.mark.parametrize(
    ("code", "reason"), [("1210", "A001"), ("1220", "R123"), ("1430", None), ("1530", "C001")]
)
def test_what_a_person_answered_goes_back_to_the_receiver(code: str, reason: str | None) -> None:
    reply = TransferReply(
        group=GPM,
        ticket=code,
        reason=reason,
        key="k",
        transfer=UUID(int=2),
        receiver="01",
        donor="02",
        ours="02",
        number=NUMBER,
        subscribed_at=datetime(2027, 1, 11, 9, 30, tzinfo=UTC),
        at=NOW,
    )

    made = reply_of(reply)

    assert (made.origin, made.destination, made.transfer_id) == ("02", "01", ID)
    assert made.more.get("reason") == reason
    assert read_ticket(write_ticket(made)) == made
    assert NUMBER not in repr(reply)


def _told(line: PnmTicket) -> object:
    return read_kept(kept(line, GPM, ours="01"))


SAID_AT = datetime(2027, 1, 11, 9, 50, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (ticket(Code.ACCEPTANCE), AcceptedTold(accepted_at=SAID_AT)),
        (ticket(Code.REFUSAL), RefusedTold(code="R123", refused_at=SAID_AT)),
        (ticket(Code.LOSS), EligibilityLostTold(code="C002", lost_at=SAID_AT)),
        (ticket(Code.CANCELLED), RequestCancelledTold(cancelled_at=SAID_AT)),
        (ticket(Code.CONFIRMATION), ConfirmedTold(operator="01", confirmed_at=SAID_AT)),
        (ticket(Code.ERROR), RefusedTold(code="E606", refused_at=SAID_AT)),
        (ticket(Code.ERROR, error="E610"), TicketKnownTold(code="E610")),
        (ticket(Code.ERROR, error="E612", original="1410"), TicketKnownTold(code="E612")),
    ],
)
def test_each_ticket_tells_a_line_one_named_thing(line: PnmTicket, told: object) -> None:
    assert _told(line) == told


def test_what_tells_a_line_nothing_is_said_to_be_unreadable() -> None:
    assert isinstance(_told(ticket(Code.ERROR, original="1410")), Unreadable)
    assert isinstance(_told(ticket(Code.PORTING)), Unreadable)
    assert isinstance(_told(ticket(Code.ACCEPTANCE, reason="R123")), Unreadable)


@pytest.mark.parametrize("body", ["", "null", "[]", "{}", '{"ticket": "1210|01", "group": "GPM"}'])
def test_what_was_kept_and_is_no_ticket_is_unreadable(body: str) -> None:
    assert isinstance(read_kept(body), Unreadable)


def test_a_ticket_is_kept_without_its_place_so_that_a_double_is_known() -> None:
    once, again = replace(ACCEPTS, line=1), replace(ACCEPTS, line=7)

    assert kept(once, GPM, ours="01") == kept(again, GPM, ours="01")
    assert kept(once, GPM, ours="01") != kept(once, GPM, ours="03")
    assert opened(kept(once, GPM, ours="01")).ours == "01"


def test_an_error_says_which_ticket_and_where() -> None:
    error = error_about(replace(GOOD, line=4), error="E602", ours="02", made_at="20270111105000")

    assert (error.origin, error.destination) == ("02", "01")
    assert error.more["position"] == "0004"
    assert error.more["original"] == "1120"
    assert read_ticket(write_ticket(error)) == error


def test_local_hours_bear_the_groups_zone() -> None:
    assert stamp(NOW, ExchangeGroup.GPMAG) == "20270111055000"
    assert instant("20270111055000", ExchangeGroup.GPMAG) == NOW
    assert instant("20270711105000", GPM) == datetime(2027, 7, 11, 8, 50, tzinfo=UTC)


def _value(kept_field: Field) -> st.SearchStrategy[str]:
    if kept_field.kind in {Kind.INSTANT, Kind.DAY}:
        form = "%Y%m%d%H%M%S" if kept_field.kind is Kind.INSTANT else "%Y%m%d"
        moments = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31))  # noqa: DTZ001  local
        return moments.map(lambda moment: moment.strftime(form))
    made = st.from_regex(f"^(?:{kept_field.kind.value})$", fullmatch=True)
    return st.one_of(st.just(""), made) if kept_field.optional else made


@st.composite
def _lines(draw: st.DrawFn) -> str:
    code = draw(st.sampled_from(list(Code)))
    fields = (*COMMON[1:], *LAYOUTS[code])
    return "|".join([code.value, *(draw(_value(one)) for one in fields)])


KNOWN_FAULTS = {None, *EXCHANGE_CODES}


def _fault_of_reading(line: str) -> str | None:
    try:
        read_ticket(line)
    except TicketFaultError as exc:
        return exc.code
    return None


@given(line=_lines())
def test_whatever_the_grammar_allows_is_read_and_written_back(line: str) -> None:
    assert write_ticket(read_ticket(line)) == line


@given(line=_lines(), at=st.integers(0, 300), character=st.characters(max_codepoint=255))
def test_a_ticket_that_was_changed_on_the_way_is_a_ticket_or_a_fault(
    line: str, at: int, character: str
) -> None:
    place = at % len(line)
    assert _fault_of_reading(line[:place] + character + line[place + 1 :]) in KNOWN_FAULTS


@given(line=_lines())
def test_every_fault_of_a_ticket_is_in_the_annex(line: str) -> None:
    found = fault(read_ticket(line))

    assert found is None or found in EXCHANGE_CODES


@given(text=st.text(max_size=200))
def test_any_text_is_read_or_refused_by_a_code(text: str) -> None:
    assert read_kept(text) is not None
    assert _fault_of_reading(text) in KNOWN_FAULTS
