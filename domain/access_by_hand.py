"""What a person answers in the place of an operator that has no interface."""

from domain import access_attention as waiting
from domain import access_commands as told
from domain import access_facts as facts
from domain import port_in_attention as of_lines
from domain import works_people
from domain.access_facts import Barrier, Offer, Reason, StudyResult, Verdict
from domain.access_promises import planned
from domain.access_reports import BEFORE_IT_IS_KEPT, closing, kept
from domain.access_stages import Access
from domain.attention import AttentionRaised, DecisionRefusedError
from domain.event import Event
from domain.port_in_facts import LineReleased, OperatorRefused, Step
from domain.said import Said

Facts = tuple[Event, ...]
CODE = "by-hand"


def agreed_by_hand(command: told.TakeDecision, state: Access) -> Facts:
    """As the operator's own answer would."""
    at = command.decided_at
    match state.step:
        case Step.CHECK_ELIGIBILITY:
            return (_found(command, state, offers=(_offer(command, state),)),)
        case Step.STUDY_SITE if state.chosen is not None:
            offer = _as_told(command, state.chosen.offer)
            result = StudyResult(verdict=Verdict.POSITIVE, lead_days=command.lead_days)
            said = Said(fr=f"dit par {command.by}", en=f"said by {command.by}")
            return (
                facts.StudyHeard(result=result, studied_at=at, offer=offer),
                facts.ChangesBinding(offer=offer, said=(said,)),
                *planned(command.plan),
                *closing(command, *BEFORE_IT_IS_KEPT),
            )
        case Step.RESERVE_ACCESS:
            return kept(command, reference=CODE, at=at)
        case Step.DESATURATE:
            return (facts.Desaturated(done_at=at),)
        case Step.PUT_BACK | Step.RELEASE_ACCESS as step:
            back = facts.LinePutBack(put_back_at=at)
            return (back if step is Step.PUT_BACK else LineReleased(released_at=at),)
        case _:
            return works_people.agreed_by_hand(command, state)


def refused_by_hand(command: told.TakeDecision, state: Access, step: Step) -> Facts:
    if step is Step.CHECK_ELIGIBILITY:
        barriers = tuple(
            Barrier(technology=one, reason=Reason.REFUSED, code=CODE) for one in state.wanted
        )
        return (_found(command, state, barriers=barriers),)
    if step is Step.STUDY_SITE:
        result = StudyResult(verdict=Verdict.NEGATIVE, code=CODE)
        heard = facts.StudyHeard(result=result, studied_at=command.decided_at)
        return (heard, AttentionRaised(attention=waiting.study_refused(command, result)))
    if found := works_people.refused_by_hand(command, step):
        return found
    asked = of_lines.operator_refused(command, step, CODE)
    return (OperatorRefused(step=step, code=CODE), AttentionRaised(attention=asked))


def _offer(command: told.TakeDecision, state: Access) -> Offer:
    if command.speed is None:
        raise DecisionRefusedError(
            "say what it can deliver: speed=100000/20000, kilobits a second down and up, and "
            "lead=15 where it says how many jours ouvrés it takes"
        )
    down, up = command.speed
    return Offer(
        operator=state.host,
        technology=state.wanted[0],
        down_kbps=down,
        up_kbps=up,
        lead_days=command.lead_days or 0,
    )


def _as_told(command: told.TakeDecision, offer: Offer) -> Offer:
    lead = offer.lead_days if command.lead_days is None else command.lead_days
    return offer.model_copy(update={"lead_days": lead})


def _found(
    command: told.TakeDecision,
    state: Access,
    *,
    offers: tuple[Offer, ...] = (),
    barriers: tuple[Barrier, ...] = (),
) -> facts.EligibilityFound:
    return facts.EligibilityFound(
        operator=state.host, offers=offers, barriers=barriers, checked_at=command.decided_at
    )
