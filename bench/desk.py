"""Several processes side by side, from the reports of their benchmarks: the table of
docs/performance.md is what this prints, and is written by nobody."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from bench.measures import Measure, figure

FOLLOWED, HELD = "From the order to its end", "Memory"
SHOWN = (FOLLOWED, HELD)
"""The sections that every process has."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """What one run measured, and where and how."""

    conditions: str
    sections: Mapping[str, tuple[Measure, ...]]

    def to_json(self) -> str:
        measures = [
            {"section": section, **vars(measure), "ratio": measure.ratio}
            for section, found in self.sections.items()
            for measure in found
        ]
        return json.dumps({"conditions": self.conditions, "measures": measures}, indent=1)

    @classmethod
    def of_json(cls, text: str) -> Self:
        report = json.loads(text)
        sections: dict[str, tuple[Measure, ...]] = {}
        for one in report["measures"]:
            section, _ = one.pop("section"), one.pop("ratio")
            sections[section] = (*sections.get(section, ()), Measure(**one))
        return cls(conditions=report["conditions"], sections=sections)

    @property
    def shown(self) -> dict[str, Measure]:
        """By name and unit."""
        found = (one for section in SHOWN for one in self.sections.get(section, ()))
        return {f"{one.name} ({one.unit})" if one.unit else one.name: one for one in found}


def desk_of(reports: Mapping[str, Report]) -> Iterator[str]:
    """Lines of Markdown: where each was measured, then a row for each measure, in the order of the
    reports."""
    for process, report in reports.items():
        yield f"- {process}: {report.conditions}"
    yield ""
    yield _row("measure", *(title for process in reports for title in (process, "ratio")))
    yield _row(*("---" for _ in range(1 + 2 * len(reports))))
    shown = [report.shown for report in reports.values()]
    for name in dict.fromkeys(name for measures in shown for name in measures):
        yield _row(name, *(cell for measures in shown for cell in _cells(measures.get(name))))


def _cells(measure: Measure | None) -> tuple[str, str]:
    if measure is None:
        return ("", "")
    return (figure(measure.ours), "" if measure.ratio is None else f"{measure.ratio:.2f}")


def _row(*cells: str) -> str:
    return "".join(f"| {cell} " if cell else "| " for cell in cells) + "|"
