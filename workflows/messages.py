"""What people send to a process, as one JSON object each, and what they are answered."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field

FROM_THE_UI = "temporal-ui (unverified)"


class DecisionRequest(BaseModel):
    """`{"decision": "retry", "reason": "…"}`, and what comes with it under `given`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    decision: str
    reason: str = ""
    about: str | None = Field(default=None, description="Which attention, if several allow it.")
    by: str = FROM_THE_UI
    given: Mapping[str, str] = {}


class CancelRequest(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    by: str = FROM_THE_UI


class Ruled(BaseModel):
    """Taken, or refused with a sentence that says what could be decided instead."""

    model_config = ConfigDict(frozen=True)

    taken: bool
    why: str | None = None
    version: int
