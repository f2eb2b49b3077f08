"""One address written two ways is one; its number and street are what files name it by."""

import pytest

from domain.addresses import plain, street_key


def test_accents_capitals_and_punctuation_make_no_other_address() -> None:
    assert plain("12, Rue de l'Œuvre - Bâtiment B") == "12 rue de l oeuvre batiment b"
    assert plain("89387_0420_00012") == "89387 0420 00012"


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("12 rue des Tanneurs, bâtiment B, 69009 Lyon", "12 rue des tanneurs"),
        ("12, rue des Tanneurs, 69009 Lyon", "12 rue des tanneurs"),
        ("12 bis, rue des Tanneurs", "12 bis rue des tanneurs"),
        ("12 rue des Tanneurs 69009 Lyon", "12 rue des tanneurs"),
        ("Bâtiment B\n12 RUE DES TANNEURS\n69009 LYON", "12 rue des tanneurs"),
        ("69009 Lyon, 12 rue des Tanneurs", "12 rue des tanneurs"),
        ("12 rue des Tanneurs prolongée, Lyon", "12 rue des tanneurs prolongee"),
        ("Lieu-dit Les Ormes, 89100 Sens", "lieu dit les ormes"),
        ("12", "12"),
        (",", ""),
    ],
)
def test_the_number_and_the_street_are_what_a_file_names_an_address_by(
    written: str, key: str
) -> None:
    assert street_key(written) == key
