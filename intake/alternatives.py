"""What a site is signed in place of: a line of the same client that could not be served.

An alternative is a new contract (decision 18): a new order, linked to the line that was refused.
"""

from dataclasses import dataclass

from domain.access_facts import AccessEnded, AccessOpened
from domain.identity import LineId, line_stream, order_stream
from domain.orders import OrderReceived
from domain.port_in_facts import Outcome
from intake.faults import FieldProblem
from intake.requests import OrderRequest
from ledger.ports import Ledger

_UNKNOWN = "There is no such line among your accesses: copy its id from the order that was refused."


@dataclass(frozen=True, kw_only=True)
class Alternatives:
    ledger: Ledger

    async def problems(self, request: OrderRequest, *, client: str) -> tuple[FieldProblem, ...]:
        """What is wrong with the lines that sites are said to stand in place of."""
        named = [
            (f"/sites/{index}/alternative_to", site.alternative_to)
            for index, site in enumerate(request.sites)
            if site.alternative_to is not None
        ]
        told = [(at, await self._why_not(line_id, client)) for at, line_id in named]
        return tuple(FieldProblem(pointer=at, sentence=why) for at, why in told if why is not None)

    async def _why_not(self, line_id: LineId, client: str) -> str | None:
        events = [envelope.event for envelope in await self.ledger.read(line_stream(line_id))]
        opened = next((event for event in events if isinstance(event, AccessOpened)), None)
        if opened is None or not await self._is_theirs(opened, client):
            return _UNKNOWN
        ended = next((event for event in events if isinstance(event, AccessEnded)), None)
        if ended is None:
            return "This line is still open: it has an alternative once it has ended refused."
        if ended.outcome is not Outcome.REFUSED:
            return (
                f"This line has ended {ended.outcome}: only what could not be served has an "
                "alternative."
            )
        return None

    async def _is_theirs(self, opened: AccessOpened, client: str) -> bool:
        history = await self.ledger.read(order_stream(opened.terms.order_id))
        return any(
            envelope.event.client == client
            for envelope in history
            if isinstance(envelope.event, OrderReceived)
        )
