"""What others are told: facts of ours in words of theirs, with a name, a version and a schema.

The facts inside may change shape with the code; these do not. A published type is only ever given
fields that may be missing; anything else is a new version beside the old one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID, uuid5

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain import access_facts as access
from domain import new_numbers, works_facts
from domain import port_in_facts as port
from domain.amendments import AmendmentExecuted, LineAnswer
from domain.attention import AttentionCleared, AttentionRaised, DecisionKind, Turn
from domain.contract_questions import Contract
from domain.contract_resolution import Pin
from domain.event import Event
from domain.identity import AmendmentId, DocumentId, LineId, NoticeId, OrderId
from domain.indemnity_facts import IndemnityId
from domain.notices import NoticeInEffect, NoticePurpose
from domain.order_file import Channel, DocumentFiled, NoticeFiled, Purpose
from domain.orders import OrderClosed, OrderOutcome, OrderReceived
from domain.port_in_facts import Outcome
from domain.reverse_port_facts import Incident, LineHandedBack
from domain.said import Said
from domain.service_terms import ServiceDays, service_terms
from ledger.envelope import Envelope
from projections.published import Published
from projections.published_equipment import EQUIPMENT, of_equipment
from projections.published_indemnities import INDEMNITIES, of_an_indemnity
from projections.published_jeopardy import LinesAtRiskV1, LinesLateV1, LinesSafeV1, of_jeopardy
from projections.published_service import (
    BillingStartedV1,
    CommitmentStartedV1,
    LatenessJudgedV1,
    ServiceStartedV1,
    of_a_start,
)
from projections.published_visits import (
    VisitBookedV1,
    VisitCancelledV1,
    VisitCorrectedV1,
    VisitFailedV1,
    VisitKeptV1,
    VisitMissedV1,
    VisitMovedV1,
    of_a_visit,
)

_PUBLISHED = UUID("5b0a7c5e-6a3b-5d0c-9a39-0e3a3c4f1d07")


class OrderReceivedV1(Published):
    TYPE = "order.received"
    MEANING = "An order was accepted: it will end, and with a reason."
    provider: str
    service: str
    lines: int


class OrderClosedV1(Published):
    TYPE = "order.closed"
    MEANING = "Every line of the order has ended."
    outcome: OrderOutcome


class DocumentFiledV1(Published):
    TYPE = "order.document-filed"
    MEANING = "A document was filed with the order."
    document_id: DocumentId
    name: str
    on: date


class NoticeFiledV1(Published):
    TYPE = "order.notice-filed"
    MEANING = "A letter or notice came, and takes effect on a day."
    notice_id: NoticeId
    purpose: Purpose
    takes_effect_on: date
    because: Said


class CustomerToldV1(Published):
    TYPE = "customer.told"
    MEANING = "A notice to the customer has taken effect: for what, how, from which day, and why."
    purpose: NoticePurpose
    channel: Channel
    in_effect_on: date
    because: Said


class OrderAmendedV1(Published):
    TYPE = "order.amended"
    MEANING = "An amendment was carried out; what each line said to it."
    amendment_id: AmendmentId
    answers: tuple[LineAnswer, ...]


class LineOpenedV1(Published):
    TYPE = "line.opened"
    MEANING = "The line has a process of its own."
    host: str


class LinePlannedV1(Published):
    TYPE = "line.planned"
    MEANING = "The port day is settled, or has moved, and why."
    port_day: date
    moved_from: date | None
    because: Said | None


class LineRequestedV1(Published):
    TYPE = "line.requested"
    MEANING = "The donor is asked for the number."
    answer_awaited_until: AwareDatetime


class LineAcceptedV1(Published):
    TYPE = "line.accepted"
    MEANING = "The donor agrees."
    accepted_at: AwareDatetime


class LineRefusedV1(Published):
    TYPE = "line.refused"
    MEANING = "The donor says no, or takes its yes back; a person decides what follows."
    code: str


class LineCommittedV1(Published):
    TYPE = "line.committed"
    MEANING = "The point of no return has passed: nobody can cancel any more."


class LineSwitchedV1(Published):
    TYPE = "line.switched"
    MEANING = "The number works on the new SIM; how long it did not, and against which limits."
    outage_from: AwareDatetime
    outage_to: AwareDatetime
    judged: tuple[Said, ...]


class LineEndedV1(Published):
    TYPE = "line.ended"
    MEANING = "The line has ended, and why."
    outcome: Outcome
    why: Said | None
    replaced_by: LineId | None


class AttentionRaisedV1(Published):
    TYPE = "attention.raised"
    MEANING = "Something waits for a person: what, whose turn, until when, what may be decided."
    code: str
    what: Said
    turn: Turn
    until: AwareDatetime
    allowed: tuple[DecisionKind, ...]


class AttentionClearedV1(Published):
    TYPE = "attention.cleared"
    MEANING = "It no longer waits: answered, or overtaken."
    code: str


class Whose(StrEnum):
    DONOR = "donor"
    """What the customer had at the operator the number comes from."""
    OURS = "ours"
    """What the customer had on the line."""


class ServiceEndedV1(Published):
    TYPE = "service.ended"
    MEANING = "Billing: a service is in use no more, whose it was, and by which rule."
    whose: Whose
    ended_at: AwareDatetime
    because: Said


class LineHandedBackV1(Published):
    TYPE = "line.handed-back"
    MEANING = "The number has gone back to its initial donor, after which incident."
    incident: Incident
    handed_back_at: AwareDatetime
    because: Said


class FeeSettledV1(Published):
    TYPE = "fee.settled"
    MEANING = "Billing: what was quoted is in force, or was dropped with what it was for."
    what: str
    in_force: bool
    because: Said


class FeeQuotedV1(Published):
    TYPE = "fee.quoted"
    MEANING = "Billing: what was said something would cost, in every reading the contract has."
    what: str
    readings: tuple[Said, ...]
    chargeable: bool
    """False until a person has signed one reading of the contract (decision 13)."""


CATALOGUE: tuple[type[Published], ...] = (
    OrderReceivedV1,
    OrderClosedV1,
    DocumentFiledV1,
    NoticeFiledV1,
    CustomerToldV1,
    OrderAmendedV1,
    LinesAtRiskV1,
    LinesLateV1,
    LinesSafeV1,
    LineOpenedV1,
    LinePlannedV1,
    LineRequestedV1,
    LineAcceptedV1,
    LineRefusedV1,
    LineCommittedV1,
    LineSwitchedV1,
    LineEndedV1,
    LineHandedBackV1,
    VisitBookedV1,
    VisitMovedV1,
    VisitCancelledV1,
    VisitKeptV1,
    VisitFailedV1,
    VisitMissedV1,
    VisitCorrectedV1,
    AttentionRaisedV1,
    AttentionClearedV1,
    ServiceStartedV1,
    ServiceEndedV1,
    BillingStartedV1,
    CommitmentStartedV1,
    LatenessJudgedV1,
    *EQUIPMENT,
    FeeQuotedV1,
    FeeSettledV1,
    *INDEMNITIES,
)
TYPES = frozenset(kind.TYPE for kind in CATALOGUE)


@dataclass(frozen=True, kw_only=True)
class About:
    """What an event is about: the order, as its client calls it, and the line if it is one's."""

    order_id: OrderId
    client: str
    reference: str
    ordered_at: AwareDatetime
    line_id: LineId | None = None
    line: int | None = None
    pin: Pin | None = None
    monthly_ttc: Decimal | None = None
    indemnity_id: IndemnityId | None = None


_CANCELLATION = "cancellation"

ContractOf = Callable[[Pin], Contract | None]
"""The contract of a pin; None when it can no longer be read."""


class Publication(BaseModel):
    """One event as it leaves: the same bytes for every subscriber and every attempt."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: UUID
    type: str
    version: int
    at: AwareDatetime
    order_id: OrderId
    reference: str
    line: int | None
    line_id: LineId | None
    data: dict[str, object]


def published(envelope: Envelope, about: About, contract_of: ContractOf) -> tuple[Publication, ...]:
    """What a fact tells others: nothing, one thing, or several."""
    return tuple(
        Publication(
            id=uuid5(
                _PUBLISHED,
                f"{envelope.command_id}\x1f{envelope.stream_id}\x1f"
                f"{envelope.version}\x1f{told.TYPE}",
            ),
            type=told.TYPE,
            version=told.VERSION,
            at=envelope.business_at,
            order_id=about.order_id,
            reference=about.reference,
            line=about.line,
            line_id=about.line_id,
            data=told.model_dump(mode="json"),
        )
        for told in _told(envelope.event, about, contract_of)
    )


def _handed_back(event: LineHandedBack) -> Iterator[Published]:
    """Billing hears that the service has ended; everybody, that the number has gone back."""
    yield ServiceEndedV1(whose=Whose.OURS, ended_at=event.service_ended_at, because=event.why)
    yield LineHandedBackV1(
        incident=event.incident, handed_back_at=event.service_ended_at, because=event.why
    )


def _told(event: Event, about: About, contract_of: ContractOf) -> Iterator[Published]:
    """An end that starts a service tells billing; everything else tells one thing at most."""
    match event:
        case port.PortEnded() | new_numbers.NewNumberEnded():
            yield from _service(event, about, contract_of)
            yield from _at_the_donor(event)
            yield _ended(event)
        case LineHandedBack():
            yield from _handed_back(event)
        case works_facts.EquipmentMoved() | works_facts.EquipmentBilled():
            yield from of_equipment(event)
        case port.CancellationAsked(cost=cost):
            yield _fee(cost, about, contract_of)
        case NoticeInEffect(purpose=purpose, channel=channel, effect=effect):
            yield CustomerToldV1(
                purpose=purpose, channel=channel, in_effect_on=effect.on, because=effect.rule
            )
        case _:
            told = (
                _of_an_order(event)
                or of_jeopardy(event)
                or of_an_indemnity(event, about.indemnity_id)
                or of_a_visit(event)
                or of_a_start(event)
                or _of_a_line(event)
            )
            if told is not None:
                yield told


def _of_an_order(event: Event) -> Published | None:
    match event:
        case OrderReceived(provider=provider, service=service):
            return OrderReceivedV1(provider=provider, service=service, lines=event.line_count)
        case OrderClosed(outcome=outcome):
            return OrderClosedV1(outcome=outcome)
        case AmendmentExecuted(amendment_id=amendment_id, answers=answers):
            return OrderAmendedV1(amendment_id=amendment_id, answers=answers)
        case DocumentFiled(document=one):
            return DocumentFiledV1(document_id=one.document_id, name=one.name, on=one.on)
        case NoticeFiled(notice=one):
            return NoticeFiledV1(
                notice_id=one.notice_id,
                purpose=one.purpose,
                takes_effect_on=one.takes_effect_on,
                because=one.rule,
            )
        case _:
            return None


def _of_a_line(event: Event) -> Published | None:
    told: Published | None = None
    match event:
        case (
            port.PortOpened(terms=terms)
            | new_numbers.NewNumberOpened(terms=terms)
            | access.AccessOpened(terms=terms)
        ):
            told = LineOpenedV1(host=terms.host)
        case access.AccessEnded(outcome=outcome, why=why):
            told = LineEndedV1(outcome=outcome, why=why, replaced_by=None)
        case port.PortPlanned(plan=plan, moved_from=moved_from, because=because):
            told = LinePlannedV1(port_day=plan.port_day, moved_from=moved_from, because=because)
        case port.OperatorAsked(step=port.Step.SEND_REQUEST, until=until):
            told = LineRequestedV1(answer_awaited_until=until)
        case port.PortAccepted(accepted_at=accepted_at):
            told = LineAcceptedV1(accepted_at=accepted_at)
        case port.PortRefused(code=code) | port.EligibilityLost(code=code):
            told = LineRefusedV1(code=code)
        case port.PortCommitted():
            told = LineCommittedV1()
        case port.LineSwitched(outage_from=begins, outage_to=ends, judged=judged):
            told = LineSwitchedV1(outage_from=begins, outage_to=ends, judged=judged)
        case _:
            told = _of_a_question(event)
    return told


def _of_a_question(event: Event) -> Published | None:
    """What waits for a person, and what was quoted to one."""
    match event:
        case AttentionRaised(attention=one):
            return AttentionRaisedV1(
                code=one.code, what=one.what, turn=one.turn, until=one.until, allowed=one.allowed
            )
        case AttentionCleared(code=code):
            return AttentionClearedV1(code=code)
        case port.CancellationLapsed(why=why):
            return FeeSettledV1(what=_CANCELLATION, in_force=False, because=why)
        case port.UndoingBegun(outcome=Outcome.CANCELLED, why=why):
            return FeeSettledV1(what=_CANCELLATION, in_force=True, because=why)
        case _:
            return None


def _ended(event: port.PortEnded | new_numbers.NewNumberEnded) -> LineEndedV1:
    if isinstance(event, port.PortEnded):
        return LineEndedV1(outcome=event.outcome, why=event.why, replaced_by=event.replaced_by)
    return LineEndedV1(outcome=event.outcome, why=None, replaced_by=None)


def _service(
    event: port.PortEnded | new_numbers.NewNumberEnded,
    about: About,
    contract_of: ContractOf,
) -> Iterator[Published]:
    started_at = event.service_started_at
    if started_at is None or about.pin is None:
        return
    contract = contract_of(about.pin)
    if contract is None:
        yield _started(event, started_at, about, None, _UNREADABLE)
        return
    local = contract.reckoning.instant_of
    days = ServiceDays(
        started_on=local(started_at).date(),
        ordered_on=local(about.ordered_at).date(),
        signed_on=about.pin.signed_on,
    )
    terms = service_terms(contract, days)
    yield _started(event, started_at, about, terms.billed_from, terms.billing)
    yield CommitmentStartedV1(
        committed_from=terms.committed_from,
        committed_until=terms.committed_until,
        because=terms.commitment,
    )


def _at_the_donor(
    event: port.PortEnded | new_numbers.NewNumberEnded,
) -> Iterator[ServiceEndedV1]:
    if not isinstance(event, port.PortEnded) or event.donor_contract_ended_at is None:
        return
    because = Said(
        fr="le portage effectif met fin au contrat chez le donneur, pour ce numéro seulement "
        "(CPCE L. 44-4)",
        en="the port ends the contract at the donor, for this number only (CPCE L. 44-4)",
    )
    yield ServiceEndedV1(whose=Whose.DONOR, ended_at=event.donor_contract_ended_at, because=because)


def _started(
    event: port.PortEnded | new_numbers.NewNumberEnded,
    started_at: datetime,
    about: About,
    billed_from: date | None,
    because: Said,
) -> ServiceStartedV1:
    return ServiceStartedV1(
        started_at=started_at,
        source=event.service_start_source if isinstance(event, port.PortEnded) else None,
        billed_from=billed_from,
        monthly_ttc=about.monthly_ttc,
        because=because,
    )


_UNREADABLE = Said(
    fr="le contrat épinglé ne se lit plus : voyez 'raccord contracts check' avant de facturer",
    en="the pinned contract cannot be read: see 'raccord contracts check' before billing",
)


def _fee(cost: tuple[Said, ...], about: About, contract_of: ContractOf) -> FeeQuotedV1:
    contract = None if about.pin is None else contract_of(about.pin)
    signed = contract is not None and contract.may_be_charged("cancel.fee")
    return FeeQuotedV1(what=_CANCELLATION, readings=cost, chargeable=signed)
