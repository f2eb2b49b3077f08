"""Contract files with one fault each: every fault names its file, its line and what to do."""

from datetime import date
from pathlib import Path

import pytest

from adapters.contract_files.checks import Seeds, faults_of
from adapters.contract_files.reader import read_library, read_order_form

TERMS = """\
window: {kind: duration, services: [mobile], fr: Fenêtre, en: Window}
swap: {kind: choice, services: [mobile], of: [new-card, other-network], fr: Swap, en: Swap}
fee: {kind: money, services: [fixed], fr: Frais, en: Fee}
"""
HEAD = """\
provider: sixth
service: mobile
level: service-schedule
version: "1"
valid_from: 2026-01-01
title: {fr: Mobile, en: Mobile}
document: "900"
"""
WINDOW = 'window: {amount: 2, unit: ouvre, anchor: port-day, at: 2, words: "2 jours ouvrés"}'
ONE = "{name: a, amount: 1, unit: ouvre, anchor: port-day, ours: x}"
OTHER = "{name: b, amount: 2, unit: ouvre, anchor: port-day, ours: x}"
TODAY = date(2026, 11, 21)
GOOD = f"{HEAD}silent: [swap]\nterms:\n  {WINDOW}\n"
TEXT = "Article 1\nannulation jusqu'à **2 jours\nouvrés** avant la date\n"


def readings(in_force: str, *items: str) -> str:
    listed = "".join(f"      - {item}\n" for item in items)
    return f"window:\n    in_force: {in_force}\n    readings:\n{listed}"


def library(folder: Path, text: str, *, terms: str = TERMS, name: str = "mobile") -> Path:
    for part, content in ((f"sixth/{name}.yaml", text), ("terms/all.yaml", terms)):
        file = folder / "contracts" / part
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    return folder / "contracts"


def faults(folder: Path) -> list[str]:
    return [str(fault) for fault in faults_of(read_library(folder), today=TODAY)]


def test_a_good_profile_has_no_fault(tmp_path: Path) -> None:
    assert faults(library(tmp_path, GOOD)) == []


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (
            WINDOW.replace("2 jours ouvrés", "jours"),
            "mobile.yaml:10: window: words has two to five words or figures, not a sentence",
        ),
        (
            WINDOW.replace("2 jours ouvrés", "un deux trois quatre cinq six"),
            "mobile.yaml:10: window: words has two to five words or figures, not a sentence",
        ),
        (
            WINDOW.replace(', words: "2 jours ouvrés"', ""),
            "mobile.yaml:10: window: give the two to five words that stand at the line",
        ),
        (
            WINDOW.replace(', at: 2, words: "2 jours ouvrés"', ""),
            "mobile.yaml:10: window: give one source",
        ),
        (WINDOW.replace("at: 2,", "at: x,"), "mobile.yaml:10: 'x' is no place"),
        (
            WINDOW.replace("at: 2,", "law: L44, at: 2,"),
            "mobile.yaml:10: window: give one source",
        ),
        (WINDOW.replace("unit: ouvre", "unit: days"), "mobile.yaml:10: window: unit: Input should"),
        (
            WINDOW.replace(", anchor: port-day", ""),
            "mobile.yaml:10: window: anchor: Field required",
        ),
        (WINDOW.replace("amount: 2", "amount: -2"), "mobile.yaml:10: window: amount: Input should"),
        (WINDOW.replace("amount: 2", "amount: 2, per: day"), "window: per: Extra inputs"),
        (f"{WINDOW}\n  fee: {{euros: 2, tax: HT, ours: x}}", "'fee' is not asked of mobile"),
        (f"{WINDOW}\n  other: {{value: yes, ours: x}}", "no process asks 'other'; see terms/"),
        (f"{WINDOW}\n  {WINDOW}", "mobile.yaml:11: 'window' comes twice; keep one of them"),
        (f"{WINDOW}\n  swap: {{value: new-card, ours: x}}", "'swap' has a value and is said to be"),
        (
            f"{WINDOW}\n   bad: indent",
            "correct the YAML there",
        ),
        (
            readings("b", ONE),
            "in_force names no reading; write one of a",
        ),
        (
            readings("a", ONE, OTHER),
            "say under because (fr, en) why this reading is in force",
        ),
        (
            readings("a\n    because: {fr: x, en: x}", ONE, ONE),
            "two readings have the same name",
        ),
        (
            readings("a", ONE.replace("ouvre", "ouvres")),
            "mobile.yaml:13: window.readings.0: unit: Input should",
        ),
        (
            WINDOW.replace("{", "{signed: {by: Anne Martin, on: 2026-01-02}, "),
            "signed goes with needs_sign_off",
        ),
        ("window: nothing", "mobile.yaml:10: window: amount: Field required"),
        (
            readings("a", ONE).replace("in_force", "need_sign_off: yes\n    in_force"),
            "window: need_sign_off cannot stand beside readings",
        ),
        ("window: {in_force: a, readings: 5}", "readings is a list of readings"),
        (WINDOW.replace("{", "{in_force: x, "), "in_force goes with readings; take it out"),
        (WINDOW.replace("at: 2,", "at: 5-3,"), "the place ends before it starts"),
        (
            WINDOW.replace("{", "{needs_sign_off: yes, signed: {by: Anne, on: 2099-01-01}, "),
            "signed on 2099-01-01, which is yet to come",
        ),
        ("window: " + "[" * 20 + "]" * 20, "is nested too deep; write it out"),
        ("window: " + "[" * 3000 + "]" * 3000, "is nested too deep; write it out"),
        ("window: &a [*a]", "is nested too deep; write it out"),
    ],
)
def test_a_fault_names_its_file_its_line_and_what_to_do(
    tmp_path: Path, line: str, fault: str
) -> None:
    found = faults(library(tmp_path, f"{HEAD}silent: [swap]\nterms:\n  {line}\n"))

    assert any(fault in one for one in found), found
    assert all(one.startswith("sixth/mobile.yaml:") for one in found)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("version", "versoin", "mobile.yaml:4: 'versoin' is no part of a profile"),
        (
            "valid_from: 2026-01-01",
            "valid_from: soon",
            "mobile.yaml:5: valid_from: write the date as 2026-12-01",
        ),
        ("title", "valid_until: 2025-01-01\ntitle", "valid_until lies before valid_from"),
        ("level: service-schedule", "level: contract", "mobile.yaml:3: level: Input should"),
        (
            "silent: [swap]",
            "",
            "'swap' is not answered on 2026-01-01 (Swap); give it a value, or list",
        ),
        ("silent: [swap]", "silent: [swap, other]", "no process asks 'other'"),
        ("silent: [swap]", "not_supplied: swap", ""),
        (GOOD, "", "mobile.yaml:1: provider: Field required"),
        ("level: service-schedule", "level: order-form", "pass it with --order-form instead"),
        ("level: service-schedule", "level: general-terms", "has general terms and no schedule"),
        ("provider: sixth", "provider: seventh", "stands in another folder than seventh's"),
        ('version: "1"', 'version: "\x00"', "save it as plain UTF-8 text"),
        ("title:", "valid_until:\ntitle:", ""),
    ],
)
def test_a_head_with_a_fault_is_refused(tmp_path: Path, old: str, new: str, fault: str) -> None:
    found = faults(library(tmp_path, GOOD.replace(old, new)))

    assert any(fault in one for one in found) if fault else found == []


def test_a_folder_with_nothing_in_it_is_not_clean(tmp_path: Path) -> None:
    (tmp_path / "contracts").mkdir()

    found = faults(tmp_path / "contracts")

    assert any("holds no question" in one for one in found)
    assert any("no provider has a schedule" in one for one in found)


def test_a_file_in_the_wrong_place_is_named(tmp_path: Path) -> None:
    folder = library(tmp_path, GOOD)
    (folder / "sixth" / "data.yml").write_text(GOOD)
    (folder / "mobile.yaml").write_text(GOOD)
    (folder / "sixth" / "folder.yaml").mkdir()

    assert [one.split(": ")[0] for one in faults(folder)] == [
        "mobile.yaml:1",
        "sixth/data.yml:1",
        "sixth/folder.yaml:1",
    ]


def test_a_question_asked_of_a_service_nobody_offers_is_refused(tmp_path: Path) -> None:
    folder = library(tmp_path, GOOD, terms=TERMS.replace("[fixed]", "[moblie]"))

    assert "'fee' is asked of moblie, which nobody offers" in faults(folder)[0]


def test_a_question_no_longer_answered_is_found_on_the_day_it_is_not(tmp_path: Path) -> None:
    folder = library(tmp_path, GOOD.replace("silent: [swap]\n", ""))
    ours = (
        "provider: default\nservice: every\nlevel: default\nversion: '1'\n"
        "valid_from: 2020-01-01\nvalid_until: 2026-06-30\ntitle: {fr: x, en: x}\n"
        "terms:\n  swap: {value: new-card, ours: x}\n"
    )
    (folder / "default").mkdir()
    (folder / "default" / "default.yaml").write_text(ours)

    (fault,) = faults(folder)
    assert "'swap' is not answered on 2026-07-01" in fault


def test_two_versions_on_one_day_are_refused(tmp_path: Path) -> None:
    folder = library(tmp_path, GOOD)
    later = GOOD.replace("2026-01-01", "2026-06-01").replace('"1"', '"2"')
    library(tmp_path, later, name="mobile-2026-06")

    (fault,) = faults(folder)
    assert fault.startswith(
        "sixth/mobile.yaml:5: is in force on the same days as sixth/mobile-2026-06.yaml; end one"
    )
    library(tmp_path, GOOD.replace("title:", "valid_until: 2026-05-31\ntitle:"))
    assert faults(folder) == []


@pytest.mark.parametrize(
    ("terms", "fault"),
    [
        (TERMS.replace("kind: money", "kind: cash"), "terms/all.yaml:3: fee: kind: Input should"),
        ("a: [", "correct the YAML there"),
        (TERMS + TERMS, "terms/all.yaml:4: 'window' comes twice"),
    ],
)
def test_a_question_with_a_fault_is_refused(tmp_path: Path, terms: str, fault: str) -> None:
    found = faults(library(tmp_path, GOOD, terms=terms))

    assert any(fault in one for one in found), found


def test_a_question_asked_in_two_files_is_refused(tmp_path: Path) -> None:
    folder = library(tmp_path, GOOD)
    (folder / "terms" / "more.yaml").write_text(TERMS.splitlines()[0])

    assert faults(folder) == ["terms/more.yaml:1: 'window' comes twice; keep one"]


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    folder = library(tmp_path, GOOD)
    (folder / "sixth" / "data.yaml").write_bytes(b"\xff\xfe")

    assert "sixth/data.yaml:1: is not UTF-8 text" in faults(folder)[0]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (WINDOW.replace("at: 2", "at: 2-3"), None),
        (WINDOW.replace("at: 2", "at: 2-3").replace("2 jours", "JUSQU\u2019À…2 jours"), None),
        (WINDOW, "«2 jours ouvrés» does not stand at 900:2; open the text and correct it"),
        (WINDOW.replace("at: 2", "at: 9"), "900:9 is no place in 900_text.txt"),
        (WINDOW.replace("at: 2", "at: 901:2"), "has no document 901; check its number"),
        ("window: {amount: 2, unit: ouvre, anchor: port-day, ours: decision 4}", None),
        (WINDOW.replace("2 jours ouvrés", "2 jour…ouvrés").replace("at: 2", "at: 2-3"), "«2 jour»"),
        (
            WINDOW.replace("2 jours ouvrés", "ouvrés…2 jours").replace("at: 2", "at: 2-3"),
            "«2 jours»",
        ),
        (WINDOW.replace("2 jours ouvrés", "* _"), "does not stand at 900:2"),
    ],
)
def test_the_words_must_stand_at_the_line(tmp_path: Path, line: str, fault: str | None) -> None:
    folder = library(tmp_path, f"{HEAD}silent: [swap]\nterms:\n  {line}\n")
    (tmp_path / "900_text.txt").write_text(TEXT)

    found = [str(one) for one in Seeds(tmp_path).faults(read_library(folder))]

    if fault is None:
        assert found == []
    else:
        assert fault in found[0]
        assert found[0].startswith("sixth/mobile.yaml:10: window: ")


@pytest.mark.parametrize("kind", ["folder", "latin"])
def test_a_text_that_cannot_be_read_is_named(tmp_path: Path, kind: str) -> None:
    folder = library(tmp_path, GOOD)
    text = tmp_path / "900_text.txt"
    if kind == "folder":
        text.mkdir()
    else:
        text.write_bytes(b"\xe9t\xe9")

    (fault,) = Seeds(tmp_path).faults(read_library(folder))
    assert "900_text.txt cannot be read as UTF-8 text" in str(fault)


def test_an_order_form_is_read_on_its_own(tmp_path: Path) -> None:
    library(tmp_path, GOOD)
    catalogue = read_library(tmp_path / "contracts").catalogue
    file = tmp_path / "form.yaml"
    file.write_text(GOOD.replace("service-schedule", "order-form"))

    profile, found = read_order_form(file, catalogue)

    assert found == ()
    assert profile is not None
    assert profile.level == "order-form"
    assert read_order_form(tmp_path / "none.yaml", catalogue)[0] is None
