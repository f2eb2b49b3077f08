"""A fleet for tests of the API: opened as its process does it, read as the projector does."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from activities.lines import LineLedger, LineStep
from activities.orders import OrderActivities, OrderStep
from activities.port_in import PortInActivities
from domain.identity import LineId, OrderId, line_id_for, line_stream
from domain.port_in_facts import Outcome, PortEnded
from domain.said import Said
from ledger.append import expected_after
from runtime.processes.projector import line_runner, order_runner
from tests.builders import append, on_stream
from tests.integration.conftest import Client
from tests.porting import RULES, STORY, fleet

LATER = STORY + timedelta(hours=1)


class Fleet:
    """An order of many lines, opened as its process does it, and read as the projector does."""

    def __init__(self, api: Client, order_id: OrderId) -> None:
        self.api = api
        self.order_id = order_id
        self.orders = OrderActivities(ledger=api.store.ledger, keyed_hash=api.store.keyed_hash)
        lines = LineLedger(ledger=api.store.ledger, keyed_hash=api.store.keyed_hash)
        self.ports = PortInActivities(lines=lines, rules=RULES)

    def line(self, number: int) -> LineId:
        return line_id_for(self.order_id, number=number)

    async def opened(self) -> None:
        progress = await self.orders.load_order(OrderStep(order_id=self.order_id, at=LATER))
        while progress.stage == "received" or progress.to_open:
            step = OrderStep(order_id=self.order_id, at=LATER, version=progress.version)
            progress = await self.orders.open_lines(step)
        await self.projected()

    async def projected(self) -> None:
        for runner in (order_runner(self.api.store), line_runner(self.api.store)):
            while await runner.turn():
                pass

    async def gathers(self, *numbers: int) -> None:
        """These lines have claimed their number and looked at their gates."""
        for number in numbers:
            line_id = self.line(number)
            progress = await self.ports.claim_number(LineStep(line_id=line_id, at=LATER))
            await self.ports.look_at_gates(
                LineStep(line_id=line_id, at=LATER, version=progress.version)
            )
        await self.projected()

    async def ends(self, number: int) -> None:
        stream = line_stream(self.line(number))
        version = len(await self.api.store.ledger.read(stream))
        over = PortEnded(outcome=Outcome.PORTED, why=Said(fr="fini", en="over"))
        whole = on_stream(stream, over, expected=expected_after(version))
        await self.api.store.ledger.append(append(f"{number} ends", whole))
        await self.projected()

    def path(self, rest: str = "") -> str:
        return f"/orders/{self.order_id}{rest}"


def fleet_json(lines: int, **changes: Any) -> dict[str, Any]:  # noqa: ANN401  any JSON
    whole: dict[str, Any] = json.loads(
        fleet(lines, **changes).model_dump_json(exclude_none=True, exclude_defaults=True)
    )
    return whole


async def accepted(api: Client, lines: int, *, key: str = "k-1", **changes: Any) -> Fleet:  # noqa: ANN401
    answer = await api("POST", "/orders", fleet_json(lines, **changes), key=key)
    assert answer.status == 201, answer.body
    return Fleet(api, OrderId(UUID(answer.body["order_id"])))


@pytest.fixture
async def small(api: Client) -> Fleet:
    """Twenty-two lines for one donor: a person's word is needed."""
    made = await accepted(api, 22)
    await made.opened()
    await made.gathers(1, 2, 3, 4, 5, 9, 22)
    return made


@pytest.fixture
async def large(api: Client) -> Fleet:
    made = await accepted(api, 130)
    await made.opened()
    return made


__all__ = ["Fleet", "accepted", "fleet_json", "large", "small"]
