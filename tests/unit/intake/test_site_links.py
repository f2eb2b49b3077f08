"""Which sites of an order wait for which, as it was ordered: known lines, and no circle."""

from decimal import Decimal
from typing import Any

import pytest

from domain.access_facts import AccessTerms, CablingJob
from intake.faults import OrderRefusedError
from tests.sites import ordered_sites, site, site_terms


def _sites(*asked: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        site(socket=f"OO-1234-{number:04d}", address=f"{number} rue des Tanneurs, Lyon", **one)
        for number, one in enumerate(asked, start=1)
    ]


def _terms(*asked: dict[str, Any]) -> list[AccessTerms]:
    lines = ordered_sites("technicophone", *_sites(*asked))
    return [line.terms for line in lines if isinstance(line.terms, AccessTerms)]


def _problems(*asked: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(OrderRefusedError) as refused:
        ordered_sites("technicophone", *_sites(*asked))
    return {problem.pointer: problem.sentence for problem in refused.value.problems}


def test_a_line_names_those_it_waits_for_and_they_know_who_waits() -> None:
    terms = _terms({}, {"after": [1]}, {"after": [1, 2]})

    assert [one.after for one in terms] == [(), (1,), (1, 2)]
    assert [one.before for one in terms] == [(2, 3), (3,), ()]
    assert not any(one.central for one in terms)


def test_lines_that_declare_nothing_wait_for_nobody() -> None:
    assert [(one.after, one.before) for one in _terms({}, {})] == [((), ()), ((), ())]


def test_every_other_line_waits_for_the_central_site() -> None:
    terms = _terms({}, {"central": True}, {"after": [2]}, {"after": [1]})

    assert [one.after for one in terms] == [(2,), (), (2,), (2, 1)]
    assert [one.central for one in terms] == [False, True, False, False]
    assert terms[1].before == (1, 3, 4)


def _stated(*asked: dict[str, Any], provider: str = "technicophone") -> list[bool]:
    """Which of the lines say something of common costs."""
    found = ordered_sites(provider, *_sites(*asked))
    return [any("common costs" in said.en for said in line.stated) for line in found]


def test_the_central_site_is_billed_for_the_common_costs_of_its_order() -> None:
    # « un Site central auquel seront facturés les frais communs » (002:2736-2737)
    lines = ordered_sites("technicophone", *_sites({}, {"central": True}))

    assert lines[1].stated[-1].en == (
        "the central site: the common costs of the order are billed to it (002:2736-2737)"
    )
    assert _stated({}, {"central": True}) == [False, True]
    assert _stated({}, {}) == [True, False]
    assert _stated({}) == [False]
    assert _stated({}, {"central": True}, provider="oksio") == [False, False]


def test_what_the_central_site_waits_for_does_not_wait_for_it() -> None:
    terms = _terms({}, {"after": [1]}, {"central": True, "after": [2]}, {})

    assert [one.after for one in terms] == [(), (1,), (2,), (3,)]


def test_unknown_lines_a_line_itself_and_a_line_named_twice_are_refused() -> None:
    problems = _problems({"after": [3]}, {"after": [2, 1, 1]})

    assert problems == {
        "/sites/0/after/0": "This order has no line 3: it has 2, counted from 1.",
        "/sites/1/after/0": ("A line does not wait for itself: name another one, or leave it out."),
        "/sites/1/after/1": "Line 1 is here 2 times: leave one of them.",
        "/sites/1/after/2": "Line 1 is here 2 times: leave one of them.",
    }


@pytest.mark.parametrize(
    ("asked", "pointer", "way"),
    [
        (({"after": [2]}, {"after": [1]}), "/sites/0/after", "1, 2, 1"),
        (({}, {"after": [4]}, {"after": [2]}, {"after": [3]}), "/sites/1/after", "2, 4, 3, 2"),
        (({"after": [2, 3]}, {}, {"after": [1]}), "/sites/0/after", "1, 3, 1"),
        (
            ({"after": [2]}, {"after": [3, 4]}, {"after": [2]}, {"after": [1]}),
            "/sites/0/after",
            "1, 2, 4, 1",
        ),
    ],
)
def test_lines_that_wait_for_each_other_are_refused_with_the_way_round(
    asked: tuple[dict[str, Any], ...], pointer: str, way: str
) -> None:
    assert _problems(*asked) == {
        pointer: (
            f"These lines wait for each other, and none could begin: {way}. Take one of them out."
        )
    }


def test_an_order_has_one_central_site() -> None:
    problems = _problems({"central": True}, {"central": True})

    assert problems["/sites/1/central"].startswith("Line 1 is the central site already")


def test_the_price_of_the_installation_and_the_cabling_come_with_the_order() -> None:
    terms = site_terms(
        prices={"installation": "420.00"}, cabling={"cable": 120, "height": 2.5, "apart": 9}
    )

    assert terms.prices.installation == Decimal("420.00")
    assert terms.cabling == CablingJob(cable=Decimal(120), height=Decimal("2.5"), apart=Decimal(9))
    assert site_terms().cabling is None
