"""What may be otherwise in an access that was ordered: its day, its rate, its place."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.access_facts import AccessTerms, Site, Use
from domain.copper_closures import OrderKind
from domain.event import Event
from domain.personal import Personal
from domain.said import Said


class Place(BaseModel):
    """Where a site is, and the keyed hashes its claims are named by."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    site: Site
    site_digest: str
    address_digest: str | None = None
    uses: tuple[Use, ...] = ()
    """What the customer says is on the pair or socket there."""
    known: tuple[str, ...] = ()
    coaxial_metres: int | None = None
    kind: OrderKind | None = None

    @classmethod
    def of(cls, terms: AccessTerms) -> "Place":
        return cls(
            site=terms.site,
            site_digest=terms.site_digest,
            address_digest=terms.address_digest,
            uses=terms.uses,
            known=terms.known,
            coaxial_metres=terms.coaxial_metres,
            kind=terms.kind,
        )

    def is_same(self, other: "Place") -> bool:
        """By what it is known by: how an address is written is not one of them."""
        return self.known_by == other.known_by

    @property
    def known_by(self) -> tuple[object, ...]:
        said = (self.uses, self.known, self.coaxial_metres, self.kind)
        named = (_revealed(self.site.name), _revealed(self.site.address_key))
        return (self.site.locator, self.site_digest, self.address_digest, *named, *said)


def _revealed(one: Personal | None) -> str | None:
    return None if one is None or one.forgotten else one.reveal()


class AccessChange(BaseModel):
    """What is to be otherwise; what is None stays as it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    wished: date | None = None
    down_kbps: Annotated[int, Field(ge=1)] | None = None
    place: Place | None = None

    def made_to(self, terms: AccessTerms) -> AccessTerms:
        own = {"wished": self.wished, "down_kbps": self.down_kbps}
        changed = {name: value for name, value in own.items() if value is not None}
        there = {} if self.place is None else dict(self.place)
        return terms.model_copy(update={**changed, **there})


class Anew(StrEnum):
    """From where the access begins again."""

    SITE = "site"
    """Another place is claimed, and everything after it."""
    ELIGIBILITY = "eligibility"
    """The operators are asked for something else."""


class AccessAmendmentAsked(Event):
    """It takes effect on what the contract asks for (000:345-346); meanwhile nothing new begins."""

    by: str
    asked_at: AwareDatetime
    change: AccessChange
    needs: Said


class AccessAmendmentLapsed(Event):
    why: Said


class AccessAmended(Event):
    """The order as it is from now on, and what of the access begins again."""

    by: str
    change: AccessChange
    anew: Anew | None
    gives_back: bool
    """What an operator keeps for us is given back before anything is asked again."""
    because: tuple[Said, ...] = ()
