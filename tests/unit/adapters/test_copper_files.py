"""Closures of copper from files: every fault with its file and line."""

from datetime import date
from pathlib import Path

import pytest

from adapters.copper_files.reader import read_closures
from domain.copper_closures import CopperState, OrderKind, judge
from runtime.copper import SHIPPED, open_closures
from runtime.errors import BadInputError

LOT = """version: "1"
closures:
  - name: lot-3
    commune: "89387"
    commercial: 2026-11-03
    source: "a notice"
"""


def _faults(*folders: Path) -> list[str]:
    return [str(fault) for fault in read_closures(*folders).faults]


def test_what_is_shipped_closes_new_lines_everywhere_and_waits_for_a_signature() -> None:
    # porting-and-access § 5: national commercial closure, January 2026
    closures = open_closures(None)
    on = date(2026, 1, 31)

    found = judge(closures, commune="89387", address_key=None, on=on, kind=OrderKind.NEW_LINE)

    assert (found.state, found.unsigned) == (CopperState.CLOSED_TO_ORDERS, True)
    assert "defaults of ours" in found.source
    assert _faults(SHIPPED) == []


def test_a_folder_of_ones_own_stands_beside_what_is_shipped(tmp_path: Path) -> None:
    (tmp_path / "lots.yaml").write_text(LOT)
    beside = open_closures(tmp_path)
    (tmp_path / "national.yaml").write_text('version: "1"\n')
    in_place = open_closures(tmp_path)

    assert [one.name for one in beside.closures] == ["national-commercial", "lot-3"]
    assert [one.name for one in in_place.closures] == ["lot-3"]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "lots.yaml:1: is no file of closures; write version and closures"),
        ("a: [", "lots.yaml:2: did not find expected node content; correct the YAML there"),
        ("version: x\nclosures: 3\n", "lots.yaml:2: closures: "),
        (LOT.replace("2026-11-03", "soon"), "lots.yaml:5: closures.0.commercial: write the date"),
        (
            LOT + "postponements:\n  - {name: p, of: lot-9, technical: 2028-01-01, source: x}\n",
            "lots.yaml:8: p: no closure is called lot-9",
        ),
    ],
)
def test_a_fault_names_its_file_its_line_and_what_to_write(
    tmp_path: Path, content: str, fault: str
) -> None:
    (tmp_path / "lots.yaml").write_text(content)

    (found,) = _faults(tmp_path)

    assert found.startswith(fault)


def test_nothing_is_begun_with_a_fault_or_without_the_folder_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "lots.yaml").write_text("version: 1\nlots: []\n")

    with pytest.raises(BadInputError, match=r"has 1 faults, the first: lots\.yaml:2: lots: Extra"):
        open_closures(tmp_path)
    with pytest.raises(BadInputError, match="is no folder of copper closures"):
        open_closures(tmp_path / "nowhere")
