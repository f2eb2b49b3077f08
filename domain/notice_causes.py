"""Which facts the customer is told of, for which purpose, and in which words: one table.

A clause's place is for the back office; what a customer reads says what is needed from them.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from domain import port_in_facts as port
from domain.attention import AttentionRaised
from domain.event import Event
from domain.new_numbers import NewNumberEnded
from domain.notice_ends import (
    CANCELLED,
    cause_said,
    follows,
    in_service_since,
    why_impossible,
    why_lapsed,
)
from domain.notice_sites import SITE_FACTS
from domain.notice_words import papers_said, plain
from domain.notices import NoticePurpose
from domain.orders import OrderReceived
from domain.port_in_attention import GATES, PRESENCE
from domain.port_in_facts import Outcome
from domain.refusals import NextStep, refusal_of
from domain.reverse_port_facts import Incident, LineHandedBack
from domain.said import Said, day_said, joined, moment_said

Facts = Mapping[str, Said]
Told = tuple[NoticePurpose, Facts]
Local = Callable[[datetime], datetime]
"""An instant by the contract's own clock."""

FACTS: Mapping[NoticePurpose, frozenset[str]] = {
    NoticePurpose.ORDER_RECEIVED: frozenset({"lines"}),
    NoticePurpose.PAPERS_NEEDED: frozenset({"needed", "until"}),
    NoticePurpose.PORT_PLANNED: frozenset({"port_day"}),
    NoticePurpose.PORT_MOVED: frozenset({"port_day", "moved_from", "because"}),
    NoticePurpose.DONOR_REFUSED: frozenset({"code", "cause", "needed"}),
    NoticePurpose.CANCELLATION_ASKED: frozenset({"cost", "needs"}),
    NoticePurpose.CANCELLATION_LAPSED: frozenset({"why"}),
    NoticePurpose.CANCELLED: frozenset({"why"}),
    NoticePurpose.NUMBER_MOVED: frozenset({"since"}),
    NoticePurpose.NUMBER_GIVEN: frozenset({"since"}),
    NoticePurpose.NUMBER_HANDED_BACK: frozenset({"since", "why"}),
    NoticePurpose.PORT_IMPOSSIBLE: frozenset({"why", "follows"}),
    **SITE_FACTS,
}
"""What each purpose says of each line; its templates say exactly that, in both languages."""


def told_of(event: Event, local: Local, before: Sequence[Event] = ()) -> Told | None:
    """None when the customer is not told of it; `before` is what its stream held until then."""
    match event:
        case OrderReceived():
            sites = event.service in _OF_SITES
            lines = lines_said(event.line_count, sites=sites)
            return NoticePurpose.ORDER_RECEIVED, {"lines": lines}
        case AttentionRaised(attention=attention) if attention.code in {GATES, PRESENCE}:
            until = moment_said(local(attention.until))
            needed = papers_said((attention.detail or "").split(","))
            return NoticePurpose.PAPERS_NEEDED, {"needed": needed, "until": until}
        case port.PortEnded():
            return _ended(event, local, before)
        case NewNumberEnded(service_started_at=since):
            return NoticePurpose.NUMBER_GIVEN, _since(since, local)
        case LineHandedBack(service_ended_at=since, incident=incident):
            facts = {**_since(since, local), "why": _INCIDENTS[incident]}
            return NoticePurpose.NUMBER_HANDED_BACK, facts
        case _:
            return _on_the_way(event, before)


def asks_nothing(event: Event, beside: Sequence[Event]) -> bool:
    """A refusal that its row tries again, in the facts it came with: nothing is asked of anybody,
    and no day is lost. It is told once it is asked about."""
    refused = isinstance(event, port.PortRefused | port.EligibilityLost)
    return refused and any(isinstance(one, port.RetryPlanned) for one in beside)


def _on_the_way(event: Event, before: Sequence[Event]) -> Told | None:
    told: Told | None = None
    match event:
        case port.PortPlanned(plan=plan, moved_from=None):
            told = NoticePurpose.PORT_PLANNED, {"port_day": day_said(plan.port_day)}
        case port.PortPlanned(plan=plan, moved_from=day, because=because) if day:
            days = {"port_day": day_said(plan.port_day), "moved_from": day_said(day)}
            told = NoticePurpose.PORT_MOVED, {**days, "because": because or _NO_REASON}
        case port.PortRefused(code=code) | port.EligibilityLost(code=code):
            refused = _refused(code)
            told = None if refused is None else (NoticePurpose.DONOR_REFUSED, refused)
        case port.CancellationAsked(cost=cost, needs=needs):
            facts = {"cost": plain(joined(cost)), "needs": plain(needs or _NOTHING_MORE)}
            told = NoticePurpose.CANCELLATION_ASKED, facts
        case port.CancellationLapsed():
            told = NoticePurpose.CANCELLATION_LAPSED, {"why": why_lapsed(before)}
    return told


def _ended(event: port.PortEnded, local: Local, before: Sequence[Event]) -> Told | None:
    if event.outcome is Outcome.PORTED:
        since = in_service_since(event, before)
        return None if since is None else (NoticePurpose.NUMBER_MOVED, _since(since, local))
    if event.outcome is Outcome.CANCELLED:
        return NoticePurpose.CANCELLED, {"why": CANCELLED}
    facts = {"why": why_impossible(before), "follows": follows(event.outcome, before)}
    return NoticePurpose.PORT_IMPOSSIBLE, facts


def _since(since: datetime, local: Local) -> Facts:
    return {"since": moment_said(local(since))}


_OF_SITES = frozenset({"data", "internet"})
"""Services whose orders have sites in place of numbers."""


def lines_said(count: int, *, sites: bool = False) -> Said:
    fr, en = ("site", "site") if sites else ("ligne", "line")
    if count == 1:
        return Said(fr=f"1 {fr}", en=f"1 {en}")
    return Said(fr=f"{count} {fr}s", en=f"{count} {en}s")


def _refused(code: str) -> Facts | None:
    """A request sent back for its form is ours to mend: the customer has nothing to do with it."""
    cause = cause_said(code)
    if cause is None:
        return None
    refusal = refusal_of(code)
    needed = _RIO_AGAIN if refusal.code == "R123" else _NEXT[refusal.next_step]
    return {"code": Said(fr=refusal.code, en=refusal.code), "cause": cause, "needed": needed}


_NO_REASON = Said(fr="une nouvelle date a été retenue", en="another date was settled")
_NOTHING_MORE = Said(fr="rien de plus : elle prend effet", en="nothing more: it takes effect")

_INCIDENTS = {
    Incident.FRAUD: Said(
        fr="le numéro avait été porté sans droit", en="the number had been moved without any right"
    ),
    Incident.MISTAKE_OF_THEIRS: Said(
        fr="une erreur de l'opérateur d'origine", en="a mistake of the operator it came from"
    ),
    Incident.MISTAKE_OF_OURS: Said(fr="une erreur de notre part", en="a mistake of ours"),
    Incident.CUSTOMER_ERROR: Said(
        fr="ce n'était pas la ligne à porter", en="it was not the line that was to be moved"
    ),
    Incident.UNSTATED: Said(
        fr="à la demande de l'opérateur d'origine", en="as the operator it came from demanded"
    ),
}

_RIO_AGAIN = Said(
    fr="le bon RIO : appelez le 3179 depuis la ligne et envoyez-nous ce qu'il vous donne",
    en="the right RIO: call 3179 from the line and send us what it gives you",
)
_NEXT = {
    NextStep.CORRECT: Said(
        fr="vérifier avec nous les données de la demande",
        en="check the data of the request with us",
    ),
    NextStep.RESCHEDULE: Said(
        fr="rien pour l'instant : nous retenons une autre date",
        en="nothing for now: we settle another date",
    ),
    NextStep.OTHER_DONOR: Said(
        fr="le RIO que donne l'opérateur actuel du numéro, au 3179 depuis la ligne",
        en="the RIO the number's present operator gives, at 3179 from the line",
    ),
    NextStep.WAIT: Said(
        fr="nous dire laquelle des deux demandes de portage vous voulez",
        en="tell us which of the two port requests you want",
    ),
    NextStep.REACTIVATE: Said(
        fr="un justificatif, pour que votre opérateur réactive le numéro",
        en="evidence, so that your operator activates the number again",
    ),
    NextStep.END: Said(
        fr="rien : nous revenons vers vous pour la suite",
        en="nothing: we come back to you about what follows",
    ),
    NextStep.PERSON: Said(
        fr="rien pour l'instant : nous demandons ses raisons à votre opérateur",
        en="nothing for now: we ask your operator for its reasons",
    ),
}
