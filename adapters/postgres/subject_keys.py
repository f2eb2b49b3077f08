"""One key per subject, stored only wrapped; shredding it forgets the subject."""

from collections.abc import Collection, Mapping
from typing import Protocol

from adapters.postgres.errors import translated
from adapters.postgres.pool import Pool
from domain.identity import SubjectId
from domain.personal import SubjectForgottenError
from ledger.sealing import SubjectCipher

_FIND = "SELECT subject, wrapped FROM subject_key WHERE subject = ANY($1::text[])"
# One round trip whether the key exists or not. A key made by somebody else at the same instant is
# in neither half, and is found by asking again.
_FIND_OR_MAKE = """
WITH known AS (
    SELECT subject, wrapped FROM subject_key WHERE subject = ANY($1::text[])
), made AS (
    INSERT INTO subject_key (subject, wrapped)
    SELECT n.subject, n.wrapped FROM unnest($1::text[], $2::bytea[]) AS n (subject, wrapped)
    WHERE n.subject NOT IN (SELECT subject FROM known)
    ON CONFLICT (subject) DO NOTHING RETURNING subject, wrapped
)
SELECT * FROM known UNION ALL SELECT * FROM made
"""
_REMEMBER = """
INSERT INTO subject_key (subject, wrapped) VALUES ($1, $2)
ON CONFLICT (subject) DO NOTHING
"""
_FORGET = """
UPDATE subject_key SET wrapped = NULL, shredded_at = coalesce(shredded_at, clock_timestamp())
WHERE subject = $1
"""
_UNFIND = "DELETE FROM personal_index WHERE subject = $1"


class KeyWrapper(Protocol):
    def new_wrapped_key(self, subject: str) -> bytes: ...

    def cipher(self, *, wrapped: bytes, subject: str) -> SubjectCipher: ...


class PostgresSubjectKeys:
    """Nothing is cached: a forgotten subject is unreadable at once, in every process."""

    def __init__(self, *, pool: Pool, wrapper: KeyWrapper) -> None:
        self._pool = pool
        self._wrapper = wrapper

    async def for_writing(
        self, subjects: Collection[SubjectId]
    ) -> Mapping[SubjectId, SubjectCipher]:
        found = await self._find_or_make(sorted(subjects))
        raced = set(subjects) - set(found)
        if raced:
            found |= await self._find(raced)
        return {subject: self._open(subject, wrapped) for subject, wrapped in found.items()}

    async def for_reading(
        self, subjects: Collection[SubjectId]
    ) -> Mapping[SubjectId, SubjectCipher]:
        found = await self._find(subjects)
        return {
            subject: self._open(subject, wrapped)
            for subject, wrapped in found.items()
            if wrapped is not None
        }

    async def forget(self, subject: SubjectId) -> None:
        """A subject we never knew is remembered as forgotten too: nothing may be sealed for it."""
        with translated():
            async with self._pool.acquire() as connection, connection.transaction():
                placeholder = self._wrapper.new_wrapped_key(subject)
                await connection.execute(_REMEMBER, subject, placeholder)
                await connection.execute(_FORGET, subject)
                await connection.execute(_UNFIND, subject)

    async def _find(self, subjects: Collection[SubjectId]) -> dict[SubjectId, bytes | None]:
        with translated():
            rows = await self._pool.fetch(_FIND, list(subjects))
        return {SubjectId(row["subject"]): row["wrapped"] for row in rows}

    async def _find_or_make(self, subjects: list[SubjectId]) -> dict[SubjectId, bytes | None]:
        wrapped = [self._wrapper.new_wrapped_key(subject) for subject in subjects]
        with translated():
            rows = await self._pool.fetch(_FIND_OR_MAKE, subjects, wrapped)
        return {SubjectId(row["subject"]): row["wrapped"] for row in rows}

    def _open(self, subject: SubjectId, wrapped: bytes | None) -> SubjectCipher:
        if wrapped is None:
            raise SubjectForgottenError(subject)
        return self._wrapper.cipher(wrapped=wrapped, subject=subject)
