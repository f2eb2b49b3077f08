"""Lines in a simulated host's books: changed behind everybody's back, and kept over a restart."""

from pathlib import Path

import aiohttp
import pytest

from simulators.clock import StackClock
from simulators.network import Event, Line, Network
from simulators.orange import CODES
from simulators.scripts import Scripts

NAME = "OL-0000000A"


async def _nobody(_event: Event) -> None:
    """Nothing is told here."""


async def network(kept: Path | None) -> Network:
    async with aiohttp.ClientSession() as session:
        network = Network(
            name="orange",
            clock=StackClock(session=session, url="http://127.0.0.1:1"),
            scripts=Scripts(),
            tell=_nobody,
            codes=CODES,
            line_prefix="OL-",
            number_prefix="07560",
            rio_prefix="01",
            kept=kept,
        )
    network.recall()
    return network


async def test_a_line_that_was_changed_stays_so_over_a_restart(tmp_path: Path) -> None:
    first = await network(tmp_path / "lines.json")
    first.lines[NAME] = Line(name=NAME, reference="ours", number="0612345678", standing="active")
    first.lines["OL-0000000B"] = Line(name="OL-0000000B", reference="other", number="")

    by_reference = first.meddle("ours", "ended")
    again = await network(tmp_path / "lines.json")

    assert by_reference == NAME
    assert again.lines == {NAME: first.lines[NAME]}
    assert again.meddle(NAME, "suspended") == NAME


async def test_one_that_is_forgotten_is_not_made_up_from_its_name() -> None:
    host = await network(None)
    assert host.line(NAME) is not None

    host.meddle(NAME, "")

    assert host.line(NAME) is None


async def test_one_that_is_forgotten_stays_so_over_a_restart(tmp_path: Path) -> None:
    first = await network(tmp_path / "lines.json")
    first.line(NAME)

    first.meddle(NAME, "")

    assert (await network(tmp_path / "lines.json")).line(NAME) is None


@pytest.mark.parametrize(("line", "standing"), [("nobody's", "ended"), (NAME, "melted")])
async def test_there_must_be_such_a_line_and_such_a_standing(line: str, standing: str) -> None:
    host = await network(None)
    host.lines[NAME] = Line(name=NAME, reference="ours", number="")

    with pytest.raises(ValueError, match=line):
        host.meddle(line, standing)
