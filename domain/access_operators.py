"""What is asked of operators about a fixed access.

Asking is like asking about a mobile line (`operators.py`): once for each key, whatever is lost, and
the answer comes as each operator's habit has it. An eligibility is a question, a study costs days,
a reservation takes a pair or a port.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from domain.access_facts import Locator, Technology
from domain.identity import LineId
from domain.operators import Answer, Withdrawal
from domain.photographs import PhotographAnswer
from domain.port_in_facts import TO_SERVICE, Step

ACCESS_STEPS = (
    Step.CHECK_ELIGIBILITY,
    *TO_SERVICE,
    Step.CANCEL_VISIT,
    Step.RELEASE_ACCESS,
    Step.PUT_BACK,
)


@dataclass(frozen=True, kw_only=True)
class AccessRequest:
    """One thing asked about one site, under its key. Where it is, is shown to nobody by accident.

    `technologies` are those wanted when the step is CHECK_ELIGIBILITY, the one chosen afterwards.
    `reference` is the operator's own name of the access, once it has one: its offer's, from
    EligibilityTold; the reservation's, from ReservedTold.
    """

    step: Step
    key: str
    line_id: LineId
    asked_at: datetime
    commune: str
    address: str
    locator: Locator
    name: str | None
    technologies: tuple[Technology, ...]
    down_kbps: int | None = None
    reference: str | None = None
    quote: str | None = None
    """The reference of the quote that was accepted, for the works it is about."""
    not_before: date | None = None
    """OFFER_VISITS: the first day the customer can take."""
    slot: str | None = None
    """BOOK_VISIT: the operator's own name of the slot that was chosen."""
    visit: str | None = None
    """BOOK_VISIT, to move it, and CANCEL_VISIT: the operator's reference of the visit."""

    def __repr__(self) -> str:
        return f"AccessRequest({self.step}, {self.key})"


class AccessGateway(Protocol):
    """An operator, as far as one fixed access goes."""

    async def ask_access(self, request: AccessRequest) -> Answer:
        """Have a site checked, studied, a pair kept, added or given back: once for each key."""

    async def look_up_access(self, key: str) -> str | None:
        """What became of it, as the operator would have told it; None while nothing has."""

    async def withdraw(self, withdrawal: Withdrawal) -> Answer:
        """Call back a request that is not carried out yet: once for each key."""

    async def photograph(self, reference: str) -> PhotographAnswer:
        """A picture a technician took, by the operator's reference of it; as often as one likes."""
