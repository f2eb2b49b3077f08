"""The settings of operators and exchanges: where each is, who we are there, and what we show."""

from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    SecretStr,
    StringConstraints,
    model_validator,
)

from domain.access_facts import Technology
from domain.port_in_facts import HostNetwork


def _nothing(value: Any) -> Any:  # noqa: ANN401  whatever the environment holds
    return value or None


def _listed(value: Any) -> Any:  # noqa: ANN401  whatever the environment holds
    """`01, 02`: what is between the commas."""
    if not isinstance(value, str):
        return value
    return frozenset(part.strip() for part in value.split(",") if part.strip())


def _somebody_there_is(word: str) -> str:
    host, _, technology = word.partition(":")
    if host not in {*HostNetwork} or technology not in {"", *Technology}:
        raise ValueError(
            f"'{word}' names nobody: write {' or '.join(HostNetwork)}, and after a colon one of "
            f"{', '.join(Technology)}"
        )
    return word


Empty = BeforeValidator(_nothing)
AskedByHand = Annotated[str, AfterValidator(_somebody_there_is)]
OperatorCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")]
FilePlace = Annotated[Path, AfterValidator(lambda path: path.expanduser().resolve())]
"""Resolved once: our processes start elsewhere, and a link must not hide a stack from itself."""

Port = Annotated[int, Field(ge=1, le=65535)]


class OperatorSettings(BaseModel):
    """Unset, an embedded stack talks to simulated operators."""

    simulators_port: Annotated[Port | None, Empty] = Field(
        default=None,
        alias="RACCORD_SIMULATORS_PORT",
        description="Port of the simulated operators of an embedded stack.",
    )
    orange_url: Annotated[str | None, Empty] = Field(
        default=None,
        alias="RACCORD_ORANGE_URL",
        pattern=r"^https?://",
        description="Orange's interface. Unset, an embedded stack talks to a simulated one.",
    )
    orange_user: str = Field(
        default="raccord",
        alias="RACCORD_ORANGE_USER",
        min_length=1,
        description="Username of the token, both ways.",
    )
    orange_password: Annotated[SecretStr | None, Empty] = Field(
        default=None,
        alias="RACCORD_ORANGE_PASSWORD",
        description="Password of the token, both ways; required with RACCORD_ORANGE_URL.",
    )
    sfr_url: Annotated[str | None, Empty] = Field(
        default=None,
        alias="RACCORD_SFR_URL",
        pattern=r"^https?://",
        description="SFR's interface. Unset, an embedded stack talks to a simulated one.",
    )
    sfr_client: str = Field(
        default="raccord",
        alias="RACCORD_SFR_CLIENT",
        min_length=1,
        description="Our client id at SFR's token endpoint.",
    )
    sfr_secret: Annotated[SecretStr | None, Empty] = Field(
        default=None,
        alias="RACCORD_SFR_SECRET",
        description="Its secret; required with RACCORD_SFR_URL.",
    )
    bouygues_url: Annotated[str | None, Empty] = Field(
        default=None,
        alias="RACCORD_BOUYGUES_URL",
        pattern=r"^https?://",
        description="Bouygues Telecom's interface. Unset, an embedded stack talks to a simulated "
        "one.",
    )
    bouygues_client: str = Field(
        default="raccord",
        alias="RACCORD_BOUYGUES_CLIENT",
        min_length=1,
        description="Who we are to Bouygues Telecom.",
    )
    bouygues_secret: Annotated[SecretStr | None, Empty] = Field(
        default=None,
        alias="RACCORD_BOUYGUES_SECRET",
        description="What both sides sign with; required with RACCORD_BOUYGUES_URL.",
    )
    exchange_url: Annotated[str | None, Empty] = Field(
        default=None,
        alias="RACCORD_EXCHANGE_URL",
        pattern=r"^sftp://[^@/:]+@[^@/]+",
        description="Our account at the mobile exchanges, sftp://user@host:22/folder. Unset, an "
        "embedded stack talks to simulated ones.",
    )
    exchange_password: Annotated[SecretStr | None, Empty] = Field(
        default=None,
        alias="RACCORD_EXCHANGE_PASSWORD",
        description="Password of that account; this or RACCORD_EXCHANGE_KEY_FILE with "
        "RACCORD_EXCHANGE_URL.",
    )
    exchange_key_file: Annotated[FilePlace | None, Empty] = Field(
        default=None,
        alias="RACCORD_EXCHANGE_KEY_FILE",
        description="Private key of that account, in place of a password.",
    )
    exchange_host_key: Annotated[str | None, Empty] = Field(
        default=None,
        alias="RACCORD_EXCHANGE_HOST_KEY",
        pattern=r"^(ssh|ecdsa)-[!-~]+ [A-Za-z0-9+/=]+",
        description="Public key the exchange shows, as in known_hosts; required with "
        "RACCORD_EXCHANGE_URL.",
    )
    exchange_codes: Annotated[frozenset[OperatorCode], BeforeValidator(_listed)] = Field(
        default=frozenset({"01", "02", "03"}),
        alias="RACCORD_EXCHANGE_CODES",
        description="Operator codes we speak for in the exchanges, with commas. Another code is "
        "somebody else's.",
    )
    accesses_by_hand: Annotated[frozenset[AskedByHand], BeforeValidator(_listed)] = Field(
        default=frozenset(),
        alias="RACCORD_ACCESSES_BY_HAND",
        description="Operators asked about fixed accesses by mail or telephone, with commas: sfr, "
        "or bouygues:microwave for one technology. A person answers in their place.",
    )
    exchange_port: Annotated[Port | None, Empty] = Field(
        default=None,
        alias="RACCORD_EXCHANGE_PORT",
        description="Port of the simulated exchange of an embedded stack.",
    )

    @model_validator(mode="after")
    def _operators_with_their_secrets(self) -> Self:
        exchange_secret = self.exchange_password or self.exchange_key_file
        pairs = (
            (
                "RACCORD_ORANGE_URL",
                self.orange_url,
                "RACCORD_ORANGE_PASSWORD",
                self.orange_password,
            ),
            ("RACCORD_SFR_URL", self.sfr_url, "RACCORD_SFR_SECRET", self.sfr_secret),
            (
                "RACCORD_BOUYGUES_URL",
                self.bouygues_url,
                "RACCORD_BOUYGUES_SECRET",
                self.bouygues_secret,
            ),
            (
                "RACCORD_EXCHANGE_URL",
                self.exchange_url,
                "RACCORD_EXCHANGE_PASSWORD (or RACCORD_EXCHANGE_KEY_FILE)",
                exchange_secret,
            ),
            (
                "RACCORD_EXCHANGE_URL",
                self.exchange_url,
                "RACCORD_EXCHANGE_HOST_KEY",
                self.exchange_host_key,
            ),
        )
        for url, address, name, secret in pairs:
            if (address is None) != (secret is None):
                raise ValueError(
                    f"{url} and {name} go together: set both for an operator of your own, or "
                    "unset both for a simulated one"
                )
        return self
