"""What works, visits and openings ask people about."""

from domain import access_commands as told
from domain import works_facts as fields
from domain.access_attention import AGREE, CANCEL, END, PROVIDE, REFUSE, RETRY, SKIP
from domain.access_failures import NEXT_SAID
from domain.access_sites import DESCRIPTION, need_said
from domain.attention import Attention, DecisionKind, Turn
from domain.port_in_attention import ask
from domain.said import Said, day_said, joined
from domain.visit_facts import TOLD_LATE, UNWANTED, CameOf, Ending, VisitEndSaid, came_of
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
        fr=f"rien n'est dit de la visite du {when.fr} : appeler ; a-t-elle eu lieu (agree, day= si "
        "plus tard, serials=), est-on venu pour rien (refuse, failure=customer-absent, "
        "no-access…), ou personne n'est-il venu (refuse) ?",
        en=f"nothing is said of the visit of {when.en}: call; did it take place (agree, day= if "
        "later, serials=), did somebody come in vain (refuse, failure=customer-absent, "
        "no-access…), or did nobody come (refuse)?",
    )
    return ask(command, UNREPORTED, what, AGREE, REFUSE, CANCEL, detail=visit.reference)


def told_late(
    command: told.AccessCommand, said: VisitEndSaid, end: Ending, *, moves: bool
) -> Attention:
    """What was said and what is told, beside each other; nothing waits for the answer."""
    when, before, now = slot_said(said.visit.slot), _said_before(said), _told_now(end)
    goes = _GOES_ON_FROM_IT if moves else _MOVES_NOTHING
    what = Said(
        fr=f"visite du {when.fr} : nous avons dit « {before.fr} », l'opérateur dit maintenant « "
        f"{now.fr} » : a-t-il raison (agree : {goes.fr}), ou ce qui a été dit tient-il (refuse) ?",
        en=f"the visit of {when.en}: we said that {before.en}, the operator now says that "
        f"{now.en}; is it right (agree: {goes.en}), or does what was said stand (refuse)?",
    )
    asked = ask(command, TOLD_LATE, what, AGREE, REFUSE, detail=end.reference)
    return asked.model_copy(update={"blocks": False})


def _said_before(said: VisitEndSaid) -> Said:
    found = CAME_OF_SAID[said.end]
    return found if said.failure is None else _with(found, said.failure)


def _told_now(end: Ending) -> Said:
    found = CAME_OF_SAID[came_of(end)]
    return _with(found, end.failure) if isinstance(end, fields.VisitFailed) else found


def _with(found: Said, word: str) -> Said:
    return Said(fr=f"{found.fr} ({word})", en=f"{found.en} ({word})")


CAME_OF_SAID = {
    CameOf.KEPT: Said(fr="elle a eu lieu", en="it took place"),
    CameOf.FAILED: Said(fr="quelqu'un est venu pour rien", en="somebody came in vain"),
    CameOf.MISSED: Said(fr="personne n'est venu", en="nobody came"),
}
_GOES_ON_FROM_IT = Said(
    fr="l'accès continue d'après ce qu'il dit, et ce qui avait été dit ne coûte plus rien",
    en="the access goes on from what it says, and what was said costs nothing any more",
)
_MOVES_NOTHING = Said(
    fr="son compte rendu est gardé, ce qui avait été dit ne coûte plus rien, et la suite de la "
    "commande ne change pas",
    en="its report is kept, what was said costs nothing any more, and the order goes on as it does",
)


def unwanted(command: told.AccessCommand, visit: fields.VisitBooked) -> Attention:
    """No step of its own asks the operator: what is under way is not put off for it."""
    when, name = slot_said(visit.slot), visit.reference
    what = Said(
        fr=f"l'opérateur fait venir quelqu'un le {when.fr} ({name}) que personne n'attend plus : "
        "l'appeler et faire annuler ; annulé (agree), ou laissé tel quel (skip, avec la raison) ?",
        en=f"the operator has somebody come on {when.en} ({name}), and nobody waits for it any "
        "more: call and have it cancelled; cancelled (agree), or left as it is (skip, with the "
        "reason)?",
    )
    asked = ask(command, UNWANTED, what, AGREE, SKIP, detail=name)
    return asked.model_copy(update={"blocks": False})


def site_not_ready(command: told.AccessCommand, because: Said) -> Attention:
    what = Said(
        fr=f"{because.fr} ; le site est-il prêt (agree, day=) ?",
        en=f"{because.en}; is the site ready (agree, day=)?",
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
