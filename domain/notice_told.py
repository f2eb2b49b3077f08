"""Word to a line's own process that a notice about it has taken effect: kept in the inbox, like
whatever comes from outside."""

from datetime import date

from pydantic import BaseModel, ConfigDict, ValidationError

from domain.access_told import QuoteTold
from domain.identity import NoticeId
from domain.notices import Cause, NoticeInEffect
from domain.operators import Unreadable
from domain.said import Said

NOTICES = "notices"
"""Whose word it is."""


class _Word(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    reference: str
    notice_id: NoticeId
    channel: str
    on: date
    rule: Said


def quote_word(cause: Cause, notice_id: NoticeId, told: NoticeInEffect) -> str | None:
    """None for what is about no quote: nothing of it waits for the day it is told."""
    if cause.about is None or cause.line_id is None:
        return None
    word = _Word(
        reference=cause.about,
        notice_id=notice_id,
        channel=told.channel,
        on=told.effect.on,
        rule=told.effect.rule,
    )
    return word.model_dump_json()


def read_word(body: str) -> QuoteTold | Unreadable:
    try:
        word = _Word.model_validate_json(body)
    except ValidationError as exc:
        return Unreadable(why=f"no word of a notice: {exc.error_count()} faults")
    return QuoteTold(
        reference=word.reference,
        notice_id=word.notice_id,
        channel=word.channel,
        on=word.on,
        rule=word.rule,
    )
