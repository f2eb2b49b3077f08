"""Every setting, in one typed model, read once from the environment and checked at start."""

import base64
import binascii
import difflib
import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import unquote, urlsplit

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)

from domain.policies import FixedKeyPolicy
from runtime.errors import BadInputError
from runtime.notice_settings import NoticeSettings
from runtime.operator_settings import Empty, FilePlace, OperatorSettings, Port

KEY_BYTES = 32
INTERNAL = frozenset({"RACCORD_STACK", "RACCORD_READY_FD"})
"""Set by the supervisor on the processes it starts; nobody else sets them."""


class WebhookNetworks(StrEnum):
    """Where subscribers may have us call."""

    PUBLIC = "public"
    """Public addresses only, over TLS: nobody looks around our network with us."""
    ANY = "any"
    """Any address, with or without TLS: subscribers inside a network of one's own."""


class LogFormat(StrEnum):
    CONSOLE = "console"
    JSON = "json"


def default_home() -> Path:
    """Where the embedded stack lives: an ordinary user's state directory, or /var/lib for root."""
    if os.geteuid() == 0:
        return Path("/var/lib/raccord")
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "raccord"


def _postgres_url(value: SecretStr) -> SecretStr:
    parts = urlsplit(value.get_secret_value())
    try:
        _ = parts.port
    except ValueError as exc:
        raise ValueError("must have a number for a port: postgresql://role@host:5432/db") from exc
    if parts.scheme not in {"postgresql", "postgres"} or not parts.hostname:
        raise ValueError("must look like postgresql://user:password@host:5432/database")
    if not parts.username:
        raise ValueError("must name the role to connect as: postgresql://ROLE@host/database")
    return value


def _address(value: str) -> str:
    host, separator, port = value.rpartition(":")
    if not (separator and host and port.isdigit()):
        raise ValueError("must look like host:7233")
    return value


def _key(value: SecretStr) -> SecretStr:
    try:
        raw = base64.b64decode(value.get_secret_value(), validate=True)
    except binascii.Error as exc:
        raise ValueError("must be base64; make one with 'raccord keys'") from exc
    if len(raw) != KEY_BYTES:
        raise ValueError(f"must hold {KEY_BYTES} bytes; make one with 'raccord keys'")
    return value


PostgresUrl = Annotated[SecretStr, AfterValidator(_postgres_url)]
Address = Annotated[str, AfterValidator(_address)]
Key = Annotated[SecretStr, AfterValidator(_key)]


class Settings(OperatorSettings, NoticeSettings):
    """Read from environment variables of exactly these names."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    home: FilePlace = Field(
        default_factory=lambda: default_home().resolve(),
        alias="RACCORD_HOME",
        description="Directory of the embedded stack: its data, logs and keys. Two directories "
        "are two stacks.",
    )
    database_url: Annotated[PostgresUrl | None, Empty] = Field(
        default=None,
        alias="DATABASE_URL",
        description="PostgreSQL of the ledger, as the running role. Replaces the embedded one.",
    )
    database_admin_url: Annotated[PostgresUrl | None, Empty] = Field(
        default=None,
        alias="DATABASE_ADMIN_URL",
        description="The same database as its owner, for migrations only.",
    )
    temporal_address: Annotated[Address | None, Empty] = Field(
        default=None,
        alias="TEMPORAL_ADDRESS",
        description="Temporal front end, host:port. Replaces the embedded one.",
    )
    temporal_namespace: str = Field(
        default="default",
        alias="TEMPORAL_NAMESPACE",
        min_length=1,
        description="Temporal namespace of the orders; it must exist on a cluster of your own.",
    )
    master_key: Annotated[Key | None, Empty] = Field(
        default=None,
        alias="RACCORD_MASTER_KEY",
        description="32 bytes in base64: seals personal data. Made at the first start of an "
        "embedded stack; required with a database of your own.",
    )
    seal_key: Annotated[Key | None, Empty] = Field(
        default=None,
        alias="RACCORD_SEAL_KEY",
        description="32 bytes in base64: signs the ledger's seals. Made at the first start of an "
        "embedded stack; required with a database of your own.",
    )
    api_host: str = Field(
        default="127.0.0.1",
        alias="RACCORD_API_HOST",
        min_length=1,
        description="Address the API listens on. Put it behind TLS before it leaves this machine.",
    )
    api_port: Annotated[Port | None, Empty] = Field(
        default=None,
        alias="RACCORD_API_PORT",
        description="Port of the API. Free ports are chosen, and kept, when none is given.",
    )
    api_url: Annotated[str | None, Empty] = Field(
        default=None,
        alias="RACCORD_API_URL",
        pattern=r"^https?://",
        description="API the command line talks to; the stack of RACCORD_HOME when unset.",
    )
    api_key: Annotated[SecretStr | None, Empty] = Field(
        default=None,
        alias="RACCORD_API_KEY",
        description="Key the command line shows to RACCORD_API_URL; the stack's own when unset.",
    )
    profile: Annotated[str | None, Empty] = Field(
        default=None,
        alias="RACCORD_PROFILE",
        description="Which server of 'raccord profile list' the command line talks to.",
    )
    oidc_issuer: Annotated[str | None, Empty] = Field(
        default=None,
        alias="RACCORD_OIDC_ISSUER",
        pattern=r"^https?://.*[^/]$",
        description="OpenID Connect issuer whose tokens the API takes beside keys of its own.",
    )
    oidc_audience: Annotated[str | None, Empty] = Field(
        default=None,
        alias="RACCORD_OIDC_AUDIENCE",
        description="Whom those tokens must be for; required with RACCORD_OIDC_ISSUER.",
    )
    oidc_roles_claim: str = Field(
        default="roles",
        alias="RACCORD_OIDC_ROLES_CLAIM",
        min_length=1,
        description="Claim that lists roles: intake, operations, finance, audit; others are not "
        "looked at.",
    )
    oidc_partner_claim: str = Field(
        default="partner",
        alias="RACCORD_OIDC_PARTNER_CLAIM",
        min_length=1,
        description="Claim that names the client whose orders, and no others, the holder sees.",
    )
    rate_per_minute: int = Field(
        default=600,
        alias="RACCORD_RATE_PER_MINUTE",
        ge=1,
        le=100_000,
        description="Calls a minute of one holder of tokens; a client's own stand with it.",
    )
    webhook_networks: WebhookNetworks = Field(
        default=WebhookNetworks.PUBLIC,
        alias="RACCORD_WEBHOOK_NETWORKS",
        description="Where subscribers may have events sent: public (over TLS) or any.",
    )
    postgres_port: Annotated[Port | None, Empty] = Field(
        default=None,
        alias="RACCORD_POSTGRES_PORT",
        description="Port of the embedded PostgreSQL.",
    )
    temporal_port: Annotated[Port | None, Empty] = Field(
        default=None,
        alias="RACCORD_TEMPORAL_PORT",
        description="Port of the embedded Temporal front end.",
    )
    temporal_ui_port: Annotated[Port | None, Empty] = Field(
        default=None,
        alias="RACCORD_TEMPORAL_UI_PORT",
        description="Port of the embedded Temporal UI.",
    )
    postgres_bin: Annotated[FilePlace | None, Empty] = Field(
        default=None,
        alias="RACCORD_POSTGRES_BIN",
        description="Directory with postgres and initdb (15 or newer). Otherwise PATH is "
        "searched, then the installed package.",
    )
    temporal_bin: Annotated[FilePlace | None, Empty] = Field(
        default=None,
        alias="RACCORD_TEMPORAL_BIN",
        description="The temporal program (server 1.32 or newer). Otherwise PATH is searched, "
        "then the installed package.",
    )
    postgres_user: str = Field(
        default="nobody",
        alias="RACCORD_POSTGRES_USER",
        min_length=1,
        description="System user the embedded PostgreSQL runs as when Raccord runs as root.",
    )
    pool_size: int = Field(
        default=8,
        alias="RACCORD_POOL_SIZE",
        ge=2,
        le=200,
        description="Database connections of each process, at most.",
    )
    seal_seconds: float = Field(
        default=5.0,
        alias="RACCORD_SEAL_SECONDS",
        gt=0,
        le=3600,
        description="Wall seconds between two seals of the ledger while facts come in.",
    )
    contracts: Annotated[FilePlace | None, Empty] = Field(
        default=None,
        alias="RACCORD_CONTRACTS",
        description="Folder of contract profiles of your own, in place of those shipped.",
    )
    failures: Annotated[FilePlace | None, Empty] = Field(
        default=None,
        alias="RACCORD_FAILURES",
        description="Folder of failure policies of your own: a file there stands in place of the "
        "one shipped for the same operator.",
    )
    copper: Annotated[FilePlace | None, Empty] = Field(
        default=None,
        alias="RACCORD_COPPER",
        description="Folder of copper closures of your own, beside those shipped: a file there "
        "stands in place of the one of the same name.",
    )
    rio_fixed_key: FixedKeyPolicy = Field(
        default=FixedKeyPolicy.WARN,
        alias="RACCORD_RIO_FIXED_KEY",
        description="What a wrong key of a fixed RIO does: off, warn or block. No public vector "
        "proves its arithmetic.",
    )
    log_level: str = Field(
        default="info",
        alias="RACCORD_LOG_LEVEL",
        pattern="^(debug|info|warning|error)$",
        description="debug, info, warning or error.",
    )
    log_format: LogFormat = Field(
        default=LogFormat.JSON,
        alias="RACCORD_LOG_FORMAT",
        description="json for machines, console for people.",
    )

    @model_validator(mode="after")
    def _own_keys_with_an_own_database(self) -> Self:
        if self.database_url and not (self.master_key and self.seal_key):
            raise ValueError(
                "DATABASE_URL is set, so RACCORD_MASTER_KEY and RACCORD_SEAL_KEY must be set too: "
                "make them once with 'raccord keys' and keep them with the database"
            )
        if self.database_admin_url and not self.database_url:
            raise ValueError(
                "DATABASE_ADMIN_URL is set without DATABASE_URL; set both to use a database of "
                "your own, or unset both for the embedded one"
            )
        return self

    @model_validator(mode="after")
    def _an_issuer_for_somebody(self) -> Self:
        if (self.oidc_issuer is None) != (self.oidc_audience is None):
            raise ValueError(
                "RACCORD_OIDC_ISSUER and RACCORD_OIDC_AUDIENCE go together: set both to take "
                "tokens, or unset both"
            )
        return self

    @property
    def running_role(self) -> str:
        url = self.database_url.get_secret_value() if self.database_url else ""
        return unquote(urlsplit(url).username or "")


def known_names() -> frozenset[str]:
    return frozenset(str(field.alias) for field in Settings.model_fields.values())


def load_settings(environment: Mapping[str, str]) -> Settings:
    """The settings, or one sentence per mistake naming the variable and the remedy."""
    known = known_names()
    _refuse_misspelt(environment, known)
    try:
        return Settings(**{name: environment[name] for name in known & environment.keys()})
    except ValidationError as exc:
        raise BadInputError(" ".join(_sentences(exc))) from exc


def _refuse_misspelt(environment: Mapping[str, str], known: frozenset[str]) -> None:
    for name in sorted(environment):
        if name.startswith("RACCORD_") and name not in known | INTERNAL:
            close = difflib.get_close_matches(name, known, n=1, cutoff=0.8)
            hint = f"did you mean {close[0]}?" if close else "see docs/settings.md, or unset it"
            raise BadInputError(f"{name} is not a setting: {hint}")


def _sentences(exc: ValidationError) -> list[str]:
    """Never the value: it may be a password."""
    return [_sentence(str(next(iter(error["loc"]), "")), error["msg"]) for error in exc.errors()]


def _sentence(name: str, message: str) -> str:
    words = message.removeprefix("Value error, ")
    return f"{name}: {words}; change it or unset it." if name else f"{words}."
