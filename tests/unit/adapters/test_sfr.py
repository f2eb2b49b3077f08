"""SFR's dialect: tokens, patience, the feed, and every way an answer can be no answer."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from adapters.sfr.client import SfrClient, http_session
from adapters.sfr.feed import SfrFeed
from adapters.sfr.gateway import SfrGateway, read_change
from adapters.sfr.mapping import line_order, order_withdrawal
from adapters.sfr.oauth import Credentials, Tokens
from domain.operators import (
    Change,
    ChangeRefusedTold,
    FeedSilentError,
    LineChangedTold,
    LineReadyTold,
    NumberGivenTold,
    Refused,
    ReleasedTold,
    StepRefusedTold,
    SwitchedTold,
    Took,
    Unanswered,
    Unreadable,
    WithdrawnTold,
)
from domain.port_in_facts import Step
from tests.conformance.host import NUMBER, change, request, withdrawal
from tests.unit.adapters.wire import Wire, open_wire

TOKEN = b'{"access_token": "t-1", "token_type": "Bearer", "expires_in": 300}'
UNKNOWN = b'{"codeRejet": "COMMANDE_INCONNUE"}'
ASKED = request("one", number=NUMBER)
BY_KEY = f"/commandes/par-cle/{ASKED.key}"
KEPT = json.dumps({"commandeId": "C-1", "cleUnique": ASKED.key, "statut": "ENREGISTREE"}).encode()
LINE = str(ASKED.line_id)
EVENT = {
    "idEvenement": "e-1",
    "commandeId": "C-1",
    "cleUnique": "k-1",
    "refClient": LINE,
    "type": "SIM_PRETE",
    "survenu_le": 1799449200000,
    "ligneId": "LS-1",
}


@dataclass
class Sfr:
    wire: Wire
    gateway: SfrGateway
    feed: SfrFeed
    now: float = 1000.0
    paused: list[float] = field(default_factory=list)

    async def pause(self, seconds: float) -> None:
        self.paused.append(seconds)
        self.now += seconds


@pytest.fixture
async def sfr() -> AsyncIterator[Sfr]:
    async with open_wire() as wire, http_session() as session:
        credentials = Credentials(client_id="raccord", client_secret="s3cret")

        def monotonic() -> float:
            return found.now

        async def pause(seconds: float) -> None:
            await found.pause(seconds)

        tokens = Tokens(session=session, url=wire.url, credentials=credentials, monotonic=monotonic)
        client = SfrClient(
            session=session, url=wire.url, tokens=tokens, monotonic=monotonic, pause=pause
        )
        found = Sfr(wire, SfrGateway(client=client), SfrFeed(client=client))
        wire.will("/oauth2/token", 200, TOKEN)
        yield found


# tokens


async def test_one_token_serves_until_a_little_before_it_expires(sfr: Sfr) -> None:
    sfr.wire.will("*", 200, b'{"etat": "EN_SERVICE"}')

    for _ in range(2):
        await sfr.gateway.number_activity(NUMBER)
    once = len(sfr.wire.asked("/oauth2/token"))
    sfr.now += 271
    await sfr.gateway.number_activity(NUMBER)

    assert (once, len(sfr.wire.asked("/oauth2/token"))) == (1, 2)
    assert sfr.wire.asked("/numeros/etat")[0].headers["authorization"] == "Bearer t-1"


async def test_a_token_that_is_not_taken_is_renewed_once_and_no_more(sfr: Sfr) -> None:
    sfr.wire.will("*", 401, b"{}")

    answer = await sfr.gateway.ask(ASKED)

    assert isinstance(answer, Unanswered)
    assert len(sfr.wire.asked("/oauth2/token")) == 2
    assert len(sfr.wire.asked(BY_KEY)) == 2
    assert sfr.wire.asked("/commandes") == []


@pytest.mark.parametrize(
    ("status", "body"), [(401, b"{}"), (500, b""), (200, b"{}"), (200, b"x" * 70_000), (302, b"")]
)
async def test_without_a_token_nothing_is_asked(sfr: Sfr, status: int, body: bytes) -> None:
    sfr.wire.answers["/oauth2/token"] = [(status, body, {"Location": "/elsewhere"})]

    assert isinstance(await sfr.gateway.ask(ASKED), Unanswered)
    assert {heard.path for heard in sfr.wire.heard} == {"/oauth2/token"}


def test_no_secret_is_shown_by_what_holds_it() -> None:
    assert "s3cret" not in repr(Credentials(client_id="raccord", client_secret="s3cret"))


# patience


@pytest.mark.parametrize("status", [429, 503])
async def test_a_short_wait_is_waited_for_once_and_the_key_is_looked_up_again(
    sfr: Sfr, status: int
) -> None:
    sfr.wire.will(BY_KEY, 404, UNKNOWN)
    sfr.wire.will("/commandes", status, b"{}", {"Retry-After": "2"})
    sfr.wire.will("/commandes", 201, KEPT)

    answer = await sfr.gateway.ask(ASKED)

    assert answer == Took(reference="C-1")
    assert sfr.paused == [2.0]
    paths = [heard.path for heard in sfr.wire.heard[1:]]
    assert paths == [BY_KEY, "/commandes", BY_KEY, "/commandes"]


async def test_a_second_short_wait_is_not_waited_for(sfr: Sfr) -> None:
    sfr.wire.will("*", 429, b"{}", {"Retry-After": "1"})

    answer = await sfr.gateway.ask(ASKED)

    assert answer == Unanswered(
        why="SFR asks to be called less often", retry_after=timedelta(seconds=1)
    )
    assert sfr.paused == [1.0]
    assert len(sfr.wire.asked(BY_KEY)) == 2


async def test_after_a_long_wait_was_asked_for_nobody_calls_before_its_end(sfr: Sfr) -> None:
    sfr.wire.will(BY_KEY, 503, b"{}", {"Retry-After": "60"})
    sfr.wire.will(BY_KEY, 200, KEPT)

    first = await sfr.gateway.ask(ASKED)
    sfr.now += 57
    second = await sfr.gateway.ask(ASKED)
    with pytest.raises(FeedSilentError, match="maintenance"):
        await sfr.feed.after("")
    calls = len(sfr.wire.asked(BY_KEY))
    sfr.now += 3
    third = await sfr.gateway.ask(ASKED)

    assert first == Unanswered(why="SFR is in maintenance", retry_after=timedelta(seconds=60))
    assert second == Unanswered(why="SFR is in maintenance", retry_after=timedelta(seconds=3))
    assert calls == 1
    assert third == Took(reference="C-1")
    assert sfr.paused == []


async def test_a_wait_of_hours_is_said_in_full_and_looked_at_after_a_quarter_of_one(
    sfr: Sfr,
) -> None:
    sfr.wire.will(BY_KEY, 503, b"{}", {"Retry-After": "7200"})
    sfr.wire.will(BY_KEY, 200, KEPT)

    first = await sfr.gateway.ask(ASKED)
    sfr.now += 800
    second = await sfr.gateway.ask(ASKED)
    sfr.now += 100
    third = await sfr.gateway.ask(ASKED)

    assert isinstance(first, Unanswered)
    assert first.retry_after == timedelta(hours=2)
    assert isinstance(second, Unanswered)
    assert second.retry_after == timedelta(seconds=7200 - 800)
    assert third == Took(reference="C-1")


@pytest.mark.parametrize("said", ["", "soon", "-1", "Wed, 21 Oct 2026 07:28:00 GMT", "9" * 400])
async def test_a_wait_that_is_not_in_seconds_is_one_of_ours(sfr: Sfr, said: str) -> None:
    sfr.wire.will(BY_KEY, 429, b"{}", {"Retry-After": said})
    sfr.wire.will(BY_KEY, 200, KEPT)

    assert isinstance(await sfr.gateway.ask(ASKED), Unanswered)
    sfr.now += 901
    assert isinstance(await sfr.gateway.ask(ASKED), Took)


# answers that are none


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, b"<html>no such page</html>"),
        (404, b'{"codeRejet": "LIGNE_INCONNUE"}'),
        (200, b"{}"),
        (200, b"[" * 60_000),
        (200, b" " * 70_000),
        (200, b'{"commandeId": "C-1", "cleUnique": "another", "statut": "EN_COURS"}'),
        (200, KEPT.replace(b"ENREGISTREE", b"REJETEE")),
        (302, b""),
        (500, UNKNOWN),
    ],
)
async def test_nothing_is_ordered_while_sfr_does_not_say_what_it_has(
    sfr: Sfr, status: int, body: bytes
) -> None:
    sfr.wire.will("*", status, body, {"Location": "/elsewhere"})

    answer = await sfr.gateway.ask(ASKED)

    assert isinstance(answer, Unanswered)
    assert [heard.path for heard in sfr.wire.heard[1:]] == [BY_KEY]
    assert await sfr.gateway.look_up(ASKED.key) is None


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"{}"),
        (400, b'{"codeRejet": "X"}'),
        (404, b"not found"),
        (409, b"{}"),
        (422, b'{"codeRejet": "with space"}'),
        (500, b'{"codeRejet": "X"}'),
        (201, KEPT.replace(ASKED.key.encode(), b"another")),
    ],
)
async def test_an_order_is_only_taken_or_refused_by_an_answer_that_says_so(
    sfr: Sfr, status: int, body: bytes
) -> None:
    sfr.wire.will(BY_KEY, 404, UNKNOWN)
    sfr.wire.will("/commandes", status, body)

    assert isinstance(await sfr.gateway.ask(ASKED), Unanswered)


async def test_a_refusal_is_in_sfrs_own_code(sfr: Sfr) -> None:
    sfr.wire.will(BY_KEY, 404, UNKNOWN)
    sfr.wire.will("/commandes", 422, b'{"codeRejet": "STOCK_EPUISE", "libelle": "plus de SIM"}')

    assert await sfr.gateway.ask(ASKED) == Refused(code="STOCK_EPUISE")


async def test_nobody_at_the_other_end_is_no_answer(sfr: Sfr) -> None:
    sfr.gateway.client.url = sfr.gateway.client.tokens.url = "http://127.0.0.1:1"

    assert isinstance(await sfr.gateway.ask(ASKED), Unanswered)
    assert isinstance(await sfr.gateway.number_activity(NUMBER), Unanswered)
    assert isinstance(await sfr.gateway.rio_of("LS-1"), Unanswered)


async def test_no_number_is_in_an_address(sfr: Sfr) -> None:
    sfr.wire.will(BY_KEY, 404, UNKNOWN)
    sfr.wire.will("*", 200, b"{}")
    await sfr.gateway.ask(ASKED)
    await sfr.gateway.number_activity(NUMBER)

    assert all(NUMBER not in heard.path + heard.query for heard in sfr.wire.heard)
    assert NUMBER.encode() in sfr.wire.asked("/numeros/etat")[0].body


# the feed


def _page(*items: object, **more: object) -> bytes:
    return json.dumps({"changements": items, **more}).encode()


def _item(number: int, **changes: object) -> dict[str, object]:
    event = {**EVENT, "idEvenement": f"e-{number}", **changes}
    return {"marque": f"m-{number}", "evenement": event}


async def test_what_has_come_is_kept_under_its_own_id_and_our_line(sfr: Sfr) -> None:
    sfr.wire.will("/changes", 200, _page(_item(1), _item(2), marque="m-2"))

    page = await sfr.feed.after("m-0")

    assert [delivery.message_key for delivery in page.deliveries] == ["e-1", "e-2"]
    assert {(d.source, d.correlation) for d in page.deliveries} == {("sfr", LINE)}
    assert page.mark == "m-2"
    assert sfr.wire.asked("/changes")[0].query == "after=m-0&limite=50"
    assert isinstance(read_change(page.deliveries[0].body), LineReadyTold)


async def test_a_malformed_change_is_passed_over_and_logged_without_what_it_says(
    sfr: Sfr,
) -> None:
    bad = [3, None, {"marque": "m-2"}, _item(3, refClient=NUMBER), _item(4, idEvenement="")]
    sfr.wire.will("/changes", 200, _page(_item(1), *bad, _item(6)))

    with capture_logs() as logs:
        page = await sfr.feed.after("")

    assert [delivery.message_key for delivery in page.deliveries] == ["e-1", "e-6"]
    assert page.mark == "m-6"
    assert [entry["event"] for entry in logs] == ["sfr.change-passed-over"] * len(bad)
    assert NUMBER not in str(logs)


@pytest.mark.parametrize(
    ("page", "mark"),
    [
        (_page(), "m-0"),
        (_page(marque="m-9"), "m-0"),
        (_page(_item(1), 3, marque="m-2"), "m-2"),
        (_page(_item(1), 3), "m-1"),
    ],
)
async def test_the_mark_only_moves_past_what_was_returned(sfr: Sfr, page: bytes, mark: str) -> None:
    sfr.wire.will("/changes", 200, page)

    assert (await sfr.feed.after("m-0")).mark == mark


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"<html>"),
        (200, b"[]"),
        (200, b'{"changements": 3}'),
        (200, b'{"changements": [3]}'),
        (500, b"{}"),
        (404, UNKNOWN),
    ],
)
async def test_a_feed_that_says_anything_else_is_silent(sfr: Sfr, status: int, body: bytes) -> None:
    sfr.wire.will("/changes", status, body)

    with pytest.raises(FeedSilentError):
        await sfr.feed.after("")


# the mapping


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, LineReadyTold),
        ({"type": "NUMERO_ATTRIBUE", "numero_mobile": "0756100001"}, NumberGivenTold),
        ({"type": "LIGNE_RESILIEE"}, ReleasedTold),
        ({"type": "LIGNE_SUSPENDUE"}, LineChangedTold),
        ({"type": "LIGNE_RETABLIE"}, LineChangedTold),
        ({"type": "COMMANDE_ANNULEE", "cle_annulee": "k-0"}, WithdrawnTold),
        ({"type": "COMMANDE_REJETEE", "nature": "SUSPENSION", "codeRejet": "X"}, ChangeRefusedTold),
        ({"type": "COMMANDE_REJETEE", "nature": "RESILIATION", "codeRejet": "X"}, StepRefusedTold),
        (
            {
                "type": "LIGNE_BASCULEE",
                "coupure": {
                    "debut": "2027-01-13T09:00:00+01:00",
                    "fin": "2027-01-13T09:45:00+01:00",
                },
                "sim_active_le": "2027-01-13T09:00:00+01:00",
            },
            SwitchedTold,
        ),
        ({"type": "DANSE"}, Unreadable),
        ({"survenu_le": "soon"}, Unreadable),
        ({"survenu_le": True}, Unreadable),
        ({"survenu_le": 10**20}, Unreadable),
        ({"survenu_le": 0}, Unreadable),
        ({"ligneId": "with space"}, Unreadable),
        ({"type": "NUMERO_ATTRIBUE", "numero_mobile": "+33612345678"}, Unreadable),
        ({"type": "NUMERO_ATTRIBUE", "numero_mobile": "0756100001\n"}, Unreadable),
    ],
)
def test_every_change_becomes_one_of_our_words_or_is_unreadable(
    changes: dict[str, object], kind: type
) -> None:
    assert isinstance(read_change(json.dumps({**EVENT, **changes})), kind)


def test_orders_are_written_in_sfrs_words() -> None:
    prepared = line_order(ASKED)
    given = line_order(request("give", Step.GIVE_NUMBER, number=None))

    assert (prepared["nature"], prepared["numero_mobile"]) == ("RESERVATION_SIM", NUMBER)
    assert prepared["date_demande"] == 1799276400000
    assert (given["nature"], "numero_mobile" in given) == ("ACTIVATION_NUMERO_NEUF", False)
    assert order_withdrawal(withdrawal("w", "k-0"))["cle_annulee"] == "k-0"
    assert change("c", Change.SUSPEND, "LS-1").key


async def test_what_only_the_look_up_could_not_reach_has_not_been_sent(sfr: Sfr) -> None:
    sfr.wire.will(BY_KEY, 500, b"{}")

    answer = await sfr.gateway.ask(ASKED)

    assert isinstance(answer, Unanswered)
    assert not answer.sent


async def test_a_shorter_silence_does_not_end_a_longer_one(sfr: Sfr) -> None:
    sfr.wire.will("/numeros/etat", 429, b"{}", {"Retry-After": "60"})
    await sfr.gateway.number_activity(NUMBER)
    sfr.now += 30
    client = sfr.gateway.client
    client._hushed("SFR asks to be called less often", "1")  # noqa: SLF001  another task heard it

    answer = await sfr.gateway.number_activity(NUMBER)

    assert isinstance(answer, Unanswered)
    assert len(sfr.wire.asked("/numeros/etat")) == 1


async def test_a_change_no_reader_takes_does_not_hide_the_others(sfr: Sfr) -> None:
    """JSON allows half a surrogate, and figures without end."""
    odd = json.dumps({"changements": [{"marque": "m-1", "evenement": "x"}], "marque": "m-1"})
    sfr.wire.will("/changes", 200, odd.replace('"x"', r'"\ud800"').encode())

    page = await sfr.feed.after("")

    assert (page.deliveries, page.mark) == ((), "m-1")


async def test_a_page_that_is_too_much_at_once_is_asked_for_in_parts(sfr: Sfr) -> None:
    sfr.wire.will("/changes", 200, b"x" * 70_000)
    sfr.wire.will("/changes", 200, _page(_item(1), marque="m-1"))

    page = await sfr.feed.after("")

    assert [delivery.message_key for delivery in page.deliveries] == ["e-1"]
    assert [heard.query for heard in sfr.wire.asked("/changes")] == [
        "after=&limite=50",
        "after=&limite=5",
    ]
