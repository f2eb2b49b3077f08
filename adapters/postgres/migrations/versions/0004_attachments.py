"""Contents of documents, sealed; what they are is in the ledger."""

from alembic import op

revision = "0004"
down_revision = "0003"

ATTACHMENT = """
CREATE TABLE attachment (
    document_id     uuid PRIMARY KEY,
    subject         text NOT NULL,
    sealed          bytea NOT NULL,
    kept_at         timestamptz NOT NULL DEFAULT clock_timestamp()
)
"""


def upgrade() -> None:
    op.execute(ATTACHMENT)
