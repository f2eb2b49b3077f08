"""The deployment files speak of processes and settings that exist."""

from pathlib import Path
from typing import Any

import yaml

from runtime.cli.main import ProcessName
from runtime.operator_settings import OperatorSettings
from runtime.settings import known_names

DEPLOY = Path(__file__).parent.parent.parent / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
OURS = {
    name: service
    for name, service in COMPOSE["services"].items()
    if service["image"].startswith("raccord:")
}


def test_compose_runs_each_of_our_processes_once_and_the_migration_first() -> None:
    commands = {name: service["command"] for name, service in OURS.items()}

    assert commands == {name.value: ["run", name.value] for name in ProcessName} | {
        "migrate": ["migrate"]
    }


def test_compose_sets_only_settings_that_exist() -> None:
    for name, service in OURS.items():
        assert set(service["environment"]) <= known_names(), name


def test_compose_passes_every_setting_of_an_operator() -> None:
    ports = {"RACCORD_SIMULATORS_PORT", "RACCORD_EXCHANGE_PORT"}
    wanted = {str(field.alias) for field in OperatorSettings.model_fields.values()} - ports

    for name in ("api", "relay", "poller", "worker"):
        assert wanted <= set(OURS[name]["environment"]), name


def test_only_the_migration_is_given_the_owner() -> None:
    with_owner = {n for n, s in OURS.items() if "DATABASE_ADMIN_URL" in s["environment"]}

    assert with_owner == {"migrate"}


def test_temporal_never_shares_the_ledgers_cluster() -> None:
    assert COMPOSE["services"]["temporal"]["environment"]["POSTGRES_SEEDS"] == "temporal-database"
    assert "@ledger:" in (DEPLOY / ".env.example").read_text()


def test_every_port_is_published_on_this_machine_only() -> None:
    published = [p for s in COMPOSE["services"].values() for p in s.get("ports", [])]

    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_the_image_holds_every_package_of_ours(repository: Path) -> None:
    copied = (DEPLOY / "Dockerfile").read_text()
    packages = {file.parent.name for file in repository.glob("*/__init__.py")}

    for package in packages - {"tests"}:
        assert f"COPY {package} {package}\n" in copied


def test_ci_runs_the_check_and_the_check_runs_the_readmes_test_command(repository: Path) -> None:
    assert "exec make check" in (repository / ".ci" / "run").read_text()
    assert "$(MAKE) test" in (repository / "Makefile").read_text()
    assert "make test" in (repository / "README.md").read_text()
