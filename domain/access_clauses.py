"""How accesses ask their contract: only what is asked of the service, each with its line."""

from datetime import date

from domain.access_facts import Technology
from domain.contract_questions import Contract
from domain.contract_values import ChoicesValue
from domain.said import Said, day_said
from domain.said import joined as one_after_the_other


def asks(contract: Contract, question: str) -> bool:
    """Whether the service is asked this at all: a question of line resale is none of fibre."""
    term = contract.shelf.catalogue.terms.get(question)
    return term is not None and term.is_for(contract.pin.service)


def source_naming(contract: Contract, question: str, word: str) -> str:
    """The line where a word of a list comes from: of several documents that name it, the most
    general, since a schedule's own line is about what it adds."""
    return next(iter(reversed(_naming(contract, question, word))), "")


def _naming(contract: Contract, question: str, word: str) -> tuple[str, ...]:
    steps = contract.shelf.answer(contract.pin, question).steps
    readings = [step.entry.current for step in steps if step.entry is not None]
    return tuple(
        str(reading.source)
        for reading in readings
        if isinstance(reading.value, ChoicesValue) and word in reading.value.value
    )


def sources_naming(contract: Contract, question: str, words: tuple[str, ...]) -> str:
    """The lines of several words, each once."""
    return ", ".join(dict.fromkeys(source_naming(contract, question, word) for word in words))


def silence(about: Said) -> Said:
    """Said, so that nobody takes it for an oversight."""
    return Said(
        fr=f"le contrat est muet : {about.fr}",
        en=f"the contract is silent: {about.en}",
    )


def joined(said: tuple[Said, ...]) -> Said:
    return one_after_the_other(said, fr=", ", en=", ")


def is_about(contract: Contract, question: str, technology: Technology) -> bool:
    """Whether a clause is about this access; where the contract does not set any apart, it is."""
    named = contract.choices(question) if asks(contract, question) else ()
    return not named or technology in named


def sourced(said: Said, source: str) -> Said:
    """With the place it comes from; what has none is ours, and is said to be."""
    if source:
        return Said(fr=f"{said.fr} ({source})", en=f"{said.en} ({source})")
    return Said(fr=f"{said.fr} (valeur par défaut)", en=f"{said.en} (a default of ours)")


def ours(said: Said) -> Said:
    return sourced(said, "")


def cited(contract: Contract, question: str) -> str:
    """The place that answers; empty where nobody asks it of the service, or nobody answers."""
    return contract.source(question) if asks(contract, question) else ""


def dated(said: Said, day: date) -> Said:
    on = day_said(day)
    return Said(fr=f"{said.fr} {on.fr}", en=f"{said.en} {on.en}")
