"""Contents of documents, sealed under the key of the customer they are about."""

from adapters.postgres.errors import translated
from adapters.postgres.pool import Pool
from domain.identity import DocumentId, SubjectId
from ledger.sealing import SubjectKeys

_KEEP = """
INSERT INTO attachment (document_id, subject, sealed) VALUES ($1, $2, $3)
ON CONFLICT (document_id) DO NOTHING
"""
_CONTENT = "SELECT sealed FROM attachment WHERE document_id = $1 AND subject = $2"


class PostgresAttachments:
    def __init__(self, *, pool: Pool, keys: SubjectKeys) -> None:
        self._pool = pool
        self._keys = keys

    async def keep(self, document_id: DocumentId, *, subject: SubjectId, content: bytes) -> None:
        cipher = (await self._keys.for_writing([subject]))[subject]
        with translated():
            await self._pool.execute(_KEEP, document_id, subject, cipher.seal_bytes(content))

    async def content(self, document_id: DocumentId, *, subject: SubjectId) -> bytes | None:
        with translated():
            sealed = await self._pool.fetchval(_CONTENT, document_id, subject)
        cipher = (await self._keys.for_reading([subject])).get(subject)
        return None if sealed is None or cipher is None else cipher.unseal_bytes(sealed)
