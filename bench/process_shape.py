"""A process read from what the server recorded of a real one: a script of the same shape."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory

LOCAL = "core_local_activity"
DECIDED = "decided"
"""What a person is asked about is decided from outside."""


@dataclass
class _Reading:
    """What is known half-way through a history: words, open timers, whom a signal comes from."""

    queue: str
    words: list[str] = field(default_factory=list)
    timers: dict[str, int] = field(default_factory=dict)
    telling: int | None = None
    """The last word before it waits to be told; None in a process that asks nobody."""
    tells: dict[int, int] = field(default_factory=dict)
    decides: set[int] = field(default_factory=set)
    signals: int = 0

    def local(self, leads_to: str | None) -> None:
        if leads_to is None and self.telling is not None:
            self.telling = len(self.words)
        self.words.append("local" if leads_to is None else f"local:{leads_to}")

    def ask(self, queue: str) -> None:
        self.telling = len(self.words)
        self.words.append(f"ask:{queue.removeprefix(f'{self.queue}-')}")

    def start_timer(self, timer: str, seconds: float) -> None:
        self.timers[timer] = len(self.words)
        self.words.append(f"sleep:{seconds:.3f}")

    def signal(self) -> None:
        """From an operator, once what comes before it is done; to a process that asks none, from
        outside once."""
        if self.telling is None:
            self.signals = 1
        else:
            self.signals += 1
            self.tells[self.telling] = self.tells.get(self.telling, 0) + 1

    def decide(self) -> None:
        """Once its question is kept; what is decided is the next command."""
        if self.telling is not None:
            self.signals += 1
            self.decides.add(self.telling)

    def cancel_timer(self, timer: str) -> None:
        """It was a wait, and what had come by then put an end to it."""
        place = self.timers.pop(timer)
        seconds = self.words[place].partition(":")[2]
        self.words[place] = f"wait:{seconds}:{self.signals}"

    def script(self) -> str:
        return " ".join(
            ":".join((word, *self._leads_to(place))) for place, word in enumerate(self.words)
        )

    def _leads_to(self, place: int) -> tuple[str, ...]:
        told = [str(self.tells[place])] if place in self.tells else []
        decided = [DECIDED] if place in self.decides else []
        return (",".join((*told, *decided)),) if told or decided else ()


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
                reading.local(telling.get(name))
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
        case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED:
            reading.decide()
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
