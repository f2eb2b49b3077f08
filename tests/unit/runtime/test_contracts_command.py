"""raccord contracts, as somebody asks it; what each contract says is in tests/unit/contracts."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from runtime.cli.main import app

ROOT = Path(__file__).parents[3]
Ask = Callable[..., Result]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    runner = CliRunner(env={"RACCORD_HOME": str(tmp_path), "RACCORD_CONTRACTS": None})
    return lambda *arguments: runner.invoke(app, ("contracts", *arguments))


def told(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_the_shipped_contracts_have_no_fault(ask: Ask) -> None:
    asked = ask("check")

    assert asked.stdout == "clean\n"
    assert asked.exit_code == 0
    assert told(ask("check", "--json")) == {"result": True, "because": []}


def test_every_profile_is_listed_with_its_days(ask: Ask) -> None:
    listed = told(ask("list", "--json"))["result"]

    assert {(p["provider"], p["service"]) for p in listed} >= {
        ("technicophone", "internet"),
        ("gpmag", "exchange"),
        ("law", "every"),
    }
    assert "technicophone" in ask("list").stdout


def test_the_law_of_the_day_of_signature_is_the_one_that_holds(ask: Ask) -> None:
    delays = [
        told(ask("show", "technicophone", "vga", "--at", day, "--json"))["result"][
            "port-in-fixed.legal-delay"
        ]
        for day in ("2023-11-30", "2025-07-01", "2027-07-01")
    ]

    # decision 29: 7, then 3 by 1 July 2027; the steps in between need sign-off
    assert [delay["said"] for delay in delays] == [
        "7 ouvrable after request",
        "7 ouvrable after request",
        "3 ouvrable after request",
    ]
    assert [delay["may_be_charged"] for delay in delays] == [True, False, True]


def test_one_question_is_explained_with_every_reading(ask: Ask) -> None:
    english = ask("explain", "technicophone", "mobile", "port-in.cancellation")
    french = ask("explain", "technicophone", "mobile", "port-in.cancellation", "--lang", "fr")
    in_json = told(ask("explain", "technicophone", "mobile", "port-in.cancellation", "--json"))

    # technicophone-2 § 21.A A1
    assert "* service-schedule" in english.stdout
    assert "never-once-requested" in english.stdout
    assert french.stdout.startswith("Annulation par le client")
    (winner,) = (step for step in in_json["because"] if step["wins"])
    assert winner["answer"]["in_force"] == in_json["result"]["in_force"]


def test_a_price_to_be_signed_is_marked_as_one(ask: Ask) -> None:
    shown = ask("show", "oksio", "data", "--lang", "fr").stdout
    explained = ask("explain", "oksio", "data", "ticket.wrong-fee").stdout
    in_french = ask("explain", "oksio", "data", "ticket.wrong-fee", "--lang", "fr").stdout

    assert "30 € HT per ticket (à signer)" in shown
    assert "somebody must sign it" in explained
    assert "à signer dans le profil" in in_french


def test_two_contracts_are_compared_or_found_the_same(ask: Ask) -> None:
    differ = ask("diff", "axantis/mobile", "nexis/mobile")
    same = ask("diff", "axantis/mobile@2026-01-01", "axantis/mobile@2026-06-01")

    # oksio-onecom-axantis-nexis, its first table: renewal and early-termination formula
    assert differ.exit_code == 0
    assert "end.early-fee" in differ.stdout
    assert "commitment.renewal" in differ.stdout
    assert same.exit_code == 1
    assert set(told(ask("diff", "axantis/mobile", "nexis/mobile", "--json"))["result"]) >= {
        "end.early-fee",
        "commitment.renewal",
    }


def test_what_was_signed_for_one_order_wins(ask: Ask, tmp_path: Path) -> None:
    form = tmp_path / "form.yaml"
    form.write_text(
        "provider: axantis\nservice: mobile\nlevel: order-form\nversion: BC-1\n"
        "valid_from: 2026-05-01\ntitle: {fr: Bon de commande, en: Order form}\n"
        "terms:\n  commitment.initial:\n"
        "    {amount: 24, unit: month, anchor: service-start, ours: order BC-1}\n"
    )
    asked = ("explain", "axantis", "mobile", "commitment.initial", "--order-form")

    assert "* order-form, axantis/mobile BC-1: 24 month" in ask(*asked, str(form)).stdout
    form.write_text(form.read_text().replace("order-form", "general-terms"))
    assert "is no order form" in ask(*asked, str(form)).stderr
    form.write_text("provider: axantis")
    assert "an order form is written like a profile" in ask(*asked, str(form)).stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("show", "free", "mobile"), "there is no provider 'free'"),
        (("show", "onecom", "data"), "onecom has no service 'data'"),
        (("show", "onecom", "mobile", "--at", "2019-12-31"), "had no schedule for mobile"),
        (("show", "onecom", "mobile", "--at", "soon"), "'soon' is no date"),
        (("explain", "onecom", "mobile", "nothing"), "no process asks 'nothing'"),
        (("diff", "onecom", "axantis/mobile"), "onecom has no service ''"),
        (("check", "/nowhere"), "is no folder of contracts"),
        (("check", "--seeds", "/nowhere"), "is no folder of texts"),
    ],
)
def test_what_does_not_exist_gets_a_sentence(
    ask: Ask, arguments: tuple[str, ...], sentence: str
) -> None:
    asked = ask(*arguments)

    assert asked.exit_code == 2
    assert sentence in asked.stderr


def test_contracts_with_a_fault_are_not_worked_with(tmp_path: Path) -> None:
    folder = tmp_path / "contracts" / "sixth"
    folder.mkdir(parents=True)
    (folder / "mobile.yaml").write_text("provider: sixth")
    runner = CliRunner(env={"RACCORD_CONTRACTS": str(folder.parent)})

    shown = runner.invoke(app, ("contracts", "show", "sixth", "mobile"))
    checked = runner.invoke(app, ("contracts", "check"))

    assert shown.exit_code == 2
    assert "see 'raccord contracts check'" in shown.stderr
    assert checked.exit_code == 1
    assert "sixth/mobile.yaml:1: " in checked.stdout


def test_the_page_of_contracts_is_the_one_the_profiles_make(ask: Ask) -> None:
    page = (ROOT / "docs" / "contracts.md").read_text("utf-8")

    assert ask("table").stdout == page, "run 'raccord contracts table > docs/contracts.md'"
    assert ask("folder").stdout.strip() == str(ROOT / "contracts")
