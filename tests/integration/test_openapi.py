"""The OpenAPI document holds: every operation, with data it allows and data it forbids."""

import asyncio
import json
import os
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from activities.lines import LineLedger, LineStep
from activities.port_in import PortInActivities
from adapters.orange.messages import Element, envelope
from domain.clock import Technical
from domain.identity import LineId, NoticeId, OrderId
from domain.notices import NoticePurpose, notice_id_of
from intake.guard import Guard
from runtime.notice_office import Pace
from runtime.notice_wiring import notice_office
from runtime.processes.projector import build_publisher
from tests.exchange_facts import request, told, trouble_in
from tests.indemnities import indemnity_in
from tests.integration.conftest import SETTINGS, TOKEN, Client
from tests.integration.openapi_hooks import BULK, NOTIFICATION, WEBHOOK
from tests.papers import pdf
from tests.parked import parked_in
from tests.porting import MANDATE, RULES, STORY, body
from tests.reconciled import difference_in
from tests.reverse_ports import demanded_in, ported_in
from tests.sites import sites_body

SEED = "20261121"
EXAMPLES = "6"
HOOKS = Path(__file__).parent / "openapi_hooks.py"


async def _dated(api: Client, line: LineId) -> None:
    lines = LineLedger(ledger=api.store.ledger, keyed_hash=api.store.keyed_hash)
    port = PortInActivities(lines=lines, rules=RULES)
    progress = await port.claim_number(LineStep(line_id=line, at=STORY))
    for verb in (port.look_at_gates, port.settle_dates):
        progress = await verb(LineStep(line_id=line, at=STORY, version=progress.version))


async def _amended(api: Client, number: int) -> tuple[str, str]:
    """An order with a planned amendment."""
    accepted = await api("POST", "/orders", body(reference=f"A-{number}"), key=f"a-{number}")
    order = accepted.body["order_id"]
    change = {"customer": {"contact": "Lou Bernard"}}
    planned = await api("POST", f"/orders/{order}/amendments", change)
    return order, planned.body["amendment_id"]


async def _subscribed(api: Client, key: str) -> str:
    made = await api("POST", "/subscriptions", {"url": "https://crm.example.fr/"}, key=key)
    subscription: str = made.body["subscription"]["subscription_id"]
    return subscription


async def _letters(api: Client, *orders: str) -> tuple[NoticeId, ...]:
    """What each order's customer is told first, by letters that a person sends."""
    office = notice_office(
        api.store, SETTINGS, RULES, messenger=None, pace=Pace(quiet=Technical(timedelta(0)))
    )
    for _ in range(9):
        await office.turn()
        await office.rest()
    purpose = NoticePurpose.ORDER_RECEIVED
    return tuple(notice_id_of(OrderId(UUID(o)), purpose, round_=0) for o in orders)


async def _delivery(api: Client) -> tuple[str, int]:
    """One that waits, of a subscription of its own."""
    subscription = await _subscribed(api, "told")
    await api("POST", "/orders", body(reference="T-1"), key="t-1")
    while await build_publisher(api.store, SETTINGS).turn():
        pass
    found = await api("GET", f"/subscriptions/{subscription}/deliveries")
    return subscription, found.body["deliveries"][0]["number"]


def _notification() -> str:
    fields = {
        "notificationId": "n-1",
        "orderKey": "o-1",
        "customerReference": str(LineId(UUID(int=1))),
        "event": "READY",
        "at": "2027-01-10T00:00:00+01:00",
        "hostLine": "OL-1",
    }
    return envelope(Element(name="LineNotification", fields=fields), TOKEN).decode()


def _webhook() -> str:
    """Written as the tool writes what it sends: it is signed byte for byte."""
    return json.dumps(
        {
            "event": {"id": "evt_1", "kind": "line.barred", "occurred_at": "2027-01-10T00:00:00Z"},
            "operation": {"id": "op_1", "idempotency_key": "o-1", "intent": "bar"},
            "line": {"id": "bt-1", "partner_line": str(LineId(UUID(int=1)))},
            "details": {},
        }
    )


async def _gathering(api: Client) -> str:
    """An order whose line asks for a paper."""
    order, line = await api.ordered(body(documents=[MANDATE], reference="B-1"), key="b-1")
    lines = LineLedger(ledger=api.store.ledger, keyed_hash=api.store.keyed_hash)
    port = PortInActivities(lines=lines, rules=RULES)
    progress = await port.claim_number(LineStep(line_id=line, at=STORY))
    await port.look_at_gates(LineStep(line_id=line, at=STORY, version=progress.version))
    return order


async def _bulk(api: Client, order: str) -> str:
    """What a preview has shown, ready to be done."""
    selection = {
        "action": "decide",
        "order_id": order,
        "about": "gates",
        "decision": "skip",
        "reason": "checked by hand",
    }
    shown = await api("POST", "/bulk-previews", selection, key=None)
    return json.dumps({**selection, "token": shown.body["token"]})


async def _begun(api: Client, bulk: str) -> str:
    begun = await api("POST", "/bulks", json.loads(bulk), key="bulk")
    bulk_id: str = begun.body["bulk_id"]
    return bulk_id


_MOVES = {
    "request_indemnity": "awaiting-request",
    "correct_indemnity": "payable",
    "hand_over_evidence": "evidence",
    "decide_indemnity": "asking",
}
"""What can be done to an indemnity once, and the stage it is done at."""


async def _owed(api: Client, order: str, line: LineId) -> str:
    """One for each of them."""
    parts = []
    for operation, stage in _MOVES.items():
        owed = await indemnity_in(api.store, order, line, stage, name=operation)
        parts.append(
            f'[[operations]]\ninclude-operation-id = "{operation}"\n'
            f'parameters = {{ "path.indemnity_id" = "{owed}" }}\n'
        )
    return "\n".join(parts)


_EXPECTED = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "401", "404", "409", "412", "415", "422"]

[phases.examples]
fill-missing = true
"""


_ONCE = """
[[operations]]
include-operation-id = "{operation}"
parameters = {{ "path.{name}" = "{value}" }}
"""


async def _of_the_house(api: Client) -> tuple[str, str]:
    """What exchanges and hosts need somebody for: one of each to look at, one to decide."""
    trouble, settled = [
        await trouble_in(api.store, file=f"PNMDATA.01.02.{name}.001") for name in ("x", "y")
    ]
    asked, answered = [await told(api.store, request(name)) for name in ("one", "two")]
    differing, decided = [await difference_in(api.store, place) for place in (1, 2)]
    shown = (("trouble_id", trouble), ("transfer_id", asked), ("difference_id", differing))
    moved = (
        ("settle_trouble", "trouble_id", settled),
        ("answer_transfer", "transfer_id", answered),
        ("decide_difference", "difference_id", decided),
    )
    return (
        "\n".join(f'"path.{name}" = "{value}"' for name, value in shown),
        "".join(_ONCE.format(operation=o, name=name, value=value) for o, name, value in moved),
    )


async def _going_back(api: Client) -> str:
    """A number that came and may be demanded back, and another that is."""
    other, other_line = await api.ordered(body(reference="P-2"), key="p-2")
    await ported_in(api.store, other_line, order=other)
    demanded = await demanded_in(api.store, other_line)
    order, line = await api.ordered(body(reference="P-1"), key="p-1")
    await ported_in(api.store, line, order=order)
    return str(demanded)


async def _world(api: Client, bulk: str) -> str:
    """What there is to be asked about, as settings of the tool."""
    order, _ = await api.ordered(body(documents=[MANDATE]))
    document = await api.filed(order, pdf())
    dated, dated_line = await api.ordered(body(reference="R-2"), key="k-2")
    await _dated(api, dated_line)
    to_execute, execution = await _amended(api, 1)
    to_withdraw, withdrawal = await _amended(api, 2)
    number = await _delivery(api)
    letter, dated_letter, settled_letter = await _letters(api, order, dated, to_execute)
    payable = await indemnity_in(api.store, dated, dated_line)
    waiting, decided = await _of_the_house(api)
    site, _ = await api.ordered(sites_body(reference="S-1"), key="s-1")
    going_back = await _going_back(api)
    kept, gone = await _subscribed(api, "kept"), await _subscribed(api, "gone")
    return f"""
[parameters]
"path.order_id" = "{dated}"
"path.document_id" = "{document}"
"path.subscription_id" = "{kept}"
"path.bulk_id" = "{await _begun(api, bulk)}"
"path.indemnity_id" = "{payable}"
"path.notice_id" = "{letter}"
"path.line_id" = "{dated_line}"
{waiting}
"path.reverse_port_id" = "{going_back}"

{_EXPECTED}

[[operations]]
include-operation-id = "document_content"
parameters = {{ "path.order_id" = "{order}" }}

[[operations]]
include-operation-id = "execute_amendment"
parameters = {{ "path.order_id" = "{to_execute}", "path.amendment_id" = "{execution}" }}

[[operations]]
include-operation-id = "withdraw_amendment"
parameters = {{ "path.order_id" = "{to_withdraw}", "path.amendment_id" = "{withdrawal}" }}

{_parked(await parked_in(api.store))}
{decided}
{await _owed(api, dated, dated_line)}
{_ONCE.format(operation="hold", name="order_id", value=site)}
{_ONCE.format(operation="move_equipment", name="order_id", value=site)}
[[operations]]
include-operation-id = "skip_delivery"
parameters = {{ "path.subscription_id" = "{number[0]}", "path.number" = {number[1]} }}

[[operations]]
include-operation-id = "unsubscribe"
parameters = {{ "path.subscription_id" = "{gone}" }}
{_moves_of_letters(dated_letter, settled_letter)}
"""


def _parked(number: int) -> str:
    return f"""
[[operations]]
include-operation-id = "decide_parked"
parameters = {{ "path.number" = {number} }}
"""


def _moves_of_letters(dated: NoticeId, settled: NoticeId) -> str:
    return f"""
[[operations]]
include-operation-id = "record_notice_dates"
parameters = {{ "path.notice_id" = "{dated}" }}

[[operations]]
include-operation-id = "settle_notice"
parameters = {{ "path.notice_id" = "{settled}" }}
"""


def _answered_with_success(report: Path) -> set[str]:
    """The operations that were answered 2xx at least once, by the tool's own record."""
    succeeded: set[str] = set()
    for line in report.read_text().splitlines():
        scenario = json.loads(line).get("ScenarioFinished")
        if scenario is None:
            continue
        recorder = scenario["recorder"]
        for case_id, interaction in recorder.get("interactions", {}).items():
            response = interaction.get("response") or {}
            if 200 <= response.get("status_code", 0) < 300:
                operation = recorder["cases"][case_id]["value"]
                succeeded.add(f"{operation['method'].upper()} {operation['path']}")
    return succeeded


@pytest.mark.long
@pytest.mark.timeout(400)
async def test_every_operation_keeps_to_its_document(api: Client, tmp_path: Path) -> None:
    guard: Guard = api.app.state.guard
    api.app.state.guard = replace(guard, strangers_per_minute=100_000)
    settings = tmp_path / "schemathesis.toml"
    bulk = await _bulk(api, await _gathering(api))
    settings.write_text(await _world(api, bulk))
    report = tmp_path / "report.ndjson"

    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("schemathesis")),
        "--config-file",
        str(settings),
        "run",
        f"{api.address}/openapi.json",
        "--checks=all",
        "--mode=all",
        "--request-timeout=60",
        "--max-response-time=60",
        f"--seed={SEED}",
        f"--max-examples={EXAMPLES}",
        "--generation-database=none",
        "--continue-on-failure",
        "--no-color",
        "--output-truncate=false",
        "--report=ndjson",
        f"--report-ndjson-path={report}",
        f"--header=Authorization: Bearer {api.keys['test']}",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={
            **os.environ,
            "SCHEMATHESIS_HOOKS": str(HOOKS),
            NOTIFICATION: _notification(),
            WEBHOOK: _webhook(),
            BULK: bulk,
        },
        cwd=tmp_path,
    )
    output, _ = await process.communicate()

    assert process.returncode == 0, output.decode()[-16000:]
    described = (await api("GET", "/openapi.json", caller=None)).body
    operations = {
        f"{method.upper()} {path}"
        for path, methods in described["paths"].items()
        for method in methods
    }
    assert operations - _answered_with_success(report) == set()
