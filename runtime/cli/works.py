"""Works, visits and opening of a site in a few lines of text: days, clauses, and who pays."""

from collections.abc import Iterator

from runtime.cli.client import Answer
from runtime.cli.languages import Language


def works_lines(works: Answer | None, language: Language) -> list[str]:
    """Nothing before there are any."""
    if works is None:
        return []
    return [
        *_built(works),
        *_visits(works, language),
        *_opened(works, language),
        *_started(works, language),
        *_beside(works, language),
    ]


def _built(works: Answer) -> Iterator[str]:
    if works["finished_at"]:
        yield f"  works: over since {works['finished_at']}"
    elif works["milestones"]:
        last = works["milestones"][-1]
        end = works["expected_end"]
        expected = f", their end expected on {end}" if end else ""
        why = f" ({last['code']})" if last["code"] else ""
        yield f"  works: {last['milestone']} on {last['passed_at']}{expected}{why}"


def _visits(works: Answer, language: Language) -> Iterator[str]:
    for slot in works["slots"]:
        yield f"  slot {slot['number']}: {slot['day']}, {slot['half']}"
    for visit in works["visits"]:
        yield f"  visit {visit['reference']}: {visit['day']}, {visit['half']}, {_became(visit)}"
        if visit["because"]:
            yield f"    {visit['because'][language]}"
        yield from (f"    {_sum(owed, language)}" for owed in visit["owed"])
        yield from _done(visit["report"])


def _became(visit: Answer) -> str:
    if visit["ended"] is None:
        free = visit["free_until"]
        return "booked" if free is None else f"booked, free of charge until {free}"
    said = "said by hand" if visit["by_hand"] else None
    before = visit["corrected_from"]
    corrected = None if before is None else f"first said to be {before}"
    how = ", ".join(word for word in (visit["by"], visit["code"], said, corrected) if word)
    return f"{visit['ended']} ({how})" if how else visit["ended"]


def _done(report: Answer | None) -> Iterator[str]:
    if report is None:
        return
    named = {
        "socket": [report["socket"]] if report["socket"] else [],
        "serial numbers": report["serials"],
        "photographs": report["photographs"],
    }
    done = [f"{what} {', '.join(which)}" for what, which in named.items() if which]
    if done:
        yield f"    {'; '.join(done)}"


def _opened(works: Answer, language: Language) -> Iterator[str]:
    tests = works["tests"]
    if tests is None:
        return
    yield f"  tests: {'good' if tests['passed'] else 'failed'}, {tests['tested_at']}"
    for one in tests["tests"]:
        measured = "" if one["measured"] is None else f" {one['measured']}"
        yield f"    {one['test']}{measured}: {'good' if one['passed'] else 'failed'}"
    yield f"    {tests['because'][language]}"


def _started(works: Answer, language: Language) -> Iterator[str]:
    if works["service_started_at"]:
        yield f"  in service since {works['service_started_at']}"
    if billing := works["billing"]:
        early = ", before service" if billing["before_service"] else ""
        yield f"  billed from {billing['billed_from']}{early}: {billing['because'][language]}"
    if committed := works["commitment"]:
        days = f"{committed['committed_from'] or '?'} to {committed['committed_until'] or '?'}"
        yield f"  committed {days}: {committed['because'][language]}"
    if late := works["lateness"]:
        yield from (f"  {said[language]}" for said in late["said"])


def _beside(works: Answer, language: Language) -> Iterator[str]:
    if accepted := works["acceptance"]:
        on = f" on {accepted['on']}" if accepted["on"] else ""
        yield f"  acceptance: {accepted['stands']}{on}"
    if ready := works["readiness"]:
        on = f"ready on {ready['ready_on']}" if ready["ready_on"] else "not said to be ready"
        yield f"  site: {on}"
        yield from (f"    {said[language]}" for said in ready["said"])


def _sum(owed: Answer, language: Language) -> str:
    euros = "no known amount" if owed["euros"] is None else f"{owed['euros']} € {owed['tax']}"
    shown = "" if owed["chargeable"] else ", shown only"
    return f"{owed['head']}: {euros}, {owed['said'][language]} ({owed['source']}){shown}"
