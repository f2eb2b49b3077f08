"""One visit, for tests of what is told of it: the morning of Thursday 21 January 2027."""

from datetime import date

from domain.identity import order_subject
from domain.personal import Personal
from domain.said import Said
from domain.works_facts import Half, Slot, VisitBooked
from tests.porting import ORDER_ID, paris

SOCKET = Personal(subject=order_subject(ORDER_ID), value="OO-1A2B-3C4D")
"""Put up at the site."""

SLOT = Slot(
    day=date(2027, 1, 21),
    half=Half.MORNING,
    begins=paris("2027-01-21T08:00"),
    ends=paris("2027-01-21T12:00"),
    reference="OC-1",
)
BOOKED = VisitBooked(
    reference="OV-1",
    slot=SLOT,
    free_until=paris("2027-01-19T23:59"),
    remind_at=paris("2027-01-20T09:00"),
    report_by=paris("2027-01-22T23:59"),
    said=(Said(fr="sans frais", en="free of charge"),),
)
