"""How an access ends, and what about it goes wrong: given back first, tried again, or asked of a
person."""

from domain import access_commands as told
from domain import access_facts as facts
from domain.access_facts import Fee
from domain.access_states import Access, Quoted
from domain.attention import Attention, AttentionRaised, DecisionKind
from domain.event import Event
from domain.port_in_facts import Outcome, Step, UndoingBegun
from domain.port_in_failures import governed, next_try
from domain.said import Said

Facts = tuple[Event, ...]


def begin_end(state: Access, outcome: Outcome, why: Said, fees: tuple[Fee, ...]) -> Facts:
    """What was asked for is given back, whether or not it was surely had."""
    reserved = state.reserved is not None or Step.RESERVE_ACCESS in state.asks
    steps = (Step.RELEASE_ACCESS,) if reserved else ()
    begun = UndoingBegun(outcome=outcome, why=why, steps=steps)
    return (begun, facts.FeesSettled(fees=(*state.charged, *fees)))


def followed(
    command: told.Failed, state: Access, *, step: Step, code: str, asked: Attention
) -> Facts:
    """A next try, as often as the row has it; a person otherwise."""
    planned = next_try(command, state.tries, step=step, code=code)
    if planned is not None and DecisionKind.RETRY in asked.allowed:
        return (planned,)
    return (AttentionRaised(attention=governed(asked, command.treatment)),)


def quote_refused(state: Quoted, terms: told.QuoteTerms, *, by_silence: bool) -> Facts:
    """The order is cancelled for this site, and costs what its contract says (002:2281-2283)."""
    given, shown = state.quote, terms.refusal
    refused = facts.QuoteRefused(reference=given.quote.reference, by_silence=by_silence, fees=shown)
    how_fr = "resté sans réponse" if by_silence else "refusé"
    how_en = "left without an answer" if by_silence else "refused"
    why = Said(
        fr=f"devis {given.quote.reference} {how_fr} ({given.source})",
        en=f"quote {given.quote.reference} {how_en} ({given.source})",
    )
    charged = shown if terms.charged else ()
    return (refused, *begin_end(state, Outcome.CANCELLED, why, charged))
