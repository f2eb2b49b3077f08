"""Between our words and Orange's: pure, one payload at a time.

A notification that a line is ready:

    <o:LineNotification xmlns:o="urn:raccord:orange:lines:1">
      <o:notificationId>7f0c…</o:notificationId>
      <o:orderKey>9d1e…</o:orderKey>
      <o:customerReference>4a6b… (our line)</o:customerReference>
      <o:event>READY</o:event>
      <o:at>2027-01-10T00:00:00+00:00</o:at>
      <o:hostLine>OL-000001</o:hostLine>
    </o:LineNotification>
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from adapters.orange.messages import Element, UnreadableDocumentError
from domain.operators import (
    LineReadyTold,
    LineRequest,
    NumberGivenTold,
    ReleasedTold,
    StepRefusedTold,
    SwitchedTold,
    Told,
)
from domain.port_in_facts import SimKind, Step

EFFECTS = {
    Step.PREPARE_LINE: "PREPARE",
    Step.SWITCH_LINE: "SWITCH",
    Step.RELEASE_LINE: "RELEASE",
    Step.GIVE_NUMBER: "GIVE_NUMBER",
}
STEPS = {effect: step for step, effect in EFFECTS.items()}
SIMS = {SimKind.SIM: "CARD", SimKind.ESIM: "ESIM"}


def line_order(request: LineRequest) -> Element:
    fields = {
        "orderKey": request.key,
        "customerReference": str(request.line_id),
        "effect": EFFECTS[request.step],
        "requestedAt": request.asked_at.isoformat(),
        "sim": SIMS[request.sim],
    }
    if request.host_line is not None:
        fields["hostLine"] = request.host_line
    if request.number is not None:
        fields["msisdn"] = request.number
    return Element(name="LineOrder", fields=fields)


def order_status(key: str) -> Element:
    return Element(name="OrderStatus", fields={"orderKey": key})


def number_status(number: str) -> Element:
    return Element(name="NumberStatus", fields={"msisdn": number})


def line_test(host_line: str) -> Element:
    return Element(name="LineTest", fields={"hostLine": host_line})


def told_of(notification: Element) -> Told:
    """UnreadableDocumentError when a field is missing or is not what it should be."""
    made = _EVENTS.get(_field(notification, "event"))
    if made is None:
        raise UnreadableDocumentError(f"no such event: {_field(notification, 'event')}")
    return made(notification)


def _field(element: Element, name: str) -> str:
    value = element.fields.get(name, "")
    if not value:
        raise UnreadableDocumentError(f"{element.name} has no {name}")
    return value


def _at(element: Element, name: str = "at") -> datetime:
    text = _field(element, name)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as exc:
        raise UnreadableDocumentError(f"{name} is no instant") from exc
    if moment.tzinfo is None:
        raise UnreadableDocumentError(f"{name} has no offset")
    return moment


def _ready(element: Element) -> Told:
    return LineReadyTold(ready_at=_at(element), host_line=_field(element, "hostLine"))


def _switched(element: Element) -> Told:
    return SwitchedTold(
        outage_from=_at(element, "outageFrom"),
        outage_to=_at(element, "outageTo"),
        sim_activated_at=_at(element, "simActivatedAt"),
    )


def _released(element: Element) -> Told:
    return ReleasedTold(released_at=_at(element))


def _given(element: Element) -> Told:
    return NumberGivenTold(
        number=_field(element, "msisdn"),
        given_at=_at(element),
        host_line=_field(element, "hostLine"),
    )


def _rejected(element: Element) -> Told:
    step = STEPS.get(_field(element, "effect"))
    if step is None:
        raise UnreadableDocumentError("no such effect")
    return StepRefusedTold(
        step=step,
        key=_field(element, "orderKey"),
        code=_field(element, "code"),
        refused_at=_at(element),
    )


_EVENTS: Mapping[str, Callable[[Element], Told]] = {
    "READY": _ready,
    "SWITCHED": _switched,
    "RELEASED": _released,
    "NUMBER_GIVEN": _given,
    "REJECTED": _rejected,
}
