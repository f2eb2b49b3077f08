"""The database behind a command: the user's own, or the one of the home's stack."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.keys.secrets import WrongMasterKeyError
from adapters.postgres.schema import SchemaError
from ledger.availability import LedgerUnavailableError
from runtime.binaries import PostgresBinaries
from runtime.cli.context import current_settings, home_of
from runtime.errors import BadInputError, UnavailableError
from runtime.home import Home, read_json
from runtime.postgres_server import PostgresServer
from runtime.secrets_file import StackSecrets
from runtime.settings import Settings
from runtime.store import Store, open_store


def embedded_server(home: Home, settings: Settings) -> PostgresServer:
    """The embedded database of a home, as it was last started."""
    kept = read_json(home.secrets)
    ports = read_json(home.ports)
    if not kept or "postgres" not in ports:
        raise UnavailableError(
            f"there is no stack in {home.path}; start one with 'raccord up', or set DATABASE_URL"
        )
    data = home.cluster(settings.postgres_user)
    return PostgresServer(
        folder=data.parent,
        binaries=PostgresBinaries(folder=data.parent, major=0),
        port=ports["postgres"],
        user=settings.postgres_user,
        secrets=StackSecrets(**kept),
    )


def with_database(settings: Settings) -> Settings:
    """Settings that name a database and its keys: the user's own, or those of the home's stack."""
    if settings.database_url is not None:
        return settings
    return embedded_server(home_of(settings), settings).settings(settings)


@asynccontextmanager
async def opened_store() -> AsyncIterator[Store]:
    """The store of the settings in force; what keeps it shut becomes one sentence."""
    try:
        async with open_store(with_database(current_settings())) as store:
            yield store
    except LedgerUnavailableError as exc:
        raise UnavailableError(f"{exc}; start it with 'raccord up', or check DATABASE_URL") from exc
    except (SchemaError, WrongMasterKeyError) as exc:
        raise BadInputError(str(exc)) from exc
