"""Nothing is promised that is not tried, and nothing is tried that is not promised."""

import ast
import asyncio
import sys
from pathlib import Path

from tests.conformance.promises import PROMISES

HERE = Path(__file__).parent


def _tried() -> list[tuple[str, str | None]]:
    functions = [
        node
        for file in sorted(HERE.glob("test_*.py"))
        if file != Path(__file__)
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.AsyncFunctionDef) and node.name.startswith("test_")
    ]
    return [(function.name, _promise(function)) for function in functions]


def _promise(function: ast.AsyncFunctionDef) -> str | None:
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "promises":
            return str(ast.literal_eval(decorator.args[0]))
    return None


def test_every_promise_is_tried_and_every_test_is_about_one() -> None:
    tried = _tried()

    assert [name for name, promise in tried if promise is None] == []
    assert {promise for _, promise in tried} == set(PROMISES)


def test_a_promise_is_one_sentence_under_its_own_name() -> None:
    for id_, promise in PROMISES.items():
        assert promise.id == id_
        assert promise.sentence.endswith(".")


async def _suite(*options: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "pytest",
        "tests/conformance/test_capabilities.py",
        "-q",
        "-n0",
        *options,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=HERE.parent.parent,
    )
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


async def test_an_adapter_of_ones_own_is_held_against_it_and_reported(tmp_path: Path) -> None:
    report = tmp_path / "report.md"

    code, output = await _suite(
        "--adapter=tests.conformance.ours:fake", f"--conformance-report={report}"
    )

    assert code == 0, output
    written = report.read_text()
    assert "## tests.conformance.ours:fake" in written
    assert "| **rio**: The RIO of a line is given on demand, suspended or not." in written
    assert "| nothing | not tried |" in written
    assert "| a change refused later is told by its key | not offered |" in written


async def test_an_adapter_that_is_not_there_is_said_to_be_none() -> None:
    code, output = await _suite("--adapter=nowhere.at:all")

    assert code == 4, output
    assert "write module:factory" in output
