"""Orders of one number, for the benchmark: quick operators are in the worker's own process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bench.whole_orders import Load
from domain.rio import key_of
from intake.requests import OrderRequest
from runtime.benched_orders import BenchedOrders, Stopping
from runtime.benched_stack import NAME, SIGNED, BenchedStack, Facts, benched_stack
from runtime.benched_worker import MUTE
from runtime.ports import LOOPBACK
from runtime.settings import Settings

DAY = 4
MISSED = "DayMissed"
_NOWHERE = f"http://{LOOPBACK}:1"
_HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
NOBODY = {
    "RACCORD_ORANGE_URL": _NOWHERE,
    "RACCORD_ORANGE_PASSWORD": NAME,
    "RACCORD_SFR_URL": _NOWHERE,
    "RACCORD_SFR_SECRET": NAME,
    "RACCORD_BOUYGUES_URL": _NOWHERE,
    "RACCORD_BOUYGUES_SECRET": NAME,
    "RACCORD_EXCHANGE_URL": f"sftp://{NAME}@{LOOPBACK}:1",
    "RACCORD_EXCHANGE_PASSWORD": NAME,
    "RACCORD_EXCHANGE_HOST_KEY": _HOST_KEY,
}
"""Operators are named and never spoken to: the worker's are in its own process."""


@asynccontextmanager
async def benched_port_ins(folder: Path, settings: Settings) -> AsyncIterator[BenchedOrders]:
    async with benched_stack(folder, settings, NOBODY) as stack:
        yield BenchedOrders(
            stack=stack,
            what="one number",
            day=DAY,
            stopping=Stopping(types=(MISSED,), said="missed their day"),
            working=lambda: working(stack),
            unanswered=lambda: working(stack, mute=True),
        )


@asynccontextmanager
async def working(stack: BenchedStack, *, mute: bool = False) -> AsyncIterator[Load]:
    """Our worker and our relay. An order counts once it has closed, or has missed its day and
    waits for a person, or once its mute operator has it."""
    worker = ["-m", "runtime.benched_worker", *([MUTE] if mute else [])]
    relay = ["-m", "runtime.cli.main", "run", "relay"]
    over = Facts(store=stack.store, types=("OperatorTook",) if mute else ("OrderClosed", MISSED))

    async def submit(number: int) -> None:
        await stack.submit(_request(number))

    async with stack.child("worker", worker) as first, stack.child("relay", relay) as second:
        yield Load(parts=stack.parts(worker=first, relay=second), submit=submit, closed=over.count)


def _request(number: int) -> OrderRequest:
    """One card, nothing in its way, on a number of its own."""
    msisdn = f"0612{number:06d}"
    prefix = "02E4ABX01"
    papers = [{"name": name, "on": SIGNED} for name in ("mandate", "identity")]
    return OrderRequest.model_validate(
        {
            "reference": f"BENCH-{number}",
            "provider": "axantis",
            "signed_on": SIGNED,
            "customer": {
                "name": f"Client {number}",
                "contact": f"{number}@example.fr",
                "kind": "company",
            },
            "documents": papers,
            "lines": [{"msisdn": msisdn, "rio": prefix + key_of(prefix, msisdn), "host": "orange"}],
        }
    )
