"""What goes wrong on the way to Orange: whether it arrived is not known.

OrangeUnansweredError
└── OrangeTooMuchError    it answers, with more than is taken
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import aiohttp

from adapters.orange.messages import (
    FAULT,
    Element,
    TooLargeDocumentError,
    UnreadableDocumentError,
)

TROUBLES: Mapping[str, str] = {
    "Server.Maintenance": "Orange is in maintenance",
    "Server.Busy": "Orange asks to be called less often",
    "Client.Authentication": "Orange does not take our username token; check it with Orange",
}
"""Faults that say nothing about what was asked."""


class OrangeUnansweredError(Exception):
    """No answer, or none that can be read: look the order up before sending it again."""


class OrangeTooMuchError(OrangeUnansweredError):
    """Asking for it again would bring as much."""


_NO_ANSWER = ("Server", "VersionMismatch", "MustUnderstand")
"""What SOAP itself says of a document, with whatever prefix: nothing about what was asked."""


@contextmanager
def translated() -> Iterator[None]:
    try:
        yield
    except TimeoutError as exc:
        raise OrangeUnansweredError("Orange did not answer in time") from exc
    except (aiohttp.ClientError, OSError) as exc:
        raise OrangeUnansweredError(f"Orange cannot be reached ({type(exc).__name__})") from exc
    except TooLargeDocumentError as exc:
        raise OrangeTooMuchError(f"Orange's answer cannot be read: {exc}") from exc
    except UnreadableDocumentError as exc:
        raise OrangeUnansweredError(f"Orange's answer cannot be read: {exc}") from exc


def refuse_troubles(answer: Element) -> None:
    """OrangeUnansweredError for a fault that is no answer to what was asked."""
    if answer.name != FAULT:
        return
    code = answer.fields["code"].rpartition(":")[2]
    if code in TROUBLES:
        raise OrangeUnansweredError(TROUBLES[code])
    if not code or code.startswith(_NO_ANSWER):
        raise OrangeUnansweredError("Orange has a fault of its own")
