"""From when a customer may leave because delivery takes too long (decision 41)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from domain.access_clauses import silence
from domain.contract_profiles import Reading
from domain.contract_questions import Contract, as_duration
from domain.contract_values import ChoiceValue, DurationValue
from domain.delay_facts import MayLeave
from domain.said import Said, day_said

_DELAY, _SCOPE = "cancel.long-delay", "cancel.long-delay-scope"


@dataclass(frozen=True, kw_only=True)
class LeaveReading:
    """One way to count the delay."""

    name: str
    in_force: bool
    leaves_from: datetime | None
    """None where the day it is counted from is not known."""
    said: Said
    source: str


@dataclass(frozen=True, kw_only=True)
class LongDelay:
    leaves_from: datetime | None
    """By the readings in force; None where there is no such right, or not for a delivery."""
    readings: tuple[LeaveReading, ...]
    said: tuple[Said, ...]


def long_delay(contract: Contract, *, ordered_on: date, planned_on: date | None) -> LongDelay:
    """Both readings of what is counted, and both of what deliveries it is for."""
    entry = contract.shelf.answer(contract.pin, _DELAY).entry
    if entry is None:
        return LongDelay(leaves_from=None, readings=(), said=(silence(_NO_RIGHT),))
    anchors = {"order": ordered_on, "planned-delivery": planned_on}
    readings = tuple(
        _reading(contract, one, anchors, in_force=one.name == entry.in_force)
        for one in entry.readings
    )
    current = next(one for one in readings if one.in_force)
    migration_only = contract.choice(_SCOPE) == "migration-only"
    return LongDelay(
        leaves_from=None if migration_only else current.leaves_from,
        readings=readings,
        said=(*(one.said for one in readings), *_scopes(contract)),
    )


def right_to_leave(contract: Contract, ordered_on: date) -> MayLeave | None:
    """Where the delay is counted from the order, so that its day is known from then on. One that is
    counted from the planned day moves with it, and arises by no fact of its own."""
    delay = long_delay(contract, ordered_on=ordered_on, planned_on=None)
    since = delay.leaves_from
    if since is None:
        return None
    source = next(one.source for one in delay.readings if one.in_force)
    return MayLeave(since=since, source=source, said=delay.said)


def _reading(
    contract: Contract, reading: Reading, anchors: Mapping[str, date | None], *, in_force: bool
) -> LeaveReading:
    value, source = cast("DurationValue", reading.value), str(reading.source)
    term, anchor = as_duration(value), anchors.get(value.anchor)
    what = _FROM.get(value.anchor, Said(fr=value.anchor, en=value.anchor))
    counted = Said(fr=f"{term.said.fr} depuis {what.fr}", en=f"{term.said.en} from {what.en}")
    if anchor is None:
        said = Said(
            fr=f"le client peut partir après {counted.fr}, pas encore connue ({source})",
            en=f"the customer may leave after {counted.en}, not known yet ({source})",
        )
        return LeaveReading(
            name=reading.name, in_force=in_force, leaves_from=None, said=said, source=source
        )
    last = contract.reckoning.add(anchor, term)
    day = day_said(last)
    return LeaveReading(
        name=reading.name,
        in_force=in_force,
        leaves_from=contract.reckoning.ends_at(last),
        said=Said(
            fr=f"le client peut partir après le {day.fr}, {counted.fr} ({source})",
            en=f"the customer may leave after {day.en}, {counted.en} ({source})",
        ),
        source=source,
    )


def _scopes(contract: Contract) -> Iterator[Said]:
    current = contract.choice(_SCOPE)
    for reading in contract.readings(_SCOPE):
        value = cast("ChoiceValue", reading.value).value
        what, held = _SCOPES[value], _IN_FORCE if value == current else _KEPT
        yield Said(
            fr=f"{what.fr} ({reading.source}){held.fr}", en=f"{what.en} ({reading.source}){held.en}"
        )


_FROM = {
    "order": Said(fr="la commande", en="the order"),
    "planned-delivery": Said(fr="la date de livraison prévue", en="the planned day of delivery"),
}
_SCOPES = {
    "any-delivery": Said(fr="pour toute livraison", en="for any delivery"),
    "migration-only": Said(fr="pour une migration seulement", en="for a migration only"),
}
_IN_FORCE = Said(fr=", en vigueur (décision 41)", en=", in force (decision 41)")
_KEPT = Said(fr=", lecture conservée", en=", a reading that is kept")
_NO_RIGHT = Said(
    fr="aucun droit de partir après un long retard", en="no right to leave after a long delay"
)
