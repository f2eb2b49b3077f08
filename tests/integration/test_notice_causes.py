"""Each fact a customer is told of is one notice, alone or with others, whatever is read again."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

import pytest

from adapters.smtp.messenger import SmtpMessenger
from domain import port_in_facts as port
from domain.attention import PolicyRow
from domain.clock import Technical
from domain.contract_questions import Contract
from domain.contract_resolution import Pin, PinChangedError
from domain.event import Event
from domain.identity import (
    LineId,
    OrderId,
    line_stream,
    order_stream,
    order_subject,
    replacement_of,
)
from domain.new_numbers import NewNumberEnded, NewNumberOpened, NewNumberTerms, NumberGiven
from domain.notice_post import Mail, Refused, Taken, Unanswered
from domain.personal import Personal
from domain.port_in_facts import Outcome, PortOpened, PortPlanned, Step
from domain.port_rules import PortRules
from domain.said import Said
from runtime.notice_office import Pace
from tests.builders import received
from tests.integration.conftest import Client
from tests.mail_server import MailServer, mail_server
from tests.porting import RULES, STORY, body
from tests.telling import HURRY, MAIL, STEP, Office, dated, happened, text_of


@pytest.fixture
async def mails() -> AsyncIterator[MailServer]:
    async with mail_server() as mails:
        yield mails


@pytest.fixture
async def office(api: Client, mails: MailServer) -> Office:
    return Office(api, mails)


async def test_lines_that_come_together_are_one_notice_that_names_each(
    office: Office, mails: MailServer
) -> None:
    order, line = await office.api.ordered(body(customer=MAIL))
    await dated(office.api, line)
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
        await happened(office.api, line_stream(other), again, planned)

    await office.turn()

    _, told = mails.got
    assert "Vos 3 numéros seront portés :" in text_of(told)
    assert text_of(told).count("- 06 12 34 56 78 : le vendredi 15 janvier 2027") == 3
    assert [one["lines"] for one in await office.told(order)] == [1, 3]


async def test_more_lines_than_a_notice_names_are_told_in_the_next_one(
    office: Office, mails: MailServer
) -> None:
    order, line = await office.api.ordered(body(customer=MAIL))
    asked = port.CancellationAsked(by="x", asked_at=AT, needs=None, cost=())
    await happened(office.api, line_stream(line), *[asked] * 60, name="first")

    await office.turn()
    await office.api.store.documents.clear("notices")
    office.open_again()
    await office.turn()

    told = [one for one in await office.told(order) if one["purpose"] == "cancellation-asked"]
    assert sorted(one["lines"] for one in told) == [10, 50]
    assert len(mails.got) == 3
    assert [text_of(m).count("06 12 34 56 78") for m in mails.got] == [0, 50, 10]


async def test_the_same_day_settled_again_is_no_news_and_another_day_is(
    office: Office, mails: MailServer
) -> None:
    _, line = await office.api.ordered(body(customer=MAIL))
    await dated(office.api, line)
    await office.turn()
    planned = next(
        e.event
        for e in await office.api.store.ledger.read(line_stream(line))
        if isinstance(e.event, PortPlanned)
    )
    await happened(office.api, line_stream(line), planned, name="again")
    await office.turn()
    assert len(mails.got) == 2
    moved = planned.model_copy(
        update={
            "moved_from": date(2027, 1, 15),
            "plan": planned.plan.model_copy(update={"port_day": date(2027, 1, 18)}),
            "because": Said(fr="un autre jour a été choisi", en="another day was chosen"),
        }
    )
    await happened(office.api, line_stream(line), moved, name="moved")

    await office.turn()

    assert mails.got[2]["Subject"] == "Commande R-1 : le jour du portage change"
    assert (
        "- 06 12 34 56 78 : le lundi 18 janvier 2027 au lieu du vendredi 15 janvier 2027 "
        "(un autre jour a été choisi)"
    ) in text_of(mails.got[2])


async def test_a_batch_read_again_with_more_in_it_tells_each_cause_once(
    office: Office, mails: MailServer
) -> None:
    """Killed between the append and the checkpoint, and more had happened meanwhile."""
    order, line = await office.api.ordered(body(customer=MAIL))
    office.pace = Pace(quiet=Technical(timedelta(hours=1)))
    office.open_again()
    await office.turn()
    await office.api.store.documents.clear("notices")
    await dated(office.api, line)
    office.pace = HURRY
    office.open_again()

    await office.turn()

    assert [m["Subject"] for m in mails.got] == [
        "Votre commande R-1 est reçue",
        "Commande R-1 : le jour du portage est fixé",
    ]
    assert [one["lines"] for one in await office.told(order)] == [1, 1]


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
    await happened(office.api, line_stream(line), event)

    await office.turn()
    office.open_again()
    await office.api.store.documents.clear("notices")
    await office.turn()

    told = [one for one in await office.told(order) if one["purpose"] == purpose]
    assert [one["stage"] for one in told] == ["in-effect"]
    assert len(mails.got) == len(await office.told(order))
    (mail,) = [m for m in mails.got if m["Subject"] == told[0]["text"]["subject"]]
    assert mail["Content-Language"] == language
    assert "06 12 34 56 78" in text_of(mail)


async def test_an_end_is_told_by_what_led_to_it(office: Office, mails: MailServer) -> None:
    """Also when its causes lie in an earlier batch."""
    order, line = await office.api.ordered(body(customer=MAIL))
    given_up = port.StepGivenUp(step=Step.VERIFY_LINE, reason="x")
    refused = port.PortEnded(outcome=Outcome.REFUSED, why=WHY)
    moved = port.PortEnded(outcome=Outcome.PORTED, why=WHY, service_started_at=AT)
    await happened(office.api, line_stream(line), port.PortCommitted(confirmers=()), name="out")
    await office.turn()
    await happened(office.api, line_stream(line), refused, given_up, moved, name="ends")

    await office.turn()

    purposes = sorted(one["purpose"] for one in await office.told(order))
    assert purposes == ["order-received", "port-impossible"]
    assert "le numéro n'est plus actif" in text_of(mails.got[1])


async def test_a_checkpoint_that_is_lost_tells_nobody_anything_again(
    office: Office, mails: MailServer
) -> None:
    order, line = await office.api.ordered(body(customer=MAIL))
    for number in range(3):
        asked = port.CancellationAsked(by="x", asked_at=AT, needs=WHY, cost=(WHY,))
        await happened(office.api, line_stream(line), asked, name=f"asked {number}")
        if number != 1:
            await office.turn()
    before = await office.told(order)
    assert [one["lines"] for one in before if one["purpose"] == "cancellation-asked"] == [1, 2]

    await office.api.store.documents.clear("notices")
    await office.turn()
    office.open_again()
    await office.api.store.documents.clear("notices")
    await office.turn()

    assert await office.told(order) == before
    assert len(mails.got) == len(before) == 3


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
    await happened(
        office.api,
        line_stream(replacement_of(line)),
        NewNumberOpened(terms=terms),
        NumberGiven(number=number, given_at=AT),
        NewNumberEnded(outcome=Outcome.ACTIVATED, service_started_at=AT),
    )

    await office.turn()

    mail = next(m for m in mails.got if "nouveau numéro" in m["Subject"])
    assert "- 07 56 01 23 45 : en service depuis le vendredi 15 janvier 2027 à 9 h 00" in text_of(
        mail
    )
    assert [one["purpose"] for one in await office.told(order)].count("number-given") == 1


async def test_an_order_of_before_customers_were_told_is_not_told_of_now(
    office: Office, mails: MailServer
) -> None:
    order = OrderId(uuid4())
    whole = received().model_copy(update={"order_id": order})
    await happened(office.api, order_stream(order), whole)

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
    (waiting,) = (await office.api("GET", "/notices")).body["notices"]
    assert (waiting["reference"], waiting["stage"], waiting["why"]) == (
        "R-1",
        "undelivered",
        "a fault of ours (ZeroDivisionError)",
    )


@pytest.mark.parametrize(
    ("written", "stage", "why"),
    [(False, "to-be-sent", None), (True, "undelivered", "it cannot be made (PinChangedError)")],
)
async def test_a_contract_that_changed_in_place_makes_a_notice_a_persons_turn(
    office: Office, mails: MailServer, *, written: bool, stage: str, why: str | None
) -> None:
    await office.api.ordered(body(customer=MAIL))
    if written:
        mails.at_rcpt = ["451 later"]
        await office.office.turn()
        await office.office.turn()
        await office.office.rest()
    office.office.rules = Changed(shelf=RULES.shelf, changes=RULES.changes, failures=RULES.failures)

    await office.turn()

    (waiting,) = (await office.api("GET", "/notices")).body["notices"]
    assert (waiting["stage"], waiting["why"]) == (stage, why)
    assert mails.got == []


class Changed(PortRules):
    """Over profiles that were edited in place."""

    def contract(self, pin: Pin) -> Contract:
        raise PinChangedError(pin.provider)


@dataclass
class Faulty:
    """Fails on the first order as nothing foresaw."""

    messenger: SmtpMessenger
    name: str = "smtp"

    async def send(self, mail: Mail) -> Taken | Refused | Unanswered:
        if mail.reference == "R-1":
            raise ZeroDivisionError
        return await self.messenger.send(mail)


async def test_a_refusal_its_row_tries_again_is_told_once_it_is_asked_about(
    office: Office, mails: MailServer
) -> None:
    _, line = await office.api.ordered(body(customer=MAIL))
    await office.turn()
    refused = port.PortRefused(code="R220", refused_at=AT)
    row = PolicyRow(policy="gpm", version=2, name="r220", since=date(2026, 1, 1))
    again = port.RetryPlanned(
        step=Step.SEND_REQUEST, code="R220", attempt=1, at_most=1, until=AT, row=row
    )
    await happened(office.api, line_stream(line), refused, again, name="tried again")
    await office.turn()
    assert len(mails.got) == 1

    await happened(office.api, line_stream(line), refused, name="asked about")
    await office.turn()

    assert len(mails.got) == 2
