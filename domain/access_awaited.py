"""What an access awaits, until when: a deadline of somebody's, or an appointment of its own."""

from collections.abc import Iterator
from datetime import datetime

from domain.access_attention import LAPSING, QUOTE
from domain.access_leaving import of_leaving
from domain.access_links import of_the_lines
from domain.access_stages import Access, GatheringPapers, Quoted
from domain.access_telling import undecided
from domain.attention import Attention, going_up
from domain.port_in_attention import STEPS_SAID
from domain.port_in_awaited import Awaited, first_awaited, next_try_awaited
from domain.said import Said
from domain.works_awaited import of_the_day, of_the_visit
from domain.works_site import has_a_last_day


def awaited_by(state: Access) -> Awaited | None:
    """The first of them; None when the next step can be taken at once."""
    own = _of_the_hold(state) if state.blocked else _own(state)
    return first_awaited(state.attentions, (*own, *_whatever_else(state)))


def wakes_by(state: Access) -> Awaited | None:
    """The first that time moves: a question that has gone up stays late until it is answered."""
    moving = ((moves_at(a, state), a) for a in state.attentions)
    people = (Awaited(until=at, what=a.what) for at, a in moving if at is not None)
    own = _of_the_hold(state) if state.blocked else _own(state)
    waking = (*people, *own, *_whatever_else(state))
    return min(waking, key=lambda awaited: awaited.until, default=None)


def moves_at(attention: Attention, state: Access) -> datetime | None:
    """When silence about a question does something: it goes up, once, or what the contract makes of
    silence follows, whoever was to answer."""
    given = state.quote.until if isinstance(state, Quoted) else None
    tells = attention.code in LAPSING or (attention.code == QUOTE and given is not None)
    tells = tells or has_a_last_day(attention)
    return attention.until if tells or going_up((attention,)) else None


def due_of(state: Access) -> Awaited | None:
    """The access's own next date, whatever people are asked meanwhile."""
    own = _of_the_hold(state) if state.hold is not None else _own(state)
    return min(own, key=lambda awaited: awaited.until, default=None)


def _of_the_hold(state: Access) -> Iterator[Awaited]:
    if state.hold is not None:
        what = Said(
            fr="la reprise de la commande suspendue", en="the suspended order to be taken up again"
        )
        yield Awaited(until=state.hold.until, what=what)


def _whatever_else(state: Access) -> Iterator[Awaited]:
    """Is waited for: it comes all the same."""
    yield from _to_tell(state)
    yield from of_the_visit(state)
    yield from of_leaving(state)


def _to_tell(state: Access) -> Iterator[Awaited]:
    """A person is asked in time whether it is put off."""
    to_tell = undecided(state)
    if to_tell is not None:
        what = Said(
            fr=f"gardé, refusé ou reporté : à dire au client ({to_tell.source})",
            en=f"kept, refused or put off: to be told to the customer ({to_tell.source})",
        )
        yield Awaited(until=to_tell.ask_at, what=what)


def _own(state: Access) -> Iterator[Awaited]:
    if state.retry is not None:
        yield next_try_awaited(state.retry)
        return
    if isinstance(state, GatheringPapers):
        for gate in state.gates:
            if gate.opens_by_itself:
                yield Awaited(until=gate.until, what=gate.said, appointment=True)
    yield from of_the_lines(state)
    yield from of_the_day(state)
    ask = None if state.step is None else state.asks.get(state.step)
    if ask is not None and state.step is not None:
        step = STEPS_SAID[state.step]
        what = Said(
            fr=f"la réponse de l'opérateur : {step.fr}", en=f"the operator's answer: {step.en}"
        )
        yield Awaited(until=ask.until, what=what)
