"""What the API reads of lines that will be late, or are."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from domain.identity import OrderId
from domain.outlooks import Outlook
from projections.jeopardy import JeopardyBrief, JeopardyDocument
from projections.line import LineDocument


class JeopardyReader(Protocol):
    async def orders(self) -> Sequence[JeopardyBrief]:
        """Orders with lines in jeopardy: how many, by cause."""

    async def of_order(self, order_id: OrderId) -> JeopardyDocument | None: ...

    async def outlook(self, line: LineDocument, now: datetime) -> Outlook | None:
        """As it is reckoned now; None for a line that has ended, or promises no day."""
