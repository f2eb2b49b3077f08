"""The relay process."""

import asyncio
from datetime import UTC, datetime, timedelta

from domain.clock import Technical
from ledger.availability import LedgerUnavailableError
from ledger.messages import START_WALKING_ORDER
from runtime.processes.loop import keep_turning
from runtime.processes.process import patient_store
from runtime.readiness import announce_ready
from runtime.relay import Relay
from runtime.settings import Settings
from runtime.starting import MessageHandOver, OrderStarter
from runtime.store import Store
from runtime.wiring import connect_temporal

IDLE = Technical(timedelta(milliseconds=100))


async def build_relay(settings: Settings, store: Store) -> Relay:
    client = await connect_temporal(settings, lazy=True)
    starter = OrderStarter(client=client, clocks=store.clock)
    hand_over = MessageHandOver(
        client=client,
        ledger=store.ledger,
        keyed_hash=store.keyed_hash,
        clocks=store.clock,
        wall_now=lambda: datetime.now(UTC),
    )
    return Relay(
        outbox=store.outbox,
        inbox=store.inbox,
        verbs={START_WALKING_ORDER: starter.start},
        hand_over=hand_over.hand_over,
    )


async def run_relay(settings: Settings, stop: asyncio.Event) -> None:
    async with patient_store(settings, stop) as store:
        if store is None:
            return
        relay = await build_relay(settings, store)
        announce_ready()
        await keep_turning(
            relay.turn, name="relay", stop=stop, idle=IDLE, survives=(LedgerUnavailableError,)
        )
