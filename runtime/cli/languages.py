"""Which of both languages a command speaks to a person; JSON always has both."""

from enum import StrEnum

import typer

from domain.said import Said


class Language(StrEnum):
    EN = "en"
    FR = "fr"


LanguageOption = typer.Option(Language.EN, "--lang", help="Language of the explanation.")


def in_language(said: Said, language: Language) -> str:
    return said.fr if language is Language.FR else said.en
