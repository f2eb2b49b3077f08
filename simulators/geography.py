"""Where a simulated network lies: its sites, the boxes they hang on, and what stands in the way.

No site is listed beforehand. It is drawn when it is first asked about, from the seed of the story,
the operator, the commune and what it is named by (a building, a socket, a line, or its address):
the same seed tells the same story, whatever else is asked in between. Sites of one street hang on
one box, whose pairs, ports and cells real orders take and desaturation adds; no more is ever kept
than there is.

A network is open everywhere and has a few dozen of each, unless the words of `site_words` say
otherwise.
"""

import hashlib
import re
from dataclasses import dataclass, field
from decimal import Decimal

from simulators.scenarios import GOOD
from simulators.scripts import Scripts
from simulators.site_words import BARRIERS, COPPER, RADIO, scope

STUDIED = ("dedicated-fibre", "leased-line", "microwave")
"""Studied first, wherever it is."""
REACH = {"adsl": 5500, "vdsl": 1500, "sdsl": 3500, "bundled-pairs": 4000}
"""As far as copper carries it, in metres."""
RATES = {
    "ftth": (1_000_000, 700_000),
    "shared-fibre": (800_000, 40_000),
    "dedicated-fibre": (1_000_000, 1_000_000),
    "adsl": (20_000, 1_000),
    "vdsl": (70_000, 20_000),
    "sdsl": (8_000, 8_000),
    "bundled-pairs": (5_700, 5_700),
    "mobile-radio": (150_000, 30_000),
    "microwave": (100_000, 100_000),
    "leased-line": (10_000, 10_000),
}
"""At no distance, in kbit/s; of bundled pairs, each."""
LEADS = {
    "ftth": (8, 20),
    "shared-fibre": (10, 20),
    "dedicated-fibre": (40, 60),
    "mobile-radio": (3, 8),
    "microwave": (30, 50),
    "leased-line": (20, 40),
}
COPPER_LEAD = (8, 15)
BUNDLE_MAX = 8
STUDY_DAYS = (3, 7)
LENGTHS = (150, 950)
SINCE = (0, 3)
ROOM = (24, 60)
ADDED = 8
"""What one desaturation adds to a box."""
KINDS = ("first-visit", "deferred", "exceptional")
DAYS = {"first-visit": 1, "customer": 7, "deferred": 42, "exceptional": 28}
ITEMS = {
    "works": (
        ("Génie civil en domaine privé", (900, 4200)),
        ("Fourreaux", (250, 1500)),
        ("Main-d'œuvre", (180, 900)),
    ),
    "desaturation": (
        ("Pose d'un point de concentration", (400, 1200)),
        ("Tirage de câble", (300, 2400)),
        ("Main-d'œuvre", (180, 900)),
    ),
}


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where an order says that it is to be delivered."""

    commune: str
    address: str
    locator: str = "address"
    """address, building, socket or line."""
    name: str = ""

    def __repr__(self) -> str:
        return f"Place({self.commune}, {self.locator})"

    @property
    def key(self) -> str:
        return "\n".join((self.commune, self.locator, _plain(self.name or self.address)))

    @property
    def street(self) -> str:
        """Its address without the number of the house."""
        return self.commune + re.sub(r"^\d+ ?(bis|ter)?\b[, ]*", "", _plain(self.address))

    def bears(self, text: str) -> bool:
        return any(_plain(text) in _plain(one) for one in (self.address, self.name, self.commune))


@dataclass(frozen=True, kw_only=True)
class Offer:
    technology: str
    down_kbps: int
    up_kbps: int
    lead_days: int
    study: bool
    pairs: int | None = None


@dataclass(frozen=True, kw_only=True)
class Barrier:
    """In a word of the table above; its code where it is one that nobody knows."""

    technology: str
    word: str
    code: str = ""


@dataclass(frozen=True, kw_only=True)
class Found:
    offers: tuple[Offer, ...]
    barriers: tuple[Barrier, ...]
    uses: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Quote:
    kind: str
    """works or desaturation."""
    reference: str
    items: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, kw_only=True)
class Studied:
    verdict: str
    """positive, negative or redefine."""
    code: str = ""
    technology: str = ""
    lead_days: int | None = None
    fee_change: Decimal | None = None
    quote: Quote | None = None


@dataclass(frozen=True, kw_only=True)
class Saturation:
    at_customer: bool
    at_first_visit: bool
    since_days: int
    quote: Quote | None


@dataclass
class Box:
    """What a street or a pinned text has of one medium, and who has it."""

    name: str
    medium: str
    capacity: int
    kept: dict[str, int] = field(default_factory=dict)

    @property
    def left(self) -> int:
        return self.capacity - sum(self.kept.values())

    def keep(self, access: str, number: int) -> bool:
        """Never more than there is."""
        if access in self.kept or number > self.left:
            return False
        self.kept[access] = number
        return True


@dataclass(frozen=True, kw_only=True)
class Site:
    place: Place
    words: tuple[str, ...]
    box: str
    length: int
    building: str
    socket: str

    def said(self, name: str) -> str | None:
        """What the first word of that name says; nothing if there is none."""
        found = (word.partition(":")[2] for word in self.words if _kind(word) == name)
        return next(found, None)

    def number(self, name: str, drawn: int) -> int:
        """What the first word of that name says, or else what was drawn."""
        said = self.said(name)
        return drawn if said is None else int(said)

    @property
    def metres(self) -> int:
        """Of its copper line."""
        return self.number("length", self.length)

    @property
    def uses(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.said("use") or "").split(",")))


@dataclass
class Geography:
    """One operator's network on the ground."""

    operator: str
    scripts: Scripts
    boxes: dict[tuple[str, str], Box] = field(default_factory=dict)
    cut: dict[str, str] = field(default_factory=dict)
    """The site where another customer was cut off by an access that is kept, by that access."""

    def site(self, place: Place, once: str = "") -> Site:
        """As it is told; `once` is a word for this time only."""
        pins = [pin for pin in self.scripts.pins(self.operator, place.bears) if pin.words]
        words = tuple(word for pin in pins for word in pin.words)
        if not words:
            drawn = self.scripts.scenario.drawn(self.operator, "site", place.key, time=1)
            words = () if drawn == GOOD else (drawn,)
        own = next((pin.text for pin in pins if any(map(_is_room, pin.words))), place.key)
        room = "\n".join(filter(_is_room, words))
        code = self.digest(place.key, "names")
        return Site(
            place=place,
            words=(once, *words) if once else words,
            box=f"B-{self.digest(own if room else place.street, room)}",
            length=self.between(place.key, "length", LENGTHS),
            building=f"IMB/{place.commune}/{code[:4]}",
            socket=f"OO-{code[:4]}-{code[4:8]}",
        )

    # what is asked

    def offer(self, place: Place, technology: str, down_kbps: int | None, once: str = "") -> Offer:
        """What it has there, were nothing in its way."""
        return self._offer(self.site(place, once), technology, down_kbps)

    def check(
        self, place: Place, technologies: tuple[str, ...], down_kbps: int | None, once: str = ""
    ) -> Found:
        site = self.site(place, once)
        found = {one: _barrier(site, one) for one in technologies}
        return Found(
            offers=tuple(
                self._offer(site, one, down_kbps) for one, barrier in found.items() if not barrier
            ),
            barriers=tuple(barrier for barrier in found.values() if barrier),
            uses=self._in_use(site),
        )

    def study(self, place: Place, technology: str, once: str = "") -> Studied:
        site = self.site(place, once)
        for verdict in ("negative", "redefine"):
            code = site.said(f"study-{verdict}")
            if code is not None:
                return Studied(verdict=verdict, code=code or verdict.upper())
        fee, lead = site.said("study-fee"), site.said("study-lead")
        other = site.said("study-technology")
        return Studied(
            verdict="positive",
            technology=other if other and other != technology else "",
            lead_days=int(lead) if lead else None,
            fee_change=Decimal(fee) if fee else None,
            quote=None if site.said("study-works") is None else self._quote(site, "works"),
        )

    def study_days(self, place: Place, once: str = "") -> int:
        """Working days."""
        site = self.site(place, once)
        return site.number("study-days", self.between(place.key, "study", STUDY_DAYS))

    def pairs(self, place: Place, technology: str, down_kbps: int | None) -> int:
        """How many it takes of its box."""
        return self._offer(self.site(place), technology, down_kbps).pairs or 1

    def reserve(
        self, place: Place, technology: str, access: str, *, pairs: int = 1, once: str = ""
    ) -> Saturation | None:
        """None when it is kept."""
        box = self.box(self.site(place), technology)
        if _kind(once) != "saturated" and box.keep(access, pairs):
            if self.site(place).said("overwritten") is not None:
                self.cut[access] = self.digest(place.key, "cut")
            return None
        site = self.site(place, once)
        kinds = self._saturation(site)
        return Saturation(
            at_customer="customer" in kinds,
            at_first_visit="first-visit" in kinds,
            since_days=site.number("saturated-since", self.between(place.key, "since", SINCE)),
            quote=self._quote(site, "desaturation") if "exceptional" in kinds else None,
        )

    def desaturation_days(self, place: Place, once: str = "") -> int:
        """Days as they come."""
        site = self.site(place, once)
        longest = max(DAYS[kind] for kind in self._saturation(site))
        return site.number("desaturate-days", longest)

    def desaturate(self, place: Place, technology: str) -> None:
        self.box(self.site(place), technology).capacity += ADDED

    def give_back(self, access: str) -> bool:
        """Whether it was kept at all."""
        holding = [box for box in self.boxes.values() if access in box.kept]
        for box in holding:
            del box.kept[access]
        return bool(holding)

    def put_back(self, access: str) -> bool:
        """Whoever was cut off has its line again; whether anybody was."""
        return self.cut.pop(access, None) is not None

    def box(self, site: Site, technology: str) -> Box:
        medium = medium_of(technology)
        known = self.boxes.get((site.box, medium))
        if known is None:
            drawn = self.between(site.box, medium, ROOM)
            room = site.number(medium, drawn) if site.said("saturated") is None else 0
            known = Box(name=site.box, medium=medium, capacity=room)
            self.boxes[site.box, medium] = known
        return known

    def look(self, place: Place) -> dict[str, object]:
        """What a site is to somebody who knows where it is."""
        site = self.site(place)
        return {
            "box": site.box,
            "building": site.building,
            "socket": site.socket,
            "metres": site.metres,
            "uses": list(self._in_use(site)),
            "words": list(site.words),
        }

    def shown(self) -> list[dict[str, object]]:
        """Its books of what there is and what is kept."""
        return [
            {
                "box": box.name,
                "medium": box.medium,
                "capacity": box.capacity,
                "kept": sum(box.kept.values()),
                "accesses": sorted(box.kept),
            }
            for box in self.boxes.values()
        ]

    # how it is drawn

    def _in_use(self, site: Site) -> tuple[str, ...]:
        """Of a customer that was cut off, nothing."""
        gone = self.digest(site.place.key, "cut") in self.cut.values()
        return () if gone else site.uses

    def _offer(self, site: Site, technology: str, down_kbps: int | None) -> Offer:
        down, up = RATES[technology]
        pairs = None
        if technology in REACH:
            left = max(0.2, 1 - 0.8 * site.metres / REACH[technology])
            down, up = int(down * left), int(up * left)
        if technology == "bundled-pairs":
            pairs = min(BUNDLE_MAX, max(2, -(-(down_kbps or 0) // down)))
            down, up = down * pairs, up * pairs
        rate = site.said("rate")
        if rate:
            most, _, back = rate.partition("/")
            down, up = min(down, int(most)), min(up, int(back or most))
        drawn = self.between(site.place.key, technology, LEADS.get(technology, COPPER_LEAD))
        study = technology in STUDIED and site.said("no-study") is None
        return Offer(
            technology=technology,
            down_kbps=down,
            up_kbps=up,
            lead_days=site.number("lead", drawn),
            study=study or site.said("study") is not None,
            pairs=pairs,
        )

    def _saturation(self, site: Site) -> tuple[str, ...]:
        said = site.said("saturated")
        if said:
            return tuple(said.split("+"))
        return (KINDS[self.between(site.place.key, "saturation", (0, len(KINDS) - 1))],)

    def _quote(self, site: Site, kind: str) -> Quote:
        said = site.said("quote")
        items = tuple(
            (what, Decimal(self.between(site.place.key, what, limits)))
            for what, limits in ITEMS[kind]
        )
        if said:
            parts = [item.partition("=") for item in said.split(";")]
            items = tuple((what, Decimal(euros)) for what, _, euros in parts)
        return Quote(kind=kind, reference=f"Q-{self.digest(site.place.key, kind)[:8]}", items=items)

    def between(self, key: str, what: str, limits: tuple[int, int]) -> int:
        low, high = limits
        return low + int(self.digest(key, what), 16) % (high - low + 1)

    def digest(self, key: str, what: str) -> str:
        content = f"{self.scripts.scenario.seed}\n{self.operator}\n{key}\n{what}"
        return hashlib.sha256(content.encode()).hexdigest()[:12].upper()


def medium_of(technology: str) -> str:
    """pairs, ports or cells: what it takes of a box."""
    if technology in COPPER:
        return "pairs"
    return "cells" if technology in RADIO else "ports"


def _barrier(site: Site, technology: str) -> Barrier | None:
    for word in site.words:
        kind, _, detail = word.partition(":")
        if kind == "deployed":
            return None
        if kind == "only" and technology not in detail.split(","):
            return Barrier(technology=technology, word="not-deployed")
        if kind == "code":
            code, _, some = detail.partition(":")
            if technology in scope(kind, some):
                return Barrier(technology=technology, word="other", code=code)
        if kind in BARRIERS and technology in scope(kind, detail):
            return Barrier(technology=technology, word=kind)
    if technology in REACH and site.metres > REACH[technology]:
        return Barrier(technology=technology, word="too-long")
    return None


def _is_room(word: str) -> bool:
    return _kind(word) in {"pairs", "ports", "cells", "saturated"}


def _kind(word: str) -> str:
    return word.partition(":")[0]


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
