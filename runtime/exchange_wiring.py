"""The exchanges' loops, put together from what is kept and who we are there."""

from collections.abc import Sequence
from datetime import UTC, datetime

from domain.port_rules import PortRules
from domain.territories import ExchangeGroup
from projections.exchange import TRANSFERS, TROUBLES, TransferDocument, TroubleDocument
from runtime.exchange_documents import ExchangeDocuments
from runtime.exchange_in import IncomingFiles
from runtime.exchange_out import OutgoingFiles
from runtime.exchange_reading import SyncReading, TicketReading
from runtime.exchange_troubles import TroubleBook
from runtime.exchange_turns import EarlyTickets, ExchangeOffice
from runtime.projecting import ProjectionRunner
from runtime.settings import Settings
from runtime.store import Store
from runtime.wiring import exchange_account


def trouble_runner(store: Store) -> ProjectionRunner[TroubleDocument]:
    return ProjectionRunner(
        projection=TROUBLES, reader=store.feed, documents=store.documents, keys=store.keys
    )


def transfer_runner(store: Store) -> ProjectionRunner[TransferDocument]:
    return ProjectionRunner(
        projection=TRANSFERS, reader=store.feed, documents=store.documents, keys=store.keys
    )


def exchange_documents(store: Store) -> ExchangeDocuments:
    return ExchangeDocuments(
        ledger=store.ledger,
        trouble_runner=trouble_runner(store),
        transfer_runner=transfer_runner(store),
        outgoing=store.outgoing,
        incoming=store.incoming,
    )


def trouble_book(store: Store, rules: PortRules) -> TroubleBook:
    return TroubleBook(ledger=store.ledger, keyed_hash=store.keyed_hash, rules=rules)


def outgoing_files(store: Store, settings: Settings, rules: PortRules) -> OutgoingFiles:
    return OutgoingFiles(
        outgoing=store.outgoing,
        troubles=trouble_book(store, rules),
        codes=settings.exchange_codes,
    )


def incoming_files(store: Store, settings: Settings, rules: PortRules) -> IncomingFiles:
    troubles = trouble_book(store, rules)
    codes = settings.exchange_codes
    return IncomingFiles(
        incoming=store.incoming,
        reading=TicketReading(
            inbox=store.inbox, tray=store.tray, troubles=troubles, keyed_hash=store.keyed_hash
        ),
        syncs=SyncReading(
            tray=store.tray, troubles=troubles, keyed_hash=store.keyed_hash, codes=codes
        ),
        troubles=troubles,
        outgoing=outgoing_files(store, settings, rules),
        codes=codes,
    )


def exchange_office(
    group: ExchangeGroup, store: Store, settings: Settings, rules: PortRules
) -> ExchangeOffice:
    incoming = incoming_files(store, settings, rules)
    troubles = trouble_runner(store)

    async def still_open() -> Sequence[TroubleDocument]:
        keys = await store.documents.open_keys(TROUBLES.stored_as)
        return tuple((await troubles.load(keys)).values())

    return ExchangeOffice(
        group=group,
        account=exchange_account(settings),
        outgoing=incoming.outgoing,
        incoming=incoming,
        early=EarlyTickets(files=incoming, still_open=still_open),
        clocks=store.clock,
        rules=rules,
        wall_now=lambda: datetime.now(UTC),
    )
