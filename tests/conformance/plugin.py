"""The suite as a tool: which adapter it is held against, and a report anybody can read.

pytest tests/conformance --adapter=my.module:factory --conformance-report report.md
"""

import importlib
from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest

from tests.conformance.host import HostUnderTest
from tests.conformance.promises import PROMISES

Factory = Callable[[], AbstractAsyncContextManager[HostUnderTest]]

OPTION, REPORT = "--adapter", "--conformance-report"
ADAPTER, PROMISE = "conformance-adapter", "conformance-promise"
PASSED, FAILED, NOT_OFFERED = "kept", "BROKEN", "not offered"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("operator conformance")
    group.addoption(OPTION, metavar="MODULE:FACTORY", help="an adapter of your own to hold against")
    group.addoption(REPORT, metavar="FILE", type=Path, help="write what was kept, in Markdown")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "promise(id): the promise that the test is about")
    if config.getoption(OPTION):
        factory_of(config.getoption(OPTION))
    where = config.getoption(REPORT)
    if where is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Report(Path(where)), "conformance-report")


def factory_of(path: str) -> Factory:
    module, _, name = path.partition(":")
    try:
        return cast("Factory", getattr(importlib.import_module(module), name))
    except (ImportError, AttributeError, ValueError) as exc:
        raise pytest.UsageError(
            f"{OPTION}={path}: write module:factory, an async context manager that yields a "
            f"HostUnderTest ({exc})"
        ) from exc


def adapters_of(config: pytest.Config, ours: tuple[str, ...]) -> tuple[str, ...]:
    given = config.getoption(OPTION)
    return (given,) if given else ours


@dataclass
class Report:
    """Put together where the workers' reports come in, from what each test said of itself."""

    where: Path
    found: dict[str, dict[str, list[tuple[str, str]]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        said = dict(report.user_properties)
        outcome = _outcome(report)
        if outcome is None or PROMISE not in said:
            return
        tried = self.found[str(said[ADAPTER])][str(said[PROMISE])]
        words = _in_words(report.nodeid, str(said[ADAPTER]))
        tried[:] = [one for one in tried if one[0] != words]
        tried.append((words, outcome))

    def pytest_sessionfinish(self) -> None:
        self.where.write_text(self._written())

    def _written(self) -> str:
        lines = ["# Operator conformance", ""]
        for adapter, promises in sorted(self.found.items()):
            lines += [f"## {adapter}", "", _summary(promises), ""]
            lines += ["| promise | what was tried | what happened |", "|---|---|---|"]
            for id_ in PROMISES:
                rows = sorted(promises.get(id_, [("nothing", "not tried")]))
                sentence = PROMISES[id_].sentence
                lines += [f"| **{id_}**: {sentence} | {tried} | {what} |" for tried, what in rows]
            lines.append("")
        return "\n".join(lines)


def _outcome(report: pytest.TestReport) -> str | None:
    """None for what says nothing: a fixture that was only set up, or taken down."""
    if report.failed:
        return FAILED
    if report.skipped:
        return NOT_OFFERED
    return PASSED if report.when == "call" else None


def _in_words(node: str, adapter: str) -> str:
    """The test's own sentence; what it was tried with stays, the adapter is in the title."""
    name = node.rpartition("::")[2].removeprefix("test_")
    sentence, _, parameters = name.partition("[")
    others = parameters.removesuffix("]").replace(adapter, "").strip("-")
    return sentence.replace("_", " ") + (f" ({others})" if others else "")


def _summary(promises: dict[str, list[tuple[str, str]]]) -> str:
    outcomes = [{what for _, what in promises.get(id_, [])} for id_ in PROMISES]
    kept = sum(what == {PASSED} for what in outcomes)
    broken = sum(FAILED in what for what in outcomes)
    missing = sum(what == {NOT_OFFERED} for what in outcomes)
    return f"{kept} promises kept, {broken} broken, {missing} not offered, of {len(PROMISES)}."
