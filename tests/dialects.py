"""The operators' documents as judges of what goes over a wire."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml
from lxml import etree

ADAPTERS = Path(__file__).parent.parent / "adapters"
ORANGE = "{urn:raccord:orange:lines:1}"
FAULT = "{http://schemas.xmlsoap.org/soap/envelope/}Fault"
_BODY = "{http://schemas.xmlsoap.org/soap/envelope/}Body"
_PERSONAL = re.compile(
    r"(?<![0-9a-f])0[1-9][0-9]{8}(?![0-9a-f])|[0-9]{2}[PE][A-Z0-9]{6}[A-Z0-9+]{3}"
    r"|(?<![A-Za-z])[Rr]ue(?![A-Za-z])"
)
Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One exchange over a wire, as it went."""

    operator: str
    sent: bytes
    webhook: bool = False
    method: str = "POST"
    path: str = ""
    status: int = 200
    answered: bytes = b""


@dataclass(frozen=True)
class OpenAPI:
    """An OpenAPI document, and its schemas as judges."""

    content: Json

    def judge(self, schema: Any) -> "jsonschema_rs.Validator":  # noqa: ANN401  any JSON
        whole = {**schema, "components": self.content["components"]}
        return jsonschema_rs.Draft202012Validator(whole)

    def resolved(self, node: Any) -> Any:  # noqa: ANN401  any JSON
        while isinstance(node, dict) and "$ref" in node:
            found: Any = self.content
            for part in node["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            node = found
        return node

    def schema(self, name: str) -> Json:
        return {"$ref": f"#/components/schemas/{name}"}

    def operation(self, method: str, path: str) -> Json:
        for template, methods in self.content["paths"].items():
            pattern = re.sub(r"\{[a-z]+\}", "[^/]+", template)
            if re.fullmatch(pattern, path) and method.lower() in methods:
                found: Json = methods[method.lower()]
                return found
        raise AssertionError(f"no such operation: {method} {path}")

    def schema_of(self, holder: Any) -> Json | None:  # noqa: ANN401  a body or a response
        content = self.resolved(holder).get("content", {})
        found: Json | None = content.get("application/json", {}).get("schema")
        return found

    def check(self, schema: Json | None, body: bytes, *, what: str) -> None:
        if schema is None:
            return
        errors = [
            f"{error.instance_path}: {error.kind.name}"
            for error in self.judge(schema).iter_errors(json.loads(body))
        ]
        assert not errors, f"{what}: {errors}"

    def examples(self) -> Iterator[tuple[str, Json, Any]]:
        """Every example with the schema beside it."""
        yield from self._examples(self.content, "#")

    def _examples(self, node: Any, where: str) -> Iterator[tuple[str, Json, Any]]:  # noqa: ANN401
        if isinstance(node, list):
            for number, one in enumerate(node):
                yield from self._examples(one, f"{where}/{number}")
        if not isinstance(node, dict):
            return
        if "schema" in node and "example" in node:
            yield where, node["schema"], node["example"]
        for name, example in node.get("examples", {}).items() if "schema" in node else ():
            yield f"{where}/{name}", node["schema"], example["value"]
        for name, one in node.items():
            yield from self._examples(one, f"{where}/{name}")


@cache
def openapi(operator: str) -> OpenAPI:
    return OpenAPI(yaml.safe_load((ADAPTERS / operator / "dialect.yaml").read_text()))


@cache
def orange_schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(ADAPTERS / "orange" / "dialect.xsd"))


def orange_errors(document: bytes) -> list[str]:
    """What the schema says against the element in an envelope's body; a fault is SOAP's own."""
    body = etree.fromstring(document).find(_BODY)
    assert body is not None
    if body[0].tag == FAULT:
        return []
    try:
        orange_schema().assertValid(etree.fromstring(etree.tostring(body[0])))
    except etree.DocumentInvalid as exc:
        return [str(exc)]
    return []


def check_dialect(heard: Heard) -> None:
    """AssertionError where something went over the wire that is not written in the document."""
    assert _PERSONAL.search(heard.path) is None, "no number, no RIO and no street in a URL"
    if heard.operator == "orange":
        for envelope in (heard.sent, heard.answered):
            assert not envelope or not orange_errors(envelope)
        return
    document = openapi(heard.operator)
    if heard.webhook:
        operation = document.content["webhooks"]["event"]["post"]
        document.check(document.schema_of(operation["requestBody"]), heard.sent, what="webhook")
        return
    _check_call(document, heard)


def _check_call(document: OpenAPI, heard: Heard) -> None:
    path = heard.path.partition("?")[0]
    operation = document.operation(heard.method, path)
    responses: Mapping[str, Any] = operation["responses"]
    response = responses.get(str(heard.status), responses.get("default"))
    what = f"{heard.method} {path} {heard.status}"
    assert response is not None, f"{what}: not described"
    if heard.sent:
        document.check(document.schema_of(operation["requestBody"]), heard.sent, what=what)
    document.check(document.schema_of(response), heard.answered, what=what)
