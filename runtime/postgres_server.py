"""The embedded PostgreSQL: a real server on a port of its own, run by an unprivileged user."""

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg
from pydantic import SecretStr

from adapters.postgres.pool import Connection
from adapters.postgres.rights import quoted
from runtime.binaries import PostgresBinaries
from runtime.child import ChildSpec
from runtime.errors import UnavailableError
from runtime.home import SHARED, account_of
from runtime.ports import LOOPBACK
from runtime.secrets_file import StackSecrets
from runtime.settings import Settings

DATABASE = "raccord"
OWNER = "raccord_owner"
RUNNING = "raccord_app"
SUPERUSER = "postgres"
_INITDB_SECONDS = 60

SERVER_OPTIONS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


@dataclass(frozen=True, kw_only=True)
class PostgresServer:
    """Where one cluster lives and how to reach it; starting it is the supervisor's work."""

    folder: Path
    binaries: PostgresBinaries
    port: int
    user: str
    secrets: StackSecrets

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def privileges(self) -> dict[str, Any]:
        """PostgreSQL refuses to run as root: become the unprivileged user, keep no groups."""
        if os.geteuid() != 0:
            return {}
        account = account_of(self.user)
        return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}

    def command(self) -> list[str]:
        options = {**SERVER_OPTIONS, "port": str(self.port)}
        flags = [word for key, value in options.items() for word in ("-c", f"{key}={value}")]
        return [str(self.binaries.program("postgres")), "-D", str(self.data), *flags]

    def prepare(self) -> None:
        """Make the cluster, all of it or none: an interrupted initdb is started over."""
        if self.data.exists():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.folder.parent == SHARED:
            SHARED.chmod(0o711)  # to be passed through, whatever the caller's umask
        self._own(self.folder)
        partial = self.folder / "data.partial"
        shutil.rmtree(partial, ignore_errors=True)
        password_file = self.folder / "password"
        password_file.write_text(self.secrets.superuser_password)
        self._own(password_file, mode=0o600)
        try:
            self._initdb(partial, password_file)
        finally:
            password_file.unlink()
        partial.rename(self.data)

    def _own(self, path: Path, *, mode: int = 0o700) -> None:
        privileges = self.privileges()
        if privileges:
            os.chown(path, privileges["user"], privileges["group"])
        path.chmod(mode)

    def _initdb(self, data: Path, password_file: Path) -> None:
        command = [
            str(self.binaries.program("initdb")),
            f"--pgdata={data}",
            f"--username={SUPERUSER}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
        ]
        done = subprocess.run(  # noqa: S603  a program found by us
            command,
            capture_output=True,
            text=True,
            check=False,
            timeout=_INITDB_SECONDS,
            cwd=self.folder,
            **self.privileges(),
        )
        if done.returncode != 0:
            lines = done.stderr.strip().splitlines()
            raise UnavailableError(
                f"PostgreSQL could not make its cluster in {data.parent}: "
                f"{lines[-1] if lines else 'no reason given'}"
            )

    def child(self, *, log: Path, environment: Mapping[str, str]) -> ChildSpec:
        return ChildSpec(
            name="postgres",
            command=self.command(),
            environment={**environment, "LC_ALL": "C"},
            log=log,
            ready=self.accepts_connections,
            stop_signal=signal.SIGINT,  # PostgreSQL's own word for: end what runs, then stop
            privileges=self.privileges(),
        )

    def settings(self, settings: Settings) -> Settings:
        """The same settings with this server as their database, and its keys."""
        return settings.model_copy(
            update={
                "database_url": SecretStr(self.running_url),
                "database_admin_url": SecretStr(self.admin_url),
                "master_key": SecretStr(self.secrets.master_key),
                "seal_key": SecretStr(self.secrets.seal_key),
            }
        )

    def url(self, role: str, password: str, database: str = DATABASE) -> str:
        return f"postgresql://{role}:{quote(password)}@{LOOPBACK}:{self.port}/{database}"

    @property
    def superuser_url(self) -> str:
        return self.url(SUPERUSER, self.secrets.superuser_password, "postgres")

    @property
    def admin_url(self) -> str:
        return self.url(OWNER, self.secrets.owner_password)

    @property
    def running_url(self) -> str:
        return self.url(RUNNING, self.secrets.running_password)

    async def accepts_connections(self) -> bool:
        try:
            connection = await asyncpg.connect(self.superuser_url, timeout=5)
        except asyncpg.InvalidPasswordError as exc:
            raise UnavailableError(
                "the embedded PostgreSQL refuses the password in secrets.json; restore the file "
                "that belongs to this cluster"
            ) from exc
        except (OSError, asyncpg.PostgresError, TimeoutError):
            return False
        await connection.close()
        return True

    async def make_database(self, name: str = DATABASE) -> None:
        """The two roles and a database; those that exist are left, their passwords renewed."""
        connection = await asyncpg.connect(self.superuser_url, timeout=5)
        try:
            for role, password in (
                (OWNER, self.secrets.owner_password),
                (RUNNING, self.secrets.running_password),
            ):
                await _make_role(connection, role, password)
            exists = await connection.fetchval(
                "SELECT true FROM pg_database WHERE datname = $1", name
            )
            if not exists:
                await connection.execute(f"CREATE DATABASE {quoted(name)} OWNER {OWNER}")
        finally:
            await connection.close()


async def _make_role(connection: Connection, role: str, password: str) -> None:
    exists = await connection.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", role)
    verb = "ALTER" if exists else "CREATE"
    await connection.execute(f"{verb} ROLE {quoted(role)} LOGIN PASSWORD '{password}'")
