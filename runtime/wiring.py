"""The one place where adapters meet activities. Nothing imports it but processes."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from activities.lines import LineLedger
from activities.new_numbers import NewNumberActivities
from activities.operators import OperatorActivities
from activities.orders import OrderActivities
from activities.port_in import PortInActivities
from activities.port_in_messages import PortInMessages
from activities.port_in_people import PortInPeople
from adapters.exchange_stand_in.gateway import ExchangeStandIn, read_answer
from adapters.orange.door import OrangeDoor
from adapters.orange.gateway import OrangeGateway, http_session, read_notification
from adapters.orange.messages import Token
from domain.operators import Reader
from domain.port_in_facts import HostNetwork
from runtime.errors import BadInputError
from runtime.rules import port_rules
from runtime.settings import Settings
from runtime.store import Store
from workflows.identity import EXCHANGE

READERS: dict[str, Reader] = {HostNetwork.ORANGE: read_notification, EXCHANGE: read_answer}


@dataclass(frozen=True, kw_only=True)
class Operators:
    """Every operator there is an interface with, behind one session."""

    orange: OrangeGateway
    exchange: ExchangeStandIn


def orange_token(settings: Settings) -> Token:
    if settings.orange_url is None or settings.orange_password is None:
        raise BadInputError(
            "RACCORD_ORANGE_URL and RACCORD_ORANGE_PASSWORD are not set: a process run by hand "
            "needs them; 'raccord up' gives them to its own"
        )
    return Token(
        username=settings.orange_user, password=settings.orange_password.get_secret_value()
    )


def orange_door(settings: Settings) -> OrangeDoor:
    return OrangeDoor(token=orange_token(settings))


@asynccontextmanager
async def opened_operators(settings: Settings) -> AsyncIterator[Operators]:
    token = orange_token(settings)
    if settings.exchange_url is None or settings.exchange_token is None:
        raise BadInputError(
            "RACCORD_EXCHANGE_URL and RACCORD_EXCHANGE_TOKEN are not set: a process run by hand "
            "needs them; 'raccord up' gives them to its own"
        )
    async with http_session() as session:
        yield Operators(
            orange=OrangeGateway(session=session, url=str(settings.orange_url), token=token),
            exchange=ExchangeStandIn(
                session=session,
                url=settings.exchange_url,
                token=settings.exchange_token.get_secret_value(),
            ),
        )


def line_ledger(store: Store) -> LineLedger:
    return LineLedger(ledger=store.ledger, keyed_hash=store.keyed_hash)


def ledger_verbs(store: Store, settings: Settings) -> list[Callable[..., Any]]:
    """Commands to the ledger: local activities of the processes."""
    lines, rules = line_ledger(store), port_rules(settings)
    return [
        *verbs_of(OrderActivities(ledger=store.ledger, keyed_hash=store.keyed_hash)),
        *verbs_of(PortInActivities(lines=lines, rules=rules)),
        *verbs_of(PortInMessages(lines=lines, rules=rules, inbox=store.inbox, readers=READERS)),
        *verbs_of(PortInPeople(lines=lines, rules=rules)),
        *verbs_of(
            NewNumberActivities(lines=lines, rules=rules, inbox=store.inbox, readers=READERS)
        ),
    ]


def operator_verbs(store: Store, operators: Operators) -> list[Callable[..., Any]]:
    return verbs_of(
        OperatorActivities(
            lines=line_ledger(store),
            hosts={HostNetwork.ORANGE: operators.orange},
            exchange=operators.exchange,
            inbox=store.inbox,
        )
    )


def verbs_of(holder: object) -> list[Callable[..., Any]]:
    """What is marked as an activity on it, bound: a verb that is written is registered."""
    named = (getattr(holder, name) for name in dir(type(holder)) if not name.startswith("_"))
    return [method for method in named if hasattr(method, "__temporal_activity_definition")]


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
