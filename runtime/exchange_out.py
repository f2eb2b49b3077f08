"""Our side of a session: a file made once from what waits, put down, and acknowledged."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from adapters.pnm.files import FileFaultError, Ported, read_answer, write_file, write_ported
from adapters.pnm.mailbox import Mailbox
from adapters.pnm.mapping import stamp
from adapters.pnm.names import TEMPORARY, FileKind, FileName
from adapters.pnm.requests import LinesAtMost, in_requests
from adapters.pnm.tickets import read_ticket, write_ticket
from domain.exchange_codes import CodeOutcome, code_of
from domain.exchange_sessions import Patience, Session, session_to_make, sync_to_make
from domain.exchange_troubles import TroubleKind
from domain.port_dates import PortCalendar
from domain.rio_prefixes import MOBILE_HOLDERS
from domain.said import Said
from domain.territories import ExchangeGroup
from ledger.exchange_post import MadeFile, NewFile, Outgoing, SentFile, WaitingTicket, Write
from runtime.exchange_troubles import Finding, TroubleBook

A_WEEK = timedelta(days=7)
NOT_ANSWERED = "E011"
_TAKEN = {CodeOutcome.FILE_TAKEN, CodeOutcome.FILE_KNOWN}
_ANSWERED = Said(fr="le destinataire a répondu", en="its recipient has answered")

log = structlog.get_logger("exchange")


@dataclass(frozen=True, kw_only=True)
class Now:
    """The business instant of a turn, and what the group rules on that day."""

    at: datetime
    patience: Patience
    calendar: PortCalendar

    @property
    def group(self) -> ExchangeGroup:
        return self.calendar.rules.group


@dataclass(frozen=True, kw_only=True)
class OutgoingFiles:
    outgoing: Outgoing
    troubles: TroubleBook
    codes: frozenset[str]
    """The operators we speak for."""

    async def make(self, now: Now) -> int:
        """Files of the session whose moment it is; how many were made."""
        made = 0
        session = session_to_make(now.calendar, now.at, now.patience)
        if session is not None:
            waiting = await self.outgoing.waiting(now.group, due_by=session.closes_at)
            for (emitter, recipient), tickets in _by_pair(waiting).items():
                new = _new_file(now.group, FileKind.DATA, emitter, recipient, session)
                lines = _numbered([ticket.body for ticket in tickets], now, session)
                numbers = [ticket.number for ticket in tickets]
                write = _writing(new, lines, session.closes_at)
                made += await self._made(new, numbers, write)
        return made + await self._make_sync(now)

    async def _make_sync(self, now: Now) -> int:
        """The week's ports of each operator we speak for; nothing to say is not said."""
        sync = sync_to_make(now.calendar, now.at, now.patience)
        if sync is None:
            return 0
        made = 0
        for emitter in sorted(self.codes & set(MOBILE_HOLDERS[now.group])):
            bodies = await self.outgoing.ported(
                now.group, emitter=emitter, since=sync.starts_at - A_WEEK, until=sync.starts_at
            )
            lines = sorted(_ported_line(body) for body in bodies)
            for recipient in MOBILE_HOLDERS[now.group] if lines else ():
                if recipient != emitter:
                    new = _new_file(now.group, FileKind.SYNC, emitter, recipient, sync)
                    made += await self._made(new, [], _writing(new, lines, sync.starts_at))
        return made

    async def _made(self, new: NewFile, tickets: Sequence[int], write: Write) -> int:
        name = await self.outgoing.make(new, tickets=tickets, write=write)
        if name is None:
            return 0
        log.info("exchange.file.made", file=name, tickets=len(tickets))
        return 1

    async def deposit(self, mailbox: Mailbox, now: Now) -> int:
        """Under a temporary name first. A mark between the two tells, after a crash, whether the
        file bears its own name already: it is never put down twice."""
        files = await self.outgoing.to_deposit(now.group)
        for file in files:
            temporary = f"{file.name}{TEMPORARY}"
            if not file.uploaded:
                await mailbox.upload(temporary, await self.outgoing.content(file.number))
                await self.outgoing.uploaded(file.number)
            if await mailbox.is_there(temporary):
                await mailbox.rename(temporary, file.name)
            due = _answer_due(file, now)
            await self.outgoing.deposited(file.number, at=now.at, answer_due_at=due)
            log.info("exchange.file.deposited", file=file.name)
        return len(files)

    async def take_answer(self, mailbox: Mailbox, name: FileName, content: bytes, now: Now) -> None:
        """One acknowledgement or refusal: kept first, then taken away."""
        file, kind = None, TroubleKind.STRAY_ANSWER
        try:
            code = read_answer(name, content).code
            file = await self.outgoing.answered(now.group, str(name.of), code=code, at=now.at)
        except FileFaultError as exc:
            code, kind = exc.code, TroubleKind.FILE_UNREADABLE
        if file is None:
            found = _about(kind, now, str(name), code)
            await self.troubles.raise_(replace(found, partner=name.recipient))
        else:
            await self._answered(file, code, now)
        await mailbox.remove(str(name))

    async def _answered(self, file: SentFile, code: str, now: Now) -> None:
        silence = _about(TroubleKind.UNANSWERED, now, file.name, NOT_ANSWERED)
        await self.troubles.over(silence, _ANSWERED)
        if code_of(code).outcome not in _TAKEN:
            found = _about(TroubleKind.FILE_REFUSED, now, file.name, code)
            since = file.deposited_at or now.at
            await self.troubles.raise_(replace(found, partner=file.recipient, since=since))
        log.info("exchange.file.answered", file=file.name, code=code)

    async def find_unanswered(self, now: Now) -> int:
        """Raised once, and over as soon as an answer comes: some answer on Sundays only."""
        late = await self.outgoing.unanswered(now.group, due_by=now.at - now.patience.slack)
        for file in late:
            found = _about(TroubleKind.UNANSWERED, now, file.name, NOT_ANSWERED)
            since = file.answer_due_at or now.at
            await self.troubles.raise_(replace(found, partner=file.recipient, since=since))
        return len(late)


def _about(kind: TroubleKind, now: Now, file: str, code: str) -> Finding:
    return Finding(kind=kind, group=now.group, file=file, code=code, since=now.at)


def _by_pair(
    waiting: Iterable[WaitingTicket],
) -> Mapping[tuple[str, str], list[WaitingTicket]]:
    pairs: dict[tuple[str, str], list[WaitingTicket]] = {}
    for ticket in waiting:
        pairs.setdefault((ticket.emitter, ticket.recipient), []).append(ticket)
    return pairs


def _new_file(
    group: ExchangeGroup, kind: FileKind, emitter: str, recipient: str, session: Session
) -> NewFile:
    return NewFile(
        group=group,
        kind=kind.value,
        emitter=emitter,
        recipient=recipient,
        session=session.starts_at,
    )


def _numbered(bodies: Sequence[str], now: Now, session: Session) -> list[str]:
    """Each ticket with its place among them, those of one request side by side."""
    rules = now.calendar.rules
    at_most = LinesAtMost(consumer=rules.lines_consumer, enterprise=rules.lines_enterprise)
    of = stamp(session.starts_at, now.group)
    tickets = in_requests([read_ticket(body) for body in bodies], at_most, session=of)
    return [write_ticket(replace(t, line=place)) for place, t in enumerate(tickets, start=1)]


def _writing(new: NewFile, lines: Sequence[str], made_at: datetime) -> Write:
    """It states the session's own instant, not the machine's: the same bytes whenever it runs."""

    def write(sequence: int) -> MadeFile:
        name = FileName(
            kind=FileKind(new.kind),
            emitter=new.emitter,
            recipient=new.recipient,
            stamp=stamp(made_at, new.group),
            sequence=sequence,
        )
        return MadeFile(name=str(name), content=write_file(name, lines))

    return write


def _ported_line(body: str) -> str:
    ticket = read_ticket(body)
    return write_ported(
        Ported(
            receiver=ticket.receiver,
            msisdn=ticket.msisdn,
            ported_on=ticket.more["port_day"],
        )
    )


def _answer_due(file: SentFile, now: Now) -> datetime:
    """Sixty minutes; a week for those known to answer with the synchronisation only."""
    rules = now.calendar.rules
    if file.recipient in rules.acknowledges_on_sync:
        return now.at + A_WEEK
    return now.at + timedelta(minutes=rules.acknowledgement_minutes)
