"""Customers told through a real mail server, from facts in a real ledger, whatever restarts."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from domain.clock import Technical
from domain.identity import (
    OrderId,
    order_subject,
)
from runtime.notice_office import Pace
from runtime.processes.projector import build_publisher
from tests.integration.conftest import SETTINGS, Client
from tests.mail_server import MailServer, mail_server
from tests.porting import body
from tests.telling import HURRY, MAIL, Office, dated, text_of


@pytest.fixture
async def mails() -> AsyncIterator[MailServer]:
    async with mail_server() as mails:
        yield mails


@pytest.fixture
async def office(api: Client, mails: MailServer) -> Office:
    return Office(api, mails)


async def test_an_order_and_its_port_day_are_told_once_in_french(
    office: Office, mails: MailServer
) -> None:
    order, line = await office.api.ordered(body(customer=MAIL))
    await dated(office.api, line)

    await office.turn()
    await office.turn()

    first, second = mails.got
    assert first["Subject"] == "Votre commande R-1 est reçue"
    assert first["From"] == "Axantis <avis@operateur.example>"
    assert first["To"] == "camille@example.fr"
    assert first["Content-Language"] == "fr"
    assert first["Message-ID"] != second["Message-ID"]
    assert "Etablissements Martin" in text_of(first)
    assert second["Subject"] == "Commande R-1 : le jour du portage est fixé"
    assert "- 06 12 34 56 78 : le vendredi 15 janvier 2027\n" in text_of(second)
    assert mails.recipients == ["camille@example.fr", "camille@example.fr"]
    received, planned = await office.told(order)
    assert (received["purpose"], planned["purpose"]) == ("order-received", "port-planned")
    assert (planned["stage"], planned["sent_on"]) == ("in-effect", "2027-01-09")
    assert planned["in_effect_on"] == "2027-01-09"
    assert planned["rule"]["en"] == (
        "an email takes effect the day it is sent (decision 8): Saturday 9 January 2027"
    )
    assert planned["text"]["as_sent"] is True
    assert planned["text"]["body"] == text_of(second)


async def test_whoever_subscribes_hears_that_the_customer_is_told(office: Office) -> None:
    order, _ = await office.api.ordered(body(customer=MAIL))
    await office.turn()

    while await build_publisher(office.api.store, SETTINGS).turn():
        pass

    events = (await office.api("GET", f"/events?order_id={order}")).body["events"]
    (told,) = [event for event in events if event["type"] == "customer.told"]
    assert (told["reference"], told["line"]) == ("R-1", None)
    assert told["data"]["purpose"] == "order-received"
    assert told["data"]["channel"] == "email"
    assert told["data"]["in_effect_on"] == "2027-01-09"


async def test_a_customer_who_reads_english_is_told_in_english(
    office: Office, mails: MailServer
) -> None:
    _, line = await office.api.ordered(body("technicophone", customer={**MAIL, "language": "en"}))
    await dated(office.api, line)

    await office.turn()

    first, second = mails.got
    assert first["Subject"] == "Your order R-1 is received"
    assert first["From"] == "Technicophone <avis@operateur.example>"
    assert "- 06 12 34 56 78: on " in text_of(second)
    assert second["Disposition-Notification-To"] == "avis@operateur.example"


async def test_a_death_after_each_step_tells_nobody_twice(
    office: Office, mails: MailServer
) -> None:
    order, line = await office.api.ordered(body(customer=MAIL))
    await dated(office.api, line)

    for _ in range(12):
        office.open_again()
        await office.office.turn()
        await office.office.rest()

    assert [m["Subject"] for m in mails.got] == [
        "Votre commande R-1 est reçue",
        "Commande R-1 : le jour du portage est fixé",
    ]
    assert {one["stage"] for one in await office.told(order)} == {"in-effect"}


async def test_whoever_dies_between_sending_and_noting_sends_it_again_under_the_same_id(
    office: Office, mails: MailServer
) -> None:
    """The one way a customer has an email twice: the docs say so."""
    await office.api.ordered(body(customer=MAIL))
    mails.at_data = ["drop"]

    await office.turn()

    first, second = mails.got
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]
    assert text_of(first) == text_of(second)


async def test_a_provider_that_is_renamed_meanwhile_goes_out_under_the_name_it_had(
    office: Office, mails: MailServer
) -> None:
    """A retry under one Message-ID is one text, and what was sent can still be proved."""
    order, _ = await office.api.ordered(body(customer=MAIL))
    mails.at_data = ["drop"]
    await office.office.turn()
    await office.office.turn()
    await office.office.rest()
    texts = office.office.texts
    templates = replace(texts.templates, names={"axantis": "Renommé"})
    office.office.texts = replace(texts, templates=templates)

    await office.turn()

    first, second = mails.got
    assert (first["From"], text_of(first)) == (second["From"], text_of(second))
    assert "Renommé" not in text_of(second)
    assert [one["text"]["as_sent"] for one in await office.told(order)] == [True]


async def test_a_text_that_cannot_be_made_is_for_a_person_to_write(
    office: Office, mails: MailServer
) -> None:
    order, _ = await office.api.ordered(body(customer=MAIL))
    texts = office.office.texts
    broken = {
        key: template.model_copy(update={"subject": "$unknown"})
        for key, template in texts.templates.kept.items()
    }
    office.office.texts = replace(texts, templates=replace(texts.templates, kept=broken))

    await office.turn()

    (told,) = await office.told(order)
    assert mails.got == []
    assert (told["stage"], told["channel"]) == ("to-be-sent", "letter")
    assert told["because"]["en"] == (
        "by letter: its text cannot be made from its template, write it yourself"
    )


async def test_an_order_that_is_received_promises_nothing_about_what_it_needs(
    office: Office, mails: MailServer
) -> None:
    """Its papers may be asked for seconds before or after."""
    await office.api.ordered(body(customer=MAIL))
    await office.turn()

    assert "Rien n'est à faire" not in text_of(mails.got[0])


async def test_a_server_that_refuses_the_address_makes_it_a_persons_turn(
    office: Office, mails: MailServer
) -> None:
    order, _ = await office.api.ordered(body(customer=MAIL))
    mails.at_rcpt = ["550 no such user here: camille@example.fr"]
    await office.turn()
    (waiting,) = (await office.api("GET", "/notices")).body["notices"]
    assert (waiting["stage"], waiting["why"]) == (
        "undelivered",
        "the server refuses the address (550)",
    )
    assert waiting["allowed"] == ["send-again", "other-address", "other-channel", "give-up"]
    path = f"/notices/{waiting['notice_id']}/decisions"

    missing = await office.api("POST", path, {"decision": "other-address"})
    answer = await office.api(
        "POST", path, {"decision": "other-address", "address": "compta@example.fr"}, key="k-2"
    )
    await office.turn()

    assert (missing.status, "the address is missing" in missing.body["detail"]) == (409, True)
    assert (answer.status, answer.body["stage"]) == (200, "leaving")
    (sent,) = mails.got
    assert sent["To"] == "compta@example.fr"
    (told,) = await office.told(order)
    assert (told["stage"], told["to"]) == ("in-effect", "compta@example.fr")
    assert (await office.api("GET", "/notices")).body["notices"] == []


@pytest.mark.parametrize(
    ("at_rcpt", "at_data", "why"),
    [
        (["451 later"] * 3, [], "the server refuses the address for now (451)"),
        ([], ["452 full"] * 3, "the server refuses the message for now (452)"),
        ([], ["hang"] * 3, "the server did not answer to the end (SMTPReadTimeoutError)"),
    ],
)
async def test_a_server_that_stays_silent_is_tried_then_left_to_a_person(
    office: Office, mails: MailServer, at_rcpt: list[str], at_data: list[str], why: str
) -> None:
    await office.api.ordered(body(customer=MAIL))
    mails.at_rcpt, mails.at_data = at_rcpt, at_data

    await office.turn()

    (waiting,) = (await office.api("GET", "/notices")).body["notices"]
    assert (waiting["why"], mails.attempts) == (why, 3)
    again = await office.api(
        "POST", f"/notices/{waiting['notice_id']}/decisions", {"decision": "send-again"}
    )
    await office.turn()
    assert again.status == 200
    assert mails.attempts == 4
    assert (await office.api("GET", "/notices")).body["notices"] == []


async def test_what_one_attempt_could_not_the_next_one_does(
    office: Office, mails: MailServer
) -> None:
    order, _ = await office.api.ordered(body(customer=MAIL))
    mails.at_rcpt = ["421 closing", ""]

    await office.turn()

    assert (mails.attempts, len(mails.got)) == (2, 1)
    assert [one["stage"] for one in await office.told(order)] == ["in-effect"]


async def test_without_an_address_a_person_sends_a_letter_and_dates_it(office: Office) -> None:
    order, _ = await office.api.ordered(body("technicophone"))
    await office.turn()
    (waiting,) = (await office.api("GET", "/notices")).body["notices"]
    assert (waiting["stage"], waiting["channel"]) == ("to-be-sent", "registered-letter")
    assert waiting["because"]["en"].endswith("the order gives no email address")
    # Two jours ouvrés after Saturday 9 January 2027, at the same hour.
    assert waiting["until"].startswith("2027-01-12T00:0")
    path = f"/notices/{waiting['notice_id']}"
    text = (await office.api("GET", path)).body["text"]
    assert text["subject"] == "Votre commande R-1 est reçue"

    sent = await office.api("POST", f"{path}/dates", {"sent_on": "2027-01-07"}, key="sent")
    presented = await office.api(
        "POST", f"{path}/dates", {"presented_on": "2027-01-08"}, key="presented"
    )

    assert (sent.body["stage"], sent.body["in_effect_on"]) == ("sent", None)
    # 002:107-109: « date de première présentation »
    assert (presented.body["stage"], presented.body["in_effect_on"]) == ("in-effect", "2027-01-08")
    assert "première présentation" in presented.body["rule"]["fr"]
    other = await office.api("POST", f"{path}/dates", {"presented_on": "2027-01-07"}, key="another")
    assert (other.status, "was recorded as 2027-01-08" in other.body["detail"]) == (409, True)
    await office.turn()
    assert (await office.api("GET", "/notices")).body["notices"] == []
    assert [one["in_effect_on"] for one in await office.told(order)] == ["2027-01-08"]


async def test_a_letter_of_oksio_counts_from_its_receipt(office: Office) -> None:
    await office.api.ordered(body("oksio", line={"host": None}))
    await office.turn()
    (waiting,) = (await office.api("GET", "/notices")).body["notices"]
    path = f"/notices/{waiting['notice_id']}/dates"

    presented = await office.api(
        "POST", path, {"sent_on": "2027-01-06", "presented_on": "2027-01-07"}, key="1"
    )
    received = await office.api("POST", path, {"received_on": "2027-01-08"}, key="2")

    # 000:124-125: « réception dudit avis »
    assert (waiting["channel"], presented.body["in_effect_on"]) == ("registered-letter", None)
    assert received.body["in_effect_on"] == "2027-01-08"


async def test_without_a_server_every_notice_is_a_letter_and_never_silence(office: Office) -> None:
    office.with_mail = False
    office.open_again()
    await office.api.ordered(body(customer=MAIL))

    await office.turn()

    (waiting,) = (await office.api("GET", "/notices")).body["notices"]
    assert (waiting["channel"], waiting["because"]["en"]) == (
        "letter",
        "by letter: no sending of emails is set up",
    )


async def test_a_partner_sees_only_what_its_own_customers_are_told(office: Office) -> None:
    await office.api.register("partner", partner=True)
    order, _ = await office.api.ordered()
    mine, _ = await office.api.ordered(body(reference="R-2"), caller="partner", key="p-1")
    await office.turn()

    listed = await office.api("GET", "/notices", caller="partner")
    strange = await office.api("GET", f"/orders/{order}/told", caller="partner")
    own = await office.api("GET", f"/orders/{mine}/told", caller="partner")

    assert [one["order_id"] for one in listed.body["notices"]] == [mine]
    assert strange.status == 404
    assert [one["reference"] for one in own.body["notices"]] == ["R-2"]
    every = (await office.api("GET", "/notices")).body["notices"]
    (other,) = [one["notice_id"] for one in every if one["order_id"] == order]
    assert (await office.api("GET", f"/notices/{other}", caller="partner")).status == 404


async def test_once_the_customer_is_forgotten_nothing_is_sent_and_nothing_is_shown(
    office: Office, mails: MailServer
) -> None:
    order, _ = await office.api.ordered(body(customer=MAIL))
    mails.at_rcpt = ["451 later"]
    office.pace = Pace(quiet=Technical(timedelta(0)), tries=3, delay=lambda _: timedelta(hours=1))
    office.open_again()
    await office.turn()
    await office.api.store.keys.forget(order_subject(OrderId(UUID(order))))
    office.pace = HURRY
    office.open_again()

    await office.turn()

    (told,) = await office.told(order)
    assert (told["stage"], told["to"], mails.got) == ("undelivered", None, [])
    assert "(client oublié)" in told["text"]["body"]
    assert told["text"]["as_sent"] is False


async def test_nothing_personal_of_a_notice_lies_open_in_the_database(office: Office) -> None:
    await office.api.ordered(body(customer=MAIL))
    await office.turn()

    rows = await office.api.store.pool.fetch(
        "SELECT data FROM event UNION SELECT body FROM document"
    )

    assert rows
    assert not [row for row in rows if "camille@" in row[0] or "Etablissements" in row[0]]
