"""One difference between our facts and a host's: raised, looked at again, put right, or accepted.

One stream for each line and kind: seen again on the next night, it is the same one. It closes when
the host says what we believe, whoever saw to that.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Literal, NewType, assert_never
from uuid import UUID, uuid5

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.attention import Turn
from domain.event import Command, Event
from domain.identity import LineId, OrderId, StreamId, step_command
from domain.port_in_facts import HostNetwork
from domain.reconciling import DifferenceKind, OurSide, TheirSide
from domain.said import Said

DifferenceId = NewType("DifferenceId", UUID)
_DIFFERENCES = UUID("5b0a7c5e-6a3b-5d0c-9a39-0e3a3c4f1d0b")

# errors


class DifferenceRefusedError(Exception):
    """It cannot be decided so; the message says what can."""


# what a difference is


class Remedy(StrEnum):
    """What our ports can ask of a host to put a line right."""

    RELEASE = "release"
    """Have it take back a line that should not be there."""
    RESUME = "resume"
    """Have it put back what a line had before it was barred."""


class DifferenceDecision(StrEnum):
    """What a person may do about it."""

    SETTLE = "settle"
    """Accepted as it is, with a reason: not raised again while both sides say what they say."""
    ASK_HOST_AGAIN = "ask-host-again"
    """The host is asked at once."""
    RELEASE = "release"
    RESUME = "resume"


REMEDIES: Mapping[DifferenceKind, Remedy] = {
    DifferenceKind.LEFT_THERE: Remedy.RELEASE,
    DifferenceKind.SUSPENDED_THERE: Remedy.RESUME,
}
"""The others are nothing our ports can put right: a person calls the host."""


class Difference(BaseModel):
    """Both sides, as they were when it was last seen. Codes and instants only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: DifferenceKind
    line_id: LineId
    order_id: OrderId
    provider: str
    host: HostNetwork
    host_line: str
    ours: OurSide
    theirs: TheirSide

    @property
    def difference_id(self) -> DifferenceId:
        return difference_id_for(self.line_id, self.kind)

    @property
    def remedy(self) -> Remedy | None:
        return REMEDIES.get(self.kind)

    @property
    def allowed(self) -> tuple[DifferenceDecision, ...]:
        remedy = self.remedy
        proposed = () if remedy is None else (DifferenceDecision(remedy),)
        return (*proposed, DifferenceDecision.ASK_HOST_AGAIN, DifferenceDecision.SETTLE)

    @property
    def what(self) -> Said:
        said = _WORDS[self.kind]
        where = f"{self.host} {self.host_line}"
        return Said(fr=f"{said.fr} ({where})", en=f"{said.en} ({where})")

    @property
    def proposed(self) -> Said:
        return _PROPOSED[self.kind]

    def same_as(self, other: "Difference") -> bool:
        return self.ours.standing == other.ours.standing and self.theirs.says_as(other.theirs)


_WORDS: Mapping[DifferenceKind, Said] = {
    DifferenceKind.ENDED_THERE: Said(
        fr="l'hôte a résilié une ligne que nous croyons en place",
        en="the host has ended a line that is there by our facts",
    ),
    DifferenceKind.UNKNOWN_THERE: Said(
        fr="l'hôte ne connaît pas une ligne que nous croyons en place",
        en="the host does not know a line that is there by our facts",
    ),
    DifferenceKind.LEFT_THERE: Said(
        fr="l'hôte garde une ligne que nous avons rendue : elle est facturée pour rien",
        en="the host still has a line we gave back: it is billed for nothing",
    ),
    DifferenceKind.SUSPENDED_THERE: Said(
        fr="l'hôte a suspendu une ligne sans que nous l'ayons demandé",
        en="the host has suspended a line, and we did not ask for it",
    ),
    DifferenceKind.NOT_ACTIVE_THERE: Said(
        fr="l'hôte a sans numéro une ligne que nous croyons en service",
        en="the host has a line without its number that works by our facts",
    ),
    DifferenceKind.ACTIVE_THERE: Said(
        fr="l'hôte a mis en service une ligne qui attend encore son numéro",
        en="the host has put in service a line that still waits for its number",
    ),
}

_PROPOSED: Mapping[DifferenceKind, Said] = {
    DifferenceKind.ENDED_THERE: Said(
        fr="appeler l'hôte : qui a demandé la fin ? Faire rétablir la ligne, ou prévenir le client",
        en="call the host: who asked for the end? Have the line put back, or tell the customer",
    ),
    DifferenceKind.UNKNOWN_THERE: Said(
        fr="appeler l'hôte avec le nom de la ligne et la référence de notre demande",
        en="call the host with the name of the line and the key of our request",
    ),
    DifferenceKind.LEFT_THERE: Said(
        fr="demander de nouveau la résiliation (release), et contester la facture",
        en="ask again for it to be taken back (release), and dispute the bill",
    ),
    DifferenceKind.SUSPENDED_THERE: Said(
        fr="demander la remise en service (resume), sauf vol ou perte déclarés chez l'hôte",
        en="have it put back (resume), unless loss or theft was reported there",
    ),
    DifferenceKind.NOT_ACTIVE_THERE: Said(
        fr="appeler l'hôte : la ligne est sans service ; faire mettre le numéro, ou le remettre",
        en="call the host: the line has no service; have the number put on it",
    ),
    DifferenceKind.ACTIVE_THERE: Said(
        fr="appeler l'hôte avant le jour du portage : la bascule peut en être gênée",
        en="call the host before the port day: the switch may be hindered by it",
    ),
}


def difference_id_for(line_id: LineId, kind: DifferenceKind) -> DifferenceId:
    return DifferenceId(uuid5(_DIFFERENCES, f"{line_id}\x1f{kind}"))


def difference_stream(difference_id: UUID) -> StreamId:
    return StreamId(f"difference/{difference_id}")


# commands


class NoteStanding(Command):
    """What the host says now: `difference` is this kind's, None when the line has none of it."""

    answer_by: AwareDatetime
    difference: Difference | None
    theirs: TheirSide


class NoteSilence(Command):
    """The host was asked about the line, and did not answer."""

    answer_by: AwareDatetime
    why: str


class DecideDifference(Command):
    decision: DifferenceDecision
    reason: str
    by: str
    remedied_by: AwareDatetime


class NoteRemedy(Command):
    """What the host said to a remedy: a reference, a code, or nothing (`why`)."""

    answer_by: AwareDatetime
    key: str
    reference: str | None = None
    code: str | None = None
    why: str = ""


class PassTime(Command):
    """Nobody decided in time."""

    answer_by: AwareDatetime


DifferenceCommand = NoteStanding | NoteSilence | DecideDifference | NoteRemedy | PassTime

# events


class DifferenceRaised(Event):
    difference: Difference
    until: AwareDatetime


class DifferenceSeenAgain(Event):
    theirs: TheirSide


class DifferenceGone(Event):
    """The host says what we believe."""

    theirs: TheirSide


class DifferenceWentUp(Event):
    until: AwareDatetime
    turn: Turn


class DifferenceSettled(Event):
    by: str
    reason: str


class HostToBeAskedAgain(Event):
    by: str
    reason: str


class HostSaidNothing(Event):
    """Asked about this line, the host did not answer."""

    why: str


class RemedyDecided(Event):
    """The intent, before the host is asked: once for each key."""

    remedy: Remedy
    key: str
    epoch: int
    by: str
    reason: str
    until: AwareDatetime


class RemedyTaken(Event):
    """The host has it; the difference is over when the host says what we believe."""

    reference: str


class RemedyRefused(Event):
    code: str
    until: AwareDatetime


class RemedyUnanswered(Event):
    """Whether the host has it is not known: deciding it again asks under the same key."""

    why: str
    until: AwareDatetime


class RemedyMissed(Event):
    """The host took it, and still says otherwise."""

    until: AwareDatetime


DifferenceEvent = (
    DifferenceRaised
    | DifferenceSeenAgain
    | DifferenceGone
    | DifferenceWentUp
    | DifferenceSettled
    | HostToBeAskedAgain
    | HostSaidNothing
    | RemedyDecided
    | RemedyTaken
    | RemedyRefused
    | RemedyUnanswered
    | RemedyMissed
)

# state


class _State(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Calm(_State):
    """Never seen, or over: the host says what we believe."""

    stage: Literal["calm"] = "calm"
    epoch: int = 0
    """The last remedy's: a key is used for one intention only, however often it comes back."""


class Open(_State):
    """A person is to decide."""

    stage: Literal["open"] = "open"
    difference: Difference
    since: AwareDatetime
    seen: int
    until: AwareDatetime
    turn: Turn = Turn.OPERATIONS
    epoch: int = 0
    unsure: Remedy | None = None
    """Asked for under this epoch's key, and never answered."""
    question: bool = False
    """The host is to be asked again now."""
    came_of_it: Said | None = None
    """What became of the last remedy, or of the last question."""

    @property
    def goes_up(self) -> bool:
        """When nobody answers: once, and then it stays late and in sight."""
        return self.turn is not Turn.SUPERVISOR


class Remedying(_State):
    """The host is asked to put it right."""

    stage: Literal["remedying"] = "remedying"
    difference: Difference
    since: AwareDatetime
    seen: int
    remedy: Remedy
    key: str
    epoch: int
    asked_at: AwareDatetime
    until: AwareDatetime
    reference: str | None = None


class Accepted(_State):
    """A person said that it may stay so."""

    stage: Literal["accepted"] = "accepted"
    difference: Difference
    since: AwareDatetime
    by: str
    reason: str
    epoch: int


DifferenceState = Calm | Open | Remedying | Accepted
KnownDifference = Open | Remedying | Accepted
Facts = tuple[DifferenceEvent, ...]

# decide


def decide(command: DifferenceCommand, state: DifferenceState) -> Facts:
    match command:
        case NoteStanding():
            return _standing(command, state)
        case NoteSilence(why=why):
            return _silence(command, state, why)
        case DecideDifference():
            return _decided(command, state)
        case NoteRemedy():
            return _remedied(command, state)
        case PassTime(decided_at=at, answer_by=until):
            due = isinstance(state, Open) and at >= state.until and state.goes_up
            return (DifferenceWentUp(until=until, turn=Turn.SUPERVISOR),) if due else ()
        case _:
            assert_never(command)


def _standing(command: NoteStanding, state: DifferenceState) -> Facts:
    found = command.difference
    if found is None:
        return () if isinstance(state, Calm) else (DifferenceGone(theirs=command.theirs),)
    raised = (DifferenceRaised(difference=found, until=command.answer_by),)
    match state:
        case Calm():
            return raised
        case Accepted(difference=accepted):
            return () if accepted.same_as(found) else raised
        case Open(difference=open_):
            moved = open_.ours.standing is not found.ours.standing
            return raised if moved else (DifferenceSeenAgain(theirs=command.theirs),)
        case Remedying(until=until):
            late = command.decided_at >= until
            return (RemedyMissed(until=command.answer_by),) if late else ()
        case _:
            assert_never(state)


def _silence(command: NoteSilence, state: DifferenceState, why: str) -> Facts:
    if isinstance(state, Open):
        return (HostSaidNothing(why=why),) if state.question else ()
    if isinstance(state, Remedying) and command.decided_at >= state.until:
        return (HostSaidNothing(why=why), RemedyMissed(until=command.answer_by))
    return ()


def _decided(command: DecideDifference, state: DifferenceState) -> Facts:
    decision, by, reason = command.decision, command.by, command.reason
    if not isinstance(state, Open):
        raise DifferenceRefusedError(_CLOSED[state.stage])
    allowed = state.difference.allowed
    if decision not in allowed:
        raise DifferenceRefusedError(
            f"'{decision}' does not help here; decide one of: {', '.join(allowed)}"
        )
    if decision is DifferenceDecision.ASK_HOST_AGAIN:
        return (HostToBeAskedAgain(by=by, reason=reason),)
    if decision is DifferenceDecision.SETTLE:
        if not reason.strip():
            raise DifferenceRefusedError("say why it may stay so: a reason is required")
        return (DifferenceSettled(by=by, reason=reason),)
    remedy = Remedy(decision.value)
    epoch = state.epoch if state.unsure is remedy else state.epoch + 1
    key = _key(state.difference, remedy, epoch)
    until = command.remedied_by
    return (RemedyDecided(remedy=remedy, key=key, epoch=epoch, by=by, reason=reason, until=until),)


_CLOSED = {
    "calm": "it is over: the host says what we believe",
    "remedying": "the host is being asked already; look at it again when it has answered",
    "accepted": "it was accepted as it is; it is raised again when either side says otherwise",
}


def _key(difference: Difference, remedy: Remedy, epoch: int) -> str:
    """A function of line, step and epoch, like every key of ours."""
    step = f"remedy/{difference.kind}/{remedy}"
    return str(step_command(difference.line_id, step=step, epoch=epoch))


def _remedied(command: NoteRemedy, state: DifferenceState) -> Facts:
    """What comes about another remedy than this one changes nothing."""
    if not isinstance(state, Remedying) or state.key != command.key or state.reference:
        return ()
    if command.reference is not None:
        return (RemedyTaken(reference=command.reference),)
    if command.code is not None:
        return (RemedyRefused(code=command.code, until=command.answer_by),)
    return (RemedyUnanswered(why=command.why, until=command.answer_by),)


# evolve


def evolve(state: DifferenceState, event: DifferenceEvent, at: AwareDatetime) -> DifferenceState:
    if isinstance(event, DifferenceRaised):
        return Open(
            difference=event.difference,
            since=at,
            seen=1,
            until=event.until,
            epoch=state.epoch,
        )
    if isinstance(event, DifferenceGone):
        return Calm(epoch=state.epoch)
    if isinstance(state, Open):
        return _open_after(state, event, at)
    return _remedying_after(state, event) if isinstance(state, Remedying) else state


def _open_after(state: Open, event: DifferenceEvent, at: AwareDatetime) -> DifferenceState:
    after: DifferenceState = state
    match event:
        case DifferenceSeenAgain(theirs=theirs):
            seen = state.difference.model_copy(update={"theirs": theirs})
            changes = {"difference": seen, "seen": state.seen + 1, "question": False}
            after = state.model_copy(update=changes)
        case DifferenceWentUp(until=until, turn=turn):
            after = state.model_copy(update={"until": until, "turn": turn})
        case HostToBeAskedAgain():
            after = state.model_copy(update={"question": True})
        case HostSaidNothing(why=why):
            said = Said(fr=f"l'hôte ne répond pas : {why}", en=f"the host says nothing: {why}")
            after = state.model_copy(update={"question": False, "came_of_it": said})
        case DifferenceSettled(by=by, reason=reason):
            after = Accepted(
                difference=state.difference,
                since=state.since,
                by=by,
                reason=reason,
                epoch=state.epoch,
            )
        case RemedyDecided():
            after = Remedying(
                difference=state.difference,
                since=state.since,
                seen=state.seen,
                remedy=event.remedy,
                key=event.key,
                epoch=event.epoch,
                asked_at=at,
                until=event.until,
            )
    return after


def _remedying_after(state: Remedying, event: DifferenceEvent) -> DifferenceState:
    after: DifferenceState = state
    match event:
        case RemedyTaken(reference=reference):
            after = state.model_copy(update={"reference": reference})
        case RemedyRefused(code=code, until=until):
            said = Said(fr=f"l'hôte refuse : {code}", en=f"the host refuses: {code}")
            after = _asked_again(state, until, said, unsure=False)
        case RemedyUnanswered(why=why, until=until):
            said = Said(fr=f"l'hôte ne répond pas : {why}", en=f"the host says nothing: {why}")
            after = _asked_again(state, until, said, unsure=True)
        case RemedyMissed(until=until):
            said = Said(
                fr="l'hôte l'a pris, et dit toujours autre chose",
                en="the host took it, and still says otherwise",
            )
            after = _asked_again(state, until, said, unsure=False)
    return after


def _asked_again(state: Remedying, until: AwareDatetime, said: Said, *, unsure: bool) -> Open:
    return Open(
        difference=state.difference,
        since=state.since,
        seen=state.seen,
        until=until,
        epoch=state.epoch,
        unsure=state.remedy if unsure else None,
        came_of_it=said,
    )


def fold(history: Iterable[tuple[AwareDatetime, Event]]) -> DifferenceState:
    state: DifferenceState = Calm()
    for at, event in history:
        if isinstance(event, DifferenceEvent):
            state = evolve(state, event, at)
    return state
