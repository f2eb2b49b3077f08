"""Orders of one site, for the benchmark: simulated operators on the other side of the wire, and a
customer's system that answers through the API."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import aiohttp

from bench.whole_orders import Load
from intake.requests import OrderRequest
from runtime.benched_orders import BenchedOrders, Stopping
from runtime.benched_stack import (
    SIGNED,
    BenchedStack,
    Facts,
    benched_stack,
    key_of_client,
    running,
)
from runtime.child import ChildSpec
from runtime.errors import UnavailableError
from runtime.home import Home
from runtime.ports import LOOPBACK, PortWish, choose_ports
from runtime.settings import Settings, load_settings
from runtime.simulated import (
    ACCOUNT,
    SimulatedOperators,
    operator_environment,
    simulated_operators,
)

DAY = 4
STREETS = "Rochecorbon"
GROUND = {
    "site": STREETS,
    "orange": ["deployed", "works-days:2", "visit", "technicians:999"],
    "sfr": ["not-deployed"],
    "bouygues": ["not-deployed"],
}
"""Three operators are asked, and one has it: works of two days, and a visit whenever one is asked
for, however many sites one commune has."""
SLOTS = "visit-slots"
FIRST_SLOT = {"decision": "provide", "about": SLOTS, "given": {"slot": "1"}}
LIMIT = aiohttp.ClientTimeout(total=20)


@dataclass(frozen=True, kw_only=True)
class Wire:
    """Operators on the other side of it, and where they tell us."""

    simulated: SimulatedOperators
    api_port: int

    @classmethod
    def of(cls, folder: Path) -> "Wire":
        names = ("api", "simulators", "exchange")
        wishes = tuple(PortWish(name=name, setting="-", configured=None) for name in names)
        ports = choose_ports(wishes, {})
        simulated = simulated_operators(load_settings({}), Home(folder), ports)
        if simulated is None:
            raise UnavailableError("the simulated operators have no port")
        return cls(simulated=simulated, api_port=ports["api"])

    @property
    def api(self) -> str:
        return f"http://{LOOPBACK}:{self.api_port}"

    def environment(self) -> dict[str, str]:
        """None but simulated operators are ever spoken to, whatever is configured here."""
        operators = operator_environment(load_settings({}), self.simulated)
        return {**operators, "RACCORD_API_PORT": str(self.api_port)}

    def child(self, folder: Path) -> ChildSpec:
        own = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(Path(__file__).parents[1])}
        return ChildSpec(
            name="simulators",
            command=self.simulated.command(self.api, ACCOUNT),
            environment={**own, **self.simulated.environment()},
            log=folder / "logs" / "simulators.log",
            ready=self.simulated.answers,
        )


@asynccontextmanager
async def benched_accesses(folder: Path, settings: Settings) -> AsyncIterator[BenchedOrders]:
    wire = Wire.of(folder)
    async with benched_stack(folder, settings, wire.environment()) as stack:
        key = await key_of_client(stack.store)
        async with aiohttp.ClientSession(
            timeout=LIMIT, headers={"Authorization": f"Bearer {key}"}
        ) as session:
            bench = AccessBench(stack=stack, wire=wire, session=session)
            yield BenchedOrders(
                stack=stack,
                what="one site",
                day=DAY,
                stopping=STOPPING,
                working=bench.working,
                unanswered=lambda: bench.working(mute=True),
            )


def is_unforeseen(attention_raised: str) -> bool:
    """Of what is asked, all but the slot of a visit."""
    code: str = json.loads(attention_raised)["attention"]["code"]
    return code != SLOTS


STOPPING = Stopping(
    types=("AttentionRaised",),
    counts=is_unforeseen,
    said="had something else to ask than which visit",
)


@dataclass(kw_only=True)
class Customers:
    """They take the first visit they are offered, through the API."""

    stack: BenchedStack
    api: str
    session: aiohttp.ClientSession
    waiting: set[tuple[str, int]] = field(default_factory=set)
    """Offers, by the line's stream and version."""

    async def answer(self, offered: Facts) -> None:
        self.waiting |= set(await offered.fresh())
        answered = await asyncio.gather(*(self._take_first(*one) for one in self.waiting))
        self.waiting -= {one for one in answered if one is not None}

    async def _take_first(self, stream: str, version: int) -> tuple[str, int] | None:
        """None when its process could not answer: it is asked again, under the same key."""
        url = f"{self.api}/orders/{self.stack.orders[stream]}/decisions"
        key = {"Idempotency-Key": f"{stream}-{version}"}
        async with self.session.post(url, json=FIRST_SLOT, headers=key) as response:
            if response.status == HTTPStatus.SERVICE_UNAVAILABLE:
                return None
            if not response.ok:
                raise UnavailableError(f"a visit was not taken: {await response.text()}")
            return (stream, version)


@dataclass(frozen=True, kw_only=True)
class AccessBench:
    stack: BenchedStack
    wire: Wire
    session: aiohttp.ClientSession

    @asynccontextmanager
    async def working(self, *, mute: bool = False) -> AsyncIterator[Load]:
        """Our processes as a stack runs them, but for the one that shows orders. An order counts
        once it has closed, or asks what nobody answers here; in real time, where nothing is heard
        for hours, once an operator has it."""
        store = self.stack.store
        closed = Facts(store=store, types=("OperatorTook",) if mute else ("OrderClosed",))
        asked = Facts(store=store, types=STOPPING.types, counts=STOPPING.counts)
        offered = Facts(store=store, types=("VisitsOffered",))
        customers = Customers(stack=self.stack, api=self.wire.api, session=self.session)

        async def over() -> int:
            await customers.answer(offered)
            await closed.fresh()
            await asked.fresh()
            return self.stack.orders_of(closed.seen | asked.seen)

        async with (
            self._ours("api") as api,
            running(self.wire.child(self.stack.folder)),
            self._ours("worker") as worker,
            self._ours("relay") as relay,
            self._ours("poller") as poller,
        ):
            await self._teach()
            yield Load(
                parts=self.stack.parts(worker=worker, relay=relay, api=api, poller=poller),
                submit=self._submit,
                closed=over,
            )

    @asynccontextmanager
    async def _ours(self, name: str) -> AsyncIterator[int]:
        words = ["-m", "runtime.cli.main", "run", name]
        async with self.stack.child(name, words) as pid:
            yield pid

    async def _teach(self) -> None:
        url = f"{self.wire.simulated.url}/admin/scripts"
        async with self.session.post(url, json=GROUND) as response:
            if not response.ok:
                raise UnavailableError(f"the simulators did not learn: {await response.text()}")

    async def _submit(self, number: int) -> None:
        await self.stack.submit(request_of(number))


def request_of(number: int) -> OrderRequest:
    """One fibre, nothing in its way, in a street of its own: no two share a box."""
    return OrderRequest.model_validate(
        {
            "reference": f"BENCH-{number}",
            "provider": "technicophone",
            "service": "internet",
            "signed_on": SIGNED,
            "customer": {
                "name": f"Client {number}",
                "contact": f"{number}@example.fr",
                "kind": "company",
            },
            "documents": [{"name": "signed-order-form", "on": SIGNED}],
            "sites": [
                {
                    "address": f"1 rue du Banc {number}, 37210 {STREETS}",
                    "commune": "37203",
                    "wanted": ["ftth"],
                    "prices": {"access_fee": "150.00", "monthly": "49.90", "term_months": 36},
                }
            ],
        }
    )
