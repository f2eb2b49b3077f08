"""One mistake in every place: one sentence, the right exit code, never a traceback."""

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from runtime.cli.main import app
from tests.e2e.conftest import Raccord

NO_STACK = ["order", "show", "6f7e1a8e-0000-5000-8000-000000000000"]


def _assert_refused(
    home: Path, arguments: list[str], code: int, *words: str, **settings: str
) -> None:
    environment = Raccord(home, tuple(settings.items())).environment()
    done = CliRunner().invoke(app, arguments, env=_only(environment), catch_exceptions=False)

    assert done.exit_code == code, done.output
    for word in words:
        assert word in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def _only(environment: dict[str, str]) -> dict[str, str | None]:
    """The runner adds to the environment: what is not asked for has to be taken out by name."""
    ours = [name for name in os.environ if name.startswith(("RACCORD_", "DATABASE_", "TEMPORAL_"))]
    return {**dict.fromkeys(ours), **environment}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (NO_STACK, 3, "start one with 'raccord up'"),
        (["order", "show", "order-7"], 2, "is not an order id"),
        (["order", "submit", "/nowhere.json"], 2, "give another file"),
        (["order", "decide", NO_STACK[2], "retry", "--set", "day"], 2, "is no pair"),
        (["order", "timeline", "order-7"], 2, "is not an order id"),
        (["order", "cancel", "order-7"], 2, "is not an order id"),
        (["order", "hold", NO_STACK[2]], 2, "say --until and a day, or --resume"),
        (["reconcile", "show", "../hosts"], 2, "is not the id of a difference"),
        (["reconcile", "decide", "", "settle"], 2, "is not the id of a difference"),
        (["reverse", "show", ""], 2, "is not the id of a reverse port"),
        (["reverse", "decide", "?only_open=true", "agree"], 2, "is not the id of a reverse port"),
        (["indemnity", "explain", "../orders"], 2, "is not the id of an indemnity"),
        (["indemnity", "list", "--order", "x&payable=true"], 2, "is not an order id"),
        (["exchange", "settle", "..", "settle"], 2, "is not the id of a trouble"),
        (["exchange", "answer", "one", "accept"], 2, "is not the id of a transfer"),
        (["order", "amend", NO_STACK[2], "--withdraw", "seven"], 2, "is not an amendment's id"),
        (["order", "amend", NO_STACK[2], "/nowhere.json"], 2, "give another file"),
        (["order", "attach", NO_STACK[2], "a.txt", "--name", "x", "--on", "y"], 2, "PDF, a PNG"),
        (
            ["order", "attach", NO_STACK[2], "/no.pdf", "--name", "x", "--on", "y"],
            2,
            "another file",
        ),
        (["order", "list"], 3, "start one with 'raccord up'"),
        (["webhook", "skip", "seven", "1"], 2, "is not a subscription's id"),
        (["webhook", "list"], 3, "start one with 'raccord up'"),
        (["client", "add", "CRM", "--role", "intake"], 2, "cannot be a client's name"),
        (["client", "add", "crm", "--role", "king"], 2, "is no role; give one of"),
        (["client", "list"], 3, "start one with 'raccord up'"),
        (["profile", "add", "prod", "--url", "raccord.example"], 2, "is no address"),
        (["--profile", "nowhere", "order", "list"], 2, "make it with 'raccord profile add'"),
        (["deadlines", "--within", "soon"], 2, "write it like 12h, 3d or 2w"),
        (["attention"], 3, "start one with 'raccord up'"),
        (["resume"], 3, "start one with 'raccord up'"),
        (["demo", "--only", "nothing"], 2, "there is no scenario 'nothing'"),
        (["ledger", "verify"], 3, "start one with 'raccord up'"),
        (["ledger", "verify", "--anchor", "seven"], 2, "give NUMBER:ROOT"),
        (["ledger", "tail"], 3, "start one with 'raccord up'"),
        (["projections", "rebuild", "nope"], 2, "there is: orders, lines"),
        (["projections", "rebuild"], 3, "start one with 'raccord up'"),
        (["migrate"], 2, "DATABASE_ADMIN_URL is not set"),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, list) else None,
)
def test_commands_without_what_they_need(
    home: Path, arguments: list[str], code: int, words: str
) -> None:
    _assert_refused(home, arguments, code, words)


@pytest.mark.parametrize(
    ("process", "name"), [("worker", "TEMPORAL_ADDRESS"), ("api", "RACCORD_API_PORT")]
)
def test_a_process_run_by_hand_without_what_it_needs(home: Path, process: str, name: str) -> None:
    done = Raccord(home)("run", process)

    assert done.returncode == 2
    assert name in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_taken_is_named(home: Path, occupied: int) -> None:
    _assert_refused(
        home,
        ["up", "--detach"],
        3,
        f"port {occupied} is already taken",
        "RACCORD_API_PORT",
        RACCORD_API_PORT=str(occupied),
    )


def test_a_missing_binary_is_named(home: Path, tmp_path: Path) -> None:
    _assert_refused(
        home, ["up"], 3, "RACCORD_POSTGRES_BIN", "holds no", RACCORD_POSTGRES_BIN=str(tmp_path)
    )
    _assert_refused(
        home, ["up"], 3, "RACCORD_TEMPORAL_BIN", RACCORD_TEMPORAL_BIN=str(tmp_path / "t")
    )


def test_a_bad_setting_is_named(home: Path) -> None:
    _assert_refused(home, ["status"], 2, "RACCORD_API_PORT", RACCORD_API_PORT="eighty")
    _assert_refused(home, ["up"], 2, "did you mean RACCORD_API_PORT?", RACCORD_API_PROT="80")


def test_a_home_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    _assert_refused(tmp_path / "file" / "home", ["up"], 3, "set RACCORD_HOME to a directory")
