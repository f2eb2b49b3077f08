"""What the facts of a port say about days that were late: which they are, and whose.

Nothing here is an opinion: each cause rests on a fact of the line's own stream and its instant.
Where the facts are silent or contradict each other, the party is unknown and a person is asked.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TypeVar, cast

from domain import port_in_attention as waiting
from domain import port_in_facts as facts
from domain.attention import AttentionRaised, DecisionKind, DecisionTaken
from domain.event import Event
from domain.indemnity_facts import LateDay, Party
from domain.port_faults import NUMBER_ENDED, Fault, fault_of, refusal_said
from domain.port_in_facts import Outcome, Step
from domain.said import Said, day_said, moment_said

Timed = tuple[datetime, Event]
"""A fact and its business instant."""

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Cause:
    """One reason why days were lost, and the instant of the fact it rests on."""

    party: Party
    at: datetime
    said: Said


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Days lost for one cause: those after a day, up to another."""

    after: date
    upto: date
    cause: int


@dataclass(frozen=True, kw_only=True)
class PortEvidence:
    """What a port's facts say, as far as they go."""

    agreed_on: date | None
    agreed_because: Said | None
    back_on: date | None
    """The day the service was back; the port's last day where it never was."""
    back_unknown: bool
    over: bool
    days: tuple[LateDay, ...]
    too_long: tuple[Said, ...]
    """How the outage was judged, where it was longer than announced or than the law allows."""
    lost: Cause | None
    planned_late: Said | None
    """Why the day now planned is later than the agreed one."""

    @property
    def shows_delay(self) -> Said | None:
        """The first reason why an indemnity of delay may be owed."""
        if self.planned_late is not None:
            return self.planned_late
        if self.days:
            return self.days[0].because
        if self.back_unknown:
            return _BACK_UNKNOWN
        return self.too_long[0] if self.too_long else None


def days_late(evidence: PortEvidence, *, agreed_on: date, back_on: date) -> tuple[LateDay, ...]:
    """Every day begun after one day and up to another; those no fact covers are nobody's yet."""
    known = {day.day: day for day in evidence.days}
    count = (back_on - agreed_on).days
    days = (agreed_on + _ONE_DAY * n for n in range(1, count + 1))
    return tuple(
        known.get(day) or LateDay(day=day, party=Party.UNKNOWN, because=_NO_FACT) for day in days
    )


def read_evidence(told: Iterable[Timed], local: Callable[[datetime], date]) -> PortEvidence:
    """The facts of a line's stream, in their order; days are the contract's own."""
    reading = _Reading(local=local)
    for at, event in told:
        handler = _HANDLERS.get(type(event))
        if handler is not None:
            handler(reading, at, event)
    return reading.found()


@dataclass(kw_only=True)
class _Reading:
    local: Callable[[datetime], date]
    plan: facts.PortPlanned | None = None
    agreed_on: date | None = None
    agreed_because: Said | None = None
    chosen: date | None = None
    """A day chosen with no question to answer, and no plan has taken up yet."""
    forced: date | None = None
    """A day chosen because something had gone wrong."""
    answering: str | None = None
    causes: list[Cause] = field(default_factory=list)
    stretches: list[Stretch] = field(default_factory=list)
    hindered: list[int] = field(default_factory=list)
    """What stood in the way since the last plan."""
    refused: int | None = None
    """Why the request has to be made again."""
    refusal_code: str | None = None
    doubted: list[int] = field(default_factory=list)
    """Refusals of our data nobody has settled yet."""
    unasked: datetime | None = None
    """When they were first left to a next try, instead of asking anybody for the right data."""
    committed: bool = False
    asked_to_cancel: datetime | None = None
    undone_on: date | None = None
    switched: facts.LineSwitched | None = None
    not_working: bool = False
    back_on: date | None = None
    back_unknown: bool = False
    ended: facts.PortEnded | None = None
    ended_at: datetime | None = None

    def cause(self, party: Party, at: datetime, said: Said) -> int:
        self.causes.append(Cause(party=party, at=at, said=said))
        return len(self.causes) - 1

    def hinder(self, party: Party, at: datetime, said: Said) -> None:
        self.hindered.append(self.cause(party, at, said))

    def in_the_way(self, at: datetime) -> int:
        """One party stood in the way, several did, or nobody but us was awaited."""
        parties = {self.causes[n].party for n in self.hindered}
        if len(parties) == 1:
            return self.hindered[0]
        if not parties:
            return self.cause(Party.US, at, _NOBODY_ELSE)
        said = [self.causes[n].said for n in self.hindered]
        both = Said(fr=" ; ".join(s.fr for s in said), en="; ".join(s.en for s in said))
        return self.cause(Party.UNKNOWN, at, both)

    def may_agree_on(self, day: date) -> bool:
        """A choice agrees on a day while none is lost: those lost already keep their cause."""
        agreed_on = cast("date", self.agreed_on)
        kept = self.refused is None and _day(self.plan) <= agreed_on
        return kept or day <= agreed_on

    # what was lost

    def lose(self, after: date, upto: date, cause: int) -> None:
        self.stretches.append(Stretch(after=after, upto=upto, cause=cause))

    def settle_doubts(self, party: Party, said: Said) -> None:
        for n in self.doubted:
            known = self.causes[n]
            told = Said(fr=f"{known.said.fr} ; {said.fr}", en=f"{known.said.en}; {said.en}")
            self.causes[n] = replace(known, party=party, said=told)
        self.doubted, self.unasked = [], None

    # what is said in the end

    def found(self) -> PortEvidence:
        days = self.days()
        moved = self.plan is not None and self.agreed_on is not None
        late = moved and _day(self.plan) > cast("date", self.agreed_on)
        too_long = self.switched is not None and self.switched.too_long
        return PortEvidence(
            agreed_on=self.agreed_on,
            agreed_because=self.agreed_because,
            back_on=self.last_day(),
            back_unknown=self.back_unknown,
            over=self.ended is not None,
            days=days,
            too_long=self.switched.judged if self.switched is not None and too_long else (),
            lost=self.lost(),
            planned_late=self.plan.because if late and self.plan is not None else None,
        )

    def last_day(self) -> date | None:
        if self.back_unknown:
            return None
        return self.back_on if self.back_on is not None else self.undone_on

    def days(self) -> tuple[LateDay, ...]:
        last = self.last_day()
        if self.agreed_on is None or last is None:
            return ()
        count = (last - self.agreed_on).days
        return tuple(self.day(self.agreed_on + _ONE_DAY * n) for n in range(1, count + 1))

    def day(self, day: date) -> LateDay:
        """What was said last about a day is what counts."""
        about = (s for s in reversed(self.stretches) if s.after < day <= s.upto)
        stretch = next(about, None)
        cause = None if stretch is None else self.causes[stretch.cause]
        return LateDay(
            day=day,
            party=Party.UNKNOWN if cause is None else cause.party,
            because=_NO_FACT if cause is None else _at(cause),
        )

    def lost(self) -> Cause | None:
        if self.ended is None or self.ended.outcome not in {Outcome.REFUSED, Outcome.REPLACED}:
            return None
        if not self.committed and self.refusal_code not in NUMBER_ENDED:
            return None
        n = self.in_the_way(cast("datetime", self.ended_at)) if self.committed else self.refused
        known = self.causes[cast("int", n)]
        why = self.ended.why
        said = Said(
            fr=f"portage terminé sans le numéro ({why.fr}) ; {_at(known).fr}",
            en=f"the port ended without the number ({why.en}); {_at(known).en}",
        )
        return replace(known, said=said)


def _day(plan: facts.PortPlanned | None) -> date:
    return cast("facts.PortPlanned", plan).plan.port_day


def _at(cause: Cause) -> Said:
    """The reason, and when the fact it rests on happened."""
    at = moment_said(cause.at)
    return Said(fr=f"{cause.said.fr} (fait du {at.fr})", en=f"{cause.said.en} (fact of {at.en})")


EventT = TypeVar("EventT", bound=Event)
Handler = Callable[[_Reading, datetime, Event], None]
_HANDLERS: dict[type[Event], Handler] = {}


def _on(
    kind: type[EventT],
) -> Callable[[Callable[[_Reading, datetime, EventT], None]], Handler]:
    def register(handler: Callable[[_Reading, datetime, EventT], None]) -> Handler:
        def typed(reading: _Reading, at: datetime, event: Event) -> None:
            handler(reading, at, cast("EventT", event))

        _HANDLERS[kind] = typed
        return typed

    return register


@_on(facts.PortPlanned)
def _planned(reading: _Reading, at: datetime, event: facts.PortPlanned) -> None:
    """The first plan agrees on a day, and so does a day the customer chose before any was lost."""
    day = event.plan.port_day
    before = reading.plan
    if before is None or (reading.chosen == day and reading.may_agree_on(day)):
        reading.agreed_on, reading.agreed_because = day, _agreed(day, at, chosen=before is not None)
        reading.stretches = []
    elif day > before.plan.port_day:
        _moved(reading, at, before.plan.port_day, event)
    reading.plan, reading.hindered = event, []
    reading.refused = reading.refusal_code = None
    reading.chosen = reading.forced = None


def _moved(reading: _Reading, at: datetime, before: date, event: facts.PortPlanned) -> None:
    """A day chosen later than the first that could be is the customer's own choice beyond it."""
    day = event.plan.port_day
    first = _first(reading, before, event)
    cause = reading.refused if reading.refused is not None else reading.in_the_way(at)
    reading.lose(before, max(min(first, day), before), cause)
    if first < day:
        chosen = reading.cause(Party.CUSTOMER, at, _chosen_later(first))
        reading.lose(max(first, before), day, chosen)


def _first(reading: _Reading, before: date, event: facts.PortPlanned) -> date:
    """The first day it could be: with nothing new in its way, the one it had been moved to."""
    day, moment = event.plan.port_day, event.plan.earliest.answer
    if reading.chosen == day and reading.refused is None:
        return before
    chosen = day in {reading.chosen, reading.forced}
    return date(moment.year, moment.month, moment.day) if chosen else day


@_on(DecisionTaken)
def _decided(reading: _Reading, _at: datetime, event: DecisionTaken) -> None:
    reading.answering = event.code if event.decision is DecisionKind.POSTPONE else None


@_on(facts.DayChosen)
def _day_chosen(reading: _Reading, _at: datetime, event: facts.DayChosen) -> None:
    if reading.answering in {None, waiting.DATE}:
        reading.chosen = event.day
    else:
        reading.forced = event.day
    reading.answering = None


@_on(facts.LineReady)
def _line_ready(reading: _Reading, at: datetime, event: facts.LineReady) -> None:
    if reading.plan is not None and event.ready_at > reading.plan.plan.send_at:
        reading.hinder(Party.HOST, at, _LINE_LATE)


@_on(facts.OperatorAsked)
def _asked(reading: _Reading, at: datetime, event: facts.OperatorAsked) -> None:
    late = reading.plan is not None and reading.local(event.asked_at) > _day(reading.plan)
    if event.step is Step.SWITCH_LINE and late and not reading.hindered:
        reading.hinder(Party.US, at, _SWITCH_ASKED_LATE)


@_on(facts.OperatorRefused)
def _operator_refused(reading: _Reading, at: datetime, event: facts.OperatorRefused) -> None:
    said = Said(
        fr=f"{_STEPS_FR[_party_of(event.step)]} a refusé {event.step} ({event.code})",
        en=f"{_STEPS_EN[_party_of(event.step)]} refused {event.step} ({event.code})",
    )
    reading.hinder(_party_of(event.step), at, said)


_TO_THE_EXCHANGE = frozenset({Step.SEND_REQUEST, Step.COMMIT_PORT, Step.CANCEL_REQUEST})
_STEPS_FR = {Party.US: "l'échange, où nous sommes,", Party.HOST: "le réseau hôte"}
_STEPS_EN = {Party.US: "the exchange, where it is for us,", Party.HOST: "the host network"}


def _party_of(step: Step) -> Party:
    """Tickets are ours to bring to the exchange; lines are the host's."""
    return Party.US if step in _TO_THE_EXCHANGE else Party.HOST


@_on(facts.PortRefused)
def _refused(reading: _Reading, at: datetime, event: facts.PortRefused) -> None:
    fault = fault_of(event.code)
    party = Party.US if fault is Fault.OURS else Party.UNKNOWN
    reading.refused = reading.cause(party, at, refusal_said(event.code))
    reading.refusal_code = event.code
    if fault is Fault.DATA:
        reading.doubted.append(reading.refused)


@_on(facts.EligibilityLost)
def _lost(reading: _Reading, at: datetime, event: facts.EligibilityLost) -> None:
    """Why the donor takes its word back, its code does not say."""
    reading.refused = reading.cause(Party.UNKNOWN, at, refusal_said(event.code))
    reading.refusal_code = event.code


@_on(facts.DataCorrected)
def _corrected(reading: _Reading, at: datetime, _event: facts.DataCorrected) -> None:
    """Wrong data is the customer's, but for the time we let go by without asking for it."""
    if reading.unasked is None:
        reading.settle_doubts(Party.CUSTOMER, _corrected_said(at))
    else:
        reading.settle_doubts(Party.UNKNOWN, _corrected_unasked_said(at, reading.unasked))


@_on(facts.RetryPlanned)
def _tried_again(reading: _Reading, at: datetime, _event: facts.RetryPlanned) -> None:
    if reading.doubted and reading.unasked is None:
        reading.unasked = at


@_on(facts.PortAccepted)
def _accepted(reading: _Reading, at: datetime, event: facts.PortAccepted) -> None:
    """The same data, refused and then accepted, was right the first time."""
    reading.settle_doubts(Party.DONOR, _accepted_said(at))
    if reading.plan is not None and event.accepted_at > reading.plan.answer_until:
        reading.hinder(Party.DONOR, at, _DONOR_LATE)


@_on(facts.DonorReminded)
def _reminded(reading: _Reading, at: datetime, _event: facts.DonorReminded) -> None:
    reading.hinder(Party.DONOR, at, _DONOR_SILENT)


@_on(facts.DayMissed)
def _day_missed(reading: _Reading, at: datetime, _event: facts.DayMissed) -> None:
    reading.refused = reading.in_the_way(at)
    reading.refusal_code = None


@_on(facts.CancellationAsked)
def _cancellation(reading: _Reading, at: datetime, event: facts.CancellationAsked) -> None:
    reading.asked_to_cancel = event.asked_at
    if event.needs is not None:
        reading.hinder(Party.CUSTOMER, at, _CANCELLATION)


@_on(AttentionRaised)
def _raised(reading: _Reading, at: datetime, event: AttentionRaised) -> None:
    """A question that stopped the port says whose answer was awaited."""
    attention = event.attention
    known = _AWAITED.get(attention.code)
    if attention.code == waiting.OPERATOR_SILENT:
        party = _party_of(Step(attention.detail or ""))
        reading.hinder(party, at, attention.what)
    elif known is not None and attention.blocks:
        reading.hinder(known, at, attention.what)
    if attention.code == waiting.NOT_WORKING:
        reading.not_working = True


_AWAITED: Mapping[str, Party] = {
    waiting.PRESENCE: Party.CUSTOMER,
    waiting.INACTIVE: Party.UNKNOWN,
}


@_on(facts.PortCommitted)
def _committed(reading: _Reading, _at: datetime, _event: facts.PortCommitted) -> None:
    reading.committed, reading.hindered = True, []


@_on(facts.LineSwitched)
def _switched(reading: _Reading, at: datetime, event: facts.LineSwitched) -> None:
    """Asked on the day and done later, it is the host's; whatever stood in its way comes first."""
    reading.switched = event
    reading.back_on = reading.local(event.outage_to)
    before = _day(reading.plan)
    if reading.back_on > before:
        cause = reading.in_the_way(at) if reading.hindered else None
        late = cause if cause is not None else reading.cause(Party.HOST, at, _SWITCHED_LATE)
        reading.lose(before, reading.back_on, late)
    reading.hindered = []


@_on(facts.LineVerified)
def _verified(reading: _Reading, at: datetime, _event: facts.LineVerified) -> None:
    """A line that did not work was back when its test said so."""
    before = reading.back_on
    if reading.not_working and before is not None:
        reading.back_on = max(before, reading.local(at))
        reading.lose(before, reading.back_on, reading.cause(Party.HOST, at, _NOT_WORKING))
    reading.not_working = False


@_on(facts.StepGivenUp)
def _given_up(reading: _Reading, at: datetime, event: facts.StepGivenUp) -> None:
    if event.step is Step.VERIFY_LINE and reading.not_working and reading.back_on is not None:
        reading.back_unknown = True
        after = reading.back_on
        reading.lose(after, date.max, reading.cause(Party.HOST, at, _NOT_WORKING))


@_on(facts.UndoingBegun)
def _undoing(reading: _Reading, at: datetime, event: facts.UndoingBegun) -> None:
    """From here on the number stays where it is: no day is late any more."""
    asked = reading.asked_to_cancel
    stopped = asked if event.outcome is Outcome.CANCELLED and asked is not None else at
    reading.undone_on = reading.local(stopped)
    if reading.plan is None or reading.undone_on <= _day(reading.plan):
        return
    cause = reading.refused if reading.refused is not None else reading.in_the_way(at)
    reading.lose(_day(reading.plan), reading.undone_on, cause)


@_on(facts.PortEnded)
def _ended(reading: _Reading, at: datetime, event: facts.PortEnded) -> None:
    reading.ended, reading.ended_at = event, at


# in words


def _agreed(day: date, at: datetime, *, chosen: bool) -> Said:
    on, when = day_said(day), moment_said(at)
    if chosen:
        return Said(
            fr=f"jour convenu : le {on.fr}, choisi par le client (plan du {when.fr})",
            en=f"agreed day: {on.en}, chosen by the customer (planned {when.en})",
        )
    return Said(
        fr=f"jour convenu : le {on.fr}, premier jour planifié (plan du {when.fr})",
        en=f"agreed day: {on.en}, the first day planned (planned {when.en})",
    )


def _chosen_later(first: date) -> Said:
    on = day_said(first)
    return Said(
        fr=f"le portage pouvait avoir lieu le {on.fr} ; un jour plus lointain a été choisi",
        en=f"the port could have been on {on.en}; a later day was chosen",
    )


def _corrected_said(at: datetime) -> Said:
    when = moment_said(at)
    return Said(
        fr=f"les données du client ont été corrigées le {when.fr}",
        en=f"the customer's data was corrected {when.en}",
    )


def _corrected_unasked_said(at: datetime, since: datetime) -> Said:
    corrected, began = _corrected_said(at), moment_said(since)
    return Said(
        fr=f"{corrected.fr} ; depuis le {began.fr}, la demande était à renvoyer d'elle-même, sans "
        "que personne soit interrogé",
        en=f"{corrected.en}; since {began.en} the request was to be sent again by itself, and "
        "nobody was asked",
    )


def _accepted_said(at: datetime) -> Said:
    when = moment_said(at)
    return Said(
        fr=f"il a accepté les mêmes données le {when.fr} : elles étaient bonnes",
        en=f"it accepted the same data {when.en}: it was right",
    )


_NO_FACT = Said(fr="aucun fait ne dit pourquoi", en="no fact says why")
_NOBODY_ELSE = Said(
    fr="personne d'autre que nous n'était attendu", en="nobody but us was being waited for"
)
_LINE_LATE = Said(
    fr="la ligne n'était pas prête chez l'hôte pour la vacation de la demande",
    en="the host did not have the line ready for the request's session",
)
_SWITCH_ASKED_LATE = Said(
    fr="nous avons demandé la bascule après le jour du portage",
    en="we asked for the switch after the port day",
)
_SWITCHED_LATE = Said(
    fr="l'hôte, à qui la bascule était demandée, l'a faite après le jour du portage",
    en="the host, asked for the switch, did it after the port day",
)
_NOT_WORKING = Said(
    fr="la ligne basculée par l'hôte ne fonctionnait pas",
    en="the line the host had switched did not work",
)
_DONOR_LATE = Said(
    fr="le donneur a répondu après l'heure de l'échange",
    en="the donor answered after the exchange's hour",
)
_DONOR_SILENT = Said(
    fr="le donneur n'avait pas répondu à l'heure de l'échange",
    en="the donor had not answered by the exchange's hour",
)
_CANCELLATION = Said(
    fr="le client avait demandé l'annulation", en="the customer had asked for it to be cancelled"
)
_BACK_UNKNOWN = Said(
    fr="la ligne ne fonctionnait pas, et sa vérification a été abandonnée",
    en="the line did not work, and testing it was given up",
)
