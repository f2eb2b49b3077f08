"""What an access alone asks people about; what every line asks is in `port_in_attention`."""

from domain import access_commands as told
from domain import access_facts as facts
from domain.access_facts import CUTS_PAPER, REFUSAL_DUE, Teller, Use
from domain.access_stages import Access
from domain.attention import Attention, AttentionCleared, AttentionMoved, DecisionKind, Turn
from domain.event import Event
from domain.port_in_attention import CANCELLATIONS, STEPS_SAID, ask
from domain.port_in_facts import Step
from domain.said import Said, day_said, joined
from domain.visit_facts import TOLD_LATE, UNWANTED

SITE_TAKEN = "site-taken"
BY_HAND = "answer-by-hand"
UNSURE = "eligibility-unsure"
CUTS = "cuts"
STUDY_REFUSED = "study-refused"
CHANGES = "study-changes"
QUOTE = "quote"
FEE_CONSENT = "fee-consent"
NOT_DESATURATED = "not-desaturated"
SUPPLY_WITHDRAWN = "supply-withdrawn"
AMENDMENT = "amendment-agreement"
CLOSING = "copper-closing"
OVERWRITTEN = "wrong-overwriting"

RETRY, SKIP, CANCEL, END = (
    DecisionKind.RETRY,
    DecisionKind.SKIP,
    DecisionKind.CANCEL,
    DecisionKind.END,
)
AGREE, REFUSE, PROVIDE = DecisionKind.AGREE, DecisionKind.REFUSE, DecisionKind.PROVIDE
LAPSING = (*CANCELLATIONS, AMENDMENT)
"""What was asked for, and lapses where nobody confirms it in time."""
BACK = (Step.CANCEL_VISIT, Step.RELEASE_ACCESS, Step.PUT_BACK)
"""What is asked at an end: a person may go on without it."""


def overtaken(state: Access, *, but: str | None = None) -> tuple[Event, ...]:
    """Every question of a round that is given up: not a cancellation's, an amendment's, another
    customer's line or a visit's that takes place whatever follows, nor the consent to what was done
    already."""
    stay = {*LAPSING, OVERWRITTEN, TOLD_LATE, UNWANTED, but}
    if any(not one.consented for one in state.carried_out):
        stay.add(FEE_CONSENT)
    return tuple(AttentionCleared(code=a.code) for a in state.attentions if a.code not in stay)


def site_taken(command: told.NoteSiteTaken) -> Attention:
    if command.by_address:
        return _address_taken(command)
    what = Said(
        fr="une autre commande est ouverte sur cette prise ou ce numéro d'installation : "
        "attendre sa fin, ou annuler l'une des deux",
        en="another order is open on this socket or installation number: wait for it to end, or "
        "cancel one of the two",
    )
    return ask(command, SITE_TAKEN, what, RETRY, CANCEL)


def _address_taken(command: told.NoteSiteTaken) -> Attention:
    """It may be one site named two ways, or two flats of one building."""
    what = Said(
        fr="une autre commande est ouverte à cette adresse, et l'une des deux ne nomme ni prise ni "
        "ligne : attendre sa fin si c'est le même site ; si ce sont deux sites, le dire "
        "(skip, avec la raison) ; ou annuler l'une des deux",
        en="another order is open at this address, and one of the two names neither a socket nor a "
        "line: wait for it to end if it is the same site; if they are two sites, say so (skip, "
        "with the reason); or cancel one of the two",
    )
    return ask(command, SITE_TAKEN, what, RETRY, SKIP, CANCEL, detail="address")


def by_hand(command: told.AccessCommand, step: Step, operator: str) -> Attention:
    """Mail and telephone: the person's answer takes the place of the operator's."""
    what = Said(
        fr=f"{operator} n'a pas d'interface : demander {STEPS_SAID[step].fr} par courriel ou "
        "téléphone, et répondre ici à sa place",
        en=f"{operator} has no interface: ask for {STEPS_SAID[step].en} by mail or telephone, and "
        "answer here in its place",
    )
    allowed = (AGREE, SKIP) if step in BACK else (AGREE, REFUSE)
    return ask(command, BY_HAND, what, *allowed, CANCEL, detail=step)


def unsure(command: told.ChooseOffer) -> Attention:
    what = Said(
        fr="aucune offre, sans réponse certaine : " + " ; ".join(one.fr for one in command.because),
        en="no offer, and no certain answer: " + "; ".join(one.en for one in command.because),
    )
    return ask(command, UNSURE, what, RETRY, END, CANCEL)


def cuts(command: told.LookAtCuts, uses: tuple[Use, ...], numbers: int) -> Attention:
    what = cuts_said(uses, numbers)
    return ask(command, CUTS, what, PROVIDE, CANCEL, turn=Turn.CUSTOMER, detail=CUTS_PAPER)


def cuts_said(uses: tuple[Use, ...], numbers: int) -> Said:
    """Decision 39: listed before anything is ordered, in the customer's own words."""
    lost = joined(USES_SAID[use] for use in uses)
    kept = Said(
        fr=f" ; {numbers} numéro(s) à garder : à porter avant, sinon perdus" if numbers else "",
        en=f"; {numbers} number(s) to keep: ported first, or else lost" if numbers else "",
    )
    if not uses:
        return Said(
            fr=f"rien d'autre n'est vu sur la ligne{kept.fr}",
            en=f"nothing else is seen on the line{kept.en}",
        )
    return Said(
        fr=f"la commande coupe ce que la ligne porte déjà : {lost.fr}{kept.fr} ; l'accord écrit du "
        "client est nécessaire",
        en=f"the order cuts what the line carries already: {lost.en}{kept.en}; the customer's "
        "written consent is needed",
    )


USES_SAID = {
    Use.BROADBAND: Said(fr="un accès internet", en="an internet access"),
    Use.TELEPHONE: Said(fr="une ligne téléphonique", en="a telephone line"),
    Use.CARRIER_SELECTION: Said(fr="une présélection", en="a carrier selection"),
    Use.ALARM: Said(
        fr="une alarme, un ascenseur ou un terminal de paiement",
        en="an alarm, a lift or a payment terminal",
    ),
}


def study_refused(command: told.AccessCommand, result: facts.StudyResult) -> Attention:
    """Negative, or to be ordered otherwise: another order takes its place (decision 18)."""
    code = result.code or result.verdict
    otherwise = result.verdict is not facts.Verdict.NEGATIVE
    what = Said(
        fr=f"étude {'à redéfinir' if otherwise else 'négative'} ({code}) : demander aux autres "
        "opérateurs, ou clore pour ce site (une autre solution est une nouvelle commande, liée)",
        en=f"the study {'asks for another order' if otherwise else 'says no'} ({code}): ask the "
        "other operators, or close for this site (another solution is a new order, linked)",
    )
    return ask(command, STUDY_REFUSED, what, RETRY, END, CANCEL, detail=code)


def changes(command: told.AccessCommand, consent: tuple[Said, ...]) -> Attention:
    what = joined(consent)
    return ask(command, CHANGES, what, AGREE, END, CANCEL, turn=Turn.CUSTOMER)


def quote(
    command: told.AccessCommand,
    given: facts.Quote,
    terms: told.QuoteTerms,
    changes: tuple[Said, ...] = (),
) -> tuple[facts.QuoteGiven, Attention]:
    """Its own limit where the contract gives it one; ours to ask again otherwise. Whoever accepts
    it agrees to what the study changes beside it."""
    fact = facts.QuoteGiven(
        quote=given,
        told_at=command.decided_at,
        until=terms.until,
        source=terms.source,
        answer=terms.answer,
        silence=terms.silence,
        refusal=terms.cost,
    )
    items = ", ".join(f"{line.what} {line.euros} €" for line in given.lines)
    silence = Said(
        fr=" ; sans réponse, refusé" if terms.silence_refuses else "",
        en="; left without an answer, refused" if terms.silence_refuses else "",
    )
    what = Said(
        fr=f"devis {given.reference} : {items}, total {given.total} € HT ({terms.source})"
        f"{silence.fr}",
        en=f"quote {given.reference}: {items}, {given.total} € without VAT in all "
        f"({terms.source}){silence.en}",
    )
    asked = ask(
        command,
        QUOTE,
        joined((what, *changes)),
        AGREE,
        REFUSE,
        CANCEL,
        turn=Turn.CUSTOMER,
        detail=given.reference,
    )
    return fact, asked.model_copy(update={"until": terms.until or command.answer_by})


def quote_counted(
    command: told.ReportQuoteTold, terms: told.QuoteTerms, state: Access
) -> tuple[Event, ...]:
    """From when its days run, and until when; nothing where it has no limit."""
    asked = state.is_asked(QUOTE)
    if terms.until is None or not asked:
        return ()
    day = day_said(command.on)
    why = Said(
        fr=f"le client est averti le {day.fr} ({command.rule.fr}) : le délai de réponse court de "
        f"ce jour ({terms.source})",
        en=f"the customer is told on {day.en} ({command.rule.en}): the time to answer runs from "
        f"that day ({terms.source})",
    )
    return (AttentionMoved(code=QUOTE, until=terms.until, turn=Turn.CUSTOMER, why=why),)


def refusal_due(command: told.AccessCommand, to_tell: facts.ToTell) -> Attention:
    """Before it is too late, or when it is found to be (decision 16)."""
    what = Said(
        fr="ni gardé ni refusé à ce jour : un refus ou un report se dit au client dans un délai "
        f"({to_tell.source}) ; est-il reporté ?",
        en="neither kept nor refused so far: a refusal or a deferral is told to the customer "
        f"within a time ({to_tell.source}); is it put off?",
    )
    asked = ask(command, REFUSAL_DUE, what, AGREE, SKIP)
    until = to_tell.by if to_tell.by > command.decided_at else command.answer_by
    return asked.model_copy(update={"blocks": False, "until": until})


def fee_consent(command: told.AccessCommand, fee: facts.Fee) -> Attention:
    what = Said(
        fr=f"{fee.said.fr} ({fee.source}) : accord écrit du client avant de facturer",
        en=f"{fee.said.en} ({fee.source}): the customer's written consent before it is charged",
    )
    asked = ask(command, FEE_CONSENT, what, PROVIDE, SKIP, turn=Turn.CUSTOMER, detail=fee.head)
    return asked.model_copy(update={"blocks": False})


def not_desaturated(command: told.ReportSaturated) -> Attention:
    what = joined(command.settled.said)
    return ask(command, NOT_DESATURATED, what, RETRY, END, CANCEL)


def supply_withdrawn(command: told.ReportSupplyWithdrawn) -> Attention:
    what = Said(
        fr=f"l'opérateur retire le service support ({command.code}) : demander aux autres, ou "
        "clore",
        en=f"the operator withdraws what it stands on ({command.code}): ask the others, or close",
    )
    return ask(command, SUPPLY_WITHDRAWN, what, RETRY, END, CANCEL, detail=command.code)


def amendment(command: told.AmendAccess, needs: Said) -> Attention:
    asked = ask(command, AMENDMENT, needs, AGREE, REFUSE, turn=Turn.PROVIDER)
    return asked.model_copy(update={"until": command.needs_until})


def overwritten(command: told.AccessCommand, fact: facts.WrongOverwritingTold) -> Attention:
    """Decision 39: a wrong overwriting has a way back, once a person has said that it is one."""
    who = TELLERS_SAID[fact.told_by]
    named = "" if fact.code is None else f" ({fact.code})"
    what = Said(
        fr=f"{who.fr} dit que l'accès a pris la ligne d'un autre client{named} : vérifier la prise "
        f"ou le numéro d'installation. Si c'est vrai (agree), {fact.operator} remet ce qui était "
        "là et ce site est terminé sans frais (règle de notre part) ; la bonne prise est une "
        "nouvelle commande, liée. Sinon (refuse), la commande continue",
        en=f"{who.en} says that the access took another customer's line{named}: check the socket "
        f"or the installation number. If it did (agree), {fact.operator} puts back what was there "
        "and this site is closed without charge (a default of ours); the right socket is a new "
        "order, linked. If not (refuse), the order goes on",
    )
    return ask(command, OVERWRITTEN, what, AGREE, REFUSE, detail=fact.code or fact.told_by)


TELLERS_SAID = {
    Teller.OPERATOR: Said(fr="l'opérateur", en="the operator"),
    Teller.OTHER_OPERATOR: Said(fr="un autre opérateur", en="another operator"),
    Teller.CUSTOMER: Said(fr="le client", en="the customer"),
    Teller.COLLEAGUE: Said(fr="un collègue", en="a colleague"),
}


def closing(command: told.AccessCommand, dates: Said, *allowed: DecisionKind) -> Attention:
    """Nothing is delivered after technical closure (decision 44): a person has the dates."""
    what = Said(
        fr=f"{dates.fr} : avancer la livraison avec l'opérateur, ou clore (la fibre est une "
        "nouvelle commande, liée)",
        en=f"{dates.en}: have the operator deliver it sooner, or close (fibre is a new order, "
        "linked)",
    )
    return ask(command, CLOSING, what, *allowed, END, CANCEL)
