"""Which sites of an order wait for which: declared with it, and checked before it is taken."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from intake.requests import SiteRequest

Refuse = Callable[[str, str], None]
"""The pointer, and the sentence."""
Numbers = tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Links:
    """By a line's number: the lines it waits for, and the lines that wait for it."""

    after: Mapping[int, Numbers] = field(default_factory=dict)
    before: Mapping[int, Numbers] = field(default_factory=dict)


def read_links(sites: Sequence[SiteRequest], refuse: Refuse) -> Links:
    named = {
        number: tuple(_known(number, site, len(sites), refuse))
        for number, site in enumerate(sites, start=1)
    }
    after = _after_the_central(named, _central(sites, refuse))
    if circle := _circle(after):
        way = ", ".join(str(number) for number in (*circle, circle[0]))
        refuse(
            f"/sites/{circle[0] - 1}/after",
            f"These lines wait for each other, and none could begin: {way}. Take one of them out.",
        )
    before = {number: tuple(one for one in after if number in after[one]) for number in after}
    return Links(after=after, before=before)


def _known(number: int, site: SiteRequest, lines: int, refuse: Refuse) -> Iterator[int]:
    """Of this order, each once, and none that waits for itself."""
    times = Counter(site.after)
    for index, one in enumerate(site.after):
        at = f"/sites/{number - 1}/after/{index}"
        if one > lines:
            refuse(at, f"This order has no line {one}: it has {lines}, counted from 1.")
        elif one == number:
            refuse(at, "A line does not wait for itself: name another one, or leave it out.")
        elif times[one] > 1:
            refuse(at, f"Line {one} is here {times[one]} times: leave one of them.")
        else:
            yield one


def _central(sites: Sequence[SiteRequest], refuse: Refuse) -> int | None:
    found = [number for number, site in enumerate(sites, start=1) if site.central]
    for number in found[1:]:
        refuse(
            f"/sites/{number - 1}/central",
            f"Line {found[0]} is the central site already: one of them is, and the others name the "
            "lines they wait for under after.",
        )
    return found[0] if found else None


def _after_the_central(named: Mapping[int, Numbers], central: int | None) -> Mapping[int, Numbers]:
    """Every line waits for it, but those it waits for itself."""
    if central is None:
        return named
    first = {central, *_upstream(central, named)}
    return {
        number: given if number in first or central in given else (central, *given)
        for number, given in named.items()
    }


def _upstream(number: int, named: Mapping[int, Numbers]) -> set[int]:
    """All it waits for, whoever declared it."""
    found: set[int] = set()
    left = list(named[number])
    while left:
        one = left.pop()
        if one not in found:
            found.add(one)
            left += named[one]
    return found


def _circle(after: Mapping[int, Numbers]) -> Numbers:
    """Lines that wait for each other, from the first of them; empty where all can begin."""
    try:
        TopologicalSorter(after).prepare()
    except CycleError as exc:
        waiting: list[int] = exc.args[1][:0:-1]
        first = waiting.index(min(waiting))
        return (*waiting[first:], *waiting[:first])
    return ()
