"""Names that a process, the relay, the API and the tests must agree on."""

from domain.identity import OrderId

TASK_QUEUE = "raccord"
MESSAGE_RECEIVED = "message_received"


def order_workflow_id(order_id: OrderId) -> str:
    return f"order-{order_id}"
