"""Which port of ours can be undone: only one that came through the exchange, and is over."""

import pytest

from domain import port_in_commands as told
from domain.event import Event
from domain.port_in_facts import Step
from domain.reverse_port_opening import reverse_terms_of
from domain.reverse_ports import ReversePortRefusedError
from tests.porting import rio_of
from tests.unit.domain.port_in_story import WHY, Story


def ended() -> Story:
    story = Story().verified()
    for operator in ("02", "03", "04"):
        story.report(told.ReportConfirmed, operator=operator)
    story.tell(told.EndPort, why=WHY, service_started_at=story.now)
    return story


def ended_without_tickets() -> list[Event]:
    """Donor and receiver are one operator."""
    story = Story(changes={"line": {"rio": rio_of(prefix="01E123456")}}).prepared()
    story.tell(told.AcceptInternally, commit_at=story.now)
    story.tell(told.CommitPort, reference=None, confirmers=())
    story.tell(told.HearActive, suspended=False)
    story.ask(Step.SWITCH_LINE)
    story.report(
        told.ReportSwitched,
        outage_from=story.now,
        outage_to=story.now,
        sim_activated_at=story.now,
        settled_at=story.now,
        judged=(WHY,),
        too_long=False,
    )
    story.tell(told.HearWorking, reference="T-3")
    story.tell(told.EndPort, why=WHY, service_started_at=story.now)
    return story.facts


def test_the_terms_are_those_of_the_port_the_exchange_knows() -> None:
    story = ended()

    terms = reverse_terms_of(story.facts)

    assert (terms.receiver, terms.donor, terms.host_line) == ("01", "02", "OL-1")
    asked = next(e for e in story.facts if type(e).__name__ == "OperatorAsked" and _sent(e))
    assert terms.subscribed_at == getattr(asked, "asked_at")  # noqa: B009  of one of the facts
    assert terms.line_id == story.line.terms.line_id


def _sent(event: Event) -> bool:
    return str(getattr(event, "step", "")) == "send-request"


@pytest.mark.parametrize(
    ("events", "why"),
    [
        ([], "the line is unknown"),
        (Story().switched().facts, "the line is switched; cancel it instead"),
    ],
)
def test_a_line_that_did_not_end_ported_cannot_go_back(events: list[Event], why: str) -> None:
    with pytest.raises(ReversePortRefusedError, match=why):
        reverse_terms_of(events)


def test_a_line_that_ended_otherwise_says_how() -> None:
    story = Story().planned()
    story.cancel()
    story.tell(told.EndPort, why=WHY)

    with pytest.raises(ReversePortRefusedError, match="the line ended cancelled"):
        reverse_terms_of(story.facts)


def test_a_number_that_came_without_tickets_goes_back_without_them() -> None:
    with pytest.raises(ReversePortRefusedError, match="decision 21"):
        reverse_terms_of(ended_without_tickets())


def test_facts_that_do_not_say_how_it_came_are_not_guessed_at() -> None:
    whole = ended().facts
    facts = [whole[0], whole[-1]]

    with pytest.raises(ReversePortRefusedError, match="do not say how"):
        reverse_terms_of(facts)
