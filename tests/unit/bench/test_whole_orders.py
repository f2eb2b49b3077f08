"""The arithmetic of the benchmarks of whole orders: what is divided by what."""

from datetime import timedelta

import pytest
from google.protobuf.duration_pb2 import Duration
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory

from bench.measures import Measure
from bench.process_shape import Spans, script_of, spans_of
from bench.whole_orders import (
    Held,
    Recorded,
    Run,
    Used,
    measures_of,
    measures_of_memory,
    middle_one,
    percentile_ms,
)

HUNDREDTHS = tuple(n / 100 for n in range(101))
SPANS = Spans(turns=HUNDREDTHS, asks=HUNDREDTHS)


def used(worker: float, server: float, database: float, relay: float, **others: float) -> Used:
    parts = {"worker": worker, "server": server, "database": database, "relay": relay}
    return Used(by_part={**parts, **others})


def _run(*, worker: float, server: float, wall: float, events: int) -> Run:
    return Run(
        orders=10,
        used=used(worker, server, 0.5, 0.5),
        wall=wall,
        events=events,
        spans=SPANS,
    )


def _named(measures: tuple[Measure, ...], name: str) -> Measure:
    return next(measure for measure in measures if measure.name == name)


def test_an_order_costs_what_all_parts_used_and_is_compared_to_the_floor() -> None:
    ours = _run(worker=6, server=3, wall=20, events=1800)
    floor = _run(worker=2, server=2, wall=10, events=1750)

    measures = measures_of(ours, floor)

    assert _named(measures, "orders a CPU-second, all parts").ours == 1.0
    assert _named(measures, "orders a CPU-second, all parts").ratio == 0.5
    assert _named(measures, "orders a CPU-second, worker and server").ratio == pytest.approx(4 / 9)
    assert _named(measures, "CPU of an order, worker").ours == 600.0
    assert _named(measures, "CPU of an order, worker").ratio == 3.0
    assert _named(measures, "CPU of an order, database").ours == 50.0
    assert _named(measures, "CPU of an order, database").ratio is None
    assert _named(measures, "orders a second, waits compressed").ratio == 0.5
    assert _named(measures, "history events of an order").ours == 180.0


def test_parts_that_a_bare_process_has_no_work_for_count_and_are_compared_to_nothing() -> None:
    bare = Run(orders=2, used=used(1, 1, 0, 0), wall=1, events=2, spans=SPANS)
    ours = Run(orders=2, used=used(1, 1, 0, 0, api=1, poller=1), wall=1, events=2, spans=SPANS)

    measures = measures_of(ours, bare)

    assert _named(measures, "orders a CPU-second, all parts").ratio == 0.5
    assert _named(measures, "orders a CPU-second, worker and server").ratio == 1.0
    assert _named(measures, "CPU of an order, api").ours == 500.0
    assert _named(measures, "CPU of an order, api").ratio is None


def test_a_percentile_is_of_the_spans_themselves() -> None:
    assert percentile_ms(HUNDREDTHS, 50) == pytest.approx(500)
    assert percentile_ms(HUNDREDTHS, 95) == pytest.approx(950)


def test_what_is_used_is_what_was_added_since() -> None:
    assert used(2, 4, 6, 8).since(used(1, 2, 3, 4)) == used(1, 2, 3, 4)


def test_memory_is_told_whole_and_for_each_order_that_waits() -> None:
    before = Held(by_part={"worker": 100_000_000})
    after = Held(by_part={"worker": 150_000_000})

    whole, each = measures_of_memory(before, after, waiting=1_000)

    assert (whole.ours, whole.floor) == (150.0, 100.0)
    assert (each.ours, each.unit) == (50.0, "kB")


# shapes


def _event(kind: "EventType.ValueType", at: int = 0) -> HistoryEvent:
    event = HistoryEvent(event_id=at + 1, event_type=kind)
    event.event_time.FromMilliseconds(at)
    return event


def _local(name: str) -> HistoryEvent:
    event = _event(EventType.EVENT_TYPE_MARKER_RECORDED)
    marker = event.marker_recorded_event_attributes
    marker.marker_name = "core_local_activity"
    data = Payload(data=f'{{"activity_type":"{name}"}}'.encode())
    marker.details["data"].CopyFrom(Payloads(payloads=[data]))
    return event


def _ask(queue: str) -> HistoryEvent:
    event = _event(EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED)
    event.activity_task_scheduled_event_attributes.task_queue.name = queue
    return event


def _timer(name: str, seconds: float) -> HistoryEvent:
    event = _event(EventType.EVENT_TYPE_TIMER_STARTED)
    started = event.timer_started_event_attributes
    started.timer_id = name
    span = Duration()
    span.FromTimedelta(timedelta(seconds=seconds))
    started.start_to_fire_timeout.CopyFrom(span)
    return event


def _fired(name: str) -> HistoryEvent:
    event = _event(EventType.EVENT_TYPE_TIMER_FIRED)
    event.timer_fired_event_attributes.timer_id = name
    return event


SIGNAL = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED
DECIDED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED
SHOWN = EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES


def _cancelled(name: str) -> HistoryEvent:
    event = _event(EventType.EVENT_TYPE_TIMER_CANCELED)
    event.timer_canceled_event_attributes.timer_id = name
    return event


def test_the_shape_of_a_process_is_read_from_its_history() -> None:
    history = WorkflowHistory(
        "one",
        [
            _local("load"),
            _event(SHOWN),
            _timer("1", 1.5),
            _fired("1"),
            _ask("raccord-orange"),
            _timer("2", 9),
            _event(SIGNAL),
            _cancelled("2"),
            _event(SIGNAL),
            _timer("3", 8),
            _event(SIGNAL),
            _cancelled("3"),
            _local("end"),
        ],
    )

    script = script_of(history, queue="raccord", telling={"end": "ended"})

    assert script == ("local show sleep:1.500 ask:orange:3 wait:9.000:1 wait:8.000:3 local:ended")


def test_what_an_operator_says_later_follows_the_command_before_it() -> None:
    history = WorkflowHistory(
        "one",
        [
            _local("load"),
            _ask("raccord-orange"),
            _event(SIGNAL),
            _local("note"),
            _timer("1", 9),
            _event(SIGNAL),
            _cancelled("1"),
            _local("take"),
        ],
    )

    script = script_of(history, queue="raccord", telling={})

    assert script == "local ask:orange:1 local:1 wait:9.000:2 local"


def test_a_person_decides_once_the_question_is_kept() -> None:
    history = WorkflowHistory(
        "one",
        [
            _ask("raccord-orange"),
            _local("take"),
            _event(SHOWN),
            _timer("1", 9),
            _event(SIGNAL),
            _event(DECIDED),
            _cancelled("1"),
            _local("decide"),
        ],
    )

    script = script_of(history, queue="raccord", telling={})

    assert script == "ask:orange local:1,decided show wait:9.000:2 local"


def test_a_process_that_asks_nobody_is_told_once_from_outside() -> None:
    history = WorkflowHistory(
        "one", [_timer("1", 9), _event(SIGNAL), _event(SIGNAL), _cancelled("1")]
    )

    assert script_of(history, queue="raccord", telling={}) == "wait:9.000:1"


def test_the_floor_has_the_shape_in_the_middle_of_those_without_a_failed_turn() -> None:
    def one(*kinds: "EventType.ValueType") -> Recorded:
        history = WorkflowHistory("one", [_event(kind) for kind in kinds])
        return Recorded(order=history, line=history)

    failed = one(EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED)
    small, middle, large = one(SIGNAL), one(SIGNAL, SHOWN), one(SIGNAL, SHOWN, SHOWN)

    assert middle_one([large, failed, middle, small]) is middle
    with pytest.raises(RuntimeError, match="calmer"):
        middle_one([failed])


def test_a_turn_lasts_from_what_wakes_it_to_its_decision() -> None:
    scheduled = _event(EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED, at=100)
    completed = _event(EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED, at=350)
    completed.workflow_task_completed_event_attributes.scheduled_event_id = scheduled.event_id

    spans = spans_of(WorkflowHistory("one", [scheduled, completed]))

    assert spans == Spans(turns=(0.25,), asks=())
