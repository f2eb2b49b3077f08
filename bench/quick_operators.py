"""A host network and an exchange that do what they are asked at once, and say so in the inbox.

They write as the real ones do, so that what is read of them is read by the product's own hand.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from adapters.orange.mapping import EFFECTS
from adapters.orange.messages import Element, Token, envelope
from adapters.pnm.mapping import kept, stamp, ticket_of
from adapters.pnm.tickets import Code, PnmTicket
from domain.identity import LineId
from domain.operators import (
    Activity,
    Answer,
    Check,
    LineChange,
    LineRequest,
    LineStanding,
    NumberActive,
    Refused,
    RioAnswer,
    Ticket,
    Took,
    Withdrawal,
    Works,
)
from domain.port_in_facts import HostNetwork, Step
from domain.rio_prefixes import MOBILE_HOLDERS
from ledger.messages import Inbox, IncomingMessage

EXCHANGE = "pnm"
_TOKEN = Token(username="bench", password="bench")  # noqa: S106  nobody checks it
_OUTAGE = timedelta(minutes=45)
_EVENTS = {Step.PREPARE_LINE: "READY", Step.SWITCH_LINE: "SWITCHED", Step.RELEASE_LINE: "RELEASED"}
_NOT_HERE = Refused(code="NOT-HERE")


@dataclass
class QuickOperators:
    """`mute` ones take everything and never do it: what waits for them waits for ever."""

    inbox: Inbox
    mute: bool = False
    _porting: dict[LineId, Ticket] = field(default_factory=dict)

    # as a host network

    async def ask(self, request: LineRequest) -> Answer:
        if not self.mute:
            await self._tell(
                HostNetwork.ORANGE, f"host-{request.key}", request, _notification(request)
            )
            if request.step is Step.SWITCH_LINE:
                await self._confirm(request)
        return Took(reference=f"host-{request.key[:8]}")

    async def number_activity(self, number: str) -> Activity:
        del number
        return NumberActive(suspended=False)

    async def verify_line(self, host_line: str) -> Check:
        return Works(reference=host_line)

    async def look_up(self, key: str) -> str | None:
        del key
        return None

    async def change_line(self, change: LineChange) -> Answer:
        del change
        return _NOT_HERE

    async def withdraw(self, withdrawal: Withdrawal) -> Answer:
        del withdrawal
        return _NOT_HERE

    async def rio_of(self, host_line: str) -> RioAnswer:
        del host_line
        return _NOT_HERE

    async def line_standing(self, host_line: str) -> LineStanding:
        del host_line
        return _NOT_HERE

    # as the exchange

    async def hand_in(self, ticket: Ticket) -> Answer:
        """Every operator confirms on the day, once the number has moved."""
        if ticket.step is Step.COMMIT_PORT:
            self._porting[ticket.line_id] = ticket
        elif not self.mute:
            body = _answer(ticket, Code.ACCEPTANCE, ticket.donor, ticket.session)
            await self._tell(EXCHANGE, f"donor-{ticket.key}", ticket, body)
        return Took(reference=f"ticket-{ticket.key[:8]}")

    async def _confirm(self, request: LineRequest) -> None:
        ticket = self._porting.pop(request.line_id)
        for operator in _others(ticket):
            body = _answer(ticket, Code.CONFIRMATION, operator, request.asked_at)
            await self._tell(EXCHANGE, f"confirmed-{operator}-{ticket.key}", request, body)

    async def _tell(self, source: str, key: str, about: LineRequest | Ticket, body: str) -> None:
        at = about.session if isinstance(about, Ticket) else about.asked_at
        await self.inbox.receive(
            IncomingMessage(
                source=source,
                message_key=key,
                correlation=str(about.line_id),
                body=body,
                received_at=at,
            )
        )


def _others(ticket: Ticket) -> Iterator[str]:
    return (code for code in MOBILE_HOLDERS[ticket.group] if code != ticket.receiver)


def _notification(request: LineRequest) -> str:
    at = request.asked_at
    fields = {
        "notificationId": request.key,
        "orderKey": request.key,
        "customerReference": str(request.line_id),
        "effect": EFFECTS[request.step],
        "event": _EVENTS[request.step],
        "at": at.isoformat(),
        "hostLine": request.host_line or f"OL-{request.key[:8]}",
    }
    if request.step is Step.SWITCH_LINE:
        fields |= {
            "outageFrom": at.isoformat(),
            "outageTo": (at + _OUTAGE).isoformat(),
            "simActivatedAt": at.isoformat(),
        }
    return envelope(Element(name="LineNotification", fields=fields), _TOKEN).decode()


def _answer(ticket: Ticket, code: Code, origin: str, at: datetime) -> str:
    ours = ticket_of(ticket)
    more = {"made_at": stamp(at, ticket.group)}
    if code is Code.ACCEPTANCE:
        more["reason"] = "A001"
    answer = PnmTicket(
        code=code,
        origin=origin,
        destination=ticket.receiver,
        receiver=ours.receiver,
        donor=ours.donor,
        subscribed_at=ours.subscribed_at,
        msisdn=ours.msisdn,
        transfer_id=ours.transfer_id,
        more=more,
    )
    return kept(answer, ticket.group, ours=ticket.receiver)
