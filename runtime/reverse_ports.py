"""Reverse ports between the exchange, the hosts and their processes: tickets out, word in."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from temporalio.service import RPCError

from activities.reading import read_message
from activities.reverse_book import ReverseBook, Written
from adapters.pnm.gateway import PnmExchange
from adapters.pnm.mapping import day, instant, opened
from domain.identity import LineId, step_command
from domain.operators import (
    Reader,
    ReleasedTold,
    StepRefusedTold,
    Told,
    Took,
    TransferReply,
    Unreadable,
)
from domain.personal import SubjectForgottenError
from domain.policies import ANSWER_WAIT
from domain.ports import Clocks
from domain.reverse_port_facts import (
    ReversePortId,
    ReversePortTerms,
    reverse_port_id_for,
)
from domain.reverse_port_states import Closed, HandingBack, KnownReversePort, NotOpened
from domain.reverse_port_tickets import OwedTicket, tickets_owed
from domain.reverse_ports import (
    HearNothing,
    HearRefused,
    NoteAnnounced,
    NoteReleased,
    RaiseSilence,
    ReverseCommand,
    ReversePortRefusedError,
    SetAside,
)
from ledger.append import CommandStamp, MessageSettledError
from ledger.messages import Inbox, InboxRow, WaitingMessage
from projections.projection import fold
from projections.reverse_port import REVERSE_PORTS, ReversePortDocument
from runtime.projecting import ProjectionRunner
from runtime.relay import Done, Later, Outcome, Park
from runtime.starting import ProcessStarter
from runtime.store import Store
from runtime.watching import PATIENCE

log = structlog.get_logger("reverse-ports")


class _NotTakenError(Exception):
    def __init__(self, ticket: str, answer: object) -> None:
        super().__init__(f"the exchange takes no {ticket}: {answer}; see 'raccord exchange files'")


@dataclass(frozen=True, kw_only=True)
class ReverseFollower:
    """After each fact: what we owe is in the tray, and the process is told to look."""

    book: ReverseBook
    exchange: PnmExchange
    starter: ProcessStarter

    async def follow(self, payload: str) -> Outcome:
        try:
            reverse_port_id = ReversePortId(UUID(json.loads(payload)["reverse_port_id"]))
        except (ValueError, KeyError, TypeError):
            return Park("the payload names no reverse port")
        state = await self.book.state(reverse_port_id)
        if isinstance(state, NotOpened):
            return Park("there is no such reverse port")
        try:
            await self._send(state)
            await self.starter.reverse_port(reverse_port_id)
        except (SubjectForgottenError, _NotTakenError) as exc:
            return Park(str(exc))
        except (RPCError, RuntimeError):
            return Later("Temporal does not answer")
        return Done()

    async def _send(self, state: KnownReversePort) -> None:
        for owed in tickets_owed(state):
            answer = await self.exchange.reply(_reply(state, owed))
            if not isinstance(answer, Took):
                raise _NotTakenError(owed.ticket, answer)


def _reply(state: KnownReversePort, owed: OwedTicket) -> TransferReply:
    """In the tray once for each key; the line is whose life it is part of."""
    terms = state.terms
    return TransferReply(
        group=terms.group,
        ticket=owed.ticket,
        reason=None,
        key=str(step_command(terms.reverse_port_id, step=owed.step)),
        transfer=terms.line_id,
        receiver=terms.receiver,
        donor=terms.donor,
        ours=terms.receiver,
        number=terms.msisdn.reveal(),
        subscribed_at=terms.subscribed_at,
        at=owed.at,
        port_day=owed.port_day,
    )


@dataclass(frozen=True, kw_only=True)
class ReverseTaker:
    """Word about a number that goes back, from the inbox to its own stream."""

    book: ReverseBook
    inbox: Inbox
    readers: Mapping[str, Reader]
    for_a_person: Callable[[WaitingMessage], Awaitable[Outcome]]
    """Where data go that take back what did not come to us by a port."""

    async def take_ticket(self, message: WaitingMessage) -> Outcome:
        """2410, about a number of ours."""
        line_id = LineId(UUID(message.correlation))
        row = await self.inbox.read(message.number)
        try:
            terms = await self.book.terms(line_id)
        except ReversePortRefusedError:
            return await self.for_a_person(message)
        return await self._obeyed(terms.reverse_port_id, self._announced(terms, row), row)

    async def take_word_of_a_host(self, message: WaitingMessage) -> Outcome | None:
        """None when no reverse port of the line runs, or somebody else than its host says it: what
        the exchange says of our tickets is no answer of the host's."""
        reverse_port_id = reverse_port_id_for(LineId(UUID(message.correlation)))
        state = await self.book.state(reverse_port_id)
        if isinstance(state, NotOpened | Closed) or message.source != state.terms.host:
            return None
        row = await self.inbox.read(message.number)
        told = read_message(self.readers, row)
        at = row.received_at
        command = _of_a_host(told, state, at, self.book.rules.after(at, ANSWER_WAIT))
        return await self._obeyed(reverse_port_id, command, row)

    def _announced(self, terms: ReversePortTerms, row: InboxRow) -> ReverseCommand:
        kept = opened(row.body)
        at, more = row.received_at, kept.ticket.more
        port_day = day(more["port_day"])
        announced_at = min(at, instant(more["made_at"], kept.group))
        return NoteAnnounced(
            decided_at=at,
            answer_by=self.book.rules.after(at, ANSWER_WAIT),
            terms=terms,
            port_day=port_day,
            announced_at=announced_at,
            hand_back_at=self.book.hand_back_at(terms.group, port_day, at),
            dates=self.book.dates(terms.group, at),
        )

    async def _obeyed(
        self, reverse_port_id: ReversePortId, command: ReverseCommand, row: InboxRow
    ) -> Outcome:
        digest = self.book.keyed_hash.digest(purpose="command", content=row.body.encode())
        command_id = step_command(reverse_port_id, step=f"message/{row.number}")
        written = Written(
            stamp=CommandStamp(command_id=command_id, fingerprint=digest),
            actor=row.source,
            settles=row.number,
        )
        with suppress(MessageSettledError):
            await self.book.obey(reverse_port_id, command, written)
        return Done()


def _of_a_host(
    told: Told, state: KnownReversePort, at: datetime, answer_by: datetime
) -> ReverseCommand:
    common = {"decided_at": at, "answer_by": answer_by}
    key = state.asked.key if isinstance(state, HandingBack) else None
    match told:
        case ReleasedTold(released_at=released_at):
            return NoteReleased(**common, released_at=min(at, released_at))
        case StepRefusedTold(key=refused, code=code) if refused == key:
            return HearRefused(**common, code=code)
        case Unreadable() if key is not None and not state.blocked:
            return HearNothing(**common)
        case _:
            why = "it says nothing of a line that goes back"
            return SetAside(**common, what=type(told).__name__, why=why)


def reverse_port_runner(store: Store) -> ProjectionRunner[ReversePortDocument]:
    return ProjectionRunner(
        projection=REVERSE_PORTS, reader=store.feed, documents=store.documents, keys=store.keys
    )


@dataclass(frozen=True, kw_only=True)
class ReversePortDocuments:
    runner: ProjectionRunner[ReversePortDocument]
    book: ReverseBook

    async def find(self, reverse_port_id: ReversePortId) -> ReversePortDocument | None:
        """Straight from the facts: there are few of them."""
        history = await self.book.read(reverse_port_id)
        return fold(REVERSE_PORTS, {}, history).get(str(reverse_port_id))

    async def all(self) -> Sequence[ReversePortDocument]:
        keys = await self.runner.documents.every_key(REVERSE_PORTS.stored_as)
        return tuple((await self.runner.load(keys)).values())

    async def still_open(self) -> Sequence[ReversePortDocument]:
        keys = await self.runner.documents.open_keys(REVERSE_PORTS.stored_as)
        return tuple((await self.runner.load(keys)).values())


def reverse_port_documents(store: Store, book: ReverseBook) -> ReversePortDocuments:
    return ReversePortDocuments(runner=reverse_port_runner(store), book=book)


@dataclass(frozen=True, kw_only=True)
class ReversePortWatchdog:
    """One whose date has passed without a fact is raised to a person, who has it taken up again."""

    documents: ReversePortDocuments
    clocks: Clocks
    wall_now: Callable[[], datetime]

    async def turn(self) -> int:
        """How many were raised."""
        clock = await self.clocks.in_force()
        now = self.wall_now()
        raised = 0
        for one in await self.documents.still_open():
            due = one.awaited
            if one.attentions or due is None:
                continue
            if clock.wall_at(max(due.until, one.last_at)) + PATIENCE.span < now:
                await self._raise(one, clock.business_at(now))
                raised += 1
        return raised

    async def _raise(self, one: ReversePortDocument, now: datetime) -> None:
        book = self.documents.book
        command_id = step_command(one.reverse_port_id, step=f"watchdog@{one.version}")
        digest = book.keyed_hash.digest(purpose="command", content=str(command_id).encode())
        await book.obey(
            one.reverse_port_id,
            RaiseSilence(decided_at=now, answer_by=book.rules.after(now, ANSWER_WAIT)),
            Written(
                stamp=CommandStamp(command_id=command_id, fingerprint=digest),
                actor="watchdog",
                follow=False,
            ),
        )
        log.warning("watchdog.reverse-port.raised", reverse_port=str(one.reverse_port_id))
