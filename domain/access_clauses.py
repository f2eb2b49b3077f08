"""How accesses ask their contract: only what is asked of the service, each with its line."""

from domain.contract_questions import Contract
from domain.contract_values import ChoicesValue
from domain.said import Said
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
