"""Between our words and Bouygues Telecom's: pure, one payload at a time.

A webhook that a line is ready:

    {"event": {"id": "evt_7f0c", "kind": "line.reserved", "occurred_at": "2027-01-10T00:00:00Z"},
     "operation": {"id": "op_9d1e", "idempotency_key": "9d1e…", "intent": "reserve"},
     "line": {"id": "bt-9d1e0c44", "partner_line": "4a6b… (our line)"},
     "details": {}}
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, assert_never

from adapters.bouygues.messages import (
    LINE_NAME,
    CancelledDetails,
    CheckAnswer,
    Intent,
    Kind,
    LineAnswer,
    NoSuchOperation,
    NumberAnswer,
    NumberDetails,
    Operated,
    Operation,
    OperationState,
    Passed,
    Refusal,
    RefusedDetails,
    RioGivenAnswer,
    Said,
    SwitchDetails,
    UnreadableAnswerError,
    Webhook,
)
from domain.identity import LineId
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

Json = dict[str, Any]

FORMS = {SimKind.SIM: "physical", SimKind.ESIM: "embedded"}
CHANGES = {Change.SUSPEND: "barring", Change.RESUME: "unbarring"}
STEPS: Mapping[Intent, Step] = {
    Intent.RESERVE: Step.PREPARE_LINE,
    Intent.ACTIVATE_PORTED: Step.SWITCH_LINE,
    Intent.ACTIVATE_NEW: Step.GIVE_NUMBER,
    Intent.TERMINATE: Step.RELEASE_LINE,
}
STANDINGS = {
    "reserved": Standing.RESERVED,
    "active": Standing.ACTIVE,
    "barred": Standing.SUSPENDED,
    "terminated": Standing.ENDED,
}
ACTIVITIES: Mapping[str, Activity] = {
    "active": NumberActive(suspended=False),
    "barred": NumberActive(suspended=True),
    "inactive": NumberInactive(),
}
_OK, _UNKNOWN = 200, 404
_DONE = frozenset({200, 201, 202})
_REFUSALS = frozenset({404, 409, 422})


@dataclass(frozen=True, kw_only=True)
class Posted:
    """An effect, as it is posted: no number is ever in its path."""

    path: str
    body: Json

    def __repr__(self) -> str:
        return f"Posted({self.path})"


# what we ask


def line_order(request: LineRequest) -> Posted:
    common = {"requested_at": rfc3339(request.asked_at)}
    if request.step is Step.PREPARE_LINE:
        body: Json = {"partner_line": str(request.line_id), "sim": {"form": FORMS[request.sim]}}
        if request.number is not None:
            body["intended_number"] = {"value": request.number}
        return Posted(path="/lines", body=common | body)
    line = line_path(request.host_line, request.line_id)
    if request.step is Step.RELEASE_LINE:
        return Posted(path=f"{line}/termination", body=common)
    number = {"origin": "new"}
    if request.step is Step.SWITCH_LINE:
        number = {"origin": "ported", "value": request.number or ""}
    return Posted(path=f"{line}/activation", body=common | {"number": number})


def line_change(change: LineChange) -> Posted:
    body: Json = {"requested_at": rfc3339(change.asked_at), "reason": {"code": change.reason}}
    path = f"{line_path(change.host_line)}/{CHANGES[change.change]}"
    return Posted(path=path, body=body)


def order_withdrawal(withdrawal: Withdrawal) -> Posted:
    body = {
        "requested_at": rfc3339(withdrawal.asked_at),
        "cancelled": {"idempotency_key": withdrawal.of},
    }
    return Posted(path="/cancellations", body=body)


def line_path(host_line: str | None, line_id: LineId | None = None) -> str:
    """Their name of the line, or ours where they have not told theirs."""
    if host_line is None:
        return f"/lines/partner:{line_id}"
    if re.fullmatch(LINE_NAME, host_line) is None:
        raise UnreadableAnswerError("the line has a name that is none of theirs")
    return f"/lines/{host_line}"


def rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


# what they answer


def known_operation(said: Said, key: str) -> Operation | None:
    """None only when they say in their own words that they have none."""
    if said.status == _UNKNOWN:
        NoSuchOperation.model_validate_json(said.content)
        return None
    return _about(Operated.model_validate_json(_content(said)).operation, key)


def known_answer(operation: Operation) -> Answer:
    match operation.state:
        case OperationState.ACCEPTED | OperationState.IN_PROGRESS | OperationState.COMPLETED:
            return Took(reference=operation.id)
        case OperationState.REFUSED:
            if operation.refusal is None:
                raise UnreadableAnswerError("a refusal without its code")
            return Refused(code=operation.refusal.code)
        case OperationState.CANCELLED:
            return Refused(code=OperationState.CANCELLED.value)
        case _:
            assert_never(operation.state)


def order_answer(said: Said, key: str) -> Answer:
    if said.status in _REFUSALS:
        return _refusal(said)
    if said.status not in _DONE:
        raise UnreadableAnswerError(f"status {said.status}")
    return known_answer(_about(Operated.model_validate_json(said.content).operation, key))


def activity_of(said: Said) -> Activity:
    return ACTIVITIES[NumberAnswer.model_validate_json(_content(said)).number.state]


def check_of(said: Said) -> Check:
    if said.status in _REFUSALS:
        return _refusal(said)
    check = CheckAnswer.model_validate_json(_content(said)).check
    if isinstance(check, Passed):
        return Works(reference=check.id)
    return Refused(code=check.fault.code)


def rio_answer(said: Said) -> RioAnswer:
    if said.status in _REFUSALS:
        return _refusal(said)
    return RioGiven(rio=RioGivenAnswer.model_validate_json(_content(said)).rio.value)


def standing_of(said: Said) -> LineStanding:
    if said.status in _REFUSALS:
        return _refusal(said)
    return Stands(standing=STANDINGS[LineAnswer.model_validate_json(_content(said)).line.state])


def _about(operation: Operation, key: str) -> Operation:
    if operation.idempotency_key != key:
        raise UnreadableAnswerError("it answers about another operation")
    return operation


def _content(said: Said) -> bytes:
    if said.status != _OK:
        raise UnreadableAnswerError(f"status {said.status}")
    return said.content


def _refusal(said: Said) -> Refused:
    return Refused(code=Refusal.model_validate_json(said.content).error.code)


# what they tell


def told_of(webhook: Webhook) -> Told:
    """ValidationError or UnreadableAnswerError when the details are not what they should be."""
    at, details = webhook.event.occurred_at, webhook.details
    told: Told
    match webhook.event.kind:
        case Kind.RESERVED:
            told = LineReadyTold(ready_at=at, host_line=_line(webhook))
        case Kind.SWITCHED:
            told = _switched(SwitchDetails.model_validate(details))
        case Kind.ASSIGNED:
            number = NumberDetails.model_validate(details).number.value
            told = NumberGivenTold(number=number, given_at=at, host_line=_line(webhook))
        case Kind.TERMINATED:
            told = ReleasedTold(released_at=at)
        case Kind.BARRED:
            told = LineChangedTold(change=Change.SUSPEND, changed_at=at)
        case Kind.UNBARRED:
            told = LineChangedTold(change=Change.RESUME, changed_at=at)
        case Kind.CANCELLED:
            cancelled = CancelledDetails.model_validate(details).cancelled
            told = WithdrawnTold(key=cancelled.idempotency_key, withdrawn_at=at)
        case Kind.REFUSED:
            told = _refused(webhook, RefusedDetails.model_validate(details).refusal.code)
        case _:
            assert_never(webhook.event.kind)
    return told


def _line(webhook: Webhook) -> str:
    if webhook.line.id is None:
        raise UnreadableAnswerError("the line has no name of theirs")
    return webhook.line.id


def _switched(details: SwitchDetails) -> Told:
    return SwitchedTold(
        outage_from=details.outage.starts_at,
        outage_to=details.outage.ends_at,
        sim_activated_at=details.sim_activated_at,
    )


def _refused(webhook: Webhook, code: str) -> Told:
    key, at = webhook.operation.idempotency_key, webhook.event.occurred_at
    step = STEPS.get(webhook.operation.intent)
    if step is None:
        return ChangeRefusedTold(key=key, code=code, refused_at=at)
    return StepRefusedTold(step=step, key=key, code=code, refused_at=at)
