"""What the processes of an order's lines fill: numbers, appointments, quotes. And a RIO checked."""

from datetime import date
from enum import StrEnum

from fastapi import FastAPI
from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.identity import LineId, OrderId
from domain.numbers import FrenchNumber
from domain.personal import revealed
from domain.port_in_facts import Outcome
from domain.port_in_states import Ended, Final, Going, Moved
from domain.rio import rio_for
from domain.rio_check import Weight, check_rio
from domain.said import Said
from domain.territories import ExchangeGroup
from intake.api import ApiPorts, existing
from intake.guard import Me
from intake.openapi import refusals
from intake.order_lines import PageAsked, page_of_lines
from intake.paging import ALL_AT_ONCE, CursorText, Limit
from intake.permissions import READ_PERSONAL
from intake.requests import ShortText
from intake.views import number_of
from projections.line import LineDocument
from projections.quotes import Quote


class NumberView(BaseModel):
    line: int | None
    line_id: LineId
    number: str | None
    rio: str | None
    group: ExchangeGroup | None
    donor: str | None
    receiver: str | None
    stage: str
    port_day: date | None
    outcome: Outcome | None


class Numbers(BaseModel):
    numbers: tuple[NumberView, ...]
    next: str | None
    """The page after it, of an order of many lines."""


class AppointmentKind(StrEnum):
    SWITCH = "switch"
    """The number moves: the customer has both cards at hand."""


class AppointmentView(BaseModel):
    line: int | None
    line_id: LineId
    kind: AppointmentKind
    day: date
    starts_at: AwareDatetime
    fixed: bool
    """Whether the day can no longer move."""
    kept_at: AwareDatetime | None


class Appointments(BaseModel):
    appointments: tuple[AppointmentView, ...]
    next: str | None
    """The page after it, of an order of many lines."""


class QuoteView(BaseModel):
    line: int | None
    line_id: LineId
    quote: Quote


class Quotes(BaseModel):
    quotes: tuple[QuoteView, ...]
    next: str | None
    """The page after it, of an order of many lines."""


class RioQuestion(BaseModel):
    """In a body and not in a URL: both are personal data."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: ShortText
    rio: ShortText


class RioFinding(BaseModel):
    weight: Weight
    said: Said


class RioAnswer(BaseModel):
    goes_with_the_number: bool
    operator_code: str
    findings: tuple[RioFinding, ...]


def add_lines(app: FastAPI, ports: ApiPorts) -> None:
    @app.get("/orders/{order_id}/numbers", responses=refusals(404))
    async def numbers(
        order_id: OrderId, me: Me, cursor: CursorText = None, limit: Limit = ALL_AT_ONCE
    ) -> Numbers:
        """Each number, where it comes from and goes to. RIO not for finance."""
        page = await page_of_lines(ports, await existing(ports, order_id, me), asked(cursor, limit))
        shows_rio = me.has(*READ_PERSONAL)
        views = (_number(one, line.number, shows_rio=shows_rio) for line, one in page.lines)
        return Numbers(numbers=tuple(views), next=page.next)

    @app.get("/orders/{order_id}/appointments", responses=refusals(404))
    async def appointments(
        order_id: OrderId, me: Me, cursor: CursorText = None, limit: Limit = ALL_AT_ONCE
    ) -> Appointments:
        """Days on which something happens at the customer's."""
        page = await page_of_lines(ports, await existing(ports, order_id, me), asked(cursor, limit))
        views = (_appointment(one, line.number) for line, one in page.lines)
        shown = tuple(view for view in views if view is not None)
        return Appointments(appointments=shown, next=page.next)

    @app.get("/orders/{order_id}/quotes", responses=refusals(404))
    async def quotes(
        order_id: OrderId, me: Me, cursor: CursorText = None, limit: Limit = ALL_AT_ONCE
    ) -> Quotes:
        """What was said something would cost, in every reading, and what became of it."""
        page = await page_of_lines(ports, await existing(ports, order_id, me), asked(cursor, limit))
        quoted = (
            QuoteView(line=line.number, line_id=line.line_id, quote=quote)
            for line, one in page.lines
            for quote in one.quotes
        )
        return Quotes(quotes=tuple(quoted), next=page.next)

    @app.post("/rio/check", responses=refusals(422))
    async def check_a_rio(question: RioQuestion, me: Me) -> RioAnswer:
        """Whether a RIO goes with a number, and what else is to be said of it."""
        del me
        numbering = ports.steering.numbering
        number = numbering.blocks().placed(FrenchNumber.parse(question.number))
        rio = rio_for(question.rio, number)
        verdict = check_rio(rio, number, directory=numbering.prefixes())
        findings = tuple(RioFinding(weight=f.weight, said=f.said) for f in verdict.findings)
        return RioAnswer(
            goes_with_the_number=all(f.weight is not Weight.REFUSAL for f in findings),
            operator_code=rio.operator_code,
            findings=findings,
        )


def asked(cursor: str | None, limit: int) -> PageAsked:
    return PageAsked(cursor=cursor, limit=limit)


def _number(line: LineDocument, place: int, *, shows_rio: bool) -> NumberView:
    state = line.state
    terms = state.terms if isinstance(state, Going | Ended) else None
    planned = state.planned if isinstance(state, Going | Ended) else None
    rio = state.rio if isinstance(state, Going) else None if terms is None else terms.rio
    return NumberView(
        line=place,
        line_id=line.line_id,
        number=number_of(line),
        rio=revealed(rio) if rio is not None and shows_rio else None,
        group=None if terms is None else terms.group,
        donor=state.donor if isinstance(state, Going) else None if terms is None else terms.donor,
        receiver=None if terms is None else terms.receiver,
        stage=line.stage,
        port_day=None if planned is None else planned.plan.port_day,
        outcome=state.ended.outcome if isinstance(state, Ended) else None,
    )


def _appointment(line: LineDocument, place: int) -> AppointmentView | None:
    state = line.state
    if not isinstance(state, Going) or state.planned is None:
        return None
    return AppointmentView(
        line=place,
        line_id=line.line_id,
        kind=AppointmentKind.SWITCH,
        day=state.planned.plan.port_day,
        starts_at=state.planned.switch_from,
        fixed=isinstance(state, Final),
        kept_at=state.switched.outage_to if isinstance(state, Moved) else None,
    )
