"""Ids, codes, dates and outcomes are all that Temporal ever sees (design § 10.7)."""

import inspect
import typing

import pytest
from pydantic import BaseModel, TypeAdapter

from activities.difference_questions import DifferenceQuestions
from activities.differences import DifferenceActivities
from activities.indemnities import IndemnityActivities
from activities.new_numbers import NewNumberActivities
from activities.operators import OperatorActivities
from activities.orders import OrderActivities
from activities.port_in import PortInActivities
from activities.port_in_messages import PortInMessages
from activities.port_in_people import PortInPeople
from activities.reconciling import HostComparison, ReconcileActivities
from domain.personal import PERSONAL_MARKER, Personal
from runtime.processes.worker import PROCESSES
from workflows.line_process import LineProcess, StartLine

ACTIVITIES = [
    OrderActivities,
    PortInActivities,
    PortInMessages,
    PortInPeople,
    NewNumberActivities,
    OperatorActivities,
    IndemnityActivities,
    ReconcileActivities,
    HostComparison,
    DifferenceActivities,
    DifferenceQuestions,
]
WORKFLOWS = [*PROCESSES, LineProcess]
VERBS = {"load", "intend", "note_answer", "take_message", "pass_time", "take_decision"}
"""What a process names of its activities: checked on the activities themselves."""


def _public(cls: type) -> list[tuple[str, object]]:
    members = inspect.getmembers(cls, inspect.isfunction)
    return [
        (f"{cls.__name__}.{name}", f)
        for name, f in members
        if not name.startswith("_") and not (cls in WORKFLOWS and name in VERBS)
    ]


CROSSING = [member for cls in (*ACTIVITIES, *WORKFLOWS) for member in _public(cls)]


@pytest.mark.parametrize(("name", "function"), CROSSING, ids=[name for name, _ in CROSSING])
def test_nothing_personal_crosses_temporal(name: str, function: object) -> None:
    for where, hint in typing.get_type_hints(function).items():
        if hint is type(None):
            continue
        schema = str(TypeAdapter(hint).json_schema())
        assert PERSONAL_MARKER not in schema, f"{name}: pass the line's id instead of {where}"


def test_the_check_above_would_find_personal_data() -> None:
    class Leaky(BaseModel):
        contacts: list[Personal]

    assert PERSONAL_MARKER in str(TypeAdapter(Leaky).json_schema())
    assert PERSONAL_MARKER not in str(TypeAdapter(StartLine).json_schema())
