"""Sessions of an exchange on a real SFTP server and a real database: what we put down, once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from adapters.pnm.mailbox import ExchangeSilentError
from domain.operators import Refused, Took, TransferReply
from domain.port_in_facts import Step
from tests.exchange_house import GPM, House, later, number_of, ticket, tickets_in
from tests.porting import PARIS


async def test_tickets_of_a_session_leave_in_one_file_for_each_operator(house: House) -> None:
    for name in ("one", "two"):
        assert isinstance(await house.ask(name), Took)
    assert isinstance(await house.ask("three", donor="03"), Took)

    await house.turn()

    assert house.carried() == [
        "PNMDATA.01.02.20270111105000.001",
        "PNMDATA.01.03.20270111105000.001",
    ]
    first, second = tickets_in(house.content("PNMDATA.01.02.20270111105000.001"))
    assert (first.line, second.line) == (1, 2)
    assert {first.msisdn, second.msisdn} == {number_of("one"), number_of("two")}


async def test_the_porting_ticket_goes_to_every_operator_of_the_group(house: House) -> None:
    await house.ask("one", Step.COMMIT_PORT)

    await house.turn()

    names = house.carried()
    assert [name[8:13] for name in names] == ["01.02", "01.03", "01.04"]
    for name in names:
        (line,) = tickets_in(house.content(name))
        assert (line.code.value, line.destination) == ("1410", "00")


async def test_the_same_ticket_twice_is_one_and_a_session_has_one_file(house: House) -> None:
    await house.ask("one")
    await house.ask("one")
    await house.turn()
    await house.ask("two")
    await house.turn()
    await house.turn(at=later(minutes=5))

    assert house.carried() == ["PNMDATA.01.02.20270111105000.001"]
    assert len(tickets_in(house.taken[0][1].decode())) == 1

    await house.turn(at=later(hours=4))
    assert house.carried() == ["PNMDATA.01.02.20270111145000.002"]


async def test_nothing_is_made_between_sessions_and_nothing_is_lost(house: House) -> None:
    await house.ask("one")

    await house.turn(at=later(minutes=-30))
    assert house.carried() == []
    await house.turn(at=later(hours=2))
    assert house.carried() == []
    await house.turn(at=later(hours=4))
    assert house.carried() == ["PNMDATA.01.02.20270111145000.001"]


async def test_a_ticket_for_a_later_session_waits_for_it(house: House) -> None:
    await house.ask("one", session=later(hours=3, minutes=11))

    await house.turn()
    assert house.carried() == []
    await house.turn(at=later(hours=4))
    assert len(house.carried()) == 1


async def test_a_code_that_is_not_ours_is_refused_before_anything_is_kept(house: House) -> None:
    assert await house.ask("one", receiver="04") == Refused(code="not-our-code")
    await house.turn()
    assert house.carried() == []


async def test_a_rio_that_cannot_be_written_is_refused_by_its_code(house: House) -> None:
    assert await house.ask("one", rio="too short") == Refused(code="E204")


async def test_an_acknowledgement_ends_it_and_a_refusal_goes_to_a_person(house: House) -> None:
    await house.ask("one")
    await house.ask("two", donor="03")
    await house.turn()
    good, bad = house.carried()
    house.acknowledge(good)
    house.acknowledge(bad, "E010")

    await house.turn(at=later(minutes=20))

    assert house.waiting() == []
    assert await house.codes() == [("file-refused", "E010")]
    sent = {file.name: file.answer for file in await house.store.outgoing.sent(limit=9)}
    assert sent == {good: "E000", bad: "E010"}


async def test_a_file_they_had_before_counts_as_taken(house: House) -> None:
    await house.ask("one")
    await house.turn()
    (name,) = house.carried()
    house.acknowledge(name, "E008")

    await house.turn()

    assert await house.codes() == []


async def test_a_person_has_the_same_bytes_put_down_again(house: House) -> None:
    await house.ask("one")
    await house.turn()
    (name,) = house.carried()
    before = house.content(name)
    house.acknowledge(name, "E009")
    await house.turn()

    assert await house.store.outgoing.deposit_again(GPM, name)
    await house.turn()

    assert house.carried() == [name]
    assert house.taken[-1][1].decode("latin-1") == before


async def test_the_weekly_list_names_what_we_have_ported(house: House) -> None:
    await house.ask("one", Step.COMMIT_PORT)
    await house.turn()
    house.carried()
    sunday = datetime(2027, 1, 17, 22, 5, tzinfo=PARIS).astimezone(UTC)

    await house.turn(at=sunday)
    await house.turn(at=sunday + timedelta(minutes=10))

    names = house.carried()
    assert names == [f"PNMSYNC.01.0{n}.20270117220000.001" for n in (2, 3, 4)]
    assert house.content(names[0]).splitlines()[1] == f"01|{number_of('one')}|20270115"


async def test_the_weekly_list_leaves_out_what_has_gone_back_since(house: House) -> None:
    for name in ("one", "two"):
        await house.ask(name, Step.COMMIT_PORT)
    await house.turn()
    asked = ticket("one", Step.COMMIT_PORT)
    confirmed = TransferReply(
        group=GPM,
        ticket="2430",
        reason=None,
        key="gone back",
        transfer=asked.line_id,
        receiver=asked.receiver,
        donor=asked.donor,
        ours=asked.receiver,
        number=asked.number,
        subscribed_at=asked.subscribed_at,
        at=later(hours=1),
    )
    assert isinstance(await house.exchange.reply(confirmed), Took)
    house.carried()
    sunday = datetime(2027, 1, 17, 22, 5, tzinfo=PARIS).astimezone(UTC)

    await house.turn(at=sunday)
    await house.turn(at=sunday + timedelta(minutes=10))

    (name,) = [one for one in house.carried() if one.startswith("PNMSYNC.01.02")]
    assert house.content(name).splitlines()[1:-1] == [f"01|{number_of('two')}|20270115"]


async def test_a_silent_server_stops_no_file_being_made(house: House) -> None:
    await house.ask("one")
    good = house.office.account
    house.office = replace(house.office, account=replace(good, port=1))
    with pytest.raises(ExchangeSilentError):
        await house.turn()

    house.office = replace(house.office, account=good)
    await house.turn(at=later(hours=1))

    assert house.carried() == ["PNMDATA.01.02.20270111105000.001"]


async def test_a_server_that_is_not_the_exchange_gets_nothing(house: House) -> None:
    await house.ask("one")
    stranger = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJYJl6YK3iWcZ2fxVKyXDvZkKFT3vYxXl3sCqIHEoyrH"
    house.office = replace(house.office, account=replace(house.office.account, host_key=stranger))

    with pytest.raises(ExchangeSilentError, match="another key"):
        await house.turn()
    assert house.carried() == []


async def test_a_wrong_password_is_said_in_words(house: House) -> None:
    wrong = replace(house.office.account, password="wrong")
    house.office = replace(house.office, account=wrong)

    with pytest.raises(ExchangeSilentError, match="does not let us in"):
        await house.turn()
    assert "wrong" not in repr(wrong)
    assert "exchange" not in repr(SecretStr("exchange"))
