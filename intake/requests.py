"""An order as others write it, before anything is made of it."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    Strict,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from domain.notice_post import EMAIL_MAX, email_address
from domain.orders import CustomerKind
from domain.parsed import BadValueError, holds_control
from domain.policies import FIRST_YEAR_TAKEN, LAST_YEAR_TAKEN
from domain.port_in_facts import PAPER, HostNetwork, SimKind
from domain.said import Language


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


def _figures(value: object) -> object:
    """JSON has numbers for numbers: a text or a yes is a slip."""
    if isinstance(value, str | bool):
        raise PydanticCustomError("int_type", "This must be a whole number.")
    return value


def _paper(name: str) -> str:
    if re.fullmatch(PAPER, name) is None:
        raise PydanticCustomError("paper", "Write a paper's name like mandate or identity.")
    return name


def _email(text: str) -> str:
    try:
        return email_address(text)
    except BadValueError as exc:
        raise PydanticCustomError(
            "email_address", "This is no email address: write it like camille@example.fr."
        ) from exc


ShortText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=120),
    AfterValidator(_written),
]
LongText = Annotated[str, StringConstraints(max_length=400), AfterValidator(_written)]
Day = Annotated[date, AfterValidator(_likely)]
EmailText = Annotated[str, StringConstraints(max_length=EMAIL_MAX), AfterValidator(_email)]
PaperName = Annotated[str, StringConstraints(max_length=60), AfterValidator(_paper)]


YesOrNo = Annotated[bool, Strict()]
Figures = BeforeValidator(_figures)
"""Last among the annotations of a number, so that its bounds stay in the document."""
_EUROS = {
    "anyOf": [
        {"type": "number", "minimum": 0, "maximum": 9_999_999},
        {"type": "string", "pattern": r"^[0-9]{1,7}(\.[0-9]{1,2})?$"},
    ]
}
Euros = Annotated[Decimal, Field(ge=0, max_digits=9, decimal_places=2), WithJsonSchema(_EUROS)]


class _Asked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CustomerRequest(_Asked):
    name: ShortText = Field(description="Kept sealed, never logged.")
    contact: ShortText = Field(description="Whom to speak to. Kept sealed, never logged.")
    email: EmailText | None = Field(
        default=None, description="Where the customer is told. Kept sealed, never logged."
    )
    language: Language = Field(default=Language.FR, description="What the customer reads.")
    kind: CustomerKind
    headcount: Annotated[int, Field(ge=0, le=10_000_000), Figures] | None = Field(
        default=None, description="People employed."
    )
    off_premises: YesOrNo = Field(
        default=False, description="Signed outside the seller's premises."
    )
    within_main_activity: YesOrNo = Field(
        default=True, description="Whether telephony is within the customer's main activity."
    )
    start_now: YesOrNo = Field(
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
    monthly_ttc: Euros | None = Field(default=None, description="Euros a month, taxes in.")


class CustomerAmendment(_Asked):
    name: ShortText | None = Field(default=None, description="Kept sealed, never logged.")
    contact: ShortText | None = Field(default=None, description="Kept sealed, never logged.")


class LineAmendment(_Asked):
    line: Annotated[int, Field(ge=1, le=10_000), Figures] = Field(description="Which line, from 1.")
    wish: Day | None = Field(default=None, description="Another port day.")
    rio: ShortText | None = Field(default=None, description="Another RIO. Kept sealed.")


class AmendmentRequest(_Asked):
    """The order as it should be, where that differs from how it is."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"customer": {"contact": "Lou Bernard, 0145678901"}}]}
    )

    customer: CustomerAmendment | None = None
    lines: tuple[LineAmendment, ...] = Field(default=(), max_length=200)


_EXAMPLE: dict[str, JsonValue] = {
    "reference": "CRM-2026-0042",
    "provider": "axantis",
    "service": "mobile",
    "signed_on": "2026-11-20",
    "customer": {
        "name": "Etablissements Martin",
        "contact": "Camille Martin, camille@example.fr",
        "email": "camille@example.fr",
        "language": "fr",
        "kind": "company",
    },
    "documents": [
        {"name": "mandate", "on": "2026-11-20"},
        {"name": "identity", "on": "2026-11-20"},
    ],
    "lines": [{"msisdn": "0612345678", "rio": "02E123456TZE", "host": "orange"}],
}


LINES_MAX = 10_000
"""Of one order. A default of ours."""


class OrderRequest(_Asked):
    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    reference: ShortText = Field(description="Your own name for the order; not personal data.")
    provider: ShortText = Field(description="Whose contract: oksio, onecom, axantis…")
    service: Literal["mobile"] = "mobile"
    signed_on: Day = Field(description="The day the contract was signed.")
    customer: CustomerRequest
    documents: tuple[DocumentRequest, ...] = Field(default=(), max_length=40)
    lines: tuple[LineRequest, ...] = Field(
        min_length=1, max_length=LINES_MAX, description="One line or a whole fleet."
    )
