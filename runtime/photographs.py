"""A technician's photograph is asked of its operator, and filed with the order it is of: once.

Each photograph is asked for beside the turns of the relay: a slow operator holds one of them up for
a moment at most, and what it has given meanwhile is found when the row is due again.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import assert_never
from uuid import UUID

import structlog

from activities.operators import ASKING
from domain.access_operators import AccessGateway
from domain.clock import Technical
from domain.identity import LineId, OrderId
from domain.operators import Refused, Unanswered
from domain.parsed import BadValueError
from domain.personal import SubjectForgottenError
from domain.photographs import PHOTOGRAPH, Photograph, PhotographAnswer, Unfit
from domain.port_in_facts import HostNetwork
from domain.ports import Clocks
from intake.filing import By, Filing, HandedIn
from runtime.relay import Done, Later, Outcome, Park

AT_ONCE = 2
"""Photographs asked of one operator side by side: they are large, and others have theirs."""
MOMENT = Technical(timedelta(milliseconds=200))
"""How long a turn of the relay waits for those that it begins."""
QUIET_MAX = Technical(timedelta(minutes=15))
"""How long an operator is left alone that asks for it, before it is asked again. A default of
ours."""
REMEMBERED = 200
"""Outcomes nobody came back for: another relay has their rows."""

LONG_AGO = datetime.min.replace(tzinfo=UTC)

log = structlog.get_logger("photographs")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One photograph of a visit that was kept."""

    order_id: OrderId
    line_id: LineId
    line: int
    host: HostNetwork
    reference: str
    on: date
    """The day of the visit."""
    until: datetime
    """How long an operator that does not answer is asked again."""

    @property
    def key(self) -> str:
        """A repeat is the same document; no client of ours has such a name."""
        return f"photograph of {self.line_id}/{self.reference}"


@dataclass(frozen=True, kw_only=True)
class PhotographFetcher:
    filing: Filing
    accesses: Mapping[HostNetwork, AccessGateway]
    """Those that are spoken to from here."""
    clocks: Clocks
    wall_now: Callable[[], datetime]
    moment: Technical = MOMENT
    patience: Technical = ASKING
    under_way: dict[str, asyncio.Task[Outcome]] = field(default_factory=dict)
    rooms: dict[HostNetwork, asyncio.Semaphore] = field(
        default_factory=lambda: defaultdict(lambda: asyncio.Semaphore(AT_ONCE))
    )
    quiet: dict[HostNetwork, datetime] = field(default_factory=dict)
    """Until when, by the wall, an operator asked to be left alone."""

    async def fetch(self, payload: str) -> Outcome:
        wanted = _read(payload)
        if wanted is None:
            return Park("the payload names no photograph of a visit")
        task, moment = self.under_way.get(payload), 0.0
        if task is None:
            task = self._begun(payload, wanted)
            moment = self.moment.span.total_seconds()
        done, _ = await asyncio.wait({task}, timeout=moment)
        if not done:
            return Later(f"{wanted.host} is being asked")
        self.under_way.pop(payload, None)
        return task.result()

    def _begun(self, payload: str, wanted: Wanted) -> asyncio.Task[Outcome]:
        over = [one for one, other in self.under_way.items() if other.done()]
        for one in over[:-REMEMBERED]:
            del self.under_way[one]
        task = self.under_way[payload] = asyncio.create_task(self._fetched(wanted))
        return task

    async def rest(self) -> None:
        """Nothing is left under way; what was begins anew when its row is due."""
        tasks = tuple(self.under_way.values())
        self.under_way.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _fetched(self, wanted: Wanted) -> Outcome:
        if await self.filing.is_filed(wanted.order_id, key=wanted.key):
            return Done()
        async with self.rooms[wanted.host]:
            answer = await self._asked(wanted)
            match answer:
                case Photograph():
                    return await self._filed(wanted, answer)
                case Refused(code=code):
                    return _put_to_a_person(wanted, f"{wanted.host} refuses it ({code})")
                case Unfit(why=why):
                    return _put_to_a_person(wanted, why)
                case Unanswered(why=why):
                    return await self._later(wanted, why)
                case _:
                    assert_never(answer)

    async def _asked(self, wanted: Wanted) -> PhotographAnswer:
        gateway = self.accesses.get(wanted.host)
        if gateway is None:
            return Unanswered(why=f"{wanted.host} is not set for the relay")
        if self.wall_now() < self.quiet.get(wanted.host, LONG_AGO):
            return Unanswered(why=f"{wanted.host} asks to be left alone")
        try:
            async with asyncio.timeout(self.patience.span.total_seconds()):
                answer = await gateway.photograph(wanted.reference)
        except TimeoutError:
            return Unanswered(why=f"{wanted.host} did not answer in time")
        if isinstance(answer, Unanswered) and answer.retry_after is not None:
            quiet = min(answer.retry_after, QUIET_MAX.span)
            self.quiet[wanted.host] = self.wall_now() + quiet
        return answer

    async def _filed(self, wanted: Wanted, given: Photograph) -> Outcome:
        handed = HandedIn(
            name=PHOTOGRAPH,
            on=wanted.on,
            line=wanted.line,
            media_type=given.media_type,
            content=given.content,
        )
        by = By(actor=wanted.host.value, key=wanted.key, at=await self._now())
        try:
            filed = await self.filing.document(wanted.order_id, handed, by)
        except BadValueError as exc:
            return _put_to_a_person(wanted, str(exc))
        except SubjectForgottenError:
            log.info("photograph.of.nobody", order=str(wanted.order_id))
            return Done()
        log.info(
            "photograph.filed",
            order=str(wanted.order_id),
            line=str(wanted.line_id),
            document=str(filed.what.document_id),
        )
        return Done()

    async def _later(self, wanted: Wanted, why: str) -> Outcome:
        if await self._now() < wanted.until:
            return Later(why)
        return _put_to_a_person(wanted, f"{wanted.host} has not given it in time: {why}")

    async def _now(self) -> datetime:
        clock = await self.clocks.in_force()
        return clock.business_at(self.wall_now())


def _put_to_a_person(wanted: Wanted, why: str) -> Park:
    return Park(
        f"photograph {wanted.reference}: {why}; try again, or have {wanted.host} send it, attach "
        "it as a photograph, and settle"
    )


def _read(payload: str) -> Wanted | None:
    try:
        content = json.loads(payload)
        return Wanted(
            order_id=OrderId(UUID(content["order_id"])),
            line_id=LineId(UUID(content["line_id"])),
            line=int(content["line"]),
            host=HostNetwork(content["host"]),
            reference=str(content["reference"]),
            on=date.fromisoformat(content["on"]),
            until=datetime.fromisoformat(content["until"]).astimezone(UTC),
        )
    except (ValueError, KeyError, TypeError):
        return None
