"""The directory of one embedded stack, and everything Raccord keeps in it."""

import hashlib
import json
import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runtime.errors import BadInputError, UnavailableError

FREE_BYTES_MIN = 300 * 1024 * 1024
"""What a stack needs to start and run a while. A default of ours."""

_LOG_BYTES_MAX = 10 * 1024 * 1024

SHARED = Path("/var/lib/raccord-postgres")
"""Where PostgreSQL lives for root when its user cannot reach the stack's own directory."""


@dataclass(frozen=True)
class Home:
    path: Path

    @property
    def run(self) -> Path:
        """What exists only while the stack runs."""
        return self.path / "run"

    @property
    def lock(self) -> Path:
        return self.run / "supervisor.lock"

    @property
    def state(self) -> Path:
        return self.run / "state.json"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def secrets(self) -> Path:
        return self.path / "secrets.json"

    @property
    def ports(self) -> Path:
        return self.path / "ports.json"

    @property
    def reference(self) -> Path:
        """Published files and closed days the user loaded; `purge` leaves them."""
        return self.path / "reference"

    @property
    def simulators(self) -> Path:
        """What simulated operators keep: the exchange's folders, and the key it shows."""
        return self.path / "simulators"

    @property
    def temporal_database(self) -> Path:
        return self.path / "temporal" / "temporal.db"

    def postgres(self, user: str) -> Path:
        """The cluster's own directory: in the stack's, unless its user could not get there."""
        elsewhere = SHARED / hashlib.sha256(str(self.path).encode()).hexdigest()[:12]
        if (self.path / "postgres" / "data").exists():
            return self.path / "postgres"  # where it was made, whatever changed since
        if (elsewhere / "data").exists():
            return elsewhere
        if os.geteuid() != 0 or reachable_by(self.path, user):
            return self.path / "postgres"
        return elsewhere

    def cluster(self, user: str) -> Path:
        """PostgreSQL's own data, under the directory above."""
        return self.postgres(user) / "data"

    def prepare(self) -> None:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            for folder in (self.run, self.logs, self.temporal_database.parent):
                folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as exc:
            raise UnavailableError(
                f"{self.path} cannot be used ({exc.strerror}); "
                "set RACCORD_HOME to a directory you can write to"
            ) from exc
        check_free_space(self.path, shutil.disk_usage(self.path).free)

    def purge(self, user: str) -> None:
        """Remove what Raccord made here, and nothing else that somebody may have put beside it."""
        places = (self.postgres(user), self.path / "postgres", self.temporal_database.parent)
        for folder in (*places, self.logs, self.simulators):
            shutil.rmtree(folder, ignore_errors=True)
        for file in (self.secrets, self.ports):
            file.unlink(missing_ok=True)

    def remove_if_empty(self) -> None:
        """What is left when everything of ours is gone: directories we made."""
        for folder in (self.run, self.path, SHARED):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()


def check_free_space(path: Path, free_bytes: int) -> None:
    if free_bytes < FREE_BYTES_MIN:
        raise UnavailableError(
            f"{path} has {free_bytes // 1024**2} MB free and a stack needs "
            f"{FREE_BYTES_MIN // 1024**2}; free some space, or set RACCORD_HOME to another disk"
        )


def account_of(user: str) -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(user)
    except KeyError as exc:
        raise BadInputError(
            f"RACCORD_POSTGRES_USER: this machine has no user {user}; name one that exists, or "
            "unset it"
        ) from exc


def reachable_by(path: Path, user: str) -> bool:
    """Whether another user can pass through every directory down to a path."""
    account = account_of(user)
    return all(_may_enter(folder, account) for folder in (path, *path.parents) if folder.exists())


def _may_enter(folder: Path, account: pwd.struct_passwd) -> bool:
    facts = folder.stat()
    if facts.st_uid == account.pw_uid:
        return bool(facts.st_mode & stat.S_IXUSR)
    if facts.st_gid == account.pw_gid:
        return bool(facts.st_mode & stat.S_IXGRP)
    return bool(facts.st_mode & stat.S_IXOTH)


def read_json(path: Path) -> dict[str, Any]:
    """A small file of ours; empty when it does not exist."""
    try:
        content = json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    except ValueError as exc:
        raise UnavailableError(
            f"{path} is not readable as JSON; restore it from a copy, or remove the stack with "
            "'raccord down --purge'"
        ) from exc
    return content if isinstance(content, dict) else {}


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Atomic: a crash leaves the old file or the new one. Only its owner can read it."""
    temporary = path.with_suffix(f".{os.getpid()}.new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def shorten_log(log: Path) -> None:
    """Keep one earlier log: called before each start of a part."""
    if log.exists() and log.stat().st_size > _LOG_BYTES_MAX:
        log.replace(log.with_suffix(".log.1"))
