"""What an exchange may have told a house, put into its store without any file."""

from datetime import UTC, datetime
from uuid import UUID

from adapters.pnm.gateway import transfer_uuid
from adapters.pnm.mapping import kept
from adapters.pnm.tickets import read_ticket
from domain.exchange_troubles import TroubleKind
from ledger.messages import IncomingMessage
from runtime.exchange_reading import TRANSFERS
from runtime.exchange_troubles import Finding, TroubleBook
from runtime.exchange_wiring import transfer_runner, trouble_runner
from runtime.store import Store
from runtime.transfers import TransferTaker
from tests.exchange_house import GPM, SESSION, about, number_of, rewritten, rio_of
from tests.porting import RULES


async def trouble_in(
    store: Store, kind: TroubleKind = TroubleKind.UNANSWERED, *, file: str = "PNMDATA.01.02.x.001"
) -> UUID:
    """One that waits for somebody."""
    book = TroubleBook(ledger=store.ledger, keyed_hash=store.keyed_hash, rules=RULES)
    await book.raise_(Finding(kind=kind, group=GPM, file=file, code="E011", since=SESSION))
    await trouble_runner(store).turn()
    documents = await trouble_runner(store).load(
        await store.documents.open_keys(trouble_runner(store).projection.stored_as)
    )
    return next(UUID(key) for key, one in documents.items() if one.trouble.file == file)


def request(name: str) -> str:
    """A request another operator sends us, as its line: 01 asks 02 for a number."""
    number = number_of(name)
    more = (rio_of(number), "20270111095500", "20270115", "", "001", "", "20270111")
    return rewritten(about(name, "1120", *more, by="01", to="02"))


async def told(store: Store, line: str, *, ours: str = "02") -> UUID:
    """A ticket about no line of ours, from the inbox to its transfer."""
    ticket = read_ticket(line)
    transfer_id = transfer_uuid(store.keyed_hash, GPM, ticket, ours=ours)
    await store.inbox.receive(
        IncomingMessage(
            source=TRANSFERS,
            message_key=line,
            correlation=str(transfer_id),
            body=kept(ticket, GPM, ours=ours),
            received_at=SESSION,
        )
    )
    await hand_over(store)
    return transfer_id


async def told_again(store: Store) -> None:
    """What was not settled is due again after a while."""
    await store.pool.execute("UPDATE inbox SET due_at = clock_timestamp()")
    await hand_over(store)


async def hand_over(store: Store) -> None:
    taker = TransferTaker(
        inbox=store.inbox,
        ledger=store.ledger,
        keyed_hash=store.keyed_hash,
        rules=RULES,
        clocks=store.clock,
        wall_now=lambda: datetime.now(UTC),
    )
    for message in await store.inbox.lease(limit=9):
        await taker.take(message)
    await transfer_runner(store).turn()
