"""What amending one access takes, and what follows from it: said before anything moves."""

from datetime import date, datetime

from domain.access_amending import anew_for
from domain.access_changes import AccessChange
from domain.access_later_days import check_day, check_not_opening
from domain.access_promises import delivered_after
from domain.access_stages import Access
from domain.attention import DecisionRefusedError
from domain.contract_questions import Contract
from domain.delay_rules import delay_settled
from domain.said import Said, day_said, joined

_FORM, _COMMITMENT = "amend.form", "commitment.after-change"


def amendment_needs(contract: Contract) -> Said | None:
    """Silence asks for nothing: the request itself is enough (a default of ours)."""
    form, source = contract.choice(_FORM), contract.source(_FORM)
    if form is None:
        return None
    said = _FORMS[form]
    return Said(fr=f"{said.fr} ({source})", en=f"{said.en} ({source})")


def check_wish(contract: Contract, wished: date | None, at: datetime) -> None:
    """DecisionRefusedError: a day that is over cannot be wished for."""
    today = contract.reckoning.instant_of(at).date()
    if wished is not None and wished < today:
        raise DecisionRefusedError(f"{wished} is over: wish for a day from {today} on")


def effect_of_day(contract: Contract, access: Access, wished: date, at: datetime) -> Said:
    """A wish is the promised day, and stands beside what the operator says it takes;
    DecisionRefusedError where the contract lets it be no day so late."""
    delay = delay_settled(contract, access, wished, at)
    check_day(delay)
    check_not_opening(wished, access)
    said = [_WISH, *_visit_said(access, wished, at), *(() if delay is None else delay.said)]
    if access.chosen is not None:
        lead = access.chosen.offer.lead_days
        soonest = delivered_after(contract.reckoning, at, lead)
        said.append(_lead_said(lead, soonest, late=soonest > wished))
    return _with_the_form(contract, said)


def _visit_said(access: Access, wished: date, at: datetime) -> tuple[Said, ...]:
    visit = access.opening.visit
    if visit is None or visit.slot.day >= wished or at >= visit.slot.begins:
        return ()
    day = day_said(visit.slot.day)
    return (
        Said(
            fr=f"le technicien qui devait venir le {day.fr} vient un autre jour",
            en=f"the technician who was to come on {day.en} comes on another day",
        ),
    )


def effect_of_rate(contract: Contract, access: Access, change: AccessChange) -> Said:
    said = [_OFFER_STANDS if access.chosen is not None else _ASKED_FOR_IT]
    if anew_for(change, access) is not None:
        said = [_ASKED_ANEW, *_given_back(access), *_still_owed(access)]
    return _with_the_form(contract, [*said, *commitment_said(contract)])


def effect_of_place(contract: Contract, access: Access) -> Said:
    said = [_ANOTHER_PLACE, *_given_back(access), *_still_owed(access), _PAPERS]
    return _with_the_form(contract, said)


def _with_the_form(contract: Contract, said: list[Said]) -> Said:
    needs = amendment_needs(contract)
    return joined((*said, *(() if needs is None else (needs,))))


def _lead_said(lead: int, soonest: date, *, late: bool) -> Said:
    day = day_said(soonest)
    than = Said(fr=", après ce souhait", en=", after that wish") if late else Said(fr="", en="")
    return Said(
        fr=f"l'opérateur annonce {lead} jours ouvrés, soit au plus tôt le {day.fr}{than.fr}",
        en=f"the operator says {lead} working days, so {day.en} at the earliest{than.en}",
    )


def _given_back(access: Access) -> tuple[Said, ...]:
    return (_GIVEN_BACK,) if access.is_kept else ()


def _still_owed(access: Access) -> tuple[Said, ...]:
    """What was done for the order as it was is owed all the same, once it is consented to."""
    return tuple(
        Said(
            fr=f"reste dû : {one.fee.said.fr} ({one.fee.source})",
            en=f"still owed: {one.fee.said.en} ({one.fee.source})",
        )
        for one in access.carried_out
    )


def commitment_said(contract: Contract) -> tuple[Said, ...]:
    """Both texts are about a service that runs; before that, none has begun (our reading)."""
    source = contract.source(_COMMITMENT)
    if not source:
        return ()
    return (
        Said(
            fr="le réengagement d'une modification vise un service en cours : sans effet avant la "
            f"mise en service ({source}, lecture nôtre)",
            en="the new commitment after a change is about a service that runs: it has no effect "
            f"before service ({source}, our reading)",
        ),
    )


_FORMS = {
    "agreement-signed-by-both": Said(
        fr="l'accord écrit signé par les deux parties est nécessaire",
        en="a written agreement signed by both parties is needed",
    ),
    "express-agreement": Said(
        fr="l'accord exprès du fournisseur est nécessaire",
        en="the provider's express agreement is needed",
    ),
}
_WISH = Said(
    fr="le jour souhaité, qui est le jour annoncé, change, et rien n'est mis en service avant",
    en="the day wished for, which is the promised day, changes, and nothing is put into service "
    "before it",
)
_OFFER_STANDS = Said(
    fr="l'offre retenue suffit : rien n'est redemandé",
    en="the offer that was chosen is enough: nothing is asked again",
)
_ASKED_FOR_IT = Said(
    fr="les opérateurs seront interrogés pour ce débit", en="the operators are asked for that rate"
)
_ASKED_ANEW = Said(
    fr="tous les opérateurs sont interrogés à nouveau, et ce qui suit est refait",
    en="every operator is asked anew, and what follows is done again",
)
_ANOTHER_PLACE = Said(
    fr="l'autre site est réservé à cette commande, puis tout est refait pour lui : éligibilité, "
    "coupures et accord, étude",
    en="the other site is claimed for this order, then all is done anew for it: eligibility, cuts "
    "and consent, study",
)
_GIVEN_BACK = Said(
    fr="ce que l'opérateur garde pour elle est rendu d'abord",
    en="what the operator keeps for it is given back first",
)
_PAPERS = Said(
    fr="les pièces déjà remises restent, sauf l'accord sur les coupures et le descriptif des "
    "locaux, qui sont du lieu quitté ; un mandat doit nommer cette ligne",
    en="papers that were handed in stay, but for the consent to cuts and the description of the "
    "premises, which are of the place left; a mandate has to name that line",
)
