"""raccord bench desk, over what --json wrote."""

from pathlib import Path

from typer.testing import CliRunner

from bench.desk import FOLLOWED, Report
from bench.measures import Measure
from runtime.cli.main import app


def test_the_desk_names_each_process_by_its_file(tmp_path: Path) -> None:
    turns = Measure(name="p50 of a turn", unit="ms", ours=12.0, floor=10.0, floor_name="bare")
    report = Report(conditions="100 orders followed", sections={FOLLOWED: (turns,)})
    (tmp_path / "access.json").write_text(report.to_json())

    told = CliRunner().invoke(app, ["bench", "desk", str(tmp_path / "access.json")])

    assert told.exit_code == 0
    assert told.stdout.splitlines()[0] == "- access: 100 orders followed"
    assert told.stdout.splitlines()[-1] == "| p50 of a turn (ms) | 12.0 | 1.20 |"


def test_a_file_that_is_no_report_is_named(tmp_path: Path) -> None:
    (tmp_path / "order.json").write_text('{"reference": "S-1"}')

    told = CliRunner().invoke(app, ["bench", "desk", str(tmp_path / "order.json")])

    assert told.exit_code == 2
    assert "order.json is no report" in told.stderr
