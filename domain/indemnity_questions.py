"""What an indemnity asks people about: each question, whose turn it is, what may be decided."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.attention import Attention, DecisionKind, Turn
from domain.said import Said, day_said

EVIDENCE = "evidence-owed"
PAYMENT = "payment-overdue"
UNSIGNED = "reading-unsigned"
NOTHING_MOVES = "nothing-moves"


class QuestionAbout(StrEnum):
    """What the facts do not say; the value is the code of its attention."""

    RESPONSIBLE = "responsible-unknown"
    """Who answers for it."""
    BACK = "service-back-unknown"
    """Until which day it is counted."""
    PRICE = "price-unknown"
    """The line's monthly price."""
    FORMULA = "formula-unknown"
    """The contract's rule is of a kind nothing here works out."""


@dataclass(frozen=True, kw_only=True)
class Question:
    about: QuestionAbout
    what: Said


_ALLOWED = {
    QuestionAbout.RESPONSIBLE: (DecisionKind.PROVIDE,),
    QuestionAbout.BACK: (DecisionKind.PROVIDE,),
    QuestionAbout.PRICE: (DecisionKind.PROVIDE,),
    QuestionAbout.FORMULA: (DecisionKind.RETRY, DecisionKind.END),
}


def asked(question: Question, *, since: datetime, until: datetime) -> Attention:
    """It stands still until somebody answers."""
    return Attention(
        code=question.about,
        what=question.what,
        since=since,
        until=until,
        turn=Turn.OPERATIONS,
        allowed=_ALLOWED[question.about],
    )


def evidence_owed(*, since: datetime, until: datetime) -> Attention:
    what = Said(
        fr="le client n'a pas encore reçu de quoi réclamer : le remettre, puis l'enregistrer",
        en="the customer does not have what is needed to claim yet: hand it over, then record it",
    )
    return _reminder(EVIDENCE, what, Turn.OPERATIONS, since=since, until=until)


def payment_overdue(due_on: date, *, since: datetime, until: datetime) -> Attention:
    on = day_said(due_on)
    what = Said(
        fr=f"à payer au plus tard le {on.fr} : payer, puis enregistrer le paiement",
        en=f"it was to be paid by {on.en}: pay it, then record the payment",
    )
    return _reminder(PAYMENT, what, Turn.PROVIDER, since=since, until=until)


def unsigned(source: str, *, since: datetime, until: datetime) -> Attention:
    what = Said(
        fr=f"le client la demande, et la lecture qui la fonde n'est pas signée ({source}) : la "
        "signer dans le profil et reprendre, ou décider qu'elle ne s'applique pas",
        en=f"the customer asks for it, and the reading it rests on is not signed ({source}): sign "
        "it in the profile and retry, or decide that it does not apply",
    )
    return Attention(
        code=UNSIGNED,
        what=what,
        since=since,
        until=until,
        turn=Turn.PROVIDER,
        allowed=(DecisionKind.RETRY, DecisionKind.END),
        blocks=False,
    )


def nothing_moves(*, since: datetime, until: datetime) -> Attention:
    """Answering it starts its process again."""
    what = Said(
        fr="une échéance est passée sans qu'aucun fait n'ait été enregistré : la reprendre",
        en="a deadline passed and no fact was recorded: take it up again",
    )
    asked = _reminder(NOTHING_MOVES, what, Turn.OPERATIONS, since=since, until=until)
    return asked.model_copy(update={"allowed": (DecisionKind.RETRY,)})


def _reminder(code: str, what: Said, turn: Turn, *, since: datetime, until: datetime) -> Attention:
    """Answered by the fact it asks for, and by nothing else."""
    return Attention(
        code=code, what=what, since=since, until=until, turn=turn, allowed=(), blocks=False
    )
