"""How an access ends: what was kept is given back first."""

from domain import access_commands as told
from domain import access_facts as facts
from domain.access_facts import Fee
from domain.access_overwriting import is_open
from domain.access_stages import Access, Quoted
from domain.event import Event
from domain.port_in_facts import Outcome, Step, UndoingBegun
from domain.said import Said

Facts = tuple[Event, ...]


def begin_end(
    state: Access, outcome: Outcome, why: Said, fees: tuple[Fee, ...], said: tuple[Said, ...] = ()
) -> Facts:
    """What was asked for is given back, whether or not it was surely had. Where it is still asked
    whether it was another customer's line, it is put back as one: nobody is left without. `said` is
    why it costs so much, or nothing."""
    last = (Step.RELEASE_ACCESS,) if state.is_kept else ()
    last = (Step.PUT_BACK,) if is_open(state) else last
    begun = UndoingBegun(outcome=outcome, why=why, steps=state.to_give_back(*last))
    return (begun, facts.FeesSettled(fees=(*state.charged, *fees), said=said))


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
    return (refused, *begin_end(state, Outcome.CANCELLED, why, charged, terms.cost))
