"""Lines as the API and the watchdog read them, and their processes as the API reaches them."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from temporalio.client import (
    Client,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from adapters.postgres.briefs import PostgresBriefs
from domain.clock import Technical
from domain.identity import LineId, OrderId, line_stream
from intake.faults import ProcessUnavailableError
from ledger.ports import Ledger
from projections.line import LineDocument
from projections.lines import LINES, BriefsAsked, LineBrief, Tally
from projections.projection import fold
from runtime.projecting import ProjectionRunner
from workflows.identity import AMEND, CANCEL, DECIDE, EQUIPMENT, HOLD, line_workflow_id
from workflows.messages import (
    AmendRequest,
    CancelRequest,
    DecisionRequest,
    EquipmentRequest,
    HoldRequest,
    Ruled,
    unlike,
)

UPDATE_LIMIT = Technical(timedelta(seconds=8))


@dataclass(frozen=True, kw_only=True)
class LineDocuments:
    """One line, with the facts the projector has not read yet; or many, as the projector has them.

    Lists read the few words kept beside the documents: an order may have ten thousand lines.
    """

    runner: ProjectionRunner[LineDocument]
    ledger: Ledger
    briefs: PostgresBriefs

    async def find(self, line_id: LineId) -> LineDocument | None:
        key = str(line_id)
        known = await self.runner.load(frozenset({key}))
        version = known[key].version if key in known else 0
        newer = await self.ledger.read(line_stream(line_id), after=version)
        return {**known, **fold(LINES, known, newer)}.get(key)

    async def many(self, line_ids: Collection[LineId]) -> Mapping[LineId, LineDocument]:
        loaded = await self.runner.load(frozenset(str(line_id) for line_id in line_ids))
        return {document.line_id: document for document in loaded.values()}

    async def still_open(self) -> frozenset[LineId]:
        keys = await self.runner.documents.open_keys(LINES.stored_as)
        return frozenset(LineId(UUID(key)) for key in keys)

    async def of_order(self, order_id: OrderId, asked: BriefsAsked) -> tuple[LineBrief, ...]:
        return _read(await self.briefs.of_order(LINES.stored_as, order_id, asked))

    async def silent(self, by: datetime) -> tuple[LineBrief, ...]:
        return _read(await self.briefs.silent(LINES.stored_as, by=by))

    async def due(self, by: datetime, *, order_id: OrderId | None = None) -> tuple[LineBrief, ...]:
        return _read(await self.briefs.due(LINES.stored_as, by=by, order_id=order_id))

    async def waiting(self, *, order_id: OrderId | None = None) -> tuple[LineBrief, ...]:
        return _read(await self.briefs.waiting(LINES.stored_as, order_id=order_id))

    async def tally(self, order_id: OrderId) -> Tally:
        standing = await self.briefs.standing(LINES.stored_as, order_id)
        stages: Counter[str] = Counter()
        outcomes: Counter[str] = Counter()
        for one in standing:
            counter = stages if one.open else outcomes
            counter[one.stage if one.open else str(one.outcome)] += one.lines
        return Tally(
            lines=sum(one.lines for one in standing),
            versions=sum(one.versions for one in standing),
            stages=stages,
            outcomes=outcomes,
            waiting=await self.briefs.causes(LINES.stored_as, order_id),
        )


def _read(briefs: tuple[str, ...]) -> tuple[LineBrief, ...]:
    return tuple(LineBrief.model_validate_json(brief) for brief in briefs)


@dataclass(frozen=True, kw_only=True)
class TemporalProcesses:
    client: Client

    async def decide(self, line_id: LineId, request: DecisionRequest, *, key: str) -> Ruled:
        return await self._update(line_id, DECIDE, request, key=key)

    async def cancel(self, line_id: LineId, request: CancelRequest, *, key: str) -> Ruled:
        return await self._update(line_id, CANCEL, request, key=key)

    async def amend(self, line_id: LineId, request: AmendRequest, *, key: str) -> Ruled:
        return await self._update(line_id, AMEND, request, key=key)

    async def hold(self, line_id: LineId, request: HoldRequest, *, key: str) -> Ruled:
        return await self._update(line_id, HOLD, request, key=key)

    async def move_equipment(
        self, line_id: LineId, request: EquipmentRequest, *, key: str
    ) -> Ruled:
        return await self._update(line_id, EQUIPMENT, request, key=key)

    async def _update(self, line_id: LineId, name: str, request: Any, *, key: str) -> Ruled:  # noqa: ANN401
        handle = self.client.get_workflow_handle(line_workflow_id(line_id))
        try:
            ruled: Ruled = await handle.execute_update(
                name,
                request,
                id=unlike(key, request),
                result_type=Ruled,
                rpc_timeout=UPDATE_LIMIT.span,
            )
        except WorkflowUpdateFailedError as exc:
            why = exc.cause.message if isinstance(exc.cause, ApplicationError) else str(exc.cause)
            return Ruled(taken=False, why=why, version=0)
        except WorkflowUpdateRPCTimeoutOrCancelledError as exc:
            raise ProcessUnavailableError("its process did not answer in time") from exc
        except (RPCError, RuntimeError) as exc:
            ended = isinstance(exc, RPCError) and exc.status is RPCStatusCode.NOT_FOUND
            why = "its process is not running" if ended else "Temporal does not answer"
            raise ProcessUnavailableError(why) from exc
        return ruled
