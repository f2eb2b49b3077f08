"""What a port-in asks people about: each question, whose turn it is, and what may be decided."""

from datetime import date, datetime
from typing import Protocol

from pydantic import AwareDatetime

from domain import port_in_commands as told
from domain.attention import Attention, AttentionCleared, DecisionKind, Turn
from domain.event import Event
from domain.failure_bounds import (
    DONOR_SILENT_BOUND,
    INACTIVE_BOUND,
    NOT_WORKING_BOUND,
    after_loss,
    after_refusal,
    way_out,
)
from domain.port_in_facts import Gate, Step
from domain.reactivation import ReactivationWindow
from domain.refusals import Refusal
from domain.said import Said, day_said, joined

NUMBER_TAKEN = "number-taken"
GATES = "gates"
FLEET = "fleet"
PRESENCE = "presence"
DAY_MISSED = "day-missed"
DATE = "date"
OPERATOR_REFUSED = "operator-refused"
OPERATOR_SILENT = "operator-silent"
DONOR_REFUSED = "donor-refused"
DONOR_SILENT = "donor-silent"
ELIGIBILITY_LOST = "eligibility-lost"
REACTIVATION = "reactivation"
INACTIVE = "number-inactive"
NOT_WORKING = "line-not-working"
CONFIRMATIONS = "confirmations-missing"
CANCELLATION_PAPER = "cancellation-paper"
CANCELLATION_AGREEMENT = "cancellation-agreement"
NOTHING_MOVES = "nothing-moves"

CANCELLATIONS = (CANCELLATION_PAPER, CANCELLATION_AGREEMENT)

RETRY, SKIP = DecisionKind.RETRY, DecisionKind.SKIP
CANCEL, END, POSTPONE = DecisionKind.CANCEL, DecisionKind.END, DecisionKind.POSTPONE

STEPS_SAID = {
    Step.PREPARE_LINE: Said(fr="la préparation de la ligne", en="getting the line ready"),
    Step.SEND_REQUEST: Said(fr="la demande au donneur", en="the request to the donor"),
    Step.COMMIT_PORT: Said(fr="le ticket de portage", en="the porting ticket"),
    Step.CHECK_ACTIVE: Said(fr="le contrôle d'activité", en="the check of activity"),
    Step.SWITCH_LINE: Said(fr="la bascule", en="the switch"),
    Step.VERIFY_LINE: Said(fr="la vérification de la ligne", en="verifying the line"),
    Step.CANCEL_REQUEST: Said(
        fr="l'annulation auprès du donneur", en="the cancellation at the donor"
    ),
    Step.RELEASE_LINE: Said(fr="la restitution de la ligne", en="giving the line back"),
    Step.GIVE_NUMBER: Said(fr="l'attribution d'un nouveau numéro", en="giving a new number"),
    Step.CHECK_ELIGIBILITY: Said(
        fr="l'éligibilité du site", en="checking whether the site can be served"
    ),
    Step.STUDY_SITE: Said(fr="l'étude de faisabilité", en="the feasibility study"),
    Step.RESERVE_ACCESS: Said(fr="la réservation de l'accès", en="keeping a pair or a port"),
    Step.DESATURATE: Said(fr="la désaturation", en="the desaturation"),
    Step.BUILD_ACCESS: Said(fr="les travaux", en="the works"),
    Step.OFFER_VISITS: Said(fr="les créneaux de visite", en="the slots of a visit"),
    Step.BOOK_VISIT: Said(fr="le rendez-vous", en="booking the visit"),
    Step.CANCEL_VISIT: Said(fr="l'annulation du rendez-vous", en="cancelling the visit"),
    Step.COMMISSION_ACCESS: Said(fr="la mise en service", en="putting it into service"),
    Step.RELEASE_ACCESS: Said(fr="la restitution de l'accès", en="giving the access back"),
    Step.PUT_BACK: Said(
        fr="la remise en état de la ligne de l'autre client",
        en="putting the other customer's line back",
    ),
}


class Asking(Protocol):
    """Any command of a line that may leave something to a person."""

    @property
    def decided_at(self) -> AwareDatetime: ...

    @property
    def answer_by(self) -> AwareDatetime: ...


class Cancelling(Asking, Protocol):
    @property
    def needs_agreement(self) -> bool: ...

    @property
    def needs_until(self) -> AwareDatetime: ...


class Asked(Protocol):
    """Any line that may wait for people."""

    @property
    def attentions(self) -> tuple[Attention, ...]: ...


def cleared(state: Asked, code: str) -> tuple[Event, ...]:
    """What has been overtaken by what happened, if it was open."""
    is_open = any(attention.code == code for attention in state.attentions)
    return (AttentionCleared(code=code),) if is_open else ()


def ask(
    command: Asking,
    code: str,
    what: Said,
    *allowed: DecisionKind,
    turn: Turn = Turn.OPERATIONS,
    detail: str | None = None,
) -> Attention:
    return Attention(
        code=code,
        what=what,
        since=command.decided_at,
        until=command.answer_by,
        turn=turn,
        allowed=allowed,
        detail=detail,
    )


def number_taken(command: told.NoteNumberTaken) -> Attention:
    """Which order it is may be nobody's business here: whoever may see it finds it by number."""
    what = Said(
        fr="le numéro est déjà en cours de portage par une autre commande (cherchez-la par numéro)",
        en="the number is already being moved by another order (look for it by its number)",
    )
    return ask(command, NUMBER_TAKEN, what, RETRY, CANCEL)


def gates_closed(gates: tuple[Gate, ...], now: datetime) -> Attention:
    """One question for all that is missing; the soonest deadline is its own."""
    return Attention(
        code=GATES,
        what=joined(gate.said for gate in gates),
        since=now,
        until=min(gate.until for gate in gates),
        turn=Turn.CUSTOMER,
        allowed=(DecisionKind.PROVIDE, SKIP, CANCEL),
        detail=",".join(gate.kind for gate in gates),
        blocks=False,
    )


def fleet(gate: Gate, now: datetime) -> Attention:
    """Asked on each of its lines, and answered on as many of them as a person names."""
    return Attention(
        code=FLEET,
        what=gate.said,
        since=now,
        until=gate.until,
        turn=Turn.OPERATIONS,
        allowed=(DecisionKind.AGREE, CANCEL),
        detail=gate.source,
        blocks=False,
    )


def presence(gate: Gate, now: datetime, *, until: datetime) -> Attention:
    """Asked as soon as the day is known; it only stops the port when that becomes final."""
    return gates_closed((gate,), now).model_copy(update={"code": PRESENCE, "until": until})


def missed(command: told.PortCommand, day: date) -> Attention:
    what = Said(
        fr=f"le {day_said(day).fr} est passé avant que le portage ne soit lancé",
        en=f"{day_said(day).en} passed before the port was made final",
    )
    return ask(command, DAY_MISSED, what, RETRY, POSTPONE, CANCEL)


def date_refused(command: told.RefuseDates) -> Attention:
    first, wished = day_said(command.first), day_said(command.wished)
    what = Said(
        fr=f"le {wished.fr} n'est plus possible ({command.why.fr}) ; le premier jour possible "
        f"est le {first.fr}",
        en=f"{wished.en} can no longer be ({command.why.en}); the first day that can is {first.en}",
    )
    return ask(
        command, DATE, what, POSTPONE, CANCEL, turn=Turn.CUSTOMER, detail=command.first.isoformat()
    )


def operator_refused(command: Asking, step: Step, code: str) -> Attention:
    what = Said(
        fr=f"l'opérateur refuse {STEPS_SAID[step].fr} ({code})",
        en=f"the operator refuses {STEPS_SAID[step].en} ({code})",
    )
    return ask(command, OPERATOR_REFUSED, what, *way_out(step), detail=f"{step}:{code}")


def operator_silent(command: Asking, step: Step) -> Attention:
    """What became of it is not known: trying again looks it up before anything is sent."""
    what = Said(
        fr=f"pas de réponse de l'opérateur pour {STEPS_SAID[step].fr}",
        en=f"no answer from the operator about {STEPS_SAID[step].en}",
    )
    return ask(command, OPERATOR_SILENT, what, *way_out(step), detail=step)


def donor_silent(command: told.PassTime) -> Attention:
    what = Said(
        fr="le donneur n'a pas répondu, même relancé",
        en="the donor has not answered, even when reminded",
    )
    return ask(command, DONOR_SILENT, what, *DONOR_SILENT_BOUND)


def donor_refused(command: told.PortCommand, refusal: Refusal, remedy: Said) -> Attention:
    what = Said(
        fr=f"{refusal.code} : {refusal.cause.fr} ; {remedy.fr}",
        en=f"{refusal.code}: {refusal.cause.en}; {remedy.en}",
    )
    return ask(command, DONOR_REFUSED, what, *after_refusal(refusal.next_step), detail=refusal.code)


def eligibility_lost(command: told.PortCommand, code: str) -> Attention:
    what = Said(
        fr=f"le donneur revient sur son accord ({code}) : numéro devenu inéligible",
        en=f"the donor takes its agreement back ({code}): the number became ineligible",
    )
    return ask(command, ELIGIBILITY_LOST, what, *after_loss(code), detail=code)


def reactivation(command: told.PortCommand, code: str, window: ReactivationWindow) -> Attention:
    """Its end is the window's: no decision moves it."""
    because = window.because
    what = Said(
        fr="demander au donneur, autrement que par un ticket (l'échange n'en a pas), de réactiver "
        "le numéro au vu du justificatif ; une fois réactivé, reprendre. Sans cela il est perdu "
        f"au terme de {because.fr}",
        en="ask the donor, other than by a ticket (the exchange has none), to activate the number "
        "again by the justification; once it is, retry. Without that it is lost at the end of "
        f"{because.en}",
    )
    asked = ask(command, REACTIVATION, what, RETRY, CANCEL, END, detail=code)
    return asked.model_copy(update={"until": window.until})


def number_inactive(command: told.HearInactive) -> Attention:
    what = Said(
        fr="le numéro n'est pas actif chez son opérateur",
        en="the number is not active at its operator",
    )
    return ask(command, INACTIVE, what, *INACTIVE_BOUND)


def not_working(command: told.HearNotWorking, code: str) -> Attention:
    what = Said(
        fr=f"la ligne portée ne fonctionne pas ({code})",
        en=f"the ported line does not work ({code})",
    )
    return ask(command, NOT_WORKING, what, *NOT_WORKING_BOUND, detail=code)


def confirmations(command: told.PassTime, missing: tuple[str, ...]) -> Attention:
    names = ", ".join(missing)
    what = Said(
        fr=f"confirmations manquantes : {names} ; sans réponse, le dossier se clôt sans elles",
        en=f"confirmations missing: {names}; left alone, the port closes without them",
    )
    asked = ask(command, CONFIRMATIONS, what, RETRY, SKIP, detail=",".join(missing))
    return asked.model_copy(update={"blocks": False})


def cancellation(command: Cancelling, needs: Said) -> Attention:
    agreement = command.needs_agreement
    decisions = (
        (DecisionKind.AGREE, DecisionKind.REFUSE) if agreement else (DecisionKind.PROVIDE, SKIP)
    )
    asked = ask(
        command,
        CANCELLATION_AGREEMENT if agreement else CANCELLATION_PAPER,
        needs,
        *decisions,
        turn=Turn.PROVIDER if agreement else Turn.CUSTOMER,
    )
    return asked.model_copy(update={"until": command.needs_until})


def nothing_moves(command: Asking) -> Attention:
    what = Said(
        fr="une échéance est passée sans qu'aucun fait n'ait été enregistré : reprendre la ligne",
        en="a deadline passed and no fact was recorded: take the line up again",
    )
    return ask(command, NOTHING_MOVES, what, RETRY).model_copy(update={"blocks": False})
