"""What goes wrong on the way to Bouygues Telecom, as one error: whether it arrived is not known."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

import aiohttp
from pydantic import ValidationError

from adapters.bouygues.messages import UnreadableAnswerError

TROUBLES: Mapping[int, str] = {
    401: "Bouygues does not take our signature; check the secret and the clock",
    429: "Bouygues asks to be called less often",
    503: "Bouygues is in maintenance",
}
"""Statuses that say nothing about what was asked."""


class BouyguesUnansweredError(Exception):
    """No answer, or none that can be read: look the operation up before sending it again."""

    def __init__(self, why: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(why)
        self.retry_after = retry_after
        """How long they ask to be left alone, where they say so."""


ASKED_MAX = timedelta(days=366)
"""Of such an answer: what is longer is as good as never. A default of ours."""


def asked_to_wait(header: str) -> timedelta | None:
    """`Retry-After` in seconds, as their dialect has it."""
    text = header.strip()
    if not (text.isascii() and text.isdigit()):
        return None
    return min(timedelta(seconds=min(int(text), 10**8)), ASKED_MAX)


@contextmanager
def translated() -> Iterator[None]:
    """Nothing that they wrote is repeated: there may be a number in it."""
    try:
        yield
    except TimeoutError as exc:
        raise BouyguesUnansweredError("Bouygues did not answer in time") from exc
    except (aiohttp.ClientError, OSError) as exc:
        raise BouyguesUnansweredError(f"Bouygues cannot be reached ({type(exc).__name__})") from exc
    except ValidationError as exc:
        fields = exc.error_count()
        raise BouyguesUnansweredError(f"Bouygues' answer cannot be read ({fields} fields)") from exc
    except UnreadableAnswerError as exc:
        raise BouyguesUnansweredError(f"Bouygues' answer cannot be read: {exc}") from exc
