"""The poller process: the exchanges' sessions, and operators that tell only when they are asked.

One runner of each in a deployment: a session's file is made by one hand.
"""

import asyncio
from datetime import UTC, datetime, timedelta

from adapters.pnm.mailbox import ExchangeSilentError
from adapters.sfr.feed import SfrFeed
from domain.clock import Technical
from domain.operators import FeedSilentError
from domain.port_in_facts import HostNetwork
from runtime.exchange_turns import ExchangeOffice
from runtime.exchange_wiring import exchange_office
from runtime.polling import FeedPoller
from runtime.processes.only import as_the_only_runner
from runtime.processes.process import patient_store
from runtime.readiness import announce_ready
from runtime.rules import port_rules
from runtime.settings import Settings
from runtime.store import Store
from runtime.wiring import GROUPS, opened_sfr

POLL = Technical(timedelta(milliseconds=300))


async def _run_exchange(office: ExchangeOffice, settings: Settings, stop: asyncio.Event) -> None:
    try:
        await as_the_only_runner(
            f"exchange-{office.group.value.lower()}",
            office.turn,
            settings=settings,
            stop=stop,
            idle=POLL,
            survives=(ExchangeSilentError,),
        )
    finally:
        await office.close()


async def _run_sfr(store: Store, settings: Settings, stop: asyncio.Event) -> None:
    async with opened_sfr(settings) as client:
        poller = FeedPoller(
            feed=SfrFeed(client=client),
            inbox=store.inbox,
            clocks=store.clock,
            wall_now=lambda: datetime.now(UTC),
        )
        await as_the_only_runner(
            f"feed-{HostNetwork.SFR}",
            poller.turn,
            settings=settings,
            stop=stop,
            idle=POLL,
            survives=(FeedSilentError,),
        )


async def run_poller(settings: Settings, stop: asyncio.Event) -> None:
    async with patient_store(settings, stop) as store:
        if store is None:
            return
        rules = port_rules(settings)
        offices = [exchange_office(group, store, settings, rules) for group in GROUPS]
        announce_ready()
        async with asyncio.TaskGroup() as group:
            group.create_task(_run_sfr(store, settings, stop))
            for office in offices:
                group.create_task(_run_exchange(office, settings, stop))
