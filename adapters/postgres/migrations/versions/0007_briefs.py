"""What lists need of a line, beside its document: found and counted without reading the others."""

from alembic import op

revision = "0007"
down_revision = "0006"

BRIEF = "ALTER TABLE document ADD COLUMN brief jsonb"
OF_ORDER = """
CREATE INDEX document_of_order ON document
    (projection, (brief ->> 'order_id'), ((brief ->> 'number')::int))
WHERE brief IS NOT NULL
"""
OPEN = """
CREATE INDEX document_open_brief ON document (projection)
WHERE (brief ->> 'open')::boolean
"""


def upgrade() -> None:
    op.execute(BRIEF)
    op.execute(OF_ORDER)
    op.execute(OPEN)
