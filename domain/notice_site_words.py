"""What customers read about their sites: each of these words is ours.

What operators call things, and who decided what, stays in the back office.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from domain import access_attention as waiting
from domain import works_attention as works
from domain.access_facts import Fee, Offer, Plan, QuoteRefused, SiteUnserved, StudyResult
from domain.access_stages import Access
from domain.access_words import TECHNOLOGIES
from domain.attention import DecisionKind, DecisionTaken
from domain.event import Event
from domain.port_in_attention import OPERATOR_REFUSED, OPERATOR_SILENT
from domain.said import Said, day_said, joined


def why_refused(before: Sequence[Event]) -> Said:
    """What nobody could offer; or the question a person answered by ending it."""
    for event in reversed(before):
        if isinstance(event, SiteUnserved):
            return joined(event.reasons) if event.reasons else _NOT_DONE
        if isinstance(event, DecisionTaken) and event.decision in _ENDS:
            return _ENDED_ABOUT.get(event.code, _NOT_DONE)
    return _NOT_DONE


def quote_refused_said(before: Sequence[Event]) -> Said | None:
    """None where it was not a quote that ended it."""
    refused = next((one for one in reversed(before) if isinstance(one, QuoteRefused)), None)
    if refused is None:
        return None
    if refused.by_silence:
        return Said(
            fr=f"le devis {refused.reference} est resté sans réponse",
            en=f"quote {refused.reference} was left without an answer",
        )
    return Said(
        fr=f"vous avez refusé le devis {refused.reference}",
        en=f"you refused quote {refused.reference}",
    )


def changes_said(state: Access) -> Said | None:
    """What the study has otherwise than the order; None where nothing is."""
    studied, chosen = state.studied, state.chosen
    if studied is None or chosen is None or state.saturated is not None:
        return None
    changes = tuple(_changes(chosen.offer, studied.result))
    return joined(changes) if changes else None


def _changes(offer: Offer, result: StudyResult) -> Iterator[Said]:
    if result.fee_change:
        change = f"{result.fee_change:+.2f} €"
        yield Said(fr=f"frais d'accès : {change} HT", en=f"access fee: {change} without VAT")
    if result.lead_days is not None and result.lead_days != offer.lead_days:
        yield Said(
            fr=f"délai de livraison : {result.lead_days} jours ouvrés au lieu de {offer.lead_days}",
            en=f"time to deliver: {result.lead_days} working days instead of {offer.lead_days}",
        )
    if result.technology is not None and result.technology is not offer.technology:
        now, was = TECHNOLOGIES[result.technology], TECHNOLOGIES[offer.technology]
        yield Said(fr=f"{now.fr} au lieu de {was.fr}", en=f"{now.en} instead of {was.en}")


def cuts_needed(state: Access) -> Said:
    """Decision 39: what would be cut is listed, and the customer agrees to it in writing."""
    kept = len(state.terms.keeps)
    lost = [waiting.USES_SAID[use] for use in state.uses]
    if kept:
        lost.append(
            Said(
                fr=f"les numéros à garder ({kept}), à porter avant",
                en=f"the numbers to be kept ({kept}), to be ported first",
            )
        )
    cut = joined(lost, fr=", ", en=", ")
    return Said(
        fr=f"votre accord écrit à ce que la commande coupe sur la ligne : {cut.fr}",
        en=f"your written consent to what the order cuts on the line: {cut.en}",
    )


def fees_said(fees: Iterable[Fee]) -> Said | None:
    """Each with its line; None where there is none."""
    said = [
        Said(fr=f"{one.said.fr} ({one.source})", en=f"{one.said.en} ({one.source})") for one in fees
    ]
    return joined(said) if said else None


def by_contract_said(said: Said) -> Said:
    return Said(fr=f"{said.fr}, selon le contrat", en=f"{said.en}, by the contract")


def estimate_said(estimate: date | None, plan: Plan | None = None) -> Said:
    """With the day of service that follows from it, where one does."""
    if estimate is None:
        return Said(
            fr="aucune date ne peut être annoncée pour l'instant",
            en="no date can be given for now",
        )
    day = day_said(estimate)
    said = Said(fr=f"fin estimée le {day.fr}", en=f"thought to be over by {day.en}")
    if plan is None:
        return said
    on = day_said(plan.on)
    return Said(
        fr=f"{said.fr}, mise en service alors prévue le {on.fr}",
        en=f"{said.en}, and service then planned for {on.en}",
    )


def thought_said(estimate: date | None) -> Said:
    if estimate is None:
        return Said(fr="aucune date n'était annoncée", en="no date had been given")
    day = day_said(estimate)
    return Said(fr=f"estimé au {day.fr}", en=f"it was thought to be {day.en}")


NOTHING_MORE = Said(fr="rien de plus : elle prend effet", en="nothing more: it takes effect")
NOTHING_ELSE = Said(fr="rien d'autre ne change", en="nothing else changes")
NO_FEE = Said(fr="aucun frais pour vous", en="no fee for you")
NOT_CHARGED = Said(fr="rien ne vous est facturé", en="you are charged nothing")
NOT_WITHOUT_CONSENT = Said(
    fr="rien n'en est facturé sans votre accord écrit",
    en="nothing of it is charged without your written consent",
)
NO_TIME = Said(
    fr="le contrat ne fixe aucun délai pour répondre", en="the contract sets no time to answer"
)
NO_MEANING = Said(
    fr="le silence ne vaut rien : nous vous relançons",
    en="silence means nothing: we ask you again",
)
PUT_OFF = Said(
    fr="l'opérateur n'a pas encore confirmé : la livraison est reportée",
    en="the operator has not confirmed yet: delivery is put off",
)
SATURATED = Said(
    fr="le réseau est saturé : la livraison est reportée, le temps de la désaturation",
    en="the network is saturated: delivery is put off until it is desaturated",
)
_ENDS = {DecisionKind.END, DecisionKind.AGREE}
_NOT_DONE = Said(
    fr="le raccordement n'a pas pu être mené à bien", en="the site could not be connected"
)
_ENDED_ABOUT: Mapping[str, Said] = {
    waiting.UNSURE: Said(
        fr="aucun opérateur n'a pu confirmer qu'il peut servir ce site",
        en="no operator could confirm that it can serve this site",
    ),
    waiting.STUDY_REFUSED: Said(
        fr="l'étude montre que le site ne peut pas être raccordé comme commandé",
        en="the study shows that the site cannot be connected as it was ordered",
    ),
    waiting.CHANGES: Said(
        fr="les changements que demande l'étude n'ont pas été acceptés",
        en="what the study changes was not agreed to",
    ),
    waiting.NOT_DESATURATED: Said(
        fr="le réseau est saturé, et le contrat n'y prévoit pas de désaturation",
        en="the network is saturated, and the contract has no desaturation there",
    ),
    waiting.SUPPLY_WITHDRAWN: Said(
        fr="l'opérateur a retiré ce sur quoi l'accès reposait",
        en="the operator has taken back what the access was to stand on",
    ),
    waiting.CLOSING: Said(
        fr="le cuivre ferme avant le jour de la livraison",
        en="copper closes before the day of delivery",
    ),
    waiting.OVERWRITTEN: Said(
        fr="la prise ou le numéro commandé était celui d'un autre client : commandez le vôtre",
        en="the socket or number that was ordered was another customer's: order your own",
    ),
    works.FIELD: Said(
        fr="les travaux ne peuvent pas être faits sur ce site",
        en="the works cannot be done at this site",
    ),
    works.NO_SLOTS: Said(
        fr="l'opérateur ne propose aucun rendez-vous", en="the operator offers no visit"
    ),
    works.TESTS: Said(fr="l'accès ne passe pas ses tests", en="the access does not pass its tests"),
    OPERATOR_REFUSED: Said(fr="l'opérateur refuse", en="the operator refuses"),
    OPERATOR_SILENT: Said(fr="l'opérateur n'a pas répondu", en="the operator has not answered"),
}
