"""What a fact of a fixed access says in words: offers, dates and euros, each with its line."""

from collections.abc import Iterable

from domain import access_facts as facts
from domain.access_choice import barrier_said, offer_said
from domain.access_facts import Fee
from domain.event import Event
from domain.port_in_facts import CancellationAsked
from domain.said import Said, joined, moment_said


def told_of_an_access(event: Event) -> Said | None:
    """None where the name of the fact says it all, or it is of another kind of line."""
    return _of_its_offers(event) or _of_its_saturation(event) or _of_its_end(event)


def _of_its_offers(event: Event) -> Said | None:
    said: Iterable[Said] = ()
    match event:
        case facts.AccessOpened(stated=stated, gates=gates):
            said = (*stated, *(gate.said for gate in gates))
        case facts.EligibilityFound(operator=operator, offers=offers, barriers=barriers):
            no = (barrier_said(operator, barrier) for barrier in barriers)
            said = (*(offer_said(offer) for offer in offers), *no)
        case facts.OfferChosen(because=because):
            said = because
        case facts.ChangesBinding(said=changes):
            said = changes
        case facts.OperatorPassedOver(why=why) | facts.EligibilityAskedAgain(why=why):
            said = (why,)
        case facts.CutsListed(said=listed):
            said = (listed,)
        case facts.NothingInTheWay(because=because):
            said = (because,)
        case facts.StudyHeard(result=result):
            said = (_both(result.code or result.verdict),)
    return _one(said)


def _of_its_saturation(event: Event) -> Said | None:
    said: Iterable[Said] = ()
    match event:
        case facts.SaturationFound(said=settled):
            said = settled
        case facts.FeeOwed(fee=fee):
            said = (_fee_said(fee),)
        case facts.QuoteGiven():
            said = (_quote_said(event),)
        case facts.QuoteRefused(fees=fees):
            said = (_fee_said(fee) for fee in fees)
        case facts.SupplierWithdrew(operator=operator, code=code):
            said = (_both(f"{operator}: {code}"),)
        case facts.AccessHeld(until=until, reason=reason):
            day = moment_said(until)
            said = (Said(fr=f"{reason} : {day.fr}", en=f"{reason}: {day.en}"),)
    return _one(said)


def _of_its_end(event: Event) -> Said | None:
    said: Iterable[Said] = ()
    match event:
        case CancellationAsked(needs=needs, cost=cost):
            said = (*(() if needs is None else (needs,)), *cost)
        case facts.FeesSettled(fees=fees):
            said = (_fee_said(fee) for fee in fees)
        case facts.ServiceStarted(said=started):
            said = (started,)
        case facts.AccessEnded(why=why):
            said = (why,)
    return _one(said)


def _quote_said(given: facts.QuoteGiven) -> Said:
    quote = given.quote
    items = ", ".join(f"{line.what} {line.euros} €" for line in quote.lines)
    sums = f"{quote.reference}: {items}, {quote.total} € HT"
    if given.until is None:
        return _both(f"{sums} ({given.source})")
    until = moment_said(given.until)
    return Said(
        fr=f"{sums}, jusqu'au {until.fr} ({given.source})",
        en=f"{sums}, until {until.en} ({given.source})",
    )


def _fee_said(fee: Fee) -> Said:
    return Said(fr=f"{fee.said.fr} ({fee.source})", en=f"{fee.said.en} ({fee.source})")


def _one(said: Iterable[Said]) -> Said | None:
    every = tuple(said)
    return joined(every) if every else None


def _both(text: str) -> Said:
    return Said(fr=text, en=text)
