"""Contents of documents in memory, sealed by the same keys."""

from dataclasses import dataclass, field

from domain.identity import DocumentId, SubjectId
from ledger.sealing import SubjectKeys


@dataclass
class FakeAttachments:
    keys: SubjectKeys
    sealed: dict[DocumentId, tuple[SubjectId, bytes]] = field(default_factory=dict)

    async def keep(self, document_id: DocumentId, *, subject: SubjectId, content: bytes) -> None:
        cipher = (await self.keys.for_writing([subject]))[subject]
        self.sealed.setdefault(document_id, (subject, cipher.seal_bytes(content)))

    async def content(self, document_id: DocumentId, *, subject: SubjectId) -> bytes | None:
        whose, sealed = self.sealed.get(document_id, (None, b""))
        cipher = (await self.keys.for_reading([subject])).get(subject)
        return None if whose != subject or cipher is None else cipher.unseal_bytes(sealed)
