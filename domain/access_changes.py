"""What may be otherwise in an access that was ordered: its day, its rate, its place."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.access_facts import AccessTerms, Site
from domain.event import Event
from domain.said import Said


class AccessChange(BaseModel):
    """What is to be otherwise; what is None stays as it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    wished: date | None = None
    down_kbps: Annotated[int, Field(ge=1)] | None = None
    site: Site | None = None
    site_digest: str | None = None
    """Of the other place; whatever names a place names its claim."""

    def made_to(self, terms: AccessTerms) -> AccessTerms:
        changed = {name: value for name, value in self if value is not None}
        return terms.model_copy(update=changed)


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
