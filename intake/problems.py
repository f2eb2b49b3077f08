"""Every refusal as problem+json: a code, a sentence, where, and what to do."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import Match

from domain.parsed import BadValueError
from intake.faults import FieldProblem, OrderRefusedError, ProcessUnavailableError
from ledger.append import CommandReusedError
from ledger.availability import LedgerUnavailableError

_SENTENCES = {
    "missing": "This is required: add it.",
    "string_too_long": "This is too long: write at most {max_length} characters.",
    "model_type": "This must be an object, between braces.",
    "model_attributes_type": "This must be an object, between braces.",
    "date_from_datetime_inexact": "This is not a day: write it like 2027-01-20.",
    "date_type": "This is not a day: write it like 2027-01-20.",
    "greater_than_equal": "Write {ge} or more.",
    "less_than_equal": "Write {le} or less.",
    "extra_forbidden": "This is not a field we know: remove it, or correct its name.",
    "string_type": "This must be text, between quotes.",
    "string_too_short": "This is empty: fill it in.",
    "string_pattern_mismatch": "Use visible ASCII characters only, without spaces.",
    "date_from_datetime_parsing": "This is not a day: write it like 2027-01-20.",
    "date_parsing": "This is not a day: write it like 2027-01-20.",
    "tuple_type": "This must be a list, between brackets.",
    "too_short": "One is needed here: add it.",
    "too_long": "This has too many: send at most {max_length}, and the rest in another.",
    "bool_parsing": "This must be true or false.",
    "bool_type": "This must be true or false.",
    "int_type": "This must be a whole number.",
    "decimal_type": "This must be an amount, such as 12.50.",
    "decimal_max_places": "Write cents, and nothing smaller.",
    "decimal_max_digits": "Write at most {max_digits} figures.",
    "int_parsing": "This must be a whole number.",
    "decimal_parsing": "This must be an amount, such as 12.50.",
    "uuid_parsing": "This is not an id: copy it from the list it is in.",
    "enum": "Write one of {expected}.",
    "timezone_aware": "Say in which time zone: write it like 2027-01-20T09:00+01:00.",
    "datetime_from_date_parsing": "This is no instant: write it like 2027-01-20T09:00+01:00.",
    "datetime_parsing": "This is no instant: write it like 2027-01-20T09:00+01:00.",
    "datetime_type": "This is no instant: write it like 2027-01-20T09:00+01:00.",
}
"""What pydantic calls it, and what to do about it; its own words serve for the rest."""

_ORDER_ID = "This is not an order id: copy it from the answer to the submission."
_OF_A_FIELD = {
    ("uuid_parsing", "order_id"): _ORDER_ID,
    ("uuid_parsing", "order"): _ORDER_ID,
    ("string_pattern_mismatch", "term"): "Write a question's name like acceptance.by-customer.",
    ("string_pattern_mismatch", "queue"): "Write a queue's name like exchange-desk.",
    ("string_pattern_mismatch", "name"): "Write a name in small letters, like router or router-2.",
    ("string_pattern_mismatch", "serial"): "Write up to 60 letters and figures, like RTR-204.",
}


_BEYOND_THE_SCHEMA = frozenset(
    {
        "unprintable",
        "unlikely_year",
        "paper",
        "email_address",
        "value_error",
        "wrong_list",
        "decimal_max_places",
        "decimal_max_digits",
        "string_too_short",  # of a text that is all blanks
    }
)
"""What a request may hold by the OpenAPI document, and is refused all the same: 422, not 400."""


class Problem(BaseModel):
    type: str = Field(description="A stable code of the problem.")
    title: str
    status: int
    detail: str = Field(description="One sentence that says what to do next.")
    errors: tuple[FieldProblem, ...] = ()


class ProblemError(Exception):
    def __init__(self, problem: Problem, *, headers: Mapping[str, str] | None = None) -> None:
        self.problem = problem
        self.headers = headers
        super().__init__(problem.detail)


def not_allowed(detail: str) -> ProblemError:
    """Whoever calls is known, and this is not theirs to do."""
    return ProblemError(
        Problem(
            type="not-allowed",
            title="Not for this caller",
            status=HTTPStatus.FORBIDDEN,
            detail=detail,
        )
    )


def problem_response(problem: Problem, *, headers: Mapping[str, str] | None = None) -> JSONResponse:
    return JSONResponse(
        problem.model_dump(),
        status_code=problem.status,
        media_type="application/problem+json",
        headers=headers,
    )


def _pointer(location: tuple[str | int, ...]) -> str:
    where, *path = location
    return "/" + "/".join(map(_escaped, path)) if where == "body" else str(path[0])


def _escaped(part: str | int) -> str:
    """As RFC 6901 writes a key that holds its separators."""
    return str(part).replace("~", "~0").replace("/", "~1")


def _field_problem(error: dict[str, Any]) -> FieldProblem:
    """The message only: the value itself may be personal data and is never sent back."""
    location = tuple(error["loc"])
    if error["type"] == "value_error":
        return FieldProblem(pointer="/", sentence=str(error["ctx"]["error"]))
    if len(location) == 1 or error["type"] == "json_invalid":
        return FieldProblem(pointer="/", sentence="Send one JSON object as the body.")
    ours = _sentence_for(error["type"], str(location[-1]))
    sentence = error["msg"] if ours is None else ours.format(**error.get("ctx", {}))
    return FieldProblem(pointer=_pointer(location), sentence=sentence)


def _sentence_for(kind: str, field: str) -> str | None:
    """Some mistakes are told by what the field is."""
    return _OF_A_FIELD.get((kind, field), _SENTENCES.get(kind))


def _told(errors: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """A list is short of what was wrong in it: the mistake itself is enough."""
    places = [tuple(error["loc"]) for error in errors]
    return [
        error
        for error in errors
        if error["type"] != "too_short"
        or not any(place[: len(error["loc"])] == error["loc"] != place for place in places)
    ]


def _refused(_request: Request, exc: Exception) -> JSONResponse:
    refused = cast("OrderRefusedError", exc)
    named = ", ".join(sorted({problem.pointer for problem in refused.problems}))
    return problem_response(
        Problem(
            type="order-refused",
            title="The order cannot be taken as it is",
            status=422,
            detail=f"Correct {named} as said under errors, and send it again.",
            errors=refused.problems,
        )
    )


def _process_unavailable(_request: Request, exc: Exception) -> JSONResponse:
    return problem_response(
        Problem(
            type="process-unavailable",
            title="The process does not answer",
            status=503,
            detail=f"Whether it was taken is not known ({exc}). Send the same request with the "
            "same key again.",
        )
    )


def _bad_value(_request: Request, exc: Exception) -> JSONResponse:
    return problem_response(
        Problem(
            type="bad-value",
            title="What was given cannot be read",
            status=422,
            detail=f"{exc}.",
        )
    )


def _invalid(_request: Request, exc: Exception) -> JSONResponse:
    invalid = cast("RequestValidationError", exc)
    told = _told(invalid.errors())
    errors = tuple(_field_problem(error) for error in told)
    named = ", ".join(sorted({error.pointer for error in errors}))
    readable = all(error["type"] in _BEYOND_THE_SCHEMA for error in told)
    return problem_response(
        Problem(
            type="invalid-request",
            title="The request cannot be taken" if readable else "The request cannot be read",
            status=422 if readable else 400,
            detail=f"Correct {named} as said under errors, and send it again.",
            errors=errors,
        )
    )


def _reused(_request: Request, _exc: Exception) -> JSONResponse:
    return problem_response(
        Problem(
            type="idempotency-key-reused",
            title="The key was used with another body",
            status=409,
            detail="This Idempotency-Key already carried another order. Send the first body "
            "again to get its answer, or use a new key for a new order.",
        )
    )


def _unavailable(_request: Request, exc: Exception) -> JSONResponse:
    return problem_response(
        Problem(
            type="ledger-unavailable",
            title="The record cannot be reached",
            status=503,
            detail=f"Nothing is confirmed: {exc}. Send the same request with the same key again.",
        )
    )


def _problem(_request: Request, exc: Exception) -> JSONResponse:
    refused = cast("ProblemError", exc)
    return problem_response(refused.problem, headers=refused.headers)


def _methods_of(request: Request) -> str:
    """Every method the path answers to, on whichever route."""
    found = {
        method
        for route in request.app.routes
        if route.matches(request.scope)[0] is not Match.NONE
        for method in route.methods or ()
    }
    return ", ".join(sorted(found))


def _http(request: Request, exc: Exception) -> JSONResponse:
    refusal = cast("HTTPException", exc)
    headers = dict(refusal.headers or {})
    if refusal.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = _methods_of(request)
    return problem_response(
        Problem(
            type="not-found" if refusal.status_code == HTTPStatus.NOT_FOUND else "refused",
            title=str(refusal.detail),
            status=refusal.status_code,
            detail=f"{request.method} {request.url.path} is not offered; see /docs.",
        ),
        headers=headers,
    )


def _fault(_request: Request, exc: Exception) -> JSONResponse:
    return problem_response(
        Problem(
            type="fault",
            title="A fault of ours",
            status=500,
            detail=f"This should not have happened ({type(exc).__name__}); nothing is confirmed. "
            "Tell whoever maintains Raccord, and send the same request with the same key again.",
        )
    )


def answer_with_problems(app: FastAPI) -> None:
    app.add_exception_handler(Exception, _fault)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(OrderRefusedError, _refused)
    app.add_exception_handler(BadValueError, _bad_value)
    app.add_exception_handler(ProcessUnavailableError, _process_unavailable)
    app.add_exception_handler(CommandReusedError, _reused)
    app.add_exception_handler(LedgerUnavailableError, _unavailable)
    app.add_exception_handler(ProblemError, _problem)
    app.add_exception_handler(HTTPException, _http)
