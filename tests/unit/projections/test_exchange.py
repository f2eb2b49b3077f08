"""What people read of the exchanges: open until over, without a ticket's own content."""

from datetime import timedelta

from domain.event import Event
from domain.exchange_troubles import (
    ExchangeTroubleOver,
    ExchangeTroubleRaised,
    ExchangeTroubleSettled,
    TroubleDecision,
)
from domain.identity import StreamId
from domain.said import Said
from domain.transfers import Agreed, Over, TransferRefused, TransferTicketIgnored
from ledger.envelope import Envelope
from projections.exchange import TRANSFERS, TROUBLES
from projections.projection import fold
from tests.builders import NOON, command_id, line_opened
from tests.unit.domain.test_exchange_troubles import trouble
from tests.unit.domain.test_transfers import ACCEPTED, REQUESTED, SAID, TERMS


def told(stream: str, *events: Event) -> list[Envelope]:
    return [
        Envelope(
            position=version,
            stream_id=StreamId(stream),
            version=version,
            business_at=NOON + timedelta(hours=version),
            recorded_at=NOON,
            actor="exchange",
            cause=None,
            correlation="c",
            command_id=command_id(str(version)),
            fingerprint=b"",
            event=event,
        )
        for version, event in enumerate(events, start=1)
    ]


RAISED = ExchangeTroubleRaised(trouble=trouble())
SETTLED = ExchangeTroubleSettled(decision=TroubleDecision.SETTLE, by="ops", reason="called")
OVER = ExchangeTroubleOver(why=Said(fr="répondu", en="answered"))


def test_a_trouble_is_open_until_somebody_settles_it() -> None:
    (opened,) = fold(TROUBLES, {}, told("exchange-trouble/1", RAISED)).values()
    (settled,) = fold(TROUBLES, {}, told("exchange-trouble/1", RAISED, SETTLED)).values()

    assert (opened.open, opened.trouble) == (True, trouble())
    assert (settled.open, settled.settled_by, settled.version) == (False, "ops", 2)


def test_one_that_ended_by_itself_was_settled_by_nobody_and_may_come_back() -> None:
    (ended,) = fold(TROUBLES, {}, told("exchange-trouble/1", RAISED, OVER)).values()
    (back,) = fold(TROUBLES, {}, told("exchange-trouble/1", RAISED, OVER, RAISED)).values()

    assert (ended.open, ended.settled_by) == (False, None)
    assert back.open


def test_a_transfer_is_its_aggregates_own_state_and_its_history() -> None:
    refused = TransferRefused(code="R123", **SAID)
    (agreed,) = fold(TRANSFERS, {}, told("transfer/1", REQUESTED, ACCEPTED)).values()
    (over,) = fold(TRANSFERS, {}, told("transfer/1", REQUESTED, refused)).values()

    assert (agreed.state, agreed.open, agreed.version) == (Agreed(terms=TERMS), True, 2)
    assert (over.state, over.open) == (Over(terms=TERMS, how="refused"), False)
    assert [entry.event for entry in over.timeline] == ["TransferRequested", "TransferRefused"]


def test_other_streams_and_other_facts_are_none_of_theirs() -> None:
    assert fold(TROUBLES, {}, told("line/1", line_opened())) == {}
    assert fold(TRANSFERS, {}, told("line/1", line_opened())) == {}
    assert fold(TROUBLES, {}, told("exchange-trouble/1", line_opened())) == {}
    assert fold(TROUBLES, {}, told("exchange-trouble/1", SETTLED)) == {}
    assert fold(TRANSFERS, {}, told("transfer/1", line_opened())) == {}


def test_what_comes_before_anything_is_known_holds_nothing_up() -> None:
    early = TransferTicketIgnored(ticket="NoteCancellation", why="nothing is known of it")
    (nothing,) = fold(TRANSFERS, {}, told("transfer/1", early)).values()
    (asked,) = fold(TRANSFERS, {}, told("transfer/1", early, REQUESTED)).values()

    assert (nothing.state, nothing.open) == (None, False)
    assert (asked.open, asked.version) == (True, 2)
