"""What the benchmark of fleets runs against: the parts of a stack, and bare floors beside them."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from bench.fleet import FleetBench
from bench.measures import Measure
from domain.rio import key_of
from intake.orders import Submission
from intake.requests import OrderRequest
from runtime.benched_port_in import working
from runtime.benched_stack import NAME, SIGNED, BenchedStack, Facts
from runtime.relay import TURN
from workflows.fulfil_order import FulfilOrder

BARE_STARTS = 500
BARE_LINE = "x" * 1_800
"""About what one line of a lot is as it is kept."""
_MAKE = "CREATE TEMPORARY TABLE IF NOT EXISTS bare_line (number bigint, body text)"
_INSERT = "INSERT INTO bare_line SELECT n, $2 FROM generate_series(1, $1::bigint) AS n"


async def measured_fleet(
    benched: BenchedStack, *, lines: int, say: Callable[[str], None]
) -> tuple[Measure, ...]:
    await benched.begin(scale=1)
    say(f"one order of {lines:,} lines, in real time")
    facts = Facts(store=benched.store, types=("PortNumberClaimed",))

    async def accept() -> None:
        await benched.intake.submit(
            Submission(
                request=fleet_of(lines),
                client=NAME,
                actor=NAME,
                idempotency_key="fleet",
                business_now=benched.clock.business_at(datetime.now(UTC)),
            )
        )

    async def insert_bare() -> None:
        async with benched.store.pool.acquire() as connection:
            await connection.execute(_MAKE)
            await connection.execute(_INSERT, lines, BARE_LINE)

    async def start_bare() -> int:
        for first in range(0, BARE_STARTS, TURN):
            await asyncio.gather(
                *(_start(benched, number) for number in range(first, first + TURN))
            )
        return BARE_STARTS

    async with working(benched, mute=True):
        return await FleetBench(
            lines=lines,
            accept=accept,
            insert_bare=insert_bare,
            started=facts.count,
            start_bare=start_bare,
        ).run()


async def _start(benched: BenchedStack, number: int) -> None:
    await benched.client.start_workflow(
        FulfilOrder.__name__, id=f"bare-{number}", task_queue="nobody"
    )


def fleet_of(lines: int) -> OrderRequest:
    prefix = "02E4ABX01"
    numbers = [f"062{place:07d}" for place in range(lines)]
    papers = [{"name": name, "on": SIGNED} for name in ("mandate", "identity")]
    return OrderRequest.model_validate(
        {
            "reference": "BENCH-FLEET",
            "provider": "axantis",
            "signed_on": SIGNED,
            "customer": {"name": "Client", "contact": "fleet@example.fr", "kind": "company"},
            "documents": papers,
            "lines": [
                {"msisdn": number, "rio": prefix + key_of(prefix, number), "host": "orange"}
                for number in numbers
            ],
        }
    )
