"""The tickets we owe in a reverse port, by its facts: each of them leaves once.

Who sends what is said of three of the four (porting-and-access § 2.3): the agreement is the initial
receiver's (2400), the data the initial donor's, to all (2410), the confirmation everybody's (2430).
Whose the acknowledgement is (2420) is not said: we take it for the initial receiver's word that the
data came. A default of ours, like sending all three to the initial donor, who leads.
"""

from collections.abc import Iterator
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

from domain.reverse_port_states import KnownReversePort


class OwedTicket(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    ticket: str
    at: datetime
    port_day: date | None = None

    @property
    def step(self) -> str:
        """One intention each: demanded anew, it is another one."""
        return f"{self.ticket}@{self.at.isoformat()}"


def tickets_owed(state: KnownReversePort) -> Iterator[OwedTicket]:
    agreed, announced, handed_back = state.agreed, state.announced, state.handed_back
    if agreed is None:
        return
    back_on = state.demanded.dates.back_by.date()
    yield OwedTicket(ticket="2400", at=agreed.agreed_at, port_day=back_on)
    if announced is not None:
        at = max(agreed.agreed_at, announced.received_at)
        yield OwedTicket(ticket="2420", at=at)
    if handed_back is not None:
        yield OwedTicket(ticket="2430", at=handed_back.handed_back_at)
