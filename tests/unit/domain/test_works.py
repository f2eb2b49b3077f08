"""The works up to a site: milestones, their end, and what stops them."""

from datetime import date, timedelta

import pytest

from domain import access_commands as told
from domain import access_facts as facts
from domain import works_commands as works
from domain import works_facts as fields
from domain.access import decide
from domain.access_facts import Plan, SaturationMode, Verdict
from domain.access_stages import AccessStage, AccessState, NotOpened
from domain.access_states import evolve
from domain.attention import AttentionRaised, DecisionNotTaken
from domain.port_in_facts import MessageSetAside, Step
from domain.works_facts import After, FieldFailure, Milestone, Party
from tests import accesses as of
from tests import works as at_site
from tests.accesses import BOTH, SAID
from tests.porting import STORY

MONTH_ON = STORY + timedelta(days=30)
PLAN = Plan(on=date(2027, 3, 1), said=SAID, source="MilestonePassed", binds=False)


def _milestone(state: AccessState, **more: object) -> works.ReportMilestone:
    return works.ReportMilestone.model_validate(
        {
            **at_site.told_of(state, Step.BUILD_ACCESS),
            "milestone": Milestone.PERMITS_GRANTED,
            "passed_at": STORY,
            "until": MONTH_ON,
            **more,
        }
    )


def test_a_milestone_lengthens_the_wait_for_the_end_of_the_works() -> None:
    state = at_site.building()

    state = of.when(state, _milestone(state, expected=PLAN.on, why="ROAD", plan=PLAN))

    access = at_site.open_access(state)
    assert access.stage is AccessStage.READY
    assert access.asks[Step.BUILD_ACCESS].until == MONTH_ON
    assert access.opening.milestone is not None
    assert access.opening.milestone.code == "ROAD"
    assert access.plan == PLAN


def test_a_milestone_answers_nothing_and_the_works_are_still_awaited_under_their_key() -> None:
    state = at_site.building()
    key = of.key_asked(state, Step.BUILD_ACCESS)

    state = of.when(state, _milestone(state), _milestone(state))

    assert of.key_asked(state, Step.BUILD_ACCESS) == key
    assert of.stage(of.when(state, at_site.works_done(state))) == AccessStage.BOOKING


def test_a_silence_about_works_is_overtaken_by_a_milestone() -> None:
    state = at_site.building()
    silent = told.HearNothing(**BOTH, step=Step.BUILD_ACCESS)
    state = of.when(state, silent)
    assert of.codes(state) == ["operator-silent"]

    assert of.codes(of.when(state, _milestone(state))) == []


def test_works_that_are_over_lead_to_a_visit_or_straight_to_the_opening() -> None:
    assert of.stage(at_site.built()) == AccessStage.BOOKING
    assert of.stage(at_site.built(visit=False)) == AccessStage.COMMISSIONING


def test_the_end_of_works_told_twice_is_set_aside() -> None:
    before = at_site.building()
    done = at_site.works_done(before)
    state = of.when(before, done)

    (aside,) = decide(done, state)

    assert isinstance(aside, MessageSetAside)
    assert isinstance(decide(_milestone(before), state)[0], MessageSetAside)


@pytest.mark.parametrize(
    ("after", "stage"),
    [
        (After.STUDY, AccessStage.STUDYING),
        (After.NETWORK_CHECK, AccessStage.READY),
        (After.DESATURATION, AccessStage.READY),
        (After.VISIT, AccessStage.READY),
        (After.VISIT_ONCE_READY, AccessStage.READY),
        (After.PERSON, AccessStage.READY),
    ],
)
def test_works_that_stop_go_on_from_where_the_failure_leads(
    after: After, stage: AccessStage
) -> None:
    state = at_site.building()

    state = of.when(state, at_site.works_failed(state, FieldFailure.OTHER, at_site.lead(after)))

    access = at_site.open_access(state)
    assert access.stage is stage
    assert access.reserved is not None
    assert Step.BUILD_ACCESS not in access.asks


def test_works_nobody_has_a_text_for_are_asked_about_and_done_again() -> None:
    state = at_site.building()
    failed = at_site.works_failed(state, FieldFailure.NO_PERMIT, at_site.lead(After.PERSON, None))

    state = of.when(state, failed)

    assert of.codes(state) == ["field-failure"]
    again = of.when(state, of.answer("retry"))
    assert of.codes(again) == []
    asked = of.asked(again, Step.BUILD_ACCESS)
    assert at_site.open_access(asked).epoch(Step.BUILD_ACCESS) == 1


def test_a_site_that_is_not_ready_is_a_fact_and_a_question_before_works_go_on() -> None:
    state = at_site.building()
    late = fields.SiteNotReady(
        missing=("power",), billed_from=date(2027, 1, 20), source="002:1", because=SAID
    )
    lead = at_site.lead(After.VISIT_ONCE_READY, Party.CUSTOMER, not_ready=late)

    state = of.when(state, at_site.works_failed(state, FieldFailure.SITE_NOT_READY, lead))

    access = at_site.open_access(state)
    assert of.codes(state) == ["site-not-ready"]
    assert access.opening.not_ready == (late,)
    assert (access.held, access.step) == (True, Step.BUILD_ACCESS)


def _box_full(mode: SaturationMode, **more: object) -> AccessState:
    state = at_site.building()
    failed = at_site.works_failed(
        state,
        FieldFailure.BOX_FULL,
        at_site.lead(After.DESATURATION),
        saturation=of.settled_saturation(mode, **more),
    )
    return of.when(state, failed)


def test_a_full_box_is_desaturated_and_what_is_kept_is_not_reserved_twice() -> None:
    state = _box_full(SaturationMode.LATER)
    assert of.stage(state) == AccessStage.DESATURATING

    state = of.asked(state, Step.DESATURATE)
    state = of.when(state, of.desaturated(state))

    access = at_site.open_access(state)
    assert access.stage is AccessStage.READY
    assert access.step is Step.BUILD_ACCESS
    assert access.reserved is not None
    assert of.stage(at_site.built(state)) == AccessStage.BOOKING


def test_a_full_box_the_contract_has_no_answer_for_is_a_persons() -> None:
    state = at_site.building()
    settled = of.settled_saturation(SaturationMode.REFUSED)
    failed = at_site.works_failed(
        state, FieldFailure.BOX_FULL, at_site.lead(After.DESATURATION), saturation=settled
    )

    found = decide(failed, state)

    assert [type(event).__name__ for event in found] == [
        "WorksStopped",
        "SaturationFound",
        "AttentionRaised",
    ]
    assert of.codes(of.when(state, failed)) == ["not-desaturated"]


def test_asking_everybody_anew_after_a_full_box_gives_back_what_is_kept_first() -> None:
    state = of.when(_box_full(SaturationMode.REFUSED), of.answer("retry"))
    assert of.stage(state) == AccessStage.CHANGING

    state = of.asked(state, Step.RELEASE_ACCESS)
    state = of.when(state, of.released(state))

    access = at_site.open_access(state)
    assert access.stage is AccessStage.CHECKING
    assert (access.reserved, access.opening.milestone) == (None, None)


def test_a_full_box_without_a_settlement_is_looked_at_again() -> None:
    state = at_site.building()
    failed = at_site.works_failed(state, FieldFailure.BOX_FULL, at_site.lead(After.DESATURATION))

    found = decide(failed, state)

    assert [type(event).__name__ for event in found] == ["WorksStopped"]
    assert at_site.open_access(of.when(state, failed)).step is Step.BUILD_ACCESS


def _too_long() -> AccessState:
    state = at_site.building()
    lead = at_site.lead(After.STUDY, None)
    return of.when(state, at_site.works_failed(state, FieldFailure.TOO_LONG, lead))


def test_a_study_after_works_leads_back_to_them() -> None:
    state = of.asked(_too_long(), Step.STUDY_SITE)

    state = of.when(state, of.studied(state, settled=of.settled_study()))

    assert of.stage(state) == AccessStage.READY
    assert at_site.open_access(state).reserved is not None


def test_a_study_that_says_no_after_works_gives_back_what_is_kept_before_others_are_asked() -> None:
    state = of.asked(_too_long(), Step.STUDY_SITE)
    state = of.when(state, of.studied(state, of.study(Verdict.NEGATIVE)))
    assert of.codes(state) == ["study-refused"]

    again = of.when(state, of.answer("retry"))
    ended = of.when(state, of.answer("end"))

    assert of.stage(again) == AccessStage.CHANGING
    assert at_site.open_access(again).step is Step.RELEASE_ACCESS
    assert at_site.open_access(ended).step is Step.RELEASE_ACCESS


def test_a_quote_after_works_leads_back_to_them_once_it_is_accepted() -> None:
    state = of.asked(_too_long(), Step.STUDY_SITE)
    result = of.study(quote=of.QUOTE)
    settled = of.settled_study(quote=of.QUOTE_TERMS)
    state = of.when(state, of.studied(state, result, settled))
    assert of.stage(state) == AccessStage.QUOTED

    accepted = of.when(state, of.answer("agree"))
    refused = of.when(state, of.answer("refuse", quote=of.QUOTE_TERMS))

    assert of.stage(accepted) == AccessStage.READY
    assert at_site.open_access(refused).step is Step.RELEASE_ACCESS


def test_nobody_is_asked_whether_it_is_put_off_once_it_was_kept() -> None:
    due = facts.ToTell(by=MONTH_ON, ask_at=STORY - timedelta(days=1), source="002:2260")
    state = at_site.building(refusal_told=due)
    lead = at_site.lead(After.STUDY, None)
    state = of.when(state, at_site.works_failed(state, FieldFailure.TOO_LONG, lead))
    assert of.stage(state) == AccessStage.STUDYING

    found = decide(at_site.passed(STORY), state)

    assert not any(isinstance(event, AttentionRaised) for event in found)


def test_equipment_stays_known_wherever_works_lead() -> None:
    piece = fields.EquipmentMoved(
        name="router", to=fields.EquipmentState.ORDERED, on=STORY.date(), serial="SN-1"
    )
    state = evolve(at_site.building(), piece)

    state = of.when(state, at_site.works_done(state))

    assert at_site.open_access(state).pieces["router"].serial == "SN-1"


def test_what_is_no_fact_of_an_access_does_not_move_it() -> None:
    history = (DecisionNotTaken(decision="agree", by="x", reason="y", why="z"),)

    assert of.given(*history) == NotOpened()
