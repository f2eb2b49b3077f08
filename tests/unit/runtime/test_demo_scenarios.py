"""The demo's stories do not get in each other's way."""

from collections import Counter
from datetime import date, datetime
from itertools import product

from domain.access_facts import Technology
from domain.port_in_facts import HostNetwork
from domain.said import day_said
from runtime.demo import Demo
from runtime.demo_accesses import ACCESSES
from runtime.demo_equipment import piece
from runtime.demo_fleet import MOVES, number_of
from runtime.demo_later_days import LATER_DAYS
from runtime.demo_returns import ALL_SCENARIOS
from runtime.demo_scenarios import SIGNED
from runtime.demo_sites import SLOTS, comes
from tests.access_contracts import signed_under


def test_only_the_story_of_a_double_uses_a_number_of_another() -> None:
    numbers = Counter(scenario.number for scenario in ALL_SCENARIOS)
    fleet = {number_of(place) for place in range(1, 61)}

    lines = [scenario for scenario in ALL_SCENARIOS if scenario.number]
    twice = [scenario.name for scenario in lines if numbers[scenario.number] > 1]

    assert twice == ["a card, nothing in the way", "the same number ordered twice"]
    assert not fleet & numbers.keys()


def test_every_access_lies_in_a_street_of_its_own_but_for_the_one_that_takes_anothers_place() -> (
    None
):
    taught = [
        pair
        for scenario in ACCESSES
        for pair in (
            (scenario.site, scenario.misbehaviour),
            *((beside.site, beside.misbehaviour) for beside in scenario.beside),
        )
    ]
    streets = Counter(site["address"] for site, _ in taught)
    linked = [scenario for scenario in ACCESSES if scenario.instead_of]

    assert {street for street, times in streets.items() if times > 1} == {
        scenario.site["address"] for scenario in linked
    }
    assert all(script["site"] in site["address"] for site, script in taught if script)
    assert [
        address
        for address in streets
        for _, script in taught
        if script and script["site"] in address
    ] == list(streets)


def test_the_demo_has_an_access_of_each_technology_by_each_provider_and_operator() -> None:
    served = {
        (scenario.provider, technology)
        for scenario in ACCESSES
        for site in (scenario.site, *(beside.site for beside in scenario.beside))
        for technology in site["wanted"]
    }
    says = {words for scenario in ACCESSES for words in scenario.expected.says}
    says |= {words for one in ACCESSES for beside in one.beside for words in beside.says}

    assert served == set(product(("technicophone", "oksio"), Technology))
    assert all(any(f"chosen: {host}, " in words for words in says) for host in HostNetwork)


def test_an_order_instead_of_another_names_one_that_is_played() -> None:
    names = {scenario.name for scenario in ALL_SCENARIOS}

    linked = [scenario.instead_of for scenario in ALL_SCENARIOS if scenario.instead_of]

    assert linked == ["not deployed anywhere"]
    assert names >= {*linked}


def test_a_story_is_known_by_its_name() -> None:
    names = Counter(scenario.name for scenario in ALL_SCENARIOS)

    assert [name for name, count in names.items() if count > 1] == []


def test_a_move_waits_for_the_end_of_the_one_before_about_the_same_lines() -> None:
    cancelled, agreed = (move for move in MOVES if move.on == "fleet")

    assert (cancelled.is_due(25), cancelled.is_due(24)) == (True, False)
    assert (agreed.is_due(25), agreed.is_due(23)) == (False, True)


def test_a_technician_is_wanted_from_a_day_on_before_the_first_half_day_of_it_is_taken() -> None:
    later, also, taken, also_taken = comes("2027-01-25", 2, 1)

    assert [one.line for one in (later, also, taken, also_taken)] == [2, 1, 2, 1]
    assert (later.decide["decision"], later.decide["given"]) == ("retry", {"day": "2027-01-25"})
    assert (taken.decide["decision"], taken.decide["given"]) == ("provide", {"slot": "1"})
    assert (later.asks, taken.asks) == ("", "1: Monday 25 January 2027, in the morning")


def test_the_accesses_of_the_demo_have_every_way_works_visits_and_tests_can_go() -> None:
    facts = {fact for scenario in ACCESSES for fact in scenario.expected.facts}
    words = [
        word
        for scenario in ACCESSES
        for script in (scenario.misbehaviour, *(one.misbehaviour for one in scenario.beside))
        for told in script.values()
        for word in (told if isinstance(told, list) else ())
    ]

    assert facts >= {"VisitKept", "VisitMoved", "VisitFailed", "VisitLetGo", "SiteNotReady"}
    assert facts >= {"MilestonePassed", "LatenessJudged", "BillingStarted", "Commissioned"}
    assert facts >= {"CustomerDelayAgreed", "EquipmentBilled", "EquipmentAskedBack"}
    assert facts >= {"LinesAwaited", "LineBeforeServed", "LineBeforeEnded", "LinesLeft"}
    for way in ("works:late", "works:failed", "visit:moved", "visit:failed", "visit:missed"):
        assert any(word.startswith(way) for word in words), way
    assert "tests:slow=50" in words


async def _nothing(*_: object) -> None:
    """A demo that is not played."""


def test_moves_about_several_lines_are_made_at_one_look_and_the_next_once_a_line_moved() -> None:
    demo = Demo(
        run_key="demo",
        say=lambda _line: None,
        begin=_nothing,
        rescale=_nothing,
        teach=_nothing,
        meddle=_nothing,
    )
    asked = {"code": SLOTS, "what": {"en": "1: Monday 25 January 2027, in the morning"}}
    lines = [
        {"number": number, "version": 7, "stage": "booking-visit", "attention": [asked]}
        for number in (1, 2)
    ]
    moves = comes("2027-01-25", 1, 2)

    both, again = (
        demo.due(moves[n:], {"lines": lines}, seen) for n, seen in ((0, {}), (2, {1: 7}))
    )

    assert (both, again) == ([moves[0], moves[1]], [])
    assert demo.due(moves[2:], {"lines": lines}, {1: 6, 2: 7}) == [moves[2]]


def test_a_piece_of_equipment_is_told_of_once_its_day_is_over() -> None:
    told = piece("router", "shipped", "2027-01-15", serial="RTR-1")

    assert told.equipment == {
        "name": "router",
        "to": "shipped",
        "on": "2027-01-15",
        "serial": "RTR-1",
    }
    assert told.not_before == datetime.fromisoformat("2027-01-16T00:00:00+01:00")


def test_the_days_of_a_customers_delay_are_those_its_contract_counts() -> None:
    contract = signed_under("technicophone", "internet", on=date.fromisoformat(SIGNED))
    says = {words for story in LATER_DAYS for words in story.expected.says}
    refused = {words for story in LATER_DAYS for move in story.moves for words in move.refusal}

    def said(question: str, day: str) -> str:
        counted = contract.day_before if question.endswith("notice") else contract.day_after
        found = counted(f"customer-delay.{question}", date.fromisoformat(day))
        assert found is not None
        return f"until {day_said(found).en}"

    for agreed in ("2027-02-04", "2027-02-01"):
        assert any(words.endswith(said("notice", agreed)) for words in says), agreed
    assert any(said("longest", "2027-02-04") in words for words in refused)


def test_every_story_billed_before_service_names_a_clause_of_its_own() -> None:
    early = [one.expected.billed_early for one in ACCESSES if one.expected.billed_early]

    assert sorted(clause for _, clause in early) == ["002:2353-2355", "002:2392-2396"]
