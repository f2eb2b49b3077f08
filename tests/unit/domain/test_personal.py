import pytest
from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticSerializationError

from domain.identity import SubjectId
from domain.personal import PERSONAL_MARKER, Personal, SubjectForgottenError, revealed

CAMILLE = Personal(subject=SubjectId("customer-1"), value="Camille Martin")
FORGOTTEN = Personal(subject=SubjectId("customer-1"), value=None)


class Card(BaseModel):
    contact: Personal


def _sealed(subject: SubjectId, text: str) -> str:
    return f"<{subject}:{len(text)}>"


def test_it_shows_itself_to_nobody_by_accident() -> None:
    assert "Camille" not in repr(CAMILLE)
    assert "Camille" not in f"{CAMILLE} {Card(contact=CAMILLE)!r}"


def test_it_refuses_to_be_written_in_clear() -> None:
    with pytest.raises(PydanticSerializationError, match="written unsealed"):
        Card(contact=CAMILLE).model_dump_json()


def test_it_is_written_sealed_under_its_subject() -> None:
    text = Card(contact=CAMILLE).model_dump_json(context={"seal": _sealed})

    assert text == '{"contact":{"subject":"customer-1","sealed":"<customer-1:14>"}}'


def test_it_is_read_back_through_the_ledger_only() -> None:
    text = '{"contact":{"subject":"customer-1","sealed":"x"}}'

    with pytest.raises(ValidationError, match="through the ledger only"):
        Card.model_validate_json(text)
    read = Card.model_validate_json(text, context={"unseal": lambda _subject, _sealed: "Camille"})
    assert read.contact.reveal() == "Camille"


@pytest.mark.parametrize("raw", ['"Camille"', '{"subject":"customer-1"}', '{"sealed":"x"}', "7"])
def test_what_does_not_look_sealed_is_refused(raw: str) -> None:
    with pytest.raises(ValidationError, match="through the ledger only"):
        Card.model_validate_json(f'{{"contact":{raw}}}', context={"unseal": lambda *_: ""})


def test_a_forgotten_value_says_so_and_can_still_be_kept() -> None:
    assert FORGOTTEN.forgotten
    assert not CAMILLE.forgotten
    with pytest.raises(SubjectForgottenError, match="forgotten on request"):
        FORGOTTEN.reveal()
    text = Card(contact=FORGOTTEN).model_dump_json(context={"seal": _sealed})
    assert text == '{"contact":{"subject":"customer-1","sealed":""}}'


def test_what_is_shown_of_it_is_nothing_once_it_is_forgotten() -> None:
    assert revealed(CAMILLE) == "Camille Martin"
    assert revealed(FORGOTTEN) is None


def test_values_are_compared_with_their_subject() -> None:
    other = Personal(subject=SubjectId("customer-2"), value="Camille Martin")

    assert Personal(subject=SubjectId("customer-1"), value="Camille Martin") == CAMILLE
    assert other != CAMILLE
    assert CAMILLE != "Camille Martin"
    assert len({CAMILLE, other, Personal(subject=CAMILLE.subject, value="Camille Martin")}) == 2


def test_a_schema_says_where_personal_data_is() -> None:
    assert Card.model_json_schema()["properties"]["contact"][PERSONAL_MARKER] is True
