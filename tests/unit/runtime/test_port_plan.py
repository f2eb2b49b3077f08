"""raccord port plan on the shipped contracts: every figure is a literal with its source."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from runtime.cli.main import app

Ask = Callable[..., Result]


def runner_json(*arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(CliRunner().invoke(app, arguments).stdout)
    return found


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    runner = CliRunner(env={"RACCORD_HOME": str(tmp_path), "RACCORD_CONTRACTS": None})
    return lambda *arguments: runner.invoke(app, ("port", *arguments))


@pytest.mark.parametrize(
    ("number", "provider", "asked", "port_day"),
    [
        # porting-and-access § 2.5: JP = JD + 2 jours ouvrés; sessions at 10, 14 and 19 h (§ 2.4)
        ("0612345678", "axantis", "2026-05-04T09:00", "2026-05-06"),
        ("0612345678", "oksio", "2026-05-12T09:00", "2026-05-15"),  # Ascension
        # Friday 18:30 in Martinique, then Mardi gras and Cendres (§ 8)
        ("0696100152", "technicophone", "2026-02-13T23:30", "2026-02-19"),
        # Réunion is three hours ahead in winter: its 19 h session is over at Paris 16:30
        ("0692123456", "nexis", "2026-01-05T16:30", "2026-01-08"),
    ],
)
def test_the_earliest_port_day_is_the_exchanges(
    ask: Ask, number: str, provider: str, asked: str, port_day: str
) -> None:
    asked_for = ask("plan", number, "--provider", provider, "--at", asked, "--json")

    assert json.loads(asked_for.stdout)["result"] == port_day
    assert asked_for.exit_code == 0


@pytest.mark.parametrize(
    ("provider", "zones"),
    [
        # A:145, N:122, 002:6241-6244: two jours ouvrés, cut by the exchange's 20 h (§ 2.5)
        ("axantis", ["ours", "customer", "agreement"]),
        ("nexis", ["ours", "customer", "agreement"]),
        ("technicophone", ["ours", "customer", "agreement"]),
        # O:58 express agreement; ONECOM silent
        ("oksio", ["ours", "agreement"]),
        ("onecom", ["ours", "agreement"]),
    ],
)
def test_each_contract_gives_its_own_right_to_cancel(
    ask: Ask, provider: str, zones: list[str]
) -> None:
    asked = ("plan", "0612345678", "--provider", provider, "--at", "2026-04-20T09:00")
    told = json.loads(ask(*asked, "--wish", "2026-05-07", "--json").stdout)

    assert [zone["zone"] for zone in told["because"]["zones"]] == zones
    assert told["because"]["zones"][-1]["ends_at"] == "2026-05-05T20:00:00+02:00"


def test_a_day_that_cannot_be_is_a_no_with_the_first_that_can(ask: Ask) -> None:
    asked = ("plan", "0612345678", "--provider", "axantis", "--at", "2026-05-04T09:00", "--wish")
    english = ask(*asked, "2026-05-08")
    french = ask(*asked, "2026-05-05", "--lang", "fr")
    in_json = ask(*asked, "2026-05-08", "--json")

    assert {english.exit_code, french.exit_code, in_json.exit_code} == {1}
    assert english.stdout == "no port that day (Victory Day): 2026-05-09\n"
    assert french.stdout.startswith("l'échange ne porte pas avant le mercredi 6 mai 2026")
    assert json.loads(in_json.stdout)["result"] == "2026-05-09"


def test_a_plan_is_told_in_either_language(ask: Ask) -> None:
    asked = ("plan", "0612345678", "--provider", "axantis", "--at", "2026-04-20T09:00")
    shown = ask(*asked, "--wish", "2026-05-07", "--lang", "fr").stdout

    assert shown.startswith("jeudi 7 mai 2026")
    assert "le contrat permet d'annuler jusqu'au mardi 5 mai 2026, mais l'échange" in shown
    assert "003:145" in shown
    assert ask("plan", "0612345678", "--provider", "axantis").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("0176210010", "--provider", "axantis"), "goes through no mobile exchange"),
        (("0708401234", "--provider", "axantis"), "goes through no mobile exchange"),
        (("06", "--provider", "axantis"), "has 2 digits"),
        (("0612345678", "--provider", "free"), "is no provider we know"),
        (("0612345678", "--provider", "axantis", "--at", "soon"), "'soon' is no date"),
        (("0612345678", "--provider", "axantis", "--wish", "2026-02-31"), "is no date"),
        (("0612345678", "--provider", "axantis", "--at", "2019-06-03"), "had no schedule"),
    ],
)
def test_wrong_input_gets_one_sentence_and_exit_two(
    ask: Ask, arguments: tuple[str, ...], sentence: str
) -> None:
    asked = ask("plan", *arguments)

    assert asked.exit_code == 2
    assert sentence in asked.stderr
    assert asked.stdout == ""


def test_every_refusal_of_the_exchanges_has_a_cause_and_a_remedy(ask: Ask) -> None:
    # porting-and-access § 2.6, refusals in use
    codes = {"R123", "R210", "R211", "R212", "R213", "R215"} | {"R220", "R221", "R222"}
    codes |= {"R322", "R323", "R340"}
    profile = runner_json("contracts", "show", "gpmag", "exchange", "--json")
    named = profile["result"]["exchange.refusals"]["value"]["value"]
    assert {code.upper() for code in named} == codes
    told = {code: json.loads(ask("refusal", code, "--json").stdout) for code in codes}

    assert {code for code, one in told.items() if not one["result"]} == {"R221", "R322", "R340"}
    assert all(one["because"][part][language] for one in told.values()
               for part in ("cause", "remedy") for language in ("fr", "en"))  # fmt: skip
    assert told["R222"]["because"]["next_step"] == "ask-the-actual-donor"
    assert told["R323"]["because"]["next_step"] == "reactivate-and-send-again"


def test_a_refusal_is_told_in_either_language(ask: Ask) -> None:
    french = ask("refusal", "r123", "--lang", "fr")
    ended = ask("refusal", "R322")

    assert french.stdout.startswith("RIO incorrect pour ce numéro\nredemander le RIO")
    assert (french.exit_code, ended.exit_code) == (0, 1)


def test_a_refusal_nobody_knows_goes_to_a_person(ask: Ask) -> None:
    asked = ask("refusal", "R999", "--json")

    assert json.loads(asked.stdout)["because"]["next_step"] == "person-decides"
    assert asked.exit_code == 0
