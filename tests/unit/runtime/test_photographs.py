"""The relay's verb for a photograph: filed once, later, or put to a person."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from domain.clock import BusinessClock, Technical
from domain.identity import OrderId, line_id_for, order_stream, order_subject
from domain.operators import Refused, Unanswered
from domain.order_file import DocumentFiled, FiledDocument, MediaType, fold
from domain.photographs import TOO_LARGE, Photograph, PhotographAnswer
from domain.port_in_facts import HostNetwork
from intake.filing import DOCUMENTS_MAX, By, Filing, HandedIn
from intake.orders import OrderIntake, Submission
from ledger.append import Append, CommandStamp, StreamAppend, expected_after
from ledger.messages import PROVIDE_PAPER
from runtime.photographs import AT_ONCE, PhotographFetcher
from runtime.relay import Done, Later, Park
from runtime.settings import Settings
from runtime.wiring import opened_accesses
from tests.builders import command_id
from tests.fakes.accesses import FakeAccesses
from tests.fakes.attachments import FakeAttachments
from tests.fakes.keys import FakeSubjectKeys, fake_hash
from tests.fakes.ledger import FakeLedger
from tests.fakes.operators import FakeMail
from tests.papers import image, pdf
from tests.porting import RULES, STORY, paris
from tests.sites import site_reader, sites_request

ORANGE, SFR = HostNetwork.ORANGE, HostNetwork.SFR
WALL = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
JPEG = Photograph(media_type=MediaType.JPEG, content=image("JPEG"))
SILENCE = Unanswered(why="Orange is in maintenance")
UNTIL = paris("2027-01-23T00:00:00")


@dataclass
class Wall:
    now: datetime = WALL

    def __call__(self) -> datetime:
        return self.now

    async def in_force(self) -> BusinessClock:
        """A day for a day, from the story's own."""
        return BusinessClock(wall_origin=WALL, business_origin=STORY, scale=1)


async def _nobody(*_: object) -> None:
    await asyncio.sleep(0)


@dataclass
class Desk:
    """An order of one site, and the relay's hand that fetches its photographs."""

    order_id: OrderId
    ledger: FakeLedger
    keys: FakeSubjectKeys
    attachments: FakeAttachments
    orange: FakeAccesses
    fetcher: PhotographFetcher
    wall: Wall = field(default_factory=Wall)

    def gives(self, *answers: PhotographAnswer) -> None:
        self.orange.pictures = list(answers)

    def payload(self, **changes: Any) -> str:  # noqa: ANN401  any field
        fields = {
            "order_id": str(self.order_id),
            "line_id": str(line_id_for(self.order_id, number=1)),
            "line": 1,
            "host": "orange",
            "on": "2027-01-08",
            "until": UNTIL.isoformat(),
            "reference": "PH-1",
        }
        return json.dumps({**fields, **changes})

    async def documents(self) -> tuple[FiledDocument, ...]:
        history = await self.ledger.read(order_stream(self.order_id))
        return fold(envelope.event for envelope in history).documents

    async def content(self, document: FiledDocument) -> bytes | None:
        return await self.fetcher.filing.content(self.order_id, document.document_id)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    keys, wall = FakeSubjectKeys(), Wall()
    ledger, attachments = FakeLedger(keys), FakeAttachments(keys)
    intake = OrderIntake(ledger=ledger, keyed_hash=fake_hash(), lines=site_reader())
    submission = Submission(
        actor="test",
        request=sites_request(),
        client="test",
        idempotency_key="k-1",
        business_now=STORY,
    )
    order_id = (await intake.submit(submission)).order_id
    orange = FakeAccesses(mail=FakeMail(inbox=ledger.inbox, tell=_nobody), operator=ORANGE)
    filing = Filing(ledger=ledger, keyed_hash=fake_hash(), rules=RULES, attachments=attachments)
    fetcher = PhotographFetcher(
        filing=filing,
        accesses={ORANGE: orange},
        clocks=wall,
        wall_now=wall,
        moment=Technical(timedelta(seconds=10)),
    )
    yield Desk(order_id, ledger, keys, attachments, orange, fetcher, wall)
    await fetcher.rest()


# filed, once


async def test_a_photograph_becomes_a_document_of_its_order_by_the_operators_name(
    desk: Desk,
) -> None:
    desk.gives(JPEG)

    with capture_logs() as logs:
        assert await desk.fetcher.fetch(desk.payload()) == Done()

    (document,) = await desk.documents()
    assert (document.name, document.on, document.line) == ("photograph", date(2027, 1, 8), 1)
    assert document.media_type is MediaType.JPEG
    assert await desk.content(document) == JPEG.content
    filed = (await desk.ledger.read(order_stream(desk.order_id)))[-1]
    assert (filed.actor, filed.business_at) == ("orange", STORY)
    ((_, sealed),) = desk.attachments.sealed.values()
    assert JPEG.content[:20] not in sealed
    assert str(JPEG.content)[2:20] not in str(logs)
    (provided,) = [row for row in desk.ledger.outbox if row.kind == PROVIDE_PAPER]
    assert json.loads(provided.payload)["filed"] == str(document.document_id)


async def test_a_repeat_asks_nobody_and_files_nothing_more(desk: Desk) -> None:
    other = Photograph(media_type=MediaType.PNG, content=image())
    desk.gives(JPEG, other)
    await desk.fetcher.fetch(desk.payload())
    restarted = replace(desk.fetcher, under_way={})

    again = [await one.fetch(desk.payload()) for one in (desk.fetcher, restarted)]

    assert again == [Done(), Done()]
    assert desk.orange.pictured == ["PH-1"]
    assert len(await desk.documents()) == 1


async def test_two_photographs_of_one_visit_are_two_documents(desk: Desk) -> None:
    desk.gives(JPEG)

    for reference in ("PH-1", "PH-2"):
        await desk.fetcher.fetch(desk.payload(reference=reference))

    assert len({one.document_id for one in await desk.documents()}) == 2
    assert desk.orange.pictured == ["PH-1", "PH-2"]


# put to a person


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Refused(code="PHOTOGRAPH-UNKNOWN"), "orange refuses it (PHOTOGRAPH-UNKNOWN)"),
        (TOO_LARGE, "larger than 10 MiB"),
        (Photograph(media_type=MediaType.JPEG, content=image("JPEG")[:-9]), "cannot be read"),
        (Photograph(media_type=MediaType.PNG, content=pdf()), "is no image/png"),
        (Photograph(media_type=MediaType.PNG, content=b""), "is empty"),
    ],
)
async def test_what_cannot_be_had_or_kept_is_put_to_a_person_with_a_sentence(
    desk: Desk, answer: PhotographAnswer, why: str
) -> None:
    desk.gives(answer)

    outcome = await desk.fetcher.fetch(desk.payload())

    assert isinstance(outcome, Park)
    assert outcome.why.startswith("photograph PH-1: ")
    assert why in outcome.why
    assert outcome.why.endswith("attach it as a photograph, and settle")
    assert await desk.documents() == ()


async def test_a_person_who_has_it_tried_again_gets_it_whatever_the_hour(desk: Desk) -> None:
    desk.gives(Refused(code="NOT-YET"), JPEG)
    refused = await desk.fetcher.fetch(desk.payload())
    desk.wall.now += timedelta(days=60)

    assert isinstance(refused, Park)
    assert await desk.fetcher.fetch(desk.payload()) == Done()
    assert len(await desk.documents()) == 1


async def test_an_order_full_of_photographs_takes_no_more_of_them_and_still_takes_papers(
    desk: Desk,
) -> None:
    desk.gives(JPEG)
    await desk.fetcher.fetch(desk.payload())
    (document,) = await desk.documents()
    others = (
        DocumentFiled(document=document.model_copy(update={"document_id": command_id(f"{n}")}))
        for n in range(DOCUMENTS_MAX - 1)
    )
    await _filed(desk, *others)

    full = await desk.fetcher.fetch(desk.payload(reference="PH-2"))
    letter = HandedIn(
        name="letter",
        on=date(2027, 1, 8),
        line=None,
        media_type=MediaType.PDF,
        content=pdf(),
    )
    by = By(actor="test", key="test/letter", at=STORY)
    taken = await desk.fetcher.filing.document(desk.order_id, letter, by)

    assert isinstance(full, Park)
    assert "an order takes 100 photographs" in full.why
    assert taken.what.name == "letter"


async def _filed(desk: Desk, *events: DocumentFiled) -> None:
    stream = order_stream(desk.order_id)
    version = len(await desk.ledger.read(stream))
    await desk.ledger.append(
        Append(
            command=CommandStamp(command_id=command_id("many"), fingerprint=b"x"),
            business_at=STORY,
            actor="test",
            correlation="c",
            streams=(
                StreamAppend(stream_id=stream, expected=expected_after(version), events=events),
            ),
        )
    )


@pytest.mark.parametrize(
    "changes",
    [{"order_id": "x"}, {"host": "free"}, {"line": None}, {"on": "soon"}, {"until": "late"}],
)
async def test_a_payload_that_names_no_photograph_is_put_to_a_person(
    desk: Desk, changes: dict[str, Any]
) -> None:
    assert isinstance(await desk.fetcher.fetch(desk.payload(**changes)), Park)
    assert isinstance(await desk.fetcher.fetch("[]"), Park)
    assert desk.orange.pictured == []


# later


async def test_an_operator_that_does_not_answer_is_asked_again_until_its_time_is_over(
    desk: Desk,
) -> None:
    desk.gives(SILENCE)

    early = await desk.fetcher.fetch(desk.payload())
    desk.wall.now += UNTIL - STORY - timedelta(seconds=1)
    last = await desk.fetcher.fetch(desk.payload())
    desk.wall.now += timedelta(seconds=1)
    over = await desk.fetcher.fetch(desk.payload())

    assert early == last == Later("Orange is in maintenance")
    assert isinstance(over, Park)
    assert "orange has not given it in time: Orange is in maintenance" in over.why


async def test_a_slow_operator_holds_up_no_turn_and_is_asked_once(desk: Desk) -> None:
    desk.gives(JPEG)
    desk.orange.slow = asyncio.Event()
    hasty = replace(desk.fetcher, moment=Technical(timedelta(0)))

    waited = [await hasty.fetch(desk.payload()) for _ in range(3)]
    desk.orange.slow.set()
    await asyncio.wait(hasty.under_way.values())

    assert waited == [Later("orange is being asked")] * 3
    assert await hasty.fetch(desk.payload()) == Done()
    assert desk.orange.pictured == ["PH-1"]
    assert hasty.under_way == {}


async def test_an_operator_that_never_answers_is_given_up_for_now(desk: Desk) -> None:
    desk.orange.slow = asyncio.Event()
    patient = replace(desk.fetcher, patience=Technical(timedelta(milliseconds=1)))

    assert await patient.fetch(desk.payload()) == Later("orange did not answer in time")


async def test_few_are_asked_of_one_operator_side_by_side(desk: Desk) -> None:
    desk.gives(JPEG)
    desk.orange.slow = asyncio.Event()
    hasty = replace(desk.fetcher, moment=Technical(timedelta(milliseconds=20)))
    payloads = [desk.payload(reference=f"PH-{number}") for number in range(5)]

    await asyncio.gather(*(hasty.fetch(one) for one in payloads))
    at_once = len(desk.orange.pictured)
    desk.orange.slow.set()
    await asyncio.wait(hasty.under_way.values())
    outcomes = [await hasty.fetch(one) for one in payloads]

    assert at_once == AT_ONCE
    assert outcomes == [Done()] * 5
    assert len(await desk.documents()) == 5


async def test_an_operator_that_asks_to_be_left_alone_is(desk: Desk) -> None:
    desk.gives(Unanswered(why="busy", retry_after=timedelta(hours=2)), JPEG)

    first = await desk.fetcher.fetch(desk.payload())
    second = await desk.fetcher.fetch(desk.payload(reference="PH-2"))
    desk.wall.now += timedelta(minutes=15)
    third = await desk.fetcher.fetch(desk.payload())

    assert (first, second) == (Later("busy"), Later("orange asks to be left alone"))
    assert third == Done()
    assert desk.orange.pictured == ["PH-1", "PH-1"]


async def test_an_operator_the_relay_does_not_speak_to_is_waited_for_like_a_silent_one(
    desk: Desk,
) -> None:
    unset = await desk.fetcher.fetch(desk.payload(host=SFR.value))
    desk.wall.now += timedelta(days=60)

    assert unset == Later("sfr is not set for the relay")
    assert isinstance(await desk.fetcher.fetch(desk.payload(host=SFR.value)), Park)


async def test_a_relay_of_which_no_operator_is_set_starts_all_the_same() -> None:
    async with opened_accesses(Settings()) as accesses:
        assert accesses == {}


async def test_nothing_of_a_forgotten_customer_is_kept(desk: Desk) -> None:
    desk.gives(JPEG)
    await desk.keys.forget(order_subject(desk.order_id))

    assert await desk.fetcher.fetch(desk.payload()) == Done()
    assert await desk.documents() == ()
    assert desk.attachments.sealed == {}


async def test_what_is_under_way_is_left_when_the_relay_stops(desk: Desk) -> None:
    desk.gives(JPEG)
    desk.orange.slow = asyncio.Event()
    hasty = replace(desk.fetcher, moment=Technical(timedelta(0)))
    await hasty.fetch(desk.payload())
    (task,) = hasty.under_way.values()

    await hasty.rest()

    assert task.cancelled()
    assert hasty.under_way == {}
    assert await desk.documents() == ()
