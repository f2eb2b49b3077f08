"""Three real simulators over the wire and a real database: what differs is found and put right."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import BaseTestServer, TestServer
from pydantic import SecretStr
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.difference_questions import DifferenceQuestions
from activities.differences import (
    DifferenceActivities,
    DifferenceBook,
    DifferenceProgress,
    DifferenceStep,
    state_of,
)
from activities.reconciling import (
    FindingsStep,
    HostComparison,
    PageCompared,
    PageStep,
    ReconcileActivities,
)
from domain import operators as told
from domain import port_in_facts as facts
from domain.differences import (
    Calm,
    DifferenceDecision,
    DifferenceState,
    difference_id_for,
    difference_stream,
)
from domain.event import Event
from domain.host_nights import Counts
from domain.identity import LineId, line_stream
from domain.new_numbers import NumberGiven
from domain.operators import LineRequest, Took
from domain.port_in_facts import HostNetwork, SimKind, Step
from domain.reconciling import DifferenceKind
from intake.exchange import Asked
from intake.reconciling import ReconcileDesk
from ledger.messages import START_DIFFERENCE
from runtime.processes.projector import line_runner
from runtime.reconciling import difference_runner, reconcile_documents
from runtime.settings import Settings
from runtime.store import Store
from runtime.wiring import READERS, Operators, line_ledger, opened_operators
from simulators.main import build
from tests.builders import append, on_stream
from tests.porting import RULES, STORY
from tests.reconciled import LONG_AGO, activated, given_back, line_at, new_number_at
from tests.waiting import until_async

SECRET = "reconciled"
NIGHT = STORY + timedelta(days=2)


@dataclass
class House:
    """One database, three hosts on real sockets, and hands behind their counters."""

    store: Store
    operators: Operators
    session: aiohttp.ClientSession
    them: str
    env: ActivityEnvironment

    @property
    def book(self) -> DifferenceBook:
        return DifferenceBook(lines=line_ledger(self.store))

    @property
    def comparison(self) -> HostComparison:
        books = reconcile_documents(self.store)
        return HostComparison(
            lines=line_ledger(self.store),
            hosts=self.operators.hosts,
            pages=books,
            differences=books,
        )

    async def has(self, place: int, host: HostNetwork, *, released: bool = False) -> LineId:
        """A line made at its host over the wire, then kept as our facts have it."""
        terms = line_at(place, host).terms
        line_id, number = terms.line_id, terms.msisdn.reveal()
        name = await self._done(terms, Step.PREPARE_LINE, None, number)
        await self._done(terms, Step.SWITCH_LINE, name, number)
        ready = facts.LineReady(ready_at=LONG_AGO, host_line=name)
        given = NumberGiven(number=terms.msisdn, given_at=LONG_AGO)
        events: list[Event] = [new_number_at(place, host), ready, given, activated()]
        if released:
            events = [line_at(place, host), ready, *given_back()]
        stream = on_stream(line_stream(line_id), *events)
        await self.store.ledger.append(append(f"line {place}", stream))
        while await line_runner(self.store).turn():
            continue
        return line_id

    async def _done(self, terms: facts.LineTerms, step: Step, name: str | None, number: str) -> str:
        """Asked of the host, and told by it: the host's own name of the line."""
        gateway = self.operators.hosts[terms.host]
        key = f"{terms.line_id}-{step}"
        ask = LineRequest(
            step=step,
            key=key,
            line_id=terms.line_id,
            asked_at=LONG_AGO,
            sim=SimKind.SIM,
            host_line=name,
            number=number,
        )
        assert isinstance(await gateway.ask(ask), Took)

        async def known() -> bool:
            return await gateway.look_up(key) is not None

        await until_async(known, what=f"{step} at {terms.host}")
        read = READERS[terms.host](str(await gateway.look_up(key)))
        return read.host_line if isinstance(read, told.LineReadyTold) else str(name)

    async def meddle(self, host: HostNetwork, line_id: LineId, standing: str) -> None:
        body = {"host": host, "line": str(line_id), "standing": standing}
        async with self.session.post(f"{self.them}/admin/lines", json=body) as response:
            assert response.status == 200, await response.text()

    async def page(self, host: HostNetwork, **more: Any) -> PageCompared:  # noqa: ANN401
        step = PageStep(**{"host": host, "after": None, "limit": 100, "at": NIGHT, **more})
        return await self.env.run(self.comparison.compare_page, step)

    async def night(self, host: HostNetwork, at: datetime = NIGHT) -> Counts:
        page = await self.page(host, at=at)
        step = FindingsStep(at=at, findings=page.findings, room=50)
        told = await ReconcileActivities(book=self.book, rules=RULES).note_findings(step)
        await difference_runner(self.store).turn()
        return page.counts.plus(told)

    async def state(self, line_id: LineId, kind: DifferenceKind) -> DifferenceState:
        stream = difference_stream(difference_id_for(line_id, kind))
        return state_of(await self.store.ledger.read(stream))

    async def decide(self, line_id: LineId, kind: DifferenceKind, decision: str) -> None:
        document = await reconcile_documents(self.store).difference(
            difference_id_for(line_id, kind)
        )
        assert document is not None
        by = Asked(by="a colleague", reason="because", key=decision, at=NIGHT)
        desk = ReconcileDesk(book=self.book, rules=RULES)
        await desk.decide(document, DifferenceDecision(decision), by)

    async def put_right(self, line_id: LineId, kind: DifferenceKind) -> DifferenceProgress:
        """What its process does, step by step, until the host says what we believe."""
        difference_id = difference_id_for(line_id, kind)
        questions = DifferenceQuestions(lines=line_ledger(self.store), hosts=self.operators.hosts)
        verbs = DifferenceActivities(book=self.book, rules=RULES)
        step = DifferenceStep(difference_id=difference_id, at=NIGHT)
        progress = await verbs.note_remedy(await questions.ask_remedy(step))
        assert progress.taken

        async def right() -> bool:
            nonlocal progress
            later = progress.last_at + timedelta(seconds=1)
            said = await questions.ask_standing(step.model_copy(update={"at": later}))
            progress = await verbs.note_host_says(said)
            return progress.ended

        await until_async(right, what="the host says what we believe")
        return progress


@pytest.fixture
async def house(store: Store) -> AsyncIterator[House]:
    async def clock(_request: web.Request) -> web.Response:
        month = (STORY + timedelta(days=30)).isoformat()
        wall = datetime.now(UTC).isoformat()
        return web.json_response({"wall_origin": wall, "business_origin": month, "scale": 1})

    async def heard(_request: web.Request) -> web.Response:
        return web.Response(status=202)

    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        ours = web.Application()
        ours.router.add_get("/clock", clock)
        ours.router.add_post("/callbacks/{operator}", heard)
        us = await stack.enter_async_context(TestServer(ours))
        app = build(session, api=_url(us), username="raccord", password=SECRET)
        simulators = await stack.enter_async_context(TestServer(app))
        them = _url(simulators)
        settings = Settings(
            orange_url=f"{them}/orange",
            orange_password=SecretStr(SECRET),
            sfr_url=f"{them}/sfr",
            sfr_secret=SecretStr(SECRET),
            bouygues_url=f"{them}/bouygues",
            bouygues_secret=SecretStr(SECRET),
        )
        operators = await stack.enter_async_context(opened_operators(store, settings))
        yield House(store, operators, session, them, ActivityEnvironment())


def _url(server: BaseTestServer) -> str:
    return str(server.make_url("")).rstrip("/")


@pytest.mark.parametrize("host", HostNetwork)
async def test_a_line_suspended_behind_our_back_is_found_and_put_back(
    house: House, host: HostNetwork
) -> None:
    line_id = await house.has(1, host)
    other = await house.has(2, host)
    agreed = await house.night(host)
    await house.meddle(host, line_id, "suspended")

    found = await house.night(host, NIGHT + timedelta(days=1))
    await house.decide(line_id, DifferenceKind.SUSPENDED_THERE, "resume")
    progress = await house.put_right(line_id, DifferenceKind.SUSPENDED_THERE)

    assert (agreed.lines, agreed.compared, agreed.raised) == (2, 2, 0)
    assert (found.compared, found.raised) == (2, 1)
    assert progress.ended
    again = await house.night(host, NIGHT + timedelta(days=2))
    assert (again.compared, again.raised, again.gone) == (2, 0, 0)
    assert isinstance(await house.state(other, DifferenceKind.SUSPENDED_THERE), Calm)


@pytest.mark.parametrize("host", HostNetwork)
async def test_a_line_the_host_kept_is_given_back_after_all(
    house: House, host: HostNetwork
) -> None:
    line_id = await house.has(1, host, released=True)

    found = await house.night(host)
    await house.decide(line_id, DifferenceKind.LEFT_THERE, "release")
    await house.put_right(line_id, DifferenceKind.LEFT_THERE)

    assert found.raised == 1
    assert isinstance(await house.state(line_id, DifferenceKind.LEFT_THERE), Calm)


@pytest.mark.parametrize("host", HostNetwork)
@pytest.mark.parametrize(
    ("standing", "kind"),
    [
        ("ended", DifferenceKind.ENDED_THERE),
        ("reserved", DifferenceKind.NOT_ACTIVE_THERE),
        ("", DifferenceKind.UNKNOWN_THERE),
    ],
)
async def test_what_only_a_person_can_put_right_is_raised_with_both_sides(
    house: House, host: HostNetwork, standing: str, kind: DifferenceKind
) -> None:
    line_id = await house.has(1, host)
    await house.meddle(host, line_id, standing)

    await house.night(host)

    document = await reconcile_documents(house.store).difference(difference_id_for(line_id, kind))
    assert document is not None
    theirs = document.difference.theirs
    assert (theirs.standing or "", theirs.code is None) == (standing, standing != "")
    assert document.difference.ours.evidence[-1].event == "NumberGiven"
    rows = await house.store.outbox.lease(limit=50)
    assert [row.kind for row in rows] == [START_DIFFERENCE]


async def test_a_host_in_maintenance_is_left_alone_after_a_few_questions(house: House) -> None:
    for place in range(1, 7):
        await house.has(place, HostNetwork.ORANGE)
    condition = {"host": "orange", "maintenance": True}
    await house.session.post(f"{house.them}/admin/hosts", json=condition)

    with pytest.raises(ApplicationError, match="maintenance"):
        await house.page(HostNetwork.ORANGE)


async def test_lines_are_read_in_pages_each_once(house: House) -> None:
    lines = [await house.has(place, HostNetwork.SFR) for place in range(1, 6)]
    await house.has(9, HostNetwork.BOUYGUES)

    first = await house.page(HostNetwork.SFR, limit=3)
    second = await house.page(HostNetwork.SFR, limit=3, after=first.after)

    assert first.after == sorted(lines, key=str)[2]
    assert (first.counts.lines, second.counts.lines, second.after) == (3, 2, None)
