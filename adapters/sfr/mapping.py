"""Between our words and SFR's: pure, one payload at a time.

A change, as it is polled:

    {"idEvenement": "7f0c…", "commandeId": "SFR-9D1E0C44", "cleUnique": "9d1e…",
     "refClient": "4a6b… (our line)", "type": "SIM_PRETE", "survenu_le": 1799535600000,
     "ligneId": "LS9D1E0C44"}
"""

from collections.abc import Mapping
from typing import Annotated, Any, assert_never

from pydantic import Field, TypeAdapter

from adapters.sfr import access_mapping, works_mapping
from adapters.sfr.access_messages import EvenementAcces
from adapters.sfr.messages import (
    Commande,
    CommandeAnnulee,
    CommandeRejetee,
    Enregistree,
    Essai,
    EssaiReussi,
    EtatNumero,
    Evenement,
    Identite,
    Inconnue,
    LigneBasculee,
    LigneResiliee,
    LigneRetablie,
    LigneSuspendue,
    Nature,
    NumeroAttribue,
    Rejet,
    Said,
    SimPrete,
    Situation,
    Statut,
    UnreadableAnswerError,
    milliseconds,
)
from adapters.sfr.works_messages import EvenementTravaux, OfVisit, OfWorks
from domain.operators import (
    Activity,
    Answer,
    Change,
    ChangeRefusedTold,
    Check,
    LineChange,
    LineChangedTold,
    LineReadyTold,
    LineRequest,
    LineStanding,
    NumberActive,
    NumberGivenTold,
    NumberInactive,
    Refused,
    ReleasedTold,
    RioAnswer,
    RioGiven,
    Standing,
    Stands,
    StepRefusedTold,
    SwitchedTold,
    Told,
    Took,
    Withdrawal,
    WithdrawnTold,
    Works,
)
from domain.port_in_facts import SimKind, Step

Json = dict[str, Any]

NATURES = {
    Step.SWITCH_LINE: Nature.PORTED,
    Step.GIVE_NUMBER: Nature.NEW,
    Step.RELEASE_LINE: Nature.END,
}
RESERVATIONS = {SimKind.SIM: Nature.CARD, SimKind.ESIM: Nature.PROFILE}
CHANGES = {Change.SUSPEND: Nature.SUSPEND, Change.RESUME: Nature.RESUME}
STEPS: Mapping[Nature, Step] = {
    **{nature: step for step, nature in NATURES.items()},
    **dict.fromkeys(RESERVATIONS.values(), Step.PREPARE_LINE),
    **{nature: step for step, nature in access_mapping.NATURES.items()},
}
STANDINGS = {
    "RESERVEE": Standing.RESERVED,
    "ACTIVE": Standing.ACTIVE,
    "SUSPENDUE": Standing.SUSPENDED,
    "RESILIEE": Standing.ENDED,
}
ACTIVITIES: Mapping[str, Activity] = {
    "EN_SERVICE": NumberActive(suspended=False),
    "SUSPENDU": NumberActive(suspended=True),
    "HORS_SERVICE": NumberInactive(),
}
CHANGE: TypeAdapter[Evenement | EvenementAcces | EvenementTravaux] = TypeAdapter(
    Annotated[Evenement | EvenementAcces | EvenementTravaux, Field(discriminator="type")]
)
ESSAI: TypeAdapter[Essai] = TypeAdapter(Essai)
_DONE = frozenset({200, 201, 202})
_OK, _UNKNOWN = 200, 404
_REFUSALS = frozenset({404, 409, 422})

# what we ask


def line_order(request: LineRequest) -> Json:
    nature = NATURES.get(request.step) or RESERVATIONS[request.sim]
    order: Json = {
        "cleUnique": request.key,
        "refClient": str(request.line_id),
        "nature": nature.value,
        "date_demande": milliseconds(request.asked_at),
    }
    if request.host_line is not None:
        order["ligneId"] = request.host_line
    if request.number is not None:
        order["numero_mobile"] = request.number
    return order


def line_change(change: LineChange) -> Json:
    return {
        "cleUnique": change.key,
        "refClient": str(change.line_id),
        "nature": CHANGES[change.change].value,
        "date_demande": milliseconds(change.asked_at),
        "ligneId": change.host_line,
        "motif": change.reason,
    }


def order_withdrawal(withdrawal: Withdrawal) -> Json:
    return {
        "cleUnique": withdrawal.key,
        "refClient": str(withdrawal.line_id),
        "nature": Nature.WITHDRAW.value,
        "date_demande": milliseconds(withdrawal.asked_at),
        "cle_annulee": withdrawal.of,
    }


# what it answers


def known_order(said: Said, key: str) -> Commande | None:
    """None only when SFR says in its own words that it has none."""
    if said.status == _UNKNOWN:
        Inconnue.model_validate_json(said.content)
        return None
    order = Commande.model_validate_json(_content(said))
    if order.cle != key:
        raise UnreadableAnswerError("it answers about another order")
    return order


def known_answer(order: Commande) -> Answer:
    match order.statut:
        case Statut.ENREGISTREE | Statut.EN_COURS | Statut.TERMINEE:
            return Took(reference=order.commande)
        case Statut.REJETEE:
            if order.code_rejet is None:
                raise UnreadableAnswerError("a refusal without its code")
            return Refused(code=order.code_rejet)
        case Statut.ANNULEE:
            return Refused(code=Statut.ANNULEE.value)
        case _:
            assert_never(order.statut)


def order_answer(said: Said, key: str) -> Answer:
    if said.status in _REFUSALS:
        return _refusal(said)
    if said.status not in _DONE:
        raise UnreadableAnswerError(f"status {said.status}")
    order = Enregistree.model_validate_json(said.content)
    if order.cle != key:
        raise UnreadableAnswerError("it answers another order")
    return Took(reference=order.commande)


def activity_of(said: Said) -> Activity:
    return ACTIVITIES[EtatNumero.model_validate_json(_content(said)).etat]


def check_of(said: Said) -> Check:
    if said.status in _REFUSALS:
        return _refusal(said)
    result = ESSAI.validate_json(_content(said))
    if isinstance(result, EssaiReussi):
        return Works(reference=result.reference)
    return Refused(code=result.code)


def rio_answer(said: Said) -> RioAnswer:
    if said.status in _REFUSALS:
        return _refusal(said)
    return RioGiven(rio=Identite.model_validate_json(_content(said)).rio)


def standing_of(said: Said) -> LineStanding:
    if said.status in _REFUSALS:
        return _refusal(said)
    return Stands(standing=STANDINGS[Situation.model_validate_json(_content(said)).situation])


def _content(said: Said) -> bytes:
    if said.status != _OK:
        raise UnreadableAnswerError(f"status {said.status}")
    return said.content


def _refusal(said: Said) -> Refused:
    return Refused(code=Rejet.model_validate_json(said.content).code_rejet)


# what has come


def told_of(event: Evenement | EvenementAcces | EvenementTravaux) -> Told:
    told: Told
    match event:
        case SimPrete():
            told = LineReadyTold(ready_at=event.at, host_line=event.ligne)
        case LigneBasculee():
            told = _switched(event)
        case NumeroAttribue():
            told = NumberGivenTold(
                number=event.numero_mobile, given_at=event.at, host_line=event.ligne
            )
        case LigneResiliee():
            told = ReleasedTold(released_at=event.at)
        case LigneSuspendue():
            told = LineChangedTold(change=Change.SUSPEND, changed_at=event.at)
        case LigneRetablie():
            told = LineChangedTold(change=Change.RESUME, changed_at=event.at)
        case CommandeAnnulee():
            told = WithdrawnTold(key=event.cle_annulee, withdrawn_at=event.at)
        case CommandeRejetee():
            told = _rejected(event)
        case OfWorks() | OfVisit():
            told = works_mapping.told_of(event)
        case _:
            told = access_mapping.told_of(event)
    return told


def _switched(event: LigneBasculee) -> Told:
    return SwitchedTold(
        outage_from=event.coupure.debut,
        outage_to=event.coupure.fin,
        sim_activated_at=event.sim_active_le,
    )


def _rejected(event: CommandeRejetee) -> Told:
    step = STEPS.get(event.nature)
    if step is None:
        return ChangeRefusedTold(key=event.cle, code=event.code_rejet, refused_at=event.at)
    return StepRefusedTold(step=step, key=event.cle, code=event.code_rejet, refused_at=event.at)
