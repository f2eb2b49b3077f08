"""Every code the mobile exchanges speak in, and what each one leads to.

Reasons belong to transfers, `E0…` to whole files, `E2…` and `E6…` to single tickets. The
Antilles-Guyane annex is the source (porting-and-access § 2.6); a code it does not have goes to a
person.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.refusals import GPMAG_REFUSALS, Ground, NextStep, Refusal, refusal_of
from domain.said import Said

SOURCE = "GPMAG annex 4 (porting-and-access § 2.6)"


class CodeOutcome(StrEnum):
    """What happens when a code comes in."""

    ACCEPTED = "accepted"
    """The donor agrees."""
    REFUSED = "refused"
    """The donor does not; its reason says what can be done."""
    CANCELLED = "cancelled"
    """The receiver gives the transfer up."""
    LOST = "eligibility-lost"
    """The donor takes its agreement back."""
    FILE_TAKEN = "file-taken"
    """The whole file was read; nothing more is owed for it."""
    FILE_KNOWN = "file-known"
    """They had it before: the earlier answer counts, nothing is sent again."""
    FILE_EARLIER_MISSING = "earlier-file-missing"
    """Files before it did not arrive: a person has the same bytes put down again."""
    FILE_REFUSED = "file-refused"
    """Nothing of the file was taken: a person finds out why, and has it put down again."""
    FILE_UNANSWERED = "file-unanswered"
    """No acknowledgement within the delay: nothing is sent again, a person asks."""
    TICKET_REFUSED = "ticket-refused"
    """The ticket was not taken: its transfer waits for a person who corrects it."""
    TICKET_KNOWN = "ticket-known"
    """They had the ticket before: the first one counts. It never ends a transfer."""
    PERSON = "person-decides"
    """Nobody knows this code: a person does."""


class CodeFamily(StrEnum):
    """What a code is said about."""

    REASON = "reason"
    """A transfer."""
    FILE = "file"
    """A whole file."""
    SYNTAX = "syntax"
    """How one ticket is written."""
    FUNCTION = "function"
    """What one ticket says."""
    UNKNOWN = "unknown"
    """Nobody knows."""


@dataclass(frozen=True, kw_only=True)
class ExchangeCode:
    code: str
    family: CodeFamily
    outcome: CodeOutcome
    meaning: Said


def _row(
    code: str, family: CodeFamily, outcome: CodeOutcome, meaning: tuple[str, str]
) -> ExchangeCode:
    return ExchangeCode(
        code=code, family=family, outcome=outcome, meaning=Said(fr=meaning[0], en=meaning[1])
    )


_REASONS = (
    ("A001", CodeOutcome.ACCEPTED, ("portage accepté", "the port is accepted")),
    ("C001", CodeOutcome.CANCELLED, ("annulé par le demandeur", "cancelled by the requester")),
    ("C002", CodeOutcome.LOST, ("éligibilité perdue", "eligibility lost")),
    (
        "C003",
        CodeOutcome.LOST,
        ("numéro résilié depuis moins de 10 jours", "number terminated less than 10 days ago"),
    ),
)

_FILES = (
    ("E000", CodeOutcome.FILE_TAKEN, ("fichier pris en compte", "file taken")),
    ("E001", CodeOutcome.FILE_REFUSED, ("en-tête incorrect", "wrong header")),
    ("E002", CodeOutcome.FILE_REFUSED, ("fin de fichier incorrecte", "wrong footer")),
    ("E003", CodeOutcome.FILE_REFUSED, ("opérateur inconnu", "unknown operator")),
    (
        "E004",
        CodeOutcome.FILE_REFUSED,
        ("émetteur et destinataire identiques", "source and destination are one"),
    ),
    ("E005", CodeOutcome.FILE_REFUSED, ("date incorrecte", "wrong date")),
    ("E006", CodeOutcome.FILE_REFUSED, ("nom de fichier incorrect", "wrong file name")),
    ("E007", CodeOutcome.FILE_EARLIER_MISSING, ("rupture de séquence", "a gap in the sequence")),
    ("E008", CodeOutcome.FILE_KNOWN, ("fichier déjà reçu", "file already received")),
    ("E009", CodeOutcome.FILE_REFUSED, ("fichier incomplet", "incomplete file")),
    ("E010", CodeOutcome.FILE_REFUSED, ("nombre de lignes incorrect", "wrong number of lines")),
    (
        "E011",
        CodeOutcome.FILE_UNANSWERED,
        ("accusé de réception non reçu", "no acknowledgement received"),
    ),
)

_SYNTAX = (
    ("E201", ("code de ticket inconnu", "unknown ticket code")),
    ("E202", ("ticket inattendu", "unexpected ticket")),
    ("E203", ("longueur incorrecte", "wrong length")),
    ("E204", ("type incorrect", "wrong type")),
    ("E205", ("champ obligatoire absent", "a mandatory field is missing")),
    ("E206", ("nombre de champs incorrect", "wrong number of fields")),
)

_FUNCTION = (
    ("E600", ("date de portage dépassée", "the port date has passed")),
    ("E602", ("numéro inconnu", "unknown number")),
    ("E603", ("date trop lointaine", "a date too far away")),
    ("E604", ("valeur inconnue", "unknown value")),
    ("E605", ("valeur inattendue", "unexpected value")),
    ("E606", ("valeur invalide", "invalid value")),
    ("E607", ("jour non ouvré", "not a working day")),
    ("E608", ("date dans le futur", "a date in the future")),
    ("E609", ("demande inconnue", "unknown request")),
    ("E610", ("identifiant connu, flux inattendu", "a known id in an unexpected flow")),
    ("E611", ("trop de numéros", "too many numbers")),
    ("E612", ("doublon", "a duplicate")),
    ("E613", ("numéro dans un autre dossier", "the number is in another dossier")),
    ("E614", ("numéro absent du dossier initial", "absent from the initial dossier")),
    ("E615", ("restitution invalide", "invalid restitution")),
    ("E616", ("attributaire incorrect", "wrong holder of the block")),
    ("E617", ("numéro éligible absent de la réponse", "an eligible number is not answered")),
)

_KNOWN_TICKETS = {"E610", "E612"}
"""A duplicate answered by E610 once cancelled a good port (§ 2.8.1): never again."""


def _table() -> dict[str, ExchangeCode]:
    rows = [_row(code, CodeFamily.REASON, outcome, said) for code, outcome, said in _REASONS]
    rows += [_row(code, CodeFamily.FILE, outcome, said) for code, outcome, said in _FILES]
    refused = CodeOutcome.TICKET_REFUSED
    rows += [_row(code, CodeFamily.SYNTAX, refused, said) for code, said in _SYNTAX]
    for code, said in _FUNCTION:
        outcome = CodeOutcome.TICKET_KNOWN if code in _KNOWN_TICKETS else refused
        rows.append(_row(code, CodeFamily.FUNCTION, outcome, said))
    for refusal in GPMAG_REFUSALS.values():
        meaning = (refusal.cause.fr, refusal.cause.en)
        rows.append(_row(refusal.code, CodeFamily.REASON, CodeOutcome.REFUSED, meaning))
    return {row.code: row for row in rows}


EXCHANGE_CODES: Mapping[str, ExchangeCode] = _table()


def code_of(code: str) -> ExchangeCode:
    """What a code says; one that is in no table is for a person."""
    known = EXCHANGE_CODES.get(code.strip().upper())
    if known is not None:
        return known
    return ExchangeCode(
        code=code.strip().upper(),
        family=CodeFamily.UNKNOWN,
        outcome=CodeOutcome.PERSON,
        meaning=Said(fr="code inconnu", en="a code nobody knows"),
    )


_ANOTHER_DAY = {"E600", "E603", "E607", "E608"}
"""Errors that another date mends."""


def why_refused(code: str) -> Refusal:
    """A donor's reason, or the error a request was sent back with; unknown, it is for a person."""
    known = code_of(code)
    if known.family not in {CodeFamily.SYNTAX, CodeFamily.FUNCTION}:
        return refusal_of(code)
    another_day = known.code in _ANOTHER_DAY
    remedy = (
        Said(fr="choisir une autre date, renvoyer", en="choose another date, send again")
        if another_day
        else Said(
            fr="vérifier la demande avec l'exploitation de l'échange, corriger, renvoyer",
            en="check the request with whoever runs the exchange, correct it, send again",
        )
    )
    return Refusal(
        code=known.code,
        ground=Ground.WRONG_DATA,
        next_step=NextStep.RESCHEDULE if another_day else NextStep.CORRECT,
        cause=known.meaning,
        remedy=remedy,
    )
