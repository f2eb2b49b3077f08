"""A house at an exchange, for tests: its store, its loop, and a partner who writes what it likes.

The database and the SFTP server are real; only the instant is the test's own.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid5

from pydantic import SecretStr

from adapters.pnm.files import write_file
from adapters.pnm.gateway import PnmExchange
from adapters.pnm.mapping import stamp
from adapters.pnm.names import FileKind, FileName, parse_name
from adapters.pnm.tickets import PnmTicket, read_ticket, transfer_id, write_ticket
from domain.identity import LineId
from domain.operators import Answer, Ticket
from domain.port_in_facts import Step
from domain.rio import key_of
from domain.territories import ExchangeGroup
from projections.exchange import TroubleDocument
from runtime.exchange_turns import ExchangeOffice
from runtime.exchange_wiring import (
    exchange_documents,
    exchange_office,
    transfer_runner,
    trouble_runner,
)
from runtime.ports import PortWish, choose_ports
from runtime.settings import Settings
from runtime.simulated import HostKey
from runtime.store import Store
from runtime.wiring import exchange_of
from simulators.pnm.mailboxes import Account, Mailboxes, listen
from tests.porting import PARIS, RULES

GPM = ExchangeGroup.GPM
SESSION = datetime(2027, 1, 11, 10, 50, 2, tzinfo=PARIS).astimezone(UTC)
"""A moment after the Monday morning session has closed."""
_LINES = UUID("00000000-0000-5000-8000-0000000000e0")


def later(**span: float) -> datetime:
    return SESSION + timedelta(**span)


@dataclass
class House:
    store: Store
    settings: Settings
    mailboxes: Mailboxes
    member: Account
    now: datetime = SESSION
    office: ExchangeOffice = field(init=False)
    environment: dict[str, str] = field(default_factory=dict)
    """For processes of its own."""
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    """What the exchange has carried away from our folder."""

    def __post_init__(self) -> None:
        self.open_again()

    def open_again(self) -> None:
        """As after a restart: nothing is remembered but what was kept."""
        office = exchange_office(GPM, self.store, self.settings, RULES)
        self.office = replace(office, wall_now=lambda: self.now)

    @property
    def exchange(self) -> PnmExchange:
        return exchange_of(self.store, self.settings)

    async def turn(self, *, at: datetime | None = None) -> None:
        self.now = at or self.now
        await self.office.turn()

    def carried(self) -> list[str]:
        """Everything we have put down since the last look, taken away as the exchange does."""
        names = []
        for _, group, path in self.mailboxes.put_down():
            if group == "gpm":
                names.append(path.name)
                self.taken.append((path.name, path.read_bytes()))
                path.unlink()
        return names

    def content(self, name: str) -> str:
        return next(content for known, content in self.taken if known == name).decode("latin-1")

    def drop(self, name: str, content: bytes) -> None:
        """Something of somebody else's, in our folder."""
        self.mailboxes.write_over(self.member, "gpm", name, content)

    def waiting(self) -> list[str]:
        return self.mailboxes.waiting_for(self.member, "gpm")

    def acknowledge(self, name: str, code: str = "E000") -> None:
        suffix = "ACR" if code == "E000" else "ERR"
        whole = parse_name(name)
        assert whole is not None
        body = f"0000|{whole.recipient}|{whole.emitter}|{whole.stamp}|20270111110000|{code}|000003|"
        self.drop(f"{name}.{suffix}", body.encode())

    async def ask(self, name: str, step: Step = Step.SEND_REQUEST, **changes: object) -> Answer:
        return await self.exchange.hand_in(ticket(name, step, **changes))

    async def troubles(self) -> list[TroubleDocument]:
        while await trouble_runner(self.store).turn():
            pass
        return list(await exchange_documents(self.store).troubles())

    async def codes(self) -> list[tuple[str, str]]:
        """What waits for a person: kind and code."""
        found = await self.troubles()
        return sorted((t.trouble.kind.value, t.trouble.code) for t in found)

    async def transfers(self) -> list[str]:
        while await transfer_runner(self.store).turn():
            pass
        found = await exchange_documents(self.store).transfers()
        return [document.state.stage for document in found if document.state]

    async def heard(self) -> list[tuple[str, str]]:
        """What is in the inbox: the ticket's code, and whom it is about."""
        found = []
        for row in await self.store.inbox.lease(limit=100):
            body = (await self.store.inbox.read(row.number)).body
            code = body.partition('"ticket": "')[2][:4]
            found.append((code, row.correlation))
        return sorted(found)


def number_of(name: str) -> str:
    """A metropolitan mobile number of its own for each name."""
    return f"0612{uuid5(_LINES, name).int % 1_000_000:06d}"


def line_of(name: str) -> LineId:
    return LineId(uuid5(_LINES, f"line {name}"))


def rio_of(number: str) -> str:
    return "02E4AB678" + key_of("02E4AB678", number)


def ticket(name: str, step: Step = Step.SEND_REQUEST, **changes: object) -> Ticket:
    number = number_of(name)
    asked = Ticket(
        step=step,
        key=str(uuid5(_LINES, f"{name} {step}")),
        line_id=line_of(name),
        group=GPM,
        receiver="01",
        donor="02",
        number=number,
        rio=rio_of(number),
        enterprise=True,
        port_day=date(2027, 1, 15),
        session=SESSION - timedelta(minutes=50),
        subscribed_at=SESSION - timedelta(minutes=55),
    )
    return replace(asked, **changes)  # type: ignore[arg-type]  # fields of a ticket


async def asked(house: House, *names: str) -> None:
    """Requests that have left with a session, and were acknowledged."""
    for name in names:
        await house.ask(name)
    await house.turn()
    for name in house.carried():
        house.acknowledge(name)
    await house.turn()


def about(name: str, code: str, *more: str, by: str = "02", to: str = "01") -> str:
    """A ticket of theirs about a transfer of ours, as its line."""
    number = number_of(name)
    subscribed = stamp(ticket(name).subscribed_at, GPM)
    whole = transfer_id(receiver="01", donor="02", subscribed_at=subscribed, msisdn=number)
    return "|".join((code, by, to, "01", "02", subscribed, number, whole, "0001", *more))


def accepts(name: str) -> str:
    return about(name, "1210", "A001", "20270111102000", "", "")


def file(
    *lines: str, sequence: int = 1, by: str = "02", to: str = "01", at: str = "20270111102000"
) -> tuple[str, bytes]:
    """A good file of theirs."""
    name = FileName(kind=FileKind.DATA, emitter=by, recipient=to, stamp=at, sequence=sequence)
    return str(name), write_file(name, lines)


def tickets_in(content: str) -> list[PnmTicket]:
    return [read_ticket(line) for line in content.splitlines()[1:-1]]


def rewritten(line: str, **changes: str) -> str:
    return write_ticket(replace(read_ticket(line), **changes))  # type: ignore[arg-type]  # text


@asynccontextmanager
async def opened_house(
    store: Store, folder: Path, *, codes: tuple[str, ...] = ("01",)
) -> AsyncIterator[House]:
    port = choose_ports((PortWish(name="sftp", setting="sftp", configured=None),), {})["sftp"]
    host_key = HostKey.of(folder / "host_key")
    member = Account("raccord", "exchange", frozenset(codes))
    mailboxes = Mailboxes(root=folder / "exchange")
    mailboxes.add(member)
    settings = Settings(
        exchange_url=f"sftp://raccord@127.0.0.1:{port}",
        exchange_password=SecretStr("exchange"),
        exchange_host_key=host_key.public,
        exchange_codes=frozenset(codes),
    )
    acceptor = await listen(mailboxes, port=port, host_key=host_key.private)
    house = House(store=store, settings=settings, mailboxes=mailboxes, member=member)
    try:
        yield house
    finally:
        await house.office.close()
        acceptor.close()
        await acceptor.wait_closed()
