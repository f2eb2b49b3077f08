"""Which tests decide a start, and what rate a contract guarantees."""

from decimal import Decimal

import pytest

from domain.access_commissioning import Ordered, deciding_tests, judge_tests
from domain.access_facts import Technology
from domain.contract_questions import Contract
from domain.contract_values import PercentValue
from domain.works_facts import Test, TestResult
from tests.access_contracts import data, internet, ordered_with, signed_under

FIBRE = Ordered(technology=Technology.DEDICATED_FIBRE, down_kbps=100_000, up_kbps=100_000)
DSL = Ordered(technology=Technology.ADSL, down_kbps=8_000, up_kbps=1_000)
SYNC = TestResult(test=Test.SYNCHRONISATION, passed=True)


def _rate(test: Test, measured: str | None) -> TestResult:
    return TestResult(
        test=test, passed=True, measured=None if measured is None else Decimal(measured)
    )


def _both(down: str, up: str = "100000") -> tuple[TestResult, ...]:
    return (SYNC, _rate(Test.THROUGHPUT_DOWN, down), _rate(Test.THROUGHPUT_UP, up))


@pytest.mark.parametrize(
    ("down", "passed"),
    [
        # « garanti à 90-95% » (002:2423): 95 % of 100 000 in force, 90 % kept (decision 4)
        ("95000", True),
        ("94999.9", False),
        ("90000", False),
        ("0", False),
    ],
)
def test_dedicated_fibre_starts_at_95_per_cent_of_its_rate(down: str, *, passed: bool) -> None:
    judged = judge_tests(internet(), FIBRE, _both(down))

    assert judged.passed is passed
    assert judged.failed == (() if passed else (Test.THROUGHPUT_DOWN,))


def test_both_ends_of_the_guarantee_are_kept_with_their_line() -> None:
    judged = judge_tests(internet(), FIBRE, _both("92000"))

    down = [one for one in judged.rates if one.test is Test.THROUGHPUT_DOWN]
    assert [(one.name, one.in_force, str(one.least_kbps), one.reached) for one in down] == [
        ("highest", True, "95000", False),
        ("lowest", False, "90000", True),
    ]
    assert [said.en for said in judged.said] == [
        # « tests standard … réalisés par le Prestataire » (002:1027-1029)
        "the provider's standard tests, none of them named (002:1027-1028)",
        "rate down: 92000 kbit/s, at least 95000 are due, 95 % of 100000 (002:2423)",
        (
            "rate down: 92000 kbit/s, at least 90000 are due, 90 % of 100000, a reading that is "
            "kept (002:2423)"
        ),
        "rate up: 100000 kbit/s, at least 95000 are due, 95 % of 100000 (002:2423)",
        (
            "rate up: 100000 kbit/s, at least 90000 are due, 90 % of 100000, a reading that is "
            "kept (002:2423)"
        ),
        "failed: rate down",
        "it is no start of service (a default of ours)",
    ]


@pytest.mark.parametrize(
    "technology", [Technology.ADSL, Technology.VDSL, Technology.FTTH, Technology.SHARED_FIBRE]
)
def test_an_indicative_rate_holds_nothing_up_even_at_zero(technology: Technology) -> None:
    # « ne sont qu'indicatifs … pas garantis ni symétriques » (002:2255-2258)
    ordered = Ordered(technology=technology, down_kbps=8_000, up_kbps=1_000)

    judged = judge_tests(internet(), ordered, _both("0", "0"))

    assert (judged.passed, judged.rates) == (True, ())
    assert judged.said[1].en == (
        "the rate is indicative, neither guaranteed nor symmetric (002:2255-2258)"
    )
    assert judged.said[-1].en == (
        "the tests that decide are good: service may start (a default of ours)"
    )


@pytest.mark.parametrize(
    ("contract", "technology"),
    [
        (internet(), Technology.SDSL),
        (data(), Technology.ADSL),
        (data(), Technology.DEDICATED_FIBRE),
        (signed_under("technicophone", "vga"), Technology.ADSL),
    ],
)
def test_where_no_text_guarantees_a_rate_the_silence_is_said(
    contract: Contract, technology: Technology
) -> None:
    ordered = Ordered(technology=technology, down_kbps=8_000, up_kbps=1_000)

    judged = judge_tests(contract, ordered, [SYNC])

    assert judged.passed
    assert judged.said[1].en == (
        "the contract is silent: no rate is guaranteed for this access, and none holds it up"
    )


def test_oksio_names_no_test_at_all() -> None:
    assert judge_tests(data(), DSL, [SYNC]).said[0].en == (
        "the contract is silent: no test before service"
    )


def test_synchronisation_and_calls_decide_by_their_own_word_and_loss_does_not() -> None:
    results = [
        TestResult(test=Test.SYNCHRONISATION, passed=False),
        TestResult(test=Test.CALL_IN, passed=False),
        TestResult(test=Test.CALL_OUT, passed=True),
        TestResult(test=Test.LOSS, passed=False, measured=Decimal(12)),
        TestResult(test=Test.THROUGHPUT_DOWN, passed=False, measured=Decimal(1)),
    ]

    judged = judge_tests(internet(), DSL, results)

    assert judged.failed == (Test.SYNCHRONISATION, Test.CALL_IN)
    assert "failed: call in" in judged.because.en
    assert not judged.passed


def test_a_test_taken_again_counts_as_it_came_out_last() -> None:
    again = [TestResult(test=Test.SYNCHRONISATION, passed=False), SYNC]

    assert judge_tests(internet(), DSL, again).passed
    assert not judge_tests(internet(), DSL, again[::-1]).passed


def test_no_test_is_no_start() -> None:
    nothing = judge_tests(internet(), DSL, [])
    unmeasured = judge_tests(internet(), FIBRE, [SYNC, _rate(Test.THROUGHPUT_DOWN, None)])

    assert (nothing.passed, nothing.missing) == (False, (Test.SYNCHRONISATION,))
    assert unmeasured.missing == (Test.THROUGHPUT_DOWN, Test.THROUGHPUT_UP)
    assert "not measured: rate up" in unmeasured.because.en


def test_the_tests_an_access_needs_are_told_beforehand() -> None:
    assert deciding_tests(internet(), Technology.DEDICATED_FIBRE) == (
        Test.SYNCHRONISATION,
        Test.THROUGHPUT_DOWN,
        Test.THROUGHPUT_UP,
    )
    assert deciding_tests(data(), Technology.DEDICATED_FIBRE) == (Test.SYNCHRONISATION,)


def test_a_guarantee_that_names_no_access_is_for_all_of_them() -> None:
    form = ordered_with(
        data(), commissioning_rate=PercentValue(percent=Decimal("99.5"), of="ordered-rate")
    )

    judged = judge_tests(form, DSL, [SYNC, *_both("7960", "994.9")[1:]])

    # 99.5 % of 8 000 and of 1 000
    assert [str(one.least_kbps) for one in judged.rates] == ["7960.0", "995.0"]
    assert judged.failed == (Test.THROUGHPUT_UP,)
