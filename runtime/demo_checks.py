"""A demo's order held against its story: everything that ended otherwise, in words."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from runtime.cli.client import Answer
from runtime.demo_stories import Beside, Piece, Scenario


def differences(scenario: Scenario, ended: Answer, moved: int) -> Sequence[str]:
    """Of an order that has closed, and whose people have made so many of their moves."""
    expected, line = scenario.expected, ended["lines"][0]
    told = {
        "outcome": (expected.outcome, line["outcome"]),
        "order": (expected.order, ended["outcome"]),
        "moves": (len(scenario.moves), moved),
    }
    if expected.port_day is not None:
        told["port day"] = (expected.port_day, (line["plan"] or {}).get("port_day"))
    if expected.service_started_at is not None:
        told["service"] = (
            datetime.fromisoformat(expected.service_started_at),
            datetime.fromisoformat(line["service_started_at"]),
        )
    told |= _of_the_access(scenario, line)
    if expected.served_on is not None:
        told["service"] = (expected.served_on, served_on(expected.served_on, line))
    facts = {entry["event"] for entry in line["timeline"]}
    missing = [f"no {fact} in its timeline" for fact in expected.facts if fact not in facts]
    wrong = [f"{name}: {was}, not {said}" for name, (said, was) in told.items() if said != was]
    ordered = ended["lines"][1 : 1 + len(scenario.beside)]
    beside = zip(scenario.beside, ordered, strict=True)
    others = [fault for one, line in beside for fault in _wrong_beside(one, line)]
    turns = out_of_turn(expected.in_turn, ended["lines"])
    return [*wrong, *missing, *_unsaid(expected.says, line), *others, *turns]


def served_on(day: str, line: Answer) -> str | None:
    """That day, where it is in service within two days of it."""
    begun = line["service_started_at"]
    if begun is None:
        return None
    late = datetime.fromisoformat(begun) - datetime.fromisoformat(f"{day}T00:00:00+01:00")
    return day if timedelta(0) <= late < timedelta(days=3) else str(begun)


def out_of_turn(turns: Sequence[int], lines: Sequence[Answer]) -> Sequence[str]:
    """Lines that are to be in service one after the other, and are not."""
    starts = [(number, lines[number - 1]["service_started_at"]) for number in turns]
    return [
        f"line {number} in service at {start}, not after line {first} at {begun}"
        for (first, begun), (number, start) in pairwise(starts)
        if not (begun and start and datetime.fromisoformat(begun) < datetime.fromisoformat(start))
    ]


def _wrong_beside(beside: Beside, line: Answer) -> Sequence[str]:
    ended, said = (line["outcome"], _charged(line)), (beside.outcome, list(beside.fees))
    wrong = [] if ended == said else [f"line {line['number']}: {ended}, not {said}"]
    day = beside.served_on
    if day is not None and (begun := served_on(day, line)) != day:
        wrong.append(f"line {line['number']}: in service on {begun}, not {day}")
    return [*wrong, *_unsaid(beside.says, line)]


def _charged(line: Answer) -> Sequence[tuple[str, str | None]]:
    access = line["access"] or {}
    return [(fee["head"], fee["euros"]) for fee in access.get("fees", ())]


def _unsaid(words: Sequence[str], line: Answer) -> Sequence[str]:
    """What its timeline was to say, and does not."""
    said = "\n".join(entry["said"]["en"] for entry in line["timeline"] if entry["said"])
    return [f"line {line['number']} does not say '{word}'" for word in words if word not in said]


def _of_the_access(scenario: Scenario, line: Answer) -> Answer:
    """What it costs, from when, whose network serves it, and where its equipment is."""
    expected, access = scenario.expected, line["access"] or {}
    told: Answer = {}
    if expected.fees is not None:
        told["fees"] = (list(expected.fees), _charged(line))
    if expected.operator is not None:
        offer = access.get("offer") or {}
        told["operator"] = (expected.operator, offer.get("operator"))
    if expected.billed_early is not None:
        told["billed before service"] = (expected.billed_early, _billed_early(access))
    if expected.pieces is not None:
        told["equipment"] = (sorted(expected.pieces), _pieces(access))
    return told


def _billed_early(access: Answer) -> tuple[str, str] | None:
    billing = (access.get("works") or {}).get("billing") or {}
    return (billing["billed_from"], billing["clause"]) if billing.get("before_service") else None


def _pieces(access: Answer) -> Sequence[Piece]:
    found = access.get("equipment", ())
    return sorted((piece["name"], piece["state"], piece["billed_from"]) for piece in found)
