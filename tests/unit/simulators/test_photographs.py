"""Pictures a simulated network gives: real ones, and only those that a report has told of."""

import io
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

from simulators.access import Accesses, SiteOrder
from simulators.geography import Geography, Place
from simulators.photographs import picture_of
from simulators.scripts import Scripts
from simulators.works import SlotsOffered, VisitBooked, VisitKept

AT = datetime(2027, 1, 7, 9, 0, tzinfo=UTC)
PLACE = Place(commune="59350", address="1 rue des Lilas")


def _network(kept: Path) -> Accesses:
    scripts = Scripts()
    scripts.learn({"site": "Lilas", "is": ["technicians:1"]})
    geography = Geography(operator="orange", scripts=scripts)
    return Accesses(geography=geography, prefix="OL-S", kept=kept)


def _kept(accesses: Accesses) -> VisitKept:
    def done(effect: str, slot: str = "") -> object:
        asked = SiteOrder(place=PLACE, technologies=("ftth",), slot=slot)
        return accesses.carry_out(effect, asked, key="k", line="one", at=AT, move="good")

    offered = done("offer")
    assert isinstance(offered, SlotsOffered)
    booked = done("book", offered.slots[0].name)
    assert isinstance(booked, VisitBooked)
    coming = accesses.follow(booked.visit)
    assert coming is not None
    kept = accesses.happen(booked.visit, coming)
    assert isinstance(kept, VisitKept)
    return kept


def test_photographs_are_there_once_the_visit_is_told_and_after_a_restart(tmp_path: Path) -> None:
    accesses = _network(tmp_path / "sites.json")
    before = set(accesses.photographs)

    kept = _kept(accesses)
    accesses.keep()
    restarted = _network(tmp_path / "sites.json")
    restarted.recall()

    assert before == set()
    assert accesses.photographs == set(kept.photographs) == restarted.photographs


def test_a_picture_is_a_real_one_and_always_the_same() -> None:
    first, second = picture_of("PH-1A2B3C-1"), picture_of("PH-1A2B3C-2")

    formats = []
    for picture in (first, second):
        with Image.open(io.BytesIO(picture.content)) as found:
            found.load()
            formats.append((found.format, found.size))
    assert formats == [("JPEG", (96, 64)), ("PNG", (96, 64))]
    assert [first.media_type, second.media_type] == ["image/jpeg", "image/png"]
    assert len({first.content, second.content, picture_of("PH-4D5E6F-1").content}) == 3
    assert picture_of.__wrapped__("PH-1A2B3C-1") == first
