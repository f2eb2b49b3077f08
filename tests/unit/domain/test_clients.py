"""Clients and their keys: who may call, until when, and how a key is replaced or taken back."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.callers import Caller
from domain.clients import (
    KEYS_MAX,
    ChangeRights,
    Client,
    ClientCommand,
    ClientKeyRevoked,
    ClientRefusedError,
    ClientRightsChanged,
    ClientState,
    IssueKey,
    RegisterClient,
    RevokeKey,
    Rights,
    Role,
    Unregistered,
    decide,
    evolve,
    fold,
)
from domain.message import MessageUnmatched

NOW = datetime(2027, 1, 8, 9, 0, tzinfo=UTC)
INTAKE = Rights(roles=frozenset({Role.INTAKE}))
REGISTER = RegisterClient(decided_at=NOW, name="crm", rights=INTAKE)


def _issue(key_id: str, *, at: datetime = NOW, overlap_hours: int = 24) -> IssueKey:
    return IssueKey(
        decided_at=NOW,
        key_id=key_id,
        digest=f"digest of {key_id}",
        wall=at,
        ends_at=None,
        others_end_at=at + timedelta(hours=overlap_hours),
    )


def _after(*commands: ClientCommand) -> ClientState:
    state: ClientState = Unregistered()
    for command in commands:
        for event in decide(command, state):
            state = evolve(state, event)
    return state


def _live(state: ClientState, at: datetime) -> list[str]:
    assert isinstance(state, Client)
    return [key.key_id for key in state.live_keys(at)]


def test_a_client_is_registered_once_with_its_rights() -> None:
    assert _after(REGISTER) == Client(name="crm", rights=INTAKE)
    with pytest.raises(ClientRefusedError, match="crm is registered already"):
        decide(REGISTER, _after(REGISTER))


def test_nothing_can_be_done_about_a_client_that_is_not_registered() -> None:
    with pytest.raises(ClientRefusedError, match="raccord client add"):
        decide(_issue("k1"), Unregistered())


def test_a_new_key_opens_at_once_and_the_old_one_for_a_while_longer() -> None:
    state = _after(REGISTER, _issue("old"), _issue("new"))

    assert _live(state, NOW) == ["old", "new"]
    assert _live(state, NOW + timedelta(hours=23, minutes=59)) == ["old", "new"]
    assert _live(state, NOW + timedelta(hours=24)) == ["new"]


def test_turning_over_twice_never_lets_a_key_go_on_longer() -> None:
    later = NOW + timedelta(hours=12)
    state = _after(REGISTER, _issue("a"), _issue("b"), _issue("c", at=later))

    assert _live(state, NOW + timedelta(hours=25)) == ["b", "c"]


def test_keys_do_not_pile_up() -> None:
    state = _after(REGISTER, *(_issue(f"k{n}") for n in range(KEYS_MAX)))

    with pytest.raises(ClientRefusedError, match="revoke one first"):
        decide(_issue("more"), state)
    assert decide(_issue("more", at=NOW + timedelta(days=2)), state)


def test_a_revoked_key_is_gone_at_once_and_the_others_stay() -> None:
    revoke = RevokeKey(decided_at=NOW, key_id="a", reason="lost")
    state = _after(REGISTER, _issue("a"), _issue("b"), revoke)

    assert _live(state, NOW) == ["b"]
    with pytest.raises(ClientRefusedError, match="no such key; it has b"):
        decide(revoke, state)


def test_every_key_can_be_taken_back_together() -> None:
    state = _after(REGISTER, _issue("a"), _issue("b"))

    revoked = decide(RevokeKey(decided_at=NOW, key_id=None, reason="left"), state)

    assert revoked == (
        ClientKeyRevoked(key_id="a", reason="left"),
        ClientKeyRevoked(key_id="b", reason="left"),
    )
    with pytest.raises(ClientRefusedError, match="it has none"):
        decide(RevokeKey(decided_at=NOW, key_id=None, reason="left"), _after(REGISTER))


def test_rights_change_and_the_same_rights_are_no_news() -> None:
    finance = Rights(roles=frozenset({Role.FINANCE}), own_orders_only=True)
    change = ChangeRights(decided_at=NOW, rights=finance)
    state = _after(REGISTER, change)

    assert state == Client(name="crm", rights=finance)
    assert decide(change, state) == ()


def test_facts_of_other_things_change_nothing() -> None:
    stray = MessageUnmatched(source="x", message_key="y", reason="z")

    assert fold((stray,)) == Unregistered()
    assert evolve(Unregistered(), ClientRightsChanged(rights=INTAKE)) == Unregistered()


@pytest.mark.parametrize(
    ("own_only", "client", "sees"),
    [(False, "crm", True), (False, "acme", True), (True, "acme", True), (True, "crm", False)],
)
def test_a_partner_sees_what_it_brought_in(own_only: bool, client: str, sees: bool) -> None:  # noqa: FBT001  a table
    caller = Caller(
        name="acme",
        client="acme",
        roles=frozenset({Role.INTAKE}),
        own_orders_only=own_only,
        per_minute=1,
    )

    assert caller.sees(client) is sees
    assert caller.has(Role.INTAKE, Role.AUDIT)
    assert not caller.has(Role.AUDIT)
