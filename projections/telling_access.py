"""What a fact of a fixed access says in words: offers, dates and euros, each with its line."""

from collections.abc import Iterable

from domain import access_changes as changes
from domain import access_facts as facts
from domain.access_choice import barrier_said, offer_said
from domain.access_facts import Fee
from domain.event import Event
from domain.port_in_facts import CancellationAsked
from domain.said import Said, day_said, joined, moment_said


def told_of_an_access(event: Event) -> Said | None:
    """None where the name of the fact says it all, or it is of another kind of line."""
    return (
        _of_its_offers(event)
        or _of_its_saturation(event)
        or _of_a_change(event)
        or _of_its_end(event)
    )


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
            said = (both(result.code or result.verdict),)
    return one_of(said)


def _of_its_saturation(event: Event) -> Said | None:
    said: Iterable[Said] = ()
    match event:
        case facts.SaturationFound(said=settled):
            said = settled
        case facts.FeeOwed(fee=fee):
            said = (fee_said(fee),)
        case facts.QuoteGiven():
            said = (_quote_said(event),)
        case facts.QuoteRefused(fees=fees):
            said = (fee_said(fee) for fee in fees)
        case facts.SupplierWithdrew(operator=operator, code=code):
            said = (both(f"{operator}: {code}"),)
        case facts.AccessHeld(until=until, reason=reason):
            day = moment_said(until)
            said = (Said(fr=f"{reason} : {day.fr}", en=f"{reason}: {day.en}"),)
    return one_of(said)


def _of_a_change(event: Event) -> Said | None:
    said: Iterable[Said] = ()
    match event:
        case changes.AccessAmendmentAsked(change=change, needs=needs):
            said = (*_changed(change), needs)
        case changes.AccessAmended(change=change, because=because):
            said = (*_changed(change), *because)
        case changes.AccessAmendmentLapsed(why=why) | facts.SitesToldApart(why=why):
            said = (why,)
        case facts.SiteUnserved(reasons=reasons):
            said = reasons
        case facts.QuoteTold():
            said = (event.rule, *_until(event))
        case facts.DeliveryPutOff(said=put_off):
            said = (put_off,)
        case facts.WrongOverwritingTold(operator=operator, told_by=teller):
            said = (both(f"{operator}: {teller}"),)
    return one_of(said)


def _until(told: facts.QuoteTold) -> Iterable[Said]:
    if told.until is not None:
        day = moment_said(told.until)
        yield Said(fr=f"jusqu'au {day.fr} ({told.source})", en=f"until {day.en} ({told.source})")


def _changed(change: changes.AccessChange) -> Iterable[Said]:
    """Where it is to be is personal: it is said that it changes, and no more."""
    if change.place is not None:
        yield Said(fr="un autre site", en="another site")
    if change.down_kbps is not None:
        yield both(f"{change.down_kbps} kbit/s")
    if change.wished is not None:
        day = day_said(change.wished)
        yield Said(fr=f"souhaité pour le {day.fr}", en=f"wished for {day.en}")


def _of_its_end(event: Event) -> Said | None:
    said: Iterable[Said] = ()
    match event:
        case CancellationAsked(needs=needs, cost=cost):
            said = (*(() if needs is None else (needs,)), *cost)
        case facts.FeesSettled(fees=fees, said=why):
            said = (*(fee_said(fee) for fee in fees), *why)
        case facts.ServiceStarted(said=started):
            said = (started,)
        case facts.AccessEnded(why=why):
            said = (why,)
    return one_of(said)


def _quote_said(given: facts.QuoteGiven) -> Said:
    quote = given.quote
    items = ", ".join(f"{line.what} {line.euros} €" for line in quote.lines)
    sums = f"{quote.reference}: {items}, {quote.total} € HT"
    if given.until is None:
        return both(f"{sums} ({given.source})")
    until = moment_said(given.until)
    return Said(
        fr=f"{sums}, jusqu'au {until.fr} ({given.source})",
        en=f"{sums}, until {until.en} ({given.source})",
    )


def fee_said(fee: Fee) -> Said:
    return Said(fr=f"{fee.said.fr} ({fee.source})", en=f"{fee.said.en} ({fee.source})")


def one_of(said: Iterable[Said]) -> Said | None:
    """None of nothing."""
    every = tuple(said)
    return joined(every) if every else None


def both(text: str) -> Said:
    return Said(fr=text, en=text)
