"""The simulated operators of an embedded stack, where no real ones are configured."""

import hashlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import aiohttp
import asyncssh

from runtime.home import Home
from runtime.ports import LOOPBACK
from runtime.settings import Settings

ACCOUNT = "raccord"
"""Who we are to every simulated operator, whatever we are called by real ones."""
BY_HAND = frozenset({"bouygues:microwave"})
"""One of them is asked about one technology by mail: a person answers in its place."""


@dataclass(frozen=True, kw_only=True)
class HostKey:
    """What the simulated exchange shows, and what we know it by. Made once, kept with the stack."""

    private: str = field(repr=False)
    public: str

    @classmethod
    def of(cls, path: Path) -> Self:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            made = asyncssh.generate_private_key("ssh-ed25519")
            beside = path.with_suffix(".new")
            beside.touch(mode=0o600)
            beside.write_bytes(made.export_private_key())
            beside.replace(path)
        key = asyncssh.import_private_key(path.read_bytes())
        public = key.export_public_key().decode().split()
        return cls(private=path.read_text(), public=" ".join(public[:2]))


@dataclass(frozen=True, kw_only=True)
class SimulatedOperators:
    port: int
    exchange_port: int
    mail_port: int | None
    """None where customers are really told, or operators are real ones."""
    password: str
    host_key: HostKey
    folder: Path

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def exchange_url(self) -> str:
        return f"sftp://{ACCOUNT}@{LOOPBACK}:{self.exchange_port}"

    def command(self, api: str, username: str) -> list[str]:
        return [sys.executable, "-m", "simulators.main", str(self.port), api, username]

    def environment(self) -> dict[str, str]:
        """What they are told: a password, and where the exchange keeps its folders."""
        return {
            "SIMULATORS_PASSWORD": self.password,
            "SIMULATORS_EXCHANGE_PORT": str(self.exchange_port),
            "SIMULATORS_EXCHANGE_FOLDER": str(self.folder),
            "SIMULATORS_MAIL_PORT": str(self.mail_port or ""),
            "SIMULATORS_HOST_KEY": self.host_key.private,
        }

    async def answers(self) -> bool:
        timeout = aiohttp.ClientTimeout(total=2)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.get(f"{self.url}/admin/books") as response,
            ):
                return response.ok
        except (aiohttp.ClientError, TimeoutError):
            return False

    def __repr__(self) -> str:
        return f"SimulatedOperators({self.port})"


def simulated_operators(
    settings: Settings, home: Home, ports: Mapping[str, int]
) -> SimulatedOperators | None:
    """The password is made of the stack's own key: the two sides agree, and nobody else knows."""
    if "simulators" not in ports:
        return None
    key = settings.master_key.get_secret_value() if settings.master_key else ""
    password = hashlib.sha256(f"simulators {key}".encode()).hexdigest()
    return SimulatedOperators(
        port=ports["simulators"],
        exchange_port=ports["exchange"],
        mail_port=ports.get("mail"),
        password=password,
        host_key=HostKey.of(home.simulators / "host_key"),
        folder=home.simulators / "exchange",
    )


def operator_environment(
    settings: Settings, simulated: SimulatedOperators | None
) -> dict[str, str]:
    """What our processes are told: real operators as configured, simulated ones for the rest."""
    by_hand = settings.accesses_by_hand or (BY_HAND if simulated is not None else frozenset())
    environment = {
        "RACCORD_EXCHANGE_CODES": ",".join(sorted(settings.exchange_codes)),
        "RACCORD_ACCESSES_BY_HAND": ",".join(sorted(by_hand)),
    }
    operators = (
        ("ORANGE", settings.orange_url, settings.orange_user, settings.orange_password),
        ("SFR", settings.sfr_url, settings.sfr_client, settings.sfr_secret),
        ("BOUYGUES", settings.bouygues_url, settings.bouygues_client, settings.bouygues_secret),
    )
    for host, configured, ours, secret in operators:
        who, word = ("USER", "PASSWORD") if host == "ORANGE" else ("CLIENT", "SECRET")
        url, account, shown = configured or "", ours, secret.get_secret_value() if secret else ""
        if configured is None and simulated is not None:
            url, account, shown = f"{simulated.url}/{host.lower()}", ACCOUNT, simulated.password
        environment |= {
            f"RACCORD_{host}_URL": url,
            f"RACCORD_{host}_{who}": account,
            f"RACCORD_{host}_{word}": shown,
        }
    return environment | _exchange_environment(settings, simulated) | _mail_environment(simulated)


def _mail_environment(simulated: SimulatedOperators | None) -> dict[str, str]:
    if simulated is None or simulated.mail_port is None:
        return {}
    return {
        "RACCORD_SMTP_URL": f"smtp://{LOOPBACK}:{simulated.mail_port}",
        "RACCORD_SMTP_SECURITY": "none",
        "RACCORD_SMTP_FROM": "avis@operateur.example",
    }


def _exchange_environment(
    settings: Settings, simulated: SimulatedOperators | None
) -> dict[str, str]:
    if settings.exchange_url is not None:
        password = settings.exchange_password
        return {
            "RACCORD_EXCHANGE_URL": settings.exchange_url,
            "RACCORD_EXCHANGE_PASSWORD": password.get_secret_value() if password else "",
            "RACCORD_EXCHANGE_KEY_FILE": str(settings.exchange_key_file or ""),
            "RACCORD_EXCHANGE_HOST_KEY": settings.exchange_host_key or "",
        }
    if simulated is None:
        return {}
    return {
        "RACCORD_EXCHANGE_URL": simulated.exchange_url,
        "RACCORD_EXCHANGE_PASSWORD": simulated.password,
        "RACCORD_EXCHANGE_HOST_KEY": simulated.host_key.public,
    }
