"""From a line of ours to the terms of its reverse port: the port that is to be undone."""

from collections.abc import Iterable

from domain.event import Event
from domain.port_in_facts import Outcome, PortEnded, Step
from domain.port_in_states import Ended, Moved, PortState, fold
from domain.reverse_port_facts import ReversePortTerms, reverse_port_id_for
from domain.reverse_ports import ReversePortRefusedError


def reverse_terms_of(events: Iterable[Event]) -> ReversePortTerms:
    """ReversePortRefusedError when no port of it can be undone through the exchange."""
    known = tuple(events)
    ended = fold(known)
    moved = fold(event for event in known if not isinstance(event, PortEnded))
    if not isinstance(ended, Ended) or ended.ended.outcome is not Outcome.PORTED:
        raise ReversePortRefusedError(f"its number did not come to us: {_where(ended)}")
    if not isinstance(moved, Moved) or moved.ready is None or moved.donor is None:
        raise ReversePortRefusedError("its facts do not say how the number came: look at the line")
    asked = moved.asks.get(Step.SEND_REQUEST)
    if moved.internal or asked is None:
        raise ReversePortRefusedError(
            "the number came without any ticket, donor and receiver being one operator: it goes "
            "back between the two of them (decision 21)"
        )
    terms = moved.terms
    return ReversePortTerms(
        reverse_port_id=reverse_port_id_for(terms.line_id),
        line_id=terms.line_id,
        order_id=terms.order_id,
        line=terms.number,
        pin=terms.pin,
        group=terms.group,
        receiver=terms.receiver,
        donor=moved.donor,
        subscribed_at=asked.asked_at,
        msisdn=terms.msisdn,
        number_digest=terms.number_digest,
        host=terms.host,
        host_line=moved.ready.host_line,
        sim=terms.sim,
        ported_at=moved.switched.outage_to,
    )


def _where(state: PortState) -> str:
    if isinstance(state, Ended):
        return f"the line ended {state.ended.outcome}"
    return f"the line is {getattr(state, 'stage', 'unknown')}; cancel it instead"
