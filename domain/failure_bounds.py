"""What may ever be decided about a failure. A policy narrows it or puts it in order, never more."""

from collections.abc import Mapping

from domain.attention import DecisionKind
from domain.exchange_codes import why_refused
from domain.port_in_facts import TO_SERVICE, Step
from domain.reactivation import ENDED_LATELY
from domain.refusals import GPMAG_REFUSALS, NextStep

RETRY, CORRECT, SKIP = DecisionKind.RETRY, DecisionKind.CORRECT, DecisionKind.SKIP
CANCEL, END, POSTPONE = DecisionKind.CANCEL, DecisionKind.END, DecisionKind.POSTPONE
PROVIDE = DecisionKind.PROVIDE

Bound = tuple[DecisionKind, ...]

NO_ANSWER = "no-answer"
"""Every try at once was lost: what became of the request is not known."""
COME_BACK = "come-back-later"
"""The operator asks to be left alone for longer than anybody waits at once."""
NUMBER_INACTIVE = "number-inactive"
"""The number is not active at its operator."""
NO_DONOR_ANSWER = "no-donor-answer"
"""The donor has not answered, even when reminded."""

WORDS = (NO_ANSWER, COME_BACK, NUMBER_INACTIVE, NO_DONOR_ANSWER)
"""Failures that come with no code of anybody's."""

TICKETS = frozenset({Step.SEND_REQUEST, Step.COMMIT_PORT, Step.CANCEL_REQUEST})
"""Asked of an exchange; everything else is asked of a host."""

INACTIVE_BOUND: Bound = (RETRY, SKIP, END)
NOT_WORKING_BOUND: Bound = (RETRY, SKIP)
DONOR_SILENT_BOUND: Bound = (RETRY, CANCEL, END)
LOST_BOUND: Bound = (RETRY, POSTPONE, CANCEL, END)
_LOST_CODES = ("C002", "C003")

_AFTER_REFUSAL: Mapping[NextStep, Bound] = {
    NextStep.CORRECT: (CORRECT, RETRY, CANCEL, END),
    NextStep.RESCHEDULE: (POSTPONE, RETRY, CANCEL, END),
    NextStep.OTHER_DONOR: (CORRECT, CANCEL, END),
    NextStep.WAIT: (RETRY, CANCEL, END),
    NextStep.REACTIVATE: (PROVIDE, RETRY, CANCEL, END),
    NextStep.END: (END, CANCEL),
    NextStep.PERSON: (RETRY, CORRECT, POSTPONE, CANCEL, END),
}


def way_out(step: Step) -> Bound:
    """Before the point of no return a port can be cancelled; after it, gone through with. A site
    can be served by another operator; what was kept has to be given back."""
    match step:
        case Step.PREPARE_LINE | Step.SEND_REQUEST:
            return (RETRY, CANCEL)
        case Step.COMMIT_PORT | Step.SWITCH_LINE | Step.GIVE_NUMBER:
            return (RETRY,)
        case Step.CHECK_ELIGIBILITY:
            return (RETRY, SKIP, CANCEL)
        case step if step in TO_SERVICE:
            return (RETRY, CANCEL, END)
        case _:
            return (RETRY, SKIP)


def after_refusal(next_step: NextStep) -> Bound:
    return _AFTER_REFUSAL[next_step]


def after_loss(code: str) -> Bound:
    """A number that ended lately can come back on a justified request."""
    return (PROVIDE, *LOST_BOUND) if code.upper() in ENDED_LATELY else LOST_BOUND


def may_end(step: Step, code: str) -> bool:
    """A port ends by itself only where the donor's reason is known, and leaves nothing to try."""
    refused = step is Step.SEND_REQUEST and code not in WORDS
    return refused and why_refused(code).next_step is NextStep.END


def ever_allowed(step: Step, code: str) -> frozenset[DecisionKind]:
    """All that any process could take about it; at run time its own bound is narrower still."""
    if code == NUMBER_INACTIVE:
        return frozenset(INACTIVE_BOUND)
    if code == NO_DONOR_ANSWER:
        return frozenset(DONOR_SILENT_BOUND)
    if step is not Step.SEND_REQUEST or code in WORDS:
        return frozenset(way_out(step))
    if code.upper() in _LOST_CODES:
        return frozenset(after_loss(code))
    refused = after_refusal(why_refused(code).next_step)
    of_the_donor = code.upper() in GPMAG_REFUSALS
    return frozenset(refused if of_the_donor else (*way_out(step), *refused))
