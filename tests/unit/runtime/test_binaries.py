"""The machine's own binary when it fits, the package's otherwise, else a sentence."""

import os
from pathlib import Path

import pytest

from runtime.binaries import PostgresBinaries, copied, find_postgres, find_temporal
from runtime.errors import UnavailableError


def _program(folder: Path, name: str, says: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\necho '{says}'\n")
    program.chmod(0o755)
    return program


def _postgres(folder: Path, version: str) -> Path:
    _program(folder, "initdb", "")
    return _program(folder, "postgres", f"postgres (PostgreSQL) {version}").parent


def test_a_configured_postgres_is_used(tmp_path: Path) -> None:
    found = find_postgres(_postgres(tmp_path, "17.2"), cluster_major=None)

    assert (found.folder, found.major) == (tmp_path, 17)


@pytest.mark.parametrize("version", ["9.6.1", "14.9", "nonsense"])
def test_a_configured_postgres_that_is_too_old_is_named(tmp_path: Path, version: str) -> None:
    with pytest.raises(UnavailableError, match="RACCORD_POSTGRES_BIN"):
        find_postgres(_postgres(tmp_path, version), cluster_major=None)


def test_a_directory_without_postgres_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="holds no postgres"):
        find_postgres(tmp_path, cluster_major=None)


def test_a_postgres_on_the_path_comes_before_the_package(tmp_path: Path) -> None:
    search = str(_postgres(tmp_path, "16.1"))

    assert find_postgres(None, cluster_major=None, search=search).folder == tmp_path


def test_the_package_serves_a_machine_that_has_none(tmp_path: Path) -> None:
    assert find_postgres(None, cluster_major=None, search=str(tmp_path)).major == 18
    assert find_temporal(None, search=str(tmp_path)).name == "temporal"


def test_an_old_cluster_is_opened_by_its_own_version_or_not_at_all(tmp_path: Path) -> None:
    search = str(_postgres(tmp_path, "16.1"))

    assert find_postgres(None, cluster_major=18, search=search).major == 18
    with pytest.raises(UnavailableError, match="made by PostgreSQL 17 and only 16, 18 is here"):
        find_postgres(None, cluster_major=17, search=search)


def test_a_temporal_that_is_too_old_is_passed_over_or_named(tmp_path: Path) -> None:
    old = _program(tmp_path, "temporal", "temporal version 1.0 (Server 1.20.0, UI 2.0)")

    assert find_temporal(None, search=str(tmp_path)) != old
    with pytest.raises(UnavailableError, match="RACCORD_TEMPORAL_BIN"):
        find_temporal(old)


def test_binaries_that_cannot_be_reached_are_copied_once_with_their_libraries(
    tmp_path: Path,
) -> None:
    tmp_path.chmod(0o755)
    package = tmp_path / "closed" / "embedded"
    binaries = PostgresBinaries(folder=_postgres(package / "pginstall" / "bin", "18.1"), major=18)
    libraries = tmp_path / "closed" / "embedded.libs"
    libraries.mkdir()
    (libraries / "libpq.so").touch()
    copies = tmp_path / "copies"

    moved = copied(binaries, copies=copies)
    again = copied(binaries, copies=copies)

    assert moved == again != binaries
    assert os.access(moved.program("postgres"), os.X_OK)
    assert (moved.folder.parents[2] / "embedded.libs" / "libpq.so").exists()
    assert len(list(copies.iterdir())) == 1
