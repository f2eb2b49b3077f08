"""SFR's dialect about fixed accesses: what is read of its changes, and its numbers for things.

A stand-in of ours, documented in `dialect.yaml`. Technologies and uses are numbers, sums are whole
cents, yes and no are O and N. A code of a reason that we do not know is kept; a number of a
technology or of what is on the line is not guessed at: the change cannot be read.
"""

from enum import IntEnum
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from adapters.sfr.messages import Happened, Milliseconds, OfOrder, Read, Word


def number(value: object) -> object:
    """An enumeration of numbers would take 10.0 for 10."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("no whole number")  # noqa: TRY004  pydantic reads this one
    return value


Whole = Annotated[int, Field(strict=True)]
Kbps = Annotated[Whole, Field(ge=1, le=1_000_000_000)]
WorkingDays = Annotated[Whole, Field(ge=0, le=3_650)]
Cents = Annotated[Whole, Field(ge=0, le=10_000_000_000)]
CentsMoreOrLess = Annotated[Whole, Field(ge=-10_000_000_000, le=10_000_000_000)]
Pairs = Annotated[Whole, Field(ge=1, le=64)]
Label = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f]{1,200}$")]
OuiNon = Literal["O", "N"]


class Techno(IntEnum):
    """How a site is reached: fibre from 10, copper from 20, radio from 30."""

    FTTH = 10
    MUTUALISEE = 11
    DEDIEE = 12
    ADSL = 20
    VDSL = 21
    SDSL = 22
    MULTIPAIRES = 23
    RADIO_MOBILE = 30
    FAISCEAU_HERTZIEN = 31
    LIAISON_LOUEE = 40


class Present(IntEnum):
    """What is on the pair or socket already."""

    HAUT_DEBIT = 1
    TELEPHONE = 2
    PRESELECTION = 3
    TELEALARME = 4


class Avis(IntEnum):
    """What a study comes to."""

    FAVORABLE = 1
    DEFAVORABLE = 2
    A_REDEFINIR = 3


class Objet(IntEnum):
    """What a quote is for."""

    TRAVAUX = 1
    DESATURATION = 2


class Lieu(IntEnum):
    """Whose equipment is full."""

    RESEAU = 1
    CLIENT = 2


NumberOfTechno = Annotated[Techno, BeforeValidator(number)]


class OffreRendue(Read):
    techno: NumberOfTechno
    descendant: Annotated[Kbps, Field(alias="debitDescendantKbps")]
    montant: Annotated[Kbps, Field(alias="debitMontantKbps")]
    delai: Annotated[WorkingDays, Field(alias="delaiJoursOuvres")]
    etude: Annotated[OuiNon, Field(alias="etudeRequise")]
    paires: Annotated[Pairs | None, Field(alias="nbPaires")] = None


class NonEligible(Read):
    techno: NumberOfTechno
    code: Annotated[Word, Field(alias="codeMotif")]


class Poste(Read):
    libelle: Label
    centimes: Annotated[Cents, Field(alias="montantCentimes")]


class Devis(Read):
    id: Annotated[Word, Field(alias="devisId")]
    objet: Annotated[Objet, BeforeValidator(number)]
    postes: Annotated[tuple[Poste, ...], Field(min_length=1, max_length=50)]


class EligibiliteRendue(OfOrder):
    type: Literal["ELIGIBILITE_RENDUE"]
    offres: Annotated[tuple[OffreRendue, ...], Field(max_length=50)]
    refus: Annotated[tuple[NonEligible, ...], Field(max_length=50)]
    presents: Annotated[
        tuple[Annotated[Present, BeforeValidator(number)], ...],
        Field(alias="servicesPresents", max_length=50),
    ] = ()


class EtudeRendue(OfOrder):
    type: Literal["ETUDE_RENDUE"]
    avis: Annotated[Avis, BeforeValidator(number)]
    motif: Annotated[Word | None, Field(alias="codeMotif")] = None
    techno: NumberOfTechno | None = None
    delai: Annotated[WorkingDays | None, Field(alias="delaiJoursOuvres")] = None
    ecart: Annotated[CentsMoreOrLess | None, Field(alias="ecartFraisAccesCentimes")] = None
    devis: Devis | None = None


class AccesReserve(OfOrder):
    type: Literal["ACCES_RESERVE"]
    acces: Annotated[Word, Field(alias="accesId")]


class ReseauSature(OfOrder):
    type: Literal["RESEAU_SATURE"]
    fait_generateur: Annotated[Milliseconds, Field(alias="fait_generateur_le")]
    lieu: Annotated[Lieu, BeforeValidator(number)]
    premiere_visite: Annotated[OuiNon, Field(alias="premiereVisite")]
    devis: Devis | None = None


class DesaturationFaite(OfOrder):
    type: Literal["DESATURATION_FAITE"]


class AccesRestitue(OfOrder):
    type: Literal["ACCES_RESTITUE"]


class FournitureRetiree(Happened):
    """SFR takes back what an access stands on: no order of ours is behind it."""

    type: Literal["FOURNITURE_RETIREE"]
    code: Annotated[Word, Field(alias="codeMotif")]


class EcrasementATort(Happened):
    """What SFR kept for us was another customer's line: no order of ours is behind it."""

    type: Literal["ECRASEMENT_A_TORT"]
    code: Annotated[Word, Field(alias="codeMotif")]


class LigneRemise(OfOrder):
    """The other customer has its line again."""

    type: Literal["LIGNE_REMISE_EN_ETAT"]


EvenementAcces = Annotated[
    EligibiliteRendue
    | EtudeRendue
    | AccesReserve
    | ReseauSature
    | DesaturationFaite
    | AccesRestitue
    | FournitureRetiree
    | EcrasementATort
    | LigneRemise,
    Field(discriminator="type"),
]
