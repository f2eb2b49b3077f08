"""What is asked of operators: one call to one port, and what it came to, in codes of ours."""

import asyncio
from collections.abc import Awaitable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities.lines import LineLedger, LineStep
from activities.port_in import BY_HAND, MOVED_ON, AnswerStep
from domain import access_states, new_numbers
from domain.access_attention import BACK
from domain.access_operators import AccessGateway, AccessRequest
from domain.access_stages import Access
from domain.clock import Technical
from domain.new_numbers import AwaitingHost
from domain.operators import (
    Activity,
    Answer,
    Check,
    Exchange,
    HostGateway,
    LineRequest,
    NumberActive,
    NumberInactive,
    Refused,
    Ticket,
    Took,
    Unanswered,
    Works,
)
from domain.personal import Personal
from domain.port_in_awaited import step_of
from domain.port_in_facts import HostNetwork, Step
from domain.port_in_states import Accepted, Ask, Going, fold
from domain.rio import RIO, Quality
from ledger.messages import Inbox, IncomingMessage

ASKING = Technical(timedelta(seconds=9))
"""One look-up and one request, whatever they wait for: less than a try of the activity may take, so
that two tries under one key are never under way at once."""

SETTLE = Technical(timedelta(seconds=2))
"""How long what has left us may take to be known to the operator, before it is looked up. Ours."""

PATIENCE = Technical(timedelta(seconds=20))
"""What an operator may ask to be waited for at once; longer, it is a date of the process. Ours."""

TICKETS = {Step.SEND_REQUEST, Step.COMMIT_PORT, Step.CANCEL_REQUEST}


@dataclass(frozen=True, kw_only=True)
class Intended:
    """What a line's facts say is to be asked, and of whom."""

    step: Step
    host: HostNetwork
    request: LineRequest | None
    ticket: Ticket | None
    host_line: str | None
    number: str | None
    access: AccessRequest | None = None


@dataclass(frozen=True, kw_only=True)
class OperatorActivities:
    lines: LineLedger
    hosts: Mapping[HostNetwork, HostGateway]
    exchange: Exchange
    inbox: Inbox
    accesses: Mapping[HostNetwork, AccessGateway]
    """The operators that have an interface for fixed accesses; the others are asked by hand."""
    by_hand: AbstractSet[str] = frozenset()
    """Of those, who is asked by hand all the same: `sfr`, or `sfr:microwave` for a technology."""

    @activity.defn
    async def ask_operator(self, step: LineStep) -> AnswerStep:
        """Send what the ledger says is intended, under the key it says."""
        intended = await self._intended(step)
        if intended is not None and intended.ticket is not None:
            return answered(step, intended.step, await self.exchange.hand_in(intended.ticket))
        if intended is not None and intended.request is not None:
            asked = self.hosts[intended.host].ask(intended.request)
            return answered(step, intended.step, await _in_time(asked))
        if intended is not None and intended.access is not None:
            return await self._ask_access(step, intended.host, intended.access)
        return _moved_on(step)

    async def _ask_access(
        self, step: LineStep, host: HostNetwork, request: AccessRequest
    ) -> AnswerStep:
        gateway = self.accesses.get(host)
        with_interface = tuple(
            one for one in request.technologies if f"{host}:{one}" not in self.by_hand
        )
        if gateway is None or host.value in self.by_hand or not with_interface:
            return AnswerStep(**step.model_dump(), step=request.step, outcome=BY_HAND)
        request = replace(request, technologies=with_interface)
        return answered(step, request.step, await _in_time(gateway.ask_access(request)))

    @activity.defn
    async def check_active(self, step: LineStep) -> AnswerStep:
        intended = await self._intended(step)
        if intended is None or intended.step is not Step.CHECK_ACTIVE or intended.number is None:
            return _moved_on(step)
        gateway = self.hosts[intended.host]
        return answered(step, intended.step, await gateway.number_activity(intended.number))

    @activity.defn
    async def verify_line(self, step: LineStep) -> AnswerStep:
        intended = await self._intended(step)
        if intended is None or intended.step is not Step.VERIFY_LINE or intended.host_line is None:
            return _moved_on(step)
        gateway = self.hosts[intended.host]
        return answered(step, intended.step, await gateway.verify_line(intended.host_line))

    @activity.defn
    async def look_up(self, step: LineStep) -> int | None:
        """What became of a request, kept like any message; None while nobody knows."""
        intended = await self._intended(step)
        if intended is None:
            return None
        key, body = await self._looked_up(intended)
        if body is None:
            return None
        await self.inbox.receive(
            IncomingMessage(
                source=intended.host,
                message_key=f"looked-up-{key}",
                correlation=str(step.line_id),
                body=body,
                received_at=step.at,
            )
        )
        return await self.inbox.first_waiting(str(step.line_id), received_upto=step.at)

    async def _looked_up(self, intended: Intended) -> tuple[str, str | None]:
        if intended.request is not None:
            key = intended.request.key
            return key, await self.hosts[intended.host].look_up(key)
        if intended.access is not None:
            key, gateway = intended.access.key, self.accesses.get(intended.host)
            return key, None if gateway is None else await gateway.look_up_access(key)
        return "", None

    async def _intended(self, step: LineStep) -> Intended | None:
        history = await self.lines.read(step.line_id)
        events = [envelope.event for envelope in history]
        port = fold(events)
        if isinstance(port, Going):
            return _of_a_port(port)
        access = access_states.fold(events)
        if isinstance(access, Access):
            return _of_an_access(access)
        other = new_numbers.fold(events)
        return _of_a_new_number(other) if isinstance(other, AwaitingHost) else None


async def _in_time(asked: Awaitable[Answer]) -> Answer:
    try:
        async with asyncio.timeout(ASKING.span.total_seconds()):
            return await asked
    except TimeoutError:
        return Unanswered(why="the operator did not answer in time", sent=True)


def _moved_on(step: LineStep) -> AnswerStep:
    """There is nothing to ask any more: the process will see where the line is."""
    fields = step.model_dump()
    return AnswerStep(**fields, step=Step.PREPARE_LINE, outcome=MOVED_ON)


def _of_a_port(state: Going) -> Intended | None:
    step = step_of(state)
    if step is None:
        return None
    ask = state.asks.get(step)
    host_line = state.ready.host_line if state.ready else None
    request = None
    if ask is not None and step not in TICKETS:
        request = LineRequest(
            step=step,
            key=ask.key,
            line_id=state.terms.line_id,
            asked_at=ask.asked_at,
            sim=state.terms.sim,
            host_line=host_line,
            number=state.terms.msisdn.reveal(),
        )
    return Intended(
        step=step,
        host=state.terms.host,
        request=request,
        ticket=None if ask is None or step not in TICKETS else _ticket(step, ask, state),
        host_line=host_line,
        number=state.terms.msisdn.reveal(),
    )


def _of_a_new_number(state: AwaitingHost) -> Intended:
    request = None
    if state.ask is not None:
        request = LineRequest(
            step=state.step,
            key=state.ask.key,
            line_id=state.terms.line_id,
            asked_at=state.ask.asked_at,
            sim=state.terms.sim,
            host_line=state.host_line,
            number=None,
        )
    return Intended(
        step=state.step,
        host=state.terms.host,
        request=request,
        ticket=None,
        host_line=state.host_line,
        number=None,
    )


def _of_an_access(state: Access) -> Intended | None:
    step = state.step
    if step is None:
        return None
    return Intended(
        step=step,
        host=state.host,
        request=None,
        ticket=None,
        host_line=None,
        number=None,
        access=_access_request(step, state),
    )


def _access_request(step: Step, state: Access) -> AccessRequest | None:
    """Where the site is, in clear only on its way to the operator. What is given back is where it
    was kept, wherever the access goes meanwhile."""
    ask = state.asks.get(step)
    if ask is None:
        return None
    site = state.kept_site if step in BACK else state.terms.site
    checking = step is Step.CHECK_ELIGIBILITY
    return AccessRequest(
        step=step,
        key=ask.key,
        line_id=state.terms.line_id,
        asked_at=ask.asked_at,
        commune=site.commune,
        address=site.address.reveal(),
        locator=site.locator,
        name=None if site.name is None else site.name.reveal(),
        technologies=state.wanted if checking else (state.technology,),
        down_kbps=state.terms.down_kbps,
        reference=None if state.reserved is None else state.reserved.reference,
        quote=state.quotes[-1] if state.quotes else None,
        **_of_a_visit(step, state),
    )


def _of_a_visit(step: Step, state: Access) -> dict[str, Any]:
    """Which slot, and in the stead of which visit; no sooner than the customer wishes."""
    opening = state.opening
    match step:
        case Step.OFFER_VISITS:
            days = (opening.not_before, state.terms.wished)
            return {"not_before": max((day for day in days if day is not None), default=None)}
        case Step.BOOK_VISIT:
            slot = None if opening.picked is None else opening.picked.reference
            return {"slot": slot, "visit": _booked(state)}
        case Step.CANCEL_VISIT:
            return {"visit": _booked(state)}
        case _:
            return {}


def _booked(state: Access) -> str | None:
    return None if state.opening.visit is None else state.opening.visit.reference


def _ticket(step: Step, ask: Ask, state: Going) -> Ticket | None:
    planned, rio, donor = state.planned, state.rio, state.donor
    if planned is None or rio is None or donor is None:
        return None
    session = ask.asked_at
    if step is Step.SEND_REQUEST:
        session = planned.plan.send_at
    elif isinstance(state, Accepted):
        session = state.accepted.commit_at
    return Ticket(
        step=step,
        key=ask.key,
        line_id=state.terms.line_id,
        group=state.terms.group,
        receiver=state.terms.receiver,
        donor=donor,
        number=state.terms.msisdn.reveal(),
        rio=rio.reveal(),
        enterprise=_is_enterprise(rio),
        port_day=planned.plan.port_day,
        session=session,
        subscribed_at=state.asks.get(Step.SEND_REQUEST, ask).asked_at,
        order=state.terms.order_id,
    )


def _is_enterprise(rio: Personal) -> bool:
    """The RIO's own letter (decision 22), which may have come after the order."""
    return RIO.parse(rio.reveal()).quality is Quality.ENTERPRISE


def _settling(after: timedelta | None, *, sent: bool) -> timedelta | None:
    """What it asks for, and no less than what has left us may take to be known."""
    if not sent:
        return after
    return SETTLE.span if after is None else max(SETTLE.span, after)


def _busy(step: LineStep, asked: Step, after: timedelta) -> AnswerStep:
    fields = step.model_dump()
    return AnswerStep(**fields, step=asked, outcome="busy", again_after=after)


def answered(step: LineStep, asked: Step, answer: Answer | Activity | Check) -> AnswerStep:
    """Silence is tried again at once, a few times: the key makes that safe."""
    outcome, detail = "nothing", ""
    match answer:
        case Unanswered(retry_after=after) if after is not None and after > PATIENCE.span:
            return _busy(step, asked, after)
        case Unanswered(why=why, sent=sent, retry_after=after):
            raise ApplicationError(
                why,
                category=ApplicationErrorCategory.BENIGN,
                next_retry_delay=_settling(after, sent=sent),
            )
        case Took(reference=reference):
            outcome, detail = "took", reference
        case Refused(code=code):
            outcome, detail = "refused", code
        case Works(reference=reference):
            outcome, detail = "works", reference
        case NumberActive(suspended=suspended):
            outcome = "suspended" if suspended else "active"
        case NumberInactive():
            outcome = "inactive"
    return AnswerStep(
        line_id=step.line_id,
        at=step.at,
        version=step.version,
        step=asked,
        outcome=outcome,
        detail=detail,
    )
