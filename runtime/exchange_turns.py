"""One loop for each exchange: make the session's files, put them down, take what lies there."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from adapters.pnm.checks import UNKNOWN_REQUEST
from adapters.pnm.files import FileFaultError, NumberedLine, read_file
from adapters.pnm.gateway import transfer_digest
from adapters.pnm.mailbox import Account, ExchangeSilentError, Mailbox, connected
from adapters.pnm.names import parse_name
from adapters.pnm.tickets import TicketFaultError, read_ticket
from domain.clock import BusinessClock, Technical
from domain.exchange_sessions import Patience
from domain.exchange_troubles import Trouble, TroubleKind
from domain.port_rules import PortRules
from domain.ports import Clocks
from domain.said import Said
from domain.territories import ExchangeGroup
from projections.exchange import TroubleDocument
from runtime.exchange_in import IncomingFiles
from runtime.exchange_out import Now, OutgoingFiles
from runtime.exchange_reading import Opened
from runtime.exchange_troubles import Finding

GRACE = Technical(timedelta(milliseconds=400))
"""How long, by the wall, those who hand tickets in may take after a session has closed."""

SLACK = Technical(timedelta(seconds=3))
"""How long, by the wall, a session's file may still be made after its end."""

LOOKS = 20
"""Turns after a file was made, or a start, in which early answers are looked for: documents of
troubles come a moment later. A default of ours."""

_KNOWN_NOW = Said(fr="la demande est connue depuis", en="its request has become known since")


def patience_of(clock: BusinessClock) -> Patience:
    return Patience(grace=GRACE.span * clock.scale, slack=SLACK.span * clock.scale)


async def now_of(group: ExchangeGroup, clocks: Clocks, rules: PortRules, wall: datetime) -> Now:
    clock = await clocks.in_force()
    at = clock.business_at(wall)
    return Now(at=at, patience=patience_of(clock), calendar=rules.calendar(group, at.date()))


@dataclass(frozen=True, kw_only=True)
class EarlyTickets:
    """Answers that came before we knew of their request are read again once we do (§ 2.8.4)."""

    files: IncomingFiles
    still_open: Callable[[], Awaitable[Sequence[TroubleDocument]]]

    async def look(self, now: Now) -> int:
        """How many were taken."""
        taken = 0
        for document in await self.still_open():
            trouble = document.trouble
            early = trouble.kind is TroubleKind.TICKET_SET_ASIDE
            if early and trouble.code == UNKNOWN_REQUEST and trouble.group is now.group:
                taken += await self._take(trouble, now)
        return taken

    async def _take(self, trouble: Trouble, now: Now) -> bool:
        incoming, name = self.files.incoming, parse_name(trouble.file)
        file = await incoming.named(trouble.group, trouble.file)
        if file is None or name is None:
            return False
        line = _line_at(trouble, await incoming.content(file.number))
        if line is None or not await self._is_known(line, now.group):
            return False
        opened = Opened(file=replace(file, received_at=now.at), name=name, now=now)
        if not await self.files.reading.read_line(opened, line):
            return False
        found = Finding(
            kind=trouble.kind,
            group=trouble.group,
            file=trouble.file,
            code=trouble.code,
            place=trouble.place,
            since=now.at,
        )
        await self.files.troubles.over(found, _KNOWN_NOW)
        return True

    async def _is_known(self, line: NumberedLine, group: ExchangeGroup) -> bool:
        reading = self.files.reading
        try:
            ticket = read_ticket(line.text)
        except TicketFaultError:
            return False
        digest = transfer_digest(reading.keyed_hash, group, ticket.transfer_id)
        return digest in await reading.tray.owners([digest])


def _line_at(trouble: Trouble, content: bytes) -> NumberedLine | None:
    name = parse_name(trouble.file)
    try:
        lines = () if name is None else read_file(name, content)
    except FileFaultError:
        return None
    return next((line for line in lines if line.place == trouble.place), None)


@dataclass(kw_only=True)
class ExchangeOffice:
    """Everything between two instants of one exchange. A silent server stops no file being made."""

    group: ExchangeGroup
    account: Account
    outgoing: OutgoingFiles
    incoming: IncomingFiles
    early: EarlyTickets
    clocks: Clocks
    rules: PortRules
    wall_now: Callable[[], datetime]
    _connection: AsyncExitStack | None = field(default=None, repr=False)
    _mailbox: Mailbox | None = field(default=None, repr=False)
    _looks: int = LOOKS

    async def turn(self) -> int:
        """How many files were made and put down."""
        now = await now_of(self.group, self.clocks, self.rules, self.wall_now())
        made = await self.outgoing.make(now)
        self._looks = LOOKS if made else self._looks
        try:
            mailbox = await self._reached()
            put = await self.outgoing.deposit(mailbox, now)
            await self.incoming.take_all(mailbox, now)
        except ExchangeSilentError:
            await self.close()
            raise
        finally:
            await self.outgoing.find_unanswered(now)
        if self._looks:
            await self.early.look(now)
            self._looks -= 1
        return made + put

    async def close(self) -> None:
        connection, self._connection, self._mailbox = self._connection, None, None
        if connection is not None:
            await connection.aclose()

    async def _reached(self) -> Mailbox:
        if self._mailbox is None:
            stack = AsyncExitStack()
            sftp = await stack.enter_async_context(connected(self.account))
            self._connection = stack
            self._mailbox = Mailbox(sftp=sftp, root=self.account.root, group=self.group)
        return self._mailbox
