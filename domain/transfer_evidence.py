"""What we know of a number another operator asks of us: whose line it was, and whether it ended.

A refusal says what is true: R323 only of a number that ended less than ten days ago, never of one
that is suspended (2007-0193 § 2.3, porting-and-access § 2.6). One that went back to its initial
donor has not ended: it is there that it lives, and we can neither let it go nor activate it again.
Where no line of ours served the number, nothing is known here, and a person's word stands.
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


class Service(BaseModel):
    """What a line made of its number, once it had served it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ended_at: AwareDatetime | None = None
    went_back: bool = False
    """To its initial donor, and its service with it. No line of ours ends otherwise yet."""


class OurNumber(BaseModel):
    """The line of ours that served it last, and when that ended; None while it lives."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    line_id: LineId
    ended_at: AwareDatetime | None
    ended_on: date | None
    """By the exchange's own clock."""
    went_back: bool = False
    """To its initial donor: it is another operator's."""


def service_of(events: Iterable[Event]) -> Service | None:
    """None for a line that never served its number."""
    service: Service | None = None
    for event in events:
        match event:
            case PortEnded(outcome=Outcome.PORTED):
                service = Service()
            case LineHandedBack(service_ended_at=at):
                service = Service(ended_at=at, went_back=True)
    return service


def why_not_said(code: str, ours: OurNumber | None, today: date) -> str | None:
    """Why a code would not be true of the number; None when nothing here says otherwise."""
    if ours is None or code not in ENDED:
        return None
    if ours.ended_on is None:
        return (
            f"the number lives on line {ours.line_id}, and a suspension is no end (2007-0193 "
            f"§ 2.3): {code} would not be true; accept it"
        )
    if ours.went_back:
        return _elsewhere(ours.ended_on)
    lately = today - ours.ended_on < LATELY
    if lately != (code in ENDED_LATELY):
        right = "R323, or activate it again on a justified request" if lately else "R322"
        return f"the number ended on {day_said(ours.ended_on).en}: say {right}"
    return None


def why_not_accepted(ours: OurNumber | None) -> str | None:
    """Only a number that is here can leave."""
    if ours is None or ours.ended_on is None or not ours.went_back:
        return None
    return _elsewhere(ours.ended_on)


def why_not_reactivated(ours: OurNumber | None, today: date) -> str | None:
    """Only what ended, ended here, and ended lately lives again (decision 28)."""
    if ours is None:
        return None
    if ours.ended_on is None:
        return f"the number lives on line {ours.line_id}: there is nothing to activate; accept it"
    if ours.went_back:
        return _elsewhere(ours.ended_on)
    if today - ours.ended_on < LATELY:
        return None
    return f"the number ended on {day_said(ours.ended_on).en}, too long ago: say R322"


def _elsewhere(on: date) -> str:
    return (
        f"the number went back to its initial donor on {day_said(on).en}: it is there that it is "
        "to be asked for; say R222"
    )
