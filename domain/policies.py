"""What no contract gives: defaults of ours, said to be ours."""

from datetime import time, timedelta
from enum import StrEnum

from domain.clock import Business
from domain.durations import Duration, Unit


class FixedKeyPolicy(StrEnum):
    """What a wrong key of a fixed RIO does: no public vector proves its arithmetic (§ 1.3)."""

    OFF = "off"
    """The key is not looked at."""
    WARN = "warn"
    """A wrong key is said, and the RIO accepted. A default of ours."""
    BLOCK = "block"
    """A wrong key refuses the RIO."""


GATE_WAIT = Duration(amount=30, unit=Unit.CALENDAR_DAY)
"""How long a document is waited for where no contract says. A default of ours."""

ANSWER_WAIT = Duration(amount=2, unit=Unit.OUVRE)
"""How long a person has to answer before it goes up. A default of ours."""

LINE_LEAD = {
    "sim": Duration(amount=2, unit=Unit.OUVRE),
    "esim": Duration(amount=1, unit=Unit.OUVRE),
}
"""How long before its request a line is made ready: a card travels. A default of ours."""

CANCELLATION_PAPER_WAIT = Duration(amount=7, unit=Unit.CALENDAR_DAY)
"""How long the paper that confirms a cancellation is waited for. A default of ours."""

WITHDRAWAL_HEADCOUNT_MAX = 5
"""Code de la consommation L221-3: a professional of five people at most may withdraw."""

EVIDENCE_WAIT = Duration(amount=10, unit=Unit.OUVRE)
"""How long evidence has to reach a customer who may claim elsewhere. A default of ours."""

REQUEST_WAIT = Duration(amount=12, unit=Unit.MONTH)
"""How long an indemnity of ours waits to be asked for before it rests. A default of ours."""

NEW_VISIT_WAIT = Duration(amount=30, unit=Unit.CALENDAR_DAY)
"""How long a new appointment is waited for before a person is asked. A default of ours."""

PAYMENT_WAIT = Duration(amount=30, unit=Unit.CALENDAR_DAY)
"""Decision 37, where a profile says nothing: payable so long after the customer's request."""

AMENDMENT_HOLDS = Duration(amount=7, unit=Unit.CALENDAR_DAY)
"""How long the plan of an amendment holds before it lapses. A default of ours."""

LETTER_WAIT = Duration(amount=2, unit=Unit.OUVRE)
"""How long a person has to send a letter to the customer. A default of ours."""

LETTER_DATES_WAIT = Duration(amount=21, unit=Unit.CALENDAR_DAY)
"""How long the dates of a letter that was sent are waited for. A default of ours."""

RECONCILE_AT = time(22)
"""The hour of every business night, by metropolitan time, at which hosts are compared with the
ledger: an hour after the exchange's last session has been read. A default of ours."""

RECONCILE_GRACE = Business(timedelta(hours=12))
"""A line whose last fact is younger is not compared: it may not be there yet. A default of ours."""

ENDED_COMPARED_FOR = Business(timedelta(days=60))
"""How long a line that was given back is still asked about. A default of ours."""

NIGHT_SLACK = Business(timedelta(hours=10))
"""A night that is not over by then, the next morning, was not taken. A default of ours."""

NIGHTS_UNHEARD = 3
"""Nights on end without an answer of a host, before a person is asked. A default of ours."""

DIFFERENCES_A_NIGHT = 50
"""Raised one by one on a host in one night; with more of them it is the host that a person is to
look at, and the rest waits for the next night. A default of ours."""

REMEDY_WAIT = Duration(amount=1, unit=Unit.OUVRE)
"""How long a host has, once it took a remedy, until it says what we believe. A default of ours."""

REMEDY_LOOK = Business(timedelta(hours=2))
"""How often it is asked meanwhile. A default of ours."""

LOOK_AGAIN = Business(timedelta(days=1))
"""A process with no date of its own looks at its facts again after this. A default of ours."""

FIRST_YEAR_TAKEN, LAST_YEAR_TAKEN = 2000, 2100
"""Of a day somebody gives us: outside them it is a slip of the pen. A default of ours."""

NOTICE_CAUSES_MAX = 50
"""Causes one notice takes, so that it names each of its lines: the next ones are another notice.
A default of ours."""

STAGE_SAMPLES = 100
"""How many of the last lines that left a stage say how long it takes. A default of ours."""

STAGE_SAMPLES_MIN = 20
"""With fewer of them, our own figure stands. A default of ours."""

STAGE_USUAL_PERCENT = 80
"""What is usual: so many of a hundred lines took no longer. A default of ours."""

USUAL_HOURS = {
    "claiming": 0,
    "gathering": 45,
    "dating": 0,
    "preparing": 18,
    "preparing-esim": 9,
    "awaiting-donor": 9,
    "refused": 18,
    "claiming-site": 0,
    "gathering-papers": 45,
    "checking-eligibility": 9,
    "agreeing-cuts": 45,
    "studying-site": 90,
    "reserving": 9,
    "desaturating": 270,
    "ready-for-works": 45,
    "booking-visit": 18,
    "awaiting-visit": 45,
    "commissioning": 9,
    "changing": 9,
}
"""Working hours (nine a jour ouvré) a stage is taken to last until enough lines have left it: five
days for papers, the lead of `LINE_LEAD`, a day for a donor, `ANSWER_WAIT` for a person; of a site a
day for operators to answer, ten for a study, six weeks for a desaturation without an estimate, five
for its works at the least, two for a slot and five until it comes, one for its tests, one for what
is given back. Stages that are not here last as long as the
exchange's own dates, or somebody's deadline, say. Defaults of ours."""

JEOPARDY_LINES = 100
"""Lines one fact of jeopardy names; the next turn takes more. A default of ours."""

ACCESS_WAITS = {
    "check-eligibility": Duration(amount=2, unit=Unit.OUVRE),
    "study-site": Duration(amount=20, unit=Unit.OUVRE),
    "reserve-access": Duration(amount=5, unit=Unit.OUVRE),
    "desaturate": Duration(amount=8, unit=Unit.WEEK),
    "build-access": Duration(amount=8, unit=Unit.WEEK),
    "offer-visits": Duration(amount=2, unit=Unit.OUVRE),
    "book-visit": Duration(amount=1, unit=Unit.OUVRE),
    "cancel-visit": Duration(amount=1, unit=Unit.OUVRE),
    "commission-access": Duration(amount=2, unit=Unit.OUVRE),
    "release-access": Duration(amount=5, unit=Unit.OUVRE),
    "put-back": Duration(amount=1, unit=Unit.OUVRE),
}
"""How long an operator has to answer about an access, before what became of it is looked up and a
person is asked; a desaturation has its contract's own estimate first. Defaults of ours."""

VISIT_REMINDER = Duration(amount=1, unit=Unit.OUVRE)
"""How long before a visit the customer is reminded of it. A default of ours."""

VISIT_REPORT = Duration(amount=1, unit=Unit.OUVRE)
"""How long after a visit what became of it is awaited, before a person says it. A default of
ours."""

SETBACKS_MAX = 3
"""How often works stop or visits fail at a site before a person decides what follows, where the
operator alone would be asked again. A default of ours."""

HALF_DAYS = {"morning": (time(8), time(13)), "afternoon": (time(13), time(18))}
"""Between which hours a technician comes, where an operator without an interface gives a half-day
by telephone. A default of ours."""

LINES_WAIT = Duration(amount=10, unit=Unit.OUVRE)
"""How long an access that is ready waits for another line of its order to be in service before a
person is asked. A default of ours."""

OVERWRITTEN_ANSWER = Duration(amount=1, unit=Unit.OUVRE)
"""How long a person has to say whether an access took another customer's line: somebody may be
without one meanwhile. A default of ours."""

PHOTOGRAPH_WAIT = Duration(amount=10, unit=Unit.OUVRE)
"""How long an operator that does not answer is asked for a technician's photograph, before a person
is. A default of ours."""
