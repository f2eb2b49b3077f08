"""SFR's dialect: what is read of its answers, and the words they are made of.

A stand-in of ours, documented in `dialect.yaml`: the operator's own interface is not public. Fields
we do not know are SFR's own business; those we know are what they should be, or nothing is read.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

BYTES_MAX = 64 * 1024
"""More than any document of this dialect needs. A default of ours."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_YEARS = range(2000, 2200)


class UnreadableAnswerError(ValueError):
    """Not an answer of this dialect."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """What SFR answered, unread: it may hold a number."""

    status: int
    content: bytes = field(repr=False)
    media_type: str = ""


def _of_our_time(moment: datetime) -> datetime:
    if moment.year not in _YEARS:
        raise ValueError("in no year of ours")
    return moment


def _from_milliseconds(value: object) -> datetime:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("no whole number of milliseconds")  # noqa: TRY004  pydantic reads this one
    try:
        return _EPOCH + timedelta(milliseconds=value)
    except OverflowError as exc:
        raise ValueError("in no year of ours") from exc


def milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def _written(value: object) -> object:
    """A bare number is a time to pydantic: it is none here."""
    if not isinstance(value, str) or "T" not in value:
        raise ValueError("no instant as it is written here")
    return value


Word = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,100}$")]
Number = Annotated[str, StringConstraints(pattern=r"^0[0-9]{9}$")]
Rio = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}[PE][A-Z0-9]{6}[A-Z0-9+]{3}$")]
Milliseconds = Annotated[
    datetime, BeforeValidator(_from_milliseconds), AfterValidator(_of_our_time)
]
Offset = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_of_our_time)]


class Nature(StrEnum):
    """What an order is for."""

    CARD = "RESERVATION_SIM"
    PROFILE = "RESERVATION_ESIM"
    PORTED = "ACTIVATION_PORTAGE"
    NEW = "ACTIVATION_NUMERO_NEUF"
    END = "RESILIATION"
    SUSPEND = "SUSPENSION"
    RESUME = "REMISE_EN_SERVICE"
    WITHDRAW = "ANNULATION"
    CHECK = "ELIGIBILITE"
    STUDY = "ETUDE"
    RESERVE = "RESERVATION_ACCES"
    DESATURATE = "DESATURATION"
    BUILD = "TRAVAUX"
    SLOTS = "CRENEAUX"
    VISIT = "RENDEZ_VOUS"
    CANCEL_VISIT = "ANNULATION_RDV"
    COMMISSION = "MISE_EN_SERVICE"
    GIVE_BACK = "RESTITUTION_ACCES"
    PUT_BACK = "REMISE_EN_ETAT"


class Read(BaseModel):
    """What SFR sends is never shown: a number or a RIO may be in it."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    __str__ = __repr__


class Jeton(Read):
    access_token: Annotated[str, StringConstraints(pattern=r"^[!-~]{1,4096}$")]
    expires_in: Annotated[int, Field(ge=1, le=86_400)]


class Rejet(Read):
    """A definite no."""

    code_rejet: Annotated[Word, Field(alias="codeRejet")]


class Enregistree(Read):
    commande: Annotated[Word, Field(alias="commandeId")]
    cle: Annotated[Word, Field(alias="cleUnique")]


# what has come of an order


class Happened(Read):
    id: Annotated[Word, Field(alias="idEvenement")]
    at: Annotated[Milliseconds, Field(alias="survenu_le")]


class OfOrder(Happened):
    """Something that came of an order, under its key."""

    cle: Annotated[Word, Field(alias="cleUnique")]


class SimPrete(OfOrder):
    type: Literal["SIM_PRETE"]
    ligne: Annotated[Word, Field(alias="ligneId")]


class Coupure(Read):
    debut: Offset
    fin: Offset


class LigneBasculee(OfOrder):
    type: Literal["LIGNE_BASCULEE"]
    coupure: Coupure
    sim_active_le: Offset


class NumeroAttribue(OfOrder):
    type: Literal["NUMERO_ATTRIBUE"]
    ligne: Annotated[Word, Field(alias="ligneId")]
    numero_mobile: Number


class LigneResiliee(OfOrder):
    type: Literal["LIGNE_RESILIEE"]


class LigneSuspendue(OfOrder):
    type: Literal["LIGNE_SUSPENDUE"]


class LigneRetablie(OfOrder):
    type: Literal["LIGNE_RETABLIE"]


class CommandeAnnulee(OfOrder):
    type: Literal["COMMANDE_ANNULEE"]
    cle_annulee: Word


class CommandeRejetee(OfOrder):
    type: Literal["COMMANDE_REJETEE"]
    nature: Nature
    code_rejet: Annotated[Word, Field(alias="codeRejet")]


Evenement = Annotated[
    SimPrete
    | LigneBasculee
    | NumeroAttribue
    | LigneResiliee
    | LigneSuspendue
    | LigneRetablie
    | CommandeAnnulee
    | CommandeRejetee,
    Field(discriminator="type"),
]


class Statut(StrEnum):
    """Where an order is."""

    ENREGISTREE = "ENREGISTREE"
    EN_COURS = "EN_COURS"
    TERMINEE = "TERMINEE"
    REJETEE = "REJETEE"
    ANNULEE = "ANNULEE"


class Commande(Read):
    commande: Annotated[Word, Field(alias="commandeId")]
    cle: Annotated[Word, Field(alias="cleUnique")]
    statut: Statut
    code_rejet: Annotated[Word | None, Field(alias="codeRejet")] = None
    evenement: dict[str, Any] | None = None


class Inconnue(Read):
    """SFR says that it has no such order: nothing else says so."""

    code_rejet: Annotated[Literal["COMMANDE_INCONNUE"], Field(alias="codeRejet")]


# what is asked about numbers and lines


class EtatNumero(Read):
    etat: Literal["EN_SERVICE", "SUSPENDU", "HORS_SERVICE"]


class EssaiReussi(Read):
    resultat: Literal["OK"]
    reference: Annotated[Word, Field(alias="refEssai")]


class EssaiRate(Read):
    resultat: Literal["KO"]
    code: Annotated[Word, Field(alias="codeDefaut")]


Essai = Annotated[EssaiReussi | EssaiRate, Field(discriminator="resultat")]


class Identite(Read):
    rio: Rio


class Situation(Read):
    situation: Literal["RESERVEE", "ACTIVE", "SUSPENDUE", "RESILIEE"]


# what is polled


class Page(Read):
    """The items one by one: one that cannot be read does not hide those behind it."""

    changements: tuple[Any, ...]
    marque: Word | None = None
    """Of the last of them."""


class Marked(Read):
    marque: Word


class Item(Marked):
    """What can be kept of a change before anybody understands it."""

    evenement: dict[str, Any]


class Named(Read):
    id: Annotated[Word, Field(alias="idEvenement")]
    ref_client: Annotated[
        str,
        Field(alias="refClient"),
        StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"),
    ]
