"""What people ask of a line that runs: a decision, a cancellation; corrected data is kept first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pydantic import BaseModel

from domain import access_rules
from domain.access_stages import Access, Closed
from domain.attention import DecisionNotTaken, DecisionTaken
from domain.cancellations import CancellationTerms, cancellation_terms
from domain.corrections import CorrectionKept, ReservesKept
from domain.identity import (
    CommandId,
    CorrectionId,
    LineId,
    order_subject,
    refused_decisions_stream,
    step_command,
)
from domain.numbers import FrenchNumber
from domain.parsed import BadValueError
from domain.personal import Personal
from domain.port_dates import CancellationEnd, CancellationZone
from domain.port_in_people import closes_at, standing_zone, why_not_cancelled
from domain.port_in_states import Going
from domain.port_rules import PortRules
from domain.rio import rio_for
from domain.rio_check import Weight, check_rio
from intake.corrections import Corrections, Keep
from intake.lines import Numbering
from ledger.append import CommandStamp
from ledger.deciding import Decision, decide_once
from ledger.ports import Ledger
from ledger.sealing import KeyedHash
from projections.line import LineDocument
from workflows.messages import (
    AmendRequest,
    CancelRequest,
    DecisionRequest,
    EquipmentRequest,
    HoldRequest,
    Ruled,
    unlike,
)


class Processes(Protocol):
    """Running processes, reached by the id of their line."""

    async def decide(self, line_id: LineId, request: DecisionRequest, *, key: str) -> Ruled:
        """The same key is the same decision."""

    async def cancel(self, line_id: LineId, request: CancelRequest, *, key: str) -> Ruled: ...

    async def amend(self, line_id: LineId, request: AmendRequest, *, key: str) -> Ruled: ...

    async def hold(self, line_id: LineId, request: HoldRequest, *, key: str) -> Ruled: ...

    async def move_equipment(
        self, line_id: LineId, request: EquipmentRequest, *, key: str
    ) -> Ruled: ...


class AfterTheEnd(Protocol):
    """What is still told of a line that no process runs for."""

    async def move_equipment(
        self, line_id: LineId, request: EquipmentRequest, *, key: str, at: datetime
    ) -> Ruled: ...


class CancellationPreview(BaseModel):
    """What cancelling takes and costs now, before anybody asks for it."""

    zone: CancellationZone
    possible: bool
    zones: tuple[CancellationEnd, ...]
    terms: CancellationTerms


def _is_that(event: DecisionTaken, request: DecisionRequest) -> bool:
    said = (event.decision, event.reason, event.by)
    return said == (request.decision, request.reason, request.by)


@dataclass(frozen=True, kw_only=True)
class Steering:
    ledger: Ledger
    keyed_hash: KeyedHash
    rules: PortRules
    numbering: Numbering
    processes: Processes
    after_the_end: AfterTheEnd

    async def decide(
        self,
        document: LineDocument,
        request: DecisionRequest,
        *,
        rio: str | None,
        key: str,
        at: datetime,
    ) -> Ruled:
        """BadValueError: the corrected RIO does not go with the line's number."""
        if rio is not None:
            correction = await self.keep_correction(document, rio, key=key, at=at, actor=request.by)
            given = {**request.given, "correction": str(correction)}
            request = request.model_copy(update={"given": given})
        ruled = await self.processes.decide(document.line_id, request, key=key)
        if not ruled.taken:
            taken = await self.taken_before((document.line_id,), request, key=key)
            if taken is not None:  # its worker died once it was kept, before it was answered
                return taken
            await self._note_refusal(document, request, ruled, key=key, at=at)
        return ruled

    async def taken_before(
        self, lines: Iterable[LineId], request: DecisionRequest, *, key: str
    ) -> Ruled | None:
        """What the same decision under the same key was answered; None when there was none."""
        for line_id in lines:
            kept = await self.ledger.caused_by(step_command(line_id, step=f"decision/{key}"))
            for envelope in kept:
                event = envelope.event
                if isinstance(event, DecisionTaken) and _is_that(event, request):
                    return Ruled(taken=True, version=kept[-1].version)
        return None

    async def cancelled_before(self, lines: Iterable[LineId], *, key: str) -> Ruled | None:
        for line_id in lines:
            kept = await self.ledger.caused_by(step_command(line_id, step=f"cancel/{key}"))
            if kept:
                return Ruled(taken=True, version=kept[-1].version)
        return None

    async def cancel(self, document: LineDocument, *, by: str, key: str, at: datetime) -> Ruled:
        ruled = await self.processes.cancel(document.line_id, CancelRequest(by=by), key=key)
        if not ruled.taken:
            taken = await self.cancelled_before((document.line_id,), key=key)
            if taken is not None:
                return taken
            request = DecisionRequest(decision="cancel", by=by)
            await self._note_refusal(document, request, ruled, key=key, at=at)
        return ruled

    async def hold(
        self, document: LineDocument, request: HoldRequest, *, key: str, at: datetime
    ) -> Ruled:
        """Suspended, or taken up again; a repeat under the key is answered as the first was."""
        if not isinstance(document.state, Access):
            why = "only a site that is being delivered can be suspended"
            return Ruled(taken=False, why=why, version=document.version)
        command = step_command(document.line_id, step=f"hold/{key}")
        if kept := await self.ledger.caused_by(command):
            return Ruled(taken=True, version=kept[-1].version)
        ruled = await self.processes.hold(document.line_id, request, key=key)
        if not ruled.taken:
            asked = DecisionRequest(decision="hold", by=request.by)
            await self._note_refusal(document, asked, ruled, key=key, at=at)
        return ruled

    async def move_equipment(
        self,
        document: LineDocument,
        request: EquipmentRequest,
        *,
        reserves: str | None,
        key: str,
        at: datetime,
    ) -> Ruled:
        """What is written on a slip is kept first; a repeat is answered as the first was. Once the
        access has ended, its process is over."""
        if not isinstance(document.state, Access | Closed):
            why = "only a site has equipment to follow"
            return Ruled(taken=False, why=why, version=document.version)
        command = step_command(document.line_id, step=f"equipment/{key}")
        if kept := await self.ledger.caused_by(command):
            return Ruled(taken=True, version=kept[-1].version)
        if reserves is not None:
            correction = await self._keep_reserves(document, reserves, request, key=key, at=at)
            request = request.model_copy(update={"correction": correction})
        ruled = await self._equipment_ruled(document, request, key=key, at=at)
        if not ruled.taken:
            asked = DecisionRequest(decision="equipment", by=request.by)
            await self._note_refusal(document, asked, ruled, key=key, at=at)
        return ruled

    async def _equipment_ruled(
        self, document: LineDocument, request: EquipmentRequest, *, key: str, at: datetime
    ) -> Ruled:
        line_id = document.line_id
        if isinstance(document.state, Closed):
            return await self.after_the_end.move_equipment(line_id, request, key=key, at=at)
        return await self.processes.move_equipment(line_id, request, key=key)

    async def _keep_reserves(
        self,
        document: LineDocument,
        text: str,
        request: EquipmentRequest,
        *,
        key: str,
        at: datetime,
    ) -> CorrectionId:
        corrections = Corrections(ledger=self.ledger, keyed_hash=self.keyed_hash)
        written = Personal(subject=order_subject(document.order_id), value=text)
        return await corrections.keep(
            document,
            ReservesKept(reserves=written),
            Keep(content=text, key=key, at=at, by=request.by),
        )

    def preview(self, document: LineDocument, *, at: datetime) -> CancellationPreview | None:
        """None when the line has ended, or is a new number."""
        state = document.state
        if isinstance(state, Access):
            return self._preview_of_site(state, at)
        if not isinstance(state, Going):
            return None
        zone = standing_zone(state, at)
        plan = state.planned.plan if state.planned else None
        terms = cancellation_terms(
            self.rules.contract(state.terms.pin),
            asked_at=at,
            closes_at=closes_at(state),
        )
        return CancellationPreview(
            zone=zone,
            possible=why_not_cancelled(state, at) is None,
            zones=plan.zones if plan else (),
            terms=terms,
        )

    def _preview_of_site(self, state: Access, at: datetime) -> CancellationPreview:
        """Every reading of what it would cost, whatever is reserved by now."""
        form = access_rules.cancellation_form(self.rules, state, at)
        cost = access_rules.end_terms(self.rules, state, at).cost
        agreement = form.needs_agreement
        return CancellationPreview(
            zone=CancellationZone.AGREEMENT if agreement else CancellationZone.CUSTOMER,
            possible=state.may_be_cancelled,
            zones=(),
            terms=form.model_copy(update={"cost": cost}),
        )

    async def keep_correction(
        self, document: LineDocument, text: str, *, key: str, at: datetime, actor: str
    ) -> CorrectionId:
        state = document.state
        if not isinstance(state, Going):
            raise BadValueError("the line has ended: its RIO can no longer be corrected")
        code = self.checked_rio(state, text)
        corrections = Corrections(ledger=self.ledger, keyed_hash=self.keyed_hash)
        subject = order_subject(document.order_id)
        event = CorrectionKept(rio=Personal(subject=subject, value=code))
        return await corrections.keep(document, event, Keep(content=code, key=key, at=at, by=actor))

    def checked_rio(self, state: Going, text: str) -> str:
        """The RIO as it is kept; BadValueError when it does not go with the number."""
        number = FrenchNumber.parse(state.terms.msisdn.reveal())
        number = self.numbering.blocks().placed(number)
        rio = rio_for(text, number)
        verdict = check_rio(rio, number, directory=self.numbering.prefixes())
        for finding in verdict.findings:
            if finding.weight is Weight.REFUSAL:
                raise BadValueError(finding.said.en)
        return rio.code

    async def _note_refusal(
        self,
        document: LineDocument,
        request: DecisionRequest,
        ruled: Ruled,
        *,
        key: str,
        at: datetime,
    ) -> None:
        """What was refused is in the ledger too, beside the line and not in its way."""
        event = DecisionNotTaken(
            decision=request.decision, by=request.by, reason=request.reason, why=ruled.why or ""
        )
        await decide_once(
            self.ledger,
            Decision(
                stream_id=refused_decisions_stream(document.line_id),
                stamp=self._stamp(
                    step_command(document.line_id, step=f"not-taken/{unlike(key, request)}"),
                    request.decision,
                ),
                decide=lambda _: (event,),
                business_at=at,
                actor=request.by,
                correlation=str(document.order_id),
            ),
        )

    def _stamp(self, command_id: CommandId, content: str) -> CommandStamp:
        digest = self.keyed_hash.digest(purpose="command", content=content.encode())
        return CommandStamp(command_id=command_id, fingerprint=digest)
