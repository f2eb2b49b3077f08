"""What customers are told about their sites: by mail or letter, in time or late, and once."""

import json
from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest

from domain import access_facts as facts
from domain.access_facts import SaturationMode
from domain.event import Event
from domain.identity import LineId, line_stream
from domain.notice_told import NOTICES
from domain.port_in_facts import CancellationAsked, GatesPassed, Outcome, UndoingBegun
from domain.said import Said
from tests.accesses import ORANGE, QUOTE, SAID, offer, study
from tests.integration.conftest import Client
from tests.mail_server import MailServer, mail_server
from tests.porting import STORY, paris
from tests.sites import ADDRESS, sites_body
from tests.telling import MAIL, Office, happened, text_of

AT = STORY + timedelta(hours=1)
CHOSEN: tuple[Event, ...] = (
    facts.SiteClaimed(),
    GatesPassed(),
    facts.OfferChosen(offer=offer(), because=(SAID,)),
)
GIVEN = facts.QuoteGiven(quote=QUOTE, told_at=AT, until=None, source="002:2280-2281")
NOTHING = Said(fr="rien n'est dû (002:591-594)", en="nothing is owed (002:591-594)")
HAPPENED: tuple[tuple[tuple[Event, ...], str], ...] = (
    ((facts.AccessHeld(until=AT, by="Camille", reason="x"),), "site-held"),
    ((facts.AccessTakenUp(),), "site-taken-up"),
    ((GIVEN,), "site-quote"),
    (
        (
            facts.NothingInTheWay(study=True, because=SAID),
            facts.StudyHeard(result=study(lead_days=40), studied_at=AT, offer=offer()),
            facts.ChangesBinding(offer=offer(), said=()),
        ),
        "site-changed",
    ),
    (
        (facts.SupplierWithdrew(operator=ORANGE, code="W", told_at=AT),),
        "site-supply-withdrawn",
    ),
    (
        (CancellationAsked(by="x", asked_at=AT, needs=SAID, cost=(SAID,)),),
        "site-cancellation-asked",
    ),
    (
        (
            facts.SiteUnserved(reasons=(SAID,)),
            UndoingBegun(outcome=Outcome.REFUSED, why=SAID, steps=()),
            facts.FeesSettled(fees=(), said=(NOTHING,)),
        ),
        "site-refused",
    ),
)


@pytest.fixture
async def mails() -> AsyncIterator[MailServer]:
    async with mail_server() as mails:
        yield mails


@pytest.fixture
async def office(api: Client, mails: MailServer) -> Office:
    return Office(api, mails)


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_what_happens_to_a_site_is_one_notice_each_that_names_the_site(
    office: Office, mails: MailServer, language: str
) -> None:
    asked = sites_body(customer={**MAIL, "language": language})
    order, line = await office.api.ordered(asked)
    await happened(office.api, line_stream(line), *CHOSEN, name="chosen")
    for events, purpose in HAPPENED:
        await happened(office.api, line_stream(line), *events, name=purpose)

    await office.turn()
    await office.api.store.documents.clear("notices")
    office.open_again()
    await office.turn()

    told = await office.told(order)
    assert sorted(one["purpose"] for one in told) == sorted(
        ["order-received", *(purpose for _, purpose in HAPPENED)]
    )
    assert {one["stage"] for one in told} == {"in-effect"}
    assert len(mails.got) == len(told)
    assert [ADDRESS in text_of(mail) for mail in mails.got].count(True) == len(HAPPENED)
    refused = next(one for one in told if one["purpose"] == "site-refused")
    owed = {"fr": "rien n'est dû, selon le contrat", "en": "nothing is owed, by the contract"}
    assert owed[language] in refused["text"]["body"]
    assert "002:591-594" not in refused["text"]["body"]
    assert refused["clauses"] == ["002:591-594"]


async def _word(office: Office, line: LineId) -> int | None:
    upto = STORY + timedelta(days=30)
    return await office.api.store.inbox.first_waiting(str(line), received_upto=upto)


async def test_once_a_quotes_notice_takes_effect_its_process_is_told_from_which_day(
    office: Office,
) -> None:
    order, line = await office.api.ordered(sites_body(customer=MAIL))
    await happened(office.api, line_stream(line), *CHOSEN, GIVEN)

    await office.turn()
    await office.api.store.documents.clear("notices")
    office.open_again()
    await office.turn()

    number = await _word(office, line)
    assert number is not None
    row = await office.api.store.inbox.read(number)
    word = json.loads(row.body)
    quote = next(one for one in await office.told(order) if one["purpose"] == "site-quote")
    assert row.source == NOTICES
    assert (word["reference"], word["notice_id"]) == ("Q-1", quote["notice_id"])
    assert word["on"] == quote["in_effect_on"] == "2027-01-09"


async def test_a_quote_by_letter_counts_from_no_day_before_the_letter_does(office: Office) -> None:
    _, line = await office.api.ordered(sites_body())
    await happened(office.api, line_stream(line), *CHOSEN, GIVEN)
    await office.turn()
    waiting = (await office.api("GET", "/notices")).body["notices"]
    (quote,) = [one for one in waiting if one["purpose"] == "site-quote"]
    assert await _word(office, line) is None

    dates = {"sent_on": "2027-01-07", "presented_on": "2027-01-08"}
    await office.api("POST", f"/notices/{quote['notice_id']}/dates", dates, key="dated")
    await office.turn()

    number = await _word(office, line)
    assert number is not None
    assert json.loads((await office.api.store.inbox.read(number)).body)["on"] == "2027-01-08"


async def test_a_delay_told_after_oksios_day_is_shown_before_it_and_recorded_after_it(
    office: Office,
) -> None:
    """Fifteen days from the event (000:406-407); an OKSIO letter counts from its receipt."""
    order, line = await office.api.ordered(sites_body("oksio"))
    by = paris("2027-01-08T00:00:00")
    found = facts.SaturationFound(
        event_at=AT - timedelta(days=16),
        at_customer=False,
        mode=SaturationMode.LATER,
        estimate=None,
        tell_by=by,
        said=(),
        tell_source="000:406-407",
    )
    await happened(office.api, line_stream(line), *CHOSEN, found)
    await office.turn()

    deadlines = (await office.api("GET", f"/orders/{order}/deadlines")).body["deadlines"]
    (due,) = [one for one in deadlines if "site-delayed" in one["what"]["en"]]
    assert due["late"]
    assert due["what"]["en"].endswith("to be told by Thursday 7 January 2027 (000:406-407)")
    waiting = (await office.api("GET", "/notices")).body["notices"]
    (letter,) = [one for one in waiting if one["purpose"] == "site-delayed"]
    assert letter["tell_by"] == str(date(2027, 1, 7))
    dates = {"sent_on": "2027-01-07", "received_on": "2027-01-09"}
    await office.api("POST", f"/notices/{letter['notice_id']}/dates", dates, key="dated")

    told = next(one for one in await office.told(order) if one["purpose"] == "site-delayed")
    assert [one["en"] for one in told["told_late"]] == [
        (
            "told on Saturday 9 January 2027, 2 days after the last day, Thursday 7 January 2027 "
            "(000:406-407); the contract draws no consequence from it"
        )
    ]


async def test_a_letter_about_a_site_names_it_by_its_address(office: Office) -> None:
    _, line = await office.api.ordered(sites_body())
    await happened(office.api, line_stream(line), *CHOSEN, facts.AccessTakenUp())
    await office.turn()
    waiting = (await office.api("GET", "/notices")).body["notices"]
    (letter,) = [one for one in waiting if one["purpose"] == "site-taken-up"]

    shown = (await office.api("GET", f"/notices/{letter['notice_id']}")).body

    assert f"- {ADDRESS} : depuis le samedi 9 janvier 2027" in shown["text"]["body"]
