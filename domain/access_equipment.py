"""Equipment by contract: billed from which day, reserves and claims on delivery, and its return.

OKSIO's rules of reserves and claims are about SIM cards and phones (000:1161): its Internet
schedule says nothing about what is delivered under it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import cast
from unicodedata import combining, normalize

from domain.access_clauses import asks, cited, dated, joined, ours, silence, sourced
from domain.access_facts import Fee
from domain.contract_questions import Contract, as_duration
from domain.contract_values import ChoiceValue, DurationValue
from domain.said import Said, day_said

BOX = "fibre-box"
"""The operator's own, at the end of its fibre."""


# billed from


@dataclass(frozen=True, kw_only=True)
class EquipmentDays:
    ordered: date
    delivered: date | None = None
    started: date | None = None


@dataclass(frozen=True, kw_only=True)
class EquipmentBilling:
    on: date | None
    """None where the day it counts from has not come."""
    said: Said


def equipment_billed(contract: Contract, days: EquipmentDays) -> EquipmentBilling:
    """A named clause, so billing before service under it is lawful (decision 16)."""
    word = contract.choice("billing.equipment-from") or "service-start"
    on = {"order-day": days.ordered, "delivery": days.delivered}.get(word, days.started)
    what = _BILLED[word]
    said = what if on is None else dated(Said(fr=f"{what.fr},", en=f"{what.en},"), on)
    source = contract.source("billing.equipment-from")
    return EquipmentBilling(on=on, said=sourced(said, source))


_BILLED = {
    "order-day": Said(
        fr="équipement facturé depuis sa commande", en="equipment billed from the day of its order"
    ),
    "delivery": Said(
        fr="équipement facturé depuis sa livraison", en="equipment billed from its delivery"
    ),
    "service-start": Said(
        fr="équipement facturé depuis la mise en service", en="equipment billed from service start"
    ),
}


def price_said(monthly: Decimal | None, once: Decimal | None) -> Said:
    """The order form's own price of a piece: where nobody told it, none is made up."""
    sums = (*_sum_said(monthly, _MONTHLY), *_sum_said(once, _ONCE))
    return joined(sums) if sums else _NO_PRICE


def _sum_said(euros: Decimal | None, how_often: Said) -> tuple[Said, ...]:
    if euros is None:
        return ()
    amount = f"{euros:.2f} € HT"
    return (Said(fr=f"{amount} {how_often.fr}", en=f"{amount} {how_often.en}"),)


_MONTHLY = Said(fr="par mois", en="a month")
_ONCE = Said(fr="une fois", en="once")
_NO_PRICE = Said(
    fr="aucun prix n'est connu : celui du bon de commande n'a pas été donné",
    en="no price is known: the order form's own was not given",
)


# reserves and claims


class ReserveValue(StrEnum):
    """What a reserve written on a delivery slip is worth."""

    GOOD = "good"
    """Written and not a general one; a person judges whether it is precise and motivated."""
    WORTHLESS = "worthless"
    """General: « sous réserve de déballage et de contrôle » (000:1175-1176)."""
    UNRULED = "unruled"
    """The contract does not say what makes one good: it is kept as it was written."""
    NONE = "none"
    """Nothing was written."""


@dataclass(frozen=True, kw_only=True)
class Reserves:
    value: ReserveValue
    said: tuple[Said, ...]

    @property
    def because(self) -> Said:
        return joined(self.said)


def reserves_on_delivery(contract: Contract, written: str | None) -> Reserves:
    text = (written or "").strip()
    question = "delivery.reserves"
    if not text:
        return Reserves(value=ReserveValue.NONE, said=(_NO_RESERVES,))
    if not asks(contract, question) or not contract.choices(question):
        said = (silence(_NO_RULE), ours(_KEPT))
        return Reserves(value=ReserveValue.UNRULED, said=said)
    source = contract.source(question)
    if _is_general(text):
        return Reserves(value=ReserveValue.WORTHLESS, said=(sourced(_WORTHLESS, source),))
    return Reserves(value=ReserveValue.GOOD, said=(sourced(_GOOD, source),))


def _is_general(text: str) -> bool:
    """It names nothing: no fault, no piece, no number."""
    return _words(text) <= _SAYS_NOTHING


def _words(text: str) -> frozenset[str]:
    """In small letters without accents."""
    apart = normalize("NFD", text.casefold())
    bare = "".join(letter for letter in apart if not combining(letter))
    return frozenset(re.findall(r"[a-z0-9]+", bare))


_SAYS_NOTHING = _words(
    "sous toute toutes réserve réserves de du des d le la les l et ou au a avec usage usuelle "
    "usuelles déballage contrôle contrôles vérification colis contenu état général générale "
    "générales"
)
_NO_RESERVES = Said(fr="aucune réserve à la livraison", en="no reserve on delivery")
_NO_RULE = Said(
    fr="rien sur les réserves à la livraison de ces équipements",
    en="nothing about reserves on the delivery of this equipment",
)
_KEPT = Said(fr="la réserve est gardée telle quelle", en="the reserve is kept as it was written")
_WORTHLESS = Said(
    fr="réserve générale, sans valeur : elle doit être écrite, précise et motivée",
    en="a general reserve is worth nothing: it has to be written, precise and motivated",
)
_GOOD = Said(
    fr="réserve recevable, écrite au bordereau ; une personne voit si elle est précise et motivée",
    en="a reserve that can be heard, written on the slip; whether it is precise and motivated a "
    "person judges",
)


@dataclass(frozen=True, kw_only=True)
class ClaimTerms:
    until: datetime | None
    """None where the contract has no such limit."""
    heard: bool | None
    """None as long as none was sent."""
    said: tuple[Said, ...]


def claim_on_delivery(
    contract: Contract, delivered: date, *, sent_at: datetime | None = None
) -> ClaimTerms:
    """By the day it is sent: the text has it « effectuée » within the three days."""
    question = "delivery.claim"
    until = contract.after(question, delivered) if asks(contract, question) else None
    last = contract.day_after(question, delivered) if until is not None else None
    if until is None or last is None:
        return ClaimTerms(
            until=None,
            heard=None if sent_at is None else True,
            said=(silence(_NO_CLAIM), ours(_HEARD)),
        )
    by_letter = contract.choice("delivery.claim-form") == "registered-letter"
    said = (
        sourced(dated(_CLAIM, last), contract.source(question)),
        *(sourced(_LETTER, contract.source("delivery.claim-form")) for _ in range(by_letter)),
    )
    heard = None if sent_at is None else sent_at <= until
    return ClaimTerms(until=until, heard=heard, said=said)


_NO_CLAIM = Said(
    fr="aucun délai pour réclamer après la livraison de ces équipements",
    en="no time within which a claim is made about this equipment",
)
_HEARD = Said(fr="une réclamation est toujours entendue", en="a claim is always heard")
_CLAIM = Said(fr="réclamation motivée jusqu'au", en="a motivated claim, until")
_LETTER = Said(
    fr="par lettre recommandée avec accusé de réception",
    en="by registered letter with acknowledgement",
)


# its return


@dataclass(frozen=True, kw_only=True)
class ReturnReading:
    name: str
    in_force: bool
    until: datetime
    said: Said


@dataclass(frozen=True, kw_only=True)
class ReturnTerms:
    """Until when a piece is to be back, and what follows where it is not."""

    until: datetime | None
    """None where nothing is to be returned, or no contract gives a limit."""
    readings: tuple[ReturnReading, ...]
    fee: Fee | None
    """Of one that is not back by then."""
    said: tuple[Said, ...]

    @property
    def because(self) -> Said:
        return joined(self.said)


@dataclass(frozen=True, kw_only=True)
class Returning:
    """One piece at the end of its contract."""

    name: str
    ended: date
    told: date | None = None
    """The day the acknowledgement of the termination names: it comes first (002:348-350)."""
    price: Decimal | None = None
    """What that acknowledgement says it costs, without VAT."""
    bought: bool = False
    """Sold by the order form: nothing of it is to be returned (002:2526-2531)."""


def return_terms(contract: Contract, piece: Returning) -> ReturnTerms:
    if piece.bought:
        said = (sourced(_BOUGHT, cited(contract, "equipment.bought-kept")),)
        return ReturnTerms(until=None, readings=(), fee=None, said=said)
    readings = tuple(_return_readings(contract, piece))
    if piece.name == BOX and not _boxes(contract):
        return _no_limit(_NO_BOX)
    until = _until(contract, piece, readings)
    if until is None:
        return _no_limit(_NO_RETURN)
    fee = _fee(contract, piece)
    every = (
        *_told_said(contract, piece),
        *(one.said for one in readings),
        *_box_said(contract, piece),
        *_kept_said(contract),
        *(() if fee is None else (sourced(fee.said, fee.source),)),
    )
    return ReturnTerms(until=until, readings=readings, fee=fee, said=every)


def _no_limit(about: Said) -> ReturnTerms:
    said = (silence(about), ours(_ASKED_BACK))
    return ReturnTerms(until=None, readings=(), fee=None, said=said)


def _return_readings(contract: Contract, piece: Returning) -> Iterator[ReturnReading]:
    entry = contract.shelf.answer(contract.pin, "equipment.return").entry
    for reading in () if entry is None else entry.readings:
        term = as_duration(cast("DurationValue", reading.value))
        last = contract.reckoning.add(piece.ended, term)
        in_force = entry is not None and reading.name == entry.in_force
        day = day_said(last)
        held = Said(fr="", en="") if in_force else _ALSO
        said = Said(
            fr=f"à restituer au plus tard le {day.fr}, {term.said.fr} après la fin{held.fr}",
            en=f"to be back by {day.en}, {term.said.en} after the end{held.en}",
        )
        yield ReturnReading(
            name=reading.name,
            in_force=in_force,
            until=contract.reckoning.ends_at(last),
            said=sourced(said, str(reading.source)),
        )


def _until(
    contract: Contract, piece: Returning, readings: tuple[ReturnReading, ...]
) -> datetime | None:
    if piece.told is not None:
        return contract.reckoning.ends_at(piece.told)
    return next((one.until for one in readings if one.in_force), None)


def _boxes(contract: Contract) -> bool:
    question = "equipment.boxes-returned"
    return asks(contract, question) and contract.flag(question) is True


def _told_said(contract: Contract, piece: Returning) -> Iterator[Said]:
    if piece.told is not None:
        yield sourced(dated(_TOLD, piece.told), contract.source("equipment.return-set-by"))


def _box_said(contract: Contract, piece: Returning) -> Iterator[Said]:
    if piece.name == BOX:
        yield sourced(_BOX, contract.source("equipment.boxes-returned"))


def _kept_said(contract: Contract) -> Iterator[Said]:
    """Repossession is the provider's to choose: shown, never taken by itself (C4)."""
    current = contract.choice("equipment.not-returned")
    for reading in contract.readings("equipment.not-returned"):
        word = cast("ChoiceValue", reading.value).value
        if word != current:
            yield sourced(_OTHERWISE.get(word, Said(fr=word, en=word)), str(reading.source))


def _fee(contract: Contract, piece: Returning) -> Fee | None:
    """The price stands in the acknowledgement (002:348-350): without it nothing is charged."""
    if contract.choice("equipment.not-returned") != "invoiced":
        return None
    question = "equipment.boxes-returned" if piece.name == BOX else "equipment.not-returned"
    price = piece.price
    amount = _UNKNOWN if price is None else Said(fr=f"{price:.2f} € HT", en=f"{price:.2f} € HT")
    return Fee(
        head="equipment",
        euros=price,
        said=Said(
            fr=f"{piece.name} non restitué, facturé : {amount.fr}",
            en=f"{piece.name} not returned, invoiced: {amount.en}",
        ),
        source=contract.source(question),
        chargeable=price is not None and contract.may_be_charged("equipment.not-returned"),
    )


def back_late(fee: Fee) -> tuple[Said, ...]:
    """Of a piece that comes back after its invoice. What 002:2501-2504 has sold is sold by an
    option of the provider's, and that it was exercised is recorded nowhere here."""
    dropped = _NOTHING_CHARGED
    if fee.chargeable and fee.euros is not None:
        amount = f"{fee.euros:.2f} € {fee.tax}"
        dropped = Said(
            fr=f"sa facture tombe : {amount} à rendre",
            en=f"its invoice falls away: {amount} to be given back",
        )
    return (silence(_NO_WORD_ON_LATE), ours(dropped))


_NO_WORD_ON_LATE = Said(
    fr="rien sur un équipement restitué après sa facture",
    en="nothing about equipment that comes back after its invoice",
)
_NOTHING_CHARGED = Said(
    fr="sa facture tombe : rien n'avait été facturé",
    en="its invoice falls away: no sum was charged",
)
_BOUGHT = Said(
    fr="acheté par le client : rien à restituer",
    en="bought by the customer: nothing to return",
)
_NO_BOX = Said(fr="rien sur les boîtiers de fibre", en="nothing about fibre boxes")
_NO_RETURN = Said(
    fr="aucun délai pour restituer un équipement, ni prix s'il ne l'est pas",
    en="no time to return equipment, and no price where it is not",
)
_ASKED_BACK = Said(
    fr="il est redemandé, et rien n'est facturé", en="it is asked back, and nothing is charged"
)
_TOLD = Said(
    fr="date fixée par la prise en compte de la résiliation :",
    en="the day set by the acknowledgement of the termination:",
)
_BOX = Said(
    fr="les boîtiers de l'opérateur sont à restituer aussi",
    en="the operator's boxes are to be returned too",
)
_ALSO = Said(fr=", lecture conservée", en=", a reading that is kept")
_OTHERWISE = {
    "repossessed": Said(
        fr="ou repris chez le client à ses frais, au choix du prestataire",
        en="or taken back at the customer's cost, if the provider chooses",
    ),
    "invoiced": Said(fr="ou facturé", en="or invoiced"),
}
_UNKNOWN = Said(fr="montant inconnu", en="an amount nobody knows")
