"""The page for integrators, run as it stands: from nothing to an order that is followed."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from adapters.webhooks.signing import signed_headers
from tests.e2e.conftest import COMMAND, Raccord
from tests.papers import pdf


def _blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(), flags=re.DOTALL)


def _said(output: str) -> list[str]:
    return [line for line in output.splitlines() if line.strip()]


def test_the_page_takes_an_integrator_from_nothing_to_a_followed_order(
    stack: Raccord, repository: Path, tmp_path: Path
) -> None:
    assert shutil.which("curl"), "install curl: the page for integrators is written with it"
    (tmp_path / "mandate.pdf").write_bytes(pdf())
    command = tmp_path / "bin" / "raccord"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {" ".join(COMMAND)} "$@"\n')
    command.chmod(0o755)
    environment = stack.environment()
    environment["PATH"] = f"{command.parent}:{environment['PATH']}"
    environment["PYTHONPATH"] = str(repository)
    script = "set -euo pipefail\n" + "\n".join(
        _blocks(repository / "docs" / "integrating.md", "sh")
    )

    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    said = _said(done.stdout)
    assert said[0] == "['intake']"
    assert "provider" in said[1]
    assert "write one of axantis" in said[1]
    assert "mandate" in said[2]
    assert any("the dates are settled anew" in line for line in said)
    assert "[{'line': 1, 'taken': True, 'why': None}]" in said
    assert said[-3:] == ["True", "in-force", "undoing"]


def test_the_page_shows_how_to_know_that_an_event_is_ours(repository: Path) -> None:
    names: dict[str, Any] = {}
    for block in _blocks(repository / "docs" / "integrating.md", "python"):
        exec(block, names)  # noqa: S102  the page's own example
    is_ours = cast("Callable[[str, dict[str, str], bytes], bool]", names["is_ours"])
    secret, other = "whsec_QUJDREVGR0g=", "whsec_SEdGRURDQkE="
    body = '{"type":"line.planned","é":1}'
    headers = signed_headers((other, secret), message_id="m-1", timestamp=1, body=body)

    assert is_ours(secret, headers, body.encode())
    assert is_ours(other, headers, body.encode())
    assert not is_ours(secret, headers, body.encode() + b" ")
    assert not is_ours(secret, {**headers, "webhook-timestamp": "2"}, body.encode())
