"""Many lines answered at once through HTTP: shown first, then done, each with its own result."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Self
from uuid import UUID

from fastapi import FastAPI, Query, Response, status
from pydantic import BaseModel, ConfigDict, Field, model_validator

from domain.attention import DecisionKind, Turn
from domain.bulks import BulkAction, BulkAsked, BulkLine, LineAnswered
from domain.callers import Caller
from domain.clients import Role
from domain.identity import CommandId, LineId, OrderId
from domain.port_in_facts import HostNetwork
from domain.said import Said
from intake.api import ApiPorts, IdempotencyKey, conflict, existing, unknown
from intake.bulk import (
    Begin,
    LineForeseen,
    Standing,
    foreseen,
    foreseen_by_brief,
    token_of,
)
from intake.decisions_api import (
    OF_THE_CUSTOMER,
    WholeLine,
    acting,
    check_given,
    operations_only,
    own_key,
)
from intake.guard import Me
from intake.lists_api import mine_of
from intake.openapi import refusals, repeated
from intake.order_lines import briefs_of_order
from intake.paging import PAGE, CursorText, Limit, cursor_after, place_of
from intake.requests import LINES_MAX, Day, LongText, ShortText, YesOrNo
from ledger.append import CommandReusedError
from projections.lines import LineBrief

_SLICE = 100
"""Documents read at once."""


class BulkSelection(BaseModel):
    """Which lines, and what is asked of each of them."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "examples": [{"action": "decide", "about": "fleet", "decision": "agree"}]
        },
    )

    action: BulkAction
    order_id: OrderId | None = Field(
        default=None, description="Of one order; of all of them when not given."
    )
    lines: tuple[WholeLine, ...] = Field(
        default=(), max_length=LINES_MAX, description="By their place in the order."
    )
    about: ShortText | None = Field(default=None, description="The question that is answered.")
    detail: ShortText | None = Field(
        default=None, description="The code it turns on, such as R123, exactly."
    )
    host: HostNetwork | None = None
    provider: ShortText | None = None
    decision: DecisionKind | None = Field(default=None, description="To decide.")
    given: Mapping[str, ShortText] = Field(default={}, description="day, until, turn, gate…")
    day: Day | None = Field(default=None, description="To move: the port day.")
    reason: LongText = Field(default="", description="Not personal data.")
    by: ShortText | None = Field(default=None, description="Who decides, through this caller.")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.action is BulkAction.DECIDE and not (self.about and self.decision):
            raise ValueError("To decide, give about and decision.")
        if self.action is not BulkAction.DECIDE and self.order_id is None:
            raise ValueError("To cancel or to move, give order_id.")
        if self.action is BulkAction.MOVE and self.day is None:
            raise ValueError("To move, give day.")
        if self.lines and self.order_id is None:
            raise ValueError("Lines are named by their place in an order: give order_id.")
        return self


class BulkRequest(BulkSelection):
    token: ShortText = Field(description="That of the preview: only what it showed is done.")
    accept_cost: YesOrNo = Field(
        default=False, description="To cancel: what it costs has been read."
    )


class LineForeseenView(BaseModel):
    order_id: OrderId
    line: int | None
    line_id: LineId
    stage: str
    possible: bool
    why_not: str | None
    port_day: date | None
    cost: tuple[Said, ...]
    """Where cancelling it costs something else than `cost` of the whole says."""


class BulkPreview(BaseModel):
    """Exactly which lines; those that are not possible are left alone."""

    token: str
    possible: int
    left_alone: int
    cost: tuple[Said, ...]
    """Of each line that is possible, unless its own says otherwise."""
    lines: tuple[LineForeseenView, ...]


class BulkAccepted(BaseModel):
    bulk_id: UUID
    lines: int
    repeated: bool


class LineAnsweredView(BaseModel):
    order_id: OrderId
    line: int | None
    line_id: LineId
    taken: bool | None
    """None while the line has not answered."""
    why: str | None


class BulkView(BaseModel):
    bulk_id: UUID
    action: BulkAction
    by: str
    lines: int
    answered: int
    taken: int
    results: tuple[LineAnsweredView, ...]
    next: str | None


def add_bulk(app: FastAPI, ports: ApiPorts) -> None:
    @app.post("/bulk-previews", responses=refusals(404, 409, 422))
    async def preview_bulk(body: BulkSelection, me: Me) -> BulkPreview:
        """Which lines it would be about, and what would become of each; nothing is asked."""
        asked = _asked(me, body)
        found = await _foreseen(ports, me, body, asked)
        lines = _possible(found)
        cost = next((one.cost for one in found if one.why_not is None), ())
        return BulkPreview(
            token=token_of(asked, lines),
            possible=len(lines),
            left_alone=len(found) - len(lines),
            cost=cost,
            lines=tuple(_foreseen_view(one, cost) for one in found),
        )

    @app.post(
        "/bulks",
        status_code=status.HTTP_202_ACCEPTED,
        responses=repeated(BulkAccepted) | refusals(404, 409, 422),
    )
    async def begin_bulk(
        body: BulkRequest, idempotency_key: IdempotencyKey, me: Me, response: Response
    ) -> BulkAccepted:
        """Done line by line, and told under GET /bulks; only what its preview showed."""
        key = own_key(me, idempotency_key)
        asked = _asked(me, body)
        before = await ports.bulks.begun_before(client=me.client, key=key)
        if before is not None:
            if (before.asked, before.token) != (asked, body.token):
                raise CommandReusedError(CommandId(before.bulk_id))
            response.status_code = status.HTTP_200_OK
            return BulkAccepted(bulk_id=before.bulk_id, lines=before.lines, repeated=True)
        lines = _possible(await _foreseen(ports, me, body, asked))
        _check_shown(body, asked, lines)
        begun = await ports.bulks.begin(
            Begin(
                asked=asked,
                lines=tuple(lines),
                client=me.client,
                actor=acting(me, body.by),
                key=key,
                at=await ports.now(),
            )
        )
        return BulkAccepted(bulk_id=begun.bulk_id, lines=begun.lines, repeated=False)

    @app.get("/bulks/{bulk_id}", responses=refusals(404))
    async def bulk(
        bulk_id: UUID,
        me: Me,
        *,
        refused: Annotated[bool, Query(description="Only lines that said no.")] = False,
        cursor: CursorText = None,
        limit: Limit = PAGE,
    ) -> BulkView:
        """How far it is, and what each line said."""
        standing = await ports.bulks.standing(bulk_id)
        if standing is None or not me.sees(standing.bulk.client):
            raise unknown("bulk-unknown", "No such bulk", f"There is no bulk {bulk_id}.")
        return _view(standing, refused=refused, cursor=cursor, limit=limit)


def _asked(me: Caller, body: BulkSelection) -> BulkAsked:
    check_given(body.given)
    return BulkAsked(
        action=body.action,
        by=acting(me, body.by),
        decision=body.decision,
        about=body.about,
        detail=body.detail,
        reason=body.reason,
        given=body.given,
        day=body.day,
    )


async def _foreseen(
    ports: ApiPorts, me: Caller, body: BulkSelection, asked: BulkAsked
) -> list[LineForeseen]:
    briefs = await _selected(ports, me, body)
    if body.action is BulkAction.DECIDE:
        _check_whose_turn(me, body, briefs)
        return [foreseen_by_brief(brief, asked) for brief in briefs]
    at, rules = await ports.now(), ports.steering.rules
    found: list[LineForeseen] = []
    for start in range(0, len(briefs), _SLICE):
        some = [brief.line_id for brief in briefs[start : start + _SLICE]]
        documents = await ports.lines.many(some)
        known = [documents[line_id] for line_id in some if line_id in documents]
        found += await asyncio.to_thread(
            lambda some: [foreseen(one, asked, rules=rules, at=at) for one in some], known
        )
    return found


async def _selected(ports: ApiPorts, me: Caller, body: BulkSelection) -> list[LineBrief]:
    """In the order they have in their orders; of one that is named, an unknown line is said."""
    if body.order_id is None:
        briefs = await mine_of(ports, me, await ports.lines.waiting())
    else:
        order = await existing(ports, body.order_id, me)
        briefs = await briefs_of_order(ports, order)
        known = {brief.number for brief in briefs}
        if missing := [line for line in body.lines if line not in known]:
            raise conflict(
                "line-unknown",
                "No such line",
                f"The order has no line {missing[0]}; it has {order.line_count}.",
            )
    places = frozenset(body.lines)
    found = [brief for brief in briefs if _is_meant(brief, body, places)]
    return sorted(found, key=lambda brief: (str(brief.order_id), brief.number or 0))


def _is_meant(brief: LineBrief, body: BulkSelection, places: frozenset[int]) -> bool:
    if places and brief.number not in places:
        return False
    if body.host not in {None, brief.host} or body.provider not in {None, brief.provider}:
        return False
    if body.about is None:
        return bool(places) or brief.open
    causes = [cause for cause in brief.causes if cause.code == body.about]
    return any(body.detail in {None, cause.detail} for cause in causes) or bool(places)


def _check_whose_turn(me: Caller, body: BulkSelection, briefs: Sequence[LineBrief]) -> None:
    """Intake answers for its customers, as it does for one line."""
    turns = {c.turn for brief in briefs for c in brief.causes if c.code == body.about}
    of_the_customer = turns <= {Turn.CUSTOMER} and body.decision in OF_THE_CUSTOMER
    if not (me.has(Role.OPERATIONS) or of_the_customer):
        raise operations_only()


def _check_shown(body: BulkRequest, asked: BulkAsked, lines: Sequence[BulkLine]) -> None:
    if token_of(asked, lines) != body.token:
        raise conflict(
            "preview-moved",
            "The lines have moved",
            f"It would be about {len(lines)} lines now, or is not what was previewed: "
            "POST /bulk-previews again, read it, and send its token.",
        )
    if not lines:
        raise conflict("nothing-possible", "Nothing to do", "No line can be answered so now.")
    if body.action is BulkAction.CANCEL and not body.accept_cost:
        raise conflict(
            "cost-not-accepted",
            "The cost comes first",
            "Read cost in the preview, then send accept_cost: true.",
        )


def _possible(found: Sequence[LineForeseen]) -> list[BulkLine]:
    return [one.line for one in found if one.why_not is None]


def _foreseen_view(one: LineForeseen, cost: tuple[Said, ...]) -> LineForeseenView:
    another = one.why_not is None and one.cost != cost
    return LineForeseenView(
        order_id=one.line.order_id,
        line=one.line.line,
        line_id=one.line.line_id,
        stage=one.stage,
        possible=one.why_not is None,
        why_not=one.why_not,
        port_day=one.port_day,
        cost=one.cost if another else (),
    )


def _view(standing: Standing, *, refused: bool, cursor: str | None, limit: int) -> BulkView:
    said = [one for _, one in standing.answers if one is not None]
    place = place_of(cursor, (int,))
    after = 0 if place is None else int(place[0])
    shown = [
        (place, line, answer)
        for place, (line, answer) in enumerate(standing.answers, start=1)
        if place > after and not (refused and (answer is None or answer.taken))
    ]
    page = shown[:limit]
    bulk = standing.bulk
    return BulkView(
        bulk_id=bulk.bulk_id,
        action=bulk.asked.action,
        by=bulk.asked.by,
        lines=bulk.lines,
        answered=len(said),
        taken=sum(one.taken for one in said),
        results=tuple(_answered_view(line, answer) for _, line, answer in page),
        next=cursor_after((page[-1][0],)) if len(shown) > limit else None,
    )


def _answered_view(line: BulkLine, answer: LineAnswered | None) -> LineAnsweredView:
    return LineAnsweredView(
        order_id=line.order_id,
        line=line.line,
        line_id=line.line_id,
        taken=None if answer is None else answer.taken,
        why=None if answer is None else answer.why,
    )
