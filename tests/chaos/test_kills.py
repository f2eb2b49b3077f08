"""One order, the worker killed after every fact: same facts, and one effect each in the books."""

from pathlib import Path

import pytest

from runtime.demo_requests import request
from runtime.demo_scenarios import QUICK
from tests.chaos.parts import Parts, effects, ended, mortal_workers

ESIM = QUICK[1]

# as a run without any kill leaves them (tests/e2e/test_demo.py plays the same order)
FACTS = [
    "PortOpened",
    "PortNumberClaimed",
    "GatesPassed",
    "PortPlanned",
    "OperatorAsked",
    "OperatorTook",
    "LineReady",
    "OperatorAsked",
    "OperatorTook",
    "PortAccepted",
    "OperatorAsked",
    "OperatorTook",
    "PortCommitted",
    "NumberFoundActive",
    "OperatorAsked",
    "OperatorTook",
    "LineSwitched",
    "LineVerified",
    "ConfirmationReceived",
    "ConfirmationReceived",
    "ConfirmationReceived",
    "PortEnded",
]
"""What operators tell meanwhile waits in the inbox, and may be heard in another order."""


MADE = ["1120", "1410", "1410", "1410", "activate_ported", "reserve"]
"""Of the host, and what the other operators read in the exchange's files."""


@pytest.mark.long
@pytest.mark.timeout(600)
async def test_a_worker_killed_after_every_fact_leaves_the_same_facts_and_one_effect_each(
    parts: Parts, tmp_path: Path
) -> None:
    deaths = tmp_path / "deaths"
    await parts.begin()
    order = await parts.ask("POST", f"{parts.api}/orders", request(ESIM))
    url = f"{parts.api}/orders/{order['order_id']}"

    with mortal_workers(parts, deaths):
        over = await ended(parts, url)

    (line,) = over["lines"]
    assert line["outcome"] == "ported"
    assert sorted(entry["event"] for entry in line["timeline"]) == sorted(FACTS)
    assert (line["plan"]["port_day"], over["outcome"]) == ("2027-01-14", "completed")
    made = await effects(parts)
    assert sorted(effect["effect"] for effect in made) == MADE
    assert {effect["times"] for effect in made} == {1}
    commands = {entry["event"] for entry in line["timeline"]}
    assert len(list(deaths.iterdir())) >= len(commands)
