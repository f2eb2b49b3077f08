"""What any adapter of a host network must keep, whatever its operator does on the wire.

Point it at an adapter of your own: write a `HostUnderTest` and parametrise `test_host.py` with it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from domain.identity import LineId
from domain.operators import HostGateway, LineRequest, Reader
from domain.port_in_facts import SimKind, Step
from tests.porting import STORY

_SPACE = UUID("00000000-0000-5000-8000-00000000c0de")


@dataclass(frozen=True, kw_only=True)
class HostUnderTest:
    """An adapter, and the two hands on the other side of its wire."""

    name: str
    gateway: HostGateway
    reader: Reader
    misbehave: Callable[[str, dict[str, list[str]]], Awaitable[None]]
    """Make the operator behave so with a number: prepare, switch, activity, test."""
    times: Callable[[str], Awaitable[int]]
    """How many times the operator made the effect of a key."""
    told: Callable[[str], Awaitable[list[str]]]
    """What it has told us about a key, as it came."""


def request(
    name: str, step: Step = Step.PREPARE_LINE, *, number: str, at: datetime = STORY
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
