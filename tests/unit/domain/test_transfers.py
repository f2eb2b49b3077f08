"""A number another operator asks of us: asked, answered by a person, moved, confirmed."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from domain import transfers
from domain.event import Event
from domain.personal import Personal
from domain.territories import ExchangeGroup
from domain.transfers import (
    Agreed,
    Announced,
    Answer,
    AnswerTransfer,
    Asked,
    GivenUp,
    NoteCancellation,
    NoteOther,
    NotePorting,
    NoteRequest,
    Over,
    ReplyTicket,
    Transfer,
    TransferAccepted,
    TransferAnnounced,
    TransferConfirmed,
    TransferGivenUp,
    TransferLost,
    TransferReactivated,
    TransferRefused,
    TransferRefusedError,
    TransferRequested,
    TransferSettled,
    TransferTerms,
    TransferTicketIgnored,
    TransferToldOtherwise,
    allowed_in,
    ticket_for,
    transfer_stream,
    transfer_subject,
    until_of,
)
from tests.builders import NOON, line_opened

ID = UUID(int=9)
UNTIL = NOON + timedelta(days=1)
TERMS = TransferTerms(
    transfer_id=ID,
    group=ExchangeGroup.GPM,
    receiver="01",
    donor="02",
    ours="02",
    subscribed_at=NOON,
    number=Personal(subject=transfer_subject(ID), value="0612345678"),
    rio=Personal(subject=transfer_subject(ID), value="02E4AB678ABC"),
    enterprise=True,
    port_day=date(2026, 11, 27),
)
REQUEST = NoteRequest(decided_at=NOON, terms=TERMS, until=UNTIL)
PORTING = NotePorting(decided_at=NOON, terms=TERMS, until=UNTIL)
CANCELLATION = NoteCancellation(decided_at=NOON, code="C001", until=UNTIL)
REVERSE = NoteOther(decided_at=NOON, terms=TERMS, ticket="2410", until=UNTIL)
REQUESTED = TransferRequested(terms=TERMS, until=UNTIL)
SAID = {"by": "ops", "reason": "checked"}
ACCEPTED = TransferAccepted(**SAID)
ANNOUNCED = TransferAnnounced(terms=TERMS, until=UNTIL)
GIVEN_UP = TransferGivenUp(code="C001", until=UNTIL)


def answer(kind: Answer, code: str | None = None) -> AnswerTransfer:
    return AnswerTransfer(decided_at=NOON, answer=kind, code=code, **SAID)


def state(*given: Event) -> Transfer:
    return transfers.fold(given)


def when(command: transfers.TransferCommand, *given: Event) -> Event:
    (event,) = transfers.decide(command, state(*given))
    return event


def test_a_request_waits_for_a_person() -> None:
    assert when(REQUEST) == REQUESTED
    asked = state(REQUESTED)
    assert isinstance(asked, Asked)
    assert allowed_in(asked) == (Answer.ACCEPT, Answer.REFUSE, Answer.REACTIVATE)
    assert until_of(asked) == UNTIL
    assert "0612345678" not in repr(asked)


def test_it_is_accepted_announced_and_confirmed() -> None:
    assert when(answer(Answer.ACCEPT), REQUESTED) == ACCEPTED
    assert when(PORTING, REQUESTED, ACCEPTED) == ANNOUNCED
    confirmed = when(answer(Answer.CONFIRM), REQUESTED, ACCEPTED, ANNOUNCED)
    assert confirmed == TransferConfirmed(**SAID)
    over = state(REQUESTED, ACCEPTED, ANNOUNCED, confirmed)
    assert over == Over(terms=TERMS, how="ported")
    assert isinstance(over, Over)
    assert allowed_in(over) == ()
    assert until_of(over) is None


def test_it_is_refused_for_a_reason_of_the_closed_list_only() -> None:
    refused = when(answer(Answer.REFUSE, "r123"), REQUESTED)

    assert refused == TransferRefused(code="R123", **SAID)
    assert state(REQUESTED, refused) == Over(terms=TERMS, how="refused")
    for code in (None, "R999", "C002", "A001"):
        with pytest.raises(TransferRefusedError, match="such as R123"):
            when(answer(Answer.REFUSE, code), REQUESTED)


def test_an_agreement_is_taken_back_with_its_own_codes() -> None:
    agreed = state(REQUESTED, ACCEPTED)
    assert isinstance(agreed, Agreed)
    assert until_of(agreed) is None
    lost = when(answer(Answer.LOSE, "C002"), REQUESTED, ACCEPTED)

    assert lost == TransferLost(code="C002", **SAID)
    assert state(REQUESTED, ACCEPTED, lost) == Over(terms=TERMS, how="lost")
    with pytest.raises(TransferRefusedError, match="such as C002"):
        when(answer(Answer.LOSE, "R123"), REQUESTED, ACCEPTED)


def test_a_cancellation_is_confirmed_by_a_person() -> None:
    assert when(CANCELLATION, REQUESTED) == GIVEN_UP
    assert when(CANCELLATION, REQUESTED, ACCEPTED) == GIVEN_UP
    given_up = state(REQUESTED, GIVEN_UP)
    assert isinstance(given_up, GivenUp)
    confirmed = when(answer(Answer.CONFIRM), REQUESTED, GIVEN_UP)
    assert state(REQUESTED, GIVEN_UP, confirmed) == Over(terms=TERMS, how="cancelled")


def test_a_third_party_hears_of_it_with_the_porting_ticket() -> None:
    assert when(PORTING) == ANNOUNCED
    assert isinstance(state(ANNOUNCED), Announced)


@pytest.mark.parametrize(
    ("command", "given"),
    [
        (REQUEST, (REQUESTED,)),
        (PORTING, (ANNOUNCED,)),
        (PORTING, (ANNOUNCED, TransferConfirmed(**SAID))),
        (CANCELLATION, ()),
        (CANCELLATION, (REQUESTED, GIVEN_UP)),
        (REVERSE, (TransferToldOtherwise(terms=TERMS, ticket="2410", until=UNTIL),)),
    ],
)
def test_a_double_or_a_late_ticket_changes_nothing_and_is_no_error(
    command: transfers.TransferCommand, given: tuple[Event, ...]
) -> None:
    ignored = when(command, *given)

    assert isinstance(ignored, TransferTicketIgnored)
    assert state(*given, ignored) == state(*given)


@pytest.mark.parametrize("given", [(REQUESTED,), (REQUESTED, GIVEN_UP)])
def test_a_porting_ticket_nobody_agreed_to_is_for_a_person(given: tuple[Event, ...]) -> None:
    told = when(PORTING, *given)

    assert told == TransferToldOtherwise(terms=TERMS, ticket="1410", until=UNTIL)
    assert when(answer(Answer.SETTLE), *given, told) == TransferSettled(**SAID)


def test_what_has_no_process_yet_is_for_a_person() -> None:
    told = when(REVERSE)
    elsewhere = state(told)
    assert elsewhere is not None
    assert allowed_in(elsewhere) == (Answer.SETTLE,)
    settled = when(answer(Answer.SETTLE), told)
    assert state(told, settled) == Over(terms=TERMS, how="settled")


def test_what_is_only_settled_needs_a_reason() -> None:
    told = when(REVERSE)
    silent = AnswerTransfer(decided_at=NOON, answer=Answer.SETTLE, code=None, by="ops", reason="")

    with pytest.raises(TransferRefusedError, match="a reason is required"):
        when(silent, told)


def test_what_was_not_asked_cannot_be_answered() -> None:
    with pytest.raises(TransferRefusedError, match="nothing: it is over"):
        when(answer(Answer.ACCEPT))
    with pytest.raises(TransferRefusedError, match="what can be: accept, refuse"):
        when(answer(Answer.CONFIRM), REQUESTED)


@pytest.mark.parametrize(
    ("event", "before", "ticket"),
    [
        (ACCEPTED, (REQUESTED,), ReplyTicket(ticket="1210", reason="A001")),
        (
            TransferRefused(code="R123", **SAID),
            (REQUESTED,),
            ReplyTicket(ticket="1220", reason="R123"),
        ),
        (
            TransferLost(code="C003", **SAID),
            (REQUESTED, ACCEPTED),
            ReplyTicket(ticket="1520", reason="C003"),
        ),
        (
            TransferConfirmed(**SAID),
            (REQUESTED, GIVEN_UP),
            ReplyTicket(ticket="1530", reason="C001"),
        ),
        (TransferConfirmed(**SAID), (ANNOUNCED,), ReplyTicket(ticket="1430")),
        (TransferSettled(**SAID), (), None),
    ],
)
def test_each_answer_leaves_as_its_own_ticket(
    event: Event, before: tuple[Event, ...], ticket: ReplyTicket | None
) -> None:
    assert ticket_for(event, state(*before)) == ticket


def test_facts_of_something_else_and_answers_to_nothing_are_no_transfer() -> None:
    assert state(line_opened()) is None
    assert state(ACCEPTED) is None
    assert transfer_stream(ID) == f"transfer/{ID}"


BACK = NotePorting(decided_at=NOON, terms=TERMS, until=UNTIL, reverse=True)
TAKEN_BACK = TransferAnnounced(terms=TERMS, until=UNTIL, reverse=True)


@pytest.mark.parametrize("known", [(), ("announced",), ("announced", "confirmed")])
def test_a_third_party_confirms_a_reverse_port_whatever_it_knew_of_the_port(
    known: tuple[str, ...],
) -> None:
    facts = {
        "announced": TransferAnnounced(terms=TERMS, until=UNTIL),
        "confirmed": TransferConfirmed(by="ops", reason=""),
    }
    before = transfers.fold([facts[name] for name in known])

    (announced,) = transfers.decide(BACK, before)
    assert announced == TAKEN_BACK
    state = transfers.evolve(before, announced)
    assert transfers.decide(BACK, state)[0] == TransferTicketIgnored(
        ticket="NotePorting", why="it was announced before"
    )
    answer = AnswerTransfer(decided_at=NOON, answer=Answer.CONFIRM, code=None, by="ops", reason="")
    (confirmed,) = transfers.decide(answer, state)
    # porting-and-access:85, 2430 is everybody's
    assert ticket_for(confirmed, state) == ReplyTicket(ticket="2430")
    over = transfers.evolve(state, confirmed)
    assert isinstance(over, Over)
    assert over.how == "taken-back"
    assert isinstance(transfers.decide(BACK, over)[0], TransferTicketIgnored)


def test_a_reverse_port_of_a_transfer_that_still_waits_for_us_is_for_a_person() -> None:
    asked = transfers.fold([TransferRequested(terms=TERMS, until=UNTIL)])

    (told,) = transfers.decide(BACK, asked)

    assert isinstance(told, TransferToldOtherwise)
    assert told.ticket == "2410"


def _answer(answer: Answer, **more: str) -> AnswerTransfer:
    given = {"code": None, "by": "ops", "reason": "", **more}
    return AnswerTransfer(decided_at=NOON, answer=answer, **given)


def test_a_number_that_ended_lately_is_activated_again_for_a_reason_and_may_leave() -> None:
    asked = transfers.fold([TransferRequested(terms=TERMS, until=UNTIL)])
    with pytest.raises(TransferRefusedError, match="what justifies it"):
        transfers.decide(_answer(Answer.REACTIVATE), asked)

    (event,) = transfers.decide(_answer(Answer.REACTIVATE, reason="their mail"), asked)
    assert event == TransferReactivated(by="ops", reason="their mail")
    state = transfers.evolve(asked, event)

    assert ticket_for(event, asked) is None
    with pytest.raises(TransferRefusedError, match="activated again"):
        transfers.decide(_answer(Answer.REFUSE, code="R323"), state)
    (accepted,) = transfers.decide(_answer(Answer.ACCEPT), state)
    assert isinstance(transfers.evolve(state, accepted), Agreed)


def test_a_reason_that_is_not_true_of_the_number_refuses_nothing() -> None:
    asked = transfers.fold([TransferRequested(terms=TERMS, until=UNTIL)])

    with pytest.raises(TransferRefusedError, match="it lives"):
        transfers.decide(_answer(Answer.REFUSE, code="R323", untrue="it lives"), asked)
