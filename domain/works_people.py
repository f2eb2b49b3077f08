"""What people decide about works, visits and openings, and which facts follow."""

from datetime import date
from typing import cast

from domain import access_commands as told
from domain import equipment_back, equipment_elsewhere, visit_facts, visit_told_late
from domain import works_attention as asking
from domain import works_facts as fields
from domain.access_later_days import put_off
from domain.access_overwriting import check_settled
from domain.access_promises import planned
from domain.access_reports import closing_by_day
from domain.access_stages import Access, AwaitingVisit, Booking
from domain.attention import Attention, AttentionRaised, DecisionKind, DecisionRefusedError
from domain.event import Event
from domain.port_in_attention import cleared
from domain.port_in_facts import Step
from domain.said import Said, day_said, joined
from domain.visit_ends import asked_no_more, desaturated_first
from domain.visit_told_late import BY_HAND
from domain.works_facts import After, Party
from domain.works_reports import in_its_stead, let_go, offered, started
from domain.works_settled import Judged, Start

Facts = tuple[Event, ...]
_OF_EQUIPMENT = (equipment_back.RETURN, equipment_back.ARRIVAL, equipment_elsewhere.ELSEWHERE)
AGREED = (
    asking.UNREPORTED,
    visit_facts.TOLD_LATE,
    visit_facts.UNWANTED,
    asking.SITE,
    asking.READINESS,
    asking.ACCEPTANCE,
    asking.RESERVES,
    *_OF_EQUIPMENT,
)
"""What is said to be so, or not."""
AGAIN = (asking.SLOTS, asking.NO_SLOTS, asking.FIELD, asking.TESTS)
"""What is asked of the operator once more."""


def agreed(command: told.TakeDecision, state: Access, attention: Attention) -> Facts:
    found: Facts
    match attention.code:
        case asking.UNREPORTED:
            found = _kept(command, state)
        case visit_facts.TOLD_LATE:
            found = visit_told_late.corrected(command, state)
        case visit_facts.UNWANTED:
            found = visit_told_late.called_off(command, state, attention)
        case asking.SITE:
            found = _ready(command, state)
        case asking.READINESS:
            found = (fields.SiteReady(by=command.by, on=_day(command)),)
        case asking.ACCEPTANCE:
            found = (fields.ServiceAccepted(on=_day(command), by=command.by),)
        case equipment_back.RETURN | equipment_elsewhere.ELSEWHERE:
            found = equipment_back.decided(command, state, attention)
        case _:
            found = (fields.ReservesLifted(on=_day(command), by=command.by),)
    return found


def _kept(command: told.TakeDecision, state: Access) -> Facts:
    """As the operator would have reported it; on the day of the visit, or later."""
    visit = cast("fields.VisitBooked", state.opening.visit)
    if command.day is not None and _day(command) < visit.slot.day:
        raise DecisionRefusedError(
            f"that day is before the visit, which was booked for {visit.slot.day}: check day="
        )
    return visit_told_late.said_kept(command, visit, state)


def _ready(command: told.TakeDecision, state: Access) -> Facts:
    """It is, or will be: nobody is asked to come before that day."""
    day, today = command.day, cast("date", command.today)
    if day is None or day <= today:
        return (fields.SiteReady(by=command.by, on=_day(command)),)
    if not isinstance(state, Booking):
        raise DecisionRefusedError(
            "day has not come yet, and works are begun as soon as the site is said to be ready: "
            "say so once it has, or put the question off (snooze, until=)"
        )
    _check_not_put_off(command)
    on = day_said(day)
    because = Said(
        fr=f"le site sera prêt le {on.fr}, dit {command.by}",
        en=f"the site will be ready on {on.en}, says {command.by}",
    )
    asked = fields.VisitsAskedAgain(not_before=day, by=Party.CUSTOMER, because=because)
    return (fields.SiteReady(by=command.by, on=day), asked)


def disagreed(command: told.TakeDecision, state: Access, attention: Attention) -> Facts:
    """That what was said of a visit stands is its decision alone."""
    if attention.code == equipment_back.RETURN:
        return equipment_back.decided(command, state, attention)
    if attention.code == asking.UNREPORTED:
        visit = cast("fields.VisitBooked", state.opening.visit)
        return visit_told_late.said_not_kept(command, visit, state)
    if attention.code == visit_facts.TOLD_LATE:
        return ()
    accepted = fields.ServiceAccepted(on=_day(command), by=command.by, with_reserves=True)
    asked = asking.reserves(command, command.reason)
    return (accepted, AttentionRaised(attention=asked))


def without(command: told.TakeDecision, state: Access, attention: Attention) -> Facts:
    """Nothing follows, but for equipment that is left where it is, and a visit nobody waits for."""
    if attention.code in _OF_EQUIPMENT:
        return equipment_back.decided(command, state, attention)
    if attention.code == visit_facts.UNWANTED:
        return visit_told_late.called_off(command, state, attention)
    return ()


def check_words(command: told.TakeDecision, code: str) -> None:
    """What is not taken there says where it goes."""
    refused = command.decision is DecisionKind.REFUSE and code == asking.UNREPORTED
    if command.failure is not None and not refused:
        raise DecisionRefusedError(
            "failure= says what went wrong at a visit that somebody came for: give it with refuse, "
            f"about {asking.UNREPORTED}"
        )
    agreed = command.decision is DecisionKind.AGREE and code == asking.UNREPORTED
    if command.serials and not agreed:
        raise DecisionRefusedError(
            f"serials= names what a visit put up: give it with agree, about {asking.UNREPORTED}"
        )


def _day(command: told.TakeDecision) -> date:
    """The one that is given, or today."""
    today = cast("date", command.today)
    day = command.day or today
    if day > today:
        raise DecisionRefusedError("day has not come yet: say so once it has")
    return day


# slots


def chosen(command: told.TakeDecision, state: Access) -> Facts:
    """By its number in the list, or by its day and half."""
    slots = cast("Booking", state).opening.slots
    return (fields.VisitChosen(slot=_one_of(command, slots), by=command.by),)


def _one_of(command: told.TakeDecision, slots: tuple[fields.Slot, ...]) -> fields.Slot:
    number = command.slot
    if number is not None and 1 <= number <= len(slots):
        return slots[number - 1]
    named = [
        one
        for one in slots
        if command.day is not None and one.day == command.day and command.half in {None, one.half}
    ]
    if number is None and len(named) == 1:
        return named[0]
    offers = "; ".join(f"{n}: {asking.slot_said(one).en}" for n, one in enumerate(slots, start=1))
    raise DecisionRefusedError(
        f"say which of the slots that are offered: give slot=1, or its day= and half= ({offers})"
    )


def _other_days(command: told.TakeDecision, *, by: Party, because: Said) -> fields.VisitsAskedAgain:
    if command.day is not None and command.today is not None and command.day < command.today:
        raise DecisionRefusedError(
            "day has passed already: give the first day that suits, or leave it out"
        )
    return fields.VisitsAskedAgain(not_before=command.day, by=by, because=because)


def again(command: told.TakeDecision, state: Access, attention: Attention) -> Facts:
    """Other slots; the same tests, works or visit once more need no fact of their own: what is
    asked about is asked of the operator again. What moving the visit that is booked costs was
    settled when other days were asked for first; a day among those that are offered puts nothing
    off."""
    if attention.code == asking.FIELD:
        return _by_rule(command, state)
    if attention.code == asking.TESTS:
        return ()
    if not any(command.day is not None and one.day >= command.day for one in state.opening.slots):
        _check_not_put_off(command)
    because = Said(
        fr=f"d'autres créneaux, demandés par {command.by}",
        en=f"other slots, asked for by {command.by}",
    )
    asked = _other_days(command, by=Party.CUSTOMER, because=because)
    before = state.opening.other_days
    if before is None:
        return (asked,)
    return (asked.model_copy(update={"late": before.late, "fees": before.fees}),)


def postponed(command: told.TakeDecision, state: Access) -> Facts:
    """A visit that is booked stays until another takes its place; after tests that failed, somebody
    comes once more."""
    if not isinstance(state, AwaitingVisit):
        because = Said(
            fr="les tests ont échoué : un technicien revient",
            en="the tests failed: a technician comes again",
        )
        return (_other_days(command, by=Party.OPERATOR, because=because),)
    _check_not_put_off(command)
    gone = command.gone
    if gone is None:
        raise DecisionRefusedError(
            "the visit has begun, and is moved no more: wait for what is told of it, or say what "
            f"became of it once that is asked ({asking.UNREPORTED})"
        )
    asked = _other_days(command, by=Party.CUSTOMER, because=gone.because)
    return (asked.model_copy(update={"late": gone.late, "fees": gone.fees}),)


def _check_not_put_off(command: told.TakeDecision) -> None:
    """A day later than the one agreed on is the clause's, by whatever question it comes."""
    if command.day is not None and command.delay is not None:
        raise DecisionRefusedError(
            "that is later than the day agreed on, and the contract has a clause about it: amend "
            "the wish of this line, whose plan says what it comes to"
        )


def _by_rule(command: told.TakeDecision, state: Access) -> Facts:
    """What happens too often to follow by itself follows because a person says so, and nobody comes
    before it is done; what no rule is about is done again where it stands."""
    usual = state.opening.usual
    if usual is None:
        return ()
    followed = (
        *_nobody_comes(command, state),
        fields.LeadFollowed(after=usual.after, by=command.by),
    )
    settled = command.saturation
    if usual.after is not After.DESATURATION or settled is None:
        return followed
    return (*followed, *desaturated_first(command, usual.failed_at, settled))


def _nobody_comes(command: told.TakeDecision, state: Access) -> Facts:
    """A day that was chosen meanwhile, or booked, is for a visit that is not the next step."""
    if not isinstance(state, Booking | AwaitingVisit):
        return ()
    over = (*cleared(state, asking.UNREPORTED), *asked_no_more(state))
    return (*over, *visit_told_late.nobody_needed(command, state))


def may_postpone(command: told.TakeDecision, state: Access) -> bool:
    """Nobody has to ask first: a customer moves a visit when it does not suit. Not one that has
    been let go, nor one whose day has passed: what became of that is asked."""
    asked = state.is_asked(asking.UNREPORTED)
    booked = isinstance(state, AwaitingVisit) and state.opening.visit is not None
    return command.decision is DecisionKind.POSTPONE and booked and not asked


# in the place of an operator that has no interface


def agreed_by_hand(command: told.TakeDecision, state: Access) -> Facts:
    """As the operator's own answer would."""
    match state.step:
        case Step.BUILD_ACCESS:
            return _built(command, state)
        case Step.COMMISSION_ACCESS:
            check_settled(state)
            _check_not_before(command, state)
            return _opened(command, state)
        case Step.CANCEL_VISIT:
            return _let_go(command, state)
        case _:
            return _booked(command, state)


def refused_by_hand(command: told.TakeDecision, step: Step) -> Facts:
    """Nothing for what is no work, no visit and no test."""
    match step:
        case Step.BUILD_ACCESS:
            return _stopped(command)
        case Step.COMMISSION_ACCESS:
            return _not_opened(command)
        case Step.OFFER_VISITS:
            return offered(command, ())
        case _:
            return ()


def _booked(command: told.TakeDecision, state: Access) -> Facts:
    """Day and half, as the operator gave them; in the stead of the visit before, where there is
    one."""
    visit, slot = command.visit, command.told_slot
    if visit is None or slot is None:
        raise DecisionRefusedError(
            "say when the technician comes: give day=2027-01-20 and half=morning or afternoon"
        )
    if command.no_visit is not None:
        raise DecisionRefusedError(f"{command.no_visit.en}: check day= and half=")
    return (
        fields.VisitsOffered(slots=(slot,)),
        fields.VisitChosen(slot=slot, by=command.by),
        *in_its_stead(state, visit.booked(f"{BY_HAND}/{slot.reference}", slot)),
        *(
            put_off(slot, state)
            or (*planned(visit.plan), *closing_by_day(command, state, DecisionKind.AGREE))
        ),
    )


def _built(command: told.TakeDecision, state: Access) -> Facts:
    """Done; with a day and a half, somebody comes then, and with neither, nobody has to."""
    needs = command.day is not None or command.half is not None
    done = fields.WorksFinished(done_at=command.decided_at, visit=needs)
    return (done, *(_booked(command, state) if needs else ()))


def _stopped(command: told.TakeDecision) -> Facts:
    because = Said(
        fr=f"les travaux ne peuvent se faire, dit {command.by} : {command.reason}",
        en=f"the works cannot be done, says {command.by}: {command.reason}",
    )
    failure = fields.FieldFailure.OTHER
    fact = fields.WorksStopped(
        failure=failure,
        code=BY_HAND,
        stopped_at=command.decided_at,
        after=fields.After.PERSON,
        by=None,
        because=because,
    )
    asked = asking.field_failure(command, failure, BY_HAND, because)
    return (fact, AttentionRaised(attention=asked))


def _check_not_before(command: told.TakeDecision, state: Access) -> None:
    if command.day is not None and command.day < state.terms.asked_at.date():
        raise DecisionRefusedError("that day is before the order: check day=")
    wished = state.terms.wished
    if command.day is not None and wished is not None and command.day < wished:
        raise DecisionRefusedError(
            f"the customer wants it from {wished} on: give that day, or a later one"
        )


def _opened(command: told.TakeDecision, state: Access) -> Facts:
    """Billing and commitment run from that day: it is said, and it has come."""
    start = command.start
    if start is None:
        raise DecisionRefusedError("say the day service started: give day=2027-01-20")
    if start.started_at > command.decided_at:
        raise DecisionRefusedError("that day has not come yet: say so when it works")
    if command.closing is not None:
        raise DecisionRefusedError(
            f"{command.closing.en}: check the day, or have the closure put off in its file"
        )
    if command.judged is not None:
        return _measured(command, command.judged, start, state)
    said = Said(
        fr=f"mis en service, dit par {command.by} : {command.reason}",
        en=f"in service, said by {command.by}: {command.reason}",
    )
    fact = fields.Commissioned(tested_at=start.started_at, tests=(), passed=True, because=said)
    return (fact, *started(command, start, state))


def _said_by(command: told.TakeDecision) -> Said:
    return Said(
        fr=f"mesuré, dit par {command.by} : {command.reason}",
        en=f"measured, says {command.by}: {command.reason}",
    )


def _measured(command: told.TakeDecision, judged: Judged, start: Start, state: Access) -> Facts:
    """What was measured is judged like an operator's own results; it is no start without it where a
    rate is guaranteed."""
    if judged.start is None and command.speed is None:
        raise DecisionRefusedError(
            "the contract guarantees the rate of this access: give what was measured, in kilobits "
            "a second down and up, like speed=950000/940000"
        )
    because = joined((_said_by(command), judged.because))
    fact = fields.Commissioned(
        tested_at=start.started_at,
        tests=command.tests,
        passed=judged.start is not None,
        because=because,
    )
    if judged.start is None:
        return (fact, AttentionRaised(attention=asking.tests_failed(command, judged.because)))
    return (fact, *started(command, judged.start, state))


def _not_opened(command: told.TakeDecision) -> Facts:
    because = Said(
        fr=f"les tests ont échoué, dit {command.by} : {command.reason}",
        en=f"the tests failed, says {command.by}: {command.reason}",
    )
    fact = fields.Commissioned(
        tested_at=command.decided_at, tests=(), passed=False, because=because
    )
    return (fact, AttentionRaised(attention=asking.tests_failed(command, because)))


def visit_given_up(command: told.TakeDecision, state: Access) -> Facts:
    """At an end, where nobody could be told: it is over for us all the same."""
    return _let_go(command, state) if state.step is Step.CANCEL_VISIT else ()


def _let_go(command: told.TakeDecision, state: Access) -> Facts:
    because = Said(fr=f"annulé, dit {command.by}", en=f"cancelled, says {command.by}")
    return let_go(state, at=command.decided_at, because=because)
