"""Copper at a site: of the day it is ordered, and of the day it is to be delivered."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain import access_commands as told
from domain import access_rules
from domain.access import decide
from domain.access_commands import ChooseOffer
from domain.access_facts import Locator, ServiceStarted, Site, StudyHeard, Technology
from domain.access_stages import Access, AccessStage, AccessState
from domain.attention import DecisionRefusedError
from domain.copper_closures import Closure, Closures, Exemption, OrderKind, Postponement
from domain.given import Given, read_given
from domain.identity import order_subject
from domain.personal import Personal
from domain.port_in_facts import Step
from domain.said import Said
from tests import accesses as of
from tests.accesses import BOTH, COMMUNE
from tests.porting import ORDER_ID, RULES, STORY

SDSL = Technology.SDSL
COPPER = of.offer(technology=SDSL, down_kbps=8_000)
"""Fifteen jours ouvrés after Saturday 9 January 2027: Friday 29 January."""
DATES = Said(fr="les jours", en="the days")
LATE: dict[str, Any] = {"closing": DATES}


def _open(state: AccessState) -> Access:
    assert isinstance(state, Access)
    return state


def _closed(technical: str | None = "2027-01-29", **more: object) -> Closures:
    closure = {
        "name": "lot-3",
        "commune": COMMUNE,
        "commercial": "2027-01-29" if technical is None else None,
        "technical": technical,
        "source": "the network's notice",
    }
    return Closures(closures=(Closure.model_validate({**closure, **more}),))


def _heard(*offers: Any, **changes: Any) -> Access:  # noqa: ANN401
    wanted = changes.pop("wanted", (SDSL,))
    return _open(of.heard(of.checking(wanted=wanted, **changes), *(offers or (COPPER,))))


def _site(**changes: object) -> Site:
    address = Personal(subject=order_subject(ORDER_ID), value="12, rue de la Paix, bât. B, Tours")
    return Site.model_validate({"commune": COMMUNE, "address": address, **changes})


def _personal(text: str) -> Personal:
    return Personal(subject=order_subject(ORDER_ID), value=text)


def _given(**values: str) -> Given:
    return read_given(values, access_rules.contract_of(RULES, _heard()).reckoning)


# chosen


def test_copper_that_closes_before_it_can_be_delivered_is_asked_about_with_its_dates() -> None:
    access = _heard()

    choice = access_rules.choice_of(RULES, _closed(), access, STORY)

    assert choice.offer is None
    assert choice.closing is not None
    assert choice.closing.en == (
        "to be delivered on Friday 29 January 2027 (15 working days); nothing is delivered on "
        "copper here from Friday 29 January 2027 (lot-3; the network's notice)"
    )
    command = ChooseOffer(
        **BOTH, offer=None, because=choice.because, certain=True, closing=choice.closing
    )
    state = of.when(access, command)
    assert of.codes(state) == ["copper-closing"]
    assert of.stage(state) == AccessStage.CHECKING
    assert of.stage(of.when(state, of.answer("end"))) == AccessStage.GIVING_BACK
    assert _open(of.when(state, of.answer("retry"))).heard == ()


def test_copper_is_delivered_until_the_day_before() -> None:
    choice = access_rules.choice_of(RULES, _closed("2027-01-30"), _heard(), STORY)

    assert (choice.offer, choice.closing) == (COPPER, None)


def test_a_wish_after_the_closure_is_the_day_that_counts() -> None:
    access = _heard(wished=date(2027, 3, 1))

    choice = access_rules.choice_of(RULES, _closed("2027-02-15"), access, STORY)

    assert choice.closing is not None
    assert choice.closing.fr == (
        "livraison prévue le lundi 1er mars 2027 (le jour souhaité) ; rien n'est livré sur cuivre "
        "ici à partir du lundi 15 février 2027 (lot-3 ; the network's notice)"
    )


def test_fibre_is_chosen_where_copper_comes_too_late() -> None:
    fibre = of.offer(lead_days=90)
    access = _heard(COPPER, fibre, wanted=(SDSL, Technology.FTTH))

    choice = access_rules.choice_of(RULES, _closed(), access, STORY)

    assert (choice.offer, choice.closing) == (fibre, None)
    assert "nothing is delivered on copper here" in choice.because[1].en


def test_an_offer_that_is_soon_enough_is_chosen_before_one_that_is_not() -> None:
    soon = of.offer(of.SFR, technology=SDSL, down_kbps=2_000, lead_days=14)
    state = of.heard(of.checking(wanted=(SDSL,), candidates=(of.ORANGE, of.SFR)), COPPER)
    access = _open(of.heard(state, soon, operator=of.SFR))

    assert access_rules.choice_of(RULES, _closed(), access, STORY).offer == soon


def test_what_is_left_out_for_another_reason_is_not_asked_about() -> None:
    access = _heard(down_kbps=20_000)

    choice = access_rules.choice_of(RULES, _closed(), access, STORY)

    assert (choice.offer, choice.closing) == (None, None)


def test_a_technical_day_nobody_has_signed_is_said_and_shuts_nothing() -> None:
    choice = access_rules.choice_of(RULES, _closed(needs_sign_off=True), _heard(), STORY)

    assert (choice.offer, choice.closing) == (COPPER, None)
    assert "from Friday 29 January 2027 (lot-3" in choice.because[-1].en


def test_a_signed_closure_to_orders_shuts_beside_a_technical_one_nobody_signed() -> None:
    signed = _closed(None, commercial="2027-01-04").closures
    unsigned = _closed("2027-01-04", needs_sign_off=True, commune=None, name="ours").closures

    choice = access_rules.choice_of(RULES, Closures(closures=(*signed, *unsigned)), _heard(), STORY)

    assert choice.offer is None
    assert "closed to orders of new lines" in choice.because[0].en


# whose, and what


@pytest.mark.parametrize(
    ("address", "offered"),
    [("12 rue de la Paix", None), ("12-RUE-DE-LA-PAIX", None), ("14 rue de la Paix", COPPER)],
)
def test_an_address_is_judged_by_its_own_closure(address: str, offered: object) -> None:
    access = _heard(site=_site())

    closures = _closed("2027-01-04", address=address)

    assert access_rules.choice_of(RULES, closures, access, STORY).offer == offered


def test_an_address_may_be_ordered_by_its_own_name_in_the_files() -> None:
    access = _heard(site=_site(address_key=_personal("37203_0420_00012")))

    named = _closed("2027-01-04", address="37203_0420_00012")
    street = _closed("2027-01-04", address="12 rue de la Paix")

    assert access_rules.choice_of(RULES, named, access, STORY).offer is None
    assert access_rules.choice_of(RULES, street, access, STORY).offer == COPPER


@pytest.mark.parametrize(
    ("kind", "locator", "shut"),
    [
        (None, Locator.LINE, OrderKind.TAKEOVER),
        (None, Locator.ADDRESS, OrderKind.NEW_LINE),
        (OrderKind.MOVE, Locator.LINE, OrderKind.MOVE),
        (OrderKind.TAKEOVER, Locator.ADDRESS, OrderKind.TAKEOVER),
    ],
)
def test_a_new_line_a_takeover_and_a_move_are_judged_apart(
    kind: OrderKind | None, locator: Locator, shut: OrderKind
) -> None:
    name = _personal("0247000001") if locator is Locator.LINE else None
    access = _heard(site=_site(locator=locator, name=name), kind=kind)

    offered = {
        one: access_rules.choice_of(
            RULES, _closed(None, commercial="2027-01-04", kinds=[one]), access, STORY
        ).offer
        for one in OrderKind
    }

    assert [one for one, offer in offered.items() if offer is None] == [shut]


def test_an_exception_leaves_it_open_by_its_name() -> None:
    alarms = Exemption(
        name="alarm-lines",
        of="lot-3",
        kinds=(OrderKind.NEW_LINE,),
        fr="les lignes d'alarme",
        en="alarm lines",
        source="the same notice",
    )
    closures = replace(_closed(None, commercial="2027-01-04"), exceptions=(alarms,))

    choice = access_rules.choice_of(RULES, closures, _heard(), STORY)

    assert choice.offer == COPPER
    assert choice.because[-1].en == "copper is closed to orders, but for alarm lines (alarm-lines)"


def test_a_closure_that_is_put_off_is_named_with_what_put_it_off() -> None:
    put_off = Postponement.model_validate(
        {"name": "put-off", "of": "lot-3", "technical": "2027-02-01", "source": "a letter"}
    )
    closures = replace(_closed("2027-01-04"), postponements=(put_off,))

    in_time = access_rules.choice_of(RULES, closures, _heard(), STORY)
    late = access_rules.choice_of(RULES, closures, _heard(wished=date(2027, 2, 1)), STORY)

    assert in_time.offer == COPPER
    assert late.closing is not None
    assert late.closing.en.endswith("(lot-3, put off: put-off; the network's notice, a letter)")


# moved after it was chosen


def _reserving() -> Access:
    state = of.when(_heard(), of.chosen(COPPER), of.cuts())
    return _open(of.asked(state, Step.RESERVE_ACCESS))


def test_a_study_that_moves_the_delivery_past_the_closure_is_asked_about() -> None:
    slower = COPPER.model_copy(update={"lead_days": 16})
    access = _reserving()

    late = access_rules.closing(RULES, _closed("2027-02-01"), access, slower, STORY)
    in_time = access_rules.closing(RULES, _closed("2027-02-01"), access, COPPER, STORY)
    unsigned = _closed("2027-02-01", needs_sign_off=True)

    assert late is not None
    assert "Monday 1 February 2027 (16 working days)" in late.en
    assert in_time is None
    assert access_rules.closing(RULES, unsigned, access, slower, STORY) is None


def test_the_estimate_of_a_desaturation_moves_it_too() -> None:
    estimated = date(2027, 2, 20)

    late = access_rules.closing(RULES, _closed("2027-03-12"), _reserving(), COPPER, estimated)

    assert late is not None
    assert "Friday 12 March 2027 (15 working days)" in late.en


def test_nothing_is_begun_until_a_person_has_answered_about_the_closure() -> None:
    state = of.studying()
    study = of.studied(state, of.study(), of.settled_study()).model_copy(update={"closing": DATES})

    asked = of.when(state, study)

    assert of.codes(asked) == ["copper-closing"]
    assert (of.stage(asked), _open(asked).blocked) == (AccessStage.RESERVING, True)
    assert _open(asked).attentions[0].what.en.startswith("the days: have the operator")
    assert not _open(of.when(asked, of.answer("agree"))).blocked
    assert of.stage(of.when(asked, of.answer("retry"))) == AccessStage.CHECKING


def test_a_saturation_is_asked_about_beside_its_fee() -> None:
    state = of.reserving()
    settled = of.settled_saturation(fees=(of.fee(),), consent_needed=True)
    told = of.saturated(state, settled).model_copy(update={"closing": DATES})

    assert of.codes(of.when(state, told)) == ["fee-consent", "copper-closing"]


def test_what_is_kept_is_not_left_behind_when_it_comes_too_late() -> None:
    state = of.reserving()
    late = of.reserved(state).model_copy(update={"closing": DATES})

    asked = of.when(state, late)

    closing = _open(asked).attentions[-1]
    assert of.codes(asked) == ["copper-closing"]
    assert [str(one) for one in closing.allowed] == ["agree", "end", "cancel"]
    ended = of.when(asked, of.answer("end", "copper-closing"))
    assert _open(ended).step is Step.RELEASE_ACCESS


# a person in an operator's place


def test_an_answer_by_hand_is_judged_like_an_operators() -> None:
    studying = _open(
        of.asked(of.when(_heard(), of.chosen(COPPER), of.cuts(study=True)), Step.STUDY_SITE)
    )
    closures = _closed("2027-02-15")

    def judged(access: Access, **values: str) -> Said | None:
        given = _given(**values)
        return access_rules.closing_as_decided(RULES, closures, access, STORY, given=given)

    assert judged(studying, lead="40") is not None
    assert judged(studying) is None
    assert judged(_reserving()) is None
    assert judged(_heard()) is None
    assert judged(_open(of.desaturating())) is None


def test_a_study_by_hand_that_comes_too_late_is_asked_about() -> None:
    state = of.studying()
    state = of.when(state, told.HearNobody(**BOTH, step=Step.STUDY_SITE))

    found = decide(of.answer("agree", **LATE), state)

    assert StudyHeard in {type(event) for event in found}
    assert of.codes(of.when(state, of.answer("agree", **LATE))) == ["copper-closing"]


def test_nothing_is_put_into_service_once_copper_is_closed() -> None:
    reserving = _reserving()
    opening = of.opening(of.when(reserving, of.reserved(reserving)))
    nobody = told.HearNobody(**BOTH, step=Step.COMMISSION_ACCESS)
    access = _open(of.when(opening, nobody))
    closures = _closed("2027-01-29")

    def judged(day: str) -> Said | None:
        given = _given(day=day)
        return access_rules.closing_as_decided(RULES, closures, access, STORY, given=given)

    too_late = judged("2027-01-29")

    assert judged("2027-01-28") is None
    assert too_late is not None
    begun = of.start()
    with pytest.raises(DecisionRefusedError, match="put off in its file"):
        decide(of.answer("agree", start=begun, closing=too_late), access)
    assert ServiceStarted in {type(e) for e in decide(of.answer("agree", start=begun), access)}


def test_fibre_works_after_copper_is_closed() -> None:
    given = _given(day="2027-01-29")

    access = _open(of.opening())

    assert access_rules.closing_as_decided(RULES, _closed(), access, STORY, given=given) is None
