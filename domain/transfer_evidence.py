"""What we know of a number another operator asks of us: whose line it was, and whether it ended.

A refusal says what is true: R323 only of a number that ended less than ten days ago, never of one
that is suspended (2007-0193 § 2.3, porting-and-access § 2.6). Where no line of ours moved the
number, nothing is known here, and a person's word stands.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.event import Event
from domain.identity import LineId
from domain.port_in_facts import Outcome, PortEnded
from domain.reactivation import ENDED_LATELY
from domain.reverse_port_facts import LineHandedBack
from domain.said import day_said

LATELY = timedelta(days=10)
"""porting-and-access § 2.6: R323, "terminated < 10 days"."""
ENDED = ENDED_LATELY | {"R322"}


class OurNumber(BaseModel):
    """The line of ours that moved it last, and when its service ended; None while it lives."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    line_id: LineId
    ended_at: AwareDatetime | None
    ended_on: date | None
    """By the exchange's own clock."""


def service_of(events: Iterable[Event]) -> tuple[bool, AwareDatetime | None]:
    """Whether a line ever served its number, and when that ended."""
    served, ended_at = False, None
    for event in events:
        match event:
            case PortEnded(outcome=Outcome.PORTED):
                served = True
            case LineHandedBack(service_ended_at=at):
                ended_at = at
    return served, ended_at


def why_not_said(code: str, ours: OurNumber | None, today: date) -> str | None:
    """Why a code would not be true of the number; None when nothing here says otherwise."""
    if ours is None or code not in ENDED:
        return None
    if ours.ended_on is None:
        return (
            f"the number lives on line {ours.line_id}, and a suspension is no end (2007-0193 "
            f"§ 2.3): {code} would not be true; accept it"
        )
    lately = today - ours.ended_on < LATELY
    if lately != (code in ENDED_LATELY):
        right = "R323, or activate it again on a justified request" if lately else "R322"
        return f"the number ended on {day_said(ours.ended_on).en}: say {right}"
    return None
