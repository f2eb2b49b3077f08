"""What any host network does behind its own wire: takes orders, does them, tells, keeps books.

Misbehaves on demand, by number and step. Instead of an order: `reject:CODE`, `error-500`,
`busy:SECONDS`, `maintenance`. After its effect: `lose-reply` (the connection drops), `timeout`
(answered far too late), `garbage` (answered with something else). In what comes of it:
`reject-later:CODE`, `idle` (never done), `mute` (done, never told), `late:HOURS`, `twice`,
`reorder` (told after a later one), and for a switch `outage:MINUTES`.

Orders about a site are carried out by `access`, and misbehave by a text that the site bears.
"""

import asyncio
import hashlib
import json
import re
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp

from simulators.access import Accesses, Impossible, Outcome, Reserved, SiteOrder
from simulators.answers import Said, answered, trouble
from simulators.books import Books
from simulators.clock import StackClock
from simulators.geography import Geography, Place
from simulators.photographs import Picture, picture_of
from simulators.scenarios import GOOD
from simulators.scripts import Scripts
from simulators.works import VisitBooked

HOURS = {
    "prepare": 24,
    "switch": 0,
    "give": 2,
    "release": 4,
    "suspend": 1,
    "resume": 1,
    "withdraw": 0,
}
STANDINGS = {
    "prepare": "reserved",
    "switch": "active",
    "give": "active",
    "release": "ended",
    "suspend": "suspended",
    "resume": "active",
}
OUTAGE_MINUTES = 45
HELD_SECONDS = 1.0
CLOCK_PAUSE = 0.25
UNTOLD = frozenset({"mute", "reject-later"})


@dataclass(frozen=True, kw_only=True)
class Order:
    """One effect under one key, whatever dialect it came in."""

    key: str
    effect: str
    shown: str
    """As the books name it."""
    line: str
    """The customer's own reference."""
    asked_at: datetime
    number: str = ""
    host_line: str = ""
    of: str = ""
    """The order that is withdrawn, by its key."""
    site: SiteOrder | None = None
    """Of an order about a site."""

    @property
    def content(self) -> tuple[object, ...]:
        """What must not change under one key."""
        return (self.shown, self.line, self.number, self.host_line, self.of, self.site)


@dataclass(frozen=True, kw_only=True)
class Event:
    """What came of an order, at the instant it was to come."""

    id: str
    order: Order
    at: datetime
    host_line: str
    code: str = ""
    """Of a refusal."""
    number: str = ""
    outage_from: datetime | None = None
    outcome: Outcome | None = None
    """Of an order about a site, when it was not refused."""


@dataclass
class Line:
    name: str
    reference: str
    number: str
    standing: str = "ordered"


@dataclass
class Network:
    name: str
    clock: StackClock
    scripts: Scripts
    tell: Callable[[Event], Awaitable[None]]
    codes: Mapping[str, str]
    """Its own words for what is impossible."""
    line_prefix: str
    number_prefix: str
    rio_prefix: str
    replays: bool = False
    """Whether the same order under the same key is answered again, and not done again."""
    books: Books = field(default_factory=Books)
    orders: dict[str, Order] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)
    told: dict[str, Event] = field(default_factory=dict)
    held: list[Event] = field(default_factory=list)
    forgotten: set[str] = field(default_factory=set)
    """Lines it no longer knows, though it had them."""
    tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    maintenance: bool = False
    latency: float = 0.0
    kept: Path | None = None
    """Where its lines are kept over a restart; nowhere in most tests."""
    accesses: Accesses = field(init=False)

    def __post_init__(self) -> None:
        geography = Geography(operator=self.name, scripts=self.scripts)
        self.accesses = Accesses(geography=geography, prefix=f"{self.line_prefix}S")

    async def arrive(self) -> Said | None:
        """What is said to whoever comes, before anything is read."""
        self.books.requests += 1
        if self.latency:
            await asyncio.sleep(self.latency)
        return trouble("maintenance", "") if self.maintenance else None

    # orders

    def take(self, order: Order) -> Said:
        known = self.orders.get(order.key)
        if known is not None and known.content != order.content:
            return self._no("conflict")
        if known is not None and self.replays:
            return Said(kind="yes", detail=self.reference(order.key))
        move = self._move(order)
        kind, _, detail = move.partition(":")
        in_place = trouble(kind, detail)
        if in_place is not None:
            return in_place
        impossible = self._impossible(order)
        if impossible is not None:
            return self._no(impossible)
        self.orders[order.key] = order
        self.books.enter(order.key, {"effect": order.shown, "line": order.line})
        if kind != "idle":
            self.tasks[order.key] = asyncio.create_task(self._carry_out(order, move))
        self._line(order)
        return answered(kind, self.reference(order.key))

    def reference(self, key: str) -> str:
        return f"{self.line_prefix}R{_short(key)}"

    def state(self, key: str) -> str:
        """unknown, pending, done, rejected or withdrawn."""
        if key not in self.orders:
            return "unknown"
        event = self.told.get(key)
        if event is None:
            return "pending"
        if event.order.key != key:
            return "withdrawn"
        return "rejected" if event.code else "done"

    def _no(self, word: str) -> Said:
        return Said(kind="no", detail=self.codes[word])

    def _move(self, order: Order) -> str:
        target = self.orders.get(order.of)
        site = order.site or (target.site if target else None)
        if site is not None:
            return self.scripts.move_at(self.name, order.effect, site.place.bears, line=order.line)
        number = order.number or (target.number if target else "")
        if not number and order.host_line in self.lines:
            number = self.lines[order.host_line].number
        return self.scripts.move(self.name, order.effect, number, line=order.line)

    def _impossible(self, order: Order) -> str | None:
        if order.site is not None:
            return self.accesses.impossible(order.effect, order.line, order.site)
        if order.effect == "prepare":
            return None
        if order.effect == "withdraw":
            if order.of not in self.orders:
                return "unknown-order"
            return "too-late" if order.of in self.told else None
        line = self._line(order)
        return "unknown-line" if line is None else _against(order.effect, line.standing)

    def _line(self, order: Order) -> Line | None:
        """The line of an order; one of before a restart is known by the form of its name."""
        if order.effect == "withdraw" or order.site is not None:
            return None
        if order.host_line:
            return self.line(order.host_line, order.number, order.line)
        same = [line for line in self.lines.values() if line.reference == order.line]
        if same and order.effect != "prepare":
            return same[-1]
        name = f"{self.line_prefix}{_short(order.key)}"
        new = Line(name=name, reference=order.line, number=order.number)
        return self.lines.setdefault(name, new)

    def line(self, name: str, number: str = "", reference: str = "") -> Line | None:
        if name in self.forgotten:
            return None
        if name not in self.lines and re.fullmatch(rf"{self.line_prefix}[0-9A-F]{{8}}", name):
            self.lines[name] = Line(
                name=name, reference=reference, number=number, standing="active"
            )
        return self.lines.get(name)

    # its lines, as it has them

    def recall(self) -> None:
        if self.kept is not None and self.kept.exists():
            found = json.loads(self.kept.read_text())
            self.lines = {name: Line(name=name, **line) for name, line in found.items() if line}
            self.forgotten = {name for name, line in found.items() if not line}

    def _keep(self) -> None:
        if self.kept is not None:
            told: dict[str, dict[str, str] | None] = {
                line.name: {
                    "reference": line.reference,
                    "number": line.number,
                    "standing": line.standing,
                }
                for line in self.lines.values()
                if line.standing != "ordered"
            }
            told |= dict.fromkeys(self.forgotten, None)
            beside = self.kept.with_suffix(".new")
            beside.write_text(json.dumps(told))
            beside.replace(self.kept)

    def meddle(self, reference: str, standing: str) -> str:
        """Somebody there changes a line, by its name or the customer's reference; nobody is told.
        An empty standing has it forgotten altogether."""
        found = [one for one in self.lines.values() if reference in {one.name, one.reference}]
        line = found[-1] if found else None
        if line is None or (standing and standing not in STANDINGS.values()):
            raise ValueError(reference)
        if standing:
            line.standing = standing
        else:
            self.forgotten.add(line.name)
        self._keep()
        return line.name

    # what comes of them

    async def _carry_out(self, order: Order, move: str) -> None:
        kind, _, detail = move.partition(":")
        event = self._event(order, kind, detail)
        if order.site is not None and order.effect == "build" and kind not in UNTOLD:
            await self._tell_milestones(order.site, event, move)
        await self._come(event.at)
        if order.effect == "withdraw" and not event.code:
            event = self._withdrawn(event)
        if order.site is not None and not event.code:
            event = self._at_site(order.site, event, move)
        line = self.lines.get(event.host_line)
        if line is not None and not event.code and order.effect in STANDINGS:
            line.standing = STANDINGS[order.effect]
            line.number = event.number or line.number
            self._keep()
        self.told[order.key] = event
        if kind != "mute":
            await self._publish(event, kind)
        if order.site is not None and isinstance(event.outcome, Reserved):
            await self._complain(order.site, event, event.outcome)
            await self._take_back(order.site, event, event.outcome)
        if isinstance(event.outcome, VisitBooked):
            visit = self.accesses.technicians.visits[event.outcome.visit]
            visit.asked = {"key": order.key, "shown": order.shown}
            self.accesses.keep()
            await self._follow(event, visit.name)

    async def _tell_milestones(self, site: SiteOrder, event: Event, move: str) -> None:
        """They answer nothing: the order is under way."""
        course = self.accesses.course(site, event.order.asked_at, move)
        for at, milestone in course.on_the_way:
            await self._come(at)
            await self._tell_more(event, at, milestone)

    def resume(self) -> None:
        """Goes on with the visits it had before a restart."""
        for visit in self.accesses.technicians.visits.values():
            if visit.standing == "booked" and visit.asked:
                place = Place(commune=visit.slot.commune, address="")
                order = Order(
                    **visit.asked,
                    effect="book",
                    line=visit.line,
                    asked_at=visit.booked_at,
                    site=SiteOrder(place=place),
                )
                event = Event(id="", order=order, at=visit.booked_at, host_line="")
                self.tasks[order.key] = asyncio.create_task(self._follow(event, visit.name))

    async def _follow(self, event: Event, visit: str) -> None:
        """What becomes of a visit, until it has an end."""
        while (coming := self.accesses.follow(visit)) is not None:
            await self._come(coming.at)
            outcome = self.accesses.happen(visit, coming)
            if outcome is not None:
                self.accesses.keep()
                await self._tell_more(event, coming.at, outcome)

    async def _tell_more(self, event: Event, at: datetime, outcome: Outcome) -> None:
        """Beside what came of the order itself."""
        await self.tell(replace(event, id=str(uuid.uuid4()), at=at, outcome=outcome))

    def _at_site(self, site: SiteOrder, event: Event, move: str) -> Event:
        order = event.order
        outcome = self.accesses.carry_out(
            order.effect, site, key=order.key, line=order.line, at=event.at, move=move
        )
        if isinstance(outcome, Impossible):
            return replace(event, code=self.codes[outcome.word])
        if order.effect != "check":
            self.accesses.keep()
        return replace(event, outcome=outcome)

    async def _take_back(self, site: SiteOrder, event: Event, reserved: Reserved) -> None:
        """By itself, and only what is still kept."""
        withdrawal = self.accesses.withdrawal(site, event.at)
        if withdrawal is None:
            return
        at, taken = withdrawal
        await self._come(at)
        if self.accesses.give_back(reserved.access):
            self.accesses.keep()
            await self._tell_more(event, at, taken)

    async def _complain(self, site: SiteOrder, event: Event, reserved: Reserved) -> None:
        """Of an access that is still kept, and cut another customer off."""
        complaint = self.accesses.complaint(site, event.at)
        if complaint is None:
            return
        at, overwritten = complaint
        await self._come(at)
        if reserved.access in self.accesses.geography.cut:
            told = replace(event, id=str(uuid.uuid4()), at=at, outcome=overwritten)
            await self.tell(told)

    async def _come(self, at: datetime) -> None:
        """Whoever has the clock may be restarting: it is asked again."""
        while True:
            try:
                wait = await self.clock.wait_for(at)
            except (aiohttp.ClientError, TimeoutError):
                await asyncio.sleep(CLOCK_PAUSE)
            else:
                await asyncio.sleep(wait.total_seconds())
                return

    def _event(self, order: Order, kind: str, detail: str) -> Event:
        at = self._due(order, kind, detail)
        line = self._line(order)
        event = Event(
            id=str(uuid.uuid4()),
            order=order,
            at=at,
            host_line=line.name if line else "",
            number=order.number if order.effect != "give" else self._new_number(),
        )
        if kind == "reject-later":
            return replace(event, code=detail)
        if order.effect == "switch":
            minutes = int(detail) if kind == "outage" else OUTAGE_MINUTES
            return replace(event, outage_from=at, at=at + timedelta(minutes=minutes))
        return event

    def _due(self, order: Order, kind: str, detail: str) -> datetime:
        if kind == "late":
            return order.asked_at + timedelta(hours=int(detail))
        if order.site is not None:
            move = f"{kind}:{detail}" if detail else kind
            return self.accesses.due(order.effect, order.site, order.asked_at, move)
        return order.asked_at + timedelta(hours=HOURS[order.effect])

    def _new_number(self) -> str:
        return f"{self.number_prefix}{len(self.books.effects):05d}"

    def _withdrawn(self, event: Event) -> Event:
        """What was done in the meantime is not called back any more."""
        of = event.order.of
        if of in self.told:
            return replace(event, code=self.codes["too-late"])
        task = self.tasks.pop(of, None)
        if task is not None:
            task.cancel()
        self.told[of] = event
        self.books.effects[of]["withdrawn"] = True
        return event

    async def _publish(self, event: Event, kind: str) -> None:
        if kind == "reorder":
            self.held.append(event)
            await asyncio.sleep(HELD_SECONDS)
            if event in self.held:
                self.held.remove(event)
                await self.tell(event)
            return
        for _ in range(2 if kind == "twice" else 1):
            await self.tell(event)
        while self.held:
            await self.tell(self.held.pop(0))

    # questions

    def asked(self, subject: str, number: str, *, line: str = "") -> Said:
        """What a question is answered with; the move itself when it is about the matter."""
        move = self.scripts.move(self.name, subject, number, line=line)
        kind, _, detail = move.partition(":")
        said = answered(kind, move)
        about = move if said == Said(kind="yes", detail=move) else GOOD
        return trouble(kind, detail) or replace(said, detail=about)

    def asked_of(self, subject: str, name: str) -> tuple[Said, Line | None]:
        """Likewise, of a line by its name."""
        line = self.line(name)
        if line is None:
            return self._no("unknown-line"), None
        said = self.asked(subject, line.number, line=line.reference)
        if subject == "rio" and said.kind == "yes" and not line.number:
            return self._no("no-number"), line
        return said, line

    def pictured(self, reference: str) -> tuple[Said, Picture | None]:
        """A photograph that was told of."""
        if reference not in self.accesses.photographs:
            return self._no("unknown-photograph"), None
        return Said(kind="yes"), picture_of(reference)

    def rio(self, line: Line) -> str:
        quality = f"{self.rio_prefix}P{_short(line.name)[:6]}"
        return quality + _control_key(quality + line.number)


def _against(effect: str, standing: str) -> str | None:
    if effect in {"switch", "give"} and standing == "ended":
        return "ended"
    if effect == "suspend" and standing != "active":
        return "already-suspended" if standing == "suspended" else "not-active"
    if effect == "resume" and standing != "suspended":
        return "not-suspended"
    return None


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8].upper()


_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+"


def _control_key(text: str) -> str:
    """Three sums over the characters, with multipliers 1, 2 and 4, each modulo 37."""
    sums = [0, 0, 0]
    for character in text:
        value = _ALPHABET.index(character)
        sums = [(factor * kept + value) % 37 for factor, kept in zip((1, 2, 4), sums, strict=True)]
    return "".join(_ALPHABET[one] for one in sums)
