"""What Temporal has lost is started again from the ledger: whatever is open."""

from dataclasses import dataclass

from domain import orders
from domain.access_stages import Access
from domain.access_stages import Closed as AccessClosed
from domain.identity import OrderId, order_stream
from domain.lots import in_lots
from domain.new_numbers import Activated, AwaitingHost
from domain.orders import Closed
from ledger.ports import Ledger
from projections.line import LineDocument
from runtime.indemnities import IndemnityDocuments
from runtime.lines import LineDocuments
from runtime.reconciling import ReconcileDocuments
from runtime.reverse_ports import ReversePortDocuments
from runtime.starting import RESUME, ProcessStarter


@dataclass(frozen=True, kw_only=True)
class Resumed:
    orders: int
    lines: int
    indemnities: int
    reverse_ports: int


@dataclass(frozen=True, kw_only=True)
class Resumption:
    """Processes that still run are found, not doubled; each goes on from what its facts say."""

    starter: ProcessStarter
    lines: LineDocuments
    indemnities: IndemnityDocuments
    differences: ReconcileDocuments
    reverse_ports: ReversePortDocuments
    ledger: Ledger

    async def resume(self, open_orders: tuple[OrderId, ...]) -> Resumed:
        still = [order_id for order_id in open_orders if await self._is_open(order_id)]
        for order_id in still:
            await self.starter.order(order_id, reuse=RESUME)
        lines = sorted(await self.lines.still_open())
        for some in in_lots(lines):
            for line in (await self.lines.many(some)).values():
                await self._line(line)
        for difference in await self.differences.differences():
            await self.starter.difference(difference.difference_id)
        await self.starter.reconcile()
        indemnities = await self.indemnities.still_open()
        for indemnity_id in sorted(indemnities):
            await self.starter.indemnity(indemnity_id)
        going_back = await self.reverse_ports.still_open()
        for reverse_port in going_back:
            await self.starter.reverse_port(reverse_port.reverse_port_id)
        return Resumed(
            orders=len(still),
            lines=len(lines),
            indemnities=len(indemnities),
            reverse_ports=len(going_back),
        )

    async def _is_open(self, order_id: OrderId) -> bool:
        history = await self.ledger.read(order_stream(order_id))
        return not isinstance(orders.fold(e.event for e in history), Closed)

    async def _line(self, line: LineDocument) -> None:
        if isinstance(line.state, AwaitingHost | Activated):
            await self.starter.new_number(line.line_id, reuse=RESUME)
        elif isinstance(line.state, Access | AccessClosed):
            await self.starter.access(line.line_id, reuse=RESUME)
        else:
            await self.starter.port_in(line.line_id, reuse=RESUME)
