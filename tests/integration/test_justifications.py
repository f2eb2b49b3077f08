"""A justification that is filed reaches the line whose donor said that its number had ended."""

from activities.lines import LineLedger
from domain.identity import LineId, line_stream
from domain.port_in_facts import PortOpened
from ledger.append import Append, At, CommandStamp, StreamAppend
from ledger.messages import PROVIDE_PAPER
from runtime.processes.projector import line_documents
from runtime.providing import PaperProvider
from runtime.relay import Done
from tests.builders import command_id
from tests.integration.conftest import Client
from tests.papers import pdf
from tests.porting import STORY
from tests.unit.domain.port_in_story import Story


async def _refused(api: Client, line: LineId, order: str, code: str) -> None:
    """By every fact of a real port, up to the donor's no."""
    lines = LineLedger(ledger=api.store.ledger, keyed_hash=api.store.keyed_hash)
    (opened,) = await lines.read(line)
    assert isinstance(opened.event, PortOpened)
    await api.store.ledger.append(
        Append(
            command=CommandStamp(command_id=command_id(f"refused {line}"), fingerprint=b"test"),
            business_at=STORY,
            actor="test",
            correlation=order,
            streams=(
                StreamAppend(
                    stream_id=line_stream(line),
                    expected=At(1),
                    events=tuple(Story().refused(code).facts[1:]),
                ),
            ),
        )
    )


async def _filed(api: Client, order: str) -> None:
    about = "name=justification&on=2027-01-08"
    async with api.session.post(
        f"{api.address}/orders/{order}/documents?{about}",
        data=pdf(),
        headers={
            "Authorization": f"Bearer {api.keys['test']}",
            "Content-Type": "application/pdf",
            "Idempotency-Key": "why",
        },
    ) as response:
        assert response.status == 201


async def _provided(api: Client) -> None:
    provider = PaperProvider(
        ledger=api.store.ledger, lines=line_documents(api.store), processes=api.processes
    )
    for row in await api.store.outbox.lease(limit=50):
        if row.kind == PROVIDE_PAPER:
            assert await provider.provide(row.payload) == Done()


async def test_it_answers_the_donors_r323(api: Client) -> None:
    order, line = await api.ordered()
    await _refused(api, line, order, "R323")
    await _filed(api, order)

    await _provided(api)

    ((asked, request, _),) = api.processes.asked
    assert asked == line
    assert request.model_dump(include={"decision", "about", "given"}) == {
        "decision": "provide",
        "about": "donor-refused",
        "given": {"document": "justification@2027-01-08"},
    }


async def test_it_changes_nothing_where_the_donor_said_something_else(api: Client) -> None:
    order, line = await api.ordered()
    await _refused(api, line, order, "R123")
    await _filed(api, order)

    await _provided(api)

    assert api.processes.asked == []
