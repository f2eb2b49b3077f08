"""Who answers a question: the law where it must, then the order form, and so on down to us.

An order pins the versions in force on the day it was signed; every later question is asked of them.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from pydantic import BaseModel, ConfigDict

from domain.contract_profiles import OWN_LEVELS, PRECEDENCE, Entry, Level, Profile
from domain.contract_terms import Catalogue, Term
from domain.contract_values import Word
from domain.parsed import BadValueError
from domain.said import Said

EVERY = "every"
_SHARED = {Level.LAW: "law", Level.DEFAULT: "default"}


class NoSuchContractError(BadValueError):
    """Nobody wrote such a contract, or not for that day."""


class NoSuchTermError(BadValueError):
    """No process asks such a question of this service."""


class PinChangedError(BadValueError):
    """A pinned document is gone, or says something else than when it was pinned."""


class PinnedDocument(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    provider: Word
    service: Word
    level: Level
    version: str
    digest: str


class Pin(BaseModel):
    """What an order was signed under: carried by the order, and by every explanation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    provider: Word
    service: Word
    signed_on: date
    documents: tuple[PinnedDocument, ...]
    order_form: Profile | None = None
    """What was signed for this order alone: the order carries it whole."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """What one document had to say."""

    profile: Profile
    entry: Entry | None
    stated: Said | None
    """Its silence, where somebody looked for an answer and found none."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A question, who answered it, and who was asked before."""

    term: Term
    winner: Profile | None
    entry: Entry | None
    asked: tuple[Step, ...]

    @property
    def is_silent(self) -> bool:
        return self.entry is None

    @property
    def may_be_charged(self) -> bool:
        return self.entry is not None and self.entry.may_be_charged


@dataclass(frozen=True)
class Shelf:
    """Every profile there is, and the questions they answer."""

    catalogue: Catalogue
    profiles: tuple[Profile, ...]

    def providers(self) -> Mapping[str, tuple[str, ...]]:
        """The providers, and the services they have a schedule for."""
        return self._services(Level.SERVICE_SCHEDULE)

    def exchanges(self) -> Mapping[str, tuple[str, ...]]:
        """The exchange groups, which are asked on their own."""
        return self._services(Level.EXCHANGE)

    def pin(
        self, provider: str, service: str, signed_on: date, *, order_form: Profile | None = None
    ) -> Pin:
        """The documents in force on the day of signature."""
        self._known(provider, service)
        if order_form is not None and order_form.level is not Level.ORDER_FORM:
            raise NoSuchContractError(
                f"{order_form.name} is no order form but a {order_form.level}; write level: "
                "order-form in it"
            )
        documents = tuple(self._in_force(provider, service, signed_on))
        if not any(document.level in OWN_LEVELS for document in documents):
            raise NoSuchContractError(
                f"{provider} had no schedule for {service} on {signed_on}; see 'raccord contracts "
                "list' for the dates of its versions"
            )
        return Pin(
            provider=provider,
            service=service,
            signed_on=signed_on,
            documents=tuple(pinned(document) for document in documents),
            order_form=order_form,
        )

    def answer(self, pin: Pin, term_name: str) -> Answer:
        """Ask the pinned documents, in the order in which they win."""
        term = self.term(pin.service, term_name)
        asked: list[Step] = []
        for profile in self._documents(pin):
            entry = profile.entries.get(term.name)
            if entry is not None and profile.level is Level.LAW and not entry.mandatory:
                continue
            asked.append(Step(profile=profile, entry=entry, stated=_silence(profile, term.name)))
            if entry is not None:
                return Answer(term=term, winner=profile, entry=entry, asked=tuple(asked))
        return Answer(term=term, winner=None, entry=None, asked=tuple(asked))

    def answers(self, pin: Pin) -> Iterator[Answer]:
        for term in self.catalogue.for_service(pin.service):
            yield self.answer(pin, term.name)

    def is_answered(self, pin: Pin, term: Term) -> bool:
        """A value, or a silence that somebody stated: anything but a question nobody looked at."""
        answer = self.answer(pin, term.name)
        return not answer.is_silent or any(step.stated is not None for step in answer.asked)

    def term(self, service: str, name: str) -> Term:
        term = self.catalogue.terms.get(name)
        if term is None or not term.is_for(service):
            raise NoSuchTermError(
                f"no process asks '{name}' of {service}; see 'raccord contracts show' for what is "
                "asked"
            )
        return term

    @cached_property
    def _by_document(self) -> Mapping[PinnedDocument, Profile]:
        return {pinned(profile): profile for profile in self.profiles}

    def _services(self, level: Level) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, set[str]] = {}
        for profile in self.profiles:
            if profile.level is level:
                found.setdefault(profile.provider, set()).add(profile.service)
        return {provider: tuple(sorted(services)) for provider, services in found.items()}

    def _known(self, provider: str, service: str) -> None:
        known = {**self.providers(), **self.exchanges()}
        services = known.get(provider)
        if services is None:
            raise NoSuchContractError(
                f"there is no provider '{provider}'; write one of {', '.join(known)}"
            )
        if service not in services:
            raise NoSuchContractError(
                f"{provider} has no service '{service}'; write one of {', '.join(services)}"
            )

    def _in_force(self, provider: str, service: str, day: date) -> Iterator[Profile]:
        for level in PRECEDENCE:
            owner = _SHARED.get(level, provider)
            for profile in self.profiles:
                about = profile.service in {service, EVERY}
                of_level = profile.level is level and profile.provider == owner
                if of_level and about and profile.holds_on(day):
                    yield profile

    def _documents(self, pin: Pin) -> Iterator[Profile]:
        """In the order in which they win."""
        found = [*self._pinned(pin), *((pin.order_form,) if pin.order_form else ())]
        yield from sorted(found, key=lambda profile: PRECEDENCE.index(profile.level))

    def _pinned(self, pin: Pin) -> Iterator[Profile]:
        for document in pin.documents:
            profile = self._by_document.get(document)
            if profile is None:
                raise PinChangedError(
                    f"{document.provider}/{document.service} {document.version} is not what the "
                    "order was signed under; put that file back as it was and give the change a "
                    "version of its own"
                )
            yield profile


def pinned(profile: Profile) -> PinnedDocument:
    digest = hashlib.sha256(profile.model_dump_json().encode()).hexdigest()[:16]
    return PinnedDocument(
        provider=profile.provider,
        service=profile.service,
        level=profile.level,
        version=profile.version,
        digest=digest,
    )


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One question with two answers."""

    term: Term
    before: Answer
    after: Answer


def differences(shelf: Shelf, before: Pin, after: Pin) -> Iterable[Difference]:
    """What changes for an order signed under one pin or the other."""
    names = {t.name for t in shelf.catalogue.for_service(before.service)}
    for term in shelf.catalogue.for_service(after.service):
        if term.name not in names:
            continue
        first, second = shelf.answer(before, term.name), shelf.answer(after, term.name)
        if _value(first) != _value(second):
            yield Difference(term=term, before=first, after=second)


def _value(answer: Answer) -> object:
    return None if answer.entry is None else answer.entry.current.value


def _silence(profile: Profile, term: str) -> Said | None:
    if term in profile.silent:
        return Said(fr="muet", en="silent")
    if term in profile.not_supplied:
        return Said(fr="document non fourni", en="refers to a document not supplied")
    return None
