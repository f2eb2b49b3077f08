"""What the contract of one access says of its equipment, in the words its commands take.

What a technician puts up is named by a rule of ours. A serial number that is known already is that
piece. On a fibre of its own, the first unknown one is the operator's box at its end
(`fibre-box`); then come the pieces that were ordered and have no number yet, in their order; then
routers, each under a name of its own. The socket itself is no equipment: it stays in the wall, and
its number in the report. What is brought without having been ordered is not billed: no contract has
a word on it.
"""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from domain.access_equipment import (
    BOX,
    EquipmentDays,
    Returning,
    ReturnTerms,
    claim_on_delivery,
    equipment_billed,
    price_said,
    reserves_on_delivery,
    return_terms,
)
from domain.access_facts import Fee, Technology
from domain.access_rules import contract_of
from domain.access_stages import Access, Closed, GivingBack, InService
from domain.contract_questions import Contract
from domain.equipment_back import unasked
from domain.equipment_moves import (
    AT_CUSTOMER,
    ON_THE_WAY,
    Piece,
    at_customer,
    free_name,
    kind_of,
    moved_to,
)
from domain.port_rules import PortRules
from domain.said import joined
from domain.works_facts import (
    EquipmentAskedBack,
    EquipmentBilled,
    EquipmentMoved,
    EquipmentState,
    WorkDone,
)

ROUTER = "router"
FIBRES = frozenset({Technology.FTTH, Technology.DEDICATED_FIBRE})
"""With a box of the operator's at their end."""


# billed


def billed_by(
    rules: PortRules, access: Access | Closed, moved: EquipmentMoved
) -> EquipmentBilled | None:
    """Where the day its contract counts from has come with that move; after an end without service
    nothing is."""
    piece = moved_to(access.pieces, moved)[moved.name]
    began = _service_began(access)
    ends = isinstance(access, GivingBack) or (isinstance(access, Closed) and began is None)
    if moved.to not in AT_CUSTOMER | ON_THE_WAY or ends:
        return None
    contract, started = rules.contract(access.terms.pin), None
    if began is not None and piece.delivered is not None:
        started = max(contract.reckoning.instant_of(began).date(), piece.delivered)
    return _billed(contract, piece, started)


def _service_began(access: Access | Closed) -> datetime | None:
    if isinstance(access, Closed):
        return access.ended.service_started_at
    return access.started.started_at if isinstance(access, InService) else None


def billed_at_start(
    contract: Contract, access: Access, started: date
) -> tuple[EquipmentBilled, ...]:
    """What is there when service starts; the rest once it comes."""
    found = (_billed(contract, piece, started) for piece in at_customer(access.pieces))
    return tuple(one for one in found if one is not None)


def _billed(contract: Contract, piece: Piece, started: date | None) -> EquipmentBilled | None:
    """Once, and nothing of what nobody ordered."""
    if piece.ordered is None or piece.billed_from is not None:
        return None
    days = EquipmentDays(ordered=piece.ordered, delivered=piece.delivered, started=started)
    billing = equipment_billed(contract, days)
    if billing.on is None:
        return None
    return EquipmentBilled(
        name=piece.name,
        on=billing.on,
        because=joined((billing.said, price_said(piece.monthly, piece.once))),
        before_service=started is None or billing.on < started,
        source=contract.source("billing.equipment-from"),
        monthly=piece.monthly,
        once=piece.once,
    )


# delivered


def as_delivered(
    rules: PortRules, access: Access | Closed, moved: EquipmentMoved
) -> EquipmentMoved:
    """With what the contract makes of its reserves, and of a claim that may follow."""
    if moved.to is not EquipmentState.DELIVERED:
        return moved
    contract = rules.contract(access.terms.pin)
    slip = moved.reserves
    written = None if slip is None or slip.forgotten else slip.reveal()
    reserves = reserves_on_delivery(contract, written)
    claim = claim_on_delivery(contract, moved.on)
    return moved.model_copy(update={"said": (*reserves.said, *claim.said)})


# what a visit puts up


def installed(
    rules: PortRules, access: Access, report: WorkDone
) -> tuple[EquipmentMoved | EquipmentBilled, ...]:
    """Each piece once, whatever was said of it before."""
    contract = contract_of(rules, access)
    day = contract.reckoning.instant_of(report.done_at).date()
    found: list[EquipmentMoved | EquipmentBilled] = []
    for serial in report.serials:
        moved = _put_up(access, serial, day)
        if moved is None:
            continue
        billed = billed_by(rules, access, moved)
        found += [moved] if billed is None else [moved, billed]
        access = access.model_copy(update={"pieces": moved_to(access.pieces, moved)})
    return tuple(found)


def _put_up(access: Access, serial: str, day: date) -> EquipmentMoved | None:
    """None for what is up already."""
    known = [piece for piece in access.pieces.values() if piece.serial == serial]
    if any(piece.state is EquipmentState.INSTALLED and not piece.elsewhere for piece in known):
        return None
    there = next((one for one in known if one.elsewhere or one.state in _TO_PUT_UP), None)
    piece = there or _awaiting(access)
    name = free_name(access.pieces, _kind(access)) if piece is None else piece.name
    on = day if piece is None else max(day, piece.since)
    return EquipmentMoved(name=name, to=EquipmentState.INSTALLED, on=on, serial=serial)


_TO_PUT_UP = frozenset({*ON_THE_WAY, EquipmentState.DELIVERED})


def _kind(access: Access) -> str:
    return BOX if access.technology in FIBRES and not _boxes(access) else ROUTER


def _boxes(access: Access) -> list[Piece]:
    """One at the place before is at the end of another fibre."""
    here = (piece for piece in access.pieces.values() if not piece.elsewhere)
    return [piece for piece in here if kind_of(piece.name) == BOX]


def _awaiting(access: Access) -> Piece | None:
    """A piece without a number that is not up yet; on a fibre, its box comes first. Whether one at
    another place came along is not guessed."""
    nameless = [
        piece
        for piece in access.pieces.values()
        if piece.serial is None and piece.state in _TO_PUT_UP and not piece.elsewhere
    ]
    if _kind(access) == BOX:
        return None
    return next(iter(sorted(nameless, key=lambda piece: kind_of(piece.name) != BOX)), None)


# asked back


def asked_back(rules: PortRules, access: Access, ended: date) -> tuple[EquipmentAskedBack, ...]:
    """Of each piece that is out, as of the day it is asked back."""
    return tuple(_asked(contract_of(rules, access), access, ended))


def _asked(contract: Contract, access: Access, ended: date) -> Iterator[EquipmentAskedBack]:
    for piece in unasked(access):
        terms = _terms(contract, piece, ended)
        yield EquipmentAskedBack(name=piece.name, until=terms.until, fee=terms.fee, said=terms.said)


def _terms(
    contract: Contract, piece: Piece, ended: date, price: Decimal | None = None
) -> ReturnTerms:
    returning = Returning(name=kind_of(piece.name), ended=ended, price=price, bought=piece.bought)
    return return_terms(contract, returning)


def not_returned(
    rules: PortRules, access: Access | Closed, name: str, price: Decimal | None, at: datetime
) -> Fee | None:
    """What a piece that is not back costs, with the price that somebody gives for it."""
    piece = access.pieces.get(name)
    if piece is None or price is None:
        return None
    contract = rules.contract(access.terms.pin)
    return _terms(contract, piece, contract.reckoning.instant_of(at).date(), price).fee
