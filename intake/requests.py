"""An order as others write it, before anything is made of it."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from domain.orders import CustomerKind
from domain.parsed import holds_control
from domain.policies import FIRST_YEAR_TAKEN, LAST_YEAR_TAKEN
from domain.port_in_facts import PAPER, HostNetwork, SimKind


def _written(text: str) -> str:
    if holds_control(text):
        raise PydanticCustomError(
            "unprintable", "Remove the line breaks and control characters from this."
        )
    return text


def _likely(day: date) -> date:
    if not FIRST_YEAR_TAKEN <= day.year <= LAST_YEAR_TAKEN:
        raise PydanticCustomError(
            "unlikely_year",
            "Check the year: it is to lie between {first} and {last}.",
            {"first": FIRST_YEAR_TAKEN, "last": LAST_YEAR_TAKEN},
        )
    return day


def _paper(name: str) -> str:
    if re.fullmatch(PAPER, name) is None:
        raise PydanticCustomError("paper", "Write a paper's name like mandate or identity.")
    return name


ShortText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=120),
    AfterValidator(_written),
]
LongText = Annotated[str, StringConstraints(max_length=400), AfterValidator(_written)]
Day = Annotated[date, AfterValidator(_likely)]
PaperName = Annotated[str, StringConstraints(max_length=60), AfterValidator(_paper)]


class _Asked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CustomerRequest(_Asked):
    name: ShortText = Field(description="Kept sealed, never logged.")
    contact: ShortText = Field(description="Whom to speak to. Kept sealed, never logged.")
    kind: CustomerKind
    headcount: int | None = Field(default=None, ge=0, le=10_000_000, description="People employed.")
    off_premises: bool = Field(default=False, description="Signed outside the seller's premises.")
    within_main_activity: bool = Field(
        default=True, description="Whether telephony is within the customer's main activity."
    )
    start_now: bool = Field(
        default=False, description="The customer has expressly asked to start before withdrawal."
    )
    unpaid_since: Day | None = Field(
        default=None, description="When the oldest unpaid invoice was due."
    )


class DocumentRequest(_Asked):
    """Something handed in already, and the date it bears: a mandate, an identity, a payment."""

    name: PaperName
    on: Day


class LineRequest(_Asked):
    """One number to keep."""

    msisdn: ShortText = Field(description="The number, in any usual form. Kept sealed.")
    rio: ShortText | None = Field(default=None, description="Its RIO. Kept sealed.")
    host: HostNetwork | None = Field(default=None, description="The network, where one chooses.")
    sim: SimKind = SimKind.SIM
    wish: Day | None = Field(default=None, description="The port day the customer wishes.")
    monthly_ttc: Decimal | None = Field(
        default=None, ge=0, max_digits=9, decimal_places=2, description="Euros a month, taxes in."
    )


class CustomerAmendment(_Asked):
    name: ShortText | None = Field(default=None, description="Kept sealed, never logged.")
    contact: ShortText | None = Field(default=None, description="Kept sealed, never logged.")


class LineAmendment(_Asked):
    line: int = Field(ge=1, le=10_000, description="Which line, from 1.")
    wish: Day | None = Field(default=None, description="Another port day.")
    rio: ShortText | None = Field(default=None, description="Another RIO. Kept sealed.")


class AmendmentRequest(_Asked):
    """The order as it should be, where that differs from how it is."""

    customer: CustomerAmendment | None = None
    lines: tuple[LineAmendment, ...] = Field(default=(), max_length=200)


class OrderRequest(_Asked):
    reference: ShortText = Field(description="Your own name for the order; not personal data.")
    provider: ShortText = Field(description="Whose contract: oksio, onecom, axantis…")
    service: Literal["mobile"] = "mobile"
    signed_on: Day = Field(description="The day the contract was signed.")
    customer: CustomerRequest
    documents: tuple[DocumentRequest, ...] = Field(default=(), max_length=40)
    lines: tuple[LineRequest, ...] = Field(
        min_length=1, max_length=1, description="One line an order, for now."
    )
