"""The sandbox workflows run in: what is pure and imported by them is loaded once, outside it."""

from typing import Any

from temporalio.converter import StorageDriverStoreContext
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import Info

PASSED_THROUGH = (
    "activities",
    "domain",
    "ledger",
    "projections",
    "workflows.messages",
    "workflows.search_attributes",
    "workflows.technical",
    "holidays",
    "phonenumbers",
    "pydantic",
    "pydantic_core",
    "structlog",
    "typing_extensions",
    "annotated_types",
)


class _SameForEveryPayload(WorkflowInstance):
    """A process in its sandbox, which is entered to run it and for nothing else.

    The SDK asks it three times for every payload what the payload belongs to, by compiling and
    running a line of code in there. Our converter and our payloads are the same for all of them.
    """

    def __init__(self, sandboxed: WorkflowInstance) -> None:
        self._sandboxed = sandboxed

    def activate(self, act: Any) -> Any:  # noqa: ANN401  the SDK's own messages, passed on
        return self._sandboxed.activate(act)

    def get_serialization_context(self, command_info: object) -> None:
        del command_info

    def get_external_store_context(self, command_info: object) -> StorageDriverStoreContext:
        del command_info
        return StorageDriverStoreContext()

    def get_info(self) -> Info:
        return self._sandboxed.get_info()

    def get_thread_id(self) -> int | None:
        return self._sandboxed.get_thread_id()


class ProcessRunner(SandboxedWorkflowRunner):
    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        return _SameForEveryPayload(super().create_instance(det))


def workflow_runner() -> SandboxedWorkflowRunner:
    """It stays on: it is what catches a process that is not deterministic."""
    return ProcessRunner(
        restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH)
    )
