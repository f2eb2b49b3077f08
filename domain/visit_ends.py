"""How a visit ends, whoever says so, and what follows from it."""

from datetime import datetime

from domain import access_facts as facts
from domain import works_attention as asking
from domain import works_commands as works
from domain import works_facts as fields
from domain.access_attention import BY_HAND
from domain.access_commands import AccessCommand, ReportSaturated, SaturationSettled
from domain.access_reports import saturated
from domain.access_stages import Access, AwaitingVisit, Booking
from domain.attention import AttentionRaised
from domain.event import Event
from domain.identity import order_subject
from domain.port_in_attention import OPERATOR_REFUSED, OPERATOR_SILENT, cleared
from domain.port_in_facts import Step
from domain.said import joined
from domain.visit_facts import UNWANTED
from domain.works_facts import After
from domain.works_settled import Lead, Lost
from domain.works_states import goes_on_booking

Facts = tuple[Event, ...]


# each end


def kept(command: works.ReportVisitKept, state: Access) -> Facts:
    fact = kept_as(command, state)
    return (*cleared(state, asking.READINESS), fact, *command.installed)


def kept_as(command: works.ReportVisitKept, state: Access) -> fields.VisitKept:
    done = fields.kept_report(command.report, order_subject(state.terms.order_id))
    return fields.VisitKept(reference=command.reference, report=done)


def failed(command: works.ReportVisitFailed, state: Access) -> Facts:
    fact = failed_as(command)
    if not isinstance(state, Booking | AwaitingVisit):
        return (fact,)
    return (fact, *followed(command))


def failed_as(command: works.ReportVisitFailed) -> fields.VisitFailed:
    lead, lost = command.lead, command.lost
    return fields.VisitFailed(
        reference=command.reference,
        failure=command.failure,
        code=command.code,
        failed_at=command.failed_at,
        after=lead.after,
        by=lead.by,
        usual=lead.usual,
        owed=() if lost is None else lost.owed,
        because=lead.because if lost is None else joined((lead.because, lost.because)),
    )


def followed(command: works.ReportVisitFailed) -> Facts:
    """What a failure costs, and what is asked."""
    fees = () if command.lost is None else command.lost.fees
    again = () if command.missed_again is None else (command.missed_again,)
    return (*again, *owed(fees), *then(command, command.lead))


def missed(command: AccessCommand, lost: Lost, reference: str, code: str) -> Facts:
    return (missed_as(command, lost, reference, code), *owed(lost.fees))


def missed_as(command: AccessCommand, lost: Lost, reference: str, code: str) -> fields.VisitMissed:
    """As of when the operator told it; what a person says is told as it is said."""
    said_at = (
        command.told_at if isinstance(command, works.ReportVisitMissed) else command.decided_at
    )
    return fields.VisitMissed(
        reference=reference,
        by=lost.by,
        code=code,
        told_at=said_at,
        owed=lost.owed,
        because=lost.because,
    )


def owed(fees: tuple[facts.Fee, ...]) -> Facts:
    """What the contract has the customer pay: nothing of it waits for a consent."""
    return tuple(facts.FeeOwed(fee=fee, consented=True) for fee in fees)


# what follows


def then(command: works.ReportWorksFailed | works.ReportVisitFailed, lead: Lead) -> Facts:
    """What is asked of people, or follows by the contract, besides going back to where it goes on
    from."""
    match lead.after:
        case After.DESATURATION if command.saturation is not None:
            return desaturated_first(command, command.failed_at, command.saturation)
        case After.VISIT_ONCE_READY:
            asked = asking.site_not_ready(command, lead.because)
            late = () if lead.not_ready is None else (lead.not_ready,)
            return (*late, AttentionRaised(attention=asked))
        case After.PERSON:
            asked = asking.field_failure(
                command, command.failure, command.code, lead.because, lead.usual
            )
            return (AttentionRaised(attention=asked),)
        case _:
            return ()


def desaturated_first(
    command: AccessCommand, failed_at: datetime, settled: SaturationSettled
) -> Facts:
    """As if the operator had said so when it was asked to keep a pair."""
    said = ReportSaturated(
        decided_at=command.decided_at,
        answer_by=command.answer_by,
        source="",
        message_key="",
        key="",
        event_at=failed_at,
        at_customer=False,
        quote=None,
        settled=settled,
    )
    return saturated(said)


def asked_no_more(state: Access, after: After | None = None) -> Facts:
    """What became of it is known: nobody is asked about another one, nor to cancel it; but about
    one that is being booked, where somebody comes again all the same."""
    codes: tuple[str, ...] = (asking.SLOTS, asking.NO_SLOTS)
    asked_for = state.step in {Step.OFFER_VISITS, Step.BOOK_VISIT, Step.CANCEL_VISIT}
    if asked_for and not goes_on_booking(state, after):
        codes = (*codes, OPERATOR_SILENT, OPERATOR_REFUSED, BY_HAND)
    return tuple(event for code in codes for event in cleared(state, code))


def no_more_unwanted(state: Access) -> Facts:
    """One that nobody waited for is over: nobody has to have it called off any more."""
    visit = state.opening.visit
    return cleared(state, UNWANTED) if visit is not None and visit.unwanted else ()
