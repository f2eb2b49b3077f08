"""Technicians' days: half-days with room; visits booked, moved, cancelled, and reported."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.operators import Refused, StepRefusedTold, Took, Unanswered, Unreadable
from domain.photographs import Photograph
from domain.port_in_facts import Step
from domain.works_facts import FieldFailure, Half
from domain.works_told import (
    VisitBookedTold,
    VisitCancelledTold,
    VisitFailedTold,
    VisitKeptTold,
    VisitMissedTold,
    VisitMovedTold,
)
from intake.contents import check_content
from tests.conformance.host import AFTERWARDS, ASKED_AT, STREET, HostUnderTest, site_request
from tests.conformance.promises import promises

BOOK, CANCEL = Step.BOOK_VISIT, Step.CANCEL_VISIT
SOON = (ASKED_AT + timedelta(days=3)).date()
"""So soon that it is over for the operator's clock."""


@promises("access-slots")
async def test_half_days_are_offered_from_a_day_on(host: HostUnderTest) -> None:
    await host.at_site(STREET, {"is": ["technicians:1"]})

    slots = await host.offered("slots")

    assert slots
    assert all(slot.day >= AFTERWARDS for slot in slots)
    assert all(slot.day.weekday() < 5 for slot in slots)
    assert {slot.half for slot in slots} == set(Half)
    assert len({slot.reference for slot in slots}) == len(slots)
    for slot in slots:
        assert slot.begins < slot.ends
        assert slot.begins.date() == slot.day


@pytest.mark.parametrize(
    ("commune", "holiday"),
    [("57463", date(2027, 12, 26)), ("75056", date(2027, 5, 6)), ("97411", date(2027, 12, 20))],
)
@promises("access-slots")
async def test_nobody_comes_on_a_holiday_of_the_place(
    host: HostUnderTest, commune: str, holiday: date
) -> None:
    """Saint Stephen in Moselle, Ascension, the abolition of slavery in Réunion."""
    await host.at_site(commune, {"is": ["technicians:1"]})

    slots = await host.offered(f"holiday {commune}", commune=commune, not_before=holiday)

    assert slots
    assert all(slot.day > holiday for slot in slots)


@promises("access-slots")
async def test_where_nobody_can_come_nothing_is_offered(host: HostUnderTest) -> None:
    await host.at_site(STREET, {"is": ["technicians:0"]})

    assert await host.offered("nobody can") == ()


@promises("access-slot-once")
async def test_of_two_who_book_the_last_half_day_one_gets_it(host: HostUnderTest) -> None:
    await host.at_site(STREET, {"is": ["technicians:1"]})
    slot, *_ = await host.offered("the last")
    asked = [
        site_request(f"last {line}", BOOK, slot=slot.reference, line=line)
        for line in ("one", "two")
    ]

    await asyncio.gather(*(host.sites.ask_access(one) for one in asked))
    told = [await host.one_told(one.key) for one in asked]

    assert {type(one) for one in told} == {VisitBookedTold, StepRefusedTold}
    assert await _booked(host) == {slot.reference: 1}
    again = await host.offered("after the last")
    assert slot.reference not in {one.reference for one in again}


async def _booked(host: HostUnderTest) -> dict[str, int]:
    return {one["slot"]: one["booked"] for one in await host.visits() if one["booked"]}


@promises("access-slot-once")
async def test_a_booked_visit_says_its_half_day_and_its_name(host: HostUnderTest) -> None:
    slot, *_ = await host.offered("some")

    told = await host.booked("booked", slot)

    assert told.slot == slot
    assert told.reference
    assert told.booked_at > ASKED_AT


@promises("access-visit-moved")
async def test_a_visit_that_is_moved_gives_back_the_half_day_it_had(host: HostUnderTest) -> None:
    await host.at_site(STREET, {"is": ["technicians:1"]})
    first, second, *_ = await host.offered("two")
    before = await host.booked("before", first)

    after = await host.booked("after", second, visit=before.reference)

    assert after.reference != before.reference
    assert after.slot == second
    assert await _booked(host) == {second.reference: 1}
    other = await host.booked("somebody else", first, line="two")
    assert other.slot == first


@promises("access-visit-moved")
async def test_a_visit_keeps_its_half_day_when_the_other_one_is_taken(
    host: HostUnderTest,
) -> None:
    await host.at_site(STREET, {"is": ["technicians:1"]})
    first, second, *_ = await host.offered("two to keep")
    mine = await host.booked("mine", first)
    await host.booked("theirs", second, line="two")
    asked = site_request("too late", BOOK, slot=second.reference, visit=mine.reference)

    await host.sites.ask_access(asked)

    assert isinstance(await host.one_told(asked.key), StepRefusedTold)
    assert await _booked(host) == {first.reference: 1, second.reference: 1}


@promises("access-visit-cancelled")
async def test_a_visit_that_is_cancelled_gives_its_half_day_back(host: HostUnderTest) -> None:
    await host.at_site(STREET, {"is": ["technicians:1"]})
    slot, *_ = await host.offered("to cancel")
    booked = await host.booked("cancelled later", slot)
    asked = site_request("cancelled", CANCEL, visit=booked.reference)

    assert isinstance(await host.sites.ask_access(asked), Took)
    told = await host.one_told(asked.key)

    assert isinstance(told, VisitCancelledTold)
    assert told.key == asked.key
    assert await _booked(host) == {}
    assert (await host.booked("anew", slot)).slot == slot


@pytest.mark.parametrize("step", [BOOK, CANCEL])
@promises("access-visit-over")
async def test_a_visit_nobody_has_or_that_is_over_is_refused(
    host: HostUnderTest, step: Step
) -> None:
    first, second, *_ = await host.offered("over")
    booked = await host.booked("over soon", first)
    cancelled = site_request("over now", CANCEL, visit=booked.reference)
    await host.sites.ask_access(cancelled)
    await host.told(cancelled.key)

    over = site_request(f"over {step}", step, visit=booked.reference, slot=second.reference)
    nobody = replace(over, key=f"nobody-{step}", visit="nobody")
    answers = [await host.sites.ask_access(one) for one in (over, nobody)]

    assert all(isinstance(answer, Refused) for answer in answers)
    assert len({getattr(answer, "code", "") for answer in answers}) == 2


@promises("access-visit-over")
async def test_a_slot_nobody_offered_is_refused(host: HostUnderTest) -> None:
    answer = await host.sites.ask_access(site_request("no slot", BOOK, slot="nobody"))

    assert isinstance(answer, Refused)
    assert answer.code


@promises("access-visit-told")
async def test_a_visit_is_kept_and_its_report_says_what_was_done(host: HostUnderTest) -> None:
    slot, *_ = await host.offered("soon", not_before=SOON)
    booking = site_request("kept visit", BOOK, slot=slot.reference)
    await host.sites.ask_access(booking)

    told = await host.told_times(booking.key, 2)

    (booked,) = (one for one in told if isinstance(one, VisitBookedTold))
    (kept,) = (one for one in told if isinstance(one, VisitKeptTold))
    assert kept.reference == booked.reference
    assert slot.begins < kept.report.done_at < slot.ends
    assert kept.report.socket
    assert kept.report.serials
    assert kept.report.photographs
    found = await host.sites.look_up_access(booking.key)
    assert host.reader(found or "") == booked


@promises("access-visit-told")
async def test_the_operator_moves_a_visit_twice_and_then_keeps_it(host: HostUnderTest) -> None:
    await host.at_site(STREET, {"book": ["visit:moved=2=STORM+moved=1"]})
    slot, *_ = await host.offered("moved twice", not_before=SOON)
    booking = site_request("moved twice visit", BOOK, slot=slot.reference)
    await host.sites.ask_access(booking)

    told = await host.told_times(booking.key, 4)

    (booked,) = (one for one in told if isinstance(one, VisitBookedTold))
    moved = sorted(
        (one for one in told if isinstance(one, VisitMovedTold)), key=lambda one: one.slot.day
    )
    (kept,) = (one for one in told if isinstance(one, VisitKeptTold))
    assert moved[0].code == "STORM"
    assert all(one.code for one in moved)
    assert slot.day < moved[0].slot.day < moved[1].slot.day
    assert {kept.reference, *(one.reference for one in moved)} == {booked.reference}
    assert kept.report.done_at.date() == moved[1].slot.day


@promises("access-visit-told")
async def test_a_visit_nobody_came_to_is_told(host: HostUnderTest) -> None:
    await host.at_site(STREET, {"book": ["visit:missed=SICK"]})
    slot, *_ = await host.offered("missed", not_before=SOON)
    booking = site_request("missed visit", BOOK, slot=slot.reference)
    await host.sites.ask_access(booking)

    told = await host.told_times(booking.key, 2)

    (missed,) = (one for one in told if isinstance(one, VisitMissedTold))
    assert missed.code == "SICK"
    assert missed.told_at > slot.ends


@pytest.mark.parametrize("word", sorted(set(FieldFailure) - {FieldFailure.OTHER}))
@promises("access-failures")
async def test_each_failure_at_a_visit_is_one_of_our_words(
    host: HostUnderTest, word: FieldFailure
) -> None:
    await host.at_site(STREET, {"book": [f"visit:failed={word}"]})
    slot, *_ = await host.offered(f"failed {word}", not_before=SOON)
    booking = site_request(f"failed visit {word}", BOOK, slot=slot.reference)
    await host.sites.ask_access(booking)

    told = await host.told_times(booking.key, 2)

    (failed,) = (one for one in told if isinstance(one, VisitFailedTold))
    assert failed.failure is word
    assert failed.code
    assert slot.begins < failed.failed_at < slot.ends


@promises("access-failure-unknown")
async def test_a_failure_in_a_code_nobody_knows_is_kept_with_it(host: HostUnderTest) -> None:
    await host.at_site(STREET, {"book": ["visit:failed=BEES"]})
    slot, *_ = await host.offered("bees", not_before=SOON)
    booking = site_request("bees visit", BOOK, slot=slot.reference)
    await host.sites.ask_access(booking)

    told = await host.told_times(booking.key, 2)

    (failed,) = (one for one in told if isinstance(one, VisitFailedTold))
    assert (failed.failure, failed.code) == (FieldFailure.OTHER, "BEES")
    assert not any(isinstance(one, Unreadable) for one in told)


async def _pictured(host: HostUnderTest, intention: str) -> tuple[str, ...]:
    """What the report of a visit that is kept names."""
    slot, *_ = await host.offered(intention, not_before=SOON)
    booking = site_request(f"{intention} visit", BOOK, slot=slot.reference)
    await host.sites.ask_access(booking)
    told = await host.told_times(booking.key, 2)
    (kept,) = (one for one in told if isinstance(one, VisitKeptTold))
    return kept.report.photographs


@promises("access-photographs")
async def test_each_photograph_of_a_report_is_given_and_the_same_when_asked_again(
    host: HostUnderTest,
) -> None:
    references = await _pictured(host, "pictured")

    given = [await host.sites.photograph(one) for one in references]
    again = await host.sites.photograph(references[0])

    assert references
    for picture in given:
        assert isinstance(picture, Photograph)
        check_content(picture.media_type, picture.content)
        assert str(picture.content)[2:20] not in repr(picture)
    assert again == given[0]


@promises("access-photographs")
async def test_a_photograph_nobody_took_is_refused_by_a_code(host: HostUnderTest) -> None:
    answer = await host.sites.photograph("nobody")

    assert isinstance(answer, Refused)
    assert answer.code


@promises("access-photographs")
async def test_during_maintenance_nothing_is_said_of_a_photograph(host: HostUnderTest) -> None:
    reference, *_ = await _pictured(host, "pictured later")
    await host.set_host({"maintenance": True})

    assert isinstance(await host.sites.photograph(reference), Unanswered)

    await host.set_host({"maintenance": False})
    await host.elapse(3600)
    assert isinstance(await host.sites.photograph(reference), Photograph)
