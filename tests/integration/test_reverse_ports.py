"""Reverse ports through HTTP and over the wire: demanded, agreed, announced, confirmed."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import pytest
from temporalio.client import Client as Temporal
from temporalio.contrib.pydantic import pydantic_data_converter

from activities.reverse_book import Written
from adapters.pnm.mapping import stamp
from adapters.pnm.tickets import PnmTicket, read_ticket
from domain.clients import Role
from domain.identity import LineId, line_stream
from domain.operators import ReleasedTold, StepRefusedTold
from domain.port_in_facts import Step
from domain.reverse_port_facts import LineHandedBack, ReversePortId
from domain.reverse_port_states import HandingBack
from domain.reverse_ports import AskHost
from ledger.append import CommandStamp
from ledger.messages import FOLLOW_REVERSE_PORT, IncomingMessage, WaitingMessage
from runtime.exchange_reading import REVERSE_PORTS, TRANSFERS
from runtime.relay import Done, Later, Outcome, Park
from runtime.reverse_ports import (
    ReverseFollower,
    ReversePortWatchdog,
    ReverseTaker,
    reverse_port_documents,
    reverse_port_runner,
)
from runtime.starting import ProcessStarter
from runtime.wiring import exchange_of, reverse_book
from tests.builders import command_id
from tests.exchange_house import GPM, House, about, asked, file, later, line_of
from tests.fakes.operators import read, written
from tests.integration.conftest import SETTINGS, Client
from tests.porting import NUMBER, RULES, STORY, body
from tests.reverse_ports import moved_in_vain, ported_in
from workflows.identity import EXCHANGE

UNKNOWN = UUID(int=404)
DEMAND = {"msisdn": NUMBER, "incident": "fraud", "evidence": "their mail of 18 January"}


async def _ported(api: Client, *, key: str = "k-1") -> LineId:
    order, line = await api.ordered(body(), key=key)
    await ported_in(api.store, line, order=order)
    return line


async def _demanded(api: Client) -> str:
    await _ported(api)
    found = await api("POST", "/reverse-ports", DEMAND, key="demand")
    return str(found.body["reverse_port_id"])


async def test_a_demand_is_recorded_once_listed_and_shown(api: Client) -> None:
    line = await _ported(api)

    first = await api("POST", "/reverse-ports", DEMAND, key="demand")
    again = await api("POST", "/reverse-ports", DEMAND, key="demand")
    other = await api("POST", "/reverse-ports", DEMAND, key="another")

    assert (first.status, again.body) == (201, first.body)
    assert (other.status, "demanded already" in other.body["detail"]) == (409, True)
    assert (first.body["line_id"], first.body["stage"]) == (str(line), "demanded")
    assert first.body["fault"] == "nobody"
    # porting-and-access:112, six working hours from the story's Saturday: Monday at 15:00
    assert first.body["attention"][0]["until"] == "2027-01-11T15:00:00+01:00"
    await reverse_port_runner(api.store).turn()
    listed = (await api("GET", "/reverse-ports?only_open=true")).body["reverse_ports"]
    assert [one["msisdn"] for one in listed] == [NUMBER]
    waiting = (await api("GET", "/attention")).body["attention"]
    assert [one["code"] for one in waiting if one["about"]["matter"] == "reverse-port"] == [
        "reverse-demanded"
    ]
    due = (await api("GET", "/deadlines?within_hours=999")).body["deadlines"]
    assert [one["stage"] for one in due if one["about"]["matter"] == "reverse-port"] == ["demanded"]
    (row,) = [r for r in await api.store.outbox.lease(limit=9) if r.kind == FOLLOW_REVERSE_PORT]
    assert NUMBER not in row.payload


async def test_a_line_is_named_by_its_id_too(api: Client) -> None:
    line = await _ported(api)
    demand = {**DEMAND, "msisdn": None, "line_id": str(line), "incident": "customer-error"}

    found = await api("POST", "/reverse-ports", demand)

    assert (found.status, found.body["fault"]) == (201, "customer")


async def test_a_number_is_that_of_the_line_it_came_with_whoever_asked_for_it_since(
    api: Client,
) -> None:
    line = await _ported(api)
    await moved_in_vain(api.store, line, order=str(UNKNOWN))

    found = await api("POST", "/reverse-ports", DEMAND)

    assert (found.status, found.body.get("line_id")) == (201, str(line))


async def test_an_instant_without_a_zone_is_asked_for_with_one(api: Client) -> None:
    path = f"/reverse-ports/{await _demanded(api)}/decisions"
    snooze = {"decision": "snooze", "reason": "x"}

    bare = await api("POST", path, {**snooze, "until": "2027-01-20T09:00"})
    vague = await api("POST", path, {**snooze, "until": "tomorrow"})
    turn = await api("POST", path, {**snooze, "turn": "nobody"})

    sentences = [answer.body["errors"][0]["sentence"] for answer in (bare, vague, turn)]
    assert sentences == [
        "Say in which time zone: write it like 2027-01-20T09:00+01:00.",
        "This is no instant: write it like 2027-01-20T09:00+01:00.",
        "Write one of 'operations', 'customer', 'provider' or 'supervisor'.",
    ]


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"msisdn": None, "line_id": str(UNKNOWN)}, 404, "There is no line 0000"),
        ({"msisdn": None, "line_id": "seven"}, 400, "This is not an id"),
        ({"msisdn": None}, 409, "Give either line_id or msisdn"),
        ({"msisdn": "0612345699"}, 404, "has ever moved"),
        ({"msisdn": "nonsense"}, 409, "nonsense"),
        ({"incident": "unstated"}, 422, ""),
        ({"evidence": ""}, 422, ""),
    ],
)
async def test_every_mistake_in_a_demand_is_told(
    api: Client, change: Mapping[str, object], status: int, words: str
) -> None:
    await _ported(api)

    answer = await api("POST", "/reverse-ports", {**DEMAND, **change})

    assert answer.status == status
    assert words in str(answer.body)


async def test_a_line_that_has_not_come_cannot_go_back(api: Client) -> None:
    _, line = await api.ordered()
    demand = {**DEMAND, "msisdn": None, "line_id": str(line)}

    answer = await api("POST", "/reverse-ports", demand)

    assert (answer.status, "did not come to us" in answer.body["detail"]) == (409, True)


async def test_a_decision_that_does_not_fit_says_what_does(api: Client) -> None:
    path = f"/reverse-ports/{await _demanded(api)}/decisions"

    wrong = await api("POST", path, {"decision": "skip", "reason": "x"}, key="w")
    bare = await api("POST", path, {"decision": "agree"}, key="b")
    agreed = await api("POST", path, {"decision": "agree", "reason": "seen", "by": "Lou"}, key="a")

    assert (wrong.status, "agree, refuse" in wrong.body["detail"]) == (409, True)
    assert (bare.status, "give a reason" in bare.body["detail"]) == (409, True)
    assert (agreed.body["stage"], agreed.body["tickets"]) == ("agreed", ["2400"])
    missing = await api("POST", f"/reverse-ports/{UNKNOWN}/decisions", {"decision": "agree"})
    assert missing.status == 404


async def test_reverse_ports_are_the_houses_own(api: Client) -> None:
    await _demanded(api)
    await reverse_port_runner(api.store).turn()
    await api.register("acme", Role.OPERATIONS, partner=True)

    listed = await api("GET", "/reverse-ports", caller="acme")
    waiting = await api("GET", "/attention", caller="acme")

    assert (listed.status, waiting.body["attention"]) == (403, [])


async def _follower(api: Client) -> ReverseFollower:
    temporal = await Temporal.connect(
        "127.0.0.1:1", lazy=True, data_converter=pydantic_data_converter
    )
    return ReverseFollower(
        book=reverse_book(api.store, RULES),
        exchange=exchange_of(api.store, SETTINGS),
        starter=ProcessStarter(client=temporal, clocks=api.store.clock),
    )


async def _left(api: Client) -> list[PnmTicket]:
    waiting = await api.store.outgoing.waiting(GPM, due_by=later(days=30))
    return [read_ticket(ticket.body) for ticket in waiting]


async def test_what_we_owe_leaves_once_to_the_initial_donor(api: Client) -> None:
    reverse_port = await _demanded(api)
    agree = {"decision": "agree", "reason": "seen"}
    await api("POST", f"/reverse-ports/{reverse_port}/decisions", agree, key="a")
    payload = f'{{"reverse_port_id": "{reverse_port}"}}'
    follower = await _follower(api)

    assert isinstance(await follower.follow(payload), Later)
    assert isinstance(await follower.follow(payload), Later)

    (ticket,) = await _left(api)
    # porting-and-access:85, the agreement is the initial receiver's
    assert (ticket.code, ticket.origin, ticket.destination) == ("2400", "01", "02")
    assert (ticket.receiver, ticket.donor, ticket.msisdn) == ("01", "02", NUMBER)
    for other in ("nonsense", "{}", payload.replace(reverse_port, str(UNKNOWN))):
        assert isinstance(await follower.follow(other), Park)


async def _person(_message: WaitingMessage) -> Outcome:
    return Park("a person deals with it")


def _taker(api: Client) -> ReverseTaker:
    return ReverseTaker(
        book=reverse_book(api.store, RULES),
        inbox=api.store.inbox,
        readers={"orange": read, EXCHANGE: read},
        for_a_person=_person,
    )


async def _told(api: Client, line: LineId, source: str, text: str) -> WaitingMessage:
    await api.store.inbox.receive(
        IncomingMessage(
            source=source,
            message_key=text[-60:],
            correlation=str(line),
            body=text,
            received_at=STORY + timedelta(days=9),
        )
    )
    (message,) = await api.store.inbox.lease(limit=1)
    return message


async def _handing_back(api: Client) -> tuple[LineId, ReversePortId]:
    reverse_port = await _demanded(api)
    path = f"/reverse-ports/{reverse_port}"
    await api("POST", f"{path}/decisions", {"decision": "agree", "reason": "seen"}, key="a")
    line = LineId(UUID((await api("GET", path)).body["line_id"]))
    await _taker(api).take_ticket(await _told(api, line, REVERSE_PORTS, _data()))
    known = ReversePortId(UUID(reverse_port))
    at = STORY + timedelta(days=9)
    command = AskHost(decided_at=at, answer_by=at + timedelta(days=2), key="k-1")
    stamped = CommandStamp(command_id=command_id("ask host"), fingerprint=b"x")
    book = reverse_book(api.store, RULES)
    await book.obey(known, command, Written(stamp=stamped, actor="process"))
    return line, known


def _data() -> str:
    """2410 as the inbox keeps it."""
    ticket = about("one", "2410", stamp(STORY, GPM), "20270118", by="02", to="00")
    return f'{{"group": "GPM", "ours": "01", "ticket": "{ticket}"}}'


async def test_data_and_the_hosts_word_end_it_and_everything_leaves(api: Client) -> None:
    line, known = await _handing_back(api)
    report = written(ReleasedTold(released_at=STORY + timedelta(days=9)))

    taken = await _taker(api).take_word_of_a_host(await _told(api, line, "orange", report))

    assert taken == Done()
    shown = (await api("GET", f"/reverse-ports/{known}")).body
    assert (shown["ending"], shown["tickets"]) == ("handed-back", ["2400", "2420", "2430"])
    history = await api.store.ledger.read(line_stream(line))
    assert isinstance(history[-1].event, LineHandedBack)
    await (await _follower(api)).follow(f'{{"reverse_port_id": "{known}"}}')
    assert [t.code.value for t in await _left(api)] == ["2400", "2420", "2430"]
    assert await api.store.inbox.lease(limit=9) == ()
    late = await _told(api, line, "orange", f"{report} ")
    assert await _taker(api).take_word_of_a_host(late) is None


@pytest.mark.parametrize(
    ("report", "fact"),
    [
        (
            written(
                StepRefusedTold(step=Step.RELEASE_LINE, key="k-1", code="BUSY", refused_at=STORY)
            ),
            "HandBackRefused",
        ),
        (
            written(
                StepRefusedTold(step=Step.RELEASE_LINE, key="old", code="BUSY", refused_at=STORY)
            ),
            "ReverseTicketIgnored",
        ),
        ("garbage", "AttentionRaised"),
    ],
)
async def test_whatever_else_a_host_says_is_a_named_outcome(
    api: Client, report: str, fact: str
) -> None:
    line, known = await _handing_back(api)

    await _taker(api).take_word_of_a_host(await _told(api, line, "orange", report))

    timeline = (await api("GET", f"/reverse-ports/{known}")).body["timeline"]
    assert fact in {entry["event"] for entry in timeline[7:]}


async def test_a_host_that_is_unreadable_twice_is_asked_about_once(api: Client) -> None:
    line, known = await _handing_back(api)
    taker = _taker(api)

    await taker.take_word_of_a_host(await _told(api, line, "orange", "garbage"))
    await taker.take_word_of_a_host(await _told(api, line, "orange", "more garbage"))

    asked = (await api("GET", f"/reverse-ports/{known}")).body["attention"]
    assert [one["code"] for one in asked] == ["reverse-host"]
    later_on = STORY + timedelta(days=99)
    assert await api.store.inbox.first_waiting(str(line), received_upto=later_on) is None


async def test_an_instant_that_cannot_be_ends_no_service(api: Client) -> None:
    line, known = await _handing_back(api)
    report = written(ReleasedTold(released_at=STORY.replace(year=1970)))

    await _taker(api).take_word_of_a_host(await _told(api, line, "orange", report))

    shown = (await api("GET", f"/reverse-ports/{known}")).body
    assert (shown["stage"], shown["attention"][0]["code"]) == ("handing-back", "reverse-host")


async def test_what_the_exchange_says_of_our_tickets_is_no_word_of_the_host(api: Client) -> None:
    line, known = await _handing_back(api)
    # a 7000 about our 2400, as the inbox keeps it: it says nothing to a line
    refused = await _told(api, line, EXCHANGE, "garbage")

    assert await _taker(api).take_word_of_a_host(refused) is None

    shown = (await api("GET", f"/reverse-ports/{known}")).body
    assert (shown["stage"], shown["attention"]) == ("handing-back", [])


async def test_data_about_what_never_came_are_for_a_person(api: Client) -> None:
    _, line = await api.ordered()

    outcome = await _taker(api).take_ticket(await _told(api, line, REVERSE_PORTS, _data()))

    assert outcome == Park("a person deals with it")


async def test_one_that_nothing_moves_is_raised(api: Client) -> None:
    _, known = await _handing_back(api)
    await reverse_port_runner(api.store).turn()
    book = reverse_book(api.store, RULES)
    clock = await api.store.clock.in_force()
    watchdog = ReversePortWatchdog(
        documents=reverse_port_documents(api.store, book),
        clocks=api.store.clock,
        wall_now=lambda: clock.wall_at(STORY + timedelta(days=30)),
    )

    assert await watchdog.turn() == 1

    state = await book.state(known)
    assert isinstance(state, HandingBack)
    assert state.asks("nothing-moves")


async def test_data_over_the_wire_find_the_line_that_once_asked(house: House) -> None:
    await asked(house, "one")
    data = about("one", "2410", "20270111102000", "20270118", by="02", to="00")
    stray = about("two", "2410", "20270111102000", "20270118", by="02", to="00")
    name, content = file(data, stray)

    house.drop(name, content)
    await house.turn()

    rows = await house.store.inbox.lease(limit=9)
    assert {(row.source, row.correlation == str(line_of("one"))) for row in rows} == {
        (REVERSE_PORTS, True),
        (TRANSFERS, False),
    }
    assert await house.codes() == []
