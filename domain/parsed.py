"""Values that are parsed once and typed ever after.

A `Parsed` type reads one text form at the edge, refuses a bad one with a sentence that says what to
write instead, and is written back as one canonical text.
"""

from abc import ABC, abstractmethod
from typing import Any, Self
from unicodedata import category

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


class BadValueError(ValueError):
    """What was written is not what it should be; the message says what to write instead."""


def holds_control(text: str) -> bool:
    """Characters no name and no sentence has: they cannot be stored, or they drive a terminal."""
    return any(category(character) in {"Cc", "Cs"} for character in text)


class Parsed(ABC):
    """What every such type offers to pydantic: text in, text out."""

    __slots__ = ()

    @classmethod
    @abstractmethod
    def parse(cls, text: str) -> Self:
        """One text form, or `BadValueError`."""

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type["Parsed"], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        del source, handler
        return core_schema.no_info_plain_validator_function(
            cls._validate,
            serialization=core_schema.plain_serializer_function_ser_schema(str, when_used="json"),
            json_schema_input_schema=core_schema.str_schema(),
        )

    @classmethod
    def _validate(cls, raw: Any) -> Self:  # noqa: ANN401  pydantic hands anything
        if isinstance(raw, cls):
            return raw
        if not isinstance(raw, str):
            raise BadValueError("write it as text")
        return cls.parse(raw)
