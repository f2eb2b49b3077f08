"""Between our words and Orange's: pure, one payload at a time.

A notification that a line is ready:

    <o:LineNotification xmlns:o="urn:raccord:orange:lines:1">
      <o:notificationId>7f0c…</o:notificationId>
      <o:orderKey>9d1e…</o:orderKey>
      <o:customerReference>4a6b… (our line)</o:customerReference>
      <o:event>READY</o:event>
      <o:at>2027-01-10T00:00:00+00:00</o:at>
      <o:hostLine>OL-9D1E0C44</o:hostLine>
    </o:LineNotification>
"""

import re
from collections.abc import Callable, Mapping

from adapters.orange.messages import (
    FAULT,
    Element,
    UnreadableDocumentError,
    field_of,
    instant_of,
    looked_up,
    word_of,
)
from domain.operators import (
    Activity,
    Answer,
    Change,
    ChangeRefusedTold,
    Check,
    LineChange,
    LineChangedTold,
    LineReadyTold,
    LineRequest,
    LineStanding,
    NumberActive,
    NumberGivenTold,
    NumberInactive,
    Refused,
    ReleasedTold,
    RioAnswer,
    RioGiven,
    Standing,
    Stands,
    StepRefusedTold,
    SwitchedTold,
    Told,
    Took,
    Withdrawal,
    WithdrawnTold,
    Works,
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
CHANGES = {Change.SUSPEND: "SUSPEND", Change.RESUME: "RESUME"}
WITHDRAW = "WITHDRAW"
STANDINGS = {
    "RESERVED": Standing.RESERVED,
    "ACTIVE": Standing.ACTIVE,
    "SUSPENDED": Standing.SUSPENDED,
    "ENDED": Standing.ENDED,
}
ACTIVITIES: Mapping[str, Activity] = {
    "ACTIVE": NumberActive(suspended=False),
    "SUSPENDED": NumberActive(suspended=True),
    "INACTIVE": NumberInactive(),
}
TOLD_FIELDS = (
    "notificationId",
    "orderKey",
    "customerReference",
    "event",
    "at",
    "hostLine",
    "outageFrom",
    "outageTo",
    "simActivatedAt",
    "msisdn",
    "effect",
    "code",
    "withdrawnKey",
)
_NUMBER = re.compile(r"0[0-9]{9}")
_RIO = re.compile(r"[0-9]{2}[PE][A-Z0-9]{6}[A-Z0-9+]{3}")

# what we ask


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


def line_change(change: LineChange) -> Element:
    fields = {
        "orderKey": change.key,
        "customerReference": str(change.line_id),
        "change": CHANGES[change.change],
        "requestedAt": change.asked_at.isoformat(),
        "hostLine": change.host_line,
        "motive": change.reason,
    }
    return Element(name="LineChange", fields=fields)


def order_withdrawal(withdrawal: Withdrawal) -> Element:
    fields = {
        "orderKey": withdrawal.key,
        "customerReference": str(withdrawal.line_id),
        "withdrawnKey": withdrawal.of,
        "requestedAt": withdrawal.asked_at.isoformat(),
    }
    return Element(name="OrderWithdrawal", fields=fields)


def order_status(key: str) -> Element:
    return Element(name="OrderStatus", fields={"orderKey": key})


def number_status(number: str) -> Element:
    return Element(name="NumberStatus", fields={"msisdn": number})


def line_query(name: str, host_line: str) -> Element:
    """LineTest, LineIdentity or LineStatus."""
    return Element(name=name, fields={"hostLine": host_line})


# what it answers


def known_answer(status: Element, key: str) -> Answer | None:
    """What an earlier attempt came to; None only when Orange says that it has none."""
    about = _of(status, "OrderStatusResult").fields
    if key not in {about.get("orderKey", key), about.get("withdrawnKey")}:
        raise UnreadableDocumentError("it answers about another order")
    match about.get("state"):
        case "UNKNOWN":
            return None
        case "PENDING" | "DONE":
            return Took(reference=status.fields.get("reference") or key)
        case "REJECTED":
            return Refused(code=word_of(status, "code"))
        case "WITHDRAWN":
            return Refused(code="WITHDRAWN")
        case _:
            raise UnreadableDocumentError("it does not say whether it has the order")


def order_answer(answer: Element, key: str) -> Answer:
    if answer.name == FAULT:
        return _refusal(answer)
    acknowledged = _of(answer, "OrderAcknowledgement")
    if field_of(acknowledged, "orderKey") != key:
        raise UnreadableDocumentError("it acknowledges another order")
    return Took(reference=word_of(acknowledged, "reference"))


def activity_of(answer: Element) -> Activity:
    return looked_up(ACTIVITIES, _of(answer, "NumberStatusResult"), "state")


def check_of(answer: Element) -> Check:
    if answer.name == FAULT:
        return _refusal(answer)
    match field_of(_of(answer, "LineTestResult"), "result"):
        case "PASSED":
            return Works(reference=word_of(answer, "reference"))
        case "FAILED":
            return Refused(code=word_of(answer, "code"))
        case _:
            raise UnreadableDocumentError("the test neither passed nor failed")


def rio_answer(answer: Element) -> RioAnswer:
    if answer.name == FAULT:
        return _refusal(answer)
    rio = field_of(_of(answer, "LineIdentityResult"), "rio")
    if _RIO.fullmatch(rio) is None:
        raise UnreadableDocumentError("rio is no RIO of a mobile line")
    return RioGiven(rio=rio)


def standing_of(answer: Element) -> LineStanding:
    if answer.name == FAULT:
        return _refusal(answer)
    return Stands(standing=looked_up(STANDINGS, _of(answer, "LineStatusResult"), "state"))


def _of(element: Element, name: str) -> Element:
    if element.name != name:
        raise UnreadableDocumentError(f"a {name} is expected")
    return element


def _refusal(fault: Element) -> Refused:
    return Refused(code=word_of(fault, "code"))


# what it tells


def notification_of(status: Element, key: str) -> Element | None:
    """What a looked-up order has come to, as it would have been told; None while nothing has, and
    for an answer about another order."""
    if key not in {status.fields.get("orderKey"), status.fields.get("withdrawnKey")}:
        return None
    if status.fields.get("state") not in {"DONE", "REJECTED", "WITHDRAWN"}:
        return None
    told = {name: status.fields[name] for name in TOLD_FIELDS if name in status.fields}
    return Element(name="LineNotification", fields=told)


def told_of(notification: Element) -> Told:
    """UnreadableDocumentError when a field is missing or is not what it should be."""
    made = _EVENTS.get(field_of(notification, "event"))
    if made is None:
        raise UnreadableDocumentError("no such event")
    return made(notification)


def _ready(element: Element) -> Told:
    return LineReadyTold(ready_at=instant_of(element), host_line=word_of(element, "hostLine"))


def _switched(element: Element) -> Told:
    return SwitchedTold(
        outage_from=instant_of(element, "outageFrom"),
        outage_to=instant_of(element, "outageTo"),
        sim_activated_at=instant_of(element, "simActivatedAt"),
    )


def _released(element: Element) -> Told:
    return ReleasedTold(released_at=instant_of(element))


def _given(element: Element) -> Told:
    number = field_of(element, "msisdn")
    if _NUMBER.fullmatch(number) is None:
        raise UnreadableDocumentError("msisdn is no number of ten figures")
    return NumberGivenTold(
        number=number, given_at=instant_of(element), host_line=word_of(element, "hostLine")
    )


def _suspended(element: Element) -> Told:
    return LineChangedTold(change=Change.SUSPEND, changed_at=instant_of(element))


def _resumed(element: Element) -> Told:
    return LineChangedTold(change=Change.RESUME, changed_at=instant_of(element))


def _withdrawn(element: Element) -> Told:
    return WithdrawnTold(key=word_of(element, "withdrawnKey"), withdrawn_at=instant_of(element))


def _rejected(element: Element) -> Told:
    effect, key = field_of(element, "effect"), word_of(element, "orderKey")
    code, at = word_of(element, "code"), instant_of(element)
    if effect in {WITHDRAW, *CHANGES.values()}:
        return ChangeRefusedTold(key=key, code=code, refused_at=at)
    step = STEPS.get(effect)
    if step is None:
        raise UnreadableDocumentError("no such effect")
    return StepRefusedTold(step=step, key=key, code=code, refused_at=at)


_EVENTS: Mapping[str, Callable[[Element], Told]] = {
    "READY": _ready,
    "SWITCHED": _switched,
    "RELEASED": _released,
    "NUMBER_GIVEN": _given,
    "SUSPENDED": _suspended,
    "RESUMED": _resumed,
    "WITHDRAWN": _withdrawn,
    "REJECTED": _rejected,
}
