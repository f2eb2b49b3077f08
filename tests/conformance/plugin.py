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

from runtime.store import Store
from tests.conformance.exchange import ExchangeUnderTest
from tests.conformance.host import HostUnderTest
from tests.conformance.promises import promises_like

Factory = Callable[[], AbstractAsyncContextManager[HostUnderTest]]
ExchangeFactory = Callable[[Store, Path], AbstractAsyncContextManager[ExchangeUnderTest]]

OPTION, EXCHANGE_OPTION, REPORT = "--adapter", "--exchange", "--conformance-report"
ADAPTER, PROMISE = "conformance-adapter", "conformance-promise"
PASSED, FAILED, NOT_OFFERED = "kept", "BROKEN", "not offered"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("operator conformance")
    group.addoption(OPTION, metavar="MODULE:FACTORY", help="an adapter of your own to hold against")
    group.addoption(EXCHANGE_OPTION, metavar="MODULE:FACTORY", help="an exchange of your own")
    group.addoption(REPORT, metavar="FILE", type=Path, help="write what was kept, in Markdown")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "promise(id): the promise that the test is about")
    if config.getoption(OPTION):
        factory_of(config.getoption(OPTION))
    if config.getoption(EXCHANGE_OPTION):
        exchange_factory_of(config.getoption(EXCHANGE_OPTION))
    where = config.getoption(REPORT)
    if where is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Report(Path(where)), "conformance-report")


def factory_of(path: str) -> Factory:
    return cast("Factory", _named(path, OPTION, "HostUnderTest"))


def exchange_factory_of(path: str) -> ExchangeFactory:
    return cast("ExchangeFactory", _named(path, EXCHANGE_OPTION, "ExchangeUnderTest"))


def _named(path: str, option: str, yields: str) -> object:
    module, _, name = path.partition(":")
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as exc:
        raise pytest.UsageError(
            f"{option}={path}: write module:factory, an async context manager that yields a "
            f"{yields} ({exc})"
        ) from exc


def adapters_of(
    config: pytest.Config, ours: tuple[str, ...], option: str = OPTION
) -> tuple[str, ...]:
    """The one that is given, and then no other; of the other kind none."""
    given = {name: config.getoption(name) for name in (OPTION, EXCHANGE_OPTION)}
    if any(given.values()):
        return (given[option],) if given[option] else ()
    return ours


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
            for promise in promises_like(next(iter(promises))):
                rows = sorted(promises.get(promise.id, [("nothing", "not tried")]))
                start = f"| **{promise.id}**: {promise.sentence} |"
                lines += [f"{start} {tried} | {what} |" for tried, what in rows]
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
    all_of_them = promises_like(next(iter(promises)))
    outcomes = [{what for _, what in promises.get(one.id, [])} for one in all_of_them]
    kept = sum(what == {PASSED} for what in outcomes)
    broken = sum(FAILED in what for what in outcomes)
    missing = sum(what == {NOT_OFFERED} for what in outcomes)
    return f"{kept} promises kept, {broken} broken, {missing} not offered, of {len(all_of_them)}."
