"""What the tool that walks the OpenAPI document cannot make by itself."""

import json
import os
from datetime import UTC, datetime
from typing import Any

import schemathesis

from adapters.bouygues.signing import Signing
from tests.papers import pdf

NOTIFICATION = "RACCORD_TEST_NOTIFICATION"
WEBHOOK = "RACCORD_TEST_WEBHOOK"
BULK = "RACCORD_TEST_BULK"
SIGNING = Signing(account="raccord", secret="bouygues-secret")


@schemathesis.serializer("application/pdf", "image/png", "image/jpeg")
def as_it_is(context: Any, value: Any) -> bytes:  # noqa: ANN401  the tool's own types
    """A document is bytes; the tool makes it of a text or of bytes of its own."""
    del context
    return value.encode("latin-1", "replace") if isinstance(value, str) else bytes(value)


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:  # noqa: ANN401  the tool's own types
    """A message only its sender can sign, a document that is one."""
    del context, kwargs
    phase = getattr(getattr(case.meta, "phase", None), "name", "")
    if "example" not in str(phase).lower():
        return
    if case.operation.path == "/callbacks/orange":
        case.body = os.environ[NOTIFICATION]
    if case.operation.path == "/callbacks/bouygues":
        body = os.environ[WEBHOOK]
        at = datetime.now(UTC)
        case.body = json.loads(body)
        case.headers["X-Signature"] = SIGNING.webhook_header(body.encode(), at=at)
    if case.operation.label == "POST /orders/{order_id}/documents":
        case.body, case.media_type = pdf().decode("latin-1"), "application/pdf"
    if case.operation.label == "POST /bulks":
        case.body = json.loads(os.environ[BULK])
