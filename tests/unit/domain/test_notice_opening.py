"""What the customer of a site is told before its service: tests, other sites, a right to leave."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from domain import access_facts as facts
from domain import link_facts as links
from domain import works_attention
from domain import works_facts as fields
from domain.access_facts import Technology
from domain.access_links import LINES
from domain.attention import Attention, AttentionRaised, DecisionKind, Turn
from domain.delay_facts import RightToLeaveArose
from domain.event import Event
from domain.port_in_facts import Outcome
from domain.said import Said
from domain.works_facts import Test, TestResult
from tests.accesses import SAID, fee, site_terms
from tests.noticed_visits import AT, BUILT, READY, english, maybe, opened, planned, told
from tests.porting import paris

NO_VISIT = fields.WorksFinished(done_at=AT, visit=False)
OPENING = (*READY, NO_VISIT)


def asked(code: str, what: Said = SAID) -> AttentionRaised:
    return AttentionRaised(
        attention=Attention(
            code=code,
            what=what,
            since=AT,
            until=AT,
            turn=Turn.OPERATIONS,
            allowed=(DecisionKind.RETRY,),
        )
    )


# tests that failed

STANDARD = Said(fr="tests standard (002:1027-1028)", en="standard tests (002:1027-1028)")
FAILED = asked(works_attention.TESTS, STANDARD)


def judged(*results: TestResult, at: datetime = AT) -> fields.Commissioned:
    return fields.Commissioned(tested_at=at, tests=results, passed=False, because=STANDARD)


def result(test: Test, kbps: int | None = None, *, passed: bool = False) -> TestResult:
    measured = None if kbps is None else Decimal(kbps)
    return TestResult(test=test, passed=passed, measured=measured)


DOWN = judged(result(Test.SYNCHRONISATION))


def test_tests_that_fail_are_told_in_plain_words_with_what_they_cost_and_what_follows() -> None:
    found = told(FAILED, *OPENING, DOWN)

    assert found.purpose == "site-tests-failed"
    assert english(found) == {
        "why": "the connection does not come up",
        "cost": "you are charged nothing for these tests, and your monthly fee does not start "
        "before the access works",
        "next": "it is tested again, or a technician comes once more: in that case we offer you "
        "slots",
    }
    assert found.facts["why"].fr == "la liaison ne s'établit pas"
    assert found.sources == ("002:1027-1028",)


def test_a_rate_below_the_one_that_is_guaranteed_and_one_nobody_measured_are_both_told() -> None:
    # dedicated fibre is guaranteed « à 90-95% » (002:2423): 95 % of 1,000,000 kbit/s
    fibre = (*opened(Technology.DEDICATED_FIBRE), NO_VISIT)
    slow = judged(
        result(Test.SYNCHRONISATION, passed=True),
        result(Test.THROUGHPUT_DOWN, 900_000, passed=True),
    )

    found = told(FAILED, *fibre, slow)

    assert found.facts["why"].en == (
        "data comes in too slowly; it was not measured: how fast data goes out"
    )


def test_calls_that_fail_are_told_each_in_its_words() -> None:
    calls = judged(
        result(Test.SYNCHRONISATION, passed=True), result(Test.CALL_IN), result(Test.CALL_OUT)
    )

    assert told(FAILED, *OPENING, calls).facts["why"].en == (
        "calls do not come in; calls do not go out"
    )


def test_by_telephone_nobody_names_a_test() -> None:
    assert told(FAILED, *OPENING, judged()).facts["why"].en == (
        "the operator says that it does not work yet"
    )


@pytest.mark.parametrize("test", list(Test))
def test_under_a_contract_that_no_longer_reads_the_operators_own_word_is_told(test: Test) -> None:
    pin = site_terms().pin.model_copy(update={"provider": "nobody"})

    found = told(FAILED, *opened(pin=pin), NO_VISIT, judged(result(test)))

    assert found.facts["why"].en
    assert test not in found.facts["why"].en


def test_under_a_contract_that_no_longer_reads_nothing_is_said_of_when_it_is_billed() -> None:
    pin = site_terms().pin.model_copy(update={"provider": "nobody"})
    asked_for = fields.SiteReadinessAsked(needs=(), until=AT, said=(SAID,))
    ready = fields.SiteReady(by="a colleague", on=AT.date())

    found = told(FAILED, *opened(pin=pin), NO_VISIT, asked_for, ready, DOWN)

    assert found.facts["cost"].en == "you are charged nothing for these tests"


def test_where_a_clause_bills_it_before_service_nobody_says_that_it_is_not_billed() -> None:
    not_ready = fields.SiteNotReady(
        missing=(),
        billed_from=date(2027, 1, 8),
        source="002:2353-2355",
        because=SAID,
        found_there=True,
    )

    found = told(FAILED, *OPENING, not_ready, DOWN)

    assert found.facts["cost"].en == "you are charged nothing for these tests"


def test_what_fails_again_in_the_same_way_on_the_same_day_is_told_once() -> None:
    hour, day = AT + timedelta(hours=1), AT + timedelta(days=1)
    again, next_day = DOWN.model_copy(update={"tested_at": hour}), judged(*DOWN.tests, at=day)
    otherwise = judged(result(Test.CALL_IN), result(Test.SYNCHRONISATION, passed=True), at=hour)

    assert maybe(FAILED, *OPENING, DOWN, again) is None
    assert told(FAILED, *OPENING, DOWN, next_day).purpose == "site-tests-failed"
    assert told(FAILED, *OPENING, DOWN, otherwise).facts["why"].en == "calls do not come in"


# other sites that come first

BRANCH = (*opened(after=(2, 3)), NO_VISIT)
UNTIL = paris("2027-01-30T00:00:00")
AWAITED = links.LinesAwaited(lines=(2,), until=UNTIL)


def test_a_site_that_waits_says_for_which_one_and_until_when() -> None:
    found = told(AWAITED, *BRANCH)

    assert found.purpose == "site-waits"
    assert english(found) == {
        "what": "it waits for site 2 of your order to be in service first",
        "until": "we wait until Friday 29 January 2027",
        "next": "all else is ready: this site is put into service as soon as it can be, otherwise "
        "we ask you how to go on",
    }
    both = told(links.LinesAwaited(lines=(2, 3), until=UNTIL), *BRANCH)
    assert both.facts["what"].fr == (
        "en attente de la mise en service des sites n° 2, 3 de votre commande, prévue avant "
        "celle-ci"
    )


def test_past_its_day_the_customer_is_asked_what_is_wanted() -> None:
    found = told(asked(LINES), *BRANCH, AWAITED)

    assert english(found) == {
        "what": "sites 2, 3 of your order, to be in service first, did not come into service in "
        "time",
        "until": "the time there was to wait for it is over",
        "next": "tell us what you want: to wait on, to have this site put into service without "
        "waiting, or to cancel it",
    }


@pytest.mark.parametrize(
    ("outcome", "why"),
    [
        (Outcome.CANCELLED, "its order is cancelled"),
        (Outcome.REFUSED, "it cannot be connected"),
    ],
)
def test_one_that_ended_without_service_needs_a_decision_and_is_told_once(
    outcome: Outcome, why: str
) -> None:
    ended = links.LineBeforeEnded(line=2, outcome=outcome)

    found = told(ended, *BRANCH, after=(asked(LINES),))

    assert english(found) == {
        "what": f"site 2 of your order, to be in service first, will not be: {why}",
        "until": "that wait is over",
        "next": "tell us what you want: to go on without, or to cancel this site; until then "
        "nothing new is begun there",
    }
    assert maybe(asked(LINES), *BRANCH, beside=(ended,)) is None


def test_a_site_that_goes_on_without_another_says_so_and_not_who_decided_or_why() -> None:
    left = links.LinesLeft(lines=(2,), by="Camille", reason="SICK")

    found = told(left, *BRANCH, AWAITED)

    assert english(found) == {
        "what": "we do not wait any more for site 2 of your order to be in service",
        "until": "that wait is over",
        "next": "the order of this site goes on without",
    }


def test_the_last_one_that_comes_into_service_is_told_to_whoever_was_told_to_wait() -> None:
    served, other = (links.LineBeforeServed(line=n, started_at=AT) for n in (2, 3))

    found = told(served, *BRANCH, AWAITED, other)

    assert english(found) == {
        "what": "site 2 of your order, to be in service first, has been so since Friday 15 January "
        "2027",
        "until": "that wait is over",
        "next": "this site is put into service in its turn",
    }
    assert maybe(served, *BRANCH, AWAITED) is None
    assert maybe(served, *BRANCH, other) is None


# the right to leave

RIGHT = RightToLeaveArose(
    since=paris("2027-04-04T00:00:00"),
    said=(
        Said(fr="12 semaines depuis la commande (000:430)", en="12 weeks (000:430)"),
        Said(fr="ou depuis la date prévue (000:428-430)", en="or from it (000:428-430)"),
    ),
)


def test_the_right_to_leave_says_since_when_how_and_at_no_price() -> None:
    # « pourra, si ce délai excède douze (12) semaines, procéder à l'annulation » (000:430): neither
    # a form nor a price
    found = told(RIGHT, *opened(under=("oksio", "data")))

    assert found.purpose == "site-may-leave"
    assert english(found) == {
        "since": "Sunday 4 April 2027",
        "how": "tell us that you cancel, your request is enough",
        "cost": "your contract names no price for it, and nothing is charged for cancelling",
    }
    assert found.sources == ("000:430", "000:428-430")


def test_what_was_done_with_consent_is_said_to_stay_owed() -> None:
    owed = facts.FeeOwed(fee=fee(), consented=True)

    found = told(RIGHT, *opened(under=("oksio", "data")), owed)

    assert found.facts["cost"].en.endswith("; what was done with your consent stays owed")


# the first day that is planned

FIRST = (*READY, planned("2027-01-29"))


def test_the_first_planned_day_is_told_once_nobody_has_to_come() -> None:
    found = told(NO_VISIT, *FIRST)

    assert found.purpose == "site-planned"
    assert english(found) == {
        "day": "Friday 29 January 2027",
        "was": "no day had been told to you before",
        "why": "the works are done, and nobody has to come to the site",
    }
    wished = (*opened(wished=date(2027, 2, 8)), planned("2027-01-29"))
    assert told(NO_VISIT, *wished).facts["day"].en == "Monday 8 February 2027"


def test_a_first_day_that_something_else_tells_or_that_is_over_is_not_told() -> None:
    waits = (*opened(after=(2,)), planned("2027-01-29"))
    untold: tuple[tuple[Event, ...], ...] = (
        READY,
        (*FIRST, planned("2027-02-01")),
        (*READY, planned("2027-01-29", "VisitBooked")),
        waits,
    )

    assert [maybe(NO_VISIT, *before) for before in untold] == [None] * 4
    assert maybe(BUILT[-1], *FIRST) is None
    assert maybe(NO_VISIT, *FIRST, at=paris("2027-02-01T09:00:00")) is None


def test_what_else_is_recorded_of_other_sites_is_not_told() -> None:
    """Whoever waits for this one is told of it by a notice of its own."""
    assert maybe(links.LinesTold(lines=(2,)), *OPENING) is None
    assert maybe(asked("field-failure"), *OPENING) is None
