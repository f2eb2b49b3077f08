"""What Bouygues Telecom tells about fixed accesses, read: in our words, or not at all."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from adapters.bouygues.access_mapping import REASONS
from adapters.bouygues.gateway import read_webhook
from domain.access_facts import (
    Barrier,
    Offer,
    Quote,
    QuoteKind,
    Reason,
    StudyResult,
    Technology,
    Use,
    Verdict,
)
from domain.access_told import (
    AccessReleasedTold,
    DesaturatedTold,
    EligibilityTold,
    OverwrittenTold,
    PutBackTold,
    ReservedTold,
    SaturatedTold,
    StudyTold,
    SupplyWithdrawnTold,
)
from domain.operators import ChangeRefusedTold, StepRefusedTold, Unreadable, WithdrawnTold
from domain.port_in_facts import HostNetwork, Step
from tests.unit.adapters.accesses import KEY
from tests.unit.adapters.bouygues_webhooks import (
    CANCELLED,
    CHECKED,
    DONE,
    ELIGIBLE,
    GIVEN_BACK,
    LINES,
    OVERWRITTEN,
    PUT_BACK,
    REFUSED,
    RESERVED,
    SATURATED,
    STUDIED,
    WITHDRAWN,
    Json,
    webhook,
)
from tests.unit.adapters.spoiling import Where, leaves, replaced, without

AT = datetime(2027, 1, 10, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "read"),
    [
        (
            CHECKED,
            EligibilityTold(
                key=KEY,
                operator=HostNetwork.BOUYGUES,
                offers=(
                    Offer(
                        operator=HostNetwork.BOUYGUES,
                        technology=Technology.FTTH,
                        down_kbps=1_000_000,
                        up_kbps=700_000,
                        lead_days=15,
                    ),
                    Offer(
                        operator=HostNetwork.BOUYGUES,
                        technology=Technology.BUNDLED_PAIRS,
                        down_kbps=22_800,
                        up_kbps=22_800,
                        lead_days=30,
                        study=True,
                        pairs=4,
                    ),
                ),
                barriers=(
                    Barrier(
                        technology=Technology.VDSL,
                        reason=Reason.TOO_LONG,
                        code="TOO_MUCH_ATTENUATION",
                    ),
                    Barrier(technology=Technology.ADSL, reason=Reason.OTHER, code="DELAY_30"),
                ),
                uses=(Use.BROADBAND, Use.ALARM),
                checked_at=AT,
            ),
        ),
        (
            STUDIED,
            StudyTold(
                key=KEY,
                result=StudyResult(
                    verdict=Verdict.POSITIVE,
                    code="WORKS_NEEDED",
                    technology=Technology.DEDICATED_FIBRE,
                    lead_days=40,
                    fee_change=Decimal("-50.00"),
                    quote=Quote(kind=QuoteKind.WORKS, reference="Q-1", lines=LINES),
                ),
                studied_at=AT,
            ),
        ),
        (
            webhook("access.studied", "STUDY", conclusion="NOT_FEASIBLE"),
            StudyTold(key=KEY, result=StudyResult(verdict=Verdict.NEGATIVE), studied_at=AT),
        ),
        (
            webhook("access.studied", "STUDY", conclusion="OTHERWISE"),
            StudyTold(key=KEY, result=StudyResult(verdict=Verdict.REDEFINE), studied_at=AT),
        ),
        (RESERVED, ReservedTold(key=KEY, reference="bt-S1", reserved_at=AT)),
        (
            SATURATED,
            SaturatedTold(
                key=KEY,
                event_at=datetime(2027, 1, 9, 0, 0, tzinfo=UTC),
                at_customer=True,
                at_first_visit=False,
                quote=Quote(kind=QuoteKind.DESATURATION, reference="Q-1", lines=LINES),
            ),
        ),
        (DONE, DesaturatedTold(key=KEY, done_at=AT)),
        (GIVEN_BACK, AccessReleasedTold(key=KEY, released_at=AT)),
        (CANCELLED, WithdrawnTold(key="k-0", withdrawn_at=AT)),
        (WITHDRAWN, SupplyWithdrawnTold(code="COPPER_CLOSED", told_at=AT)),
        (OVERWRITTEN, OverwrittenTold(code="WRONG_OTP", told_at=AT)),
        (PUT_BACK, PutBackTold(key=KEY, put_back_at=AT)),
    ],
)
def test_every_webhook_about_an_access_is_told_in_our_words(told: Json, read: object) -> None:
    assert read_webhook(json.dumps(told)) == read


@pytest.mark.parametrize(
    ("command", "step"),
    [
        ("CHECK", Step.CHECK_ELIGIBILITY),
        ("STUDY", Step.STUDY_SITE),
        ("RESERVE", Step.RESERVE_ACCESS),
        ("DESATURATE", Step.DESATURATE),
        ("GIVE_BACK", Step.RELEASE_ACCESS),
        ("PUT_BACK", Step.PUT_BACK),
    ],
)
def test_what_was_taken_and_refused_later_is_told_by_its_step(command: str, step: Step) -> None:
    told = webhook("access.command_refused", command, refusal={"code": "X"})

    assert read_webhook(json.dumps(told)) == StepRefusedTold(
        step=step, key=KEY, code="X", refused_at=AT
    )


def test_a_cancellation_refused_later_is_told_by_its_key() -> None:
    told = webhook("access.command_refused", "CANCEL", refusal={"code": "X"})

    assert read_webhook(json.dumps(told)) == ChangeRefusedTold(key=KEY, code="X", refused_at=AT)


@pytest.mark.parametrize(("code", "reason"), REASONS.items())
def test_every_code_of_theirs_has_a_reason_of_ours(code: str, reason: Reason) -> None:
    refused = {"product": "ADSL", "code": code}
    told = webhook("access.checked", "CHECK", eligible=[], not_eligible=[refused])

    read = read_webhook(json.dumps(told))

    assert isinstance(read, EligibilityTold)
    assert read.barriers == (Barrier(technology=Technology.ADSL, reason=reason, code=code),)


def test_every_reason_of_ours_can_be_told_by_a_code() -> None:
    assert set(REASONS.values()) == set(Reason) - {Reason.OTHER, Reason.REFUSED}


# what cannot be read

TOLD = (
    CHECKED,
    STUDIED,
    RESERVED,
    SATURATED,
    DONE,
    GIVEN_BACK,
    CANCELLED,
    REFUSED,
    WITHDRAWN,
    OVERWRITTEN,
    PUT_BACK,
)
NOT_READ = ("operation", "id")
CHANGES = ("details", "changes")
FREE = {("details", "code"), (*CHANGES, "product"), (*CHANGES, "access_fee_euros")}
"""What a study need not say."""


def _places() -> list[tuple[Json, Where]]:
    return [(told, where) for told in TOLD for where in leaves(told) if where != NOT_READ]


@pytest.mark.parametrize(
    "value",
    [{"odd": 1}, 1.5, "", "x\ny", -(10**30), "9" * 5000, [None]],
    ids=["object", "fraction", "nothing", "two lines", "too little", "too much", "list"],
)
def test_a_value_of_another_kind_makes_a_webhook_unreadable(value: object) -> None:
    spoilt = [(where, replaced(told, where, value)) for told, where in _places()]

    assert [where for where, told in spoilt if not _is_unreadable(told)] == []
    assert len(spoilt) > 90


def test_a_webhook_without_what_it_must_say_is_unreadable() -> None:
    spoilt = [
        (where, without(told, where))
        for told, where in _places()
        if isinstance(where[-1], str)
        and where[-1] != "pairs"
        and not (told is STUDIED and where in FREE)
        and (where != ("access", "id") or told is RESERVED)
    ]

    assert [where for where, told in spoilt if not _is_unreadable(told)] == []
    assert len(spoilt) > 80


def _is_unreadable(told: Json) -> bool:
    return isinstance(read_webhook(json.dumps(told)), Unreadable)


@pytest.mark.parametrize("told", [one for one in TOLD if "operation" in one and one != CANCELLED])
def test_an_answer_that_does_not_say_to_what_is_unreadable(told: Json) -> None:
    assert isinstance(read_webhook(json.dumps(without(told, ("operation",)))), Unreadable)


ELIGIBLE_FIRST = ("details", "eligible", 0)
STUDY_FEE = (*CHANGES, "access_fee_euros")


@pytest.mark.parametrize(
    ("told", "where", "value"),
    [
        (CHECKED, (*ELIGIBLE_FIRST, "product"), "SATELLITE"),
        (CHECKED, (*ELIGIBLE_FIRST, "product"), "ftth"),
        (CHECKED, ("details", "not_eligible", 0, "product"), "SATELLITE"),
        (CHECKED, ("details", "in_use", 0), "TELEX"),
        (CHECKED, (*ELIGIBLE_FIRST, "bandwidth", "download_kbps"), 0),
        (CHECKED, (*ELIGIBLE_FIRST, "bandwidth", "download_kbps"), "1000"),
        (CHECKED, (*ELIGIBLE_FIRST, "lead_time", "working_days"), 40_000),
        (CHECKED, (*ELIGIBLE_FIRST, "study_required"), "false"),
        (CHECKED, (*ELIGIBLE_FIRST, "study_required"), 0),
        (CHECKED, ("details", "eligible", 1, "pairs"), 0),
        (CHECKED, ("details", "eligible"), [ELIGIBLE] * 51),
        (STUDIED, ("details", "conclusion"), "PERHAPS"),
        (STUDIED, STUDY_FEE, "-50"),
        (STUDIED, STUDY_FEE, "NaN"),
        (STUDIED, STUDY_FEE, -50),
        (STUDIED, ("details", "quote", "purpose"), "PARTY"),
        (STUDIED, ("details", "quote", "items"), []),
        (STUDIED, ("details", "quote", "items", 0, "euros"), "-1.00"),
        (STUDIED, ("details", "quote", "items", 0, "euros"), "1e3"),
        (SATURATED, ("details", "saturation", "caused_at"), "1926-01-09T00:00:00Z"),
        (SATURATED, ("details", "saturation", "caused_at"), "2027-01-09T00:00:00"),
        (SATURATED, ("details", "saturation", "place"), "MOON"),
        (RESERVED, ("event", "occurred_at"), "9999-01-10T00:00:00Z"),
        (RESERVED, ("event", "occurred_at"), 1799582400),
        (RESERVED, ("access", "id"), "with space"),
        (RESERVED, ("event", "kind"), "access.almost_reserved"),
        (REFUSED, ("operation", "command"), "DANCE"),
    ],
)
def test_what_is_not_in_the_dialect_is_not_guessed_at(
    told: Json, where: Where, value: object
) -> None:
    assert isinstance(read_webhook(json.dumps(replaced(told, where, value))), Unreadable)
