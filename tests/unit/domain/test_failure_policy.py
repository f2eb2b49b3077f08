"""Which row of a policy applies to a failure, and what is wrong with a policy's rows."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.attention import DecisionKind
from domain.failure_bounds import WORDS, ever_allowed, may_end, way_out
from domain.failure_checks import OPERATORS, faults_of, steps_of
from domain.failure_policy import Failure, FailureBook, FailurePolicy, Row
from domain.port_in_facts import TO_SERVICE, Step
from tests.failing import book, retry, row
from tests.porting import failures

DAY = date(2027, 1, 9)


def _policy(*rows: Row, operator: str = "sfr") -> FailurePolicy:
    last = row("last", "*")
    return FailurePolicy(operator=operator, version=1, rows=(last, *rows))


def _failure(code: str = "E1", step: Step = Step.PREPARE_LINE, interface: str = "1") -> Failure:
    return Failure(operator="sfr", interface=interface, step=step, code=code)


def _name(policy: FailurePolicy, failure: Failure, day: date = DAY) -> str | None:
    found = policy.row_for(failure, day)
    return None if found is None else found.name


def _faults(*rows: Row, operator: str = "sfr") -> list[str]:
    return [what for _, what in faults_of(_policy(*rows, operator=operator))]


# resolution


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        (row("narrow", "E12"), row("wide", "E*", step="prepare-line", interface="1")),
        (row("narrow", "E1*"), row("wide", "E*", step="prepare-line")),
        (row("narrow", "E1?"), row("wide", "*2", step="prepare-line")),
        (row("narrow", "E12", step="prepare-line"), row("wide", "E12", interface="1")),
        (row("narrow", "E12", interface="1"), row("wide", "E12", interface="1-2")),
        (row("narrow", "E12", interface="1-2"), row("wide", "E12")),
        (row("narrow", "E12", **{"from": date(2027, 1, 9)}), row("wide", "E12")),
    ],
)
def test_the_most_specific_row_wins_then_the_latest(narrow: Row, wide: Row) -> None:
    assert _name(_policy(narrow, wide), _failure("E12")) == "narrow"
    assert _name(_policy(wide, narrow), _failure("E12")) == "narrow"


def test_a_row_counts_from_its_day_and_not_before() -> None:
    later = row("later", "E1", **{"from": date(2027, 1, 10)})

    assert _name(_policy(later), _failure(), date(2027, 1, 9)) == "last"
    assert _name(_policy(later), _failure(), date(2027, 1, 10)) == "later"


@pytest.mark.parametrize(
    ("interface", "fits"),
    [("1", False), ("1.9", False), ("2", True), ("2.1", True), ("3", True), ("3.1", False)],
)
def test_a_row_of_some_interfaces_is_about_no_other(interface: str, *, fits: bool) -> None:
    ranged = row("ranged", "E1", interface="2-3")

    assert (_name(_policy(ranged), _failure(interface=interface)) == "ranged") is fits
    assert _name(_policy(row("one", "E1", interface="2")), _failure(interface="")) == "last"


def test_codes_are_compared_whatever_their_case_and_never_beyond_sixty_signs() -> None:
    policy = _policy(row("wanted", "e*z"))

    assert _name(policy, _failure("E1Z")) == "wanted"
    assert _name(policy, _failure("E" * 60 + "Z")) == "last"


def test_what_no_file_foresees_is_still_for_a_person() -> None:
    empty = FailureBook(policies={}, interfaces={})
    failure = empty.failure("sfr", Step.PREPARE_LINE, "E1")

    found, named = empty.row_for(failure, DAY)
    _, before = book("sfr").row_for(failure, date(2001, 1, 1))

    assert (failure.interface, found.then, found.retry) == ("", "ask", None)
    assert str(named) == "built-in/last (version 1, from 2000-01-01)"
    assert before == named


CODES = st.text(min_size=0, max_size=80) | st.sampled_from([*WORDS, "R220", "C002", "E610"])
ROWS = st.builds(
    row,
    st.sampled_from(["a", "b", "c"]),
    st.from_regex(r"[A-Z0-9?]{0,3}\*?[A-Z0-9]{1,3}", fullmatch=True),
    step=st.sampled_from(["*", *Step]),
    interface=st.sampled_from(["*", "1", "1-2"]),
    allowed=st.lists(st.sampled_from(list(DecisionKind)), max_size=4),
)


@given(
    rows=st.lists(ROWS, max_size=6),
    operator=st.sampled_from(["sfr", "unheard-of"]),
    step=st.sampled_from(list(Step)),
    code=CODES,
    day=st.dates(),
)
def test_every_failure_has_one_row_and_always_the_same(
    rows: list[Row], operator: str, step: Step, code: str, day: date
) -> None:
    forwards, backwards = book("sfr", *rows), book("sfr", *reversed(rows))
    failure = forwards.failure(operator, step, code)

    found, named = forwards.row_for(failure, day)

    assert found.since <= day or named.policy == "built-in"
    assert backwards.row_for(failure, day)[0].rank() == found.rank()


# what is shipped


def test_every_policy_shipped_is_without_fault() -> None:
    assert set(failures().policies) == set(OPERATORS)
    assert [list(faults_of(policy)) for policy in failures().policies.values()] == [[]] * 6


@pytest.mark.parametrize("operator", ["gpm", "gpmag"])
def test_a_cause_nobody_knows_is_for_a_person_and_never_closed_by_itself(operator: str) -> None:
    """Decision 30."""
    shipped = failures()
    failure = shipped.failure(operator, Step.SEND_REQUEST, "R999")

    found, _ = shipped.row_for(failure, DAY)

    assert (found.name, found.then, found.retry, found.queue) == (
        "last", "ask", None, "exchange-desk"
    )  # fmt: skip


# what is wrong


def test_a_policy_of_rows_that_fit_has_no_fault() -> None:
    assert _faults(
        row("patient", "no-answer", retry=retry("1 clock-hour"), allowed=["retry", "cancel"]),
        row("patient", "no-answer", **{"from": date(2027, 1, 1)}),
        row("inactive", "number-inactive", step="check-active", allowed=["end", "retry"]),
    ) == []  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ([row("x", "E1"), row("x", "E2")], "x: the name is another case's; one name for one case"),
        (
            [row("x", "E1"), row("y", "e1")],
            "y: never wins, another row of its case begins the same",
        ),
        ([row("x", "E1", step="commit-port")], "x: commit-port is never asked of sfr"),
        ([row("x", "E1", **{"from": "1926-01-01"})], "x: 1926-01-01 is a slip of the pen"),
        ([row("x", "E1", allowed=["retry", "retry"])], "x: allows one decision twice; keep one"),
        (
            [row("x", "E1", step="switch-line", allowed=["retry", "cancel"])],
            "x: cancel cannot be decided there; only retry can",
        ),
        (
            [row("x", "E1", step="prepare-line", allowed=["end"])],
            "x: end cannot be decided there; only cancel, retry can",
        ),
        ([row("x", "E1", then="end")], "x: only a donor's reason that leaves nothing to try"),
    ],
)
def test_a_row_that_cannot_be_is_said_to_be_wrong(wrong: list[Row], what: str) -> None:
    assert any(fault.startswith(what) for fault in _faults(*wrong))


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (row("x", "R340", step="send-request", retry=retry("1 ouvre")), "x: it cannot be tried"),
        (row("x", "R222", step="send-request", allowed=["retry"]), "x: retry cannot be decided"),
        (row("x", "R220", step="send-request", then="end"), "x: only a donor's reason that"),
        (row("x", "R999", step="send-request", then="end"), "x: only a donor's reason that"),
        (row("x", "R*", step="send-request", then="end"), "x: only a donor's reason that"),
        (row("x", "R340", then="end"), "x: only a donor's reason that"),
        (row("x", "C002", step="send-request", allowed=["correct"]), "x: correct cannot be"),
        (
            row("x", "no-donor-answer", step="send-request", allowed=["postpone"]),
            "x: postpone cannot be decided there; only cancel, end, retry can",
        ),
        (
            row("x", "no-donor-answer", step="send-request", retry=retry("1 ouvre")),
            "x: a donor is reminded by the exchange's hours, then asked about",
        ),
    ],
)
def test_a_donors_reason_bounds_what_its_row_may_ask(wrong: Row, what: str) -> None:
    assert any(fault.startswith(what) for fault in _faults(wrong, operator="gpm"))


def test_a_donors_reason_that_leaves_nothing_to_try_may_end() -> None:
    shipped = failures().policies["gpm"]
    ends = row("x", "R340", step="send-request", then="end", **{"from": date(2026, 6, 1)})
    policy = shipped.model_copy(update={"rows": (*shipped.rows, ends)})

    assert list(faults_of(policy)) == []


def test_a_policy_without_a_last_row_or_of_nobody_is_wrong() -> None:
    nobody = FailurePolicy(operator="free", version=1, rows=())
    headless = FailurePolicy(operator="sfr", version=1, rows=(row("x", "E1"),))
    late = FailurePolicy(
        operator="sfr",
        version=1,
        rows=(row("last", "*", **{"from": date(2027, 1, 1)}), row("x", "E1")),
    )

    assert [what[:19] for _, what in faults_of(nobody)] == ["free is no operator"]
    assert [what[:15] for _, what in faults_of(headless)] == ["has no last row"]
    assert [what for _, what in faults_of(late)] == [
        "its last row begins after other rows do: let it begin on 2026-01-01"
    ]


def test_every_code_of_an_exchange_is_foreseen_by_a_row_of_its_own() -> None:
    found = _faults(row("syntax", "E2*"), row("content", "E6*"), operator="gpm")

    assert "R220 (another port is under way) is foreseen by no row but the last" in found
    assert "C002 (eligibility lost) is foreseen by no row but the last" in found
    assert not any(what.startswith("E") for what in found)


@pytest.mark.parametrize(
    "written",
    [
        {"after": "1 working-hour", "at-most": 1},
        {"after": "0 ouvre", "at-most": 1},
        {"after": "soon", "at-most": 1},
        {"after": "1 ouvre", "at-most": 0},
        {"after": "1 ouvre", "at-most": 21},
        {"after": 3, "at-most": 1},
    ],
)
def test_a_next_try_lies_ahead_in_units_that_need_no_window(written: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        row("x", "E1", retry=written)


# the bound


BEFORE_SERVICE = {Step.CHECK_ELIGIBILITY, *TO_SERVICE}


@pytest.mark.parametrize("step", list(Step))
def test_past_the_point_of_no_return_nothing_ever_allows_to_cancel(step: Step) -> None:
    final = {Step.COMMIT_PORT, Step.CHECK_ACTIVE, Step.SWITCH_LINE, Step.VERIFY_LINE}

    assert (DecisionKind.CANCEL in ever_allowed(step, "E1")) is (
        step in {Step.PREPARE_LINE, Step.SEND_REQUEST, *BEFORE_SERVICE}
    )
    assert step not in final or DecisionKind.CANCEL not in way_out(step)


def test_only_reasons_that_leave_nothing_to_try_may_end_a_port() -> None:
    ending = [code for code in ("R221", "R322", "R340", "R220", "R999", "no-donor-answer")
              if may_end(Step.SEND_REQUEST, code)]  # fmt: skip

    assert ending == ["R221", "R322", "R340"]
    assert not may_end(Step.PREPARE_LINE, "R340")
    assert steps_of("gpm") == {Step.SEND_REQUEST, Step.COMMIT_PORT, Step.CANCEL_REQUEST}
