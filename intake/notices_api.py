"""What customers are told, through HTTP: when, how, in which words, and what waits for a person."""

from datetime import date, datetime
from typing import Self

from fastapi import FastAPI, status
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from domain.callers import Caller
from domain.identity import NoticeId, OrderId
from domain.notices import (
    Gathering,
    GivenUp,
    InEffect,
    KnownNotice,
    NoticeDecision,
    NoticePurpose,
    NoticeRefusedError,
    Sent,
    ToBeSent,
    Undelivered,
)
from domain.order_file import Channel
from domain.parsed import BadValueError
from domain.personal import revealed
from domain.said import Language, Said
from intake.api import ApiPorts, IdempotencyKey, conflict, existing, unknown
from intake.beside import WAITING_NOTICES
from intake.decisions_api import acting, own_key
from intake.guard import Me, check_house
from intake.notices import By, Dates, Settled
from intake.openapi import refusals
from intake.requests import Day, EmailText, LongText, ShortText
from projections.notices import NoticeDocument


class NoticeView(BaseModel):
    """One notice: what it is for, how it goes, and from which day the customer is told."""

    notice_id: NoticeId
    order_id: OrderId
    reference: str
    purpose: NoticePurpose
    language: Language
    lines: int
    """Of how many lines it speaks."""
    stage: str
    channel: Channel | None
    because: Said | None
    """Why that channel."""
    due_at: AwareDatetime
    sent_on: date | None
    presented_on: date | None
    received_on: date | None
    in_effect_on: date | None
    rule: Said | None
    """Why that day."""
    clauses: tuple[str, ...]
    """The lines of the contract it stands on, which its text leaves out."""
    tell_by: date | None
    """The last day on which the contract has it told, where it has one."""
    told_late: tuple[Said, ...]
    """What of it was told after that day."""
    waits_for: Said | None
    why: str | None
    """Why it did not leave, or was given up."""
    until: AwareDatetime | None
    late: bool
    allowed: tuple[NoticeDecision, ...]


class TextView(BaseModel):
    subject: str
    body: str
    as_sent: bool | None
    """Whether it is, to the letter, what was sent."""


class ToldView(NoticeView):
    text: TextView | None
    """None before it is written, and once its template is no longer there."""
    to: str | None
    """The address it went to; nothing for a letter, or once the customer is forgotten."""


class WaitingNotices(BaseModel):
    notices: tuple[NoticeView, ...]


class Told(BaseModel):
    notices: tuple[ToldView, ...]


class NoticeDates(BaseModel):
    """What is known of a letter now; what was recorded before stands."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [{"sent_on": "2027-01-08"}]},
    )

    sent_on: Day | None = None
    presented_on: Day | None = Field(default=None, description="First presented to the customer.")
    received_on: Day | None = Field(
        default=None, description="Signed for, or its receipt acknowledged."
    )
    by: ShortText | None = Field(default=None, description="Who says so, through this caller.")

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not (self.sent_on or self.presented_on or self.received_on):
            raise BadValueError("Give at least one of sent_on, presented_on, received_on.")
        return self


class NoticeSettled(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [{"decision": "give-up", "reason": "told on the phone"}]},
    )

    decision: NoticeDecision
    reason: LongText = Field(default="", description="Not personal data.")
    address: EmailText | None = Field(
        default=None, description="With other-address. Kept sealed, never logged."
    )
    channel: Channel | None = Field(default=None, description="With other-channel.")
    by: ShortText | None = Field(default=None, description="Who decides, through this caller.")


def _view(document: NoticeDocument, now: datetime) -> NoticeView:
    return NoticeView(**_fields(document, now))


def _fields(document: NoticeDocument, now: datetime) -> dict[str, object]:
    state = document.state
    terms = state.terms
    waits = isinstance(state, ToBeSent | Undelivered | Sent)
    until = state.until if isinstance(state, ToBeSent | Undelivered | Sent) else None
    return {
        "notice_id": terms.notice_id,
        "order_id": terms.order_id,
        "reference": terms.reference,
        "purpose": terms.purpose,
        "language": terms.language,
        "lines": len(state.causes),
        "stage": state.stage,
        "due_at": document.due_at,
        "waits_for": WAITING_NOTICES[type(state)] if waits else None,
        "why": _why(state),
        "until": until,
        "late": until is not None and until < now,
        "allowed": state.allowed,
        **_channel(state),
        **_days(state),
    }


def _channel(state: KnownNotice) -> dict[str, object]:
    if isinstance(state, Gathering):
        return {"channel": None, "because": None}
    return {"channel": state.composed.channel, "because": state.composed.why}


def _days(state: KnownNotice) -> dict[str, object]:
    came = state.came if isinstance(state, Sent | InEffect) else None
    effect = state.effect if isinstance(state, InEffect) else None
    bounds = [one.tell_by for one in state.causes]
    return {
        "sent_on": came and came.sent_on,
        "presented_on": came and came.presented_on,
        "received_on": came and came.received_on,
        "in_effect_on": effect and effect.on,
        "rule": effect and effect.rule,
        "clauses": tuple(dict.fromkeys(s for one in state.causes for s in one.sources)),
        "tell_by": min((by.last for by in bounds if by is not None), default=None),
        "told_late": tuple(one.said for one in state.late) if isinstance(state, InEffect) else (),
    }


def _why(state: KnownNotice) -> str | None:
    if isinstance(state, Undelivered):
        return state.why
    return state.reason if isinstance(state, GivenUp) else None


async def _told(ports: ApiPorts, document: NoticeDocument, now: datetime) -> ToldView:
    state = document.state
    told = await ports.notices.text(state)
    to = None if isinstance(state, Gathering) else state.composed.to
    return ToldView(
        **_fields(document, now),
        text=None
        if told is None
        else TextView(subject=told.text.subject, body=told.text.body, as_sent=told.as_sent),
        to=None if to is None else revealed(to),
    )


async def _known(ports: ApiPorts, notice_id: NoticeId, me: Caller) -> NoticeDocument:
    """Somebody else's is, to a partner, no notice at all."""
    found = await ports.notices.find(notice_id)
    if found is None or not me.sees(found.state.terms.client):
        raise unknown(
            "notice-unknown",
            "No such notice",
            f"There is no notice {notice_id}; GET /notices lists those that wait.",
        )
    return found


_THE_HOUSES = "Notices are the house's own to send and to date: a partner reads them."


def add_told(app: FastAPI, ports: ApiPorts) -> None:
    @app.get("/orders/{order_id}/told", responses=refusals(404))
    async def told(order_id: OrderId, me: Me) -> Told:
        """What the customer was told: when, how, in which words, in effect from which day."""
        await existing(ports, order_id, me)
        now = await ports.now()
        found = await ports.notices.of_order(order_id)
        return Told(notices=tuple([await _told(ports, one, now) for one in found]))

    @app.get("/notices")
    async def waiting_notices(me: Me) -> WaitingNotices:
        """Those that wait for a person, the most urgent first; a partner's own."""
        now = await ports.now()
        found = [
            _view(one, now)
            for one in await ports.notices.waiting()
            if me.sees(one.state.terms.client)
        ]
        found.sort(key=lambda one: (one.until or now, str(one.notice_id)))
        return WaitingNotices(notices=tuple(found))

    @app.get("/notices/{notice_id}", responses=refusals(404))
    async def notice(notice_id: NoticeId, me: Me) -> ToldView:
        """One of them with its text, as a person prints or copies it."""
        return await _told(ports, await _known(ports, notice_id, me), await ports.now())


def add_notice_moves(app: FastAPI, ports: ApiPorts) -> None:
    @app.post(
        "/notices/{notice_id}/dates",
        status_code=status.HTTP_200_OK,
        responses=refusals(404, 409, 422),
    )
    async def record_notice_dates(
        notice_id: NoticeId, body: NoticeDates, idempotency_key: IdempotencyKey, me: Me
    ) -> NoticeView:
        """The days of a letter; it takes effect on the one the contract says."""
        await _known(ports, notice_id, me)
        check_house(me, _THE_HOUSES)
        at = await ports.now()
        by = By(actor=acting(me, body.by), key=own_key(me, idempotency_key), at=at)
        dates = Dates(
            sent_on=body.sent_on, presented_on=body.presented_on, received_on=body.received_on
        )
        try:
            await ports.notice_desk.record(notice_id, dates, by)
        except NoticeRefusedError as exc:
            raise conflict("dates-refused", "They cannot be recorded", f"{exc}.") from exc
        return _view(await _known(ports, notice_id, me), at)

    @app.post("/notices/{notice_id}/decisions", responses=refusals(404, 409, 422))
    async def settle_notice(
        notice_id: NoticeId, body: NoticeSettled, idempotency_key: IdempotencyKey, me: Me
    ) -> NoticeView:
        """Send it again, to another address, by another form, or give it up with a reason."""
        await _known(ports, notice_id, me)
        check_house(me, _THE_HOUSES)
        at = await ports.now()
        by = By(actor=acting(me, body.by), key=own_key(me, idempotency_key), at=at)
        settled = Settled(
            decision=body.decision,
            reason=body.reason,
            address=body.address,
            channel=body.channel,
        )
        try:
            await ports.notice_desk.settle(notice_id, settled, by)
        except NoticeRefusedError as exc:
            raise conflict("decision-refused", "It cannot be decided", f"{exc}.") from exc
        return _view(await _known(ports, notice_id, me), at)
