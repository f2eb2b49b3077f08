"""What a host network answers to whoever asks, before it is written in anybody's dialect."""

import asyncio
from dataclasses import dataclass

from aiohttp import web

MAINTENANCE_SECONDS = 30
TOO_LATE_SECONDS = 12.0
"""Longer than anybody of ours waits, and bounded."""
GARBAGE = "<html><body>Out of order</body></html>"


@dataclass(frozen=True, kw_only=True)
class Said:
    """What is to be answered, before it is written in anybody's dialect."""

    kind: str
    """yes, no, busy, maintenance, error or garbage."""
    detail: str = ""
    seconds: int = 0
    after: str = ""


def trouble(kind: str, detail: str) -> Said | None:
    """What is said in place of doing anything."""
    match kind:
        case "busy":
            return Said(kind="busy", seconds=int(detail or 1))
        case "maintenance":
            return Said(kind="maintenance", seconds=MAINTENANCE_SECONDS)
        case "error-500":
            return Said(kind="error")
        case "reject":
            return Said(kind="no", detail=detail)
        case _:
            return None


def answered(kind: str, detail: str) -> Said:
    return Said(
        kind="garbage" if kind == "garbage" else "yes",
        detail=detail,
        after=kind if kind in {"lose-reply", "timeout"} else "",
    )


async def sent(request: web.Request, response: web.Response, said: Said) -> web.Response:
    """What was to be answered, unless it is to be lost on the way."""
    if said.after == "lose-reply" and request.transport is not None:
        request.transport.close()
    if said.after == "timeout":
        left = TOO_LATE_SECONDS
        while left > 0 and request.transport is not None and not request.transport.is_closing():
            await asyncio.sleep(0.05)
            left -= 0.05
    return response
