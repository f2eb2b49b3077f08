"""SFR's dialect about works, visits and tests: what is read of its changes.

Milestones, halves of days and tests are numbers, days are eight figures. A code of a reason that we
do not know is kept; a number of a thing is not guessed at: the change cannot be read.
"""

import re
from datetime import date
from enum import IntEnum
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from adapters.sfr.access_messages import OuiNon, Whole, number
from adapters.sfr.messages import Happened, Milliseconds, OfOrder, Read, Word

_DAY = re.compile(r"2[01][0-9]{6}")


def _from_figures(value: object) -> date:
    if not isinstance(value, str) or _DAY.fullmatch(value) is None:
        raise ValueError("no day in eight figures")
    return date(int(value[:4]), int(value[4:6]), int(value[6:]))


Day = Annotated[date, BeforeValidator(_from_figures)]
Serial = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9/._-]{1,60}$")]


class Jalon(IntEnum):
    """How far works have come."""

    PERMISSIONS_DEMANDEES = 1
    PERMISSIONS_OBTENUES = 2
    GENIE_CIVIL = 3
    TIRAGE = 4
    RACCORDE = 5


class DemiJournee(IntEnum):
    """When technicians come."""

    MATIN = 1
    APRES_MIDI = 2


class Essai(IntEnum):
    """What is tried when an access is opened."""

    SYNCHRONISATION = 1
    DEBIT_DESCENDANT = 2
    DEBIT_MONTANT = 3
    PERTES = 4
    APPEL_ENTRANT = 5
    APPEL_SORTANT = 6


class Creneau(Read):
    id: Annotated[Word, Field(alias="creneauId")]
    jour: Day
    demi: Annotated[DemiJournee, BeforeValidator(number), Field(alias="demiJournee")]
    debut: Milliseconds
    fin: Milliseconds


class OfWorks(OfOrder):
    """What came of an order about works, a visit or an opening."""


class JalonAtteint(OfWorks):
    type: Literal["JALON_ATTEINT"]
    jalon: Annotated[Jalon, BeforeValidator(number)]
    prevu: Annotated[Day | None, Field(alias="prevuLe")] = None
    motif: Annotated[Word | None, Field(alias="codeMotif")] = None


class TravauxTermines(OfWorks):
    type: Literal["TRAVAUX_TERMINES"]
    visite: OuiNon


class TravauxArretes(OfWorks):
    type: Literal["TRAVAUX_ARRETES"]
    code: Annotated[Word, Field(alias="codeMotif")]


class CreneauxProposes(OfWorks):
    type: Literal["CRENEAUX_PROPOSES"]
    creneaux: Annotated[tuple[Creneau, ...], Field(max_length=50)]


class RdvPris(OfWorks):
    type: Literal["RDV_PRIS"]
    rdv: Annotated[Word, Field(alias="rdvId")]
    creneau: Creneau


class RdvAnnule(OfWorks):
    type: Literal["RDV_ANNULE"]


class OfVisit(Happened):
    """What becomes of a visit, by itself: it is named by its own reference."""

    rdv: Annotated[Word, Field(alias="rdvId")]


class RdvDeplace(OfVisit):
    type: Literal["RDV_DEPLACE"]
    creneau: Creneau
    code: Annotated[Word, Field(alias="codeMotif")]


class CompteRendu(Read):
    fait_le: Milliseconds
    pto: Word | None = None
    series: Annotated[tuple[Serial, ...], Field(alias="numerosSerie", max_length=50)] = ()
    photos: Annotated[tuple[Word, ...], Field(max_length=50)] = ()


class RdvHonore(OfVisit):
    type: Literal["RDV_HONORE"]
    compte_rendu: Annotated[CompteRendu, Field(alias="compteRendu")]


class RdvEchoue(OfVisit):
    type: Literal["RDV_ECHOUE"]
    code: Annotated[Word, Field(alias="codeMotif")]


class RdvManque(OfVisit):
    type: Literal["RDV_MANQUE"]
    code: Annotated[Word, Field(alias="codeMotif")]


class EssaiFait(Read):
    essai: Annotated[Essai, BeforeValidator(number)]
    resultat: Literal["OK", "KO"]
    valeur: Annotated[Whole, Field(ge=0, le=10_000_000_000)] | None = None


class AccesMisEnService(OfWorks):
    type: Literal["ACCES_MIS_EN_SERVICE"]
    essais: Annotated[tuple[EssaiFait, ...], Field(min_length=1, max_length=50)]


EvenementTravaux = Annotated[
    JalonAtteint
    | TravauxTermines
    | TravauxArretes
    | CreneauxProposes
    | RdvPris
    | RdvAnnule
    | RdvDeplace
    | RdvHonore
    | RdvEchoue
    | RdvManque
    | AccesMisEnService,
    Field(discriminator="type"),
]
