import pytest

from domain.refusals import GPMAG_REFUSALS, Ground, NextStep, Refusal, refusal_of


@pytest.mark.parametrize("refusal", GPMAG_REFUSALS.values(), ids=lambda refusal: refusal.code)
def test_a_refusal_says_its_cause_its_remedy_and_its_ground(refusal: Refusal) -> None:
    assert refusal.cause.fr != refusal.cause.en
    assert refusal.remedy.fr != refusal.remedy.en
    assert refusal.ground is not None
    assert refusal.next_step is not NextStep.PERSON
    assert refusal_of(f" {refusal.code.lower()} ") is refusal


def test_the_first_figure_of_a_code_is_the_ground_of_the_law() -> None:
    # porting-and-access § 2.6: 1 incapacity, 2 wrong data, 3 inactive; R220 is a ground of its own
    grounds = {"1": Ground.INCAPACITY, "2": Ground.WRONG_DATA, "3": Ground.INACTIVE}

    assert all(
        refusal.ground is grounds[code[1]]
        for code, refusal in GPMAG_REFUSALS.items()
        if code != "R220"
    )
    assert GPMAG_REFUSALS["R220"].ground is Ground.IN_PROGRESS


def test_a_code_nobody_knows_never_ends_a_port() -> None:
    unknown = refusal_of("r999")

    assert (unknown.code, unknown.next_step, unknown.ground) == ("R999", NextStep.PERSON, None)
    assert unknown.can_be_sent_again
