"""What any adapter of a host network must keep, whatever its operator does on the wire.

Point it at an adapter of your own: see the README beside this file.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from domain.access_facts import Locator, Technology
from domain.access_operators import AccessGateway, AccessRequest
from domain.access_told import ReservedTold
from domain.identity import LineId
from domain.operators import (
    Change,
    Delivery,
    HostGateway,
    LineChange,
    LineReadyTold,
    LineRequest,
    Reader,
    Told,
    Took,
    Withdrawal,
)
from domain.port_in_facts import SimKind, Step
from domain.works_facts import Slot
from domain.works_told import VisitBookedTold, VisitsOfferedTold
from tests.conformance.promises import ACCESS
from tests.porting import STORY
from tests.waiting import until_async

_SPACE = UUID("00000000-0000-5000-8000-00000000c0de")
NUMBER = "0612345678"
ASKED_AT = STORY - timedelta(days=2)
AFTERWARDS = (STORY + timedelta(days=60)).date()
"""Later than the operator's clock: nothing has become yet of a visit then."""
STREET = "12 rue de l'Essai"
"""Where accesses are delivered in these tests."""


async def _nowhere(*_: object) -> Any:  # noqa: ANN401  stands for hands of any kind
    raise AssertionError("this operator has no sites")


async def _nothing(_seconds: float) -> None:
    await asyncio.sleep(0)


@dataclass(frozen=True, kw_only=True)
class HostUnderTest:
    """An adapter, and the hands on the other side of its wire."""

    name: str
    gateway: HostGateway
    reader: Reader
    misbehave: Callable[[str, dict[str, list[str]]], Awaitable[None]]
    """Make the operator behave so with a number, step by step: see the README for the words."""
    times: Callable[[str], Awaitable[int]]
    """How many times the operator made the effect of a key."""
    told: Callable[[str], Awaitable[list[Delivery]]]
    """What has come from the operator about a key; waits for the first of it, within a bound."""
    set_host: Callable[[dict[str, Any]], Awaitable[None]]
    """Of the operator as a whole: `maintenance`, `expire-tokens`."""
    elapse: Callable[[float], Awaitable[None]] = _nothing
    """Let seconds pass for the adapter, without waiting for them."""
    impatient: HostGateway | None = None
    """The same adapter with timeouts of half a second or so, where it has any."""
    access: AccessGateway | None = None
    """The adapter as far as fixed accesses go; its promises are those named `access-…`."""
    impatient_access: AccessGateway | None = None
    at_site: Callable[[str, dict[str, list[str]]], Awaitable[None]] = _nowhere
    """What is so at a site that bears a text, and what the operator does there, step by step."""
    ground: Callable[[], Awaitable[list[dict[str, Any]]]] = _nowhere
    """What the operator's network has and keeps: `capacity` and `kept` of each box."""
    visits: Callable[[], Awaitable[list[dict[str, Any]]]] = _nowhere
    """The half-days somebody has or had a visit in: `slot`, and how many are `booked` in it."""
    not_offered: frozenset[str] = field(default=frozenset())
    """Promises this operator cannot be held to, by name."""

    def offers(self, promise: str) -> bool:
        has_it = self.access is not None or not promise.startswith(ACCESS)
        return has_it and promise not in self.not_offered

    @property
    def sites(self) -> AccessGateway:
        assert self.access is not None
        return self.access

    async def one_told(self, key: str) -> Told:
        first, *_ = await self.told(key)
        return self.reader(first.body)

    async def kept_access(self, intention: str) -> str:
        """The operator's name of a pair that it keeps for us."""
        asked = site_request(intention, Step.RESERVE_ACCESS)
        assert isinstance(await self.sites.ask_access(asked), Took)
        told = await self.one_told(asked.key)
        assert isinstance(told, ReservedTold)
        return told.reference

    async def offered(self, intention: str, **more: Any) -> tuple[Slot, ...]:  # noqa: ANN401
        """Half-days after all that the other tests are about, unless it is said otherwise."""
        more = {"not_before": AFTERWARDS, **more}
        asked = site_request(intention, Step.OFFER_VISITS, **more)
        assert isinstance(await self.sites.ask_access(asked), Took)
        told = await self.one_told(asked.key)
        assert isinstance(told, VisitsOfferedTold)
        return told.slots

    async def booked(self, intention: str, slot: Slot, **more: Any) -> VisitBookedTold:  # noqa: ANN401
        asked = site_request(intention, Step.BOOK_VISIT, slot=slot.reference, **more)
        assert isinstance(await self.sites.ask_access(asked), Took)
        told = await self.one_told(asked.key)
        assert isinstance(told, VisitBookedTold)
        return told

    async def told_times(self, key: str, times: int) -> list[Told]:
        """All that has come about a key, once there is so much of it."""

        async def enough() -> bool:
            return len(await self.told(key)) >= times

        await until_async(enough, what=f"{times} tellings")
        return [self.reader(delivery.body) for delivery in await self.told(key)]

    async def ready_line(self, name: str, *, number: str | None = NUMBER) -> LineRequest:
        """A reserved line, as a request for its switch: bears the host's own name of it."""
        asked = request(f"{name}: ready", number=number)
        assert isinstance(await self.gateway.ask(asked), Took)
        told = await self.one_told(asked.key)
        assert isinstance(told, LineReadyTold)
        switch = request(f"{name}: switch", Step.SWITCH_LINE, number=number)
        return replace(switch, host_line=told.host_line)

    async def active_line(self, name: str) -> str:
        """The host's name of a line with its number on it."""
        switch = await self.ready_line(name)
        assert isinstance(await self.gateway.ask(switch), Took)
        await self.told(switch.key)
        assert switch.host_line is not None
        return switch.host_line


def request(
    name: str, step: Step = Step.PREPARE_LINE, *, number: str | None, at: datetime = STORY
) -> LineRequest:
    """One intention; the same name is the same key."""
    return LineRequest(
        step=step,
        key=str(uuid5(_SPACE, name)),
        line_id=LineId(uuid5(_SPACE, f"line of {number}")),
        asked_at=at - timedelta(days=2),
        sim=SimKind.SIM,
        host_line=None if step is Step.PREPARE_LINE else "OL-1",
        number=number,
    )


def change(name: str, what: Change, host_line: str, *, number: str = NUMBER) -> LineChange:
    return LineChange(
        change=what,
        key=str(uuid5(_SPACE, name)),
        line_id=LineId(uuid5(_SPACE, f"line of {number}")),
        asked_at=ASKED_AT,
        host_line=host_line,
        reason="unpaid",
    )


def withdrawal(name: str, of: str, *, number: str = NUMBER) -> Withdrawal:
    return Withdrawal(
        key=str(uuid5(_SPACE, name)),
        of=of,
        line_id=LineId(uuid5(_SPACE, f"line of {number}")),
        asked_at=ASKED_AT,
    )


def site_request(
    intention: str,
    /,
    step: Step = Step.CHECK_ELIGIBILITY,
    *,
    technologies: tuple[Technology, ...] = (Technology.VDSL,),
    address: str = STREET,
    line: str = "one",
    **more: Any,  # noqa: ANN401  what else a request may bear
) -> AccessRequest:
    """One intention about a site; the same words are the same key."""
    asked = AccessRequest(
        step=step,
        key=str(uuid5(_SPACE, intention)),
        line_id=LineId(uuid5(_SPACE, f"access {line}")),
        asked_at=ASKED_AT,
        commune="59350",
        address=address,
        locator=Locator.ADDRESS,
        name=None,
        technologies=technologies,
    )
    return replace(asked, **more)
