"""The client a stack of one's own comes with: the command line beside it needs no key by hand."""

from datetime import UTC, datetime, timedelta

from domain.clients import Rights, Role
from intake.clients import Clients, Moment
from runtime.client_keys import LOCAL, local_key
from runtime.settings import Settings
from runtime.store import Store, open_store

PER_MINUTE = 60_000
"""The demo looks at every order several times a second. A default of ours."""


async def register_local_client(settings: Settings) -> None:
    """Once; a key that was revoked stays revoked."""
    master_key = settings.master_key.get_secret_value() if settings.master_key else ""
    async with open_store(settings) as store:
        clients = Clients(ledger=store.ledger, keyed_hash=store.keyed_hash)
        at = await moment_of(store)
        if await clients.find(LOCAL) is None:
            rights = Rights(roles=frozenset(Role), per_minute=PER_MINUTE)
            await clients.register(LOCAL, rights, at=at, by="raccord up")
            key = local_key(master_key)
            await clients.issue(LOCAL, key, at=at, by="raccord up", overlap=timedelta(0))


async def moment_of(store: Store) -> Moment:
    clock = await store.clock.in_force()
    wall = datetime.now(UTC)
    return Moment(wall=wall, business=clock.business_at(wall))
