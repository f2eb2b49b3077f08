"""What no contract gives: defaults of ours, said to be ours."""

from datetime import timedelta
from enum import StrEnum

from domain.clock import Business

ACKNOWLEDGEMENT_WAIT = Business(timedelta(days=2))
"""How long a walking order waits for its acknowledgement. A default of ours."""


class FixedKeyPolicy(StrEnum):
    """What a wrong key of a fixed RIO does: no public vector proves its arithmetic (§ 1.3)."""

    OFF = "off"
    """The key is not looked at."""
    WARN = "warn"
    """A wrong key is said, and the RIO accepted. A default of ours."""
    BLOCK = "block"
    """A wrong key refuses the RIO."""
