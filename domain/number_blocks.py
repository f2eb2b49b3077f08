"""Blocks of numbers as the regulator gave them out: who holds a number's block, and where."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.numbers import FrenchNumber
from domain.territories import Territory


@dataclass(frozen=True, kw_only=True)
class NumberBlock:
    """From the first to the last number, both in it."""

    first: str
    last: str
    holder: str
    territory_said: str
    territory: Territory | None
    """None where the published words name several: the numbering plan then decides."""
    since: date | None

    def order(self) -> tuple[int, str]:
        """Longer numbers come after every shorter one, whatever their figures."""
        return len(self.first), self.first


@dataclass(frozen=True)
class BlockDirectory:
    """The published blocks, in their `order`; empty until the file has been loaded."""

    blocks: Sequence[NumberBlock] = ()

    def block_of(self, number: FrenchNumber) -> NumberBlock | None:
        wanted = (len(number.national), number.national)
        place = bisect_right(self.blocks, wanted, key=NumberBlock.order) - 1
        if place < 0:
            return None
        block = self.blocks[place]
        same_length = len(block.last) == len(number.national)
        return block if same_length and number.national <= block.last else None

    def placed(self, number: FrenchNumber) -> FrenchNumber:
        """The number where the published file says it is, if it says so."""
        block = self.block_of(number)
        if block is None or block.territory in {None, number.territory}:
            return number
        return replace(number, territory=block.territory, zone=None)
