"""Which facts of a site its customer is told of, for which purpose, and in which words.

An immediate desaturation is not told: the contract says so (002:2265).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain import access_attention as waiting
from domain import access_facts as facts
from domain import works_attention
from domain.access_facts import SaturationMode
from domain.access_stages import Access, GivingBack
from domain.access_states import fold
from domain.attention import Attention, AttentionRaised
from domain.event import Event
from domain.notice_around import Around, Told
from domain.notice_ends import CANCELLED, why_lapsed
from domain.notice_opening import asked_told
from domain.notice_site_words import (
    NO_FEE,
    NO_MEANING,
    NO_TIME,
    NOT_CHARGED,
    NOT_WITHOUT_CONSENT,
    NOTHING_ELSE,
    NOTHING_MORE,
    PUT_OFF,
    SATURATED,
    by_contract_said,
    changes_said,
    cuts_needed,
    estimate_said,
    fees_said,
    quote_refused_said,
    thought_said,
    why_refused,
)
from domain.notice_visits import (
    VISIT_FACTS,
    VISIT_KINDS,
    offered_told,
    visit_clauses,
    visit_told,
)
from domain.notice_words import clauses, papers_said, plain
from domain.notices import NoticePurpose, TellBy
from domain.port_in_attention import GATES
from domain.port_in_facts import CancellationAsked, CancellationLapsed, Outcome
from domain.said import Said, day_said, joined

SITE_FACTS: Mapping[NoticePurpose, frozenset[str]] = {
    NoticePurpose.SITE_PAPERS_NEEDED: frozenset({"needed", "until"}),
    NoticePurpose.SITE_REFUSED: frozenset({"why", "owed"}),
    NoticePurpose.SITE_QUOTE: frozenset(
        {"quote", "breakdown", "total", "answer", "silence", "refusal", "changes"}
    ),
    NoticePurpose.SITE_CHANGED: frozenset({"changes"}),
    NoticePurpose.SITE_CHANGES_ASKED: frozenset({"changes", "until"}),
    NoticePurpose.SITE_DELAYED: frozenset({"why", "estimate", "cost"}),
    NoticePurpose.SITE_DELAY_OVER: frozenset({"done", "thought"}),
    NoticePurpose.SITE_HELD: frozenset({"until"}),
    NoticePurpose.SITE_TAKEN_UP: frozenset({"since"}),
    NoticePurpose.SITE_SUPPLY_WITHDRAWN: frozenset({"since"}),
    NoticePurpose.SITE_CANCELLATION_ASKED: frozenset({"cost", "needs"}),
    NoticePurpose.SITE_CANCELLATION_LAPSED: frozenset({"why"}),
    NoticePurpose.SITE_CANCELLED: frozenset({"why", "cost"}),
    **VISIT_FACTS,
}
"""What each purpose says of each site; its templates say exactly that, in both languages."""


@dataclass(frozen=True, kw_only=True)
class SiteTold:
    """One cause of a notice about a site."""

    purpose: NoticePurpose
    facts: Mapping[str, Said]
    sources: tuple[str, ...] = ()
    about: str | None = None
    tell_by: TellBy | None = None


def site_told(event: Event, around: Around) -> SiteTold | None:
    """None when the customer is not told of it."""
    state = fold(around.before)
    if not isinstance(state, Access):
        return None
    told = _told(event, state, around)
    if told is None:
        return None
    purpose, said = told
    return SiteTold(
        purpose=purpose,
        facts={name: plain(one) for name, one in said.items()},
        sources=_sources(event, state, said, around),
        about=event.quote.reference if isinstance(event, facts.QuoteGiven) else None,
        tell_by=_tell_by(event, state, around),
    )


def _sources(
    event: Event, state: Access, said: Mapping[str, Said], around: Around
) -> tuple[str, ...]:
    beside = (*_beside(event, state), *visit_clauses(event, around))
    return tuple(dict.fromkeys((*clauses(said.values()), *beside)))


def may_tell(event: Event) -> bool:
    """Whether its kind is ever told of a site: what led to it is then read."""
    return isinstance(event, _KINDS)


_KINDS: tuple[type[Event], ...] = (
    AttentionRaised,
    CancellationAsked,
    CancellationLapsed,
    facts.FeesSettled,
    facts.QuoteGiven,
    facts.ChangesBinding,
    facts.SaturationFound,
    facts.DeliveryPutOff,
    facts.Desaturated,
    facts.AccessHeld,
    facts.AccessTakenUp,
    facts.SupplierWithdrew,
    *VISIT_KINDS,
)


def _told(event: Event, state: Access, around: Around) -> Told | None:
    told: Told | None = None
    match event:
        case AttentionRaised(attention=attention):
            told = _asked(attention, state, around)
        case facts.FeesSettled() if isinstance(state, GivingBack):
            told = _ended(event, state, around)
        case facts.QuoteGiven():
            told = NoticePurpose.SITE_QUOTE, _quote(event, state)
        case facts.ChangesBinding():
            told = _changed(state, around)
        case CancellationAsked(cost=cost, needs=needs):
            words = {"cost": joined(cost), "needs": needs or NOTHING_MORE}
            told = NoticePurpose.SITE_CANCELLATION_ASKED, words
        case CancellationLapsed():
            why = {"why": why_lapsed(around.before)}
            told = NoticePurpose.SITE_CANCELLATION_LAPSED, why
        case _:
            told = _moved(event, state, around)
    return told


def _moved(event: Event, state: Access, around: Around) -> Told | None:
    """What moves the day it is delivered, and what comes of its works."""
    told: Told | None = None
    match event:
        case facts.SaturationFound(mode=SaturationMode.LATER):
            told = NoticePurpose.SITE_DELAYED, _saturated(event, around)
        case facts.DeliveryPutOff():
            words = {"why": PUT_OFF, "estimate": estimate_said(None), "cost": NO_FEE}
            told = NoticePurpose.SITE_DELAYED, words
        case facts.Desaturated(done_at=done_at):
            told = _desaturated(done_at, state, around)
        case facts.AccessHeld(until=until):
            told = NoticePurpose.SITE_HELD, {"until": around.day(until)}
        case facts.AccessTakenUp():
            told = NoticePurpose.SITE_TAKEN_UP, {"since": around.day(around.at)}
        case facts.SupplierWithdrew(told_at=told_at):
            told = NoticePurpose.SITE_SUPPLY_WITHDRAWN, {"since": around.day(told_at)}
        case _:
            told = visit_told(event, state, around)
    return told


# asked of the customer


def _asked(attention: Attention, state: Access, around: Around) -> Told | None:
    until = around.moment(attention.until)
    if attention.code == GATES:
        needed = papers_said((attention.detail or "").split(","))
        return NoticePurpose.SITE_PAPERS_NEEDED, {"needed": needed, "until": until}
    if attention.code == waiting.CUTS:
        needed = cuts_needed(state)
        return NoticePurpose.SITE_PAPERS_NEEDED, {"needed": needed, "until": until}
    if attention.code == waiting.CHANGES:
        words = {"changes": changes_said(state) or attention.what, "until": until}
        return NoticePurpose.SITE_CHANGES_ASKED, words
    if attention.code == works_attention.SLOTS:
        return offered_told(state, until, around)
    return asked_told(attention, state, around)


def _quote(event: facts.QuoteGiven, state: Access) -> dict[str, Said]:
    given = event.quote
    items = [f"{' '.join(line.what.split())} {line.euros:.2f} €" for line in given.lines]
    return {
        "quote": Said(fr=given.reference, en=given.reference),
        "breakdown": Said(fr=", ".join(items), en=", ".join(items)),
        "total": Said(fr=f"{given.total:.2f} € HT", en=f"{given.total:.2f} € without VAT"),
        "answer": event.answer or NO_TIME,
        "silence": event.silence or NO_MEANING,
        "refusal": joined(event.refusal) if event.refusal else NOT_CHARGED,
        "changes": changes_said(state) or NOTHING_ELSE,
    }


def _changed(state: Access, around: Around) -> Told | None:
    """Binding at once; what the customer has just agreed to is no news."""
    changes = changes_said(state)
    heard = bool(around.before) and isinstance(around.before[-1], facts.StudyHeard)
    if changes is None or not heard:
        return None
    return NoticePurpose.SITE_CHANGED, {"changes": changes}


# what moves the day


def _saturated(event: facts.SaturationFound, around: Around) -> dict[str, Said]:
    owed = [one for one in around.after if isinstance(one, facts.FeeOwed)]
    cost = fees_said([one.fee for one in owed]) or NO_FEE
    if any(not one.consented for one in owed):
        cost = joined((cost, NOT_WITHOUT_CONSENT))
    plans = [one.plan for one in around.after if isinstance(one, facts.DeliveryPlanned)]
    estimate = estimate_said(event.estimate, plans[0] if plans else None)
    return {"why": SATURATED, "estimate": estimate, "cost": cost}


def _desaturated(done_at: datetime, state: Access, around: Around) -> Told | None:
    """Where it moves the date: of an immediate one nobody was told (002:2265)."""
    found, done = state.saturated, around.local(done_at).date()
    if found is None or found.mode is SaturationMode.NOW or found.estimate == done:
        return None
    words = {"done": day_said(done), "thought": thought_said(found.estimate)}
    return NoticePurpose.SITE_DELAY_OVER, words


# ends


def _ended(event: facts.FeesSettled, state: GivingBack, around: Around) -> Told:
    charged = fees_said(event.fees)
    if state.outcome is Outcome.REFUSED:
        by_contract = joined(event.said) if clauses(event.said) else None
        owed = charged or (NOT_CHARGED if by_contract is None else by_contract_said(by_contract))
        words = {"why": why_refused(around.before), "owed": owed}
        return NoticePurpose.SITE_REFUSED, words
    why = quote_refused_said(around.before) or CANCELLED
    return NoticePurpose.SITE_CANCELLED, {"why": why, "cost": charged or NOT_CHARGED}


# until when, and on what it stands


def _tell_by(event: Event, state: Access, around: Around) -> TellBy | None:
    """A saturation has a time of its own; a refusal or a deferral by a person has the order's."""
    to_tell = state.terms.refusal_told
    match event:
        case facts.SaturationFound(tell_by=by, tell_source=source) if by and source:
            return _by(by, source, around)
        case facts.FeesSettled() if isinstance(state, GivingBack):
            refused = state.outcome is Outcome.REFUSED
            return _by(to_tell.by, to_tell.source, around) if refused and to_tell else None
        case facts.DeliveryPutOff() if to_tell is not None:
            return _by(to_tell.by, to_tell.source, around)
        case _:
            return None


def _by(by: datetime, source: str, around: Around) -> TellBy:
    return TellBy(by=by, last=around.last_day(by), source=source)


def _beside(event: Event, state: Access) -> tuple[str, ...]:
    """The clauses of what led to it, that its words leave out."""
    said: tuple[Said, ...] = ()
    match event:
        case facts.ChangesBinding(said=words) | facts.SaturationFound(said=words):
            said = words
        case AttentionRaised(attention=attention):
            said = (attention.what,)
        case facts.FeesSettled() if isinstance(state, GivingBack):
            said = (state.why,)
    return clauses(said)
