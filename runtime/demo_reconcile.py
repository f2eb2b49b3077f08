"""The demo's meddler: a host bars a line behind our back, a night finds it, a colleague has it put
right, and the line stands as we believe again."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from domain.clock import Technical
from runtime.cli.client import Answer, call_patiently

LIMIT = Technical(timedelta(minutes=3))
LOOK = Technical(timedelta(milliseconds=250))
KIND = "suspended-there"


@dataclass(frozen=True, kw_only=True)
class Meddling:
    run_key: str
    say: Callable[[str], None]
    meddle: Callable[[Answer], Awaitable[None]]
    """Change a line in a simulated operator's books, telling nobody."""

    async def play(self, order: str, line: Answer) -> Sequence[str]:
        """What is not as it should be, in words."""
        host = line["host"]
        await self.meddle({"host": host, "line": line["line_id"], "standing": "suspended"})
        self.say(f"{order}  {host} bars its line and tells nobody")
        await call_patiently(
            "POST",
            "/reconcile/runs",
            body={"hosts": [host], "reason": "the demo"},
            idempotency_key=f"{self.run_key}-reconcile",
        )
        found = await self._found(line["line_id"])
        if found is None:
            return [f"no night found that {host} had barred its line"]
        ours, theirs = found["ours"], found["theirs"]
        fact = ours["evidence"][-1]
        self.say(
            f"{order}  found: we say {ours['standing']} ({fact['event']} at {fact['at']}), "
            f"{host} says {theirs['standing']} (asked at {theirs['asked_at']})"
        )
        self.say(f"{order}  proposed: {found['proposed']['en']}")
        path = f"/reconcile/differences/{found['difference_id']}"
        await call_patiently(
            "POST",
            f"{path}/decisions",
            body={"decision": "resume", "reason": "nobody asked for it", "by": "a colleague"},
            idempotency_key=f"{self.run_key}-resume",
        )
        right = await self._until_calm(path)
        self.say(f"{order}  {host} {'has put it back' if right else 'has NOT put it back'}")
        return [] if right else [f"{host} was asked to put it back, and still says otherwise"]

    async def _found(self, line_id: str) -> Answer | None:
        limit = time.monotonic() + LIMIT.span.total_seconds()
        while time.monotonic() < limit:
            for one in (await call_patiently("GET", "/reconcile/differences"))["differences"]:
                if (one["line_id"], one["kind"]) == (line_id, KIND):
                    return dict(one)
            await asyncio.sleep(LOOK.span.total_seconds())
        return None

    async def _until_calm(self, path: str) -> bool:
        limit = time.monotonic() + LIMIT.span.total_seconds()
        while time.monotonic() < limit:
            if (await call_patiently("GET", path))["stage"] == "calm":
                return True
            await asyncio.sleep(LOOK.span.total_seconds())
        return False
