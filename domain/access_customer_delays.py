"""The customer who asks for a later day of service, or is not there on it (002:2375-2396).

Dedicated fibre alone has such a clause (decision 42). Both its ways to count a fee are odd, and
both are kept in the reading kinder to the customer (decision 4): the other is shown beside it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from domain.access_clauses import asks, dated, is_about, joined, ours, silence, sourced
from domain.access_costs import Cost, Ending, cost_of
from domain.access_facts import AccessPrices, Technology
from domain.access_start import BilledFrom
from domain.contract_questions import Contract
from domain.said import Said


@dataclass(frozen=True, kw_only=True)
class DelayAsked:
    """What the customer asks: another day in the place of the one that is planned."""

    asked_at: datetime
    was: date
    day: date
    first: date
    """The day of service first agreed: two months are counted from it, however often it moves."""


@dataclass(frozen=True, kw_only=True)
class DelayTerms:
    """What asking for a later day comes to."""

    day: date | None
    """None where it is later than the contract lets it be."""
    in_time: bool | None
    """None where the contract has no such term."""
    warn_until: datetime | None
    longest: date | None
    cost: Cost | None
    """Of the cancellation, which is what is left to whoever wants no sooner day."""
    said: tuple[Said, ...]


def customer_delay(
    contract: Contract, technology: Technology, asked: DelayAsked, *, prices: AccessPrices
) -> DelayTerms:
    if asked.day <= asked.was:
        return _moved(asked, ours(_NO_DELAY))
    if not _is_meant(contract, technology):
        return _moved(asked, silence(_NO_CLAUSE), ours(dated(_MOVES, asked.day)))
    until = contract.before("customer-delay.notice", asked.was)
    longest = contract.day_after("customer-delay.longest", asked.first)
    too_late = longest is not None and asked.day > longest
    cost = (
        cost_of(contract, Ending.CUSTOMER_DELAY, prices=prices, technology=technology)
        if too_late
        else None
    )
    return DelayTerms(
        day=None if too_late else asked.day,
        in_time=None if until is None else asked.asked_at <= until,
        warn_until=until,
        longest=longest,
        cost=cost,
        said=(*_warned(contract, asked, until), *_day(contract, asked, longest, cost)),
    )


def _moved(asked: DelayAsked, *said: Said) -> DelayTerms:
    return DelayTerms(
        day=asked.day, in_time=None, warn_until=None, longest=None, cost=None, said=said
    )


def _is_meant(contract: Contract, technology: Technology) -> bool:
    """A clause that says nothing of whom it is for is for every access."""
    written = contract.duration("customer-delay.notice") or contract.duration(
        "customer-delay.longest"
    )
    return written is not None and is_about(contract, "customer-delay.of", technology)


def _warned(contract: Contract, asked: DelayAsked, until: datetime | None) -> tuple[Said, ...]:
    last = contract.day_before("customer-delay.notice", asked.was)
    if until is None or last is None:
        return (silence(_NO_NOTICE),)
    what = _IN_TIME if asked.asked_at <= until else _LATE
    return (sourced(dated(what, last), contract.source("customer-delay.notice")),)


def _day(
    contract: Contract, asked: DelayAsked, longest: date | None, cost: Cost | None
) -> tuple[Said, ...]:
    if longest is None:
        return (silence(_NO_LONGEST), ours(dated(_MOVES, asked.day)))
    source = contract.source("customer-delay.longest")
    if cost is None:
        return (dated(_NEW_DAY, asked.day), sourced(dated(_LONGEST, longest), source))
    return (sourced(dated(_TOO_LATE, longest), source), *cost.said)


_NO_DELAY = Said(fr="la date demandée n'est pas plus tardive", en="the day asked for is no later")
_NO_CLAUSE = Said(
    fr="rien sur un report demandé par le client pour cet accès",
    en="nothing about a delay the customer asks for this access",
)
_MOVES = Said(fr="la date change sans frais pour le", en="the day moves at no cost to")
_NO_NOTICE = Said(fr="aucun délai pour prévenir d'un report", en="no time to warn of a delay")
_IN_TIME = Said(
    fr="le client a prévenu à temps, par courriel, jusqu'au",
    en="the customer has warned in time, by email, until",
)
_LATE = Said(
    fr="le client prévient trop tard : par courriel, c'était jusqu'au",
    en="the customer warns too late: by email, it was until",
)
_NO_LONGEST = Said(fr="aucun report le plus long", en="no longest delay")
_NEW_DAY = Said(fr="nouvelle date de mise en service, le", en="another day of service,")
_LONGEST = Said(fr="au plus tard le", en="at the latest")
_TOO_LATE = Said(
    fr="la date demandée dépasse le plus long report, qui va jusqu'au",
    en="the day asked for is beyond the longest delay, which runs until",
)


# what the delay costs


class DelayCause(StrEnum):
    """Why the monthly fee runs before service."""

    UNWARNED = "unwarned"
    """The customer did not warn in time."""
    MISSED_AGAIN = "missed-again"
    """The new day was missed too."""


@dataclass(frozen=True, kw_only=True)
class FeeFromReading:
    """One way to read from which day the monthly fee runs."""

    name: str
    in_force: bool
    billed_from: date
    said: Said


@dataclass(frozen=True, kw_only=True)
class DelayFee:
    """From when the monthly fee runs, and when its first is to be paid."""

    due_on: date | None
    readings: tuple[FeeFromReading, ...]
    billed: BilledFrom | None
    """None where no clause has it run before service."""
    said: tuple[Said, ...]

    @property
    def because(self) -> Said:
        return joined(self.said)


def delay_fee(
    contract: Contract,
    technology: Technology,
    cause: DelayCause,
    *,
    day: date,
    first: date | None = None,
) -> DelayFee:
    """`day` is the day that was agreed for one who did not warn, the new day for one who missed it.
    `first` is the one agreed before any delay, where that is another: « initialement convenue »
    may be either (002:2395-2396), and the later is in force."""
    question = _QUESTIONS[cause]
    meant = asks(contract, question) and is_about(contract, "customer-delay.of", technology)
    if not meant or contract.duration(question) is None:
        said = (silence(_NO_FEE), ours(_NOTHING_RUNS))
        return DelayFee(due_on=None, readings=(), billed=None, said=said)
    source = contract.source(question)
    due_on = _due_on(contract, cause, day)
    readings = tuple(_readings(cause, day=day, due_on=due_on, source=source))
    if first is not None and first < day:
        readings = tuple(_since_the_first(readings, first, source=source))
    current = next(one for one in readings if one.in_force)
    return DelayFee(
        due_on=due_on,
        readings=readings,
        billed=BilledFrom(on=current.billed_from, said=current.said, source=source),
        said=(*(one.said for one in readings), sourced(_ODD[cause], source)),
    )


def _since_the_first(
    readings: tuple[FeeFromReading, ...], first: date, *, source: str
) -> Iterator[FeeFromReading]:
    """Of a second delay: whoever had warned of the one before had it at no cost."""
    current, *others = readings
    said = sourced(dated(_RUNS_FROM_LAST, current.billed_from), source)
    yield replace(current, name="day-it-replaces", said=said)
    yield from others
    kept = sourced(dated(_KEPT, first), source)
    yield FeeFromReading(name="first-day", in_force=False, billed_from=first, said=kept)


def _due_on(contract: Contract, cause: DelayCause, day: date) -> date:
    question = _QUESTIONS[cause]
    counted = contract.day_before if cause is DelayCause.UNWARNED else contract.day_after
    return counted(question, day) or day


def _readings(
    cause: DelayCause, *, day: date, due_on: date, source: str
) -> tuple[FeeFromReading, ...]:
    """The later of the two days is in force: nobody pays for a time that is not yet lost."""
    names = _NAMES[cause]
    later, earlier = sorted((day, due_on), reverse=True)
    return (
        FeeFromReading(
            name=names[0],
            in_force=True,
            billed_from=later,
            said=sourced(dated(_RUNS[cause], later), source),
        ),
        FeeFromReading(
            name=names[1],
            in_force=False,
            billed_from=earlier,
            said=sourced(dated(_KEPT, earlier), source),
        ),
    )


_QUESTIONS = {
    DelayCause.UNWARNED: "customer-delay.fee-unwarned",
    DelayCause.MISSED_AGAIN: "customer-delay.fee-from",
}
_NAMES = {
    DelayCause.UNWARNED: ("first-day", "days-before-it"),
    DelayCause.MISSED_AGAIN: ("days-after-it", "new-day"),
}
_RUNS = {
    DelayCause.UNWARNED: Said(
        fr="report non annoncé à temps : abonnement facturé depuis la date initialement convenue, "
        "le",
        en="a delay not announced in time: the monthly fee runs from the day first agreed,",
    ),
    DelayCause.MISSED_AGAIN: Said(
        fr="nouvelle date non respectée : abonnement facturé depuis le",
        en="the new day was missed: the monthly fee runs from",
    ),
}
_RUNS_FROM_LAST = Said(
    fr="nouveau report non annoncé à temps : abonnement facturé depuis la date convenue avant lui, "
    "le",
    en="a further delay not announced in time: the monthly fee runs from the day agreed before it,",
)
_KEPT = Said(
    fr="lecture conservée, la moins favorable au client : depuis le",
    en="a reading that is kept, less kind to the customer: from",
)
_ODD = {
    DelayCause.UNWARNED: Said(
        fr="le texte la dit due avant la date même qui sera manquée : payable d'avance, elle n'est "
        "exigée qu'une fois le retard connu",
        en="the text has it due before the very day that will be missed: payable in advance, it is "
        "asked for once the delay is known",
    ),
    DelayCause.MISSED_AGAIN: Said(
        fr="« dans un délai de » ne dit pas si elle court de la date ou de la fin du délai",
        en="« dans un délai de » does not say whether it runs from the day or from the delay's end",
    ),
}
_NO_FEE = Said(
    fr="rien n'est dû pour un report de cet accès",
    en="nothing is said to be owed for a delay of this access",
)
_NOTHING_RUNS = Said(
    fr="l'abonnement ne court pas avant la mise en service",
    en="the monthly fee does not run before service",
)
