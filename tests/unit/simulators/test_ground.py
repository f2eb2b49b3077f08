"""What whoever tests can ask and say of the simulated networks' sites, over HTTP."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from simulators.main import build

LILAS = {"commune": "59350", "address": "1 rue des Lilas"}
Answer = tuple[int, Any]


class Admin:
    """The endpoints, as a client sees them."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self.session, self.url = session, url

    async def post(self, path: str, body: dict[str, Any]) -> Answer:
        async with self.session.post(f"{self.url}/admin/{path}", json=body) as response:
            return response.status, await response.json()

    async def boxes(self) -> Any:  # noqa: ANN401  any JSON
        async with self.session.get(f"{self.url}/admin/sites") as response:
            return await response.json()


@pytest.fixture
async def admin() -> AsyncIterator[Admin]:
    async with aiohttp.ClientSession() as session:
        app = build(session, api="http://127.0.0.1:1", username="raccord", password="p")
        async with TestServer(app) as server:
            yield Admin(session, str(server.make_url("")).rstrip("/"))


async def test_no_host_has_a_box_before_anybody_orders(admin: Admin) -> None:
    assert await admin.boxes() == {"orange": [], "sfr": [], "bouygues": []}


async def test_a_site_is_told_and_looked_at(admin: Admin) -> None:
    told = await admin.post("scripts", {"site": "Lilas", "is": ["length:99"], "sfr": ["closed"]})

    looked = [await admin.post("sites", {"host": host, **LILAS}) for host in ("orange", "sfr")]

    assert told == (200, {"learnt": True})
    assert [site["words"] for _, site in looked] == [["length:99"], ["closed", "length:99"]]
    assert [site["metres"] for _, site in looked] == [99, 99]


@pytest.mark.parametrize(
    ("path", "body", "why"),
    [
        ("scripts", {"site": "Lilas", "is": ["satured"]}, "satured is no word of a site"),
        ("scenario", {"sites": {"Lilas": {"is": ["satured"]}}}, "satured is no word of a site"),
        ("sites", {"host": "nobody", **LILAS}, "name a host"),
        ("sites", {"host": "sfr", "commune": "59350"}, "name a host"),
    ],
)
async def test_what_cannot_be_said_of_a_site_is_answered_with_a_sentence(
    admin: Admin, path: str, body: dict[str, Any], why: str
) -> None:
    status, answer = await admin.post(path, body)

    assert status == 400
    assert why in answer["why"]
