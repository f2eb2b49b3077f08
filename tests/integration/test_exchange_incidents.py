"""What really went wrong at exchanges (porting-and-access § 2.8), each as a test.

6, one operator never confirms, and 7, ported and not provided, are the process's own: see
`test_port_in_day.py`. 11, a holiday missing, is in `test_pnm_tickets.py`.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from adapters.pnm.mailbox import ExchangeSilentError
from domain.exchange_rules import ExchangeRules
from domain.port_dates import PortCalendar
from domain.territories import ExchangeGroup
from runtime.store import Store
from tests.exchange_house import (
    House,
    about,
    accepts,
    asked,
    file,
    later,
    line_of,
    opened_house,
    rewritten,
)


async def test_1_a_ticket_that_comes_twice_is_one_message_and_no_error_goes_back(
    house: House,
) -> None:
    await asked(house, "one")
    house.drop(*file(accepts("one")))
    await house.turn(at=later(hours=3))
    house.drop(*file(accepts("one"), accepts("one"), sequence=2, at="20270111142000"))
    await house.turn(at=later(hours=4))

    assert await house.heard() == [("1210", str(line_of("one")))]
    assert await house.codes() == []
    assert [n[-4:] for n in house.carried()] == [".ACR", ".ACR"]


async def test_2_an_acknowledgement_that_cannot_be_put_down_is_put_down_later(
    house: House,
) -> None:
    await asked(house, "one")
    name, content = file(accepts("one"))
    house.drop(name, content)

    out = Path(house.mailboxes.root) / "raccord" / "gpm" / "out"
    out.rename(out.with_name("elsewhere"))
    with pytest.raises(ExchangeSilentError):
        await house.turn()
    out.with_name("elsewhere").rename(out)
    assert house.waiting() == [name]

    house.open_again()
    await house.turn()

    assert house.waiting() == []
    assert house.carried() == [f"{name}.ACR"]
    assert "|E000|" in house.content(f"{name}.ACR")
    assert await house.heard() == [("1210", str(line_of("one")))]


async def test_3_a_temporary_file_is_never_looked_at(house: House) -> None:
    name, content = file()
    house.drop(f"{name}.tmp", content[:10])

    await house.turn()

    assert house.waiting() == [f"{name}.tmp"]
    assert house.carried() == []


async def test_3_an_answer_to_a_file_we_never_put_down_is_told_once_and_taken_away(
    house: House,
) -> None:
    name, _ = file(by="01", to="02")
    house.acknowledge(name)
    await house.turn()
    house.acknowledge(name)
    await house.turn(at=later(minutes=10))

    assert house.waiting() == []
    assert await house.codes() == [("stray-answer", "E000")]


async def test_4_an_answer_that_overtakes_its_request_is_read_once_the_request_is_known(
    house: House,
) -> None:
    house.drop(*file(accepts("one")))
    await house.turn()
    assert await house.codes() == [("ticket-set-aside", "E609")]
    assert [n[-4:] for n in house.carried()] == [".ACR"]

    await house.ask("one")
    await house.turn(at=later(hours=4))
    await house.turn(at=later(hours=4, minutes=1))

    assert await house.heard() == [("1210", str(line_of("one")))]
    assert await house.codes() == []


async def test_5_a_ticket_for_another_operator_is_set_aside_alone(house: House) -> None:
    await asked(house, "one", "two")
    foreign = rewritten(accepts("one"), destination="03")
    house.drop(*file(foreign, accepts("two")))

    await house.turn()

    assert await house.heard() == [("1210", str(line_of("two")))]
    assert await house.codes() == [("ticket-set-aside", "E003")]
    (answer,) = house.carried()
    assert "|E000|" in house.content(answer)


async def test_8_an_operator_that_acknowledges_late_is_raised_once_and_forgotten_when_it_does(
    house: House,
) -> None:
    await house.ask("one")
    await house.turn()
    (name,) = house.carried()
    for minutes in (59, 70, 300):
        await house.turn(at=later(minutes=minutes))
    assert await house.codes() == [("unanswered", "E011")]

    house.acknowledge(name)
    await house.turn(at=later(days=6))

    assert await house.codes() == []
    assert house.carried() == []


async def test_8_one_that_is_known_to_acknowledge_on_sundays_raises_nothing_before(
    house: House,
) -> None:
    real = house.office.rules

    class OnSundays:
        """The profile of an exchange where 02 acknowledges with the synchronisation only."""

        def calendar(self, group: ExchangeGroup, day: object) -> PortCalendar:
            calendar = real.calendar(group, day)  # type: ignore[arg-type]  # a day
            rules: ExchangeRules = replace(calendar.rules, acknowledges_on_sync=frozenset({"02"}))
            return calendar.model_copy(update={"rules": rules})

    house.office = replace(house.office, rules=OnSundays())  # type: ignore[arg-type]  # a profile
    await house.ask("one")
    await house.turn()
    await house.turn(at=later(days=5))

    assert await house.codes() == []
    await house.turn(at=later(days=8))
    assert await house.codes() == [("unanswered", "E011")]


async def test_9_while_a_code_is_replaced_both_are_ours(store: Store, tmp_path: Path) -> None:
    async with opened_house(store, tmp_path, codes=("01", "03")) as house:
        await asked(house, "one", "two")
        old, new = accepts("one"), rewritten(accepts("two"), destination="03")
        house.drop(*file(old))
        house.drop(*file(new, to="03"))

        await house.turn()

        assert [code for code, _ in await house.heard()] == ["1210", "1210"]
        assert await house.codes() == []


async def test_10_a_burst_of_wrong_rios_is_told_to_a_person(house: House) -> None:
    names = [f"line {n}" for n in range(5)]
    await asked(house, *names)
    refused = [about(name, "1220", "R123", "20270111102000", "", "") for name in names]
    house.drop(*file(*refused))

    await house.turn()

    assert await house.codes() == [("refusal-burst", "R123")]
    assert len(await house.heard()) == 5
