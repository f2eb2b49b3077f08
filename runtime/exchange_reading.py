"""Tickets of a file that was taken: each one into the inbox, or set aside alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from adapters.pnm.checks import (
    FOREIGN,
    UNKNOWN_REQUEST,
    Circumstances,
    check_ticket,
)
from adapters.pnm.files import NumberedLine, Ported, read_ported
from adapters.pnm.gateway import number_digest, transfer_digest, transfer_uuid
from adapters.pnm.mapping import TELLS_A_LINE, day, error_about, kept, stamp
from adapters.pnm.names import FileName
from adapters.pnm.tickets import (
    REQUESTS,
    Code,
    PnmTicket,
    TicketFaultError,
    read_ticket,
    write_ticket,
)
from domain.exchange_codes import CodeFamily, CodeOutcome, code_of
from domain.exchange_troubles import TroubleKind
from ledger.exchange_post import NewTicket, ReceivedFile, Tray
from ledger.messages import Inbox, IncomingMessage
from ledger.sealing import KeyedHash
from runtime.exchange_out import Now
from runtime.exchange_troubles import Finding, TroubleBook
from workflows.identity import EXCHANGE

TRANSFERS = "pnm-transfers"
"""Where tickets come from that are about no line of ours."""

REVERSE_PORTS = "pnm-reverse-ports"
"""Where the data come from that take back a number of ours; known by the request we once sent."""

BURST = 5
"""Wrong RIOs in one file before somebody looks at who ordered them. A default of ours."""
_WRONG_RIO = "|R123|"

DIFFERENCES_MAX = 20
"""Lines of one list that are raised one by one; the list itself is kept. A default of ours."""

_SAID_BACK = {CodeFamily.FUNCTION}
"""Faults that are told to whoever sent the ticket; how it is written is told by the whole file."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A file that is being read: what it is called, whose it is, and when it came."""

    file: ReceivedFile
    name: FileName
    now: Now


@dataclass(frozen=True, kw_only=True)
class TicketReading:
    inbox: Inbox
    tray: Tray
    troubles: TroubleBook
    keyed_hash: KeyedHash

    async def read(self, opened: Opened, lines: Sequence[NumberedLine]) -> int:
        """Every line of it, whatever one of them is; how many were set aside."""
        aside = 0
        for line in lines:
            aside += not await self.read_line(opened, line)
        if sum(_WRONG_RIO in line.text for line in lines) >= BURST:
            whole = NumberedLine(place=1, text="")
            found = _finding(TroubleKind.REFUSAL_BURST, opened, whole, "R123")
            await self.troubles.raise_(replace(found, place=None))
        return aside

    async def read_line(self, opened: Opened, line: NumberedLine) -> bool:
        """Whether it was taken. The same line read twice is one message."""
        ticket = None
        try:
            ticket = read_ticket(line.text)
            around = Circumstances(
                file=opened.name, calendar=opened.now.calendar, now=opened.now.at
            )
            check_ticket(ticket, around)
            await self._take(opened, line, ticket)
        except TicketFaultError as exc:
            await self._set_aside(opened, line, ticket, exc)
            return False
        return True

    async def _take(self, opened: Opened, line: NumberedLine, ticket: PnmTicket) -> None:
        group = opened.now.group
        digest = transfer_digest(self.keyed_hash, group, ticket.transfer_id)
        source = TRANSFERS
        correlation = transfer_uuid(self.keyed_hash, group, ticket, ours=opened.name.recipient)
        if _takes_back(ticket, opened):
            owner = (await self.tray.owners([digest])).get(digest)
            if owner is not None:
                source, correlation = REVERSE_PORTS, owner
        elif ticket.code in TELLS_A_LINE:
            owner = (await self.tray.owners([digest])).get(digest)
            if owner is None:
                raise TicketFaultError(UNKNOWN_REQUEST, position=8, why="no request of ours")
            source, correlation = EXCHANGE, owner
            await self._note_error(opened, line, ticket, owner)
        body = kept(ticket, group, ours=opened.name.recipient)
        key = self.keyed_hash.digest(purpose="ticket", content=body.encode())
        await self.inbox.receive(
            IncomingMessage(
                source=source,
                message_key=key.hex(),
                correlation=str(correlation),
                body=body,
                received_at=opened.now.at,
            )
        )

    async def _note_error(
        self, opened: Opened, line: NumberedLine, ticket: PnmTicket, owner: UUID
    ) -> None:
        """A ticket of ours that was not taken: a refused request is its line's own affair."""
        if ticket.code is not Code.ERROR or ticket.more["original"] in REQUESTS:
            return
        if code_of(ticket.more["error"]).outcome is not CodeOutcome.TICKET_KNOWN:
            found = _finding(TroubleKind.TICKET_REFUSED, opened, line, ticket.more["error"])
            await self.troubles.raise_(replace(found, owner=owner))

    async def _set_aside(
        self,
        opened: Opened,
        line: NumberedLine,
        ticket: PnmTicket | None,
        fault: TicketFaultError,
    ) -> None:
        """To a person, and back to its sender where the exchange has a ticket for it."""
        found = _finding(TroubleKind.TICKET_SET_ASIDE, opened, line, fault.code)
        await self.troubles.raise_(found)
        told = code_of(fault.code).family in _SAID_BACK and fault.code != UNKNOWN_REQUEST
        if ticket is None or ticket.code is Code.ERROR or fault.code == FOREIGN or not told:
            return
        if ticket.origin != opened.name.emitter:
            return  # an error to whoever it names would be a foreign ticket in this one's file
        now = opened.now
        error = error_about(
            ticket,
            error=fault.code,
            ours=opened.name.recipient,
            made_at=stamp(now.at, now.group),
        )
        digest = transfer_digest(self.keyed_hash, now.group, ticket.transfer_id)
        await self.tray.put(
            [
                NewTicket(
                    key=f"error/{opened.file.number}/{line.place}",
                    group=now.group,
                    emitter=opened.name.recipient,
                    recipient=opened.name.emitter,
                    due_at=now.at,
                    transfer=digest,
                    owner=transfer_uuid(
                        self.keyed_hash, now.group, ticket, ours=opened.name.recipient
                    ),
                    code=Code.ERROR.value,
                    number=number_digest(self.keyed_hash, ticket.msisdn),
                    body=write_ticket(error),
                )
            ]
        )


@dataclass(frozen=True, kw_only=True)
class SyncReading:
    """The weekly list of another operator, held against our own porting tickets."""

    tray: Tray
    troubles: TroubleBook
    keyed_hash: KeyedHash
    codes: frozenset[str]

    async def read(self, opened: Opened, lines: Sequence[NumberedLine]) -> int:
        """How many lines were no lines of a list; what differs is raised line by line."""
        listed = [(line, read_ported(line.text)) for line in lines]
        digests = [number_digest(self.keyed_hash, ported.msisdn) for _, ported in listed if ported]
        ours = await self.tray.ported(digests)
        aside = told = 0
        for line, ported in listed:
            if ported is None:
                aside += 1
                found = _finding(TroubleKind.TICKET_SET_ASIDE, opened, line, "E204")
                await self.troubles.raise_(found)
            elif self._differs(ported, ours) and (told := told + 1) <= DIFFERENCES_MAX:
                found = _finding(TroubleKind.SYNC_DIFFERENCE, opened, line, "E605")
                await self.troubles.raise_(found)
        return aside

    def _differs(self, ported: Ported, ours: Mapping[str, datetime]) -> bool:
        """It came to us and we know nothing of it; or it did, later than they say it is theirs."""
        came = ours.get(number_digest(self.keyed_hash, ported.msisdn))
        if ported.receiver in self.codes:
            return came is None
        return came is not None and came.date() >= day(ported.ported_on)


def _takes_back(ticket: PnmTicket, opened: Opened) -> bool:
    """A number that came to the very operator the file is for."""
    return ticket.code is Code.REVERSE_PORTING and ticket.receiver == opened.name.recipient


def _finding(kind: TroubleKind, opened: Opened, line: NumberedLine, code: str) -> Finding:
    return Finding(
        kind=kind,
        group=opened.now.group,
        file=opened.file.name,
        code=code,
        since=opened.file.received_at,
        partner=opened.name.emitter,
        place=line.place,
    )
