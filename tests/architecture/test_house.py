"""The house style a machine can check, each refusal saying what to write instead."""

import ast
import io
import subprocess
import tokenize
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median, quantiles

import pytest

ROOT = Path(__file__).parent.parent.parent
PLACES_WITHOUT_CODE = {"contracts", "copper", "deploy", "docs", "failures", "notices", "tests"}
SHIPPED_DATA = {"contracts", "copper", "failures", "notices"}
FUNCTION_LINES_MAX = 60
FUNCTION_MEDIAN_MAX = 8
FUNCTION_P90_MAX = 25
FILE_LINES_MAX = 400
FILE_MEDIAN_MAX = 100
IGNORES_PER_1000_LINES = 1


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [ROOT / name for name in listed if (ROOT / name).is_file()]


FILES = [file for file in _tracked() if file.suffix == ".py"]
PRODUCT = [file for file in FILES if not file.is_relative_to(ROOT / "tests")]
TREES = {file: ast.parse(file.read_text()) for file in FILES}


def _name(file: Path) -> str:
    return str(file.relative_to(ROOT))


@cache
def _code_lines(file: Path) -> frozenset[int]:
    """Lines that hold code: no blanks, no comments, no docstrings."""
    lines: set[int] = set()
    skipped = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    for token in tokenize.generate_tokens(io.StringIO(file.read_text()).readline):
        if token.type not in skipped:
            lines.update(range(token.start[0], token.end[0] + 1))
    return frozenset(lines - _docstring_lines(TREES[file]))


def _docstring_lines(tree: ast.AST) -> set[int]:
    return {
        line
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }


@cache
def _functions(file: Path) -> tuple[tuple[str, int], ...]:
    lines = _code_lines(file)
    return tuple(
        (
            f"{_name(file)}:{node.lineno} {node.name}",
            len(lines & set(range(node.lineno, (node.end_lineno or node.lineno) + 1))),
        )
        for node in ast.walk(TREES[file])
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def test_every_top_level_folder_has_a_place_in_the_import_contract() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    placed = set(settings["tool"]["importlinter"]["root_packages"])
    shipped = set(settings["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
    folders = {file.relative_to(ROOT).parts[0] for file in _tracked() if file.parent != ROOT}
    visible = {folder for folder in folders if not folder.startswith(".")}

    assert visible - PLACES_WITHOUT_CODE == placed, "give the folder a place in [tool.importlinter]"
    assert shipped - SHIPPED_DATA == placed, "ship the folder in [tool.hatch.build.targets.wheel]"


def test_no_function_is_longer_than_it_can_be_read_aloud() -> None:
    long = [
        f"{name} ({n})" for file in FILES for name, n in _functions(file) if n > FUNCTION_LINES_MAX
    ]

    assert not long, f"split what has more than {FUNCTION_LINES_MAX} code lines: {long}"


def test_functions_stay_short_on_the_whole() -> None:
    lengths = [n for file in PRODUCT for _, n in _functions(file)]

    assert median(lengths) <= FUNCTION_MEDIAN_MAX
    assert quantiles(lengths, n=10)[-1] <= FUNCTION_P90_MAX


def test_files_stay_short() -> None:
    lengths = {_name(file): len(_code_lines(file)) for file in FILES}
    long = {name: n for name, n in lengths.items() if n > FILE_LINES_MAX}

    assert not long, f"a file over {FILE_LINES_MAX} code lines is two nouns: {long}"
    assert median(len(_code_lines(file)) for file in PRODUCT) <= FILE_MEDIAN_MAX


def test_packages_have_empty_inits_and_nothing_is_re_exported() -> None:
    full = [
        _name(file) for file in FILES if file.name == "__init__.py" and file.read_text().strip()
    ]

    assert not full, f"import from where a thing lives, and empty these: {full}"


def _calls(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


BELOW = ("domain", "ledger", "projections", "activities", "workflows", "intake")
CLOCKS = {
    "datetime.now",
    "datetime.utcnow",
    "date.today",
    "time.time",
    "uuid4",
    "uuid.uuid4",
    "uuid1",
}


@pytest.mark.parametrize("folder", BELOW)
def test_time_and_identifiers_are_arguments(folder: str) -> None:
    """One default is allowed: the API's own wall clock, which a caller may replace."""
    found = [
        f"{_name(file)}:{line} {call}"
        for file in PRODUCT
        if file.is_relative_to(ROOT / folder)
        for line, call in _calls(TREES[file])
        if call in CLOCKS and _name(file) != "intake/api.py"
    ]

    assert not found, f"take the instant or the id as an argument: {found}"


def test_nothing_prints_and_nothing_is_left_to_do() -> None:
    prints = [
        f"{_name(file)}:{line}"
        for file in PRODUCT
        for line, call in _calls(TREES[file])
        if call == "print"
    ]
    markers = ("TO" + "DO", "FIX" + "ME", "X" * 3)
    unfinished = [_name(f) for f in FILES if any(marker in f.read_text() for marker in markers)]

    assert not prints, f"say it through the command line's output or a log: {prints}"
    assert not unfinished, f"finish it or write an issue: {unfinished}"


def _broad_handlers(tree: ast.AST) -> Iterator[ast.ExceptHandler]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            caught = ast.unparse(node.type) if node.type else "everything"
            if caught in {"everything", "Exception", "BaseException"}:
                yield node


def test_whoever_catches_everything_raises_it_again() -> None:
    swallowed = [
        f"{_name(file)}:{handler.lineno}"
        for file in FILES
        for handler in _broad_handlers(TREES[file])
        if not any(isinstance(node, ast.Raise) for node in ast.walk(handler))
    ]

    assert not swallowed, f"catch what you expect by name: {swallowed}"


def test_few_types_are_ignored_and_each_says_why() -> None:
    marker = "type: " + "ignore"
    lines = [
        (f"{_name(file)}:{n}", line)
        for file in FILES
        for n, line in enumerate(file.read_text().splitlines(), start=1)
        if marker in line
    ]
    unexplained = [where for where, line in lines if "#" not in line.split(marker)[1]]
    total = sum(len(_code_lines(file)) for file in FILES)

    assert not unexplained, f"add '# reason' after the code: {unexplained}"
    assert len(lines) <= max(1, total * IGNORES_PER_1000_LINES // 1000)


def test_unit_tests_pass_fakes_in_and_patch_nothing() -> None:
    words = ("monkeypatch", "mock", "patch(")
    patched = [
        _name(file)
        for file in FILES
        if file.is_relative_to(ROOT / "tests" / "unit")
        and any(word in file.read_text() for word in words)
    ]

    assert not patched, f"give the code a parameter and pass a fake: {patched}"


def test_tests_are_sentences_that_check_something() -> None:
    hollow = [
        f"{_name(file)}:{node.lineno} {node.name}"
        for file in FILES
        if file.is_relative_to(ROOT / "tests")
        for node in ast.walk(TREES[file])
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        if not _checks(node) or node.name.count("_") < 3
    ]

    assert not hollow, f"name what holds, and assert it: {hollow}"


def _checks(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(
        isinstance(node, ast.Assert)
        or (
            isinstance(node, ast.Call)
            and ast.unparse(node.func) in {"pytest.raises", "_assert_refused"}
        )
        for node in ast.walk(function)
    )
