"""Two stacks and one exchange: a receiver and a donor exchange a request, its refusal, its
acceptance and its tickets through files, and each side's files are the other's."""

import asyncio
import json
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.clock import BusinessClock
from domain.rio import key_of
from runtime.cli.database import with_database
from runtime.demo import SCALE
from runtime.demo_scenarios import STORY, held
from runtime.settings import load_settings
from runtime.simulated import HostKey
from runtime.store import open_store
from tests.e2e.conftest import Raccord, started
from tests.waiting import until

NUMBER = "0612345700"


def _rio(prefix: str) -> str:
    return prefix + key_of(prefix, NUMBER)


ORDER = {
    "reference": "two houses",
    "provider": "nexis",
    "signed_on": "2027-01-08",
    "customer": {"name": "Ateliers du Lac", "contact": "c@example.fr", "kind": "company"},
    "documents": list(held("mandate", "identity")),
    "lines": [{"msisdn": NUMBER, "rio": _rio("02E4AB678"), "host": "orange", "wish": "2027-01-21"}],
}


@pytest.fixture
def houses() -> Iterator[tuple[Raccord, Raccord]]:
    """The receiver runs the simulated exchange; the donor is another member of it."""
    with ExitStack() as both:
        receiver = both.enter_context(started(("RACCORD_EXCHANGE_CODES", "01")))
        receiver.ok("up", "--detach")
        addresses = receiver.state()["addresses"]
        place = addresses["exchange"].rpartition("@")[2]
        join = {"name": "donor", "password": "of the donor", "codes": ["02"]}
        urllib.request.urlopen(
            urllib.request.Request(
                f"{addresses['simulators']}/admin/exchange/members",
                data=json.dumps(join).encode(),
                headers={"Content-Type": "application/json"},
            ),
            timeout=10,
        ).close()
        donor = both.enter_context(
            started(
                ("RACCORD_EXCHANGE_URL", f"sftp://donor@{place}"),
                ("RACCORD_EXCHANGE_PASSWORD", "of the donor"),
                (
                    "RACCORD_EXCHANGE_HOST_KEY",
                    HostKey.of(receiver.home / "simulators" / "host_key").public,
                ),
                ("RACCORD_EXCHANGE_CODES", "02"),
            )
        )
        donor.ok("up", "--detach")
        clock = BusinessClock(wall_origin=datetime.now(UTC), business_origin=STORY, scale=SCALE)
        for house in (receiver, donor):
            asyncio.run(_begin(house, clock))
        yield receiver, donor


async def _begin(house: Raccord, clock: BusinessClock) -> None:
    settings = load_settings({"RACCORD_HOME": str(house.home)})
    async with open_store(with_database(settings)) as store:
        await store.clock.begin(clock)


def _transfer(donor: Raccord, stage: str) -> Any:  # noqa: ANN401  any JSON
    def there() -> Any:  # noqa: ANN401
        waiting = donor.get("/exchange/transfers")["transfers"]
        return next((t for t in waiting if t["stage"] == stage), None)

    return until(there, what=f"a transfer is {stage}", seconds=90)


def _answer(donor: Raccord, transfer: Any, **answer: str) -> None:  # noqa: ANN401  any JSON
    path = f"/exchange/transfers/{transfer['transfer_id']}/answers"
    key = f"{answer['answer']}-{transfer['transfer_id']}"
    assert donor.post(path, answer, key=key) == donor.post(path, answer, key=key)


def _line(receiver: Raccord, order: str) -> Any:  # noqa: ANN401  any JSON
    return receiver.get(f"/orders/{order}")["lines"][0]


@pytest.mark.long
@pytest.mark.timeout(400)
def test_a_number_moves_between_two_houses_and_their_files_agree(
    houses: tuple[Raccord, Raccord],
) -> None:
    receiver, donor = houses
    order = receiver.post("/orders", ORDER, key="two-houses")["order_id"]

    asked = _transfer(donor, "asked")
    assert (asked["msisdn"], asked["rio"]) == (NUMBER, _rio("02E4AB678"))
    assert (asked["receiver"], asked["port_day"]) == ("01", "2027-01-21")
    _answer(donor, asked, answer="refuse", code="R123")
    until(
        lambda: any(a["code"] == "donor-refused" for a in _line(receiver, order)["attention"]),
        what="the refusal is heard",
        seconds=60,
    )
    corrected = {"decision": "correct", "reason": "read again", "rio": _rio("02E4AB679")}
    receiver.post(f"/orders/{order}/decisions", corrected, key="corrected")

    again = _transfer(donor, "asked")
    assert again["transfer_id"] != asked["transfer_id"]
    assert again["rio"] == _rio("02E4AB679")
    _answer(donor, again, answer="accept")
    _answer(donor, _transfer(donor, "announced"), answer="confirm")
    until(
        lambda: receiver.get(f"/orders/{order}")["stage"] == "closed",
        what="the order ends",
        seconds=120,
    )

    line = _line(receiver, order)
    facts = {entry["event"] for entry in line["timeline"]}
    assert (line["outcome"], line["plan"]["port_day"]) == ("ported", "2027-01-21")
    assert {"PortRefused", "DataCorrected", "PortAccepted", "ConfirmationReceived"} <= facts
    assert "ConfirmationsMissing" not in facts
    assert donor.get("/exchange/transfers")["transfers"] == []
    _agree(sender=receiver, recipient=donor, codes=("01", "02"))
    _agree(sender=donor, recipient=receiver, codes=("02", "01"))


def _agree(*, sender: Raccord, recipient: Raccord, codes: tuple[str, str]) -> None:
    """What one put down is what the other took, answer by answer and ticket by ticket."""
    emitter, to = codes
    sent = [f for f in _files(sender)["sent"] if f["recipient"] == to]
    received = [f for f in _files(recipient)["received"] if f["emitter"] == emitter]

    assert sent
    assert {f["name"]: (f["tickets"], f["answer"]) for f in sent if "DATA" in f["name"]} == {
        f["name"]: (f["lines"], f["answer"]) for f in received if "DATA" in f["name"]
    }
    assert {f["answer"] for f in sent} == {"E000"}


def _files(house: Raccord) -> Any:  # noqa: ANN401  any JSON
    return house.get("/exchange/files")
