"""Every code of the exchange (porting-and-access § 2.6) has a meaning and a named outcome."""

import pytest

from domain.exchange_codes import (
    EXCHANGE_CODES,
    CodeFamily,
    CodeOutcome,
    code_of,
    why_refused,
)
from domain.refusals import NextStep

ANNEX = """
A001
R123 R210 R211 R212 R213 R215 R220 R221 R222 R322 R323 R340
C001 C002 C003
E000 E001 E002 E003 E004 E005 E006 E007 E008 E009 E010 E011
E201 E202 E203 E204 E205 E206
E600 E602 E603 E604 E605 E606 E607 E608 E609 E610 E611 E612 E613 E614 E615 E616 E617
"""


def test_the_table_holds_the_codes_of_the_annex_and_no_other() -> None:
    assert set(EXCHANGE_CODES) == set(ANNEX.split())


@pytest.mark.parametrize("code", sorted(EXCHANGE_CODES))
def test_each_code_says_in_two_languages_what_it_means(code: str) -> None:
    known = code_of(f" {code.lower()} ")

    assert known.code == code
    assert known.meaning.fr
    assert known.meaning.en
    assert known.outcome is not CodeOutcome.PERSON


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("A001", CodeOutcome.ACCEPTED),
        ("R123", CodeOutcome.REFUSED),
        ("C001", CodeOutcome.CANCELLED),
        ("C002", CodeOutcome.LOST),
        ("C003", CodeOutcome.LOST),
        ("E000", CodeOutcome.FILE_TAKEN),
        ("E007", CodeOutcome.FILE_EARLIER_MISSING),
        ("E008", CodeOutcome.FILE_KNOWN),
        ("E010", CodeOutcome.FILE_REFUSED),
        ("E011", CodeOutcome.FILE_UNANSWERED),
        ("E204", CodeOutcome.TICKET_REFUSED),
        ("E606", CodeOutcome.TICKET_REFUSED),
        ("E610", CodeOutcome.TICKET_KNOWN),
        ("E612", CodeOutcome.TICKET_KNOWN),
    ],
)
def test_what_a_code_leads_to(code: str, outcome: CodeOutcome) -> None:
    assert code_of(code).outcome is outcome


def test_a_code_nobody_knows_is_for_a_person() -> None:
    unknown = code_of("z9")

    assert (unknown.code, unknown.family, unknown.outcome) == (
        "Z9",
        CodeFamily.UNKNOWN,
        CodeOutcome.PERSON,
    )


@pytest.mark.parametrize(
    ("code", "next_step"),
    [
        ("R123", NextStep.CORRECT),
        ("R999", NextStep.PERSON),
        ("E606", NextStep.CORRECT),
        ("E201", NextStep.CORRECT),
        ("E600", NextStep.RESCHEDULE),
        ("E603", NextStep.RESCHEDULE),
        ("E607", NextStep.RESCHEDULE),
        ("E008", NextStep.PERSON),
    ],
)
def test_what_can_be_done_about_a_request_that_comes_back(code: str, next_step: NextStep) -> None:
    why = why_refused(code)

    assert why.next_step is next_step
    assert why.remedy.en
