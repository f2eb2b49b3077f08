"""A site's access in a world of fakes: opened with its process, and what is told of it."""

from datetime import date
from typing import Any
from uuid import UUID, uuid5

from domain import access_told, works_told
from domain.access import decide
from domain.access_changes import Place
from domain.access_commands import OpenAccess
from domain.access_facts import (
    Barrier,
    Offer,
    Quote,
    QuoteGiven,
    Reason,
    Site,
    StudyResult,
    Technology,
    Use,
)
from domain.access_stages import Access, AccessState, NotOpened
from domain.access_states import fold
from domain.corrections import SiteKept
from domain.identity import (
    LineId,
    NoticeId,
    OrderId,
    correction_id_for,
    correction_stream,
    line_stream,
    order_subject,
)
from domain.notice_told import NOTICES, quote_word
from domain.notices import Cause, Effect, NoticeInEffect, NoticePurpose
from domain.order_file import Channel
from domain.personal import Personal
from domain.port_in_facts import HostNetwork
from domain.works_facts import FieldFailure, Test, TestResult, VisitReport
from domain.works_told import VisitKeptTold
from tests.accesses import SAID, SIGNED_ON, barrier, site_terms
from tests.builders import append, on_stream
from tests.fakes.accesses import Make, Report, written
from tests.fakes.works import RATES
from tests.porting import ORDER_ID, paris
from tests.process.conftest import World
from workflows.deliver_access import DeliverAccess
from workflows.identity import line_workflow_id
from workflows.line_process import StartLine

_SPACE = UUID("00000000-0000-5000-8000-00000000acce")


async def site_opened(world: World, *, held: bool = False, **changes: Any) -> LineId:  # noqa: ANN401
    """With nothing at its gates; `held` lets no time pass before it is started."""
    world.orders += 1
    own = OrderId(uuid5(_SPACE, f"{id(world)}-{world.orders}"))
    order_id = changes.pop("order_id", own)
    gates = changes.pop("gates", ())
    terms = site_terms(order_id, asked_at=world.clock.business_origin, **changes)
    now = world.clock.business_origin
    command = OpenAccess(decided_at=now, answer_by=now, terms=terms, gates=gates, stated=())
    events = decide(command, NotOpened())
    await world.ledger.append(
        append(str(terms.line_id), on_stream(line_stream(terms.line_id), *events))
    )
    if held:
        with world.env.with_time_skipping_disabled():
            await site_started(world, terms.line_id)
    else:
        await site_started(world, terms.line_id)
    return terms.line_id


async def site_started(world: World, line_id: LineId, attempt: int = 0) -> None:
    world.handles[line_id] = await world.env.client.start_workflow(
        DeliverAccess.run,
        StartLine(line_id=line_id, clock=world.clock, shown_at_rest=True),
        id=f"{line_workflow_id(line_id)}-{id(world)}-{attempt}",
        task_queue=world.queue,
    )


async def site_state(world: World, line_id: LineId) -> AccessState:
    return fold(e.event for e in await world.ledger.read(line_stream(line_id)))


async def quote_notified(world: World, line_id: LineId, on: date) -> None:
    """The office's word that the notice of its quote takes effect on a day."""
    given = [e for e in await world.events(line_id) if isinstance(e, QuoteGiven)]
    told = NoticeInEffect(
        purpose=NoticePurpose.SITE_QUOTE,
        channel=Channel.EMAIL,
        effect=Effect(on=on, rule=SAID),
    )
    notice_id = NoticeId(uuid5(_SPACE, str(line_id)))
    about = given[-1].quote.reference
    cause = Cause(cause_id=notice_id, line_id=line_id, facts={}, about=about)
    word = quote_word(cause, notice_id, told)
    assert word is not None
    await world.mail.send(line_id, NOTICES, word, at=world.clock.business_origin)


# from its works to its service


async def visited(world: World, line_id: LineId, operator: HostNetwork = HostNetwork.ORANGE) -> str:
    """The first slot that is offered is taken, and the technician comes; the visit's name."""
    reference = await booked(world, line_id)
    await comes_of_the_visit(world, line_id, kept(reference), operator)
    return reference


async def booked(world: World, line_id: LineId, **given: str) -> str:
    await world.asks(line_id, "visit-slots")
    before = (await world.facts(line_id)).count("VisitBooked")
    ruled = await world.decide(
        line_id, "provide", about="visit-slots", given=given or {"slot": "1"}
    )
    assert ruled.taken, ruled.why
    await world.until(line_id, "VisitBooked", times=before + 1)
    state = await site_state(world, line_id)
    assert isinstance(state, Access)
    assert state.opening.visit is not None
    return state.opening.visit.reference


async def comes_of_the_visit(
    world: World, line_id: LineId, report: Report, operator: HostNetwork = HostNetwork.ORANGE
) -> None:
    await world.mail.send(line_id, operator, written(report), at=world.clock.business_origin)


def kept(reference: str, *serials: str) -> VisitKeptTold:
    done_at = paris("2027-01-08T10:00:00")
    return VisitKeptTold(reference=reference, report=VisitReport(done_at=done_at, serials=serials))


async def cancelled(world: World, line_id: LineId) -> None:
    """On the customer's letter, of a site that is held: a letter that is late comes too late."""
    asked = await world.cancel(line_id)
    assert asked.taken, asked.why
    await world.asks(line_id, "cancellation-paper")
    letter = {"document": "cancellation-letter", "on": str(SIGNED_ON)}
    await world.decide(line_id, "provide", about="cancellation-paper", given=letter)
    await world.end_of(line_id)


# what an operator says


def says_no(operator: HostNetwork, *barriers: Barrier) -> Make:
    return says(operator, barriers=barriers)


def says(
    operator: HostNetwork,
    *offers: Offer,
    barriers: tuple[Barrier, ...] = (),
    uses: tuple[Use, ...] = (),
) -> Make:
    return lambda request: access_told.EligibilityTold(
        key=request.key,
        operator=operator,
        offers=offers,
        barriers=barriers,
        uses=uses,
        checked_at=request.asked_at,
    )


def studies(result: StudyResult) -> Make:
    return lambda request: access_told.StudyTold(
        key=request.key, result=result, studied_at=request.asked_at
    )


def is_full(*, at_first_visit: bool = False, quote: Quote | None = None) -> Make:
    return lambda request: access_told.SaturatedTold(
        key=request.key,
        event_at=request.asked_at,
        at_customer=False,
        at_first_visit=at_first_visit,
        quote=quote,
    )


def refused_for(reason: Reason, technology: Technology = Technology.FTTH) -> Barrier:
    return barrier(reason, technology)


# works, visits and openings


def stopped(failure: FieldFailure, code: str = "F1") -> Make:
    return lambda request: works_told.WorksFailedTold(
        key=request.key, failure=failure, code=code, failed_at=request.asked_at
    )


def done(*, visit: bool = True) -> Make:
    return lambda request: works_told.WorksDoneTold(
        key=request.key, done_at=request.asked_at, visit=visit
    )


def failed(
    reference: str, failure: FieldFailure, at: str = "2027-01-13T08:30:00"
) -> works_told.VisitFailedTold:
    return works_told.VisitFailedTold(
        reference=reference, failure=failure, code="F1", failed_at=paris(at)
    )


def measured(*failing: Test) -> Make:
    """Every test, all passed but those."""
    return lambda request: works_told.CommissionedTold(
        key=request.key,
        tested_at=request.asked_at,
        tests=tuple(
            TestResult(test=one, passed=one not in failing, measured=RATES.get(one)) for one in Test
        ),
    )


# another place


async def another_place_kept(world: World, line: LineId) -> str:
    """Another place, kept before the amendment names it."""
    correction = correction_id_for(line, key="elsewhere")
    place = Personal(subject=order_subject(ORDER_ID), value="3 place Jean Jaurès")
    there = Place(site=Site(commune="37261", address=place), site_digest="e" * 64)
    kept = SiteKept(place=there)
    await world.ledger.append(append("kept", on_stream(correction_stream(correction), kept)))
    return str(correction)
