"""Our runner answers for every payload alike: true as long as nothing of ours asks otherwise."""

from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import WithSerializationContext, WorkflowSerializationContext
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from runtime.processes.sandbox import workflow_runner


def test_nothing_that_writes_our_payloads_asks_what_they_belong_to() -> None:
    context = WorkflowSerializationContext(namespace="default", workflow_id="any")
    converter = pydantic_data_converter

    assert converter.external_storage is None
    assert converter.payload_codec is None
    assert not isinstance(converter.payload_converter, WithSerializationContext) or (
        converter.with_context(context).payload_converter is converter.payload_converter
    )


def test_processes_still_run_in_a_sandbox() -> None:
    assert isinstance(workflow_runner(), SandboxedWorkflowRunner)
