"""The keys and passwords of an embedded stack, made once."""

import secrets
from dataclasses import asdict, dataclass, fields
from typing import Self

from runtime.errors import UnavailableError
from runtime.home import Home, read_json, write_json
from runtime.keys import new_key


@dataclass(frozen=True, kw_only=True, repr=False)
class StackSecrets:
    master_key: str
    seal_key: str
    superuser_password: str
    owner_password: str
    running_password: str

    @classmethod
    def make(cls) -> Self:
        return cls(
            master_key=new_key(),
            seal_key=new_key(),
            superuser_password=secrets.token_urlsafe(24),
            owner_password=secrets.token_urlsafe(24),
            running_password=secrets.token_urlsafe(24),
        )

    @classmethod
    def of(cls, home: Home, *, cluster_exists: bool) -> Self:
        """Read, or made for a new stack; never made anew for data that other keys sealed."""
        kept = read_json(home.secrets)
        if kept:
            return cls(**{field.name: str(kept[field.name]) for field in fields(cls)})
        if cluster_exists:
            raise UnavailableError(
                f"{home.secrets} is missing and the stack has data sealed under its keys; restore "
                "the file from a copy, or start afresh with 'raccord down --purge'"
            )
        made = cls.make()
        write_json(home.secrets, asdict(made))
        return made
