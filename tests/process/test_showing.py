"""What the Temporal UI is told of a line, and how often."""

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from tests.process.conftest import World

SHOWN = EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES


async def test_a_line_is_shown_when_it_rests_and_not_after_every_fact(world: World) -> None:
    line = await world.opened()
    end = await world.end_of(line)
    handle = world.handles[line]

    history = await handle.fetch_history()
    attributes = (await handle.describe()).typed_search_attributes

    updates = [event for event in history.events if event.event_type == SHOWN]
    first = updates[0].upsert_workflow_search_attributes_event_attributes.search_attributes
    assert end.version - len(updates) >= 4  # claimed, gates, dates and the first question: one turn
    assert len(first.indexed_fields) == 6
    assert any(len(_columns_in(update)) < 6 for update in updates)
    columns = {pair.key.name: pair.value for pair in attributes}
    assert (columns["RaccordStage"], columns["RaccordVersion"]) == ("ended", end.version)


def _columns_in(update: HistoryEvent) -> set[str]:
    upserted = update.upsert_workflow_search_attributes_event_attributes
    return set(upserted.search_attributes.indexed_fields)
