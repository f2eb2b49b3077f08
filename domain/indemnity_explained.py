"""An indemnity, explained to people: how it came to be, day by day, in euros, with each clause."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.indemnity_facts import Ending, Head, IndemnityId, LateDay, Share
from domain.indemnity_states import Entry, IndemnityStage, KnownIndemnity
from domain.said import Said, day_said


class IndemnityExplanation(BaseModel):
    """Everything an indemnity rests on: `because` is read from its first line to its last."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    indemnity_id: IndemnityId
    head: Head
    stage: IndemnityStage
    ending: Ending | None
    agreed_on: date | None
    back_on: date | None
    days: tuple[LateDay, ...]
    shares: tuple[Share, ...]
    source: str | None
    """The line of the contract, the article, or ours."""
    may_be_paid: bool | None
    monthly_ttc: Decimal | None
    entries: tuple[Entry, ...]
    owed: Decimal
    paid: Decimal
    balance: Decimal
    to_claim_back: Decimal
    due_until: AwareDatetime | None
    because: tuple[Said, ...]


def explain_indemnity(state: KnownIndemnity) -> IndemnityExplanation:
    assessment, requested = state.assessment, state.requested
    return IndemnityExplanation(
        indemnity_id=state.terms.indemnity_id,
        head=state.terms.head,
        stage=state.stage,
        ending=None if state.ended is None else state.ended.ending,
        agreed_on=None if assessment is None else assessment.agreed_on,
        back_on=None if assessment is None else assessment.back_on,
        days=() if assessment is None else assessment.days,
        shares=() if assessment is None else assessment.shares,
        source=None if assessment is None else assessment.source,
        may_be_paid=None if assessment is None else assessment.may_be_paid,
        monthly_ttc=state.terms.monthly_ttc if assessment is None else assessment.monthly_ttc,
        entries=state.entries,
        owed=state.owed,
        paid=state.paid,
        balance=state.balance,
        to_claim_back=state.to_claim_back,
        due_until=None if requested is None else requested.due_until,
        because=tuple(_because(state)),
    )


def _because(state: KnownIndemnity) -> Iterator[Said]:
    shown = state.shown_by
    yield Said(fr=f"ouverte car : {shown.fr}", en=f"opened because: {shown.en}")
    if state.assessment is None:
        yield _NOT_YET
    else:
        yield from state.assessment.because
    for attention in state.attentions:
        what = attention.what
        yield Said(fr=f"demandé : {what.fr}", en=f"asked: {what.en}")
    yield from _account(state)
    if state.ended is not None:
        why = state.ended.why
        yield Said(fr=f"close : {why.fr}", en=f"closed: {why.en}")


def _account(state: KnownIndemnity) -> Iterator[Said]:
    if len(state.entries) > 1:
        for entry in state.entries:
            yield Said(
                fr=f"écriture : {entry.amount} € ({entry.because.fr})",
                en=f"entry: {entry.amount} € ({entry.because.en})",
            )
    if state.handed is not None:
        on, how = day_said(state.handed.on), state.handed.how
        yield Said(
            fr=f"preuves remises au client le {on.fr} ({how})",
            en=f"evidence handed to the customer on {on.en} ({how})",
        )
    if state.requested is not None:
        asked, due = day_said(state.requested.on), day_said(state.requested.due_on)
        source = state.requested.source
        yield Said(
            fr=f"demandée le {asked.fr}, payable jusqu'au {due.fr} ({source})",
            en=f"asked for on {asked.en}, payable until {due.en} ({source})",
        )
    for payment in state.payments:
        day, amount = day_said(payment.on), payment.amount
        yield Said(fr=f"payé {amount} € le {day.fr}", en=f"paid {amount} € on {day.en}")
    if state.to_claim_back:
        back = state.to_claim_back
        yield Said(fr=f"trop payé : {back} €, à reprendre", en=f"{back} € too much, to claim back")


_NOT_YET = Said(
    fr="pas encore calculée : le portage n'est pas terminé, ou une réponse est attendue",
    en="not worked out yet: the port is not over, or an answer is awaited",
)
