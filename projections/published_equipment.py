"""What others are told of the equipment of a site: where each piece is, what is billed for it."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from domain import works_facts as works
from domain.said import Said
from domain.works_facts import EquipmentState
from projections.published import Published


class EquipmentMovedV1(Published):
    TYPE = "equipment.moved"
    MEANING = "A piece of a site's equipment is in another state, whoever told it."
    piece: str
    """Its name in the access: a second router is router-2."""
    to: EquipmentState
    on: date
    serial: str | None
    bought: bool
    with_reserves: bool
    because: tuple[Said, ...]


class EquipmentBilledV1(Published):
    TYPE = "equipment.billed"
    MEANING = (
        "Billing: from which day a piece is billed, and by which clause; its own price where the "
        "order form's was told, and no sum where it was not."
    )
    piece: str
    billed_from: date
    before_service: bool
    clause: str
    monthly_ht: Decimal | None
    once_ht: Decimal | None
    because: Said


class EquipmentInvoicedV1(Published):
    TYPE = "equipment.invoiced"
    MEANING = (
        "Billing: a piece that its contract wanted back is not back; what is invoiced for it, and "
        "by which clause. Without a sum nothing may be charged yet."
    )
    piece: str
    on: date
    euros_ht: Decimal | None
    chargeable: bool
    clause: str
    because: Said


class EquipmentCreditedV1(Published):
    TYPE = "equipment.credited"
    MEANING = (
        "Billing: a piece came back after its invoice, which falls away; the sum to be given back, "
        "or none where none was charged."
    )
    piece: str
    on: date
    euros_ht: Decimal | None
    because: tuple[Said, ...]


EQUIPMENT = (EquipmentMovedV1, EquipmentBilledV1, EquipmentInvoicedV1, EquipmentCreditedV1)


def of_equipment(event: works.EquipmentMoved | works.EquipmentBilled) -> Iterator[Published]:
    if isinstance(event, works.EquipmentBilled):
        yield _billed(event)
        return
    yield _moved(event)
    yield from _invoiced(event)
    yield from _credited(event)


def _billed(event: works.EquipmentBilled) -> EquipmentBilledV1:
    return EquipmentBilledV1(
        piece=event.name,
        billed_from=event.on,
        before_service=event.before_service,
        clause=event.source,
        monthly_ht=event.monthly,
        once_ht=event.once,
        because=event.because,
    )


def _moved(event: works.EquipmentMoved) -> EquipmentMovedV1:
    """What is written on the slip is the customer's own, and goes nowhere."""
    return EquipmentMovedV1(
        piece=event.name,
        to=event.to,
        on=event.on,
        serial=event.serial,
        bought=event.bought,
        with_reserves=event.reserves is not None,
        because=event.said,
    )


def _invoiced(event: works.EquipmentMoved) -> Iterator[EquipmentInvoicedV1]:
    for fee in event.fees:
        yield EquipmentInvoicedV1(
            piece=event.name,
            on=event.on,
            euros_ht=fee.euros,
            chargeable=fee.chargeable,
            clause=fee.source,
            because=fee.said,
        )


def _credited(event: works.EquipmentMoved) -> Iterator[EquipmentCreditedV1]:
    for fee in event.given_back:
        yield EquipmentCreditedV1(
            piece=event.name,
            on=event.on,
            euros_ht=fee.euros if fee.chargeable else None,
            because=event.said,
        )
