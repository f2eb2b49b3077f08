"""What works, visits, openings and equipment say in words: the day, the clause, who pays."""

from collections.abc import Iterable
from datetime import date, datetime

from domain import visit_facts as ends
from domain import works_facts as fields
from domain.access_clauses import dated
from domain.access_equipment import price_said
from domain.access_failures import NEXT_SAID
from domain.equipment_moves import STATES_FR
from domain.event import Event
from domain.hours import as_local
from domain.said import Said, day_said
from domain.territories import Territory, time_zone_of
from domain.works_attention import CAME_OF_SAID, slot_said
from projections.telling_access import both, fee_said, one_of


def told_of_works(event: Event) -> Said | None:
    """None where the name of the fact says it all, or it is about something else."""
    said = (
        _of_works(event)
        or _of_booking(event)
        or _of_a_visit(event)
        or _of_what_was_said(event)
        or _of_the_start(event)
        or _of_acceptance(event)
        or _of_the_site(event)
    )
    return one_of(said)


# works


def _of_works(event: Event) -> tuple[Said, ...]:
    match event:
        case fields.MilestonePassed(milestone=milestone, passed_at=passed_at):
            return (_passed(MILESTONES_SAID[milestone], passed_at), *_expected(event))
        case fields.WorksFinished(visit=visit):
            return (_A_VISIT if visit else _NO_VISIT,)
        case fields.WorksStopped(because=because, code=code):
            return (because, both(code))
        case fields.LeadFollowed(after=after):
            return (NEXT_SAID[after],)
        case _:
            return ()


def _passed(milestone: Said, at: datetime) -> Said:
    """Sites are in metropolitan France."""
    day = day_said(as_local(at, time_zone_of(Territory.METROPOLE)).date())
    return Said(fr=f"{milestone.fr}, le {day.fr}", en=f"{milestone.en}, on {day.en}")


def _expected(passed: fields.MilestonePassed) -> Iterable[Said]:
    if passed.expected is not None:
        why = "" if passed.code is None else f" ({passed.code})"
        day = day_said(passed.expected)
        yield Said(
            fr=f"fin des travaux attendue le {day.fr}{why}",
            en=f"the end of the works is expected on {day.en}{why}",
        )


MILESTONES_SAID = {
    fields.Milestone.PERMITS_ASKED: Said(fr="autorisations demandées", en="permissions asked for"),
    fields.Milestone.PERMITS_GRANTED: Said(fr="autorisations obtenues", en="permissions granted"),
    fields.Milestone.CIVIL_WORKS: Said(fr="génie civil", en="civil works"),
    fields.Milestone.CABLING: Said(fr="câblage", en="cabling"),
    fields.Milestone.CONNECTED: Said(fr="raccordé au réseau", en="connected to the network"),
}
_A_VISIT = Said(fr="un technicien doit venir au site", en="a technician has to come to the site")
_NO_VISIT = Said(fr="personne n'a à venir au site", en="nobody has to come to the site")


# visits


def _of_booking(event: Event) -> tuple[Said, ...]:
    match event:
        case fields.VisitsOffered(slots=slots):
            return tuple(slot_said(slot) for slot in slots) or (_NO_SLOT,)
        case fields.VisitChosen(slot=slot) | fields.VisitReminded(slot=slot):
            return (slot_said(slot),)
        case fields.VisitsAskedAgain(not_before=day, because=because):
            return (*(() if day is None else (dated(_NOT_BEFORE, day),)), because)
        case fields.VisitBooked():
            return (_named(event), *event.said)
        case fields.VisitMoved(by=by, because=because, to=to):
            return (_BY[by], because, *_coded(event.code), _named(to), *to.said)
        case _:
            return ()


def _named(booked: fields.VisitBooked) -> Said:
    when = slot_said(booked.slot)
    return Said(fr=f"{when.fr} ({booked.reference})", en=f"{when.en} ({booked.reference})")


def _of_a_visit(event: Event) -> tuple[Said, ...]:
    match event:
        case fields.VisitLetGo(reference=reference, by=by, because=because):
            return (both(reference), _BY[by], because)
        case fields.VisitKept(report=report):
            return tuple(_reported(report))
        case (
            fields.VisitFailed(because=because, code=code)
            | fields.VisitMissed(because=because, code=code)
        ):
            return (because, both(code))
        case _:
            return ()


def _of_what_was_said(event: Event) -> tuple[Said, ...]:
    """Of a visit that is over: a person's word, and its operator's after that."""
    match event:
        case ends.VisitEndSaid(visit=visit, end=end):
            return (_named(visit), CAME_OF_SAID[end], *_coded(event.failure), _BY_HAND)
        case ends.VisitReportCompleted(report=report):
            return (_COMPLETED, *_reported(report))
        case ends.VisitToldLate(told=told, source=source):
            return (both(source), CAME_OF_SAID[ends.came_of(told)], *_of_a_visit(told))
        case ends.VisitEndCorrected(was=was, to=to, because=because):
            now = CAME_OF_SAID[ends.came_of(to)]
            undone = (_no_more(fee_said(fee)) for fee in event.fees)
            billed = _billed_early(event)
            return (now, _instead(was), because, *_of_a_visit(to), *undone, *billed)
        case _:
            return ()


def _instead(was: ends.CameOf) -> Said:
    said = CAME_OF_SAID[was]
    return Said(fr=f"au lieu de : {said.fr}", en=f"instead of: {said.en}")


def _billed_early(event: ends.VisitEndCorrected) -> tuple[Said, ...]:
    """Billing that was told stands until whoever invoices gives it back."""
    if not event.had_it_billed:
        return ()
    return (_TO_GIVE_BACK if event.in_service else _NOT_BILLED,)


def _no_more(fee: Said) -> Said:
    return Said(fr=f"n'est plus dû : {fee.fr}", en=f"not owed any more: {fee.en}")


_BY_HAND = Said(fr="dit par une personne", en="a person's word")
_COMPLETED = Said(fr="le compte rendu de l'opérateur", en="the operator's report")
_NOT_BILLED = Said(
    fr="ce qui s'en facturait avant la mise en service ne l'est plus",
    en="what was billed before service for it is not any more",
)
_TO_GIVE_BACK = Said(
    fr="ce qui s'en facturait avant la mise en service est à rendre : la facturation a déjà été "
    "annoncée",
    en="what was billed before service for it is to be given back: billing was told already",
)


def _reported(report: fields.KeptReport) -> Iterable[Said]:
    """The number on the socket is read on the line itself."""
    if report.socket is not None:
        yield _SOCKET
    if report.serials:
        yield _counted(_SERIALS, ", ".join(report.serials))
    if report.photographs:
        yield _counted(_PHOTOGRAPHS, ", ".join(report.photographs))


_NO_SLOT = Said(fr="aucun créneau", en="no slot")
_NOT_BEFORE = Said(fr="pas avant le", en="not before")
_BY = {
    fields.Party.CUSTOMER: Said(fr="du fait du client", en="the customer's doing"),
    fields.Party.OPERATOR: Said(fr="du fait de l'opérateur", en="the operator's doing"),
    fields.Party.PROVIDER: Said(fr="de notre fait", en="our own doing"),
}
_SOCKET = Said(fr="une prise est posée", en="a socket was put there")
_SERIALS = Said(fr="numéros de série", en="serial numbers")
_PHOTOGRAPHS = Said(fr="photographies", en="photographs")


# opening


def _of_the_start(event: Event) -> tuple[Said, ...]:
    match event:
        case fields.Commissioned(tests=tests, because=because):
            return (*(_result_said(test) for test in tests), because)
        case fields.BillingStarted(on=on, because=because):
            early = (_EARLY,) if event.before_service else ()
            clause = (both(event.source),) if event.source not in because.en else ()
            return (*_unless_said(because, _BILLED, on), *early, because, *clause)
        case fields.CommitmentStarted(on=on, until=until, because=because):
            begins = _unless_said(because, _COMMITTED, on)
            return (*begins, *_unless_said(because, _UNTIL, until), because)
        case fields.LatenessJudged(said=said):
            return said
        case _:
            return ()


def _result_said(result: fields.TestResult) -> Said:
    name, end = TESTS_SAID[result.test], _PASSED if result.passed else _FAILED
    unit = "%" if result.test is fields.Test.LOSS else "kbit/s"
    measured = "" if result.measured is None else f" {result.measured} {unit}"
    return Said(fr=f"{name.fr} :{measured} {end.fr}", en=f"{name.en}:{measured} {end.en}")


def _unless_said(because: Said, what: Said, day: date | None) -> Iterable[Said]:
    """A clause mostly comes with its day in it."""
    if day is not None and day_said(day).en not in because.en:
        yield dated(what, day)


TESTS_SAID = {
    fields.Test.SYNCHRONISATION: Said(fr="synchronisation", en="synchronisation"),
    fields.Test.THROUGHPUT_DOWN: Said(fr="débit descendant", en="rate down"),
    fields.Test.THROUGHPUT_UP: Said(fr="débit montant", en="rate up"),
    fields.Test.LOSS: Said(fr="perte", en="loss"),
    fields.Test.CALL_IN: Said(fr="appel entrant", en="call in"),
    fields.Test.CALL_OUT: Said(fr="appel sortant", en="call out"),
}
_PASSED = Said(fr="succès", en="good")
_FAILED = Said(fr="échec", en="failed")
_BILLED = Said(fr="facturé à partir du", en="billed from")
_EARLY = Said(fr="avant la mise en service", en="before service")
_COMMITTED = Said(fr="engagé à partir du", en="committed from")
_UNTIL = Said(fr="jusqu'au", en="until")


def _of_acceptance(event: Event) -> tuple[Said, ...]:
    match event:
        case fields.AcceptanceAsked(because=because):
            return (because,)
        case fields.ServiceAccepted(on=on, with_reserves=with_reserves):
            return (dated(_WITH_RESERVES if with_reserves else _ACCEPTED, on),)
        case fields.ReservesLifted(on=on):
            return (dated(_LIFTED, on),)
        case _:
            return ()


_ACCEPTED = Said(fr="accepté le", en="accepted on")
_WITH_RESERVES = Said(fr="accepté avec réserves le", en="accepted with reserves on")
_LIFTED = Said(fr="réserves levées le", en="reserves lifted on")


# the site and its equipment


def _of_the_site(event: Event) -> tuple[Said, ...]:
    match event:
        case fields.SiteReadinessAsked(said=said):
            return said
        case fields.SiteDescribed(paper=paper):
            return (dated(both(paper.name), paper.on),)
        case fields.SiteReady(on=on):
            return (dated(_READY, on),)
        case fields.SiteNotReady(because=because):
            return (because,)
        case _:
            return _of_equipment(event)


def _of_equipment(event: Event) -> tuple[Said, ...]:
    match event:
        case fields.EquipmentMoved():
            return (_moved(event), *_beside(event))
        case fields.EquipmentBilled(name=name, because=because):
            return (_of_piece(name, because),)
        case fields.EquipmentAskedBack(name=name, said=said):
            return tuple(_of_piece(name, one) for one in said)
        case _:
            return ()


def _moved(moved: fields.EquipmentMoved) -> Said:
    serial = "" if moved.serial is None else f" {moved.serial}"
    day = day_said(moved.on)
    return Said(
        fr=f"{moved.name}{serial} : {STATES_FR[moved.to]} le {day.fr}",
        en=f"{moved.name}{serial}: {moved.to} on {day.en}",
    )


def _of_piece(name: str, what: Said) -> Said:
    return Said(fr=f"{name} : {what.fr}", en=f"{name}: {what.en}")


def _beside(moved: fields.EquipmentMoved) -> Iterable[Said]:
    """What is written on the slip is the customer's own, and is not repeated."""
    if moved.reserves is not None:
        yield _RESERVES
    if moved.monthly is not None or moved.once is not None:
        yield price_said(moved.monthly, moved.once)
    yield from moved.said
    yield from (fee_said(fee) for fee in moved.fees)


_READY = Said(fr="prêt le", en="ready on")
_RESERVES = Said(fr="des réserves sur le bon de livraison", en="reserves on the delivery slip")


def _coded(code: str | None) -> Iterable[Said]:
    if code is not None:
        yield both(code)


def _counted(what: Said, which: str) -> Said:
    return Said(fr=f"{what.fr} : {which}", en=f"{what.en}: {which}")
