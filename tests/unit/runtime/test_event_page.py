"""The page of events is made of the catalogue, and says what each of them carries."""

from pathlib import Path

from projections.publications import CATALOGUE
from runtime.event_page import event_page


def test_the_page_is_up_to_date(repository: Path) -> None:
    page = (repository / "docs" / "events.md").read_text()

    assert event_page() == page, "run 'raccord events page > docs/events.md'"


def test_every_type_is_on_it_with_its_meaning_and_its_fields() -> None:
    page = event_page()

    for kind in CATALOGUE:
        assert f"## {kind.TYPE}, version {kind.VERSION}" in page
        assert kind.MEANING in page
        for name in kind.model_json_schema().get("properties", {}):
            assert f"| `{name}` |" in page
