"""What is kept for the exchanges shows nothing of what it holds."""

from uuid import UUID

from domain.territories import ExchangeGroup
from ledger.exchange_post import MadeFile, NewTicket, WaitingTicket
from tests.builders import NOON

SECRET = "1120|01|02|0612345678"


def test_no_ticket_and_no_file_is_shown_by_accident() -> None:
    carriers = (
        NewTicket(
            key="k",
            group=ExchangeGroup.GPM,
            emitter="01",
            recipient="02",
            due_at=NOON,
            transfer="digest",
            owner=UUID(int=1),
            code="1120",
            number="digest",
            body=SECRET,
        ),
        WaitingTicket(number=1, emitter="01", recipient="02", body=SECRET),
        MadeFile(name="PNMDATA.01.02.20270111105000.001", content=SECRET.encode()),
    )

    assert not any("0612345678" in repr(carrier) for carrier in carriers)
    assert repr(carriers[0]) == "NewTicket(1120, k, 02)"
