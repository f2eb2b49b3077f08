"""What a caller can ask about itself: who it is here, and a new key in place of its own."""

from fastapi import FastAPI, status
from pydantic import AwareDatetime, BaseModel

from domain.callers import Caller
from domain.clients import ROTATION, Client, ClientRefusedError, Role
from intake.api import ApiPorts, conflict
from intake.guard import Me
from intake.openapi import refusals


class KeyView(BaseModel):
    key_id: str
    issued_at: AwareDatetime
    ends_at: AwareDatetime | None


class WhoAmI(BaseModel):
    name: str
    client: str
    roles: tuple[Role, ...]
    own_orders_only: bool
    per_minute: int
    keys: tuple[KeyView, ...]


class NewKeyMade(BaseModel):
    """The one time the key is shown."""

    key: str
    others_end_at: AwareDatetime


def who(me: Caller, client: Client | None) -> WhoAmI:
    keys = () if client is None else client.keys
    return WhoAmI(
        name=me.name,
        client=me.client,
        roles=tuple(sorted(me.roles)),
        own_orders_only=me.own_orders_only,
        per_minute=me.per_minute,
        keys=tuple(KeyView.model_validate(key, from_attributes=True) for key in keys),
    )


def add_callers(app: FastAPI, ports: ApiPorts) -> None:
    @app.get("/me")
    async def whoami(me: Me) -> WhoAmI:
        """Who you are here, what you may do, and which keys of yours there are."""
        return who(me, await ports.clients.find(me.client))

    @app.post("/me/keys", status_code=status.HTTP_201_CREATED, responses=refusals(409))
    async def rotate_key(me: Me) -> NewKeyMade:
        """A new key, shown this once; those you have go on for a day."""
        if me.name != me.client:
            raise conflict("no-new-key", "No key can be made", "A token has no key to replace.")
        at = await ports.moment()
        try:
            key = await ports.clients.issue(me.client, ports.new_key(), at=at, by=me.name)
        except ClientRefusedError as exc:
            raise conflict("no-new-key", "No key can be made", f"{exc}.") from exc
        return NewKeyMade(key=key, others_end_at=at.wall + ROTATION.span)
