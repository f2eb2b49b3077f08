"""A mobile exchange with a population of donors, behind a plain JSON wire.

Donors answer by script, by number: `accept`, `silence`, `lose:CODE` (accepts, then takes it back),
`accept-late:HOURS`, or a refusal's code. `confirm: ["without:04"]` leaves an operator out.
"""

import asyncio
import json
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from simulators.books import Books
from simulators.clock import StackClock
from simulators.scripts import Scripts

ZONE = ZoneInfo("Europe/Paris")
OPERATORS = ("01", "02", "03", "04")
ANSWER_HOURS = 4
LOSS_HOURS = 8
CONFIRM_AT = time(11, 0)


@dataclass
class ExchangeSimulator:
    clock: StackClock
    scripts: Scripts
    token: str
    books: Books = field(default_factory=Books)
    answers: list[dict[str, Any]] = field(default_factory=list)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def hand_in(self, request: web.Request) -> web.StreamResponse:
        if not self._known(request):
            return web.json_response({"code": "unauthorised"}, status=401)
        self.books.requests += 1
        ticket = await request.json()
        key = ticket["key"]
        if self.books.known(key) is None:
            move = self.scripts.of(ticket["msisdn"]).next(f"ticket-{ticket['ticket']}")
            kind, _, detail = move.partition(":")
            if kind == "reject":
                return web.json_response({"code": detail}, status=422)
            self.books.enter(key, {"effect": ticket["ticket"], "line": ticket["line"]})
            self._answer(ticket)
            if kind == "lose-reply" and request.transport is not None:
                request.transport.close()
        return web.json_response({"reference": f"T-{key[:8]}"})

    async def polled(self, request: web.Request) -> web.StreamResponse:
        if not self._known(request):
            return web.json_response({"code": "unauthorised"}, status=401)
        after = int(request.query.get("after", "0"))
        return web.json_response({"answers": self.answers[after:]})

    def _known(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == f"Bearer {self.token}"

    def _answer(self, ticket: dict[str, Any]) -> None:
        """What each ticket brings about, at the instants it will be stated at."""
        session = datetime.fromisoformat(ticket["session"])
        said: list[dict[str, str]] = []
        if ticket["ticket"] == "request":
            said = self._donor(ticket["msisdn"], session)
        elif ticket["ticket"] == "cancel":
            at = session + timedelta(hours=ANSWER_HOURS)
            said = [{"kind": "cancelled", "at": at.isoformat()}]
        elif ticket["ticket"] == "port":
            said = self._confirmations(ticket)
        for one in said:
            task = asyncio.create_task(self._publish(ticket["line"], one))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    def _donor(self, number: str, session: datetime) -> list[dict[str, str]]:
        move = self.scripts.of(number).next("donor")
        kind, _, detail = move.partition(":")
        hours = int(detail) if kind == "accept-late" else ANSWER_HOURS
        at = (session + timedelta(hours=hours)).isoformat()
        accepted = {"kind": "accepted", "at": at}
        if kind == "silence":
            return []
        if kind in {"good", "accept", "accept-late"}:
            return [accepted]
        if kind == "lose":
            lost_at = (session + timedelta(hours=LOSS_HOURS)).isoformat()
            return [accepted, {"kind": "eligibility-lost", "code": detail, "at": lost_at}]
        return [{"kind": "refused", "code": kind, "at": at}]

    def _confirmations(self, ticket: dict[str, Any]) -> list[dict[str, str]]:
        _, _, without = self.scripts.of(ticket["msisdn"]).next("confirm").partition(":")
        day = date.fromisoformat(ticket["port_day"])
        at = datetime.combine(day, CONFIRM_AT, tzinfo=ZONE).isoformat()
        return [
            {"kind": "confirmed", "operator": code, "at": at}
            for code in OPERATORS
            if code not in {ticket["receiver"], without}
        ]

    async def _publish(self, line: str, said: dict[str, str]) -> None:
        wait = await self.clock.wait_for(datetime.fromisoformat(said["at"]))
        await asyncio.sleep(wait.total_seconds())
        self.answers.append(
            {
                "number": len(self.answers) + 1,
                "id": str(uuid.uuid4()),
                "line": line,
                "body": json.dumps(said),
            }
        )
