"""An order of sites: each opened as an access, and closed by what became of them."""

from datetime import timedelta

import pytest

from activities.line_ends import LotBook
from activities.orders import LineEndedStep, LotEndedStep, OrderActivities, OrderProgress, OrderStep
from domain.access_facts import AccessEnded, AccessOpened
from domain.identity import LineId, OrderId, line_id_for, line_stream, order_stream
from domain.lots import Lot
from domain.orders import LineKind, LineOpened, OrderOutcome, Running
from domain.port_in_facts import Outcome
from domain.said import Said
from intake.orders import OrderIntake, Submission
from ledger.append import At
from ledger.messages import START_ACCESS, START_ORDER
from tests.builders import append, on_stream
from tests.fakes.keys import FakeSubjectKeys, fake_hash
from tests.fakes.ledger import FakeLedger
from tests.porting import STORY
from tests.sites import site, site_reader, sites_request

AT = STORY + timedelta(hours=1)
WHY = Said(fr="livré", en="delivered")


class Orders:
    """An order of so many sites, and its verbs."""

    def __init__(self) -> None:
        self.ledger = FakeLedger(FakeSubjectKeys())
        self.verbs = OrderActivities(ledger=self.ledger, keyed_hash=fake_hash())

    async def ordered(self, sites: int) -> OrderId:
        intake = OrderIntake(ledger=self.ledger, keyed_hash=fake_hash(), lines=site_reader())
        asked = [site(socket=f"OO-1234-{n:04d}") for n in range(sites)]
        submission = Submission(
            request=sites_request("technicophone", *asked),
            client="crm",
            actor="crm",
            idempotency_key="k-1",
            business_now=STORY,
        )
        order_id = (await intake.submit(submission)).order_id
        await self.verbs.open_lines(OrderStep(order_id=order_id, at=AT))
        return order_id

    async def ended(self, order_id: OrderId, number: int, outcome: Outcome) -> LineId:
        line_id = line_id_for(order_id, number=number)
        fact = AccessEnded(outcome=outcome, why=WHY)
        stream = on_stream(line_stream(line_id), fact, expected=At(1))
        await self.ledger.append(append(f"end-{number}", stream))
        return line_id

    async def noted(self, order_id: OrderId, number: int, outcome: Outcome) -> OrderProgress:
        line_id = await self.ended(order_id, number, outcome)
        step = LineEndedStep(order_id=order_id, at=AT, line_id=line_id)
        return await self.verbs.note_line_ended(step)


async def test_each_site_is_opened_as_an_access_with_its_start() -> None:
    orders = Orders()
    order_id = await orders.ordered(2)

    opened = [
        envelope.event
        for envelope in await orders.ledger.read(order_stream(order_id))
        if isinstance(envelope.event, LineOpened)
    ]

    assert [(one.number, one.kind) for one in opened] == [
        (1, LineKind.ACCESS),
        (2, LineKind.ACCESS),
    ]
    for one in opened:
        (first,) = await orders.ledger.read(line_stream(one.line_id))
        assert isinstance(first.event, AccessOpened)
    kinds = [message.kind for message in orders.ledger.outbox]
    assert kinds == [START_ORDER, START_ACCESS, START_ACCESS]


async def test_opening_twice_opens_once() -> None:
    orders = Orders()
    order_id = await orders.ordered(1)

    await orders.verbs.open_lines(OrderStep(order_id=order_id, at=AT))

    assert len(await orders.ledger.read(line_stream(line_id_for(order_id, number=1)))) == 1


@pytest.mark.parametrize(
    ("second", "outcome"),
    [
        (Outcome.DELIVERED, OrderOutcome.COMPLETED),
        (Outcome.CANCELLED, OrderOutcome.PARTLY),
        (Outcome.REFUSED, OrderOutcome.PARTLY),
    ],
)
async def test_a_site_that_cannot_be_served_ends_alone_and_the_others_go_on(
    second: Outcome, outcome: OrderOutcome
) -> None:
    orders = Orders()
    order_id = await orders.ordered(2)

    before = await orders.noted(order_id, 2, second)
    await orders.noted(order_id, 1, Outcome.DELIVERED)
    closed = await orders.verbs.close_order(OrderStep(order_id=order_id, at=AT))

    assert before.open_lines == (line_id_for(order_id, number=1),)
    assert closed.outcome is outcome


async def test_the_sites_of_a_large_order_end_in_their_lot() -> None:
    orders = Orders()
    order_id = await orders.ordered(21)
    book = LotBook(ledger=orders.ledger, keyed_hash=fake_hash())
    order = await book.order(order_id)
    assert isinstance(order, Running)

    lines = [await orders.ended(order_id, n, Outcome.DELIVERED) for n in range(1, 22)]
    *_, lot = [await book.note(order.order, line_id) for line_id in lines]
    progress = await orders.verbs.note_lot_ended(LotEndedStep(order_id=order_id, at=AT, lot=1))

    assert isinstance(lot, Lot)
    assert lot.outcomes == {Outcome.DELIVERED: 21}
    assert progress.open_lots == ()
