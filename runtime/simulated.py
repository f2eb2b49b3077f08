"""The simulated operators of an embedded stack, where no real ones are configured."""

import hashlib
import sys
from dataclasses import dataclass

import aiohttp

from runtime.ports import LOOPBACK
from runtime.settings import Settings


@dataclass(frozen=True, kw_only=True)
class SimulatedOperators:
    port: int
    password: str

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def command(self, api: str, username: str) -> list[str]:
        return [sys.executable, "-m", "simulators.main", str(self.port), api, username]

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


def simulated_operators(settings: Settings, port: int | None) -> SimulatedOperators | None:
    """The password is made of the stack's own key: the two sides agree, and nobody else knows."""
    if port is None:
        return None
    key = settings.master_key.get_secret_value() if settings.master_key else ""
    password = hashlib.sha256(f"simulators {key}".encode()).hexdigest()
    return SimulatedOperators(port=port, password=password)


def operator_environment(
    settings: Settings, simulated: SimulatedOperators | None
) -> dict[str, str]:
    """What our processes are told: real operators as configured, simulated ones for the rest."""
    environment = {"RACCORD_ORANGE_USER": settings.orange_user}
    if settings.orange_url is not None and settings.orange_password is not None:
        environment["RACCORD_ORANGE_URL"] = settings.orange_url
        environment["RACCORD_ORANGE_PASSWORD"] = settings.orange_password.get_secret_value()
    elif simulated is not None:
        environment["RACCORD_ORANGE_URL"] = f"{simulated.url}/orange"
        environment["RACCORD_ORANGE_PASSWORD"] = simulated.password
    if settings.exchange_url is not None and settings.exchange_token is not None:
        environment["RACCORD_EXCHANGE_URL"] = settings.exchange_url
        environment["RACCORD_EXCHANGE_TOKEN"] = settings.exchange_token.get_secret_value()
    elif simulated is not None:
        environment["RACCORD_EXCHANGE_URL"] = f"{simulated.url}/exchange"
        environment["RACCORD_EXCHANGE_TOKEN"] = simulated.password
    return environment
