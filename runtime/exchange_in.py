"""Their side of a session: whatever lies in our folder, taken once, answered, and taken away.

A file is kept before anything is answered, and answered before it is taken away: whatever a crash
interrupts, the next turn finds the file, knows it by its name and its bytes, and says the same.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from adapters.pnm.files import (
    FileAnswer,
    FileFaultError,
    HalfWrittenError,
    NumberedLine,
    is_whole_answer,
    read_file,
    write_answer,
)
from adapters.pnm.mailbox import FileOutOfReachError, Mailbox
from adapters.pnm.mapping import stamp
from adapters.pnm.names import (
    SEQUENCE_MAX,
    TEMPORARIES,
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
        names = [name for name in await mailbox.waiting() if not name.endswith(TEMPORARIES)]
        for text in names:
            try:
                await self._take_one(mailbox, text, now)
            except FileOutOfReachError as exc:
                log.warning("exchange.file.out-of-reach", why=str(exc.__cause__))
        self.growing = {text: seen for text, seen in self.growing.items() if text in names}
        return len(names)

    async def _take_one(self, mailbox: Mailbox, text: str, now: Now) -> None:
        name = parse_name(text)
        if name is None:
            await self._set_aside(mailbox, text, now)
            return
        content = await mailbox.read(text)
        if name.answer is None:
            await self._take(mailbox, name, content, now)
        elif is_whole_answer(content) or not self._may_grow(text, len(content)):
            await self.outgoing.take_answer(mailbox, name, content, now)

    async def _set_aside(self, mailbox: Mailbox, text: str, now: Now) -> None:
        """No name of the exchange's: kept for a person once it no longer grows, and nobody is
        answered. What it was called may name somebody, and is kept with its content."""
        content = await mailbox.read(text)
        if self._may_grow(text, len(content)):
            return
        digest = self.reading.keyed_hash.digest(purpose="file-name", content=text.encode())
        name = f"nameless-{digest.hex()[:16]}"
        whole = text.encode() + b"\n" + content
        _, file = await self.incoming.receive(now.group, name, whole, at=now.at)
        if file.verdict is None:
            await self.incoming.judge(file.number, verdict=NAMELESS, at=now.at, lines=0)
        await self.troubles.raise_(_unreadable(file, NAMELESS, now))
        await mailbox.remove(text)

    async def _take(self, mailbox: Mailbox, name: FileName, content: bytes, now: Now) -> None:
        try:
            lines = read_file(name, content)
            self.check_parties(name, now)
        except FileFaultError as exc:
            if not (isinstance(exc, HalfWrittenError) and self._may_grow(str(name), len(content))):
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

    def check_parties(self, name: FileName, now: Now) -> None:
        if name.recipient not in self.codes:
            raise FileFaultError(FOREIGN, "it is for another operator")
        if name.emitter not in MOBILE_HOLDERS[now.group]:
            raise FileFaultError(FOREIGN, "no such operator in this group")

    def _may_grow(self, text: str, size: int) -> bool:
        """While it grows, and a little after."""
        known = self.growing.get(text)
        if known is None or known[0] != size:
            self.growing[text] = (size, self.monotonic())
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
            await self.take(opened, lines, judged_at=now.at)
            await self._answer(mailbox, name, _Verdict(TAKEN, len(lines)), now, file)
            return
        ahead = 0 < (name.sequence - last) % SEQUENCE_MAX <= _HALF
        minutes = timedelta(minutes=now.calendar.rules.acknowledgement_minutes)
        waited = file.received_at + minutes + now.patience.slack < now.at
        if ahead and not waited:
            return
        await self.incoming.judge(file.number, verdict=SEQUENCE_GAP, at=now.at, lines=len(lines))
        await self.troubles.raise_(_unreadable(file, SEQUENCE_GAP, now))
        await self._answer(mailbox, name, _Verdict(SEQUENCE_GAP, len(lines)), now, file)

    async def take(
        self, opened: Opened, lines: tuple[NumberedLine, ...], *, judged_at: datetime
    ) -> None:
        """Into the inbox, line by line, then judged: a crash in between reads it again."""
        if opened.name.kind is FileKind.SYNC:
            aside = await self.syncs.read(opened, lines)
        else:
            aside = await self.reading.read(opened, lines)
        await self.incoming.judge(opened.file.number, verdict=TAKEN, at=judged_at, lines=len(lines))
        log.info("exchange.file.taken", file=opened.file.name, lines=len(lines), aside=aside)

    async def _refuse(
        self, mailbox: Mailbox, name: FileName, content: bytes, code: str, now: Now
    ) -> None:
        _, file = await self.incoming.receive(now.group, str(name), content, at=now.at)
        if file.verdict is None:
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
