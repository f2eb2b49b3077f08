"""What goes wrong on the way to SFR: whether it arrived is not known, or it was not even looked at.

SfrUnansweredError
└── SfrBusyError    throttled or in maintenance: it says when to come back
"""

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
from pydantic import ValidationError

from adapters.sfr.messages import UnreadableAnswerError


class SfrUnansweredError(Exception):
    """No answer, or none that can be read: look the order up before sending it again."""


class SfrBusyError(SfrUnansweredError):
    """Nothing is to be asked for a while."""

    def __init__(self, why: str, *, seconds: float) -> None:
        super().__init__(why)
        self.seconds = seconds


@contextmanager
def translated() -> Iterator[None]:
    """Nothing that SFR wrote is repeated: there may be a number in it."""
    try:
        yield
    except TimeoutError as exc:
        raise SfrUnansweredError("SFR did not answer in time") from exc
    except (aiohttp.ClientError, OSError) as exc:
        raise SfrUnansweredError(f"SFR cannot be reached ({type(exc).__name__})") from exc
    except ValidationError as exc:
        fields = exc.error_count()
        raise SfrUnansweredError(f"SFR's answer cannot be read ({fields} fields)") from exc
    except UnreadableAnswerError as exc:
        raise SfrUnansweredError(f"SFR's answer cannot be read: {exc}") from exc
