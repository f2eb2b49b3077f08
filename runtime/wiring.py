"""The one place where adapters meet activities. Nothing imports it but processes."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import aiohttp
from pydantic import SecretStr
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from activities.access import AccessActivities
from activities.access_messages import AccessMessages
from activities.access_people import AccessPeople
from activities.difference_questions import DifferenceQuestions
from activities.differences import DifferenceActivities, DifferenceBook
from activities.indemnities import IndemnityActivities
from activities.lines import LineLedger
from activities.new_numbers import NewNumberActivities
from activities.operators import OperatorActivities
from activities.orders import OrderActivities
from activities.port_in import PortInActivities
from activities.port_in_messages import PortInMessages
from activities.port_in_people import PortInPeople
from activities.reconciling import HostComparison, ReconcileActivities
from activities.reverse_book import ReverseBook
from activities.reverse_ports import HandBackActivities, ReversePortActivities
from adapters.bouygues.door import BouyguesDoor
from adapters.bouygues.gateway import BouyguesGateway, read_webhook
from adapters.bouygues.gateway import http_session as bouygues_session
from adapters.bouygues.signing import Signing
from adapters.orange.door import OrangeDoor
from adapters.orange.gateway import OrangeGateway, read_notification
from adapters.orange.gateway import http_session as orange_session
from adapters.orange.messages import Token
from adapters.pnm.gateway import PnmExchange
from adapters.pnm.mailbox import Account, account_of
from adapters.pnm.mapping import read_kept
from adapters.sfr.client import SfrClient
from adapters.sfr.client import http_session as sfr_session
from adapters.sfr.gateway import SfrGateway, read_change
from adapters.sfr.oauth import Credentials, Tokens
from domain.access_operators import AccessGateway
from domain.copper_closures import Closures
from domain.line_words import LINES, read_line_word
from domain.notice_told import NOTICES, read_word
from domain.operators import Door, Exchange, HostGateway, Reader
from domain.port_in_facts import HostNetwork
from domain.port_rules import PortRules
from domain.rio_prefixes import MOBILE_HOLDERS
from runtime.copper import open_closures
from runtime.errors import BadInputError
from runtime.reconciling import reconcile_documents
from runtime.rules import port_rules
from runtime.settings import Settings
from runtime.store import Store
from workflows.identity import EXCHANGE

READERS: dict[str, Reader] = {
    HostNetwork.ORANGE: read_notification,
    HostNetwork.SFR: read_change,
    HostNetwork.BOUYGUES: read_webhook,
    EXCHANGE: read_kept,
    NOTICES: read_word,
    LINES: read_line_word,
}

GROUPS = tuple(group for group, members in MOBILE_HOLDERS.items() if members)
"""The exchanges whose operators we know."""


@dataclass(frozen=True, kw_only=True)
class Operators:
    """Every operator there is an interface with."""

    hosts: Mapping[HostNetwork, HostGateway]
    exchange: Exchange
    accesses: Mapping[HostNetwork, AccessGateway]
    """Those that have an interface for fixed accesses."""


def _needed(value: SecretStr | str | None, *names: str) -> str:
    if value is None:
        raise BadInputError(
            f"{' and '.join(names)} are not set: a process run by hand needs them; 'raccord up' "
            "gives them to its own"
        )
    return value.get_secret_value() if isinstance(value, SecretStr) else value


def orange_token(settings: Settings) -> Token:
    names = ("RACCORD_ORANGE_URL", "RACCORD_ORANGE_PASSWORD")
    return Token(username=settings.orange_user, password=_needed(settings.orange_password, *names))


def bouygues_signing(settings: Settings) -> Signing:
    names = ("RACCORD_BOUYGUES_URL", "RACCORD_BOUYGUES_SECRET")
    return Signing(
        account=settings.bouygues_client, secret=_needed(settings.bouygues_secret, *names)
    )


def doors_of(settings: Settings) -> Mapping[str, Door]:
    """Where operators that tell by themselves come in."""
    return {
        HostNetwork.ORANGE: OrangeDoor(token=orange_token(settings)),
        HostNetwork.BOUYGUES: BouyguesDoor(signing=bouygues_signing(settings)),
    }


def exchange_account(settings: Settings) -> Account:
    names = ("RACCORD_EXCHANGE_URL", "RACCORD_EXCHANGE_HOST_KEY")
    secret = settings.exchange_password
    return account_of(
        _needed(settings.exchange_url, *names),
        host_key=_needed(settings.exchange_host_key, *names),
        password=secret.get_secret_value() if secret else None,
        key_file=settings.exchange_key_file,
    )


def exchange_of(store: Store, settings: Settings) -> PnmExchange:
    return PnmExchange(tray=store.tray, keyed_hash=store.keyed_hash, codes=settings.exchange_codes)


@asynccontextmanager
async def opened_sfr(settings: Settings) -> AsyncIterator[SfrClient]:
    """One token and one patience for each process that speaks with SFR."""
    names = ("RACCORD_SFR_URL", "RACCORD_SFR_SECRET")
    url, secret = _needed(settings.sfr_url, *names), _needed(settings.sfr_secret, *names)
    credentials = Credentials(client_id=settings.sfr_client, client_secret=secret)
    async with sfr_session() as session:
        tokens = Tokens(session=session, url=url, credentials=credentials)
        yield SfrClient(session=session, url=url, tokens=tokens)


def _at_orange(settings: Settings, session: aiohttp.ClientSession) -> OrangeGateway:
    url = _needed(settings.orange_url, "RACCORD_ORANGE_URL", "RACCORD_ORANGE_PASSWORD")
    return OrangeGateway(session=session, url=url, token=orange_token(settings))


def _at_bouygues(settings: Settings, session: aiohttp.ClientSession) -> BouyguesGateway:
    return BouyguesGateway(
        session=session,
        url=_needed(settings.bouygues_url, "RACCORD_BOUYGUES_URL", "RACCORD_BOUYGUES_SECRET"),
        signing=bouygues_signing(settings),
        wall_now=lambda: datetime.now(UTC),
    )


@asynccontextmanager
async def opened_accesses(
    settings: Settings,
) -> AsyncIterator[Mapping[HostNetwork, AccessGateway]]:
    """Those that are set: a process that can do without one starts without it."""
    async with AsyncExitStack() as stack:
        found: dict[HostNetwork, AccessGateway] = {}
        if settings.orange_url is not None:
            session = await stack.enter_async_context(orange_session())
            found[HostNetwork.ORANGE] = _at_orange(settings, session)
        if settings.sfr_url is not None:
            client = await stack.enter_async_context(opened_sfr(settings))
            found[HostNetwork.SFR] = SfrGateway(client=client)
        if settings.bouygues_url is not None:
            session = await stack.enter_async_context(bouygues_session())
            found[HostNetwork.BOUYGUES] = _at_bouygues(settings, session)
        yield found


@asynccontextmanager
async def opened_operators(store: Store, settings: Settings) -> AsyncIterator[Operators]:
    async with (
        orange_session() as orange,
        bouygues_session() as bouygues,
        opened_sfr(settings) as sfr,
    ):
        at_orange = _at_orange(settings, orange)
        at_sfr = SfrGateway(client=sfr)
        at_bouygues = _at_bouygues(settings, bouygues)
        yield Operators(
            hosts={
                HostNetwork.ORANGE: at_orange,
                HostNetwork.SFR: at_sfr,
                HostNetwork.BOUYGUES: at_bouygues,
            },
            exchange=exchange_of(store, settings),
            accesses={
                HostNetwork.ORANGE: at_orange,
                HostNetwork.SFR: at_sfr,
                HostNetwork.BOUYGUES: at_bouygues,
            },
        )


def line_ledger(store: Store) -> LineLedger:
    return LineLedger(ledger=store.ledger, keyed_hash=store.keyed_hash)


def ledger_verbs(store: Store, settings: Settings) -> list[Callable[..., Any]]:
    """Commands to the ledger: local activities of the processes."""
    lines, rules = line_ledger(store), port_rules(settings)
    closures = closures_of(settings)
    differences = DifferenceBook(lines=lines)
    return [
        *verbs_of(OrderActivities(ledger=store.ledger, keyed_hash=store.keyed_hash)),
        *verbs_of(PortInActivities(lines=lines, rules=rules)),
        *verbs_of(PortInMessages(lines=lines, rules=rules, inbox=store.inbox, readers=READERS)),
        *verbs_of(PortInPeople(lines=lines, rules=rules)),
        *verbs_of(
            NewNumberActivities(lines=lines, rules=rules, inbox=store.inbox, readers=READERS)
        ),
        *verbs_of(AccessActivities(lines=lines, rules=rules, closures=closures)),
        *verbs_of(
            AccessMessages(
                lines=lines, rules=rules, inbox=store.inbox, readers=READERS, closures=closures
            )
        ),
        *verbs_of(access_people(store, rules, settings)),
        *verbs_of(IndemnityActivities(lines=lines, rules=rules)),
        *verbs_of(ReconcileActivities(book=differences, rules=rules)),
        *verbs_of(DifferenceActivities(book=differences, rules=rules)),
        *verbs_of(ReversePortActivities(book=reverse_book(store, rules))),
    ]


def access_people(store: Store, rules: PortRules, settings: Settings) -> AccessPeople:
    return AccessPeople(lines=line_ledger(store), rules=rules, closures=closures_of(settings))


def closures_of(settings: Settings) -> Callable[[], Closures]:
    return lambda: open_closures(settings.copper)


def reverse_book(store: Store, rules: PortRules) -> ReverseBook:
    return ReverseBook(ledger=store.ledger, keyed_hash=store.keyed_hash, rules=rules)


def operator_verbs(
    store: Store, operators: Operators, settings: Settings
) -> list[Callable[..., Any]]:
    lines, books = line_ledger(store), reconcile_documents(store)
    asking = OperatorActivities(
        lines=lines,
        hosts=operators.hosts,
        exchange=operators.exchange,
        inbox=store.inbox,
        accesses=operators.accesses,
        by_hand=settings.accesses_by_hand,
    )
    comparing = HostComparison(lines=lines, hosts=operators.hosts, pages=books, differences=books)
    hand_backs = HandBackActivities(
        book=reverse_book(store, port_rules(settings)), hosts=operators.hosts, inbox=store.inbox
    )
    return [
        *verbs_of(asking),
        *verbs_of(comparing),
        *verbs_of(DifferenceQuestions(lines=lines, hosts=operators.hosts)),
        *verbs_of(hand_backs),
    ]


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
