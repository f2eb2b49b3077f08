import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.iso7064 import mod_97_10

from domain.identifiers import (
    IDENTIFIERS,
    BadIdentifierError,
    CheckedCode,
    Commune,
    Identifier,
    OpticalSocket,
    PostalCode,
    Siren,
    Siret,
)


def identifier_or_sentence(kind: str, written: str) -> Identifier | str:
    try:
        return IDENTIFIERS[kind].parse(written)
    except BadIdentifierError as exc:
        return str(exc)


@pytest.mark.parametrize(
    ("kind", "written", "canonical"),
    [
        ("siren", "732 829 320", "732829320"),
        ("siret", "732 829 320 00074", "73282932000074"),
        ("siret", "75155959200025", "75155959200025"),  # OKSIO, 000:1675
        ("siret", "379 341 803 00029", "37934180300029"),  # Technicophone, 002:39-40
        ("siret", "35600000049837", "35600000049837"),  # La Poste counts otherwise
        ("iccid", "8933 0123 4567 8901 231", "8933012345678901231"),
        ("eid", "89049032118100000000000000000086", "89049032118100000000000000000086"),
        ("imsi", "208 01 1234567890", "208011234567890"),
        ("imei", "49-015420-323751-8", "490154203237518"),
        ("pto", "oo12345678", "OO-1234-5678"),
        ("pto", "FI-1234-5678", "FI-1234-5678"),
        ("pto", "FTTH/0123-A", "FTTH/0123-A"),
        ("commune", "2a004", "2A004"),
        ("commune", "75056", "75056"),
        ("commune", "75120", "75120"),
        ("siren", "\uff17\uff13\uff12829320", "732829320"),
        ("imsi", "208\u201301\u20131234567890", "208011234567890"),
        ("postal-code", "37210", "37210"),
    ],
)
def test_an_identifier_is_read_with_or_without_separators(
    kind: str, written: str, canonical: str
) -> None:
    found = IDENTIFIERS[kind].parse(written)

    assert (found.value, str(found)) == (canonical, canonical)
    assert IDENTIFIERS[kind].parse(canonical) == found


@pytest.mark.parametrize(
    ("kind", "written", "sentence"),
    [
        ("siren", "732829321", "check digits do not fit"),
        ("siren", "73282932", "is nine figures"),
        ("siret", "73282932000075", "check digits do not fit"),
        ("iccid", "8933012345678901232", "check digits do not fit"),
        ("iccid", "1233012345678901231", "starting with 89"),
        ("eid", "89049032118100000000000000000087", "check digits do not fit"),
        ("eid", "890490321181", "is 32 figures"),
        ("imsi", "20801", "14 or 15 figures"),
        ("imei", "490154203237517", "check digits do not fit"),
        ("imei", "49015420323751", "15 figures"),
        ("pto", "é", "is no PTO reference"),
        ("pto", "----", "is no PTO reference"),
        ("commune", "20004", "it is not the postal code"),
        ("commune", "97905", "is no INSEE commune code"),
        ("commune", "75008", "it is not the postal code"),
        ("commune", "75121", "it is not the postal code"),
        ("commune", "69000", "it is not the postal code"),
        ("postal-code", "99000", "is no postal code"),
        ("siren", "", "no SIREN was given"),
        ("siren", "000000000", "is nine figures"),
        ("pto", "", "is no PTO reference"),
    ],
)
def test_what_is_no_identifier_gets_a_sentence(kind: str, written: str, sentence: str) -> None:
    with pytest.raises(BadIdentifierError) as refused:
        IDENTIFIERS[kind].parse(written)

    assert sentence in str(refused.value)


@given(st.sampled_from(sorted(IDENTIFIERS)), st.text(max_size=40))
def test_whatever_is_written_is_an_identifier_or_a_sentence(kind: str, written: str) -> None:
    found = identifier_or_sentence(kind, written)

    if isinstance(found, Identifier):
        assert IDENTIFIERS[kind].parse(found.value) == found
    else:
        assert ";" in found


@given(
    st.from_regex(r"89[0-9]{16}", fullmatch=True), st.integers(0, 18), st.sampled_from("0123456789")
)
def test_one_wrong_figure_on_a_card_is_caught(body: str, place: int, other: str) -> None:
    good = body + luhn.calc_check_digit(body)
    wrong = good[:place] + other + good[place + 1 :]

    assert IDENTIFIERS["iccid"].parse(good).value == good
    if wrong != good:
        with pytest.raises(BadIdentifierError):
            IDENTIFIERS["iccid"].parse(wrong)


@given(st.from_regex(r"89[0-9]{28}", fullmatch=True))
def test_an_esim_chip_is_checked_by_its_last_two_figures(body: str) -> None:
    check = mod_97_10.calc_check_digits(body)
    other = f"{(int(check) + 1) % 100:02d}"

    assert IDENTIFIERS["eid"].parse(body + check).value == body + check
    with pytest.raises(BadIdentifierError):
        IDENTIFIERS["eid"].parse(body + other)


def test_an_establishment_names_its_company() -> None:
    assert Siret.parse("75155959200025").siren == Siren.parse("751559592")


@pytest.mark.parametrize(
    ("commune", "territory"),
    [("75056", "FR"), ("2A004", "FR"), ("67482", "67"), ("57463", "57"), ("97105", "971")],
)
def test_a_commune_tells_its_territory(commune: str, territory: str) -> None:
    assert Commune.parse(commune).territory == territory
    assert Commune.parse(commune).overseas is (territory == "971")


@pytest.mark.parametrize("written", ["OO-1A2B-3C4D", "oo 1a2b 3c4d", "OO/1A2B/3C4D"])
def test_a_socket_is_the_same_however_it_is_grouped(written: str) -> None:
    assert OpticalSocket.parse(written).compact == "OO1A2B3C4D"


@pytest.mark.parametrize(
    ("code", "territory"),
    [
        ("75001", "FR"),
        ("68000", "68"),
        ("97400", "974"),
        ("97600", "976"),
        ("97133", "977"),
        ("97150", "978"),
    ],
)
def test_a_postal_code_tells_its_territory(code: str, territory: str) -> None:
    assert PostalCode.parse(code).territory == territory


def test_a_socket_in_the_target_layout_names_who_manages_it() -> None:
    assert OpticalSocket.parse("OO-1234-ABCD").manager == "OO"
    assert OpticalSocket.parse("FTTH/0123-A").manager is None


def test_a_kind_of_identifier_must_say_how_it_is_checked() -> None:
    class Unchecked(CheckedCode):
        __slots__ = ()
        NAME = LAYOUT = WHERE = "unchecked"

    class Unread(Identifier):
        __slots__ = ()

    with pytest.raises(TypeError, match=r"abstract method.*check"):
        Unchecked.parse("123")
    with pytest.raises(TypeError, match=r"abstract method.*parse"):
        Unread(value="123")  # type: ignore[abstract]  # what mypy refuses is what is tested
