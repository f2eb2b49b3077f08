"""No stored row is rewritten, so every schema that was ever written stays readable."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import AwareDatetime

from domain.access_facts import AccessTerms
from domain.event import Event
from domain.identity import CommandId, StreamId
from domain.lots import LotReceived
from domain.orders import OrderReceived
from domain.port_in_facts import LineTerms
from ledger.catalogue import EVENTS, EventCatalogue, EventType, UnknownEventError
from ledger.codec import EventCodec
from ledger.envelope import StoredEvent
from tests.builders import NOON, ORDER, line_opened, received
from tests.fakes.keys import FakeSubjectKeys, fake_hash

EXAMPLES = Path(__file__).parent / "examples"


class PortPlanned(Event):
    """An event in its third schema: a day became an instant, then a reason was added."""

    due_at: AwareDatetime
    reason: str


def _day_to_instant(data: dict[str, Any]) -> dict[str, Any]:
    return {"due_at": f"{data['day']}T00:00:00+01:00"}


def _add_reason(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "reason": "not recorded"}


CATALOGUE = EventCatalogue((EventType(PortPlanned, upcasters=(_day_to_instant, _add_reason)),))


def _row(data: str, *, name: str = "PortPlanned", schema: int) -> StoredEvent:
    return StoredEvent(
        position=1,
        era=1,
        transaction=100,
        stream_id=StreamId("port/a"),
        version=1,
        type=name,
        schema=schema,
        business_at=NOON,
        recorded_at=NOON,
        actor="test",
        cause=None,
        correlation="c",
        command_id=CommandId(ORDER),
        command_ordinal=1,
        fingerprint=b"",
        data=data,
    )


@pytest.mark.parametrize(
    ("schema", "data", "reason"),
    [
        (1, {"day": "2026-11-25"}, "not recorded"),
        (2, {"due_at": "2026-11-25T00:00:00+01:00"}, "not recorded"),
        (3, {"due_at": "2026-11-25T00:00:00+01:00", "reason": "asked"}, "asked"),
    ],
)
async def test_every_old_schema_is_lifted_to_the_current_one(
    schema: int, data: dict[str, str], reason: str
) -> None:
    codec = EventCodec(catalogue=CATALOGUE, keys=FakeSubjectKeys(), keyed_hash=fake_hash())

    (envelope,) = await codec.decode([_row(json.dumps(data), schema=schema)])

    assert isinstance(envelope.event, PortPlanned)
    assert envelope.event.due_at.isoformat() == "2026-11-25T00:00:00+01:00"
    assert envelope.event.reason == reason


@pytest.mark.parametrize("schema", [0, 4])
async def test_a_schema_from_the_future_is_named(schema: int) -> None:
    codec = EventCodec(catalogue=CATALOGUE, keys=FakeSubjectKeys(), keyed_hash=fake_hash())

    with pytest.raises(UnknownEventError, match=f"PortPlanned in schema {schema}"):
        await codec.decode([_row("{}", schema=schema)])


async def test_an_event_from_the_future_is_named() -> None:
    codec = EventCodec(catalogue=CATALOGUE, keys=FakeSubjectKeys(), keyed_hash=fake_hash())

    with pytest.raises(UnknownEventError, match="run the version that wrote it"):
        await codec.decode([_row("{}", name="PortTeleported", schema=1)])


def test_every_event_of_the_product_has_a_stored_example_of_every_schema() -> None:
    needed = {f"{kind.name}.v{n}.json" for kind in EVENTS for n in range(1, kind.schema + 1)}

    assert {file.name for file in EXAMPLES.glob("*.json")} == needed


ALSO = EXAMPLES / "also"
"""Second examples, of events that hold one of several kinds of thing."""


@pytest.mark.parametrize(
    "file",
    sorted((*EXAMPLES.glob("*.json"), *ALSO.glob("*.json"))),
    ids=lambda file: f"{file.parent.name}/{file.stem}",
)
async def test_every_stored_example_is_still_readable(file: Path) -> None:
    name, schema = file.stem.split(".v")
    keys = FakeSubjectKeys()
    codec = EventCodec(catalogue=EVENTS, keys=keys, keyed_hash=fake_hash())

    (envelope,) = await codec.decode([_row(file.read_text(), name=name, schema=int(schema))])

    assert type(envelope.event).__name__ == name


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        (EXAMPLES / "OrderReceived.v1.json", LineTerms),
        (EXAMPLES / "LotReceived.v1.json", LineTerms),
        (ALSO / "OrderReceived.v1.json", AccessTerms),
    ],
    ids=["numbers", "a lot of numbers", "sites"],
)
async def test_an_order_is_read_as_what_was_ordered(
    file: Path, kind: type[LineTerms | AccessTerms]
) -> None:
    codec = EventCodec(catalogue=EVENTS, keys=FakeSubjectKeys(), keyed_hash=fake_hash())

    row = _row(file.read_text(), name=file.stem.split(".")[0], schema=1)
    (envelope,) = await codec.decode([row])

    assert isinstance(envelope.event, OrderReceived | LotReceived)
    assert {type(line.terms) for line in envelope.event.lines} == {kind}


def test_the_catalogue_knows_who_holds_personal_data() -> None:
    assert EVENTS.of(received()).holds_personal_data
    assert not EVENTS.of(line_opened()).holds_personal_data
