"""An access that took another customer's line (« écrasement à tort »), and the way back.

Who told it and when is a fact; a person says whether it is so. If it is, the operator is asked to
put back what was there, as a step of its own: giving our pair back would leave the other customer
without a line. Our order then ends for its site, refused, and nothing is charged: a default of
ours, no contract has a word on it.
"""

from collections.abc import Iterable

from domain import access_attention as waiting
from domain import access_commands as told
from domain import access_facts as facts
from domain.access_facts import Teller
from domain.access_stages import Access, AccessState, Changing, Closed, GivingBack, InService
from domain.attention import AttentionRaised, DecisionRefusedError
from domain.event import Event
from domain.port_in_facts import Outcome, Step, UndoingBegun
from domain.said import Said

Facts = tuple[Event, ...]

NO_PROCESS_LEFT = (
    "no process is left to ask for it: have the operator put back the other customer's line, end "
    "this service where it works, and order the right socket anew "
    "(docs/processes/deliver_access.md)"
)


def told_by_operator(command: told.ReportOverwritten, state: Access) -> Facts:
    """By the one that serves, for itself or for another operator; nothing where it took nothing."""
    if command.source != state.host or not may_have_taken(state) or is_open(state):
        return ()
    fact = facts.WrongOverwritingTold(
        told_by=Teller.OPERATOR,
        by=command.source,
        operator=state.host,
        code=command.code,
        told_at=command.told_at,
    )
    return (fact, AttentionRaised(attention=waiting.overwritten(command, fact)))


def told_by_person(command: told.TakeDecision, state: Access) -> Facts:
    """By mail or telephone: whoever it came from, the person who took it down says so."""
    if is_open(state):
        raise DecisionRefusedError(
            f"that is asked about already: decide agree or refuse about {waiting.OVERWRITTEN}"
        )
    told_at = command.begins or command.decided_at
    if told_at > command.decided_at:
        raise DecisionRefusedError("day has not come yet: give the day on which it was told")
    fact = facts.WrongOverwritingTold(
        told_by=command.told_by or Teller.COLLEAGUE,
        by=command.by,
        operator=state.host,
        told_at=told_at,
        papers=command.documents,
    )
    return (fact, AttentionRaised(attention=waiting.overwritten(command, fact)))


def put_back(state: Access) -> Facts:
    """It is so. An end that had begun keeps its reason, and costs nothing any more."""
    outcome, why = Outcome.REFUSED, _WRONG
    if isinstance(state, GivingBack):
        outcome, why = state.outcome, state.why
    begun = UndoingBegun(outcome=outcome, why=why, steps=state.to_give_back(Step.PUT_BACK))
    return (begun, facts.FeesSettled(fees=()))


def is_open(state: Access) -> bool:
    return state.is_asked(waiting.OVERWRITTEN)


def is_left_to_a_person(history: Iterable[Event], state: AccessState) -> bool:
    """It was kept once, and no process is left to put the other customer's line back: it works, it
    has ended, or what was kept has been given back since."""
    if isinstance(state, Access) and may_have_taken(state):
        return False
    return any(isinstance(event, facts.AccessReserved) for event in history)


def works(state: AccessState) -> bool:
    """Nothing of its process is left to put the other customer's line back."""
    if isinstance(state, Closed):
        return state.ended.outcome is Outcome.DELIVERED
    return isinstance(state, InService)


def is_asked_about(state: Access) -> bool:
    """What was kept is amended, and may be another customer's line: it is not let go before that is
    known; the operator's word is looked up again once it is."""
    return isinstance(state, Changing) and is_open(state)


def check_let_go(state: Access) -> None:
    if is_asked_about(state):
        check_settled(state)


def check_settled(state: Access) -> None:
    """Nothing goes on over another customer's line."""
    if is_open(state):
        raise DecisionRefusedError(
            f"say first whether it took another customer's line ({waiting.OVERWRITTEN}: agree or "
            "refuse)"
        )


def may_have_taken(state: Access) -> bool:
    return state.is_kept and not isinstance(state, InService)


_WRONG = Said(
    fr="l'accès avait pris la ligne d'un autre client : ce qui était là est remis, rien n'est "
    "facturé (règle de notre part)",
    en="the access had taken another customer's line: what was there is put back, nothing is "
    "charged (a default of ours)",
)
