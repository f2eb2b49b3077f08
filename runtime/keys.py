"""The two keys of a stack: given by settings, or made once and kept in its directory."""

import base64
import secrets
from dataclasses import dataclass
from typing import Self

from pydantic import SecretStr

from runtime.settings import KEY_BYTES, Settings


@dataclass(frozen=True, kw_only=True, repr=False)
class Keys:
    master: bytes
    seal: bytes

    @classmethod
    def of(cls, settings: Settings) -> Self:
        if settings.master_key is None or settings.seal_key is None:
            raise ValueError("RACCORD_MASTER_KEY and RACCORD_SEAL_KEY must be set")
        return cls(master=_decoded(settings.master_key), seal=_decoded(settings.seal_key))


def _decoded(key: SecretStr) -> bytes:
    return base64.b64decode(key.get_secret_value())


def new_key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
