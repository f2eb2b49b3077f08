"""Why a donor refuses a mobile port, what to do about it, and whether it can be sent again.

A code belongs to the scheme that defines it: the Antilles-Guyane annex is public, the metropolitan
codes are not, so a group's own table maps its codes to these causes. A code nobody knows goes to a
person and is never closed by itself (decision 30).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.said import Said

SOURCE = "GPMAG annex 4 (porting-and-access § 2.6)"


class Ground(StrEnum):
    """The closed list of the law: no other reason may refuse a port (2006-0381 art. 4)."""

    INCAPACITY = "incapacity"
    """The requester may not ask for it, or cannot prove that they may."""
    WRONG_DATA = "wrong-data"
    """The request is incomplete or wrong."""
    INACTIVE = "inactive"
    """The number is not active on the port day. A suspended one is."""
    IN_PROGRESS = "in-progress"
    """Another request for the number is under way."""


class NextStep(StrEnum):
    """What happens after a refusal."""

    CORRECT = "correct-and-send-again"
    """A person corrects the data; the request is sent again."""
    RESCHEDULE = "reschedule"
    """Only the date is wrong: another is chosen, and the request sent again."""
    OTHER_DONOR = "ask-the-actual-donor"
    """The number has moved already: its actual operator is asked."""
    WAIT = "wait-and-send-again"
    """Once the other request has ended."""
    REACTIVATE = "reactivate-and-send-again"
    """The donor reactivates the number on a justified request, then the request is sent again."""
    END = "end"
    """It cannot be ported: the customer stays, or takes a new number where the contract says so."""
    PERSON = "person-decides"
    """Nobody knows this code: a person does."""


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """One cause, in words a person understands."""

    code: str
    ground: Ground | None
    next_step: NextStep
    cause: Said
    remedy: Said

    @property
    def can_be_sent_again(self) -> bool:
        return self.next_step is not NextStep.END


def _row(
    code: str, ground: Ground, next_step: NextStep, *, cause: tuple[str, str], do: tuple[str, str]
) -> Refusal:
    return Refusal(
        code=code,
        ground=ground,
        next_step=next_step,
        cause=Said(fr=cause[0], en=cause[1]),
        remedy=Said(fr=do[0], en=do[1]),
    )


_ROWS = (
    _row(
        "R123",
        Ground.INCAPACITY,
        NextStep.CORRECT,
        cause=("RIO incorrect pour ce numéro", "the RIO is wrong for this number"),
        do=(
            "redemander le RIO au 3179 depuis la ligne, le vérifier, renvoyer",
            "ask for the RIO again at 3179 from the line, check it, send again",
        ),
    ),
    _row(
        "R210",
        Ground.WRONG_DATA,
        NextStep.CORRECT,
        cause=("demande adressée au mauvais opérateur", "the request went to the wrong operator"),
        do=(
            "vérifier l'opérateur d'après le RIO, renvoyer au bon",
            "check the operator by the RIO, send to the right one",
        ),
    ),
    _row(
        "R211",
        Ground.WRONG_DATA,
        NextStep.RESCHEDULE,
        cause=("date de traitement dépassée", "the processing date has passed"),
        do=("choisir une nouvelle date, renvoyer", "choose another date, send again"),
    ),
    _row(
        "R212",
        Ground.WRONG_DATA,
        NextStep.RESCHEDULE,
        cause=("date de portage invalide", "the port date is not valid"),
        do=(
            "choisir un jour de portage du groupe, renvoyer",
            "choose a port day of the group, send again",
        ),
    ),
    _row(
        "R213",
        Ground.WRONG_DATA,
        NextStep.CORRECT,
        cause=("trop de numéros dans la demande", "too many numbers in the request"),
        do=(
            "découper la demande selon la limite du groupe, renvoyer",
            "split the request by the group's limit, send again",
        ),
    ),
    _row(
        "R215",
        Ground.WRONG_DATA,
        NextStep.CORRECT,
        cause=("acte de portage non transmis", "the porting deed was not sent"),
        do=("transmettre l'acte signé, renvoyer", "send the signed deed, send again"),
    ),
    _row(
        "R220",
        Ground.IN_PROGRESS,
        NextStep.WAIT,
        cause=("un autre portage est en cours", "another port is under way"),
        do=(
            "demander au client lequel il veut ; attendre la fin de l'autre, renvoyer",
            "ask the customer which one is meant; wait for the other to end, send again",
        ),
    ),
    _row(
        "R221",
        Ground.WRONG_DATA,
        NextStep.END,
        cause=("numéro hors de son département", "the number is outside its department"),
        do=(
            "un numéro ne quitte pas son territoire : proposer un nouveau numéro",
            "a number does not leave its territory: offer a new one",
        ),
    ),
    _row(
        "R222",
        Ground.WRONG_DATA,
        NextStep.OTHER_DONOR,
        cause=(
            "cet opérateur n'a plus le numéro : il a déjà été porté",
            "this operator no longer has the number: it was ported before",
        ),
        do=(
            "redemander le RIO à l'opérateur actuel, lui renvoyer la demande",
            "ask the actual operator's RIO, send the request there",
        ),
    ),
    _row(
        "R322",
        Ground.INACTIVE,
        NextStep.END,
        cause=(
            "numéro résilié hors de la demande de portage",
            "the number was terminated outside the port request",
        ),
        do=(
            "le numéro ne peut plus être porté : proposer un nouveau numéro",
            "the number can no longer be ported: offer a new one",
        ),
    ),
    _row(
        "R323",
        Ground.INACTIVE,
        NextStep.REACTIVATE,
        cause=(
            "numéro résilié depuis moins de 10 jours",
            "the number was terminated less than 10 days ago",
        ),
        do=(
            "le client justifie, le donneur réactive le numéro (décision 28), renvoyer",
            "the customer justifies, the donor reactivates (decision 28), send again",
        ),
    ),
    _row(
        "R340",
        Ground.INACTIVE,
        NextStep.END,
        cause=("numéro sans contrat (fax, données)", "a number without a contract (fax, data)"),
        do=(
            "porter le numéro principal de la ligne",
            "port the main number of the line instead",
        ),
    ),
)

GPMAG_REFUSALS: Mapping[str, Refusal] = {row.code: row for row in _ROWS}


def refusal_of(code: str) -> Refusal:
    """What a donor's code means; one that nobody knows is for a person, and never ends a port."""
    known = GPMAG_REFUSALS.get(code.strip().upper())
    if known is not None:
        return known
    return Refusal(
        code=code.strip().upper(),
        ground=None,
        next_step=NextStep.PERSON,
        cause=Said(fr="motif inconnu", en="a reason nobody knows"),
        remedy=Said(
            fr="demander au donneur ce qu'il veut dire ; seuls les motifs de la loi l'autorisent",
            en="ask the donor what is meant; only the reasons of the law allow a refusal",
        ),
    )
