"""Personal data as a type.

A `Personal` value knows whose it is. It shows itself to nobody by accident: its repr is masked, and
it refuses to be written as JSON except through a ledger that seals it under its subject's key. Once
the subject is forgotten it reads as forgotten, and the history around it stands.
"""

from collections.abc import Callable
from typing import Any, cast

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, SerializationInfo, ValidationInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from domain.identity import SubjectId

PERSONAL_MARKER = "x-personal"
MASK = "•••"

Seal = Callable[[SubjectId, str], str]
Unseal = Callable[[SubjectId, str], str | None]


class PersonalDataLeakError(TypeError):
    """Personal data was about to be written in clear, outside the ledger."""

    def __init__(self, subject: SubjectId) -> None:
        self.subject = subject
        super().__init__(
            f"personal data of {subject} was about to be written unsealed; "
            "write it through the ledger, or pass the id of the order instead"
        )


class SubjectForgottenError(LookupError):
    """The subject's key was destroyed: the value can never be read again."""

    def __init__(self, subject: SubjectId) -> None:
        self.subject = subject
        super().__init__(
            f"the personal data of {subject} was forgotten on request; "
            "ask the customer again if it is still needed"
        )


class Personal:
    """One personal value and the subject whose key seals it."""

    __slots__ = ("_value", "subject")

    def __init__(self, *, subject: SubjectId, value: str | None) -> None:
        self.subject = subject
        self._value = value

    @property
    def forgotten(self) -> bool:
        return self._value is None

    def reveal(self) -> str:
        if self._value is None:
            raise SubjectForgottenError(self.subject)
        return self._value

    def __repr__(self) -> str:
        return f"Personal({self.subject}, {MASK})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Personal):
            return NotImplemented
        return (self.subject, self._value) == (other.subject, other._value)

    def __hash__(self) -> int:
        return hash((self.subject, self._value))

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type["Personal"], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        del source, handler
        return core_schema.with_info_plain_validator_function(
            _validate,
            serialization=core_schema.plain_serializer_function_ser_schema(
                _serialize, info_arg=True, when_used="json"
            ),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        del schema, handler
        return {"type": "object", PERSONAL_MARKER: True}


def revealed(value: Personal) -> str | None:
    """None once its subject is forgotten."""
    return None if value.forgotten else value.reveal()


def _validate(raw: Any, info: ValidationInfo) -> Personal:  # noqa: ANN401  pydantic hands anything
    if isinstance(raw, Personal):
        return raw
    unseal = cast("Unseal | None", (info.context or {}).get("unseal"))
    if unseal is None or not isinstance(raw, dict) or set(raw) != {"subject", "sealed"}:
        raise ValueError("personal data is read through the ledger only")
    subject = SubjectId(raw["subject"])
    return Personal(subject=subject, value=unseal(subject, raw["sealed"]))


def _serialize(value: Personal, info: SerializationInfo) -> dict[str, str]:
    seal = cast("Seal | None", (info.context or {}).get("seal"))
    if seal is None:
        raise PersonalDataLeakError(value.subject)
    sealed = "" if value.forgotten else seal(value.subject, value.reveal())
    return {"subject": value.subject, "sealed": sealed}
