"""raccord demo: what there is, on real parts, with its expected ends."""

import asyncio
import signal
import uuid
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import typer

from runtime.cli.context import current_settings, home_of
from runtime.cli.output import NO, YES, answered, fail, run, say, say_json, table
from runtime.cli.stack import bring_down, show_addresses, start_detached
from runtime.demo import DAY_SECONDS, Demo, DemoOrder, wall_now
from runtime.demo_fleet import NAME as FLEET
from runtime.demo_returns import ALL_SCENARIOS
from runtime.demo_stories import Scenario
from runtime.errors import BadInputError
from runtime.stack_state import StackState, is_supervised

if TYPE_CHECKING:
    from runtime.verifying import Verdict


def demo(
    *,
    until_done: bool = typer.Option(False, "--until-done", help="End when the last order has."),
    pace: int = typer.Option(
        12, "--pace", min=1, max=60, help="Seconds a business day takes: more on a slow machine."
    ),
    only: list[str] = typer.Option([], "--only", help="Only these scenarios, by name."),
    as_json: bool = typer.Option(False, "--json", help="One JSON object."),
) -> None:
    """Sample orders, followed live; then the stack stays up at scale 1 until Ctrl-C."""
    settings = answered(current_settings)
    if settings.database_url is not None:
        fail(BadInputError("DATABASE_URL is set, and a demo compresses time: unset it to play one"))
    chosen = answered(lambda: _chosen(only))
    home = home_of(settings)
    answered(home.prepare)
    was_running = is_supervised(home)
    tell = _silent if as_json else say
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        state = answered(lambda: start_detached(home, tell))
        code = _play(state, chosen, as_json=as_json, pace=pace)
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


@dataclass(frozen=True, kw_only=True)
class _Chosen:
    scenarios: tuple[Scenario, ...]
    fleet: bool


def _chosen(only: list[str]) -> _Chosen:
    names = {*(scenario.name for scenario in ALL_SCENARIOS), FLEET}
    unknown = [name for name in only if name not in names]
    if unknown:
        raise BadInputError(
            f"there is no scenario '{unknown[0]}'; write one of {'; '.join(sorted(names))}"
        )
    scenarios = tuple(s for s in ALL_SCENARIOS if not only or s.name in only)
    return _Chosen(scenarios=scenarios, fleet=not only or FLEET in only)


def _play(state: StackState, chosen: _Chosen, *, as_json: bool, pace: int) -> int:
    if not as_json:
        show_addresses(state)
    tell = _silent if as_json else say
    run(_refuse_open_orders())
    demo = Demo(
        run_key=f"demo-{uuid.uuid4()}",
        say=tell,
        begin=_begin,
        rescale=_rescale,
        teach=lambda script: _teach(state, script),
        meddle=lambda change: _meddle(state, change),
        scenarios=chosen.scenarios,
        fleet=chosen.fleet,
        scale=DAY_SECONDS // pace,
    )
    orders = run(demo.play())
    verdict = run(_verdict())
    doubled = run(_doubled(state))
    as_expected = all(order.as_expected for order in orders) and verdict.intact and not doubled
    if as_json:
        because = {**_because(verdict), "effects_made_twice": doubled}
        say_json({"orders": [asdict(order) for order in orders]}, because=because)
    else:
        _show(orders, verdict, doubled)
    return YES if as_expected else NO


_OPEN_ORDERS = """
SELECT count(*) FROM event AS received
WHERE type = 'OrderReceived' AND NOT EXISTS (
    SELECT FROM event AS ended
    WHERE ended.stream_id = received.stream_id AND ended.type = 'OrderClosed')
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


async def _begin(story: datetime, scale: int) -> None:
    """Nothing is open: the stack's time may begin with the story."""
    from domain.clock import BusinessClock
    from runtime.cli.database import opened_store

    async with opened_store() as store:
        await store.clock.begin(
            BusinessClock(wall_origin=wall_now(), business_origin=story, scale=scale)
        )


async def _teach(state: StackState, script: dict[str, Any]) -> None:
    asked = dict(script)
    path = str(asked.pop("path", "/admin/scripts"))
    await _of_the_operators(state, "POST", path, asked)


async def _meddle(state: StackState, change: dict[str, Any]) -> None:
    await _of_the_operators(state, "POST", "/admin/lines", change)


async def _doubled(state: StackState) -> int:
    """Effects an operator made more than once for one intention: there must be none."""
    books = await _of_the_operators(state, "GET", "/admin/books", None)
    return sum(effect["times"] > 1 for effects in books.values() for effect in effects)


async def _of_the_operators(
    state: StackState, method: str, path: str, body: dict[str, Any] | None
) -> dict[str, Any]:
    import aiohttp

    if "simulators" not in state.addresses:
        raise BadInputError(
            "a demo plays with simulated operators: unset RACCORD_ORANGE_URL, RACCORD_SFR_URL, "
            "RACCORD_BOUYGUES_URL and RACCORD_EXCHANGE_URL"
        )
    timeout = aiohttp.ClientTimeout(total=10)
    async with (
        aiohttp.ClientSession(timeout=timeout) as session,
        session.request(method, f"{state.addresses['simulators']}{path}", json=body) as response,
    ):
        return dict(await response.json())


async def _verdict() -> "Verdict":
    from runtime.cli.database import opened_store
    from runtime.verifying import verify

    async with opened_store() as store:
        return await verify(store.seals, signer=store.signer)


def _because(verdict: "Verdict") -> dict[str, object]:
    return {"ledger": "intact" if verdict.intact else [f.sentence for f in verdict.faults]}


def _show(orders: tuple[DemoOrder, ...], verdict: "Verdict", doubled: int) -> None:
    rows = [
        (
            o.provider,
            o.scenario,
            o.outcome,
            "as expected" if o.as_expected else "; ".join(o.differences),
            o.because,
        )
        for o in orders
    ]
    table(("provider", "scenario", "outcome", "", "because"), rows)
    say(
        f"ledger: {'intact' if verdict.intact else 'NOT INTACT'}, {verdict.sealed} rows sealed, "
        f"{len(verdict.unsealed)} not sealed yet; effects made twice: {doubled}"
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
