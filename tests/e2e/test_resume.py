"""Temporal's file is deleted in the middle of a demo: same ends, same books."""

import json

import psutil
import pytest

from runtime.demo_scenarios import QUICK
from tests.e2e.conftest import Raccord
from tests.waiting import until

PACE = ("--pace", "10")
"""Slow enough for a Temporal that has to come up again while other tests run."""

FOUR = [word for s in QUICK[1:] if s.after is None for word in ("--only", s.name)]


@pytest.mark.long
@pytest.mark.timeout(400)
def test_what_temporal_has_lost_is_resumed_from_the_ledger(raccord: Raccord) -> None:
    demo = raccord.background("demo", "--until-done", "--json", *PACE, *FOUR)
    state = raccord.home / "run" / "state.json"
    until(lambda: state.exists() and raccord.state()["phase"] == "ready", what="ready", seconds=60)
    until(lambda: _prepared(raccord) >= len(FOUR) // 2, what="lines are prepared", seconds=60)

    _lose_temporal(raccord)
    until(lambda: raccord("resume").returncode == 0, what="it is resumed", seconds=40)
    output, _ = demo.communicate(timeout=150)

    assert demo.returncode == 0, output
    answer = json.loads(output.strip().splitlines()[-1])
    assert answer["because"] == {"ledger": "intact", "effects_made_twice": 0}
    assert all(order["as_expected"] for order in answer["result"]["orders"])


def _lose_temporal(raccord: Raccord) -> None:
    """Everything it knew, gone: the supervisor brings up an empty one."""
    process = psutil.Process(raccord.state()["pids"]["temporal"])
    process.suspend()
    for file in raccord.home.rglob("temporal*.db*"):
        file.unlink()
    process.kill()
    until(
        lambda: raccord.state()["pids"]["temporal"] not in {None, process.pid},
        what="an empty Temporal runs",
    )


def _prepared(raccord: Raccord) -> int:
    books = raccord.books()
    return sum(len(books[host]) for host in ("orange", "sfr", "bouygues"))
