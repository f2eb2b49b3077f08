"""Who is told of events, and how each delivery stands: made, paused, sent again, let go."""

from typing import Annotated

from fastapi import FastAPI, Query, Response, status
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from domain.callers import Caller
from domain.identity import SubscriptionId
from domain.subscriptions import Delivery, DeliveryState, Subscription
from intake.api import ApiPorts, IdempotencyKey, conflict, unknown
from intake.guard import Me
from intake.openapi import refusals, repeated
from intake.paging import PAGE, CursorText, Limit, cursor_after, place_of
from intake.requests import Figures, YesOrNo
from intake.subscriptions import URL_MAX, SubscriptionEndedError, Wanted

Number = Annotated[int, Field(ge=1, le=2**53)]
WholeNumber = Annotated[Number, Figures]
TypeName = Annotated[str, StringConstraints(pattern=r"^[a-z-]+(\.[a-z-]+)*$", max_length=60)]


class SubscriptionRequest(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    url: Annotated[str, StringConstraints(min_length=1, max_length=URL_MAX)] = Field(
        description="Where we POST each event, signed.", examples=["https://crm.example.fr/raccord"]
    )
    types: tuple[TypeName, ...] = Field(
        default=(), max_length=50, description="Of GET /event-types; every type when empty."
    )


class SubscriptionMade(BaseModel):
    subscription: Subscription
    secret: str
    """What signatures are checked with; told to a repeat of the request too, and to nobody else."""


class PauseRequest(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    paused: YesOrNo


class ReplayRequest(BaseModel):
    """Which deliveries are sent again; the dead ones when nothing is said."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: WholeNumber | None = Field(default=None, description="This one.")
    since: WholeNumber | None = Field(default=None, description="From this one on, taken or not.")


class Replayed(BaseModel):
    sent_again: int


class SubscriptionList(BaseModel):
    subscriptions: tuple[Subscription, ...]


class Deliveries(BaseModel):
    deliveries: tuple[Delivery, ...]
    next: str | None


class NewSecret(BaseModel):
    secret: str


async def _mine(ports: ApiPorts, me: Caller, subscription_id: SubscriptionId) -> Subscription:
    found = await ports.subscriptions.find(me, subscription_id)
    if found is None:
        raise unknown(
            "subscription-unknown",
            "No such subscription",
            f"There is no subscription {subscription_id}; GET /subscriptions lists yours.",
        )
    return found


def add_subscriptions(app: FastAPI, ports: ApiPorts) -> None:
    @app.post(
        "/subscriptions",
        status_code=status.HTTP_201_CREATED,
        responses=repeated(SubscriptionMade) | refusals(409, 422),
    )
    async def subscribe(
        body: SubscriptionRequest, idempotency_key: IdempotencyKey, me: Me, response: Response
    ) -> SubscriptionMade:
        """From now on each event is sent there; a partner's subscription tells its own orders."""
        wanted = Wanted(url=body.url, types=body.types, key=idempotency_key, wall=ports.wall_now())
        try:
            made = await ports.subscriptions.make(me, wanted)
        except SubscriptionEndedError as exc:
            raise conflict("subscription-ended", "It was ended", f"{exc}.") from exc
        if made.repeated:
            response.status_code = status.HTTP_200_OK
        return SubscriptionMade(subscription=made.subscription, secret=made.secret)

    @app.get("/subscriptions")
    async def subscriptions(me: Me) -> SubscriptionList:
        """Yours; operations sees everybody's."""
        return SubscriptionList(subscriptions=await ports.subscriptions.of(me))

    @app.get("/subscriptions/{subscription_id}", responses=refusals(404))
    async def subscription(subscription_id: SubscriptionId, me: Me) -> Subscription:
        return await _mine(ports, me, subscription_id)

    @app.delete(
        "/subscriptions/{subscription_id}",
        status_code=status.HTTP_204_NO_CONTENT,
        responses=refusals(404),
    )
    async def unsubscribe(subscription_id: SubscriptionId, me: Me) -> Response:
        """Nothing more is sent there, not even what waits."""
        await _mine(ports, me, subscription_id)
        await ports.subscriptions.store.end(subscription_id)
        return Response(status_code=status.HTTP_204_NO_CONTENT)


def add_subscription_moves(app: FastAPI, ports: ApiPorts) -> None:
    @app.post("/subscriptions/{subscription_id}/pause", responses=refusals(404))
    async def pause_subscription(
        subscription_id: SubscriptionId, body: PauseRequest, me: Me
    ) -> Subscription:
        """Keep events back, or let them go again; none is lost meanwhile."""
        await _mine(ports, me, subscription_id)
        await ports.subscriptions.store.pause(subscription_id, paused=body.paused)
        return await _mine(ports, me, subscription_id)

    @app.post("/subscriptions/{subscription_id}/secret", responses=refusals(404, 409))
    async def renew_secret(subscription_id: SubscriptionId, me: Me) -> NewSecret:
        """A new secret; both sign for a day."""
        if (await _mine(ports, me, subscription_id)).client != me.client:
            raise conflict("not-your-secret", "Not yours", "Only its own client may hold a secret.")
        secret = await ports.subscriptions.renew_secret(subscription_id, wall=ports.wall_now())
        if secret is None:
            raise conflict(
                "secret-just-renewed",
                "Two secrets sign already",
                "It was renewed less than a day ago: use that one, or wait until it signs alone.",
            )
        return NewSecret(secret=secret)


def add_deliveries(app: FastAPI, ports: ApiPorts) -> None:
    @app.get("/subscriptions/{subscription_id}/deliveries", responses=refusals(404))
    async def deliveries(
        subscription_id: SubscriptionId,
        me: Me,
        state: Annotated[DeliveryState | None, Query()] = None,
        cursor: CursorText = None,
        limit: Limit = PAGE,
    ) -> Deliveries:
        """How each stands: waiting, done, dead, skipped; what was answered last."""
        await _mine(ports, me, subscription_id)
        place = place_of(cursor, (int,))
        found = await ports.subscriptions.store.deliveries(
            subscription_id,
            state=state,
            after=0 if place is None else int(place[0]),
            limit=limit + 1,
        )
        page = found[:limit]
        following = cursor_after((page[-1].number,)) if len(found) > limit else None
        return Deliveries(deliveries=page, next=following)

    @app.post("/subscriptions/{subscription_id}/replays", responses=refusals(404, 409))
    async def replay(subscription_id: SubscriptionId, body: ReplayRequest, me: Me) -> Replayed:
        """Send again: the dead letters, one delivery, or everything since one of them."""
        await _mine(ports, me, subscription_id)
        if body.number is not None and body.since is not None:
            raise conflict("one-of-both", "Which ones?", "Give number or since, not both.")
        only_dead = body.number is None and body.since is None
        count = await ports.subscriptions.store.send_again(
            subscription_id,
            number=body.number,
            since=body.since,
            state=DeliveryState.DEAD if only_dead else None,
        )
        return Replayed(sent_again=count)

    @app.post(
        "/subscriptions/{subscription_id}/deliveries/{number}/skip", responses=refusals(404, 409)
    )
    async def skip_delivery(
        subscription_id: SubscriptionId, number: Number, me: Me
    ) -> Subscription:
        """Let a delivery go, so that what follows of its order can be sent."""
        mine = await _mine(ports, me, subscription_id)
        if not await ports.subscriptions.store.skip(subscription_id, number):
            raise conflict(
                "nothing-to-skip",
                "It is not held back",
                f"Delivery {number} does not wait and is not dead; see its deliveries.",
            )
        return mine
