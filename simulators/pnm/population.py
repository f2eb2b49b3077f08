"""Every operator that is no member of its own: donors that answer, others that confirm.

By number, as scripted: `donor` is `accept`, `silence`, `lose:CODE` (accepts, then takes it back),
`accept-late:HOURS`, `twice`, `ended:DAYS` (R323 until it is activated again or ten days are over,
then R322), `error:CODE` (a ticket of error), or a refusal's code; `confirm` is
`without:04`; `cancel` is `silence`; `reverse` is `silence` (agreed to, and no data come).
By operator, under the number `partner:02`: `file-in` is `no-ack`, `ack-sunday`, `ack-twice` or
`refuse:CODE`; `file-out` is `half-written`, `repeat`, `skip`, `foreign-file`, `foreign-ticket`,
`bad-line`, `wrong-count` or `tmp`.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from simulators.clock import StackClock
from simulators.pnm.mailboxes import Account, Mailboxes
from simulators.pnm.wire import (
    EVERYBODY,
    ZONES,
    Line,
    Name,
    answer_to,
    file_of,
    instant,
    line_in,
    lines_in,
    on,
    requests_refused,
    session_from,
    stamp,
    sunday_from,
)
from simulators.scripts import Scripts

Pending = tuple[str, str, str, str, datetime]
"""Account, group, emitter, recipient, and the instant it is stated at."""

SAID_AFTER = timedelta(minutes=20)
_DATE = "%Y%m%d"


@dataclass
class Population:
    clock: StackClock
    scripts: Scripts
    mailboxes: Mailboxes
    state: Path
    tickets: Counter[str] = field(default_factory=Counter)
    """How many times each ticket came, whatever file it was in."""
    files: Counter[str] = field(default_factory=Counter)
    answers: dict[str, str] = field(default_factory=dict)
    """What members answered to files from here."""
    odd: list[str] = field(default_factory=list)
    pending: dict[Pending, list[Line]] = field(default_factory=dict)
    without: dict[str, str] = field(default_factory=dict)
    ended: dict[str, datetime] = field(default_factory=dict)
    """Numbers that ended lately, and until when they can be activated again."""
    moved: dict[str, tuple[Account, str, Line]] = field(default_factory=dict)
    """The porting ticket of each number that has gone to a member."""
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def take(self, account: Account, group: str, name: Name, content: bytes) -> None:
        """A file of a member: counted, answered, and read when it is new."""
        self.files[str(name)] += 1
        code, lines = lines_in(name, content)
        move = self._move("file-in", f"partner:{name.recipient}")
        kind, _, detail = move.partition(":")
        if kind == "refuse":
            code, lines = detail, []
        if kind != "no-ack":
            self._answer(account, group, name, (code, len(lines)), kind)
        if self.files[str(name)] > 1 or code != "E000" or name.kind != "PNMDATA":
            return
        read = [line for text in lines if (line := line_in(text)) is not None]
        refused = requests_refused(read)
        for line in read:
            ticket = f"{line.code}/{line.transfer}/{name.recipient}/{'/'.join(line.more[:1])}"
            self.tickets[ticket] += 1
            if self.tickets[ticket] == 1:
                self._react(account, group, name, line, refused.get(line.transfer))

    def _move(self, subject: str, who: str) -> str:
        """Scripted for a number or an operator, or drawn by the scenario that plays."""
        return self.scripts.move("exchange", subject, who)

    def hear_answer(self, name: Name, content: bytes) -> None:
        fields = content.decode("latin-1").split("|")
        self.answers[str(name)] = fields[5] if len(fields) > 5 else ""  # noqa: PLR2004  its code

    def _answer(
        self, account: Account, group: str, name: Name, verdict: tuple[str, int], kind: str
    ) -> None:
        at = instant(name.stamp, group) + timedelta(minutes=5)
        if kind == "ack-sunday":
            at = sunday_from(at, group)
        answer, body = answer_to(name, *verdict, at, group)

        async def acknowledge() -> None:
            if kind == "ack-sunday":
                await self._wait(at)
            self.mailboxes.deliver(account, group, answer, body)
            if kind == "ack-twice":
                await self._wait(at + timedelta(minutes=30))
                self.mailboxes.deliver(account, group, answer, body)

        self._later(acknowledge())

    def _react(
        self, account: Account, group: str, name: Name, line: Line, refused: str | None
    ) -> None:
        if refused is not None:
            at = session_from(instant(name.stamp, group), group) + SAID_AFTER
            self._say(account, group, _sent_back(line, refused, stamp(at, group)), at)
            return
        reactions: dict[str, Callable[[Account, str, Name, Line], None]] = {
            "1110": self._asked,
            "1120": self._asked,
            "1410": self._announced,
            "1510": self._given_up,
            "2400": self._agreed_back,
        }
        reaction = reactions.get(line.code)
        if reaction is not None:
            reaction(account, group, name, line)

    def _asked(self, account: Account, group: str, name: Name, line: Line) -> None:
        sent = instant(name.stamp, group)
        move = self._ended(line.msisdn, self._move("donor", line.msisdn), sent)
        kind, _, detail = move.partition(":")
        hours = int(detail) if kind == "accept-late" else 0
        at = session_from(sent + timedelta(hours=hours), group) + SAID_AFTER
        said = stamp(at, group)
        accepted = line.reply("1210", "A001", said, "", "")
        if kind == "silence":
            return
        if kind == "error":
            error = (detail, "0001", line.code, said, "")
            self._say(account, group, line.reply("7000", *error), at)
        elif kind in {"good", "accept", "accept-late", "twice", "lose"}:
            self._say(account, group, accepted, at)
        else:
            self._say(account, group, line.reply("1220", kind, said, "", ""), at)
        again = session_from(at, group) + SAID_AFTER
        if kind == "twice":
            self._say(account, group, accepted, again)
        elif kind == "lose":
            lost = line.reply("1520", detail, stamp(again, group), "", "")
            self._say(account, group, lost, again)

    def _ended(self, msisdn: str, move: str, at: datetime) -> str:
        """What a donor says of a number that has ended; of any other, what it is told to."""
        kind, _, days = move.partition(":")
        if kind == "ended":
            self.ended[msisdn] = at + timedelta(days=10 - int(days))
        until = self.ended.get(msisdn)
        if until is None:
            return move
        return "R323" if at < until else "R322"

    def activate_again(self, msisdn: str) -> bool:
        """As the donor's person does, on a justified request."""
        return self.ended.pop(msisdn, None) is not None

    def _given_up(self, account: Account, group: str, name: Name, line: Line) -> None:
        if self._move("cancel", line.msisdn) == "silence":
            return
        at = session_from(instant(name.stamp, group), group) + SAID_AFTER
        self._say(account, group, line.reply("1530", "C001", stamp(at, group), "", ""), at)

    def _announced(self, account: Account, group: str, name: Name, line: Line) -> None:
        """Each operator confirms on the port day, in the session that follows the switch."""
        if line.transfer not in self.without:
            move = self._move("confirm", line.msisdn)
            self.without[line.transfer] = move.partition(":")[2]
        if self.without[line.transfer] == name.recipient:
            return
        self.moved[line.msisdn] = (account, group, line)
        day = datetime.strptime(line.more[1], _DATE).date()  # noqa: DTZ007  a day has no zone
        at = on(day, 10, 20, group)
        confirmed = line.reply("1430", stamp(at, group), origin=name.recipient)
        self._say(account, group, confirmed, at)

    def _agreed_back(self, account: Account, group: str, name: Name, line: Line) -> None:
        """The initial donor leads: its data follow the agreement, for the next working day."""
        if self._move("reverse", line.msisdn) != "silence":
            self._take_back(account, group, line, instant(name.stamp, group))

    async def take_back(self, msisdn: str) -> bool:
        """Its initial donor takes a number back, whatever anybody agreed to; as its person does."""
        known = self.moved.get(msisdn)
        if known is None:
            return False
        account, group, line = known
        self._take_back(account, group, line, await self.clock.now())
        return True

    def _take_back(self, account: Account, group: str, line: Line, after: datetime) -> None:
        at = session_from(after, group) + SAID_AFTER
        day = session_from(at + timedelta(hours=12), group).astimezone(ZONES[group])
        data = line.reply("2410", stamp(at, group), day.strftime(_DATE), origin=line.donor)
        self._say(account, group, replace(data, destination=EVERYBODY), at, to=line.receiver)

    def _say(
        self, account: Account, group: str, line: Line, at: datetime, *, to: str | None = None
    ) -> None:
        """Into the file of that instant, with whatever else is said then."""
        key = (account.name, group, line.origin, to or line.destination, at)
        if key in self.pending:
            self.pending[key].append(line)
            return
        self.pending[key] = [line]

        async def flush() -> None:
            await self._wait(at)
            lines = self.pending.pop(key)
            await self._send(key, [line.written(n) for n, line in enumerate(lines, start=1)])

        self._later(flush())

    async def _send(self, key: Pending, lines: list[str]) -> None:
        account, group, emitter, recipient, at = key
        member = self.mailboxes.accounts[account]
        move = self._move("file-out", f"partner:{emitter}")
        name = Name(
            "PNMDATA", emitter, recipient, stamp(at, group), self._next(group, emitter, recipient)
        )
        await _MOVES.get(move, _well)(self, member, group, name, lines)

    def _next(self, group: str, emitter: str, recipient: str) -> int:
        """Sequences outlive the process: an exchange does not forget them."""
        known: dict[str, int] = json.loads(self.state.read_text()) if self.state.exists() else {}
        pair = f"{group}/{emitter}/{recipient}"
        known[pair] = known.get(pair, 0) % 999 + 1
        self.state.write_text(json.dumps(known))
        return known[pair]

    async def _wait(self, at: datetime) -> None:
        wait = await self.clock.wait_for(at)
        await asyncio.sleep(wait.total_seconds())

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def shown(self) -> list[dict[str, Any]]:
        """Every ticket, and how many times it came in whatever file."""
        return [
            {"key": key, "effect": key[:4], "times": times} for key, times in self.tickets.items()
        ]

    def carried(self) -> dict[str, Any]:
        """Files: how many times each came, and what members answered to those from here."""
        return {
            "files": dict(self.files),
            "answers": dict(self.answers),
            "odd": list(self.odd),
        }


def _sent_back(line: Line, code: str, said: str) -> Line:
    """Refused, or not even taken."""
    if code.startswith("E"):
        return line.reply("7000", code, "0001", line.code, said, "")
    return line.reply("1220", code, said, "", "")


Sending = Callable[[Population, Account, str, Name, list[str]], Awaitable[None]]
A_MOMENT = 0.3
"""By the wall: long enough for a member to look in between."""


async def _well(
    them: Population, member: Account, group: str, name: Name, lines: list[str]
) -> None:
    them.mailboxes.deliver(member, group, str(name), file_of(name, lines))


async def _half_written(
    them: Population, member: Account, group: str, name: Name, lines: list[str]
) -> None:
    whole = file_of(name, lines)
    them.mailboxes.write_over(member, group, str(name), whole[: len(whole) // 2])
    await asyncio.sleep(A_MOMENT)
    them.mailboxes.write_over(member, group, str(name), whole)


async def _repeat(
    them: Population, member: Account, group: str, name: Name, lines: list[str]
) -> None:
    await _well(them, member, group, name, lines)
    await asyncio.sleep(A_MOMENT)
    await _well(them, member, group, name, lines)


async def _skip(
    them: Population, member: Account, group: str, name: Name, lines: list[str]
) -> None:
    """The next file first, empty; then this one."""
    after = Name(
        name.kind,
        name.emitter,
        name.recipient,
        name.stamp,
        them._next(group, name.emitter, name.recipient),  # noqa: SLF001  its own hand
    )
    await _well(them, member, group, after, [])
    await asyncio.sleep(A_MOMENT)
    await _well(them, member, group, name, lines)


async def _foreign_file(
    them: Population, member: Account, group: str, name: Name, lines: list[str]
) -> None:
    other = Name(name.kind, name.emitter, "09", name.stamp, 1)
    await _well(them, member, group, other, lines)
    await _well(them, member, group, name, lines)


async def _foreign_ticket(
    them: Population, member: Account, group: str, name: Name, lines: list[str]
) -> None:
    parts = lines[0].split("|")
    parts[2] = "09"
    await _well(them, member, group, name, ["|".join(parts), *lines])


async def _bad_line(
    them: Population, member: Account, group: str, name: Name, lines: list[str]
) -> None:
    await _well(them, member, group, name, ["1210|what is this", *lines])


async def _wrong_count(
    them: Population, member: Account, group: str, name: Name, lines: list[str]
) -> None:
    """Refused, then written as it should have been, under the same name."""
    them.mailboxes.deliver(member, group, str(name), file_of(name, lines, counted=99))
    await asyncio.sleep(A_MOMENT)
    await _well(them, member, group, name, lines)


async def _tmp(them: Population, member: Account, group: str, name: Name, lines: list[str]) -> None:
    """A temporary file is left behind for ever, beside the good one."""
    them.mailboxes.write_over(member, group, f"{name}.tmp", b"0123456789|")
    await asyncio.sleep(A_MOMENT)
    them.mailboxes.write_over(member, group, str(name), file_of(name, lines))


_MOVES: dict[str, Sending] = {
    "good": _well,
    "half-written": _half_written,
    "repeat": _repeat,
    "skip": _skip,
    "foreign-file": _foreign_file,
    "foreign-ticket": _foreign_ticket,
    "bad-line": _bad_line,
    "wrong-count": _wrong_count,
    "tmp": _tmp,
}
