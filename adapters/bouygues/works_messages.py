"""Bouygues Telecom's dialect about works, visits and tests: what is read of its webhooks' details.

A code of a failure that we do not know is kept; a milestone, a period or a check that we do not
know is not guessed at: the webhook cannot be read.
"""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from adapters.bouygues.access_messages import Flag
from adapters.bouygues.messages import Fault, Instant, Read, Word

_DAY = re.compile(r"2[01][0-9]{2}-[0-9]{2}-[0-9]{2}")


def _written(value: object) -> date:
    if not isinstance(value, str) or _DAY.fullmatch(value) is None:
        raise ValueError("no day as it is written here")
    return date.fromisoformat(value)


Day = Annotated[date, BeforeValidator(_written)]
Serial = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9/._-]{1,60}$")]
Figure = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,10}(\.[0-9]{1,3})?$")]


class Stage(StrEnum):
    """How far works have come."""

    PERMITS_SUBMITTED = "PERMITS_SUBMITTED"
    PERMITS_GRANTED = "PERMITS_GRANTED"
    CIVIL_ENGINEERING = "CIVIL_ENGINEERING"
    CABLE_PULLING = "CABLE_PULLING"
    CONNECTED = "CONNECTED"


class Period(StrEnum):
    """When technicians come."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


class CheckName(StrEnum):
    """What is tried when an access is opened."""

    SYNCHRONISATION = "SYNCHRONISATION"
    DOWNLOAD = "DOWNLOAD"
    UPLOAD = "UPLOAD"
    PACKET_LOSS = "PACKET_LOSS"
    INCOMING_CALL = "INCOMING_CALL"
    OUTGOING_CALL = "OUTGOING_CALL"


class MilestoneDetails(Read):
    milestone: Stage
    expected_completion: Day | None = None
    delay: Fault | None = None


class BuiltDetails(Read):
    visit_required: Flag


class StoppedDetails(Read):
    failure: Fault


class SlotListed(Read):
    id: Word
    date: Day
    period: Period
    starts_at: Instant
    ends_at: Instant


class SlotsDetails(Read):
    slots: Annotated[tuple[SlotListed, ...], Field(max_length=50)]


class VisitNamed(Read):
    id: Word


class VisitDetails(Read):
    visit: VisitNamed


class BookedDetails(VisitDetails):
    slot: SlotListed


class MovedDetails(VisitDetails):
    slot: SlotListed
    reason: Fault


class Piece(Read):
    serial_number: Serial


class Photo(Read):
    id: Word


class Report(Read):
    completed_at: Instant
    otp: Word | None = None
    equipment: Annotated[tuple[Piece, ...], Field(max_length=50)] = ()
    photos: Annotated[tuple[Photo, ...], Field(max_length=50)] = ()


class CompletedDetails(VisitDetails):
    report: Report


class FailedDetails(VisitDetails):
    failure: Fault


class MissedDetails(VisitDetails):
    reason: Fault


class Checked(Read):
    name: CheckName
    outcome: Literal["passed", "failed"]
    value: Figure | None = None


class CommissionedDetails(Read):
    checks: Annotated[tuple[Checked, ...], Field(min_length=1, max_length=50)]
