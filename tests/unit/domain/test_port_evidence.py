"""Whose each late day is, read from the facts of real commands; silence is nobody's word."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from domain import port_in_commands as told
from domain import port_in_facts as facts
from domain.attention import DecisionKind
from domain.event import Event
from domain.indemnity_facts import Party
from domain.port_evidence import PortEvidence, read_evidence
from domain.port_in_facts import HeldDocument, Step
from domain.port_in_states import Undoing
from tests.porting import PARIS, STORY
from tests.unit.domain.port_in_story import WHY, Facts, Story

AGREED = date(2027, 1, 15)
"""The Friday every story is first planned for."""


@dataclass
class Told(Story):
    """A story whose facts bear the instants they were told at."""

    timed: list[tuple[datetime, Event]] = field(default_factory=list)

    def tell(self, kind: type[told.PortCommand], **fields: Any) -> Facts:  # noqa: ANN401
        found = super().tell(kind, **fields)
        self.timed += [(self.now, event) for event in found]
        return found

    @property
    def evidence(self) -> PortEvidence:
        return read_evidence(self.timed, lambda at: at.astimezone(PARIS).date())

    def later(self, **span: float) -> "Told":
        self.now += timedelta(**span)
        return self

    def switched_after(self, **span: float) -> "Told":
        """Asked on the day, without service for so long."""
        self.committed()
        assert self.going.planned is not None
        self.now = self.going.planned.switch_from
        self.tell(told.HearActive, suspended=False)
        self.ask(Step.SWITCH_LINE)
        self.switch(timedelta(**span))
        return self

    def switch(self, outage: timedelta) -> None:
        began = self.now
        self.now += outage
        self.report(
            told.ReportSwitched,
            outage_from=began,
            outage_to=self.now,
            sim_activated_at=began,
            settled_at=self.now,
            judged=(WHY,),
            too_long=outage > timedelta(hours=4),
        )

    def finish(self) -> "Told":
        self.tell(told.HearWorking, reference="T-3")
        for operator in ("02", "03", "04"):
            self.report(told.ReportConfirmed, operator=operator)
        self.tell(told.EndPort, why=WHY)
        return self

    def anew(self, decision: DecisionKind = DecisionKind.RETRY, **fields: Any) -> "Told":  # noqa: ANN401
        """Answered by a person, and planned again for what can be then."""
        self.decide(decision, **fields)
        self.plan()
        return self

    def through(self) -> "Told":
        """From the request sent again to the end."""
        assert self.going.planned is not None
        self.now = self.going.planned.plan.send_at
        self.ask(Step.SEND_REQUEST)
        self.accept()
        self.commit()
        self.now = self.going.planned.switch_from
        self.tell(told.HearActive, suspended=False)
        self.ask(Step.SWITCH_LINE)
        self.switch(timedelta(minutes=45))
        return self.finish()


def parties(evidence: PortEvidence) -> dict[date, Party]:
    return {day.day: day.party for day in evidence.days}


def jan(*days: int) -> list[date]:
    return [date(2027, 1, day) for day in days]


def test_a_port_that_keeps_its_day_is_late_by_nothing() -> None:
    story = Told()
    evidence = story.switched_after(minutes=45).finish().evidence

    assert (evidence.agreed_on, evidence.back_on, evidence.days) == (AGREED, AGREED, ())
    assert evidence.over
    assert evidence.shows_delay is None
    assert evidence.lost is None


def test_an_outage_that_is_too_long_and_over_on_the_day_begins_no_day() -> None:
    evidence = Told().switched_after(hours=6).evidence

    assert evidence.days == ()
    assert evidence.too_long == (WHY,)
    assert evidence.shows_delay == WHY


def test_a_switch_the_host_was_asked_for_on_the_day_and_did_later_is_the_hosts() -> None:
    evidence = Told().switched_after(days=2).evidence

    assert parties(evidence) == dict.fromkeys(jan(16, 17), Party.HOST)
    assert "did it after the port day (fact of Sunday 17 January" in evidence.days[0].because.en
    assert evidence.shows_delay == evidence.days[0].because


def test_a_switch_we_asked_for_after_the_day_is_ours() -> None:
    story = Told()
    story.committed()
    assert story.going.planned is not None
    story.now = story.going.planned.switch_from + timedelta(days=3)
    story.tell(told.HearActive, suspended=False)
    story.ask(Step.SWITCH_LINE)
    story.switch(timedelta(minutes=45))

    assert parties(story.evidence) == dict.fromkeys(jan(16, 17, 18), Party.US)


def test_a_host_that_refuses_the_switch_answers_for_the_days_it_takes() -> None:
    story = Told()
    story.committed()
    assert story.going.planned is not None
    story.now = story.going.planned.switch_from
    story.tell(told.HearActive, suspended=False)
    story.ask(Step.SWITCH_LINE)
    story.tell(told.HearRefused, step=Step.SWITCH_LINE, code="BUSY")
    story.later(days=1).decide(DecisionKind.RETRY)
    story.ask(Step.SWITCH_LINE)
    story.switch(timedelta(minutes=45))

    assert parties(story.evidence) == dict.fromkeys(jan(16), Party.HOST)
    assert "refused switch-line (BUSY)" in story.evidence.days[0].because.en


def test_a_line_that_did_not_work_was_back_when_its_test_said_so() -> None:
    story = Told()
    story.switched_after(minutes=45)
    story.tell(told.HearNotWorking, code="NO-SIGNAL")
    story.later(days=2).decide(DecisionKind.RETRY)
    story.tell(told.HearWorking, reference="T-3")

    assert parties(story.evidence) == dict.fromkeys(jan(16, 17), Party.HOST)
    assert story.evidence.back_on == date(2027, 1, 17)


def test_a_test_that_was_given_up_leaves_the_day_unknown() -> None:
    story = Told()
    story.switched_after(minutes=45)
    story.tell(told.HearNotWorking, code="NO-SIGNAL")
    story.decide(DecisionKind.SKIP, reason="the customer says it works")

    evidence = story.evidence
    assert (evidence.back_on, evidence.back_unknown, evidence.days) == (None, True, ())
    assert evidence.shows_delay is not None
    assert "testing it was given up" in evidence.shows_delay.en


def test_a_test_that_was_skipped_on_a_line_that_worked_changes_nothing() -> None:
    story = Told()
    story.switched_after(minutes=45)
    story.tell(told.HearNothing, step=Step.VERIFY_LINE)
    story.decide(DecisionKind.SKIP, reason="it rang")

    assert story.evidence.back_on == AGREED


# refusals


def test_the_same_data_refused_and_then_accepted_was_right_and_the_donor_answers() -> None:
    story = Told()
    story.refused("R123")
    evidence = story.later(days=4).anew().through().evidence

    assert set(parties(evidence).values()) == {Party.DONOR}
    assert evidence.agreed_on == AGREED
    assert "it accepted the same data" in evidence.days[0].because.en


def test_data_that_was_corrected_was_wrong_and_the_customer_answers() -> None:
    story = Told()
    story.refused("R123")
    rio = story.going.rio
    evidence = story.later(days=4).anew(DecisionKind.CORRECT, rio=rio).through().evidence

    assert set(parties(evidence).values()) == {Party.CUSTOMER}
    assert "the customer's data was corrected" in evidence.days[0].because.en


@pytest.mark.parametrize("code", ["R212", "R213", "E204"])
def test_a_request_that_was_ours_to_make_well_is_ours(code: str) -> None:
    story = Told()
    story.refused(code)
    evidence = story.later(days=4).anew().evidence

    assert evidence.planned_late is not None
    assert evidence.shows_delay == evidence.planned_late
    assert evidence.days == ()
    assert not evidence.over
    assert set(parties(story.through().evidence).values()) == {Party.US}


@pytest.mark.parametrize("code", ["R220", "R323", "X999"])
def test_a_code_that_does_not_say_who_is_nobodys_word(code: str) -> None:
    story = Told()
    story.refused(code)
    evidence = story.later(days=4).anew().through().evidence

    assert set(parties(evidence).values()) == {Party.UNKNOWN}
    assert code in evidence.days[0].because.en


def test_a_donor_that_takes_its_word_back_does_not_say_why() -> None:
    story = Told()
    story.accepted()
    story.report(told.ReportEligibilityLost, code="C002", lost_at=story.now)
    evidence = story.later(days=4).anew().through().evidence

    assert set(parties(evidence).values()) == {Party.UNKNOWN}


def test_a_day_chosen_later_than_the_first_that_could_be_is_the_customers_beyond_it() -> None:
    """Refused on the 13th; a request of the 13th could port on the 15th again, so on."""
    story = Told()
    story.refused("R212")
    story.later(days=5).anew(DecisionKind.POSTPONE, day=date(2027, 1, 25)).through()

    # sent on Monday 18: two jours ouvrés lead to Wednesday 20
    found = parties(story.evidence)
    assert [day for day, party in found.items() if party is Party.US] == jan(16, 17, 18, 19, 20)
    assert [day for day, party in found.items() if party is Party.CUSTOMER] == jan(
        21, 22, 23, 24, 25
    )


def test_a_day_the_customer_chose_of_their_own_accord_is_the_agreed_one() -> None:
    story = Told()
    story.planned()
    story.tell(told.AmendPort, by="the customer", day=date(2027, 1, 22), rio=None, donor=None)
    story.plan()

    evidence = story.evidence
    assert evidence.agreed_on == date(2027, 1, 22)
    assert evidence.agreed_because is not None
    assert "chosen by the customer" in evidence.agreed_because.en
    assert evidence.shows_delay is None


def _amended(story: Told, day: date) -> Told:
    story.tell(told.AmendPort, by="a colleague", day=day, rio=None, donor=None)
    story.plan()
    return story


def test_days_lost_before_another_day_was_chosen_keep_their_cause() -> None:
    story = Told()
    story.refused("E205")
    story.later(days=4).anew()
    moved = story.going.planned
    assert moved is not None
    assert moved.plan.port_day == date(2027, 1, 20)

    evidence = _amended(story, date(2027, 1, 22)).through().evidence

    assert evidence.agreed_on == AGREED
    assert parties(evidence) == {
        **dict.fromkeys(jan(16, 17, 18, 19, 20), Party.US),
        **dict.fromkeys(jan(21, 22), Party.CUSTOMER),
    }
    assert "could have been on Wednesday 20 January 2027" in evidence.days[-1].because.en


def test_a_day_chosen_beside_a_refusal_agrees_on_nothing() -> None:
    story = Told()
    story.refused("E205")
    story.later(days=4).anew()
    asked = facts.DayChosen(day=date(2027, 1, 20))
    plan = story.timed.index(next(one for one in story.timed if one[1] == story.going.planned))
    story.timed.insert(plan, (story.now, asked))

    evidence = story.through().evidence

    assert parties(evidence) == dict.fromkeys(jan(16, 17, 18, 19, 20), Party.US)


def test_a_day_brought_forward_again_is_agreed_only_where_nothing_is_lost() -> None:
    story = Told()
    story.refused("E205")
    story.later(days=4).anew()
    planned = story.going.planned
    assert planned is not None

    def chosen(day: date) -> PortEvidence:
        plan = planned.model_copy(
            update={"plan": planned.plan.model_copy(update={"port_day": day})}
        )
        asked = facts.DayChosen(day=day)
        told_then = (*story.timed, (story.now, asked), (story.now, plan))
        return read_evidence(told_then, lambda at: at.astimezone(PARIS).date())

    assert chosen(date(2027, 1, 18)).agreed_on == AGREED
    assert chosen(AGREED).shows_delay is None


def test_a_day_chosen_because_the_one_wished_for_cannot_be_is_the_customers_too() -> None:
    story = Told()
    story.planned()
    story.tell(told.AmendPort, by="the customer", day=date(2027, 1, 18), rio=None, donor=None)
    story.tell(told.RefuseDates, wished=date(2027, 1, 18), first=date(2027, 1, 20), why=WHY)
    story.decide(DecisionKind.POSTPONE, day=date(2027, 1, 20))
    story.plan()

    assert story.evidence.agreed_on == date(2027, 1, 20)


# sessions and days that passed


def _missed_session(story: Told) -> Told:
    """The request's session passes, and the dates are settled anew."""
    assert story.going.planned is not None
    story.now = story.going.planned.plan.send_at + timedelta(days=1)
    story.plan()
    return story


def test_a_session_nobody_but_us_could_miss_is_ours() -> None:
    story = Told()
    story.prepared()

    assert set(parties(_missed_session(story).through().evidence).values()) == {Party.US}
    assert "nobody but us" in story.evidence.days[0].because.en


def test_a_line_the_host_had_not_ready_for_the_session_is_the_hosts() -> None:
    story = Told()
    story.planned()
    story.ask(Step.PREPARE_LINE)
    assert story.going.planned is not None
    story.now = story.going.planned.plan.send_at + timedelta(days=1)
    story.report(told.ReportLineReady, ready_at=story.now, host_line="OL-1")
    story.plan()

    assert set(parties(story.through().evidence).values()) == {Party.HOST}


def test_a_line_that_was_ready_in_time_stands_in_nobodys_way() -> None:
    story = Told()
    story.prepared()

    assert story.evidence.days == ()


def test_an_exchange_that_does_not_answer_us_is_ours() -> None:
    story = Told()
    story.prepared()
    story.ask(Step.SEND_REQUEST)
    story.tell(told.HearRefused, step=Step.SEND_REQUEST, code="E201")
    story.decide(DecisionKind.RETRY)
    evidence = _missed_session(story).through().evidence

    assert set(parties(evidence).values()) == {Party.US}
    assert "the exchange, where it is for us," in evidence.days[0].because.en


def test_a_host_that_stays_silent_is_named_by_the_question_that_was_asked() -> None:
    story = Told()
    story.planned()
    story.ask(Step.PREPARE_LINE)
    story.tell(told.HearNothing, step=Step.PREPARE_LINE)
    story.decide(DecisionKind.RETRY)
    assert story.going.planned is not None
    story.now = story.going.planned.plan.send_at - timedelta(hours=1)
    story.report(told.ReportLineReady, ready_at=story.now, host_line="OL-1")

    assert set(parties(_missed_session(story).through().evidence).values()) == {Party.HOST}


def _day_missed(story: Told) -> Told:
    assert story.going.planned is not None
    story.now = story.going.planned.switch_from + timedelta(hours=1)
    story.tell(
        told.AskOperator,
        step=Step.COMMIT_PORT,
        key="k",
        epoch=0,
        until=story.now + timedelta(days=1),
    )
    return story


def test_a_day_that_passed_while_only_we_were_awaited_is_ours() -> None:
    story = Told()
    story.accepted()
    evidence = _day_missed(story).later(days=3).anew().through().evidence

    assert set(parties(evidence).values()) == {Party.US}


def test_a_donor_that_answered_late_answers_for_the_day_that_passed() -> None:
    story = Told()
    story.requested()
    assert story.going.planned is not None
    story.pass_time(story.going.planned.answer_until)
    story.later(hours=4).accept()
    evidence = _day_missed(story).later(days=3).anew().through().evidence

    assert set(parties(evidence).values()) == {Party.DONOR}
    assert "had not answered" in evidence.days[0].because.en


def test_two_parties_in_the_way_contradict_each_other_and_a_person_is_asked() -> None:
    story = Told()
    story.planned()
    story.ask(Step.PREPARE_LINE)
    story.tell(told.HearNothing, step=Step.PREPARE_LINE)
    story.decide(DecisionKind.RETRY)
    story.cancel(needs=WHY)
    story.decide(DecisionKind.SKIP, reason="dropped")
    story.report(told.ReportLineReady, ready_at=story.now, host_line="OL-1")
    evidence = _missed_session(story).through().evidence

    assert set(parties(evidence).values()) == {Party.UNKNOWN}
    because = evidence.days[0].because.en
    assert "the customer had asked" in because
    assert "no answer from the operator" in because


# ends without the number


def test_a_port_given_up_after_its_day_is_late_until_then() -> None:
    story = Told()
    story.requested()
    assert story.going.planned is not None
    story.pass_time(story.going.planned.answer_until)
    story.now = datetime(2027, 1, 18, 12, tzinfo=PARIS)
    story.pass_time()
    story.decide(DecisionKind.END)
    evidence = story.evidence

    assert parties(evidence) == dict.fromkeys(jan(16, 17, 18), Party.DONOR)
    assert evidence.lost is None


def test_a_port_cancelled_at_once_is_late_by_nothing() -> None:
    story = Told()
    story.planned()
    story.cancel()

    assert story.evidence.days == ()
    assert story.evidence.back_on == STORY.astimezone(PARIS).date()


def test_days_after_the_customer_asked_to_cancel_are_not_counted() -> None:
    story = Told()
    story.prepared()
    story.now = datetime(2027, 1, 19, 12, tzinfo=PARIS)
    story.cancel(needs=WHY)
    story.later(days=3).decide(
        DecisionKind.PROVIDE, documents=(HeldDocument(name="letter", on=date(2027, 1, 22)),)
    )

    assert parties(story.evidence).keys() == set(jan(16, 17, 18, 19))


def _ended(story: Told) -> PortEvidence:
    while isinstance(story.going, Undoing) and story.going.left:
        (step, *_) = story.going.left
        story.ask(step)
        if step is Step.CANCEL_REQUEST:
            story.report(told.ReportRequestCancelled, cancelled_at=story.now)
        else:
            story.report(told.ReportLineReleased, released_at=story.now)
    story.tell(told.EndPort, why=WHY)
    return story.evidence


def test_a_number_that_is_gone_after_the_point_of_no_return_is_lost_and_whose_is_asked() -> None:
    story = Told()
    story.committed()
    assert story.going.planned is not None
    story.now = story.going.planned.switch_from
    story.tell(told.HearInactive)
    story.decide(DecisionKind.END)
    evidence = _ended(story)

    assert evidence.lost is not None
    assert evidence.lost.party is Party.UNKNOWN
    assert "not active at its operator" in evidence.lost.said.en


def test_a_number_that_had_been_terminated_is_lost_and_one_refused_otherwise_is_not() -> None:
    gone, kept = Told(), Told()
    gone.refused("R322").decide(DecisionKind.END)
    kept.refused("R123").decide(DecisionKind.END)

    lost = _ended(gone).lost
    assert lost is not None
    assert "R322" in lost.said.en
    assert _ended(kept).lost is None


def test_a_number_refused_as_terminated_and_asked_for_again_is_judged_by_its_last_end() -> None:
    story = Told()
    story.refused("R323")
    story.later(days=4).anew()
    story.cancel()

    assert _ended(story).lost is None


def test_a_plan_that_moves_earlier_loses_nobody_a_day() -> None:
    story = Told()
    story.refused("R213")
    story.later(days=4).anew()
    planned = story.going.planned
    assert planned is not None
    earlier = planned.model_copy(
        update={"plan": planned.plan.model_copy(update={"port_day": date(2027, 1, 18)})}
    )
    evidence = read_evidence(
        (*story.timed, (story.now, earlier)), lambda at: at.astimezone(PARIS).date()
    )

    assert evidence.agreed_on == AGREED
    assert evidence.days == ()
