"""Words for tests about notices that go out."""

from datetime import date, timedelta
from uuid import UUID

from domain.identity import LineId, order_subject
from domain.notices import (
    Cause,
    Compose,
    Composed,
    Effect,
    NoticePurpose,
    NoticeTerms,
    Tell,
    notice_id_of,
)
from domain.order_file import Came, Channel
from domain.personal import Personal
from domain.said import Language, Said
from tests.porting import ORDER_ID, STORY, ordered_line

SUBJECT = order_subject(ORDER_ID)
SOON = STORY + timedelta(days=2)
DAY = date(2027, 1, 9)
WHY = Said(fr="par courriel", en="by email")
ADDRESS = Personal(subject=SUBJECT, value="camille@example.fr")
CUSTOMER = Personal(subject=SUBJECT, value="Etablissements Martin")
CAME = Came(sent_on=DAY)
EFFECT = Effect(on=DAY, rule=Said(fr="le jour de son envoi", en="the day it is sent"))


def terms(
    purpose: NoticePurpose = NoticePurpose.PORT_PLANNED, language: Language = Language.FR
) -> NoticeTerms:
    return NoticeTerms(
        notice_id=notice_id_of(ORDER_ID, purpose, round_=0),
        order_id=ORDER_ID,
        client="crm",
        reference="R-1",
        pin=ordered_line().terms.pin,
        purpose=purpose,
        language=language,
    )


def cause(number: int = 1, **facts: Said) -> Cause:
    said = facts or {"port_day": Said(fr="vendredi 15 janvier 2027", en="Friday 15 January 2027")}
    return Cause(cause_id=UUID(int=number), line_id=LineId(UUID(int=100 + number)), facts=said)


def tell(*causes: Cause) -> Tell:
    return Tell(decided_at=STORY, terms=terms(), causes=causes or (cause(),))


def composed(channel: Channel = Channel.EMAIL) -> Composed:
    return Composed(
        at=STORY,
        template=1,
        channel=channel,
        why=WHY,
        to=ADDRESS if channel is Channel.EMAIL else None,
        provider="Axantis",
        customer=CUSTOMER,
        digest="ab" * 32,
    )


def compose(channel: Channel = Channel.EMAIL) -> Compose:
    return Compose(decided_at=STORY, composed=composed(channel), until=SOON)
