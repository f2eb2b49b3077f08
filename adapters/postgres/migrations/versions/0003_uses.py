"""Who called what, and how it was answered; and an order found by who brought it in."""

from alembic import op

revision = "0003"
down_revision = "0002"

USE = """
CREATE TABLE use (
    number          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at              timestamptz NOT NULL,
    caller          text,
    operation       text NOT NULL,
    about           text,
    status          smallint NOT NULL
)
"""
USE_CALLER = "CREATE INDEX use_caller ON use (caller, number)"

# Lists of orders are read off the ledger itself: newest first, by client, by the client's own name.
ORDERS = "CREATE INDEX event_orders ON event (position) WHERE type = 'OrderReceived'"
ORDERS_OF = """
CREATE INDEX event_orders_of ON event ((data::jsonb ->> 'client'), position)
WHERE type = 'OrderReceived'
"""
ORDERS_NAMED = """
CREATE INDEX event_orders_named ON event ((data::jsonb ->> 'reference'), position)
WHERE type = 'OrderReceived'
"""


def upgrade() -> None:
    for statement in (USE, USE_CALLER, ORDERS, ORDERS_OF, ORDERS_NAMED):
        op.execute(statement)
