"""Days no fact covers, and codes that say whose fault they name."""

from datetime import date

import pytest

from domain.indemnity_facts import Party
from domain.port_evidence import days_late, read_evidence
from domain.port_faults import Fault, fault_of
from tests.unit.domain.test_port_evidence import Told


def test_days_no_fact_covers_are_nobodys_yet() -> None:
    evidence = Told().switched_after(days=1).evidence

    days = days_late(evidence, agreed_on=date(2027, 1, 14), back_on=date(2027, 1, 17))

    assert [(one.day, one.party) for one in days] == [
        (date(2027, 1, 15), Party.UNKNOWN),
        (date(2027, 1, 16), Party.HOST),
        (date(2027, 1, 17), Party.UNKNOWN),
    ]


def test_facts_of_no_port_say_nothing() -> None:
    evidence = read_evidence((), lambda at: at.date())

    assert (evidence.agreed_on, evidence.over, evidence.shows_delay) == (None, False, None)


@pytest.mark.parametrize(
    ("code", "fault"),
    [("R123", Fault.DATA), ("R215", Fault.OURS), ("E602", Fault.OURS), ("R322", Fault.UNSAID)],
)
def test_a_code_says_whose_fault_it_names(code: str, fault: Fault) -> None:
    assert fault_of(code) is fault
