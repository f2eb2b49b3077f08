"""One reverse port: what may be decided, and which facts follow.

Facts and states lie beside this file (`reverse_port_facts`, `reverse_port_states`). Dates are
worked out before a command (`reverse_port_dates`).
"""

from datetime import date

from pydantic import AwareDatetime

from domain import reverse_port_facts as facts
from domain.attention import (
    Attention,
    AttentionCleared,
    AttentionMoved,
    AttentionRaised,
    DecisionKind,
    DecisionTaken,
    Turn,
    answered_by,
    going_up,
    gone_up,
)
from domain.event import Command, Event
from domain.reverse_port_facts import FAULT, Ending, Incident, ReverseDates, ReversePortTerms
from domain.reverse_port_states import (
    DATA_MISSING,
    Agreed,
    Announced,
    Closed,
    Demanded,
    HandingBack,
    KnownReversePort,
    NotOpened,
    ReversePortState,
    due_of,
)
from domain.said import Said, moment_said

Facts = tuple[Event, ...]

DEMANDED = "reverse-demanded"
UNANNOUNCED = "reverse-unannounced"
HOST = "reverse-host"
NOTHING_MOVES = "nothing-moves"

# errors


class ReversePortRefusedError(Exception):
    """It cannot be done as things stand; the message says what can."""


# commands


class ReverseCommand(Command):
    answer_by: AwareDatetime
    """Until when a person has to answer what this raises, where no date of the exchange says."""


class DemandReverse(ReverseCommand):
    """Somebody records what the initial donor demands."""

    terms: ReversePortTerms
    incident: Incident
    evidence: str
    dates: ReverseDates
    by: str


class NoteAnnounced(ReverseCommand):
    """2410 about a number of ours."""

    terms: ReversePortTerms
    port_day: date
    announced_at: AwareDatetime
    hand_back_at: AwareDatetime
    dates: ReverseDates


class AnswerReverse(ReverseCommand):
    decision: DecisionKind
    about: str | None
    reason: str
    by: str
    until: AwareDatetime | None = None
    turn: Turn | None = None


class AskHost(ReverseCommand):
    key: str


class HearTook(ReverseCommand):
    reference: str


class HearRefused(ReverseCommand):
    code: str


class HearNothing(ReverseCommand):
    """Not even a look-up says what became of it."""


class NoteReleased(ReverseCommand):
    released_at: AwareDatetime


class SetAside(ReverseCommand):
    """What came says nothing here."""

    what: str
    why: str


class PassTime(ReverseCommand):
    """A date has come, and what was awaited has not."""


class RaiseSilence(ReverseCommand):
    """The watchdog's: a date has passed and no fact was recorded."""


# decide


def decide(command: ReverseCommand, state: ReversePortState) -> Facts:
    match command:
        case DemandReverse():
            return _demanded(command, state)
        case NoteAnnounced():
            return _announced(command, state)
    if isinstance(state, NotOpened):
        raise ReversePortRefusedError("there is no such reverse port; see 'raccord reverse list'")
    if isinstance(command, AnswerReverse):
        return _answered(command, state)
    found = _of_the_process(command, state)
    silent = state.asks(NOTHING_MOVES) and not isinstance(command, RaiseSilence | SetAside)
    return (AttentionCleared(code=NOTHING_MOVES), *found) if silent and found else found


def _demanded(command: DemandReverse, state: ReversePortState) -> Facts:
    if isinstance(state, Closed) and state.gone:
        raise ReversePortRefusedError("the number has gone back already: look at it")
    if not isinstance(state, NotOpened | Closed):
        raise ReversePortRefusedError(
            f"it is demanded already, and stands at {state.stage}: answer that"
        )
    if not command.evidence.strip():
        raise ReversePortRefusedError("say where what shows the incident is kept: give evidence")
    asked = _question(
        DEMANDED, _DEMANDED, command, until=command.dates.agree_by, allowed=_AGREE_OR_REFUSE
    )
    return (_opened(command, command.incident, command.evidence, by=command.by), asked)


def _opened(
    command: DemandReverse | NoteAnnounced, incident: Incident, evidence: str, *, by: str
) -> facts.ReversePortDemanded:
    return facts.ReversePortDemanded(
        terms=command.terms,
        incident=incident,
        fault=FAULT[incident],
        evidence=evidence,
        dates=command.dates,
        by=by,
    )


def _announced(command: NoteAnnounced, state: ReversePortState) -> Facts:
    """In its order, before our agreement, before any demand, or once more."""
    told = facts.ReversePortAnnounced(
        port_day=command.port_day,
        announced_at=command.announced_at,
        received_at=command.decided_at,
        hand_back_at=command.hand_back_at,
    )
    unannounced = _question(
        UNANNOUNCED, _UNANNOUNCED, command, until=command.dates.agree_by, allowed=_AGREE_OR_REFUSE
    )
    match state:
        case NotOpened():
            by = f"operator {command.terms.donor}"
            return (_opened(command, Incident.UNSTATED, "2410", by=by), told, unannounced)
        case Agreed():
            return (*_cleared(state, DATA_MISSING), *_cleared(state, NOTHING_MOVES), told)
        case Demanded() | Announced() if _moves_the_day(told, state.announced):
            return (*_cleared(state, NOTHING_MOVES), told)
        case Closed() if not state.gone:
            again = _opened(command, state.demanded.incident, state.demanded.evidence, by="2410")
            return (again, told, unannounced)
        case _:
            return (_ignored("2410", f"it came before: the reverse port is {state.stage}"),)


def _moves_the_day(
    told: facts.ReversePortAnnounced, known: facts.ReversePortAnnounced | None
) -> bool:
    """Its first data, or later ones for another day: the initial donor leads until we act."""
    if known is None:
        return True
    return told.port_day != known.port_day and told.announced_at > known.announced_at


# its own process


def _of_the_process(command: ReverseCommand, state: KnownReversePort) -> Facts:
    found: Facts = ()
    match command, state:
        case AskHost(), Announced() if not state.blocked:
            found = (_asked(command.key, command, epoch=state.epoch),)
        case HearTook(reference=reference), HandingBack(taken=False):
            found = (facts.HandBackTaken(reference=reference),)
        case HearRefused(code=code), HandingBack():
            found = _host_refused(command, code)
        case HearNothing(), HandingBack() if not state.blocked:
            found = (_question(HOST, _HOST_SILENT, command, until=command.answer_by),)
        case NoteReleased(released_at=released_at), HandingBack() | Announced():
            found = _gone(facts.NumberHandedBack(handed_back_at=released_at))
        case SetAside(what=what, why=why), _:
            found = (_ignored(what, why),)
        case PassTime(), _:
            found = _time_passed(command, state)
        case RaiseSilence(), _:
            found = _silent(command, state)
        case HearRefused() | NoteReleased(), _:
            found = (_ignored(type(command).__name__, f"the reverse port is {state.stage}"),)
    return found


def _asked(key: str, command: ReverseCommand, *, epoch: int) -> facts.HandBackAsked:
    return facts.HandBackAsked(
        key=key, epoch=epoch, asked_at=command.decided_at, until=command.answer_by
    )


def _host_refused(command: ReverseCommand, code: str) -> Facts:
    asked = _question(HOST, _HOST_REFUSED, command, until=command.answer_by, detail=code)
    return (facts.HandBackRefused(code=code), asked)


def _gone(handed_back: facts.NumberHandedBack) -> Facts:
    at = moment_said(handed_back.handed_back_at)
    why = Said(
        fr=f"le numéro est rendu au donneur initial, {at.fr}",
        en=f"the number is back with its initial donor, {at.en}",
    )
    return (handed_back, facts.ReversePortClosed(ending=Ending.HANDED_BACK, why=why))


def _time_passed(command: PassTime, state: KnownReversePort) -> Facts:
    now = command.decided_at
    overdue = [a for a in going_up(state.attentions) if a.until <= now]
    if overdue:
        return tuple(_gone_up(one, command, state) for one in overdue)
    due = due_of(state)
    if isinstance(state, Agreed) and due is not None and due <= now:
        until = max(state.demanded.dates.back_at_most, now)
        return (
            _question(
                DATA_MISSING,
                _DATA_MISSING,
                command,
                until=until,
                allowed=(DecisionKind.END,),
            ),
        )
    return ()


def _gone_up(
    attention: Attention, command: ReverseCommand, state: KnownReversePort
) -> AttentionMoved:
    """To the most the exchange allows, where that is still to come."""
    most = state.demanded.dates.agree_at_most
    asked = attention.code in {DEMANDED, UNANNOUNCED} and most > command.decided_at
    return gone_up(attention, until=most if asked else command.answer_by)


def _silent(command: RaiseSilence, state: KnownReversePort) -> Facts:
    if state.attentions or isinstance(state, Closed):
        return ()
    allowed = (DecisionKind.RETRY,)
    return (
        _question(NOTHING_MOVES, _NOTHING_MOVES, command, until=command.answer_by, allowed=allowed),
    )


# people


def _answered(command: AnswerReverse, state: KnownReversePort) -> Facts:
    attention = answered_by(state.attentions, command.decision, command.about)
    if not command.reason.strip():
        raise ReversePortRefusedError("the other operator may ask why: give a reason")
    taken = DecisionTaken(
        code=attention.code, decision=command.decision, reason=command.reason, by=command.by
    )
    over = AttentionCleared(code=attention.code)
    found: Facts
    match command.decision:
        case DecisionKind.AGREE:
            found = (taken, over, *_agreed(command))
        case DecisionKind.REFUSE:
            refused = facts.ReversePortRefused(reason=command.reason, by=command.by)
            found = (taken, over, refused, _closed(Ending.REFUSED, command.reason))
        case DecisionKind.END:
            found = (taken, over, _closed(Ending.GIVEN_UP, command.reason))
        case DecisionKind.RETRY:
            found = (taken, over, *_asked_again(command, state))
        case DecisionKind.SKIP:
            by_hand = facts.NumberHandedBack(
                handed_back_at=command.decided_at, by_hand=command.reason
            )
            found = (taken, over, *_gone(by_hand))
        case _:
            found = (taken, _moved(command, attention))
    return found


def _agreed(command: AnswerReverse) -> Facts:
    return (
        facts.ReversePortAgreed(agreed_at=command.decided_at, reason=command.reason, by=command.by),
    )


def _asked_again(command: AnswerReverse, state: KnownReversePort) -> Facts:
    """What was not answered is asked under its own key; what was refused, under another."""
    if isinstance(state, HandingBack):
        return (_asked(state.asked.key, command, epoch=state.asked.epoch),)
    return ()


def _closed(ending: Ending, reason: str) -> facts.ReversePortClosed:
    said = _ENDED[ending]
    why = Said(fr=f"{said.fr} : {reason}", en=f"{said.en}: {reason}")
    return facts.ReversePortClosed(ending=ending, why=why)


def _moved(command: AnswerReverse, attention: Attention) -> AttentionMoved:
    snoozed = command.decision is DecisionKind.SNOOZE
    if snoozed and (command.until is None or command.until <= command.decided_at):
        raise ReversePortRefusedError("say until when: give until=2027-01-20T09:00+01:00")
    if not snoozed and command.turn is None:
        raise ReversePortRefusedError("say whose turn it is: give turn=supervisor")
    if command.until is not None and command.until <= command.decided_at:
        raise ReversePortRefusedError("until has passed already: give an instant still to come")
    ahead = attention.until > command.decided_at  # an answer that was due goes up again at once
    return AttentionMoved(
        code=attention.code,
        until=command.until or (attention.until if ahead else command.answer_by),
        turn=command.turn or attention.turn,
        why=Said(fr=command.reason, en=command.reason),
    )


# words


def _question(
    code: str,
    what: Said,
    command: ReverseCommand,
    *,
    until: AwareDatetime,
    allowed: tuple[DecisionKind, ...] = (DecisionKind.RETRY, DecisionKind.SKIP),
    detail: str | None = None,
) -> AttentionRaised:
    """Everything stands still until it is answered, but for data that may still come."""
    return AttentionRaised(
        attention=Attention(
            code=code,
            what=what,
            since=command.decided_at,
            until=until,
            turn=Turn.OPERATIONS,
            allowed=allowed,
            detail=detail,
            blocks=code != DATA_MISSING,
        )
    )


def _cleared(state: KnownReversePort, code: str) -> Facts:
    return (AttentionCleared(code=code),) if state.asks(code) else ()


def _ignored(what: str, why: str) -> facts.ReverseTicketIgnored:
    return facts.ReverseTicketIgnored(what=what, why=why)


_AGREE_OR_REFUSE = (DecisionKind.AGREE, DecisionKind.REFUSE)

_DEMANDED = Said(
    fr="le donneur initial demande le retour du numéro après un incident : accepter (le 2400 part "
    "avec la prochaine vacation), ou refuser et le lui dire autrement, l'échange n'ayant pas de "
    "ticket de refus",
    en="the initial donor wants the number back after an incident: agree (the 2400 leaves with the "
    "next session), or refuse and tell them by other means, as the exchange has no ticket for that",
)
_UNANNOUNCED = Said(
    fr="le donneur initial a diffusé le retour du numéro (2410) sans notre accord : l'appeler, "
    "puis accepter ou refuser",
    en="the initial donor has announced that the number goes back (2410) without our agreement: "
    "call them, then agree or refuse",
)
_DATA_MISSING = Said(
    fr="le retour est accepté et le donneur initial n'a rien diffusé (2410) : l'appeler, ou y "
    "renoncer",
    en="the way back is agreed and the initial donor has announced nothing (2410): call them, or "
    "give it up",
)
_HOST_REFUSED = Said(
    fr="l'hôte refuse de libérer la ligne : redemander, ou l'obtenir autrement et passer outre",
    en="the host refuses to release the line: ask again, or have it done otherwise and skip",
)
_HOST_SILENT = Said(
    fr="l'hôte ne dit pas si la ligne est libérée : redemander, ou s'en assurer et passer outre",
    en="the host does not say whether the line is released: ask again, or make sure and skip",
)
_NOTHING_MOVES = Said(
    fr="une date est passée et rien ne s'est produit : reprendre ('raccord resume')",
    en="a date has passed and nothing happened: take it up again ('raccord resume')",
)
_ENDED = {
    Ending.REFUSED: Said(fr="refusé, le numéro reste", en="refused, the number stays"),
    Ending.GIVEN_UP: Said(fr="abandonné, le numéro reste", en="given up, the number stays"),
}
