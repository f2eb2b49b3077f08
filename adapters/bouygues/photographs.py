"""A technician's photograph on their wire: the picture itself, for a signed request."""

from urllib.parse import quote

from adapters.bouygues.messages import Refusal, Said, UnreadableAnswerError
from domain.operators import Refused
from domain.photographs import PhotographAnswer, photograph_of

_OK = 200
_REFUSALS = frozenset({404, 409, 422})
_ANY_PICTURE = "image/"
_NO_NAMES = {".", ".."}
"""In an address they would name another place."""


def photograph_path(reference: str) -> str:
    if reference in _NO_NAMES:
        raise UnreadableAnswerError("the photograph has a name that is none of theirs")
    return f"/visits/photos/{quote(reference, safe='')}"


def photograph_answer(said: Said) -> PhotographAnswer:
    if said.status in _REFUSALS:
        return Refused(code=Refusal.model_validate_json(said.content).error.code)
    if said.status != _OK:
        raise UnreadableAnswerError(f"status {said.status}")
    if not said.media_type.startswith(_ANY_PICTURE):
        raise UnreadableAnswerError("no picture")
    return photograph_of(said.media_type, said.content)
