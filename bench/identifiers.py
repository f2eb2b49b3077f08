"""RIO checks and calendar additions on one core, next to the arithmetic they cannot go under."""

import random
import time
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

from bench.measures import Measure
from domain.calendars import calendar_of
from domain.durations import Duration, Unit
from domain.explanations import explain_addition
from domain.numbers import FrenchNumber
from domain.reckoning import Reckoning
from domain.rio import ALPHABET, RIO, key_of
from domain.rio_check import check_rio
from domain.rio_prefixes import RioDirectory
from domain.territories import ExchangeGroup, Territory

FLEET = 10_000
_SEED = 20261121
_START = date(2026, 1, 1)
_TEN_DAYS = Duration(amount=10, unit=Unit.OUVRE)
_ROUNDS = 5


def measure_identifiers() -> tuple[Measure, ...]:
    lines = _fleet()
    anchors = [_START + timedelta(days=n % 365) for n in range(FLEET)]
    france = Reckoning(calendar=calendar_of(Territory.METROPOLE))
    antilles = Reckoning(calendar=calendar_of(ExchangeGroup.GPMAG))
    wrong = [(number, rio) for (number, _), (_, rio) in pairwise(lines)]
    keys, bare_keys, checks, slips, days, france_days, antilles_days, told = _best_of_each(
        lambda: _keys(lines),
        lambda: _bare_keys(lines),
        lambda: _check(lines, right=True),
        lambda: _check(wrong, right=False),
        lambda: _bare_days(anchors),
        lambda: _add(france, anchors),
        lambda: _add(antilles, anchors),
        lambda: _explain(france, anchors),
    )
    return (
        _measure("RIO checks, read from text", checks, bare_keys, _KEY),
        _measure("RIO keys alone", keys, bare_keys, _KEY),
        Measure(name=f"a fleet of {FLEET:,} lines, checked", unit="s", ours=checks),
        Measure(name="the same, each with its neighbour's RIO", unit="s", ours=slips),
        _measure("10 jours ouvrés added", france_days, days, _DAYS),
        _measure("the same in the GPMAG", antilles_days, days, _DAYS),
        _measure("the same, explained", told, days, _DAYS),
    )


_KEY = "the sums of the key alone"
_DAYS = "date + timedelta, ten times"


def _measure(name: str, seconds: float, floor: float, floor_name: str) -> Measure:
    return Measure(
        name=name,
        unit="/s",
        ours=FLEET / seconds,
        floor=FLEET / floor,
        floor_name=floor_name,
    )


def _best_of_each(*works: Callable[[], None]) -> list[float]:
    """Seconds of each work's quickest round, in turns: a busy moment then spoils none of them."""
    best = [float("inf")] * len(works)
    for _ in range(_ROUNDS):
        for place, work in enumerate(works):
            started = time.perf_counter()
            work()
            best[place] = min(best[place], time.perf_counter() - started)
    return best


def _fleet() -> list[tuple[str, str]]:
    """Numbers and RIOs as a customer's spreadsheet has them: the keys are right."""
    chance = random.Random(_SEED)  # noqa: S311  a repeatable fleet, no secret
    lines = []
    for _ in range(FLEET):
        number = f"06{chance.randrange(10**8):08d}"
        prefix = f"0{chance.randrange(1, 5)}E" + "".join(chance.choices(ALPHABET[:-1], k=6))
        lines.append((number, prefix + key_of(prefix, number)))
    return lines


def _check(lines: list[tuple[str, str]], *, right: bool) -> None:
    directory = RioDirectory()
    accepted = sum(
        check_rio(RIO.parse(rio), FrenchNumber.parse(number), directory=directory).accepted
        for number, rio in lines
    )
    by_chance = len(lines) / 37**3
    if (accepted != len(lines)) if right else (accepted > 10 * by_chance):
        raise AssertionError(f"{accepted} of {len(lines)} were accepted")


def _keys(lines: list[tuple[str, str]]) -> None:
    for number, rio in lines:
        key_of(rio[:9], number)


def _bare_keys(lines: list[tuple[str, str]]) -> None:
    for number, rio in lines:
        first = second = third = 0
        for value in (rio[:9] + number).encode():
            first += value
            second += second + value
            third += 3 * third + value


def _add(reckoning: Reckoning, anchors: list[date]) -> None:
    for anchor in anchors:
        reckoning.add(anchor, _TEN_DAYS)


def _explain(reckoning: Reckoning, anchors: list[date]) -> None:
    for anchor in anchors:
        explain_addition(reckoning, anchor, _TEN_DAYS)


def _bare_days(anchors: list[date]) -> None:
    day = timedelta(days=1)
    for anchor in anchors:
        moved = anchor
        for _ in range(10):
            moved += day
