"""Amendments: what would change and what follows from it, before anything moves."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from domain.access_stages import Access
from domain.amendments import (
    Amendment,
    AmendmentCommand,
    AmendmentPlanned,
    Difference,
    ExecuteAmendment,
    LineChange,
    PlanAmendment,
    Standing,
    WithdrawAmendment,
    decide,
    fold,
    named,
)
from domain.corrections import SiteKept
from domain.identity import (
    AmendmentId,
    CommandId,
    CorrectionId,
    OrderId,
    amendment_id_for,
    order_stream,
    order_subject,
    step_command,
)
from domain.parsed import BadValueError
from domain.personal import Personal
from domain.policies import AMENDMENT_HOLDS
from domain.port_dates import DateRefusedError
from domain.port_in_amending import why_not_amended
from domain.port_in_states import Going
from domain.port_planning import plan_as_it_stands
from domain.port_rules import PortRules
from domain.said import Said, day_said
from intake.access_amending import AccessReading
from intake.corrections import Corrections, Keep
from intake.faults import FieldProblem, OrderRefusedError
from intake.places import ReadPlace, site_digest
from intake.requests import AmendmentRequest, LineAmendment
from intake.steering import Steering
from ledger.append import CommandStamp, OutboxMessage
from ledger.deciding import Decision, decide_once
from ledger.messages import APPLY_AMENDMENT
from ledger.ports import Ledger
from ledger.sealing import KeyedHash
from projections.line import LineDocument
from projections.order import OrderDocument, OrderStage


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An amendment at the door: of which order as it stands, by whom, under which key, when."""

    order: OrderDocument
    lines: Mapping[int, LineDocument]
    """Those it names, by their place."""
    request: AmendmentRequest
    actor: str
    key: str
    at: datetime

    @property
    def amendment_id(self) -> AmendmentId:
        return amendment_id_for(self.order.order_id, key=self.key)

    @property
    def command_id(self) -> CommandId:
        return step_command(self.order.order_id, step=f"amend/{self.amendment_id}")


@dataclass(frozen=True, kw_only=True)
class Amending:
    ledger: Ledger
    keyed_hash: KeyedHash
    rules: PortRules
    steering: Steering

    async def planned_before(self, asked: Asked) -> Amendment | None:
        """What the same key has planned already: it is answered as it was then."""
        for envelope in await self.ledger.caused_by(asked.command_id):
            if isinstance(envelope.event, AmendmentPlanned):
                return envelope.event.amendment
        return None

    async def plan(self, asked: Asked, *, before: Amendment | None) -> Standing:
        """OrderRefusedError: every change that cannot be. AmendmentRefusedError: not now."""
        digest = self._digest(asked.request.model_dump_json())
        stamp = CommandStamp(command_id=asked.command_id, fingerprint=digest)
        amendment = before or await self._worked_out(asked)
        command = PlanAmendment(decided_at=asked.at, amendment=amendment)
        return await self._decided(asked.order.order_id, command, stamp, actor=asked.actor)

    async def execute(
        self, order_id: OrderId, amendment_id: AmendmentId, *, actor: str, at: datetime
    ) -> Standing:
        """Begun, and the lines are asked; what they say is kept with it."""
        payload = {"order_id": str(order_id), "amendment_id": str(amendment_id), "by": actor}
        command = ExecuteAmendment(decided_at=at, amendment_id=amendment_id)
        stamp = self._stamp(order_id, f"execute/{amendment_id}")
        outbox = (OutboxMessage(kind=APPLY_AMENDMENT, payload=json.dumps(payload)),)
        return await self._decided(order_id, command, stamp, actor=actor, outbox=outbox)

    async def withdraw(
        self, order_id: OrderId, amendment_id: AmendmentId, *, actor: str, at: datetime
    ) -> Standing:
        command = WithdrawAmendment(decided_at=at, amendment_id=amendment_id)
        stamp = self._stamp(order_id, f"withdraw/{amendment_id}")
        return await self._decided(order_id, command, stamp, actor=actor)

    async def _decided(
        self,
        order_id: OrderId,
        command: PlanAmendment | ExecuteAmendment | WithdrawAmendment,
        stamp: CommandStamp,
        *,
        actor: str,
        outbox: tuple[OutboxMessage, ...] = (),
    ) -> Standing:
        history = await decide_once(
            self.ledger,
            Decision(
                stream_id=order_stream(order_id),
                stamp=stamp,
                decide=lambda events: decide(command, fold(events)),
                business_at=command.decided_at,
                actor=actor,
                correlation=str(order_id),
                outbox=outbox,
            ),
        )
        amendments = fold(envelope.event for envelope in history)
        return named(amendments, _meant(command))

    async def _worked_out(self, asked: Asked) -> Amendment:
        reading = _Reading(self, asked)
        seen: set[int] = set()
        for index, change in enumerate(asked.request.lines):
            reading.line(f"/lines/{index}", change, again=change.line in seen)
            seen.add(change.line)
        reading.check()
        customer = asked.request.customer
        return Amendment(
            amendment_id=asked.amendment_id,
            number=len(asked.order.amendments) + 1,
            customer=_personal(asked, customer.name if customer else None),
            contact=_personal(asked, customer.contact if customer else None),
            lines=tuple([await self._change(asked, one) for one in reading.changes]),
            differences=(*_of_the_order(asked), *reading.differences),
            valid_until=self.rules.after(asked.at, AMENDMENT_HOLDS),
        )

    async def _change(self, asked: Asked, change: "_Change") -> LineChange:
        """What is personal is kept first, so that its id alone is passed on."""
        correction: CorrectionId | None = None
        if change.rio is not None:
            correction = await self.steering.keep_correction(
                change.document, change.rio, key=asked.key, at=asked.at, actor=asked.actor
            )
        if change.place is not None:
            correction = await self._place_kept(asked, change.document, change.place)
        return LineChange(
            line_id=change.document.line_id,
            line=change.line,
            wish=change.wish,
            correction_id=correction,
            down_kbps=change.down_kbps,
            asked_on=change.asked_on,
        )

    async def _place_kept(
        self, asked: Asked, document: LineDocument, read: ReadPlace
    ) -> CorrectionId:
        corrections = Corrections(ledger=self.ledger, keyed_hash=self.keyed_hash)
        digest = partial(site_digest, self.keyed_hash)
        kept = SiteKept(place=read.named_by(order_subject(document.order_id), digest))
        keep = Keep(content=read.content, key=asked.key, at=asked.at, by=asked.actor)
        return await corrections.keep(document, kept, keep)

    def _stamp(self, order_id: OrderId, step: str) -> CommandStamp:
        return CommandStamp(
            command_id=step_command(order_id, step=step), fingerprint=self._digest(step)
        )

    def _digest(self, content: str) -> bytes:
        return self.keyed_hash.digest(purpose="command", content=content.encode())


def _meant(command: AmendmentCommand) -> AmendmentId:
    if isinstance(command, PlanAmendment):
        return command.amendment.amendment_id
    return command.amendment_id


def _personal(asked: Asked, value: str | None) -> Personal | None:
    if value is None:
        return None
    return Personal(subject=order_subject(asked.order.order_id), value=value)


def _of_the_order(asked: Asked) -> tuple[Difference, ...]:
    customer = asked.request.customer
    if customer is None:
        return ()
    effect = Said(
        fr="ce qui suit porte la nouvelle valeur, l'ancienne reste dans l'historique",
        en="what follows carries the new value; the old one stays in the history",
    )
    given = {"/customer/name": customer.name, "/customer/contact": customer.contact}
    return tuple(
        Difference(pointer=pointer, was=None, becomes=None, effect=effect)
        for pointer, value in given.items()
        if value is not None
    )


@dataclass(frozen=True, kw_only=True)
class _Change:
    """What a line is asked, before anything of it is kept."""

    document: LineDocument
    line: int
    wish: date | None
    rio: str | None
    down_kbps: int | None = None
    place: ReadPlace | None = None
    asked_on: date | None = None


class _Reading:
    """One request to amend, and every problem found in it so far."""

    def __init__(self, amending: Amending, asked: Asked) -> None:
        self._amending = amending
        self._asked = asked
        self.problems: list[FieldProblem] = []
        self.changes: list[_Change] = []
        self.differences: list[Difference] = []

    def check(self) -> None:
        if not self.problems and not self.differences and not _of_the_order(self._asked):
            self._refuse("/lines", "Nothing of this is different from the order as it stands.")
        if self.problems:
            raise OrderRefusedError(tuple(self.problems))

    def _refuse(self, pointer: str, sentence: str) -> None:
        self.problems.append(FieldProblem(pointer=pointer, sentence=sentence))

    def line(self, at: str, change: LineAmendment, *, again: bool) -> None:
        if again:
            self._refuse(f"{at}/line", f"Line {change.line} is named twice: say it all at once.")
            return
        document = self._document(at, change)
        if document is not None and isinstance(document.state, Access):
            self._access(at, change, document, document.state)
        if document is None or not isinstance(document.state, Going):
            return
        state = document.state
        if refused := why_not_amended(state):
            self._refuse(f"{at}/line", f"{refused}.")
            return
        if change.down_kbps is not None:
            self._refuse(f"{at}/down_kbps", "A number has no rate: leave it out.")
        if change.site is not None:
            self._refuse(f"{at}/site", "A number has no site: leave it out.")
        if change.asked_on is not None:
            self._refuse(f"{at}/asked_on", "A number moves on its port day: leave it out.")
        wish = self._wish(f"{at}/wish", change.wish, state)
        rio = self._rio(f"{at}/rio", change.rio, state)
        if wish is not None or rio is not None:
            self.changes.append(_Change(document=document, line=change.line, wish=wish, rio=rio))

    def _access(
        self, at: str, change: LineAmendment, document: LineDocument, state: Access
    ) -> None:
        reading = AccessReading(
            contract=self._amending.rules.contract(state.terms.pin),
            state=state,
            at=self._asked.at,
            refuse=self._refuse,
            digest=partial(site_digest, self._amending.keyed_hash),
        )
        read = reading.read(at, change)
        if read is None or not read.differences:
            return
        self.differences.extend(read.differences)
        self.changes.append(
            _Change(
                document=document,
                line=change.line,
                wish=read.wished,
                rio=None,
                down_kbps=read.down_kbps,
                place=read.place,
                asked_on=read.asked_on,
            )
        )

    def _document(self, at: str, change: LineAmendment) -> LineDocument | None:
        order = self._asked.order
        document = self._asked.lines.get(change.line)
        if document is None and order.stage is OrderStage.RECEIVED:
            self._refuse(f"{at}/line", "No line of the order runs yet: try again in a moment.")
        elif document is None:
            sentence = f"The order has no line {change.line}; it has {order.line_count}."
            self._refuse(f"{at}/line", sentence)
        elif not isinstance(document.state, Going | Access):
            self._refuse(
                f"{at}/line", "This line has ended, or is a new number: it cannot be amended."
            )
        return document

    def _wish(self, at: str, wish: date | None, state: Going) -> date | None:
        if wish is None or wish == state.wished:
            return None
        try:
            plan = plan_as_it_stands(
                self._amending.rules, state, wished=wish, at=self._asked.at
            ).plan
        except DateRefusedError as exc:
            self._refuse(at, f"{exc.why.en}: the first day that can be is {exc.first}.")
            return None
        was = state.wished if state.planned is None else state.planned.plan.port_day
        day = day_said(plan.port_day)
        self.differences.append(
            Difference(
                pointer=at,
                was=None if was is None else str(was),
                becomes=str(wish),
                effect=Said(
                    fr=f"les dates sont fixées à nouveau : portage le {day.fr}, si rien "
                    "d'autre ne l'arrête",
                    en=f"the dates are settled anew: the port is on {day.en}, if "
                    "nothing else stops it",
                ),
            )
        )
        return wish

    def _rio(self, at: str, rio: str | None, state: Going) -> str | None:
        if rio is None:
            return None
        try:
            code = self._amending.steering.checked_rio(state, rio)
        except BadValueError as exc:
            self._refuse(at, f"{exc}.")
            return None
        if state.rio is not None and not state.rio.forgotten and state.rio.reveal() == code:
            return None
        effect = Said(
            fr="la demande au donneur portera ce RIO", en="the request to the donor carries it"
        )
        self.differences.append(Difference(pointer=at, was=None, becomes=None, effect=effect))
        return code
