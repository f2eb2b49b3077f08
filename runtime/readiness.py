"""How a child tells its supervisor that it is ready: one line on a pipe it inherited."""

import os

READY_FD = "RACCORD_READY_FD"


def announce_ready() -> None:
    """Nothing to tell when nobody listens: under systemd or compose, health checks do."""
    descriptor = os.environ.pop(READY_FD, None)
    if descriptor is None:
        return
    number = int(descriptor)
    os.write(number, b"ready\n")
    os.close(number)
