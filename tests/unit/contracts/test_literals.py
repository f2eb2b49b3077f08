"""What each contract says, line by line: the literals of `expected/`, held against the profiles.

They were typed from the contracts and the rulebook's tables; nothing here is computed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.unit.contracts.conftest import Ask, Said

EXPECTED = Path(__file__).parent / "expected"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a table of literals."""

    provider: str
    service: str
    term: str
    answer: str
    rest: tuple[str, ...]

    def faults(self, said: Said) -> list[str]:
        """What is not as the line says; empty when all is."""
        match self.answer:
            case "silent" | "not-supplied":
                right = said.said is None and said.stated == self.answer
                return [] if right else [f"{said.said} {said.stated}"]
            case "unsigned" | "chargeable":
                wanted = self.answer == "chargeable"
                return [] if said.said and said.may_be_charged is wanted else [str(said)]
            case "readings":
                return self._of_readings(said)
            case _:
                return self._of_answer(said)

    def _of_answer(self, said: Said) -> list[str]:
        where = self.rest[0] if self.rest else ""
        ours = where == "ours" and (said.source or "").startswith("ours: ")
        right_place = ours or where in {"", said.source}
        return [] if said.said == self.answer and right_place else [f"{said.said} | {said.source}"]

    def _of_readings(self, said: Said) -> list[str]:
        listed = [reading.split(" = ", 1) for reading in self.rest[0].split(" ; ")]
        in_force = next(name[1:] for name, _ in listed if name.startswith("*"))
        readings = {name.removeprefix("*"): value.strip() for name, value in listed}
        signed = said.may_be_charged or self.rest[1:] == ("unsigned",)
        right = (said.in_force, said.readings) == (in_force, readings) and signed
        return [] if right else [f"{said.in_force}: {said.readings}"]


def rows() -> Iterator[Row]:
    for file in sorted(EXPECTED.glob("*.txt")):
        provider = file.stem.partition("_")[0]
        for line in file.read_text("utf-8").splitlines():
            if line and not line.startswith("#"):
                service, term, answer, *rest = (part.strip() for part in line.split(" |"))
                yield Row(
                    provider=provider, service=service, term=term, answer=answer, rest=tuple(rest)
                )


ROWS = tuple(rows())


@pytest.mark.parametrize(
    "services", sorted({(row.provider, row.service) for row in ROWS}), ids="/".join
)
def test_a_contract_says_what_its_text_says(ask: Ask, services: tuple[str, str]) -> None:
    wrong = [
        f"{row.term}: {row.answer} {row.rest}, but {fault}"
        for row in ROWS
        if (row.provider, row.service) == services
        for fault in row.faults(ask(*services, row.term))
    ]

    assert not wrong, "\n".join(wrong)


def test_every_service_of_every_contract_has_its_literals() -> None:
    services = {"oksio": 5, "onecom": 1, "axantis": 1, "nexis": 1, "technicophone": 12}

    found = {(row.provider, row.service) for row in ROWS}

    assert {p: sum(q == p for q, _ in found) for p in services} == services
    assert len(ROWS) > 1000


@pytest.mark.parametrize("service", ["sip-trunk", "centrex", "internet"])
def test_the_causes_of_suspension_of_a_schedule_stand_beside_the_general_ones(
    ask: Ask, service: str
) -> None:
    answer = ask("technicophone", service, "suspend.immediate-causes")

    assert answer.in_force == "beside-general-terms"
    assert set(answer.readings) == {"schedule-alone", "beside-general-terms"}
    assert answer.readings["schedule-alone"] in answer.readings["beside-general-terms"]
