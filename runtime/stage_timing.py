"""Measures how long stages last: reads the ledger in commit order, keeps figures and checkpoint."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from adapters.postgres.documents import PostgresDocuments, Saved
from domain.access_facts import AccessTerms
from domain.access_outlook import counted_by
from domain.hours import exchange_hours
from domain.identity import StreamId, line_of_stream
from domain.parsed import BadValueError
from domain.port_in_facts import LineTerms
from domain.port_rules import PortRules
from domain.reckoning import Reckoning
from domain.stage_times import StageTimes, UsualTimes, working_hours
from ledger.envelope import Envelope
from ledger.ports import Ledger
from ledger.subscription import EventReader
from projections.stage_times import STORED_AS, Passage, Standing, measured, moved

BATCH = 500
KINDS = frozenset({"line"})
REMEMBERED_MAX = 2_000
"""Lines whose stage is kept in memory; of the others the facts are read again."""

log = structlog.get_logger("stage-times")


@dataclass(kw_only=True)
class StageTimer:
    reader: EventReader
    ledger: Ledger
    documents: PostgresDocuments
    rules: PortRules
    _standing: OrderedDict[StreamId, Standing] = field(default_factory=OrderedDict)

    async def turn(self) -> int:
        """One batch; how many events it had."""
        before = await self.documents.checkpoint(STORED_AS)
        batch = await self.reader.after(before, limit=BATCH, kinds=KINDS)
        if batch.read:
            passages = await self._passages(batch.envelopes)
            known = await self.known(frozenset(passage.key.name for passage in passages))
            changed = measured(known, passages, self._hours)
            await self.documents.save(
                STORED_AS,
                {name: Saved(body=t.model_dump_json(), brief=None) for name, t in changed.items()},
                from_checkpoint=before,
                to_checkpoint=batch.checkpoint,
            )
        return batch.read

    async def known(self, names: frozenset[str]) -> dict[str, StageTimes]:
        bodies = await self.documents.bodies(STORED_AS, names)
        return {name: StageTimes.model_validate_json(body) for name, body in bodies.items()}

    async def _passages(self, envelopes: Sequence[Envelope]) -> list[Passage]:
        found: list[Passage] = []
        for envelope in envelopes:
            if line_of_stream(envelope.stream_id) is None:
                continue
            before = await self._before(envelope)
            after, passage = moved(before, envelope)
            if after is not None:
                self._remember(envelope.stream_id, after)
            if passage is not None:
                found.append(passage)
        return found

    async def _before(self, envelope: Envelope) -> Standing | None:
        """What is remembered only spares the reading: it is what the facts before this one say."""
        known = self._standing.get(envelope.stream_id)
        if known is not None and known.version == envelope.version - 1:
            return known
        standing: Standing | None = None
        if envelope.version > 1:
            for earlier in await self.ledger.read(envelope.stream_id):
                if earlier.version < envelope.version:
                    standing, _ = moved(standing, earlier)
        return standing

    def _remember(self, stream_id: StreamId, standing: Standing) -> None:
        self._standing[stream_id] = standing
        self._standing.move_to_end(stream_id)
        if len(self._standing) > REMEMBERED_MAX:
            self._standing.popitem(last=False)

    def _hours(self, passage: Passage) -> int | None:
        terms = passage.going.terms
        try:
            reckoning = self._counted_by(terms)
        except BadValueError as exc:
            log.warning("stage-times.unreadable", line=str(terms.line_id), why=str(exc))
            return None
        return working_hours(reckoning, passage.since, passage.until)

    def _counted_by(self, terms: LineTerms | AccessTerms) -> Reckoning:
        """Ports by the exchange's hours, sites by their provider's."""
        if isinstance(terms, AccessTerms):
            return counted_by(self.rules.contract(terms.pin))
        calendar = self.rules.calendar_for(terms).exchange
        return Reckoning(calendar=calendar, hours=exchange_hours(terms.group))


async def usual_times(documents: PostgresDocuments) -> UsualTimes:
    """All that has been measured: a few figures for each operator and contract."""
    keys = await documents.every_key(STORED_AS)
    bodies = await documents.bodies(STORED_AS, keys)
    figures = {name: StageTimes.model_validate_json(body) for name, body in bodies.items()}
    return UsualTimes(measured=figures)
