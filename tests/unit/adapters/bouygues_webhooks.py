"""What Bouygues Telecom tells about fixed accesses: one webhook of each kind."""

from decimal import Decimal
from typing import Any

from domain.access_facts import QuoteLine
from tests.unit.adapters.accesses import KEY, LINE
from tests.unit.adapters.spoiling import without

WRITTEN = "2027-01-10T00:00:00Z"
Json = dict[str, Any]


def webhook(kind: str, command: str = "RESERVE", **details: object) -> Json:
    return {
        "event": {"id": "evt_1", "kind": kind, "occurred_at": WRITTEN},
        "operation": {"id": "op_1", "idempotency_key": KEY, "command": command},
        "access": {"partner_access": LINE, "id": "bt-S1"},
        "details": details,
    }


ELIGIBLE = {
    "product": "FTTH",
    "bandwidth": {"download_kbps": 1_000_000, "upload_kbps": 700_000},
    "lead_time": {"working_days": 15},
    "study_required": False,
}
BONDED = {
    "product": "SDSL_BONDED",
    "bandwidth": {"download_kbps": 22_800, "upload_kbps": 22_800},
    "lead_time": {"working_days": 30},
    "study_required": True,
    "pairs": 4,
}
QUOTE = {
    "id": "Q-1",
    "purpose": "WORKS",
    "items": [
        {"label": "Génie civil", "euros": "1450.00"},
        {"label": "Main-d'œuvre", "euros": "99.50"},
    ],
}
CHECKED = webhook(
    "access.checked",
    "CHECK",
    eligible=[ELIGIBLE, BONDED],
    not_eligible=[
        {"product": "VDSL2", "code": "TOO_MUCH_ATTENUATION"},
        {"product": "ADSL", "code": "DELAY_30"},
    ],
    in_use=["INTERNET", "AUTOMATIC_CALLS"],
)
STUDIED = webhook(
    "access.studied",
    "STUDY",
    conclusion="FEASIBLE",
    code="WORKS_NEEDED",
    changes={
        "product": "FTTO",
        "lead_time": {"working_days": 40},
        "access_fee_euros": "-50.00",
    },
    quote=QUOTE,
)
RESERVED = webhook("access.reserved")
SATURATED = webhook(
    "access.saturated",
    saturation={"caused_at": "2027-01-09T00:00:00Z", "place": "CUSTOMER", "at_first_visit": False},
    quote={**QUOTE, "purpose": "DESATURATION"},
)
DONE = webhook("access.desaturated", "DESATURATE")
GIVEN_BACK = webhook("access.given_back", "GIVE_BACK")
CANCELLED = webhook("access.command_cancelled", "CANCEL", cancelled={"idempotency_key": "k-0"})
REFUSED = webhook("access.command_refused", "STUDY", refusal={"code": "NETWORK_SATURATED"})
WITHDRAWN = without(
    webhook("access.supply_withdrawn", withdrawal={"code": "COPPER_CLOSED"}), ("operation",)
)
OVERWRITTEN = without(
    webhook("access.wrong_overwriting", overwriting={"code": "WRONG_OTP"}), ("operation",)
)
PUT_BACK = webhook("access.put_back", "PUT_BACK")
LINES = (
    QuoteLine(what="Génie civil", euros=Decimal("1450.00")),
    QuoteLine(what="Main-d'œuvre", euros=Decimal("99.50")),
)
