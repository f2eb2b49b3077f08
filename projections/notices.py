"""Notices as two hands see them: what is ours to send, and what waits for a person."""

from collections.abc import Callable

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain import notices
from domain.notices import (
    Gathering,
    KnownNotice,
    Leaving,
    NoticeEvent,
    Sent,
    ToBeSent,
    Undelivered,
)
from ledger.envelope import Envelope
from projections.projection import Projection


class NoticeDocument(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    open: bool
    """Whether this projection's hand has something to do."""
    state: KnownNotice
    due_at: AwareDatetime
    """The business instant of its first cause."""
    began_at: AwareDatetime
    """By the wall: its first fact, and its last."""
    last_at: AwareDatetime


def after(
    document: NoticeDocument | None, envelope: Envelope, is_open: Callable[[KnownNotice], bool]
) -> NoticeDocument | None:
    event = envelope.event
    if not isinstance(event, NoticeEvent):
        return document
    state = notices.evolve(None if document is None else document.state, event)
    if state is None:
        return None
    return NoticeDocument(
        version=envelope.version,
        open=is_open(state),
        state=state,
        due_at=envelope.business_at if document is None else document.due_at,
        began_at=envelope.recorded_at if document is None else document.began_at,
        last_at=envelope.recorded_at,
    )


def _ours(state: KnownNotice) -> bool:
    return isinstance(state, Gathering | Leaving)


def _somebodys(state: KnownNotice) -> bool:
    return isinstance(state, ToBeSent | Undelivered | Sent)


def _projection(name: str, is_open: Callable[[KnownNotice], bool]) -> Projection[NoticeDocument]:
    return Projection(
        name=name,
        document=NoticeDocument,
        kind="notice",
        version_of=lambda document: document.version,
        evolve=lambda document, envelope: after(document, envelope, is_open),
    )


TO_SEND = _projection("notices-to-send", _ours)
WAITING = _projection("notices-waiting", _somebodys)
