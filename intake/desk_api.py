"""What people decide through HTTP, and the lists they work from."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated

from fastapi import FastAPI, Query, status
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.attention import DecisionKind, DecisionRefusedError
from domain.given import check_names
from domain.identity import OrderId
from domain.parsed import BadValueError
from intake.api import ApiPorts, IdempotencyKey, existing, lines_of, refusals
from intake.problems import Problem, ProblemError
from intake.requests import LongText, ShortText
from intake.steering import CancellationPreview
from intake.views import (
    AttentionView,
    DeadlineView,
    attention_views,
    deadline_view,
)
from projections.line import LineDocument
from projections.order import OrderDocument
from projections.timeline import TimelineEntry
from workflows.messages import DecisionRequest, Ruled

WEEK_HOURS = 24 * 7


class Decided(BaseModel):
    """A person's decision, as they write it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    decision: DecisionKind
    reason: LongText = Field(default="", description="Not personal data.")
    by: ShortText = Field(default="api", description="Who decides.")
    line: int | None = Field(default=None, ge=1, description="Needed when there are several.")
    about: ShortText | None = Field(default=None, description="Which attention.")
    given: Mapping[str, ShortText] = Field(
        default={}, description="day, until, turn, gate, document, on."
    )
    rio: ShortText | None = Field(default=None, description="The corrected RIO. Kept sealed.")


class CancellationRequest(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    by: ShortText = "api"
    line: int | None = Field(default=None, ge=1)
    accept_cost: bool = Field(
        default=False, description="What it costs has been read; nothing is asked without it."
    )


class TimelineView(BaseModel):
    line: int | None
    entry: TimelineEntry


class Timeline(BaseModel):
    order_id: OrderId
    entries: tuple[TimelineView, ...]


class Attentions(BaseModel):
    attention: tuple[AttentionView, ...]


class Deadlines(BaseModel):
    now: AwareDatetime
    deadlines: tuple[DeadlineView, ...]


def _conflict(type_: str, title: str, detail: str) -> ProblemError:
    return ProblemError(
        Problem(type=type_, title=title, status=status.HTTP_409_CONFLICT, detail=detail)
    )


async def _line(ports: ApiPorts, order: OrderDocument, number: int | None) -> LineDocument:
    """The line that is meant: the one that is named, or the only one still open."""
    lines = await lines_of(ports, order)
    if number is not None:
        named = [line for line in order.lines if line.number == number]
        if not named or named[0].line_id not in lines:
            raise _conflict(
                "line-unknown",
                "No such line",
                f"The order has no line {number}; it has {len(order.lines)}.",
            )
        return lines[named[0].line_id]
    still_open = [line for line in lines.values() if line.open]
    if len(still_open) != 1:
        raise _conflict(
            "line-needed",
            "Which line?",
            "No line of the order is open."
            if not still_open
            else "Several lines are open: say which, with line.",
        )
    return still_open[0]


def add_decisions(app: FastAPI, ports: ApiPorts) -> None:
    @app.post("/orders/{order_id}/decisions", responses=refusals(404, 409, 422, 503))
    async def decide(order_id: OrderId, body: Decided, idempotency_key: IdempotencyKey) -> Ruled:
        line = await _line(ports, await existing(ports, order_id), body.line)
        try:
            check_names(body.given)
        except DecisionRefusedError as exc:
            raise BadValueError(str(exc)) from exc
        request = DecisionRequest(
            decision=body.decision,
            reason=body.reason,
            about=body.about,
            by=body.by,
            given=body.given,
        )
        ruled = await ports.steering.decide(
            line, request, rio=body.rio, key=idempotency_key, at=await ports.now()
        )
        return _taken(ruled)

    @app.get("/orders/{order_id}/cancellation", responses=refusals(404, 409, 422, 503))
    async def preview_cancellation(
        order_id: OrderId, line: Annotated[int | None, Query(ge=1)] = None
    ) -> CancellationPreview:
        """What it would take and cost to cancel now; nothing is asked."""
        document = await _line(ports, await existing(ports, order_id), line)
        found = ports.steering.preview(document, at=await ports.now())
        if found is None:
            raise _conflict("line-ended", "It has ended", "There is nothing left to cancel.")
        return found

    @app.post("/orders/{order_id}/cancellations", responses=refusals(404, 409, 422, 503))
    async def cancel(
        order_id: OrderId, body: CancellationRequest, idempotency_key: IdempotencyKey
    ) -> Ruled:
        line = await _line(ports, await existing(ports, order_id), body.line)
        if not body.accept_cost:
            raise _conflict(
                "cost-not-accepted",
                "The cost comes first",
                f"Read GET /orders/{order_id}/cancellation, then send accept_cost: true.",
            )
        ruled = await ports.steering.cancel(
            line, by=body.by, key=idempotency_key, at=await ports.now()
        )
        return _taken(ruled)


def _taken(ruled: Ruled) -> Ruled:
    if not ruled.taken:
        raise _conflict("decision-refused", "It cannot be decided", f"{ruled.why}.")
    return ruled


def add_lists(app: FastAPI, ports: ApiPorts) -> None:
    @app.get("/orders/{order_id}/timeline", responses=refusals(404, 422, 503))
    async def timeline(order_id: OrderId) -> Timeline:
        document = await existing(ports, order_id)
        lines = await lines_of(ports, document)
        entries = [TimelineView(line=None, entry=entry) for entry in document.timeline]
        for line in document.lines:
            if line.line_id in lines:
                entries += [
                    TimelineView(line=line.number, entry=entry)
                    for entry in lines[line.line_id].timeline
                ]
        entries.sort(key=lambda one: (one.entry.business_at, one.line or 0, one.entry.version))
        return Timeline(order_id=order_id, entries=tuple(entries))

    @app.get("/attention", responses=refusals(503))
    async def attention() -> Attentions:
        """What needs a person, the most urgent first."""
        views = [view for line in await ports.lines.still_open() for view in attention_views(line)]
        return Attentions(attention=tuple(sorted(views, key=lambda view: view.until)))

    @app.get("/deadlines", responses=refusals(422, 503))
    async def deadlines(
        within_hours: Annotated[int, Query(ge=0, le=24 * 366)] = WEEK_HOURS,
    ) -> Deadlines:
        now = await ports.now()
        views = [deadline_view(line, now) for line in await ports.lines.still_open()]
        last = now + timedelta(hours=within_hours)
        due = [view for view in views if view is not None and view.until <= last]
        return Deadlines(now=now, deadlines=tuple(sorted(due, key=lambda view: view.until)))
