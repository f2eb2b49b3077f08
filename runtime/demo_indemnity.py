"""The demo's late port: what it is owed is asked for, explained and paid, as finance would."""

import asyncio
import time
from collections.abc import Sequence
from datetime import timedelta

from domain.clock import Technical
from runtime.cli.client import Answer, call_patiently
from runtime.demo_stories import Owed

LIMIT = Technical(timedelta(minutes=2))
LOOK = Technical(timedelta(milliseconds=200))


async def settle(order: str, owed: Owed, *, run_key: str) -> Sequence[str]:
    """Everything that is not as it should be, in words."""
    found = await _at("awaiting-request", order, owed)
    if isinstance(found, str):
        return [found]
    path, key = f"/indemnities/{found['indemnity_id']}", f"{run_key}-{owed.head}"
    asked = {"on": owed.asked_on, "by": "the customer"}
    await call_patiently("POST", f"{path}/requests", body=asked, idempotency_key=f"{key}-asked")
    payable = await _at("payable", order, owed)
    if isinstance(payable, str):
        return [payable]
    paid = {
        "on": owed.asked_on,
        "amount": payable["payable"],
        "reference": "CN-DEMO-1",
        "by": "finance",
    }
    await call_patiently("POST", f"{path}/payments", body=paid, idempotency_key=f"{key}-paid")
    closed = await _at("closed", order, owed)
    if isinstance(closed, str):
        return [closed]
    told = {"ending": (closed["ending"], "paid"), "paid": (closed["paid"], owed.amount)}
    return [f"{name}: {was}, not {said}" for name, (was, said) in told.items() if was != said]


async def _at(stage: str, order: str, owed: Owed) -> Answer | str:
    """The order's indemnity of that head once it stands there, or why it does not."""
    limit = time.monotonic() + LIMIT.span.total_seconds()
    seen = "there is none"
    while time.monotonic() < limit:
        answer = await call_patiently("GET", f"/indemnities?order={order}")
        for one in answer["indemnities"]:
            if one["head"] == owed.head and one["stage"] == stage:
                return dict(one)
            seen = f"{one['head']} is {one['stage']}"
        await asyncio.sleep(LOOK.span.total_seconds())
    return f"the indemnity did not come to {stage}: {seen}"
