"""The page about contracts of one's own, followed to its end."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "contracts-of-your-own.md"


def test_a_sixth_provider_is_written_by_following_the_page(tmp_path: Path) -> None:
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text("utf-8"), flags=re.DOTALL)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RACCORD_")}

    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(blocks)],
        cwd=tmp_path,
        env={**kept, "PATH": path, "RACCORD_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert len(blocks) == 5
    assert done.stdout.count("clean") == 2
    assert "3 ouvre before port-day (900:2 «trois jours ouvrés»)" in done.stdout
    assert "2027-06-01" in done.stdout
