"""The sandbox workflows run in: what is pure and imported by them is loaded once, outside it."""

from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

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


def workflow_runner() -> SandboxedWorkflowRunner:
    """It stays on: it is what catches a process that is not deterministic."""
    return SandboxedWorkflowRunner(
        restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH)
    )
