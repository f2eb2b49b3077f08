"""Orders about a site, as any operator's network carries them out: when, and what comes of them.

The effects are `check`, `study`, `reserve`, `desaturate`, `build`, `offer`, `book`, `cancel-visit`,
`commission`, `give-back` and `put-back`; they are taken, told and made to misbehave like all others
of `network`, by a text that the site bears. A move of theirs may also be a word of `site_words`,
for that time only: `{"site": "Lilas", "check": ["service-down"], "book": ["visit:missed"]}`.
"""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from simulators import territories, works
from simulators.geography import Box, Found, Geography, Place, Quote, Site, Studied
from simulators.site_words import is_word
from simulators.technicians import AHEAD, Coming, Slot, Technicians, Visit

_OF_AN_ACCESS = frozenset({"build", "commission", "give-back", "put-back"})
ZONE = ZoneInfo("Europe/Paris")
HOURS = {
    "check": 2,
    "reserve": 24,
    "offer": 1,
    "book": 1,
    "cancel-visit": 1,
    "commission": 2,
    "give-back": 4,
    "put-back": 4,
}
SATURDAY = 5


@dataclass(frozen=True, kw_only=True)
class SiteOrder:
    """What an order about a site says beside its key, its effect and its customer's reference."""

    place: Place
    technologies: tuple[str, ...] = ()
    """Those asked about; the one chosen, afterwards."""
    down_kbps: int | None = None
    access: str = ""
    """The operator's own name of what it kept, of an order that gives it back."""
    quote: str = ""
    """The reference of the quote that was accepted."""
    not_before: date | None = None
    """The first day a technician may come."""
    slot: str = ""
    """The operator's own name of the one that was chosen."""
    visit: str = ""
    """And of the visit that is cancelled, or moved."""

    @property
    def technology(self) -> str:
        return self.technologies[0]


@dataclass(frozen=True, kw_only=True)
class Reserved:
    access: str


@dataclass(frozen=True, kw_only=True)
class Saturated:
    since: datetime
    at_customer: bool
    at_first_visit: bool
    quote: Quote | None


@dataclass(frozen=True, kw_only=True)
class Desaturated:
    pass


@dataclass(frozen=True, kw_only=True)
class GivenBack:
    pass


@dataclass(frozen=True, kw_only=True)
class SupplyTaken:
    """The operator takes back what it kept, by itself; in a code of its own where none is said."""

    code: str


@dataclass(frozen=True, kw_only=True)
class Overwritten:
    """What was kept was another customer's line; in a code of its own where none is said."""

    code: str


@dataclass(frozen=True, kw_only=True)
class PutBack:
    pass


Unasked = SupplyTaken | Overwritten


@dataclass(frozen=True, kw_only=True)
class Impossible:
    """Found out when it was to be done; in a word of the network's `codes`."""

    word: str


Outcome = (
    Found
    | Studied
    | Reserved
    | Saturated
    | Desaturated
    | GivenBack
    | PutBack
    | Unasked
    | works.Done
)


@dataclass
class Accesses:
    geography: Geography
    prefix: str
    """What its names of accesses begin with."""
    quotes: dict[str, str] = field(default_factory=dict)
    """The reference of the quote that waits for an answer, by the customer's line and its place."""
    holders: dict[str, str] = field(default_factory=dict)
    """Whose each access is, by the customer's line."""
    photographs: set[str] = field(default_factory=set)
    """Those that were told of in reports."""
    kept: Path | None = None
    """Where its books are kept over a restart."""
    technicians: Technicians = field(init=False)

    def __post_init__(self) -> None:
        self.technicians = Technicians(
            prefix=f"{self.prefix}C",
            digest=self.geography.digest,
            between=self.geography.between,
        )

    def recall(self) -> None:
        if self.kept is None or not self.kept.exists():
            return
        found = json.loads(self.kept.read_text())
        boxes = (Box(**box) for box in found["boxes"])
        self.geography.boxes = {(box.name, box.medium): box for box in boxes}
        self.quotes, self.holders = found["quotes"], found["holders"]
        self.geography.cut = found.get("cut", {})
        self.technicians.recall(found.get("visits", []))
        kept = (one.name for one in self.technicians.visits.values() if one.standing == "kept")
        self.photographs = {each for name in kept for each in self._photographs(name)}

    def keep(self) -> None:
        if self.kept is None:
            return
        boxes = [asdict(box) for box in self.geography.boxes.values()]
        books = {
            "boxes": boxes,
            "quotes": self.quotes,
            "holders": self.holders,
            "cut": self.geography.cut,
            "visits": self.technicians.kept(),
        }
        beside = self.kept.with_suffix(".new")
        beside.write_text(json.dumps(books))
        beside.replace(self.kept)

    def impossible(self, effect: str, line: str, order: SiteOrder) -> str | None:
        if effect in {"reserve", "desaturate"}:
            waiting = self.quotes.get(_about(line, order.place))
            return "quote-needed" if waiting not in {None, order.quote} else None
        if order.access and not self._is_ours(order.access) and effect in _OF_AN_ACCESS:
            return "unknown-access"
        if effect == "book" and self._slot(order) is None:
            return "unknown-slot"
        return self._no_visit(effect, order)

    def _slot(self, order: SiteOrder) -> Slot | None:
        return self.technicians.slot(order.slot, order.place.commune)

    def _no_visit(self, effect: str, order: SiteOrder) -> str | None:
        """Why the visit that it names is not there to be moved or cancelled."""
        if effect not in {"book", "cancel-visit"} or (effect == "book" and not order.visit):
            return None
        visit = self.technicians.visits.get(order.visit)
        if visit is None:
            return "unknown-visit"
        return None if visit.standing == "booked" else "visit-over"

    def due(self, effect: str, order: SiteOrder, asked_at: datetime, move: str) -> datetime:
        match effect:
            case "study":
                return _working(asked_at, self.geography.study_days(order.place, _once(move)))
            case "desaturate":
                days = self.geography.desaturation_days(order.place, _once(move))
                return asked_at + timedelta(days=days)
            case "build":
                return self.course(order, asked_at, move).ends_at
            case _:
                return asked_at + timedelta(hours=HOURS[effect])

    def course(self, order: SiteOrder, asked_at: datetime, move: str) -> works.Course:
        """Of the works that it asks for."""
        return works.course_of(
            self.geography, order.place, order.technology, asked_at=asked_at, once=_once(move)
        )

    def carry_out(
        self, effect: str, order: SiteOrder, *, key: str, line: str, at: datetime, move: str
    ) -> Outcome | Impossible:
        once = _once(move)
        done: Outcome | Impossible
        match effect:
            case "check":
                done = self.geography.check(order.place, order.technologies, order.down_kbps, once)
            case "study":
                done = self._studied(order, line, once)
            case "reserve":
                done = self._reserve(order, self._name(key), line, at, once)
            case "desaturate":
                done = self._desaturated(order, line)
            case "build" | "commission":
                done = self._work(effect, order, at, once)
            case "offer":
                done = self._offered(order, at, once)
            case "book":
                done = self._booked(order, key=key, line=line, at=at, once=once)
            case "cancel-visit":
                done = self._cancelled(order)
            case "put-back":
                done = self._put_back(order, line)
            case _:
                done = self._given_back(order, line)
        return done

    def follow(self, visit: str) -> Coming | None:
        """The next thing that is to become of a visit."""
        return self.technicians.coming(self.technicians.visits[visit])

    def happen(self, name: str, coming: Coming) -> Outcome | None:
        """None when it was moved or cancelled meanwhile."""
        visit = self.technicians.visits[name]
        if not self.technicians.happen(visit, coming):
            return None
        match coming.kind:
            case "moved":
                return works.VisitMoved(visit=name, slot=visit.slot, code=coming.code)
            case "missed":
                return works.VisitMissed(visit=name, code=coming.code)
            case "failed":
                return works.VisitFailed(visit=name, failure=coming.detail)
            case _:
                mark, photographs = self._mark(name), self._photographs(name)
                self.photographs.update(photographs)
                return works.VisitKept(
                    visit=name,
                    socket=visit.socket,
                    serials=(f"ONT-{mark[:8]}", f"RTR-{mark[2:10]}"),
                    photographs=photographs,
                )

    def _mark(self, visit: str) -> str:
        return self.geography.digest(visit, "report")

    def _photographs(self, visit: str) -> tuple[str, str]:
        mark = self._mark(visit)[:6]
        return f"PH-{mark}-1", f"PH-{mark}-2"

    def give_back(self, access: str) -> bool:
        """Whether it was kept at all."""
        self.holders.pop(access, None)
        return self.geography.give_back(access)

    def complaint(self, order: SiteOrder, at: datetime) -> tuple[datetime, Overwritten] | None:
        """When it comes out that what it keeps since then is another customer's line, if it is."""
        said = self.geography.site(order.place).said("overwritten")
        if said is None:
            return None
        days, _, code = said.partition(":")
        return at + timedelta(days=int(days)), Overwritten(code=code)

    def withdrawal(self, order: SiteOrder, at: datetime) -> tuple[datetime, SupplyTaken] | None:
        """When the operator takes back by itself what it keeps since then, if it does."""
        said = self.geography.site(order.place).said("withdrawn")
        if said is None:
            return None
        days, _, code = said.partition(":")
        return at + timedelta(days=int(days)), SupplyTaken(code=code)

    def _studied(self, order: SiteOrder, line: str, once: str) -> Outcome:
        studied = self.geography.study(order.place, order.technology, once)
        self._await(_about(line, order.place), studied.quote)
        return studied

    def _desaturated(self, order: SiteOrder, line: str) -> Outcome:
        self.quotes.pop(_about(line, order.place), None)
        self.geography.desaturate(order.place, order.technology)
        return Desaturated()

    def _given_back(self, order: SiteOrder, line: str) -> Outcome:
        for access in self._of(order, line):
            self.give_back(access)
        self.technicians.let_go(line)
        return GivenBack()

    def _put_back(self, order: SiteOrder, line: str) -> Outcome:
        for access in self._of(order, line):
            self.geography.put_back(access)
            self.give_back(access)
        self.technicians.let_go(line)
        return PutBack()

    def _work(self, effect: str, order: SiteOrder, at: datetime, once: str) -> Outcome:
        if effect == "build":
            return self.course(order, at, once).outcome
        return works.measured(
            self.geography,
            order.place,
            order.technology,
            down_kbps=order.down_kbps,
            once=once,
        )

    def _offered(self, order: SiteOrder, at: datetime, once: str) -> Outcome:
        commune = order.place.commune
        today = at.astimezone(territories.zone_of(commune)).date()
        soon = territories.later(commune, today, AHEAD)
        since = max(soon, order.not_before or soon)
        room = self._room(self.geography.site(order.place, once))
        return works.SlotsOffered(slots=self.technicians.offered(commune, since, room))

    def _booked(
        self, order: SiteOrder, *, key: str, line: str, at: datetime, once: str
    ) -> Outcome | Impossible:
        over, slot = self._no_visit("book", order), self._slot(order)
        if over is not None or slot is None:
            return Impossible(word=over or "unknown-slot")
        site = self.geography.site(order.place, once)
        visit = Visit(
            name=self._visit_name(key),
            line=line,
            slot=slot,
            booked_at=at,
            story=works.story_of_visit(site),
            socket=site.socket,
            room=self.technicians.room(slot, self._room(site)),
        )
        former = self.technicians.visits.get(order.visit)
        if slot.begins <= at or not self.technicians.book(visit, instead=former):
            return Impossible(word="slot-taken")
        return works.VisitBooked(visit=visit.name, slot=slot)

    @staticmethod
    def _room(site: Site) -> int | None:
        said = site.said("technicians")
        return int(said) if said else None

    def _cancelled(self, order: SiteOrder) -> Outcome | Impossible:
        over = self._no_visit("cancel-visit", order)
        if over is not None:
            return Impossible(word=over)
        self.technicians.cancel(self.technicians.visits[order.visit])
        return works.VisitCancelled(visit=order.visit)

    def _visit_name(self, key: str) -> str:
        name = f"{self.prefix}V{hashlib.sha256(key.encode()).hexdigest()[:8].upper()}"
        times = sum(visit.startswith(name) for visit in self.technicians.visits)
        return f"{name}-{times + 1}" if times else name

    def _reserve(
        self, order: SiteOrder, access: str, line: str, at: datetime, once: str
    ) -> Outcome:
        about = _about(line, order.place)
        pairs = self.geography.pairs(order.place, order.technology, order.down_kbps)
        full = self.geography.reserve(order.place, order.technology, access, pairs=pairs, once=once)
        self.quotes.pop(about, None)
        if full is None:
            self.holders[access] = line
            return Reserved(access=access)
        self._await(about, full.quote)
        return Saturated(
            since=at - timedelta(days=full.since_days),
            at_customer=full.at_customer,
            at_first_visit=full.at_first_visit,
            quote=full.quote,
        )

    def _await(self, about: str, quote: Quote | None) -> None:
        if quote is not None:
            self.quotes[about] = quote.reference

    def _name(self, key: str) -> str:
        """The same order done twice keeps two: that is what a test looks for."""
        name = self.prefix + hashlib.sha256(key.encode()).hexdigest()[:8].upper()
        times = sum(access.startswith(name) for access in self.holders)
        return f"{name}-{times + 1}" if times else name

    def _is_ours(self, access: str) -> bool:
        """One of before a restart is known by the form of its name."""
        return re.fullmatch(rf"{re.escape(self.prefix)}[0-9A-F]{{8}}(-\d+)?", access) is not None

    def _of(self, order: SiteOrder, line: str) -> list[str]:
        return [order.access] if order.access else self._held_by(line)

    def _held_by(self, line: str) -> list[str]:
        return [access for access, holder in self.holders.items() if holder == line]


def _about(line: str, place: Place) -> str:
    """Shows nobody where it is."""
    return f"{line} {hashlib.sha256(place.key.encode()).hexdigest()[:12]}"


def _once(move: str) -> str:
    return move if is_word(move) else ""


def _working(moment: datetime, days: int) -> datetime:
    """So many days from Monday to Friday later; holidays are nobody's here."""
    local = moment.astimezone(ZONE)
    while days:
        local += timedelta(days=1)
        days -= local.weekday() < SATURDAY
    return local.astimezone(moment.tzinfo)
