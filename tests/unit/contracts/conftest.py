"""Ask the shipped contracts the way a user does: through the command line, once per service."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pytest
from typer.testing import CliRunner

from runtime.cli.main import app


@dataclass(frozen=True)
class Said:
    """What a contract answers to one question, or why it does not."""

    said: str | None
    source: str | None
    level: str | None
    may_be_charged: bool
    in_force: str | None
    readings: dict[str, str]
    stated: str | None


Ask = Callable[[str, str, str], Said]


@cache
def _answers(provider: str, service: str) -> dict[str, Said]:
    arguments = ("contracts", "show", provider, service, "--at", "2026-11-21", "--json")
    result = CliRunner(env={"RACCORD_CONTRACTS": None}).invoke(app, arguments)
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)["result"]
    return {
        name: Said(
            said=answer.get("said"),
            source=answer.get("source"),
            level=answer.get("level"),
            may_be_charged=answer.get("may_be_charged", False),
            in_force=answer.get("in_force"),
            readings=answer.get("readings", {}),
            stated=answer["stated"],
        )
        for name, answer in found.items()
    }


@pytest.fixture(scope="session")
def ask() -> Ask:
    return lambda provider, service, term: _answers(provider, service)[term]
