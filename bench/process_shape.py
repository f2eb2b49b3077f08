"""A process read from what the server recorded of a real one: a script of the same shape."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory

LOCAL = "core_local_activity"


@dataclass
class _Reading:
    """What is known half-way through a history: words, open timers, whom a signal comes from."""

    queue: str
    words: list[str] = field(default_factory=list)
    timers: dict[str, int] = field(default_factory=dict)
    asked: int | None = None
    tells: dict[int, int] = field(default_factory=dict)
    signals: int = 0

    def ask(self, queue: str) -> None:
        self.asked = len(self.words)
        self.words.append(f"ask:{queue.removeprefix(f'{self.queue}-')}")

    def start_timer(self, timer: str, seconds: float) -> None:
        self.timers[timer] = len(self.words)
        self.words.append(f"sleep:{seconds:.3f}")

    def signal(self) -> None:
        """From the operator that was asked last; to a process that asks none, from outside once."""
        if self.asked is None:
            self.signals = 1
        else:
            self.signals += 1
            self.tells[self.asked] = self.tells.get(self.asked, 0) + 1

    def cancel_timer(self, timer: str) -> None:
        """It was a wait, and what had come by then put an end to it."""
        place = self.timers.pop(timer)
        seconds = self.words[place].partition(":")[2]
        self.words[place] = f"wait:{seconds}:{self.signals}"

    def script(self) -> str:
        told = (
            f"{word}:{self.tells[place]}" if place in self.tells else word
            for place, word in enumerate(self.words)
        )
        return " ".join(told)


def script_of(history: WorkflowHistory, *, queue: str, telling: Mapping[str, str]) -> str:
    """`telling` names the local activities whose outbox the outside carries out, and how."""
    reading = _Reading(queue)
    for event in history.events:
        _read(reading, event, telling)
    return reading.script()


def _read(reading: _Reading, event: HistoryEvent, telling: Mapping[str, str]) -> None:
    match event.event_type:
        case EventType.EVENT_TYPE_MARKER_RECORDED:
            name = _local_name(event)
            if name is not None:
                reading.words.append(f"local:{telling[name]}" if name in telling else "local")
        case EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES:
            reading.words.append("show")
        case EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
            reading.ask(event.activity_task_scheduled_event_attributes.task_queue.name)
        case EventType.EVENT_TYPE_TIMER_STARTED:
            started = event.timer_started_event_attributes
            span = started.start_to_fire_timeout.ToTimedelta()
            reading.start_timer(started.timer_id, span.total_seconds())
        case EventType.EVENT_TYPE_TIMER_FIRED:
            reading.timers.pop(event.timer_fired_event_attributes.timer_id, None)
        case EventType.EVENT_TYPE_TIMER_CANCELED:
            reading.cancel_timer(event.timer_canceled_event_attributes.timer_id)
        case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED:
            reading.signal()
        case _:
            pass


def _local_name(event: HistoryEvent) -> str | None:
    marker = event.marker_recorded_event_attributes
    if marker.marker_name != LOCAL:
        return None
    name: str = json.loads(marker.details["data"].payloads[0].data)["activity_type"]
    return name


@dataclass(frozen=True, kw_only=True)
class Spans:
    """Seconds between what wakes a process, or asks an operator, and its being done with."""

    turns: tuple[float, ...]
    asks: tuple[float, ...]


def spans_of(history: WorkflowHistory) -> Spans:
    return Spans(
        turns=tuple(
            _seconds(
                history,
                EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
                lambda e: e.workflow_task_completed_event_attributes.scheduled_event_id,
            )
        ),
        asks=tuple(
            _seconds(
                history,
                EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED,
                lambda e: e.activity_task_completed_event_attributes.scheduled_event_id,
            )
        ),
    )


def _seconds(
    history: WorkflowHistory, ended: "EventType.ValueType", begun: Callable[[HistoryEvent], int]
) -> Iterator[float]:
    at = {event.event_id: event.event_time.ToNanoseconds() for event in history.events}
    for event in history.events:
        if event.event_type == ended:
            yield (at[event.event_id] - at[begun(event)]) / 1e9
