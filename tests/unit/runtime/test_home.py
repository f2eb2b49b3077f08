import os
import stat
from pathlib import Path

import pytest

from runtime.errors import BadInputError, UnavailableError
from runtime.home import FREE_BYTES_MIN, Home, check_free_space, reachable_by, read_json, write_json
from runtime.secrets_file import StackSecrets
from runtime.stack_state import is_supervised, supervisor_lock


def test_a_full_disk_is_one_sentence_with_a_way_out(tmp_path: Path) -> None:
    check_free_space(tmp_path, FREE_BYTES_MIN)

    with pytest.raises(UnavailableError, match="has 1 MB free and a stack needs 300") as refused:
        check_free_space(tmp_path, 1024 * 1024)
    assert "set RACCORD_HOME to another disk" in str(refused.value)


def test_a_home_that_is_a_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(UnavailableError, match="set RACCORD_HOME to a directory"):
        Home(tmp_path / "file").prepare()


def test_small_files_are_whole_or_absent_and_nobody_elses(tmp_path: Path) -> None:
    file = tmp_path / "small.json"
    assert read_json(file) == {}

    write_json(file, {"a": 1})

    assert read_json(file) == {"a": 1}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("content", ["{", "nonsense"])
def test_a_broken_file_says_what_to_do(tmp_path: Path, content: str) -> None:
    (tmp_path / "small.json").write_text(content)

    with pytest.raises(UnavailableError, match="restore it from a copy"):
        read_json(tmp_path / "small.json")


def test_purging_removes_what_is_ours_and_leaves_what_is_not(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.prepare()
    StackSecrets.of(home, cluster_exists=False)
    home.postgres("nobody").mkdir(parents=True, exist_ok=True)
    (home.path / "notes.txt").write_text("somebody's own")

    home.purge("nobody")
    home.remove_if_empty()

    assert [file.name for file in home.path.iterdir()] == ["notes.txt"]
    (home.path / "notes.txt").unlink()
    home.remove_if_empty()
    assert not home.path.exists()


def test_keys_are_made_once_and_never_anew_for_data_they_sealed(tmp_path: Path) -> None:
    home = Home(tmp_path)
    made = StackSecrets.of(home, cluster_exists=False)
    assert StackSecrets.of(home, cluster_exists=True) == made

    home.secrets.unlink()

    with pytest.raises(UnavailableError, match="restore the file from a copy"):
        StackSecrets.of(home, cluster_exists=True)


def test_a_directory_behind_a_closed_one_cannot_be_reached(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    inner = closed / "inner"
    inner.mkdir(parents=True)
    closed.chmod(0o700)
    tmp_path.chmod(0o755)

    assert not reachable_by(inner, "nobody")
    assert reachable_by(Path("/"), "nobody")


def test_one_supervisor_a_home_and_no_lock_left_behind(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.prepare()
    assert not is_supervised(home)
    with supervisor_lock(home) as mine:
        assert mine
        assert is_supervised(home)
        with supervisor_lock(home) as also_mine:
            assert not also_mine
    assert not is_supervised(home)
    assert not home.lock.exists()


def test_a_lock_file_left_by_a_killed_supervisor_holds_nobody_up(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.prepare()
    home.lock.touch()

    assert not is_supervised(home)
    with supervisor_lock(home) as mine:
        assert mine


def test_a_cluster_stays_where_it_was_made_whatever_changes_around_it(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    (closed / "postgres" / "data").mkdir(parents=True)
    closed.chmod(0o700)

    assert Home(closed).postgres("nobody") == closed / "postgres"


def test_a_user_nobody_knows_is_named_with_its_setting(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="RACCORD_POSTGRES_USER: this machine has no user"):
        reachable_by(tmp_path, "no-such-user")


def test_root_keeps_its_cluster_where_the_unprivileged_user_can_reach(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    chosen = Home(closed).postgres("nobody")

    expected = closed / "postgres" if os.geteuid() else Path("/var/lib/raccord-postgres")
    assert chosen.is_relative_to(expected)
