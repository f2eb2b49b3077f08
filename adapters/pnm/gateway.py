"""The mobile exchanges as ports: a ticket handed in waits in the tray for its session's file."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from adapters.pnm.mapping import reply_of, ticket_of
from adapters.pnm.tickets import (
    TO_EVERYBODY,
    PnmTicket,
    TicketFaultError,
    write_ticket,
)
from domain.operators import Answer, Refused, Ticket, Took, TransferReply
from domain.rio_prefixes import MOBILE_HOLDERS
from domain.territories import ExchangeGroup
from ledger.exchange_post import NewTicket, Tray
from ledger.sealing import KeyedHash

INTERFACE = "1"
"""The version of the tickets we write and read; the exchanges number theirs nowhere. Ours."""
NOBODY_KNOWN = "no-operators-known"
"""We know no operator of this group: nobody would be sent anything."""
NOT_OURS = "not-our-code"
"""We are not in the exchange under this operator's code: RACCORD_EXCHANGE_CODES says which."""


def transfer_digest(keyed_hash: KeyedHash, group: ExchangeGroup, transfer_id: str) -> str:
    """What stands for a transfer where its own id would give the number away."""
    content = f"{group.value}\x1f{transfer_id}".encode()
    return keyed_hash.digest(purpose="transfer", content=content).hex()


def number_digest(keyed_hash: KeyedHash, msisdn: str) -> str:
    return keyed_hash.digest(purpose="exchange-number", content=msisdn.encode()).hex()


def transfer_uuid(
    keyed_hash: KeyedHash, group: ExchangeGroup, ticket: PnmTicket, *, ours: str
) -> UUID:
    """Our part, under one code, in a transfer somebody else leads."""
    content = f"{group.value}\x1f{ticket.transfer_id}\x1f{ours}".encode()
    return UUID(bytes=keyed_hash.digest(purpose="transfer-part", content=content)[:16])


@dataclass(frozen=True, kw_only=True)
class PnmExchange:
    tray: Tray
    keyed_hash: KeyedHash
    codes: frozenset[str]
    """The operators we speak for."""

    async def hand_in(self, ticket: Ticket) -> Answer:
        if ticket.receiver not in self.codes:
            return Refused(code=NOT_OURS)
        return await self._put(
            lambda: ticket_of(ticket),
            key=ticket.key,
            group=ticket.group,
            due_at=ticket.session,
            owner=ticket.line_id,
        )

    async def reply(self, reply: TransferReply) -> Answer:
        if reply.ours not in self.codes:
            return Refused(code=NOT_OURS)
        return await self._put(
            lambda: reply_of(reply),
            key=reply.key,
            group=reply.group,
            due_at=reply.at,
            owner=reply.transfer,
        )

    async def _put(
        self,
        make: Callable[[], PnmTicket],
        *,
        key: str,
        group: ExchangeGroup,
        due_at: datetime,
        owner: UUID,
    ) -> Answer:
        if not MOBILE_HOLDERS[group]:
            return Refused(code=NOBODY_KNOWN)
        try:
            made = make()
            body = write_ticket(made)
        except TicketFaultError as exc:
            return Refused(code=exc.code)
        digest = transfer_digest(self.keyed_hash, group, made.transfer_id)
        await self.tray.put(
            [
                NewTicket(
                    key=key,
                    group=group,
                    emitter=made.origin,
                    recipient=recipient,
                    due_at=due_at,
                    transfer=digest,
                    owner=owner,
                    code=made.code.value,
                    number=number_digest(self.keyed_hash, made.msisdn),
                    body=body,
                )
                for recipient in recipients_of(made, group)
            ]
        )
        return Took(reference=f"{made.code.value}-{key[:8]}")


def recipients_of(ticket: PnmTicket, group: ExchangeGroup) -> tuple[str, ...]:
    """Everybody but its sender, or the one it is addressed to."""
    if ticket.code in TO_EVERYBODY:
        return tuple(code for code in MOBILE_HOLDERS[group] if code != ticket.origin)
    return (ticket.destination,)
