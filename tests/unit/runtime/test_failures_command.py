"""raccord failures, as somebody in operations asks it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs
from typer.testing import CliRunner, Result

from runtime.cli.main import app
from runtime.failures import SHIPPED, LastGood

Ask = Callable[..., Result]

R220_LATER = """  - name: r220
    from: 2027-02-01
    interface: "*"
    step: send-request
    code: R220
    retry: {after: 2 ouvre, at-most: 2}
    queue: exchange-desk
    allowed: [retry, cancel, end]
    ours: "the other port is mostly over within two days"
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "failures"
    folder.mkdir()
    shutil.copy(SHIPPED / "gpm.yaml", folder / "gpm.yaml")
    return folder


@pytest.fixture
def ask(tmp_path: Path, own: Path) -> Ask:
    env = {"RACCORD_HOME": str(tmp_path), "RACCORD_FAILURES": str(own)}
    runner = CliRunner(env=env)
    return lambda *arguments: runner.invoke(app, ("failures", *arguments))


def told(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_the_shipped_policies_have_no_fault(tmp_path: Path) -> None:
    runner = CliRunner(env={"RACCORD_HOME": str(tmp_path), "RACCORD_FAILURES": None})

    asked = runner.invoke(app, ("failures", "check"))

    assert asked.stdout == "clean\n"
    assert asked.exit_code == 0


def test_every_operator_has_a_policy_with_its_interface(ask: Ask) -> None:
    listed = told(ask("list", "--json"))["result"]

    assert [(one["operator"], one["interface"]) for one in listed] == [
        (name, "1") for name in ("bouygues", "gpm", "gpmag", "gpmr", "orange", "sfr")
    ]
    assert "exchange-desk" in ask("show", "gpm").stdout
    assert told(ask("show", "sfr", "--json"))["because"] == {"version": 2}


def test_a_row_added_to_a_file_of_ones_own_counts_from_its_day(ask: Ask, own: Path) -> None:
    file = own / "gpm.yaml"
    file.write_text(file.read_text().replace("version: 1", "version: 2") + R220_LATER)

    before = ask("explain", "gpm", "send-request", "R220", "--at", "2027-01-31")
    after = ask("explain", "gpm", "send-request", "R220", "--at", "2027-02-01")

    assert ask("check").stdout == "clean\n"
    assert before.stdout.splitlines()[1].strip() == (
        "not tried again; then ask: exchange-desk, operations"
    )
    first, second = after.stdout.splitlines()[:2]
    assert first == "gpm/r220 (version 2, from 2027-02-01)"
    assert second.strip().startswith(
        "tried again after 2 working days (Mon-Fri), 2 times at most; then ask: exchange-desk"
    )
    assert "before r220 (from 2026-01-01): less specific, or older" in after.stdout
    assert "before r220 (from 2027-02-01): not in force on that day" in before.stdout


@pytest.mark.parametrize(
    ("operator", "taken", "over"),
    [
        ("orange", "SLOT-TAKEN", "VISIT-OVER"),
        ("sfr", "CRENEAU_PRIS", "RDV_CLOS"),
        ("bouygues", "SLOT_TAKEN", "VISIT_OVER"),
    ],
)
def test_a_slot_that_was_taken_and_a_visit_that_is_over_are_asked_about_again_soon(
    ask: Ask, operator: str, taken: str, over: str
) -> None:
    asked = (("book-visit", taken), ("book-visit", over), ("cancel-visit", over))

    explained = [told(ask("explain", operator, *one, "--json"))["result"] for one in asked]

    assert [row["name"] for row in explained] == ["slot-taken", "visit-over", "visit-over-already"]
    assert [(row["retry"]["after"]["amount"], row["then"]) for row in explained] == [(1, "ask")] * 3


@pytest.mark.parametrize(
    "step", ["build-access", "offer-visits", "book-visit", "commission-access"]
)
def test_works_visits_and_openings_are_asked_for_again_when_an_operator_says_later(
    ask: Ask, step: str
) -> None:
    explained = told(ask("explain", "orange", step, "come-back-later", "--json"))

    assert explained["because"]["row"] == "orange/come-back-later (version 2, from 2026-01-01)"


def test_an_explanation_for_a_script_names_the_row_and_those_it_goes_before(ask: Ask) -> None:
    explained = told(ask("explain", "sfr", "prepare-line", "come-back-later", "--json"))

    assert explained["result"]["retry"]["at-most"] == 6
    assert explained["because"] == {
        "row": "sfr/come-back-later (version 2, from 2026-01-01)",
        "before": ["last (from 2026-01-01)"],
    }
    assert "12 clock hours off at the furthest" in ask("show", "sfr").stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("show", "free"), "'free' has no policy; write one of bouygues, gpm"),
        (("explain", "sfr", "dance", "X"), "'dance' is no step; write one of prepare-line"),
        (
            ("explain", "sfr", "send-request", "R123"),
            "send-request is never asked of sfr; write one of prepare-line",
        ),
        (("explain", "sfr", "prepare-line", "X", "--at", "soon"), "soon"),
        (("check", "/nowhere"), "/nowhere is no folder of failure policies"),
    ],
)
def test_what_cannot_be_understood_is_one_sentence(
    ask: Ask, arguments: tuple[str, ...], sentence: str
) -> None:
    asked = ask(*arguments)

    assert asked.exit_code == 2
    assert sentence in asked.stderr


def test_policies_with_a_fault_are_said_line_by_line_and_not_worked_with(
    ask: Ask, own: Path
) -> None:
    (own / "sfr.yaml").write_text("operator: sfr\nversion: 1\nrows: []\n")

    checked = ask("check")
    shown = ask("show", "gpm")

    assert checked.exit_code == 1
    assert checked.stdout.startswith("sfr.yaml:3: has no last row")
    assert told(ask("check", "--json"))["because"][0]["line"] == 3
    assert shown.exit_code == 2
    assert "see 'raccord failures check'" in shown.stderr
    assert Path(ask("folder").stdout.strip()) == SHIPPED


def test_a_file_that_is_being_edited_stops_nobody(own: Path) -> None:
    book = LastGood(own)
    before = book()

    (own / "gpm.yaml").write_text("half a li")

    with capture_logs() as logs:
        assert book() is before
        assert book() is before
    assert [one["event"] for one in logs] == ["failures.unreadable"]


def test_a_process_does_not_begin_with_a_fault(own: Path) -> None:
    (own / "gpm.yaml").write_text("half a li")

    with pytest.raises(Exception, match=r"faults, the first: gpm\.yaml:1"):
        LastGood(own)()
