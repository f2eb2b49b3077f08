from string import ascii_uppercase, digits

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.numbers import FrenchNumber
from domain.rio import (
    RIO,
    BadRioError,
    Medium,
    Quality,
    RioPrefix,
    arithmetic_of,
    character_of,
    key_is_right,
    key_of,
    readings_of,
)
from domain.rio_slips import Where, slips_of

CHARACTERS = ascii_uppercase + digits
KEY_CHARACTERS = CHARACTERS + "+"

national_numbers = st.from_regex(r"0[67][4-8][0-9]{7}", fullmatch=True)
prefixes = st.builds(
    lambda operator, quality, reference: operator + quality + reference,
    st.text(digits, min_size=2, max_size=2),
    st.sampled_from("PE"),
    st.text(CHARACTERS, min_size=6, max_size=6),
)
places = st.integers(0, 11)


def rio_for(prefix: str, national: str) -> str:
    return prefix + key_of(prefix, national)


def rio_or_sentence(written: str) -> RIO | str:
    try:
        return RIO.parse(written)
    except BadRioError as exc:
        return str(exc)


def is_caught(code: str, national: str) -> bool:
    """Refused as no RIO or no number, or its key found wrong."""
    try:
        return not key_is_right(RIO.parse(code), FrenchNumber.parse(national))
    except ValueError:
        return True


@pytest.mark.parametrize(
    ("code", "national"),
    [
        ("01PEROY4P4TR", "0612345678"),  # porting-and-access § 1.2, specification v1.1
        ("02P131780R0W", "0696100152"),  # porting-and-access § 1.2, an operator's control value
    ],
)
def test_the_public_vectors_have_the_right_key(code: str, national: str) -> None:
    assert key_of(code[:9], national) == code[9:]
    assert key_is_right(RIO.parse(code), FrenchNumber.parse(national))


@given(prefixes, national_numbers, places, st.sampled_from(KEY_CHARACTERS))
def test_one_changed_character_of_a_rio_is_caught(
    prefix: str, national: str, place: int, other: str
) -> None:
    code = rio_for(prefix, national)
    assume(code[place] != other)

    assert is_caught(code[:place] + other + code[place + 1 :], national)


@given(prefixes, national_numbers, st.integers(0, 10))
def test_one_swapped_pair_of_a_rio_is_caught(prefix: str, national: str, place: int) -> None:
    code = rio_for(prefix, national)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assume(swapped != code)

    assert is_caught(swapped, national)


@given(prefixes, national_numbers, st.integers(0, 9), st.sampled_from(digits))
def test_one_changed_figure_of_the_number_is_caught(
    prefix: str, national: str, place: int, other: str
) -> None:
    code = rio_for(prefix, national)
    assume(national[place] != other)

    assert is_caught(code, national[:place] + other + national[place + 1 :])


@given(prefixes, national_numbers, st.integers(0, 8))
def test_one_swapped_pair_of_the_number_is_caught(prefix: str, national: str, place: int) -> None:
    code = rio_for(prefix, national)
    swapped = national[:place] + national[place + 1] + national[place] + national[place + 2 :]
    assume(swapped != national)

    assert is_caught(code, swapped)


def test_every_slip_on_a_public_vector_is_caught() -> None:
    code, national = "01PEROY4P4TR", "0612345678"
    changed = [
        (code[:place] + other + code[place + 1 :], national)
        for place in range(12)
        for other in KEY_CHARACTERS
        if other != code[place]
    ]
    renumbered = [
        (code, national[:place] + other + national[place + 1 :])
        for place in range(10)
        for other in digits
        if other != national[place]
    ]

    assert len(changed) == 432
    assert len(renumbered) == 90
    assert all(is_caught(*pair) for pair in (*changed, *renumbered))


@given(prefixes, national_numbers)
def test_the_arithmetic_shown_ends_in_the_key(prefix: str, national: str) -> None:
    steps = list(arithmetic_of(prefix, national))

    assert "".join(step.character for step in steps) == prefix + national
    assert "".join(map(character_of, steps[-1].remainders)) == key_of(prefix, national)


def test_a_machine_number_makes_twenty_three_steps() -> None:
    steps = list(arithmetic_of("01EABCDEF", "07001234567890"))

    assert len(steps) == 23


@given(prefixes, national_numbers)
def test_a_rio_survives_separators_and_small_letters(prefix: str, national: str) -> None:
    code = rio_for(prefix, national)
    written = f" {code[:2]} {code[2]}-{code[3:9].lower()}.{code[9:]}"

    assert RIO.parse(written).code == code


@given(prefixes, st.text(KEY_CHARACTERS, min_size=2, max_size=2), st.integers(0, 2))
def test_a_plus_that_came_as_a_space_is_found_again(prefix: str, others: str, place: int) -> None:
    code = prefix + others[:place] + "+" + others[place:]

    assert RIO(code=code) in readings_of(code.replace("+", " "))
    assert RIO.parse(code.replace("+", "%2B")).code == code


def test_a_space_that_may_or_may_not_be_a_plus_is_asked_about() -> None:
    assert [rio.code for rio in readings_of("01 P EROY4P 4 R")] == ["01PEROY4P+4R", "01PEROY4P4+R"]
    with pytest.raises(BadRioError, match="can be read as"):
        RIO.parse("01 P EROY4P 4 R")


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("", "no RIO was given"),
        ("01PEROY4P4T", "has 11 characters and a RIO has 12; one is missing, perhaps a '+'"),
        ("01PEROY4P4TRX", "has 13 characters"),
        ("01", "has 2 characters"),
        ("01XEROY4P4TR", "has 'X' as its third character"),
        ("0APEROY4P4TR", "starts with 0A"),
        ("01PERO+4P4TR", "has a '+' before its key"),
        ("01PEROÉ4P4TR", "contains 'É'"),
        ("01PEROY4P4T!", "contains '!'"),
    ],
)
def test_what_is_no_rio_gets_a_sentence(written: str, sentence: str) -> None:
    with pytest.raises(BadRioError) as refused:
        RIO.parse(written)

    assert sentence in str(refused.value)


@given(st.text(max_size=16))
def test_whatever_is_written_is_a_rio_or_a_sentence(written: str) -> None:
    found = rio_or_sentence(written)

    if isinstance(found, RIO):
        assert RIO.parse(found.code) == found
    else:
        assert ";" in found


def test_a_rio_knows_its_parts() -> None:
    rio = RIO.parse("01PEROY4P4TR")

    assert (rio.operator_code, rio.quality, rio.reference, rio.key) == (
        "01",
        Quality.CONSUMER,
        "EROY4P",
        "4TR",
    )
    assert (rio.medium, rio.spaced, str(rio)) == (
        Medium.MOBILE,
        "01 P EROY4P 4TR",
        "01PEROY4P4TR",
    )


def test_a_fixed_rio_starts_with_a_letter_and_has_no_quality() -> None:
    rio = RIO.parse("F0ZEROY4P4TR")

    assert (rio.medium, rio.quality) == (Medium.FIXED, None)


def test_a_rio_does_not_show_itself_in_a_log() -> None:
    assert "EROY4P" not in repr(RIO.parse("01PEROY4P4TR"))


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("01PEROY4", "has 8 characters; the part before the key has nine"),
        ("01PEROY4!", "contains '!'"),
        ("01XEROY4P", "has 'X' as its third character"),
    ],
)
def test_what_cannot_stand_before_a_key_gets_a_sentence(written: str, sentence: str) -> None:
    with pytest.raises(BadRioError) as refused:
        RioPrefix.parse(written)

    assert sentence in str(refused.value)
    assert str(RioPrefix.parse("01-p-eroy4p")) == "01PEROY4P"


@pytest.mark.parametrize(
    ("code", "national", "said"),
    [
        ("01PER0Y4P4TR", "0612345678", "character 6 of the RIO: O, not 0"),
        ("01PEROY44PTR", "0612345678", "characters 9-10 of the RIO are swapped: P4, not 4P"),
        ("01PEROY4P4TR", "0612345687", "characters 9-10 of the number are swapped: 78, not 87"),
        ("01PEROY4P4TR", "0622345678", "character 3 of the number: 1, not 2"),
    ],
)
def test_a_wrong_key_is_led_back_to_the_slip_that_made_it(
    code: str, national: str, said: str
) -> None:
    slips = slips_of(RIO.parse(code), FrenchNumber.parse(national))

    assert said in [slip.said.en for slip in slips]
    assert all(slip.said.fr != slip.said.en for slip in slips)


@given(prefixes, national_numbers, st.integers(3, 8), st.sampled_from(CHARACTERS))
def test_the_slip_that_was_made_is_among_those_found(
    prefix: str, national: str, place: int, other: str
) -> None:
    code = rio_for(prefix, national)
    assume(code[place] != other)
    wrong = code[:place] + other + code[place + 1 :]

    slips = slips_of(RIO.parse(wrong), FrenchNumber.parse(national))

    assert code in [slip.rio for slip in slips if slip.where is Where.RIO]
    assert all(key_is_right(RIO.parse(slip.rio), FrenchNumber.parse(slip.number)) for slip in slips)


@pytest.mark.parametrize(
    ("code", "number"),
    [("01PEROY4P4TR", "0612345678"), ("02P131780R0W", "0696100152")],
)
def test_every_single_slip_on_a_vector_is_led_back(code: str, number: str) -> None:
    line = FrenchNumber.parse(number)
    for place in range(12):
        for other in KEY_CHARACTERS:
            wrong = rio_or_sentence(code[:place] + other + code[place + 1 :])
            if isinstance(wrong, RIO) and wrong.code != code:
                assert code in [slip.rio for slip in slips_of(wrong, line)], wrong.code
    for place in range(11):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        wrong = rio_or_sentence(swapped)
        if isinstance(wrong, RIO) and wrong.code != code:
            assert code in [slip.rio for slip in slips_of(wrong, line)], wrong.code


def test_letters_that_look_alike_come_first() -> None:
    code = rio_for("01P0O1I2Z", "0612345678")
    wrong = code[:3] + "O" + code[4:]

    first, *_ = slips_of(RIO.parse(wrong), FrenchNumber.parse("0612345678"))

    assert first.looks_alike
    assert first.rio == code


def test_a_fixed_rio_keeps_its_letter_first_in_every_guess() -> None:
    number = FrenchNumber.parse("0176210010")
    code = rio_for("F01EROY4P", "0176210010")

    slips = slips_of(RIO.parse("0" + "1P" + code[3:]), number)
    swapped = slips_of(RIO.parse(code[:4] + code[5] + code[4] + code[6:]), number)

    assert all(slip.rio[:2].isdigit() for slip in slips)
    assert code in [slip.rio for slip in swapped]
    assert all(slip.rio[0].isalpha() for slip in swapped)


@pytest.mark.parametrize(
    ("meant_code", "meant_number", "code", "number"),
    [
        # only a quality that no RIO has, or a number of another kind, would make these right
        ("01XEROY4P", "0612345678", "01PEROY4P", "0612345678"),
        ("01PEROY4P", "0812345678", "01PEROY4P", "0612345678"),
    ],
)
def test_what_nobody_can_have_meant_is_no_explanation(
    meant_code: str, meant_number: str, code: str, number: str
) -> None:
    read = RIO.parse(code + key_of(meant_code, meant_number))

    assert slips_of(read, FrenchNumber.parse(number)) == ()
