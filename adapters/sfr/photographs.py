"""A technician's photograph on SFR's wire: the picture itself, as it is, or a refusal in JSON."""

from urllib.parse import quote

from adapters.sfr.messages import Rejet, Said, UnreadableAnswerError
from domain.operators import Refused
from domain.photographs import PhotographAnswer, photograph_of

_OK = 200
_REFUSALS = frozenset({404, 409, 422})
_ANY_PICTURE = "image/"
_NO_NAMES = {".", ".."}
"""In an address they would name another place."""


def photograph_path(reference: str) -> str:
    if reference in _NO_NAMES:
        raise UnreadableAnswerError("the photograph has a name that is none")
    return f"/interventions/photos/{quote(reference, safe='')}"


def photograph_answer(said: Said) -> PhotographAnswer:
    if said.status in _REFUSALS:
        return Refused(code=Rejet.model_validate_json(said.content).code_rejet)
    if said.status != _OK:
        raise UnreadableAnswerError(f"status {said.status}")
    if not said.media_type.startswith(_ANY_PICTURE):
        raise UnreadableAnswerError("no picture")
    return photograph_of(said.media_type, said.content)
