"""Something asked about one site, for those who write it down."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from domain.access_facts import Locator, Technology
from domain.access_operators import AccessRequest
from domain.identity import LineId
from domain.port_in_facts import Step

ADDRESS = "4 rue des Jardins, Metz"
SOCKET = "OO-1A2B-3C4D"
NDI = "0387001122"
LINE = "4a6b0c44-0000-5000-8000-000000000002"
KEY = "9d1e0c44-0000-5000-8000-000000000001"
SECRETS = (ADDRESS, SOCKET, NDI)
CHECK = AccessRequest(
    step=Step.CHECK_ELIGIBILITY,
    key=KEY,
    line_id=LineId(UUID(LINE)),
    asked_at=datetime(2027, 1, 6, 23, 0, tzinfo=UTC),
    commune="57463",
    address=ADDRESS,
    locator=Locator.ADDRESS,
    name=None,
    technologies=(Technology.FTTH, Technology.VDSL),
)


def asked(step: Step = Step.CHECK_ELIGIBILITY, **changes: Any) -> AccessRequest:  # noqa: ANN401  any field
    technologies = CHECK.technologies
    if step is not Step.CHECK_ELIGIBILITY:
        technologies = technologies[:1]
    return replace(CHECK, step=step, **{"technologies": technologies, **changes})
