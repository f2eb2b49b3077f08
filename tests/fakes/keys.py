"""Keys that need no database: the same real ciphers, kept in a dictionary."""

from collections.abc import Collection, Mapping

from adapters.keys.secrets import HmacHash, KeyWrapper
from domain.identity import SubjectId
from domain.personal import SubjectForgottenError
from ledger.sealing import SubjectCipher

MASTER = b"m" * 32


class FakeSubjectKeys:
    def __init__(self) -> None:
        self._wrapper = KeyWrapper(MASTER)
        self._wrapped: dict[SubjectId, bytes | None] = {}

    async def for_writing(
        self, subjects: Collection[SubjectId]
    ) -> Mapping[SubjectId, SubjectCipher]:
        for subject in subjects:
            if subject not in self._wrapped:
                self._wrapped[subject] = self._wrapper.new_wrapped_key(subject)
            if self._wrapped[subject] is None:
                raise SubjectForgottenError(subject)
        return await self.for_reading(subjects)

    async def for_reading(
        self, subjects: Collection[SubjectId]
    ) -> Mapping[SubjectId, SubjectCipher]:
        return {
            subject: self._wrapper.cipher(wrapped=wrapped, subject=subject)
            for subject in subjects
            if (wrapped := self._wrapped.get(subject)) is not None
        }

    async def forget(self, subject: SubjectId) -> None:
        self._wrapped[subject] = None


def fake_hash() -> HmacHash:
    return HmacHash(MASTER)
