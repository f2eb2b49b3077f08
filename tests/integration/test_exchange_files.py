"""Files that are not as they should be, on a real server: what is taken, once, and what is not."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.exchange_troubles import TroubleKind
from projections.exchange import TroubleDocument
from runtime.exchange_again import ExchangeAgain
from runtime.exchange_in import IncomingFiles
from runtime.relay import Done, Park
from runtime.store import Store
from tests.exchange_house import (
    GPM,
    House,
    about,
    accepts,
    asked,
    file,
    later,
    line_of,
    opened_house,
    rewritten,
    tickets_in,
)
from tests.porting import PARIS


async def test_a_file_that_is_still_being_written_is_waited_for(house: House) -> None:
    await asked(house, "one")
    name, content = file(accepts("one"))
    house.drop(name, content[: len(content) // 2])
    await house.turn()
    assert (house.waiting(), house.carried()) == ([name], [])

    house.drop(name, content)
    await house.turn()

    assert house.carried() == [f"{name}.ACR"]
    assert await house.codes() == []


async def test_a_file_that_never_ends_is_refused_and_may_come_whole_under_its_name(
    house: House,
) -> None:
    await asked(house, "one")
    name, content = file(accepts("one"))
    house.drop(name, content[:-40])
    seconds = iter((0.0, 1.0, 9.0, 10.0))
    house.office = replace(
        house.office,
        incoming=_timed(house.office.incoming, lambda: next(seconds)),
    )
    for _ in range(3):
        await house.turn()
    assert house.carried() == [f"{name}.ERR"]
    assert await house.codes() == [("file-unreadable", "E009")]

    house.drop(name, content)
    await house.turn()

    assert house.carried() == [f"{name}.ACR"]
    assert await house.heard() == [("1210", str(line_of("one")))]


def _timed(files: IncomingFiles, monotonic: object) -> IncomingFiles:
    return replace(files, monotonic=monotonic)  # type: ignore[arg-type]  # a clock


async def test_a_file_that_comes_again_is_answered_again_and_read_once(house: House) -> None:
    await asked(house, "one")
    for minutes in (0, 5, 10):
        house.drop(*file(accepts("one")))
        await house.turn(at=later(minutes=minutes))
        house.carried()

    assert len(await house.heard()) == 1
    answers = [content.split(b"|")[5] for name, content in house.taken if name.endswith(".ACR")]
    assert answers == [b"E000", b"E000", b"E000"]
    assert await house.codes() == []


async def test_another_file_under_a_name_that_was_used_is_refused(house: House) -> None:
    await asked(house, "one", "two")
    house.drop(*file(accepts("one")))
    await house.turn()
    house.drop(file()[0], file(accepts("two"))[1])
    await house.turn()

    assert len(await house.heard()) == 1
    assert await house.codes() == [("file-unreadable", "E008")]
    assert [n[-4:] for n in house.carried()] == [".ACR", ".ERR"]


async def test_a_file_out_of_sequence_waits_for_the_one_before_it(house: House) -> None:
    await asked(house, "one", "two", "three")
    house.drop(*file(accepts("one"), sequence=7))
    await house.turn()
    third = file(accepts("three"), sequence=9, at="20270111142000")
    house.drop(*third)
    await house.turn()
    assert house.waiting() == [third[0]]
    house.carried()

    house.drop(*file(accepts("two"), sequence=8, at="20270111141000"))
    await house.turn(at=later(minutes=30))

    assert len(house.carried()) == 2
    assert len(await house.heard()) == 3
    assert await house.codes() == []


async def test_two_files_taken_in_one_turn_leave_the_later_of_them_as_the_last(
    house: House,
) -> None:
    await asked(house, "one", "two", "three", "four")
    house.drop(*file(accepts("one"), sequence=7))
    await house.turn()
    house.drop(*file(accepts("three"), sequence=9, at="20270111142000"))
    await house.turn()
    house.drop(*file(accepts("two"), sequence=8, at="20270111141000"))
    await house.turn(at=later(minutes=30))

    house.drop(*file(accepts("four"), sequence=10, at="20270111152000"))
    await house.turn(at=later(minutes=60))

    assert len(await house.heard()) == 4
    assert await house.codes() == []


async def test_a_gap_that_is_not_filled_in_time_refuses_the_file_and_says_so(house: House) -> None:
    await asked(house, "one", "two")
    house.drop(*file(accepts("one"), sequence=7))
    await house.turn()
    house.carried()
    late = file(accepts("two"), sequence=9, at="20270111142000")
    house.drop(*late)
    await house.turn()
    await house.turn(at=later(minutes=61))

    assert house.carried() == [f"{late[0]}.ERR"]
    assert await house.codes() == [("file-unreadable", "E007")]
    assert len(await house.heard()) == 1


async def test_a_sequence_that_goes_back_is_for_a_person(house: House) -> None:
    house.drop(*file(sequence=7))
    await house.turn()
    house.carried()
    house.drop(*file(sequence=1, at="20270111142000"))
    await house.turn()

    assert await house.codes() == [("file-unreadable", "E007")]
    assert [n[-4:] for n in house.carried()] == [".ERR"]


@pytest.mark.parametrize(
    ("by", "to", "code"), [("02", "04", "E003"), ("09", "01", "E003"), ("01", "01", "E004")]
)
async def test_a_file_for_or_from_somebody_else_is_refused_and_kept(
    house: House, by: str, to: str, code: str
) -> None:
    name, content = file(by=by, to=to)
    house.drop(name, content)

    await house.turn()

    assert house.carried() == [f"{name}.ERR"]
    assert await house.codes() == [("file-unreadable", code)]
    (kept,) = await house.store.incoming.received(limit=9)
    assert await house.store.incoming.content(kept.number) == content


async def test_what_has_no_name_of_the_exchange_is_kept_and_stops_nothing(house: House) -> None:
    await asked(house, "one")
    patient(house)
    for name in ("Relance de 0612345678.txt", "a.b.c.d.1", "PNMDATA.1.02.20260612145429.001"):
        house.drop(name, b"bonjour")
    house.drop("depot.part", b"bon")
    house.drop(*file(accepts("one")))
    (Path(house.mailboxes.root) / "raccord" / "gpm" / "in" / "archives").mkdir()
    for _ in range(3):
        await house.turn()

    assert len(await house.heard()) == 1
    assert await house.codes() == [("file-unreadable", "E006")] * 3
    assert house.waiting() == ["archives", "depot.part"]
    kept = {file.name: file for file in await house.store.incoming.received(limit=9)}
    assert not any("0612345678" in name for name in kept)
    contents = [await house.store.incoming.content(one.number) for one in kept.values()]
    assert b"Relance de 0612345678.txt\nbonjour" in contents


def patient(house: House) -> None:
    """A clock by which whatever no longer grows has been still for long enough."""
    seconds = iter(range(0, 1000, 6))
    house.office = replace(
        house.office, incoming=_timed(house.office.incoming, lambda: float(next(seconds)))
    )


async def test_a_file_mended_while_it_waited_for_its_turn_is_the_one_that_is_read(
    house: House,
) -> None:
    await asked(house, "one", "two")
    house.drop(*file(sequence=1))
    await house.turn()
    house.drop(*file(accepts("one"), sequence=3, at="20270111142000"))
    await house.turn()
    house.drop(*file(accepts("two"), sequence=3, at="20270111142000"))
    house.drop(*file(sequence=2, at="20270111141000"))
    await house.turn()
    await house.turn()

    assert await house.heard() == [("1210", str(line_of("two")))]
    assert await house.codes() == []


async def test_a_file_that_was_being_refused_when_we_died_can_still_be_mended(
    house: House,
) -> None:
    await asked(house, "one")
    name, good = file(accepts("one"))
    bad = good.replace(b"000003", b"000009")
    await house.store.incoming.receive(GPM, name, bad, at=later())
    house.drop(name, bad)
    await house.turn()
    house.drop(name, good)
    await house.turn()

    assert await house.heard() == [("1210", str(line_of("one")))]
    assert [n[-4:] for n in house.carried()] == [".ACR", ".ERR"]


async def test_an_acknowledgement_that_is_being_written_is_waited_for(house: House) -> None:
    await house.ask("one")
    await house.turn()
    (name,) = house.carried()
    house.drop(f"{name}.ACR", b"0000|02|01|2027")
    await house.turn()
    assert house.waiting() == [f"{name}.ACR"]

    house.acknowledge(name)
    await house.turn()

    assert (house.waiting(), await house.codes()) == ([], [])
    (sent,) = await house.store.outgoing.sent(limit=9)
    assert sent.answer == "E000"


async def test_an_error_we_sent_makes_nothing_known(house: House) -> None:
    wrong = about("one", "1210", "R123", "20270111102000", "", "")
    house.drop(*file(wrong))
    await house.turn()
    await house.ask("one")
    await house.turn(at=later(hours=4))
    house.drop(*file(accepts("one"), sequence=2, at="20270111152000"))
    await house.turn(at=later(hours=5))

    assert ("1210", str(line_of("one"))) in await house.heard()


async def test_a_porting_ticket_that_comes_late_is_noted_all_the_same(
    store: Store, tmp_path: Path
) -> None:
    async with opened_house(store, tmp_path, codes=("02",)) as house:
        porting = about("one", "1410", "20270111105000", "20270111", by="01", to="00")
        house.drop(*file(porting, by="01", to="02"))
        await house.turn(at=later(days=3))

        assert [code for code, _ in await house.heard()] == ["1410"]
        assert await house.codes() == []


async def test_a_file_read_again_leaves_the_sequence_where_it_was(house: House) -> None:
    await asked(house, "one", "two")
    house.drop(*file(sequence=57))
    await house.turn()
    late = file(accepts("one"), sequence=10, at="20270111142000")
    house.drop(*late)
    await house.turn(at=later(minutes=5))
    house.drop(*file(sequence=58, at="20270111152000"))
    await house.turn(at=later(minutes=30))

    assert await _read_again(house, await house.troubles()) == Done()
    house.drop(*file(accepts("two"), sequence=59, at="20270111162000"))
    await house.turn(at=later(hours=2))

    assert len(await house.heard()) == 2


async def _read_again(house: House, troubles: list[TroubleDocument]) -> object:
    again = ExchangeAgain(
        ledger=house.store.ledger,
        files=house.office.incoming,
        clocks=house.store.clock,
        wall_now=lambda: later(hours=1),
    )
    (trouble,) = troubles
    trouble_id = trouble.trouble.trouble_id
    return await again.do(f'{{"trouble_id": "{trouble_id}", "decision": "read-again"}}')


async def test_a_line_that_cannot_be_read_is_set_aside_and_said_back_where_it_can(
    house: House,
) -> None:
    await asked(house, "one", "two")
    wrong = rewritten(accepts("one"), transfer_id="0" * 32)
    house.drop(*file("what is this", wrong, accepts("two")))
    await house.turn()

    assert await house.codes() == [
        ("ticket-set-aside", "E201"),
        ("ticket-set-aside", "E606"),
    ]
    assert len(await house.heard()) == 1
    house.carried()
    await house.turn(at=later(hours=4))
    (name,) = house.carried()
    (error,) = tickets_in(house.content(name))
    assert (error.code.value, error.more["error"], error.more["original"]) == (
        "7000",
        "E606",
        "1210",
    )


async def test_an_error_about_a_porting_ticket_goes_to_a_person_and_is_never_answered(
    house: House,
) -> None:
    await asked(house, "one")
    house.drop(*file(about("one", "7000", "E607", "0001", "1410", "20270111102000", "")))
    await house.turn()
    house.carried()
    await house.turn(at=later(hours=4))

    ((kind, code),) = await house.codes()
    assert (kind, code) == (TroubleKind.TICKET_REFUSED.value, "E607")
    assert house.carried() == []


async def test_a_weekly_list_is_held_against_our_own_tickets(house: House) -> None:
    name = "PNMSYNC.02.01.20270117223000.001"
    body = "02|0612345678|20270113\n01|0612999999|20270113\nnonsense\n"
    head = f"0123456789|{name}|02|20270117223000\n"
    house.drop(name, f"{head}{body}9876543210|02|20270117223000|000005\n".encode())

    await house.turn(at=datetime(2027, 1, 17, 22, 40, tzinfo=PARIS).astimezone(UTC))

    assert await house.codes() == [("sync-difference", "E605"), ("ticket-set-aside", "E204")]


async def test_what_was_set_aside_is_read_again_when_a_person_says_so(house: House) -> None:
    await asked(house, "one")
    house.drop(*file(sequence=7))
    await house.turn()
    house.drop(*file(accepts("one"), sequence=3, at="20270111142000"))
    await house.turn()
    (trouble,) = await house.troubles()
    again = ExchangeAgain(
        ledger=house.store.ledger,
        files=house.office.incoming,
        clocks=house.store.clock,
        wall_now=lambda: later(minutes=1),
    )

    payload = f'{{"trouble_id": "{trouble.trouble.trouble_id}", "decision": "read-again"}}'

    assert await again.do(payload) == Done()
    assert await house.heard() == [("1210", str(line_of("one")))]
    assert isinstance(await again.do("nonsense"), Park)
