"""What a customer is told of, by which fact, in words that are the customer's own."""

from datetime import UTC, date, datetime

import pytest

from domain import port_in_facts as port
from domain.attention import Attention, AttentionRaised, DecisionKind, PolicyRow, Turn
from domain.event import Event
from domain.new_numbers import NewNumberEnded
from domain.notice_causes import FACTS, asks_nothing, lines_said, told_of
from domain.notices import NoticePurpose
from domain.port_in_facts import Outcome, SimKind
from domain.port_planning import Wish, plan_port
from domain.refusals import GPMAG_REFUSALS
from domain.said import Said
from tests.builders import line_opened, received
from tests.porting import RULES, STORY, number_terms, ordered_line

AT = datetime(2027, 1, 15, 8, 30, tzinfo=UTC)
WHY = Said(fr="parce que", en="because")


def told(event: Event, *before: Event) -> tuple[str, dict[str, str]] | None:
    """In English."""
    found = told_of(event, RULES.local, before)
    if found is None:
        return None
    purpose, facts = found
    assert set(facts) == FACTS[purpose]
    return purpose.value, {name: said.en for name, said in facts.items()}


def attention(code: str, detail: str | None) -> AttentionRaised:
    return AttentionRaised(
        attention=Attention(
            code=code,
            what=WHY,
            since=STORY,
            until=AT,
            turn=Turn.CUSTOMER,
            allowed=(DecisionKind.PROVIDE,),
            detail=detail,
        )
    )


def ended(outcome: Outcome, since: datetime | None = None) -> port.PortEnded:
    return port.PortEnded(outcome=outcome, why=WHY, service_started_at=since)


def test_an_accepted_order_is_told() -> None:
    assert told(received()) == ("order-received", {"lines": "0 lines"})
    assert lines_said(1) == Said(fr="1 ligne", en="1 line")
    sites = received().model_copy(update={"service": "internet"})
    assert told(sites) == ("order-received", {"lines": "0 sites"})
    assert lines_said(1, sites=True) == Said(fr="1 site", en="1 site")


@pytest.mark.parametrize(
    ("code", "detail", "needed"),
    [
        ("gates", "mandate", "the signed mandate"),
        ("gates", "payment", "payment of what is due with the order"),
        (
            "gates",
            "rio,identity",
            "the RIO of the number (call 3179 from the line); the holder's proof of identity",
        ),
        ("presence", "presence", "your word that you will be in France on the port day"),
        ("gates", None, ""),
    ],
)
def test_what_is_missing_is_told_with_its_deadline_by_the_contracts_clock(
    code: str, detail: str | None, needed: str
) -> None:
    assert told(attention(code, detail)) == (
        "papers-needed",
        {"needed": needed, "until": "Friday 15 January 2027 at 09:30"},
    )


def test_what_only_operations_can_answer_is_not_told() -> None:
    assert told(attention("donor-silent", None)) is None
    assert told(line_opened()) is None


@pytest.mark.parametrize(
    ("event", "cause", "needed"),
    [
        (
            port.PortRefused(code="R123", refused_at=AT),
            "the RIO is wrong for this number",
            "the right RIO: call 3179 from the line and send us what it gives you",
        ),
        (
            port.PortRefused(code="R220", refused_at=AT),
            "another port is under way",
            "tell us which of the two port requests you want",
        ),
        (
            port.PortRefused(code="R999", refused_at=AT),
            "a reason nobody knows",
            "nothing for now: we ask your operator for its reasons",
        ),
    ],
)
def test_a_refusal_is_told_with_what_it_takes(event: Event, cause: str, needed: str) -> None:
    found = told(event)

    assert found is not None
    purpose, facts = found
    assert (purpose, facts["cause"], facts["needed"]) == ("donor-refused", cause, needed)


def test_an_agreement_taken_back_is_told_as_a_refusal() -> None:
    found = told(port.EligibilityLost(code="C002", lost_at=AT))

    assert found is not None
    assert (found[0], found[1]["code"]) == ("donor-refused", "C002")
    assert found[1]["cause"] != "a reason nobody knows"


def test_a_request_sent_back_for_its_form_is_ours_to_mend() -> None:
    assert told(port.PortRefused(code="E603", refused_at=AT)) is None


@pytest.mark.parametrize("code", sorted(GPMAG_REFUSALS))
def test_no_word_of_the_back_office_is_told_with_a_refusal(code: str) -> None:
    found = told_of(port.PortRefused(code=code, refused_at=AT), RULES.local)

    assert found is not None
    words = " ".join(f"{said.fr} {said.en}" for said in found[1].values())
    assert "decision" not in words
    assert "décision" not in words


def test_a_cancellation_is_told_when_asked_for_when_it_lapses_and_when_it_is_done() -> None:
    asked = port.CancellationAsked(by="x", asked_at=AT, needs=None, cost=(WHY, WHY))

    assert told(asked) == (
        "cancellation-asked",
        {"cost": "because; because", "needs": "nothing more: it takes effect"},
    )
    assert told(asked.model_copy(update={"needs": WHY})) == (
        "cancellation-asked",
        {"cost": "because; because", "needs": "because"},
    )
    lapsed = told(port.CancellationLapsed(why=WHY))
    assert lapsed == (
        "cancellation-lapsed",
        {"why": "what was to confirm the cancellation did not come in time"},
    )
    done = told(ended(Outcome.CANCELLED))
    assert done == ("cancelled", {"why": "the cancellation has taken effect"})


def test_a_clause_is_told_without_its_place_in_our_numbering() -> None:
    price = Said(fr="le montant (002:227-228) ; affiché", en="the amount (002:227-228); shown")
    needs = Said(fr="une lettre (decision 9)", en="a letter (decision 9)")
    asked = port.CancellationAsked(by="x", asked_at=AT, needs=needs, cost=(price, price))

    assert told(asked) == (
        "cancellation-asked",
        {"cost": "the amount; shown; the amount; shown", "needs": "a letter"},
    )


def test_every_end_of_a_number_is_told() -> None:
    since = {"since": "Friday 15 January 2027 at 09:30"}

    assert told(ended(Outcome.PORTED, AT)) == ("number-moved", since)
    given = NewNumberEnded(outcome=Outcome.ACTIVATED, service_started_at=AT)
    assert told(given) == ("number-given", since)
    assert told(ended(Outcome.PORTED)) is None


def planned(moved_from: date | None, because: Said | None) -> port.PortPlanned:
    terms = number_terms(ordered_line())
    wish = Wish(asked_at=STORY, wished=None, sim=SimKind.SIM, line_ready=False, documents=())
    plan = plan_port(RULES.calendar_for(terms), RULES.contract(terms.pin), wish).plan
    return port.PortPlanned(
        plan=plan,
        answer_until=AT,
        switch_from=AT,
        confirmations_until=AT,
        moved_from=moved_from,
        because=because,
    )


def test_the_port_day_is_told_and_told_again_when_it_moves() -> None:
    day = {"port_day": "Friday 15 January 2027"}
    moved = {**day, "moved_from": "Thursday 14 January 2027"}

    assert told(planned(None, None)) == ("port-planned", day)
    assert told(planned(date(2027, 1, 14), WHY)) == ("port-moved", {**moved, "because": "because"})
    assert told(planned(date(2027, 1, 14), None)) == (
        "port-moved",
        {**moved, "because": "another date was settled"},
    )


def test_every_purpose_says_something() -> None:
    assert set(FACTS) == set(NoticePurpose)
    assert all(FACTS.values())


def test_a_refusal_its_row_tries_again_asks_nothing_of_anybody() -> None:
    """Told once it is asked about; what a person is asked about at once is told at once."""
    refused = port.PortRefused(code="R220", refused_at=AT)
    lost = port.EligibilityLost(code="C002", lost_at=AT)
    again = port.RetryPlanned(
        step=port.Step.SEND_REQUEST,
        code="R220",
        attempt=1,
        at_most=2,
        until=AT,
        row=PolicyRow(policy="gpm", version=2, name="r220", since=AT.date()),
    )

    assert asks_nothing(refused, (refused, again))
    assert asks_nothing(lost, (lost, again))
    assert not asks_nothing(refused, (refused, attention("donor-refused", "R220")))
    assert not asks_nothing(attention("gates", "mandate"), (again,))
