"""How a fact moves an access: one move for each kind of fact, and what moves have in common."""

from collections.abc import Callable
from typing import TypeVar, cast

from domain.access_stages import Access, AccessState
from domain.event import Event
from domain.port_in_facts import Step

AccessT = TypeVar("AccessT", bound=Access)
EventT = TypeVar("EventT", bound=Event)
Move = Callable[[Access, Event], AccessState]
MOVES: dict[type[Event], Move] = {}


def on(kind: type[EventT]) -> Callable[[Callable[[Access, EventT], AccessState]], Move]:
    def register(move: Callable[[Access, EventT], AccessState]) -> Move:
        def typed(state: Access, event: Event) -> AccessState:
            return move(state, cast("EventT", event))

        MOVES[kind] = typed
        return typed

    return register


def to(kind: type[AccessT], state: Access, **more: object) -> AccessT:
    """The next stage: what the stages share is carried over, but for a try of the one before."""
    shared = {k: v for k, v in state if k in kind.model_fields and k not in {"stage", "retry"}}
    return kind(**{**shared, **more})


def having(state: AccessT, **changes: object) -> AccessT:
    return state.model_copy(update=changes)


def asked_anew(state: AccessT, step: Step) -> AccessT:
    """Asking again is another intention, under another key."""
    asks = {known: ask for known, ask in state.asks.items() if known is not step}
    return having(state, asks=asks, epochs={**state.epochs, step: state.epoch(step) + 1})


def answered(state: AccessT, step: Step) -> AccessT:
    """What was asked has its answer: the next question of the kind is another one."""
    return having(asked_anew(state, step), retry=None)
