"""Who answers a question: the law where it must, then the order form, and so on down to us.

An order pins the versions in force on the day it was signed; every later question is asked of them.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
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


class Stated(StrEnum):
    """Why a document that was read does not answer."""

    SILENT = "silent"
    """Its text was searched, and does not say."""
    NOT_SUPPLIED = "not-supplied"
    """It refers to a document we were not given."""

    @property
    def said(self) -> Said:
        if self is Stated.SILENT:
            return Said(fr="muet", en="silent")
        return Said(fr="document non fourni", en="refers to a document not supplied")


@dataclass(frozen=True, kw_only=True)
class Step:
    """What one document had to say."""

    profile: Profile
    entry: Entry | None
    stated: Stated | None
    """Its silence, where somebody looked for an answer and found none."""

    @property
    def may_win(self) -> bool:
        """Law that is not mandatory is shown and wins over nobody."""
        law = self.profile.level is Level.LAW
        return self.entry is not None and (self.entry.mandatory or not law)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A question and what every pinned document says to it, in the order in which they win."""

    term: Term
    steps: tuple[Step, ...]

    @property
    def won_by(self) -> Step | None:
        return next((step for step in self.steps if step.may_win), None)

    @property
    def winner(self) -> Profile | None:
        return None if self.won_by is None else self.won_by.profile

    @property
    def entry(self) -> Entry | None:
        return None if self.won_by is None else self.won_by.entry

    @property
    def is_silent(self) -> bool:
        return self.won_by is None

    @property
    def stated(self) -> Stated | None:
        """The first silence that was stated; None where nobody looked."""
        return next((step.stated for step in self.steps if step.stated is not None), None)

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

    def services_on(self, provider: str, day: date) -> tuple[str, ...]:
        """The services a provider has a schedule for on a day."""
        return tuple(
            profile.service
            for profile in self.profiles
            if (profile.provider, profile.level) == (provider, Level.SERVICE_SCHEDULE)
            and profile.holds_on(day)
        )

    def exchanges(self) -> Mapping[str, tuple[str, ...]]:
        """The exchange groups, which are asked on their own."""
        return self._services(Level.EXCHANGE)

    def pin(
        self, provider: str, service: str, signed_on: date, *, order_form: Profile | None = None
    ) -> Pin:
        """The documents in force on the day of signature."""
        self._known(provider, service)
        if order_form is not None:
            _check_form(order_form, provider, service, signed_on)
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
            documents=tuple(self._pins[id(document)] for document in documents),
            order_form=order_form,
        )

    def answer(self, pin: Pin, term_name: str) -> Answer:
        """Ask the pinned documents, in the order in which they win."""
        term = self.term(pin.service, term_name)
        return Answer(
            term=term,
            steps=tuple(
                Step(
                    profile=profile,
                    entry=profile.entries.get(term.name),
                    stated=_silence(profile, term.name),
                )
                for profile in self._documents(pin)
            ),
        )

    def answers(self, pin: Pin) -> Iterator[Answer]:
        for term in self.catalogue.for_service(pin.service):
            yield self.answer(pin, term.name)

    def is_answered(self, pin: Pin, term: Term) -> bool:
        """A value, or a silence that somebody stated: anything but a question nobody looked at."""
        answer = self.answer(pin, term.name)
        return not answer.is_silent or answer.stated is not None

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
        return {self._pins[id(profile)]: profile for profile in self.profiles}

    @cached_property
    def _pins(self) -> Mapping[int, PinnedDocument]:
        """Worked out once: every order of a shelf is pinned to the same few documents."""
        return {id(profile): pinned(profile) for profile in self.profiles}

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
                f"there is no provider '{provider}'; write one of {', '.join(known) or 'none yet'}"
            )
        if service not in services:
            raise NoSuchContractError(
                f"{provider} has no service '{service}'; write one of {', '.join(services)}"
            )

    def _in_force(self, provider: str, service: str, day: date) -> Iterator[Profile]:
        """What is about the service alone comes before what is about all of them."""
        for level in PRECEDENCE:
            if level is Level.ORDER_FORM:
                continue  # an order carries its own
            owner = _SHARED.get(level, provider)
            for about in (service, EVERY):
                for profile in self.profiles:
                    ours = (profile.level, profile.provider, profile.service)
                    if ours == (level, owner, about) and profile.holds_on(day):
                        yield profile

    def _documents(self, pin: Pin) -> Iterator[Profile]:
        """In the order in which they win."""
        found = [*self._pinned(pin), *((pin.order_form,) if pin.order_form else ())]
        yield from sorted(found, key=lambda profile: PRECEDENCE.index(profile.level))

    def _pinned(self, pin: Pin) -> Iterator[Profile]:
        whole = any(document.level in OWN_LEVELS for document in pin.documents)
        if not whole or any(not _belongs(document, pin) for document in pin.documents):
            raise PinChangedError(
                f"the pin of {pin.provider}/{pin.service} names documents of another contract, or "
                "none; make it again from the order"
            )
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
    """What decides an answer, and nothing else: its end and its signatures come later."""
    entries = {
        name: entry.model_dump(mode="json", exclude={"note", "signed", "because"})
        for name, entry in sorted(profile.entries.items())
    }
    silences = (sorted(profile.silent), sorted(profile.not_supplied))
    decides = json.dumps([str(profile.valid_from), entries, silences], sort_keys=True)
    return PinnedDocument(
        provider=profile.provider,
        service=profile.service,
        level=profile.level,
        version=profile.version,
        digest=hashlib.sha256(decides.encode()).hexdigest()[:16],
    )


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One question with two answers."""

    term: Term
    before: Answer
    after: Answer


def differences(shelf: Shelf, before: Pin, after: Pin) -> tuple[Difference, ...]:
    """What changes for an order signed under one pin or the other."""
    both = {term.name for term in shelf.catalogue.for_service(before.service)}
    common = [t for t in shelf.catalogue.for_service(after.service) if t.name in both]
    if not common:
        raise NoSuchTermError(
            f"{before.service} and {after.service} are asked nothing in common; compare two "
            "services of a kind"
        )
    asked = [
        Difference(
            term=term,
            before=shelf.answer(before, term.name),
            after=shelf.answer(after, term.name),
        )
        for term in common
    ]
    return tuple(one for one in asked if _what_counts(one.before) != _what_counts(one.after))


def _what_counts(answer: Answer) -> object:
    """The values, whether they may be charged, and why there is none; not where they stand."""
    if answer.entry is None:
        return answer.stated
    entry = answer.entry
    readings = sorted(str(reading.value) for reading in entry.readings)
    return entry.current.value, readings, entry.may_be_charged


def _check_form(form: Profile, provider: str, service: str, signed_on: date) -> None:
    if form.level is not Level.ORDER_FORM:
        raise NoSuchContractError(
            f"{form.name} is no order form but a {form.level}; write level: order-form in it"
        )
    if (form.provider, form.service) != (provider, service) or not form.holds_on(signed_on):
        raise NoSuchContractError(
            f"{form.name} is not the order form of {provider}/{service} signed on {signed_on}; "
            "correct its provider, service or valid_from"
        )


def _belongs(document: PinnedDocument, pin: Pin) -> bool:
    owner = _SHARED.get(document.level, pin.provider)
    return document.provider == owner and document.service in {pin.service, EVERY}


def _silence(profile: Profile, term: str) -> Stated | None:
    if term in profile.silent:
        return Stated.SILENT
    return Stated.NOT_SUPPLIED if term in profile.not_supplied else None
