"""The way out of every process of ours."""

import contextlib
import logging
import os
import sys
from typing import NoReturn


def leave(code: int) -> NoReturn:
    """End now, with this exit code, once everything said has been written.

    The Temporal SDK's threads outlive the event loop and now and then abort the process while the
    interpreter shuts down, which would turn a done command into a failed one.
    """
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):
            stream.flush()
    os._exit(code)
