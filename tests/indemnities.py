"""Words for tests about indemnities: one at each stage, on facts of real contracts."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain import indemnity_facts as facts
from domain.attention import AttentionRaised
from domain.contract_values import FormulaName
from domain.event import Event
from domain.identity import LineId, OrderId, line_id_for
from domain.indemnity_facts import (
    Assessment,
    Head,
    IndemnityId,
    IndemnityTerms,
    Party,
    Share,
    indemnity_id_for,
    indemnity_stream,
)
from domain.indemnity_questions import Question, QuestionAbout, asked
from domain.said import Said
from ledger.append import Append, CommandStamp, NoStream, StreamAppend
from runtime.store import Store
from tests.builders import command_id
from tests.porting import ORDER_ID, STORY, paris, shelf

WHY = Said(fr="le portage a pris du retard", en="the port was late")
SUM = Decimal("7.96")


def terms(
    head: Head = Head.DELAY,
    *,
    provider: str = "onecom",
    order_id: OrderId = ORDER_ID,
    monthly: str | None = "19.90",
    **more: Any,  # noqa: ANN401
) -> IndemnityTerms:
    line_id = more.pop("line_id", line_id_for(order_id, number=1))
    return IndemnityTerms(
        indemnity_id=more.pop("indemnity_id", indemnity_id_for(line_id, head)),
        head=head,
        line_id=line_id,
        order_id=order_id,
        number=1,
        pin=shelf().pin(provider, "mobile", date(2027, 1, 8)),
        monthly_ttc=None if monthly is None else Decimal(monthly),
        **more,
    )


def opened(given: IndemnityTerms | None = None) -> facts.IndemnityOpened:
    return facts.IndemnityOpened(terms=given or terms(), shown_by=WHY)


def assessment(ours: Decimal = SUM, **more: Any) -> Assessment:  # noqa: ANN401
    kept: dict[str, Any] = {
        "head": Head.DELAY,
        "formula": FormulaName.SHARE_OF_MONTHLY_PER_DAY,
        "factor": "1/5",
        "source": "001:168",
        "may_be_paid": True,
        "monthly_ttc": Decimal("19.90"),
        "agreed_on": date(2027, 1, 15),
        "back_on": date(2027, 1, 17),
        "days": (),
        "shares": (Share(party=Party.HOST, days=2, amount=ours),),
        "ours": ours,
        "because": (WHY,),
    }
    return Assessment(**{**kept, **more})


def of_the_donor() -> Assessment:
    share = Share(party=Party.DONOR, days=2, amount=None)
    return assessment(Decimal("0.00"), shares=(share,))


def assessed(value: Assessment | None = None) -> facts.IndemnityAssessed:
    value = value or assessment()
    return facts.IndemnityAssessed(
        assessment=value,
        evidence_until=paris("2027-02-01T00:00:00") if value.owed_by_another else None,
        request_until=paris("2028-01-18T00:00:00") if value.ours else None,
    )


def requested() -> facts.IndemnityRequested:
    return facts.IndemnityRequested(
        on=date(2027, 1, 9),
        due_on=date(2027, 2, 8),
        due_until=paris("2027-02-09T00:00:00"),
        source="ours: decision 37",
        by="finance",
    )


def question(
    about: QuestionAbout = QuestionAbout.RESPONSIBLE, *, at: datetime = STORY
) -> AttentionRaised:
    return AttentionRaised(
        attention=asked(Question(about=about, what=WHY), since=at, until=paris("2027-01-12T00:00"))
    )


AT_STAGE: dict[str, tuple[Event, ...]] = {
    "counting": (),
    "asking": (question(),),
    "awaiting-request": (assessed(),),
    "payable": (assessed(), requested()),
    "evidence": (assessed(of_the_donor()),),
}


async def indemnity_in(
    store: Store, order: str, line: LineId, stage: str = "payable", *, name: str = ""
) -> IndemnityId:
    """One of an order's line, at a stage, as its own process would have left it."""
    order_id = OrderId(UUID(order))
    indemnity_id = indemnity_id_for(line, Head.DELAY)
    if name:
        indemnity_id = IndemnityId(command_id(name))
    given = terms(order_id=order_id, line_id=line, indemnity_id=indemnity_id)
    await store.ledger.append(
        Append(
            command=CommandStamp(
                command_id=command_id(f"indemnity {indemnity_id}"), fingerprint=b"test"
            ),
            business_at=STORY,
            actor="test",
            correlation=str(order_id),
            streams=(
                StreamAppend(
                    stream_id=indemnity_stream(indemnity_id),
                    expected=NoStream(),
                    events=(opened(given), *AT_STAGE[stage]),
                ),
            ),
        )
    )
    return indemnity_id
