"""A whole stack, started and asked the way its user would: through the command line."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from runtime.client_keys import LOCAL, local_key
from runtime.leftovers import marked_processes
from tests.waiting import until

COMMAND = (sys.executable, "-m", "runtime.cli.main")
LIMIT = 100


def clean_environment(**more: str) -> dict[str, str]:
    """The caller's environment without any setting of ours, and those given."""
    ours = ("RACCORD_", "DATABASE_", "TEMPORAL_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, **more}


@dataclass(frozen=True)
class Raccord:
    """The command line on one home."""

    home: Path
    settings: tuple[tuple[str, str], ...] = ()

    def environment(self) -> dict[str, str]:
        return clean_environment(RACCORD_HOME=str(self.home), **dict(self.settings))

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *arguments],
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=LIMIT,
        )

    def ok(self, *arguments: str) -> str:
        done = self(*arguments)
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    def json(self, *arguments: str) -> Any:  # noqa: ANN401  any JSON value
        return json.loads(self.ok(*arguments, "--json"))["result"]

    def background(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [*COMMAND, *arguments],
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def state(self) -> Any:  # noqa: ANN401  any JSON value
        state = json.loads((self.home / "run" / "state.json").read_text())
        return {**state, "pids": {part["name"]: part["pid"] for part in state["parts"]}}

    def until_one_runs(self) -> None:
        file = self.home / "run" / "state.json"
        until(
            lambda: file.exists() and any(p["state"] == "running" for p in self.state()["parts"]),
            what="one part runs",
        )

    def until_all_run(self) -> None:
        until(
            lambda: all(
                part["state"] == "running" and psutil.pid_exists(part["pid"])
                for part in self.state()["parts"]
            ),
            what="every part runs",
        )

    def get(self, path: str) -> Any:  # noqa: ANN401  any JSON value
        address = self.state()["addresses"]["api"] + path
        return self._ask(urllib.request.Request(address, headers=self._authorization()))

    def _authorization(self) -> dict[str, str]:
        master_key = json.loads((self.home / "secrets.json").read_text())["master_key"]
        return {"Authorization": f"Bearer {local_key(master_key).of(LOCAL)}"}

    def books(self) -> Any:  # noqa: ANN401  any JSON value
        """Every effect the simulated operators really made, and how many times."""
        address = self.state()["addresses"]["simulators"]
        return self._ask(urllib.request.Request(f"{address}/admin/books"))

    def post(self, path: str, body: dict[str, Any], *, key: str) -> Any:  # noqa: ANN401
        return self._ask(
            urllib.request.Request(
                self.state()["addresses"]["api"] + path,
                data=json.dumps(body).encode(),
                headers={
                    **self._authorization(),
                    "Content-Type": "application/json",
                    "Idempotency-Key": key,
                },
            )
        )

    def _ask(self, request: urllib.request.Request) -> Any:  # noqa: ANN401
        """As a client does: the same request with the same key until it is answered."""

        def answered() -> tuple[Any] | None:
            with suppress(OSError), urllib.request.urlopen(request, timeout=20) as answer:
                return (json.load(answer),)
            return None

        what = f"{request.get_method()} {request.full_url} is answered"
        return until(answered, what=what, seconds=30)[0]

    def processes(self) -> list[psutil.Process]:
        return marked_processes(self.home)


def nothing_is_left_of(raccord: Raccord) -> bool:
    run = raccord.home / "run"
    return not raccord.processes() and not (run.exists() and list(run.iterdir()))


def _new_home() -> Path:
    """A directory only its owner can enter: root's PostgreSQL then has to live elsewhere."""
    return Path(tempfile.mkdtemp(prefix="raccord-e2e-"))


@contextmanager
def started(*settings: tuple[str, str]) -> Iterator[Raccord]:
    command = Raccord(_new_home(), settings)
    try:
        yield command
    finally:
        command("down", "--purge")
    left = list(command.home.iterdir()) if command.home.exists() else []
    assert not left, f"down --purge left {left}"
    assert nothing_is_left_of(command)


@pytest.fixture
def home() -> Iterator[Path]:
    folder = _new_home()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def raccord() -> Iterator[Raccord]:
    with started() as command:
        yield command


@pytest.fixture(scope="session")
def stack() -> Iterator[Raccord]:
    """One running stack that the tests of this folder share; each leaves it healthy."""
    with started() as command:
        command.ok("up", "--detach")
        yield command
