"""Whose days are lost while a row has a refusal sent again, and nobody is asked."""

from datetime import timedelta

from domain import port_in_commands as told
from domain.attention import DecisionKind
from domain.indemnity_facts import Party
from domain.port_in_facts import Step
from tests.unit.domain.test_port_evidence import AGREED, Told, parties
from tests.unit.domain.test_port_in_failures import treatment


def _sent_again() -> Told:
    """Refused with R123, and sent again by its row with the same data, a day later."""
    story = Told()
    story.requested()
    until = story.now + timedelta(hours=24)
    _refused(story, until=True)
    story.pass_time(until)
    story.plan()
    assert story.going.planned is not None
    story.now = story.going.planned.plan.send_at
    story.ask(Step.SEND_REQUEST)
    return story


def _refused(story: Told, *, until: bool) -> None:
    again = treatment(story.now + timedelta(hours=24)) if until else None
    report = {"code": "R123", "refused_at": story.now}
    story.report(told.ReportRefused, treatment=again, **report)


def test_wrong_data_nobody_asked_for_while_it_was_sent_again_is_for_a_person_to_judge() -> None:
    """Refused again, and only then corrected: the data was wrong, and the wait was ours."""
    story = _sent_again()
    _refused(story, until=False)

    late = story.later(days=4).anew(DecisionKind.CORRECT, rio=story.going.rio)
    evidence = late.through().evidence

    assert evidence.agreed_on == AGREED
    assert set(parties(evidence).values()) == {Party.UNKNOWN}
    assert "nobody was asked" in evidence.days[0].because.en
    assert "sans que personne soit interrogé" in evidence.days[0].because.fr


def test_a_second_next_try_changes_nothing_of_since_when_nobody_was_asked() -> None:
    story = _sent_again()
    _refused(story, until=True)

    late = story.later(days=4)
    late.tell(told.AmendPort, by="the customer", rio=story.going.rio)
    late.plan()
    evidence = late.through().evidence

    assert set(parties(evidence).values()) == {Party.UNKNOWN}
    assert evidence.days[0].because.en.count("since Wednesday 13 January 2027") == 1


def test_data_that_is_accepted_in_the_end_was_right_and_the_donor_answers() -> None:
    story = _sent_again()
    _refused(story, until=False)

    evidence = story.later(days=4).anew().through().evidence

    assert set(parties(evidence).values()) == {Party.DONOR}
