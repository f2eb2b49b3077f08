import asyncio

import pytest
from cryptography.exceptions import InvalidTag

from adapters.keys.secrets import KeyWrapper, WrongMasterKeyError
from adapters.postgres.subject_keys import PostgresSubjectKeys
from domain.identity import SubjectId
from domain.personal import SubjectForgottenError
from runtime.store import Store

CAMILLE, LOU = SubjectId("camille"), SubjectId("lou")


async def test_writers_who_meet_a_subject_at_once_share_one_key(store: Store) -> None:
    ciphers = await asyncio.gather(*(store.keys.for_writing([CAMILLE, LOU]) for _ in range(10)))

    sealed = [by_subject[CAMILLE].seal("Camille Martin") for by_subject in ciphers]
    reader = (await store.keys.for_reading([CAMILLE]))[CAMILLE]
    assert {reader.unseal(text) for text in sealed} == {"Camille Martin"}


async def test_a_forgotten_subject_is_forgotten_for_everybody_at_once(store: Store) -> None:
    sealed = (await store.keys.for_writing([CAMILLE]))[CAMILLE].seal("Camille Martin")
    await store.keys.forget(CAMILLE)
    await store.keys.forget(CAMILLE)

    assert sealed
    assert await store.keys.for_reading([CAMILLE]) == {}
    with pytest.raises(SubjectForgottenError):
        await store.keys.for_writing([CAMILLE])


async def test_a_subject_we_never_knew_can_be_forgotten(store: Store) -> None:
    await store.keys.forget(LOU)

    with pytest.raises(SubjectForgottenError):
        await store.keys.for_writing([LOU])


async def test_another_master_key_opens_nothing_and_says_so(store: Store) -> None:
    await store.keys.for_writing([CAMILLE])
    other = PostgresSubjectKeys(pool=store.pool, wrapper=KeyWrapper(b"o" * 32))

    with pytest.raises(WrongMasterKeyError, match="set RACCORD_MASTER_KEY"):
        await other.for_reading([CAMILLE])


async def test_a_text_sealed_for_one_subject_does_not_open_for_another(store: Store) -> None:
    ciphers = await store.keys.for_writing([CAMILLE, LOU])
    sealed = ciphers[CAMILLE].seal("Camille Martin")

    with pytest.raises(InvalidTag):
        ciphers[LOU].unseal(sealed)
