"""An operator that asks to be called later: over the real wire, on the clock of the wall."""

import json
import urllib.request

from tests.e2e.conftest import Raccord
from tests.porting import body, rio_of
from tests.waiting import until

NUMBER = "0612345677"
ASKED_FOR = 22
"""Seconds: longer than anybody waits at once."""


def _busy(stack: Raccord) -> None:
    script = json.dumps({"msisdn": NUMBER, "prepare": [f"busy:{ASKED_FOR}"]}).encode()
    address = stack.state()["addresses"]["simulators"]
    urllib.request.urlopen(
        urllib.request.Request(
            f"{address}/admin/scripts", data=script, headers={"Content-Type": "application/json"}
        ),
        timeout=10,
    ).close()


def test_an_operator_that_asks_for_it_is_called_later_and_nobody_is_troubled(
    stack: Raccord,
) -> None:
    _busy(stack)
    line = {"msisdn": NUMBER, "rio": rio_of(NUMBER), "host": "sfr"}
    order = stack.post(
        "/orders", body(line=line, signed_on="2026-11-20", reference="busy"), key="busy"
    )["order_id"]

    def told() -> set[str]:
        entries = stack.get(f"/orders/{order}/timeline")["entries"]
        return {one["entry"]["event"] for one in entries}

    until(lambda: "RetryPlanned" in told(), what="a next try", seconds=60)
    assert "the next try, 1 of 6, after come-back-later" in stack.ok("deadlines", "--within", "2d")
    until(lambda: "OperatorTook" in told(), what="SFR has the line", seconds=90)

    assert "RetryBegun" in told()
    assert "AttentionRaised" not in told()
    effects = [one for one in stack.books()["sfr"] if one["times"]]
    assert all(effect["times"] == 1 for effect in effects)
    assert "clean" in stack.ok("failures", "check")
