"""The two kinds of keys the ledger needs, as ports.

Personal fields are encrypted under one key per subject; a forgotten subject has none.
Lookups and payload comparisons use keyed hashes, so that no stored value can be guessed offline.
"""

from collections.abc import Collection, Mapping
from typing import Protocol

from domain.identity import SubjectId


class SubjectCipher(Protocol):
    def seal(self, text: str) -> str: ...

    def unseal(self, sealed: str) -> str: ...

    def seal_bytes(self, content: bytes) -> bytes: ...

    def unseal_bytes(self, sealed: bytes) -> bytes: ...


class SubjectKeys(Protocol):
    async def for_writing(
        self, subjects: Collection[SubjectId]
    ) -> Mapping[SubjectId, SubjectCipher]:
        """One cipher for each subject, made on first use; SubjectForgottenError if shredded."""

    async def for_reading(
        self, subjects: Collection[SubjectId]
    ) -> Mapping[SubjectId, SubjectCipher]:
        """The ciphers that still exist; a forgotten subject is absent."""

    async def forget(self, subject: SubjectId) -> None:
        """Destroy the subject's key: what it sealed can never be read again, by anybody."""


class KeyedHash(Protocol):
    def digest(self, *, purpose: str, content: bytes) -> bytes: ...
