"""Many lines in one order: kept in lots, each with its own mistakes, and let go by somebody."""

import pytest

from domain.identity import lot_stream, order_stream
from domain.lots import LotReceived
from domain.orders import OrderedLine, OrderReceived
from domain.port_in_facts import GateKind
from intake.faults import FieldProblem, OrderRefusedError, told_of
from intake.orders import OrderIntake, Submission
from intake.requests import OrderRequest
from tests.fakes.keys import FakeSubjectKeys, fake_hash
from tests.fakes.ledger import FakeLedger
from tests.porting import ORDER_ID, STORY, day, fleet, reader


def _read(request: OrderRequest) -> tuple[OrderedLine, ...]:
    return reader().read(request, order_id=ORDER_ID, now=STORY)


def _go_ahead(lines: tuple[OrderedLine, ...]) -> list[int]:
    """The lines that wait for somebody's word."""
    return [
        line.terms.number
        for line in lines
        if any(gate.kind is GateKind.GO_AHEAD for gate in line.gates)
    ]


async def _submitted(request: OrderRequest) -> tuple[FakeLedger, OrderReceived, list[LotReceived]]:
    ledger = FakeLedger(FakeSubjectKeys())
    intake = OrderIntake(ledger=ledger, keyed_hash=fake_hash(), lines=reader())
    submitted = await intake.submit(
        Submission(
            request=request,
            client="crm",
            actor="crm",
            idempotency_key="k-1",
            business_now=STORY,
        )
    )
    (first,) = await ledger.read(order_stream(submitted.order_id))
    assert isinstance(first.event, OrderReceived)
    lots = []
    for lot in range(1, len(first.event.lots) + 1):
        (envelope,) = await ledger.read(lot_stream(submitted.order_id, lot))
        assert isinstance(envelope.event, LotReceived)
        lots.append(envelope.event)
    return ledger, first.event, lots


async def test_twenty_lines_lie_in_the_order_itself() -> None:
    _, order, lots = await _submitted(fleet(20))

    assert (len(order.lines), order.lots, lots) == (20, (), [])
    assert {line.terms.lot for line in order.lines} == {None}


async def test_more_lie_in_lots_and_start_with_one_word() -> None:
    ledger, order, lots = await _submitted(fleet(250))

    assert (order.lines, order.lots, order.line_count) == ((), (100, 100, 50), 250)
    assert [[line.terms.number for line in lot.lines][::49] for lot in lots] == [
        [1, 50, 99],
        [101, 150, 199],
        [201, 250],
    ]
    assert {line.terms.lot for line in lots[2].lines} == {3}
    assert [message.kind for message in ledger.outbox] == ["start-order"]


def test_twenty_lines_go_to_a_donor_on_nobodys_word() -> None:
    assert _go_ahead(_read(fleet(20))) == []


def test_twenty_one_wait_for_somebodys_word() -> None:
    """Decision 22, after porting-and-access § 2.5: 20 lines a request of an enterprise."""
    lines = _read(fleet(21))

    assert _go_ahead(lines) == list(range(1, 22))
    (gate,) = (gate for gate in lines[0].gates if gate.kind is GateKind.GO_AHEAD)
    assert gate.said.en == (
        "a fleet of 21 lines to 02 for the same day, by requests of 20 at most: "
        "somebody has to let it go"
    )


def test_another_donor_or_day_is_another_fleet() -> None:
    whole = fleet(30)
    halves = [
        line.model_copy(update={"wish": None if place < 15 else day("2027-02-01")})
        for place, line in enumerate(whole.lines)
    ]

    assert _go_ahead(_read(whole.model_copy(update={"lines": tuple(halves)}))) == []


def test_a_consumers_lines_are_many_requests_and_no_fleet() -> None:
    assert _go_ahead(_read(fleet(25, prefix="02P1234"))) == []


def test_lines_whose_rio_is_to_come_are_counted_together() -> None:
    whole = fleet(21, "oksio")
    without = tuple(line.model_copy(update={"rio": None}) for line in whole.lines)

    lines = _read(whole.model_copy(update={"lines": without}))

    assert len(_go_ahead(lines)) == 21
    assert "to a donor still to be known" in lines[0].gates[-1].said.en


def test_one_number_on_two_lines_is_named_however_it_is_written() -> None:
    whole = fleet(2)
    doubled = (whole.lines[0], whole.lines[0].model_copy(update={"msisdn": "+33 6 12 40 00 00"}))

    with pytest.raises(OrderRefusedError) as refused:
        _read(whole.model_copy(update={"lines": doubled}))

    (problem,) = refused.value.problems
    assert problem.pointer == "/lines/1/msisdn"
    assert problem.sentence == "This number is on line 1 already: leave one of them."


def test_every_line_is_told_its_own_mistake() -> None:
    whole = fleet(3)
    (first, second, third) = whole.lines
    wrong = (first, second.model_copy(update={"rio": first.rio}), third)
    wrong = (*wrong[:2], third.model_copy(update={"msisdn": "0140000000"}))

    with pytest.raises(OrderRefusedError) as refused:
        _read(whole.model_copy(update={"lines": wrong}))

    assert {problem.pointer for problem in refused.value.problems} == {
        "/lines/1/rio",
        "/lines/2/msisdn",
    }


def test_a_fleet_of_mistakes_is_told_the_first_and_how_many_more() -> None:
    problems = [FieldProblem(pointer=f"/lines/{n}", sentence="No.") for n in range(250)]

    told = told_of(problems)

    assert (len(told), told[-1].pointer) == (201, "/lines")
    assert told[-1].sentence.startswith("50 more like these")
    assert len(told_of(problems[:200])) == 200


def test_lines_whose_rio_is_to_come_may_make_a_fleet_of_the_others() -> None:
    whole = fleet(30, "oksio")
    half = [
        line if place < 15 else line.model_copy(update={"rio": None})
        for place, line in enumerate(whole.lines)
    ]

    assert _go_ahead(_read(whole.model_copy(update={"lines": tuple(half)}))) == list(range(1, 16))


def test_lines_that_stay_with_their_operator_ask_no_donor() -> None:
    assert _go_ahead(_read(fleet(30, prefix="01E1234"))) == []
