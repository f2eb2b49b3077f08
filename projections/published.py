"""What a type of event carries, for those who read it elsewhere."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Published(BaseModel):
    """What a type of event carries. Nothing personal: whoever needs that reads the order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    TYPE: ClassVar[str]
    VERSION: ClassVar[int] = 1
    MEANING: ClassVar[str]
