"""raccord rio, number, identifier, calendar: every figure here is a literal with its source."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from runtime.cli.main import app

Ask = Callable[..., Result]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    runner = CliRunner(env={"RACCORD_HOME": str(tmp_path), "RACCORD_RIO_FIXED_KEY": None})

    def asked(*arguments: str) -> Result:
        return runner.invoke(app, arguments)

    return asked


def answer(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.stdout.strip()


def told(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    assert set(found) == {"result", "because"}
    return found


@pytest.mark.parametrize(
    ("start", "amount", "unit", "territory", "expected"),
    [
        # Cancellation windows: oksio-onecom-axantis-nexis § 0, test vectors for A:145, N:122.
        ("2026-05-07", "-2", "ouvre", "FR", "2026-05-05"),
        ("2026-05-18", "-2", "ouvre", "FR", "2026-05-13"),
        ("2026-01-06", "-2", "ouvre", "FR", "2026-01-02"),
        # Whit Monday: porting-and-access § 8, second point.
        ("2026-05-22", "1", "ouvrable", "FR", "2026-05-23"),
        ("2026-05-22", "1", "ouvre", "FR", "2026-05-26"),
        # Alsace-Moselle: Good Friday and 26 December, § 8.
        ("2025-12-24", "1", "ouvre", "FR", "2025-12-26"),
        ("2025-12-24", "1", "ouvre", "57", "2025-12-29"),
        ("2025-12-24", "1", "ouvrable", "67", "2025-12-27"),
        ("2028-04-13", "1", "ouvre", "68", "2028-04-18"),
        ("2028-04-13", "1", "ouvre", "FR", "2028-04-14"),
        # Abolition days: 27 May, 22 May, 10 June, 20 December, 27 April, 9 October, 28 May, § 8.
        ("2025-05-26", "1", "ouvre", "971", "2025-05-28"),
        ("2028-05-26", "1", "ouvrable", "971", "2028-05-29"),
        ("2026-05-21", "1", "ouvre", "972", "2026-05-26"),
        ("2025-06-06", "1", "ouvre", "973", "2025-06-11"),
        ("2027-12-17", "1", "ouvre", "974", "2027-12-21"),
        ("2026-04-24", "1", "ouvre", "976", "2026-04-28"),
        ("2026-10-08", "1", "ouvre", "977", "2026-10-12"),
        ("2026-05-27", "1", "ouvre", "978", "2026-05-29"),
        ("2026-04-24", "1", "ouvre", "975", "2026-04-27"),
        # The Antilles-Guyane exchange: any department's holiday, Mardi gras, Cendres, 2 November,
        # but not 21 July: § 2.5 and § 8.
        ("2026-05-21", "1", "ouvre", "GPMAG", "2026-05-26"),
        ("2026-05-26", "1", "ouvre", "GPMAG", "2026-05-28"),
        ("2026-06-09", "1", "ouvre", "GPMAG", "2026-06-11"),
        ("2027-02-08", "1", "ouvre", "GPMAG", "2027-02-11"),
        ("2026-10-30", "1", "ouvre", "GPMAG", "2026-11-03"),
        ("2026-07-20", "1", "ouvre", "GPMAG", "2026-07-21"),
        ("2026-07-20", "1", "ouvre", "971", "2026-07-22"),
        ("2027-12-17", "1", "ouvre", "GPMR", "2027-12-21"),
        ("2026-04-24", "1", "ouvre", "GPMR", "2026-04-28"),
        ("2026-04-24", "1", "ouvre", "GPM", "2026-04-27"),
        # Clear days: TIM-07, and decision 1 where the last day is a day off.
        ("2026-06-01", "10", "franc", "FR", "2026-06-12"),
        ("2026-06-02", "10", "franc", "FR", "2026-06-15"),
        # Decision 1: months clamp, weeks and calendar days run on.
        ("2026-08-31", "6", "month", "FR", "2027-02-28"),
        ("2026-11-21", "6", "week", "FR", "2027-01-02"),
        ("2026-11-21", "60", "calendar-day", "FR", "2027-01-20"),
    ],
)
def test_a_date_is_the_bare_answer_on_one_line(
    ask: Ask, start: str, amount: str, unit: str, territory: str, *, expected: str
) -> None:
    asked = ask("calendar", "add", start, amount, unit, "--territory", territory)

    assert answer(asked) == expected


@pytest.mark.parametrize(
    ("start", "amount", "options", "expected"),
    [
        # technicophone-1 § 2.1: 48 heures ouvrées = 5 days and 3 hours, 72 = 8 days, at 9 h a day.
        ("2026-06-08T08:30", "48", ("--provider", "technicophone"), "2026-06-15T11:30:00+02:00"),
        ("2026-06-08T08:30", "72", ("--provider", "technicophone"), "2026-06-17T17:30:00+02:00"),
        ("2026-06-08T08:30", "48", ("--hours", "08:30-17:30"), "2026-06-15T11:30:00+02:00"),
        ("2026-06-08T17:00", "2", ("--provider", "oksio"), "2026-06-09T10:00:00+02:00"),
        ("2026-06-08T17:00", "2", ("--provider", "axantis"), "2026-06-09T10:00:00+02:00"),
        ("2026-06-08T17:00", "2", ("--provider", "nexis"), "2026-06-09T10:00:00+02:00"),
        # Reverse porting, porting-and-access § 2.5: 24 heures ouvrées of the exchange's 9 to 18.
        ("2026-06-08T09:00", "24", ("--territory", "GPMAG"), "2026-06-11T15:00:00-04:00"),
    ],
)
def test_working_hours_run_in_the_hours_of_a_provider_or_an_exchange(
    ask: Ask, start: str, amount: str, *, options: tuple[str, str], expected: str
) -> None:
    asked = ask("calendar", "add", start, amount, "working-hour", *options)

    assert answer(asked) == expected


def test_an_addition_in_json_carries_its_explanation(ask: Ask) -> None:
    found = told(ask("calendar", "add", "2026-05-12", "2", "ouvre", "--json"))

    assert found["result"] == "2026-05-15"
    assert found["because"]["answer"] == "2026-05-15"
    assert found["because"]["days"][1]["said"] == {
        "fr": "non compté : Ascension",
        "en": "not counted: Ascension Day",
    }


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "non compté : Ascension"), ("en", "not counted: Ascension Day")],
)
def test_an_explanation_is_read_in_either_language(ask: Ask, language: str, words: str) -> None:
    shown = answer(ask("calendar", "explain", "2026-05-12", "2", "ouvre", "--lang", language))

    assert words in shown
    assert "2026-05-15" in shown


def test_an_explanation_in_hours_names_whose_hours(ask: Ask) -> None:
    options = ("--provider", "technicophone", "--cut-off")
    shown = answer(ask("calendar", "explain", "2026-06-08", "2", "working-hour", *options[:2]))

    assert "002:61" in shown
    assert "a date without an hour counts from 00:00" in shown
    assert (
        told(ask("calendar", "explain", "2026-06-08", "2", "ouvre", *options, "20:00", "--json"))[
            "because"
        ]["cut_off"]
        == "20:00"
    )


def test_a_cut_off_and_a_worked_good_friday_are_options(ask: Ask) -> None:
    late = ask("calendar", "add", "2026-05-12T20:01", "1", "ouvre", "--cut-off", "20:00")
    good_friday = ("calendar", "add", "2026-04-02", "1", "ouvre", "--territory", "57")

    assert answer(late) == "2026-05-15"
    assert answer(ask(*good_friday)) == "2026-04-07"
    assert answer(ask(*good_friday, "--no-good-friday")) == "2026-04-03"


def test_days_and_hours_between_two_dates_are_counted(ask: Ask) -> None:
    days = ("calendar", "count", "2026-05-12", "2026-05-22", "ouvre")
    hours = ("calendar", "count", "2026-05-11T17:00", "2026-05-12T10:00", "working-hour")

    assert answer(ask(*days)) == "7"
    assert told(ask(*days, "--json"))["result"] == 7
    assert len(told(ask(*days, "--json"))["because"]["days"]) == 10
    assert answer(ask(*hours, "--provider", "oksio")) == "2"
    assert told(ask(*hours, "--hours", "08:30-17:30", "--json"))["result"] == 2
    assert told(ask(*hours, "--hours", "08:15-17:30", "--json"))["result"] == 2.25


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("calendar", "add", "2026-13-12", "2", "ouvre"), "'2026-13-12' is no date"),
        (("calendar", "add", "2026-05-12", "two", "ouvre"), "'two' is no whole number"),
        (("calendar", "add", "2026-05-12", "99999", "ouvre"), "is more than 10000"),
        (("calendar", "add", "2026-05-12", "2", "days"), "'days' is no unit"),
        (("calendar", "add", "2026-05-12", "2", "ouvre", "--territory", "99"), "no territory"),
        (("calendar", "add", "2026-05-12", "2", "working-hour"), "need the hours of a day"),
        (
            ("calendar", "add", "2026-05-12", "2", "working-hour", "--provider", "onecom"),
            "need the hours of a day",
        ),
        (("calendar", "add", "2026-05-12", "2", "ouvre", "--provider", "free"), "no provider"),
        (("calendar", "add", "2026-05-12", "2", "ouvre", "--hours", "9-18"), "no window"),
        (("calendar", "add", "2026-05-12", "2", "ouvre", "--cut-off", "8pm"), "no hour"),
        (("calendar", "add", "2026-05-12", "2", "ouvre", "--no-good-friday"), "57, 67 and 68"),
        (("calendar", "add", "2026-05-12", "9999", "month"), "outside 1990 to 2150"),
        (("calendar", "count", "2026-05-12", "x", "ouvre"), "'x' is no date"),
        (
            ("calendar", "count", "2026-05-12", "2026-05-13", "working-hour"),
            "need the hours of a day",
        ),
        (("rio", "check", "06", "01PEROY4P4TR"), "has 2 digits"),
        (("rio", "check", "0612345678", "01P"), "has 3 characters and a RIO has 12"),
        (("rio", "check", "0612345678", "01 P EROY4P 4 R"), "no '+' put back in its key"),
        (("rio", "explain", "01 P EROY4P 4 R"), "can be read as"),
        (("rio", "key", "3179", "01PEROY4P"), "is a short number"),
        (("rio", "key", "0612345678", "F0PEROY4P"), "starts a fixed RIO"),
        (("number", "together", "0612345678"), "give two or more"),
        (("calendar", "add", "20260511", "2", "ouvre"), "is no date"),
        (("calendar", "add", "2026-05-11", "1_0", "ouvre"), "no whole number"),
        (("calendar", "add", "2026-05-11", "-2", "ouvre", "--cut-off", "20:00"), "runs forward"),
        (
            ("calendar", "count", "2026-05-11", "2026-05-12", "clock-hour", "--cut-off", "20:00"),
            "goes with days",
        ),
        (("rio", "key", "0612345678", "01P"), "has nine"),
        (("rio", "key", "x", "01PEROY4P"), "has 'x' where a digit should be"),
        (("rio", "explain", "x"), "has 1 characters"),
        (("rio", "explain", "01PEROY4P4TR", "x"), "has 'x' where a digit should be"),
        (("number", "explain", "+44 20 7946 0958"), "another country"),
        (("number", "range", "0176210011-20"), "whole blocks of ten"),
        (("number", "together", "0612345678", "06"), "has 2 digits"),
        (("identifier", "check", "siren", "732829321"), "check digits do not fit"),
        (("identifier", "check", "passport", "1"), "'passport' is no identifier we know"),
        (("reference", "load", "nothing.csv"), "cannot be read"),
    ],
)
def test_wrong_input_gets_one_sentence_and_exit_two(
    ask: Ask, arguments: tuple[str, ...], sentence: str
) -> None:
    asked = ask(*arguments)

    assert asked.exit_code == 2
    assert sentence in asked.stderr
    assert asked.stderr.count("\n") == 1
    assert asked.stdout == ""


def test_a_right_rio_is_a_yes_with_its_donor(ask: Ask) -> None:
    # porting-and-access § 1.2: the two public vectors; § 1.4: 02 is Digicel in the Antilles.
    first = ask("rio", "check", "0612345678", "01 P EROY4P 4TR")
    second = told(ask("rio", "check", "0696100152", "02P131780R0W", "--json"))

    assert answer(first).splitlines()[0] == "yes"
    assert "donor: Orange" in first.stdout
    assert second["result"] is True
    assert second["because"]["findings"][-1]["en"] == "donor: Digicel"


def test_a_wrong_rio_is_a_no_with_the_slip_that_explains_it(ask: Ask) -> None:
    english = ask("rio", "check", "0612345687", "01PEROY4P4TR")
    french = ask("rio", "check", "0612345687", "01PEROY4P4TR", "--lang", "fr")
    as_json = ask("rio", "check", "0612345687", "01PEROY4P4TR", "--json")

    assert {english.exit_code, french.exit_code, as_json.exit_code} == {1}
    assert "refused: the key does not go with this number" in english.stdout
    assert french.stdout.startswith("non\nrefus : ")
    assert told(as_json)["result"] is False


def test_a_plus_lost_in_a_space_is_settled_by_the_number(ask: Ask) -> None:
    key = answer(ask("rio", "key", "0612345601", "01EAAAAIF"))
    written = "01 E AAAAIF " + key.replace("+", " ")

    assert "+" in key
    assert answer(ask("rio", "check", "0612345601", written)).startswith("yes")


def test_the_fixed_key_does_what_the_policy_says(ask: Ask) -> None:
    asked = ("rio", "check", "0176210010", "F0PEROY4P4TR")

    assert "warning: " in answer(ask(*asked))
    assert "key" not in answer(ask(*asked, "--fixed-key", "off"))
    assert ask(*asked, "--fixed-key", "block").exit_code == 1


def test_a_key_is_the_bare_answer_on_one_line(ask: Ask) -> None:
    assert answer(ask("rio", "key", "+33 6 12 34 56 78", "01-P-EROY4P")) == "4TR"
    found = told(ask("rio", "key", "0612345678", "01PEROY4P", "--json"))
    assert found["result"] == "4TR"
    assert len(found["because"]["arithmetic"]) == 19


def test_a_rio_is_explained_with_its_arithmetic(ask: Ask) -> None:
    right = ask("rio", "explain", "01PEROY4P4TR", "0612345678")
    wrong = ask("rio", "explain", "01PER0Y4P4TR", "0612345678", "--lang", "fr")
    hopeless = ask("rio", "explain", "01PAAAAAAAAA", "0612345678")
    in_json = told(ask("rio", "explain", "01PER0Y4P4TR", "0612345678", "--json"))

    assert "the key should be 4TR, and reads 4TR" in answer(right)
    assert wrong.exit_code == 1
    assert "caractère 6 du RIO : lire O, non 0" in wrong.stdout
    assert "slip" not in hopeless.stdout
    assert in_json["result"] is False
    assert in_json["because"]["slips"][0]["rio"] == "01PEROY4P4TR"


def test_a_rio_without_its_number_names_whoever_it_may_be(ask: Ask) -> None:
    assert "Orange (GPM), Orange Caraïbe (GPMAG)" in answer(ask("rio", "explain", "01PEROY4P4TR"))
    assert "Orange" in answer(ask("rio", "explain", "F0PEROY4P4TR"))
    assert "reference load" in answer(ask("rio", "explain", "ZYPEROY4P4TR"))
    assert told(ask("rio", "explain", "01PEROY4P4TR", "--json"))["because"]["operators"] == [
        "Orange (GPM)",
        "Orange Caraïbe (GPMAG)",
    ]


def test_a_loaded_file_changes_the_answer_and_dropping_it_changes_it_back(
    ask: Ask, tmp_path: Path
) -> None:
    file = tmp_path / "MAJRIO.csv"
    file.write_text("Ressource;Code Attributaire;Attributaire;Date\nZY;TEST;Essai;01/01/2026\n")

    assert answer(ask("reference", "load", str(file))) == "rio-prefixes: 1 rows from MAJRIO.csv"
    assert told(ask("reference", "load", str(file), "--json"))["result"] == 1
    assert "MAJRIO.csv" in answer(ask("reference", "list"))
    assert told(ask("reference", "list", "--json"))["result"][0]["rows"] == 1
    assert "Essai" in answer(ask("rio", "explain", "ZYPEROY4P4TR"))
    assert ask("rio", "check", "0176210010", "F0PEROY4P4TR").exit_code == 1
    assert answer(ask("reference", "drop", "rio-prefixes")) == "rio-prefixes: dropped"
    assert ask("reference", "drop", "rio-prefixes").exit_code == 1


def test_a_number_is_explained(ask: Ask) -> None:
    shown = answer(ask("number", "explain", "0696100152", "--lang", "fr"))
    in_json = told(ask("number", "explain", "02 47 00 00 00", "--json"))

    assert "GPMAG" in shown
    assert in_json["result"] == "+33247000000"
    assert in_json["because"]["zone"] == {"fr": "Nord-Ouest", "en": "north-west"}


def test_numbers_are_ported_together_or_not(ask: Ask) -> None:
    together = ask("number", "together", "0690123456", "0696100152")
    apart = ask("number", "together", "0612345678", "0696100152")
    in_json = told(ask("number", "together", "0612345678", "0696100152", "--json"))

    assert answer(together) == "yes"
    assert apart.exit_code == 1
    assert in_json["result"] is False
    assert "deux demandes" in in_json["because"]["fr"]


def test_a_range_is_written_out(ask: Ask) -> None:
    assert answer(ask("number", "range", "0176210010-19")).splitlines()[-1] == "01 76 21 00 19"
    assert len(told(ask("number", "range", "0176210010-29", "--json"))["result"]) == 20


def test_an_identifier_is_given_back_in_its_one_form(ask: Ask) -> None:
    assert answer(ask("identifier", "check", "pto", "oo12345678")) == "OO-1234-5678"
    found = told(ask("identifier", "check", "siret", "751 559 592 00025", "--json"))
    assert found["result"] == "75155959200025"  # OKSIO, 000:1675


def test_the_leading_zero_written_as_a_letter_is_explained(ask: Ask) -> None:
    asked = ask("rio", "check", "0612345678", "O1PEROY4P4TR")

    assert asked.exit_code == 1
    assert "character 1 of the RIO: 0, not O" in asked.stdout


def test_a_right_key_on_the_wrong_kind_of_number_is_no_yes(ask: Ask) -> None:
    asked = ask("rio", "explain", "01PEROY4P4TR", "0176210010", "--json")

    assert told(asked)["result"] is False
    assert told(asked)["because"]["findings"][0]["code"] == "wrong-medium"


def test_the_loaded_blocks_decide_who_the_donor_is(ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "MAJNUM.csv"
    file.write_text(
        "EZABPQM;Tranche_Debut;Tranche_Fin;Mnemo;Territoire\n"
        "061234;0612340000;0612349999;TEST;Guadeloupe\n"
    )
    answer(ask("reference", "load", str(file)))

    assert "donor: Orange Caraïbe" in answer(ask("rio", "check", "0612345678", "01PEROY4P4TR"))


def test_a_closed_day_counts_from_the_day_it_is_known(ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "closed.toml"
    file.write_text(
        '[[closed_day]]\ncalendar = "FR"\nknown_on = 2026-05-01\non = 2026-05-20\n'
        'fr = "[b]pont[/b]"\nen = "[/bridge]"\nsource = "test"\n'
    )
    answer(ask("reference", "load", str(file)))
    asked = ("calendar", "add", "2026-05-19", "1", "ouvre", "--known-on")

    assert answer(ask(*asked, "2026-04-30")) == "2026-05-20"
    assert answer(ask(*asked, "2026-05-01")) == "2026-05-21"
    shown = answer(ask("calendar", "explain", "2026-05-19", "1", "ouvre"))
    assert "not counted: [/bridge]" in shown


def test_two_places_of_one_provider_have_two_versions(ask: Ask) -> None:
    asked = ("calendar", "add", "2025-12-24", "1", "ouvre", "--provider", "OKSIO", "--json")

    national = told(ask(*asked))["because"]["calendar"]
    local = told(ask(*asked, "--territory", "57"))["because"]["calendar"]

    assert national != local
    assert local.startswith("57+oksio/")


def test_a_misspelt_option_is_named(ask: Ask) -> None:
    asked = ask("calendar", "add", "--teritory", "971", "2026-05-07", "-2", "ouvre")

    assert asked.exit_code == 2
    assert "--teritory" in asked.stderr


def test_a_damaged_reference_file_says_how_to_go_on(ask: Ask, tmp_path: Path) -> None:
    folder = tmp_path / "reference"
    folder.mkdir()
    (folder / "closed-days.data").write_text("[[closed")
    (folder / "rio-prefixes.data").write_text("nothing")

    days = ask("calendar", "add", "2026-05-19", "1", "ouvre")
    rio = ask("rio", "check", "0612345678", "01PEROY4P4TR")

    assert (days.exit_code, rio.exit_code) == (3, 3)
    assert "raccord reference drop closed-days" in days.stderr
    assert "raccord reference drop rio-prefixes" in rio.stderr
