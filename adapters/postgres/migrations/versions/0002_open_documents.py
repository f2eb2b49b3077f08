"""Documents that say they are open are found without reading the others."""

from alembic import op

revision = "0002"
down_revision = "0001"

OPEN_DOCUMENTS = """
CREATE INDEX document_open ON document (projection) WHERE body::jsonb @> '{"open": true}'
"""


def upgrade() -> None:
    op.execute(OPEN_DOCUMENTS)
