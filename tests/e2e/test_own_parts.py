"""A database and a Temporal of one's own replace the embedded ones."""

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.binaries import find_temporal
from runtime.keys import new_key
from runtime.ports import PortWish, choose_ports
from runtime.temporal_server import TemporalServer
from tests.clusters import Cluster
from tests.conftest import Database
from tests.e2e.conftest import Raccord, nothing_is_left_of
from tests.porting import body


@pytest.fixture
def temporal(tmp_path: Path) -> Iterator[TemporalServer]:
    wishes = tuple(PortWish(name=n, setting=n, configured=None) for n in ("temporal", "ui"))
    ports = choose_ports(wishes, {})
    server = TemporalServer(
        program=find_temporal(None),
        database=tmp_path / "temporal.db",
        port=ports["temporal"],
        ui_port=ports["ui"],
        namespace="default",
    )
    process = subprocess.Popen(server.command(), stdout=subprocess.DEVNULL)
    yield server
    process.terminate()
    process.wait(20)


@pytest.fixture
async def empty_database(cluster: Cluster, template: str) -> Database:
    del template  # it makes the roles
    name = cluster.next_name()
    await cluster.create(name)
    return Database(cluster, name)


def _settings(database: Database, temporal: TemporalServer) -> dict[str, str]:
    return {
        "DATABASE_URL": database.url,
        "TEMPORAL_ADDRESS": temporal.address,
        "RACCORD_MASTER_KEY": new_key(),
        "RACCORD_SEAL_KEY": new_key(),
    }


@pytest.mark.long
def test_the_same_code_runs_on_parts_of_ones_own(
    empty_database: Database, temporal: TemporalServer, home: Path, tmp_path: Path
) -> None:
    settings = _settings(empty_database, temporal)
    running = Raccord(home, tuple(settings.items()))
    owner = Raccord(home, (*settings.items(), ("DATABASE_ADMIN_URL", empty_database.admin_url)))
    order_file = tmp_path / "order.json"
    order_file.write_text(json.dumps(body(signed_on="2026-11-20")))

    refused = running("up", "--detach")
    assert refused.returncode == 2
    assert "run 'raccord migrate'" in refused.stderr
    assert "search attributes added" in owner.ok("migrate")
    foreground = running.background("up")
    try:
        running.ok("up", "--detach")  # waits for the one that is starting, and starts no other
        assert set(running.state()["pids"]) == {
            "api",
            "relay",
            "poller",
            "projector",
            "simulators",
            "worker",
        }
        order = running.ok("order", "submit", str(order_file)).strip()
        assert running.json("order", "show", order)["reference"] == "R-1"
    finally:
        foreground.send_signal(signal.SIGINT)  # as Ctrl-C does
        output, _ = foreground.communicate(timeout=60)
    assert foreground.returncode == 0, output
    assert "worker is ready" in output
    assert nothing_is_left_of(running)
    _assert_another_key_is_refused(home, settings)


def _assert_another_key_is_refused(home: Path, settings: dict[str, str]) -> None:
    done = Raccord(home, (*settings.items(), ("RACCORD_SEAL_KEY", new_key())))("up", "--detach")

    assert done.returncode == 2
    assert "RACCORD_SEAL_KEY is not the key this ledger was made with" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_temporal_that_does_not_answer_is_named(home: Path, database: Database) -> None:
    settings = {
        "DATABASE_URL": database.url,
        "TEMPORAL_ADDRESS": "127.0.0.1:1",
        "RACCORD_MASTER_KEY": new_key(),
        "RACCORD_SEAL_KEY": new_key(),
    }
    refused = Raccord(home, tuple(settings.items()))("up", "--detach")

    assert refused.returncode == 3
    assert "Temporal does not answer at 127.0.0.1:1" in refused.stderr
    assert "Traceback" not in refused.stderr
