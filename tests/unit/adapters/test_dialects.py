"""What our adapters write and what they must read, held against the operators' documents."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import jsonschema_rs
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from adapters.bouygues import access_mapping as bouygues_access
from adapters.bouygues import mapping as bouygues
from adapters.bouygues.door import BouyguesDoor
from adapters.bouygues.gateway import read_webhook
from adapters.bouygues.signing import Signing
from adapters.orange import mapping as orange
from adapters.orange.door import OrangeDoor
from adapters.orange.gateway import read_notification
from adapters.orange.messages import Element, Token, envelope
from adapters.sfr import access_mapping as sfr_access
from adapters.sfr import mapping as sfr
from adapters.sfr.gateway import read_change
from domain.access_facts import Locator, Technology
from domain.access_operators import ACCESS_STEPS, AccessRequest
from domain.identity import LineId
from domain.operators import (
    Change,
    Door,
    LineChange,
    LineRequest,
    NotANotificationError,
    Reader,
    StrangerError,
    Told,
    Unreadable,
    Withdrawal,
)
from domain.port_in_facts import SimKind, Step
from tests.dialects import ADAPTERS, OpenAPI, openapi, orange_errors

TOKEN = Token(username="raccord", password="p")
SIGNING = Signing(account="raccord", secret="p")
AT = st.datetimes(datetime(2020, 1, 1), datetime(2190, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  hypothesis adds it
KEYS = st.uuids().map(str)
NUMBERS = st.from_regex(r"0[67][0-9]{8}", fullmatch=True)
LINES = st.from_regex(r"[A-Za-z0-9_-]{1,60}", fullmatch=True)
STEPS = st.sampled_from([*orange.EFFECTS])
REASONS = st.sampled_from(["unpaid", "lost", "stolen", "asked"])
IDS = st.integers(min_value=0, max_value=2**128 - 1).map(lambda number: LineId(UUID(int=number)))


@st.composite
def requests(draw: st.DrawFn) -> LineRequest:
    step = draw(STEPS)
    switched = step is Step.SWITCH_LINE
    return LineRequest(
        step=step,
        key=draw(KEYS),
        line_id=draw(IDS),
        asked_at=draw(AT),
        sim=draw(st.sampled_from(SimKind)),
        host_line=draw(LINES if switched else st.none() | LINES),
        number=draw(NUMBERS if switched else st.none() | NUMBERS),
    )


@st.composite
def access_requests(draw: st.DrawFn) -> AccessRequest:
    locator, step = draw(st.sampled_from(Locator)), draw(st.sampled_from(ACCESS_STEPS))
    word = st.from_regex(r"[A-Za-z0-9_-]{1,60}", fullmatch=True)
    optional = st.none() | word
    return AccessRequest(
        step=step,
        key=draw(KEYS),
        line_id=draw(IDS),
        asked_at=draw(AT),
        commune=draw(st.from_regex(r"[0-9][0-9AB][0-9]{3}", fullmatch=True)),
        address=draw(st.text(max_size=80)),
        locator=locator,
        name=None if locator is Locator.ADDRESS else draw(st.text(max_size=20)),
        technologies=tuple(draw(st.sets(st.sampled_from(Technology), min_size=1))),
        down_kbps=draw(st.none() | st.integers(1, 10**9)),
        reference=draw(optional),
        quote=draw(optional),
        not_before=draw(st.none() | st.dates(date(2020, 1, 1), date(2190, 1, 1))),
        slot=draw(word if step is Step.BOOK_VISIT else optional),
        visit=draw(word if step is Step.CANCEL_VISIT else optional),
    )


CHANGES = st.builds(
    LineChange,
    change=st.sampled_from(Change),
    key=KEYS,
    line_id=IDS,
    asked_at=AT,
    host_line=LINES,
    reason=REASONS,
)
WITHDRAWALS = st.builds(Withdrawal, key=KEYS, of=KEYS, line_id=IDS, asked_at=AT)


def _orange_valid(element: Element) -> None:
    assert orange_errors(envelope(element, TOKEN)) == []


def _sfr_valid(order: sfr.Json) -> None:
    openapi("sfr").check({"$ref": "#/components/schemas/Commande"}, _bytes(order), what="order")


def _bouygues_valid(posted: bouygues.Posted) -> None:
    document = openapi("bouygues")
    operation = document.operation("POST", posted.path)
    document.check(
        document.schema_of(operation["requestBody"]), _bytes(posted.body), what=posted.path
    )


def _bytes(content: Any) -> bytes:  # noqa: ANN401  any JSON
    return json.dumps(content).encode()


@given(requests(), CHANGES, WITHDRAWALS, NUMBERS, LINES)
def test_what_is_written_to_orange_is_of_its_schema(
    request: LineRequest, change: LineChange, withdrawal: Withdrawal, number: str, line: str
) -> None:
    written = [
        orange.line_order(request),
        orange.line_change(change),
        orange.order_withdrawal(withdrawal),
        orange.order_status(request.key),
        orange.number_status(number),
        *(orange.line_query(name, line) for name in ("LineTest", "LineIdentity", "LineStatus")),
    ]

    for element in written:
        _orange_valid(element)
    assert len({element.name for element in written}) == 8


@given(requests(), CHANGES, WITHDRAWALS)
def test_what_is_written_to_sfr_is_of_its_document(
    request: LineRequest, change: LineChange, withdrawal: Withdrawal
) -> None:
    written = [
        sfr.line_order(request),
        sfr.line_change(change),
        sfr.order_withdrawal(withdrawal),
    ]

    for order in written:
        _sfr_valid(order)
    assert all(order["cleUnique"] for order in written)


@given(requests(), CHANGES, WITHDRAWALS)
def test_what_is_written_to_bouygues_is_of_their_document(
    request: LineRequest, change: LineChange, withdrawal: Withdrawal
) -> None:
    written = [
        bouygues.line_order(request),
        bouygues.line_change(change),
        bouygues.order_withdrawal(withdrawal),
    ]

    for posted in written:
        _bouygues_valid(posted)
    assert all(posted.body["requested_at"].endswith("Z") for posted in written)


SFR_ORDERS = {
    "/acces/eligibilites": "EligibiliteDemandee",
    "/acces/etudes": "EtudeDemandee",
    "/acces/commandes": "CommandeAcces",
    "/acces/rendez-vous": "RendezVousDemande",
}


@given(access_requests())
def test_what_is_written_about_accesses_is_of_their_documents(request: AccessRequest) -> None:
    to_sfr = sfr_access.access_order(request)
    to_bouygues = bouygues_access.access_command(request)

    schema = openapi("sfr").schema(SFR_ORDERS[to_sfr.path])
    openapi("sfr").check(schema, _bytes(to_sfr.body), what=to_sfr.path)
    _bouygues_valid(to_bouygues)
    assert to_sfr.body["cleUnique"] == request.key


# the documents themselves

OPERATORS = ("sfr", "bouygues")


@pytest.mark.parametrize("operator", OPERATORS)
def test_every_example_is_of_its_own_schema(operator: str) -> None:
    document = openapi(operator)
    examples = list(document.examples())

    assert len(examples) > 10
    for where, schema, example in examples:
        document.check(schema, _bytes(example), what=where)


@pytest.mark.parametrize("operator", OPERATORS)
def test_every_operation_is_named_and_every_reference_leads_somewhere(operator: str) -> None:
    document = openapi(operator)
    text = (ADAPTERS / operator / "dialect.yaml").read_text()
    references = set(re.findall(r'\$ref: "(#[^"]+)"', text))
    operations = [
        operation
        for methods in document.content["paths"].values()
        for operation in methods.values()
    ]

    assert document.content["openapi"].startswith("3.1")
    assert all(document.resolved({"$ref": reference}) for reference in references)
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    for name in document.content["components"]["schemas"]:
        assert jsonschema_rs.meta.is_valid(document.content["components"]["schemas"][name]), name


def test_a_document_that_says_nothing_would_be_found_out() -> None:
    broken = OpenAPI(yaml.safe_load((ADAPTERS / "sfr" / "dialect.yaml").read_text()))

    with pytest.raises(AssertionError, match="required"):
        broken.check({"$ref": "#/components/schemas/Evenement"}, b"{}", what="nothing")
    with pytest.raises(AssertionError, match="no such operation"):
        broken.operation("DELETE", "/commandes")


# what the schemas generate is read


def generated(document: OpenAPI, schema: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401  any JSON
    """What a schema of our own documents allows; the parts of it that they use."""
    schema = document.resolved(schema)
    if "oneOf" in schema:
        rest = {name: value for name, value in schema.items() if name != "oneOf"}
        return st.one_of([generated(document, merged(rest, one)) for one in schema["oneOf"]])
    choices = [schema["const"]] if "const" in schema else schema.get("enum")
    if choices or schema["type"] == "boolean":
        return st.sampled_from(choices or [False, True])
    if schema["type"] == "integer":
        return st.integers(schema.get("minimum"), schema.get("maximum"))
    if schema["type"] == "array":
        items = generated(document, schema["items"])
        return st.lists(items, min_size=schema.get("minItems", 0), max_size=3)
    if schema["type"] == "string":
        pattern = schema.get("pattern", "[a-z]{0,20}")
        return st.from_regex(pattern.removeprefix("^").removesuffix("$"), fullmatch=True)
    parts = {name: generated(document, one) for name, one in schema.get("properties", {}).items()}
    required = {name: part for name, part in parts.items() if name in schema.get("required", ())}
    optional = {name: part for name, part in parts.items() if name not in required}
    return st.fixed_dictionaries(required, optional=optional)


def merged(one: Any, other: Any) -> Any:  # noqa: ANN401  any JSON
    """Two schemas of one object, as one."""
    both = {**one, **other}
    if "required" in one or "required" in other:
        both["required"] = [*one.get("required", ()), *other.get("required", ())]
    names = {**one.get("properties", {}), **other.get("properties", {})}
    if names:
        both["properties"] = {
            name: merged(one["properties"][name], part)
            if name in one.get("properties", {}) and isinstance(part, dict)
            else part
            for name, part in names.items()
        }
    return both


def _events(operator: str, name: str) -> st.SearchStrategy[Any]:
    document = openapi(operator)
    return generated(document, document.schema(name))


READ = (("sfr", "Evenement", read_change), ("bouygues", "Webhook", read_webhook))


@pytest.mark.parametrize(("operator", "name", "reader"), READ, ids=["sfr", "bouygues"])
@given(data=st.data())
def test_whatever_their_schema_allows_is_read(
    operator: str, name: str, reader: Reader, data: st.DataObject
) -> None:
    event = data.draw(_events(operator, name))

    told = reader(json.dumps(event))

    document = openapi(operator)
    valid = document.judge(document.schema(name)).is_valid(event)
    assert valid is not isinstance(told, Unreadable) or _no_such_day(json.dumps(event))


def _no_such_day(text: str) -> bool:
    """A pattern knows no calendar: an instant of the right form may still be none."""
    for found in re.findall(r'"(2[01][0-9]{2}-[^"]*T[^"]*)"', text):
        try:
            datetime.fromisoformat(found)
        except ValueError:
            return True
    for figures in re.findall(r'"(2[01][0-9]{2}-?[0-9]{2}-?[0-9]{2})"', text):
        try:
            date.fromisoformat(figures)
        except ValueError:
            return True
    return False


# what nobody would send

SEEDS: dict[str, tuple[Callable[[str], Told], str]] = {
    "orange": (
        read_notification,
        envelope(
            Element(
                name="LineNotification",
                fields={
                    "notificationId": "n",
                    "orderKey": "k",
                    "customerReference": "00000000-0000-0000-0000-000000000001",
                    "event": "NUMBER_GIVEN",
                    "at": "2027-01-10T00:00:00+01:00",
                    "hostLine": "OL-1",
                    "msisdn": "0612345678",
                },
            ),
            TOKEN,
        ).decode(),
    ),
    "sfr": (
        read_change,
        (
            '{"idEvenement":"e","commandeId":"c","cleUnique":"k","refClient":"r","survenu_le":'
            '1799449200000,"type":"NUMERO_ATTRIBUE","ligneId":"L","numero_mobile":"0612345678"}'
        ),
    ),
    "bouygues": (
        read_webhook,
        (
            '{"event":{"id":"e","kind":"number.assigned","occurred_at":"2027-01-10T00:00:00Z"},'
            '"operation":{"id":"o","idempotency_key":"k","intent":"activate_new"},"line":{"id":"bt-1",'
            '"partner_line":"00000000-0000-0000-0000-000000000001"},'
            '"details":{"number":{"value":"0612345678"}}}'
        ),
    ),
    "sfr's accesses": (
        read_change,
        (
            '{"idEvenement":"e","cleUnique":"k","refClient":"r","survenu_le":1799449200000,'
            '"type":"ETUDE_RENDUE","avis":1,"techno":12,"ecartFraisAccesCentimes":-50,"devis":{'
            '"devisId":"d","objet":1,"postes":[{"libelle":"Tranchée","montantCentimes":1}]}}'
        ),
    ),
    "bouygues's accesses": (
        read_webhook,
        (
            '{"event":{"id":"e","kind":"access.studied","occurred_at":"2027-01-10T00:00:00Z"},'
            '"operation":{"id":"o","idempotency_key":"k","command":"STUDY"},"access":{'
            '"partner_access":"00000000-0000-0000-0000-000000000001"},"details":{'
            '"conclusion":"FEASIBLE","changes":{"access_fee_euros":"-0.50"},"quote":{"id":"q",'
            '"purpose":"WORKS","items":[{"label":"Trench","euros":"1.00"}]}}}'
        ),
    ),
}


@pytest.mark.parametrize("operator", SEEDS)
@given(
    start=st.integers(0, 700),
    length=st.integers(0, 40),
    instead=st.text(max_size=8)
    | st.sampled_from(["\x00", "[" * 500, "<!--x-->", "<?x y?>", "\ud800"]),
)
def test_a_message_that_was_tampered_with_is_read_or_unreadable_and_shown_to_nobody(
    operator: str, start: int, length: int, instead: str
) -> None:
    reader, body = SEEDS[operator]

    told = reader(body[:start] + instead + body[start + length :])

    assert "0612345678" not in repr(told)


DOORS: dict[str, Door] = {
    "orange": OrangeDoor(token=TOKEN),
    "bouygues": BouyguesDoor(signing=SIGNING),
}
NOW = datetime(2027, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize("operator", DOORS)
@given(
    start=st.integers(0, 900),
    length=st.integers(0, 40),
    instead=st.binary(max_size=8) | st.sampled_from([b"[" * 500, b"<!--x-->", b"<?x y?>", b"\xff"]),
    whole=st.none() | st.binary(max_size=200),
)
def test_a_door_keeps_or_refuses_whatever_comes_by_its_two_names(
    operator: str, start: int, length: int, instead: bytes, whole: bytes | None
) -> None:
    sent = SEEDS[operator][1].encode()
    body = sent[:start] + instead + sent[start + length :] if whole is None else whole
    headers = {"x-signature": SIGNING.webhook_header(body, at=NOW)}

    try:
        shown = repr(DOORS[operator].receive(body, headers, now=NOW))
    except (StrangerError, NotANotificationError) as exc:
        shown = repr(exc)

    assert "0612345678" not in shown


@pytest.mark.parametrize("operator", SEEDS)
@given(st.text(max_size=300) | st.binary(max_size=300).map(lambda raw: raw.decode("latin-1")))
def test_whatever_comes_is_said_to_be_unreadable(operator: str, text: str) -> None:
    reader, _ = SEEDS[operator]

    assert isinstance(reader(text), Unreadable)
