"""When a mobile number can be ported, and until when the port can be cancelled.

The contract's clocks run on the metropolitan calendar, the exchange's on its group's (decision 2).
Nothing here reads a clock: the instant a port is asked for is an argument.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.calendars import Calendar
from domain.contract_resolution import Answer, Pin, Shelf
from domain.contract_values import ChoiceValue, DurationValue
from domain.durations import Duration, Unit
from domain.exchange_rules import ExchangeRules
from domain.explanations import Explanation, explain_addition
from domain.hours import local_instant
from domain.parsed import BadValueError
from domain.reckoning import Reckoning
from domain.said import Said, day_said, moment_said

_ONE_DAY = timedelta(days=1)


class DateRefusedError(BadValueError):
    """A date that cannot be, and the first one that can."""

    def __init__(self, *, wished: date, first: date, why: Said) -> None:
        self.wished = wished
        self.first = first
        self.why = why
        super().__init__(
            f"{wished} cannot be the port day: {why.en}; the first that can is {first}"
        )


class CancellationZone(StrEnum):
    """Whose word cancels a port, from the first moment to the last (decision 24)."""

    OURS = "ours"
    """Not sent yet: nobody else has to be asked."""
    CUSTOMER = "customer"
    """Sent, and the contract still gives the customer the right."""
    AGREEMENT = "agreement"
    """The right is over: only with the provider's agreement, recorded."""
    CLOSED = "closed"
    """Over for everybody: the exchange takes no cancellation any more."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CancellationEnd(_Value):
    """The instant a zone closes, and the clause or the rule that closes it."""

    zone: CancellationZone
    ends_at: AwareDatetime
    said: Said
    source: str
    explanation: Explanation | None = None


class NotBefore(_Value):
    """A day before which the contract does not port, and why."""

    day: date
    why: Said


class PortPlan(_Value):
    """The dates of one port, each with its reason."""

    asked_at: AwareDatetime
    send_at: AwareDatetime
    """The session that carries the request."""
    port_day: date
    earliest: Explanation
    latest: date
    waits: bool
    """The chosen day lies beyond the exchange's horizon: the request waits for it."""
    zones: tuple[CancellationEnd, ...]

    def zone_at(self, instant: datetime) -> CancellationZone:
        """Whose word it takes at an instant; a zone is over once its end has passed."""
        for end in self.zones:
            if instant <= end.ends_at:
                return end.zone
        return CancellationZone.CLOSED


class PortCalendar(_Value):
    """Whose days count: the group's for the exchange, the metropolitan ones for the contract."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    rules: ExchangeRules
    exchange: Calendar
    contract: Calendar

    def next_session(self, instant: datetime) -> datetime:
        """The first session to start from an instant on: its file is built when it starts."""
        reckoning = Reckoning(calendar=self.exchange)
        local = reckoning.instant_of(instant)
        day = self.exchange.next_worked(local.date(), self.rules.session_week)
        while True:
            for session in self.rules.sessions:
                starts, _ = session.bounds(day, self.exchange.time_zone)
                if starts >= local:
                    return starts
            day = self.exchange.next_worked(day + _ONE_DAY, self.rules.session_week)

    def first_session_of(self, day: date) -> datetime:
        return self.next_session(local_instant(day, 0, self.exchange.time_zone))

    def earliest_port(self, request_day: date) -> Explanation:
        wanted = Duration(amount=self.rules.earliest_ouvres, unit=Unit.OUVRE)
        return explain_addition(Reckoning(calendar=self.exchange), request_day, wanted)

    def plan(
        self,
        *,
        asked_at: datetime,
        wished: date | None,
        shelf: Shelf,
        pin: Pin,
        not_before: NotBefore | None = None,
    ) -> PortPlan:
        """The plan of a port asked for at an instant, or `DateRefusedError` with a day that can."""
        send_at = self.next_session(asked_at)
        earliest = self.earliest_port(send_at.date())
        floor = self._floor(_day(earliest), not_before)
        port_day = floor.day if wished is None else self._checked(wished, floor)
        horizon = timedelta(days=self.rules.horizon_days)
        waits = port_day - send_at.date() > horizon
        if waits:
            send_at = self.first_session_of(port_day - horizon)
        return PortPlan(
            asked_at=asked_at,
            send_at=send_at,
            port_day=port_day,
            earliest=earliest,
            latest=send_at.date() + horizon,
            waits=waits,
            zones=self._zones(send_at, port_day, shelf, pin),
        )

    def _floor(self, first: date, not_before: NotBefore | None) -> NotBefore:
        """The first day that can be, and who says so: the exchange, or the contract when later."""
        if not_before is not None and not_before.day > first:
            day = self.exchange.next_worked(not_before.day, self.rules.port_week)
            return NotBefore(day=day, why=not_before.why)
        why = Said(
            fr=f"l'échange ne porte pas avant le {day_said(first).fr}",
            en=f"the exchange ports no earlier than {day_said(first).en}",
        )
        return NotBefore(day=first, why=why)

    def _checked(self, wished: date, floor: NotBefore) -> date:
        if wished < floor.day:
            raise DateRefusedError(wished=wished, first=floor.day, why=floor.why)
        closed = self.exchange.why_closed(wished, self.rules.port_week)
        if closed is not None:
            following = self.exchange.next_worked(wished, self.rules.port_week)
            why = Said(
                fr=f"pas de portage ce jour-là ({closed.fr})", en=f"no port that day ({closed.en})"
            )
            raise DateRefusedError(wished=wished, first=following, why=why)
        return wished

    def _zones(
        self, send_at: datetime, port_day: date, shelf: Shelf, pin: Pin
    ) -> tuple[CancellationEnd, ...]:
        """Each zone ends after the one before it, and none after the exchange has closed."""
        hard = self._exchange_close(send_at, port_day)
        sent = CancellationEnd(
            zone=CancellationZone.OURS,
            ends_at=send_at,
            said=Said(
                fr=f"la demande part à la vacation du {moment_said(send_at).fr}",
                en=f"the request leaves with the session of {moment_said(send_at).en}",
            ),
            source=self.rules.sources["sessions"],
        )
        right = self._customer_right(port_day, shelf, pin)
        zones = [sent]
        if right is not None and right.ends_at > send_at:
            zones.append(right if right.ends_at <= hard.ends_at else _cut_short(right, hard))
        return (*zones, hard)

    def _exchange_close(self, send_at: datetime, port_day: date) -> CancellationEnd:
        """20 h of the request day for an earliest port; so many days before a chosen one."""
        request_day = send_at.date()
        if port_day == _day(self.earliest_port(request_day)):
            closes = request_day
        else:
            back = Duration(amount=-self.rules.cancellation_ouvres, unit=Unit.OUVRE)
            moment = Reckoning(calendar=self.exchange).add(port_day, back)
            closes = date(moment.year, moment.month, moment.day)
        ends_at = local_instant(closes, self.rules.cancellation_minute, self.exchange.time_zone)
        return CancellationEnd(
            zone=CancellationZone.AGREEMENT,
            ends_at=ends_at,
            said=Said(
                fr=f"l'échange ne prend plus d'annulation après le {moment_said(ends_at).fr}, ni "
                "après le ticket de portage",
                en=f"the exchange takes no cancellation after {moment_said(ends_at).en}, nor after "
                "the porting ticket",
            ),
            source=self.rules.sources["cancellation"],
        )

    def _customer_right(self, port_day: date, shelf: Shelf, pin: Pin) -> CancellationEnd | None:
        """The contract's window; None where it gives no right once the request is sent."""
        how = shelf.answer(pin, "port-in.cancellation")
        window = shelf.answer(pin, "port-in.cancellation-window")
        value = None if window.entry is None else window.entry.current.value
        if _choice(how) != "until-window" or not isinstance(value, DurationValue):
            return None
        back = Duration(amount=-int(value.amount), unit=Unit(value.unit.value))
        explanation = explain_addition(Reckoning(calendar=self.contract), port_day, back)
        return CancellationEnd(
            zone=CancellationZone.CUSTOMER,
            ends_at=explanation.ends_at,
            said=Said(
                fr=f"le contrat permet d'annuler jusqu'au {moment_said(explanation.answer).fr}",
                en=f"the contract allows a cancellation until {moment_said(explanation.answer).en}",
            ),
            source=_where(window),
            explanation=explanation,
        )


def _day(explanation: Explanation) -> date:
    answer = explanation.answer
    return date(answer.year, answer.month, answer.day)


def _cut_short(right: CancellationEnd, hard: CancellationEnd) -> CancellationEnd:
    """The contract's window outlives the exchange's: the exchange closes both."""
    return right.model_copy(
        update={
            "ends_at": hard.ends_at,
            "said": Said(
                fr=f"{right.said.fr}, mais {hard.said.fr}",
                en=f"{right.said.en}, but {hard.said.en}",
            ),
            "source": f"{right.source}; {hard.source}",
        }
    )


def _where(answer: Answer) -> str:
    return "" if answer.entry is None else str(answer.entry.current.source)


def _choice(answer: Answer) -> str | None:
    value = None if answer.entry is None else answer.entry.current.value
    return value.value if isinstance(value, ChoiceValue) else None
