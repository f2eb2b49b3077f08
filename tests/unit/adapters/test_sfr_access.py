"""SFR's dialect about fixed accesses: what is written, what is read, and what is not guessed at."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.sfr.access_mapping import REASONS, TECHNOS, access_order
from adapters.sfr.client import SfrClient, http_session
from adapters.sfr.feed import SfrFeed
from adapters.sfr.gateway import SfrGateway, read_change
from adapters.sfr.oauth import Credentials, Tokens
from domain.access_facts import (
    Barrier,
    Locator,
    Offer,
    Quote,
    QuoteKind,
    QuoteLine,
    Reason,
    StudyResult,
    Technology,
    Use,
    Verdict,
)
from domain.access_operators import ACCESS_STEPS
from domain.access_told import (
    AccessReleasedTold,
    DesaturatedTold,
    EligibilityTold,
    OverwrittenTold,
    PutBackTold,
    ReservedTold,
    SaturatedTold,
    StudyTold,
    SupplyWithdrawnTold,
)
from domain.operators import Refused, StepRefusedTold, Took, Unanswered, Unreadable
from domain.port_in_facts import HostNetwork, Step
from tests.unit.adapters.accesses import ADDRESS, KEY, LINE, NDI, SECRETS, SOCKET, asked
from tests.unit.adapters.spoiling import Where, leaves, replaced, without
from tests.unit.adapters.wire import Wire, open_wire

TOKEN = b'{"access_token": "t-1", "token_type": "Bearer", "expires_in": 300}'
UNKNOWN = b'{"codeRejet": "COMMANDE_INCONNUE"}'
BY_KEY = f"/commandes/par-cle/{KEY}"
KEPT = json.dumps({"commandeId": "C-1", "cleUnique": KEY, "statut": "ENREGISTREE"}).encode()
AT = datetime(2027, 1, 8, 23, 0, tzinfo=UTC)
Json = dict[str, Any]


def change(type_: str, **more: object) -> Json:
    return {
        "idEvenement": "e-1",
        "commandeId": "C-1",
        "cleUnique": KEY,
        "refClient": LINE,
        "type": type_,
        "survenu_le": 1799449200000,
        **more,
    }


OFFER = {
    "techno": 10,
    "debitDescendantKbps": 1_000_000,
    "debitMontantKbps": 700_000,
    "delaiJoursOuvres": 15,
    "etudeRequise": "N",
}
BUNDLE = {
    "techno": 23,
    "debitDescendantKbps": 22_800,
    "debitMontantKbps": 22_800,
    "delaiJoursOuvres": 30,
    "etudeRequise": "O",
    "nbPaires": 4,
}
QUOTE = {
    "devisId": "DV-1",
    "objet": 1,
    "postes": [
        {"libelle": "Génie civil", "montantCentimes": 145_000},
        {"libelle": "Main-d'œuvre", "montantCentimes": 9_950},
    ],
}
CHECKED = change(
    "ELIGIBILITE_RENDUE",
    offres=[OFFER, BUNDLE],
    refus=[{"techno": 21, "codeMotif": "2101"}, {"techno": 20, "codeMotif": "9999"}],
    servicesPresents=[1, 4],
)
STUDIED = change(
    "ETUDE_RENDUE",
    avis=1,
    codeMotif="4001",
    techno=12,
    delaiJoursOuvres=40,
    ecartFraisAccesCentimes=-5_000,
    devis=QUOTE,
)
RESERVED = change("ACCES_RESERVE", accesId="LSS-1")
SATURATED = change(
    "RESEAU_SATURE",
    fait_generateur_le=1799445600000,
    lieu=2,
    premiereVisite="N",
    devis={**QUOTE, "objet": 2},
)
WITHDRAWN = without(
    without(change("FOURNITURE_RETIREE", codeMotif="2105"), ("cleUnique",)), ("commandeId",)
)
OVERWRITTEN = without(
    without(change("ECRASEMENT_A_TORT", codeMotif="5002"), ("cleUnique",)), ("commandeId",)
)
PUT_BACK = change("LIGNE_REMISE_EN_ETAT")
DONE, GIVEN_BACK = change("DESATURATION_FAITE"), change("ACCES_RESTITUE")
LINES = (
    QuoteLine(what="Génie civil", euros=Decimal("1450.00")),
    QuoteLine(what="Main-d'œuvre", euros=Decimal("99.50")),
)


# what we ask


@pytest.mark.parametrize(
    ("step", "path", "nature"),
    [
        (Step.CHECK_ELIGIBILITY, "/acces/eligibilites", None),
        (Step.STUDY_SITE, "/acces/etudes", None),
        (Step.RESERVE_ACCESS, "/acces/commandes", "RESERVATION_ACCES"),
        (Step.DESATURATE, "/acces/commandes", "DESATURATION"),
        (Step.RELEASE_ACCESS, "/acces/commandes", "RESTITUTION_ACCES"),
        (Step.PUT_BACK, "/acces/commandes", "REMISE_EN_ETAT"),
    ],
)
def test_each_step_is_an_order_of_its_kind(step: Step, path: str, nature: str | None) -> None:
    posted = access_order(asked(step))

    assert (posted.path, posted.body.get("nature")) == (path, nature)
    assert posted.body["cleUnique"] == KEY
    assert posted.body["refClient"] == LINE
    assert posted.body["date_demande"] == 1799276400000
    assert posted.body["site"] == {"codeInsee": "57463", "adresse": ADDRESS}


def test_all_technologies_are_asked_about_and_one_is_ordered() -> None:
    checked = access_order(asked(down_kbps=100_000)).body
    ordered = access_order(asked(Step.RESERVE_ACCESS, reference="LSS-1", quote="DV-1")).body
    returned = access_order(asked(Step.RELEASE_ACCESS, technologies=(), reference="LSS-1")).body

    assert (checked["technos"], checked["debitMinimalKbps"]) == ([10, 21], 100_000)
    assert {"techno", "accesId", "devisId"}.isdisjoint(checked)
    assert (ordered["techno"], ordered["accesId"], ordered["devisId"]) == (10, "LSS-1", "DV-1")
    assert {"techno", "technos"}.isdisjoint(returned)


@pytest.mark.parametrize(
    ("locator", "name", "mark"),
    [
        (Locator.BUILDING, "IMB/57463/A1B2", {"type": "IMMEUBLE", "valeur": "IMB/57463/A1B2"}),
        (Locator.SOCKET, SOCKET, {"type": "PTO", "valeur": SOCKET}),
        (Locator.LINE, NDI, {"type": "ND", "valeur": NDI}),
    ],
)
def test_a_site_is_found_by_what_it_is_named_by(locator: Locator, name: str, mark: Json) -> None:
    posted = access_order(asked(locator=locator, name=name))

    assert posted.body["site"]["repere"] == mark
    assert name not in repr(posted)
    assert ADDRESS not in repr(posted)


def test_every_step_and_technology_has_its_word() -> None:
    bodies = [access_order(asked(step, technologies=tuple(Technology))) for step in ACCESS_STEPS]

    assert set(TECHNOS) == set(Technology)
    assert len(set(TECHNOS.values())) == len(TECHNOS)
    assert all(bodies)


# on the wire


@dataclass
class Sfr:
    wire: Wire
    gateway: SfrGateway
    feed: SfrFeed


@pytest.fixture
async def sfr() -> AsyncIterator[Sfr]:
    async with open_wire() as wire, http_session() as session:
        credentials = Credentials(client_id="raccord", client_secret="s3cret")
        tokens = Tokens(session=session, url=wire.url, credentials=credentials)
        client = SfrClient(session=session, url=wire.url, tokens=tokens)
        wire.will("/oauth2/token", 200, TOKEN)
        yield Sfr(wire, SfrGateway(client=client), SfrFeed(client=client))


async def test_an_order_is_looked_up_and_then_sent_once(sfr: Sfr) -> None:
    sfr.wire.will(BY_KEY, 404, UNKNOWN)
    sfr.wire.will(BY_KEY, 200, KEPT)
    sfr.wire.will("/acces/eligibilites", 201, KEPT)

    answers = [await sfr.gateway.ask_access(asked()) for _ in range(2)]

    assert answers == [Took(reference="C-1")] * 2
    assert [heard.path for heard in sfr.wire.heard[1:]] == [BY_KEY, "/acces/eligibilites", BY_KEY]


@pytest.mark.parametrize(
    ("status", "body"), [(200, b"{}"), (404, b"not found"), (409, b"{}"), (500, KEPT), (302, b"")]
)
async def test_an_answer_that_says_nothing_is_none_and_the_order_may_be_under_way(
    sfr: Sfr, status: int, body: bytes
) -> None:
    sfr.wire.will(BY_KEY, 404, UNKNOWN)
    sfr.wire.will("*", status, body)

    answer = await sfr.gateway.ask_access(asked(Step.RESERVE_ACCESS))

    assert isinstance(answer, Unanswered)
    assert answer.sent


async def test_nothing_is_ordered_while_sfr_does_not_say_what_it_has(sfr: Sfr) -> None:
    sfr.wire.will("*", 500, b"{}")

    answer = await sfr.gateway.ask_access(asked())

    assert isinstance(answer, Unanswered)
    assert not answer.sent
    assert [heard.path for heard in sfr.wire.heard[1:]] == [BY_KEY]
    assert await sfr.gateway.look_up_access(KEY) is None


async def test_a_refusal_is_in_sfrs_own_code(sfr: Sfr) -> None:
    sfr.wire.will(BY_KEY, 404, UNKNOWN)
    sfr.wire.will("/acces/commandes", 422, b'{"codeRejet": "DEVIS_NON_ACCEPTE"}')

    answer = await sfr.gateway.ask_access(asked(Step.RESERVE_ACCESS))

    assert answer == Refused(code="DEVIS_NON_ACCEPTE")


async def test_what_became_of_an_order_is_found_as_it_would_have_been_told(sfr: Sfr) -> None:
    known = {"commandeId": "C-1", "cleUnique": KEY, "statut": "TERMINEE", "evenement": SATURATED}
    sfr.wire.will(BY_KEY, 200, json.dumps(known).encode())

    found = await sfr.gateway.look_up_access(KEY)

    assert found is not None
    assert isinstance(read_change(found), SaturatedTold)
    assert await sfr.gateway.ask_access(asked()) == Took(reference="C-1")


async def test_where_a_site_is_goes_into_bodies_alone(sfr: Sfr) -> None:
    sfr.wire.will(BY_KEY, 404, UNKNOWN)
    sfr.wire.will("*", 500, b"{}")
    requests = [
        asked(step, locator=locator, name=name)
        for step in ACCESS_STEPS
        for locator, name in ((Locator.SOCKET, SOCKET), (Locator.LINE, NDI))
    ]

    with capture_logs() as logs:
        answers = [await sfr.gateway.ask_access(request) for request in requests]

    addresses = [heard.path + heard.query + str(heard.headers) for heard in sfr.wire.heard]
    shown = repr((addresses, requests, answers, logs, sfr.gateway))
    assert not any(secret in shown for secret in SECRETS)
    assert any(NDI.encode() in heard.body for heard in sfr.wire.heard)


async def test_a_change_about_an_access_is_kept_under_its_id_and_our_line(sfr: Sfr) -> None:
    items = [
        {"marque": f"m-{number}", "evenement": one}
        for number, one in enumerate((CHECKED, WITHDRAWN))
    ]
    sfr.wire.will("/changes", 200, json.dumps({"changements": items}).encode())

    page = await sfr.feed.after("")

    assert [delivery.correlation for delivery in page.deliveries] == [LINE, LINE]
    told = [read_change(delivery.body) for delivery in page.deliveries]
    assert [type(one) for one in told] == [EligibilityTold, SupplyWithdrawnTold]


# what has come


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (
            CHECKED,
            EligibilityTold(
                key=KEY,
                operator=HostNetwork.SFR,
                offers=(
                    Offer(
                        operator=HostNetwork.SFR,
                        technology=Technology.FTTH,
                        down_kbps=1_000_000,
                        up_kbps=700_000,
                        lead_days=15,
                    ),
                    Offer(
                        operator=HostNetwork.SFR,
                        technology=Technology.BUNDLED_PAIRS,
                        down_kbps=22_800,
                        up_kbps=22_800,
                        lead_days=30,
                        study=True,
                        pairs=4,
                    ),
                ),
                barriers=(
                    Barrier(technology=Technology.VDSL, reason=Reason.TOO_LONG, code="2101"),
                    Barrier(technology=Technology.ADSL, reason=Reason.OTHER, code="9999"),
                ),
                uses=(Use.BROADBAND, Use.ALARM),
                checked_at=AT,
            ),
        ),
        (
            STUDIED,
            StudyTold(
                key=KEY,
                result=StudyResult(
                    verdict=Verdict.POSITIVE,
                    code="4001",
                    technology=Technology.DEDICATED_FIBRE,
                    lead_days=40,
                    fee_change=Decimal("-50.00"),
                    quote=Quote(kind=QuoteKind.WORKS, reference="DV-1", lines=LINES),
                ),
                studied_at=AT,
            ),
        ),
        (
            change("ETUDE_RENDUE", avis=2),
            StudyTold(key=KEY, result=StudyResult(verdict=Verdict.NEGATIVE), studied_at=AT),
        ),
        (
            change("ETUDE_RENDUE", avis=3),
            StudyTold(key=KEY, result=StudyResult(verdict=Verdict.REDEFINE), studied_at=AT),
        ),
        (RESERVED, ReservedTold(key=KEY, reference="LSS-1", reserved_at=AT)),
        (
            SATURATED,
            SaturatedTold(
                key=KEY,
                event_at=datetime(2027, 1, 8, 22, 0, tzinfo=UTC),
                at_customer=True,
                at_first_visit=False,
                quote=Quote(kind=QuoteKind.DESATURATION, reference="DV-1", lines=LINES),
            ),
        ),
        (
            change("RESEAU_SATURE", fait_generateur_le=1799449200000, lieu=1, premiereVisite="O"),
            SaturatedTold(key=KEY, event_at=AT, at_customer=False, at_first_visit=True, quote=None),
        ),
        (DONE, DesaturatedTold(key=KEY, done_at=AT)),
        (GIVEN_BACK, AccessReleasedTold(key=KEY, released_at=AT)),
        (WITHDRAWN, SupplyWithdrawnTold(code="2105", told_at=AT)),
        (OVERWRITTEN, OverwrittenTold(code="5002", told_at=AT)),
        (PUT_BACK, PutBackTold(key=KEY, put_back_at=AT)),
    ],
)
def test_every_change_about_an_access_is_told_in_our_words(event: Json, told: object) -> None:
    assert read_change(json.dumps(event)) == told


@pytest.mark.parametrize(
    ("nature", "step"),
    [
        ("ELIGIBILITE", Step.CHECK_ELIGIBILITY),
        ("ETUDE", Step.STUDY_SITE),
        ("RESERVATION_ACCES", Step.RESERVE_ACCESS),
        ("DESATURATION", Step.DESATURATE),
        ("RESTITUTION_ACCES", Step.RELEASE_ACCESS),
        ("REMISE_EN_ETAT", Step.PUT_BACK),
    ],
)
def test_what_was_taken_and_refused_later_is_told_by_its_step(nature: str, step: Step) -> None:
    told = read_change(json.dumps(change("COMMANDE_REJETEE", nature=nature, codeRejet="2003")))

    assert told == StepRefusedTold(step=step, key=KEY, code="2003", refused_at=AT)


@pytest.mark.parametrize(("code", "reason"), REASONS.items())
def test_every_code_of_theirs_has_a_reason_of_ours(code: str, reason: Reason) -> None:
    refusal = {"techno": 20, "codeMotif": code}
    told = read_change(json.dumps(change("ELIGIBILITE_RENDUE", offres=[], refus=[refusal])))

    assert isinstance(told, EligibilityTold)
    assert told.barriers == (Barrier(technology=Technology.ADSL, reason=reason, code=code),)


def test_every_reason_of_ours_can_be_told_by_a_code() -> None:
    assert set(REASONS.values()) == set(Reason) - {Reason.OTHER, Reason.REFUSED}


# what cannot be read

EVENTS = (CHECKED, STUDIED, RESERVED, SATURATED, WITHDRAWN, OVERWRITTEN, DONE, GIVEN_BACK, PUT_BACK)
NOT_READ = {("commandeId",), ("refClient",)}
"""They are of those that keep the change."""
OF_STUDY = {("codeMotif",), ("techno",), ("delaiJoursOuvres",), ("ecartFraisAccesCentimes",)}
"""What a study need not change."""


def _places() -> list[tuple[Json, Where]]:
    return [(event, where) for event in EVENTS for where in leaves(event) if where not in NOT_READ]


@pytest.mark.parametrize(
    "value",
    [{"odd": 1}, 1.5, True, "", "x\ny", -(10**30), "9" * 5000],
    ids=["object", "fraction", "truth", "nothing", "two lines", "too little", "too much"],
)
def test_a_value_of_another_kind_makes_a_change_unreadable(value: object) -> None:
    spoilt = [(where, replaced(event, where, value)) for event, where in _places()]

    assert [where for where, event in spoilt if not _is_unreadable(event)] == []
    assert len(spoilt) > 60


def test_a_change_without_what_it_must_say_is_unreadable() -> None:
    spoilt = [
        (where, without(event, where))
        for event, where in _places()
        if isinstance(where[-1], str)
        and where[-1] != "nbPaires"
        and not (event is STUDIED and where in OF_STUDY)
    ]

    assert [where for where, event in spoilt if not _is_unreadable(event)] == []
    assert len(spoilt) > 50


def _is_unreadable(event: Json) -> bool:
    return isinstance(read_change(json.dumps(event)), Unreadable)


@pytest.mark.parametrize(
    ("event", "where", "value"),
    [
        (CHECKED, ("offres", 0, "techno"), 50),
        (CHECKED, ("offres", 0, "techno"), "10"),
        (CHECKED, ("offres", 0, "techno"), 10.0),
        (CHECKED, ("refus", 0, "techno"), 50),
        (CHECKED, ("servicesPresents", 0), 9),
        (CHECKED, ("offres", 0, "debitDescendantKbps"), 0),
        (CHECKED, ("offres", 0, "delaiJoursOuvres"), 40_000),
        (CHECKED, ("offres", 1, "nbPaires"), 0),
        (CHECKED, ("offres",), [OFFER] * 51),
        (CHECKED, ("offres",), OFFER),
        (STUDIED, ("avis",), 4),
        (STUDIED, ("techno",), 50),
        (STUDIED, ("devis", "objet"), 3),
        (STUDIED, ("devis", "postes"), []),
        (STUDIED, ("devis", "postes", 0, "montantCentimes"), -1),
        (SATURATED, ("fait_generateur_le",), 0),
        (SATURATED, ("lieu",), 3),
        (SATURATED, ("premiereVisite",), "peut-être"),
        (RESERVED, ("survenu_le",), 32503680000000),
        (RESERVED, ("survenu_le",), "2027-01-10T00:00:00Z"),
        (RESERVED, ("accesId",), "with space"),
        (DONE, ("type",), "DESATURATION_PRESQUE_FAITE"),
    ],
)
def test_what_is_not_in_the_dialect_is_not_guessed_at(
    event: Json, where: Where, value: object
) -> None:
    assert isinstance(read_change(json.dumps(replaced(event, where, value))), Unreadable)
