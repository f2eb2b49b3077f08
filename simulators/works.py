"""What comes of works, visits and tests at a site of a simulated network.

A failure is a word of `site_words.FAILURES`, or a code of the operator's own.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from simulators.geography import Geography, Place, Site
from simulators.technicians import Slot
from simulators.territories import later, zone_of

DIGGING = ("permits-asked", "permits-granted", "civil-works", "cabling", "connected")
MILESTONES = {
    "dedicated-fibre": DIGGING,
    "leased-line": DIGGING,
    "microwave": ("permits-asked", "permits-granted", "cabling", "connected"),
    "mobile-radio": (),
}
"""In their order; elsewhere all that is left is to pull a cable."""
CABLE = ("cabling", "connected")
DAYS = {
    "ftth": (2, 6),
    "shared-fibre": (3, 8),
    "dedicated-fibre": (25, 45),
    "leased-line": (15, 30),
    "microwave": (20, 35),
    "mobile-radio": (1, 2),
}
COPPER_DAYS = (3, 7)
AT_ONCE = timedelta(hours=4)
"""Where nothing is to be built."""
PAPERWORK = timedelta(hours=2)
"""Between the last of them and the end of the works, which is told after it."""
TURN = 2
"""The milestone, counted from the end, at which it is seen that the works take longer."""
LATE = "late"
"""Where the story has no code for it: each operator has its own."""
LOST = Decimal("0.1")
LOST_MAX = Decimal(1)
ENOUGH = Decimal("0.8")
"""Of the rate, for the operator's own verdict; what a contract guarantees is not its business."""
PER_CENT = 100


@dataclass(frozen=True, kw_only=True)
class Milestone:
    name: str
    expected: date
    code: str = ""
    """Of why another day is expected than before."""


@dataclass(frozen=True, kw_only=True)
class Built:
    visit: bool


@dataclass(frozen=True, kw_only=True)
class BuildStopped:
    failure: str


@dataclass(frozen=True, kw_only=True)
class SlotsOffered:
    slots: tuple[Slot, ...]


@dataclass(frozen=True, kw_only=True)
class VisitBooked:
    visit: str
    slot: Slot


@dataclass(frozen=True, kw_only=True)
class VisitCancelled:
    visit: str


@dataclass(frozen=True, kw_only=True)
class VisitMoved:
    """By the operator; it keeps its name."""

    visit: str
    slot: Slot
    code: str


@dataclass(frozen=True, kw_only=True)
class VisitKept:
    visit: str
    socket: str
    serials: tuple[str, ...]
    photographs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class VisitFailed:
    visit: str
    failure: str


@dataclass(frozen=True, kw_only=True)
class VisitMissed:
    visit: str
    code: str


@dataclass(frozen=True, kw_only=True)
class Measurement:
    name: str
    passed: bool
    measured: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Commissioned:
    tests: tuple[Measurement, ...]


Done = (
    Milestone
    | Built
    | BuildStopped
    | SlotsOffered
    | VisitBooked
    | VisitCancelled
    | VisitMoved
    | VisitKept
    | VisitFailed
    | VisitMissed
    | Commissioned
)


@dataclass(frozen=True, kw_only=True)
class Course:
    """Of works: what is told on the way, and their end."""

    on_the_way: tuple[tuple[datetime, Milestone], ...]
    ends_at: datetime
    outcome: Built | BuildStopped


def course_of(
    geography: Geography, place: Place, technology: str, *, asked_at: datetime, once: str = ""
) -> Course:
    site = geography.site(place, once)
    built = Built(visit=_visited(site, technology))
    if site.said("built") is not None or (place.locator == "socket" and not built.visit):
        return Course(on_the_way=(), ends_at=asked_at + AT_ONCE, outcome=built)
    story = _parts(site.said("works"))
    slip, _, why = story.get("late", "0").partition("=")
    drawn = geography.between(place.key, "works", DAYS.get(technology, COPPER_DAYS))
    days = max(1, site.number("works-days", drawn))
    names = MILESTONES.get(technology, CABLE)
    passed = _spread(place.commune, asked_at, days + int(slip), len(names))
    ends_at = _after(place.commune, asked_at, days + int(slip))
    first, then = _after(place.commune, asked_at, days).date(), ends_at.date()
    turn = max(0, len(names) - TURN)
    on_the_way = tuple(
        (at, _milestone(name, number - turn, first, then, why))
        for number, (name, at) in enumerate(zip(names, passed, strict=True))
    )
    failure = story.get("failed")
    if failure is None:
        return Course(on_the_way=on_the_way, ends_at=ends_at, outcome=built)
    stopped_at = passed[turn] if passed else ends_at
    return Course(
        on_the_way=on_the_way[:turn], ends_at=stopped_at, outcome=BuildStopped(failure=failure)
    )


def _milestone(name: str, since_turn: int, first: date, then: date, why: str) -> Milestone:
    if since_turn < 0 or first == then:
        return Milestone(name=name, expected=first)
    return Milestone(name=name, expected=then, code="" if since_turn else why or LATE)


def _visited(site: Site, technology: str) -> bool:
    if site.said("visit") is not None:
        return True
    nobody = site.place.locator == "socket" or technology == "mobile-radio"
    return not nobody and site.said("no-visit") is None


def _spread(commune: str, since: datetime, days: int, number: int) -> list[datetime]:
    """So many instants over so many worked days; the last one shortly before the end."""
    steps = [_after(commune, since, days * (place + 1) // number) for place in range(number)]
    return [*steps[:-1], *(last - PAPERWORK for last in steps[-1:])]


def _after(commune: str, since: datetime, days: int) -> datetime:
    local = since.astimezone(zone_of(commune))
    there = datetime.combine(later(commune, local.date(), days), local.timetz())
    return there.astimezone(since.tzinfo)


def story_of_visit(site: Site) -> list[str]:
    return list(filter(None, (site.said("visit") or "").split("+")))


def measured(
    geography: Geography, place: Place, technology: str, *, down_kbps: int | None, once: str = ""
) -> Commissioned:
    """Nothing is measured where it does not synchronise."""
    site = geography.site(place, once)
    story = _parts(site.said("tests"))
    if "no-sync" in story:
        return Commissioned(tests=tuple(Measurement(name=name, passed=False) for name in TESTS))
    offer = geography.offer(place, technology, down_kbps, once)
    slow = story.get("slow")
    share = int(slow) if slow else geography.between(place.key, "throughput", (94, 99))
    rates = {"down": offer.down_kbps, "up": offer.up_kbps}
    lost = Decimal(story["loss"]) if "loss" in story else LOST
    return Commissioned(
        tests=(
            Measurement(name="synchronisation", passed=True),
            *(
                Measurement(
                    name=f"throughput-{way}",
                    passed=rate * share // PER_CENT >= rate * ENOUGH,
                    measured=Decimal(rate * share // PER_CENT),
                )
                for way, rate in rates.items()
            ),
            Measurement(name="loss", passed=lost <= LOST_MAX, measured=lost),
            *(Measurement(name=name, passed=f"no-{name}" not in story) for name in CALLS),
        )
    )


CALLS = ("call-in", "call-out")
TESTS = ("synchronisation", "throughput-down", "throughput-up", "loss", *CALLS)


def _parts(story: str | None) -> dict[str, str]:
    """By kind, what a story says of it."""
    parts = (part.partition("=") for part in (story or "").split("+") if part)
    return {kind: detail for kind, _, detail in parts}
