"""A number that goes back to its initial donor: given facts, when something comes, then facts."""

from datetime import date, timedelta

import pytest

from domain import reverse_port_facts as facts
from domain import reverse_ports as told
from domain.attention import AttentionMoved, DecisionKind, DecisionRefusedError, Turn
from domain.indemnity_facts import Party
from domain.reverse_port_dates import dates_of, hand_back_at
from domain.reverse_port_facts import (
    Ending,
    Incident,
    reverse_port_of_stream,
    reverse_port_stream,
)
from domain.reverse_port_states import (
    Announced,
    Closed,
    Demanded,
    HandingBack,
    NotOpened,
    awaited_by,
    due_of,
    fold,
)
from domain.reverse_port_tickets import tickets_owed
from domain.reverse_ports import ReversePortRefusedError
from domain.territories import ExchangeGroup
from tests.builders import line_opened
from tests.porting import RULES, paris, shelf
from tests.reverse_ports import ID, MONDAY, Story, terms


@pytest.mark.parametrize(
    ("demanded", "agree", "agree_most", "back", "back_most"),
    [
        # porting-and-access:112, "6 h ouvrées (max 8) … = 24 h ouvrées (max 32)"; :216, 9-18 h
        ("2027-01-18T10:00", "18T16:00", "18T18:00", "20T16:00", "21T15:00"),
        ("2027-01-15T16:30", "18T13:30", "18T15:30", "20T13:30", "21T12:30"),
        ("2027-01-16T11:00", "18T15:00", "18T17:00", "20T15:00", "21T14:00"),
    ],
)
def test_agreement_and_hand_back_are_due_in_working_hours_of_the_exchange(
    demanded: str, agree: str, agree_most: str, back: str, back_most: str
) -> None:
    at = paris(demanded)

    dates = dates_of(shelf(), RULES.calendar(ExchangeGroup.GPM, at.date()), at)

    expected = [paris(f"2027-01-{text}") for text in (agree, agree_most, back, back_most)]
    assert [
        dates.agree_by,
        dates.agree_at_most,
        dates.back_by,
        dates.back_at_most,
    ] == expected
    assert "6 heures ouvrées, 8 heures ouvrées au plus" in dates.because[0].fr
    assert "24 working hours (Mon-Fri), 32 working hours (Mon-Fri) at most" in dates.because[1].en
    assert "porting-and-access 2.5" in dates.because[0].en


def test_ascension_day_is_no_working_day_of_a_reverse_port() -> None:
    at = paris("2027-05-05T16:00")
    dates = dates_of(shelf(), RULES.calendar(ExchangeGroup.GPM, at.date()), at)

    # two hours on Wednesday, Thursday 6 May is a holiday, four on Friday
    assert dates.agree_by == paris("2027-05-07T13:00")


def test_a_group_that_does_not_say_how_long_is_named() -> None:
    calendar = RULES.calendar(ExchangeGroup.GPM, MONDAY.date())

    with pytest.raises(LookupError, match="how long a reverse port takes"):
        dates_of(_SilentShelf(), calendar, MONDAY)  # type: ignore[arg-type]  # it says nothing


class _SilentShelf:
    def pin(self, *_asked: object) -> None:
        return None

    def answer(self, *_asked: object) -> "_SilentShelf":
        return self

    entry = None


def test_the_number_goes_back_when_numbers_move_that_day_or_at_once() -> None:
    calendar = RULES.calendar(ExchangeGroup.GPM, MONDAY.date())

    # porting-and-access:106, the switch window of the port day begins at 8:30
    assert hand_back_at(calendar, date(2027, 1, 19), MONDAY) == paris("2027-01-19T08:30")
    assert hand_back_at(calendar, date(2027, 1, 18), MONDAY) == MONDAY


def test_a_demand_waits_for_a_person_and_says_whose_fault_it_was() -> None:
    story = Story().demanded(Incident.MISTAKE_OF_THEIRS)

    assert story.asks() == [("reverse-demanded", paris("2027-01-18T16:00"), "operations")]
    assert isinstance(story.state, Demanded)
    assert story.known.demanded.fault is Party.DONOR
    assert due_of(story.state) is None
    assert list(tickets_owed(story.known)) == []


def test_a_demand_nobody_answers_goes_up_once_until_the_most_the_exchange_allows() -> None:
    story = Story().demanded()
    story.now = paris("2027-01-18T16:00")

    (moved,) = story.tell(told.PassTime)

    assert isinstance(moved, AttentionMoved)
    assert story.asks() == [("reverse-demanded", paris("2027-01-18T18:00"), "supervisor")]
    story.now = paris("2027-01-19T18:00")
    assert story.tell(told.PassTime) == ()


def test_a_demand_that_goes_up_too_late_has_the_time_of_any_answer() -> None:
    story = Story().demanded()
    story.now = paris("2027-01-20T09:00")

    story.tell(told.PassTime)

    assert story.asks() == [("reverse-demanded", paris("2027-01-22T09:00"), "supervisor")]


def test_an_agreement_leaves_as_a_ticket_and_the_donors_data_are_awaited() -> None:
    story = Story().agreed()

    assert [(t.ticket, t.port_day) for t in tickets_owed(story.known)] == [
        ("2400", date(2027, 1, 20))
    ]
    awaited = awaited_by(story.state)
    assert awaited is not None
    assert (awaited.until, "2410" in awaited.what.en) == (paris("2027-01-20T16:00"), True)


def test_a_refusal_keeps_the_number_and_needs_a_reason() -> None:
    story = Story().demanded()
    with pytest.raises(ReversePortRefusedError, match="give a reason"):
        story.answer("refuse", reason=" ")

    story.answer("refuse", reason="the customer is the holder")

    assert isinstance(story.state, Closed)
    assert story.known.closed is not None
    assert story.known.closed.ending is Ending.REFUSED
    assert "the customer is the holder" in story.known.closed.why.en
    assert list(tickets_owed(story.known)) == []


def test_data_that_never_come_are_asked_after_then_given_up() -> None:
    story = Story().agreed()
    assert story.tell(told.PassTime) == ()
    story.now = paris("2027-01-20T16:00")

    story.tell(told.PassTime)

    assert story.asks() == [("reverse-data-missing", paris("2027-01-21T15:00"), "operations")]
    assert (story.known.blocked, due_of(story.state)) == (False, None)
    story.now = paris("2027-01-21T15:00")
    story.tell(told.PassTime)
    assert story.asks()[0][2] == "supervisor"
    story.answer("end", reason="they changed their mind")
    assert isinstance(story.state, Closed)
    assert story.state.closed.ending is Ending.GIVEN_UP


def test_data_that_come_late_all_the_same_clear_the_question() -> None:
    story = Story().agreed()
    story.now = paris("2027-01-20T16:00")
    story.tell(told.PassTime)

    found = story.announce(date(2027, 1, 21))

    assert story.names(found) == ["AttentionCleared", "ReversePortAnnounced"]
    assert isinstance(story.state, Announced)
    assert due_of(story.state) == paris("2027-01-21T08:30")


def test_the_data_are_acknowledged_and_the_host_asked_on_the_day() -> None:
    story = Story().announced()
    assert [t.ticket for t in tickets_owed(story.known)] == ["2400", "2420"]
    assert due_of(story.state) == paris("2027-01-19T08:30")

    story.now = paris("2027-01-19T08:30")
    (asked,) = story.tell(told.AskHost, key="k-1")

    assert isinstance(asked, facts.HandBackAsked)
    assert isinstance(story.state, HandingBack)
    assert due_of(story.state) == asked.until
    assert story.tell(told.AskHost, key="k-2") == ()


def test_the_number_is_back_once_the_host_says_so_and_it_is_confirmed() -> None:
    story = Story().handed_back()

    assert isinstance(story.state, Closed)
    assert (story.state.gone, story.state.closed.ending) == (True, Ending.HANDED_BACK)
    assert [(t.ticket, t.at) for t in tickets_owed(story.known)][-1] == (
        "2430",
        paris("2027-01-19T12:30"),
    )
    assert len({t.step for t in tickets_owed(story.known)}) == 3
    assert awaited_by(story.state) is None


def test_a_host_that_refuses_is_asked_again_under_another_key() -> None:
    story = Story().taken()

    story.tell(told.HearRefused, code="LINE-BUSY")

    assert story.asks()[0][0] == "reverse-host"
    assert story.tell(told.AskHost, key="k-2") == ()
    story.answer("retry")
    assert (isinstance(story.state, Announced), story.known.epoch) == (True, 1)
    (asked,) = story.tell(told.AskHost, key="k-2")
    assert isinstance(asked, facts.HandBackAsked)
    assert asked.epoch == 1


def test_a_host_that_says_nothing_is_asked_again_under_the_same_key() -> None:
    story = Story().taken()

    story.tell(told.HearNothing)
    assert story.tell(told.HearNothing) == ()
    found = story.answer("retry")

    assert isinstance(story.state, HandingBack)
    assert (story.state.asked.key, story.state.taken) == ("k-1", False)
    assert story.names(found) == ["DecisionTaken", "AttentionCleared", "HandBackAsked"]


def test_a_person_may_go_on_without_the_hosts_word() -> None:
    story = Story().asked()
    story.tell(told.HearNothing)

    story.answer("skip", reason="seen ended on their portal")

    assert story.known.handed_back is not None
    assert story.known.handed_back.by_hand == "seen ended on their portal"
    assert isinstance(story.state, Closed)


def test_a_release_that_was_told_before_a_person_answers_is_the_end_of_it() -> None:
    story = Story().taken()
    story.tell(told.HearNothing)

    story.tell(told.NoteReleased, released_at=story.now)

    assert isinstance(story.state, Closed)


def test_data_nobody_agreed_to_wait_for_a_person_who_may_still_agree() -> None:
    story = Story()

    story.announce()

    assert story.asks() == [("reverse-unannounced", paris("2027-01-18T16:00"), "operations")]
    assert (story.known.demanded.incident, story.known.demanded.fault) == (
        Incident.UNSTATED,
        Party.UNKNOWN,
    )
    story.answer("agree")
    assert isinstance(story.state, Announced)
    assert [t.ticket for t in tickets_owed(story.known)] == ["2400", "2420"]


def test_data_that_overtake_our_answer_are_kept_until_it_comes() -> None:
    story = Story().demanded()

    found = story.announce()

    assert story.names(found) == ["ReversePortAnnounced"]
    assert isinstance(story.state, Demanded)
    assert story.names(story.announce()) == ["ReverseTicketIgnored"]
    story.answer("agree")
    assert isinstance(story.state, Announced)


def test_data_that_come_after_a_refusal_are_put_before_a_person_again() -> None:
    story = Story().demanded()
    story.answer("refuse")

    story.announce()

    assert isinstance(story.state, Demanded)
    assert story.asks()[0][0] == "reverse-unannounced"
    assert story.known.demanded.incident is Incident.FRAUD


@pytest.mark.parametrize("stage", ["announced", "asked", "handed_back"])
def test_data_that_come_twice_change_nothing_and_are_said_to(stage: str) -> None:
    story: Story = getattr(Story(), stage)()
    before = story.state

    (ignored,) = story.announce()

    assert isinstance(ignored, facts.ReverseTicketIgnored)
    assert story.state == before


def test_later_data_with_another_day_are_the_ones_that_count_and_are_acknowledged() -> None:
    story = Story().announced()
    story.now = MONDAY + timedelta(hours=4)

    found = story.announce(date(2027, 1, 20))

    assert story.names(found) == ["ReversePortAnnounced"]
    assert due_of(story.state) == paris("2027-01-20T08:30:00")
    assert [t.ticket for t in tickets_owed(story.known)] == ["2400", "2420"]


def test_older_data_that_come_late_do_not_move_the_day_back() -> None:
    story = Story().announced()
    story.now = MONDAY - timedelta(hours=4)

    found = story.announce(date(2027, 1, 18))

    assert story.names(found) == ["ReverseTicketIgnored"]
    assert due_of(story.state) == paris("2027-01-19T08:30:00")


def test_a_second_demand_is_refused_until_the_first_is_over_without_the_number() -> None:
    with pytest.raises(ReversePortRefusedError, match="demanded already"):
        Story().demanded().demanded()
    with pytest.raises(ReversePortRefusedError, match="gone back already"):
        Story().handed_back().demanded()
    story = Story().demanded()
    story.answer("refuse")
    story.demanded(Incident.CUSTOMER_ERROR)
    assert (isinstance(story.state, Demanded), story.known.epoch) == (True, 1)


def test_what_shows_the_incident_is_named() -> None:
    dates = Story().demanded().known.demanded.dates

    with pytest.raises(ReversePortRefusedError, match="give evidence"):
        Story().tell(
            told.DemandReverse,
            terms=terms(),
            incident=Incident.FRAUD,
            evidence=" ",
            dates=dates,
            by="ops",
        )


def test_nothing_is_asked_of_a_reverse_port_nobody_knows() -> None:
    assert (due_of(NotOpened()), awaited_by(NotOpened())) == (None, None)
    with pytest.raises(ReversePortRefusedError, match="raccord reverse list"):
        Story().tell(told.PassTime)


def test_a_question_may_wait_or_change_hands_and_says_how() -> None:
    story = Story().demanded()
    with pytest.raises(ReversePortRefusedError, match="until="):
        story.answer("snooze")
    with pytest.raises(ReversePortRefusedError, match="turn="):
        story.answer("reassign")
    with pytest.raises(DecisionRefusedError):
        story.answer("skip")

    story.answer("snooze", until=MONDAY + timedelta(hours=2))
    story.answer("reassign", turn=Turn.PROVIDER)

    assert story.asks() == [("reverse-demanded", MONDAY + timedelta(hours=2), "provider")]


def test_a_late_question_handed_to_somebody_is_theirs_and_does_not_go_up_at_once() -> None:
    """It went up on Monday evening (porting-and-access:112), for two days, and they are over."""
    story = Story().demanded()
    story.now = MONDAY + timedelta(hours=10)
    story.tell(told.PassTime)
    story.now += timedelta(days=3)

    story.answer("reassign", turn=Turn.OPERATIONS)

    assert story.asks() == [("reverse-demanded", story.now + timedelta(days=2), "operations")]
    assert story.tell(told.PassTime) == ()
    with pytest.raises(ReversePortRefusedError, match="still to come"):
        story.answer("reassign", turn=Turn.PROVIDER, until=MONDAY)


def test_what_says_nothing_or_comes_too_late_is_set_aside() -> None:
    story = Story().demanded()

    late = story.tell(told.NoteReleased, released_at=MONDAY)
    refused = story.tell(told.HearRefused, code="X")
    aside = story.tell(told.SetAside, what="LineReadyTold", why="nothing")

    assert {*story.names((*late, *refused, *aside))} == {"ReverseTicketIgnored"}
    assert story.tell(told.HearTook, reference="x") == ()
    assert fold([line_opened(), *story.facts]) == story.state
    assert fold([facts.ReversePortRefused(reason="x", by="y")]) == NotOpened()


def test_one_that_nothing_moves_is_raised_once_and_taken_up_again() -> None:
    story = Story().announced()

    story.tell(told.RaiseSilence)
    assert story.tell(told.RaiseSilence) == ()
    story.answer("retry", about="nothing-moves")

    assert story.known.attentions == ()
    story.tell(told.RaiseSilence)
    found = story.tell(told.NoteReleased, released_at=MONDAY)
    assert story.names(found)[0] == "AttentionCleared"
    assert story.tell(told.RaiseSilence) == ()


def test_a_stream_says_whose_it_is() -> None:
    stream = reverse_port_stream(ID)

    assert reverse_port_of_stream(stream) == ID
    assert reverse_port_of_stream(type(stream)("line/1")) is None
    assert DecisionKind.AGREE in Story().demanded().known.attentions[0].allowed
