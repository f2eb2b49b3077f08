"""Lines as the API and the watchdog read them, and their processes as the API reaches them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from temporalio.client import (
    Client,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from domain.clock import Technical
from domain.identity import LineId, line_stream
from intake.faults import ProcessUnavailableError
from ledger.ports import Ledger
from projections.line import LINES, LineDocument
from projections.projection import fold
from runtime.projecting import ProjectionRunner
from workflows.identity import AMEND, CANCEL, DECIDE, line_workflow_id
from workflows.messages import AmendRequest, CancelRequest, DecisionRequest, Ruled, unlike

UPDATE_LIMIT = Technical(timedelta(seconds=8))


@dataclass(frozen=True, kw_only=True)
class LineDocuments:
    """One line, with the facts the projector has not read yet; or every one that is open."""

    runner: ProjectionRunner[LineDocument]
    ledger: Ledger

    async def find(self, line_id: LineId) -> LineDocument | None:
        key = str(line_id)
        known = await self.runner.load(frozenset({key}))
        version = known[key].version if key in known else 0
        newer = await self.ledger.read(line_stream(line_id), after=version)
        return {**known, **fold(LINES, known, newer)}.get(key)

    async def still_open(self) -> tuple[LineDocument, ...]:
        keys = await self.runner.documents.open_keys(LINES.stored_as)
        return tuple((await self.runner.load(keys)).values())


@dataclass(frozen=True, kw_only=True)
class TemporalProcesses:
    client: Client

    async def decide(self, line_id: LineId, request: DecisionRequest, *, key: str) -> Ruled:
        return await self._update(line_id, DECIDE, request, key=key)

    async def cancel(self, line_id: LineId, request: CancelRequest, *, key: str) -> Ruled:
        return await self._update(line_id, CANCEL, request, key=key)

    async def amend(self, line_id: LineId, request: AmendRequest, *, key: str) -> Ruled:
        return await self._update(line_id, AMEND, request, key=key)

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
