"""Which offer serves a site: the wish first, then the time, then the rate; every reason said."""

from domain.access_choice import REASONS, Choice, Excluded, choose
from domain.access_commands import HearNothing
from domain.access_facts import Barrier, Offer, Reason, Technology
from domain.access_stages import Access
from domain.port_in_facts import Step
from domain.said import Said
from tests import accesses as of

SDSL, FTTH = Technology.SDSL, Technology.FTTH


def _access(*found: tuple[Offer | Barrier, ...], **terms: object) -> Access:
    """Each operator's offers and barriers, in the order they were asked."""
    operators = (of.ORANGE, of.SFR, of.BOUYGUES)[: len(found)]
    state = of.checking(candidates=operators, **terms)
    for operator, answers in zip(operators, found, strict=True):
        offers = tuple(one for one in answers if isinstance(one, Offer))
        barriers = tuple(one for one in answers if isinstance(one, Barrier))
        state = of.heard(state, *offers, operator=operator, barriers=barriers)
    assert isinstance(state, Access)
    return state


def _english(choice: Choice) -> list[str]:
    return [said.en for said in choice.because]


def test_what_was_wanted_first_goes_before_what_is_faster() -> None:
    slow = of.offer(technology=SDSL, down_kbps=8_000)
    access = _access((of.offer(), slow), wanted=(SDSL, FTTH))

    choice = choose(access)

    assert choice.offer == slow
    assert _english(choice)[1].endswith("(comes after by wish, time, rate)")


def test_of_two_alike_the_sooner_and_then_the_faster_serves() -> None:
    soon = of.offer(of.SFR, lead_days=10)
    fast = of.offer(of.BOUYGUES, lead_days=10, down_kbps=2_000_000)

    assert choose(_access((of.offer(),), (soon,))).offer == soon
    assert choose(_access((of.offer(),), (soon,), (fast,))).offer == fast


def test_a_rate_below_the_least_wanted_does_not_serve() -> None:
    access = _access((of.offer(down_kbps=8_000),), down_kbps=20_000)

    choice = choose(access)

    assert (choice.offer, choice.certain) == (None, True)
    assert "less than the 20000 kbit/s asked for" in _english(choice)[0]


def test_a_technology_nobody_asked_for_is_said_and_left() -> None:
    choice = choose(_access((of.offer(technology=SDSL),)))

    assert choice.offer is None
    assert "a technology nobody asked for" in _english(choice)[0]


def test_what_the_contract_leaves_out_by_name_is_not_chosen() -> None:
    clause = Said(fr="exclu (002:2320)", en="left out (002:2320)")

    choice = choose(_access((of.offer(),)), [Excluded(technology=FTTH, said=clause)])

    assert choice.offer is None
    assert "left out (002:2320)" in _english(choice)[0]


def test_an_uncertain_answer_or_an_operator_passed_over_is_no_certain_no() -> None:
    unsure = choose(_access((of.barrier(Reason.SERVICE_DOWN),)))
    sure = choose(_access((of.barrier(Reason.NOT_DEPLOYED),)))
    silent = of.asked(of.checking(), Step.CHECK_ELIGIBILITY)
    silent = of.when(silent, HearNothing(**of.BOTH, step=Step.CHECK_ELIGIBILITY))
    over = of.when(silent, of.answer("skip"))
    assert isinstance(over, Access)

    assert (unsure.certain, sure.certain) == (False, True)
    assert choose(over).certain is False
    assert _english(choose(over)) == ["orange: not fully asked"]


def test_every_reason_has_its_words_in_both_languages() -> None:
    assert {reason for reason in Reason if REASONS[reason].fr and REASONS[reason].en} == set(Reason)


def test_why_nobody_can_serve_it_is_said_for_each_technology_without_an_operators_codes() -> None:
    too_slow = of.offer(of.SFR, down_kbps=8_000)
    access = _access(
        (of.barrier(Reason.NOT_DEPLOYED),),
        (too_slow, of.barrier(Reason.TOO_LONG, SDSL)),
        (of.barrier(Reason.NOT_DEPLOYED),),
        wanted=(FTTH, SDSL, Technology.MICROWAVE),
        down_kbps=20_000,
    )

    reasons = choose(access).reasons

    assert [said.en for said in reasons] == [
        "FTTH fibre: not deployed, less than the 20000 kbit/s asked for",
        "SDSL: too much attenuation",
        "microwave link: no offer",
    ]
    assert choose(_access((of.offer(),))).reasons == ()
