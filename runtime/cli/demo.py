"""raccord demo: what there is, on real parts, with its expected ends."""

import asyncio
import signal
import uuid
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from runtime.cli.context import current_settings, home_of
from runtime.cli.output import NO, YES, answered, fail, run, say, say_json, table
from runtime.cli.stack import bring_down, show_addresses, start_detached
from runtime.demo import Demo, DemoOrder, wall_now
from runtime.errors import BadInputError
from runtime.stack_state import StackState, is_supervised

if TYPE_CHECKING:
    from runtime.verifying import Verdict


def demo(
    *,
    until_done: bool = typer.Option(False, "--until-done", help="End when the last order has."),
    as_json: bool = typer.Option(False, "--json", help="One JSON object."),
) -> None:
    """Sample orders, followed live; then the stack stays up at scale 1 until Ctrl-C."""
    settings = answered(current_settings)
    if settings.database_url is not None:
        fail(BadInputError("DATABASE_URL is set, and a demo compresses time: unset it to play one"))
    home = home_of(settings)
    answered(home.prepare)
    was_running = is_supervised(home)
    tell = _silent if as_json else say
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        state = answered(lambda: start_detached(home, tell))
        code = _play(state, as_json=as_json)
        if not until_done and not was_running:
            _stay(state)
    finally:
        if not was_running:
            answered(lambda: bring_down(purge=False, tell=tell))
    raise typer.Exit(code)


def _interrupt(_number: int, _frame: object) -> None:
    """However the demo is ended, it puts the clock back and takes its stack down."""
    raise KeyboardInterrupt


def _silent(_line: str) -> None:
    """A script gets one JSON object and nothing else."""


def _play(state: StackState, *, as_json: bool) -> int:
    if not as_json:
        show_addresses(state)
    tell = _silent if as_json else say
    run(_refuse_open_orders())
    orders = run(Demo(run_key=f"demo-{uuid.uuid4()}", say=tell, rescale=_rescale).play())
    verdict = run(_verdict())
    as_expected = all(order.as_expected for order in orders) and verdict.intact
    if as_json:
        say_json({"orders": [asdict(order) for order in orders]}, because=_because(verdict))
    else:
        _show(orders, verdict)
    return YES if as_expected else NO


_OPEN_ORDERS = """
SELECT count(*) FROM event AS received
WHERE type = 'OrderReceived' AND data NOT LIKE '%"reference":"DEMO-%' AND NOT EXISTS (
    SELECT FROM event AS ended WHERE ended.stream_id = received.stream_id
        AND ended.type IN ('OrderAcknowledged', 'OrderLapsed'))
"""


async def _refuse_open_orders() -> None:
    """Their deadlines would run as fast as the demo's."""
    from runtime.cli.database import opened_store

    async with opened_store() as store:
        count: int = await store.pool.fetchval(_OPEN_ORDERS)
    if count:
        raise BadInputError(
            f"orders are open here ({count}) and a demo would run their deadlines out; "
            "set RACCORD_HOME to another directory to play one"
        )


async def _rescale(scale: int) -> None:
    from runtime.cli.database import opened_store

    async with opened_store() as store:
        await store.clock.rescale(at_wall=wall_now(), scale=scale)


async def _verdict() -> "Verdict":
    from runtime.cli.database import opened_store
    from runtime.verifying import verify

    async with opened_store() as store:
        return await verify(store.seals, signer=store.signer)


def _because(verdict: "Verdict") -> dict[str, object]:
    return {"ledger": "intact" if verdict.intact else [f.sentence for f in verdict.faults]}


def _show(orders: tuple[DemoOrder, ...], verdict: "Verdict") -> None:
    rows = [
        (o.scenario, o.expected, o.outcome, "as expected" if o.as_expected else "NOT AS EXPECTED")
        for o in orders
    ]
    table(("scenario", "expected", "outcome", ""), rows)
    say(
        f"ledger: {'intact' if verdict.intact else 'NOT INTACT'}, {verdict.sealed} rows sealed, "
        f"{len(verdict.unsealed)} not sealed yet"
    )


def _stay(state: StackState) -> None:
    say("The stack stays up at scale 1; Ctrl-C stops it.")
    show_addresses(state)
    asyncio.run(_until_interrupted())


async def _until_interrupted() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()
