"""Bouygues Telecom's dialect about works, visits and tests: written, read, and not guessed at."""

import json
from datetime import date

import pytest

from adapters.bouygues import works_mapping
from adapters.bouygues.access_mapping import access_command
from adapters.bouygues.gateway import read_webhook
from domain.operators import StepRefusedTold, Unreadable
from domain.port_in_facts import Step
from domain.works_facts import FieldFailure, Half, Milestone, Test
from domain.works_told import VisitFailedTold, WorksTold
from tests.unit.adapters import works
from tests.unit.adapters.accesses import KEY, LINE, asked
from tests.unit.adapters.bouygues_webhooks import Json
from tests.unit.adapters.spoiling import Where, leaves, replaced, without

WRITTEN = "2027-01-08T23:00:00Z"


def webhook(kind: str, command: str, **details: object) -> Json:
    return {
        "event": {"id": "evt_1", "kind": kind, "occurred_at": WRITTEN},
        "operation": {"id": "op_1", "idempotency_key": KEY, "command": command},
        "access": {"partner_access": LINE},
        "details": details,
    }


def of_visit(kind: str, **details: object) -> Json:
    """Nothing was asked: it need not bear an operation."""
    told = webhook(f"visit.{kind}", "BOOK_VISIT", visit={"id": "V-1"}, **details)
    return {name: part for name, part in told.items() if name != "operation"}


MORNING = {
    "id": "S-1",
    "date": "2027-01-21",
    "period": "morning",
    "starts_at": "2027-01-21T07:00:00Z",
    "ends_at": "2027-01-21T12:00:00Z",
}
AFTERNOON = {
    "id": "S-2",
    "date": "2027-01-21",
    "period": "afternoon",
    "starts_at": "2027-01-21T12:00:00Z",
    "ends_at": "2027-01-21T17:00:00Z",
}
VISIT = {"id": "V-1"}
DONE = "2027-01-21T09:40:00Z"
WEBHOOKS: dict[str, Json] = {
    "milestone": webhook("access.milestone_reached", "BUILD", milestone="CABLE_PULLING"),
    "late": webhook(
        "access.milestone_reached",
        "BUILD",
        milestone="CIVIL_ENGINEERING",
        expected_completion="2027-02-18",
        delay={"code": "FLOOD"},
    ),
    "built": webhook("access.built", "BUILD", visit_required=True),
    "built alone": webhook("access.built", "BUILD", visit_required=False),
    "stopped": webhook("access.build_stopped", "BUILD", failure={"code": "PERMIT_DENIED"}),
    "offered": webhook("visit.slots_listed", "LIST_SLOTS", slots=[MORNING, AFTERNOON]),
    "nothing offered": webhook("visit.slots_listed", "LIST_SLOTS", slots=[]),
    "booked": webhook("visit.booked", "BOOK_VISIT", visit=VISIT, slot=MORNING),
    "cancelled": webhook("visit.cancelled", "CANCEL_VISIT", visit=VISIT),
    "moved": of_visit("moved", slot=AFTERNOON, reason={"code": "STORM"}),
    "kept": of_visit(
        "completed",
        report={
            "completed_at": DONE,
            "otp": "OO-1A2B-3C4D",
            "equipment": [{"serial_number": "ONT-1"}, {"serial_number": "RTR-1"}],
            "photos": [{"id": "PH-1"}],
        },
    ),
    "kept in silence": of_visit("completed", report={"completed_at": DONE}),
    "failed": of_visit("failed", failure={"code": "BEES"}),
    "missed": of_visit("missed", reason={"code": "SICK"}),
    "opened": webhook(
        "access.commissioned",
        "COMMISSION",
        checks=[
            {"name": "SYNCHRONISATION", "outcome": "passed"},
            {"name": "DOWNLOAD", "outcome": "failed", "value": "400000"},
            {"name": "PACKET_LOSS", "outcome": "passed", "value": "0.10"},
        ],
    ),
}
TOLD = works.told(stopped="PERMIT_DENIED", failed="BEES")


@pytest.mark.parametrize("what", TOLD)
def test_every_webhook_about_works_and_visits_is_told_in_our_words(what: str) -> None:
    assert read_webhook(json.dumps(WEBHOOKS[what])) == TOLD[what]
    assert isinstance(TOLD[what], WorksTold)


def test_every_word_of_ours_has_one_of_theirs() -> None:
    assert set(works_mapping.MILESTONES.values()) == set(Milestone)
    assert set(works_mapping.HALVES.values()) == set(Half)
    assert set(works_mapping.TESTS.values()) == set(Test)
    assert set(works_mapping.FAILURES.values()) == set(FieldFailure) - {FieldFailure.OTHER}


@pytest.mark.parametrize(("code", "failure"), works_mapping.FAILURES.items())
def test_every_code_of_theirs_has_a_failure_of_ours(code: str, failure: FieldFailure) -> None:
    told = read_webhook(json.dumps(of_visit("failed", failure={"code": code})))

    assert isinstance(told, VisitFailedTold)
    assert (told.failure, told.code) == (failure, code)


# what we ask


@pytest.mark.parametrize(
    ("step", "command"),
    [
        (Step.BUILD_ACCESS, "BUILD"),
        (Step.OFFER_VISITS, "LIST_SLOTS"),
        (Step.BOOK_VISIT, "BOOK_VISIT"),
        (Step.CANCEL_VISIT, "CANCEL_VISIT"),
        (Step.COMMISSION_ACCESS, "COMMISSION"),
    ],
)
def test_each_step_is_a_command_to_one_resource(step: Step, command: str) -> None:
    posted = access_command(asked(step, reference="bt-S1"))
    refused = webhook("access.command_refused", command, refusal={"code": "SLOT_TAKEN"})

    told = read_webhook(json.dumps(refused))

    assert (posted.path, posted.body["command"]) == ("/accesses/bt-S1/commands", command)
    assert {"earliest_date", "slot", "visit"}.isdisjoint(posted.body)
    assert told == StepRefusedTold(step=step, key=KEY, code="SLOT_TAKEN", refused_at=works.AT)


def test_a_visit_is_asked_for_by_its_day_its_slot_and_what_it_moves() -> None:
    offered = access_command(asked(Step.OFFER_VISITS, not_before=date(2027, 1, 18))).body
    moved = access_command(asked(Step.BOOK_VISIT, slot="S-1", visit="V-1")).body

    assert offered["earliest_date"] == "2027-01-18"
    assert (moved["slot"], moved["visit"]) == ({"id": "S-1"}, {"id": "V-1"})


# what cannot be read

FREE = {"expected_completion", "otp", "value"}
NOT_READ = ("operation", "id")


def _places() -> list[tuple[Json, Where]]:
    return [
        (told, where) for told in WEBHOOKS.values() for where in leaves(told) if where != NOT_READ
    ]


@pytest.mark.parametrize(
    "value",
    [{"odd": 1}, 1.5, "", "x\ny", -(10**30), "9" * 5000, [None]],
    ids=["object", "fraction", "nothing", "two lines", "too little", "too much", "list"],
)
def test_a_value_of_another_kind_makes_a_webhook_unreadable(value: object) -> None:
    spoilt = [(where, replaced(told, where, value)) for told, where in _places()]

    assert [where for where, told in spoilt if not _is_unreadable(told)] == []
    assert len(spoilt) > 110


def test_a_webhook_without_what_it_must_say_is_unreadable() -> None:
    spoilt = [
        (where, without(told, where))
        for told, where in _places()
        if isinstance(where[-1], str) and where[-1] not in FREE
    ]

    assert [where for where, told in spoilt if not _is_unreadable(told)] == []
    assert len(spoilt) > 100


@pytest.mark.parametrize("what", [one for one in WEBHOOKS if "operation" in WEBHOOKS[one]])
def test_an_answer_that_does_not_say_to_what_is_unreadable(what: str) -> None:
    assert _is_unreadable(without(WEBHOOKS[what], ("operation",)))


@pytest.mark.parametrize(
    ("what", "where", "value"),
    [
        ("milestone", ("details", "milestone"), "PARTY"),
        ("late", ("details", "expected_completion"), "2027-02-30"),
        ("late", ("details", "expected_completion"), "20270218"),
        ("built", ("details", "visit_required"), "true"),
        ("offered", ("details", "slots", 0, "period"), "night"),
        ("offered", ("details", "slots", 0, "starts_at"), "2027-01-21T07:00:00"),
        ("offered", ("details", "slots"), [MORNING] * 51),
        ("kept", ("details", "report", "equipment", 0, "serial_number"), "not a serial"),
        ("kept", ("details", "report", "photos"), [{"id": "PH"}] * 51),
        ("opened", ("details", "checks", 0, "name"), "DANCE"),
        ("opened", ("details", "checks", 1, "value"), 400_000),
        ("opened", ("details", "checks", 1, "value"), "NaN"),
        ("opened", ("details", "checks"), []),
        ("missed", ("event", "kind"), "visit.almost_missed"),
    ],
)
def test_what_is_not_in_the_dialect_is_not_guessed_at(
    what: str, where: Where, value: object
) -> None:
    assert _is_unreadable(replaced(WEBHOOKS[what], where, value))


def _is_unreadable(told: Json) -> bool:
    return isinstance(read_webhook(json.dumps(told)), Unreadable)
