"""Where the house's mail server is, and how one speaks to it."""

from dataclasses import dataclass, field
from enum import StrEnum


class Security(StrEnum):
    """How the connection is protected."""

    TLS = "tls"
    """From the first byte, usually on port 465."""
    STARTTLS = "starttls"
    """Before anything is said, usually on port 587; a server without it is not spoken to."""
    NONE = "none"
    """Not at all: for a server on this machine or a network of one's own."""


@dataclass(frozen=True, kw_only=True)
class Server:
    host: str
    port: int
    security: Security
    sender: str
    """The address mails come from, and receipts go to."""
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    certificates: str | None = None
    """A file of authorities, in place of the system's."""
