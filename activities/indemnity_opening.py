"""What shows that an indemnity may be owed opens it in the same append, and wakes its process."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain import indemnities
from domain import port_in_facts as port
from domain.event import Event
from domain.indemnities import OpenIndemnity
from domain.indemnity_facts import (
    Head,
    IndemnityId,
    IndemnityTerms,
    indemnity_id_for,
    indemnity_stream,
)
from domain.indemnity_states import fold
from domain.policies import ANSWER_WAIT
from domain.port_evidence import PortEvidence, read_evidence
from domain.port_in_facts import LineTerms
from domain.port_rules import PortRules
from domain.said import Said
from ledger.append import OutboxMessage
from ledger.deciding import Also
from ledger.envelope import Envelope
from ledger.messages import START_INDEMNITY

_SHOWING = (port.PortPlanned, port.LineSwitched, port.LineVerified, port.PortEnded)
"""Facts that may show that something is owed, or settle how much."""


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What goes into the transaction of the fact itself."""

    also: tuple[Also, ...] = ()
    outbox: tuple[OutboxMessage, ...] = ()


def opened_beside(
    rules: PortRules, history: Sequence[Envelope], events: Sequence[Event], at: datetime
) -> Beside:
    """For the facts that are about to be appended to a line's stream at an instant."""
    terms = _terms(history)
    if terms is None or not any(isinstance(event, _SHOWING) for event in events):
        return Beside()
    evidence = _evidence(rules, terms, history, events, at)
    shown = tuple(_shown(evidence))
    return Beside(
        also=tuple(_opening(rules, terms, head, why, at) for head, why in shown),
        outbox=tuple(start_of(indemnity_id_for(terms.line_id, head)) for head, _ in shown),
    )


def start_of(indemnity_id: IndemnityId) -> OutboxMessage:
    """Its process is started, or told to look again; one that is closed returns at once."""
    payload = json.dumps({"indemnity_id": str(indemnity_id)})
    return OutboxMessage(kind=START_INDEMNITY, payload=payload)


def _terms(history: Sequence[Envelope]) -> LineTerms | None:
    first = history[0].event if history else None
    return first.terms if isinstance(first, port.PortOpened) else None


def _evidence(
    rules: PortRules,
    terms: LineTerms,
    history: Sequence[Envelope],
    events: Sequence[Event],
    at: datetime,
) -> PortEvidence:
    reckoning = rules.contract(terms.pin).reckoning

    def local(instant: datetime) -> date:
        return reckoning.instant_of(instant).date()

    told = [(envelope.business_at, envelope.event) for envelope in history]
    return read_evidence((*told, *((at, event) for event in events)), local)


def _shown(evidence: PortEvidence) -> Iterator[tuple[Head, Said]]:
    delay = evidence.shows_delay
    if delay is not None:
        yield Head.DELAY, delay
    if evidence.lost is not None:
        yield Head.LOSS, evidence.lost.said


def _opening(rules: PortRules, terms: LineTerms, head: Head, why: Said, at: datetime) -> Also:
    command = OpenIndemnity(
        decided_at=at,
        answer_by=rules.after(at, ANSWER_WAIT),
        terms=_terms_of(terms, head),
        shown_by=why,
    )
    stream = indemnity_stream(indemnity_id_for(terms.line_id, head))
    return Also(stream_id=stream, decide=lambda events: indemnities.decide(command, fold(events)))


def _terms_of(terms: LineTerms, head: Head) -> IndemnityTerms:
    return IndemnityTerms(
        indemnity_id=indemnity_id_for(terms.line_id, head),
        head=head,
        line_id=terms.line_id,
        order_id=terms.order_id,
        number=terms.number,
        pin=terms.pin,
        monthly_ttc=terms.monthly_ttc,
    )
