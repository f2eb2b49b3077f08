"""Benchmarks of whole orders, on parts of their own: that they run, not what they find."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path

import pytest

from runtime.benched_access import benched_accesses
from runtime.benched_orders import BenchedOrders
from runtime.benched_port_in import benched_port_ins
from runtime.settings import Settings, load_settings

Opened = Callable[[Path, Settings], AbstractAsyncContextManager[BenchedOrders]]


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("opened", [benched_accesses, benched_port_ins])
async def test_a_process_is_measured_next_to_one_of_the_same_shape(
    opened: Opened, tmp_path: Path
) -> None:
    said: list[str] = []

    async with opened(tmp_path, load_settings({})) as bench:
        found = await replace(bench, warm_up=1).measured(orders=2, say=said.append)

    by_name = {measure.name: measure for measure in found}
    events = by_name["history events of an order"]
    assert events.ratio is not None
    assert 0.9 < events.ratio < 1.1
    assert by_name["orders a CPU-second, worker and server"].ratio is not None


@pytest.mark.long
@pytest.mark.timeout(600)
async def test_what_accesses_hold_that_wait_for_an_operator_is_told_by_part(
    tmp_path: Path,
) -> None:
    async with benched_accesses(tmp_path, load_settings({})) as bench:
        found = await replace(bench, warm_up=1).memory(waiting=2, say=lambda _: None)

    told = {measure.name for measure in found}
    assert {"of it for each order, worker", "of it for each order, api"} <= told
