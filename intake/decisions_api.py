"""What people decide and ask through HTTP: answers to what waits for them, cancellations."""

from collections.abc import Mapping
from typing import Annotated, Protocol

from fastapi import FastAPI, Query
from pydantic import BaseModel, ConfigDict, Field

from domain.attention import Attention, DecisionKind, DecisionRefusedError, Turn
from domain.callers import Caller
from domain.clients import Role
from domain.given import check_names
from domain.identity import LineId, OrderId
from domain.parsed import BadValueError
from intake.api import ApiPorts, IdempotencyKey, conflict, existing, lines_of
from intake.exchange import Asked
from intake.guard import Me
from intake.openapi import refusals
from intake.order_lines import line_numbered, tag_for
from intake.problems import ProblemError, not_allowed
from intake.requests import Day, Figures, LongText, ShortText, YesOrNo
from intake.steering import CancellationPreview
from intake.versions import IfMatch, check_unmoved
from projections.line import LineDocument
from projections.order import OrderDocument
from workflows.messages import DecisionRequest, HoldRequest, Ruled

LineNumber = Annotated[int, Field(ge=1, le=10_000, description="A line of the order, from 1.")]
WholeLine = Annotated[LineNumber, Figures]
"""In a body, where a number is no text."""


class Decided(BaseModel):
    """A person's decision, as they write it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    decision: DecisionKind
    reason: LongText = Field(default="", description="Not personal data.")
    by: ShortText | None = Field(default=None, description="Who decides, through this caller.")
    line: WholeLine | None = Field(default=None, description="Needed when there are several.")
    about: ShortText | None = Field(default=None, description="Which attention.")
    given: Mapping[str, ShortText] = Field(
        default={},
        description="day, until, turn, gate, document, on, speed, lead, from, slot, half, serials, "
        "failure.",
    )
    rio: ShortText | None = Field(default=None, description="The corrected RIO. Kept sealed.")


class CancellationRequest(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", json_schema_extra={"examples": [{"accept_cost": True}]}
    )

    by: ShortText | None = Field(default=None, description="Who asks, through this caller.")
    line: WholeLine | None = None
    accept_cost: YesOrNo = Field(
        default=False, description="What it costs has been read; nothing is asked without it."
    )


class Suspended(BaseModel):
    """One site is suspended until a day, or taken up again."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [{"until": "2027-03-01", "reason": "the premises move"}]},
    )

    until: Day | None = Field(
        default=None, description="It goes on by itself on that day; now, where none is given."
    )
    reason: LongText = Field(default="", description="Not personal data.")
    by: ShortText | None = Field(default=None, description="Who asks, through this caller.")
    line: WholeLine | None = Field(default=None, description="Needed when there are several.")


def acting(me: Caller, by: str | None) -> str:
    """A name somebody gives is no proof: whoever called stands beside it."""
    return me.name if by is None else f"{by} ({me.name})"


async def line_meant(ports: ApiPorts, order: OrderDocument, number: int | None) -> LineDocument:
    """The line that is meant: the one that is named, or the only one still open."""
    if number is not None:
        named = await line_numbered(ports, order, number)
        if named is None:
            raise conflict(
                "line-unknown",
                "No such line",
                f"The order has no line {number}; it has {order.line_count}.",
            )
        return named
    lines = await lines_of(ports, order)
    still_open = [line for line in lines.values() if line.open]
    if len(still_open) != 1:
        raise conflict(
            "line-needed",
            "Which line?",
            "No line of the order is open."
            if not still_open and not order.lots
            else "Several lines are open: say which, with line.",
        )
    return still_open[0]


OF_THE_CUSTOMER = frozenset(
    {
        DecisionKind.CORRECT,
        DecisionKind.PROVIDE,
        DecisionKind.POSTPONE,
        DecisionKind.CANCEL,
        DecisionKind.END,
    }
)
"""What may be answered for the customer by whoever brought the order in."""


def _check_whose_turn(me: Caller, line: LineDocument, body: Decided) -> None:
    """Intake answers for its customer; what is operations' to decide, operations decides."""
    if me.has(Role.OPERATIONS):
        return
    meant = [a for a in line.attentions if _is_meant(a, body)]
    if body.decision in OF_THE_CUSTOMER and all(a.turn is Turn.CUSTOMER for a in meant):
        return
    raise operations_only()


def operations_only() -> ProblemError:
    return not_allowed(
        "The role intake answers what is the customer's turn, with "
        f"{', '.join(sorted(OF_THE_CUSTOMER))}; this is for the role operations."
    )


def _is_meant(attention: Attention, body: Decided) -> bool:
    return attention.allows(body.decision) and body.about in {None, attention.code}


def add_decisions(app: FastAPI, ports: ApiPorts) -> None:
    @app.post("/orders/{order_id}/decisions", responses=refusals(404, 409, 412, 422))
    async def decide(
        order_id: OrderId,
        body: Decided,
        idempotency_key: IdempotencyKey,
        me: Me,
        if_match: IfMatch = None,
    ) -> Ruled:
        """Answer what waits for a person. Intake answers what is the customer's turn."""
        request = _request(me, body)
        key = own_key(me, idempotency_key)
        order = await existing(ports, order_id, me)
        ids = await _may_be_meant(ports, order, body.line)
        if before := await ports.steering.taken_before(ids, request, key=key):
            return before
        await check_tag(ports, order, if_match)
        line = await line_meant(ports, order, body.line)
        _check_whose_turn(me, line, body)
        ruled = await ports.steering.decide(
            line, request, rio=body.rio, key=key, at=await ports.now()
        )
        return taken(ruled)

    @app.get("/orders/{order_id}/cancellation", responses=refusals(404, 409))
    async def preview_cancellation(
        order_id: OrderId, me: Me, line: Annotated[LineNumber | None, Query()] = None
    ) -> CancellationPreview:
        """What it would take and cost to cancel now; nothing is asked."""
        document = await line_meant(ports, await existing(ports, order_id, me), line)
        found = ports.steering.preview(document, at=await ports.now())
        if found is None:
            raise conflict("line-ended", "It has ended", "There is nothing left to cancel.")
        return found

    @app.post("/orders/{order_id}/cancellations", responses=refusals(404, 409, 412))
    async def cancel(
        order_id: OrderId,
        body: CancellationRequest,
        idempotency_key: IdempotencyKey,
        me: Me,
        if_match: IfMatch = None,
    ) -> Ruled:
        """A request: it takes effect on the fact the contract asks for."""
        key = own_key(me, idempotency_key)
        order = await existing(ports, order_id, me)
        ids = await _may_be_meant(ports, order, body.line)
        if before := await ports.steering.cancelled_before(ids, key=key):
            return before
        await check_tag(ports, order, if_match)
        line = await line_meant(ports, order, body.line)
        if not body.accept_cost:
            raise conflict(
                "cost-not-accepted",
                "The cost comes first",
                f"Read GET /orders/{order_id}/cancellation, then send accept_cost: true.",
            )
        ruled = await ports.steering.cancel(
            line, by=acting(me, body.by), key=key, at=await ports.now()
        )
        return taken(ruled)


def add_holds(app: FastAPI, ports: ApiPorts) -> None:
    @app.post("/orders/{order_id}/holds", responses=refusals(404, 409, 412))
    async def hold(
        order_id: OrderId,
        body: Suspended,
        idempotency_key: IdempotencyKey,
        me: Me,
        if_match: IfMatch = None,
    ) -> Ruled:
        """Suspend the delivery of a site until a day, or take it up again."""
        key = own_key(me, idempotency_key)
        order = await existing(ports, order_id, me)
        await check_tag(ports, order, if_match)
        line = await line_meant(ports, order, body.line)
        request = HoldRequest(by=acting(me, body.by), reason=body.reason, until=body.until)
        return taken(await ports.steering.hold(line, request, key=key, at=await ports.now()))


async def _may_be_meant(ports: ApiPorts, order: OrderDocument, number: int | None) -> list[LineId]:
    """The lines a repeat may have been about: the one that is named, or any."""
    if number is None:
        return [line.line_id for line in order.lines]
    named = await line_numbered(ports, order, number)
    return [] if named is None else [named.line_id]


def own_key(me: Caller, idempotency_key: str) -> str:
    """Two clients may choose the same key, and mean two things."""
    return f"{me.client}/{idempotency_key}"


class Reasoned(Protocol):
    """A body that says why, and who through this caller."""

    @property
    def by(self) -> str | None: ...

    @property
    def reason(self) -> str: ...


async def asked_by(ports: ApiPorts, me: Caller, body: Reasoned, idempotency_key: str) -> Asked:
    return Asked(
        by=acting(me, body.by),
        reason=body.reason,
        key=own_key(me, idempotency_key),
        at=await ports.now(),
    )


def check_given(given: Mapping[str, str]) -> None:
    """BadValueError: a name nothing is known by."""
    try:
        check_names(given)
    except DecisionRefusedError as exc:
        raise BadValueError(str(exc)) from exc


def _request(me: Caller, body: Decided) -> DecisionRequest:
    check_given(body.given)
    return DecisionRequest(
        decision=body.decision,
        reason=body.reason,
        about=body.about,
        by=acting(me, body.by),
        given=body.given,
    )


async def check_tag(ports: ApiPorts, order: OrderDocument, if_match: str | None) -> None:
    if if_match is not None:
        check_unmoved(if_match, await tag_for(ports, order, await lines_of(ports, order)))


def taken(ruled: Ruled) -> Ruled:
    if not ruled.taken:
        raise conflict("decision-refused", "It cannot be decided", f"{ruled.why}.")
    return ruled
