"""Between our words of works, visits and tests and SFR's: pure, one payload at a time.

A visit that took place, as it is polled:

    {"idEvenement": "7f0c…", "commandeId": "LSR9D1E0C44", "cleUnique": "9d1e… (of its booking)",
     "refClient": "4a6b… (our line)", "type": "RDV_HONORE", "survenu_le": 1800517200000,
     "rdvId": "LSSV9D1E0C44", "compteRendu": {"fait_le": 1800517200000, "pto": "OO-1A2B-3C4D",
     "numerosSerie": ["ONT-9D1E0C44"], "photos": ["PH-1", "PH-2"]}}
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, assert_never

from adapters.sfr.messages import Nature
from adapters.sfr.works_messages import (
    AccesMisEnService,
    CompteRendu,
    Creneau,
    CreneauxProposes,
    DemiJournee,
    Essai,
    EssaiFait,
    EvenementTravaux,
    Jalon,
    JalonAtteint,
    RdvAnnule,
    RdvDeplace,
    RdvEchoue,
    RdvHonore,
    RdvManque,
    RdvPris,
    TravauxArretes,
    TravauxTermines,
)
from domain.access_operators import AccessRequest
from domain.port_in_facts import Step
from domain.works_facts import FieldFailure, Half, Milestone, Slot, Test, TestResult, VisitReport
from domain.works_told import (
    CommissionedTold,
    MilestoneTold,
    VisitBookedTold,
    VisitCancelledTold,
    VisitFailedTold,
    VisitKeptTold,
    VisitMissedTold,
    VisitMovedTold,
    VisitsOfferedTold,
    WorksDoneTold,
    WorksFailedTold,
    WorksTold,
)

NATURES: Mapping[Step, Nature] = {
    Step.BUILD_ACCESS: Nature.BUILD,
    Step.OFFER_VISITS: Nature.SLOTS,
    Step.BOOK_VISIT: Nature.VISIT,
    Step.CANCEL_VISIT: Nature.CANCEL_VISIT,
    Step.COMMISSION_ACCESS: Nature.COMMISSION,
}
PATHS: Mapping[Nature, str] = {
    Nature.BUILD: "/acces/commandes",
    Nature.SLOTS: "/acces/rendez-vous",
    Nature.VISIT: "/acces/rendez-vous",
    Nature.CANCEL_VISIT: "/acces/rendez-vous",
    Nature.COMMISSION: "/acces/commandes",
}
MILESTONES = {
    Jalon.PERMISSIONS_DEMANDEES: Milestone.PERMITS_ASKED,
    Jalon.PERMISSIONS_OBTENUES: Milestone.PERMITS_GRANTED,
    Jalon.GENIE_CIVIL: Milestone.CIVIL_WORKS,
    Jalon.TIRAGE: Milestone.CABLING,
    Jalon.RACCORDE: Milestone.CONNECTED,
}
HALVES = {DemiJournee.MATIN: Half.MORNING, DemiJournee.APRES_MIDI: Half.AFTERNOON}
FAILURES: Mapping[str, FieldFailure] = {
    "6101": FieldFailure.BOX_FULL,
    "6102": FieldFailure.BOX_NOT_FOUND,
    "6103": FieldFailure.WRONG_ROUTE,
    "6104": FieldFailure.NO_CONTINUITY,
    "6105": FieldFailure.TOO_LONG,
    "6201": FieldFailure.CUSTOMER_ABSENT,
    "6202": FieldFailure.NO_ACCESS,
    "6203": FieldFailure.SITE_NOT_READY,
    "6301": FieldFailure.NO_PERMIT,
    "6302": FieldFailure.MATERIAL_MISSING,
}
TESTS = {
    Essai.SYNCHRONISATION: Test.SYNCHRONISATION,
    Essai.DEBIT_DESCENDANT: Test.THROUGHPUT_DOWN,
    Essai.DEBIT_MONTANT: Test.THROUGHPUT_UP,
    Essai.PERTES: Test.LOSS,
    Essai.APPEL_ENTRANT: Test.CALL_IN,
    Essai.APPEL_SORTANT: Test.CALL_OUT,
}
_YES, _PASSED = "O", "OK"


def asked_besides(request: AccessRequest) -> dict[str, Any]:
    """What an order about works or visits says beside what every order about a site says."""
    since = request.not_before
    more = {
        "pasAvant": None if since is None else f"{since:%Y%m%d}",
        "creneauId": request.slot,
        "rdvId": request.visit,
    }
    return {name: value for name, value in more.items() if value is not None}


def told_of(event: EvenementTravaux) -> WorksTold:
    told: WorksTold
    match event:
        case JalonAtteint():
            told = MilestoneTold(
                key=event.cle,
                milestone=MILESTONES[event.jalon],
                passed_at=event.at,
                expected=event.prevu,
                why=event.motif,
            )
        case TravauxTermines():
            told = WorksDoneTold(key=event.cle, done_at=event.at, visit=event.visite == _YES)
        case TravauxArretes():
            told = WorksFailedTold(
                key=event.cle, failure=_failure(event.code), code=event.code, failed_at=event.at
            )
        case CreneauxProposes():
            slots = tuple(map(_slot, event.creneaux))
            told = VisitsOfferedTold(key=event.cle, slots=slots, offered_at=event.at)
        case AccesMisEnService():
            tests = tuple(map(_test, event.essais))
            told = CommissionedTold(key=event.cle, tested_at=event.at, tests=tests)
        case _:
            told = _of_visit(event)
    return told


def _of_visit(
    event: RdvPris | RdvAnnule | RdvDeplace | RdvHonore | RdvEchoue | RdvManque,
) -> WorksTold:
    told: WorksTold
    match event:
        case RdvPris():
            told = VisitBookedTold(
                key=event.cle, reference=event.rdv, slot=_slot(event.creneau), booked_at=event.at
            )
        case RdvAnnule():
            told = VisitCancelledTold(key=event.cle, cancelled_at=event.at)
        case RdvDeplace():
            slot = _slot(event.creneau)
            told = VisitMovedTold(reference=event.rdv, slot=slot, code=event.code, told_at=event.at)
        case RdvHonore():
            report = _report(event.compte_rendu)
            told = VisitKeptTold(reference=event.rdv, report=report, told_at=event.at)
        case RdvEchoue():
            told = VisitFailedTold(
                reference=event.rdv,
                failure=_failure(event.code),
                code=event.code,
                failed_at=event.at,
            )
        case RdvManque():
            told = VisitMissedTold(reference=event.rdv, code=event.code, told_at=event.at)
        case _:
            assert_never(event)
    return told


def _failure(code: str) -> FieldFailure:
    """A code that we do not know is kept beside it, for a person to read."""
    return FAILURES.get(code, FieldFailure.OTHER)


def _slot(slot: Creneau) -> Slot:
    return Slot(
        day=slot.jour,
        half=HALVES[slot.demi],
        begins=slot.debut,
        ends=slot.fin,
        reference=slot.id,
    )


def _report(report: CompteRendu) -> VisitReport:
    return VisitReport(
        done_at=report.fait_le,
        socket=report.pto,
        serials=report.series,
        photographs=report.photos,
    )


def _test(done: EssaiFait) -> TestResult:
    """Losses are in hundredths of a per cent."""
    measured = None if done.valeur is None else Decimal(done.valeur)
    if measured is not None and done.essai is Essai.PERTES:
        measured = measured.scaleb(-2)
    return TestResult(test=TESTS[done.essai], passed=done.resultat == _PASSED, measured=measured)
