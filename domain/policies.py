"""Durations that no contract gives: defaults of ours, said to be ours."""

from datetime import timedelta

from domain.clock import Business

ACKNOWLEDGEMENT_WAIT = Business(timedelta(days=2))
"""How long a walking order waits for its acknowledgement. A default of ours."""
