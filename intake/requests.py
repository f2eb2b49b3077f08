"""An order as others write it, before anything is made of it."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    Strict,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)
from pydantic_core import PydanticCustomError

from domain.access_exclusions import Exclusion
from domain.access_facts import Technology, Use
from domain.copper_closures import OrderKind
from domain.identity import LineId
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
AddressText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
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


class FormClauseRequest(_Asked):
    """What the signed order form answers to one question, in place of the contract's own answer."""

    term: Annotated[str, Field(pattern=r"^[a-z0-9.-]{1,60}$")] = Field(
        description="The question: acceptance.by-customer, billing.equipment-from… "
        "`raccord contracts show` lists them.",
        examples=["acceptance.by-customer"],
    )
    answer: bool | ShortText | dict[str, JsonValue] = Field(
        description='Yes or no, one of its words, several as {"value": ["ftth", "sdsl"]}, or its '
        'parts as a contract file writes them: {"amount": 24, "unit": "month", "anchor": '
        '"service-start"}.',
        examples=[True],
    )
    line: Annotated[int, Field(ge=1, le=9_999), Figures] = Field(
        description="Where it stands: the line of the signed form."
    )
    words: ShortText = Field(
        description="Two to five words or figures that stand there; not personal data.",
        examples=["procès-verbal de recette"],
    )


class LineRequest(_Asked):
    """One number to keep."""

    msisdn: ShortText = Field(description="The number, in any usual form. Kept sealed.")
    rio: ShortText | None = Field(default=None, description="Its RIO. Kept sealed.")
    host: HostNetwork | None = Field(default=None, description="The network, where one chooses.")
    sim: SimKind = SimKind.SIM
    wish: Day | None = Field(default=None, description="The port day the customer wishes.")
    monthly_ttc: Euros | None = Field(default=None, description="Euros a month, taxes in.")


class PricesRequest(_Asked):
    """What the order form says: what fees and indemnities are multiples of."""

    access_fee: Euros | None = Field(default=None, description="Euros without VAT, once.")
    monthly: Euros | None = Field(default=None, description="Euros a month, without VAT.")
    term_months: Annotated[int, Field(ge=1, le=120), Figures] | None = Field(
        default=None, description="The term committed to, in months."
    )
    installation: Euros | None = Field(
        default=None, description="Of the installation, on a quote that was accepted, without VAT."
    )
    monthly_ttc: Euros | None = Field(
        default=None,
        description="Euros a month, taxes in: what the indemnity of a missed visit is a share of.",
    )


def _metres(least: int) -> WithJsonSchema:
    """Whole metres, or written with their centimetres."""
    written = rf"^[{least}-9][0-9]{{0,2}}(\.[0-9]{{1,2}})?$"
    whole = {"type": "integer", "minimum": least, "maximum": 999}
    return WithJsonSchema({"anyOf": [whole, {"type": "string", "pattern": written}]})


_Metres = Annotated[Decimal, Field(gt=0, lt=1_000, decimal_places=2), _metres(1)]
_Height = Annotated[Decimal, Field(ge=0, lt=1_000, decimal_places=2), _metres(0)]


class CablingRequest(_Asked):
    """What would have to be laid inside the site, in metres."""

    cable: _Metres = Field(description="How much of it.")
    height: _Height = Field(default=Decimal(0), description="The highest work.")
    apart: _Metres | None = Field(
        default=None, description="Between two terminals, where there are two."
    )


class PlaceRequest(_Asked):
    """Where a site is: its address always, and what names it where that is known."""

    address: AddressText = Field(
        description="Number, street, building, floor, town. Kept sealed, never logged."
    )
    commune: ShortText = Field(description="Its INSEE code, which is not the postcode.")
    building: ShortText | None = Field(
        default=None, description="The code of the building, where its operator gave one."
    )
    socket: ShortText | None = Field(
        default=None, description="The number on the fibre socket (PTO). Kept sealed."
    )
    line_number: ShortText | None = Field(
        default=None, description="The number of the line or installation (ND, NDI). Kept sealed."
    )
    address_key: ShortText | None = Field(
        default=None,
        description="The address's own key in the files that close copper; its number and street "
        "where none is given. Kept sealed.",
    )


class ToldPlaceRequest(PlaceRequest):
    """A place, and what is known of it."""

    kind: OrderKind | None = Field(
        default=None,
        description="new-line, takeover or move: copper closes for each on a day of its own. A "
        "takeover where a line_number is given and nothing else is said, a new line otherwise.",
    )
    uses: tuple[Use, ...] = Field(
        default=(), max_length=10, description="What the pair or the socket serves now."
    )
    known: tuple[Exclusion, ...] = Field(
        default=(),
        max_length=30,
        description="What is known of the line or the site, and a contract may leave it out for.",
    )
    coaxial_metres: Annotated[int, Field(ge=0, le=100_000), Figures] | None = Field(
        default=None,
        description="From where the network enters the building to the coaxial socket.",
    )


class SiteRequest(ToldPlaceRequest):
    """One site to connect: where, how, and what is there already."""

    wanted: tuple[Technology, ...] = Field(
        min_length=1, max_length=10, description="In the order in which they are wanted."
    )
    down_kbps: Annotated[int, Field(ge=1, le=1_000_000_000), Figures] | None = Field(
        default=None, description="The least that is wanted."
    )
    operators: tuple[HostNetwork, ...] = Field(
        default=(),
        max_length=10,
        description="Whom to ask first. The contracts leave the choice to the provider: the "
        "others are asked after them.",
    )
    prices: PricesRequest = PricesRequest()
    keeps: tuple[ShortText, ...] = Field(
        default=(), max_length=100, description="Numbers on it that are to be kept. Kept sealed."
    )
    wish: Day | None = Field(default=None, description="The day the customer wishes.")
    alternative_to: LineId | None = Field(
        default=None,
        description="The line of another order of yours that could not be served, which this is "
        "signed in place of.",
    )
    cabling: CablingRequest | None = Field(
        default=None, description="Cabling inside the site, where it is known."
    )
    after: tuple[Annotated[int, Field(ge=1, le=9_999), Figures], ...] = Field(
        default=(),
        max_length=200,
        description="Lines of this order, by their numbers from 1, that are in service before this "
        "one is put into service.",
    )
    central: YesOrNo = Field(
        default=False,
        description="The central site: every other line of the order is put into service after it.",
    )


class CustomerAmendment(_Asked):
    name: ShortText | None = Field(default=None, description="Kept sealed, never logged.")
    contact: ShortText | None = Field(default=None, description="Kept sealed, never logged.")


class LineAmendment(_Asked):
    line: Annotated[int, Field(ge=1, le=10_000), Figures] = Field(description="Which line, from 1.")
    wish: Day | None = Field(default=None, description="Another port day, or another wished day.")
    asked_on: Day | None = Field(
        default=None,
        description="Of another wished day of an access: the day the customer asked for it, by its "
        "email; today, if not said.",
    )
    down_kbps: Annotated[int, Field(ge=1, le=1_000_000_000), Figures] | None = Field(
        default=None, description="Another least rate of an access."
    )
    site: ToldPlaceRequest | None = Field(
        default=None, description="Another place of an access, and what is known of it."
    )
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


_SITES_EXAMPLE: dict[str, JsonValue] = {
    "reference": "CRM-2026-0043",
    "provider": "technicophone",
    "service": "internet",
    "signed_on": "2026-11-20",
    "customer": {
        "name": "Etablissements Martin",
        "contact": "Camille Martin, camille@example.fr",
        "kind": "company",
    },
    "documents": [{"name": "signed-order-form", "on": "2026-11-20"}],
    "sites": [
        {
            "address": "12 rue des Tanneurs, bâtiment B, 69009 Lyon",
            "commune": "69389",
            "socket": "OO-1234-5678",
            "wanted": ["ftth", "sdsl"],
            "down_kbps": 100_000,
            "prices": {"access_fee": "150.00", "monthly": "49.90", "term_months": 36},
            "uses": ["broadband"],
        }
    ],
}


LINES_MAX = 10_000
"""Of one order. A default of ours."""
SITES_MAX = 200
"""Of one order: each is a process of weeks. A default of ours."""
Service = Literal["mobile", "data", "internet"]
SERVICES: tuple[Service, ...] = get_args(Service)
"""What can be ordered."""
MOBILE: Service = "mobile"


def _one_at_least(schema: dict[str, Any]) -> None:
    """Which of the two lists an order has is said by its service; neither is ever empty."""
    schema.pop("default")
    schema["minItems"] = 1


_OTHER_LIST = {
    "lines": "An order of {service} has no lines: order the numbers by themselves, under mobile.",
    "sites": "An order of {service} has no sites: say which service they are of, data or internet.",
}


def _check_list(asked: tuple[object, ...], service: str, name: str) -> None:
    """Mobile orders have lines, the others sites: one list, and not the other."""
    wanted = "lines" if service == MOBILE else "sites"
    told = {"service": service, "name": name}
    if name != wanted and asked:
        raise PydanticCustomError("wrong_list", _OTHER_LIST[name], told)
    if name == wanted and not asked:
        raise PydanticCustomError(
            "wrong_list", "An order of {service} has {name}: one is required here, add it.", told
        )


class OrderRequest(_Asked):
    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE, _SITES_EXAMPLE]})

    reference: ShortText = Field(description="Your own name for the order; not personal data.")
    provider: ShortText = Field(description="Whose contract: oksio, onecom, axantis…")
    service: Service = Field(
        default=MOBILE,
        description="Numbers to port, or accesses: data is OKSIO's, internet Technicophone's.",
    )
    signed_on: Day = Field(description="The day the contract was signed.")
    customer: CustomerRequest
    documents: tuple[DocumentRequest, ...] = Field(default=(), max_length=40)
    order_form: tuple[FormClauseRequest, ...] = Field(
        default=(),
        max_length=40,
        description="What was signed for this order alone: it comes before the contract.",
    )
    lines: tuple[LineRequest, ...] = Field(
        default=(),
        validate_default=True,
        max_length=LINES_MAX,
        description="Of a mobile order: one line or a whole fleet.",
        json_schema_extra=_one_at_least,
    )
    sites: tuple[SiteRequest, ...] = Field(
        default=(),
        validate_default=True,
        max_length=SITES_MAX,
        description="Of an order of accesses: the sites to connect.",
        json_schema_extra=_one_at_least,
    )

    deposit_asked: YesOrNo = Field(
        default=False,
        description="Of an order of accesses: a guarantee was asked for, and is waited for.",
    )

    @field_validator("deposit_asked")
    @classmethod
    def _of_accesses_only(cls, asked: bool, info: ValidationInfo) -> bool:  # noqa: FBT001  pydantic's own call
        if asked and info.data.get("service") == MOBILE:
            raise PydanticCustomError(
                "wrong_list", "No guarantee is asked for a mobile order: take it out."
            )
        return asked

    @field_validator("lines", "sites")
    @classmethod
    def _as_the_service_has_it(
        cls, asked: tuple[object, ...], info: ValidationInfo
    ) -> tuple[object, ...]:
        service = info.data.get("service")
        if service is not None:
            _check_list(asked, service, info.field_name or "")
        return asked

    @property
    def as_written(self) -> str:
        """What a retry is compared by. A mobile order is written as it was before there were
        accesses, and any order as before it could have a form of its own: what was accepted then is
        the same order still."""
        new = {"sites", "deposit_asked"} if self.service == MOBILE else set()
        return self.model_dump_json(exclude=new if self.order_form else {*new, "order_form"})
