"""What adapters of host networks and exchanges promise: one sentence each, under a name."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest


@dataclass(frozen=True)
class Promise:
    id: str
    sentence: str


EXCHANGE = "exchange-"
"""What the names of an exchange's promises begin with."""
ACCESS = "access-"
"""What those of a host network that delivers fixed accesses begin with."""

_OF_ACCESSES = (
    Promise("access-once", "An order about a site is carried out once, and told to its line."),
    Promise("access-again", "The same order under the same key keeps no second pair."),
    Promise("access-lost-reply", "After a lost reply an order is looked up, and not made again."),
    Promise("access-late-reply", "A reply that comes too late is none; its effect is found."),
    Promise("access-garbage", "An answer of another dialect is none; its effect is found."),
    Promise("access-out-of-order", "A fault of the operator's own says nothing of the site."),
    Promise("access-throttling", "A throttled order goes through later, once."),
    Promise("access-maintenance", "A maintenance window is no answer about any site."),
    Promise("access-refused", "An order that is refused is refused by its code."),
    Promise(
        "access-refused-later", "What is taken and refused later is told, by its step and key."
    ),
    Promise("access-looked-up", "What was done and never told is found by looking it up."),
    Promise("access-not-yet", "What is not done yet is not found."),
    Promise("access-duplicates", "What is told twice bears the same name and body twice."),
    Promise("access-disorder", "What is told out of order stands on its own."),
    Promise("access-eligibility", "It is told what can be had, what cannot, and what is in use."),
    Promise("access-reasons", "Each reason is one of our words, with the operator's code."),
    Promise("access-unknown-code", "A code nobody knows is kept, and is no reason of ours."),
    Promise("access-technologies", "Every technology is asked for and offered as itself."),
    Promise("access-study", "A study says whether, and what it changes or would cost."),
    Promise("access-capacity", "Of two orders for the last pair one gets it: none is sold twice."),
    Promise("access-saturation", "It is told how a saturation can be dealt with, and when it is."),
    Promise("access-quote", "Works that cost are done once their quote is accepted."),
    Promise("access-release", "What was kept is given back, also one whose name was never told."),
    Promise("access-withdrawal", "An order that is not carried out yet is called back."),
    Promise("access-supply", "What the operator takes back by itself is told."),
    Promise("access-overwriting", "It is told when what was kept is another customer's line."),
    Promise("access-put-back", "Another customer's line is put back, once, and ours given back."),
    Promise("access-secrecy", "No address and no number of a line is shown or logged."),
)

_OF_WORKS = (
    Promise("access-works-once", "Each step of works and visits is done once for each key."),
    Promise("access-works-lost", "A step whose reply was lost is looked up, and not made again."),
    Promise("access-works-refused", "A step that is refused later is told by its step and key."),
    Promise("access-works-silent", "What was done on the ground and never told is found."),
    Promise("access-milestones", "A milestone is told, and answers nothing."),
    Promise("access-built", "Works end as done, with or without a visit, or as stopped, and why."),
    Promise("access-slots", "Half-days are offered from the asked day on, and on worked days."),
    Promise("access-slot-once", "A half-day that is booked cannot be booked twice."),
    Promise("access-visit-moved", "A visit that is moved gives back the half-day it had."),
    Promise("access-visit-cancelled", "A visit that is cancelled gives its half-day back."),
    Promise("access-visit-over", "A visit nobody has, or that is over, is not moved or cancelled."),
    Promise("access-visit-told", "What becomes of a visit is told by its name, with its report."),
    Promise("access-photographs", "A picture of a report is given; one nobody took is refused."),
    Promise("access-failures", "Each failure in the field is one of our words, with its code."),
    Promise("access-failure-unknown", "A failure in a code nobody knows is kept with its code."),
    Promise("access-tests", "An opening is told with its tests and their figures."),
)

_OF_AN_EXCHANGE = (
    Promise("exchange-once", "A ticket reaches its recipient once, and is answered to its line."),
    Promise("exchange-again", "The same ticket under the same key is no second ticket."),
    Promise("exchange-cut", "What was handed in while nobody could be reached leaves later, once."),
    Promise("exchange-refused", "Each reason is told in its own code, one nobody knows included."),
    Promise("exchange-silence", "A donor that does not answer has said nothing."),
    Promise("exchange-lost", "An agreement that is taken back is told after it."),
    Promise("exchange-cancelled", "A cancellation reaches the donor once, and is confirmed."),
    Promise("exchange-everybody", "A porting ticket reaches every operator; each confirms."),
    Promise("exchange-doubles", "An answer that comes in two files is one message."),
    Promise("exchange-careless", "Whatever is wrong with a file, its good tickets are heard once."),
    Promise("exchange-stranger", "A ticket under a code that is not ours is refused, not sent."),
    Promise("exchange-unreadable", "What cannot be read is said to be unreadable."),
    Promise("exchange-secrecy", "No number and no RIO is shown by what is passed around."),
)

PROMISES: Mapping[str, Promise] = {
    promise.id: promise
    for promise in (
        Promise("once", "A request is taken, carried out once, and told under the line it is for."),
        Promise("again", "The same request under the same key makes no second effect."),
        Promise("lost-reply", "After a lost reply the request is looked up, and not made again."),
        Promise("late-reply", "A reply that comes too late is no answer; its effect is found."),
        Promise("garbage", "An answer of another dialect is no answer; its effect is found."),
        Promise("out-of-order", "A fault of the operator's own is no answer, and no refusal."),
        Promise("throttling", "Throttling is no answer and no refusal; later it goes through."),
        Promise("maintenance", "A maintenance window is no answer; after it all goes through."),
        Promise("token-expiry", "A token that has expired is renewed, and nobody notices."),
        Promise("refused", "A definite no is a refusal in the operator's code; nothing is done."),
        Promise("refused-later", "What is taken and refused later is told as such, by its key."),
        Promise("looked-up", "What was done and never told is found by looking it up."),
        Promise("not-yet", "What is not done yet is not found."),
        Promise("duplicates", "What is told twice bears the same name and body twice."),
        Promise("disorder", "What is told out of order stands on its own."),
        Promise("unreadable", "What cannot be read is said to be unreadable; it is no error."),
        Promise("secrecy", "No number and no RIO is shown by what is passed around or logged."),
        Promise("esim", "A profile can be reserved in place of a card."),
        Promise("new-number", "A new number can be asked for, and is told."),
        Promise("switch", "A number is switched, with the times of its outage."),
        Promise("release", "A line is ended, also one whose name was never told."),
        Promise("activity", "A suspended number is active; one that is gone is not."),
        Promise("line-test", "A line is tested, and a failure says why."),
        Promise("suspension", "A line is suspended and put back, once for each key."),
        Promise("withdrawal", "A request that is not carried out yet is called back, once."),
        Promise("withdrawal-late", "A request that is done, or unknown, is not called back."),
        Promise("rio", "The RIO of a line is given on demand, suspended or not."),
        Promise("standing", "It is said where a line is."),
        Promise("unknown-line", "What is asked about a line nobody knows is refused, by a code."),
        *_OF_ACCESSES,
        *_OF_WORKS,
        *_OF_AN_EXCHANGE,
    )
}


def promises(id_: str) -> pytest.MarkDecorator:
    """Links a test to its promise; a name that is none is an error where it is written."""
    return pytest.mark.promise(PROMISES[id_].id)


def promises_like(id_: str) -> tuple[Promise, ...]:
    """Those of a host, or those of an exchange."""
    of_an_exchange = id_.startswith(EXCHANGE)
    return tuple(p for p in PROMISES.values() if p.id.startswith(EXCHANGE) == of_an_exchange)
