"""The one way a command becomes facts: load, decide, append, and the same answer when repeated."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from domain.event import Event
from domain.identity import StreamId
from ledger.append import (
    Append,
    CommandReusedError,
    CommandStamp,
    OutboxMessage,
    StreamAppend,
    StreamMovedError,
    expected_after,
)
from ledger.envelope import Envelope, current_version
from ledger.ports import Ledger

Decide = Callable[[tuple[Event, ...]], tuple[Event, ...]]

RACES = 5


@dataclass(frozen=True, kw_only=True)
class Also:
    """Another stream that is decided in the same transaction; nothing is appended to it alone."""

    stream_id: StreamId
    decide: Decide


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One command to one stream, with all that goes into the same transaction."""

    stream_id: StreamId
    stamp: CommandStamp
    decide: Decide
    business_at: datetime
    actor: str
    correlation: str
    cause: str | None = None
    outbox: tuple[OutboxMessage, ...] = ()
    settles: int | None = None
    also: tuple[Also, ...] = ()


async def decide_once(
    ledger: Ledger, decision: Decision, *, known: tuple[Envelope, ...] | None = None
) -> tuple[Envelope, ...]:
    """The whole stream after the decision. Somebody appending meanwhile means deciding again.

    `known` is the stream as the caller has just read it: the version that is expected says whether
    it has moved since.
    """
    for _ in range(RACES):
        try:
            return await _decide(ledger, decision, known)
        except StreamMovedError:
            known = None
    return await _decide(ledger, decision, known)


async def _decide(
    ledger: Ledger, decision: Decision, known: tuple[Envelope, ...] | None
) -> tuple[Envelope, ...]:
    history = await ledger.read(decision.stream_id) if known is None else known
    if _already_decided(history, decision.stamp):
        return history
    events = decision.decide(tuple(envelope.event for envelope in history))
    if not events:
        return history
    others = [await _decided_beside(ledger, also) for also in decision.also]
    appended = await ledger.append(
        Append(
            command=decision.stamp,
            business_at=decision.business_at,
            actor=decision.actor,
            correlation=decision.correlation,
            cause=decision.cause,
            streams=(
                StreamAppend(
                    stream_id=decision.stream_id,
                    expected=expected_after(current_version(history)),
                    events=events,
                ),
                *(other for other in others if other is not None),
            ),
            outbox=decision.outbox,
            settles=decision.settles,
        )
    )
    return history + tuple(
        envelope for envelope in appended.envelopes if envelope.stream_id == decision.stream_id
    )


async def _decided_beside(ledger: Ledger, also: Also) -> StreamAppend | None:
    history = await ledger.read(also.stream_id)
    events = also.decide(tuple(envelope.event for envelope in history))
    if not events:
        return None
    return StreamAppend(
        stream_id=also.stream_id,
        expected=expected_after(current_version(history)),
        events=events,
    )


def _already_decided(history: tuple[Envelope, ...], stamp: CommandStamp) -> bool:
    for envelope in history:
        if envelope.command_id == stamp.command_id:
            if envelope.fingerprint != stamp.fingerprint:
                raise CommandReusedError(stamp.command_id)
            return True
    return False
