"""Who may call: a client, what it may do, whose orders it sees, and the keys it proves itself with.

A key is known here by its id and by a keyed hash; the key itself is shown once and kept nowhere.
The instants of keys are wall time: a key ends on the day its holder was told, whatever the clock of
the orders says.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, assert_never

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.clock import Technical
from domain.event import Command, Event

# errors


class ClientRefusedError(Exception):
    """The command does not fit where the client stands; the message says what to do."""


# values

NAME = r"^[a-z][a-z0-9-]{1,39}$"
ClientName = Annotated[str, Field(pattern=NAME)]
KEYS_MAX = 5
"""Live keys of one client: two are needed to rotate. A default of ours."""
ROTATION = Technical(timedelta(hours=24))
"""How long the old keys still open once a new one is out. A default of ours."""


class Role(StrEnum):
    """What a client or a person is there for."""

    INTAKE = "intake"
    """Brings orders in, changes and follows them."""
    OPERATIONS = "operations"
    """Runs orders: decides what waits for a person."""
    FINANCE = "finance"
    """Reads what was delivered and what it costs."""
    AUDIT = "audit"
    """Reads everything, changes nothing."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Rights(_Value):
    """What a client may do."""

    roles: frozenset[Role] = Field(min_length=1)
    own_orders_only: bool = False
    """A partner sees the orders it brought in and no others."""
    per_minute: int = Field(default=600, ge=1, le=100_000)


class Key(_Value):
    key_id: str
    digest: str
    issued_at: AwareDatetime
    ends_at: AwareDatetime | None

    def opens_at(self, wall: datetime) -> bool:
        return self.ends_at is None or wall < self.ends_at


# commands


class RegisterClient(Command):
    name: ClientName
    rights: Rights


class ChangeRights(Command):
    rights: Rights


class IssueKey(Command):
    """A new key; those there are end after a while, so that nobody is locked out meanwhile."""

    key_id: str
    digest: str
    wall: AwareDatetime
    ends_at: AwareDatetime | None
    others_end_at: AwareDatetime


class RevokeKey(Command):
    """At once: a key that was lost, or every key when none is named."""

    key_id: str | None
    reason: str


ClientCommand = RegisterClient | ChangeRights | IssueKey | RevokeKey

# events


class ClientRegistered(Event):
    name: str
    rights: Rights


class ClientRightsChanged(Event):
    rights: Rights


class ClientKeyIssued(Event):
    key: Key
    others_end_at: AwareDatetime


class ClientKeyRevoked(Event):
    key_id: str
    reason: str


ClientEvent = ClientRegistered | ClientRightsChanged | ClientKeyIssued | ClientKeyRevoked

# state


class Unregistered(_Value):
    """No fact yet."""


class Client(_Value):
    name: str
    rights: Rights
    keys: tuple[Key, ...] = ()

    def live_keys(self, wall: datetime) -> tuple[Key, ...]:
        return tuple(key for key in self.keys if key.opens_at(wall))


ClientState = Unregistered | Client

# decide


def decide(command: ClientCommand, state: ClientState) -> tuple[ClientEvent, ...]:
    if isinstance(command, RegisterClient):
        return _registered(command, state)
    if not isinstance(state, Client):
        raise ClientRefusedError(
            "there is no such client: register it first with 'raccord client add'"
        )
    match command:
        case ChangeRights(rights=rights):
            return () if rights == state.rights else (ClientRightsChanged(rights=rights),)
        case IssueKey():
            return (_issued(command, state),)
        case RevokeKey():
            return _revoked(command, state)
        case _:
            assert_never(command)


def _registered(command: RegisterClient, state: ClientState) -> tuple[ClientEvent, ...]:
    if isinstance(state, Client):
        raise ClientRefusedError(
            f"{command.name} is registered already: change its rights with 'raccord client "
            "change', or give it a new key with 'raccord client rotate'"
        )
    return (ClientRegistered(name=command.name, rights=command.rights),)


def _issued(command: IssueKey, state: Client) -> ClientKeyIssued:
    if len(state.live_keys(command.wall)) >= KEYS_MAX:
        raise ClientRefusedError(
            f"{state.name} has {KEYS_MAX} keys that open: revoke one first with 'raccord client "
            "revoke'"
        )
    key = Key(
        key_id=command.key_id,
        digest=command.digest,
        issued_at=command.wall,
        ends_at=command.ends_at,
    )
    return ClientKeyIssued(key=key, others_end_at=command.others_end_at)


def _revoked(command: RevokeKey, state: Client) -> tuple[ClientEvent, ...]:
    meant = [key for key in state.keys if command.key_id in {None, key.key_id}]
    if not meant:
        known = ", ".join(key.key_id for key in state.keys) or "none"
        raise ClientRefusedError(f"{state.name} has no such key; it has {known}")
    return tuple(ClientKeyRevoked(key_id=key.key_id, reason=command.reason) for key in meant)


# evolve


def evolve(state: ClientState, event: ClientEvent) -> ClientState:
    if isinstance(event, ClientRegistered):
        return Client(name=event.name, rights=event.rights)
    if isinstance(state, Unregistered):
        return state
    match event:
        case ClientRightsChanged(rights=rights):
            return state.model_copy(update={"rights": rights})
        case ClientKeyIssued(key=key, others_end_at=ends_at):
            others = tuple(_ending(other, ends_at) for other in state.keys)
            return state.model_copy(update={"keys": (*others, key)})
        case ClientKeyRevoked(key_id=revoked):
            kept = tuple(key for key in state.keys if key.key_id != revoked)
            return state.model_copy(update={"keys": kept})
        case _:
            assert_never(event)


def _ending(key: Key, at: datetime) -> Key:
    ends_at = at if key.ends_at is None else min(key.ends_at, at)
    return key.model_copy(update={"ends_at": ends_at})


def fold(events: Iterable[Event]) -> ClientState:
    """Where the facts of a client's stream lead."""
    state: ClientState = Unregistered()
    for event in events:
        if isinstance(event, ClientEvent):
            state = evolve(state, event)
    return state
