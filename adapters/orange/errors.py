"""What goes wrong on the way to Orange, as one error of ours: whether it arrived is not known."""

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp

from adapters.orange.messages import UnreadableDocumentError


class OrangeUnansweredError(Exception):
    """No answer, or none that can be read: look the order up before sending it again."""


@contextmanager
def translated() -> Iterator[None]:
    try:
        yield
    except TimeoutError as exc:
        raise OrangeUnansweredError("Orange did not answer in time") from exc
    except aiohttp.ClientError as exc:
        raise OrangeUnansweredError(f"Orange cannot be reached ({type(exc).__name__})") from exc
    except UnreadableDocumentError as exc:
        raise OrangeUnansweredError(f"Orange's answer cannot be read: {exc}") from exc
