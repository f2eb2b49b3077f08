"""The technicians of a simulated network: half-days in each commune, and the visits they hold.

A half-day has room for so many, which bookings consume and cancelling gives back: no more are ever
booked than can come. What becomes of a visit is told by its story: it is moved, missed, failed, or
else kept.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from simulators.territories import later, works_on, zone_of

HALVES = {"morning": (time(8), time(13)), "afternoon": (time(13), time(18))}
INITIALS = {"morning": "M", "afternoon": "A"}
AHEAD = 2
"""Worked days before the first slot that is offered."""
LOOKED_AT = 90
"""Days, for slots with room."""
OFFERED = 8
ROOM = (0, 3)
TOLD_BEFORE = timedelta(days=2)
"""How long before a visit its operator says that it moves it, where there is time."""
AN_HOUR = timedelta(hours=1)
MISSED, MOVED = "missed", "moved"


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One half-day of technicians, in one commune."""

    name: str
    commune: str
    day: date
    half: str

    @property
    def begins(self) -> datetime:
        return self._at(HALVES[self.half][0])

    @property
    def ends(self) -> datetime:
        return self._at(HALVES[self.half][1])

    def _at(self, hour: time) -> datetime:
        return datetime.combine(self.day, hour, tzinfo=zone_of(self.commune))


@dataclass
class Visit:
    """Booked by a customer's line, under an order's key; with what will become of it."""

    name: str
    line: str
    slot: Slot
    booked_at: datetime
    story: list[str]
    """Parts of a story of `site_words`, not told yet."""
    socket: str
    room: int
    """Of half-days where it is; for when it is moved."""
    standing: str = "booked"
    asked: dict[str, str] = field(default_factory=dict)
    """The key of its order, and what the books call that; for whoever goes on after a restart."""


@dataclass(frozen=True, kw_only=True)
class Coming:
    """The next thing that is to become of a visit."""

    at: datetime
    kind: str
    """moved, failed, missed or kept."""
    detail: str = ""
    code: str = ""


@dataclass
class Technicians:
    prefix: str
    """What names of slots begin with."""
    digest: Callable[[str, str], str]
    """Drawn by the story's seed."""
    between: Callable[[str, str, tuple[int, int]], int]
    visits: dict[str, Visit] = field(default_factory=dict)
    taken: Counter[str] = field(default_factory=Counter)
    """How many are booked, by slot."""

    def offered(self, commune: str, since: date, room: int | None) -> tuple[Slot, ...]:
        """The next ones with room; `room` is what is said of the place, if anything is."""
        found: list[Slot] = []
        for slot in self._half_days(commune, since):
            if self.left(slot, self.room(slot, room)) > 0:
                found.append(slot)
            if len(found) == OFFERED:
                break
        return tuple(found)

    def slot(self, name: str, commune: str) -> Slot | None:
        """One of its own, by its name."""
        parts = re.fullmatch(rf"{re.escape(self.prefix)}(\d{{8}})([MA])-[0-9A-F]{{4}}", name)
        if parts is None:
            return None
        half = next(half for half, initial in INITIALS.items() if initial == parts[2])
        try:
            day = date.fromisoformat(parts[1])
        except ValueError:
            return None
        slot = self._slot(commune, day, half)
        return slot if slot.name == name and works_on(commune, day) else None

    def room(self, slot: Slot, said: int | None) -> int:
        return self.between(slot.name, "technicians", ROOM) if said is None else said

    def left(self, slot: Slot, room: int) -> int:
        return room - self.taken[slot.name]

    def book(self, visit: Visit, *, instead: Visit | None = None) -> bool:
        """Never more than can come; `instead` gives its own back."""
        mine = instead is not None and instead.slot.name == visit.slot.name
        if self.left(visit.slot, visit.room) + mine <= 0:
            return False
        if instead is not None:
            self._end(instead, MOVED)
        self.visits[visit.name] = visit
        self.taken[visit.slot.name] += 1
        return True

    def coming(self, visit: Visit) -> Coming | None:
        """None once nothing is to come of it any more."""
        if visit.standing != "booked":
            return None
        kind, _, detail = (visit.story or ["kept"])[0].partition("=")
        detail, _, code = detail.partition("=")
        slot = visit.slot
        match kind:
            case "moved":
                at = max(slot.begins - TOLD_BEFORE, visit.booked_at + AN_HOUR)
            case "missed":
                at, code = slot.ends + AN_HOUR, detail
            case "failed":
                at = slot.begins + AN_HOUR
            case _:
                at = slot.begins + self.between(visit.name, "stay", (60, 210)) * AN_HOUR / 60
        return Coming(at=at.astimezone(visit.booked_at.tzinfo), kind=kind, detail=detail, code=code)

    def happen(self, visit: Visit, coming: Coming) -> bool:
        """Whether it did: what was moved or cancelled meanwhile is nobody's any more."""
        if self.coming(visit) != coming:
            return False
        visit.story = visit.story[1:]
        if coming.kind == MOVED:
            self.taken[visit.slot.name] -= 1
            visit.slot = self._moved(visit, int(coming.detail))
            self.taken[visit.slot.name] += 1
        else:
            self._end(visit, coming.kind)
        return True

    def cancel(self, visit: Visit) -> None:
        self._end(visit, "cancelled")

    def _end(self, visit: Visit, standing: str) -> None:
        visit.standing = standing
        self.taken[visit.slot.name] -= 1

    def let_go(self, line: str) -> None:
        """Nobody comes to an access that was given back."""
        for visit in self.visits.values():
            if visit.line == line and visit.standing == "booked":
                self.cancel(visit)

    def shown(self) -> list[dict[str, Any]]:
        """Its books of half-days that somebody has or had a visit in."""
        slots = {visit.slot.name: visit.slot for visit in self.visits.values()}
        return [
            {
                "slot": slot.name,
                "day": slot.day.isoformat(),
                "half": slot.half,
                "booked": self.taken[name],
                "visits": {
                    one.name: one.standing for one in self.visits.values() if one.slot.name == name
                },
            }
            for name, slot in sorted(slots.items())
        ]

    def kept(self) -> list[dict[str, Any]]:
        """What a restart must not lose: no line's place is in it."""
        return [
            {
                **vars(visit),
                "slot": {**vars(visit.slot), "day": visit.slot.day.isoformat()},
                "booked_at": visit.booked_at.isoformat(),
            }
            for visit in self.visits.values()
        ]

    def recall(self, kept: list[dict[str, Any]]) -> None:
        for one in kept:
            slot = {**one["slot"], "day": date.fromisoformat(one["slot"]["day"])}
            at = datetime.fromisoformat(one["booked_at"])
            visit = Visit(**{**one, "slot": Slot(**slot), "booked_at": at})
            self.visits[visit.name] = visit
            self.taken[visit.slot.name] += visit.standing == "booked"

    def _moved(self, visit: Visit, days: int) -> Slot:
        """The same half-day later, or the next one with room; where it is when there is none."""
        there = replace(visit.slot, day=later(visit.slot.commune, visit.slot.day, days))
        same = self._slot(there.commune, there.day, there.half)
        if self.left(same, visit.room) > 0:
            return same
        slots = self._half_days(there.commune, there.day)
        return next((slot for slot in slots if self.left(slot, visit.room) > 0), visit.slot)

    def _half_days(self, commune: str, since: date) -> Iterator[Slot]:
        for days in range(LOOKED_AT):
            day = since + timedelta(days=days)
            if works_on(commune, day):
                yield from (self._slot(commune, day, half) for half in HALVES)

    def _slot(self, commune: str, day: date, half: str) -> Slot:
        mark = self.digest(commune, "technicians")[:4]
        name = f"{self.prefix}{day:%Y%m%d}{INITIALS[half]}-{mark}"
        return Slot(name=name, commune=commune, day=day, half=half)
