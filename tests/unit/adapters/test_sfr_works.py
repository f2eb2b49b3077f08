"""SFR's dialect about works, visits and tests: what is written, read, and not guessed at."""

import json
from datetime import date
from typing import Any

import pytest

from adapters.sfr import works_mapping
from adapters.sfr.access_mapping import access_order
from adapters.sfr.gateway import read_change
from domain.operators import StepRefusedTold, Unreadable
from domain.port_in_facts import Step
from domain.works_facts import FieldFailure, Half, Milestone, Test
from domain.works_told import VisitFailedTold, VisitKeptTold, WorksTold
from tests.unit.adapters import works
from tests.unit.adapters.accesses import KEY, LINE, asked
from tests.unit.adapters.spoiling import Where, leaves, replaced, without

Json = dict[str, Any]


def change(type_: str, **more: object) -> Json:
    return {
        "idEvenement": "e-1",
        "commandeId": "C-1",
        "cleUnique": KEY,
        "refClient": LINE,
        "type": type_,
        "survenu_le": 1799449200000,
        **more,
    }


def of_visit(type_: str, **more: object) -> Json:
    """No order of ours is behind it: it need not bear a key."""
    told = change(type_, rdvId="V-1", **more)
    return {name: part for name, part in told.items() if name != "cleUnique"}


MORNING = {
    "creneauId": "S-1",
    "jour": "20270121",
    "demiJournee": 1,
    "debut": 1800514800000,
    "fin": 1800532800000,
}
AFTERNOON = {
    "creneauId": "S-2",
    "jour": "20270121",
    "demiJournee": 2,
    "debut": 1800532800000,
    "fin": 1800550800000,
}
DONE = 1800524400000
CHANGES: dict[str, Json] = {
    "milestone": change("JALON_ATTEINT", jalon=4),
    "late": change("JALON_ATTEINT", jalon=3, prevuLe="20270218", codeMotif="FLOOD"),
    "built": change("TRAVAUX_TERMINES", visite="O"),
    "built alone": change("TRAVAUX_TERMINES", visite="N"),
    "stopped": change("TRAVAUX_ARRETES", codeMotif="6301"),
    "offered": change("CRENEAUX_PROPOSES", creneaux=[MORNING, AFTERNOON]),
    "nothing offered": change("CRENEAUX_PROPOSES", creneaux=[]),
    "booked": change("RDV_PRIS", rdvId="V-1", creneau=MORNING),
    "cancelled": change("RDV_ANNULE", rdvId="V-1"),
    "moved": of_visit("RDV_DEPLACE", creneau=AFTERNOON, codeMotif="STORM"),
    "kept": of_visit(
        "RDV_HONORE",
        compteRendu={
            "fait_le": DONE,
            "pto": "OO-1A2B-3C4D",
            "numerosSerie": ["ONT-1", "RTR-1"],
            "photos": ["PH-1"],
        },
    ),
    "kept in silence": of_visit("RDV_HONORE", compteRendu={"fait_le": DONE}),
    "failed": of_visit("RDV_ECHOUE", codeMotif="9999"),
    "missed": of_visit("RDV_MANQUE", codeMotif="SICK"),
    "opened": change(
        "ACCES_MIS_EN_SERVICE",
        essais=[
            {"essai": 1, "resultat": "OK"},
            {"essai": 2, "resultat": "KO", "valeur": 400_000},
            {"essai": 4, "resultat": "OK", "valeur": 10},
        ],
    ),
}
TOLD = works.told(stopped="6301", failed="9999")


@pytest.mark.parametrize("what", TOLD)
def test_every_change_about_works_and_visits_is_told_in_our_words(what: str) -> None:
    assert read_change(json.dumps(CHANGES[what])) == TOLD[what]
    assert isinstance(TOLD[what], WorksTold)


def test_every_word_of_ours_has_one_of_theirs() -> None:
    assert set(works_mapping.MILESTONES.values()) == set(Milestone)
    assert set(works_mapping.HALVES.values()) == set(Half)
    assert set(works_mapping.TESTS.values()) == set(Test)
    assert set(works_mapping.FAILURES.values()) == set(FieldFailure) - {FieldFailure.OTHER}


@pytest.mark.parametrize(("code", "failure"), works_mapping.FAILURES.items())
def test_every_code_of_theirs_has_a_failure_of_ours(code: str, failure: FieldFailure) -> None:
    told = read_change(json.dumps(of_visit("RDV_ECHOUE", codeMotif=code)))

    assert isinstance(told, VisitFailedTold)
    assert (told.failure, told.code) == (failure, code)


# what we ask


@pytest.mark.parametrize(
    ("step", "path", "nature"),
    [
        (Step.BUILD_ACCESS, "/acces/commandes", "TRAVAUX"),
        (Step.OFFER_VISITS, "/acces/rendez-vous", "CRENEAUX"),
        (Step.BOOK_VISIT, "/acces/rendez-vous", "RENDEZ_VOUS"),
        (Step.CANCEL_VISIT, "/acces/rendez-vous", "ANNULATION_RDV"),
        (Step.COMMISSION_ACCESS, "/acces/commandes", "MISE_EN_SERVICE"),
    ],
)
def test_each_step_is_an_order_of_its_kind(step: Step, path: str, nature: str) -> None:
    posted = access_order(asked(step))
    refused = change("COMMANDE_REJETEE", nature=nature, codeRejet="CRENEAU_PRIS")

    told = read_change(json.dumps(refused))

    assert (posted.path, posted.body["nature"]) == (path, nature)
    assert {"pasAvant", "creneauId", "rdvId"}.isdisjoint(posted.body)
    assert told == StepRefusedTold(step=step, key=KEY, code="CRENEAU_PRIS", refused_at=works.AT)


def test_a_visit_is_asked_for_by_its_day_its_slot_and_what_it_moves() -> None:
    offered = access_order(asked(Step.OFFER_VISITS, not_before=date(2027, 1, 18))).body
    moved = access_order(asked(Step.BOOK_VISIT, slot="S-1", visit="V-1")).body

    assert offered["pasAvant"] == "20270118"
    assert (moved["creneauId"], moved["rdvId"]) == ("S-1", "V-1")


# what cannot be read

FREE = {"prevuLe", "pto", "valeur"}
NOT_READ = {"commandeId", "refClient"}


def _places() -> list[tuple[Json, Where]]:
    return [
        (event, where)
        for event in CHANGES.values()
        for where in leaves(event)
        if where[-1] not in NOT_READ and not (where[-1] == "rdvId" and event is CANCELLED)
    ]


CANCELLED = CHANGES["cancelled"]


@pytest.mark.parametrize(
    "value",
    [{"odd": 1}, 1.5, "", "x\ny", -(10**30), True, "9" * 5000, [None]],
    ids=["object", "fraction", "nothing", "two lines", "too little", "yes", "too much", "list"],
)
def test_a_value_of_another_kind_makes_a_change_unreadable(value: object) -> None:
    spoilt = [(where, replaced(event, where, value)) for event, where in _places()]

    read = [where for where, event in spoilt if not _is_unreadable(event)]
    assert read == []
    assert len(spoilt) > 80


def test_a_change_without_what_it_must_say_is_unreadable() -> None:
    spoilt = [
        (where, without(event, where))
        for event, where in _places()
        if isinstance(where[-1], str)
        and where[-1] not in FREE
        and not (where[-1] == "codeMotif" and event is CHANGES["late"])
    ]

    assert [where for where, event in spoilt if not _is_unreadable(event)] == []
    assert len(spoilt) > 60


@pytest.mark.parametrize(
    ("what", "where", "value"),
    [
        ("milestone", ("jalon",), 6),
        ("milestone", ("jalon",), "4"),
        ("late", ("prevuLe",), "20270230"),
        ("late", ("prevuLe",), "2027-02-18"),
        ("late", ("prevuLe",), 20270218),
        ("built", ("visite",), "OUI"),
        ("offered", ("creneaux", 0, "demiJournee"), 3),
        ("offered", ("creneaux", 0, "demiJournee"), True),
        ("offered", ("creneaux",), [MORNING] * 51),
        ("kept", ("compteRendu", "numerosSerie", 0), "not a serial"),
        ("kept", ("compteRendu", "photos"), ["PH"] * 51),
        ("opened", ("essais", 0, "essai"), 7),
        ("opened", ("essais", 0, "resultat"), "PEUT-ETRE"),
        ("opened", ("essais", 1, "valeur"), -1),
        ("opened", ("essais",), []),
    ],
)
def test_what_is_not_in_the_dialect_is_not_guessed_at(
    what: str, where: Where, value: object
) -> None:
    assert _is_unreadable(replaced(CHANGES[what], where, value))


def test_a_report_shows_no_more_than_it_must() -> None:
    told = read_change(json.dumps(CHANGES["kept"]))

    assert isinstance(told, VisitKeptTold)
    assert LINE not in repr(told)


def _is_unreadable(event: Json) -> bool:
    return isinstance(read_change(json.dumps(event)), Unreadable)
