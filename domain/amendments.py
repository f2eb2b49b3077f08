"""Changes to an order that runs: the difference, the plan, then its execution; one at a time.

A plan says what each change would do, and holds for a while; nothing moves before it is executed.
The order's own data changes with the execution; what a line is asked goes through its process, and
each line's answer is kept.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import assert_never

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.event import Command, Event
from domain.identity import AmendmentId, CorrectionId, LineId
from domain.personal import Personal
from domain.said import Said

# errors


class AmendmentRefusedError(Exception):
    """It does not fit where the order's amendments stand; the message says what to do first."""


# values


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LineChange(_Value):
    """What one line is asked."""

    line_id: LineId
    line: int
    wish: date | None = None
    correction_id: CorrectionId | None = None
    """A corrected RIO or another place, kept before anything was planned."""
    down_kbps: int | None = None
    """Another rate of an access."""
    asked_on: date | None = None
    """When the customer asked for another day, by its email; the day it is amended, if not said."""


class Difference(_Value):
    """One thing that changes, and what follows from it."""

    pointer: str
    was: str | None
    """None where it is personal, or was not there."""
    becomes: str | None
    effect: Said


class Amendment(_Value):
    amendment_id: AmendmentId
    number: int
    """Its place among the order's amendments, from 1."""
    customer: Personal | None
    contact: Personal | None
    lines: tuple[LineChange, ...]
    differences: tuple[Difference, ...]
    valid_until: AwareDatetime


class LineAnswer(_Value):
    """What a line's process said to its change."""

    line: int
    taken: bool
    why: str | None = None


class AmendmentStands(StrEnum):
    PLANNED = "planned"
    """Nothing has moved: it is executed, withdrawn, or lapses."""
    EXECUTING = "executing"
    """The lines are being asked."""
    EXECUTED = "executed"
    """Every line has answered; what was not taken says why."""
    WITHDRAWN = "withdrawn"
    """Given up before anything moved."""
    LAPSED = "lapsed"
    """Nobody executed it while its plan held."""


class Standing(_Value):
    """An amendment, and where it stands."""

    amendment: Amendment
    stands: AmendmentStands
    answers: tuple[LineAnswer, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.stands in {AmendmentStands.PLANNED, AmendmentStands.EXECUTING}


# commands


class PlanAmendment(Command):
    amendment: Amendment


class ExecuteAmendment(Command):
    amendment_id: AmendmentId


class WithdrawAmendment(Command):
    amendment_id: AmendmentId


class NoteAmendmentExecuted(Command):
    amendment_id: AmendmentId
    answers: tuple[LineAnswer, ...]


AmendmentCommand = PlanAmendment | ExecuteAmendment | WithdrawAmendment | NoteAmendmentExecuted

# events


class AmendmentPlanned(Event):
    amendment: Amendment


class AmendmentBegun(Event):
    amendment_id: AmendmentId


class AmendmentExecuted(Event):
    amendment_id: AmendmentId
    customer: Personal | None
    contact: Personal | None
    answers: tuple[LineAnswer, ...]


class AmendmentWithdrawn(Event):
    amendment_id: AmendmentId


class AmendmentLapsed(Event):
    amendment_id: AmendmentId


AmendmentEvent = (
    AmendmentPlanned | AmendmentBegun | AmendmentExecuted | AmendmentWithdrawn | AmendmentLapsed
)

# state


Amendments = tuple[Standing, ...]


def open_among(amendments: Amendments) -> Standing | None:
    return next((one for one in amendments if one.is_open), None)


def named(amendments: Amendments, amendment_id: AmendmentId) -> Standing:
    for one in amendments:
        if one.amendment.amendment_id == amendment_id:
            return one
    raise AmendmentRefusedError(
        f"the order has no amendment {amendment_id}; see its amendments for those there are"
    )


# decide


def decide(command: AmendmentCommand, amendments: Amendments) -> tuple[AmendmentEvent, ...]:
    if isinstance(command, PlanAmendment):
        return _planned(command, amendments)
    standing = named(amendments, command.amendment_id)
    match command:
        case ExecuteAmendment():
            return _begun(command, standing)
        case WithdrawAmendment():
            return _withdrawn(standing)
        case NoteAmendmentExecuted():
            return _executed(command, standing)
        case _:
            assert_never(command)


def _planned(command: PlanAmendment, amendments: Amendments) -> tuple[AmendmentEvent, ...]:
    planned = AmendmentPlanned(amendment=command.amendment)
    still_open = open_among(amendments)
    if still_open is None:
        return (planned,)
    lapsed = still_open.amendment.valid_until <= command.decided_at
    if still_open.stands is AmendmentStands.PLANNED and lapsed:
        return (AmendmentLapsed(amendment_id=still_open.amendment.amendment_id), planned)
    raise AmendmentRefusedError(
        f"amendment {still_open.amendment.number} is {still_open.stands}: execute or withdraw it "
        f"({still_open.amendment.amendment_id}) before another is planned"
    )


def _begun(command: ExecuteAmendment, standing: Standing) -> tuple[AmendmentEvent, ...]:
    if standing.stands is not AmendmentStands.PLANNED:
        raise AmendmentRefusedError(f"it is {standing.stands} already: see its answers")
    if standing.amendment.valid_until <= command.decided_at:
        raise AmendmentRefusedError("its plan no longer holds: plan the same change again")
    return (AmendmentBegun(amendment_id=command.amendment_id),)


def _withdrawn(standing: Standing) -> tuple[AmendmentEvent, ...]:
    if standing.stands is not AmendmentStands.PLANNED:
        raise AmendmentRefusedError(
            f"it is {standing.stands}: only a plan can be withdrawn; amend the order back instead"
        )
    return (AmendmentWithdrawn(amendment_id=standing.amendment.amendment_id),)


def _executed(command: NoteAmendmentExecuted, standing: Standing) -> tuple[AmendmentEvent, ...]:
    if standing.stands is not AmendmentStands.EXECUTING:
        return ()
    return (
        AmendmentExecuted(
            amendment_id=command.amendment_id,
            customer=standing.amendment.customer,
            contact=standing.amendment.contact,
            answers=command.answers,
        ),
    )


# evolve


def evolve(amendments: Amendments, event: AmendmentEvent) -> Amendments:
    match event:
        case AmendmentPlanned(amendment=amendment):
            planned = Standing(amendment=amendment, stands=AmendmentStands.PLANNED)
            return (*amendments, planned)
        case AmendmentBegun(amendment_id=moved):
            return _with(amendments, moved, AmendmentStands.EXECUTING)
        case AmendmentExecuted(amendment_id=moved, answers=answers):
            return _with(amendments, moved, AmendmentStands.EXECUTED, answers)
        case AmendmentWithdrawn(amendment_id=moved):
            return _with(amendments, moved, AmendmentStands.WITHDRAWN)
        case AmendmentLapsed(amendment_id=moved):
            return _with(amendments, moved, AmendmentStands.LAPSED)
        case _:
            assert_never(event)


def _with(
    amendments: Amendments,
    moved: AmendmentId,
    stands: AmendmentStands,
    answers: tuple[LineAnswer, ...] = (),
) -> Amendments:
    return tuple(
        one.model_copy(update={"stands": stands, "answers": answers})
        if one.amendment.amendment_id == moved
        else one
        for one in amendments
    )


def fold(events: Iterable[Event]) -> Amendments:
    """The amendments of an order, from the facts of its stream."""
    amendments: Amendments = ()
    for event in events:
        if isinstance(event, AmendmentEvent):
            amendments = evolve(amendments, event)
    return amendments
