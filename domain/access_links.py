"""Lines of one order that wait for each other: what one is told, and until when it waits.

It is being put into service that waits (a default of ours): papers, studies, works and visits go on
meanwhile, so that a late central site makes nobody else later than it has to.
"""

from collections.abc import Iterator
from typing import cast

from domain import access_commands as told
from domain import link_commands as links
from domain import link_facts as facts
from domain.access_stages import Access, Commissioning, GivingBack, InService
from domain.attention import Attention, AttentionRaised, DecisionKind
from domain.event import Event
from domain.port_in_attention import ask, cleared
from domain.port_in_awaited import Awaited
from domain.port_in_facts import Outcome
from domain.said import Said

Facts = tuple[Event, ...]

LINES = "lines-before"
"""The question what becomes of a line whose other one is not there."""
RETRY, SKIP, CANCEL = DecisionKind.RETRY, DecisionKind.SKIP, DecisionKind.CANCEL


# its own process


def moved_on(command: links.AwaitLines | links.TellLines, state: Access) -> Facts:
    """Nothing where it was said before."""
    if isinstance(command, links.TellLines):
        told_of = not isinstance(state, InService) or state.lines_told
        return () if told_of else (facts.LinesTold(lines=state.terms.before),)
    waits = isinstance(state, Commissioning) and state.waits_for and not state.held
    if not waits or state.lines_awaited is not None:
        return ()
    return (facts.LinesAwaited(lines=state.waits_for, until=command.until),)


def of_the_lines(state: Access) -> Iterator[Awaited]:
    awaited = state.lines_awaited
    if not isinstance(state, Commissioning) or awaited is None or state.is_asked(LINES):
        return
    if state.waits_for:
        yield Awaited(until=awaited.until, what=_awaited_said(state.waits_for))


def lines_due(command: told.PassTime, state: Access) -> Facts:
    """They are not there by then: a person decides."""
    due = next(of_the_lines(state), None)
    if due is None or state.held or command.decided_at < due.until:
        return ()
    return (AttentionRaised(attention=_overdue(command, state.waits_for)),)


# what it is told


def reported(command: links.LinkReport, state: Access) -> Facts:
    """Only about a line it waits for, and while it goes on or begins anew."""
    if command.line not in state.waits_for or isinstance(state, GivingBack):
        return ()
    if isinstance(command, links.ReportLineServed):
        served = facts.LineBeforeServed(line=command.line, started_at=command.started_at)
        return (*_answered_by(command.line, state), served)
    if command.line in state.lines_ended:
        return ()
    ended = facts.LineBeforeEnded(line=command.line, outcome=command.outcome)
    before = (one for one in state.lines_ended if one in state.waits_for)
    gone = (*before, command.line)
    asked = AttentionRaised(attention=_gone(command, gone, command.outcome))
    return (*cleared(state, LINES), ended, asked)


def _answered_by(line: int, state: Access) -> Facts:
    """The last of those that are asked about answers the question."""
    left = {*_asked_about(state)} & {*state.waits_for} - {line}
    return () if left else cleared(state, LINES)


def _asked_about(state: Access) -> tuple[int, ...]:
    found = next((a for a in state.attentions if a.code == LINES), None)
    return () if found is None else _numbers(found)


def _numbers(attention: Attention) -> tuple[int, ...]:
    return tuple(int(one) for one in cast("str", attention.detail).split(","))


# what a person decides


def awaited_on(command: told.TakeDecision, state: Access) -> Facts:
    """Waited for again, until the day that is given or as long as before."""
    until = command.until or command.lines_until or command.answer_by
    return (facts.LinesAwaited(lines=state.waits_for, until=until),)


def left_out(command: told.TakeDecision, attention: Attention) -> Facts:
    lines = _numbers(attention)
    return (facts.LinesLeft(lines=lines, by=command.by, reason=command.reason),)


# the question


def _overdue(command: told.PassTime, lines: tuple[int, ...]) -> Attention:
    named = lines_said(lines)
    what = Said(
        fr=f"prêt à être mis en service, mais la commande le veut après {named.fr}, qui ne l'est "
        "pas : attendre encore (retry, until=), continuer sans (skip, avec la raison), ou annuler",
        en=f"ready to be put into service, but the order has it after {named.en}, which is not: "
        "wait on (retry, until=), go on without (skip, with the reason), or cancel",
    )
    return ask(command, LINES, what, RETRY, SKIP, CANCEL, detail=_detail(lines))


def _gone(command: links.ReportLineEnded, lines: tuple[int, ...], outcome: Outcome) -> Attention:
    """There is nothing to wait for: nothing is begun until it is known what the customer wants."""
    named = lines_said(lines)
    what = Said(
        fr=f"la commande le veut après {named.fr}, terminée sans mise en service ({outcome}) : "
        "continuer sans (skip, avec la raison), ou annuler",
        en=f"the order has it after {named.en}, which has ended without service ({outcome}): go "
        "on without (skip, with the reason), or cancel",
    )
    return ask(command, LINES, what, SKIP, CANCEL, detail=_detail(lines))


def _detail(lines: tuple[int, ...]) -> str:
    return ",".join(str(line) for line in lines)


def lines_said(lines: tuple[int, ...]) -> Said:
    numbers = ", ".join(str(line) for line in lines)
    one = len(lines) == 1
    return Said(
        fr=f"la ligne {numbers}" if one else f"les lignes {numbers}",
        en=f"line {numbers}" if one else f"lines {numbers}",
    )


def _awaited_said(lines: tuple[int, ...]) -> Said:
    named = lines_said(lines)
    return Said(fr=f"la mise en service de {named.fr}", en=f"{named.en} in service")
