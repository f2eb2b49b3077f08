"""Everything that is kept, opened: the adapters of one database behind one pool."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from adapters.keys.secrets import Ed25519Signer, HmacHash, KeyWrapper
from adapters.postgres.attachments import PostgresAttachments
from adapters.postgres.bookmarks import PostgresBookmarks
from adapters.postgres.briefs import PostgresBriefs
from adapters.postgres.clock import PostgresClock
from adapters.postgres.documents import PostgresDocuments
from adapters.postgres.errors import translated
from adapters.postgres.exchange_received import PostgresIncoming
from adapters.postgres.exchange_sent import PostgresOutgoing, PostgresTray
from adapters.postgres.ledger import PostgresLedger, PostgresReader
from adapters.postgres.orders import PostgresOrders
from adapters.postgres.pool import Pool, open_pool
from adapters.postgres.publications import PostgresPublications
from adapters.postgres.queues import PostgresInbox, PostgresOutbox
from adapters.postgres.schema import check_keys, check_rights, check_schema
from adapters.postgres.seals import PostgresSeals
from adapters.postgres.subject_keys import PostgresSubjectKeys
from adapters.postgres.subscriptions import PostgresSubscriptions
from adapters.postgres.uses import PostgresUses
from domain.clock import Technical
from ledger.catalogue import EVENTS
from ledger.codec import EventCodec
from ledger.one_reader import OneReader
from ledger.subscription import EventReader
from runtime.errors import BadInputError
from runtime.keys import Keys
from runtime.settings import Settings

REMEMBERED = Technical(timedelta(seconds=1))
"""How soon a rebuild is noticed by a follower that has nothing to read."""


@dataclass(frozen=True, kw_only=True)
class Store:
    """Everything that is kept, behind one pool."""

    pool: Pool
    ledger: PostgresLedger
    reader: PostgresReader
    feed: EventReader
    """What followers read: the reader, or the one of a whole process."""
    codec: EventCodec
    keys: PostgresSubjectKeys
    outbox: PostgresOutbox
    inbox: PostgresInbox
    tray: PostgresTray
    outgoing: PostgresOutgoing
    incoming: PostgresIncoming
    documents: PostgresDocuments
    briefs: PostgresBriefs
    attachments: PostgresAttachments
    orders: PostgresOrders
    uses: PostgresUses
    publications: PostgresPublications
    subscriptions: PostgresSubscriptions
    clock: PostgresClock
    seals: PostgresSeals
    keyed_hash: HmacHash
    signer: Ed25519Signer


def build_store(pool: Pool, keys: Keys) -> Store:
    subject_keys = PostgresSubjectKeys(pool=pool, wrapper=KeyWrapper(keys.master))
    keyed_hash = HmacHash(keys.master)
    codec = EventCodec(catalogue=EVENTS, keys=subject_keys, keyed_hash=keyed_hash)
    reader = PostgresReader(pool=pool, codec=codec)
    bookmarks = PostgresBookmarks(pool)
    return Store(
        pool=pool,
        ledger=PostgresLedger(pool=pool, codec=codec),
        reader=reader,
        feed=reader,
        codec=codec,
        keys=subject_keys,
        outbox=PostgresOutbox(pool),
        inbox=PostgresInbox(pool=pool, keys=subject_keys, keyed_hash=keyed_hash),
        tray=PostgresTray(pool=pool, keys=subject_keys),
        outgoing=PostgresOutgoing(pool=pool, keys=subject_keys),
        incoming=PostgresIncoming(pool=pool, keys=subject_keys, keyed_hash=keyed_hash),
        documents=PostgresDocuments(pool, bookmarks),
        briefs=PostgresBriefs(pool),
        attachments=PostgresAttachments(pool=pool, keys=subject_keys),
        orders=PostgresOrders(pool),
        uses=PostgresUses(pool),
        publications=PostgresPublications(pool, bookmarks),
        subscriptions=PostgresSubscriptions(pool=pool, keys=subject_keys),
        clock=PostgresClock(pool),
        seals=PostgresSeals(pool),
        keyed_hash=keyed_hash,
        signer=Ed25519Signer(keys.seal),
    )


def followed(store: Store, *, now: Callable[[], float] = time.monotonic) -> Store:
    """For the many followers of one process: one reader for all, bookmarks that are remembered."""
    bookmarks = PostgresBookmarks(store.pool, patience=REMEMBERED, now=now)
    return replace(
        store,
        feed=OneReader(stored=store.reader, codec=store.codec, now=now),
        documents=PostgresDocuments(store.pool, bookmarks),
        publications=PostgresPublications(store.pool, bookmarks),
    )


def _key_traces(store: Store) -> dict[str, bytes]:
    """What tells one key from another without giving it away."""
    return {
        "RACCORD_MASTER_KEY": store.keyed_hash.digest(purpose="key-check", content=b""),
        "RACCORD_SEAL_KEY": store.signer.key_id.encode(),
    }


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[Store]:
    """The store of a database whose schema is exactly ours; SchemaError says why it is not."""
    if settings.database_url is None:
        raise BadInputError(
            "DATABASE_URL is not set: a process run by hand needs it; 'raccord up' gives it to "
            "its own"
        )
    url = settings.database_url.get_secret_value()
    async with open_pool(url, size=settings.pool_size) as pool:
        with translated():
            async with pool.acquire() as connection:
                await check_schema(connection)
                await check_rights(connection)
                store = build_store(pool, Keys.of(settings))
                await check_keys(connection, _key_traces(store))
        yield store
