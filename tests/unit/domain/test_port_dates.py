"""Dates of a port, on rules and contracts made for the test; the shipped ones are elsewhere."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendars import WorkingWeek, calendar_of
from domain.contract_profiles import Entry, Level, Profile
from domain.contract_resolution import Pin, Shelf
from domain.contract_terms import Catalogue, Term
from domain.contract_values import Kind
from domain.exchange_rules import ExchangeRules, rules_of
from domain.hours import Window
from domain.port_dates import CancellationZone, DateRefusedError, PortCalendar, PortPlan
from domain.reckoning import parse_moment
from domain.said import Said
from domain.territories import ExchangeGroup, Territory

GPM = ExchangeRules(
    group=ExchangeGroup.GPM,
    sessions=(Window(600, 660), Window(840, 900), Window(1140, 1200)),
    session_week=WorkingWeek.OUVRE,
    port_week=WorkingWeek.OUVRABLE,
    earliest_ouvres=2,
    horizon_days=60,
    cancellation_ouvres=2,
    cancellation_minute=1200,
    answer_ouvres=1,
    answer_later_ouvres=2,
    answer_minute=660,
    switch=Window(510, 600),
    confirmations=Window(600, 1200),
    acknowledgement_minutes=60,
    acknowledges_on_sync=frozenset(),
    sync="sunday 22:00-24:00",
    lines_consumer=3,
    lines_enterprise=20,
    sources={"sessions": "test sessions", "cancellation": "test cancellation"},
)
METROPOLE = calendar_of(Territory.METROPOLE)
CALENDAR = PortCalendar(rules=GPM, exchange=calendar_of(ExchangeGroup.GPM), contract=METROPOLE)
QUESTIONS = {
    "port-in.cancellation": Kind.CHOICE,
    "port-in.cancellation-window": Kind.DURATION,
    "exchange.sessions": Kind.CHOICES,
    "exchange.session-days": Kind.CHOICE,
    "exchange.port-days": Kind.CHOICE,
    "exchange.earliest-port": Kind.DURATION,
    "exchange.horizon": Kind.DURATION,
    "exchange.cancellation": Kind.DURATION,
    "exchange.cancellation-hour": Kind.TEXT,
    "exchange.answer": Kind.DURATION,
    "exchange.answer-later": Kind.DURATION,
    "exchange.answer-hour": Kind.TEXT,
    "exchange.switch": Kind.HOURS,
    "exchange.confirmations": Kind.HOURS,
    "exchange.acknowledgement": Kind.DURATION,
    "exchange.acknowledges-on-sync": Kind.CHOICES,
    "exchange.sync": Kind.TEXT,
    "exchange.lines-consumer": Kind.NUMBER,
    "exchange.lines-enterprise": Kind.NUMBER,
}


def entry(**value: object) -> Entry:
    return Entry.model_validate(
        {
            "readings": [{"name": "only", "value": value, "source": {"ours": "test"}}],
            "in_force": "only",
        }
    )


def contract(*, cancellation: str | None, ouvres: int | None = None) -> tuple[Shelf, Pin]:
    entries = {}
    if cancellation is not None:
        entries["port-in.cancellation"] = entry(value=cancellation)
    if ouvres is not None:
        entries["port-in.cancellation-window"] = entry(
            amount=ouvres, unit="ouvre", anchor="port-day", direction="before"
        )
    schedule = Profile(
        provider="sixth",
        service="mobile",
        level=Level.SERVICE_SCHEDULE,
        version="1",
        valid_from=date(2020, 1, 1),
        title=Said(fr="x", en="x"),
        entries=entries,
    )
    terms = {
        name: Term(name=name, kind=kind, services=("mobile", "exchange"), fr="x", en="x")
        for name, kind in QUESTIONS.items()
    }
    shelf = Shelf(Catalogue(terms), (schedule,))
    return shelf, shelf.pin("sixth", "mobile", date(2026, 5, 1))


def plan(
    asked: str, wish: str | None = None, *, cancellation: str | None = None, ouvres: int = 2
) -> PortPlan:
    moment = parse_moment(asked)
    assert isinstance(moment, datetime)
    shelf, pin = contract(cancellation=cancellation, ouvres=ouvres)
    return CALENDAR.plan(
        asked_at=moment,
        wished=None if wish is None else date.fromisoformat(wish),
        shelf=shelf,
        pin=pin,
    )


@pytest.mark.parametrize(
    ("asked", "sent", "port_day"),
    [
        ("2026-05-04T09:00+02:00", "2026-05-04T10:00:00+02:00", "2026-05-06"),
        ("2026-05-04T10:00+02:00", "2026-05-04T10:00:00+02:00", "2026-05-06"),
        ("2026-05-04T10:01+02:00", "2026-05-04T14:00:00+02:00", "2026-05-06"),
        ("2026-05-04T19:01+02:00", "2026-05-05T10:00:00+02:00", "2026-05-07"),
        ("2026-05-07T19:01+02:00", "2026-05-11T10:00:00+02:00", "2026-05-13"),  # 8 May, weekend
        ("2026-05-12T09:00+02:00", "2026-05-12T10:00:00+02:00", "2026-05-15"),  # Ascension
    ],
)
def test_a_request_leaves_with_the_next_session_and_ports_two_ouvres_later(
    asked: str, sent: str, port_day: str
) -> None:
    found = plan(asked)

    assert (found.send_at.isoformat(), found.port_day.isoformat()) == (sent, port_day)
    assert not found.waits
    assert found.earliest.summary.fr.startswith("2 jours ouvrés après le")


@pytest.mark.parametrize(
    ("wish", "first", "why"),
    [
        ("2026-05-05", "2026-05-06", "no earlier than Wednesday 6 May 2026"),
        ("2026-05-08", "2026-05-09", "Victory Day"),
        ("2026-05-10", "2026-05-11", "Sunday"),
        ("2026-05-14", "2026-05-15", "Ascension Day"),
    ],
)
def test_a_date_that_cannot_be_is_answered_with_the_first_that_can(
    wish: str, first: str, why: str
) -> None:
    with pytest.raises(DateRefusedError, match=why) as refused:
        plan("2026-05-04T09:00+02:00", wish)

    assert refused.value.first == date.fromisoformat(first)
    assert plan("2026-05-04T09:00+02:00", first).port_day == refused.value.first


def test_a_saturday_is_a_port_day_of_the_metropolitan_group() -> None:
    assert plan("2026-05-04T09:00+02:00", "2026-05-09").port_day == date(2026, 5, 9)


@pytest.mark.parametrize(
    ("wish", "sent", "waits"),
    [
        ("2026-07-03", "2026-05-04T10:00:00+02:00", False),  # 60 calendar days
        ("2026-07-04", "2026-05-05T10:00:00+02:00", True),  # 61
        ("2026-09-01", "2026-07-03T10:00:00+02:00", True),
        ("2026-07-14", "", None),
    ],
)
def test_a_date_beyond_the_horizon_is_kept_and_the_request_waits(
    wish: str, sent: str, *, waits: bool | None
) -> None:
    if waits is None:
        with pytest.raises(DateRefusedError):
            plan("2026-05-04T09:00+02:00", wish)
        return
    found = plan("2026-05-04T09:00+02:00", wish)

    assert (found.send_at.isoformat(), found.waits) == (sent, waits)
    assert found.port_day <= found.latest


@pytest.mark.parametrize(
    ("port_day", "last_day"),
    [
        # oksio-onecom-axantis-nexis § 0, test vectors of A:145 and N:122
        ("2026-05-07", "2026-05-05"),
        ("2026-05-18", "2026-05-13"),
        ("2026-01-06", "2026-01-02"),
    ],
)
def test_the_contracts_window_ends_with_its_last_day(port_day: str, last_day: str) -> None:
    found = plan(
        "2025-12-15T09:00+01:00" if port_day < "2026-02" else "2026-04-20T09:00+02:00",
        port_day,
        cancellation="until-window",
    )
    right = next(zone for zone in found.zones if zone.zone is CancellationZone.CUSTOMER)

    assert right.explanation is not None
    assert right.explanation.answer == date.fromisoformat(last_day)
    # the exchange closes that day at 20 h already, and so closes the contract's right
    assert right.ends_at.isoformat()[:16] == f"{last_day}T20:00"
    assert ", but the exchange takes no cancellation" in right.said.en


def test_a_window_shorter_than_the_exchanges_closes_by_itself() -> None:
    found = plan("2026-04-20T09:00+02:00", "2026-05-07", cancellation="until-window", ouvres=5)

    assert [(z.zone, z.ends_at.isoformat()) for z in found.zones] == [
        (CancellationZone.OURS, "2026-04-20T10:00:00+02:00"),
        (CancellationZone.CUSTOMER, "2026-04-30T00:00:00+02:00"),
        (CancellationZone.AGREEMENT, "2026-05-05T20:00:00+02:00"),
    ]


@pytest.mark.parametrize(
    ("seconds", "zone"),
    [
        (-1, CancellationZone.CUSTOMER),
        (0, CancellationZone.CUSTOMER),
        (1, CancellationZone.AGREEMENT),
    ],
)
def test_one_second_decides_whose_word_it_takes(seconds: int, zone: CancellationZone) -> None:
    found = plan("2026-04-20T09:00+02:00", "2026-05-07", cancellation="until-window", ouvres=5)
    right = found.zones[1]

    assert found.zone_at(right.ends_at + timedelta(seconds=seconds)) is zone
    assert found.zone_at(found.send_at) is CancellationZone.OURS
    assert found.zone_at(found.zones[-1].ends_at + timedelta(seconds=1)) is CancellationZone.CLOSED


@pytest.mark.parametrize("cancellation", ["express-agreement", "never-once-requested", None])
def test_without_a_right_it_takes_agreement_from_the_sending_on(cancellation: str | None) -> None:
    found = plan("2026-04-20T09:00+02:00", "2026-05-07", cancellation=cancellation)

    assert [zone.zone for zone in found.zones] == [
        CancellationZone.OURS,
        CancellationZone.AGREEMENT,
    ]


def test_a_window_that_is_over_when_the_request_leaves_gives_no_right() -> None:
    found = plan("2026-05-04T09:00+02:00", "2026-05-07", cancellation="until-window", ouvres=5)

    assert [zone.zone for zone in found.zones] == [
        CancellationZone.OURS,
        CancellationZone.AGREEMENT,
    ]


def test_an_earliest_port_is_cancelled_on_the_request_day_until_twenty_hours() -> None:
    found = plan("2026-05-04T09:00+02:00")

    assert found.zones[-1].ends_at.isoformat() == "2026-05-04T20:00:00+02:00"


def test_the_night_the_clocks_change_moves_no_local_hour() -> None:
    found = plan("2026-03-27T20:30+01:00", "2026-04-01")

    assert found.send_at.isoformat() == "2026-03-30T10:00:00+02:00"
    assert found.zones[-1].ends_at.isoformat() == "2026-03-30T20:00:00+02:00"


def test_a_plan_is_carried_along_as_a_value() -> None:
    found = plan("2026-04-20T09:00+02:00", "2026-05-07", cancellation="until-window")

    assert PortPlan.model_validate_json(found.model_dump_json()) == found


def group(**entries: Entry) -> Shelf:
    shelf, _ = contract(cancellation=None)
    rules = Profile(
        provider="gpm",
        service="exchange",
        level=Level.EXCHANGE,
        version="1",
        valid_from=date(2020, 1, 1),
        title=Said(fr="x", en="x"),
        entries={f"exchange.{name.replace('_', '-')}": value for name, value in entries.items()},
    )
    return Shelf(shelf.catalogue, (rules,))


def test_the_rules_of_a_group_are_read_from_its_profile() -> None:
    shelf = group(
        sessions=entry(value=["s10-11", "s19-20"]),
        session_days=entry(value="ouvre"),
        port_days=entry(value="ouvrable"),
        earliest_port=entry(amount=2, unit="ouvre", anchor="request-day"),
        horizon=entry(amount=60, unit="calendar-day", anchor="request-day"),
        cancellation=entry(amount=2, unit="ouvre", anchor="port-day", direction="before"),
        cancellation_hour=entry(value="20:00"),
        answer=entry(amount=1, unit="ouvre", anchor="request-day"),
        answer_later=entry(amount=2, unit="ouvre", anchor="request-day"),
        answer_hour=entry(value="11:00"),
        switch=entry(days="ouvrable", hours="08:30-10:00"),
        confirmations=entry(days="ouvrable", hours="10:00-20:00"),
        acknowledgement=entry(amount=60, unit="minute", anchor="file-sent"),
        acknowledges_on_sync=entry(value=["o04"]),
        sync=entry(value="sunday 22:00-24:00"),
        lines_consumer=entry(number=3, of="lines"),
        lines_enterprise=entry(number=20, of="lines"),
    )

    rules = rules_of(shelf, ExchangeGroup.GPM, date(2026, 5, 1))

    assert rules.sessions == (Window(600, 660), Window(1140, 1200))
    assert (rules.session_week, rules.port_week) == (WorkingWeek.OUVRE, WorkingWeek.OUVRABLE)
    assert (rules.earliest_ouvres, rules.horizon_days, rules.cancellation_ouvres) == (2, 60, 2)
    assert rules.cancellation_minute == 1200
    assert (rules.answer_ouvres, rules.answer_later_ouvres, rules.answer_minute) == (1, 2, 660)
    assert (rules.switch, rules.confirmations) == (Window(510, 600), Window(600, 1200))
    assert (rules.acknowledgement_minutes, rules.sync) == (60, "sunday 22:00-24:00")
    assert rules.acknowledges_on_sync == frozenset({"04"})
    assert (rules.lines_consumer, rules.lines_enterprise) == (3, 20)
    assert rules.sources["sessions"] == "ours: test"


def test_a_group_that_does_not_answer_is_named() -> None:
    with pytest.raises(LookupError, match=r"gpm does not answer exchange\.sessions"):
        rules_of(group(), ExchangeGroup.GPM, date(2026, 5, 1))


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(0, 120),
    st.integers(0, 10),
)
def test_whatever_is_asked_the_dates_stay_in_their_order(
    asked_at: datetime, later: int, ouvres: int
) -> None:
    shelf, pin = contract(cancellation="until-window", ouvres=ouvres)
    earliest = CALENDAR.plan(asked_at=asked_at, wished=None, shelf=shelf, pin=pin)
    wished = CALENDAR.exchange.next_worked(
        earliest.port_day + timedelta(days=later), WorkingWeek.OUVRABLE
    )

    found = CALENDAR.plan(asked_at=asked_at, wished=wished, shelf=shelf, pin=pin)

    ends = [zone.ends_at for zone in found.zones]
    assert asked_at <= found.send_at
    assert ends == sorted(ends)
    assert found.send_at.date() < found.port_day <= found.latest
    assert found.port_day == wished
