"""The office that tells customers: gathers what is due, writes it, sends it, notes what came of it.

One runner at a time. An attempt is noted after it was made: whoever dies in between makes it again,
under the same key, and the customer may then have one email twice.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from domain import notices
from domain.amendments import AmendmentExecuted
from domain.clock import Technical
from domain.contract_resolution import Pin
from domain.identity import NoticeId, OrderId, order_stream, step_command
from domain.notice_channels import channel_for, effect_of, wants_receipt
from domain.notice_post import Mail, Messenger, Refused, Taken, Unanswered
from domain.notice_texts import NoticeTemplate, TemplateFaultError
from domain.notices import (
    Compose,
    Composed,
    Gathering,
    HearRefused,
    HearSent,
    HearUnanswered,
    Leaving,
    NoticeCommand,
    NoticeState,
    Undelivered,
)
from domain.order_file import Came, Channel
from domain.orders import OrderReceived
from domain.parsed import BadValueError
from domain.personal import Personal
from domain.policies import ANSWER_WAIT, LETTER_DATES_WAIT, LETTER_WAIT
from domain.port_rules import PortRules
from domain.ports import Clocks
from domain.said import Said
from intake.notices import NoticeBook
from ledger.availability import LedgerUnavailableError
from projections.notices import TO_SEND, NoticeDocument
from runtime.notice_causes import ACTOR, NoticeCauses
from runtime.notice_texts import NoticeTexts
from runtime.projecting import ProjectionRunner

QUIET = Technical(timedelta(seconds=2))
"""A notice is written once nothing has joined it for so long. A default of ours."""
GATHERED_MAX = Technical(timedelta(minutes=5))
"""And after so long in any case. A default of ours."""
TRIES = 10
"""Attempts at a server that does not answer, about two minutes in all, before a person is asked.
A default of ours."""
LOOK_AGAIN = Technical(timedelta(seconds=1))
"""How soon what another office left to do is found; what this one reads is known at once."""
AT_ONCE = 8
"""Notices under way at the same time. A default of ours."""

_FIRST_DELAY = timedelta(seconds=0.5)
_LONGEST_DELAY = timedelta(seconds=30)

_UNREAD = Said(
    fr="par lettre : le contrat ne se lit plus comme il a été épinglé",
    en="by letter: the contract can no longer be read as it was pinned",
)

_UNMADE = Said(
    fr="par lettre : son texte ne peut pas être fait de son modèle, écrivez-le",
    en="by letter: its text cannot be made from its template, write it yourself",
)

log = structlog.get_logger("notices")


def delay_after(tried: int) -> timedelta:
    doubled: int = 2**tried
    return min(_FIRST_DELAY * doubled, _LONGEST_DELAY)


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How long things take by the wall; tests hurry."""

    quiet: Technical = QUIET
    gathered_max: Technical = GATHERED_MAX
    tries: int = TRIES
    delay: Callable[[int], timedelta] = delay_after


@dataclass(frozen=True, kw_only=True)
class Customer:
    """Whom a notice of an order goes to, as its facts say now."""

    name: Personal
    email: Personal | None


@dataclass(frozen=True, kw_only=True)
class _Open:
    """What decides when a notice is due; nothing personal is remembered."""

    notice_id: NoticeId
    order_id: OrderId
    gathers: bool
    began_at: datetime
    last_at: datetime


@dataclass(frozen=True, kw_only=True)
class _ToDo:
    """The notices that are ours, the oldest first, and until when this is not looked up again."""

    open: tuple[_Open, ...]
    until: float


def _open(document: NoticeDocument) -> _Open:
    terms = document.state.terms
    return _Open(
        notice_id=terms.notice_id,
        order_id=terms.order_id,
        gathers=isinstance(document.state, Gathering),
        began_at=document.began_at,
        last_at=document.last_at,
    )


@dataclass(kw_only=True)
class NoticeOffice:
    causes: NoticeCauses
    to_send: ProjectionRunner[NoticeDocument]
    waiting: ProjectionRunner[NoticeDocument]
    book: NoticeBook
    texts: NoticeTexts
    rules: PortRules
    clocks: Clocks
    messenger: Messenger | None
    """None where nothing is set up to send with: every notice is then a letter."""
    wall_now: Callable[[], datetime]
    pace: Pace = field(default_factory=Pace)
    _running: dict[OrderId, asyncio.Task[None]] = field(default_factory=dict)
    _not_before: dict[NoticeId, float] = field(default_factory=dict)
    _to_do: _ToDo | None = None
    """As it was last looked at; None where it may have changed."""

    async def turn(self) -> int:
        """Read what happened, and start what is due."""
        self._forget_finished()
        found = await self.causes.turn()
        found += await self._read_on() + await self.waiting.turn()
        return found + await self._start_due()

    async def _read_on(self) -> int:
        to_do, self._to_do = self._to_do, None
        step = await self.to_send.step()
        self._to_do = None if step.changed else to_do
        return step.read

    async def rest(self) -> None:
        """Wait for what is under way."""
        await asyncio.gather(*self._running.values(), return_exceptions=True)
        self._forget_finished()

    def _forget_finished(self) -> None:
        """What failed by a fault of ours is tried again later, and holds back nobody else."""
        finished = {one: task for one, task in self._running.items() if task.done()}
        for order_id, task in finished.items():
            del self._running[order_id]
            failure = task.exception()
            if failure is not None:
                log.error("notice.failed", order=str(order_id), error=type(failure).__name__)
                if not isinstance(failure, Exception):
                    raise failure

    async def _start_due(self) -> int:
        """One of an order at a time, the oldest first: a customer reads things as they happened."""
        room = AT_ONCE - len(self._running)
        if room <= 0:
            return 0
        to_do = self._to_do
        if to_do is None or time.monotonic() >= to_do.until:
            to_do = self._to_do = await self._looked_up()
        oldest: dict[OrderId, _Open] = {}
        for one in to_do.open:
            oldest.setdefault(one.order_id, one)
        due = [one for one in oldest.values() if self._is_due(one)][:room]
        for one in due:
            self._running[one.order_id] = asyncio.create_task(self._work(one.notice_id))
        return len(due)

    async def _looked_up(self) -> _ToDo:
        until = time.monotonic() + LOOK_AGAIN.span.total_seconds()
        found = await self.to_send.load(await self.to_send.documents.open_keys(TO_SEND.stored_as))
        ours = sorted(found.values(), key=lambda document: document.began_at)
        return _ToDo(open=tuple(map(_open, ours)), until=until)

    def _is_due(self, one: _Open) -> bool:
        too_soon = time.monotonic() < self._not_before.get(one.notice_id, 0)
        if one.order_id in self._running or too_soon:
            return False
        if not one.gathers:
            return True
        now = self.wall_now()
        return (
            now - one.last_at >= self.pace.quiet.span
            or now - one.began_at >= self.pace.gathered_max.span
        )

    async def _work(self, notice_id: NoticeId) -> None:
        """From the facts, whatever the document said: what is done already is not done again."""
        self._not_before[notice_id] = time.monotonic() + _LONGEST_DELAY.total_seconds()
        with suppress(LedgerUnavailableError):
            state = await self.book.state(notice_id)
            if isinstance(state, Gathering):
                state = await self._write(state)
            if isinstance(state, Leaving):
                state = await self._send(state)
            self._later(notice_id, state)

    def _later(self, notice_id: NoticeId, state: NoticeState) -> None:
        if isinstance(state, Leaving):
            delay = self.pace.delay(state.tried)
            self._not_before[notice_id] = time.monotonic() + delay.total_seconds()
            return
        self._not_before.pop(notice_id, None)
        if isinstance(state, Undelivered):
            log.error("notice.undelivered", notice=str(notice_id), why=state.why)

    async def _now(self) -> datetime:
        clock = await self.clocks.in_force()
        return clock.business_at(self.wall_now())

    async def _write(self, state: Gathering) -> NoticeState:
        now, terms = await self._now(), state.terms
        customer = await self._customer(terms.order_id)
        email = None if customer.email is None or customer.email.forgotten else customer.email
        channel, why = self._channel(terms.pin, has_address=email is not None)
        template = self.texts.newest(state)
        provider = self.texts.templates.name_of(terms.pin.provider)
        digest = await self._digest(state, template, customer=customer, provider=provider)
        if digest is None:
            channel, why = Channel.LETTER, _UNMADE
        composed = Composed(
            at=now,
            template=template.version,
            channel=channel,
            why=why,
            to=email if channel is Channel.EMAIL else None,
            provider=provider,
            customer=customer.name,
            digest=digest or "",
        )
        until = self.rules.after(now, LETTER_WAIT)
        command = Compose(decided_at=now, composed=composed, until=until)
        log.info("notice.composed", notice=str(terms.notice_id), purpose=terms.purpose)
        return await self._obey(state, command, step="compose")

    async def _digest(
        self, state: Gathering, template: NoticeTemplate, *, customer: Customer, provider: str
    ) -> str | None:
        """What proves the text; None where it cannot be made, and a person writes it."""
        try:
            text = await self.texts.text(state, template, customer=customer.name, provider=provider)
        except TemplateFaultError as exc:
            log.error("notice.unmade", notice=str(state.terms.notice_id), why=str(exc))  # noqa: TRY400
            return None
        return self.texts.digest(text)

    def _channel(self, pin: Pin, *, has_address: bool) -> tuple[Channel, Said]:
        """Under a contract that cannot be read as it was pinned, a person sends it."""
        can_send = self.messenger is not None
        try:
            contract = self.rules.contract(pin)
            return channel_for(contract, has_address=has_address, can_send=can_send)
        except BadValueError as exc:
            log.warning("notice.contract.unread", provider=pin.provider, error=type(exc).__name__)
            return Channel.LETTER, _UNREAD

    async def _customer(self, order_id: OrderId) -> Customer:
        """The name as it was last amended."""
        name: Personal | None = None
        email: Personal | None = None
        for envelope in await self.book.ledger.read(order_stream(order_id)):
            match envelope.event:
                case OrderReceived(customer=customer, email=given):
                    name, email = customer, given
                case AmendmentExecuted(customer=amended) if amended is not None:
                    name = amended
        if name is None:
            raise BadValueError(f"there is no order {order_id}")
        return Customer(name=name, email=email)

    async def _send(self, state: Leaving) -> NoticeState:
        """A fault of ours ends with a person too: what cannot be at once, the rest after tries."""
        step = f"attempt/{state.epoch}/{state.tried}"
        try:
            command: NoticeCommand = await self._attempt(state)
        except BadValueError as exc:
            command = await self._fault(state, exc)
        except LedgerUnavailableError:
            raise
        except Exception as exc:
            after = await self._obey(state, await self._fault(state, exc), step=step)
            self._later(state.terms.notice_id, after)
            raise
        return await self._obey(state, command, step=step)

    async def _obey(
        self, state: Gathering | Leaving, command: NoticeCommand, *, step: str
    ) -> NoticeState:
        terms = state.terms
        history = await self.book.obey(
            terms.notice_id, command, step=step, actor=ACTOR, order_id=terms.order_id
        )
        return notices.fold(envelope.event for envelope in history)

    async def _fault(self, state: Leaving, fault: Exception) -> HearRefused | HearUnanswered:
        name = type(fault).__name__
        log.error("notice.failed", notice=str(state.terms.notice_id), error=name)
        now = await self._now()
        until = self.rules.after(now, ANSWER_WAIT)
        if isinstance(fault, BadValueError):
            return HearRefused(decided_at=now, why=f"it cannot be made ({name})", until=until)
        why = f"a fault of ours ({name})"
        return HearUnanswered(decided_at=now, why=why, tries=self.pace.tries, until=until)

    async def _attempt(self, state: Leaving) -> HearSent | HearRefused | HearUnanswered:
        mail = await self._mail(state)
        if self.messenger is None:
            answer: Taken | Refused | Unanswered = Refused(why="no sending of emails is set up")
        elif mail is None:
            answer = Refused(why="its customer was forgotten, or its template taken away")
        else:
            answer = await self.messenger.send(mail)
        now = await self._now()
        if isinstance(answer, Taken):
            return self._sent(state, answer, now)
        until = self.rules.after(now, ANSWER_WAIT)
        if isinstance(answer, Refused):
            return HearRefused(decided_at=now, why=answer.why, until=until)
        return HearUnanswered(decided_at=now, why=answer.why, tries=self.pace.tries, until=until)

    def _sent(self, state: Leaving, taken: Taken, now: datetime) -> HearSent:
        came = Came(sent_on=self.rules.local(now).date())
        return HearSent(
            decided_at=now,
            came=came,
            via=self.messenger.name if self.messenger else "",
            reference=taken.reference,
            effect=effect_of(self.rules.contract(state.terms.pin), Channel.EMAIL, came),
            until=self.rules.after(now, LETTER_DATES_WAIT),
        )

    async def _mail(self, state: Leaving) -> Mail | None:
        terms, to = state.terms, state.composed.to
        told = await self.texts.again(state)
        if told is None or to is None or to.forgotten:
            return None
        return Mail(
            key=str(step_command(terms.notice_id, step="send", epoch=state.epoch)),
            notice_id=terms.notice_id,
            order_id=terms.order_id,
            purpose=terms.purpose,
            language=terms.language,
            at=state.composed.at,
            reference=terms.reference,
            sender=state.composed.provider,
            to=to.reveal(),
            subject=told.text.subject,
            body=told.text.body,
            wants_receipt=wants_receipt(self.rules.contract(terms.pin)),
        )
