"""Tickets that wait for a session, and the files of an exchange, sent and received."""

from alembic import op

revision = "0006"
down_revision = "0005"

SENT = """
CREATE TABLE exchange_sent (
    number          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    exchange        text NOT NULL,
    name            text NOT NULL,
    kind            text NOT NULL,
    emitter         text NOT NULL,
    recipient       text NOT NULL,
    sequence        integer NOT NULL,
    session         timestamptz NOT NULL,
    content         bytea NOT NULL,
    tickets         integer NOT NULL,
    made_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    uploaded_at     timestamptz,
    deposited_at    timestamptz,
    answer_due_at   timestamptz,
    answer          text,
    answered_at     timestamptz,
    UNIQUE (exchange, name),
    UNIQUE (exchange, kind, emitter, recipient, session)
)
"""
SENT_WAITING = """
CREATE INDEX exchange_sent_waiting ON exchange_sent (exchange, number) WHERE answer IS NULL
"""
TICKET = """
CREATE TABLE exchange_ticket (
    number          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key             text NOT NULL,
    exchange        text NOT NULL,
    emitter         text NOT NULL,
    recipient       text NOT NULL,
    due_at          timestamptz NOT NULL,
    transfer        text NOT NULL,
    owner           uuid NOT NULL,
    code            text NOT NULL,
    number_digest   text NOT NULL,
    body            text NOT NULL,
    put_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    file            bigint REFERENCES exchange_sent,
    UNIQUE (key, recipient)
)
"""
TICKET_WAITING = """
CREATE INDEX exchange_ticket_waiting ON exchange_ticket (exchange, due_at) WHERE file IS NULL
"""
TICKET_TRANSFER = "CREATE INDEX exchange_ticket_transfer ON exchange_ticket (transfer)"
TICKET_NUMBER = """
CREATE INDEX exchange_ticket_number ON exchange_ticket (number_digest) WHERE code = '1410'
"""
RECEIVED = """
CREATE TABLE exchange_received (
    number          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    exchange        text NOT NULL,
    name            text NOT NULL,
    kind            text NOT NULL,
    emitter         text NOT NULL,
    recipient       text NOT NULL,
    sequence        integer NOT NULL,
    fingerprint     bytea NOT NULL,
    content         bytea NOT NULL,
    received_at     timestamptz NOT NULL,
    verdict         text,
    judged_at       timestamptz,
    lines           integer NOT NULL DEFAULT 0,
    answered        boolean NOT NULL DEFAULT false,
    UNIQUE (exchange, name)
)
"""


def upgrade() -> None:
    for statement in (
        SENT,
        SENT_WAITING,
        TICKET,
        TICKET_WAITING,
        TICKET_TRANSFER,
        TICKET_NUMBER,
        RECEIVED,
    ):
        op.execute(statement)
