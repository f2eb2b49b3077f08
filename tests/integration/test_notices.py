"""Customers told through a real mail server, from facts in a real ledger, whatever restarts."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID, uuid4

import pytest

from activities.lines import LineLedger, LineStep
from activities.port_in import PortInActivities
from adapters.smtp.messenger import SmtpMessenger
from domain import port_in_facts as port
from domain.clock import Technical
from domain.event import Event
from domain.identity import (
    LineId,
    OrderId,
    StreamId,
    line_stream,
    order_stream,
    order_subject,
    replacement_of,
)
from domain.new_numbers import NewNumberEnded, NewNumberOpened, NewNumberTerms, NumberGiven
from domain.notice_post import Mail, Refused, Taken, Unanswered
from domain.personal import Personal
from domain.port_in_facts import Outcome, PortOpened, PortPlanned
from domain.said import Said
from ledger.append import Append, CommandStamp, StreamAppend, expected_after
from runtime.notice_office import NoticeOffice, Pace
from runtime.notice_wiring import notice_office
from tests.builders import command_id, received
from tests.integration.conftest import Client
from tests.mail_server import MailServer, mail_server
from tests.porting import RULES, STORY, body

NOW = Technical(timedelta(0))
HURRY = Pace(quiet=NOW, gathered_max=NOW, tries=3, delay=lambda _: timedelta(0))
MAIL = {"email": "camille@example.fr"}
STEP = Technical(timedelta(milliseconds=500))


@dataclass
class Office:
    """An office that can die and be opened again, over the same ledger."""

    api: Client
    mails: MailServer
    pace: Pace = HURRY
    with_mail: bool = True
    office: NoticeOffice = field(init=False)

    def __post_init__(self) -> None:
        self.open_again()

    def open_again(self) -> None:
        messenger = SmtpMessenger(server=self.mails.server(), step=STEP)
        self.office = notice_office(
            self.api.store, RULES, messenger if self.with_mail else None, pace=self.pace
        )

    async def turn(self, turns: int = 40) -> None:
        """Until nothing is due any more."""
        for _ in range(turns):
            found = await self.office.turn()
            await self.office.rest()
            if not found:
                return

    async def told(self, order: str) -> list[dict[str, Any]]:
        answer = await self.api("GET", f"/orders/{order}/told")
        assert answer.status == 200, answer.body
        notices: list[dict[str, Any]] = answer.body["notices"]
        return notices


@pytest.fixture
async def mails() -> AsyncIterator[MailServer]:
    async with mail_server() as mails:
        yield mails


@pytest.fixture
async def office(api: Client, mails: MailServer) -> Office:
    return Office(api, mails)


def _text(message: EmailMessage) -> str:
    text: str = message.get_content()
    return text.replace("\r\n", "\n")


async def _dated(api: Client, line: LineId) -> None:
    lines = LineLedger(ledger=api.store.ledger, keyed_hash=api.store.keyed_hash)
    port = PortInActivities(lines=lines, rules=RULES)
    progress = await port.claim_number(LineStep(line_id=line, at=STORY))
    for verb in (port.look_at_gates, port.settle_dates):
        progress = await verb(LineStep(line_id=line, at=STORY, version=progress.version))


async def _happened(api: Client, stream: StreamId, *events: Event, name: str = "it") -> None:
    """Facts as a process would append them."""
    history = await api.store.ledger.read(stream)
    await api.store.ledger.append(
        Append(
            command=CommandStamp(command_id=command_id(f"{stream} {name}"), fingerprint=b"x"),
            business_at=STORY,
            actor="test",
            correlation="c",
            streams=(
                StreamAppend(
                    stream_id=stream, expected=expected_after(len(history)), events=events
                ),
            ),
        )
    )


async def test_an_order_and_its_port_day_are_told_once_in_french(
    office: Office, mails: MailServer
) -> None:
    order, line = await office.api.ordered(body(customer=MAIL))
    await _dated(office.api, line)

    await office.turn()
    await office.turn()

    first, second = mails.got
    assert first["Subject"] == "Votre commande R-1 est reçue"
    assert first["From"] == "Axantis <avis@operateur.example>"
    assert first["To"] == "camille@example.fr"
    assert first["Content-Language"] == "fr"
    assert first["Message-ID"] != second["Message-ID"]
    assert "Etablissements Martin" in _text(first)
    assert second["Subject"] == "Commande R-1 : le jour du portage est fixé"
    assert "- 06 12 34 56 78 : le vendredi 15 janvier 2027\n" in _text(second)
    assert mails.recipients == ["camille@example.fr", "camille@example.fr"]
    received, planned = await office.told(order)
    assert (received["purpose"], planned["purpose"]) == ("order-received", "port-planned")
    assert (planned["stage"], planned["sent_on"]) == ("in-effect", "2027-01-09")
    assert planned["in_effect_on"] == "2027-01-09"
    assert planned["rule"]["en"] == (
        "an email takes effect the day it is sent (decision 8): Saturday 9 January 2027"
    )
    assert planned["text"]["as_sent"] is True
    assert planned["text"]["body"] == _text(second)


async def test_a_customer_who_reads_english_is_told_in_english(
    office: Office, mails: MailServer
) -> None:
    _, line = await office.api.ordered(body("technicophone", customer={**MAIL, "language": "en"}))
    await _dated(office.api, line)

    await office.turn()

    first, second = mails.got
    assert first["Subject"] == "Your order R-1 is received"
    assert first["From"] == "Technicophone <avis@operateur.example>"
    assert "- 06 12 34 56 78: on " in _text(second)
    assert second["Disposition-Notification-To"] == "avis@operateur.example"


async def test_a_death_after_each_step_tells_nobody_twice(
    office: Office, mails: MailServer
) -> None:
    order, line = await office.api.ordered(body(customer=MAIL))
    await _dated(office.api, line)

    for _ in range(12):
        office.open_again()
        await office.office.turn()
        await office.office.rest()

    assert [m["Subject"] for m in mails.got] == [
        "Votre commande R-1 est reçue",
        "Commande R-1 : le jour du portage est fixé",
    ]
    assert {one["stage"] for one in await office.told(order)} == {"in-effect"}


async def test_a_batch_read_again_with_more_in_it_tells_each_cause_once(
    office: Office, mails: MailServer
) -> None:
    """Killed between the append and the checkpoint, and more had happened meanwhile."""
    order, line = await office.api.ordered(body(customer=MAIL))
    office.pace = Pace(quiet=Technical(timedelta(hours=1)))
    office.open_again()
    await office.turn()
    await office.api.store.documents.clear("notices")
    await _dated(office.api, line)
    office.pace = HURRY
    office.open_again()

    await office.turn()

    assert [m["Subject"] for m in mails.got] == [
        "Votre commande R-1 est reçue",
        "Commande R-1 : le jour du portage est fixé",
    ]
    assert [one["lines"] for one in await office.told(order)] == [1, 1]


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
    assert _text(first) == _text(second)


async def test_lines_that_come_together_are_one_notice_that_names_each(
    office: Office, mails: MailServer
) -> None:
    order, line = await office.api.ordered(body(customer=MAIL))
    await _dated(office.api, line)
    others = [LineId(uuid4()) for _ in range(2)]
    opened = (await office.api.store.ledger.read(line_stream(line)))[0].event
    assert isinstance(opened, PortOpened)
    planned = next(
        e.event
        for e in await office.api.store.ledger.read(line_stream(line))
        if isinstance(e.event, PortPlanned)
    )
    for other in others:
        terms = opened.terms.model_copy(update={"line_id": other})
        again = opened.model_copy(update={"terms": terms})
        await _happened(office.api, line_stream(other), again, planned)

    await office.turn()

    _, told = mails.got
    assert "Vos 3 numéros seront portés :" in _text(told)
    assert _text(told).count("- 06 12 34 56 78 : le vendredi 15 janvier 2027") == 3
    assert [one["lines"] for one in await office.told(order)] == [1, 3]


async def test_the_same_day_settled_again_is_no_news_and_another_day_is(
    office: Office, mails: MailServer
) -> None:
    _, line = await office.api.ordered(body(customer=MAIL))
    await _dated(office.api, line)
    await office.turn()
    planned = next(
        e.event
        for e in await office.api.store.ledger.read(line_stream(line))
        if isinstance(e.event, PortPlanned)
    )
    await _happened(office.api, line_stream(line), planned, name="again")
    await office.turn()
    assert len(mails.got) == 2
    moved = planned.model_copy(
        update={
            "moved_from": date(2027, 1, 15),
            "plan": planned.plan.model_copy(update={"port_day": date(2027, 1, 18)}),
            "because": Said(fr="un autre jour a été choisi", en="another day was chosen"),
        }
    )
    await _happened(office.api, line_stream(line), moved, name="moved")

    await office.turn()

    assert mails.got[2]["Subject"] == "Commande R-1 : le jour du portage change"
    assert (
        "- 06 12 34 56 78 : le lundi 18 janvier 2027 au lieu du vendredi 15 janvier 2027 "
        "(un autre jour a été choisi)"
    ) in _text(mails.got[2])


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


WHY = Said(fr="la raison", en="the reason")
AT = STORY + timedelta(days=6, hours=9)
EVERY_END: tuple[tuple[Event, str], ...] = (
    (port.PortRefused(code="R123", refused_at=AT), "donor-refused"),
    (port.EligibilityLost(code="C002", lost_at=AT), "donor-refused"),
    (
        port.CancellationAsked(by="x", asked_at=AT, needs=WHY, cost=(WHY, WHY)),
        "cancellation-asked",
    ),
    (port.CancellationLapsed(why=WHY), "cancellation-lapsed"),
    (port.PortEnded(outcome=Outcome.CANCELLED, why=WHY), "cancelled"),
    (
        port.PortEnded(outcome=Outcome.PORTED, why=WHY, service_started_at=AT),
        "number-moved",
    ),
    (port.PortEnded(outcome=Outcome.REFUSED, why=WHY), "port-impossible"),
    (port.PortEnded(outcome=Outcome.REPLACED, why=WHY), "port-impossible"),
)


@pytest.mark.parametrize(("event", "purpose"), EVERY_END)
@pytest.mark.parametrize("language", ["fr", "en"])
async def test_each_cause_is_one_notice_in_the_customers_language(
    office: Office, mails: MailServer, event: Event, purpose: str, language: str
) -> None:
    customer = {**MAIL, "language": language}
    order, line = await office.api.ordered(body(customer=customer))
    await _happened(office.api, line_stream(line), event)

    await office.turn()
    office.open_again()
    await office.api.store.documents.clear("notices")
    await office.turn()

    told = [one for one in await office.told(order) if one["purpose"] == purpose]
    assert [one["stage"] for one in told] == ["in-effect"]
    assert len(mails.got) == len(await office.told(order))
    (mail,) = [m for m in mails.got if m["Subject"] == told[0]["text"]["subject"]]
    assert mail["Content-Language"] == language
    assert "06 12 34 56 78" in _text(mail)


async def test_a_new_number_is_told_by_itself(office: Office, mails: MailServer) -> None:
    order, line = await office.api.ordered(body("oksio", line={"host": None}, customer=MAIL))
    opened = (await office.api.store.ledger.read(line_stream(line)))[0].event
    assert isinstance(opened, PortOpened)
    terms = NewNumberTerms(
        line_id=replacement_of(line),
        order_id=opened.terms.order_id,
        replaces=line,
        pin=opened.terms.pin,
        host=opened.terms.host,
        sim=opened.terms.sim,
        host_line=None,
        asked_at=AT,
    )
    number = Personal(subject=order_subject(opened.terms.order_id), value="0756012345")
    await _happened(
        office.api,
        line_stream(replacement_of(line)),
        NewNumberOpened(terms=terms),
        NumberGiven(number=number, given_at=AT),
        NewNumberEnded(outcome=Outcome.ACTIVATED, service_started_at=AT),
    )

    await office.turn()

    mail = next(m for m in mails.got if "nouveau numéro" in m["Subject"])
    assert "- 07 56 01 23 45 : en service depuis le vendredi 15 janvier 2027 à 9 h 00" in _text(
        mail
    )
    assert [one["purpose"] for one in await office.told(order)].count("number-given") == 1


async def test_an_order_of_before_customers_were_told_is_not_told_of_now(
    office: Office, mails: MailServer
) -> None:
    order = OrderId(uuid4())
    whole = received().model_copy(update={"order_id": order})
    await _happened(office.api, order_stream(order), whole)

    await office.turn()

    assert mails.got == []
    assert (await office.api("GET", "/notices")).body["notices"] == []


async def test_a_fault_with_one_notice_holds_back_no_other(
    office: Office, mails: MailServer
) -> None:
    await office.api.ordered(body(customer=MAIL))
    await office.api.ordered(body(reference="R-2", customer=MAIL), key="k-2")
    office.office.messenger = Faulty(SmtpMessenger(server=mails.server(), step=STEP))

    await office.turn()

    assert [m["Subject"] for m in mails.got] == ["Votre commande R-2 est reçue"]


@dataclass
class Faulty:
    """Fails on the first order as nothing foresaw."""

    messenger: SmtpMessenger
    name: str = "smtp"

    async def send(self, mail: Mail) -> Taken | Refused | Unanswered:
        if mail.reference == "R-1":
            raise ZeroDivisionError
        return await self.messenger.send(mail)
