"""Bouygues Telecom's dialect about fixed accesses: what is read of its webhooks.

A stand-in of ours, documented in `dialect.yaml`. Sums are decimals in euros without VAT. A code of
non-eligibility that we do not know is kept; a product or a use that we do not know is not guessed
at: the webhook cannot be read.
"""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from adapters.bouygues.messages import (
    EventNamed,
    Instant,
    LineName,
    OurLine,
    Read,
    UnreadableAnswerError,
    Word,
)

Whole = Annotated[int, Field(strict=True)]
Kbps = Annotated[Whole, Field(ge=1, le=1_000_000_000)]
WorkingDays = Annotated[Whole, Field(ge=0, le=3_650)]
Pairs = Annotated[Whole, Field(ge=1, le=64)]
Flag = Annotated[bool, Field(strict=True)]
Label = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f]{1,200}$")]
Euros = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,8}\.[0-9]{2}$")]
EurosMoreOrLess = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,8}\.[0-9]{2}$")]


class Command(StrEnum):
    """What is asked of an access."""

    CHECK = "CHECK"
    STUDY = "STUDY"
    RESERVE = "RESERVE"
    DESATURATE = "DESATURATE"
    BUILD = "BUILD"
    LIST_SLOTS = "LIST_SLOTS"
    BOOK_VISIT = "BOOK_VISIT"
    CANCEL_VISIT = "CANCEL_VISIT"
    COMMISSION = "COMMISSION"
    GIVE_BACK = "GIVE_BACK"
    PUT_BACK = "PUT_BACK"
    CANCEL = "CANCEL"


class Product(StrEnum):
    """How a site is reached."""

    FTTH = "FTTH"
    FTTLA = "FTTLA"
    """Fibre to the last amplifier, and coaxial cable from there."""
    FTTO = "FTTO"
    ADSL = "ADSL"
    VDSL2 = "VDSL2"
    SDSL = "SDSL"
    SDSL_BONDED = "SDSL_BONDED"
    RADIO_4G_5G = "RADIO_4G_5G"
    RADIO_LINK = "RADIO_LINK"
    LEASED_LINE = "LEASED_LINE"


class InUse(StrEnum):
    """What is on the pair or socket already."""

    INTERNET = "INTERNET"
    VOICE = "VOICE"
    PRESELECTION = "PRESELECTION"
    AUTOMATIC_CALLS = "AUTOMATIC_CALLS"
    """An alarm, a lift, a payment terminal."""


class Conclusion(StrEnum):
    """What a study comes to."""

    FEASIBLE = "FEASIBLE"
    NOT_FEASIBLE = "NOT_FEASIBLE"
    OTHERWISE = "OTHERWISE"


class Purpose(StrEnum):
    """What a quote is for."""

    WORKS = "WORKS"
    DESATURATION = "DESATURATION"


class Kind(StrEnum):
    """What a webhook about an access is about."""

    CHECKED = "access.checked"
    STUDIED = "access.studied"
    RESERVED = "access.reserved"
    SATURATED = "access.saturated"
    DESATURATED = "access.desaturated"
    GIVEN_BACK = "access.given_back"
    SUPPLY_WITHDRAWN = "access.supply_withdrawn"
    OVERWRITTEN = "access.wrong_overwriting"
    PUT_BACK = "access.put_back"
    CANCELLED = "access.command_cancelled"
    REFUSED = "access.command_refused"


class WorksKind(StrEnum):
    """Likewise, of its works, its visits and its opening."""

    MILESTONE_REACHED = "access.milestone_reached"
    BUILT = "access.built"
    BUILD_STOPPED = "access.build_stopped"
    SLOTS_LISTED = "visit.slots_listed"
    VISIT_BOOKED = "visit.booked"
    VISIT_CANCELLED = "visit.cancelled"
    VISIT_MOVED = "visit.moved"
    VISIT_COMPLETED = "visit.completed"
    VISIT_FAILED = "visit.failed"
    VISIT_MISSED = "visit.missed"
    COMMISSIONED = "access.commissioned"


class AccessNamed(Read):
    partner_access: OurLine
    id: LineName | None = None


class AccessEnvelope(Read):
    """As much of a webhook about an access as is needed to keep it."""

    event: EventNamed
    access: AccessNamed

    @property
    def ours(self) -> str:
        return self.access.partner_access


class Happened(Read):
    id: Word
    kind: Kind | WorksKind
    occurred_at: Instant


class Commanded(Read):
    idempotency_key: Word
    command: Command


class AccessWebhook(Read):
    event: Happened
    access: AccessNamed
    operation: Commanded | None = None
    """None when nothing was asked: they take something back, or move a visit, by themselves."""
    details: dict[str, Any]

    @property
    def asked(self) -> Commanded:
        if self.operation is None:
            raise UnreadableAnswerError("it does not say what it is the answer to")
        return self.operation


class Bandwidth(Read):
    download_kbps: Kbps
    upload_kbps: Kbps


class LeadTime(Read):
    working_days: WorkingDays


class Eligible(Read):
    product: Product
    bandwidth: Bandwidth
    lead_time: LeadTime
    study_required: Flag
    pairs: Pairs | None = None


class NotEligible(Read):
    product: Product
    code: Word


class CheckedDetails(Read):
    eligible: Annotated[tuple[Eligible, ...], Field(max_length=50)]
    not_eligible: Annotated[tuple[NotEligible, ...], Field(max_length=50)]
    in_use: Annotated[tuple[InUse, ...], Field(max_length=50)] = ()


class Item(Read):
    label: Label
    euros: Euros


class QuoteGiven(Read):
    id: Word
    purpose: Purpose
    items: Annotated[tuple[Item, ...], Field(min_length=1, max_length=50)]


class Instead(Read):
    """What the study changes of what was ordered."""

    product: Product | None = None
    lead_time: LeadTime | None = None
    access_fee_euros: EurosMoreOrLess | None = None


class StudiedDetails(Read):
    conclusion: Conclusion
    code: Word | None = None
    changes: Instead = Instead()
    quote: QuoteGiven | None = None


class Saturation(Read):
    caused_at: Instant
    place: Literal["NETWORK", "CUSTOMER"]
    at_first_visit: Flag


class SaturatedDetails(Read):
    saturation: Saturation
    quote: QuoteGiven | None = None


class Withdrawn(Read):
    code: Word


class WithdrawnDetails(Read):
    withdrawal: Withdrawn


class Overwritten(Read):
    code: Word


class OverwrittenDetails(Read):
    overwriting: Overwritten
