"""Clients and their keys: made, turned over, taken back; and recognised when they call."""

import hmac
import re
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.callers import Caller, CallerUnknownError
from domain.clients import (
    NAME,
    ROTATION,
    ChangeRights,
    Client,
    ClientCommand,
    IssueKey,
    RegisterClient,
    RevokeKey,
    Rights,
    decide,
    fold,
)
from domain.clock import Technical
from domain.identity import client_id, client_stream, step_command
from ledger.append import CommandStamp
from ledger.deciding import Decision, decide_once
from ledger.ports import Ledger
from ledger.sealing import KeyedHash

KEY_MARK = "rcd"
_KEY = re.compile(rf"{KEY_MARK}_({NAME[1:-1]})_([0-9a-f]{{8}})_([0-9a-f]{{48}})")
KNOWN_FOR = Technical(timedelta(seconds=1))
"""How long a client is remembered between two looks at the ledger: a revoked key opens no longer
than that. A default of ours."""
_REMEMBERED_MAX = 1000


@dataclass(frozen=True, kw_only=True)
class Moment:
    """Both times at once: keys live in wall time, facts in business time."""

    wall: datetime
    business: datetime


@dataclass(frozen=True, kw_only=True)
class NewKey:
    """The random parts of a key that is to be made."""

    key_id: str
    secret: str

    def of(self, client: str) -> str:
        return f"{KEY_MARK}_{client}_{self.key_id}_{self.secret}"


@dataclass(frozen=True, kw_only=True)
class Clients:
    """The register of clients, as facts."""

    ledger: Ledger
    keyed_hash: KeyedHash

    async def find(self, name: str) -> Client | None:
        history = await self.ledger.read(client_stream(name))
        state = fold(envelope.event for envelope in history)
        return state if isinstance(state, Client) else None

    async def register(self, name: str, rights: Rights, *, at: Moment, by: str) -> None:
        """ClientRefusedError when there is one of that name."""
        command = RegisterClient(decided_at=at.business, name=name, rights=rights)
        await self._decide(name, command, step=f"register/{at.wall.isoformat()}", by=by)

    async def change(self, name: str, rights: Rights, *, at: Moment, by: str) -> None:
        command = ChangeRights(decided_at=at.business, rights=rights)
        await self._decide(name, command, step=f"rights/{at.wall.isoformat()}", by=by)

    async def issue(
        self,
        name: str,
        new: NewKey,
        *,
        at: Moment,
        by: str,
        overlap: timedelta = ROTATION.span,
    ) -> str:
        """The key itself, shown this once; the others go on for the overlap."""
        text = new.of(name)
        command = IssueKey(
            decided_at=at.business,
            key_id=new.key_id,
            digest=self.digest(text),
            wall=at.wall,
            ends_at=None,
            others_end_at=at.wall + overlap,
        )
        await self._decide(name, command, step=f"key/{new.key_id}", by=by)
        return text

    async def revoke(
        self, name: str, key_id: str | None, *, reason: str, at: Moment, by: str
    ) -> None:
        command = RevokeKey(decided_at=at.business, key_id=key_id, reason=reason)
        await self._decide(name, command, step=f"revoke/{at.wall.isoformat()}", by=by)

    def digest(self, text: str) -> str:
        return self.keyed_hash.digest(purpose="api-key", content=text.encode()).hex()

    async def _decide(self, name: str, command: ClientCommand, *, step: str, by: str) -> None:
        content = command.model_dump_json(exclude={"decided_at"}).encode()
        await decide_once(
            self.ledger,
            Decision(
                stream_id=client_stream(name),
                stamp=CommandStamp(
                    command_id=step_command(client_id(name), step=step),
                    fingerprint=self.keyed_hash.digest(purpose="command", content=content),
                ),
                decide=lambda events: decide(command, fold(events)),
                business_at=command.decided_at,
                actor=by,
                correlation=name,
            ),
        )


@dataclass(kw_only=True)
class KeyRing:
    """Who a key belongs to."""

    clients: Clients
    _known: OrderedDict[str, tuple[datetime, Client]] = field(default_factory=OrderedDict)

    async def holder(self, text: str, *, wall: datetime) -> Caller:
        match = _KEY.fullmatch(text)
        if match is None:
            raise CallerUnknownError(
                "this is not a key: copy the whole of it, from rcd_ on, as it was shown when made"
            )
        name = match[1]
        digest = self.clients.digest(text)
        client = self._remembered(name, wall)
        if client is None or not _opens(client, digest, wall):
            client = await self._looked_up(name, wall)  # a key made a moment ago opens at once
        if client is None or not _opens(client, digest, wall):
            raise CallerUnknownError(
                "this key is unknown, has ended or was revoked: use a current one, or ask for a "
                "new one"
            )
        return Caller(
            name=name,
            client=name,
            roles=client.rights.roles,
            own_orders_only=client.rights.own_orders_only,
            per_minute=client.rights.per_minute,
        )

    def _remembered(self, name: str, wall: datetime) -> Client | None:
        known = self._known.get(name)
        return known[1] if known is not None and wall - known[0] < KNOWN_FOR.span else None

    async def _looked_up(self, name: str, wall: datetime) -> Client | None:
        client = await self.clients.find(name)
        if client is not None:
            self._known[name] = (wall, client)
            self._known.move_to_end(name)
            if len(self._known) > _REMEMBERED_MAX:
                self._known.popitem(last=False)
        return client


def _opens(client: Client, digest: str, wall: datetime) -> bool:
    return any(hmac.compare_digest(key.digest, digest) for key in client.live_keys(wall))
