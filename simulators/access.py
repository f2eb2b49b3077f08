"""Orders about a site, as any operator's network carries them out: when, and what comes of them.

The effects are `check`, `study`, `reserve`, `desaturate`, `give-back` and `put-back`; they are
taken, told and made to misbehave like all others of `network`, by a text that the site bears. A
move of theirs may also be a word of `site_words`, for that time only: `{"site": "Lilas", "check":
["service-down"]}`.
"""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from simulators.geography import Box, Found, Geography, Place, Quote, Studied
from simulators.site_words import is_word

ZONE = ZoneInfo("Europe/Paris")
HOURS = {"check": 2, "reserve": 24, "give-back": 4, "put-back": 4}
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
Outcome = Found | Studied | Reserved | Saturated | Desaturated | GivenBack | PutBack | Unasked


@dataclass
class Accesses:
    geography: Geography
    prefix: str
    """What its names of accesses begin with."""
    quotes: dict[str, str] = field(default_factory=dict)
    """The reference of the quote that waits for an answer, by the customer's line and its place."""
    holders: dict[str, str] = field(default_factory=dict)
    """Whose each access is, by the customer's line."""
    kept: Path | None = None
    """Where its books are kept over a restart."""

    def recall(self) -> None:
        if self.kept is None or not self.kept.exists():
            return
        found = json.loads(self.kept.read_text())
        boxes = (Box(**box) for box in found["boxes"])
        self.geography.boxes = {(box.name, box.medium): box for box in boxes}
        self.quotes, self.holders = found["quotes"], found["holders"]
        self.geography.cut = found.get("cut", {})

    def keep(self) -> None:
        if self.kept is None:
            return
        boxes = [asdict(box) for box in self.geography.boxes.values()]
        books = {
            "boxes": boxes,
            "quotes": self.quotes,
            "holders": self.holders,
            "cut": self.geography.cut,
        }
        beside = self.kept.with_suffix(".new")
        beside.write_text(json.dumps(books))
        beside.replace(self.kept)

    def impossible(self, effect: str, line: str, order: SiteOrder) -> str | None:
        if effect in {"reserve", "desaturate"}:
            waiting = self.quotes.get(_about(line, order.place))
            return "quote-needed" if waiting not in {None, order.quote} else None
        if effect in {"give-back", "put-back"} and order.access and not self._is_ours(order.access):
            return "unknown-access"
        return None

    def due(self, effect: str, order: SiteOrder, asked_at: datetime, move: str) -> datetime:
        match effect:
            case "study":
                return _working(asked_at, self.geography.study_days(order.place, _once(move)))
            case "desaturate":
                days = self.geography.desaturation_days(order.place, _once(move))
                return asked_at + timedelta(days=days)
            case _:
                return asked_at + timedelta(hours=HOURS[effect])

    def carry_out(
        self, effect: str, order: SiteOrder, *, key: str, line: str, at: datetime, move: str
    ) -> Outcome:
        once, about = _once(move), _about(line, order.place)
        match effect:
            case "check":
                return self.geography.check(order.place, order.technologies, order.down_kbps, once)
            case "study":
                studied = self.geography.study(order.place, order.technology, once)
                self._await(about, studied.quote)
                return studied
            case "reserve":
                return self._reserve(order, self._name(key), line, at, once)
            case "desaturate":
                self.quotes.pop(about, None)
                self.geography.desaturate(order.place, order.technology)
                return Desaturated()
            case "put-back":
                for access in self._of(order, line):
                    self.geography.put_back(access)
                    self.give_back(access)
                return PutBack()
            case _:
                for access in self._of(order, line):
                    self.give_back(access)
                return GivenBack()

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
