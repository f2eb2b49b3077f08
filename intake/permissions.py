"""Who may do what, operation by operation. What is not listed here cannot be called at all."""

from collections.abc import Mapping

from domain.clients import Role

INTAKE, OPERATIONS, FINANCE, AUDIT = Role.INTAKE, Role.OPERATIONS, Role.FINANCE, Role.AUDIT
EVERYBODY = frozenset(Role)
BRING_IN = frozenset({INTAKE, OPERATIONS})
CHANGE = frozenset({INTAKE, OPERATIONS, FINANCE})
"""Whoever may change something of their own: audit changes nothing."""
READ_PERSONAL = frozenset({INTAKE, OPERATIONS, AUDIT})

OPEN = frozenset({"clock", "live", "ready", "orange", "bouygues"})
"""Asked by whoever has no key: health, the clock the simulators go by, and operators, who prove
themselves in their own way."""

PERMISSIONS: Mapping[str, frozenset[Role]] = {
    "whoami": EVERYBODY,
    "rotate_key": EVERYBODY,
    "submit_order": BRING_IN,
    "list_orders": EVERYBODY,
    "find_orders": READ_PERSONAL,
    "show_order": EVERYBODY,
    "timeline": EVERYBODY,
    "order_deadlines": EVERYBODY,
    "order_attention": EVERYBODY,
    "order_lines": EVERYBODY,
    "decide": BRING_IN,
    "preview_bulk": BRING_IN,
    "begin_bulk": BRING_IN,
    "bulk": EVERYBODY,
    "plan_amendment": BRING_IN,
    "amendments": EVERYBODY,
    "execute_amendment": BRING_IN,
    "withdraw_amendment": BRING_IN,
    "preview_cancellation": frozenset({INTAKE, OPERATIONS, FINANCE}),
    "cancel": BRING_IN,
    "hold": BRING_IN,
    "move_equipment": BRING_IN,
    "subscribe": CHANGE,
    "subscriptions": EVERYBODY,
    "subscription": EVERYBODY,
    "unsubscribe": CHANGE,
    "pause_subscription": CHANGE,
    "renew_secret": CHANGE,
    "deliveries": EVERYBODY,
    "replay": CHANGE,
    "skip_delivery": CHANGE,
    "list_event_types": EVERYBODY,
    "events": EVERYBODY,
    "file_document": BRING_IN,
    "documents": EVERYBODY,
    "document_content": READ_PERSONAL,
    "file_notice": frozenset({OPERATIONS}),
    "notices": EVERYBODY,
    "numbers": EVERYBODY,
    "appointments": EVERYBODY,
    "quotes": EVERYBODY,
    "check_a_rio": READ_PERSONAL,
    "exchange_files": frozenset({OPERATIONS, AUDIT}),
    "exchange_troubles": frozenset({OPERATIONS, AUDIT}),
    "settle_trouble": frozenset({OPERATIONS}),
    "transfers": frozenset({OPERATIONS, AUDIT}),
    "transfer": frozenset({OPERATIONS, AUDIT}),
    "parked_work": frozenset({OPERATIONS, AUDIT}),
    "decide_parked": frozenset({OPERATIONS}),
    "answer_transfer": frozenset({OPERATIONS}),
    "reconciled_hosts": frozenset({OPERATIONS, AUDIT}),
    "run_reconcile": frozenset({OPERATIONS}),
    "differences": frozenset({OPERATIONS, AUDIT}),
    "difference": frozenset({OPERATIONS, AUDIT}),
    "decide_difference": frozenset({OPERATIONS}),
    "list_indemnities": EVERYBODY,
    "show_indemnity": EVERYBODY,
    "indemnity_explanation": EVERYBODY,
    "record_missed_appointment": frozenset({OPERATIONS}),
    "request_indemnity": frozenset({FINANCE}),
    "pay_indemnity": frozenset({FINANCE}),
    "correct_indemnity": frozenset({FINANCE}),
    "hand_over_evidence": frozenset({OPERATIONS, FINANCE}),
    "decide_indemnity": frozenset({OPERATIONS, FINANCE}),
    "demand_reverse_port": frozenset({OPERATIONS}),
    "list_reverse_ports": frozenset({OPERATIONS, AUDIT}),
    "show_reverse_port": frozenset({OPERATIONS, AUDIT}),
    "decide_reverse_port": frozenset({OPERATIONS}),
    "told": READ_PERSONAL,
    "waiting_notices": EVERYBODY,
    "notice": READ_PERSONAL,
    "record_notice_dates": frozenset({OPERATIONS}),
    "settle_notice": frozenset({OPERATIONS}),
    "attention": EVERYBODY,
    "deadlines": EVERYBODY,
    "jeopardy": EVERYBODY,
    "order_jeopardy": EVERYBODY,
    "outlook": EVERYBODY,
}
