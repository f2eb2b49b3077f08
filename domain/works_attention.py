"""What works, visits and openings ask people about."""

from domain import access_commands as told
from domain import works_facts as fields
from domain.access_attention import AGREE, CANCEL, END, PROVIDE, REFUSE, RETRY, SKIP
from domain.access_failures import NEXT_SAID
from domain.access_sites import DESCRIPTION, need_said
from domain.attention import Attention, DecisionKind, Turn
from domain.port_in_attention import ask
from domain.said import Said, day_said, joined
from domain.works_settled import SiteTerms

VISIT = "visit"
"""What a decision about a visit is about that nobody asked for."""
SLOTS = "visit-slots"
NO_SLOTS = "no-visit-slots"
UNREPORTED = "visit-unreported"
SITE = "site-not-ready"
READINESS = "site-readiness"
LATE = "late"
"""That the day by which a site was to be ready has passed."""
FIELD = "field-failure"
TESTS = "tests-failed"
ACCEPTANCE = "acceptance"
RESERVES = "acceptance-reserves"
POSTPONE = DecisionKind.POSTPONE


def slots(command: told.AccessCommand, offered: tuple[fields.Slot, ...]) -> Attention:
    """Numbered, so that an answer names one."""
    listed = joined(
        Said(fr=f"{n} : {slot_said(one).fr}", en=f"{n}: {slot_said(one).en}")
        for n, one in enumerate(offered, start=1)
    )
    what = Said(
        fr=f"un technicien doit venir ; choisir un créneau (slot=1) : {listed.fr} ; ou d'autres "
        "jours (retry, day= le premier possible)",
        en=f"a technician has to come; choose a slot (slot=1): {listed.en}; or other days (retry, "
        "day= the first that suits)",
    )
    return ask(command, SLOTS, what, PROVIDE, RETRY, CANCEL, turn=Turn.CUSTOMER)


def no_slots(command: told.AccessCommand) -> Attention:
    what = Said(
        fr="l'opérateur n'a aucun créneau à proposer : redemander (retry, day= le premier jour "
        "possible), ou annuler",
        en="the operator has no slot to offer: ask again (retry, day= the first that suits), or "
        "cancel",
    )
    return ask(command, NO_SLOTS, what, RETRY, CANCEL, END)


def slot_said(slot: fields.Slot) -> Said:
    day, half = day_said(slot.day), HALVES_SAID[slot.half]
    return Said(fr=f"{day.fr}, {half.fr}", en=f"{day.en}, {half.en}")


HALVES_SAID = {
    fields.Half.MORNING: Said(fr="le matin", en="in the morning"),
    fields.Half.AFTERNOON: Said(fr="l'après-midi", en="in the afternoon"),
}


def unreported(command: told.AccessCommand, visit: fields.VisitBooked) -> Attention:
    when = slot_said(visit.slot)
    what = Said(
        fr=f"rien n'est dit de la visite du {when.fr} : l'appeler ; a-t-elle eu lieu (agree), ou "
        "personne n'est-il venu (refuse) ?",
        en=f"nothing is said of the visit of {when.en}: call; did it take place (agree), or did "
        "nobody come (refuse)?",
    )
    return ask(command, UNREPORTED, what, AGREE, REFUSE, CANCEL, detail=visit.reference)


def site_not_ready(command: told.AccessCommand, because: Said) -> Attention:
    what = Said(
        fr=f"{because.fr} ; le site est-il prêt (agree) ?",
        en=f"{because.en}; is the site ready (agree)?",
    )
    return ask(command, SITE, what, AGREE, CANCEL, turn=Turn.CUSTOMER)


def site_readiness(command: told.AskOperator, site: SiteTerms) -> Attention:
    """By the contract's own day; works go on meanwhile."""
    what = joined((*site.said, _HOW_READY))
    asked = ask(command, READINESS, what, PROVIDE, AGREE, SKIP, turn=Turn.CUSTOMER)
    return asked.model_copy(update={"until": site.until, "blocks": False})


def site_still_not_ready(command: told.PassTime, site: SiteTerms) -> Attention:
    late = Said(
        fr=f"le site n'est pas dit prêt : {site.not_ready.because.fr}",
        en=f"nobody has said that the site is ready: {site.not_ready.because.en}",
    )
    move = Said(
        fr="convenir d'une autre date (postpone déplace une visite)",
        en="agree on another day (postpone moves a visit)",
    )
    what = joined((late, move, left_said(site.missing)))
    asked = ask(command, READINESS, what, PROVIDE, AGREE, SKIP, detail=LATE)
    return asked.model_copy(update={"blocks": False})


def left_said(missing: tuple[str, ...]) -> Said:
    if not missing:
        return _HOW_READY
    named = joined(need_said(need) for need in missing)
    return Said(
        fr=f"à la charge du client : {named.fr} ; {_HOW_READY.fr}",
        en=f"for the customer: {named.en}; {_HOW_READY.en}",
    )


_HOW_READY = Said(
    fr=f"remettre le descriptif (provide, document={DESCRIPTION}, on=), ou dire le site prêt "
    "(agree, day=)",
    en=f"hand in the description (provide, document={DESCRIPTION}, on=), or say that the site is "
    "ready (agree, day=)",
)


def field_failure(
    command: told.AccessCommand,
    failure: fields.FieldFailure,
    code: str,
    because: Said,
    usual: fields.After | None = None,
) -> Attention:
    """No text says what follows: a person has it done again, or closes the site. Where it has
    happened too often, done again is what follows by rule."""
    then = _DONE_AGAIN if usual is None else NEXT_SAID[usual]
    what = Said(
        fr=f"{because.fr} ({code}) : {then.fr} (retry), ou clore pour ce site",
        en=f"{because.en} ({code}): {then.en} (retry), or close for this site",
    )
    return ask(command, FIELD, what, RETRY, END, CANCEL, detail=failure)


_DONE_AGAIN = Said(fr="recommencer", en="have it done again")


def tests_failed(command: told.AccessCommand, because: Said) -> Attention:
    what = Said(
        fr=f"{because.fr} ; recommencer les tests (retry), faire revenir un technicien (postpone), "
        "ou clore",
        en=f"{because.en}; have it tested again (retry), have a technician come again (postpone), "
        "or close",
    )
    return ask(command, TESTS, what, RETRY, POSTPONE, END, CANCEL)


def acceptance(command: told.AccessCommand, because: Said) -> Attention:
    what = Said(
        fr=f"{because.fr} : accepté (agree), accepté avec réserves (refuse, avec la raison), ou "
        "resté sans réponse (skip)",
        en=f"{because.en}: accepted (agree), accepted with reserves (refuse, with the reason), or "
        "left without an answer (skip)",
    )
    return ask(command, ACCEPTANCE, what, AGREE, REFUSE, SKIP, turn=Turn.CUSTOMER)


def reserves(command: told.AccessCommand, reason: str) -> Attention:
    what = Said(
        fr=f"réserves à lever : {reason} ; levées (agree) ?",
        en=f"reserves to be lifted: {reason}; lifted (agree)?",
    )
    return ask(command, RESERVES, what, AGREE, SKIP)
