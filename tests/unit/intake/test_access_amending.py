"""What the plan of an amendment says of a later day, before anything of the access moves."""

from datetime import date, datetime
from typing import Any

from domain.access_facts import OfferChosen, Plan, Technology
from domain.access_stages import Access
from intake.access_amending import AccessReading, ReadChange
from intake.requests import LineAmendment
from tests.access_contracts import PARIS, internet
from tests.accesses import SAID, offer, ready

PLANNED = date(2027, 3, 22)
"""A Monday."""
PLAN = Plan(on=PLANNED, said=SAID, source="OfferChosen", binds=False)


def _access(technology: Technology) -> Access:
    access = ready(wanted=(technology,))
    assert isinstance(access, Access)
    chosen = OfferChosen(offer=offer(technology=technology), because=(SAID,))
    more: dict[str, Any] = {"plan": PLAN, "promise": PLAN, "chosen": chosen}
    return access.model_copy(update=more)


Problems = list[tuple[str, str]]


def _planned(wish: date, technology: Technology = Technology.DEDICATED_FIBRE) -> ReadChange:
    read, problems = _read(wish, technology)
    assert problems == []
    assert read is not None
    return read


def _refused(wish: date) -> Problems:
    return _read(wish, Technology.DEDICATED_FIBRE)[1]


def _read(
    wish: date | None, technology: Technology, asked_on: date | None = None
) -> tuple[ReadChange | None, Problems]:
    problems: Problems = []
    reading = AccessReading(
        contract=internet(),
        state=_access(technology),
        at=datetime(2027, 3, 15, 9, tzinfo=PARIS),
        refuse=lambda pointer, sentence: problems.append((pointer, sentence)),
        digest=lambda name: name,
    )
    read = reading.read("/lines/0", LineAmendment(line=1, wish=wish, asked_on=asked_on))
    return read, problems


def test_a_later_day_told_too_late_says_from_when_it_is_billed() -> None:
    read = _planned(date(2027, 4, 12))

    (day,) = read.differences
    assert (day.pointer, day.becomes, read.wished) == (
        "/lines/0/wish",
        "2027-04-12",
        date(2027, 4, 12),
    )
    # seven jours before Monday 22 March: Thursday 11 March (002:2376-2379, 002:2392-2396)
    assert "warns too late: by email, it was until Thursday 11 March 2027" in day.effect.en
    assert "runs from the day first agreed, Monday 22 March 2027 (002:2392-2396)" in day.effect.en


def test_a_customer_has_warned_on_the_day_of_its_email_whenever_it_is_written_down() -> None:
    # Monday 15 March is too late; the email of Thursday 11 is in time (002:2376-2379)
    fibre = Technology.DEDICATED_FIBRE

    read, problems = _read(date(2027, 4, 12), fibre, date(2027, 3, 11))
    late, _ = _read(date(2027, 4, 12), fibre, date(2027, 3, 12))

    assert (problems, read and read.asked_on) == ([], date(2027, 3, 11))
    assert read is not None
    assert late is not None
    assert "too late" not in read.differences[0].effect.en
    assert "warns too late" in late.differences[0].effect.en


def test_the_day_of_an_email_has_come_lies_after_the_order_and_goes_with_a_wish() -> None:
    fibre, wish = Technology.DEDICATED_FIBRE, date(2027, 4, 12)

    _, ahead = _read(wish, fibre, date(2027, 3, 16))
    _, before = _read(wish, fibre, date(2026, 12, 1))
    _, alone = _read(None, fibre, date(2027, 3, 11))

    assert ahead == [
        ("/lines/0/asked_on", "this day has not come yet: give the day the customer asked.")
    ]
    assert before == [
        ("/lines/0/asked_on", "this day is before the order: check the day of the email.")
    ]
    assert alone == [("/lines/0/asked_on", "It goes with another wished day: give wish too.")]


def test_a_day_too_late_is_refused_with_what_is_left_and_what_it_costs() -> None:
    ((pointer, sentence),) = _refused(date(2027, 9, 1))

    assert pointer == "/lines/0/wish"
    assert "until Saturday 22 May 2027 (002:2383)" in sentence
    assert "not chargeable until a reading is signed" in sentence
    assert sentence.endswith("ask for a day until then, or cancel the order of this site.")


def test_another_access_has_its_day_moved_at_no_cost() -> None:
    (day,) = _planned(date(2027, 9, 1), Technology.FTTH).differences

    assert "which is the promised day, changes" in day.effect.en
    assert "002:2383" not in day.effect.en
