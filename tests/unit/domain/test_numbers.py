import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from domain.numbering import EMERGENCY, NumberKind, Tariff
from domain.numbers import (
    BadNumberError,
    DirectDialRange,
    Family,
    FrenchNumber,
    InstallationNumber,
    why_not_together,
)
from domain.territories import (
    ExchangeGroup,
    Territory,
    UnknownPlaceError,
    country_code_of,
    group_of,
    place_of,
    place_said,
    time_zone_of,
)


class Line(BaseModel):
    number: FrenchNumber


def number_or_sentence(written: str) -> FrenchNumber | str:
    try:
        return FrenchNumber.parse(written)
    except BadNumberError as exc:
        return str(exc)


@pytest.mark.parametrize(
    "written",
    [
        "0612345678",
        "06 12 34 56 78",
        "06.12.34.56.78",
        "06-12-34-56-78",
        "06\u00a012\u00a034\u00a056\u00a078",
        "+33612345678",
        "+33 6 12 34 56 78",
        "+33 (0)6 12 34 56 78",
        "0033612345678",
        " \uff10\uff16\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18 ",
    ],
)
def test_a_number_is_read_in_every_usual_form(written: str) -> None:
    number = FrenchNumber.parse(written)

    assert (number.national, number.e164) == ("0612345678", "+33612345678")
    assert number.spaced == "06 12 34 56 78"


@pytest.mark.parametrize(
    ("written", "kind", "territory", "international"),
    [
        ("0176210010", NumberKind.GEOGRAPHIC, "FR", "+33176210010"),
        ("0262123456", NumberKind.GEOGRAPHIC, "974", "+262262123456"),
        ("0269123456", NumberKind.GEOGRAPHIC, "976", "+262269123456"),
        ("0508411234", NumberKind.GEOGRAPHIC, "975", "+508411234"),
        ("+508411234", NumberKind.GEOGRAPHIC, "975", "+508411234"),
        ("0590123456", NumberKind.GEOGRAPHIC, "971", "+590590123456"),
        ("0594123456", NumberKind.GEOGRAPHIC, "973", "+594594123456"),
        ("0596123456", NumberKind.GEOGRAPHIC, "972", "+596596123456"),
        ("0690123456", NumberKind.MOBILE, "971", "+590690123456"),
        ("0691123456", NumberKind.MOBILE, "971", "+590691123456"),
        ("0694123456", NumberKind.MOBILE, "973", "+594694123456"),
        ("0696100152", NumberKind.MOBILE, "972", "+596696100152"),
        ("0697123456", NumberKind.MOBILE, "972", "+596697123456"),
        ("0692123456", NumberKind.MOBILE, "974", "+262692123456"),
        ("0693123456", NumberKind.MOBILE, "974", "+262693123456"),
        ("0639123456", NumberKind.MOBILE, "976", "+262639123456"),
        ("0708401234", NumberKind.MOBILE, "975", "+508708401234"),
        ("0749123456", NumberKind.MOBILE, "FR", "+33749123456"),
        ("0972123456", NumberKind.POLYVALENT, "FR", "+33972123456"),
        ("0976201234", NumberKind.POLYVALENT, "974", "+262976201234"),
        ("07001234567890", NumberKind.MACHINE, "FR", "+337001234567890"),
        ("0892123456", NumberKind.SPECIAL_RATE, "FR", "+33892123456"),
        ("+596892123456", NumberKind.SPECIAL_RATE, "FR", "+33892123456"),
        ("3900", NumberKind.SHORT, "FR", None),
        ("1044", NumberKind.SHORT, "FR", None),
        ("118712", NumberKind.SHORT, "FR", None),
        ("116000", NumberKind.SHORT, "FR", None),
        ("112", NumberKind.SHORT, "FR", None),
    ],
)
def test_a_number_knows_what_it_is_for_and_where_it_belongs(
    written: str, kind: NumberKind, territory: str, international: str | None
) -> None:
    number = FrenchNumber.parse(written)

    assert (number.kind, number.territory, number.e164) == (kind, territory, international)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("", "no number was given"),
        ("06 12 34 5O 78", "has 'O' where a digit should be"),
        ("06123", "has 5 digits and a mobile number has 10"),
        ("0700123456", "has 10 digits and a machine number has 14"),
        ("06123456789", "has 11 digits"),
        ("612345678", "does not start with 0"),
        ("0", "which the numbering plan does not use"),
        ("+44 20 7946 0958", "another country (+44)"),
        ("+33692123456", "0692 is dialled as +262"),
        ("+262612345678", "0612 is dialled as +33"),
        ("++33", "has '+'"),
        ("+0", "is no telephone number"),
    ],
)
def test_what_is_no_french_number_gets_a_sentence(written: str, sentence: str) -> None:
    with pytest.raises(BadNumberError) as refused:
        FrenchNumber.parse(written)

    assert sentence in str(refused.value)


@given(st.text(max_size=20))
def test_whatever_is_written_is_a_number_or_a_sentence(written: str) -> None:
    found = number_or_sentence(written)

    if isinstance(found, FrenchNumber):
        assert FrenchNumber.parse(found.national) == found
    else:
        assert found.endswith(tuple("abcdefghijklmnopqrstuvwxyz0123456789"))


@given(st.from_regex(r"0[1-7][0-9]{8}", fullmatch=True))
def test_both_forms_of_a_number_name_the_same_number(national: str) -> None:
    if national.startswith("0700"):
        national = f"074{national[3:]}"
    number = FrenchNumber.parse(national)

    assert number.e164 is not None
    assert FrenchNumber.parse(number.e164) == number


def test_a_geographic_number_has_a_zone_in_both_languages() -> None:
    zone = FrenchNumber.parse("0247000000").zone

    assert zone is not None
    assert (zone.fr, zone.en) == ("Nord-Ouest", "north-west")
    assert FrenchNumber.parse("0262123456").zone is None


@pytest.mark.parametrize(
    ("written", "tariff"),
    [
        ("0800123456", Tariff.FREE),
        ("0805123456", Tariff.FREE),
        ("0806123456", Tariff.STANDARD),
        ("0809123456", Tariff.STANDARD),
        ("0810123456", Tariff.PREMIUM),
        ("0825123456", Tariff.PREMIUM),
        ("0899123456", Tariff.PREMIUM),
        ("0868123456", Tariff.OTHER),
        ("0612345678", None),
    ],
)
def test_a_special_rate_number_knows_its_tariff(written: str, tariff: Tariff | None) -> None:
    assert FrenchNumber.parse(written).tariff is tariff


def test_a_short_number_is_written_as_it_is() -> None:
    number = FrenchNumber.parse("3900")

    assert (str(number), number.spaced, number.family) == ("3900", "3900", Family.SPECIAL)
    assert all(FrenchNumber.parse(short).kind is NumberKind.SHORT for short in EMERGENCY)


def test_a_number_does_not_show_itself_in_a_log() -> None:
    shown = repr(FrenchNumber.parse("0612345678"))

    assert "0612345678" not in shown
    assert "78" in shown


def test_a_number_is_text_in_json_and_typed_after_it() -> None:
    line = Line.model_validate_json('{"number": "06 12 34 56 78"}')

    assert line.number.kind is NumberKind.MOBILE
    assert line.model_dump_json() == '{"number":"0612345678"}'
    assert Line(number=line.number) == line
    assert Line.model_json_schema()["properties"]["number"] == {"title": "Number", "type": "string"}


@pytest.mark.parametrize("wrong", ["06", 612345678])
def test_a_number_that_does_not_read_is_refused_by_its_field(wrong: object) -> None:
    with pytest.raises(ValidationError, match="number"):
        Line.model_validate({"number": wrong})


def test_an_installation_is_named_by_a_geographic_number() -> None:
    number = InstallationNumber.parse("02 47 00 00 00")

    assert isinstance(number, InstallationNumber)
    with pytest.raises(BadNumberError, match="names no installation"):
        InstallationNumber.parse("0612345678")


@pytest.mark.parametrize(
    ("written", "size"),
    [
        ("0176210010-0176210019", 10),
        ("01 76 21 00 10 - 01 76 21 00 29", 20),
        ("0176210010/19", 10),
        ("0176210010 à 39", 30),
        ("01 76 21 00 10 \u2013 99", 90),
        ("0972000000-0972000099", 100),
        ("01-76-21-00-10 / 01-76-21-00-19", 10),
        ("01-76-21-00-10 - 01-76-21-00-19", 10),
    ],
)
def test_direct_dial_numbers_come_in_blocks_of_ten(written: str, size: int) -> None:
    numbers = DirectDialRange.parse(written)

    assert len(numbers) == len(list(numbers)) == size
    assert all(number in numbers for number in numbers)
    assert DirectDialRange.parse(str(numbers)) == numbers


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("0176210010", "has one end"),
        ("0176210010-", "has one end"),
        ("0176210011-20", "whole blocks of ten"),
        ("0176210010-18", "whole blocks of ten"),
        ("0176210019-10", "whole blocks of ten"),
        ("0612345670-79", "starts with a mobile number"),
        ("0199999990-0200000009", "two zones"),
        ("0176210010-0576210019", "two zones"),
        ("0176000000-0177999999", "holds 2000000 numbers"),
        ("0176210010-0262210019", "two kinds of number"),
        ("0176210010-0612345679", "two kinds of number"),
    ],
)
def test_a_range_that_is_none_gets_a_sentence(written: str, sentence: str) -> None:
    with pytest.raises(BadNumberError) as refused:
        DirectDialRange.parse(written)

    assert sentence in str(refused.value)


def test_ranges_know_what_is_in_them_and_what_they_share() -> None:
    small = DirectDialRange.parse("0176210010-19")
    large = DirectDialRange.parse("0176210000-39")
    other = DirectDialRange.parse("0176210040-49")

    assert small.overlaps(large)
    assert large.overlaps(small)
    assert not small.overlaps(other)
    assert FrenchNumber.parse("0176210020") not in small
    assert "0176210010" not in small


@pytest.mark.parametrize(
    ("numbers", "together"),
    [
        (("0612345678",), True),
        (("0612345678", "0749123456"), True),
        (("0612345678", "07001234567890"), True),
        (("0690123456", "0696123456"), True),
        (("0690123456", "0692123456"), False),
        (("0612345678", "0176210010"), False),
        (("0176210010", "0972123456"), True),
        (("0176210010", "0247000000"), True),
        (("0176210010", "0590123456"), False),
        (("0800123456", "0892123456"), True),
        (("0800123456", "0176210010"), False),
    ],
)
def test_numbers_are_ported_together_within_one_exchange_or_territory(
    numbers: tuple[str, ...], *, together: bool
) -> None:
    why = why_not_together([FrenchNumber.parse(number) for number in numbers])

    assert (why is None) is together


@pytest.mark.parametrize(
    ("territory", "group", "zone", "code"),
    [
        ("FR", "GPM", "Europe/Paris", 33),
        ("57", "GPM", "Europe/Paris", 33),
        ("67", "GPM", "Europe/Paris", 33),
        ("68", "GPM", "Europe/Paris", 33),
        ("971", "GPMAG", "America/Guadeloupe", 590),
        ("972", "GPMAG", "America/Martinique", 596),
        ("973", "GPMAG", "America/Cayenne", 594),
        ("974", "GPMR", "Indian/Reunion", 262),
        ("975", None, "America/Miquelon", 508),
        ("976", "GPMR", "Indian/Mayotte", 262),
        ("977", "GPMAG", "America/St_Barthelemy", 590),
        ("978", "GPMAG", "America/Marigot", 590),
    ],
)
def test_a_territory_has_its_exchange_its_time_and_its_code(
    territory: str, group: str | None, zone: str, code: int
) -> None:
    place = place_of(territory)

    assert isinstance(place, Territory)
    assert (group_of(place), time_zone_of(place).key) == (group, zone)
    assert country_code_of(place) == code
    assert place_said(place).fr


def test_a_group_is_a_place_too_whatever_its_case() -> None:
    assert place_of(" gpmag ") is ExchangeGroup.GPMAG
    assert time_zone_of(ExchangeGroup.GPMR).key == "Indian/Reunion"
    with pytest.raises(UnknownPlaceError, match="'99' is no territory we know"):
        place_of("99")
