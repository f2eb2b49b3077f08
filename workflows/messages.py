"""What people send to a process, as one JSON object each, and what they are answered."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from hashlib import sha256

from pydantic import BaseModel, ConfigDict, Field

from domain.attention import DecisionRefusedError
from domain.given import check_names
from domain.identity import CorrectionId
from domain.parsed import holds_control

FROM_THE_UI = "temporal-ui (unverified)"


class DecisionRequest(BaseModel):
    """`{"decision": "retry", "reason": "…"}`, and what comes with it under `given`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    decision: str
    reason: str = ""
    about: str | None = Field(default=None, description="Which attention, if several allow it.")
    by: str = FROM_THE_UI
    given: Mapping[str, str] = {}


class CancelRequest(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    by: str = FROM_THE_UI


class AmendRequest(BaseModel):
    """Another day or rate; another RIO or place by the id it was kept under."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: str = FROM_THE_UI
    day: date | None = None
    correction: CorrectionId | None = None
    down_kbps: int | None = Field(default=None, ge=1)
    asked_on: date | None = None


class HoldRequest(BaseModel):
    """Suspended until a day; taken up again when none is given."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: str = FROM_THE_UI
    reason: str = ""
    until: date | None = None


class EquipmentRequest(BaseModel):
    """One piece of equipment, and where it is now; `monthly` and `once`, its own price on the order
    form, without VAT; reserves by the id they were kept under."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: str = FROM_THE_UI
    name: str
    to: str
    on: date | None = None
    serial: str | None = None
    bought: bool = False
    monthly: Decimal | None = None
    once: Decimal | None = None
    euros: Decimal | None = None
    correction: CorrectionId | None = None

    @property
    def written(self) -> tuple[str, ...]:
        """What of it is text."""
        return (self.by, self.name, self.to, self.serial or "")


def refuse_unless_printable(*texts: str) -> None:
    if any(map(holds_control, texts)):
        raise ValueError("remove the line breaks and control characters from what you send")


def refuse_what_may_not_be_kept(request: DecisionRequest) -> None:
    """ValueError with the sentence: not a control character, nor a RIO written by mistake."""
    texts = (request.decision, request.reason, request.about or "", request.by)
    refuse_unless_printable(*texts, *request.given.values())
    try:
        check_names(request.given)
    except DecisionRefusedError as exc:
        raise ValueError(str(exc)) from exc


def unlike(key: str, request: BaseModel) -> str:
    """The key, and what tells another request under it from a repeat of the first."""
    return f"{key}{_MARK}{sha256(request.model_dump_json().encode()).hexdigest()[:16]}"


def key_in(update_id: str) -> str:
    return update_id.partition(_MARK)[0]


_MARK = "#"


class Ruled(BaseModel):
    """Taken, or refused with a sentence that says what could be decided instead."""

    model_config = ConfigDict(frozen=True)

    taken: bool
    why: str | None = None
    version: int
