"""From a visit that was kept to a picture that is read through the API, over a real ledger."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from activities.access_messages import AccessMessages
from activities.lines import LineLedger, MessageStep
from domain.clients import Role
from domain.clock import Technical
from domain.copper_closures import Closures
from domain.identity import LineId, OrderId, line_stream, order_subject
from domain.order_file import MediaType
from domain.photographs import Photograph
from domain.port_in_facts import HostNetwork
from domain.works_facts import VisitKept, VisitReport, WorksFinished
from domain.works_told import VisitKeptTold
from intake.filing import Filing
from ledger.messages import (
    FETCH_PHOTOGRAPH,
    PROVIDE_PAPER,
    START_ACCESS,
    START_ORDER,
    IncomingMessage,
)
from runtime.photographs import PhotographFetcher
from runtime.processes.projector import line_documents
from runtime.providing import PaperProvider
from runtime.relay import Done, Outcome, Relay
from tests.fakes.accesses import FakeAccesses, read, written
from tests.fakes.operators import FakeMail
from tests.integration.conftest import Answer, Client
from tests.noticed_visits import READY, visit
from tests.papers import image
from tests.parked import parked_book
from tests.porting import RULES, STORY
from tests.sites import sites_body
from tests.telling import happened

ORANGE = HostNetwork.ORANGE
PICTURES = (
    Photograph(media_type=MediaType.JPEG, content=image("JPEG", (9, 9))),
    Photograph(media_type=MediaType.PNG, content=image("PNG", (10, 10))),
)
REPORT = VisitReport(done_at=STORY - timedelta(hours=14), photographs=("PH-1", "PH-2"))


async def _nobody(*_: object) -> None:
    raise AssertionError("nobody is told anything here")


async def _done(_payload: str) -> Outcome:
    return Done()


async def _kept(api: Client, line: LineId) -> None:
    """Its operator tells that the visit that was booked took place."""
    await happened(
        api, line_stream(line), *READY[1:], WorksFinished(done_at=STORY, visit=True), visit()
    )
    told = VisitKeptTold(reference="RDV-7", report=REPORT)
    message = IncomingMessage(
        source=ORANGE,
        message_key="m-1",
        correlation=str(line),
        body=written(told),
        received_at=STORY,
    )
    await api.store.inbox.receive(message)
    number = await api.store.inbox.first_waiting(str(line), received_upto=STORY)
    assert number is not None
    messages = AccessMessages(
        lines=LineLedger(ledger=api.store.ledger, keyed_hash=api.store.keyed_hash),
        rules=RULES,
        inbox=api.store.inbox,
        readers={ORANGE: read},
        closures=Closures,
    )
    step = MessageStep(line_id=line, at=STORY, message_number=number)
    for _ in range(2):
        await messages.take_access_message(step)


def _orange(api: Client, *pictures: Photograph) -> FakeAccesses:
    mail = FakeMail(inbox=api.store.inbox, tell=_nobody)
    return FakeAccesses(mail=mail, operator=ORANGE, pictures=list(pictures))


def _relay(api: Client, orange: FakeAccesses) -> Relay:
    store = api.store
    fetcher = PhotographFetcher(
        filing=Filing(
            ledger=store.ledger,
            keyed_hash=store.keyed_hash,
            rules=RULES,
            attachments=store.attachments,
        ),
        accesses={ORANGE: orange},
        clocks=store.clock,
        wall_now=lambda: datetime.now(UTC),
        moment=Technical(timedelta(seconds=30)),
    )
    papers = PaperProvider(
        ledger=store.ledger, lines=line_documents(store), processes=api.processes
    )
    verbs = {FETCH_PHOTOGRAPH: fetcher.fetch, PROVIDE_PAPER: papers.provide}
    return Relay(
        outbox=store.outbox,
        inbox=store.inbox,
        verbs={**dict.fromkeys((START_ORDER, START_ACCESS), _done), **verbs},
        hand_over=_handed,
        tell_parked=parked_book(store).raise_,
    )


async def _handed(_message: object) -> Outcome:
    return Done()


async def _emptied(relay: Relay) -> None:
    while await relay.turn():
        pass


async def _filed(api: Client, order: str) -> list[dict[str, Any]]:
    documents: list[dict[str, Any]] = (await api("GET", f"/orders/{order}/documents")).body[
        "documents"
    ]
    return documents


async def _picture(api: Client, order: str, document: str, caller: str = "test") -> Answer:
    async with api.session.get(
        f"{api.address}/orders/{order}/documents/{document}", headers=api.shown_by(caller)
    ) as response:
        return Answer(response.status, await response.read(), response.headers)


async def test_a_visit_that_was_kept_ends_with_its_photographs_among_the_documents(
    api: Client,
) -> None:
    order, line = await api.ordered(sites_body())
    orange = _orange(api, *PICTURES)
    await _kept(api, line)

    await _emptied(_relay(api, orange))

    facts = [e.event for e in await api.store.ledger.read(line_stream(line))]
    assert len([fact for fact in facts if isinstance(fact, VisitKept)]) == 1
    assert sorted(orange.pictured) == ["PH-1", "PH-2"]
    documents = await _filed(api, order)
    assert [(one["name"], one["on"], one["line"]) for one in documents] == [
        ("photograph", "2027-01-08", 1)
    ] * 2
    answers = [await _picture(api, order, one["document_id"]) for one in documents]
    assert {answer.body for answer in answers} == {one.content for one in PICTURES}
    assert {answer.headers["Content-Type"] for answer in answers} == {"image/jpeg", "image/png"}
    shown = await api("GET", f"/orders/{order}")
    assert [one["said"]["en"] for one in shown.body["timeline"][-2:]] == ["photograph"] * 2


async def test_a_photograph_opens_nothing_and_nobody_is_asked_about_it(api: Client) -> None:
    order, line = await api.ordered(sites_body())
    await _kept(api, line)

    await _emptied(_relay(api, _orange(api, *PICTURES)))

    assert api.processes.asked == []
    assert await api.store.outbox.parked() == ()
    assert len(await _filed(api, order)) == 2


async def test_pictures_lie_sealed_and_are_gone_with_their_customer(api: Client) -> None:
    order, line = await api.ordered(sites_body())
    await _kept(api, line)
    await _emptied(_relay(api, _orange(api, *PICTURES)))
    kept = await api.store.pool.fetch("SELECT sealed FROM attachment")
    sent = await api.store.pool.fetch("SELECT payload FROM outbox")
    (one, _) = await _filed(api, order)

    await api.store.keys.forget(order_subject(OrderId(UUID(order))))

    assert len(kept) == 2
    assert all(b"JFIF" not in row["sealed"] and b"PNG" not in row["sealed"] for row in kept)
    assert all("JFIF" not in row["payload"] for row in sent)
    assert (await _picture(api, order, one["document_id"])).status == 404


async def test_one_that_cannot_be_had_waits_for_a_person_and_holds_up_no_other(
    api: Client,
) -> None:
    order, line = await api.ordered(sites_body())
    await _kept(api, line)
    bad = Photograph(media_type=MediaType.PNG, content=b"\x89PNG\r\n\x1a\nnonsense")

    await _emptied(_relay(api, _orange(api, bad, PICTURES[0])))

    assert len(await _filed(api, order)) == 1
    ((row, why),) = await api.store.outbox.parked()
    assert row.kind == FETCH_PHOTOGRAPH
    assert "this image cannot be read" in why
    about = json.loads(row.payload)
    assert (about["order_id"], about["line_id"]) == (order, str(line))


async def test_people_hand_in_a_photograph_too_and_finance_does_not_see_it(api: Client) -> None:
    await api.register("books", Role.FINANCE)
    order, _ = await api.ordered(sites_body())
    headers = {
        **api.shown_by("test"),
        "Idempotency-Key": "p-1",
        "Content-Type": "image/jpeg",
    }
    about = "name=photograph&on=2027-01-08&line=1"

    async with api.session.post(
        f"{api.address}/orders/{order}/documents?{about}",
        data=PICTURES[0].content,
        headers=headers,
    ) as response:
        assert response.status == 201
        document = (await response.json())["document_id"]

    assert (await _picture(api, order, document)).body == PICTURES[0].content
    assert (await _picture(api, order, document, caller="books")).status == 403


async def test_the_same_message_taken_twice_asks_for_each_photograph_once(api: Client) -> None:
    _, line = await api.ordered(sites_body())

    await _kept(api, line)

    rows = await api.store.outbox.lease(limit=50)
    assert len([row for row in rows if row.kind == FETCH_PHOTOGRAPH]) == 2
