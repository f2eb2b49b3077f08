"""Histories of real runs, replayed on every change: a process in flight survives a deployment."""

from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from runtime.processes.sandbox import workflow_runner
from runtime.processes.worker import PROCESSES

HISTORIES = Path(__file__).parent / "histories"


@pytest.mark.parametrize("file", sorted(HISTORIES.glob("*.json")), ids=lambda file: file.stem)
async def test_a_recorded_history_replays(file: Path) -> None:
    history = WorkflowHistory.from_json(file.stem, file.read_text())
    replayer = Replayer(
        workflows=PROCESSES,
        data_converter=pydantic_data_converter,
        workflow_runner=workflow_runner(),
    )

    result = await replayer.replay_workflow(history)

    assert result.replay_failure is None


def test_every_process_has_a_recorded_history() -> None:
    recorded = {file.stem.split(".")[0] for file in HISTORIES.glob("*.json")}

    assert recorded == {process.__name__ for process in PROCESSES}


def test_no_recorded_history_holds_personal_data() -> None:
    for file in HISTORIES.glob("*.json"):
        assert "Camille" not in file.read_text()
