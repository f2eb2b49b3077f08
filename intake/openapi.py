"""The OpenAPI document, honest about what every operation has in common: keys, roles, refusals."""

from typing import Any

from fastapi import FastAPI

from intake.guard import BODY_MAX
from intake.permissions import PERMISSIONS
from intake.problems import Problem

Responses = dict[int | str, dict[str, Any]]
Document = dict[str, Any]

_REFUSALS = {
    400: "The request cannot be read; each field says what to do.",
    401: "The caller, or the sender, is not known.",
    403: "Not for the roles of this caller.",
    404: "There is no such thing, or it is not yours to see.",
    409: "The key was used with another body, or it does not stand where it can be done.",
    412: "It has moved since it was read.",
    413: "The body is larger than what is taken here.",
    415: "Not a type that is taken here.",
    422: "It can be read and cannot be taken; each field says what to do.",
    429: "Too many calls; Retry-After says how long to wait.",
    503: "It cannot be reached now; send the same request with the same key again.",
}
_EVERYWHERE = (400, 401, 403, 429, 503)
_WITH_A_BODY = (413,)
_SCHEME = "key"


def refusals(*codes: int) -> Responses:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        code: {
            "description": _REFUSALS[code],
            "content": {"application/problem+json": {"schema": schema}},
        }
        for code in codes
    }


def repeated(model: type) -> Responses:
    """What a key that was used before is answered, with the same body as the first time."""
    return {200: {"description": "Taken before, under the same key.", "model": model}}


def describe(app: FastAPI) -> Document:
    if app.openapi_schema is None:
        document = FastAPI.openapi(app)
        components = document["components"]
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        components["schemas"] |= {**problem.pop("$defs", {}), "Problem": problem}
        for unused in ("HTTPValidationError", "ValidationError"):
            components["schemas"].pop(unused, None)
        components["securitySchemes"] = {
            _SCHEME: {
                "type": "http",
                "scheme": "bearer",
                "description": "A key of Raccord's, or a token of the configured issuer.",
            }
        }
        for path in document["paths"].values():
            for operation in path.values():
                _complete(operation)
        app.openapi_schema = document
    return app.openapi_schema


def _complete(operation: Document) -> None:
    """What the guard does to every operation, written beside each of them."""
    responses = operation["responses"]
    if "HTTPValidationError" in str(responses.get("422")):
        del responses["422"]
    roles = PERMISSIONS.get(operation["operationId"])
    if roles is None:
        return
    operation["security"] = [{_SCHEME: []}]
    operation["x-roles"] = sorted(roles)
    limit = operation.pop("x-body-max", BODY_MAX)
    common = refusals(*_EVERYWHERE)
    if operation.get("parameters") or "requestBody" in operation:
        common |= refusals(422)
    if "requestBody" in operation:
        common |= refusals(*_WITH_A_BODY)
        operation["requestBody"]["description"] = f"At most {limit:,} bytes."
    for code, response in common.items():
        responses.setdefault(str(code), response)
    responses["429"] = {**responses["429"], "headers": {"Retry-After": _SECONDS}}


_SECONDS = {"schema": {"type": "integer", "minimum": 1}, "required": True}
