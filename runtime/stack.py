"""What an embedded stack is made of, and in which order it comes up."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from runtime.binaries import find_postgres, find_temporal, within_reach
from runtime.child import ChildSpec
from runtime.home import Home, read_json, write_json
from runtime.leftovers import STACK_MARK
from runtime.ports import LOOPBACK, choose_ports, port_wishes
from runtime.postgres_server import PostgresServer
from runtime.secrets_file import StackSecrets
from runtime.settings import Settings
from runtime.simulated import ACCOUNT, SimulatedOperators, operator_environment, simulated_operators
from runtime.temporal_server import TemporalServer, serves

OWN_PROCESSES = ("api", "relay", "poller", "projector", "worker")


@dataclass(frozen=True, kw_only=True)
class Stack:
    """The plan of one stack: nothing runs yet."""

    home: Home
    settings: Settings
    environment: Mapping[str, str]
    postgres: PostgresServer | None
    temporal: TemporalServer | None
    addresses: dict[str, str]
    simulators: SimulatedOperators | None

    def postgres_child(self) -> ChildSpec | None:
        server = self.postgres
        if server is None:
            return None
        mark = {STACK_MARK: str(self.home.path)}
        return server.child(log=self._log("postgres"), environment=mark)

    def temporal_child(self) -> ChildSpec | None:
        server = self.temporal
        if server is None:
            return None

        async def ready() -> bool:
            return await serves(server.address, server.namespace)

        return ChildSpec(
            name="temporal",
            command=server.command(),
            environment={STACK_MARK: str(self.home.path), "HOME": str(self.home.path)},
            log=self._log("temporal"),
            ready=ready,
        )

    def simulators_child(self) -> ChildSpec | None:
        """The operators of a stack that has none of its own: on the other side of a real wire."""
        simulated = self.simulators
        if simulated is None:
            return None
        mark = {STACK_MARK: str(self.home.path), **simulated.environment()}
        return ChildSpec(
            name="simulators",
            command=simulated.command(self.addresses["api"], ACCOUNT),
            environment={**_plain(self.environment), **mark},
            log=self._log("simulators"),
            ready=simulated.answers,
        )

    def own_children(self) -> tuple[ChildSpec, ...]:
        return tuple(
            ChildSpec(
                name=name,
                command=[sys.executable, "-m", "runtime.cli.main", "run", name],
                environment=self.environment,
                log=self._log(name),
            )
            for name in OWN_PROCESSES
        )

    def _log(self, name: str) -> Path:
        return self.home.logs / f"{name}.log"


def plan_stack(home: Home, settings: Settings, base_environment: Mapping[str, str]) -> Stack:
    """Find the parts, choose the ports, make or read the keys. Whatever is missing is named."""
    ports = choose_ports(port_wishes(settings), _remembered(home))
    write_json(home.ports, dict(ports))
    postgres = _plan_postgres(home, settings, ports)
    temporal = _plan_temporal(home, settings, ports)
    served = postgres.settings(settings) if postgres else settings
    simulated = simulated_operators(served, home, ports)
    resolved = _resolved(home, served, ports=ports, temporal=temporal)
    resolved |= operator_environment(served, simulated)
    return Stack(
        home=home,
        settings=settings,
        environment={**_inherited(base_environment), **resolved},
        postgres=postgres,
        temporal=temporal,
        addresses=_addresses(settings, ports=ports, temporal=temporal),
        simulators=simulated,
    )


def _plain(environment: Mapping[str, str]) -> dict[str, str]:
    """Without anything of ours: a simulator knows neither our keys nor our database."""
    ours = ("RACCORD_", "DATABASE_", "TEMPORAL_")
    return {name: value for name, value in environment.items() if not name.startswith(ours)}


def _remembered(home: Home) -> dict[str, int]:
    kept = read_json(home.ports).items()
    return {name: port for name, port in kept if isinstance(port, int)}


def _plan_postgres(
    home: Home, settings: Settings, ports: Mapping[str, int]
) -> PostgresServer | None:
    if settings.database_url is not None:
        return None
    data = home.cluster(settings.postgres_user)
    version = data / "PG_VERSION"
    major = int(version.read_text()) if version.exists() else None
    binaries = find_postgres(settings.postgres_bin, cluster_major=major)
    return PostgresServer(
        folder=data.parent,
        binaries=within_reach(
            binaries, user=settings.postgres_user, copies=data.parent / "binaries"
        ),
        port=ports["postgres"],
        user=settings.postgres_user,
        secrets=StackSecrets.of(home, cluster_exists=data.exists()),
    )


def _plan_temporal(
    home: Home, settings: Settings, ports: Mapping[str, int]
) -> TemporalServer | None:
    if settings.temporal_address is not None:
        return None
    return TemporalServer(
        program=find_temporal(settings.temporal_bin),
        database=home.temporal_database,
        port=ports["temporal"],
        ui_port=ports["temporal-ui"],
        namespace=settings.temporal_namespace,
    )


def _inherited(environment: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment without our own settings: those are passed on resolved."""
    return {name: value for name, value in environment.items() if not name.startswith("RACCORD_")}


def _resolved(
    home: Home,
    settings: Settings,
    *,
    ports: Mapping[str, int],
    temporal: TemporalServer | None,
) -> dict[str, str]:
    """What each of our processes is started with; migrations are not theirs to run."""
    return {
        STACK_MARK: str(home.path),
        "RACCORD_HOME": str(home.path),
        "RACCORD_API_HOST": settings.api_host,
        "RACCORD_API_PORT": str(ports["api"]),
        "RACCORD_POOL_SIZE": str(settings.pool_size),
        "RACCORD_CONTRACTS": str(settings.contracts or ""),
        "RACCORD_FAILURES": str(settings.failures or ""),
        "RACCORD_COPPER": str(settings.copper or ""),
        "RACCORD_SEAL_SECONDS": str(settings.seal_seconds),
        "RACCORD_OIDC_ISSUER": settings.oidc_issuer or "",
        "RACCORD_OIDC_AUDIENCE": settings.oidc_audience or "",
        "RACCORD_OIDC_ROLES_CLAIM": settings.oidc_roles_claim,
        "RACCORD_OIDC_PARTNER_CLAIM": settings.oidc_partner_claim,
        "RACCORD_RATE_PER_MINUTE": str(settings.rate_per_minute),
        "RACCORD_WEBHOOK_NETWORKS": settings.webhook_networks.value,
        "RACCORD_SMTP_URL": _secret(settings.smtp_url),
        "RACCORD_SMTP_SECURITY": settings.smtp_security.value,
        "RACCORD_SMTP_FROM": settings.smtp_from or "",
        "RACCORD_SMTP_CERTIFICATES": str(settings.smtp_certificates or ""),
        "RACCORD_NOTICES": str(settings.notices or ""),
        "RACCORD_NOTICE_WEBHOOK_URL": settings.notice_webhook_url or "",
        "RACCORD_NOTICE_WEBHOOK_SECRET": _secret(settings.notice_webhook_secret),
        "RACCORD_LOG_LEVEL": settings.log_level,
        "RACCORD_LOG_FORMAT": settings.log_format.value,
        "TEMPORAL_NAMESPACE": settings.temporal_namespace,
        "TEMPORAL_ADDRESS": temporal.address if temporal else str(settings.temporal_address),
        "DATABASE_URL": _secret(settings.database_url),
        "DATABASE_ADMIN_URL": "",
        "RACCORD_MASTER_KEY": _secret(settings.master_key),
        "RACCORD_SEAL_KEY": _secret(settings.seal_key),
    }


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value else ""


def _addresses(
    settings: Settings, *, ports: Mapping[str, int], temporal: TemporalServer | None
) -> dict[str, str]:
    host = LOOPBACK if settings.api_host in {"0.0.0.0", "::"} else settings.api_host  # noqa: S104
    api = f"http://{f'[{host}]' if ':' in host else host}:{ports['api']}"
    addresses = {"api": api, "api documentation": f"{api}/docs"}
    if temporal is not None:
        addresses["temporal ui"] = temporal.ui
        addresses["temporal"] = temporal.address
    if "postgres" in ports:
        addresses["postgres"] = f"{LOOPBACK}:{ports['postgres']}"
    if "simulators" in ports:
        addresses["simulators"] = f"http://{LOOPBACK}:{ports['simulators']}"
        if "mail" in ports:
            addresses["mails"] = f"http://{LOOPBACK}:{ports['simulators']}/admin/mails"
        addresses["exchange"] = f"sftp://{ACCOUNT}@{LOOPBACK}:{ports['exchange']}"
    return addresses
