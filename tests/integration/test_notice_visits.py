"""What customers are told of works, visits and openings: over a real ledger, by mail, once each."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain import access_facts as facts
from domain import link_facts as links
from domain import works_attention
from domain import works_facts as fields
from domain.access_facts import Fee
from domain.attention import Attention, AttentionRaised, DecisionKind, Turn
from domain.delay_facts import RightToLeaveArose
from domain.event import Event
from domain.identity import line_stream
from domain.port_in_facts import OperatorAsked, Step
from domain.works_facts import After, EquipmentState, FieldFailure, Half, Party
from tests.accesses import SAID, SOON
from tests.integration.conftest import Client
from tests.mail_server import MailServer, mail_server
from tests.noticed_visits import (
    BILLING,
    COMMITMENT,
    ENDS,
    NOT_OURS,
    READY,
    STARTED,
    failed,
    late,
    missed,
    passed,
    planned,
    slot,
    stopped,
    visit,
)
from tests.porting import STORY
from tests.sites import ADDRESS, sites_body
from tests.telling import MAIL, Office, happened, text_of

CHOICE = AttentionRaised(
    attention=Attention(
        code=works_attention.SLOTS,
        what=SAID,
        since=STORY,
        until=STORY + timedelta(days=4),
        turn=Turn.CUSTOMER,
        allowed=(DecisionKind.PROVIDE,),
    )
)
READINESS = fields.SiteReadinessAsked(
    needs=("power-and-circuits",), until=STORY + timedelta(days=9), said=(SAID,)
)
TO_BE_READY = AttentionRaised(
    attention=CHOICE.attention.model_copy(update={"code": works_attention.READINESS})
)
LATER = slot("2027-01-25", Half.AFTERNOON)
MOVED = fields.VisitMoved(
    reference="RDV-7", by=Party.OPERATOR, code="STORM", to=visit(LATER), because=SAID
)
GONE = fields.VisitLetGo(reference="RDV-7", by=Party.PROVIDER, at=STORY, because=SAID)
BUILT = fields.WorksFinished(done_at=STORY, visit=True)
NOT_PASSED = fields.Commissioned(
    tested_at=STORY,
    tests=(fields.TestResult(test=fields.Test.SYNCHRONISATION, passed=False),),
    passed=False,
    because=SAID,
)
TO_TEST = AttentionRaised(
    attention=CHOICE.attention.model_copy(update={"code": works_attention.TESTS})
)
S = EquipmentState


def moved(to: EquipmentState, name: str = "router", *fees: Fee) -> fields.EquipmentMoved:
    return fields.EquipmentMoved(name=name, to=to, on=date(2027, 1, 20), fees=fees)


HAPPENED: tuple[tuple[tuple[Event, ...], str | None], ...] = (
    ((*READY[1:], planned("2027-01-29")), None),
    ((planned("2027-02-01", "ChangesBinding"),), "site-planned"),
    (
        (
            OperatorAsked(step=Step.BUILD_ACCESS, key="k", epoch=0, asked_at=STORY, until=SOON),
            passed("2027-02-12"),
            planned("2027-02-12", "MilestonePassed"),
        ),
        "site-works-late",
    ),
    ((passed("2027-02-03"), planned("2027-02-03", "MilestonePassed")), "site-planned"),
    ((stopped(FieldFailure.WRONG_ROUTE, After.NETWORK_CHECK),), "site-works-late"),
    ((READINESS, TO_BE_READY), "site-readiness"),
    ((BUILT,), None),
    ((fields.VisitsOffered(slots=(slot(), LATER)), CHOICE), "site-visit-offered"),
    ((visit(), planned("2027-01-20", "VisitBooked")), "site-visit-booked"),
    ((MOVED, planned("2027-01-25", "VisitBooked")), "site-visit-moved"),
    ((fields.VisitReminded(reference="RDV-7", slot=LATER),), "site-visit-reminded"),
    ((missed(),), "site-visit-lost"),
    ((visit(),), "site-visit-booked"),
    ((failed(FieldFailure.CUSTOMER_ABSENT, After.VISIT, Party.CUSTOMER),), "site-visit-lost"),
    ((visit(),), "site-visit-booked"),
    ((fields.VisitKept(reference="RDV-7", report=fields.KeptReport(done_at=STORY)),), None),
    ((NOT_PASSED, TO_TEST), "site-tests-failed"),
    ((links.LinesAwaited(lines=(2,), until=SOON),), "site-waits"),
    ((RightToLeaveArose(since=STORY, said=(SAID,)),), "site-may-leave"),
    ((moved(S.ORDERED), moved(S.SHIPPED)), "site-equipment-sent"),
    ((STARTED, BILLING, COMMITMENT, late(7)), "site-in-service"),
)


@pytest.fixture
async def mails() -> AsyncIterator[MailServer]:
    async with mail_server() as mails:
        yield mails


@pytest.fixture
async def office(api: Client, mails: MailServer) -> Office:
    return Office(api, mails)


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_from_its_works_to_its_service_a_customer_is_told_each_thing_once(
    office: Office, mails: MailServer, language: str
) -> None:
    asked = sites_body(customer={**MAIL, "language": language})
    order, line = await office.api.ordered(asked)
    for number, (events, _) in enumerate(HAPPENED):
        await happened(office.api, line_stream(line), *events, name=f"fact-{number}")
        await office.turn()

    await office.api.store.documents.clear("notices")
    office.open_again()
    await office.turn()

    told = await office.told(order)
    due = [purpose for _, purpose in HAPPENED if purpose is not None]
    assert [one["purpose"] for one in told if one["purpose"] != "order-received"] == due
    assert {one["stage"] for one in told} == {"in-effect"}
    assert len(mails.got) == len(told)
    texts = [text_of(mail) for mail in mails.got]
    assert [ADDRESS in text for text in texts].count(True) == len(due)
    assert not [word for text in texts for word in NOT_OURS if word in text]
    service = next(one for one in told if one["purpose"] == "site-in-service")
    assert service["clauses"] == ["002:2133", "002:2741", "002:2678-2679", "002:2420-2421"]


async def test_a_visit_that_nobody_comes_to_any_more_is_told_by_letter_where_there_is_no_address(
    office: Office,
) -> None:
    _, line = await office.api.ordered(sites_body())
    again = facts.EligibilityAskedAgain(why=SAID, gives_back=True)
    await happened(office.api, line_stream(line), *READY[1:], BUILT, visit(), again, GONE)
    await office.turn()

    waiting = (await office.api("GET", "/notices")).body["notices"]
    (letter,) = [one for one in waiting if one["purpose"] == "site-visit-cancelled"]
    shown = (await office.api("GET", f"/notices/{letter['notice_id']}")).body
    assert f"- {ADDRESS} : le rendez-vous du mercredi 20 janvier 2027" in shown["text"]["body"]
    assert "le raccordement du site est repris autrement" in shown["text"]["body"]


def asked_back(name: str) -> fields.EquipmentAskedBack:
    return fields.EquipmentAskedBack(name=name, until=SOON, fee=price("002:2713"), said=(SAID,))


def price(source: str) -> Fee:
    return Fee(head="equipment", euros=Decimal("89.00"), said=SAID, source=source)


async def test_the_pieces_of_one_end_are_asked_back_and_invoiced_in_one_row(
    office: Office, mails: MailServer
) -> None:
    asked = sites_body(customer={**MAIL, "language": "en"})
    order, line = await office.api.ordered(asked)
    there = (moved(S.DELIVERED), moved(S.DELIVERED, "modem"))
    await happened(office.api, line_stream(line), *READY[1:], BUILT, *there, ENDS, name="end")
    pieces = ("router", "modem")
    back = [asked_back(name) for name in pieces]
    await happened(office.api, line_stream(line), *back, name="back")
    owed = [moved(S.INVOICED, name, price("002:2713")) for name in pieces]
    await happened(office.api, line_stream(line), *owed, name="invoiced")
    await office.turn()

    told = {one["purpose"]: one for one in await office.told(order)}
    texts = [text_of(mail) for mail in mails.got]
    (returned,) = [text for text in texts if "modem: to be back by" in text]
    (invoiced,) = [text for text in texts if "was not returned" in text]
    assert (returned.count(ADDRESS), invoiced.count(ADDRESS)) == (1, 1)
    assert "modem: 89.00 € without VAT" in invoiced
    assert told["site-equipment-back"]["clauses"] == ["002:2713"]
    assert told["site-equipment-invoiced"]["clauses"] == ["002:2713"]
