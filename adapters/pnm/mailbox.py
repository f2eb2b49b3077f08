"""The exchange's SFTP server, as far as one group goes: a folder to put down, a folder to take up.

Whatever goes wrong on the way is one error: the turn ends, and the next one goes on from what was
kept.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit

import asyncssh

from adapters.pnm.files import BYTES_MAX
from domain.territories import ExchangeGroup

CONNECT_SECONDS = 5.0
OPERATION_SECONDS = 15.0
KEEPALIVE_SECONDS = 15
IN, OUT = "in", "out"
_FILES = {asyncssh.FILEXFER_TYPE_REGULAR, asyncssh.FILEXFER_TYPE_UNKNOWN}
T = TypeVar("T")


class ExchangeSilentError(Exception):
    """The exchange cannot be reached, or does not do what it is asked."""


class FileOutOfReachError(Exception):
    """One file cannot be read or taken away: the others can."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """Ours at the exchange: where it is, who we are, and by what we know that it is the one."""

    host: str
    port: int
    user: str
    root: str
    host_key: str
    password: str | None = field(default=None, repr=False)
    key_file: Path | None = None


def account_of(
    url: str, *, host_key: str, password: str | None, key_file: Path | None = None
) -> Account:
    """`sftp://user@host:22/folder`."""
    parts = urlsplit(url)
    return Account(
        host=parts.hostname or "",
        port=parts.port or 22,
        user=unquote(parts.username or ""),
        root=parts.path.rstrip("/"),
        host_key=host_key,
        password=password,
        key_file=key_file,
    )


@contextmanager
def _of_one_file(name: str) -> Iterator[None]:
    try:
        yield
    except (asyncssh.SFTPPermissionDenied, asyncssh.SFTPFailure) as exc:
        raise FileOutOfReachError(f"{name}: {type(exc).__name__}") from exc


@contextmanager
def translated() -> Iterator[None]:
    try:
        yield
    except TimeoutError as exc:
        raise ExchangeSilentError("the exchange does not answer in time") from exc
    except asyncssh.HostKeyNotVerifiable as exc:
        raise ExchangeSilentError(
            "the exchange shows another key than RACCORD_EXCHANGE_HOST_KEY: ask them before "
            "anything is sent"
        ) from exc
    except asyncssh.PermissionDenied as exc:
        raise ExchangeSilentError("the exchange does not let us in: check our account") from exc
    except (OSError, asyncssh.Error) as exc:
        raise ExchangeSilentError(f"the exchange cannot be reached ({type(exc).__name__})") from exc


@dataclass(kw_only=True)
class Mailbox:
    """One group's two folders, over one connection."""

    sftp: asyncssh.SFTPClient
    root: str
    group: ExchangeGroup

    async def waiting(self) -> tuple[str, ...]:
        """Names of what was put down for us, in the order of names; what is half there is not."""
        with translated():
            entries = await self._soon(self.sftp.readdir(self._path(IN)))
        return tuple(sorted(str(e.filename) for e in entries if e.attrs.type in _FILES))

    async def read(self, name: str) -> bytes:
        """One byte more than is taken, when it is too large."""
        with translated(), _of_one_file(name):
            async with (
                asyncio.timeout(OPERATION_SECONDS),
                self.sftp.open(self._path(IN, name), "rb") as file,
            ):
                content: bytes = await file.read(BYTES_MAX + 1)
                return content

    async def remove(self, name: str) -> None:
        """One that is gone already is gone."""
        with translated(), suppress(asyncssh.SFTPNoSuchFile), _of_one_file(name):
            await self._soon(self.sftp.remove(self._path(IN, name)))

    async def upload(self, name: str, content: bytes) -> None:
        """The whole of it, over whatever an earlier attempt has left."""
        with translated():
            async with (
                asyncio.timeout(OPERATION_SECONDS),
                self.sftp.open(self._path(OUT, name), "wb") as file,
            ):
                await file.write(content)

    async def is_there(self, name: str) -> bool:
        with translated():
            return await self._soon(self.sftp.exists(self._path(OUT, name)))

    async def rename(self, before: str, after: str) -> None:
        """Over what bears the name already."""
        old, new = self._path(OUT, before), self._path(OUT, after)
        with translated():
            try:
                await self._soon(self.sftp.posix_rename(old, new))
            except asyncssh.SFTPOpUnsupported:
                with suppress(asyncssh.SFTPNoSuchFile):
                    await self._soon(self.sftp.remove(new))
                await self._soon(self.sftp.rename(old, new))

    def _path(self, folder: str, name: str | None = None) -> str:
        whole = f"{self.root}/{self.group.value.lower()}/{folder}"
        return whole if name is None else f"{whole}/{name}"

    async def _soon(self, work: Awaitable[T]) -> T:
        return await asyncio.wait_for(work, OPERATION_SECONDS)


@asynccontextmanager
async def connected(account: Account) -> AsyncIterator[asyncssh.SFTPClient]:
    """One connection; whom we talk to is checked by its key, never taken on trust."""
    with translated():
        connection = await asyncio.wait_for(
            asyncssh.connect(
                account.host,
                account.port,
                username=account.user,
                password=account.password,
                client_keys=None if account.key_file is None else [account.key_file],
                known_hosts=([asyncssh.import_public_key(account.host_key)], [], []),
                agent_path=None,
                config=None,
                keepalive_interval=KEEPALIVE_SECONDS,
            ),
            CONNECT_SECONDS,
        )
        try:
            client = await asyncio.wait_for(
                connection.start_sftp_client(path_encoding="latin-1"), CONNECT_SECONDS
            )
        except BaseException:
            connection.abort()
            raise
    try:
        yield client
    finally:
        connection.abort()
