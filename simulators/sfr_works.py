"""Works, visits and tests as SFR writes them: numbers for things, days in eight figures."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, assert_never

from simulators.technicians import Slot
from simulators.works import (
    LATE,
    BuildStopped,
    Built,
    Commissioned,
    Done,
    Measurement,
    Milestone,
    SlotsOffered,
    VisitBooked,
    VisitCancelled,
    VisitFailed,
    VisitKept,
    VisitMissed,
    VisitMoved,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EFFECTS = {
    "TRAVAUX": "build",
    "CRENEAUX": "offer",
    "RENDEZ_VOUS": "book",
    "ANNULATION_RDV": "cancel-visit",
    "MISE_EN_SERVICE": "commission",
}
JALONS = {
    "permits-asked": 1,
    "permits-granted": 2,
    "civil-works": 3,
    "cabling": 4,
    "connected": 5,
}
HALVES = {"morning": 1, "afternoon": 2}
MOTIFS = {
    "box-full": "6101",
    "box-not-found": "6102",
    "wrong-route": "6103",
    "no-continuity": "6104",
    "too-long": "6105",
    "customer-absent": "6201",
    "no-access": "6202",
    "site-not-ready": "6203",
    "no-permit": "6301",
    "material-missing": "6302",
}
ESSAIS = {
    "synchronisation": 1,
    "throughput-down": 2,
    "throughput-up": 3,
    "loss": 4,
    "call-in": 5,
    "call-out": 6,
}
DELAYED, MOVED, MISSED = "6303", "6401", "6402"
HUNDREDTHS = 100
Json = dict[str, Any]


def told(done: Done, at: datetime) -> Json:
    """What a change says beside whose it is."""
    written: Json
    match done:
        case Milestone():
            written = _milestone(done)
        case Built(visit=visit):
            written = {"type": "TRAVAUX_TERMINES", "visite": "O" if visit else "N"}
        case BuildStopped(failure=failure):
            written = {"type": "TRAVAUX_ARRETES", "codeMotif": MOTIFS.get(failure, failure)}
        case SlotsOffered(slots=slots):
            written = {"type": "CRENEAUX_PROPOSES", "creneaux": [_slot(slot) for slot in slots]}
        case Commissioned(tests=tests):
            essais = [_tested(test) for test in tests]
            written = {"type": "ACCES_MIS_EN_SERVICE", "essais": essais}
        case _:
            written = {"rdvId": done.visit, **_of_visit(done, at)}
    return written


def _of_visit(
    done: VisitBooked | VisitCancelled | VisitMoved | VisitKept | VisitFailed | VisitMissed,
    at: datetime,
) -> Json:
    written: Json
    match done:
        case VisitBooked(slot=slot):
            written = {"type": "RDV_PRIS", "creneau": _slot(slot)}
        case VisitCancelled():
            written = {"type": "RDV_ANNULE"}
        case VisitMoved(slot=slot, code=code):
            written = {"type": "RDV_DEPLACE", "creneau": _slot(slot), "codeMotif": code or MOVED}
        case VisitKept():
            written = {"type": "RDV_HONORE", "compteRendu": _report(done, at)}
        case VisitFailed(failure=failure):
            written = {"type": "RDV_ECHOUE", "codeMotif": MOTIFS.get(failure, failure)}
        case VisitMissed(code=code):
            written = {"type": "RDV_MANQUE", "codeMotif": code or MISSED}
        case _:
            assert_never(done)
    return written


def _milestone(passed: Milestone) -> Json:
    written: Json = {
        "type": "JALON_ATTEINT",
        "jalon": JALONS[passed.name],
        "prevuLe": f"{passed.expected:%Y%m%d}",
    }
    if passed.code:
        written["codeMotif"] = DELAYED if passed.code == LATE else passed.code
    return written


def _slot(slot: Slot) -> Json:
    return {
        "creneauId": slot.name,
        "jour": f"{slot.day:%Y%m%d}",
        "demiJournee": HALVES[slot.half],
        "debut": _milliseconds(slot.begins),
        "fin": _milliseconds(slot.ends),
    }


def _report(kept: VisitKept, at: datetime) -> Json:
    return {
        "fait_le": _milliseconds(at),
        "pto": kept.socket,
        "numerosSerie": list(kept.serials),
        "photos": list(kept.photographs),
    }


def _tested(test: Measurement) -> Json:
    written: Json = {"essai": ESSAIS[test.name], "resultat": "OK" if test.passed else "KO"}
    if test.measured is not None:
        figure = test.measured * HUNDREDTHS if test.name == "loss" else test.measured
        written["valeur"] = int(figure.quantize(Decimal(1)))
    return written


def _milliseconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(milliseconds=1)
