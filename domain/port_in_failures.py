"""What a port-in does about a failure: try again later, ask a person, or end, as its row says."""

from collections.abc import Mapping
from typing import Protocol, cast

from pydantic import AwareDatetime

from domain import port_in_attention as waiting
from domain import port_in_commands as told
from domain import port_in_facts as facts
from domain.attention import Attention, AttentionRaised, DecisionKind, PolicyRow
from domain.event import Event
from domain.exchange_codes import why_refused
from domain.failure_bounds import NUMBER_INACTIVE, may_end
from domain.failure_policy import Treatment
from domain.port_in_facts import Outcome, Step
from domain.port_in_states import Going, Refused, evolve, try_of
from domain.port_in_undoing import begin_undoing
from domain.said import Said, joined

Facts = tuple[Event, ...]


class Failing(Protocol):
    """Any command about something that went wrong."""

    @property
    def decided_at(self) -> AwareDatetime: ...

    @property
    def treatment(self) -> Treatment | None: ...


def refused(
    command: told.HearRefused | told.ReportOperatorRefused, state: Going, *, step: Step, code: str
) -> Facts:
    asked = waiting.operator_refused(command, step, code)
    happened = facts.OperatorRefused(step=step, code=code)
    return (happened, *followed(command, state, step=step, code=code, asked=asked))


def unanswered(command: told.HearNothing, state: Going) -> Facts:
    """Tried again, it is looked up under the same key before anything is sent."""
    asked = waiting.operator_silent(command, command.step)
    return followed(command, state, step=command.step, code=command.code, asked=asked)


def inactive(command: told.HearInactive, state: Going) -> Facts:
    asked = waiting.number_inactive(command)
    return followed(command, state, step=Step.CHECK_ACTIVE, code=NUMBER_INACTIVE, asked=asked)


def not_working(command: told.HearNotWorking, state: Going) -> Facts:
    asked = waiting.not_working(command, command.code)
    return followed(command, state, step=Step.VERIFY_LINE, code=command.code, asked=asked)


def donor_refused(command: told.ReportRefused, state: Going, silent: Facts) -> Facts:
    """`silent` is what its answer makes an end of."""
    code, treatment = command.code, command.treatment
    happened = facts.PortRefused(code=code, refused_at=command.refused_at)
    refusal = why_refused(code)
    if treatment is not None and treatment.ends and _ends_by_itself(state, code):
        return (happened, *silent, *_ended(command, state, happened, treatment.row))
    remedy = refusal.remedy
    if treatment is not None and treatment.said is not None:
        remedy, treatment = treatment.said, treatment.model_copy(update={"said": None})
    asked = waiting.donor_refused(command, refusal, remedy)
    bound = command.model_copy(update={"treatment": treatment})
    follows = followed(bound, state, step=Step.SEND_REQUEST, code=code, asked=asked)
    return (happened, *silent, *follows)


def _ends_by_itself(state: Going, code: str) -> bool:
    """Never while its cancellation is asked for: what follows that is not what follows a refusal,
    and a new number is not for who wants none."""
    return may_end(Step.SEND_REQUEST, code) and state.cancellation is None


def _ended(
    command: told.ReportRefused, state: Going, happened: facts.PortRefused, row: PolicyRow
) -> Facts:
    """As a person's `end` would: a new number where the contract says so, and only there."""
    outcome = Outcome.REPLACED if command.replaces else Outcome.REFUSED
    meaning = why_refused(command.code).cause
    why = Said(fr=f"{command.code} : {meaning.fr}", en=f"{command.code}: {meaning.en}")
    after = cast("Going", evolve(state, happened))
    return begin_undoing(after, outcome, why, keeps_line=command.replaces, row=row)


def eligibility_lost(command: told.ReportEligibilityLost, state: Going, silent: Facts) -> Facts:
    happened = facts.EligibilityLost(code=command.code, lost_at=command.lost_at)
    asked = waiting.eligibility_lost(command, command.code)
    follows = followed(command, state, step=Step.SEND_REQUEST, code=command.code, asked=asked)
    return (happened, *silent, *follows)


def donor_silent(command: told.PassTime) -> Facts:
    """It was reminded already, which is all that is tried by itself."""
    treatment = command.treatment
    if treatment is not None:
        treatment = treatment.model_copy(update={"too_late": None})
    return (AttentionRaised(attention=governed(waiting.donor_silent(command), treatment)),)


class Tried(Protocol):
    """Any line that has had steps tried again."""

    @property
    def tries(self) -> Mapping[str, int]: ...


def followed(command: Failing, state: Tried, *, step: Step, code: str, asked: Attention) -> Facts:
    """A next try, as often as the row has it; a person otherwise."""
    planned = next_try(command, state.tries, step=step, code=code)
    if planned is not None and DecisionKind.RETRY in asked.allowed:
        return (planned,)
    return (AttentionRaised(attention=governed(asked, command.treatment)),)


def next_try(
    command: Failing, tries: Mapping[str, int], *, step: Step, code: str
) -> facts.RetryPlanned | None:
    """None when the row has none, or none left."""
    treatment = command.treatment
    if treatment is None or treatment.retry_at is None:
        return None
    made = tries.get(try_of(step, treatment.row), 0)
    if made >= treatment.at_most:
        return None
    return facts.RetryPlanned(
        step=step,
        code=code,
        attempt=made + 1,
        at_most=treatment.at_most,
        until=max(treatment.retry_at, command.decided_at),
        row=treatment.row,
    )


def governed(asked: Attention, treatment: Treatment | None) -> Attention:
    """The question as the row puts it: to whom, and with what of what may be decided at all."""
    if treatment is None:
        return asked
    more = [one for one in (treatment.said, treatment.too_late) if one is not None]
    what = joined((asked.what, *more))
    return asked.model_copy(
        update={
            "what": what,
            "turn": treatment.owner,
            "allowed": treatment.narrowed(asked.allowed),
            "queue": treatment.queue,
            "row": treatment.row,
        }
    )


def try_begun(command: told.PassTime, state: Going) -> Facts:
    """The step is taken again by its own process; a request that was refused, from its dates on."""
    retry = state.retry
    if retry is None or state.blocked or command.decided_at < retry.until:
        return ()
    again = (facts.PortReopened(),) if isinstance(state, Refused) else ()
    return (facts.RetryBegun(step=retry.step), *again)
