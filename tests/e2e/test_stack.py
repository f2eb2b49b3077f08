"""The embedded stack: up, down, killed in every way, side by side with another."""

import json
import signal
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.e2e.conftest import Raccord, nothing_is_left_of
from tests.porting import body, rio_of
from tests.waiting import until

PARTS = ("temporal", "postgres", "simulators", "api", "relay", "poller", "projector", "worker")


def _accepted(stack: Raccord, key: str, number: int) -> str:
    """An order that was answered: from here on nothing may lose it."""
    msisdn = f"06123456{number:02d}"
    order = body(line={"msisdn": msisdn, "rio": rio_of(msisdn)}, signed_on="2026-11-20")
    return str(stack.post("/orders", order, key=key)["order_id"])


def _line(stack: Raccord, order: str) -> dict[str, Any]:
    def prepared() -> dict[str, Any] | None:
        lines = stack.get(f"/orders/{order}")["lines"]
        facts = [entry["event"] for line in lines for entry in line["timeline"]]
        return dict(lines[0]) if "OperatorTook" in facts else None

    return until(prepared, what=f"the host has the line of order {order}", seconds=60)


@pytest.mark.long
@pytest.mark.timeout(300)
def test_whatever_is_killed_the_next_up_is_healthy_and_nothing_accepted_is_lost(
    stack: Raccord,
) -> None:
    orders = [_accepted(stack, "before", 1)]
    for number, part in enumerate(PARTS, start=2):
        psutil.Process(stack.state()["pids"][part]).kill()
        orders.append(_accepted(stack, f"while-{part}-is-down", number))
        stack.until_all_run()

    psutil.Process(stack.state()["supervisor_pid"]).kill()
    assert stack("status").returncode == 1
    stack.ok("up", "--detach")

    lines = [_line(stack, order) for order in orders]
    assert {line["stage"] for line in lines} == {"preparing"}
    for line in lines:
        versions = [entry["version"] for entry in line["timeline"]]
        assert versions == list(range(1, len(versions) + 1))
    assert all(effect["times"] == 1 for effect in stack.books()["orange"])
    stack.ok("ledger", "seal")
    refused = stack("demo", "--until-done")
    assert refused.returncode == 2
    assert "set RACCORD_HOME to another directory" in refused.stderr
    assert json.loads(stack.ok("ledger", "verify", "--json"))["result"] == "intact"


def test_an_order_is_followed_decided_and_cancelled_from_the_command_line(
    stack: Raccord, tmp_path: Path
) -> None:
    msisdn = "0612345699"
    order = body("nexis", line={"msisdn": msisdn, "rio": rio_of(msisdn)}, signed_on="2026-11-20")
    order["documents"] = []
    file = tmp_path / "order.json"
    file.write_text(json.dumps(order))
    order_id = stack.ok("order", "submit", str(file)).strip()
    until(
        lambda: any(a["order_id"] == order_id for a in stack.json("attention")),
        what="the gates are asked for",
    )

    assert "the mandate signed by the end customer is missing" in stack.ok("attention")
    assert "PortOpened" in stack.ok("order", "timeline", order_id)
    assert order_id in stack.ok("deadlines", "--within", "8w")
    refused = stack("order", "decide", order_id, "agree")
    assert refused.returncode == 2
    assert "'agree' is not what is asked; decide one of: gates: provide, skip" in refused.stderr
    paper = ("--set", "document=mandate", "--set", "on=2026-11-20", "--set", "gate=mandate")
    assert stack.ok("order", "decide", order_id, "provide", *paper).strip() == "taken"
    preview = stack.ok("order", "cancel", order_id)
    assert "the contract names no fee" in preview
    assert "Ask for it with --yes." in preview
    stack.ok("order", "cancel", order_id, "--yes")
    until(
        lambda: stack.json("order", "show", order_id)["stage"] == "closed",
        what="the order is closed",
    )
    assert "cancelled" in stack.ok("order", "show", order_id, "--lang", "fr")
    assert stack("order", "cancel", order_id).returncode == 2


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
