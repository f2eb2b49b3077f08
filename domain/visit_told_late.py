"""A visit that ended by a person's word, and what its operator tells of it afterwards; and one that
is booked when nobody waits for it any more.

Every appointment ends once. That its operator tells another end than a person did is asked of a
person: what was said stands, or is corrected, with what it cost.
"""

from typing import cast

from domain import access_commands as told
from domain import visit_ends as ending
from domain import works_attention as asking
from domain import works_commands as works
from domain import works_facts as fields
from domain.access_attention import BY_HAND as ANSWER_BY_HAND
from domain.access_stages import Access, AwaitingVisit, Booking, InService
from domain.attention import Attention, AttentionRaised, DecisionRefusedError
from domain.event import Event
from domain.port_in_attention import OPERATOR_REFUSED, OPERATOR_SILENT, cleared
from domain.said import Said, joined
from domain.visit_facts import (
    TOLD_LATE,
    UNWANTED,
    CameOf,
    Ending,
    VisitEndCorrected,
    VisitEndSaid,
    VisitReportCompleted,
    VisitToldLate,
    is_same,
    leads_to,
)
from domain.works_facts import (
    BY_THE_OPERATOR,
    After,
    EquipmentMoved,
    FieldFailure,
    Party,
    VisitBooked,
    VisitFailed,
    VisitKept,
)
from domain.works_settled import Lost, VisitKeptSettled
from domain.works_states import is_moved_by, is_opened_by, stays_at

Facts = tuple[Event, ...]
BY_HAND = "by-hand"
"""The code of an end that a person says."""


# a person's word


def said_kept(command: told.TakeDecision, visit: VisitBooked, state: Access) -> Facts:
    _check_known(state)
    settled = command.kept or VisitKeptSettled(
        report=fields.VisitReport(done_at=command.decided_at)
    )
    kept = works.ReportVisitKept(
        **_as_told(command, visit), report=settled.report, installed=settled.installed
    )
    said = VisitEndSaid(visit=visit, end=CameOf.KEPT, by=command.by)
    return (*ending.asked_no_more(state), *ending.kept(kept, state), said)


def said_not_kept(command: told.TakeDecision, visit: VisitBooked, state: Access) -> Facts:
    """Somebody came, and could not do it: as the operator's own report would have it. Or nobody
    did."""
    _check_known(state)
    if command.failure is not None:
        return _said_failed(command, visit, command.failure, state)
    lost = cast("Lost", command.lost)
    missed = ending.missed(command, lost, visit.reference, BY_HAND)
    said = VisitEndSaid(visit=visit, end=CameOf.MISSED, by=command.by, fees=lost.fees)
    return (*ending.asked_no_more(state, After.VISIT), *missed, said)


def _said_failed(
    command: told.TakeDecision, visit: VisitBooked, failure: FieldFailure, state: Access
) -> Facts:
    settled = _known(command.failed)
    report = works.ReportVisitFailed(
        **_as_told(command, visit),
        failure=failure,
        code=BY_HAND,
        failed_at=min(visit.slot.ends, command.decided_at),
        **dict(settled),
    )
    found = ending.failed(report, state)
    late, lost, after = settled.missed_again, settled.lost, settled.lead.after
    said = VisitEndSaid(
        visit=visit,
        end=CameOf.FAILED,
        failure=failure,
        by=command.by,
        fees=() if lost is None else lost.fees,
        missed_again=None if late is None else late.day,
        not_ready=settled.lead.not_ready,
        counted=after in BY_THE_OPERATOR and isinstance(state, Booking | AwaitingVisit),
    )
    return (*ending.asked_no_more(state, after), *found, said)


def _check_known(state: Access) -> None:
    """One question at a time: which end of the visit before this one stands."""
    if state.is_asked(TOLD_LATE):
        raise DecisionRefusedError(
            f"its operator tells another end of the visit before: decide agree or refuse about "
            f"{TOLD_LATE} first"
        )


def _known(settled: told.FailureSettled | None) -> told.FailureSettled:
    """Worked out as it stood when it was asked: it has moved since."""
    if settled is None:
        raise DecisionRefusedError("what became of that visit was told just now: look again")
    return settled


def _as_told(command: told.TakeDecision, visit: VisitBooked) -> dict[str, object]:
    return {
        "decided_at": command.decided_at,
        "answer_by": command.answer_by,
        "source": command.by,
        "message_key": "",
        "reference": visit.reference,
    }


# its operator's, after that


def told_of_one_that_is_over(command: works.OfVisits, state: Access) -> Facts:
    """Nothing where its operator has told it already, or where a person has looked at both."""
    said = state.opening.said
    if said is None or said.visit.reference != command.reference:
        return ()
    if isinstance(command, works.ReportVisitMoved):
        return _moved_after_all(command, state)
    if state.opening.told_late is not None and not state.is_asked(TOLD_LATE):
        return ()
    end = _end_told(command, state)
    if isinstance(command, works.ReportVisitKept) and said.end is CameOf.KEPT:
        report = ending.kept_as(command, state).report
        completed = VisitReportCompleted(reference=command.reference, report=report)
        return (*cleared(state, TOLD_LATE), completed, *_put_up(command.installed, state))
    if is_same(said, end):
        return cleared(state, TOLD_LATE)
    asked = asking.told_late(command, said, end, moves=is_moved_by(state, command.reference))
    late = VisitToldLate(told=end, source=command.source)
    return (late, AttentionRaised(attention=asked))


def _end_told(
    command: works.ReportVisitKept | works.ReportVisitFailed | works.ReportVisitMissed,
    state: Access,
) -> Ending:
    if isinstance(command, works.ReportVisitKept):
        return ending.kept_as(command, state)
    if isinstance(command, works.ReportVisitFailed):
        return ending.failed_as(command)
    return ending.missed_as(command, command.lost, command.reference, command.code)


def _moved_after_all(command: works.ReportVisitMoved, state: Access) -> Facts:
    """Somebody comes on a day that nobody waits for."""
    visit = command.settled.booked(command.reference, command.slot)
    return (_to_call_off(command, state, visit),)


# what a person makes of both


def corrected(command: told.TakeDecision, state: Access) -> Facts:
    """Its operator is right: what went with the wrong end goes, and the access goes on from the
    right one where visits are still what it goes on from."""
    said = cast("VisitEndSaid", state.opening.said)
    end = cast("VisitToldLate", state.opening.told_late).told
    moved = is_moved_by(state, said.visit.reference)
    because, after = _BY_OPERATOR, leads_to(end)
    follows: Facts = ()
    if isinstance(end, VisitKept):
        follows = _put_up(command.installed, state)
    elif isinstance(end, VisitFailed):
        report = _told_again(command, end)
        end = ending.failed_as(report)
        after = end.after
        follows = ending.followed(report) if moved else ()
    correction = VisitEndCorrected(
        was=said.end,
        to=end,
        by=command.by,
        because=because,
        fees=said.fees,
        missed_again=said.missed_again,
        not_ready=said.not_ready,
        counted=said.counted,
        in_service=isinstance(state, InService),
    )
    search = _no_more_searched(command, state, said, after) if moved else ()
    return (*search, correction, *follows)


def _put_up(installed: Facts, state: Access) -> Facts:
    """Where that visit was: not where the access has been amended to since."""
    if not state.opening.said_elsewhere:
        return installed
    return tuple(
        one.model_copy(update={"elsewhere": True}) if isinstance(one, EquipmentMoved) else one
        for one in installed
    )


def _told_again(command: told.TakeDecision, end: VisitFailed) -> works.ReportVisitFailed:
    """As the contract has it now, without the end that was wrong."""
    return works.ReportVisitFailed(
        decided_at=command.decided_at,
        answer_by=command.answer_by,
        source=command.by,
        message_key="",
        reference=end.reference,
        failure=end.failure,
        code=end.code,
        failed_at=end.failed_at,
        **dict(_known(command.failed_late)),
    )


def _no_more_searched(
    command: told.TakeDecision, state: Access, said: VisitEndSaid, after: After | None
) -> Facts:
    """What the wrong end had people asked about, and what is searched for no more."""
    wrong = (asking.FIELD, asking.SITE) if said.end is CameOf.FAILED else ()
    over = tuple(event for code in wrong for event in cleared(state, code))
    if is_opened_by(state, said.visit.reference):
        codes = (asking.TESTS, OPERATOR_SILENT, OPERATOR_REFUSED, ANSWER_BY_HAND)
        return (*over, *(event for code in codes for event in cleared(state, code)))
    if after in stays_at(state):
        return over
    codes = (asking.UNREPORTED, *((asking.READINESS,) if after is None else ()))
    over = (*over, *(event for code in codes for event in cleared(state, code)))
    return (*over, *ending.asked_no_more(state), *nobody_needed(command, state))


def nobody_needed(command: told.TakeDecision, state: Access) -> Facts:
    """Whoever was to come again has nothing to come for."""
    visit = state.opening.visit
    if visit is None or visit.unwanted:
        return ()
    return (_to_call_off(command, state, visit),)


_BY_OPERATOR = Said(
    fr="l'opérateur a raison : son compte rendu remplace ce qui avait été dit",
    en="the operator is right: its report takes the place of what was said",
)


# one that nobody waits for


def booked_late(command: works.ReportVisitBooked, state: Access) -> Facts:
    """It was asked for before something else followed. Alone, it is the visit there is, until it
    is called off; beside another one, a person has it called off all the same."""
    if state.reserved is None:
        return ()
    visit = command.settled.booked(command.reference, command.slot)
    visit = visit.model_copy(update={"unwanted": True})
    asked = _to_call_off(command, state, visit)
    beside = state.opening.visit is not None or state.opening.picked is not None
    return (asked,) if beside else (visit, asked)


def _to_call_off(command: told.AccessCommand, state: Access, visit: VisitBooked) -> AttentionRaised:
    """Beside another one, both are in one question; it is answered for the one that is booked."""
    asked, known = asking.unwanted(command, visit), state.opening.visit
    for before in (one for one in state.attentions if one.code == UNWANTED):
        is_booked = known is not None and known.unwanted
        both = joined((before.what, asked.what))
        detail = before.detail if is_booked else asked.detail
        asked = asked.model_copy(update={"what": both, "detail": detail})
    return AttentionRaised(attention=asked)


def called_off(command: told.TakeDecision, state: Access, attention: Attention) -> Facts:
    """By telephone, or left as it is: it is over for us all the same."""
    visit = state.opening.visit
    if visit is None or visit.reference != attention.detail:
        return ()
    because = Said(
        fr=f"personne ne l'attendait plus, dit {command.by}",
        en=f"nobody waited for it any more, says {command.by}",
    )
    gone = fields.VisitLetGo(
        reference=visit.reference, by=Party.PROVIDER, at=command.decided_at, because=because
    )
    return (gone,)
