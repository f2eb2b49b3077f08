"""What a fact says in words, for those that carry a reason, a date or a code worth reading."""

from domain import indemnity_facts as indemnity
from domain import port_in_facts as facts
from domain import reverse_port_facts as reverse
from domain.access_facts import DeliveryPlanned
from domain.attention import AttentionMoved, AttentionRaised, DecisionTaken
from domain.event import Event
from domain.order_file import DocumentFiled, NoticeFiled
from domain.said import Said, day_said, moment_said
from projections.telling_access import told_of_an_access
from projections.telling_later_days import told_of_later_days
from projections.telling_links import told_of_other_lines
from projections.telling_works import told_of_works


def told_by(event: Event) -> Said | None:
    """None where the name of the fact says it all. Nothing personal is ever among it."""
    match event:
        case AttentionRaised(attention=attention):
            return attention.what
        case DocumentFiled() | NoticeFiled():
            return _of_a_file(event)
        case (
            AttentionMoved(why=why)
            | facts.CancellationLapsed(why=why)
            | facts.UndoingBegun(why=why)
            | facts.PortEnded(why=why)
        ):
            return why
        case DecisionTaken(decision=decision, reason=reason):
            return _both(f"{decision}: {reason}")
        case DeliveryPlanned(plan=plan):
            return _all((day_said(plan.on), plan.said))
        case _:
            return (
                _of_an_indemnity(event)
                or _of_a_reverse_port(event)
                or told_of_an_access(event)
                or told_of_works(event)
                or told_of_other_lines(event)
                or told_of_later_days(event)
                or _of_a_port(event)
            )


def _of_a_reverse_port(event: Event) -> Said | None:
    said: Said | None = None
    match event:
        case reverse.LineHandedBack(why=why) | reverse.ReversePortClosed(why=why):
            said = why
        case reverse.ReversePortDemanded(incident=incident, dates=dates):
            said = _all((_both(incident), *dates.because))
        case reverse.ReversePortAnnounced(port_day=port_day):
            said = day_said(port_day)
        case reverse.HandBackRefused(code=code):
            said = _both(code)
        case reverse.ReverseTicketIgnored(what=what, why=reason):
            said = _both(f"{what}: {reason}")
    return said


def _of_an_indemnity(event: Event) -> Said | None:
    said: Said | None = None
    match event:
        case indemnity.IndemnityOpened(shown_by=why) | indemnity.IndemnityClosed(why=why):
            said = why
        case indemnity.IndemnityAssessed(assessment=assessment):
            said = _both(f"{assessment.ours} € ({assessment.source})")
        case indemnity.IndemnityReversed(amount=amount, reason=reason):
            said = _both(f"{amount} €: {reason}")
        case indemnity.IndemnityDataGiven(reason=reason):
            said = _both(reason)
        case indemnity.IndemnityRequested(due_on=day):
            said = day_said(day)
        case indemnity.EvidenceHandedOver(on=day):
            said = day_said(day)
        case indemnity.IndemnityPaid(amount=amount):
            said = _both(f"{amount} €")
    return said


def _of_a_file(event: DocumentFiled | NoticeFiled) -> Said:
    return event.notice.rule if isinstance(event, NoticeFiled) else _both(event.document.name)


def _of_a_port(event: Event) -> Said | None:
    said: Said | None = None
    match event:
        case facts.PortOpened(stated=stated, gates=gates):
            said = _all((*stated, *(gate.said for gate in gates)))
        case facts.PortPlanned(because=because, plan=plan):
            said = because or day_said(plan.port_day)
        case facts.LineSwitched(judged=judged):
            said = _all(judged)
        case facts.PortAccepted(commit_at=commit_at):
            said = moment_said(commit_at)
        case facts.ReactivationAsked(window=window):
            said = window.because
        case facts.MessageSetAside(why=why):
            said = _both(why)
        case _:
            code = _code_of(event)
            said = None if code is None else _both(code)
    return said


def _code_of(event: Event) -> str | None:
    code: str | None = None
    match event:
        case facts.PortRefused(code=found) | facts.EligibilityLost(code=found):
            code = found
        case facts.OperatorRefused(step=step, code=found):
            code = f"{step}: {found}"
        case facts.RetryPlanned(step=step, code=found, attempt=attempt, at_most=most, row=row):
            code = f"{step}: {found}, {attempt}/{most}, {row}"
        case facts.RetryBegun(step=step):
            code = step
        case facts.OperatorAsked(step=step) | facts.OperatorTook(step=step):
            code = step
        case facts.GateOpened(kind=kind, skipped=skipped):
            code = kind if skipped is None else f"{kind}: {skipped}"
        case facts.ConfirmationReceived(operator=operator):
            code = operator
        case facts.ConfirmationsMissing(operators=operators):
            code = ", ".join(operators)
    return code


def _all(said: tuple[Said, ...]) -> Said:
    return Said(fr=" ; ".join(one.fr for one in said), en="; ".join(one.en for one in said))


def _both(text: str) -> Said:
    return Said(fr=text, en=text)
