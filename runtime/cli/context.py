"""What every command starts from: the settings, and the stack of their home."""

import os
from contextvars import ContextVar
from dataclasses import dataclass

from runtime.errors import BadInputError, UnavailableError
from runtime.home import Home, read_json
from runtime.profiles import named
from runtime.settings import Settings, load_settings
from runtime.stack_state import read_state

PROFILE_ASKED_FOR: ContextVar[str | None] = ContextVar("profile asked for", default=None)
"""The profile that stood before the command, if one did."""


def current_settings() -> Settings:
    return load_settings(os.environ)


def home_of(settings: Settings) -> Home:
    return Home(settings.home)


@dataclass(frozen=True, kw_only=True, repr=False)
class Server:
    """An API, and what we show it."""

    url: str
    key: str


def server() -> Server:
    """A profile that is named, an API that is configured, or the running stack of the home."""
    settings = current_settings()
    name = PROFILE_ASKED_FOR.get() or settings.profile
    if name is not None:
        profile = named(name)
        return Server(url=profile.url, key=profile.key)
    key = settings.api_key.get_secret_value() if settings.api_key else None
    if settings.api_url is not None:
        if key is None:
            raise BadInputError(
                "RACCORD_API_URL is set without RACCORD_API_KEY; set both, or keep them with "
                "'raccord profile add'"
            )
        return Server(url=settings.api_url.rstrip("/"), key=key)
    return Server(url=_stack_url(settings), key=key or _stack_key(settings))


def _stack_key(settings: Settings) -> str:
    """The stack's own client: its key is made of the master key, which lies in the home."""
    from runtime.client_keys import LOCAL, local_key

    kept = read_json(home_of(settings).secrets).get("master_key", "")
    master_key = settings.master_key.get_secret_value() if settings.master_key else str(kept)
    return local_key(master_key).of(LOCAL)


def _stack_url(settings: Settings) -> str:
    state = read_state(home_of(settings))
    if state is None or "api" not in state.addresses:
        raise UnavailableError(
            f"no stack runs in {settings.home}; start one with 'raccord up', or set RACCORD_API_URL"
        )
    return state.addresses["api"]
