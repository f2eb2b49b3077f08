"""The ledger: events in commit order, append-only by rights, with outbox, inbox and seals."""

from alembic import op

revision = "0001"
down_revision = None

ERA = """
CREATE TABLE ledger_era (
    era         smallint PRIMARY KEY,
    began_at    timestamptz NOT NULL DEFAULT clock_timestamp()
)
"""

FIRST_ERA = "INSERT INTO ledger_era (era) VALUES (1)"

EVENT = """
CREATE TABLE event (
    position        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    era             smallint NOT NULL DEFAULT 1,
    transaction     xid8 NOT NULL DEFAULT pg_current_xact_id(),
    stream_id       text NOT NULL,
    version         bigint NOT NULL CHECK (version >= 1),
    type            text NOT NULL,
    schema          smallint NOT NULL CHECK (schema >= 1),
    business_at     timestamptz NOT NULL,
    recorded_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor           text NOT NULL,
    cause           text,
    correlation     text NOT NULL,
    command_id      uuid NOT NULL,
    command_ordinal int NOT NULL,
    fingerprint     bytea NOT NULL,
    data            text NOT NULL,
    CONSTRAINT event_stream_version UNIQUE (stream_id, version),
    CONSTRAINT event_command UNIQUE (command_id, command_ordinal)
)
"""

EVENT_ORDER = "CREATE INDEX event_commit_order ON event (era, transaction, position)"

SEAL = """
CREATE TABLE seal (
    number          bigint PRIMARY KEY CHECK (number >= 1),
    previous        bytea NOT NULL,
    positions       bigint[] NOT NULL,
    leaves          bytea NOT NULL,
    closed_upto     bigint NOT NULL,
    era             smallint NOT NULL,
    transaction     xid8 NOT NULL,
    position        bigint NOT NULL,
    sealed_at       timestamptz NOT NULL,
    root            bytea NOT NULL,
    key_id          text NOT NULL,
    signature       bytea NOT NULL
)
"""

OUTBOX = """
CREATE TABLE outbox (
    number          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind            text NOT NULL,
    payload         text NOT NULL,
    correlation     text NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    due_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    attempts        int NOT NULL DEFAULT 0,
    last_error      text,
    parked_at       timestamptz,
    done_at         timestamptz
)
"""

OUTBOX_DUE = """
CREATE INDEX outbox_due ON outbox (due_at) WHERE done_at IS NULL AND parked_at IS NULL
"""

INBOX = """
CREATE TABLE inbox (
    number          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source          text NOT NULL,
    message_key     text NOT NULL,
    correlation     text NOT NULL,
    fingerprint     bytea NOT NULL,
    body            text NOT NULL,
    received_at     timestamptz NOT NULL,
    due_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    attempts        int NOT NULL DEFAULT 0,
    settled_by      uuid,
    settled_at      timestamptz,
    CONSTRAINT inbox_message UNIQUE (source, message_key)
)
"""

INBOX_DUE = "CREATE INDEX inbox_due ON inbox (due_at) WHERE settled_by IS NULL"

SUBJECT_KEY = """
CREATE TABLE subject_key (
    subject         text PRIMARY KEY,
    wrapped         bytea,
    created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    shredded_at     timestamptz,
    CHECK ((wrapped IS NULL) = (shredded_at IS NOT NULL))
)
"""

CHECKPOINT = """
CREATE TABLE checkpoint (
    projection      text PRIMARY KEY,
    era             smallint NOT NULL,
    transaction     xid8 NOT NULL,
    position        bigint NOT NULL,
    saved_at        timestamptz NOT NULL DEFAULT clock_timestamp()
)
"""

DOCUMENT = """
CREATE TABLE document (
    projection      text NOT NULL,
    key             text NOT NULL,
    body            text NOT NULL,
    PRIMARY KEY (projection, key)
)
"""

CLOCK = """
CREATE TABLE business_clock (
    number          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    wall_origin     timestamptz NOT NULL,
    business_origin timestamptz NOT NULL,
    scale           int NOT NULL CHECK (scale >= 1)
)
"""

# A keyed hash of each personal value, and where it stands: found without being readable.
PERSONAL_INDEX = """
CREATE TABLE personal_index (
    digest          bytea NOT NULL,
    stream_id       text NOT NULL,
    subject         text NOT NULL,
    PRIMARY KEY (digest, stream_id)
)
"""

PERSONAL_INDEX_SUBJECT = "CREATE INDEX personal_index_subject ON personal_index (subject)"

KEY_CHECK = """
CREATE TABLE key_check (
    name            text PRIMARY KEY,
    value           bytea NOT NULL
)
"""

REFUSE = """
CREATE FUNCTION refuse_to_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: correct a fact by appending its reversal', TG_TABLE_NAME
        USING ERRCODE = 'RC000';
END
$$
"""


def _guards(table: str) -> tuple[str, str]:
    return (
        f"""CREATE TRIGGER {table}_rows BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION refuse_to_rewrite()""",
        f"""CREATE TRIGGER {table}_all BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite()""",
    )


# The transaction number is taken before any position, so that a position is never older than a
# snapshot which does not count its transaction as open (seals rely on it). A stream is appended to
# only by a transaction younger than the one that wrote its last version, so that reading in
# (era, transaction, position) order never shows a stream out of order.
APPEND = """
CREATE FUNCTION ledger_append(
    p_command uuid, p_fingerprint bytea,
    p_streams text[], p_expected bigint[],
    p_event_stream int[], p_types text[], p_schemas smallint[], p_data text[],
    p_business_at timestamptz, p_actor text, p_cause text, p_correlation text,
    p_outbox_kinds text[], p_outbox_payloads text[],
    p_inbox bigint,
    p_digests bytea[], p_digest_streams text[], p_digest_subjects text[]
) RETURNS TABLE (
    was_repeated boolean, at_position bigint, in_stream text, at_version bigint,
    was_recorded_at timestamptz
) LANGUAGE plpgsql AS $$
DECLARE
    mine xid8 := pg_current_xact_id();
    earlier bytea;
    behind boolean;
BEGIN
    SELECT fingerprint INTO earlier FROM event
        WHERE command_id = p_command AND command_ordinal = 1;
    IF FOUND THEN
        IF earlier <> p_fingerprint THEN
            RAISE EXCEPTION 'command reused' USING ERRCODE = 'RC002';
        END IF;
        RETURN QUERY SELECT true, e.position, e.stream_id, e.version, e.recorded_at
            FROM event e WHERE e.command_id = p_command ORDER BY e.command_ordinal;
        RETURN;
    END IF;

    FOR i IN 1 .. cardinality(p_streams) LOOP
        IF p_expected[i] = 0 THEN
            behind := EXISTS (
                SELECT FROM event e WHERE e.stream_id = p_streams[i] AND e.version = 1);
        ELSE
            behind := NOT EXISTS (
                SELECT FROM event e
                WHERE e.stream_id = p_streams[i] AND e.version = p_expected[i]
                    AND (e.transaction <= mine OR e.era < (SELECT max(era) FROM ledger_era)))
                OR EXISTS (
                SELECT FROM event e
                WHERE e.stream_id = p_streams[i] AND e.version = p_expected[i] + 1);
        END IF;
        IF behind THEN
            RAISE EXCEPTION 'stream moved' USING ERRCODE = 'RC001', DETAIL = p_streams[i];
        END IF;
    END LOOP;

    IF p_inbox IS NOT NULL THEN
        UPDATE inbox SET settled_by = p_command, settled_at = clock_timestamp()
            WHERE number = p_inbox AND settled_by IS NULL;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'message settled' USING ERRCODE = 'RC003';
        END IF;
    END IF;

    IF cardinality(p_outbox_kinds) > 0 THEN
        INSERT INTO outbox (kind, payload, correlation)
            SELECT o.kind, o.payload, p_correlation
            FROM unnest(p_outbox_kinds, p_outbox_payloads) AS o (kind, payload);
    END IF;

    IF cardinality(p_digests) > 0 THEN
        INSERT INTO personal_index (digest, stream_id, subject)
            SELECT * FROM unnest(p_digests, p_digest_streams, p_digest_subjects)
            ON CONFLICT (digest, stream_id) DO NOTHING;
    END IF;

    RETURN QUERY
        INSERT INTO event AS e (
            stream_id, version, type, schema, business_at, actor, cause, correlation,
            command_id, command_ordinal, fingerprint, data)
        SELECT p_streams[n.stream],
            p_expected[n.stream] + row_number() OVER (PARTITION BY n.stream ORDER BY n.ordinal),
            n.type, n.schema, p_business_at, p_actor, p_cause, p_correlation,
            p_command, n.ordinal, p_fingerprint, n.data
        FROM unnest(p_event_stream, p_types, p_schemas, p_data)
            WITH ORDINALITY AS n (stream, type, schema, data, ordinal)
        ORDER BY n.ordinal
        RETURNING false, e.position, e.stream_id, e.version, e.recorded_at;
END
$$
"""

# After a dump is restored, its transaction numbers mean nothing to the new cluster: every row is
# left as it was, and what is appended from then on belongs to the next era.
NEW_ERA = """
CREATE FUNCTION ledger_new_era() RETURNS smallint LANGUAGE plpgsql AS $$
DECLARE
    begun smallint;
BEGIN
    INSERT INTO ledger_era (era) SELECT max(era) + 1 FROM ledger_era RETURNING era INTO begun;
    EXECUTE format('ALTER TABLE event ALTER COLUMN era SET DEFAULT %s', begun);
    RETURN begun;
END
$$
"""

STATEMENTS = (
    ERA,
    FIRST_ERA,
    EVENT,
    EVENT_ORDER,
    SEAL,
    OUTBOX,
    OUTBOX_DUE,
    INBOX,
    INBOX_DUE,
    SUBJECT_KEY,
    CHECKPOINT,
    DOCUMENT,
    CLOCK,
    KEY_CHECK,
    PERSONAL_INDEX,
    PERSONAL_INDEX_SUBJECT,
    REFUSE,
    *_guards("event"),
    *_guards("seal"),
    *_guards("ledger_era"),
    *_guards("key_check"),
    APPEND,
    NEW_ERA,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
