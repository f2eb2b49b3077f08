"""The operators, served: python -m simulators.main PORT API USERNAME."""

import asyncio
import os
import signal
import sys

import aiohttp
from aiohttp import web

from simulators.clock import StackClock
from simulators.exchange import ExchangeSimulator
from simulators.orange import OrangeSimulator
from simulators.scripts import Scripts


def build(
    session: aiohttp.ClientSession, *, api: str, username: str, password: str
) -> web.Application:
    clock = StackClock(session=session, url=api)
    scripts = Scripts()
    orange = OrangeSimulator(
        clock=clock,
        session=session,
        scripts=scripts,
        callback=api,
        username=username,
        password=password,
    )
    exchange = ExchangeSimulator(clock=clock, scripts=scripts, token=password)

    async def learn(request: web.Request) -> web.StreamResponse:
        scripts.learn(await request.json())
        return web.json_response({"learnt": True})

    async def books(_request: web.Request) -> web.StreamResponse:
        return web.json_response(
            {"orange": orange.books.shown(), "exchange": exchange.books.shown()}
        )

    app = web.Application()
    app.router.add_post("/orange/soap", orange.soap)
    app.router.add_post("/exchange/tickets", exchange.hand_in)
    app.router.add_get("/exchange/answers", exchange.polled)
    app.router.add_post("/admin/scripts", learn)
    app.router.add_get("/admin/books", books)
    return app


async def serve(port: int, api: str, username: str, password: str) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    timeout = aiohttp.ClientTimeout(total=10, connect=3, sock_connect=3, sock_read=8)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        app = build(session, api=api, username=username, password=password)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        await stop.wait()
        await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(
        serve(int(sys.argv[1]), sys.argv[2], sys.argv[3], os.environ["SIMULATORS_PASSWORD"])
    )
