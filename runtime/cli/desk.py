"""What operations works from: attention, deadlines, and taking up what Temporal has lost."""

import asyncio
import re
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import typer

from runtime.cli.client import call, call_all
from runtime.cli.languages import Language, LanguageOption
from runtime.cli.output import answered, run, say, say_json, table
from runtime.errors import BadInputError, CommandError

if TYPE_CHECKING:
    from runtime.resuming import Resumed

_HOURS = {"h": 1, "d": 24, "w": 24 * 7}
AsJson = typer.Option(False, "--json", help="One JSON object.")


def whoami(*, as_json: bool = AsJson) -> None:
    """Who you are to the API, what you may do, and which keys of yours there are."""
    me = run(call("GET", "/me"))
    if as_json:
        say_json(me["name"], because=me)
        return
    sees = "own orders" if me["own_orders_only"] else "all orders"
    say(f"{me['name']}: {', '.join(me['roles'])}; {sees}; {me['per_minute']} calls a minute")
    rows = [(key["key_id"], key["issued_at"], key["ends_at"]) for key in me["keys"]]
    table(("key", "issued", "ends"), rows)


def attention(
    *,
    queue: str | None = typer.Option(None, "--queue", help="Of one team: operations…"),
    language: Language = LanguageOption,
    as_json: bool = AsJson,
) -> None:
    """What needs a person, most urgent first."""
    asked = "" if queue is None else f"?{urlencode({'queue': queue})}"
    found = run(call_all(f"/attention{asked}", "attention"))
    if as_json:
        say_json(found)
        return
    rows = [
        (
            a["until"],
            "late" if a["late"] else "",
            a["turn"],
            a["queue"],
            a["about"]["matter"],
            a["order_id"] or a["about"]["id"],
            a["code"],
            a["what"][language],
        )
        for a in found
    ]
    if found:
        table(("until", "", "turn", "queue", "about", "order, or what", "code", "what"), rows)
    else:
        say("Nothing waits for a person" + (f" in the queue {queue}." if queue else "."))
    late = sum(a["late"] for a in found)
    if late:
        say(f"{late} of {len(found)} late: nobody has answered in time")
    counted = Counter(a["about"]["matter"] for a in found)
    for matter, where in _ANSWERED.items():
        if counted[matter]:
            say(f"{counted[matter]} of these: {where}")
    _mention_nights()


_ANSWERED = {
    "indemnity": "raccord indemnity list",
    "reverse-port": "raccord reverse list",
    "difference": "raccord reconcile differences",
    "host": "raccord reconcile last",
    "notice": "raccord notice list",
    "trouble": "raccord exchange troubles",
    "transfer": "raccord exchange transfers",
    "parked": "raccord parked list",
}
"""Where what is not a line's is read and answered."""


def _mention_nights() -> None:
    """A host nobody compared when it was time to; to whoever may not read it, nothing is said."""
    try:
        hosts = asyncio.run(call("GET", "/reconcile/hosts"))["hosts"]
    except CommandError:
        return
    for one in hosts:
        if one["overdue"]:
            say(f"{one['host']} was not compared on its last night: raccord resume")


def deadlines(
    *,
    within: str = typer.Option("7d", "--within", help="How far to look: 12h, 3d, 2w."),
    language: Language = LanguageOption,
    as_json: bool = AsJson,
) -> None:
    """What is due soon, and what is late already."""
    hours = answered(lambda: _hours(within))
    found = run(call_all(f"/deadlines?within_hours={hours}", "deadlines"))
    if as_json:
        say_json(found, because={"within_hours": hours})
        return
    rows = [
        (
            d["until"],
            "late" if d["late"] else "",
            d["about"]["matter"],
            d["order_id"] or d["about"]["id"],
            d["stage"],
            d["what"][language],
        )
        for d in found
    ]
    if not rows:
        say(f"Nothing is late, and nothing is due within {within}.")
        return
    table(("until", "", "about", "order, or what", "stage", "what"), rows)


def _hours(text: str) -> int:
    match = re.fullmatch(r"([0-9]{1,4})([hdw])", text.strip())
    if match is None:
        raise BadInputError(f"'{text}' is no span; write it like 12h, 3d or 2w")
    return int(match[1]) * _HOURS[match[2]]


def resume(*, as_json: bool = AsJson) -> None:
    """Start again, from the ledger, whatever Temporal has lost; what still runs is left alone."""
    resumed = run(_resume())
    if as_json:
        say_json(vars(resumed))
    else:
        say(f"{resumed.orders} open orders and {resumed.lines} open lines have a process")
        if resumed.indemnities:
            say(f"and {resumed.indemnities} open indemnities")
        if resumed.reverse_ports:
            say(f"and {resumed.reverse_ports} reverse ports")


_OPEN = """
SELECT DISTINCT stream_id FROM event AS received
WHERE type = 'OrderReceived' AND NOT EXISTS (
    SELECT FROM event AS ended
    WHERE ended.stream_id = received.stream_id AND ended.type = 'OrderClosed')
"""


async def _resume() -> "Resumed":
    from temporalio.service import RPCError

    from domain.identity import StreamId, order_of_stream
    from runtime.cli.context import current_settings, home_of
    from runtime.cli.database import opened_store
    from runtime.errors import UnavailableError
    from runtime.indemnities import indemnity_documents
    from runtime.processes.projector import line_documents
    from runtime.reconciling import reconcile_documents
    from runtime.resuming import Resumption
    from runtime.reverse_ports import reverse_port_documents
    from runtime.rules import port_rules
    from runtime.stack_state import read_state
    from runtime.starting import ProcessStarter
    from runtime.temporal_server import add_search_attributes
    from runtime.wiring import connect_temporal, reverse_book

    settings = current_settings()
    state = read_state(home_of(settings))
    if settings.temporal_address is None and state is not None and "temporal" in state.addresses:
        settings = settings.model_copy(update={"temporal_address": state.addresses["temporal"]})
    async with opened_store() as store:
        rows = await store.pool.fetch(_OPEN)
        found = (order_of_stream(StreamId(row["stream_id"])) for row in rows)
        try:
            client = await connect_temporal(settings, lazy=False)
            await add_search_attributes(str(settings.temporal_address), settings.temporal_namespace)
            resumption = Resumption(
                starter=ProcessStarter(client=client, clocks=store.clock),
                lines=line_documents(store),
                indemnities=indemnity_documents(store),
                differences=reconcile_documents(store),
                reverse_ports=reverse_port_documents(
                    store, reverse_book(store, port_rules(settings))
                ),
                ledger=store.ledger,
            )
            return await resumption.resume(tuple(one for one in found if one is not None))
        except (RPCError, RuntimeError) as exc:
            raise UnavailableError(
                f"Temporal does not answer ({type(exc).__name__}); start it, and resume again"
            ) from exc
