"""Words for tests about failures: a policy of a test's own over those that are shipped."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from domain.failure_policy import FailureBook, FailurePolicy, Row
from tests.porting import failures


def row(name: str, code: str, **more: Any) -> Row:  # noqa: ANN401  any field of a row
    said = {"from": date(2026, 1, 1), "ours": "a test's own", **more}
    return Row.model_validate({"name": name, "code": code, **said})


def book(operator: str, *rows: Row, version: int = 2) -> FailureBook:
    """Rows of a test's own beside those that are shipped for one operator."""
    shipped = failures()
    known = shipped.policies[operator]
    more = FailurePolicy(operator=operator, version=version, rows=(*known.rows, *rows))
    policies: Mapping[str, FailurePolicy] = {**shipped.policies, operator: more}
    return FailureBook(policies=policies, interfaces=shipped.interfaces)


def retry(after: str, *, at_most: int = 2, longest: str | None = None) -> dict[str, Any]:
    written: dict[str, Any] = {"after": after, "at-most": at_most}
    return written if longest is None else {**written, "longest": longest}
