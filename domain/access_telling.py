"""What a contract has the customer told about a site nobody has decided about yet, until when."""

from domain.access_facts import REFUSAL_DUE, AccessReady, SaturationFound, SaturationMode, ToTell
from domain.access_stages import Access, AccessStage, AccessState
from domain.event import Event
from domain.port_in_attention import cleared

_UNDECIDED = {
    AccessStage.CLAIMING,
    AccessStage.CHECKING,
    AccessStage.AGREEING,
    AccessStage.STUDYING,
    AccessStage.RESERVING,
    AccessStage.DESATURATING,
}
"""Where nothing is promised yet, and it is not the customer who is waited for."""


def undecided(state: Access) -> ToTell | None:
    """Until when a refusal or a deferral is to be told; None once it is known that there is none,
    that there is one, or that somebody was asked."""
    asked = state.deferral_settled or state.is_asked(REFUSAL_DUE)
    given_up = state.hold is not None or state.cancellation is not None
    kept = state.reserved is not None
    if asked or given_up or kept or state.stage not in _UNDECIDED:
        return None
    return state.terms.refusal_told


def overtaken(found: tuple[Event, ...], state: AccessState) -> tuple[Event, ...]:
    """It is decided after all: nobody need say any more whether it is put off."""
    decided = any(isinstance(event, AccessReady) or _puts_off(event) for event in found)
    if not decided or not isinstance(state, Access):
        return ()
    return cleared(state, REFUSAL_DUE)


def _puts_off(event: Event) -> bool:
    return isinstance(event, SaturationFound) and event.mode is SaturationMode.LATER
