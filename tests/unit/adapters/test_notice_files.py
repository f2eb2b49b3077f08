"""Templates from files: every fault with its file, and old versions kept beside the new."""

import shutil
from pathlib import Path

import pytest

from adapters.notice_files.reader import read_templates
from domain.notice_texts import TemplateFaultError
from domain.notices import NoticePurpose
from domain.said import Language
from runtime.errors import BadInputError
from runtime.notice_wiring import templates_in

PLANNED = "port-planned.v1.yaml"


@pytest.fixture
def folder(repository: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(repository / "notices", tmp_path / "notices"))


def test_the_newest_version_is_written_with_and_an_old_one_stays_readable(folder: Path) -> None:
    old = (folder / "en" / PLANNED).read_text()
    (folder / "en" / "port-planned.v2.yaml").write_text(old.replace("Hello,", "Good day,"))

    templates = read_templates(folder)

    newest = templates.newest(NoticePurpose.PORT_PLANNED, Language.EN)
    assert (newest.version, "Good day," in newest.body) == (2, True)
    first = templates.version(NoticePurpose.PORT_PLANNED, Language.EN, 1)
    assert first is not None
    assert "Hello," in first.body
    assert templates.version(NoticePurpose.PORT_PLANNED, Language.EN, 3) is None


def test_a_provider_is_called_what_it_calls_itself(folder: Path) -> None:
    templates = read_templates(folder)

    assert templates.name_of("nexis") == "Nexis I.T."
    assert templates.name_of("somebody") == "somebody"


@pytest.mark.parametrize(
    ("was", "becomes", "words"),
    [
        ("${port_day}", "${day}", "en/port-planned.v1: row: ${day} is no word of it"),
        ("row:", "rwo:", "Field required"),
        ("subject:", "subject: [", "port-planned.v1.yaml"),
    ],
)
def test_a_fault_in_a_template_is_named(folder: Path, was: str, becomes: str, words: str) -> None:
    file = folder / "en" / PLANNED
    file.write_text(file.read_text().replace(was, becomes, 1))

    with pytest.raises(TemplateFaultError) as refused:
        read_templates(folder)

    assert words in str(refused.value)


def test_a_purpose_without_a_template_is_named(folder: Path) -> None:
    (folder / "fr" / PLANNED).unlink()

    with pytest.raises(TemplateFaultError, match="fr/port-planned: no template"):
        read_templates(folder)


def test_a_file_with_another_name_is_refused(folder: Path) -> None:
    (folder / "fr" / PLANNED).rename(folder / "fr" / "planned.yaml")

    with pytest.raises(TemplateFaultError, match=r"name it like port-planned\.v1\.yaml"):
        read_templates(folder)


def test_a_house_that_cannot_speak_does_not_start(folder: Path) -> None:
    (folder / "names.yaml").unlink()

    with pytest.raises(BadInputError, match="templates of notices cannot be used"):
        templates_in(folder)


def test_an_empty_file_is_refused_by_its_name(folder: Path) -> None:
    (folder / "fr" / PLANNED).write_text("")

    with pytest.raises(TemplateFaultError, match="port-planned"):
        read_templates(folder)
