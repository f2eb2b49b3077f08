"""Changing an access that runs: its day, its rate, its place."""

from domain import access_attention as waiting
from domain import access_commands as told
from domain.access_changes import (
    AccessAmended,
    AccessAmendmentAsked,
    AccessAmendmentLapsed,
    AccessChange,
    Anew,
)
from domain.access_later_days import check_day, check_not_opening, later_day
from domain.access_overwriting import is_open
from domain.access_reports import closing
from domain.access_stages import (
    Access,
    Changing,
    ClaimingSite,
    GatheringPapers,
    GivingBack,
    InService,
)
from domain.attention import (
    AttentionCleared,
    AttentionRaised,
    DecisionKind,
    DecisionRefusedError,
)
from domain.event import Event
from domain.said import Said

Facts = tuple[Event, ...]

AGREEMENT_FIRST = "another amendment waits for an agreement: answer that one first"
OVERWRITING_FIRST = "it is asked whether it took another customer's line: answer that first"
CANCELLATION_FIRST = "its cancellation has been asked for: see first what becomes of it"


def why_not_amended(state: Access) -> str | None:
    """None while it can be."""
    reasons = (
        _WHERE.get(type(state)),
        _why_not_yet(state),
        None if state.amendment is None else AGREEMENT_FIRST,
    )
    return next((reason for reason in reasons if reason is not None), None)


def _why_not_yet(state: Access) -> str | None:
    """What comes first, whether it is asked for now or was agreed to."""
    if state.cancellation is not None:
        return CANCELLATION_FIRST
    return OVERWRITING_FIRST if is_open(state) else None


_WHERE: dict[type[Access], str] = {
    InService: "it works: a change of a service that runs is another order",
    GivingBack: "it is being given back: order anew once it has ended",
    Changing: "another amendment is being carried out: wait until what was kept is given back",
}


def anew_for(change: AccessChange, state: Access) -> Anew | None:
    """From where it begins again; None where all that was done still holds."""
    if change.place is not None:
        return Anew.SITE
    if change.down_kbps is None or isinstance(state, ClaimingSite | GatheringPapers):
        return None
    chosen = state.chosen
    if chosen is not None and chosen.offer.down_kbps >= change.down_kbps:
        return None
    return Anew.ELIGIBILITY


def amendment_asked(command: told.AmendAccess, state: Access) -> Facts:
    """At once, or on what the contract asks for (000:345-346)."""
    if refused := why_not_amended(state):
        raise DecisionRefusedError(refused)
    if command.change == AccessChange():
        raise DecisionRefusedError("say what is to be otherwise: a day, a rate, or another place")
    if command.needs is None:
        check_day(command.delay)
        amended, *overtaken = _amended(
            command.change, state, by=command.by, because=command.because
        )
        later = later_day(command.delay, command.gone, amended, state)
        return (amended, *overtaken, *later, *closing(command, DecisionKind.AGREE))
    asked = AccessAmendmentAsked(
        by=command.by, asked_at=command.decided_at, change=command.change, needs=command.needs
    )
    return (asked, AttentionRaised(attention=waiting.amendment(command, command.needs)))


def amendment_agreed(
    command: told.TakeDecision, asked: AccessAmendmentAsked, state: Access
) -> Facts:
    if refused := _why_not_yet(state):
        raise DecisionRefusedError(refused)
    agreed = Said(
        fr=f"{asked.needs.fr} ; donné, dit par {command.by}",
        en=f"{asked.needs.en}; given, said by {command.by}",
    )
    check_day(command.delay)
    amended, *overtaken = _amended(asked.change, state, by=asked.by, because=(agreed,))
    return (amended, *overtaken, *later_day(command.delay, command.gone, amended, state))


def amendment_refused(command: told.TakeDecision) -> Facts:
    why = Said(fr=f"refusé par {command.by}", en=f"refused by {command.by}")
    return (AccessAmendmentLapsed(why=why),)


def amendment_lapsed() -> Facts:
    why = Said(
        fr="l'accord qu'il fallait n'est pas venu à temps : la commande reste comme elle est",
        en="the agreement it needed did not come in time: the order stays as it is",
    )
    return (AccessAmendmentLapsed(why=why), AttentionCleared(code=waiting.AMENDMENT))


def _amended(
    change: AccessChange, state: Access, *, by: str, because: tuple[Said, ...]
) -> tuple[AccessAmended, *Facts]:
    """What begins again overtakes what was asked about it."""
    anew = anew_for(change, state)
    if anew is None:
        check_not_opening(change.wished, state)
    amended = AccessAmended(
        by=by,
        change=change,
        anew=anew,
        gives_back=anew is not None and state.is_kept,
        because=because,
    )
    over = () if anew is None else waiting.overtaken(state, but=waiting.AMENDMENT)
    return (amended, *over)
