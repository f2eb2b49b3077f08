"""The one place where adapters meet activities. Nothing imports it but processes."""

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from activities.walking_order import WalkingOrderActivities
from runtime.errors import BadInputError
from runtime.settings import Settings
from runtime.store import Store


def walking_order_activities(store: Store) -> WalkingOrderActivities:
    return WalkingOrderActivities(
        ledger=store.ledger, inbox=store.inbox, keyed_hash=store.keyed_hash
    )


async def connect_temporal(settings: Settings, *, lazy: bool) -> Client:
    if settings.temporal_address is None:
        raise BadInputError(
            "TEMPORAL_ADDRESS is not set: a process run by hand needs it; 'raccord up' gives it to "
            "its own"
        )
    return await Client.connect(
        settings.temporal_address,
        namespace=settings.temporal_namespace,
        data_converter=pydantic_data_converter,
        lazy=lazy,
    )
