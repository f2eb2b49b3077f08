"""The exit code of a command is what the command says, whatever the interpreter's end would do."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.conftest import LIMIT, clean_environment

WITH_A_WITNESS = (
    "import atexit, sys; atexit.register(print, 'the interpreter shut down'); "
    "from runtime.cli.main import main; sys.argv = ['raccord', *sys.argv[1:]]; main()"
)


@pytest.mark.parametrize(("arguments", "code"), [(("keys",), 0), (("no-such-command",), 2)])
def test_a_command_ends_before_the_interpreter_shuts_down(
    arguments: tuple[str, ...], code: int
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITH_A_WITNESS, *arguments],
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT,
    )
    assert done.returncode == code
    assert "the interpreter shut down" not in done.stdout
    assert done.stdout if code == 0 else done.stderr


def test_an_answer_that_cannot_be_written_is_not_a_success() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "runtime.cli.main", "keys"],
            env=clean_environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=LIMIT,
        )
    assert done.returncode == 3
    assert "No space left" in done.stderr
