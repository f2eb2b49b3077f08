"""Many lines for one donor and one day: they go on somebody's word (decision 22)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from domain.contract_questions import Contract
from domain.customer_gates import waited_until
from domain.orders import OrderedLine
from domain.port_gates import go_ahead
from domain.port_in_facts import Gate, LineTerms
from domain.port_rules import PortRules
from domain.rio import RIO, Quality
from domain.territories import ExchangeGroup


class Destination(NamedTuple):
    """What the lines of one fleet have in common."""

    group: ExchangeGroup
    receiver: str
    donor: str | None
    wished: date | None


def with_go_ahead(
    lines: Sequence[OrderedLine], *, contract: Contract, rules: PortRules, now: datetime
) -> tuple[OrderedLine, ...]:
    """Decision 22: a fleet of an enterprise goes to its donor on somebody's word."""
    fleets = _fleets(lines)
    until = waited_until(contract, now)
    gates: dict[Destination | None, Gate] = {}
    for destination, count in fleets.items():
        exchange = rules.calendar(destination.group, now.date()).rules
        if count > exchange.lines_enterprise:
            gates[destination] = go_ahead(
                count,
                destination.donor,
                exchange.lines_enterprise,
                until=until,
                source=exchange.sources["lines-enterprise"],
            )
    return tuple(
        line
        if (gate := gates.get(_destination(line))) is None
        else line.model_copy(update={"gates": (*line.gates, gate)})
        for line in lines
    )


def _fleets(lines: Sequence[OrderedLine]) -> Mapping[Destination, int]:
    """How many lines each has. A line whose RIO is to come may go to any of them; one that stays
    with its operator goes to none."""
    counted = Counter(
        where
        for line in lines
        if (where := _destination(line)) is not None and where.donor != where.receiver
    )
    return {
        destination: count
        + (counted[destination._replace(donor=None)] if destination.donor is not None else 0)
        for destination, count in counted.items()
    }


def _destination(line: OrderedLine) -> Destination | None:
    """None for what is no line of a fleet: a consumer's number, or a site."""
    terms = line.terms
    if not isinstance(terms, LineTerms) or not _is_enterprise(terms):
        return None
    return Destination(
        group=terms.group, receiver=terms.receiver, donor=terms.donor, wished=terms.wished
    )


def _is_enterprise(terms: LineTerms) -> bool:
    """By the RIO's letter; a line whose RIO is still to come is counted with the fleet."""
    rio = terms.rio
    return rio is None or RIO.parse(rio.reveal()).quality is Quality.ENTERPRISE
