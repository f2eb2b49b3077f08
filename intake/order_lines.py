"""The lines of an order, however many: by their place, a page at a time, or one by its place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.identity import LineId, line_id_for
from intake.api import ApiPorts, lines_of
from intake.paging import cursor_after, place_of
from intake.versions import tag_of
from projections.line import LineDocument
from projections.lines import BriefsAsked, LineBrief, brief_of, kind_of, outcome_of, replaced_by
from projections.order import LineOfOrder, OrderDocument

_NUMBER = (int,)


@dataclass(frozen=True, kw_only=True)
class LinesPage:
    """Lines with their documents, and where the next page begins."""

    lines: Sequence[tuple[LineOfOrder, LineDocument]]
    next: str | None


@dataclass(frozen=True, kw_only=True)
class PageAsked:
    cursor: str | None
    limit: int
    stage: str | None = None
    outcome: str | None = None
    code: str | None = None


async def page_of_lines(ports: ApiPorts, order: OrderDocument, asked: PageAsked) -> LinesPage:
    """What was accepted a moment ago is among the lines an order keeps itself."""
    place = place_of(asked.cursor, _NUMBER)
    after = 0 if place is None else int(place[0])
    if order.lots:
        found = await _of_lots(ports, order, asked, after)
    else:
        found = [pair for pair in await _of_order(ports, order) if _is_asked(pair, asked, after)]
    shown = found[: asked.limit]
    following = cursor_after((shown[-1][0].number,)) if len(found) > asked.limit else None
    return LinesPage(lines=shown, next=following)


async def _of_lots(
    ports: ApiPorts, order: OrderDocument, asked: PageAsked, after: int
) -> list[tuple[LineOfOrder, LineDocument]]:
    briefs = await ports.lines.of_order(
        order.order_id,
        BriefsAsked(
            after=after,
            limit=asked.limit + 1,
            stage=asked.stage,
            outcome=asked.outcome,
            code=asked.code,
        ),
    )
    return await with_documents(ports, briefs)


async def with_documents(
    ports: ApiPorts, briefs: Iterable[LineBrief]
) -> list[tuple[LineOfOrder, LineDocument]]:
    wanted = list(briefs)
    documents = await ports.lines.many([brief.line_id for brief in wanted])
    return [
        (place_in_order(documents[brief.line_id]), documents[brief.line_id])
        for brief in wanted
        if brief.line_id in documents
    ]


async def _of_order(
    ports: ApiPorts, order: OrderDocument
) -> list[tuple[LineOfOrder, LineDocument]]:
    found = await lines_of(ports, order)
    return [(line, found[line.line_id]) for line in order.lines if line.line_id in found]


def _is_asked(pair: tuple[LineOfOrder, LineDocument], asked: PageAsked, after: int) -> bool:
    line, document = pair
    codes = {attention.code for attention in document.attentions}
    return (
        line.number > after
        and asked.stage in {None, document.stage}
        and asked.outcome in {None, outcome_of(document)}
        and (asked.code is None or asked.code in codes)
    )


def place_in_order(document: LineDocument) -> LineOfOrder:
    return LineOfOrder(
        line_id=document.line_id,
        number=document.state.terms.number or 0,
        kind=kind_of(document),
        replaces=replaced_by(document),
        outcome=outcome_of(document),
    )


async def tag_for(
    ports: ApiPorts, order: OrderDocument, lines: Mapping[LineId, LineDocument]
) -> str:
    """Whatever moves the order or one of its lines makes it another."""
    if not order.lots:
        return tag_of(order, lines)
    tally = await ports.lines.tally(order.order_id)
    return f'"{order.version}.{tally.versions}"'


async def line_numbered(ports: ApiPorts, order: OrderDocument, number: int) -> LineDocument | None:
    """By its place; a line that stands in for another is numbered after all that were ordered."""
    named = [line.line_id for line in order.lines if line.number == number]
    if not named and order.lots:
        named = await _numbered_in_lots(ports, order, number)
    return await ports.lines.find(named[0]) if named else None


async def _numbered_in_lots(ports: ApiPorts, order: OrderDocument, number: int) -> list[LineId]:
    if number <= order.line_count:
        return [line_id_for(order.order_id, number=number)]
    asked = BriefsAsked(after=number - 1, limit=1)
    found = await ports.lines.of_order(order.order_id, asked)
    return [brief.line_id for brief in found if brief.number == number]


async def briefs_of_order(ports: ApiPorts, order: OrderDocument) -> list[LineBrief]:
    """Every line of an order, in a few words."""
    if order.lots:
        asked = BriefsAsked(limit=2 * order.line_count)
        return list(await ports.lines.of_order(order.order_id, asked))
    return [brief_of(document) for _, document in await _of_order(ports, order)]
