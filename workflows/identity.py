"""Names that a process, the relay, the API and the tests must agree on."""

from domain.differences import DifferenceId
from domain.identity import LineId, OrderId
from domain.indemnity_facts import IndemnityId
from domain.reverse_port_facts import ReversePortId

TASK_QUEUE = "raccord"
MESSAGE_RECEIVED = "message_received"
LINE_ENDED = "line_ended"
LOT_ENDED = "lot_ended"
FACTS_MOVED = "facts_moved"
DECIDE = "decide"
CANCEL = "cancel"
AMEND = "amend"
HOLD = "hold"
EQUIPMENT = "equipment"
RUN_ASKED_FOR = "run_asked_for"
CLOCK_MOVED = "clock_moved"

RECONCILE_WORKFLOW_ID = "reconcile"
"""One for each stack: it is always the same one, run after run."""

EXCHANGE = "pnm"
"""The operator queue of the mobile exchanges."""


def order_workflow_id(order_id: OrderId) -> str:
    return f"order-{order_id}"


def line_workflow_id(line_id: LineId) -> str:
    return f"line-{line_id}"


def indemnity_workflow_id(indemnity_id: IndemnityId) -> str:
    return f"indemnity-{indemnity_id}"


def difference_workflow_id(difference_id: DifferenceId) -> str:
    return f"difference-{difference_id}"


def reverse_port_workflow_id(reverse_port_id: ReversePortId) -> str:
    return f"reverse-port-{reverse_port_id}"


def operator_task_queue(operator: str, *, beside: str = TASK_QUEUE) -> str:
    """One queue each, beside that of the processes: a slow operator slows nobody else."""
    return f"{beside}-{operator}"
