"""What the running role may do, table by table (design § 10.9).

It may add facts and read them. It can neither rewrite one, nor choose a position, a transaction or
a recording time for a new one: those columns are not its to insert.
"""

from adapters.postgres.pool import Connection

RIGHTS: dict[str, tuple[str, ...]] = {
    "alembic_version": ("SELECT",),
    "ledger_era": ("SELECT",),
    "event": (
        "SELECT",
        """INSERT (stream_id, version, type, schema, business_at, actor, cause, correlation,
        command_id, command_ordinal, fingerprint, data)""",
    ),
    "seal": ("SELECT", "INSERT"),
    "outbox": (
        "SELECT",
        "INSERT (kind, payload, correlation)",
        "UPDATE (due_at, attempts, last_error, parked_at, done_at)",
    ),
    "inbox": (
        "SELECT",
        "INSERT (source, message_key, correlation, fingerprint, body, received_at)",
        "UPDATE (due_at, attempts, settled_by, settled_at)",
    ),
    "subject_key": ("SELECT", "INSERT (subject, wrapped)", "UPDATE (wrapped, shredded_at)"),
    "personal_index": ("SELECT", "INSERT", "DELETE"),
    "checkpoint": ("SELECT", "INSERT", "UPDATE", "DELETE"),
    "document": ("SELECT", "INSERT", "UPDATE", "DELETE"),
    "business_clock": ("SELECT", "INSERT"),
    "key_check": ("SELECT", "INSERT"),
    "publication": ("SELECT", "INSERT (publication_id, order_id, client, type, body)"),
    "subscription": (
        "SELECT",
        """INSERT (subscription_id, client, own_orders_only, url, types, secret, fingerprint)""",
        "UPDATE (secret, older_secret, older_until, own_orders_only, paused_at, ended_at)",
    ),
    "delivery": (
        "SELECT",
        "INSERT (subscription_id, number, order_id)",
        "UPDATE (state, due_at, attempts, answered, why, settled_at)",
    ),
    "attachment": ("SELECT", "INSERT (document_id, subject, sealed)"),
    "exchange_sent": (
        "SELECT",
        """INSERT (exchange, name, kind, emitter, recipient, sequence, session, content,
        tickets)""",
        "UPDATE (uploaded_at, deposited_at, answer_due_at, answer, answered_at)",
    ),
    "exchange_ticket": (
        "SELECT",
        """INSERT (key, exchange, emitter, recipient, due_at, transfer, owner, code, number_digest,
        body)""",
        "UPDATE (file)",
    ),
    "exchange_received": (
        "SELECT",
        """INSERT (exchange, name, kind, emitter, recipient, sequence, fingerprint, content,
        received_at)""",
        "UPDATE (fingerprint, content, received_at, verdict, judged_at, lines, answered)",
    ),
    "use": ("SELECT", "INSERT (at, caller, operation, about, status)"),
}


def quoted(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


async def grant_rights(connection: Connection, *, role: str) -> None:
    name = quoted(role)
    async with connection.transaction():
        await connection.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name}")
        await connection.execute("REVOKE EXECUTE ON FUNCTION ledger_new_era() FROM PUBLIC")
        for table, rights in RIGHTS.items():
            for right in rights:
                await connection.execute(f"GRANT {right} ON {table} TO {name}")
