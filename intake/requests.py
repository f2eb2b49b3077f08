"""An order as others write it, before anything is made of it."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from domain.orders import CustomerKind
from domain.port_in_facts import HostNetwork, SimKind

ShortText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]


class _Asked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CustomerRequest(_Asked):
    name: ShortText = Field(description="Kept sealed, never logged.")
    contact: ShortText = Field(description="Whom to speak to. Kept sealed, never logged.")
    kind: CustomerKind
    headcount: int | None = Field(default=None, ge=0, description="People employed.")
    off_premises: bool = Field(default=False, description="Signed outside the seller's premises.")
    within_main_activity: bool = Field(
        default=True, description="Whether telephony is within the customer's main activity."
    )
    start_now: bool = Field(
        default=False, description="The customer has expressly asked to start before withdrawal."
    )
    unpaid_since: date | None = Field(
        default=None, description="When the oldest unpaid invoice was due."
    )


class DocumentRequest(_Asked):
    """Something handed in already, and the date it bears: a mandate, an identity, a payment."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$", max_length=60)]
    on: date


class LineRequest(_Asked):
    """One number to keep."""

    msisdn: ShortText = Field(description="The number, in any usual form. Kept sealed.")
    rio: ShortText | None = Field(default=None, description="Its RIO. Kept sealed.")
    host: HostNetwork | None = Field(default=None, description="The network, where one chooses.")
    sim: SimKind = SimKind.SIM
    wish: date | None = Field(default=None, description="The port day the customer wishes.")
    monthly_ttc: Decimal | None = Field(
        default=None, ge=0, max_digits=9, decimal_places=2, description="Euros a month, taxes in."
    )


class OrderRequest(_Asked):
    reference: ShortText = Field(description="Your own name for the order; not personal data.")
    provider: ShortText = Field(description="Whose contract: oksio, onecom, axantis…")
    service: Literal["mobile"] = "mobile"
    signed_on: date = Field(description="The day the contract was signed.")
    customer: CustomerRequest
    documents: tuple[DocumentRequest, ...] = Field(default=(), max_length=40)
    lines: tuple[LineRequest, ...] = Field(
        min_length=1, max_length=1, description="One line an order, for now."
    )
