"""What an exchange of files needs a person for: a file nobody answers, a ticket nobody can read.

One stream for each trouble, named after what it is about: the same trouble seen twice is one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, assert_never
from uuid import UUID, uuid5

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.event import Command, Event
from domain.exchange_codes import code_of
from domain.identity import StreamId
from domain.said import Said
from domain.territories import ExchangeGroup

_TROUBLES = UUID("5b0a7c5e-6a3b-5d0c-9a39-0e3a3c4f1d09")
FILE_NAME = r"^[A-Za-z0-9._-]{1,80}$"

# errors


class TroubleRefusedError(Exception):
    """It cannot be decided so; the message says what can."""


# what a trouble is


class TroubleKind(StrEnum):
    """What went wrong, each with one sentence of meaning."""

    UNANSWERED = "unanswered"
    """A file of ours was not acknowledged in time."""
    FILE_REFUSED = "file-refused"
    """A file of ours was refused whole."""
    TICKET_REFUSED = "ticket-refused"
    """A ticket of ours was not taken by its recipient."""
    FILE_UNREADABLE = "file-unreadable"
    """A file of theirs was refused whole."""
    TICKET_SET_ASIDE = "ticket-set-aside"
    """One ticket of theirs was set aside; the rest of its file was taken."""
    STRAY_ANSWER = "stray-answer"
    """They answered a file we never put down."""
    REFUSAL_BURST = "refusal-burst"
    """Many wrong RIOs refused at once: somebody may be trying numbers that are not theirs."""
    SYNC_DIFFERENCE = "sync-difference"
    """Their weekly list says otherwise than our own tickets."""


class TroubleDecision(StrEnum):
    """What a person may do about it."""

    SETTLE = "settle"
    """It is dealt with, or needs nothing; a reason is required."""
    DEPOSIT_AGAIN = "deposit-again"
    """Put the same bytes down once more."""
    READ_AGAIN = "read-again"
    """Read what was set aside once more, after what was missing is there."""


_ALLOWED: Mapping[TroubleKind, tuple[TroubleDecision, ...]] = {
    TroubleKind.UNANSWERED: (TroubleDecision.SETTLE, TroubleDecision.DEPOSIT_AGAIN),
    TroubleKind.FILE_REFUSED: (TroubleDecision.SETTLE, TroubleDecision.DEPOSIT_AGAIN),
    TroubleKind.TICKET_SET_ASIDE: (TroubleDecision.SETTLE, TroubleDecision.READ_AGAIN),
}


class Trouble(BaseModel):
    """Codes and places only: what was written in a ticket stays sealed with its file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: TroubleKind
    group: ExchangeGroup
    partner: str = Field(pattern=r"^[0-9]{2}$|^$")
    file: str = Field(pattern=FILE_NAME)
    place: int | None = None
    """The line of the file; None when it is about the whole of it."""
    code: str = Field(pattern=r"^[A-Z0-9]{4}$|^$")
    owner: UUID | None = None
    """The line or the transfer it is about, where one is known."""
    since: AwareDatetime
    until: AwareDatetime
    """When somebody should have looked at it."""

    @property
    def trouble_id(self) -> UUID:
        """The same trouble has the same name, however often it is seen."""
        place = "" if self.place is None else str(self.place)
        whole = f"{self.kind}\x1f{self.group}\x1f{self.file}\x1f{place}\x1f{self.code}"
        return uuid5(_TROUBLES, whole)

    @property
    def allowed(self) -> tuple[TroubleDecision, ...]:
        out_of_sequence = self.kind is TroubleKind.FILE_UNREADABLE and self.code == "E007"
        if out_of_sequence:
            return (TroubleDecision.SETTLE, TroubleDecision.READ_AGAIN)
        return _ALLOWED.get(self.kind, (TroubleDecision.SETTLE,))

    @property
    def what(self) -> Said:
        meaning = code_of(self.code).meaning
        where = "" if self.place is None else f", {self.place}"
        said = _WORDS[self.kind]
        code = f"{self.code} " if self.code else ""
        return Said(
            fr=f"{said.fr} ({self.file}{where}) : {code}{meaning.fr}",
            en=f"{said.en} ({self.file}{where}): {code}{meaning.en}",
        )


_WORDS: Mapping[TroubleKind, Said] = {
    TroubleKind.UNANSWERED: Said(
        fr="fichier sans accusé de réception", en="a file nobody acknowledged"
    ),
    TroubleKind.FILE_REFUSED: Said(
        fr="fichier refusé par son destinataire", en="a file its recipient refused"
    ),
    TroubleKind.TICKET_REFUSED: Said(
        fr="ticket refusé par son destinataire", en="a ticket its recipient refused"
    ),
    TroubleKind.FILE_UNREADABLE: Said(
        fr="fichier reçu, refusé en entier", en="a file received and refused whole"
    ),
    TroubleKind.TICKET_SET_ASIDE: Said(
        fr="ticket reçu, mis de côté", en="a ticket received and set aside"
    ),
    TroubleKind.STRAY_ANSWER: Said(
        fr="réponse à un fichier que nous n'avons pas déposé",
        en="an answer to a file we never put down",
    ),
    TroubleKind.REFUSAL_BURST: Said(
        fr="beaucoup de RIO faux d'un coup : fraude possible, regarder qui les a commandés",
        en="many wrong RIOs at once: it may be fraud, look at who ordered them",
    ),
    TroubleKind.SYNC_DIFFERENCE: Said(
        fr="la synchronisation dit autre chose que nos tickets",
        en="the synchronisation says otherwise than our tickets",
    ),
}


def trouble_stream(trouble_id: UUID) -> StreamId:
    return StreamId(f"exchange-trouble/{trouble_id}")


# commands


class RaiseTrouble(Command):
    trouble: Trouble


class EndTrouble(Command):
    """What happened since has settled it."""

    why: Said


class SettleTrouble(Command):
    decision: TroubleDecision
    by: str
    reason: str


TroubleCommand = RaiseTrouble | EndTrouble | SettleTrouble

# events


class ExchangeTroubleRaised(Event):
    trouble: Trouble


class ExchangeTroubleOver(Event):
    why: Said


class ExchangeTroubleSettled(Event):
    decision: TroubleDecision
    by: str
    reason: str


TroubleEvent = ExchangeTroubleRaised | ExchangeTroubleOver | ExchangeTroubleSettled

# state


@dataclass(frozen=True)
class Calm:
    """Nothing is wrong, or no longer."""


class Open(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    stage: Literal["open"] = "open"
    trouble: Trouble


TroubleState = Calm | Open

# decide


def decide(command: TroubleCommand, state: TroubleState) -> tuple[TroubleEvent, ...]:
    match command, state:
        case RaiseTrouble(trouble=trouble), Calm():
            return (ExchangeTroubleRaised(trouble=trouble),)
        case EndTrouble(why=why), Open():
            return (ExchangeTroubleOver(why=why),)
        case SettleTrouble() as settle, Open(trouble=trouble):
            return (_settled(settle, trouble),)
        case SettleTrouble(), Calm():
            raise TroubleRefusedError("it is settled already; look at its history")
        case _:
            return ()


def _settled(command: SettleTrouble, trouble: Trouble) -> ExchangeTroubleSettled:
    if command.decision not in trouble.allowed:
        raise TroubleRefusedError(
            f"'{command.decision}' does not help here; decide one of: {', '.join(trouble.allowed)}"
        )
    if command.decision is TroubleDecision.SETTLE and not command.reason.strip():
        raise TroubleRefusedError("say why it is settled: a reason is required")
    return ExchangeTroubleSettled(decision=command.decision, by=command.by, reason=command.reason)


# evolve


def evolve(state: TroubleState, event: TroubleEvent) -> TroubleState:
    del state
    match event:
        case ExchangeTroubleRaised(trouble=trouble):
            return Open(trouble=trouble)
        case ExchangeTroubleOver() | ExchangeTroubleSettled():
            return Calm()
        case _:
            assert_never(event)


def fold(events: Iterable[Event]) -> TroubleState:
    state: TroubleState = Calm()
    for event in events:
        if isinstance(event, TroubleEvent):
            state = evolve(state, event)
    return state
