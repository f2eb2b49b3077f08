"""What a customer is told of the equipment of a site: on its way, asked back, invoiced.

Pieces of one command are told together, by the first of their facts.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import cast

from domain import works_facts as fields
from domain.access_clauses import asks
from domain.access_equipment import BOX
from domain.access_facts import Fee, Tax
from domain.access_stages import Access, GivingBack
from domain.contract_questions import Contract, as_duration
from domain.equipment_moves import kind_of
from domain.event import Event
from domain.notice_around import Around, Told
from domain.notice_visit_words import BY_CONTRACT
from domain.notice_words import placed
from domain.notices import NoticePurpose
from domain.parsed import BadValueError
from domain.said import Said, day_said, joined
from domain.works_facts import EquipmentState

EQUIPMENT_FACTS: Mapping[NoticePurpose, frozenset[str]] = {
    NoticePurpose.SITE_EQUIPMENT_SENT: frozenset({"piece", "check", "claim"}),
    NoticePurpose.SITE_EQUIPMENT_BACK: frozenset({"pieces", "otherwise"}),
    NoticePurpose.SITE_EQUIPMENT_INVOICED: frozenset({"pieces"}),
}


def moved_told(event: fields.EquipmentMoved, state: Access, around: Around) -> Told | None:
    """Nothing of an order, of what a technician puts up before the customer's eyes, or of what has
    come back."""
    if event.to is EquipmentState.INVOICED:
        return _invoiced(event, state, around)
    if event.to not in _SENT or isinstance(state, GivingBack):
        return None
    when, day = _SENT[event.to], day_said(event.on)
    piece = _named(event.name, state, event.serial)
    words = {
        "piece": Said(fr=f"{piece.fr}, {when.fr} le {day.fr}", en=f"{piece.en}, {when.en} {day.en}")
    }
    try:
        contract = around.rules.contract(state.terms.pin)
        words |= _on_arrival(contract, event)
    except BadValueError:
        words |= {"check": _checked(event), "claim": BY_CONTRACT}
    return NoticePurpose.SITE_EQUIPMENT_SENT, words


_SENT: Mapping[EquipmentState, Said] = {
    EquipmentState.SHIPPED: Said(fr="expédition", en="shipped on"),
    EquipmentState.DELIVERED: Said(fr="livraison", en="delivered on"),
}


# what it is called


def _named(name: str, state: Access, serial: str | None = None) -> Said:
    """By what it is, in words of ours, and its own number where that is known: "router 2 (serial
    RTR-204)"."""
    kind, piece = kind_of(name), state.pieces.get(name)
    what = _KINDS.get(kind, _A_PIECE)
    place = name.removeprefix(kind).replace("-", " ")
    known = serial or (None if piece is None else piece.serial)
    number = (
        Said(fr="", en="")
        if known is None
        else Said(fr=f" (n° de série {known})", en=f" (serial {known})")
    )
    return Said(fr=f"{what.fr}{place}{number.fr}", en=f"{what.en}{place}{number.en}")


_KINDS: Mapping[str, Said] = {
    "router": Said(fr="routeur", en="router"),
    "modem": Said(fr="modem", en="modem"),
    "antenna": Said(fr="antenne", en="antenna"),
    "phone": Said(fr="téléphone", en="phone"),
    "switch": Said(fr="commutateur", en="switch"),
    BOX: Said(fr="boîtier de fibre", en="fibre box"),
}
_A_PIECE = Said(fr="équipement", en="piece of equipment")


# on its way, and there


def _on_arrival(contract: Contract, event: fields.EquipmentMoved) -> dict[str, Said]:
    """What the contract makes of reserves and claims, or that it says nothing of them."""
    check = _checked(event)
    strict = asks(contract, _RESERVES) and bool(contract.choices(_RESERVES))
    if strict and event.to is EquipmentState.SHIPPED:
        check = joined((check, _PRECISELY))
    asked = [one for one in (_RESERVES, _CLAIM, _FORM) if asks(contract, one)]
    places = [_as_said(contract.source(one)) for one in asked]
    return {"check": check, "claim": placed(_claim(contract, event), places)}


_RESERVES, _CLAIM, _FORM = "delivery.reserves", "delivery.claim", "delivery.claim-form"


def _checked(event: fields.EquipmentMoved) -> Said:
    if event.to is EquipmentState.SHIPPED:
        return _LOOK
    return _NO_RESERVES if event.reserves is None else _RESERVES_KEPT


def _claim(contract: Contract, event: fields.EquipmentMoved) -> Said:
    term = contract.duration(_CLAIM) if asks(contract, _CLAIM) else None
    if term is None:
        return _ALWAYS_HEARD
    if event.to is EquipmentState.SHIPPED:
        wait = as_duration(term).said
        said = Said(
            fr=f"une réclamation motivée est entendue pendant {wait.fr} après la livraison",
            en=f"a claim with its reasons is heard for {wait.en} after delivery",
        )
    else:
        said = _until(contract, event.on)
    if contract.choice(_FORM) != "registered-letter":
        return said
    return Said(
        fr=f"{said.fr}, par lettre recommandée avec accusé de réception",
        en=f"{said.en}, by registered letter with acknowledgement",
    )


def _until(contract: Contract, delivered: date) -> Said:
    day = day_said(cast("date", contract.day_after(_CLAIM, delivered)))
    return Said(
        fr=f"une réclamation motivée est entendue jusqu'au {day.fr}",
        en=f"a claim with its reasons is heard until {day.en}",
    )


_LOOK = Said(
    fr="à l'arrivée, ouvrez et comparez avec le bon de livraison : ce qui manque ou est abîmé s'y "
    "écrit, précisément",
    en="on arrival, open it and compare it with the delivery slip: what is missing or damaged is "
    "written there, precisely",
)
_PRECISELY = Said(
    fr="une réserve générale n'a aucune valeur", en="a general reserve is worth nothing"
)
_NO_RESERVES = Said(
    fr="aucune réserve n'a été notée à la livraison : dites-nous tout de suite ce qui manque, ou "
    "est abîmé",
    en="no reserve was noted on delivery: tell us at once what is missing or damaged",
)
_RESERVES_KEPT = Said(
    fr="les réserves écrites sur le bon de livraison sont gardées telles quelles",
    en="the reserves written on the delivery slip are kept as they are",
)
_ALWAYS_HEARD = Said(
    fr="votre contrat ne fixe aucun délai pour réclamer, et nous vous entendons toujours",
    en="your contract sets no time for a claim, and we always hear yours",
)


# asked back


def back_told(event: fields.EquipmentAskedBack, state: Access, around: Around) -> Told | None:
    if any(isinstance(one, fields.EquipmentAskedBack) for one in around.beside):
        return None
    every = (event, *(one for one in around.after if isinstance(one, fields.EquipmentAskedBack)))
    pieces = joined(_to_return(one, state, around) for one in every)
    words = {
        "pieces": placed(pieces, _reasons(every)),
        "otherwise": _otherwise(every, state),
    }
    return NoticePurpose.SITE_EQUIPMENT_BACK, words


def _reasons(every: Iterable[fields.EquipmentAskedBack]) -> Iterator[Said]:
    for one in every:
        yield from one.said
        if one.fee is not None:
            yield _as_said(one.fee.source)


def _as_said(source: str) -> Said:
    return Said(fr=source, en=source)


def _to_return(asked: fields.EquipmentAskedBack, state: Access, around: Around) -> Said:
    piece = _named(asked.name, state)
    if state.pieces[asked.name].bought:
        what = _YOURS
    elif asked.until is None:
        what = _NO_LIMIT
    else:
        day = day_said(around.last_day(asked.until))
        what = Said(fr=f"à rendre au plus tard le {day.fr}", en=f"to be back by {day.en}")
    return Said(fr=f"{piece.fr} : {what.fr}", en=f"{piece.en}: {what.en}")


def _otherwise(every: Iterable[fields.EquipmentAskedBack], state: Access) -> Said:
    """What follows where it does not come back: with its price, or that none is named."""
    wanted = [one for one in every if not state.pieces[one.name].bought]
    if not wanted:
        return _NOTHING_BACK
    priced = [(one.name, one.fee) for one in wanted if one.fee is not None]
    if not priced:
        return _NO_FEE
    if all(fee.euros is None for _, fee in priced):
        return _NO_PRICE
    return joined((_MAY_BE, *(_sum(_named(name, state), fee) for name, fee in priced)))


def _sum(piece: Said, fee: Fee) -> Said:
    euros = _euros(fee.euros, fee.tax)
    sure = Said(fr="", en="") if fee.chargeable or fee.euros is None else _NOT_AS_IT_STANDS
    return Said(fr=f"{piece.fr} : {euros.fr}{sure.fr}", en=f"{piece.en}: {euros.en}{sure.en}")


def _euros(euros: Decimal | None, tax: Tax) -> Said:
    if euros is None:
        return _UNPRICED
    net = tax is Tax.HT
    return Said(
        fr=f"{euros:.2f} € {'HT' if net else 'TTC'}",
        en=f"{euros:.2f} € {'without' if net else 'with'} VAT",
    )


_YOURS = Said(fr="c'est le vôtre, rien à rendre", en="it is yours, nothing to return")
_NO_LIMIT = Said(
    fr="à rendre, votre contrat ne fixe pas de délai",
    en="to be returned, your contract sets no time for it",
)
_NOTHING_BACK = Said(fr="rien d'autre ne vous est demandé", en="nothing else is asked of you")
_NO_FEE = Said(
    fr="votre contrat ne fixe aucun prix pour ce qui n'est pas rendu, et rien n'en est facturé",
    en="your contract names no price for what is not returned, and nothing of it is charged",
)
_MAY_BE = Said(
    fr="ce qui n'est pas rendu à temps peut vous être facturé",
    en="what is not back in time may be invoiced to you",
)
_NO_PRICE = Said(
    fr="ce qui n'est pas rendu à temps peut vous être facturé ; aucun prix n'est nommé pour "
    "l'instant, et rien n'est facturé sans prix",
    en="what is not back in time may be invoiced to you; no price is named for now, and nothing is "
    "charged without one",
)
_UNPRICED = Said(
    fr="aucun prix n'est nommé, et rien n'est facturé sans prix",
    en="no price is named, and nothing is charged without one",
)
_NOT_AS_IT_STANDS = Said(
    fr=", et rien n'en est facturé en l'état", en=", and nothing of it is charged as it stands"
)


# invoiced


def _invoiced(event: fields.EquipmentMoved, state: Access, around: Around) -> Told | None:
    if any(_is_invoice(one) for one in around.beside):
        return None
    after = [one for one in around.after if isinstance(one, fields.EquipmentMoved)]
    every = (event, *(one for one in after if _is_invoice(one)))
    pieces = joined(_priced(one, state) for one in every)
    places = (_as_said(fee.source) for one in every for fee in one.fees)
    return NoticePurpose.SITE_EQUIPMENT_INVOICED, {"pieces": placed(pieces, places)}


def _priced(moved: fields.EquipmentMoved, state: Access) -> Said:
    piece = _named(moved.name, state)
    if not moved.fees:
        return Said(fr=f"{piece.fr} : {_UNPRICED.fr}", en=f"{piece.en}: {_UNPRICED.en}")
    return joined(_sum(piece, fee) for fee in moved.fees)


def _is_invoice(event: Event) -> bool:
    return isinstance(event, fields.EquipmentMoved) and event.to is EquipmentState.INVOICED
