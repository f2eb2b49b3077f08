"""Papers that were filed are handed to the lines that wait for them, as decisions to provide."""

import json
from dataclasses import dataclass
from uuid import UUID

import structlog

from domain import access_attention, lots, order_file, orders
from domain import port_in_attention as waiting
from domain.access_facts import CUTS_PAPER, FEE_PAPER
from domain.access_stages import (
    Access,
    Agreeing,
    Checking,
    ClaimingSite,
    GatheringPapers,
    GivingBack,
)
from domain.identity import LineId, OrderId, lot_stream, order_stream
from domain.lots import Lot
from domain.order_file import Channel, FiledDocument, Notice, OrderFile, Purpose
from domain.orders import Running
from domain.port_in_facts import Gate
from domain.port_in_states import Going, Undoing
from domain.reactivation import ENDED_LATELY, JUSTIFICATION
from intake.faults import ProcessUnavailableError
from intake.steering import Processes
from ledger.ports import Ledger
from runtime.lines import LineDocuments
from runtime.relay import Done, Later, Outcome, Park
from workflows.messages import DecisionRequest

log = structlog.get_logger("providing")


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What was filed, and where."""

    order_id: OrderId
    filed: UUID
    by: str
    lot: int | None
    """The lot whose lines are meant; None where the order keeps them itself."""


@dataclass(frozen=True, kw_only=True)
class PaperProvider:
    ledger: Ledger
    lines: LineDocuments
    processes: Processes

    async def provide(self, payload: str) -> Outcome:
        paper = _read(payload)
        if paper is None:
            return Park("the payload names no paper of an order")
        history = await self.ledger.read(order_stream(paper.order_id))
        events = tuple(envelope.event for envelope in history)
        state, file = orders.fold(events), order_file.fold(events)
        if isinstance(state, orders.Received):
            return Later("the lines of the order have no process yet")
        if isinstance(state, Running):
            still_open = await self._still_open(state, paper)
            if still_open is None:
                return Later("the lines of the lot have no process yet")
            try:
                handed = [await self._hand_to(line_id, file, paper) for line_id in still_open]
            except ProcessUnavailableError as exc:
                return Later(str(exc))
            if not all(handed):
                return Later("a line does not ask for it yet")
        return Done()

    async def _still_open(self, order: Running, paper: Paper) -> tuple[LineId, ...] | None:
        if paper.lot is None:
            return order.still_open
        history = await self.ledger.read(lot_stream(paper.order_id, paper.lot))
        lot = lots.fold(envelope.event for envelope in history)
        return lot.still_open if isinstance(lot, Lot) and lot.lines else None

    async def _hand_to(self, line_id: LineId, file: OrderFile, paper: Paper) -> bool:
        """Whether the line has it, or has no use for it; not yet when it will ask later."""
        line = await self.lines.find(line_id)
        if line is None or not isinstance(line.state, Going | Access):
            return True
        request = _request(line.state, file, paper)
        if request is None:
            return not _will_ask(line.state, file, paper)
        ruled = await self.processes.decide(line_id, request, key=f"file/{paper.filed}")
        if not ruled.taken:
            log.warning("paper.not.taken", line=str(line_id), why=ruled.why)
        return True


def _read(payload: str) -> Paper | None:
    try:
        content = json.loads(payload)
        return Paper(
            order_id=OrderId(UUID(content["order_id"])),
            filed=UUID(content["filed"]),
            by=str(content["by"]),
            lot=content.get("lot"),
        )
    except (ValueError, KeyError, TypeError):
        return None


def _request(state: Going | Access, file: OrderFile, paper: Paper) -> DecisionRequest | None:
    """The decision that hands it over, once the line asks for it and nothing of it is missing."""
    for notice in file.notices:
        if notice.notice_id == paper.filed:
            return _letter(state, notice, paper)
    asked_for = _justifies if isinstance(state, Going) else _consents
    if (named := asked_for(state, file, paper)) is not None:
        return named
    gate = _gate_it_opens(state, file, paper)
    asked = {kind for a in state.attentions for kind in (a.detail or "").split(",")}
    if gate is None or gate.kind not in asked:
        return None
    papers = [file.named(name, line=state.terms.number) for name in gate.needs]
    held = ",".join(f"{one.name}@{one.on}" for one in papers if one is not None)
    return _provided(paper, {"gate": gate.kind, "document": held})


def _justifies(state: Going | Access, file: OrderFile, paper: Paper) -> DecisionRequest | None:
    """Why a number that ended lately should live again, where its donor has said that it ended."""
    asked = next((a.code for a in state.attentions if a.detail in ENDED_LATELY), None)
    for document in file.documents:
        meant = document.line in {None, state.terms.number} and document.name == JUSTIFICATION
        if asked in _OF_THE_DONOR and meant and document.document_id == paper.filed:
            given = {"document": f"{JUSTIFICATION}@{document.on}"}
            return _provided(paper, given, about=asked)
    return None


def _consents(state: Going | Access, file: OrderFile, paper: Paper) -> DecisionRequest | None:
    """The customer's consent, once it is asked for."""
    asked = {a.code for a in state.attentions}
    for document in _filed(state, file, paper):
        code = CONSENTS.get(document.name)
        if code in asked:
            given = {"document": f"{document.name}@{document.on}"}
            return _provided(paper, given, about=code)
    return None


CONSENTS = {CUTS_PAPER: access_attention.CUTS, FEE_PAPER: access_attention.FEE_CONSENT}
"""By the question of an access that each answers."""


def _filed(state: Going | Access, file: OrderFile, paper: Paper) -> list[FiledDocument]:
    """What has just been filed, where it is about this line."""
    mine = {None, state.terms.number}
    return [d for d in file.documents if d.document_id == paper.filed and d.line in mine]


_OF_THE_DONOR = (waiting.DONOR_REFUSED, waiting.ELIGIBILITY_LOST)


def _letter(state: Going | Access, notice: Notice, paper: Paper) -> DecisionRequest | None:
    asked = any(a.code == waiting.CANCELLATION_PAPER for a in state.attentions)
    if not asked or not _confirms(state, notice):
        return None
    given = {"document": f"letter@{notice.takes_effect_on}"}
    return _provided(paper, given, about=waiting.CANCELLATION_PAPER)


def _confirms(state: Going | Access, notice: Notice) -> bool:
    """In the form `cancel.form` asks for: a registered letter, about this line."""
    return (
        notice.purpose is Purpose.CANCELLATION
        and notice.channel is Channel.REGISTERED_LETTER
        and notice.line in {None, state.terms.number}
    )


def _provided(paper: Paper, given: dict[str, str], about: str | None = None) -> DecisionRequest:
    return DecisionRequest(
        decision="provide",
        reason=f"filed as {paper.filed}",
        by=paper.by,
        about=about,
        given=given,
    )


def _will_ask(state: Going | Access, file: OrderFile, paper: Paper) -> bool:
    """Its question is still to come; a letter may come before the request it confirms."""
    for notice in file.notices:
        if notice.notice_id == paper.filed:
            return _confirms(state, notice) and not isinstance(state, Undoing | GivingBack)
    if isinstance(state, Access) and _may_list_cuts(state):
        return any(d.name == CUTS_PAPER for d in _filed(state, file, paper)) or (
            _gate_it_opens(state, file, paper) is not None
        )
    return _gate_it_opens(state, file, paper) is not None


def _may_list_cuts(state: Access) -> bool:
    """What it cuts is still to be listed, and may be asked about."""
    return isinstance(state, ClaimingSite | GatheringPapers | Checking | Agreeing)


def _gate_it_opens(state: Going | Access, file: OrderFile, paper: Paper) -> Gate | None:
    """The closed gate a document is for, once every paper of that gate is there."""
    number = state.terms.number
    for document in file.documents:
        if document.document_id != paper.filed or document.line not in {None, number}:
            continue
        for gate in state.gates:
            whole = all(file.named(name, line=number) for name in gate.needs)
            if document.name in gate.needs and whole:
                return gate
    return None
