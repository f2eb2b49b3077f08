"""What others are told: publications in their order, who subscribes, and each delivery."""

from alembic import op

revision = "0005"
down_revision = "0004"

PUBLICATION = """
CREATE TABLE publication (
    number          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    publication_id  uuid NOT NULL UNIQUE,
    order_id        uuid NOT NULL,
    client          text NOT NULL,
    type            text NOT NULL,
    body            text NOT NULL,
    published_at    timestamptz NOT NULL DEFAULT clock_timestamp()
)
"""
PUBLICATION_CLIENT = "CREATE INDEX publication_client ON publication (client, number)"

# An empty list of types is every type. A secret stays good for a while once there is a newer one.
SUBSCRIPTION = """
CREATE TABLE subscription (
    subscription_id uuid PRIMARY KEY,
    client          text NOT NULL,
    own_orders_only boolean NOT NULL,
    url             text NOT NULL,
    types           text[] NOT NULL,
    secret          text NOT NULL,
    older_secret    text,
    older_until     timestamptz,
    fingerprint     bytea NOT NULL,
    made_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    paused_at       timestamptz,
    ended_at        timestamptz
)
"""

DELIVERY = """
CREATE TABLE delivery (
    subscription_id uuid NOT NULL REFERENCES subscription,
    number          bigint NOT NULL REFERENCES publication,
    order_id        uuid NOT NULL,
    state           text NOT NULL DEFAULT 'waiting'
                    CHECK (state IN ('waiting', 'done', 'dead', 'skipped')),
    due_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    attempts        int NOT NULL DEFAULT 0,
    answered        smallint,
    why             text,
    settled_at      timestamptz,
    PRIMARY KEY (subscription_id, number)
)
"""
DELIVERY_OPEN = """
CREATE INDEX delivery_open ON delivery (subscription_id, order_id, number)
WHERE state IN ('waiting', 'dead')
"""
DELIVERY_DUE = "CREATE INDEX delivery_due ON delivery (due_at) WHERE state = 'waiting'"


def upgrade() -> None:
    statements = (
        PUBLICATION,
        PUBLICATION_CLIENT,
        SUBSCRIPTION,
        DELIVERY,
        DELIVERY_OPEN,
        DELIVERY_DUE,
    )
    for statement in statements:
        op.execute(statement)
