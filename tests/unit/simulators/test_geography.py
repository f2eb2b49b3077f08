"""Where a simulated network lies: the same story from the same seed, and nothing sold twice."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.geography import (
    Barrier,
    Found,
    Geography,
    Offer,
    Place,
    Site,
    Studied,
    medium_of,
)
from simulators.scenarios import Scenario, ScenarioError, scenario_of
from simulators.scripts import Scripts
from simulators.site_words import TECHNOLOGIES, is_word

STREETS = ("rue des Lilas", "rue du Port", "place du Marché")
PLACES = tuple(
    Place(commune="59350", address=f"{number} {street}") for street in STREETS for number in (1, 2)
)
LILAS = PLACES[0]


def ground(*words: str, seed: str = "", text: str = "Lilas") -> Geography:
    scripts = Scripts(scenario=Scenario(seed=seed))
    if words:
        scripts.learn({"site": text, "is": list(words)})
    return Geography(operator="orange", scripts=scripts)


def only(geography: Geography, technology: str, place: Place = LILAS) -> Offer | Barrier:
    found = geography.check(place, (technology,), None)
    return found.offers[0] if found.offers else found.barriers[0]


# the same seed tells the same story


Told = tuple[Site, Found, Studied, int]


def _story(geography: Geography, places: tuple[Place, ...]) -> dict[str, Told]:
    return {
        place.key: (
            geography.site(place),
            geography.check(place, TECHNOLOGIES, 20_000),
            geography.study(place, "ftth"),
            geography.study_days(place),
        )
        for place in places
    }


def test_the_order_in_which_sites_are_asked_about_changes_nothing() -> None:
    chances = {"orange.site": {"not-deployed:ftth": 0.3, "study-works": 0.3, "use:alarm": 0.3}}
    scenario = scenario_of({"seed": "winter", "chances": chances})

    there, back = (
        _story(Geography(operator="orange", scripts=Scripts(scenario=scenario)), places)
        for places in (PLACES, PLACES[::-1])
    )

    assert there == back
    assert any(site.words for site, *_ in there.values())


def test_another_seed_and_another_operator_lie_otherwise() -> None:
    winter, summer = ground(seed="winter"), ground(seed="summer")
    other = Geography(operator="sfr", scripts=winter.scripts)

    stories = [_story(geography, PLACES) for geography in (winter, summer, other)]

    assert stories[0] != stories[1]
    assert stories[0] != stories[2]


def test_a_study_takes_a_few_days() -> None:
    days = {ground(seed=str(seed)).study_days(LILAS) for seed in range(60)}

    assert days == {3, 4, 5, 6, 7}


def test_without_words_everything_is_open_and_some_is_studied_first() -> None:
    found = ground().check(LILAS, TECHNOLOGIES, None)

    assert (found.barriers, found.uses) == ((), ())
    assert {offer.technology for offer in found.offers if offer.study} == {
        "dedicated-fibre",
        "leased-line",
        "microwave",
    }


# places


def test_houses_of_a_street_hang_on_one_box() -> None:
    geography = ground()

    boxes = [geography.site(place).box for place in PLACES]

    assert len(set(boxes)) == 3
    assert boxes[0] == boxes[1]


def test_a_site_is_shown_to_whoever_knows_where_it_is() -> None:
    shown = ground("length:1200", "use:alarm").look(LILAS)

    assert (shown["metres"], shown["uses"]) == (1200, ["alarm"])
    assert shown["words"] == ["length:1200", "use:alarm"]
    assert str(shown["building"]).startswith("IMB/59350/")
    assert str(shown["socket"]).startswith("OO-")


@pytest.mark.parametrize("text", ["LILAS", "59350", "1  rue des", "oo-1234-5678"])
def test_a_site_bears_its_address_its_name_and_its_commune(text: str) -> None:
    place = Place(commune="59350", address="1 rue des Lilas", locator="socket", name="OO-1234-5678")

    assert place.bears(text)
    assert not place.bears("rue du Port")
    assert "Lilas" not in repr(place)
    assert "OO-" not in repr(place)


# words


@pytest.mark.parametrize(
    ("word", "technology", "barrier"),
    [
        ("not-deployed", "ftth", "not-deployed"),
        ("not-deployed:ftth", "ftth", "not-deployed"),
        ("only:vdsl", "ftth", "not-deployed"),
        ("closed", "sdsl", "closed"),
        ("no-pair", "bundled-pairs", "no-pair"),
        ("length:1501", "vdsl", "too-long"),
        ("length:5501", "adsl", "too-long"),
        ("code:Z9:ftth", "ftth", "other"),
    ],
)
def test_a_word_stands_in_the_way_of_what_it_is_about(
    word: str, technology: str, barrier: str
) -> None:
    found = only(ground(word), technology)

    assert isinstance(found, Barrier)
    assert (found.technology, found.word) == (technology, barrier)


@pytest.mark.parametrize(
    ("words", "technology"),
    [
        (("not-deployed:ftth",), "vdsl"),
        (("closed",), "ftth"),
        (("only:vdsl",), "vdsl"),
        (("length:1500",), "vdsl"),
        (("deployed", "length:9000", "closed"), "vdsl"),
        (("code:Z9:ftth",), "vdsl"),
    ],
)
def test_and_of_nothing_else(words: tuple[str, ...], technology: str) -> None:
    assert isinstance(only(ground(*words), technology), Offer)


def test_copper_slows_with_its_length() -> None:
    rates = [
        getattr(only(ground(f"length:{metres}"), "vdsl"), "down_kbps", 0)
        for metres in (0, 750, 1500)
    ]

    assert rates == [70_000, 42_000, 14_000]


@pytest.mark.parametrize(
    ("wanted", "pairs", "rate"),
    [(None, 2, 11_400), (11_400, 2, 11_400), (11_401, 3, 17_100), (900_000, 8, 45_600)],
)
def test_pairs_are_bundled_until_they_are_fast_enough(
    wanted: int | None, pairs: int, rate: int
) -> None:
    (offer,) = ground("length:0").check(LILAS, ("bundled-pairs",), wanted).offers

    assert (offer.pairs, offer.down_kbps) == (pairs, rate)
    assert ground("length:0").pairs(LILAS, "bundled-pairs", wanted) == pairs


def test_a_word_for_one_operator_counts_before_one_for_all_and_a_longer_text_before_a_shorter() -> (
    None
):
    scripts = Scripts()
    scripts.learn({"site": "Lilas", "is": ["lead:9"], "orange": ["lead:8"]})
    orange, sfr = (Geography(operator=name, scripts=scripts) for name in ("orange", "sfr"))

    first = [getattr(only(one, "vdsl"), "lead_days", 0) for one in (orange, sfr)]
    scripts.learn({"site": "1 rue des Lilas", "is": ["lead:7"]})

    assert first == [8, 9]
    assert getattr(only(sfr, "vdsl"), "lead_days", 0) == 7


def test_a_study_says_what_it_is_told_to() -> None:
    words = ("study-technology:sdsl", "study-lead:45", "study-fee:-150.00")

    assert ground(*words).study(LILAS, "vdsl") == Studied(
        verdict="positive", technology="sdsl", lead_days=45, fee_change=Decimal("-150.00")
    )
    assert ground(*words).study(LILAS, "sdsl").technology == ""
    assert ground("study-negative").study(LILAS, "vdsl").code == "NEGATIVE"
    assert ground("study-redefine:Z1").study(LILAS, "vdsl").code == "Z1"


def test_a_quote_has_items_with_prices() -> None:
    pinned = ground("study-works", "quote:Tranchée=900.00;Mât=50").study(LILAS, "ftth").quote
    drawn = ground("study-works").study(LILAS, "ftth").quote

    assert pinned is not None
    assert pinned.items == (("Tranchée", Decimal("900.00")), ("Mât", Decimal(50)))
    assert drawn is not None
    assert len(drawn.items) == 3
    assert all(euros > 0 for _, euros in drawn.items)


@pytest.mark.parametrize(
    "word",
    [
        "satured",
        "saturated",
        "saturated:never",
        "length:long",
        "lead:-1",
        "rate:0",
        "rate:8/0",
        "only:",
        "only:fiber",
        "not-deployed:",
        "use:tea",
        "quote:x",
        "quote:x=1.5",
        "code:",
        "study-fee:much",
        "withdrawn:soon",
    ],
)
def test_a_word_that_is_none_is_said_to_be(word: str) -> None:
    with pytest.raises(ScenarioError, match="is no word of a site"):
        ground(word)
    with pytest.raises(ScenarioError, match="is no word of a site"):
        scenario_of({"sites": {"Lilas": {"sfr": [word]}}})
    assert not is_word(word)


def test_a_scenario_tells_of_sites_and_forgets_those_of_before() -> None:
    geography = ground("not-deployed")

    geography.scripts.play(scenario_of({"sites": {"Port": {"is": ["closed"]}}}))

    assert isinstance(only(geography, "vdsl"), Offer)
    assert isinstance(only(geography, "vdsl", PLACES[2]), Barrier)


def test_what_is_learnt_of_a_site_stays_when_more_is() -> None:
    geography = ground("not-deployed:ftth")

    geography.scripts.learn({"site": "Lilas", "check": ["lose-reply"]})

    assert isinstance(only(geography, "ftth"), Barrier)
    moves = [
        geography.scripts.move_at("orange", "check", LILAS.bears, line="one") for _ in range(2)
    ]
    assert moves == ["lose-reply", "good"]


# capacity


def test_a_pinned_box_is_shared_by_whoever_bears_the_text() -> None:
    geography = ground("pairs:1")

    first = geography.reserve(PLACES[0], "vdsl", "A")
    second = geography.reserve(PLACES[1], "adsl", "B")

    assert first is None
    assert second is not None
    assert geography.reserve(PLACES[2], "vdsl", "C") is None, "another street, another box"
    assert geography.give_back("A")
    assert geography.reserve(PLACES[1], "adsl", "B") is None
    assert not geography.give_back("A")


@pytest.mark.parametrize(
    ("kind", "days", "at_first_visit", "at_customer", "quoted"),
    [
        ("first-visit", 1, True, False, False),
        ("deferred", 42, False, False, False),
        ("exceptional", 28, False, False, True),
        ("customer", 7, False, True, False),
        ("customer+exceptional", 28, False, True, True),
    ],
)
def test_a_saturated_box_is_so_until_something_is_added(
    kind: str, days: int, *, at_first_visit: bool, at_customer: bool, quoted: bool
) -> None:
    geography = ground(f"saturated:{kind}")

    full = geography.reserve(LILAS, "vdsl", "A")

    assert full is not None
    assert (full.at_first_visit, full.at_customer) == (at_first_visit, at_customer)
    assert (full.quote is not None) == quoted
    assert geography.desaturation_days(LILAS) == days
    geography.desaturate(LILAS, "vdsl")
    assert geography.reserve(LILAS, "vdsl", "A") is None


def test_a_box_may_be_full_for_once() -> None:
    geography = ground()

    assert geography.reserve(LILAS, "vdsl", "A", once="saturated:deferred") is not None
    assert geography.reserve(LILAS, "vdsl", "A") is None


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["reserve", "give-back", "desaturate"]),
        st.sampled_from(PLACES),
        st.sampled_from(["vdsl", "bundled-pairs", "ftth", "microwave", "leased-line"]),
        st.integers(min_value=0, max_value=30),
        st.integers(min_value=1, max_value=8),
    ),
    max_size=60,
)


@given(MOVES, st.sampled_from(["pairs:3", "ports:2", "cells:0", "saturated:deferred"]))
def test_no_more_is_ever_kept_than_there_is(
    moves: list[tuple[str, Place, str, int, int]], word: str
) -> None:
    geography = ground(word, text="59350")
    ours: dict[str, int] = {}

    for move, place, technology, access, pairs in moves:
        name = f"A{access}"
        if move == "reserve" and name in ours:
            continue
        if move == "reserve":
            number = pairs if technology == "bundled-pairs" else 1
            if geography.reserve(place, technology, name, pairs=number) is None:
                ours[name] = number
        elif move == "give-back":
            assert geography.give_back(name) == (ours.pop(name, None) is not None)
        else:
            geography.desaturate(place, technology)
        for box in geography.boxes.values():
            assert sum(box.kept.values()) <= box.capacity

    kept = {name: number for box in geography.boxes.values() for name, number in box.kept.items()}
    assert kept == ours
    assert {medium_of(one) for one in TECHNOLOGIES} == {"pairs", "ports", "cells"}
