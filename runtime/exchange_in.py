"""Their side of a session: whatever lies in our folder, taken once, answered, and taken away.

A file is kept before anything is answered, and answered before it is taken away: whatever a crash
interrupts, the next turn finds the file, knows it by its name and its bytes, and says the same.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from adapters.pnm.files import (
    FileAnswer,
    FileFaultError,
    HalfWrittenError,
    NumberedLine,
    read_file,
    write_answer,
)
from adapters.pnm.mailbox import Mailbox
from adapters.pnm.mapping import stamp
from adapters.pnm.names import (
    SEQUENCE_MAX,
    TEMPORARY,
    AnswerKind,
    FileKind,
    FileName,
    following,
    parse_name,
)
from domain.clock import Technical
from domain.exchange_codes import code_of
from domain.exchange_troubles import TroubleKind
from domain.rio_prefixes import MOBILE_HOLDERS
from ledger.exchange_post import Arrival, Incoming, ReceivedFile
from runtime.exchange_out import Now, OutgoingFiles
from runtime.exchange_reading import Opened, SyncReading, TicketReading
from runtime.exchange_troubles import Finding, TroubleBook

TAKEN, SEQUENCE_GAP, KNOWN, FOREIGN, NAMELESS = "E000", "E007", "E008", "E003", "E006"
WRITING = Technical(timedelta(seconds=5))
"""How long, by the wall, a file without an end may still be being written. A default of ours."""
_HALF = SEQUENCE_MAX // 2
"""Further ahead than this is behind."""

log = structlog.get_logger("exchange")


@dataclass(kw_only=True)
class IncomingFiles:
    incoming: Incoming
    reading: TicketReading
    syncs: SyncReading
    troubles: TroubleBook
    outgoing: OutgoingFiles
    codes: frozenset[str]
    """The operators we speak for."""
    monotonic: Callable[[], float] = time.monotonic
    growing: dict[str, tuple[int, float]] = field(default_factory=dict)
    """Files without an end: how long they were, and since when."""

    async def take_all(self, mailbox: Mailbox, now: Now) -> int:
        """One turn over the folder; how many things lay in it. One bad file stops no other."""
        names = [name for name in await mailbox.waiting() if not name.endswith(TEMPORARY)]
        for text in names:
            name = parse_name(text)
            if name is None:
                await self._set_aside(mailbox, text, now)
            elif name.answer is not None:
                await self.outgoing.take_answer(mailbox, name, now)
            else:
                await self._take(mailbox, name, now)
        self.growing = {text: seen for text, seen in self.growing.items() if text in names}
        return len(names)

    async def _set_aside(self, mailbox: Mailbox, text: str, now: Now) -> None:
        """No name of the exchange's: kept for a person, and nobody is answered."""
        safe = re.sub(r"[^A-Za-z0-9._-]", "_", text)[:80]
        content = await mailbox.read(text)
        _, file = await self.incoming.receive(now.group, safe, content, at=now.at)
        if file.verdict is None:
            await self.incoming.judge(file.number, verdict=NAMELESS, at=now.at, lines=0)
        await self.troubles.raise_(_unreadable(file, NAMELESS, now))
        await mailbox.remove(text)

    async def _take(self, mailbox: Mailbox, name: FileName, now: Now) -> None:
        content = await mailbox.read(str(name))
        try:
            lines = read_file(name, content)
            self._check_parties(name, now)
        except FileFaultError as exc:
            if not (isinstance(exc, HalfWrittenError) and self._may_grow(name, len(content))):
                await self._refuse(mailbox, name, content, exc.code, now)
            return
        arrival, file = await self.incoming.receive(now.group, str(name), content, at=now.at)
        if arrival is Arrival.OTHER:
            await self.troubles.raise_(_unreadable(file, KNOWN, now))
            await self._answer(mailbox, name, _Verdict(KNOWN, len(lines)), now)
        elif file.verdict is not None:
            await self._answer(mailbox, name, _Verdict(file.verdict, file.lines), now, file)
        else:
            await self._in_sequence(mailbox, Opened(file=file, name=name, now=now), lines)

    def _check_parties(self, name: FileName, now: Now) -> None:
        if name.recipient not in self.codes:
            raise FileFaultError(FOREIGN, "it is for another operator")
        if name.emitter not in MOBILE_HOLDERS[now.group]:
            raise FileFaultError(FOREIGN, "no such operator in this group")

    def _may_grow(self, name: FileName, size: int) -> bool:
        """While it grows, and a little after."""
        known = self.growing.get(str(name))
        if known is None or known[0] != size:
            self.growing[str(name)] = (size, self.monotonic())
            return True
        return self.monotonic() - known[1] < WRITING.span.total_seconds()

    async def _in_sequence(
        self, mailbox: Mailbox, opened: Opened, lines: tuple[NumberedLine, ...]
    ) -> None:
        """One that comes too early waits for the one before it, as long as an answer may take."""
        name, now, file = opened.name, opened.now, opened.file
        last = await self.incoming.last_sequence(
            now.group, kind=name.kind, emitter=name.emitter, recipient=name.recipient
        )
        if last is None or name.sequence == following(last):
            await self.take(opened, lines)
            await self._answer(mailbox, name, _Verdict(TAKEN, len(lines)), now, file)
            return
        ahead = (name.sequence - last) % SEQUENCE_MAX <= _HALF
        minutes = timedelta(minutes=now.calendar.rules.acknowledgement_minutes)
        waited = file.received_at + minutes + now.patience.slack < now.at
        if ahead and not waited:
            return
        await self.incoming.judge(file.number, verdict=SEQUENCE_GAP, at=now.at, lines=len(lines))
        await self.troubles.raise_(_unreadable(file, SEQUENCE_GAP, now))
        await self._answer(mailbox, name, _Verdict(SEQUENCE_GAP, len(lines)), now, file)

    async def take(self, opened: Opened, lines: tuple[NumberedLine, ...]) -> None:
        """Into the inbox, line by line, then judged: a crash in between reads it again."""
        if opened.name.kind is FileKind.SYNC:
            aside = await self.syncs.read(opened, lines)
        else:
            aside = await self.reading.read(opened, lines)
        await self.incoming.judge(
            opened.file.number, verdict=TAKEN, at=opened.now.at, lines=len(lines)
        )
        log.info("exchange.file.taken", file=opened.file.name, lines=len(lines), aside=aside)

    async def _refuse(
        self, mailbox: Mailbox, name: FileName, content: bytes, code: str, now: Now
    ) -> None:
        arrival, file = await self.incoming.receive(now.group, str(name), content, at=now.at)
        if arrival is Arrival.NEW:
            await self.incoming.judge(file.number, verdict=code, at=now.at, lines=0)
        await self.troubles.raise_(_unreadable(file, code, now))
        await self._answer(mailbox, name, _Verdict(code, 0), now, file)

    async def _answer(
        self,
        mailbox: Mailbox,
        name: FileName,
        verdict: "_Verdict",
        now: Now,
        file: ReceivedFile | None = None,
    ) -> None:
        """Atomically, like any file: a temporary name, then its own. Then theirs is taken away."""
        taken = verdict.code == TAKEN
        answer = name.answered(AnswerKind.TAKEN if taken else AnswerKind.REFUSED)
        content = write_answer(
            FileAnswer(
                about=name,
                code=verdict.code,
                answered_at=stamp(now.at, now.group),
                lines=verdict.lines,
                comment=code_of(verdict.code).meaning.fr,
            )
        )
        await mailbox.upload(f"{answer}{TEMPORARY}", content)
        await mailbox.rename(f"{answer}{TEMPORARY}", str(answer))
        if file is not None:
            await self.incoming.answer_deposited(file.number)
        await mailbox.remove(str(name))


@dataclass(frozen=True)
class _Verdict:
    code: str
    lines: int


def _unreadable(file: ReceivedFile, code: str, now: Now) -> Finding:
    return Finding(
        kind=TroubleKind.FILE_UNREADABLE,
        group=now.group,
        file=file.name,
        code=code,
        since=file.received_at,
        partner=file.emitter,
    )
