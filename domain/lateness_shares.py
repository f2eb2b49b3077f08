"""Whose doing it is that an access is late: each day it was put off is put down once.

No contract says it; the rule is a default of ours. The days by which a revision puts the planned
day off are the customer's, for as many days as the customer was waited for since it was planned
last; then ours, for as many as a question of ours was left without an answer beyond its time; then
those of whoever had it put off. What a sooner plan takes back is nobody's any more, and what nobody
had put off is put down to nobody by name.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from domain import access_attention as waiting
from domain import access_facts as facts
from domain import visit_facts as ends
from domain import works_attention as asking
from domain import works_facts as fields
from domain.access_changes import AccessAmended
from domain.attention import (
    Attention,
    AttentionCleared,
    AttentionMoved,
    AttentionRaised,
    Turn,
    open_after,
)
from domain.event import Event
from domain.port_in_attention import GATES
from domain.port_in_facts import OperatorRefused, Step
from domain.works_facts import LateDays, Party

History = Iterable[tuple[datetime, Event]]
"""What its stream holds, each with its instant."""


def whose_days(
    history: History, *, first: date, started: date, local: Callable[[datetime], datetime]
) -> tuple[LateDays, ...]:
    """They add up to the days between the day first told and the one it works; what comes after
    that day changes nothing."""
    walk = _Walk()
    for at, event in history:
        on = local(at).date()
        if on > started:
            break
        walk.passes(on)
        walk.hear(event)
    walk.passes(started)
    walk.served(started)
    return tuple(_shares(walk.stretches, first, started))


def _shares(stretches: list["_Stretch"], first: date, started: date) -> Iterator[LateDays]:
    left = (started - first).days
    for by in Party:
        days = sum(one.within(first, started) for one in stretches if one.by is by)
        left -= days
        if days:
            yield LateDays(by=by, days=days)
    if left > 0:
        yield LateDays(by=None, days=left)


@dataclass(frozen=True, kw_only=True)
class _Stretch:
    """The days after one day up to another, by which it was put off."""

    after: date
    upto: date
    by: Party | None

    def within(self, after: date, upto: date) -> int:
        return max(0, (min(self.upto, upto) - max(self.after, after)).days)


@dataclass(frozen=True, kw_only=True)
class _Cause:
    by: Party | None
    """None where it is nobody's doing."""


@dataclass(kw_only=True)
class _Walk:
    """Through what happened, with the day it is planned for at each step."""

    today: date | None = None
    wished: date | None = None
    first: date | None = None
    """The day first told: lateness is counted from it."""
    stands: date | None = None
    """The day planned last."""
    promise: date | None = None
    """The day promised: put off by what binds, and by nothing else."""
    stretches: list[_Stretch] = field(default_factory=list)
    """In their order; no two share a day."""
    # since it was planned last
    waited: Counter[Party] = field(default_factory=Counter)
    """Days for which somebody was waited for."""
    cause: _Cause | None = None
    """What has it put off next."""
    offered: bool = False
    soonest: date | None = None
    """The first slot that was offered: a later one is the customer's choice."""
    agreed: bool = False
    """Other days are asked for because of a day that was agreed: it is the day first told now."""
    said: bool = False
    """How a visit ended is a person's word, and nothing is planned since."""
    # whom it waits for
    held: bool = False
    questions: tuple[Attention, ...] = ()

    def passes(self, day: date) -> None:
        """Each day is put down to one, however many are waited for at a time."""
        whom = self._waits_for()
        if whom is not None and self.today is not None:
            self.waited[whom] += (day - self.today).days
        self.today = day

    def _waits_for(self) -> Party | None:
        if self.held or any(map(_is_the_customers, self.questions)):
            return Party.CUSTOMER
        if any(one.blocks and one.turn is Turn.SUPERVISOR for one in self.questions):
            return Party.PROVIDER
        return None

    def hear(self, event: Event) -> None:
        match event:
            case facts.AccessOpened(terms=terms):
                self.wished = self.first = self.promise = terms.wished
            case AccessAmended():
                self._amended(event)
            case facts.DeliveryPlanned(plan=plan):
                self._planned(plan)
            case AttentionRaised() | AttentionMoved() | AttentionCleared():
                self.questions = open_after(self.questions, event)
            case facts.AccessHeld():
                self.held = True
            case facts.AccessTakenUp():
                self.held = False
            case _:
                self._caused(event)

    def served(self, on: date) -> None:
        """Later than planned last: what was to put it off has."""
        if self.first is not None:
            self.soonest = None
            self._put_off(self.first, on, None if self.cause is None else self.cause.by)

    # what has it put off

    def _caused(self, event: Event) -> None:
        match event:
            case facts.SupplierWithdrew() | fields.Commissioned(passed=False):
                self._because(Party.OPERATOR)
            case fields.VisitsOffered(slots=slots):
                days = [one.day for one in slots]
                self.offered, self.soonest = True, self.soonest or min(days, default=None)
            case fields.VisitsAskedAgain():
                self._asked_again(event)
            case ends.VisitEndSaid():
                self.said = True
            case ends.VisitEndCorrected(to=to) if self.said:
                self._corrected(to)
            case fields.VisitMoved(by=Party.CUSTOMER) if self.agreed:
                pass
            case fields.VisitMoved(to=fields.VisitBooked(unwanted=True)):
                pass
            case OperatorRefused(step=Step.BOOK_VISIT):
                self.offered, self.soonest = False, None
            case _ if isinstance(event, _SOMEBODYS):
                self._because(event.by)
            case _:
                pass

    def _because(self, by: Party | None) -> None:
        self.cause, self.offered, self.soonest = _Cause(by=by), False, None

    def _corrected(self, end: ends.Ending) -> None:
        """As if it had ended so from the first: slots that were offered since were for it."""
        if isinstance(end, fields.VisitKept):
            self.cause, self.offered, self.soonest = None, False, None
        else:
            self.cause = _Cause(by=end.by)

    def _asked_again(self, event: fields.VisitsAskedAgain) -> None:
        """Of days that were offered the soonest counts; for a day that was agreed nobody does."""
        self.agreed = event.not_before is not None and event.not_before == self.wished
        if not self.agreed and not (self.offered and event.by is Party.CUSTOMER):
            self._because(event.by)

    def _amended(self, event: AccessAmended) -> None:
        """Another place begins anew: what was lost before is not of it."""
        change = event.change
        if change.place is not None:
            self.stretches, self.stands = [], None
            self.wished = self.first = self.promise = change.wished or self.wished
            self.waited.clear()
        elif change.wished is not None:
            self._wished(change.wished)
        if event.anew is not None:
            self._because(Party.CUSTOMER)

    def _wished(self, wish: date) -> None:
        """As the day first told moves with it (`access_promises.first_told`): by as many days as
        the customer asks for, and what was lost before with it."""
        first = self.first or wish
        stood = max(first, self.stands or first, self.promise or first)
        asked = wish - stood
        if wish <= first:
            first = wish
        elif asked > timedelta(0):
            first, self.stands = first + asked, wish
            self.stretches = [
                replace(one, after=one.after + asked, upto=one.upto + asked)
                for one in self.stretches
            ]
        self.wished, self.first, self.promise = wish, first, wish
        self.waited.clear()

    # the planned day

    def _planned(self, plan: facts.Plan) -> None:
        usual = _USUALLY.get(plan.source, Party.OPERATOR)
        self.first = self.first or plan.on
        if self.promise is None or (plan.binds and plan.on > self.promise):
            self.promise = plan.on
        self.stretches = [
            replace(one, upto=min(one.upto, plan.on))
            for one in self.stretches
            if one.after < plan.on
        ]
        self._put_off(self.first, plan.on, usual if self.cause is None else self.cause.by)
        self.stands, self.cause, self.offered, self.soonest = plan.on, None, False, None
        self.said = False
        self.waited.clear()

    def _put_off(self, first: date, upto: date, by: Party | None) -> None:
        """From the day planned last, or the one first told where that is later."""
        after = first if self.stands is None else max(first, self.stands)
        for whom in (Party.CUSTOMER, Party.PROVIDER):
            waited = after + timedelta(days=self.waited[whom])
            after = self._put_down(after, min(upto, waited), whom)
        if self.soonest is not None:
            after = self._put_down(after, min(upto, self.soonest), by)
            by = Party.CUSTOMER
        self._put_down(after, upto, by)

    def _put_down(self, after: date, upto: date, by: Party | None) -> date:
        if upto <= after:
            return after
        self.stretches.append(_Stretch(after=after, upto=upto, by=by))
        return upto


def _is_the_customers(asked: Attention) -> bool:
    """A slot is not later for being chosen late, until its question goes up."""
    if asked.turn is Turn.SUPERVISOR:
        return asked.code in _ASKED_OF_THE_CUSTOMER
    holds = asked.code == GATES or (asked.blocks and asked.code != asking.SLOTS)
    return holds and asked.turn is Turn.CUSTOMER


_ASKED_OF_THE_CUSTOMER = frozenset(
    {GATES, waiting.CUTS, waiting.CHANGES, waiting.QUOTE, asking.SLOTS, asking.SITE}
)
_SOMEBODYS = (fields.VisitFailed, fields.VisitMissed, fields.VisitMoved, fields.WorksStopped)
_USUALLY: dict[str, Party | None] = {"OfferChosen": None}
"""By what a plan follows from, where nothing has happened: the usual time of an operator is
nobody's doing. Anything else is the operator's word."""
