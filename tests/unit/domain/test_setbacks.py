"""What goes wrong too often at a site: a person decides, and has done what the rule has."""

from collections.abc import Iterable

import pytest

from domain import works_facts as fields
from domain import works_rules, works_told
from domain.access import AnyCommand, decide
from domain.access_facts import SaturationMode
from domain.access_stages import AccessState
from domain.event import Event
from domain.given import Given
from domain.port_in_facts import Step
from domain.works_facts import After, FieldFailure, Party
from domain.works_settled import Lead
from tests import accesses as of
from tests import works as at_site
from tests.accesses import SAID
from tests.porting import RULES, STORY

NOTHING = Given(
    day=None,
    until=None,
    turn=None,
    gate=None,
    documents=(),
    correction_id=None,
    speed=None,
    lead_days=None,
    told_by=None,
    slot=None,
    half=None,
)


def _names(found: Iterable[Event]) -> list[str]:
    return [type(event).__name__ for event in found]


def _setbacks(state: AccessState) -> int:
    return at_site.open_access(state).opening.setbacks


def _stopped_again(state: AccessState, after: After) -> AccessState:
    stopped = at_site.works_failed(state, FieldFailure.OTHER, at_site.lead(after))
    return of.asked(of.when(state, stopped), Step.BUILD_ACCESS)


def test_absences_and_misses_are_no_repeats_of_what_the_operator_does() -> None:
    state = at_site.booked()

    absent = of.when(state, at_site.visit_failed(After.VISIT))
    unready = of.when(state, at_site.visit_failed(After.VISIT_ONCE_READY))
    missed = of.when(state, at_site.visit_missed())

    assert [_setbacks(one) for one in (absent, unready, missed)] == [0, 0, 0]


def test_a_box_found_full_after_two_absences_is_desaturated_by_itself() -> None:
    state = at_site.booked()
    for number in ("V-2", "V-3"):
        state = of.when(state, at_site.visit_failed(reference=at_site.visit(state).reference))
        state = at_site.offered(of.asked(state, Step.OFFER_VISITS))
        state = at_site.booked(at_site.chosen(state), number)

    lead = works_rules.lead_of(RULES, at_site.open_access(state), FieldFailure.BOX_FULL)

    assert (lead.after, lead.usual) == (After.DESATURATION, None)


@pytest.mark.parametrize(
    ("failure", "usual"),
    [
        (FieldFailure.WRONG_ROUTE, After.NETWORK_CHECK),
        (FieldFailure.TOO_LONG, After.STUDY),
        (FieldFailure.BOX_FULL, After.DESATURATION),
    ],
)
def test_what_the_operator_would_do_a_third_time_is_a_persons_and_says_what_it_is(
    failure: FieldFailure, usual: After
) -> None:
    state = at_site.building()
    for _ in range(2):
        state = _stopped_again(state, After.NETWORK_CHECK)

    lead = works_rules.lead_of(RULES, at_site.open_access(state), failure)

    assert (_setbacks(state), lead.after, lead.usual) == (2, After.PERSON, usual)


TOO_OFTEN = {
    usual: Lead(after=After.PERSON, by=Party.OPERATOR, usual=usual, because=SAID)
    for usual in fields.BY_THE_OPERATOR
}


def _too_often(usual: After, *, visited: bool) -> AccessState:
    if visited:
        failed = at_site.visit_failed(failure=FieldFailure.OTHER, lead=TOO_OFTEN[usual])
        return of.when(at_site.booked(), failed)
    state = at_site.building()
    stopped: AnyCommand = at_site.works_failed(state, FieldFailure.OTHER, TOO_OFTEN[usual])
    return of.when(state, stopped)


@pytest.mark.parametrize("visited", [True, False])
@pytest.mark.parametrize(
    ("usual", "stage", "said"),
    [
        (After.NETWORK_CHECK, "ready-for-works", "checks its network and its files (retry)"),
        (After.STUDY, "studying-site", "a study follows (retry)"),
        (After.DESATURATION, "desaturating", "a desaturation follows, as the contract has it"),
    ],
)
def test_a_person_has_it_done_as_the_rule_has_it(
    usual: After, stage: str, said: str, *, visited: bool
) -> None:
    state = _too_often(usual, visited=visited)
    assert said in at_site.question(state, "field-failure").what.en

    settled = of.settled_saturation(SaturationMode.NOW)
    retry = of.answer("retry", saturation=settled if usual is After.DESATURATION else None)
    found = decide(retry, state)

    assert fields.LeadFollowed(after=usual, by="a colleague") in found
    assert ("SaturationFound" in _names(found)) is (usual is After.DESATURATION)
    after = at_site.open_access(of.when(state, retry))
    assert (of.stage(after), of.codes(after)) == (stage, [])
    assert (after.opening.usual, after.opening.setbacks) == (None, 1)


def test_what_no_rule_is_about_is_done_again_where_it_stands() -> None:
    state = at_site.building()
    lead = at_site.lead(After.PERSON, None)
    state = of.when(state, at_site.works_failed(state, FieldFailure.NO_PERMIT, lead))

    found = decide(of.answer("retry"), state)

    assert _names(found) == ["DecisionTaken", "AttentionCleared"]
    assert "have it done again (retry)" in at_site.question(state, "field-failure").what.en


def test_a_decision_about_a_box_found_full_comes_with_what_the_contract_makes_of_it() -> None:
    full = at_site.open_access(_too_often(After.DESATURATION, visited=True))
    route = at_site.open_access(_too_often(After.NETWORK_CHECK, visited=True))

    found = works_rules.decided(RULES, full, NOTHING, STORY)

    assert set(found) == {"saturation"}
    assert works_rules.decided(RULES, route, NOTHING, STORY) == {}


def test_a_report_of_it_comes_with_what_would_have_followed() -> None:
    access = at_site.open_access(at_site.booked())
    opening = access.opening.model_copy(update={"setbacks": 2})
    told = works_told.VisitFailedTold(
        reference=at_site.VISIT, failure=FieldFailure.BOX_FULL, code="FULL", failed_at=STORY
    )

    found = works_rules.settled(RULES, access.model_copy(update={"opening": opening}), told, STORY)

    lead = found["lead"]
    assert isinstance(lead, Lead)
    assert (lead.after, lead.usual, found["saturation"]) == (
        After.PERSON,
        After.DESATURATION,
        None,
    )
