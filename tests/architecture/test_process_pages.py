"""A process's page draws the stages the code has, in the order the code has them."""

import ast
from pathlib import Path

import pytest

from domain import access_attention, port_in_attention, works_attention
from domain.access_stages import AccessStage
from domain.attention import DecisionKind
from domain.port_in_states import PortStage

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted((ROOT / "docs" / "processes").glob("*.md"))


def _stages(process: Path) -> list[str]:
    """What `run` awaits of its own inside its loop, as words."""
    for node in ast.walk(ast.parse(process.read_text())):
        if isinstance(node, ast.AsyncFunctionDef) and node.name == "run":
            return [
                call.func.attr.strip("_").replace("_", " ")
                for loop in ast.walk(node)
                if isinstance(loop, ast.While)
                for step in loop.body
                for call in ast.walk(step)
                if isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and call.func.attr.startswith("_")
            ]
    return []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_draws_the_stages_of_its_process(page: Path) -> None:
    stages = _stages(ROOT / "workflows" / f"{page.stem}.py")

    assert stages
    assert " → ".join(stages) in page.read_text()


def test_the_page_of_the_port_in_names_every_stage_and_every_question() -> None:
    page = (ROOT / "docs" / "processes" / "port_in_mobile.md").read_text()
    codes = [
        value
        for name, value in vars(port_in_attention).items()
        if name.isupper() and isinstance(value, str) and not name.startswith("_")
    ]

    assert [stage for stage in PortStage if f"| {stage} |" not in page] == []
    questions = [code for code in codes if code not in {"retry", "correct", "skip"}]
    assert [code for code in questions if f"`{code}`" not in page and code not in _DECISIONS] == []


def test_the_page_of_the_access_names_every_stage_and_every_question() -> None:
    page = (ROOT / "docs" / "processes" / "deliver_access.md").read_text()
    codes = [
        value
        for asked in (access_attention, works_attention)
        for name, value in vars(asked).items()
        if name.isupper() and isinstance(value, str) and not name.endswith("_PAPER")
    ]
    of_lines = ("gates", "operator-refused", "operator-silent", "cancellation-paper")
    no_question = {*DecisionKind, works_attention.VISIT, works_attention.LATE}
    codes = [*(code for code in codes if code not in no_question), *of_lines]

    assert [stage for stage in AccessStage if f"| {stage} |" not in page] == []
    assert [code for code in codes if f"`{code}`" not in page] == []


_DECISIONS = {"cancel", "end", "postpone"}
