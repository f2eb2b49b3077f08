"""The embedded Temporal: server and UI in one real binary, kept in a file, in its fast profile."""

from dataclasses import dataclass
from pathlib import Path

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import (
    AddSearchAttributesRequest,
    ListSearchAttributesRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError

from runtime.errors import UnavailableError
from runtime.ports import LOOPBACK
from workflows import search_attributes

FAST_PROFILE = (
    "history.transferProcessorMaxPollRPS=2000",
    "history.timerProcessorMaxPollRPS=2000",
    "history.visibilityProcessorMaxPollRPS=2000",
    'history.timerProcessorMaxTimeShift="1ms"',
    "matching.enableFairness=true",
)
"""The server's defaults wait up to 50 ms per step and round timers up by a second."""

SQLITE = ("journal_mode=WAL", "synchronous=1")


def _repeated(flag: str, values: tuple[str, ...]) -> list[str]:
    return [word for value in values for word in (flag, value)]


@dataclass(frozen=True, kw_only=True)
class TemporalServer:
    program: Path
    database: Path
    port: int
    ui_port: int
    namespace: str

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self.port}"

    @property
    def ui(self) -> str:
        return f"http://{LOOPBACK}:{self.ui_port}"

    def command(self) -> list[str]:
        return [
            str(self.program),
            "server",
            "start-dev",
            "--ip",
            LOOPBACK,
            "--ui-ip",
            LOOPBACK,
            "--port",
            str(self.port),
            "--ui-port",
            str(self.ui_port),
            "--db-filename",
            str(self.database),
            "--namespace",
            self.namespace,
            "--log-level",
            "error",
            "--color",
            "never",
            *_repeated("--sqlite-pragma", SQLITE),
            *_repeated("--dynamic-config-value", FAST_PROFILE),
        ]


async def serves(address: str, namespace: str) -> bool:
    """Whether Temporal answers for the namespace; starting up looks like not serving yet."""
    try:
        client = await Client.connect(address, namespace=namespace)
        await client.count_workflows()
    except (RPCError, RuntimeError):
        return False
    return True


async def add_search_attributes(address: str, namespace: str) -> tuple[str, ...]:
    """Register what is missing; the names that were."""
    try:
        client = await Client.connect(address, namespace=namespace)
        known = await client.operator_service.list_search_attributes(
            ListSearchAttributesRequest(namespace=namespace)
        )
        missing = [key for key in search_attributes.ALL if key.name not in known.custom_attributes]
        if missing:
            types = {
                key.name: IndexedValueType.ValueType(key.indexed_value_type) for key in missing
            }
            await client.operator_service.add_search_attributes(
                AddSearchAttributesRequest(namespace=namespace, search_attributes=types)
            )
    except (RPCError, RuntimeError) as exc:
        raise UnavailableError(
            f"Temporal at {address} did not take the search attributes of namespace {namespace} "
            f"({exc}); check that the namespace exists and that we may administer it"
        ) from exc
    return tuple(key.name for key in missing)
