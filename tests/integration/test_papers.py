"""Documents and letters of an order: taken, sealed, read again, handed to what waits for them."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest

from activities.line_progress import LineProgress
from activities.lines import LineLedger, LineStep
from activities.port_in import PortInActivities
from activities.port_in_people import CancellationStep, PortInPeople
from domain.clients import Role
from domain.identity import LineId, OrderId, order_subject
from ledger.messages import PROVIDE_PAPER
from runtime.processes.projector import line_documents
from runtime.providing import PaperProvider
from runtime.relay import Done, Later, Outcome, Park
from tests.integration.conftest import Answer, Client
from tests.papers import image, pdf, pdf_with_a_program
from tests.porting import MANDATE, RULES, STORY, body
from workflows.messages import Ruled

MANDATE_PAGE = pdf()
WITHOUT_IDENTITY = body(documents=[MANDATE])
LETTER = {
    "purpose": "cancellation",
    "channel": "registered-letter",
    "sent_on": "2027-01-07",
    "presented_on": "2027-01-08",
}


async def _filed(
    api: Client,
    order: str,
    content: bytes = MANDATE_PAGE,
    *,
    about: str = "name=identity&on=2027-01-08",
    media_type: str = "application/pdf",
    key: str = "d-1",
) -> Answer:
    headers = {**api.shown_by("test"), "Idempotency-Key": key, "Content-Type": media_type}
    async with api.session.post(
        f"{api.address}/orders/{order}/documents?{about}", data=content, headers=headers
    ) as response:
        return Answer(response.status, await response.json(), response.headers)


async def test_a_document_is_kept_once_and_read_again_as_it_came(api: Client) -> None:
    order, _ = await api.ordered()

    first = await _filed(api, order)
    again = await _filed(api, order)

    assert (first.status, again.status) == (201, 200)
    assert first.body == again.body
    async with api.session.get(
        api.address + first.headers["Location"], headers=api.shown_by("test")
    ) as response:
        assert await response.read() == MANDATE_PAGE
        assert response.headers["Content-Type"] == "application/pdf"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
    listed = await api("GET", f"/orders/{order}/documents")
    assert [d["name"] for d in listed.body["documents"]] == ["identity"]
    shown = await api("GET", f"/orders/{order}")
    assert shown.body["timeline"][-1]["said"] == {"fr": "identity", "en": "identity"}


async def test_a_key_that_carried_another_document_is_a_conflict(api: Client) -> None:
    order, _ = await api.ordered()
    await _filed(api, order)

    refused = await _filed(api, order, pdf(2))

    assert (refused.status, refused.body["type"]) == (409, "idempotency-key-reused")


async def test_a_document_lies_sealed_and_is_gone_with_its_customer(api: Client) -> None:
    order, _ = await api.ordered()
    filed = await _filed(api, order)
    (kept,) = await api.store.pool.fetch("SELECT sealed FROM attachment")
    assert b"%PDF" not in kept["sealed"]

    await api.store.keys.forget(order_subject(OrderId(UUID(order))))

    gone = await api("GET", filed.headers["Location"])
    assert (gone.status, gone.body["type"]) == (404, "document-unknown")


@pytest.mark.parametrize(
    ("about", "content", "media_type", "status", "words"),
    [
        ("name=passport&on=2027-01-08", MANDATE_PAGE, "application/pdf", 422, "say one of"),
        ("name=Mandat&on=2027-01-08", MANDATE_PAGE, "application/pdf", 422, "like mandate"),
        ("name=identity&on=2030-01-08", MANDATE_PAGE, "application/pdf", 422, "not come yet"),
        ("name=identity&on=soon", MANDATE_PAGE, "application/pdf", 400, "2027-01-20"),
        ("name=identity", MANDATE_PAGE, "application/pdf", 400, "required"),
        ("name=identity&on=2027-01-08&x=1", MANDATE_PAGE, "application/pdf", 400, "not a field"),
        ("name=identity&on=2027-01-08&line=7", MANDATE_PAGE, "application/pdf", 409, "no line 7"),
        ("name=identity&on=2027-01-08", MANDATE_PAGE, "text/plain", 415, "Send one of"),
        ("name=identity&on=2027-01-08", image(), "application/pdf", 422, "is no application/pdf"),
        ("name=identity&on=2027-01-08", pdf_with_a_program(), "application/pdf", 422, "runs"),
        ("name=identity&on=2027-01-08", b"", "application/pdf", 422, "is empty"),
    ],
)
async def test_each_mistake_with_a_document_says_what_to_do(
    api: Client, about: str, content: bytes, media_type: str, status: int, words: str
) -> None:
    order, _ = await api.ordered()

    refused = await _filed(api, order, content, about=about, media_type=media_type)

    assert refused.status == status
    assert words in json.dumps(refused.body)
    assert (await api("GET", f"/orders/{order}/documents")).body["documents"] == []


async def test_finance_sees_that_there_is_a_document_and_not_what_it_says(api: Client) -> None:
    await api.register("books", Role.FINANCE)
    order, _ = await api.ordered()
    filed = await _filed(api, order)

    listed = await api("GET", f"/orders/{order}/documents", caller="books")
    refused = await api("GET", filed.headers["Location"], caller="books")

    assert (listed.status, refused.status) == (200, 403)


async def test_a_document_nobody_filed_is_unknown(api: Client) -> None:
    order, _ = await api.ordered()

    refused = await api("GET", f"/orders/{order}/documents/{uuid4()}")

    assert (refused.status, refused.body["type"]) == (404, "document-unknown")


# letters


async def test_a_letter_is_a_fact_with_the_day_it_takes_effect_and_why(api: Client) -> None:
    order, _ = await api.ordered()
    scan = (await _filed(api, order, about="name=letter&on=2027-01-07")).body["document_id"]

    filed = await api("POST", f"/orders/{order}/notices", {**LETTER, "document_id": scan})

    assert (filed.status, filed.body["takes_effect_on"]) == (201, "2027-01-08")
    assert "first presented" in filed.body["rule"]["en"]
    listed = await api("GET", f"/orders/{order}/notices")
    assert listed.body == {"notices": [filed.body], "next": None}


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"presented_on": None}, 422, "presented_on is missing"),
        ({"presented_on": "2027-01-06"}, 422, "before sent_on"),
        ({"sent_on": "2027-12-06"}, 422, "not come yet"),
        ({"line": 9}, 409, "no line 9"),
        ({"document_id": str(uuid4())}, 404, "no document"),
        ({"channel": "pigeon"}, 400, "/channel"),
    ],
)
async def test_a_letter_whose_days_cannot_be_is_refused(
    api: Client, changes: dict[str, Any], status: int, words: str
) -> None:
    order, _ = await api.ordered()

    refused = await api("POST", f"/orders/{order}/notices", {**LETTER, **changes})

    assert refused.status == status
    assert words in json.dumps(refused.body)


# what they open


def _provider(api: Client) -> PaperProvider:
    return PaperProvider(
        ledger=api.store.ledger,
        lines=line_documents(api.store),
        processes=api.processes,
    )


async def _provided(api: Client) -> list[Outcome]:
    """What became of each paper that waits to be handed over."""
    rows = await api.store.outbox.lease(limit=50)
    papers = [row for row in rows if row.kind == PROVIDE_PAPER]
    return [await _provider(api).provide(row.payload) for row in papers]


async def _gathering(api: Client, line: LineId) -> LineProgress:
    """The line as far as its process takes it by itself: its gates are asked about."""
    lines = LineLedger(ledger=api.store.ledger, keyed_hash=api.store.keyed_hash)
    port = PortInActivities(lines=lines, rules=RULES)
    step = LineStep(line_id=line, at=STORY)
    progress = await port.claim_number(step)
    return await port.look_at_gates(step.model_copy(update={"version": progress.version}))


async def test_a_paper_is_handed_to_the_gate_that_waits_for_it(api: Client) -> None:
    order, line = await api.ordered(WITHOUT_IDENTITY)
    await _gathering(api, line)
    filed = await _filed(api, order)

    assert await _provided(api) == [Done()]

    ((asked, request, key),) = api.processes.asked
    assert (asked, key) == (line, f"file/{filed.body['document_id']}")
    assert request.model_dump(include={"decision", "given", "by"}) == {
        "decision": "provide",
        "given": {"gate": "identity", "document": "identity@2027-01-08"},
        "by": "test",
    }


async def test_a_paper_that_comes_before_its_question_waits_for_it(api: Client) -> None:
    accepted = await api("POST", "/orders", WITHOUT_IDENTITY)
    order = accepted.body["order_id"]
    await _filed(api, order)
    row = next(r for r in await api.store.outbox.lease(limit=9) if r.kind == PROVIDE_PAPER)
    provider = _provider(api)

    too_early = await provider.provide(row.payload)
    _, line = await api.ordered(WITHOUT_IDENTITY)
    not_asked_yet = await provider.provide(row.payload)
    await _gathering(api, line)
    api.processes.rulings = [None]
    unanswered = await provider.provide(row.payload)

    assert {type(one) for one in (too_early, not_asked_yet, unanswered)} == {Later}
    assert await provider.provide(row.payload) == Done()


async def test_a_gate_that_needs_several_papers_opens_with_the_last_of_them(api: Client) -> None:
    order, line = await api.ordered(body("oksio", documents=[]))
    await _gathering(api, line)
    names = ("contract-copies", "three-last-invoices", "termination-letter", "porting-form")
    for name in names:
        await _filed(api, order, about=f"name={name}&on=2027-01-08", key=name)

        assert await _provided(api) == [Done()]

    (_, request, _), *others = [a for a in api.processes.asked if "dossier" in str(a[1])]
    assert others == []
    given = request.model_dump()["given"]
    assert set(given["document"].split(",")) == {f"{name}@2027-01-08" for name in names}


async def test_a_paper_nobody_asks_for_is_filed_and_that_is_all(api: Client) -> None:
    order, line = await api.ordered()
    await _gathering(api, line)
    await _filed(api, order, about="name=invoice&on=2027-01-08")
    await api("POST", f"/orders/{order}/notices", {**LETTER, "purpose": "claim"}, key="n")

    assert await _provided(api) == [Done(), Done()]
    assert api.processes.asked == []


async def test_a_letter_confirms_the_cancellation_that_waits_for_it(api: Client) -> None:
    order, line = await api.ordered(body("technicophone"))
    await _gathering(api, line)
    lines = LineLedger(ledger=api.store.ledger, keyed_hash=api.store.keyed_hash)
    await PortInPeople(lines=lines, rules=RULES).ask_cancellation(
        CancellationStep(line_id=line, at=STORY, request_id="c", by="test")
    )
    api.processes.rulings = [Ruled(taken=False, why="for once", version=1)]

    await api("POST", f"/orders/{order}/notices", {**LETTER, "line": 1}, key="n")

    assert await _provided(api) == [Done()]
    ((_, request, _),) = api.processes.asked
    assert request.model_dump(include={"about", "given"}) == {
        "about": "cancellation-paper",
        "given": {"document": "letter@2027-01-08"},
    }


async def test_a_message_that_is_no_registered_letter_confirms_nothing(api: Client) -> None:
    order, line = await api.ordered(body("technicophone"))
    await _gathering(api, line)
    lines = LineLedger(ledger=api.store.ledger, keyed_hash=api.store.keyed_hash)
    await PortInPeople(lines=lines, rules=RULES).ask_cancellation(
        CancellationStep(line_id=line, at=STORY, request_id="c", by="test")
    )

    await api("POST", f"/orders/{order}/notices", {**LETTER, "channel": "email"}, key="n")

    assert await _provided(api) == [Done()]
    assert api.processes.asked == []


async def test_a_letter_that_comes_before_the_request_it_confirms_waits_for_it(
    api: Client,
) -> None:
    order, line = await api.ordered(body("technicophone"))
    await _gathering(api, line)
    await api("POST", f"/orders/{order}/notices", LETTER, key="n")
    row = next(r for r in await api.store.outbox.lease(limit=9) if r.kind == PROVIDE_PAPER)
    assert isinstance(await _provider(api).provide(row.payload), Later)
    lines = LineLedger(ledger=api.store.ledger, keyed_hash=api.store.keyed_hash)

    await PortInPeople(lines=lines, rules=RULES).ask_cancellation(
        CancellationStep(line_id=line, at=STORY, request_id="c", by="test")
    )

    assert await _provider(api).provide(row.payload) == Done()
    assert len(api.processes.asked) == 1


async def test_what_names_no_paper_is_set_aside_for_a_person(api: Client) -> None:
    for payload in ("", "[]", "{}", '{"order_id": "x", "filed": "y", "by": "z"}'):
        assert isinstance(await _provider(api).provide(payload), Park)
