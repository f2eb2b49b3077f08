"""What is told of an access's equipment, and what its end asks back."""

from datetime import date

from domain import works_facts as fields
from domain.access_commands import AccessCommand
from domain.access_facts import Fee


class MoveEquipment(AccessCommand):
    """One piece was ordered, sent, delivered, put up, sent back, or is invoiced."""

    by: str
    moved: fields.EquipmentMoved
    ordered_on: date
    """The day of the order of the access: nothing came before it."""
    today: date
    billed: fields.EquipmentBilled | None = None
    """Where its contract bills it from now on."""
    fee: Fee | None = None
    """Of one that is not returned, with the price that was given."""


class AskEquipmentBack(AccessCommand):
    """An end has begun: what its contract says of each piece that is out."""

    asked: tuple[fields.EquipmentAskedBack, ...]
    today: date
