"""Troubles of an exchange: one each, over by themselves, or settled by somebody who says why."""

from datetime import timedelta
from uuid import UUID

import pytest

from domain import exchange_troubles as troubles
from domain.event import Event
from domain.exchange_troubles import (
    EndTrouble,
    ExchangeTroubleOver,
    ExchangeTroubleRaised,
    ExchangeTroubleSettled,
    RaiseTrouble,
    SettleTrouble,
    Trouble,
    TroubleDecision,
    TroubleKind,
    TroubleRefusedError,
    trouble_stream,
)
from domain.said import Said
from domain.territories import ExchangeGroup
from tests.builders import NOON, line_opened

FILE = "PNMDATA.01.02.20270111105000.001"
WHY = Said(fr="répondu", en="answered")


def trouble(kind: TroubleKind = TroubleKind.UNANSWERED, *, place: int | None = None) -> Trouble:
    return Trouble(
        kind=kind,
        group=ExchangeGroup.GPM,
        partner="02",
        file=FILE,
        place=place,
        code="E011",
        since=NOON,
        until=NOON + timedelta(days=2),
    )


RAISE = RaiseTrouble(decided_at=NOON, trouble=trouble())


def settle(decision: TroubleDecision) -> SettleTrouble:
    return SettleTrouble(decided_at=NOON, decision=decision, by="ops", reason="called them")


def when(command: troubles.TroubleCommand, *given: Event) -> tuple[Event, ...]:
    return troubles.decide(command, troubles.fold(given))


RAISED = ExchangeTroubleRaised(trouble=trouble())


def test_a_trouble_is_raised_once_however_often_it_is_met() -> None:
    assert when(RAISE) == (RAISED,)
    assert when(RAISE, RAISED) == ()


def test_it_is_over_when_what_was_missing_has_come_and_may_come_back() -> None:
    over = EndTrouble(decided_at=NOON, why=WHY)

    assert when(over, RAISED) == (ExchangeTroubleOver(why=WHY),)
    assert when(over) == ()
    assert when(RAISE, RAISED, ExchangeTroubleOver(why=WHY)) == (RAISED,)


def test_a_person_settles_it_and_says_why() -> None:
    (settled,) = when(settle(TroubleDecision.DEPOSIT_AGAIN), RAISED)

    assert settled == ExchangeTroubleSettled(
        decision=TroubleDecision.DEPOSIT_AGAIN, by="ops", reason="called them"
    )
    with pytest.raises(TroubleRefusedError, match="settled already"):
        when(settle(TroubleDecision.SETTLE), RAISED, settled)


def test_what_is_only_settled_needs_a_reason() -> None:
    silent = SettleTrouble(decided_at=NOON, decision=TroubleDecision.SETTLE, by="ops", reason="  ")

    with pytest.raises(TroubleRefusedError, match="a reason is required"):
        when(silent, RAISED)


def test_only_a_file_out_of_sequence_is_read_again_whole() -> None:
    unreadable = trouble(TroubleKind.FILE_UNREADABLE)

    assert TroubleDecision.READ_AGAIN not in unreadable.allowed
    late = unreadable.model_copy(update={"code": "E007"})
    assert late.allowed == (TroubleDecision.SETTLE, TroubleDecision.READ_AGAIN)


def test_what_does_not_help_is_refused_with_what_does() -> None:
    with pytest.raises(TroubleRefusedError, match="decide one of: settle, deposit-again"):
        when(settle(TroubleDecision.READ_AGAIN), RAISED)


def test_other_facts_of_the_stream_change_nothing() -> None:
    assert when(RAISE, line_opened()) == (RAISED,)


@pytest.mark.parametrize("kind", list(TroubleKind))
def test_each_kind_says_what_it_is_and_what_may_be_done(kind: TroubleKind) -> None:
    told = trouble(kind, place=3)

    assert TroubleDecision.SETTLE in told.allowed
    assert f"({FILE}, 3): E011" in told.what.en
    assert told.what.fr


def test_a_trouble_is_named_after_what_it_is_about() -> None:
    whole, third = trouble(), trouble(place=3)

    assert whole.trouble_id == trouble().trouble_id
    assert whole.trouble_id != third.trouble_id
    assert whole.what.en.startswith("a file nobody acknowledged (PNMDATA")
    assert trouble_stream(UUID(int=1)) == f"exchange-trouble/{UUID(int=1)}"


def test_a_trouble_without_a_code_still_says_what_it_is() -> None:
    nameless = trouble().model_copy(update={"code": ""})

    assert nameless.what.en.endswith(": a code nobody knows")
