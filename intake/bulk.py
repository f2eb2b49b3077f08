"""The same answer for many lines: which they are exactly, what becomes of each, and doing it."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain import access_people, access_rules, bulks
from domain.access_stages import Access
from domain.attention import ALWAYS
from domain.bulks import (
    BeginBulk,
    BeginPart,
    BulkAction,
    BulkAsked,
    BulkBegun,
    BulkLine,
    LineAnswered,
    NotBegun,
    bulk_id_for,
    bulk_stream,
    in_parts,
    part_stream,
)
from domain.cancellations import cancellation_terms
from domain.identity import step_command
from domain.port_dates import DateRefusedError
from domain.port_in_amending import why_not_moved
from domain.port_in_people import closes_at, why_not_cancelled
from domain.port_in_states import Going
from domain.port_planning import plan_as_it_stands
from domain.port_rules import PortRules
from domain.said import Said
from ledger.append import Append, CommandStamp, NoStream, OutboxMessage, StreamAppend
from ledger.messages import DO_PART
from ledger.ports import Ledger
from ledger.sealing import KeyedHash
from projections.line import LineDocument
from projections.lines import LineBrief
from workflows.messages import unlike


@dataclass(frozen=True, kw_only=True)
class LineForeseen:
    """What would become of one line."""

    line: BulkLine
    stage: str
    why_not: str | None
    """None where it can be done."""
    port_day: date | None = None
    """The day it would move to."""
    cost: tuple[Said, ...] = ()
    """What cancelling it would cost, in every reading."""


@dataclass(frozen=True, kw_only=True)
class Begin:
    """A bulk at the door: what, of which lines, by whom, under which key, when."""

    asked: BulkAsked
    lines: Sequence[BulkLine]
    client: str
    actor: str
    key: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A bulk, and what its lines have said so far."""

    bulk: BulkBegun
    answers: Sequence[tuple[BulkLine, LineAnswered | None]]


ASKS_SOMETHING_ELSE = "it does not ask that now"


def foreseen_by_brief(brief: LineBrief, asked: BulkAsked) -> LineForeseen:
    """Of a decision: whether it is among what the line's question allows."""
    named = [cause for cause in brief.causes if cause.code == asked.about]
    causes = [cause for cause in named if asked.detail in {None, cause.detail}]
    may = [d for cause in causes for d in (*cause.allowed, *ALWAYS)]
    why_not = None
    if asked.decision not in may:
        why_not = f"{asked.about} allows {', '.join(may)}" if may else ASKS_SOMETHING_ELSE
    return LineForeseen(line=bulk_line(brief), stage=brief.stage, why_not=why_not)


def bulk_line(brief: LineBrief) -> BulkLine:
    return BulkLine(order_id=brief.order_id, line_id=brief.line_id, line=brief.number)


def foreseen(
    document: LineDocument, asked: BulkAsked, *, rules: PortRules, at: datetime
) -> LineForeseen:
    """Of a cancellation or a move: what the line itself would say now."""
    state = document.state
    line = BulkLine(
        order_id=document.order_id, line_id=document.line_id, line=document.state.terms.number
    )
    day, cost = None, tuple[Said, ...]()
    why_not: str | None
    if isinstance(state, Access):
        why_not, cost = _of_a_site(state, asked, rules=rules, at=at)
    elif not isinstance(state, Going):
        why_not = "the line has ended, or is a new number"
    elif asked.action is BulkAction.CANCEL:
        why_not = why_not_cancelled(state, at)
        contract = rules.contract(state.terms.pin)
        cost = cancellation_terms(contract, asked_at=at, closes_at=closes_at(state)).cost
    else:
        why_not, day = _moved(state, asked, rules=rules, at=at)
    return LineForeseen(line=line, stage=document.stage, why_not=why_not, port_day=day, cost=cost)


def _of_a_site(
    state: Access, asked: BulkAsked, *, rules: PortRules, at: datetime
) -> tuple[str | None, tuple[Said, ...]]:
    if asked.action is BulkAction.MOVE:
        return "it has no port day: another day for a site is asked by amending its order", ()
    return access_people.why_not_cancelled(state), access_rules.end_terms(rules, state, at).cost


def _moved(
    state: Going, asked: BulkAsked, *, rules: PortRules, at: datetime
) -> tuple[str | None, date | None]:
    if refused := why_not_moved(state):
        return refused, None
    try:
        plan = plan_as_it_stands(rules, state, wished=asked.day, at=at).plan
    except DateRefusedError as exc:
        return f"{exc.why.en}: the first day that can be is {exc.first}", None
    return None, plan.port_day


def token_of(asked: BulkAsked, lines: Iterable[BulkLine]) -> str:
    """What was shown, in a word: another line or another answer makes it another."""
    whole = asked.model_copy(update={"by": ""}).model_dump_json()
    ids = ",".join(sorted(str(line.line_id) for line in lines))
    return hashlib.sha256(f"{whole}\x1f{ids}".encode()).hexdigest()[:32]


@dataclass(frozen=True, kw_only=True)
class BulkBook:
    ledger: Ledger
    keyed_hash: KeyedHash

    async def begun_before(self, *, client: str, key: str) -> BulkBegun | None:
        return await self._begun(bulk_id_for(client=client, key=key))

    async def begin(self, begin: Begin) -> BulkBegun:
        """CommandReusedError: the key carried another one."""
        bulk_id = bulk_id_for(client=begin.client, key=begin.key)
        parts = [tuple(part) for part in in_parts(begin.lines)]
        command = BeginBulk(
            decided_at=begin.at,
            bulk_id=bulk_id,
            client=begin.client,
            asked=begin.asked,
            lines=len(begin.lines),
            parts=len(parts),
            token=token_of(begin.asked, begin.lines),
        )
        event = bulks.begin(command)
        content = unlike(command.token, begin.asked)
        await self.ledger.append(
            Append(
                command=CommandStamp(
                    command_id=step_command(bulk_id, step="begin"),
                    fingerprint=self.keyed_hash.digest(purpose="command", content=content.encode()),
                ),
                business_at=begin.at,
                actor=begin.actor,
                correlation=str(bulk_id),
                streams=(
                    StreamAppend(
                        stream_id=bulk_stream(bulk_id), expected=NoStream(), events=(event,)
                    ),
                    *_parts(command, parts),
                ),
                outbox=tuple(_to_be_done(bulk_id, part) for part in range(1, len(parts) + 1)),
            )
        )
        return event

    async def standing(self, bulk_id: UUID) -> Standing | None:
        begun = await self._begun(bulk_id)
        if begun is None:
            return None
        answers: list[tuple[BulkLine, LineAnswered | None]] = []
        for part in range(1, begun.parts + 1):
            history = await self.ledger.read(part_stream(bulk_id, part))
            state = bulks.fold(envelope.event for envelope in history)
            if not isinstance(state, NotBegun):
                said = {one.line_id: one for one in state.answers}
                answers += [(line, said.get(line.line_id)) for line in state.part.lines]
        return Standing(bulk=begun, answers=answers)

    async def _begun(self, bulk_id: UUID) -> BulkBegun | None:
        for envelope in await self.ledger.read(bulk_stream(bulk_id)):
            if isinstance(envelope.event, BulkBegun):
                return envelope.event
        return None


def _parts(command: BeginBulk, parts: Iterable[tuple[BulkLine, ...]]) -> Iterator[StreamAppend]:
    for number, lines in enumerate(parts, start=1):
        begin = BeginPart(
            decided_at=command.decided_at,
            bulk_id=command.bulk_id,
            part=number,
            asked=command.asked,
            lines=lines,
        )
        yield StreamAppend(
            stream_id=part_stream(command.bulk_id, number),
            expected=NoStream(),
            events=bulks.decide(begin, NotBegun()),
        )


def _to_be_done(bulk_id: UUID, part: int) -> OutboxMessage:
    payload = {"bulk_id": str(bulk_id), "part": part}
    return OutboxMessage(kind=DO_PART, payload=json.dumps(payload))
