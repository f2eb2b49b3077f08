"""One line as people and the watchdog read it: where it stands, what is awaited, until when."""

from datetime import date
from typing import Annotated, cast

from pydantic import AwareDatetime, BaseModel, ConfigDict, Discriminator

from domain import (
    access_awaited,
    access_outlook,
    access_stages,
    access_states,
    new_numbers,
    port_in_awaited,
    port_in_states,
    port_outlook,
)
from domain.access_events import AccessEvent
from domain.access_facts import AccessHeld, AccessOpened, DeliveryPlanned
from domain.access_outlook import AccessCourse, Passed
from domain.access_stages import Access
from domain.attention import Attention, going_up
from domain.event import Event
from domain.identity import LineId, OrderId
from domain.new_numbers import NewNumberEvent, NewNumberOpened
from domain.port_in_awaited import Awaited, next_try_awaited
from domain.port_in_facts import HostNetwork, PortEvent, PortOpened, PortPlanned
from domain.port_in_states import Going
from domain.port_outlook import Milestones, PortCourse
from domain.said import Said
from ledger.envelope import Envelope
from projections import quotes, works
from projections.quotes import Quote
from projections.timeline import TimelineEntry, entry_of
from projections.works import Works

LineState = Annotated[
    port_in_states.Claiming
    | port_in_states.Gathering
    | port_in_states.Dating
    | port_in_states.Preparing
    | port_in_states.Waiting
    | port_in_states.AwaitingDonor
    | port_in_states.Refused
    | port_in_states.Accepted
    | port_in_states.Committed
    | port_in_states.Switched
    | port_in_states.Verified
    | port_in_states.Undoing
    | port_in_states.Ended
    | new_numbers.AwaitingLine
    | new_numbers.AwaitingNumber
    | new_numbers.Activated
    | access_stages.ClaimingSite
    | access_stages.GatheringPapers
    | access_stages.Checking
    | access_stages.Agreeing
    | access_stages.Studying
    | access_stages.Quoted
    | access_stages.Reserving
    | access_stages.Desaturating
    | access_stages.Ready
    | access_stages.Booking
    | access_stages.AwaitingVisit
    | access_stages.AwaitingDay
    | access_stages.Commissioning
    | access_stages.InService
    | access_stages.Changing
    | access_stages.GivingBack
    | access_stages.Closed,
    Discriminator("stage"),
]


LineCourse = Annotated[PortCourse | AccessCourse, Discriminator("kind")]


class LineDocument(BaseModel):
    """The state is the aggregate's own, folded by its own hand: a document cannot disagree."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    line_id: LineId
    order_id: OrderId
    version: int
    open: bool
    state: LineState
    last_at: AwareDatetime
    since: AwareDatetime
    """When it came to its stage."""
    planned_at: AwareDatetime | None = None
    """When its dates were settled last."""
    first_day: date | None = None
    """The first day it was planned for."""
    held_at: AwareDatetime | None = None
    """When it was suspended last."""
    quotes: tuple[Quote, ...] = ()
    works: Works | None = None
    """Of a site, once there is something to say."""
    timeline: tuple[TimelineEntry, ...]

    @property
    def stage(self) -> str:
        return self.state.stage

    @property
    def host(self) -> HostNetwork:
        return host_of(self.state)

    @property
    def provider(self) -> str:
        return self.state.terms.pin.provider

    @property
    def attentions(self) -> tuple[Attention, ...]:
        return attentions_of(self.state)

    @property
    def awaited(self) -> Awaited | None:
        return awaited_of(self.state)

    @property
    def course(self) -> LineCourse | None:
        """Where it stands as far as a promise goes; None for what promises no day, or has ended
        before it was kept."""
        state = self.state
        if isinstance(state, Going):
            kept = Milestones(
                since=self.since, planned_at=self.planned_at, first_day=self.first_day
            )
            return port_outlook.course_of(state, kept)
        if isinstance(state, Access):
            return access_outlook.course_of(state, self._passed)
        if isinstance(state, access_stages.Closed):
            return access_outlook.course_of_closed(state, self.since)
        return None

    @property
    def _passed(self) -> Passed:
        works = self.works or Works()
        return Passed(
            since=self.since,
            planned_at=self.planned_at,
            held_at=self.held_at,
            milestones=works.milestones,
            works_end=works.ends_on,
        )


def host_of(state: LineState) -> HostNetwork:
    """Whose network it is on: the operator that is asked, until one is chosen."""
    if isinstance(state, Access | access_stages.Closed):
        return state.host
    return state.terms.host


def awaited_of(state: BaseModel) -> Awaited | None:
    """The same answer for every kind of line."""
    if isinstance(state, Access):
        return access_awaited.awaited_by(state)
    if isinstance(state, Going):
        return port_in_awaited.awaited_by(state)
    if isinstance(state, new_numbers.AwaitingHost):
        return _awaited_of_host(state)
    return None


def wakes_by(state: BaseModel) -> Awaited | None:
    """What its process wakes for: not for a question that has gone up, however late it is."""
    if isinstance(state, Access):
        return access_awaited.wakes_by(state)
    if isinstance(state, Going):
        return port_in_awaited.wakes_by(state)
    if isinstance(state, new_numbers.AwaitingHost):
        left = going_up(state.attentions)
        still = state.model_copy(update={"attentions": left})
        return _awaited_of_host(still) if left or not state.attentions else None
    return None


def _awaited_of_host(state: new_numbers.AwaitingHost) -> Awaited | None:
    people = [Awaited(until=a.until, what=a.what) for a in state.attentions]
    if people:
        return min(people, key=lambda awaited: awaited.until)
    if state.retry is not None:
        return next_try_awaited(state.retry)
    if state.ask is None:
        return None
    what = Said(fr="le compte rendu de l'hôte", en="the host's report")
    return Awaited(until=state.ask.until, what=what)


def state_after(state: LineState | None, event: Event) -> LineState | None:
    """Where a line stands, for its document and for its process alike."""
    if isinstance(event, PortOpened | NewNumberOpened | AccessOpened):
        return _first(event)
    return None if state is None else _next(state, event)


def attentions_of(state: LineState) -> tuple[Attention, ...]:
    if isinstance(state, Going | new_numbers.AwaitingHost | Access):
        return state.attentions
    return ()


def evolve(document: LineDocument | None, envelope: Envelope) -> LineDocument | None:
    event = envelope.event
    state = state_after(None if document is None else document.state, event)
    if state is None:
        return None
    if document is None or isinstance(event, PortOpened | NewNumberOpened | AccessOpened):
        return LineDocument(
            line_id=state.terms.line_id,
            order_id=state.terms.order_id,
            version=envelope.version,
            open=True,
            state=state,
            last_at=envelope.business_at,
            since=envelope.business_at,
            timeline=(entry_of(envelope),),
        )
    return document.model_copy(
        update={
            **_milestones(document, state, envelope),
            "version": envelope.version,
            "state": state,
            "open": not is_ended(state),
            "last_at": envelope.business_at,
            "quotes": quotes.after(document.quotes, event),
            "works": works.after(document.works, event),
            "timeline": (*document.timeline, entry_of(envelope)),
        }
    )


def _milestones(document: LineDocument, state: LineState, envelope: Envelope) -> dict[str, object]:
    """What the state itself does not keep of the line's way."""
    event, at = envelope.event, envelope.business_at
    passed: dict[str, object] = {}
    if state.stage != document.stage:
        passed["since"] = at
    if isinstance(event, PortPlanned):
        passed["planned_at"] = at
        passed["first_day"] = document.first_day or event.plan.port_day
    if isinstance(event, DeliveryPlanned):
        passed["planned_at"] = at
    if isinstance(event, AccessHeld):
        passed["held_at"] = at
    return passed


def _first(event: PortOpened | NewNumberOpened | AccessOpened) -> LineState:
    if isinstance(event, PortOpened):
        return cast("LineState", port_in_states.evolve(port_in_states.NotOpened(), event))
    if isinstance(event, AccessOpened):
        return cast("LineState", access_states.evolve(access_stages.NotOpened(), event))
    return cast("LineState", new_numbers.evolve(new_numbers.NotOpened(), event))


def _next(state: LineState, event: Event) -> LineState:
    """A fact of another kind of line changes nothing here."""
    after: object = state
    if isinstance(state, Going | port_in_states.Ended):
        if isinstance(event, PortEvent):
            after = port_in_states.evolve(state, event)
    elif isinstance(state, Access | access_stages.Closed):
        if isinstance(event, AccessEvent):
            after = access_states.evolve(state, event)
    elif isinstance(event, NewNumberEvent):
        after = new_numbers.evolve(state, event)
    return cast("LineState", after)


def is_ended(state: LineState) -> bool:
    if isinstance(state, new_numbers.Activated):
        return state.ended is not None
    return isinstance(state, port_in_states.Ended | access_stages.Closed)
