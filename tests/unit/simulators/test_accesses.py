"""Orders about a site, as a simulated network carries them out."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from simulators.access import (
    Accesses,
    Desaturated,
    GivenBack,
    Impossible,
    Outcome,
    Overwritten,
    PutBack,
    Reserved,
    Saturated,
    SiteOrder,
    SupplyTaken,
)
from simulators.geography import Found, Geography, Place, Studied
from simulators.scripts import Scripts

AT = datetime(2027, 1, 7, 9, 0, tzinfo=UTC)
"""A Thursday."""
PLACE = Place(commune="59350", address="1 rue des Lilas")
VDSL = SiteOrder(place=PLACE, technologies=("vdsl",))


def network(*words: str) -> Accesses:
    scripts = Scripts()
    scripts.learn({"site": "Lilas", "is": list(words)})
    return Accesses(geography=Geography(operator="orange", scripts=scripts), prefix="OL-S")


def done(
    accesses: Accesses, effect: str, order: SiteOrder = VDSL, *, key: str = "k", line: str = "one"
) -> Outcome | Impossible:
    return accesses.carry_out(effect, order, key=key, line=line, at=AT, move="good")


@pytest.mark.parametrize(
    ("effect", "words", "due"),
    [
        ("check", (), timedelta(hours=2)),
        ("reserve", (), timedelta(hours=24)),
        ("give-back", (), timedelta(hours=4)),
        ("study", ("study-days:1",), timedelta(days=1)),
        ("study", ("study-days:2",), timedelta(days=4)),
        ("study", ("study-days:7",), timedelta(days=11)),
        ("desaturate", ("saturated:deferred",), timedelta(days=42)),
        ("desaturate", ("desaturate-days:3",), timedelta(days=3)),
    ],
)
def test_each_effect_has_its_time(effect: str, words: tuple[str, ...], due: timedelta) -> None:
    assert network(*words).due(effect, VDSL, AT, "good") == AT + due


def test_a_move_may_be_a_word_for_this_time() -> None:
    accesses = network("study-days:5")

    assert accesses.due("study", VDSL, AT, "study-days:1") == AT + timedelta(days=1)
    found = accesses.carry_out("check", VDSL, key="k", line="one", at=AT, move="service-down")
    assert isinstance(found, Found)
    assert [barrier.word for barrier in found.barriers] == ["service-down"]
    assert [type(one) for one in (done(accesses, "check"), done(accesses, "study"))] == [
        Found,
        Studied,
    ]


def test_what_is_kept_has_a_name_and_is_given_back_by_it_or_by_its_line() -> None:
    accesses = network("pairs:2")

    first, second = done(accesses, "reserve"), done(accesses, "reserve", key="l", line="two")
    third = done(accesses, "reserve", key="m", line="three")

    assert isinstance(first, Reserved)
    assert isinstance(second, Reserved)
    assert isinstance(third, Saturated)
    named = SiteOrder(place=PLACE, technologies=("vdsl",), access=first.access)
    assert done(accesses, "give-back", named) == GivenBack()
    assert done(accesses, "give-back", line="two") == GivenBack()
    assert accesses.geography.shown()[0]["kept"] == 0
    assert not accesses.give_back(first.access)


def test_the_same_order_done_twice_keeps_two() -> None:
    accesses = network("pairs:2")

    first, second = done(accesses, "reserve"), done(accesses, "reserve")

    assert first != second
    assert accesses.geography.shown()[0]["kept"] == 2


@pytest.mark.parametrize(
    ("access", "why"),
    [
        ("", None),
        ("OL-S0123ABCD", None),
        ("OL-S0123ABCD-2", None),
        ("OL-0123ABCD", "unknown-access"),
        ("nobody", "unknown-access"),
    ],
)
def test_only_an_access_of_its_own_is_given_back(access: str, why: str | None) -> None:
    order = SiteOrder(place=PLACE, technologies=("vdsl",), access=access)

    assert network().impossible("give-back", "one", order) == why


def test_what_waits_for_a_quote_is_not_done_without_it() -> None:
    accesses = network("saturated:exceptional")
    full = done(accesses, "reserve")
    assert isinstance(full, Saturated)
    assert full.quote is not None
    accepted = SiteOrder(place=PLACE, technologies=("vdsl",), quote=full.quote.reference)

    before = [accesses.impossible("desaturate", line, VDSL) for line in ("one", "two")]
    with_it = accesses.impossible("desaturate", "one", accepted)
    added = done(accesses, "desaturate", accepted)

    assert before == ["quote-needed", None]
    assert with_it is None
    assert added == Desaturated()
    assert isinstance(done(accesses, "reserve"), Reserved)


def test_a_supply_may_be_taken_back_after_its_days() -> None:
    assert network().withdrawal(VDSL, AT) is None
    assert network("withdrawn:20:GONE").withdrawal(VDSL, AT) == (
        AT + timedelta(days=20),
        SupplyTaken(code="GONE"),
    )
    assert network("withdrawn:1").withdrawal(VDSL, AT) == (
        AT + timedelta(days=1),
        SupplyTaken(code=""),
    )


def test_another_customers_line_is_gone_until_it_is_put_back(tmp_path: Path) -> None:
    words = ("use:broadband", "overwritten:3:WRONG-LINE")
    before, after = network(*words), network(*words)
    before.kept = after.kept = tmp_path / "sites.json"

    def uses(accesses: Accesses) -> tuple[str, ...]:
        found = done(accesses, "check")
        assert isinstance(found, Found)
        return found.uses

    free = uses(before)
    reserved = done(before, "reserve")
    before.keep()
    after.recall()
    cut = uses(after)
    put_back = done(after, "put-back")

    assert isinstance(reserved, Reserved)
    assert (free, cut, uses(after)) == (("broadband",), (), ("broadband",))
    assert put_back == PutBack()
    assert not after.geography.put_back(reserved.access)
    assert after.geography.shown()[0]["kept"] == 0


def test_a_wrong_overwriting_comes_out_after_its_days() -> None:
    assert network().complaint(VDSL, AT) is None
    assert network("overwritten:3").complaint(VDSL, AT) == (
        AT + timedelta(days=3),
        Overwritten(code=""),
    )


def test_what_is_kept_stays_kept_over_a_restart(tmp_path: Path) -> None:
    before, after = network("pairs:1", "study-works"), network("pairs:1", "study-works")
    before.kept = after.kept = tmp_path / "sites.json"
    after.recall()
    reserved = done(before, "reserve")
    done(before, "study", line="two")
    before.keep()

    after.recall()

    assert isinstance(done(after, "reserve", key="l"), Saturated)
    assert after.impossible("reserve", "two", VDSL) == "quote-needed"
    assert done(after, "give-back") == GivenBack()
    assert isinstance(reserved, Reserved)
    assert not after.give_back(reserved.access)
    assert "Lilas" not in before.kept.read_text()


def test_nothing_is_kept_where_there_is_no_place_for_it() -> None:
    accesses = network("pairs:1")
    done(accesses, "reserve")

    accesses.keep()
    accesses.recall()

    assert isinstance(done(accesses, "reserve", key="l"), Saturated)
