"""What an access records of the other lines of its order, in words."""

from domain import link_facts as links
from domain.access_clauses import dated
from domain.access_links import lines_said
from domain.event import Event
from domain.hours import as_local
from domain.said import Said
from domain.territories import Territory, time_zone_of


def told_of_other_lines(event: Event) -> Said | None:
    said: Said | None = None
    match event:
        case links.LinesAwaited(lines=lines, until=until):
            day = as_local(until, time_zone_of(Territory.METROPOLE)).date()
            said = dated(_then(lines_said(lines), _UNTIL), day)
        case links.LineBeforeServed(line=line):
            said = _then(lines_said((line,)), _IN_SERVICE)
        case links.LineBeforeEnded(line=line, outcome=outcome):
            why = Said(
                fr=f"terminée sans service ({outcome})", en=f"ended without service ({outcome})"
            )
            said = _then(lines_said((line,)), why)
        case links.LinesLeft(lines=lines, reason=reason):
            said = _then(lines_said(lines), Said(fr=f"sans : {reason}", en=f"without: {reason}"))
        case links.LinesTold(lines=lines):
            said = lines_said(lines)
    return said


def _then(lines: Said, what: Said) -> Said:
    return Said(fr=f"{lines.fr}, {what.fr}", en=f"{lines.en}, {what.en}")


_UNTIL = Said(fr="à attendre jusqu'au", en="awaited until")
_IN_SERVICE = Said(fr="en service", en="in service")
