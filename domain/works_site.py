"""What the customer is asked to have done at a site, and what follows where nobody says it is."""

from domain import access_commands as told
from domain import works_attention as asking
from domain import works_facts as fields
from domain.access_sites import DESCRIPTION
from domain.access_stages import Access, AwaitingVisit, Booking, Ready
from domain.attention import (
    Attention,
    AttentionCleared,
    AttentionMoved,
    AttentionRaised,
    DecisionKind,
    DecisionRefusedError,
    gone_up,
)
from domain.equipment_elsewhere import ELSEWHERE
from domain.event import Event
from domain.port_in_facts import HeldDocument
from domain.said import Said, day_said
from domain.works_settled import SiteTerms

Facts = tuple[Event, ...]


def asked_beside(command: told.AskOperator) -> Facts:
    """As works are first asked for; nothing of it waits for the answer."""
    site = command.site
    if site is None:
        return ()
    asked = fields.SiteReadinessAsked(needs=site.needs, until=site.until, said=site.said)
    if not site.to_answer:
        return (asked,)
    return (asked, AttentionRaised(attention=asking.site_readiness(command, site)))


def overdue(attention: Attention, command: told.PassTime, state: Access) -> Facts:
    """The day has moved; or it has come, and what the contract says follows, once."""
    site = command.site
    if site is None or not isinstance(state, Ready | Booking | AwaitingVisit):
        return (AttentionCleared(code=attention.code),)
    if is_late(attention):
        return (gone_up(attention, until=command.answer_by),)
    if site.until > command.decided_at:
        return (_moved(attention, site),)
    again = asking.site_still_not_ready(command, site)
    return (
        site.not_ready,
        AttentionCleared(code=attention.code),
        AttentionRaised(attention=again),
    )


def _moved(attention: Attention, site: SiteTerms) -> AttentionMoved:
    day = day_said(site.until)
    why = Said(
        fr=f"le jour prévu a changé : attendu jusqu'au {day.fr}",
        en=f"the planned day has moved: awaited until {day.en}",
    )
    return AttentionMoved(code=attention.code, until=site.until, turn=attention.turn, why=why)


def meant_by(
    attentions: tuple[Attention, ...], kind: DecisionKind, code: str | None
) -> tuple[Attention, ...]:
    """Some are asked beside whatever else is: unless one is named, another question is meant
    first."""
    others = tuple(one for one in attentions if one.code not in _BESIDE)
    another = any(one.allows(kind) for one in others)
    return others if code is None and another else attentions


_BESIDE = {asking.READINESS, ELSEWHERE}


def is_late(attention: Attention) -> bool:
    return attention.detail == asking.LATE


def has_a_last_day(attention: Attention) -> bool:
    """Until it is late, whoever is to answer."""
    return attention.code == asking.READINESS and not is_late(attention)


def described(
    command: told.TakeDecision, state: Access, attention: Attention, paper: HeldDocument
) -> Facts:
    """What else is asked of the customer stays asked."""
    asked = state.opening.readiness
    needs = () if asked is None else asked.needs
    if paper.name != DESCRIPTION or DESCRIPTION not in needs:
        wanted = DESCRIPTION if DESCRIPTION in needs else "no paper"
        raise DecisionRefusedError(
            f"'{paper.name}' is not what is asked for: it takes {wanted}; say that the site is "
            "ready by agree, with day="
        )
    fact = fields.SiteDescribed(paper=paper, by=command.by)
    left = tuple(need for need in needs if need != DESCRIPTION)
    over = AttentionCleared(code=attention.code)
    if not left:
        return (over, fact)
    what = asking.left_said(left)
    return (over, fact, AttentionRaised(attention=attention.model_copy(update={"what": what})))
