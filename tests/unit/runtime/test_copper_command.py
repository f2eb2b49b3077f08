"""raccord copper, as somebody in operations asks it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from runtime.cli.main import app
from runtime.copper import SHIPPED

Ask = Callable[..., Result]

LOT = """version: "1"
closures:
  - name: lot-3
    commune: "89387"
    technical: 2027-11-02
    source: "the network's notice"
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "copper"
    folder.mkdir()
    (folder / "lots.yaml").write_text(LOT)
    return folder


@pytest.fixture
def ask(tmp_path: Path, own: Path) -> Ask:
    runner = CliRunner(env={"RACCORD_HOME": str(tmp_path), "RACCORD_COPPER": str(own)})
    return lambda *arguments: runner.invoke(app, ("copper", *arguments))


def test_what_is_closed_is_said_with_its_day_its_file_and_whether_it_is_signed(ask: Ask) -> None:
    # porting-and-access § 5: national commercial closure, January 2026
    asked = ask("explain", "89387", "--at", "2027-03-01")

    assert asked.exit_code == 1
    state, source, unsigned = asked.stdout.splitlines()
    assert state == (
        "closed-to-orders: copper is closed to orders of new lines since Saturday 31 January 2026 "
        "(national-commercial)"
    )
    assert "porting-and-access 5" in source
    assert unsigned == "a default of ours: a person decides until somebody has signed it"


def test_what_is_open_is_answered_yes_and_the_day_may_be_a_moment(ask: Ask) -> None:
    asked = ask(
        "explain", "89387", "--kind", "takeover", "--at", "2027-11-01T18:00", "--lang", "fr"
    )

    assert (asked.exit_code, asked.stdout) == (
        0,
        "open: cuivre ouvert ; rien n'y est livré à partir du mardi 2 novembre 2027\n",
    )


def test_a_program_reads_the_state_and_why(ask: Ask) -> None:
    asked = ask("explain", "89387", "--kind", "takeover", "--at", "2027-11-02", "--json")
    told = json.loads(asked.stdout)

    assert (asked.exit_code, told["result"]) == (1, "closed")
    assert (told["because"]["source"], told["because"]["unsigned"]) == (
        "the network's notice",
        False,
    )


def test_today_is_meant_where_no_day_is_given_and_a_commune_is_read(ask: Ask) -> None:
    assert ask("explain", "89387").stdout.startswith("closed")
    assert ask("explain", "Sens").exit_code == 2


def test_files_are_checked_each_fault_with_its_line(ask: Ask, own: Path) -> None:
    clean = ask("check")
    (own / "lots.yaml").write_text(LOT.replace("2027-11-02", "soon"))
    faulty, as_json = ask("check"), ask("check", str(own), "--json")
    (own / "more.yaml").write_text("lots: []\n")

    assert (clean.exit_code, clean.stdout) == (0, "clean\n")
    assert faulty.exit_code == 1
    assert faulty.stdout.splitlines() == [
        "lots.yaml:5: closures.0.technical: write the date as 2026-12-01",
        "1 fault",
    ]
    assert json.loads(as_json.stdout)["because"][0]["line"] == 5
    assert ask("check").stdout.splitlines()[-1] == "3 faults"


def test_the_folder_that_is_shipped_is_named(ask: Ask) -> None:
    assert ask("folder").stdout.replace("\n", "") == str(SHIPPED)
