"""Equipment of an access that was amended to another place: it is asked where each piece comes to.

No contract of accesses has a word on it. What was sent to the place before, or is there, follows
the customer, comes back, or is left by a person who says why; the way to the other place waits for
none of it. Service starts without it as it does without a piece that is on its way, and an end asks
it back like the rest.
"""

from domain.access_stages import Access, GivingBack, InService
from domain.attention import AttentionRaised, DecisionKind, Turn
from domain.equipment_commands import AskEquipmentBack
from domain.equipment_moves import left_elsewhere
from domain.event import Event
from domain.port_in_attention import ask, cleared
from domain.said import Said

ELSEWHERE = "equipment-elsewhere"
"""What this question is about."""


def names(state: Access) -> tuple[str, ...]:
    return tuple(piece.name for piece in left_elsewhere(state.pieces))


def is_due(state: Access) -> bool:
    """Somebody is to be asked, or need not be any more. Service and ends have their own
    questions."""
    if isinstance(state, GivingBack | InService):
        return False
    left = names(state)
    over = state.is_asked(ELSEWHERE) and not left
    return over or not set(left) <= _asked_about(state)


def _asked_about(state: Access) -> set[str]:
    """A piece that has come to rest since may be among them."""
    details = (one.detail or "" for one in state.attentions if one.code == ELSEWHERE)
    return {name for detail in details for name in detail.split(",")}


def asked(command: AskEquipmentBack, state: Access) -> tuple[Event, ...]:
    """One question for all of them; of those that are there now."""
    left = names(state)
    if not left:
        return cleared(state, ELSEWHERE)
    listed = ", ".join(left)
    what = Said(
        fr=f"le site a changé, et des équipements sont à l'ancien ou en chemin vers lui : {listed} "
        "; ils suivent tous le client (agree), ou y restent (skip, avec la raison) ; un seul : "
        "raccord order equipment (delivered : il a suivi ; returned : il est revenu)",
        en="the site has changed, and equipment is at the one before, or on its way there: "
        f"{listed}; all of it follows the customer (agree), or stays there (skip, with the "
        "reason); one piece alone: raccord order equipment (delivered: it has followed; returned: "
        "it is back)",
    )
    allowed = (DecisionKind.AGREE, DecisionKind.SKIP)
    attention = ask(command, ELSEWHERE, what, *allowed, turn=Turn.CUSTOMER, detail=",".join(left))
    raised = AttentionRaised(attention=attention.model_copy(update={"blocks": False}))
    return (*cleared(state, ELSEWHERE), raised)
