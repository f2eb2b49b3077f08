"""The exchanges, for people: their files, what needs somebody, and transfers others ask of us."""

from datetime import date
from uuid import UUID

from fastapi import FastAPI
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.exchange_troubles import TroubleDecision, TroubleKind, TroubleRefusedError
from domain.personal import revealed
from domain.said import Said
from domain.territories import ExchangeGroup
from domain.transfer_evidence import OurNumber
from domain.transfers import (
    Answer,
    AnswerTransfer,
    KnownTransfer,
    TransferRefusedError,
    allowed_in,
    until_of,
)
from intake.api import ApiPorts, IdempotencyKey, conflict, unknown
from intake.decisions_api import asked_by
from intake.guard import Me, check_house
from intake.openapi import refusals
from intake.problems import ProblemError
from intake.requests import LongText, ShortText
from ledger.exchange_post import ReceivedFile, SentFile
from projections.exchange import TransferDocument, TroubleDocument
from projections.timeline import TimelineEntry

FILES = 200
"""Files shown, of each side, the latest first. A default of ours."""


class TroubleView(BaseModel):
    trouble_id: UUID
    kind: TroubleKind
    group: ExchangeGroup
    partner: str
    file: str
    place: int | None
    code: str
    what: Said
    owner: UUID | None
    since: AwareDatetime
    until: AwareDatetime
    allowed: tuple[TroubleDecision, ...]
    open: bool


class TransferView(BaseModel):
    transfer_id: UUID
    group: ExchangeGroup
    stage: str
    receiver: str
    donor: str
    ours: str
    msisdn: str | None
    rio: str | None
    enterprise: bool | None
    port_day: date | None
    until: AwareDatetime | None
    allowed: tuple[Answer, ...]
    our_line: OurNumber | None
    """The line of ours that served the number last, when that ended, and whether the number went
    back to its initial donor; nothing where none did."""
    timeline: tuple[TimelineEntry, ...]


class SentView(BaseModel):
    name: str
    group: ExchangeGroup
    recipient: str
    tickets: int
    deposited_at: AwareDatetime | None
    answer: str | None
    answered_at: AwareDatetime | None


class ReceivedView(BaseModel):
    name: str
    group: ExchangeGroup
    emitter: str
    lines: int
    received_at: AwareDatetime
    answer: str | None
    answered: bool


class Troubles(BaseModel):
    troubles: tuple[TroubleView, ...]


class Transfers(BaseModel):
    transfers: tuple[TransferView, ...]


class ExchangeFiles(BaseModel):
    sent: tuple[SentView, ...]
    received: tuple[ReceivedView, ...]


class TroubleSettled(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [{"decision": "settle", "reason": "they were called"}]},
    )

    decision: TroubleDecision
    reason: LongText = Field(default="", description="Not personal data.")
    by: ShortText | None = Field(default=None, description="Who decides, through this caller.")


class TransferAnswered(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [{"answer": "refuse", "code": "R123"}]},
    )

    answer: Answer
    code: ShortText | None = Field(
        default=None, description="Why, in the exchange's own codes: R123, C002…"
    )
    reason: LongText = Field(default="", description="Not personal data.")
    by: ShortText | None = Field(default=None, description="Who answers, through this caller.")


_THE_HOUSES = "The exchanges are the house's own: a partner follows its orders instead."


def _trouble(document: TroubleDocument) -> TroubleView:
    trouble = document.trouble
    return TroubleView(
        trouble_id=trouble.trouble_id,
        what=trouble.what,
        allowed=trouble.allowed if document.open else (),
        open=document.open,
        **trouble.model_dump(),
    )


async def _transfer(
    ports: ApiPorts, state: KnownTransfer, document: TransferDocument
) -> TransferView:
    terms = state.terms
    return TransferView(
        transfer_id=terms.transfer_id,
        group=terms.group,
        stage=state.stage,
        receiver=terms.receiver,
        donor=terms.donor,
        ours=terms.ours,
        msisdn=revealed(terms.number),
        rio=None if terms.rio is None else revealed(terms.rio),
        enterprise=terms.enterprise,
        port_day=terms.port_day,
        until=until_of(state),
        allowed=allowed_in(state),
        our_line=await ports.exchange_desk.our_number(terms),
        timeline=document.timeline,
    )


def _sent(file: SentFile) -> SentView:
    return SentView.model_validate(vars(file), from_attributes=False, extra="ignore")


def _received(file: ReceivedFile) -> ReceivedView:
    return ReceivedView.model_validate({**vars(file), "answer": file.verdict}, extra="ignore")


def add_exchange(app: FastAPI, ports: ApiPorts) -> None:
    @app.get("/exchange/files")
    async def exchange_files(me: Me) -> ExchangeFiles:
        """What was put down and what came, the latest first, with each side's answer."""
        check_house(me, _THE_HOUSES)
        sent = await ports.exchange.sent(limit=FILES)
        received = await ports.exchange.received(limit=FILES)
        return ExchangeFiles(sent=tuple(map(_sent, sent)), received=tuple(map(_received, received)))

    @app.get("/exchange/troubles")
    async def exchange_troubles(me: Me) -> Troubles:
        """What needs a person, the most urgent first."""
        check_house(me, _THE_HOUSES)
        found = [_trouble(document) for document in await ports.exchange.troubles()]
        return Troubles(troubles=tuple(sorted(found, key=lambda t: (t.until, str(t.trouble_id)))))

    @app.post("/exchange/troubles/{trouble_id}/decisions", responses=refusals(404, 409))
    async def settle_trouble(
        trouble_id: UUID, body: TroubleSettled, idempotency_key: IdempotencyKey, me: Me
    ) -> TroubleView:
        """Settled, put down again, or read again: what is still wrong is raised anew."""
        check_house(me, _THE_HOUSES)
        await _known_trouble(ports, trouble_id)
        asked = await asked_by(ports, me, body, idempotency_key)
        try:
            await ports.exchange_desk.settle(trouble_id, body.decision, asked)
        except TroubleRefusedError as exc:
            raise _refused(exc) from exc
        return _trouble(await _known_trouble(ports, trouble_id))


def add_transfers(app: FastAPI, ports: ApiPorts) -> None:
    @app.get("/exchange/transfers")
    async def transfers(me: Me) -> Transfers:
        """Numbers others ask of us, or tell us of, that are not settled yet."""
        check_house(me, _THE_HOUSES)
        documents = await ports.exchange.transfers()
        found = [await _transfer(ports, d.state, d) for d in documents if d.state]
        return Transfers(transfers=tuple(sorted(found, key=lambda t: str(t.transfer_id))))

    @app.get("/exchange/transfers/{transfer_id}", responses=refusals(404))
    async def transfer(transfer_id: UUID, me: Me) -> TransferView:
        check_house(me, _THE_HOUSES)
        return await _known_transfer(ports, transfer_id)

    @app.post("/exchange/transfers/{transfer_id}/answers", responses=refusals(404, 409))
    async def answer_transfer(
        transfer_id: UUID, body: TransferAnswered, idempotency_key: IdempotencyKey, me: Me
    ) -> TransferView:
        """It leaves as a ticket, with the next session's file."""
        check_house(me, _THE_HOUSES)
        await _known_transfer(ports, transfer_id)
        asked = await asked_by(ports, me, body, idempotency_key)
        command = AnswerTransfer(
            decided_at=asked.at,
            answer=body.answer,
            code=body.code,
            by=asked.by,
            reason=body.reason,
        )
        try:
            await ports.exchange_desk.answer(transfer_id, command, asked)
        except TransferRefusedError as exc:
            raise _refused(exc) from exc
        return await _known_transfer(ports, transfer_id)


async def _known_trouble(ports: ApiPorts, trouble_id: UUID) -> TroubleDocument:
    found = await ports.exchange.trouble(trouble_id)
    if found is None:
        raise unknown(
            "trouble-unknown",
            "No such trouble",
            f"There is no trouble {trouble_id}; GET /exchange/troubles lists those that wait.",
        )
    return found


async def _known_transfer(ports: ApiPorts, transfer_id: UUID) -> TransferView:
    found = await ports.exchange.transfer(transfer_id)
    if found is None or found.state is None:
        raise unknown(
            "transfer-unknown",
            "No such transfer",
            f"There is no transfer {transfer_id}; GET /exchange/transfers lists those that wait.",
        )
    return await _transfer(ports, found.state, found)


def _refused(exc: Exception) -> ProblemError:
    return conflict("decision-refused", "It cannot be decided", f"{exc}.")
