"""What a person decided about a trouble, done: the same bytes put down, or a ticket read again."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from adapters.pnm.files import FileFaultError, NumberedLine, read_file
from adapters.pnm.names import FileKind, parse_name
from domain.exchange_troubles import (
    ExchangeTroubleRaised,
    Trouble,
    TroubleDecision,
    trouble_stream,
)
from domain.ports import Clocks
from ledger.ports import Ledger
from runtime.exchange_in import TAKEN, IncomingFiles
from runtime.exchange_reading import Opened
from runtime.exchange_turns import now_of
from runtime.relay import Done, Outcome, Park


@dataclass(frozen=True, kw_only=True)
class ExchangeAgain:
    ledger: Ledger
    files: IncomingFiles
    clocks: Clocks
    wall_now: Callable[[], datetime]

    async def do(self, payload: str) -> Outcome:
        try:
            asked = json.loads(payload)
            trouble_id = UUID(asked["trouble_id"])
            decision = TroubleDecision(asked["decision"])
        except (ValueError, KeyError, TypeError):
            return Park("the payload names no trouble")
        history = await self.ledger.read(trouble_stream(trouble_id))
        raised = [e.event for e in history if isinstance(e.event, ExchangeTroubleRaised)]
        if not raised:
            return Park("there is no such trouble")
        trouble = raised[-1].trouble
        if decision is TroubleDecision.DEPOSIT_AGAIN:
            known = await self.files.outgoing.outgoing.deposit_again(trouble.group, trouble.file)
            return Done() if known else Park("there is no such file of ours")
        return await self._read(trouble)

    async def _read(self, trouble: Trouble) -> Outcome:
        """As of now: what is still wrong is raised anew."""
        file, name = await self.files.incoming.named(trouble.group, trouble.file), None
        if file is not None:
            name = parse_name(file.name)
        if file is None or name is None:
            return Park("there is no such file to read")
        now = await now_of(trouble.group, self.clocks, self.files.troubles.rules, self.wall_now())
        opened = Opened(file=replace(file, received_at=now.at), name=name, now=now)
        try:
            lines = read_file(name, await self.files.incoming.content(file.number))
            self.files.check_parties(name, now)
        except FileFaultError as exc:
            return Park(f"it can still not be read: {exc}")
        if name.kind is FileKind.SYNC and trouble.place is not None:
            await self.files.syncs.read(opened, _at(lines, trouble.place))
        elif trouble.place is not None:
            for line in _at(lines, trouble.place):
                await self.files.reading.read_line(opened, line)
        elif file.verdict != TAKEN:
            # Where it stood in the sequence it stands still: what came after it goes on after it.
            await self.files.take(opened, lines, judged_at=file.received_at)
        return Done()


def _at(lines: tuple[NumberedLine, ...], place: int | None) -> tuple[NumberedLine, ...]:
    return tuple(line for line in lines if line.place == place)
