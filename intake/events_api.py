"""What others are told, to be looked up: the types there are with their schemas, and the events."""

from functools import cache
from typing import Annotated, Any

from fastapi import FastAPI, Query
from pydantic import BaseModel

from domain.identity import OrderId
from intake.api import ApiPorts
from intake.guard import Me
from intake.paging import PAGE, CursorText, Limit, cursor_after, place_of
from projections.publications import CATALOGUE, Publication


class EventTypeView(BaseModel):
    type: str
    version: int
    meaning: str
    data: dict[str, Any]
    """JSON Schema of the event's data."""


class EventTypes(BaseModel):
    types: tuple[EventTypeView, ...]
    envelope: dict[str, Any]
    """JSON Schema of what is around the data, in every event."""


class Events(BaseModel):
    events: tuple[Publication, ...]
    next: str
    """Always there: ask again with it for what has happened since."""


@cache
def event_types() -> EventTypes:
    return EventTypes(
        types=tuple(
            EventTypeView(
                type=kind.TYPE,
                version=kind.VERSION,
                meaning=kind.MEANING,
                data=kind.model_json_schema(),
            )
            for kind in CATALOGUE
        ),
        envelope=Publication.model_json_schema(),
    )


def add_events(app: FastAPI, ports: ApiPorts) -> None:
    types = event_types()

    @app.get("/event-types")
    async def list_event_types(me: Me) -> EventTypes:
        """The catalogue: each type of event, its version, what it means, its schema."""
        del me
        return types

    @app.get("/events")
    async def events(
        me: Me,
        order_id: Annotated[OrderId | None, Query(description="Of one order only.")] = None,
        cursor: CursorText = None,
        limit: Limit = PAGE,
    ) -> Events:
        """The same events as webhooks tell, in the same order, for whoever would rather ask."""
        place = place_of(cursor, (int,))
        after = 0 if place is None else int(place[0])
        rows = await ports.subscriptions.publications.after(
            after,
            client=me.client if me.own_orders_only else None,
            order_id=order_id,
            limit=limit,
        )
        last = int(rows[-1]["number"]) if rows else after
        return Events(
            events=tuple(Publication.model_validate_json(row["body"]) for row in rows),
            next=cursor_after((last,)),
        )
