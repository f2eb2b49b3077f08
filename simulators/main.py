"""The operators, served: python -m simulators.main PORT API USERNAME."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from simulators import bouygues, mail, orange, sfr
from simulators.bouygues import BouyguesSimulator
from simulators.clock import StackClock
from simulators.geography import Place
from simulators.network import Network
from simulators.orange import OrangeSimulator
from simulators.pnm.hub import Hub
from simulators.pnm.mailboxes import Account, Mailboxes, listen
from simulators.pnm.population import Population
from simulators.pnm.wire import MEMBERS
from simulators.scenarios import ScenarioError, read_scenario, scenario_of
from simulators.scripts import Scripts
from simulators.sfr import SfrSimulator

SCENARIO = "SIMULATORS_SCENARIO"
KEPT = "SIMULATORS_EXCHANGE_FOLDER"
"""Where hosts keep their lines and their sites over a restart, beside the exchange's folders."""


@dataclass(frozen=True)
class Hosts:
    orange: OrangeSimulator
    sfr: SfrSimulator
    bouygues: BouyguesSimulator

    @property
    def networks(self) -> dict[str, Network]:
        networks = (self.orange.network, self.sfr.network, self.bouygues.network)
        return {network.name: network for network in networks}

    def set_condition(self, body: dict[str, Any]) -> None:
        """`{"host": "sfr", "maintenance": true, "expire-tokens": true, "latency": 0.2}`."""
        network = self.networks[str(body["host"])]
        network.maintenance = bool(body.get("maintenance", network.maintenance))
        network.latency = float(body.get("latency", network.latency))
        if body.get("expire-tokens") and network.name == "sfr":
            self.sfr.tokens.clear()


def hosts_of(
    session: aiohttp.ClientSession, scripts: Scripts, *, api: str, username: str, password: str
) -> Hosts:
    clock = StackClock(session=session, url=api)
    hosts = Hosts(
        orange=OrangeSimulator(session=session, callback=api, username=username, password=password),
        sfr=SfrSimulator(client_id=username, client_secret=password),
        bouygues=BouyguesSimulator(session=session, callback=api, secret=password),
    )
    hosts.orange.network = Network(
        name="orange",
        clock=clock,
        scripts=scripts,
        tell=hosts.orange.tell,
        codes=orange.CODES,
        line_prefix="OL-",
        number_prefix="07560",
        rio_prefix="01",
    )
    hosts.sfr.network = Network(
        name="sfr",
        clock=clock,
        scripts=scripts,
        tell=hosts.sfr.tell,
        codes=sfr.CODES,
        line_prefix="LS",
        number_prefix="07561",
        rio_prefix="02",
    )
    hosts.bouygues.network = Network(
        name="bouygues",
        clock=clock,
        scripts=scripts,
        tell=hosts.bouygues.tell,
        codes=bouygues.CODES,
        line_prefix="bt-",
        number_prefix="07562",
        rio_prefix="03",
        replays=True,
    )
    return hosts


def build(
    session: aiohttp.ClientSession,
    *,
    api: str,
    username: str,
    password: str,
    scripts: Scripts | None = None,
    hub: Hub | None = None,
) -> web.Application:
    scripts = scripts or Scripts()
    scenario = os.environ.get(SCENARIO)
    if scenario:
        scripts.play(read_scenario(Path(scenario)))
    hosts = hosts_of(session, scripts, api=api, username=username, password=password)
    folder = os.environ.get(KEPT)
    for network in hosts.networks.values():
        if folder:
            network.kept = Path(folder) / f"{network.name}-lines.json"
            network.accesses.kept = Path(folder) / f"{network.name}-sites.json"
        network.recall()
        network.accesses.recall()
        network.resume()

    async def books(_request: web.Request) -> web.StreamResponse:
        shown = {name: network.books.shown() for name, network in hosts.networks.items()}
        return web.json_response(
            shown | {"exchange": [] if hub is None else hub.population.shown()}
        )

    app = web.Application()
    app.router.add_post("/orange/soap", hosts.orange.soap)
    app.router.add_routes([*hosts.sfr.routes(), *hosts.bouygues.routes()])
    app.router.add_get("/admin/books", books)
    _add_ground(app, hosts)
    _add_directing(app, scripts, hosts)
    if hub is not None:
        _add_members(app, hub)
    return app


def _add_ground(app: web.Application, hosts: Hosts) -> None:
    """What lies where, for whoever tests."""

    async def boxes(_request: web.Request) -> web.StreamResponse:
        return web.json_response(
            {name: network.accesses.geography.shown() for name, network in hosts.networks.items()}
        )

    async def look(request: web.Request) -> web.StreamResponse:
        """`{"host": "sfr", "commune": "59350", "address": "…"}`: what is there."""
        body = await request.json()
        try:
            network = hosts.networks[body.pop("host")]
            place = Place(**body)
        except (KeyError, TypeError):
            why = f"name a host ({', '.join(hosts.networks)}), a commune and an address"
            return web.json_response({"why": why}, status=400)
        return web.json_response(network.accesses.geography.look(place))

    async def visits(_request: web.Request) -> web.StreamResponse:
        return web.json_response(
            {name: network.accesses.technicians.shown() for name, network in hosts.networks.items()}
        )

    app.router.add_get("/admin/visits", visits)
    app.router.add_get("/admin/sites", boxes)
    app.router.add_post("/admin/sites", look)


def _add_members(app: web.Application, hub: Hub) -> None:
    """Another member joins the exchange: a second stack, with codes of its own."""

    async def join(request: web.Request) -> web.StreamResponse:
        body = await request.json()
        codes = frozenset(str(code) for code in body["codes"])
        account = Account(str(body["name"]), str(body["password"]), codes)
        hub.mailboxes.add(account)
        return web.json_response({"joined": account.name})

    async def folders(request: web.Request) -> web.StreamResponse:
        account = hub.mailboxes.accounts[request.match_info["name"]]
        group = request.match_info["group"]
        return web.json_response({"in": hub.mailboxes.waiting_for(account, group)})

    async def files(_request: web.Request) -> web.StreamResponse:
        return web.json_response(hub.population.carried())

    async def take_back(request: web.Request) -> web.StreamResponse:
        taken = await hub.population.take_back(str((await request.json())["msisdn"]))
        return web.json_response({"taken_back": taken}, status=200 if taken else 404)

    async def reactivate(request: web.Request) -> web.StreamResponse:
        done = hub.population.activate_again(str((await request.json())["msisdn"]))
        return web.json_response({"reactivated": done}, status=200 if done else 404)

    app.router.add_post("/admin/exchange/take-back", take_back)
    app.router.add_post("/admin/exchange/reactivate", reactivate)
    app.router.add_get("/admin/exchange/files", files)
    app.router.add_post("/admin/exchange/members", join)
    app.router.add_get("/admin/exchange/members/{name}/{group}", folders)


def _add_directing(app: web.Application, scripts: Scripts, hosts: Hosts) -> None:
    """How whoever tests tells the operators to behave."""

    async def learn(request: web.Request) -> web.StreamResponse:
        try:
            scripts.learn(await request.json())
        except ScenarioError as exc:
            return web.json_response({"why": str(exc)}, status=400)
        return web.json_response({"learnt": True})

    async def play(request: web.Request) -> web.StreamResponse:
        try:
            scripts.play(scenario_of(await request.json()))
        except ScenarioError as exc:
            return web.json_response({"why": str(exc)}, status=400)
        return web.json_response({"playing": True})

    async def condition(request: web.Request) -> web.StreamResponse:
        try:
            hosts.set_condition(await request.json())
        except (KeyError, ValueError):
            why = f"name a host: {', '.join(hosts.networks)}; latency is in seconds"
            return web.json_response({"why": why}, status=400)
        return web.json_response({"set": True})

    async def meddle(request: web.Request) -> web.StreamResponse:
        """`{"host": "sfr", "line": "…", "standing": "suspended"}`: behind everybody's back."""
        body = await request.json()
        try:
            network = hosts.networks[str(body["host"])]
            name = network.meddle(str(body["line"]), str(body["standing"]))
        except (KeyError, ValueError):
            why = f"name a host ({', '.join(hosts.networks)}), a line it has, and a standing"
            return web.json_response({"why": why}, status=400)
        return web.json_response({"line": name})

    app.router.add_post("/admin/lines", meddle)
    app.router.add_post("/admin/scripts", learn)
    app.router.add_post("/admin/scenario", play)
    app.router.add_post("/admin/hosts", condition)


@dataclass(frozen=True)
class ExchangePlace:
    """Where the exchange listens, and where it keeps its folders; where mails go, if anywhere."""

    port: int
    folder: Path
    host_key: str
    mail_port: int | None = None

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "ExchangePlace":
        return cls(
            port=int(environment["SIMULATORS_EXCHANGE_PORT"]),
            folder=Path(environment["SIMULATORS_EXCHANGE_FOLDER"]),
            host_key=environment["SIMULATORS_HOST_KEY"],
            mail_port=int(environment.get("SIMULATORS_MAIL_PORT") or 0) or None,
        )


def hub_of(clock: StackClock, scripts: Scripts, folder: Path, account: Account) -> Hub:
    mailboxes = Mailboxes(root=folder)
    mailboxes.add(account)
    population = Population(
        clock=clock, scripts=scripts, mailboxes=mailboxes, state=folder / "sequences.json"
    )
    return Hub(mailboxes=mailboxes, population=population)


async def serve(port: int, api: str, username: str, password: str, place: ExchangePlace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    timeout = aiohttp.ClientTimeout(total=10, connect=3, sock_connect=3, sock_read=8)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        scripts = Scripts()
        everybody = Account(username, password, frozenset(MEMBERS["gpmag"]))
        hub = hub_of(StackClock(session=session, url=api), scripts, place.folder, everybody)
        app = build(
            session,
            api=api,
            username=username,
            password=password,
            scripts=scripts,
            hub=hub,
        )
        mails = mail.Mails()
        mails.add_to(app)
        if place.mail_port is not None:
            await mail.listen(mails, port=place.mail_port)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        acceptor = await listen(hub.mailboxes, port=place.port, host_key=place.host_key)
        await web.TCPSite(runner, "127.0.0.1", port).start()
        carrying = asyncio.create_task(hub.run())
        await stop.wait()
        carrying.cancel()
        acceptor.close()
        await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(
        serve(
            int(sys.argv[1]),
            sys.argv[2],
            sys.argv[3],
            os.environ["SIMULATORS_PASSWORD"],
            ExchangePlace.of(os.environ),
        )
    )
