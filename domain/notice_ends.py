"""How a customer is told that a number's move ended: from the outcome and what led to it.

The reasons people give, and who gave them, stay in the back office: each of these words is ours.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from domain import port_in_attention as waiting
from domain.attention import DecisionKind, DecisionTaken
from domain.event import Event
from domain.exchange_codes import CodeFamily, code_of
from domain.port_faults import NUMBER_ENDED
from domain.port_in_facts import (
    EligibilityLost,
    Outcome,
    PortCommitted,
    PortEnded,
    PortPlanned,
    PortRefused,
    Step,
    StepGivenUp,
    UndoingBegun,
)
from domain.refusals import refusal_of
from domain.said import Said


def in_service_since(ended: PortEnded, before: Sequence[Event]) -> datetime | None:
    """None when nobody saw the line work: its verification was given up."""
    unseen = any(isinstance(e, StepGivenUp) and e.step is Step.VERIFY_LINE for e in before)
    return None if unseen else ended.service_started_at


def why_lapsed(before: Sequence[Event]) -> Said:
    decided = before[-1] if before else None
    if not isinstance(decided, DecisionTaken):
        return _NOT_CONFIRMED
    return _DECIDED.get(decided.decision, _NOT_CONFIRMED)


def why_impossible(before: Sequence[Event]) -> Said:
    """What was decided about; without a decision, a deadline of the customer's went by."""
    decided, code = _ended_about(before), _last_refusal(before)
    if _ended_by_its_row(before) and code is not None:
        return cause_said(code) or _NOT_DONE
    if decided is None:
        return _NOT_IN_TIME
    if decided in {waiting.DONOR_REFUSED, waiting.ELIGIBILITY_LOST} and code is not None:
        return cause_said(code) or _NOT_DONE
    return _ABOUT.get(decided, _NOT_DONE)


def follows(outcome: Outcome, before: Sequence[Event]) -> Said:
    if outcome is Outcome.REPLACED:
        return _NEW_NUMBER
    committed = any(isinstance(event, PortCommitted) for event in before)
    inactive = _ended_about(before) == waiting.INACTIVE
    gone = committed or inactive or _last_refusal(before) in NUMBER_ENDED
    return _GONE if gone else _STAYS


def cause_said(code: str) -> Said | None:
    """None of a request sent back for its form: that is ours to mend."""
    known = code_of(code)
    if known.family in {CodeFamily.SYNTAX, CodeFamily.FUNCTION}:
        return None
    return refusal_of(code).cause if known.family is CodeFamily.UNKNOWN else known.meaning


def _ended_about(before: Sequence[Event]) -> str | None:
    """The question a person answered by ending it."""
    ends = (
        event.code
        for event in reversed(before)
        if isinstance(event, DecisionTaken) and event.decision is DecisionKind.END
    )
    return next(ends, None)


def _ended_by_its_row(before: Sequence[Event]) -> bool:
    """Nobody decided: the reason leaves nothing to try, and its row says to end."""
    begun = [event for event in before if isinstance(event, UndoingBegun)]
    return bool(begun) and begun[-1].row is not None


def _last_refusal(before: Sequence[Event]) -> str | None:
    """Of the last request: another plan is another request."""
    for event in reversed(before):
        if isinstance(event, PortRefused | EligibilityLost):
            return event.code
        if isinstance(event, PortPlanned):
            return None
    return None


CANCELLED = Said(fr="l'annulation a pris effet", en="the cancellation has taken effect")

_NOT_CONFIRMED = Said(
    fr="ce qui devait confirmer l'annulation n'est pas venu à temps",
    en="what was to confirm the cancellation did not come in time",
)
_DECIDED: Mapping[DecisionKind, Said] = {
    DecisionKind.REFUSE: Said(
        fr="l'accord qu'il fallait n'a pas été donné", en="the agreement it took was not given"
    ),
    DecisionKind.SKIP: Said(
        fr="la demande d'annulation est restée sans suite",
        en="the request to cancel was not pursued",
    ),
}
_NOT_IN_TIME = Said(
    fr="ce qu'il nous fallait pour le portage n'est pas venu à temps",
    en="what we needed for the port did not come in time",
)
_NOT_DONE = Said(
    fr="le portage n'a pas pu être mené à bien", en="the port could not be carried through"
)
_ABOUT: Mapping[str, Said] = {
    waiting.DONOR_SILENT: Said(
        fr="votre opérateur actuel n'a pas répondu",
        en="your present operator has not answered",
    ),
    waiting.INACTIVE: Said(
        fr="le numéro n'est pas actif chez votre opérateur actuel",
        en="the number is not active at your present operator",
    ),
}
_STAYS = Said(
    fr="le numéro reste chez votre opérateur actuel",
    en="the number stays with your present operator",
)
_GONE = Said(
    fr="le numéro n'est plus actif : votre contact habituel vous dit ce qui peut encore être fait",
    en="the number is no longer active: your usual contact tells you what can still be done",
)
_NEW_NUMBER = Said(
    fr="un nouveau numéro vous est attribué à la place",
    en="a new number is given to you instead",
)
