"""The embedded stack: up, down, killed in every way, side by side with another."""

import json
import signal

import psutil
import pytest

from tests.e2e.conftest import Raccord, nothing_is_left_of
from tests.waiting import until

PARTS = ("temporal", "postgres", "api", "relay", "projector", "worker")
ENDED = {"acknowledged", "lapsed"}
ORDER = {"reference": "R-1", "contact": "Camille Martin"}


def _accepted(stack: Raccord, key: str) -> str:
    """An order and its acknowledgement, both answered: from here on nothing may lose them."""
    order = str(stack.post("/orders", ORDER, key=key)["order_id"])
    stack.post(f"/orders/{order}/acknowledgements", {"text": "received"}, key=key)
    return order


def _ends(stack: Raccord, order: str) -> str:
    def stage() -> str | None:
        now = str(stack.get(f"/orders/{order}")["stage"])
        return now if now in ENDED else None

    return until(stage, what=f"order {order} ends")


@pytest.mark.timeout(300)
def test_whatever_is_killed_the_next_up_is_healthy_and_nothing_accepted_is_lost(
    stack: Raccord,
) -> None:
    orders = [_accepted(stack, "before")]
    for part in PARTS:
        psutil.Process(stack.state()["pids"][part]).kill()
        orders.append(_accepted(stack, f"while-{part}-is-down"))
        stack.until_all_run()

    psutil.Process(stack.state()["supervisor_pid"]).kill()
    assert stack("status").returncode == 1
    stack.ok("up", "--detach")

    assert [_ends(stack, order) for order in orders] == ["acknowledged"] * len(orders)
    for order in orders:
        timeline = stack.get(f"/orders/{order}")["timeline"]
        assert [entry["version"] for entry in timeline] == [1, 2, 3]
    stack.ok("ledger", "seal")
    still_open = stack.post("/orders", ORDER, key="open")["order_id"]
    refused = stack("demo", "--until-done")
    assert refused.returncode == 2
    assert "set RACCORD_HOME to another directory" in refused.stderr
    stack.post(f"/orders/{still_open}/acknowledgements", {"text": "seen"}, key="open")
    assert json.loads(stack.ok("ledger", "verify", "--json"))["result"] == "intact"


def test_ctrl_c_while_it_starts_stops_what_had_started_and_leaves_nothing(
    raccord: Raccord,
) -> None:
    foreground = raccord.background("up")
    raccord.until_one_runs()

    foreground.send_signal(signal.SIGINT)
    output, _ = foreground.communicate(timeout=60)

    assert foreground.returncode == 0, output
    assert "Traceback" not in output
    assert nothing_is_left_of(raccord)


@pytest.mark.timeout(200)
def test_the_demo_ends_as_expected_beside_another_stack_and_leaves_nothing(
    stack: Raccord, raccord: Raccord
) -> None:
    done = raccord("demo", "--until-done", "--json")

    assert done.returncode == 0, done.stderr
    (answer,) = done.stdout.splitlines()
    orders = json.loads(answer)["result"]["orders"]
    assert [order["outcome"] for order in orders] == ["acknowledged"] * 3 + ["lapsed"]
    assert nothing_is_left_of(raccord)
    assert stack("status").returncode == 0
    assert stack("order", "show", orders[0]["order"]).returncode == 2
