"""The settings of notices: the house's mail server, or the program that sends in its place."""

from pathlib import Path
from typing import Annotated, Self
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, BaseModel, Field, SecretStr, model_validator

from adapters.smtp.server import Security, Server
from adapters.webhooks.signing import SECRET_MARK
from domain.notice_post import email_address
from runtime.operator_settings import Empty, FilePlace, Port

_PORTS = {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}


def _smtp_url(value: SecretStr) -> SecretStr:
    parts = urlsplit(value.get_secret_value())
    try:
        _ = parts.port
    except ValueError as exc:
        raise ValueError("must have a number for a port: smtp://user@host:587") from exc
    if parts.scheme != "smtp" or not parts.hostname:
        raise ValueError("must look like smtp://user:password@host:587")
    return value


def _signing_secret(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().startswith(SECRET_MARK):
        raise ValueError(f"must begin with {SECRET_MARK}, as secrets of webhooks do")
    return value


class NoticeSettings(BaseModel):
    """With none of them, every notice to a customer is a letter that a person sends."""

    smtp_url: Annotated[SecretStr | None, AfterValidator(lambda v: v and _smtp_url(v)), Empty] = (
        Field(
            default=None,
            alias="RACCORD_SMTP_URL",
            description="Mail server notices to customers leave by, smtp://user:password@host:587. "
            "Unset, they are letters that a person sends.",
        )
    )
    smtp_security: Security = Field(
        default=Security.STARTTLS,
        alias="RACCORD_SMTP_SECURITY",
        description="starttls, tls (from the first byte) or none (a server on this machine).",
    )
    smtp_from: Annotated[str | None, AfterValidator(lambda v: v and email_address(v)), Empty] = (
        Field(
            default=None,
            alias="RACCORD_SMTP_FROM",
            description="Address they come from; required with RACCORD_SMTP_URL.",
        )
    )
    smtp_certificates: Annotated[FilePlace | None, Empty] = Field(
        default=None,
        alias="RACCORD_SMTP_CERTIFICATES",
        description="File of the authorities that vouch for the server; the system's when unset.",
    )
    notice_webhook_url: Annotated[str | None, Empty] = Field(
        default=None,
        alias="RACCORD_NOTICE_WEBHOOK_URL",
        pattern=r"^https?://",
        description="Program that sends notices in place of a mail server: each is handed to it, "
        "signed.",
    )
    notice_webhook_secret: Annotated[
        SecretStr | None, AfterValidator(lambda v: v and _signing_secret(v)), Empty
    ] = Field(
        default=None,
        alias="RACCORD_NOTICE_WEBHOOK_SECRET",
        description="whsec_… it checks them with; required with RACCORD_NOTICE_WEBHOOK_URL.",
    )

    notices: Annotated[FilePlace | None, Empty] = Field(
        default=None,
        alias="RACCORD_NOTICES",
        description="Folder of templates of your own, in place of those shipped.",
    )
    mail_port: Annotated[Port | None, Empty] = Field(
        default=None,
        alias="RACCORD_MAIL_PORT",
        description="Port of the simulated mail server of an embedded stack.",
    )

    @model_validator(mode="after")
    def _one_way_out_and_all_of_it(self) -> Self:
        if (self.smtp_url is None) != (self.smtp_from is None):
            raise ValueError(
                "RACCORD_SMTP_URL and RACCORD_SMTP_FROM go together: set both to send notices, or "
                "unset both"
            )
        if (self.notice_webhook_url is None) != (self.notice_webhook_secret is None):
            raise ValueError(
                "RACCORD_NOTICE_WEBHOOK_URL and RACCORD_NOTICE_WEBHOOK_SECRET go together: set "
                "both, or unset both"
            )
        if self.smtp_url is not None and self.notice_webhook_url is not None:
            raise ValueError(
                "RACCORD_SMTP_URL and RACCORD_NOTICE_WEBHOOK_URL are both set: a notice leaves by "
                "one of them, unset the other"
            )
        return self

    @property
    def tells_by_itself(self) -> bool:
        return self.smtp_url is not None or self.notice_webhook_url is not None

    @property
    def smtp_server(self) -> Server | None:
        if self.smtp_url is None or self.smtp_from is None:
            return None
        parts = urlsplit(self.smtp_url.get_secret_value())
        certificates: Path | None = self.smtp_certificates
        return Server(
            host=parts.hostname or "",
            port=parts.port or _PORTS[self.smtp_security],
            security=self.smtp_security,
            sender=self.smtp_from,
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            certificates=None if certificates is None else str(certificates),
        )
