"""What every command starts from: the settings, and the stack of their home."""

import os

from runtime.errors import UnavailableError
from runtime.home import Home
from runtime.settings import Settings, load_settings
from runtime.stack_state import read_state


def current_settings() -> Settings:
    return load_settings(os.environ)


def home_of(settings: Settings) -> Home:
    return Home(settings.home)


def api_url() -> str:
    """Where the API is: as configured, or as the running stack of the home says."""
    settings = current_settings()
    if settings.api_url is not None:
        return settings.api_url.rstrip("/")
    state = read_state(home_of(settings))
    if state is None or "api" not in state.addresses:
        raise UnavailableError(
            f"no stack runs in {settings.home}; start one with 'raccord up', or set RACCORD_API_URL"
        )
    return state.addresses["api"]
