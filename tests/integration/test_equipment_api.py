"""Where the equipment of a site is, told and read through HTTP."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest

from domain.access_facts import AccessEnded
from domain.attention import DecisionNotTaken
from domain.clients import Role
from domain.corrections import ReservesKept
from domain.event import Event
from domain.identity import (
    LineId,
    OrderId,
    correction_stream,
    line_id_for,
    line_stream,
    order_subject,
    refused_decisions_stream,
    step_command,
)
from domain.personal import Personal
from domain.port_in_facts import Outcome, UndoingBegun
from domain.works_facts import EquipmentBilled, EquipmentMoved, EquipmentState
from ledger.append import At, CommandStamp
from tests.accesses import SAID, fee
from tests.builders import append, on_stream
from tests.equipment import TODAY
from tests.integration.conftest import Client
from tests.porting import STORY, body
from tests.sites import site, sites_body
from workflows.messages import EquipmentRequest, Ruled

SITES = sites_body("technicophone", site())
S = EquipmentState
RESERVES = "carton enfoncé, pied cassé"


async def _known(api: Client, line: LineId, *facts: Event) -> None:
    version = len(await api.store.ledger.read(line_stream(line)))
    at = At(version)
    await api.store.ledger.append(
        append(f"known-{line}-{version}", on_stream(line_stream(line), *facts, expected=at))
    )


async def test_a_piece_is_told_of_and_who_said_so_stands_beside_it(api: Client) -> None:
    order, line = await api.ordered(SITES)
    told = {"name": "router", "to": "ordered", "on": "2027-01-09", "serial": "RTR/1", "by": "Ops"}

    answered = await api("POST", f"/orders/{order}/equipment", told, key="e-1")

    assert (answered.status, answered.body["taken"]) == (200, True)
    ((asked, request, key),) = api.processes.asked
    assert (asked, key) == (line, "test/e-1")
    assert request == EquipmentRequest(
        by="Ops (test)", name="router", to="ordered", on=TODAY, serial="RTR/1"
    )


async def test_what_is_written_on_the_slip_is_kept_sealed_and_only_its_id_goes_on(
    api: Client,
) -> None:
    order, _ = await api.ordered(SITES)
    told = {"name": "router", "to": "delivered", "reserves": f" {RESERVES} "}

    answered = await api("POST", f"/orders/{order}/equipment", told)

    assert answered.status == 200
    ((_, request, _),) = api.processes.asked
    assert isinstance(request, EquipmentRequest)
    assert request.correction is not None
    assert RESERVES not in request.model_dump_json()
    (kept,) = await api.store.ledger.read(correction_stream(request.correction))
    assert isinstance(kept.event, ReservesKept)
    assert kept.event.reserves.reveal() == RESERVES


@pytest.mark.parametrize(
    ("wrong", "pointer", "sentence"),
    [
        ({"name": "My Router"}, "/name", "Write a name in small letters, like router or router-2."),
        ({"name": None}, "/name", "This must be text, between quotes."),
        ({"to": "lost"}, "/to", "Write one of 'ordered', 'shipped'"),
        ({"on": "soon"}, "/on", "This is not a day: write it like 2027-01-20."),
        ({"on": "1999-01-01"}, "/on", "Check the year"),
        ({"serial": "n° 4"}, "/serial", "Write up to 60 letters and figures, like RTR-204."),
        ({"reserves": "x" * 401}, "/reserves", "This is too long: write at most 400 characters."),
        ({"reserves": "a\nb"}, "/reserves", "Remove the line breaks and control characters"),
        ({"bought": "maybe"}, "/bought", "This must be true or false."),
        ({"euros": "12.345"}, "/euros", "Write cents, and nothing smaller."),
        ({"monthly": "12.345"}, "/monthly", "Write cents, and nothing smaller."),
        ({"once": "-1"}, "/once", "Write"),
        ({"line": "one"}, "/line", "This must be a whole number."),
        ({"by": " "}, "/by", "This is empty: fill it in."),
        ({"where": "here"}, "/where", "This is not a field we know: remove it"),
    ],
)
async def test_every_field_that_is_wrong_says_what_to_write(
    api: Client, wrong: dict[str, object], pointer: str, sentence: str
) -> None:
    order, _ = await api.ordered(SITES)
    told = {"name": "router", "to": "ordered", **wrong}

    answered = await api("POST", f"/orders/{order}/equipment", told)

    assert answered.status in {400, 422}
    (problem,) = answered.body["errors"]
    assert problem["pointer"] == pointer
    assert problem["sentence"].startswith(sentence)
    assert api.processes.asked == []


async def test_what_cannot_be_moved_says_why_and_is_kept_beside_the_line(api: Client) -> None:
    order, line = await api.ordered(SITES)
    api.processes.rulings = [Ruled(taken=False, why="router is not known", version=1)]
    port, _ = await api.ordered(body(reference="P-9"), key="p-9")
    told = {"name": "router", "to": "shipped"}

    refused = await api("POST", f"/orders/{order}/equipment", told)
    number = await api("POST", f"/orders/{port}/equipment", told)

    assert (refused.status, refused.body["detail"]) == (409, "router is not known.")
    (kept,) = await api.store.ledger.read(refused_decisions_stream(line))
    assert isinstance(kept.event, DecisionNotTaken)
    assert number.body["detail"] == ("only a site has equipment to follow.")


async def test_a_move_that_was_kept_before_is_answered_as_taken(api: Client) -> None:
    order, line = await api.ordered(SITES)
    version = len(await api.store.ledger.read(line_stream(line)))
    moved = EquipmentMoved(name="router", to=S.ORDERED, on=TODAY)
    once = append("moved", on_stream(line_stream(line), moved, expected=At(version)))
    command = step_command(line, step="equipment/test/e-2")
    stamp = CommandStamp(command_id=command, fingerprint=b"")
    await api.store.ledger.append(replace(once, command=stamp))

    told = {"name": "router", "to": "ordered"}
    again = await api("POST", f"/orders/{order}/equipment", told, key="e-2")

    assert (again.status, again.body["taken"], api.processes.asked) == (200, True, [])


async def test_only_operations_has_a_piece_invoiced(api: Client) -> None:
    await api.register("shop", Role.INTAKE)
    order, _ = await api.ordered(SITES)
    told = {"name": "router", "to": "invoiced", "euros": "89.00"}

    refused = await api("POST", f"/orders/{order}/equipment", told, caller="shop")
    taken = await api("POST", f"/orders/{order}/equipment", told)

    assert (refused.status, taken.status) == (403, 200)
    assert "the role operations" in refused.body["detail"]


async def test_an_order_lists_the_pieces_of_its_site(api: Client) -> None:
    order, line = await api.ordered(SITES)
    written = Personal(subject=order_subject(OrderId(UUID(order))), value=RESERVES)
    delivered = EquipmentMoved(
        name="router", to=S.DELIVERED, on=TODAY, serial="RTR-1", reserves=written, bought=True
    )
    await _known(
        api,
        line,
        EquipmentMoved(name="router", to=S.ORDERED, on=TODAY, monthly=Decimal("12.00")),
        EquipmentBilled(name="router", on=TODAY, because=SAID, source="002:2476"),
        delivered,
    )

    shown = await api("GET", f"/orders/{order}")

    assert RESERVES not in str(shown.body)
    (one,) = shown.body["lines"]
    assert one["access"]["equipment"] == [
        {
            "name": "router",
            "state": "delivered",
            "since": "2027-01-09",
            "serial": "RTR-1",
            "bought": True,
            "monthly": "12.00",
            "once": None,
            "billed_from": "2027-01-09",
            "with_reserves": True,
            "back_by": None,
            "elsewhere": False,
        }
    ]


ENDED = AccessEnded(outcome=Outcome.DELIVERED, why=SAID, service_started_at=STORY)


async def _ended_without(api: Client) -> tuple[str, LineId]:
    """Delivered, with a router that service did not wait for still on its way."""
    order, line = await api.ordered(SITES)
    ordered = EquipmentMoved(name="router", to=S.ORDERED, on=TODAY)
    sent = EquipmentMoved(name="router", to=S.SHIPPED, on=TODAY, serial="RTR-1")
    await _known(api, line, ordered, sent, ENDED)
    return order, line


async def test_after_the_end_a_piece_is_told_of_without_a_process_and_once(api: Client) -> None:
    order, line = await _ended_without(api)
    told = {"name": "router", "to": "delivered", "on": "2027-01-09", "reserves": RESERVES}

    first = await api("POST", f"/orders/{order}/equipment", told, key="late")
    again = await api("POST", f"/orders/{order}/equipment", told, key="late")

    assert (first.status, again.status, api.processes.asked) == (200, 200, [])
    events = [one.event for one in await api.store.ledger.read(line_stream(line))]
    moved, billed = events[events.index(ENDED) + 1 :]
    assert isinstance(moved, EquipmentMoved)
    assert isinstance(billed, EquipmentBilled)
    assert moved.reserves is not None
    assert moved.reserves.reveal() == RESERVES
    shown = await api("GET", f"/orders/{order}")
    (piece,) = shown.body["lines"][0]["access"]["equipment"]
    assert (piece["state"], piece["with_reserves"]) == ("delivered", True)
    assert shown.body["lines"][0]["outcome"] == "delivered"


async def test_after_the_end_the_same_rules_refuse_with_the_same_sentences(api: Client) -> None:
    order, line = await _ended_without(api)

    jumped = await api("POST", f"/orders/{order}/equipment", {"name": "router", "to": "cancelled"})
    more = await api(
        "POST", f"/orders/{order}/equipment", {"name": "modem", "to": "ordered"}, key="k-2"
    )

    assert jumped.status == 409
    assert jumped.body["detail"] == (
        "router is shipped: it does not become cancelled; say one of delivered, installed, "
        "returned, invoiced, given-up."
    )
    assert "no piece is added to it any more" in more.body["detail"]
    refused = await api.store.ledger.read(refused_decisions_stream(line))
    assert [type(one.event) for one in refused] == [DecisionNotTaken] * 2


async def test_of_several_sites_that_have_all_ended_one_is_to_be_named(api: Client) -> None:
    order, line = await api.ordered(
        sites_body("technicophone", site(), site(socket="OO-1234-5679"))
    )
    other = line_id_for(OrderId(UUID(order)), number=2)
    sent = EquipmentMoved(name="router", to=S.ORDERED, on=TODAY)
    for one in (line, other):
        await _known(api, one, sent, ENDED)
    told = {"name": "router", "to": "cancelled"}

    unnamed = await api("POST", f"/orders/{order}/equipment", told)
    named = await api("POST", f"/orders/{order}/equipment", {**told, "line": 2})

    assert unnamed.body["detail"] == "No line of the order is open any more: say which, with line."
    assert (named.status, named.body["taken"]) == (200, True)


async def test_only_operations_takes_back_a_piece_that_was_invoiced(api: Client) -> None:
    """Its fee is given back."""
    await api.register("shop", Role.INTAKE)
    order, line = await api.ordered(SITES)
    owed = fee("equipment", "89.00")
    await _known(
        api,
        line,
        EquipmentMoved(name="router", to=S.INSTALLED, on=TODAY),
        UndoingBegun(outcome=Outcome.CANCELLED, why=SAID, steps=()),
        EquipmentMoved(name="router", to=S.INVOICED, on=TODAY, fees=(owed,)),
        AccessEnded(outcome=Outcome.CANCELLED, why=SAID, fees=(owed,)),
    )
    told = {"name": "router", "to": "returned", "on": "2027-01-09"}

    refused = await api("POST", f"/orders/{order}/equipment", told, caller="shop")
    before = await api("GET", f"/orders/{order}")
    taken = await api("POST", f"/orders/{order}/equipment", told)
    after = await api("GET", f"/orders/{order}")

    assert (refused.status, taken.status) == (403, 200)
    shown = [one.body["lines"][0]["access"]["fees"] for one in (before, after)]
    assert [[one["euros"] for one in fees] for fees in shown] == [["89.00"], []]
