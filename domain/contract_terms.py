"""The questions a process may ask of a contract: a name, a kind and the services they are for.

The questions themselves are data (`contracts/terms/`), read by lawyers; this is their shape.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from domain.contract_values import ContractValue, Kind, Word
from domain.said import Said

_VOICE = frozenset({"vga", "preselection", "pbx", "sip", "sip-trunk", "centrex"})
SERVICE_GROUPS: Mapping[str, frozenset[str]] = {
    "voice": _VOICE,
    "fixed": _VOICE | {"data", "internet", "vpn"},
}
"""Services that are asked the same: those with fixed numbers, and those that need an access."""

EXCHANGE = "exchange"
"""What an inter-operator group is asked; `every` leaves it out."""


class Term(BaseModel):
    """One question."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Word
    kind: Kind
    services: tuple[Word, ...] = Field(min_length=1)
    """The services it is asked of; `every` for all."""
    fr: str
    en: str
    asked_by: tuple[Word, ...] = ()
    """The processes that ask it."""
    of: tuple[Word, ...] = ()
    """The words a choice is made of; any word where empty."""

    @property
    def said(self) -> Said:
        return Said(fr=self.fr, en=self.en)

    def strangers(self, value: ContractValue) -> tuple[str, ...]:
        """The words of an answer that are none of this question's."""
        words = getattr(value, "value", None)
        chosen = words if isinstance(words, tuple) else (words,)
        return tuple(str(word) for word in chosen if self.of and word not in self.of)

    def is_for(self, service: str) -> bool:
        named = service in self.services
        grouped = any(service in SERVICE_GROUPS.get(name, ()) for name in self.services)
        return named or grouped or ("every" in self.services and service != EXCHANGE)


@dataclass(frozen=True)
class Catalogue:
    """Every question, by name."""

    terms: Mapping[str, Term]

    def for_service(self, service: str) -> tuple[Term, ...]:
        return tuple(term for term in self.terms.values() if term.is_for(service))
